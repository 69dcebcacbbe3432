//! Line editing: backspace, Ctrl-U (all), Ctrl-C (another line), up and down (the line before, an empty one). Other
//! keys that send escape sequences do nothing; a full line rings the bell. No hardware: firmware/units tests it.

/// Where the keys come from and the echo goes.
pub trait Terminal {
    fn getc(&mut self) -> u8;
    fn puts(&mut self, text: &str);
}

const LENGTH: usize = 80;
const CTRL_C: u8 = 0x03;
const BACKSPACE: u8 = 0x08;
const CTRL_U: u8 = 0x15;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;
const BELL: &str = "\x07";

pub struct Editor<T: Terminal> {
    terminal: T,
    text: [u8; LENGTH],
    length: usize,
    /// The last line that was not empty.
    last: [u8; LENGTH],
    last_length: usize,
}

impl<T: Terminal> Editor<T> {
    pub const fn new(terminal: T) -> Self {
        Editor { terminal, text: [0; LENGTH], length: 0, last: [0; LENGTH], last_length: 0 }
    }

    /// The next line, when it is complete.
    pub fn read(&mut self) -> &str {
        self.length = 0;
        loop {
            let mut key = self.terminal.getc();
            while key == ESCAPE {
                key = self.escape();
            }
            match key {
                b'\r' | b'\n' => break,
                BACKSPACE | DELETE => self.erase(1),
                CTRL_U => self.erase(self.length),
                CTRL_C => {
                    self.terminal.puts("^C");
                    self.length = 0;
                    break;
                }
                byte @ b' '..=b'~' => self.insert(byte),
                _ => {}
            }
        }
        self.terminal.puts("\n");
        if self.length > 0 {
            self.last = self.text;
            self.last_length = self.length;
        }
        core::str::from_utf8(&self.text[..self.length]).unwrap_or("")
    }

    fn insert(&mut self, byte: u8) {
        if self.length == LENGTH {
            self.terminal.puts(BELL);
            return;
        }
        self.text[self.length] = byte;
        self.length += 1;
        self.terminal.puts(core::str::from_utf8(&[byte]).unwrap_or(""));
    }

    fn erase(&mut self, count: usize) {
        for _ in 0..count.min(self.length) {
            self.length -= 1;
            self.terminal.puts("\x08 \x08");
        }
    }

    /// ESC [ parameters letter, where A and B are up and down, or ESC O letter (ECMA-48). The key behind it, which
    /// after any other ESC is the next one.
    fn escape(&mut self) -> u8 {
        match self.terminal.getc() {
            b'[' => {}
            b'O' => {
                self.terminal.getc();
                return self.terminal.getc();
            }
            key => return key,
        }
        let mut byte = self.terminal.getc();
        while byte.is_ascii_digit() || byte == b';' {
            byte = self.terminal.getc();
        }
        if matches!(byte, b'A' | b'B') {
            self.erase(self.length);
        }
        if byte == b'A' {
            for at in 0..self.last_length {
                self.insert(self.last[at]);
            }
        }
        self.terminal.getc()
    }
}
