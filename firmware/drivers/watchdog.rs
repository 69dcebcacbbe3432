//! The watchdogs: MWDT0 of TIMG0 and RWDT. The kernel turns all off at start (the bootloader has done so before);
//! `start` arms MWDT0 to reset the chip, and whoever arms it feeds it.

use crate::arch::{read, write};
use crate::layout::*;
use crate::spin::SpinLock;

/// The key opens the registers for one core at a time.
static OPEN: SpinLock = SpinLock::new();

/// TIMG0_ and TIMG1_WDTCONFIG0, RTC_CNTL_WDTCONFIG0 (each unlocked and locked again).
pub fn disable_all() {
    let rows = [
        (TIMG0_WDTWPROTECT, TIMG0_WDTCONFIG0),
        (TIMG1_WDTWPROTECT, TIMG1_WDTCONFIG0),
        (RTC_CNTL_WDTWPROTECT, RTC_CNTL_WDTCONFIG0),
    ];
    for (protect, config) in rows {
        write(protect, WDT_UNLOCK_KEY as u32);
        write(config, 0);
        write(protect, 0);
    }
}

/// Resets the chip unless fed within `timeout_ms`. TIMG0_WDTCONFIG0..2, WDTFEED.
pub fn start(timeout_ms: u32) {
    write(TIMG0_WDTWPROTECT, WDT_UNLOCK_KEY as u32);
    // 80 MHz / 40000: half milliseconds.
    write(TIMG0_WDTCONFIG1, 40_000 << 16);
    write(TIMG0_WDTCONFIG2, timeout_ms * 2);
    write(TIMG0_WDTFEED, 1);
    // EN, stage 0 resets the system, level interrupt off, reset lengths 3.2 us.
    write(TIMG0_WDTCONFIG0, 1 << 31 | 3 << 29 | 7 << 18 | 7 << 15);
    write(TIMG0_WDTWPROTECT, 0);
}

/// TIMG0_WDTFEED, from tasks and interrupt callbacks of both cores.
pub fn feed() {
    set(TIMG0_WDTFEED, 1);
}

/// TIMG0_WDTCONFIG0.
pub fn stop() {
    set(TIMG0_WDTCONFIG0, 0);
}

fn set(register: usize, value: u32) {
    let ps = OPEN.lock();
    write(TIMG0_WDTWPROTECT, WDT_UNLOCK_KEY as u32);
    write(register, value);
    write(TIMG0_WDTWPROTECT, 0);
    OPEN.unlock(ps);
}

/// Why a core was reset last, as the ROM's banner has it: 1 power-on, 3 software, 7 this watchdog, ...
/// RTC_CNTL_RESET_STATE.
pub fn reset_cause(core: usize) -> u32 {
    read(RTC_CNTL_RESET_STATE) >> (6 * (core & 1)) & 0x3f
}
