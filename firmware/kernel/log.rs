//! `log!(level, ...)`: a line with level, core and text on UART0. Compile-time choices (cfg):
//! `log_off` compiles every call out; `log_time` puts a timestamp in seconds before it; `log_ring` keeps the lines in
//! a ring buffer of 2 KiB as well, which `dump` prints; `log_ring_only` keeps them there only.

pub use crate::record::Level;
use crate::record::{Line, Record};
use crate::ring::Ring;
use crate::spin::SpinLock;
use core::cell::UnsafeCell;
use core::fmt::{self, Write};

/// Calls above this level are compiled out.
pub const MAX_LEVEL: u8 = if cfg!(feature = "log_off") { 0 } else { 4 };
const RING_BYTES: usize = 2048;

struct Store(UnsafeCell<Ring<RING_BYTES>>);
unsafe impl Sync for Store {}
static STORE: Store = Store(UnsafeCell::new(Ring::new()));
static LOCK: SpinLock = SpinLock::new();

/// What `log!` calls for a level that is compiled in: a line to UART0 (FIFO), the ring buffer, or both.
pub fn write(level: Level, arguments: fmt::Arguments) {
    let core = crate::arch::core_id();
    let at_us = cfg!(feature = "log_time").then(crate::time::now_us);
    let record = Record { at_us, level, core, text: arguments };
    if cfg!(any(feature = "log_ring", feature = "log_ring_only")) {
        let mut line = Line::new();
        let _ = write!(line, "{record}");
        store(line.bytes());
    }
    if !cfg!(feature = "log_ring_only") {
        crate::println!("{record}");
    }
}

/// The line as a whole, whatever the other core logs meanwhile.
fn store(line: &[u8]) {
    let ps = LOCK.lock();
    for &byte in line.iter().chain(b"\r\n") {
        unsafe { (*STORE.0.get()).push_over(byte) };
    }
    LOCK.unlock(ps);
}

/// Prints and empties the ring buffer.
pub fn dump() {
    loop {
        let ps = LOCK.lock();
        let byte = unsafe { (*STORE.0.get()).pop() };
        LOCK.unlock(ps);
        let Some(byte) = byte else { return };
        crate::drivers::uart::uart_putc(byte);
    }
}

#[macro_export]
macro_rules! log {
    ($level:expr, $($part:tt)*) => {
        if ($level as u8) <= $crate::log::MAX_LEVEL {
            $crate::log::write($level, core::format_args!($($part)*))
        }
    };
}
