//! What runs beside the shell: a heartbeat on each core, a task that goes where there is room, a software timer, and
//! the task of APP_CPU that answers `mbox`.

use core::sync::atomic::{AtomicU32, Ordering};
use kernel::log::Level;
use kernel::mailbox;
use kernel::task::{self, Affinity};
use kernel::{arch, log, timer};

const STACK: usize = 4096;
const HEARTBEAT_MS: u32 = 10;
const TIMER_MS: u32 = 100;
/// Rounds that a heartbeat logs.
const LOGGED_ROUNDS: u32 = 3;
/// By then all has been logged.
pub const QUIET_AFTER_MS: u32 = 50;

static TIMER_CALLS: AtomicU32 = AtomicU32::new(0);

pub fn start() {
    for core in 0..2 {
        let name = ["heart0", "heart1"][core];
        spawn(name, 5, Affinity::Core(core as u8), heartbeat, core);
    }
    spawn("primes", 3, Affinity::Any, primes, 0);
    spawn("echo", 12, Affinity::Core(1), echo, 0);
    timer::start(TIMER_MS, TIMER_MS, on_timer, 0);
    log!(Level::Info, "demo tasks started");
}

fn spawn(name: &'static str, priority: u8, affinity: Affinity, entry: task::Entry, argument: usize) {
    if let Err(error) = task::spawn(name, priority, affinity, STACK, entry, argument) {
        log!(Level::Error, "task {name}: {error:?}");
    }
}

extern "C" fn heartbeat(core: usize) {
    for round in 1.. {
        if round <= LOGGED_ROUNDS {
            log!(Level::Info, "heartbeat {round} of core {core}");
        }
        task::sleep_ms(HEARTBEAT_MS);
    }
}

/// A little work every 20 ms: some per cent of a core.
extern "C" fn primes(_: usize) {
    let mut candidate = 2;
    let mut found = 0u32;
    loop {
        for _ in 0..100 {
            found += (2..).take_while(|d| d * d <= candidate).all(|d| candidate % d != 0) as u32;
            candidate += 1;
        }
        if candidate == 102 {
            log!(Level::Debug, "{found} primes below 102, on core {}", arch::core_id());
        }
        task::sleep_ms(20);
    }
}

extern "C" fn echo(_: usize) {
    loop {
        let message = mailbox::receive(1);
        mailbox::send(0, mailbox::Message { value: message.value + 1, ..message });
    }
}

fn on_timer(_: usize) {
    TIMER_CALLS.fetch_add(1, Ordering::Relaxed);
}

/// Calls of the software timer, one every 100 ms.
pub fn timer_calls() -> u32 {
    TIMER_CALLS.load(Ordering::Relaxed)
}
