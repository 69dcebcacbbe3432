//! Time: TIMER0 of TIMG0 counts microseconds from start and gives the tick of 1 ms on PRO_CPU.
//! cfg `tick_ccompare`: the tick is CCOMPARE0 (CPU interrupt 6) of PRO_CPU instead, the timestamp stays.

use crate::arch;
use crate::drivers::timg;
use crate::interrupt;
use crate::layout::*;
use crate::sched;
use crate::state;
use core::sync::atomic::{AtomicU32, Ordering};

pub const TICK_US: u64 = 1000;
pub const CPU_HZ: u32 = 240_000_000;
const TICK_CYCLES: u32 = CPU_HZ / 1000;

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

/// CCOUNT of the next tick. Used on PRO_CPU only.
static NEXT_TICK: AtomicU32 = AtomicU32::new(0);
/// More than setting CCOMPARE0 takes: a moment that has passed would come after 17.9 s.
const NEAR_CYCLES: u32 = 1000;

/// CCOMPARE0 one period after the last tick's time, not after its service; ticks that have passed are left out.
fn next_ccompare() {
    let ps = arch::mask();
    let last = NEXT_TICK.load(Ordering::Relaxed);
    let late = arch::ccount().wrapping_sub(last).wrapping_add(NEAR_CYCLES);
    let next = last.wrapping_add((late / TICK_CYCLES + 1).wrapping_mul(TICK_CYCLES));
    NEXT_TICK.store(next, Ordering::Relaxed);
    unsafe { arch::arch_ccompare0(next) };
    arch::unmask(ps);
}

fn on_tick(_: usize) {
    let now = now_us();
    if cfg!(feature = "tick_ccompare") {
        next_ccompare();
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
        NEXT_TICK.store(arch::ccount(), Ordering::Relaxed);
        next_ccompare();
        interrupt::register(6, on_tick, 0);
        return;
    }
    interrupt::attach(ETS_TG0_T0_LEVEL_INTR_SOURCE, on_tick, 0).unwrap();
    timg::next_alarm(now_us(), TICK_US);
}
