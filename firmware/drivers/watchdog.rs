//! The watchdogs: MWDT0 of TIMG0 and RWDT. The kernel turns all off at start (the bootloader has done so before);
//! `start` arms MWDT0 to reset the chip, and whoever arms it feeds it.

use crate::arch::write;
use crate::layout::*;

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

/// TIMG0_WDTFEED.
pub fn feed() {
    write(TIMG0_WDTWPROTECT, WDT_UNLOCK_KEY as u32);
    write(TIMG0_WDTFEED, 1);
    write(TIMG0_WDTWPROTECT, 0);
}
