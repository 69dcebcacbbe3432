//! A line of the log. No hardware: firmware/units tests it.

use core::fmt::{self, Write};

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Error = 1,
    Warn = 2,
    Info = 3,
    Debug = 4,
}

/// `[    1.234567] I 0: text`, or without the time.
pub struct Record<'a> {
    pub at_us: Option<u64>,
    pub level: Level,
    pub core: usize,
    pub text: fmt::Arguments<'a>,
}

impl fmt::Display for Record<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        if let Some(us) = self.at_us {
            let (seconds, rest) = ((us / 1_000_000) as u32, (us % 1_000_000) as u32);
            write!(out, "[{seconds:5}.{rest:06}] ")?;
        }
        let letter = [' ', 'E', 'W', 'I', 'D'][self.level as usize];
        write!(out, "{letter} {}: {}", self.core, self.text)
    }
}

const LENGTH: usize = 120;

/// Text that is cut to its length.
pub struct Line {
    bytes: [u8; LENGTH],
    length: usize,
}

impl Line {
    pub const fn new() -> Self {
        Line { bytes: [0; LENGTH], length: 0 }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes().take(LENGTH - self.length) {
            self.bytes[self.length] = byte;
            self.length += 1;
        }
        Ok(())
    }
}
