//! Interrupt self-test: callbacks of several sources on each core, attached and detached; a spinlock between a callback
//! and the other core; semaphores, queues and mailboxes filled by callbacks; the FPU of the interrupted task; and the
//! time-outs of all blocking calls.
#![no_std]

use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::interrupt::{self, InterruptError};
use kernel::layout::*;
use kernel::mailbox::{self, Message};
use kernel::queue::Queue;
use kernel::semaphore::Semaphore;
use kernel::spin::SpinLock;
use kernel::task::{self, Affinity, Entry, TaskId};
use kernel::{arch, println, test, time};

const STACK: usize = 3072;

unsafe extern "C" {
    fn arch_test_fpu(seed: u32, between: extern "C" fn()) -> u32;
}

fn spawn(core: u8, entry: Entry, argument: usize) -> TaskId {
    task::spawn("test", 7, Affinity::Core(core), STACK, entry, argument).unwrap()
}

/// Cross-core interrupts 2 and 3, which the kernel does not use.
fn raise(which: usize, level: u32) {
    arch::write(DPORT_CPU_INTR_FROM_CPU_0 + 4 * which, level);
}

const fn source(which: usize) -> usize {
    ETS_FROM_CPU_INTR0_SOURCE + which
}

static CALLS: [AtomicU32; 4] = [const { AtomicU32::new(0) }; 4];

fn calls(which: usize) -> u32 {
    CALLS[which].load(SeqCst)
}

/// `argument`: number of the interrupt, and the core it belongs to in bit 4.
fn count(argument: usize) {
    let which = argument & 15;
    raise(which, 0);
    let right_core = arch::core_id() == argument >> 4;
    CALLS[which].fetch_add(if right_core { 1 } else { 1000 }, SeqCst);
}

/// On its core: both sources come, at once too; a detached one does not; every CPU interrupt can be given out again.
extern "C" fn sources(core: usize) {
    CALLS.iter().for_each(|calls| calls.store(0, SeqCst));
    let [two, three] = [2, 3].map(|which| interrupt::attach(source(which), count, which | core << 4).unwrap());
    for _ in 0..50 {
        raise(2, 1);
        let ps = arch::mask();
        raise(2, 1);
        raise(3, 1);
        time::delay_us(2);
        arch::unmask(ps);
        time::delay_us(2);
    }
    println!("core {core}: calls {} and {}", calls(2), calls(3));
    // The second 2 of each round comes together with the first unless that was served in time.
    test::check("callbacks of two sources", calls(3) == 50 && (50..=100).contains(&calls(2)));
    interrupt::detach(source(2), two);
    let before = calls(2);
    raise(2, 1);
    raise(3, 1);
    time::delay_us(20);
    raise(2, 0);
    test::check("a detached source is silent, the other is not", calls(2) == before && calls(3) == 51);
    let attach = |_| interrupt::attach(source(2), count, 2 | core << 4);
    let taken: [_; 11] = core::array::from_fn(attach);
    let given = taken.iter().filter(|number| number.is_ok()).count();
    // Of 11 one is three's; PRO_CPU's tick and UART0 have two more.
    test::check("CPU interrupts are given out until none is left", given == [8, 10][core]);
    test::check("then attach says so", taken[10] == Err(InterruptError::NoneFree));
    interrupt::detach(source(3), three);
    let again = attach(0);
    raise(2, 1);
    time::delay_us(20);
    test::check("a detached interrupt is given out again", again == Ok(three) && calls(2) == before + 1);
    for number in taken.into_iter().chain([again]).flatten() {
        interrupt::detach(source(2), number);
    }
}

struct Shared(UnsafeCell<[u32; 2]>);
unsafe impl Sync for Shared {}
static PAIR: Shared = Shared(UnsafeCell::new([0; 2]));
static LOCK: SpinLock = SpinLock::new();
static TORN: AtomicU32 = AtomicU32::new(0);
const ADDITIONS: u32 = 2000;

/// Two words that must stay equal, with time in between for the other core to see them unequal.
fn add_under_lock() {
    let [a, b] = unsafe { &mut *PAIR.0.get() };
    if unsafe { (a as *const u32).read_volatile() != (b as *const u32).read_volatile() } {
        TORN.fetch_add(1, SeqCst);
    }
    unsafe { (a as *mut u32).write_volatile(*a + 1) };
    time::delay_us(1);
    unsafe { (b as *mut u32).write_volatile(*b + 1) };
}

fn lock_in_callback(which: usize) {
    raise(which, 0);
    LOCK.lock_masked();
    add_under_lock();
    LOCK.unlock_masked();
    CALLS[0].fetch_add(1, SeqCst);
}

extern "C" fn lock_in_task(_: usize) {
    for _ in 0..ADDITIONS {
        let ps = LOCK.lock();
        add_under_lock();
        LOCK.unlock(ps);
    }
}

/// PRO_CPU's callback and its task against a task of APP_CPU.
fn spinlock() {
    CALLS[0].store(0, SeqCst);
    let number = interrupt::attach(source(2), lock_in_callback, 2).unwrap();
    let other = spawn(1, lock_in_task, 0);
    for _ in 0..ADDITIONS {
        raise(2, 1);
        let ps = LOCK.lock();
        add_under_lock();
        LOCK.unlock(ps);
    }
    task::join(other).unwrap();
    interrupt::detach(source(2), number);
    let sum = 2 * ADDITIONS + calls(0);
    println!("{} callbacks under the lock", calls(0));
    let pair = unsafe { *PAIR.0.get() };
    test::check("a spinlock between callback and other core", pair == [sum; 2] && calls(0) > ADDITIONS / 2);
    test::check("nobody saw a change half done", TORN.load(SeqCst) == 0);
}

static SEMAPHORE: Semaphore = Semaphore::new(0);
static QUEUE: Queue<u32, 4> = Queue::new();
static REFUSED: AtomicU32 = AtomicU32::new(0);
const GIVEN: u32 = 300;

fn give(which: usize) {
    raise(which, 0);
    let number = CALLS[1].fetch_add(1, SeqCst);
    SEMAPHORE.give();
    let queued = QUEUE.try_send(number);
    let sent = mailbox::try_send(1, Message { kind: 7, value: number });
    REFUSED.fetch_add(!queued as u32 + !sent as u32, SeqCst);
}

extern "C" fn take_units(_: usize) {
    let taken = (0..GIVEN).filter(|_| SEMAPHORE.take_until(time::after_ms(50))).count();
    task::exit(taken);
}

extern "C" fn take_items(_: usize) {
    let right = (0..GIVEN).filter(|&n| QUEUE.receive_until(time::after_ms(50)) == Some(n)).count();
    task::exit(right);
}

extern "C" fn take_messages(_: usize) {
    let expected = |value| Some(Message { kind: 7, value });
    let right = (0..GIVEN).filter(|&n| mailbox::receive_until(1, time::after_ms(50)) == expected(n)).count();
    task::exit(right);
}

/// A callback of PRO_CPU gives to tasks of both cores.
fn given_by_callback() {
    let number = interrupt::attach(source(3), give, 3).unwrap();
    let tasks = [(0, take_units as Entry), (1, take_items), (1, take_messages)].map(|(core, entry)| spawn(core, entry, 0));
    for round in 0..GIVEN {
        raise(3, 1);
        time::delay_us(20 + round * 7 % 50);
    }
    let counts = tasks.map(|id| task::join(id).unwrap());
    interrupt::detach(source(3), number);
    println!("taken {counts:?}, refused {}", REFUSED.load(SeqCst));
    test::check("semaphore, queue and mailbox from a callback", counts == [GIVEN as usize; 3]);
}

extern "C" fn interrupted() {
    for _ in 0..5 {
        raise(2, 1);
        time::delay_us(3);
    }
}

/// The callback spends the FPU's owner some time, but not its registers.
fn fpu_of_the_interrupted() {
    let number = interrupt::attach(source(2), count, 2).unwrap();
    let wrong = (0..200).filter(|&seed| unsafe { arch_test_fpu(seed, interrupted) } != 0).count();
    interrupt::detach(source(2), number);
    test::check("FPU registers across interrupts", wrong == 0);
}

/// A wait of `us` from now in vain ends at the first tick behind it. 0 when it does, else 1.
fn wrong(name: &str, us: u64, wait: impl Fn(u64) -> bool) -> u32 {
    let from = time::now_us();
    let came = wait(from + us);
    let took = time::now_us() - from;
    let right = !came && took >= us && took <= us + time::TICK_US + 100;
    if !right {
        println!("{name}: {took} us for {us}, came {came}");
    }
    !right as u32
}

fn time_outs() {
    static FULL: Queue<u32, 2> = Queue::new();
    FULL.send(1);
    FULL.send(2);
    let mut failures = 0;
    for us in [0, 1, 900, 1000, 5500, 12_000] {
        failures += wrong("take", us, |until| SEMAPHORE.take_until(until));
        failures += wrong("receive", us, |until| QUEUE.receive_until(until).is_some());
        failures += wrong("send", us, |until| FULL.send_until(3, until));
        failures += wrong("mailbox", us, |until| mailbox::receive_until(1, until).is_some());
        failures += wrong("sleep", us, |until| {
            task::sleep_until(until);
            false
        });
    }
    test::check("waits in vain end at the tick behind their time", failures == 0);
    test::check("what a full queue refused is not in it", [1, 2].map(Some) == [FULL.try_receive(), FULL.try_receive()]);
    // Woken before its time, a task has no time-out left for the next wait.
    let id = spawn(1, take_units, 0);
    for _ in 0..GIVEN {
        task::sleep_ms(1);
        SEMAPHORE.give();
    }
    test::check("no time-out comes late", task::join(id) == Ok(GIVEN as usize));
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Interrupt test");
    for core in [0, 1] {
        task::join(spawn(core, sources, core as usize)).unwrap();
    }
    spinlock();
    given_by_callback();
    fpu_of_the_interrupted();
    time_outs();
    test::finish();
}
