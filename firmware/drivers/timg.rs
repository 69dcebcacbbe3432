//! TIMER0 of TIMG0 as a counter of microseconds with an alarm: APB 80 MHz / 80.

use crate::arch::{read, write};
use crate::layout::*;
use crate::spin::SpinLock;

const EN: u32 = 1 << 31;
const INCREASE: u32 = 1 << 30;
const DIVIDER_80: u32 = 80 << 13;
const LEVEL_INT_EN: u32 = 1 << 11;
const ALARM_EN: u32 = 1 << 10;

/// UPDATE latches the count for both cores.
static LATCH: SpinLock = SpinLock::new();

/// Starts at 0. T0CONFIG, T0LOADLO, T0LOADHI, T0LOAD, INT_CLR, INT_ENA.
pub fn init() {
    write(TIMG0_T0CONFIG, 0);
    write(TIMG0_T0LOADLO, 0);
    write(TIMG0_T0LOADHI, 0);
    write(TIMG0_T0LOAD, 1);
    write(TIMG0_INT_CLR, 1);
    write(TIMG0_INT_ENA, 1);
    write(TIMG0_T0CONFIG, EN | INCREASE | DIVIDER_80 | LEVEL_INT_EN);
}

/// The count. T0UPDATE, T0LO, T0HI.
pub fn now() -> u64 {
    let ps = LATCH.lock();
    write(TIMG0_T0UPDATE, 1);
    let low = read(TIMG0_T0LO);
    let high = read(TIMG0_T0HI);
    LATCH.unlock(ps);
    (high as u64) << 32 | low as u64
}

/// Clears the alarm's interrupt and sets it to the next multiple of `period` after `now`. INT_CLR, T0ALARMLO,
/// T0ALARMHI, T0CONFIG.
pub fn next_alarm(now: u64, period: u64) {
    let at = now - now % period + period;
    write(TIMG0_INT_CLR, 1);
    write(TIMG0_T0ALARMLO, at as u32);
    write(TIMG0_T0ALARMHI, (at >> 32) as u32);
    write(TIMG0_T0CONFIG, EN | INCREASE | DIVIDER_80 | LEVEL_INT_EN | ALARM_EN);
}
