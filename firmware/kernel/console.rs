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
