//! How a line becomes the call of a command. No hardware: firmware/units tests it.

use core::fmt;

pub type Words<'a> = core::str::SplitAsciiWhitespace<'a>;
pub type Print = fn(fmt::Arguments);

pub struct Command {
    pub name: &'static str,
    pub arguments: &'static str,
    /// Most words that `run` takes.
    pub most: usize,
    pub help: &'static str,
    /// False when the arguments make no sense.
    pub run: fn(&mut Words) -> bool,
}

/// Runs one line: the command of its first word, with the words behind it.
pub fn run(commands: &[Command], line: &str, print: Print) {
    let mut words = line.split_ascii_whitespace();
    let Some(name) = words.next() else { return };
    match commands.iter().find(|command| command.name == name) {
        None => print(format_args!("{name}: no such command; help lists them\n")),
        Some(command) if words.clone().count() > command.most || !(command.run)(&mut words) => {
            let space = if command.arguments.is_empty() { "" } else { " " };
            print(format_args!("usage: {}{space}{}\n", command.name, command.arguments));
        }
        Some(_) => {}
    }
}

pub fn list(commands: &[Command], print: Print) {
    for Command { name, arguments, help, .. } in commands {
        print(format_args!("  {name:<7}{arguments:<23}{help}\n"));
    }
}

pub fn number(word: Option<&str>) -> Option<usize> {
    word?.parse().ok()
}
