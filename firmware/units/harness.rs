//! Runs one case by its name (the program's argument) or lists the names. A case fails by a panic, whose message has
//! file and line; each case is a process of its own, so others go on.

use core::ffi::{CStr, c_char};
use core::fmt::{self, Write};

unsafe extern "C" {
    fn host_write(fd: u32, data: *const u8, length: u32);
    fn host_exit(code: u32) -> !;
}

/// Of all random data; each case begins with it.
pub const SEED: u32 = 0x1ee7_c0de;
const FAILED: u32 = 101;
const NO_SUCH_CASE: u32 = 2;

pub struct Case {
    pub name: &'static str,
    pub run: fn(),
}

struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        unsafe { host_write(1, text.as_ptr(), text.len() as u32) };
        Ok(())
    }
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Console, "{info}\nseed {SEED:#x}");
    unsafe { host_exit(FAILED) }
}

/// `stack`: argc and argv, as Linux leaves them.
///
/// # Safety
/// `stack` must point to them.
pub unsafe fn run(cases: &[Case], stack: *const usize) -> u32 {
    if unsafe { *stack } < 2 {
        cases.iter().for_each(|case| drop(writeln!(Console, "{}", case.name)));
        return 0;
    }
    let name = unsafe { CStr::from_ptr(*stack.add(2) as *const c_char) }.to_str().unwrap_or("");
    let Some(case) = cases.iter().find(|case| case.name == name) else {
        let _ = writeln!(Console, "{name}: no such case");
        return NO_SUCH_CASE;
    };
    (case.run)();
    let _ = writeln!(Console, "ok, seed {SEED:#x}");
    0
}

/// Xorshift32.
pub struct Random(u32);

impl Random {
    pub fn new() -> Self {
        Random(SEED)
    }

    pub fn next(&mut self) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 17;
        self.0 ^= self.0 << 5;
        self.0
    }

    /// 0 to `bound` - 1.
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.next() as u64 * bound as u64) >> 32) as usize
    }

    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Text written to it, in a buffer.
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub const fn new() -> Self {
        Text { bytes: [0; N], length: 0 }
    }

    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.bytes[..self.length]).expect("UTF-8")
    }
}

impl<const N: usize> Write for Text<N> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

/// `value` as text in a buffer.
pub fn text_of(value: impl fmt::Display) -> Text<512> {
    let mut text = Text::new();
    write!(text, "{value}").expect("512 bytes");
    text
}
