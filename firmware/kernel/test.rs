//! The exit convention of self-tests: `check` prints `PASS name` or `FAIL name`; the last line of the program is
//! `TEST PASS` or `TEST FAIL n` (n failures), after which both cores wait for ever (WAITI 15).

use crate::drivers::uart;
use crate::{fault, println};
use core::sync::atomic::{AtomicU32, Ordering};

static FAILURES: AtomicU32 = AtomicU32::new(0);

/// Prints `PASS name` or `FAIL name` and counts the failures for `finish`.
pub fn check(name: &str, passed: bool) {
    if passed {
        println!("PASS {name}");
    } else {
        FAILURES.fetch_add(1, Ordering::Relaxed);
        println!("FAIL {name}");
    }
}

/// Ends the program with its verdict.
pub fn finish() -> ! {
    match FAILURES.load(Ordering::Relaxed) {
        0 => println!("TEST PASS"),
        failures => println!("TEST FAIL {failures}"),
    }
    uart::flush();
    fault::halt_all()
}
