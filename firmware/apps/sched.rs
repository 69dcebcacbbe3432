//! Scheduler test: fairness, priorities, pre-emption (or its absence), priority inheritance, time-outs, migration,
//! lazy FPU, software timers, the C layer, heap; and the cost of a context switch in cycles.
#![no_std]

use core::sync::atomic::{
    AtomicU32,
    Ordering::{Relaxed, SeqCst},
};
use kernel::mutex::RawMutex;
use kernel::queue::Queue;
use kernel::semaphore::Semaphore;
use kernel::task::{self, Affinity, Entry, TaskId};
use kernel::{arch, heap, interrupt, println, test, time, timer};
use samples::Samples;

mod samples;

const PREEMPTIVE: bool = !cfg!(feature = "cooperative");
const STACK: usize = 3072;

fn spawn(priority: u8, core: u8, entry: Entry, argument: usize) -> TaskId {
    task::spawn("test", priority, Affinity::Core(core), STACK, entry, argument).unwrap()
}

static STOP: AtomicU32 = AtomicU32::new(0);
static COUNTS: [AtomicU32; 4] = [const { AtomicU32::new(0) }; 4];

extern "C" fn spin(index: usize) {
    while STOP.load(SeqCst) == 0 {
        COUNTS[index].fetch_add(1, SeqCst);
        if !PREEMPTIVE {
            task::yield_now();
        }
    }
}

/// Four tasks of one priority on a core get equal time within 15 %.
fn fairness(core: u8) {
    STOP.store(0, SeqCst);
    COUNTS.iter().for_each(|count| count.store(0, SeqCst));
    let tasks = [0, 1, 2, 3].map(|index| spawn(5, core, spin, index));
    task::sleep_ms(80);
    STOP.store(1, SeqCst);
    for id in tasks {
        task::join(id).unwrap();
    }
    let counts = COUNTS.each_ref().map(|count| count.load(SeqCst));
    let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    println!("core {core} shares: {counts:?}");
    test::check("fairness", *least > 0 && (most - least) * 100 / most < 15);
}

static ORDER: AtomicU32 = AtomicU32::new(0);

extern "C" fn mark(digit: usize) {
    ORDER.store(ORDER.load(SeqCst) * 10 + digit as u32, SeqCst);
}

/// Ready tasks of one core run by priority, not by the order of creation.
fn priorities() {
    ORDER.store(0, SeqCst);
    let tasks = [(2, 1), (4, 2), (3, 3), (4, 4)].map(|(priority, digit)| spawn(priority, 0, mark, digit));
    for id in tasks {
        task::join(id).unwrap();
    }
    println!("order {}", ORDER.load(SeqCst));
    test::check("priorities", ORDER.load(SeqCst) == 2431);
}

extern "C" fn wake_later(_: usize) {
    task::sleep_ms(3);
    COUNTS[1].store(COUNTS[0].load(SeqCst) + 1, SeqCst);
}

extern "C" fn busy(_: usize) {
    let until = time::after_ms(10);
    while time::now_us() < until {
        COUNTS[0].fetch_add(1, SeqCst);
    }
    COUNTS[2].store(1, SeqCst);
}

/// A woken task of higher priority interrupts a busy one exactly when the scheduler pre-empts.
fn preemption() {
    COUNTS.iter().for_each(|count| count.store(0, SeqCst));
    let high = spawn(9, 1, wake_later, 0);
    task::sleep_ms(1);
    let low = spawn(3, 1, busy, 0);
    task::join(high).unwrap();
    let finished_first = COUNTS[2].load(SeqCst) != 0;
    task::join(low).unwrap();
    let expected = if PREEMPTIVE { "a busy task is pre-empted" } else { "a busy task is not pre-empted" };
    test::check(expected, finished_first != PREEMPTIVE);
}

static MUTEX: RawMutex = RawMutex::new();

extern "C" fn low_holder(_: usize) {
    MUTEX.lock();
    let until = time::after_ms(6);
    while time::now_us() < until {
        if !PREEMPTIVE {
            task::yield_now();
        }
    }
    COUNTS[3].store(task::priority_of(task::current()).unwrap() as u32, SeqCst);
    MUTEX.unlock();
    mark(1);
}

extern "C" fn middle(_: usize) {
    let until = time::after_ms(20);
    while time::now_us() < until {
        if !PREEMPTIVE {
            task::yield_now();
        }
    }
    mark(2);
}

extern "C" fn high_waiter(_: usize) {
    MUTEX.lock();
    mark(3);
    MUTEX.unlock();
}

/// The holder of a mutex runs at the priority of who waits for it, so a middle task cannot hold both up.
fn inheritance() {
    ORDER.store(0, SeqCst);
    let low = spawn(2, 1, low_holder, 0);
    task::sleep_ms(2);
    let high = spawn(10, 1, high_waiter, 0);
    let mid = spawn(5, 1, middle, 0);
    for id in [high, mid, low] {
        task::join(id).unwrap();
    }
    println!("order {} with priority {}", ORDER.load(SeqCst), COUNTS[3].load(SeqCst));
    // Without pre-emption the holder goes on after the unlock.
    let order = if PREEMPTIVE { 321 } else { 132 };
    test::check("priority inheritance", ORDER.load(SeqCst) == order && COUNTS[3].load(SeqCst) == 10);
}

static SEMAPHORE: Semaphore = Semaphore::new(0);
static QUEUE: Queue<u32, 4> = Queue::new();

extern "C" fn producer(count: usize) {
    (1..=count as u32).for_each(|value| QUEUE.send(value));
}

fn waiting() {
    let before = time::now_us();
    let taken = SEMAPHORE.take_until(before + 5000);
    let waited = time::now_us() - before;
    test::check("time-out after 5 ms", !taken && (5000..7000).contains(&waited));
    let task = spawn(5, 1, producer, 100);
    let sum: u32 = (0..100).map(|_| QUEUE.receive()).sum();
    task::join(task).unwrap();
    test::check("queue across cores", sum == 5050);
}

extern "C" fn float_task(seed: usize) {
    let mut sum = seed as f32;
    for step in 0..200 {
        sum = sum * 0.5 + step as f32;
        if step % 16 == 0 {
            task::yield_now();
        }
    }
    task::exit(sum as usize);
}

/// Tasks that use the FPU keep its registers apart; each is bound to its core.
fn floating_point() {
    let tasks = [1, 2, 3, 4].map(|seed| spawn(5, seed as u8 & 1, float_task, seed));
    let sums = tasks.map(|id| task::join(id).unwrap());
    test::check("lazy FPU", sums.iter().all(|&sum| sum == 396 || sum == 397 || sum == 398));
}

static FIRED: AtomicU32 = AtomicU32::new(0);

fn timers() {
    let fire = |step: usize| {
        FIRED.fetch_add(step as u32, SeqCst);
    };
    let every = timer::start(2, 2, fire, 1).unwrap();
    timer::start(5, 0, fire, 100).unwrap();
    task::sleep_ms(21);
    timer::stop(every);
    let fired = FIRED.load(SeqCst);
    task::sleep_ms(5);
    println!("timers fired {fired}");
    test::check("software timers", (109..=110).contains(&fired) && FIRED.load(SeqCst) <= fired + 1);
}

extern "C" fn forever(_: usize) {
    loop {
        task::sleep_ms(1);
    }
}

fn deletion() {
    let id = spawn(5, 1, forever, 0);
    task::sleep_ms(3);
    task::delete(id).unwrap();
    test::check("delete", task::join(id) == Ok(usize::MAX));
    task::reap();
    task::reap();
    let before = heap::usage();
    for _ in 0..40 {
        task::join(spawn(9, 0, mark, 0)).unwrap();
    }
    task::reap();
    let after = heap::usage();
    println!("heap {} of {} bytes free, {} blocks", after.free, after.total, after.fragments);
    test::check("stacks are freed", after.free == before.free);
}

unsafe extern "C" {
    fn c_sum_of(count: u32, each: extern "C" fn(u32) -> u32) -> u32;
    fn c_crc32(data: *const u8, length: u32) -> u32;
    fn c_tasks_demo() -> u32;
}

extern "C" fn square(value: u32) -> u32 {
    value * value
}

fn c_layer() {
    unsafe {
        test::check("C calls Rust", c_sum_of(10, square) == 385);
        test::check("Rust calls C", c_crc32(b"123456789".as_ptr(), 9) == 0xcbf43926);
        test::check("C tasks", c_tasks_demo() == 3);
    }
}

const ROUNDS: usize = 1000;
const LIMIT: u32 = 250;
/// Calls that lie between a task and its yield where all registers are to be in use: 6 x 8 and the yield's own.
const DEPTH: usize = 6;

/// CCOUNT before the last yield, and the task that yielded.
static BEFORE: AtomicU32 = AtomicU32::new(0);
static YIELDED: AtomicU32 = AtomicU32::new(0);
static SHALLOW: Samples<ROUNDS> = Samples::new();
static DEEP: Samples<ROUNDS> = Samples::new();

/// Gives up the core. From before the call in one task to after the call in the other, the CCOUNT reads included:
/// cycles, unless the task has got the core back without a switch.
#[inline(always)]
fn timed_yield(me: u32) -> Option<u32> {
    YIELDED.store(me, Relaxed);
    BEFORE.store(arch::ccount(), Relaxed);
    task::yield_now();
    let cycles = arch::ccount().wrapping_sub(BEFORE.load(Relaxed));
    (YIELDED.load(Relaxed) != me).then_some(cycles)
}

#[inline(never)]
fn yield_below(depth: usize, me: u32) -> Option<u32> {
    if depth == 0 { timed_yield(me) } else { core::hint::black_box(yield_below(depth - 1, me)) }
}

/// Two of them give up the core to each other; the first one's returns count. An interrupt in between counts against
/// both ways of a round: it leaves a frame with all registers, which takes longer to resume.
extern "C" fn yielder(which: usize) {
    let (me, deep) = (which as u32 & 1, which & 2 != 0);
    let samples = if deep { &DEEP } else { &SHALLOW };
    for round in 0..ROUNDS as u32 {
        let interrupts = interrupt::count(0);
        let cycles = if deep { yield_below(DEPTH, me) } else { timed_yield(me) };
        if let (0, Some(cycles)) = (me, cycles) {
            samples.add(round, cycles, interrupt::count(0) != interrupts);
        }
    }
}

fn switch_cost() {
    for way in [0, 2] {
        let tasks = [0, 1].map(|me| spawn(7, 0, yielder, way + me));
        for id in tasks {
            task::join(id).unwrap();
        }
    }
    let (samples, most) = SHALLOW.report("context switch");
    DEEP.report("context switch, all registers in use");
    test::check("context switch under 250 cycles", samples > ROUNDS * 9 / 10 && most < LIMIT);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Scheduler test, {}", if PREEMPTIVE { "pre-emptive" } else { "cooperative" });
    fairness(1);
    if PREEMPTIVE {
        fairness(0);
    }
    priorities();
    preemption();
    inheritance();
    waiting();
    floating_point();
    timers();
    deletion();
    c_layer();
    switch_cost();
    test::finish();
}
