//! Mailbox ping-pong between the cores with histograms of the round trip in CPU cycles, all rounds included: first with
//! tasks that poll a little before they block, then with tasks that block at once, so that each message wakes a core
//! by interrupt.
#![no_std]

use kernel::mailbox::{self, Message};
use kernel::task::{self, Affinity};
use kernel::{arch, interrupt, println, test};
use samples::Samples;

mod samples;

const ROUNDS: u32 = 1000;
const LIMIT: u32 = 1500;
const PING: u32 = 1;
const PONG: u32 = 2;
const STOP: u32 = 3;
const BUCKET: u32 = 100;
const BUCKETS: usize = 40;

static SAMPLES: [Samples<{ ROUNDS as usize }>; 2] = [const { Samples::new() }; 2];

fn receive(core: usize, blocking: usize) -> Message {
    if blocking != 0 { mailbox::receive_blocking(core) } else { mailbox::receive(core) }
}

/// On APP_CPU: answers each message with its value plus one.
extern "C" fn echo(blocking: usize) {
    loop {
        let message = receive(1, blocking);
        if message.kind == STOP {
            return;
        }
        mailbox::send(0, Message { kind: PONG, value: message.value + 1 });
    }
}

extern "C" fn ping(blocking: usize) {
    let mut histogram = [0u32; BUCKETS];
    let mut wrong = 0;
    let samples = &SAMPLES[blocking];
    let interrupts = || interrupt::count(0).wrapping_add(interrupt::count(1));
    for round in 0..ROUNDS {
        let before = interrupts();
        let from = arch::ccount();
        mailbox::send(1, Message { kind: PING, value: round });
        let answer = receive(0, blocking);
        let cycles = arch::ccount().wrapping_sub(from);
        wrong += (answer != Message { kind: PONG, value: round + 1 }) as u32;
        samples.add(round, cycles, interrupts() != before);
        histogram[(cycles / BUCKET).min(BUCKETS as u32 - 1) as usize] += 1;
    }
    mailbox::send(1, Message { kind: STOP, value: 0 });
    for (bucket, &count) in histogram.iter().enumerate() {
        if count > 0 {
            let from = bucket as u32 * BUCKET;
            println!("{from:5}..{:<5} {count:5}", from + BUCKET);
        }
    }
    let (count, most) = samples.report(["mailbox round trip, polling", "mailbox round trip, woken"][blocking]);
    test::check("every answer fits", wrong == 0);
    test::check("round trip under 1500 cycles", count as u32 > ROUNDS * 9 / 10 && most < LIMIT);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Mailbox ping-pong, {ROUNDS} rounds");
    for blocking in 0..2 {
        let echo = task::spawn("echo", 10, Affinity::Core(1), 4096, echo, blocking).unwrap();
        let ping = task::spawn("ping", 10, Affinity::Core(0), 4096, ping, blocking).unwrap();
        task::join(ping).unwrap();
        task::join(echo).unwrap();
    }
    test::finish();
}
