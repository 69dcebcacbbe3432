//! Line editing: backspace, Ctrl-U (all), Ctrl-C (another line), up and down (the line before, an empty one). Other
//! keys that send escape sequences do nothing.

use kernel::drivers::uart;

const LENGTH: usize = 80;
const CTRL_C: u8 = 0x03;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;

pub struct Editor {
    text: [u8; LENGTH],
    length: usize,
    /// The last line that was not empty.
    last: [u8; LENGTH],
    last_length: usize,
}

impl Editor {
    pub const fn new() -> Self {
        Editor { text: [0; LENGTH], length: 0, last: [0; LENGTH], last_length: 0 }
    }

    /// The next line, when it is complete.
    pub fn read(&mut self) -> &str {
        self.length = 0;
        loop {
            match uart::getc() {
                b'\r' | b'\n' => break,
                BACKSPACE | DELETE => self.erase(1),
                CTRL_U => self.erase(self.length),
                CTRL_C => {
                    uart::uart_puts("^C");
                    self.length = 0;
                    break;
                }
                ESCAPE => self.escape(),
                byte @ b' '..=b'~' => self.insert(byte),
                _ => {}
            }
        }
        uart::uart_puts("\n");
        if self.length > 0 {
            self.last = self.text;
            self.last_length = self.length;
        }
        core::str::from_utf8(&self.text[..self.length]).unwrap_or("")
    }

    fn insert(&mut self, byte: u8) {
        if self.length < LENGTH {
            self.text[self.length] = byte;
            self.length += 1;
            uart::uart_putc(byte);
        }
    }

    fn erase(&mut self, count: usize) {
        for _ in 0..count.min(self.length) {
            self.length -= 1;
            uart::uart_puts("\x08 \x08");
        }
    }

    /// ESC [ parameters letter (ECMA-48); A and B are up and down.
    fn escape(&mut self) {
        if uart::getc() != b'[' {
            return;
        }
        let mut byte = uart::getc();
        while byte.is_ascii_digit() || byte == b';' {
            byte = uart::getc();
        }
        if matches!(byte, b'A' | b'B') {
            self.erase(self.length);
        }
        if byte == b'A' {
            for at in 0..self.last_length {
                self.insert(self.last[at]);
            }
        }
    }
}
