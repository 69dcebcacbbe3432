//! Time: TIMER0 of TIMG0 counts microseconds from start and gives the tick of 1 ms on PRO_CPU.
//! cfg `tick_ccompare`: the tick is CCOMPARE0 (CPU interrupt 6) of PRO_CPU instead, the timestamp stays.

use crate::arch;
use crate::drivers::timg;
use crate::interrupt;
use crate::layout::*;
use crate::sched;
use crate::state;

pub const TICK_US: u64 = 1000;
pub const CPU_HZ: u32 = 240_000_000;

/// Microseconds since the kernel started. Takes about 60 cycles (APB).
pub fn now_us() -> u64 {
    timg::now()
}

/// Waits without giving up the core; for short times in drivers.
pub fn delay_us(us: u32) {
    let from = arch::ccount();
    let cycles = us.wrapping_mul(CPU_HZ / 1_000_000);
    while arch::ccount().wrapping_sub(from) < cycles {}
}

/// A moment `ms` from now, for the `_until` functions.
pub fn after_ms(ms: u32) -> u64 {
    now_us() + ms as u64 * 1000
}

fn on_tick(_: usize) {
    let now = now_us();
    if cfg!(feature = "tick_ccompare") {
        unsafe { arch::arch_ccompare0(arch::ccount().wrapping_add(CPU_HZ / 1000)) };
    } else {
        timg::next_alarm(now, TICK_US);
    }
    let mut kernel = state::lock();
    sched::wake_sleepers(&mut kernel, now);
    sched::tick(&mut kernel);
}

/// On PRO_CPU, once.
pub(crate) fn init() {
    timg::init();
    if cfg!(feature = "tick_ccompare") {
        interrupt::register(6, on_tick, 0);
        unsafe { arch::arch_ccompare0(arch::ccount().wrapping_add(CPU_HZ / 1000)) };
        return;
    }
    interrupt::attach(ETS_TG0_T0_LEVEL_INTR_SOURCE, on_tick, 0).unwrap();
    timg::next_alarm(now_us(), TICK_US);
}
