//! `log!(level, ...)`: a line with level, core and text on UART0. Compile-time choices (cfg):
//! `log_off` compiles every call out; `log_time` puts a timestamp in seconds before it; `log_ring` keeps the lines in
//! a ring buffer of 2 KiB as well, which `dump` prints; `log_ring_only` keeps them there only.

use crate::ring::Ring;
use crate::spin::SpinLock;
use core::cell::UnsafeCell;
use core::fmt::{self, Write};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error = 1,
    Warn = 2,
    Info = 3,
    Debug = 4,
}

/// Calls above this level are compiled out.
pub const MAX_LEVEL: u8 = if cfg!(feature = "log_off") { 0 } else { 4 };
const RING_BYTES: usize = 2048;

struct Store(UnsafeCell<Ring<RING_BYTES>>);
unsafe impl Sync for Store {}
static STORE: Store = Store(UnsafeCell::new(Ring::new()));
static LOCK: SpinLock = SpinLock::new();

/// One line, cut to its length: it goes into the ring as a whole, whatever the other core logs meanwhile.
struct Line {
    bytes: [u8; 120],
    length: usize,
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes().take(self.bytes.len() - self.length) {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
        Ok(())
    }
}

impl Line {
    fn store(&self) {
        let ps = LOCK.lock();
        for &byte in self.bytes[..self.length].iter().chain(b"\r\n") {
            unsafe { (*STORE.0.get()).push_over(byte) };
        }
        LOCK.unlock(ps);
    }
}

pub fn write(level: Level, arguments: fmt::Arguments) {
    let letter = [' ', 'E', 'W', 'I', 'D'][level as usize];
    let core = crate::arch::core_id();
    if cfg!(feature = "log_time") {
        let now = crate::time::now_us();
        let (seconds, rest) = ((now / 1_000_000) as u32, (now % 1_000_000) as u32);
        line(format_args!("[{seconds:5}.{rest:06}] {letter} {core}: {arguments}"));
    } else {
        line(format_args!("{letter} {core}: {arguments}"));
    }
}

fn line(text: fmt::Arguments) {
    if cfg!(any(feature = "log_ring", feature = "log_ring_only")) {
        let mut line = Line { bytes: [0; 120], length: 0 };
        let _ = line.write_fmt(text);
        line.store();
    }
    if !cfg!(feature = "log_ring_only") {
        crate::println!("{text}");
    }
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
