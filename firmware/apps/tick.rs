//! Tick test: GPIO18 changes at every tick, so that an instrument sees 500 Hz; ticks, time-outs and software timers keep
//! the timer's time, also after interrupts were masked for many ticks.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::drivers::gpio::{self, Mode};
use kernel::{arch, println, task, test, time, timer};

const PIN: usize = 18;
const TICKS: u32 = 300;

/// Waits for a moment that has passed end at the next tick.
fn next_tick() {
    task::sleep_until(0);
}

/// Ticks in the time that `wait` takes, counted from tick to tick.
fn ticks_take(ticks: u32) -> u64 {
    next_tick();
    let from = time::now_us();
    let mut high = false;
    for _ in 0..ticks {
        next_tick();
        high = !high;
        gpio::set_level(PIN, high);
    }
    time::now_us() - from
}

fn near(us: u64, expected: u64, by: u64) -> bool {
    us + by >= expected && us <= expected + by
}

static FIRED: AtomicU32 = AtomicU32::new(0);

fn fire(_: usize) {
    FIRED.fetch_add(1, SeqCst);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Tick test, {}", if cfg!(feature = "tick_ccompare") { "CCOMPARE0" } else { "TIMER0" });
    gpio::set_mode(PIN, Mode::Output).unwrap();
    let us = ticks_take(TICKS);
    println!("{TICKS} ticks in {us} us");
    // A few microseconds of a tick's service, not for each tick.
    test::check("ticks do not drift", near(us, TICKS as u64 * time::TICK_US, 10));
    let mut late = 0;
    for masked_us in [300, 1500, 4200, 9999] {
        let ps = arch::mask();
        time::delay_us(masked_us);
        arch::unmask(ps);
        // One tick comes at once, the next within one period.
        let from = time::now_us();
        next_tick();
        late += (time::now_us() - from > time::TICK_US + 20) as u32;
    }
    test::check("ticks go on after a long mask", late == 0);
    let us = ticks_take(20);
    println!("20 ticks in {us} us");
    test::check("and keep their rate", near(us, 20 * time::TICK_US, 10));
    timer::start(5, 5, fire, 0).unwrap();
    let from = time::now_us();
    task::sleep_ms(52);
    let slept = time::now_us() - from;
    println!("52 ms of sleep took {slept} us, timer fired {} times", FIRED.load(SeqCst));
    test::check("sleep and software timers", (52_000..53_100).contains(&slept) && (9..=10).contains(&FIRED.load(SeqCst)));
    test::finish();
}
