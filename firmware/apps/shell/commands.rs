//! The table of commands.

use crate::table::{self, Command, Words};
use crate::{crash, hardware, system};
use kernel::console;

const COMMANDS: [Command; 9] = [
    Command { name: "help", arguments: "", most: 0, help: "this list", run: help },
    Command {
        name: "tasks",
        arguments: "",
        most: 0,
        help: "tasks with core, priority, unused stack, share of a core",
        run: system::tasks,
    },
    Command { name: "mem", arguments: "", most: 0, help: "the heap", run: system::memory },
    Command { name: "log", arguments: "", most: 0, help: "lines logged since the last time", run: system::log },
    Command {
        name: "uptime",
        arguments: "",
        most: 0,
        help: "time since start, context switches",
        run: system::uptime,
    },
    Command {
        name: "gpio",
        arguments: "<pin> in|out|0|1|read",
        most: 2,
        help: "mode and level of a pin",
        run: hardware::gpio,
    },
    Command {
        name: "i2c",
        arguments: "scan [sda scl]",
        most: 3,
        help: "addresses that answer on I2C0 (SDA 21, SCL 22)",
        run: hardware::i2c,
    },
    Command {
        name: "mbox",
        arguments: "[1..10000]",
        most: 1,
        help: "messages to APP_CPU and back, in cycles",
        run: hardware::mailbox,
    },
    Command {
        name: "crash",
        arguments: "[panic]",
        most: 1,
        help: "a task of APP_CPU writes to address 0; panic halts the system",
        run: crash::crash,
    },
];

/// Runs one line.
pub fn run(line: &str) {
    table::run(&COMMANDS, line, console::print);
}

fn help(_: &mut Words) -> bool {
    table::list(&COMMANDS, console::print);
    true
}
