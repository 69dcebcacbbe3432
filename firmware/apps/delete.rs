//! Deletion test: tasks are deleted from the other core and from their own in every state, hundreds of times; what they
//! held, waited for or had been given goes to others; stacks and places come back.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::mutex::RawMutex;
use kernel::queue::Queue;
use kernel::semaphore::Semaphore;
use kernel::task::{self, Affinity, Entry, TaskId};
use kernel::{arch, heap, println, test, time};

const PREEMPTIVE: bool = !cfg!(feature = "cooperative");
const STACK: usize = 2048;
const ROUNDS: usize = 200;

unsafe extern "C" {
    fn arch_test_fpu(seed: u32, between: extern "C" fn()) -> u32;
    fn arch_test_fpu_state() -> u32;
}

fn spawn(core: u8, priority: u8, entry: Entry, argument: usize) -> TaskId {
    task::spawn("test", priority, Affinity::Core(core), STACK, entry, argument).unwrap()
}

static MUTEX: RawMutex = RawMutex::new();
static UNITS: Semaphore = Semaphore::new(0);
static EMPTY: Queue<u32, 2> = Queue::new();
static FULL: Queue<u32, 2> = Queue::new();
static ENTRIES: AtomicU32 = AtomicU32::new(0);
static LAST: AtomicU32 = AtomicU32::new(0);
static BOTH_INSIDE: AtomicU32 = AtomicU32::new(0);

/// Nobody else comes in before the end, of which a deleted task has none.
fn in_section(work: impl Fn()) {
    MUTEX.lock();
    let entry = ENTRIES.fetch_add(1, SeqCst);
    LAST.store(entry, SeqCst);
    work();
    BOTH_INSIDE.fetch_add((LAST.load(SeqCst) != entry) as u32, SeqCst);
    MUTEX.unlock();
}

fn pause() {
    if PREEMPTIVE { time::delay_us(5) } else { task::yield_now() }
}

extern "C" fn never(_: usize) {
    loop {
        task::sleep_ms(10_000);
    }
}

extern "C" fn nothing() {}

const KINDS: usize = 10;

/// What a task does until it is deleted.
extern "C" fn victim(kind: usize) {
    loop {
        match kind {
            0 => pause(),
            1 => task::yield_now(),
            2 => task::sleep_ms(1),
            3 => in_section(pause),
            4 => UNITS.take(),
            5 => drop(EMPTY.receive()),
            6 => FULL.send(9),
            7 => drop(task::join(task::spawn("child", 4, Affinity::Any, 1024, child, 0).unwrap())),
            8 => drop(unsafe { arch_test_fpu(arch::ccount(), nothing) }),
            _ => in_section(|| task::sleep_ms(1)),
        }
        if !PREEMPTIVE && kind == 8 {
            task::yield_now();
        }
    }
}

extern "C" fn child(_: usize) {
    time::delay_us(20);
}

/// Two victims in different states, deleted after a time that differs from round to round.
fn rounds(core: u8) {
    let mut ended = 0;
    for round in 0..ROUNDS {
        let kinds = [round % KINDS, (round / KINDS + round) % KINDS];
        let victims = kinds.map(|kind| spawn(core, 7 - (kind as u8 & 1), victim, kind));
        let wait = (round as u32 * 37) % 300 + 3;
        if core == 0 { task::sleep_us(wait as u64) } else { time::delay_us(wait) }
        for id in victims {
            task::delete(id).unwrap();
        }
        // A mutex that a deleted task held is free, a unit or item in transit is taken by others.
        in_section(|| ());
        UNITS.give();
        let taken = UNITS.take_until(time::after_ms(5));
        EMPTY.send(1);
        let received = EMPTY.receive_until(time::after_ms(5));
        while FULL.len() > 0 {
            FULL.try_receive();
        }
        let joined = victims.map(task::join) == [Ok(usize::MAX); 2];
        if taken && received == Some(1) && joined {
            ended += 1;
        } else {
            println!("round {round}, kinds {kinds:?}: {taken} {received:?} {joined}");
        }
    }
    println!("core {core}: {ended} of {ROUNDS} rounds");
    test::check("deletion in every state", ended == ROUNDS);
    test::check("a mutex never has two owners", BOTH_INSIDE.load(SeqCst) == 0);
}

static FROZEN: AtomicU32 = AtomicU32::new(0);

/// Counts in a critical section with interrupts masked for 30 us at a time, which delays its end.
extern "C" fn counts_inside(_: usize) {
    MUTEX.lock();
    loop {
        let ps = arch::mask();
        for _ in 0..30 {
            FROZEN.fetch_add(1, SeqCst);
            time::delay_us(1);
        }
        arch::unmask(ps);
        if !PREEMPTIVE {
            task::yield_now();
        }
    }
}

/// The mutex of a task that runs on the other core is free when the task has stopped, not before.
fn owner() {
    let mut moved = 0;
    for round in 0..40 {
        let id = spawn(1, 5, counts_inside, 0);
        time::delay_us(60 + round * 3);
        task::delete(id).unwrap();
        MUTEX.lock();
        let before = FROZEN.load(SeqCst);
        time::delay_us(40);
        moved += (FROZEN.load(SeqCst) != before) as u32;
        MUTEX.unlock();
    }
    println!("owner seen at work in {moved} rounds");
    test::check("an owner has stopped when its mutex is free", moved == 0);
}

static GOT: AtomicU32 = AtomicU32::new(0);

extern "C" fn take_unit(_: usize) {
    UNITS.take();
    GOT.fetch_add(1, SeqCst);
}

extern "C" fn take_item(_: usize) {
    GOT.fetch_add(EMPTY.receive(), SeqCst);
}

extern "C" fn send_item(_: usize) {
    FULL.send(5);
    GOT.fetch_add(1, SeqCst);
}

/// Of two waiting tasks the first is woken and deleted before it ran: the second must get what woke it.
fn woken_then_deleted(name: &str, entry: Entry, wake: impl Fn()) {
    GOT.store(0, SeqCst);
    let first = spawn(0, 7, entry, 0);
    task::sleep_ms(2);
    let second = spawn(0, 6, entry, 0);
    task::sleep_ms(2);
    // Both have a lower priority than the caller.
    wake();
    task::delete(first).unwrap();
    task::sleep_ms(3);
    test::check(name, GOT.load(SeqCst) == 1);
    task::delete(second).unwrap();
}

fn lost_wake_ups() {
    woken_then_deleted("the unit of a deleted task goes on", take_unit, || UNITS.give());
    woken_then_deleted("the item of a deleted task goes on", take_item, || EMPTY.send(1));
    FULL.send(1);
    FULL.send(2);
    woken_then_deleted("the room of a deleted task goes on", send_item, || {
        FULL.receive();
    });
    GOT.store(0, SeqCst);
    let only = spawn(0, 7, take_unit, 0);
    task::sleep_ms(2);
    UNITS.give();
    task::delete(only).unwrap();
    test::check("a unit that nobody waits for is kept", UNITS.try_take());
}

extern "C" fn hold_until_told(_: usize) {
    MUTEX.lock();
    UNITS.take();
    MUTEX.unlock();
}

extern "C" fn lock_once(_: usize) {
    in_section(|| ());
}

/// A deleted task no longer lends its priority.
fn inheritance() {
    let holder = spawn(0, 3, hold_until_told, 0);
    task::sleep_ms(2);
    let waiter = spawn(0, 7, lock_once, 0);
    task::sleep_ms(2);
    let raised = task::priority_of(holder);
    task::delete(waiter).unwrap();
    test::check("a deleted task lends nothing", raised == Some(7) && task::priority_of(holder) == Some(3));
    UNITS.give();
    task::join(holder).unwrap();
}

extern "C" fn end_later(code: usize) {
    task::sleep_ms(2);
    task::exit(code);
}

extern "C" fn join_later(_: usize) {
    let id = spawn(1, 7, end_later, 42);
    task::exit(task::join(id).unwrap_or(0));
}

/// The exit code is there for who waits, even if the place is used again before the waiter runs.
fn exit_codes() {
    let waiter = spawn(0, 2, join_later, 0);
    task::sleep_ms(1);
    time::delay_us(3000);
    for _ in 0..40 {
        task::delete(spawn(1, 7, never, 0)).unwrap();
        time::delay_us(30);
    }
    test::check("the exit code waits for who joined", task::join(waiter) == Ok(42));
    let id = spawn(0, 7, end_later, 43);
    task::sleep_ms(4);
    task::reap();
    task::reap();
    let deleted = task::delete(id);
    test::check("deletion of an ended task changes nothing", deleted.is_ok() && task::join(id) == Ok(43));
}

extern "C" fn dirty_fpu(_: usize) {
    loop {
        unsafe { arch_test_fpu(0x7fff_ffff, nothing) };
        if !PREEMPTIVE {
            task::yield_now();
        }
    }
}

const OTHER_PLACE: usize = 1;

/// The FPU's registers ORed, when this is the place asked for.
extern "C" fn read_fpu(place: usize) {
    if task::current().number() != place {
        task::exit(OTHER_PLACE);
    }
    task::exit(unsafe { arch_test_fpu_state() } as usize);
}

/// A new task in a deleted one's place begins with clear FPU registers.
fn floating_point() {
    let mut clear = 0;
    for round in 0..10 {
        let id = spawn(1, 5, dirty_fpu, 0);
        time::delay_us(60 + round * 11);
        task::delete(id).unwrap();
        task::join(id).unwrap();
        // Places are used in turn.
        let mut states = (0..40).map(|_| task::join(spawn(1, 5, read_fpu, id.number())).unwrap());
        clear += (states.find(|&state| state != OTHER_PLACE) == Some(0)) as u32;
    }
    println!("{clear} of 10 new tasks with clear FPU registers");
    test::check("FPU registers of a new task are clear", clear == 10);
}

/// Places that can be given out.
fn free_places() -> usize {
    let mut tasks = [None; 32];
    let count = tasks.iter_mut().map_while(|slot| {
        *slot = task::spawn("place", 1, Affinity::Core(1), 1024, never, 0).ok();
        *slot
    });
    let count = count.count();
    for id in tasks.into_iter().flatten() {
        task::delete(id).unwrap();
    }
    task::sleep_ms(2);
    count
}

fn reap_all() {
    task::sleep_ms(2);
    task::reap();
    task::reap();
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Deletion test, {}", if PREEMPTIVE { "pre-emptive" } else { "cooperative" });
    let places = free_places();
    reap_all();
    let before = heap::usage();
    rounds(1);
    rounds(0);
    owner();
    lost_wake_ups();
    inheritance();
    exit_codes();
    floating_point();
    reap_all();
    let after = heap::usage();
    println!("heap {} of {} free before, {} after, {} places", before.free, before.total, after.free, places);
    test::check("stacks come back", after.free == before.free && after.fragments == before.fragments);
    test::check("places come back", free_places() == places && places == 29);
    test::finish();
}
