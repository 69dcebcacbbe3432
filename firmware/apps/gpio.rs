//! GPIO self-test: 1 kHz on GPIO18 and then 50 kHz on GPIO21 by timer interrupts of PRO_CPU, 50 kHz on GPIO19 by a
//! loop of APP_CPU, each for 100 ms; the edges of GPIO18 come back as GPIO interrupts. An oscilloscope shows the rest.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};
use kernel::drivers::gpio::{self, Edge, Mode};
use kernel::task::{self, Affinity};
use kernel::time::{self, CPU_HZ};
use kernel::{arch, println, test};

#[path = "../drivers/square_wave.rs"]
mod square_wave;

const SLOW_PIN: usize = 18;
const LOOP_PIN: usize = 19;
const FAST_PIN: usize = 21;
const SLOW_HZ: u32 = 1000;
const FAST_HZ: u32 = 50_000;
const LENGTH_US: u64 = 100_000;

static EDGES: AtomicU32 = AtomicU32::new(0);

/// Toggles `LOOP_PIN` at moments of CCOUNT, with interrupts masked; returns cycles that the last edge was late.
extern "C" fn tight_loop(hz: usize) {
    let half = CPU_HZ / hz as u32 / 2;
    let count = hz as u64 * 2 * LENGTH_US / 1_000_000;
    gpio::set_mode(LOOP_PIN, Mode::Output).unwrap();
    let ps = arch::mask();
    let mut next = arch::ccount();
    let mut late = 0;
    for edge in 0..count {
        next = next.wrapping_add(half);
        while (arch::ccount().wrapping_sub(next) as i32) < 0 {}
        gpio::set_level(LOOP_PIN, edge & 1 == 0);
        late = arch::ccount().wrapping_sub(next);
    }
    arch::unmask(ps);
    task::exit(late as usize);
}

/// Runs a wave by timer interrupts for `LENGTH_US`; how many edges it made, and should have made.
fn timer_wave(pin: usize, hz: u32) -> (u32, u32) {
    let from = time::now_us();
    assert!(square_wave::start(pin, hz));
    task::sleep_until(from + LENGTH_US);
    square_wave::stop();
    let us = time::now_us() - from;
    (square_wave::toggles(), (us * hz as u64 * 2 / 1_000_000) as u32)
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    let looping =
        task::spawn("loop", 5, Affinity::Core(1), 4096, tight_loop, FAST_HZ as usize).unwrap();
    gpio::on_edge(SLOW_PIN, Edge::Any, |_| {
        EDGES.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    let (edges, wanted) = timer_wave(SLOW_PIN, SLOW_HZ);
    println!("GPIO{SLOW_PIN}: {SLOW_HZ} Hz by interrupts, {edges} edges");
    test::check("1 kHz by timer interrupts", edges.abs_diff(wanted) <= 1 && edges >= 199);
    test::check("every edge came back as an interrupt", EDGES.load(Ordering::Relaxed) == edges);
    let late = task::join(looping).unwrap();
    println!("GPIO{LOOP_PIN}: {FAST_HZ} Hz by a loop, last edge {late} cycles late");
    test::check("50 kHz by a loop", late < 200);
    let (edges, wanted) = timer_wave(FAST_PIN, FAST_HZ);
    println!("GPIO{FAST_PIN}: {FAST_HZ} Hz by interrupts, {edges} edges");
    test::check("50 kHz by timer interrupts", edges.abs_diff(wanted) <= wanted / 1000);
    test::check("bad pins are refused", gpio::set_mode(34, Mode::Output).is_err());
    test::finish();
}
