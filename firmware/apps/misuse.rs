//! Misuse: what a program must not do, each case its own boot. RTC_CNTL_STORE0 holds the number of the case, which a
//! watchdog that outlives the halt counts up. The test reads the last lines of each.
#![no_std]

use kernel::drivers::watchdog;
use kernel::layout::*;
use kernel::mailbox::{self, Message};
use kernel::mutex::Mutex;
use kernel::queue::Queue;
use kernel::semaphore::Semaphore;
use kernel::task::{self, Affinity, TaskError};
use kernel::{arch, interrupt, println, test, time};

const MARK: u32 = 0x315c_0000;
const FROM_CPU_2: usize = DPORT_CPU_INTR_FROM_CPU_0 + 8;
/// Longer than a dump.
const TIMEOUT_MS: u32 = 100;
const STACK: usize = 2048;

static MUTEX: Mutex<u32> = Mutex::new(0);
static UNITS: Semaphore = Semaphore::new(1);
static QUEUE: Queue<u32, 2> = Queue::new();

/// About 100 bytes of stack for each call.
#[inline(never)]
fn recurse(depth: usize) -> usize {
    let mut frame = [depth; 16];
    core::hint::black_box(&mut frame);
    if depth > 0 { recurse(depth - 1) + frame[depth & 15] } else { frame[0] }
}

extern "C" fn deep_then_sleeps(depth: usize) {
    core::hint::black_box(recurse(depth));
    task::sleep_ms(1);
}

extern "C" fn deep_then_yields(depth: usize) {
    core::hint::black_box(recurse(depth));
    loop {
        task::yield_now();
    }
}

extern "C" fn deep_then_ends(depth: usize) {
    core::hint::black_box(recurse(depth));
}

extern "C" fn deep_and_busy(depth: usize) {
    core::hint::black_box(recurse(depth));
    loop {}
}

extern "C" fn deep_then_faults(depth: usize) {
    core::hint::black_box(recurse(depth));
    core::hint::black_box(arch::read(core::hint::black_box(0x10)));
}

extern "C" fn yields(_: usize) {
    loop {
        task::yield_now();
    }
}

fn overflow(entry: task::Entry, depth: usize, core: u8) {
    let id = task::spawn("deep", 5, Affinity::Core(core), STACK, entry, depth).unwrap();
    task::spawn("other", 5, Affinity::Core(core), STACK, yields, 0).unwrap();
    let _ = task::join(id);
    println!("nothing was noticed");
}

extern "C" fn deep_and_masked(depth: usize) {
    core::hint::black_box(recurse(depth));
    arch::mask();
    loop {}
}

/// The task that overflowed is never left: its stack is seen when this one faults.
fn another_faults() {
    task::spawn("deep", 5, Affinity::Core(1), STACK, deep_and_masked, 26).unwrap();
    time::delay_us(500);
    deep_then_faults(0);
}

const CALLS: [fn(); 13] = [
    || *MUTEX.lock() += 1,
    || UNITS.take(),
    || QUEUE.send(1),
    || {
        let _ = QUEUE.receive();
    },
    || task::sleep_ms(1),
    || task::sleep_us(1),
    || task::sleep_until(1),
    || mailbox::send(0, Message { kind: 0, value: 0 }),
    || {
        let _ = mailbox::receive(0);
    },
    || {
        let _ = mailbox::receive_blocking(0);
    },
    || {
        let _ = task::join(task::current());
    },
    || task::yield_now(),
    || {
        let _ = core::hint::black_box(arch::read(core::hint::black_box(0x10)));
    },
];

fn in_callback(number: usize) {
    arch::write(FROM_CPU_2, 0);
    CALLS[number]();
    println!("the call came back");
}

fn call_in_callback(number: usize) {
    interrupt::attach(ETS_FROM_CPU_INTR0_SOURCE + 2, in_callback, number).unwrap();
    arch::write(FROM_CPU_2, 1);
    time::delay_us(100);
    println!("nothing was noticed");
}

fn errors() {
    let core = task::spawn("none", 5, Affinity::Core(2), STACK, deep_then_ends, 0);
    test::check("there is no core 2", core == Err(TaskError::NoSuchCore));
    let joined = task::join(task::current());
    test::check("a task cannot join itself", joined == Err(TaskError::JoinsItself));
    // All of a callback that may be called.
    interrupt::attach(ETS_FROM_CPU_INTR0_SOURCE + 2, allowed, 0).unwrap();
    arch::write(FROM_CPU_2, 1);
    time::delay_us(100);
    test::check("what a callback may call", UNITS.try_take() && UNITS.try_take() && QUEUE.receive() == 7);
    // All but the last bytes of a stack may be used.
    for depth in 0..=8 {
        let id = task::spawn("fits", 5, Affinity::Core(1), STACK, deep_then_sleeps, depth).unwrap();
        task::join(id).unwrap();
    }
    test::check("a stack that is large enough", true);
}

fn allowed(_: usize) {
    arch::write(FROM_CPU_2, 0);
    UNITS.give();
    QUEUE.try_send(7);
    mailbox::try_send(0, Message { kind: 0, value: 0 });
    mailbox::try_receive(0);
    println!("printed by a callback");
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    let store = arch::read(RTC_CNTL_STORE0);
    let case = if store & 0xffff_0000 == MARK { store as usize & 0xffff } else { 0 };
    arch::write(RTC_CNTL_STORE0, MARK | (case as u32 + 1));
    println!("Case {case}");
    watchdog::start(TIMEOUT_MS);
    let calls = CALLS.len();
    match case {
        _ if case < calls => call_in_callback(case),
        _ if case == calls => overflow(deep_then_sleeps, 26, 1),
        _ if case == calls + 1 => overflow(deep_then_yields, 26, 1),
        _ if case == calls + 2 => overflow(deep_then_ends, 26, 0),
        _ if case == calls + 3 => overflow(deep_and_busy, 26, 1),
        _ if case == calls + 4 => overflow(deep_then_faults, 26, 1),
        _ if case == calls + 5 => another_faults(),
        _ => {
            watchdog::stop();
            errors();
            arch::write(RTC_CNTL_STORE0, 0);
            test::finish();
        }
    }
    // What passed unnoticed ends by the watchdog too.
    loop {
        task::sleep_ms(10);
    }
}
