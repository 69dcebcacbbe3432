//! The demo that `npm start` boots: tasks on both cores that log what they do, and a shell on UART0.
#![no_std]

use kernel::drivers::uart;
use kernel::task::{self, Affinity};
use kernel::{print, println, start};

mod commands;
mod crash;
mod demo;
mod hardware;
mod line;
mod system;
mod table;

#[path = "../../drivers/i2c.rs"]
mod i2c;
#[path = "../../drivers/matrix.rs"]
mod matrix;

const PROMPT: &str = "lockstep32> ";
const SHELL_STACK: usize = 8192;

struct Uart;

impl line::Terminal for Uart {
    fn getc(&mut self) -> u8 {
        uart::getc()
    }
    fn puts(&mut self, text: &str) {
        uart::uart_puts(text);
    }
}

extern "C" fn shell(_: usize) {
    let mut editor = line::Editor::new(Uart);
    println!("Type help for the commands.");
    loop {
        print!("{PROMPT}");
        commands::run(editor.read());
    }
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Lockstep32 RTOS on {} cores", start::cores_online());
    demo::start();
    task::sleep_ms(demo::QUIET_AFTER_MS);
    task::spawn("shell", 10, Affinity::Core(0), SHELL_STACK, shell, 0).unwrap();
}
