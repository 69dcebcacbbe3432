//! A square wave on a pad by the interrupts of TIMER1 of TIMG0 (APB 80 MHz / 2, automatic reload): exact on average,
//! each edge late by the interrupt's latency. Linked into the program that uses it.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use kernel::arch::{modify, write};
use kernel::drivers::gpio::{self, Mode};
use kernel::interrupt;
use kernel::layout::*;

const TIMER_HZ: u32 = 40_000_000;
/// EN, INCREASE, AUTORELOAD, DIVIDER 2, LEVEL_INT_EN, ALARM_EN.
const RUNNING: u32 = 7 << 29 | 2 << 13 | 1 << 11 | 1 << 10;
const T1_INT: u32 = 1 << 1;

static PIN: AtomicUsize = AtomicUsize::new(0);
static TOGGLES: AtomicU32 = AtomicU32::new(0);
static ATTACHED: AtomicBool = AtomicBool::new(false);

/// False for a pad that cannot be driven or when no interrupt is left. IO_MUX, GPIO matrix, T1CONFIG, T1ALARMLO,
/// T1ALARMHI, T1LOADLO, T1LOADHI, T1LOAD, INT_ENA, INT_CLR; interrupt matrix of the calling core (first call).
pub fn start(pin: usize, hz: u32) -> bool {
    stop();
    if gpio::set_mode(pin, Mode::Output).is_err() {
        return false;
    }
    if !ATTACHED.swap(true, Ordering::Relaxed)
        && interrupt::attach(ETS_TG0_T1_LEVEL_INTR_SOURCE, on_alarm, 0).is_err()
    {
        return false;
    }
    PIN.store(pin, Ordering::Relaxed);
    TOGGLES.store(0, Ordering::Relaxed);
    write(TIMG0_T1LOADLO, 0);
    write(TIMG0_T1LOADHI, 0);
    write(TIMG0_T1LOAD, 1);
    write(TIMG0_T1ALARMLO, TIMER_HZ / 2 / hz);
    write(TIMG0_T1ALARMHI, 0);
    write(TIMG0_INT_CLR, T1_INT);
    modify(TIMG0_INT_ENA, 0, T1_INT);
    write(TIMG0_T1CONFIG, RUNNING);
    true
}

/// Leaves the pad as it is. T1CONFIG, INT_ENA.
pub fn stop() {
    write(TIMG0_T1CONFIG, 0);
    modify(TIMG0_INT_ENA, T1_INT, 0);
}

/// Edges made since `start`. No register.
pub fn toggles() -> u32 {
    TOGGLES.load(Ordering::Relaxed)
}

fn on_alarm(_: usize) {
    let count = TOGGLES.fetch_add(1, Ordering::Relaxed);
    gpio::set_level(PIN.load(Ordering::Relaxed), count & 1 == 0);
    write(TIMG0_INT_CLR, T1_INT);
    write(TIMG0_T1CONFIG, RUNNING);
}
