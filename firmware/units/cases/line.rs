use crate::harness::Random;
use crate::line::{Editor, Terminal};
use core::cell::RefCell;

const LENGTH: usize = 80;

/// Keys to come, and the line of a terminal that shows the echo.
struct Screen<'a> {
    keys: &'a [u8],
    shown: [u8; 128],
    column: usize,
    /// Columns up to the last that is not blank when the line ended.
    width: usize,
}

impl<'a> Screen<'a> {
    fn new(keys: &'a [u8]) -> RefCell<Self> {
        RefCell::new(Screen { keys, shown: [b' '; 128], column: 0, width: 0 })
    }
}

impl Terminal for &RefCell<Screen<'_>> {
    fn getc(&mut self) -> u8 {
        let mut screen = self.borrow_mut();
        let (&key, rest) = screen.keys.split_first().expect("a key: the line has not ended");
        screen.keys = rest;
        key
    }

    fn puts(&mut self, text: &str) {
        let mut screen = self.borrow_mut();
        for byte in text.bytes() {
            let column = screen.column;
            match byte {
                0x08 => screen.column = column.checked_sub(1).expect("backspace beyond the line"),
                0x07 => {}
                b'\n' => {
                    screen.width = screen.shown.iter().rposition(|&shown| shown != b' ').map_or(0, |at| at + 1);
                    screen.column = 0;
                }
                _ => {
                    screen.shown[column] = byte;
                    screen.column += 1;
                }
            }
        }
    }
}

fn lines<const N: usize>(keys: &str, expected: [&str; N]) {
    let screen = Screen::new(keys.as_bytes());
    let mut editor = Editor::new(&screen);
    for line in expected {
        assert_eq!(editor.read(), line, "keys {keys:?}");
    }
    assert!(screen.borrow().keys.is_empty(), "keys {keys:?}");
}

pub fn keys_edit_the_line() {
    lines("mem\r", ["mem"]);
    lines("mem\n\n", ["mem", ""]);
    lines("mex\x7fm\rab\x08\x08\x08c\r", ["mem", "c"]);
    lines("nonsense\x15log\r", ["log"]);
    lines("half a li\x03log\r", ["", "log"]);
    // Up is the last line that was not empty, down an empty one; an interrupted line is not kept.
    lines("one\r\rtwo\x03\x1b[A\r", ["one", "", "", "one"]);
    lines("one\rx\x1b[Ay\r\x1b[A\x1b[B\r", ["one", "oney", ""]);
    // Other escape sequences, controls and bytes above ASCII do nothing.
    lines("a\x1b[C\x1b[1;5D\x1b[3~b\x1bOPc\t\0d\u{e9}e\r", ["abcde"]);
    // A lone ESC does not take the key behind it.
    lines("mem\x1b\r\x1buptime\r\x1b\x1b[A\r", ["mem", "uptime", "uptime"]);
    let long = [b'x'; 100];
    let mut keys = [b'\r'; 101];
    keys[..100].copy_from_slice(&long);
    let cut = core::str::from_utf8(&long[..LENGTH]).unwrap();
    lines(core::str::from_utf8(&keys).unwrap(), [cut]);
}

/// Random keys. The model edits an array; the echo, on a terminal, shows the line that is returned.
pub fn the_screen_shows_the_line() {
    let mut random = Random::new();
    for round in 0..300 {
        let mut keys = [0; 200];
        let mut model = [0; LENGTH];
        let mut length = 0;
        for key in &mut keys[..199] {
            *key = match random.below(100) {
                0..=1 => 0x15,
                2..=29 => [0x08, 0x7f][random.below(2)],
                30..=33 => random.below(8) as u8 + 0x10,
                _ => b'!' + random.below(94) as u8,
            };
            match *key {
                0x15 => length = 0,
                0x08 | 0x7f => length = length.max(1) - 1,
                b'!'..=b'~' if length < LENGTH => {
                    model[length] = *key;
                    length += 1;
                }
                _ => {}
            }
        }
        keys[199] = b'\r';
        let screen = Screen::new(&keys);
        let mut editor = Editor::new(&screen);
        assert_eq!(editor.read().as_bytes(), &model[..length], "round {round}");
        let screen = screen.borrow();
        assert_eq!(&screen.shown[..screen.width], &model[..length], "round {round}");
    }
}
