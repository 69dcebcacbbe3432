//! Mailboxes between the cores: one for each core, of 16 messages of two words. Whoever sends to the other core
//! raises its cross-core interrupt when a task waits there.
//!
//! `receive` polls for SPIN_CYCLES before it blocks: an answer that is on its way costs neither an interrupt nor two
//! switches. `receive_blocking` gives up the core at once.

use crate::arch;
use crate::queue::Queue;
use crate::state::CORES;
use crate::task::NEVER;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Message {
    /// Chosen by the sender and receiver, for instance a command.
    pub kind: u32,
    pub value: u32,
}

pub const CAPACITY: usize = 16;
/// 6 us at 240 MHz, more than a round trip that wakes both cores.
const SPIN_CYCLES: u32 = 1500;

static MAILBOXES: [Queue<Message, CAPACITY>; CORES] = [const { Queue::new() }; CORES];

/// Waits while the mailbox of `core` is full.
pub fn send(core: usize, message: Message) {
    MAILBOXES[core & 1].send_as("mailbox::send", message, NEVER);
}

/// From tasks and interrupt callbacks; false when the mailbox is full.
pub fn try_send(core: usize, message: Message) -> bool {
    MAILBOXES[core & 1].try_send(message)
}

/// Waits for a message to `core`; any task may receive for it.
pub fn receive(core: usize) -> Message {
    let mailbox = &MAILBOXES[core & 1];
    let from = arch::ccount();
    while mailbox.seems_empty() && arch::ccount().wrapping_sub(from) < SPIN_CYCLES {}
    mailbox.receive_as("mailbox::receive")
}

/// Waits for a message to `core` without polling first: the core is free at once, the answer comes later.
pub fn receive_blocking(core: usize) -> Message {
    MAILBOXES[core & 1].receive_as("mailbox::receive_blocking")
}

/// Waits for a message to `core` until `time::now_us` has reached `until_us` microseconds; None when none came.
pub fn receive_until(core: usize, until_us: u64) -> Option<Message> {
    MAILBOXES[core & 1].receive_until_as("mailbox::receive_until", until_us)
}

/// A message to `core`, None when there is none. From tasks and interrupt callbacks.
pub fn try_receive(core: usize) -> Option<Message> {
    MAILBOXES[core & 1].try_receive()
}

/// Messages that wait.
pub fn pending(core: usize) -> usize {
    MAILBOXES[core & 1].len()
}
