//! The table of commands, and how a line becomes a call.

use crate::{crash, hardware, system};
use kernel::println;

pub type Words<'a> = core::str::SplitAsciiWhitespace<'a>;

struct Command {
    name: &'static str,
    arguments: &'static str,
    help: &'static str,
    /// False when the arguments make no sense.
    run: fn(&mut Words) -> bool,
}

const COMMANDS: [Command; 9] = [
    Command { name: "help", arguments: "", help: "this list", run: help },
    Command {
        name: "tasks",
        arguments: "",
        help: "tasks with core, priority, unused stack, share of a core",
        run: system::tasks,
    },
    Command { name: "mem", arguments: "", help: "the heap", run: system::memory },
    Command { name: "log", arguments: "", help: "lines logged since the last time", run: system::log },
    Command {
        name: "uptime",
        arguments: "",
        help: "time since start, context switches",
        run: system::uptime,
    },
    Command {
        name: "gpio",
        arguments: "<pin> in|out|0|1|read",
        help: "mode and level of a pin",
        run: hardware::gpio,
    },
    Command {
        name: "i2c",
        arguments: "scan [sda scl]",
        help: "addresses that answer on I2C0 (SDA 21, SCL 22)",
        run: hardware::i2c,
    },
    Command {
        name: "mbox",
        arguments: "[count]",
        help: "messages to APP_CPU and back, in cycles",
        run: hardware::mailbox,
    },
    Command {
        name: "crash",
        arguments: "[panic]",
        help: "a task of APP_CPU writes to address 0; panic halts the system",
        run: crash::crash,
    },
];

/// Runs one line.
pub fn run(line: &str) {
    let mut words = line.split_ascii_whitespace();
    let Some(name) = words.next() else { return };
    match COMMANDS.iter().find(|command| command.name == name) {
        None => println!("{name}: no such command; help lists them"),
        Some(command) if !(command.run)(&mut words) => {
            println!("usage: {} {}", command.name, command.arguments);
        }
        Some(_) => {}
    }
}

fn help(_: &mut Words) -> bool {
    for Command { name, arguments, help, .. } in &COMMANDS {
        println!("  {name:<7}{arguments:<23}{help}");
    }
    true
}
