//! Formatted output on UART0: `print!` and `println!`, from tasks and interrupt callbacks of both cores.
//! A call's text is not divided by other output.

use crate::drivers::uart;
use core::fmt;

struct Console;

impl fmt::Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        uart::uart_puts(text);
        Ok(())
    }
}

static LINE: crate::mutex::RawMutex = crate::mutex::RawMutex::new();

/// What `print!` calls: formatted text to UART0 (FIFO), `\n` as CR LF. From a task it may wait for another task's line and
/// for the transmitter (87 us a byte at 115200 baud); from a callback it does not wait for a line.
pub fn print(arguments: fmt::Arguments) {
    let in_task = crate::state::in_task();
    if in_task {
        LINE.lock();
    }
    let _ = fmt::Write::write_fmt(&mut Console, arguments);
    if in_task {
        LINE.unlock();
    }
}

#[macro_export]
macro_rules! print {
    ($($part:tt)*) => { $crate::console::print(core::format_args!($($part)*)) };
}

#[macro_export]
macro_rules! println {
    () => { $crate::console::print(core::format_args!("\n")) };
    ($($part:tt)+) => {
        $crate::console::print(core::format_args!("{}\n", core::format_args!($($part)+)))
    };
}
