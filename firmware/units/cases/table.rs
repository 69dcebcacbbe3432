use crate::harness::Text;
use crate::table::{self, Command, Words, number};
use core::cell::UnsafeCell;
use core::fmt::{self, Write};

struct Output(UnsafeCell<Text<512>>);
unsafe impl Sync for Output {}
static OUTPUT: Output = Output(UnsafeCell::new(Text::new()));

fn print(arguments: fmt::Arguments) {
    unsafe { (*OUTPUT.0.get()).write_fmt(arguments).expect("512 bytes") };
}

/// What was printed since the last time.
fn printed() -> Text<512> {
    unsafe { core::mem::replace(&mut *OUTPUT.0.get(), Text::new()) }
}

fn echo(words: &mut Words) -> bool {
    print(format_args!("echo"));
    words.for_each(|word| print(format_args!(" [{word}]")));
    true
}

/// One number.
fn double(words: &mut Words) -> bool {
    let Some(value) = number(words.next()) else { return false };
    print(format_args!("{}", 2 * value));
    true
}

const COMMANDS: [Command; 2] = [
    Command { name: "echo", arguments: "[word]...", most: 4, help: "the words", run: echo },
    Command { name: "double", arguments: "<number>", most: 1, help: "twice that", run: double },
];

pub fn lines_call_commands() {
    let check = |line: &str, expected: &str| {
        table::run(&COMMANDS, line, print);
        assert_eq!(printed().as_str(), expected, "line {line:?}");
    };
    check("", "");
    check(" \t ", "");
    check("echo", "echo");
    check("  echo  a\tbc   d ", "echo [a] [bc] [d]");
    check("double 21", "42");
    check("echo 1 2 3 4 5", "usage: echo [word]...\n");
    for wrong in ["double", "double 1 2", "double x", "double -1", "double 0x10", "double 4294967296"] {
        check(wrong, "usage: double <number>\n");
    }
    for unknown in ["ech", "echoo", "Echo", "doubl\u{e9} 1"] {
        table::run(&COMMANDS, unknown, print);
        let text = printed();
        let name = unknown.split(' ').next().unwrap();
        assert_eq!(text.as_str().strip_prefix(name), Some(": no such command; help lists them\n"));
    }
}

pub fn the_list_has_columns() {
    table::list(&COMMANDS, print);
    let expected = "  echo   [word]...              the words\n  double <number>               twice that\n";
    assert_eq!(printed().as_str(), expected);
}
