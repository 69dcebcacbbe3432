//! `gpio`, `i2c`, `mbox`.

use crate::i2c;
use crate::table::{Words, number};
use kernel::drivers::gpio::{self, Mode};
use kernel::mailbox::{self, Message};
use kernel::time;
use kernel::{arch, println};

const SDA: usize = 21;
const SCL: usize = 22;
const I2C_HZ: u32 = 100_000;
const MOST_MESSAGES: usize = 10_000;
const PING: u32 = 1;

pub fn gpio(words: &mut Words) -> bool {
    let (Some(pin), Some(action)) = (number(words.next()), words.next()) else { return false };
    // The flash's pins.
    if (6..=11).contains(&pin) {
        println!("GPIO{pin} belongs to the flash");
        return true;
    }
    let done = match action {
        "in" | "read" if action == "in" || pin >= gpio::PINS => gpio::set_mode(pin, Mode::Input),
        "out" | "0" | "1" => gpio::set_mode(pin, Mode::Output),
        "read" => Ok(()),
        _ => return false,
    };
    if done.is_err() {
        println!("GPIO{pin}: no such pin, or it cannot be an output");
        return true;
    }
    if matches!(action, "0" | "1") {
        gpio::set_level(pin, action == "1");
    }
    println!("GPIO{pin} is {}", gpio::level(pin) as u8);
    true
}

pub fn i2c(words: &mut Words) -> bool {
    if words.next() != Some("scan") {
        return false;
    }
    let (sda, scl) = match (words.next(), words.next()) {
        (None, _) => (SDA, SCL),
        (sda, scl) => match (number(sda), number(scl)) {
            (Some(sda), Some(scl)) if sda != scl => (sda, scl),
            _ => return false,
        },
    };
    let mut count = 0;
    let scanned = i2c::init(sda, scl, I2C_HZ).and_then(|()| {
        i2c::scan(|address| {
            println!("0x{address:02x} answers");
            count += 1;
        })
    });
    match scanned {
        Ok(()) => println!("{count} devices on SDA {sda}, SCL {scl}"),
        Err(error) => println!("I2C0: {error:?}"),
    }
    true
}

/// Sends to the echo task of APP_CPU and waits for the answer; None when it did not come.
fn round_trip(value: u32) -> Option<u32> {
    let from = arch::ccount();
    mailbox::send(1, Message { kind: PING, value });
    let answer = mailbox::receive_until(0, time::after_ms(100))?;
    let cycles = arch::ccount().wrapping_sub(from);
    (answer.value == value + 1).then_some(cycles)
}

pub fn mailbox(words: &mut Words) -> bool {
    let count = match words.next() {
        None => 100,
        word => match number(word) {
            Some(count @ 1..=MOST_MESSAGES) => count,
            _ => return false,
        },
    };
    let (mut least, mut most, mut sum) = (u32::MAX, 0, 0);
    for value in 0..count {
        let Some(cycles) = round_trip(value as u32) else {
            println!("no answer from APP_CPU");
            return true;
        };
        least = least.min(cycles);
        most = most.max(cycles);
        sum += cycles as u64;
    }
    println!("{count} round trips: {least} to {most} cycles, {} on average", sum / count as u64);
    true
}
