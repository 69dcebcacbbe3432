//! What every Rust test ROM shares: a console over SIMCALL and the panic handler.

pub use core::fmt::{self, Write};

unsafe extern "C" {
    fn host_write(fd: i32, data: *const u8, length: u32) -> i32;
    fn host_exit(code: i32) -> !;
}

/// Line-buffered standard output.
pub struct Console {
    buffer: [u8; 256],
    length: usize,
}

impl Console {
    pub const fn new() -> Self {
        Console { buffer: [0; 256], length: 0 }
    }

    pub fn flush(&mut self) {
        unsafe { host_write(1, self.buffer.as_ptr(), self.length as u32) };
        self.length = 0;
    }
}

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for &byte in text.as_bytes() {
            self.buffer[self.length] = byte;
            self.length += 1;
            if byte == b'\n' || self.length == self.buffer.len() {
                self.flush();
            }
        }
        Ok(())
    }
}

/// Prints the panic message and exits with 101, as a hosted Rust program does.
#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    let mut console = Console::new();
    let _ = writeln!(console, "{info}");
    unsafe { host_exit(101) }
}

/// Xorshift32: the test data of every program.
pub struct Random(pub u32);

impl Random {
    #[allow(dead_code)]
    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }
}
