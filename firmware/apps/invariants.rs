//! A minute of load for the scheduler, with its rules checked all the while: tasks of many priorities on each core and on
//! either, sleepers, equal tasks that take turns, producers and consumers, chains of mutexes, mailboxes, software
//! timers, tasks that come and go, the heap, the FPU. firmware/long-run.test.ts looks at the kernel from outside
//! meanwhile: at `LAYOUT`, and at the calls of `woken`.
#![no_std]

use core::mem::offset_of;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use kernel::layout::*;
use kernel::mailbox::{self, Message};
use kernel::mutex::RawMutex;
use kernel::queue::Queue;
use kernel::ready::MAX_TASKS;
use kernel::state::Kernel;
use kernel::task::{self, Affinity, Entry, State, Task, TaskId};
use kernel::time::TICK_US;
use kernel::{arch, heap, println, start, state, test, time, timer};

const SECONDS: u64 = 60;
const STACK: usize = 2560;
const CYCLES_PER_US: u64 = 240;

/// What long-run.test.ts must know of the kernel's state: offsets in it and in a task.
#[unsafe(no_mangle)]
static LAYOUT: [usize; 15] = [
    offset_of!(Kernel, current),
    offset_of!(Kernel, resched),
    offset_of!(Kernel, ready),
    offset_of!(Kernel, tasks),
    size_of::<kernel::ready::ReadyQueue>(),
    K_NEXT,
    R_OCCUPIED,
    R_HEAD,
    size_of::<Task>(),
    offset_of!(Task, state),
    offset_of!(Task, priority),
    offset_of!(Task, base_priority),
    offset_of!(Task, core),
    offset_of!(Task, stack),
    offset_of!(Task, stack_size),
];

/// A rule: how often it was looked at and broken, and what was seen first when it was.
struct Rule {
    name: &'static str,
    looks: AtomicU32,
    breaks: AtomicU32,
    seen: AtomicU32,
}

impl Rule {
    const fn new(name: &'static str) -> Self {
        let [looks, breaks, seen] = [const { AtomicU32::new(0) }; 3];
        Rule { name, looks, breaks, seen }
    }

    #[inline(never)]
    fn hold(&self, holds: bool, seen: u64) {
        self.looks.fetch_add(1, Relaxed);
        if !holds && self.breaks.fetch_add(1, Relaxed) == 0 {
            self.seen.store(seen as u32, Relaxed);
        }
    }

    #[inline(never)]
    fn report(&self) {
        let [looks, breaks, seen] = [&self.looks, &self.breaks, &self.seen].map(|count| count.load(Relaxed));
        if breaks > 0 {
            println!("{}: broken {breaks} times of {looks}, first by {seen}", self.name);
        }
        test::check(self.name, looks > 0 && breaks == 0);
    }
}

static IN_TIME: Rule = Rule::new("sleepers run in the tick they asked for");
static FAIR: Rule = Rule::new("equal tasks get equal time");
static IN_ORDER: Rule = Rule::new("a queue keeps the order of each producer");
static COMPLETE: Rule = Rule::new("a queue loses nothing");
static LENT: Rule = Rule::new("owners of mutexes run with what is lent");
static RETURNED: Rule = Rule::new("priorities are returned");
static ANSWERED: Rule = Rule::new("every message is answered");
static TIMERS_LATE: Rule = Rule::new("timers call within two ticks and never early");
static TIMERS_EXACT: Rule = Rule::new("timers call as often as they are due");
static JOINED: Rule = Rule::new("tasks that end are joined");
static HEAP_KEPT: Rule = Rule::new("blocks of the heap keep their bytes");
static HEAP_SAME: Rule = Rule::new("the heap is as it was");
static STACKS_SAME: Rule = Rule::new("stacks grow no more");
static FLOATS: Rule = Rule::new("the FPU's registers are each task's own");

/// Begin and end of the load in microseconds of the kernel's clock.
static BEGIN: AtomicU32 = AtomicU32::new(0);
static END: AtomicU32 = AtomicU32::new(0);

fn begin() -> u64 {
    BEGIN.load(Relaxed) as u64
}

/// Calls `round` at each `begin + offset + n * period` before the end; returns at the end.
#[inline(never)]
fn every(period_us: u64, offset_us: u64, round: &mut dyn FnMut(u64, u64)) {
    for n in 0.. {
        let at = begin() + offset_us + n * period_us;
        let end = END.load(Relaxed) as u64;
        task::sleep_until(at.min(end));
        if at >= end {
            return;
        }
        round(n, at);
    }
}

#[inline(never)]
fn my_priority() -> u8 {
    task::priority_of(task::current()).unwrap_or(0)
}

struct Sleeper {
    priority: u8,
    affinity: Affinity,
    period_ms: u64,
}

const SLEEPERS: [Sleeper; 5] = [
    Sleeper { priority: 28, affinity: Affinity::Core(0), period_ms: 7 },
    Sleeper { priority: 28, affinity: Affinity::Core(1), period_ms: 5 },
    Sleeper { priority: 18, affinity: Affinity::Any, period_ms: 10 },
    Sleeper { priority: 16, affinity: Affinity::Core(1), period_ms: 25 },
    Sleeper { priority: 11, affinity: Affinity::Any, period_ms: 1000 },
];
/// Most that a sleeper of the highest priority was late, by core: the tick's interrupt, the kernel's work in it, a switch.
static LATENCY_US: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];

/// The test's look from outside: sleeper `index` runs for the `n`th time.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn woken(index: usize, n: u32) {
    unsafe { (&raw const LAYOUT[0]).read_volatile() };
    core::hint::black_box((index, n));
}

extern "C" fn sleeper(index: usize) {
    every(SLEEPERS[index].period_ms * 1000, 0, &mut |n, at| {
        let late = time::now_us() - at;
        woken(index, n as u32);
        IN_TIME.hold(late < TICK_US, late);
        if index < 2 {
            LATENCY_US[index].fetch_max(late as u32, Relaxed);
        }
    });
}

/// Equal tasks: in each second this long, in slices of one tick; a multiple of each core's number of them.
const TURNS: u64 = 6;
const TURNS_AT: u64 = 300_000;
const SPINNERS: [usize; 2] = [2, 3];
/// The turn's second while the spinners of a core run, else 0.
static SPINNING: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];
/// Task numbers, cores of these.
static SPINNER_OF: [[AtomicU32; 3]; 2] = [const { [const { AtomicU32::new(0) }; 3] }; 2];

/// Many cycles of few instructions: the test is to be quick.
fn wait_for_apb() {
    for _ in 0..10 {
        arch::read(GPIO_IN);
    }
}

extern "C" fn spinner(place: usize) {
    let (core, index) = (place & 1, place >> 1);
    SPINNER_OF[core][index].store(task::current().number() as u32, Relaxed);
    every(1_000_000, TURNS_AT, &mut |n, _| {
        while SPINNING[core].load(Relaxed) == n as u32 + 1 {
            wait_for_apb();
        }
    });
}

fn cycles_of(core: usize) -> [u64; 3] {
    let kernel = state::lock();
    let mut cycles = [0; 3];
    for index in 0..SPINNERS[core] {
        cycles[index] = kernel.tasks[SPINNER_OF[core][index].load(Relaxed) as usize & 31].cycles;
    }
    cycles
}

/// Of a higher priority than the spinners: it starts them, ends their turns at a tick, and compares their times.
///
/// The turns begin and end at ticks and are a multiple of the spinners, so each runs for the same number of slices. A
/// slice is a tick long but for the latencies of its two ticks; others take from slices what the spinners together
/// miss, in the worst case all from one.
extern "C" fn umpire(core: usize) {
    every(1_000_000, TURNS_AT, &mut |n, at| {
        SPINNING[core].store(n as u32 + 1, Relaxed);
        let (before, from) = (cycles_of(core), arch::ccount());
        task::sleep_until(at + TURNS * TICK_US);
        let (after, to) = (cycles_of(core), arch::ccount());
        SPINNING[core].store(0, Relaxed);
        let count = SPINNERS[core];
        let times = [0, 1, 2].map(|index| after[index] - before[index]);
        let times = &times[..count];
        let (least, most) = (times.iter().min().unwrap(), times.iter().max().unwrap());
        let missed = to.wrapping_sub(from) as u64 - times.iter().sum::<u64>();
        let latency = (LATENCY_US[core].load(Relaxed) as u64 + 1) * CYCLES_PER_US;
        let allowed = missed + 2 * TURNS / count as u64 * latency;
        WORST_SHARE.fetch_max(((most - least) * 1000 / most) as u32, Relaxed);
        MOST_ALLOWED.fetch_max((allowed * 1000 / (TICK_US * CYCLES_PER_US)) as u32, Relaxed);
        FAIR.hold(most - least <= allowed && *least > 0, most - least);
    });
}

/// Greatest difference in a second, of the most; greatest that was allowed, of a slice. In thousandths.
static WORST_SHARE: AtomicU32 = AtomicU32::new(0);
static MOST_ALLOWED: AtomicU32 = AtomicU32::new(0);

const PRODUCERS: u32 = 2;
const SENT_AT_ONCE: u64 = 12;
/// Ends a consumer.
const LAST: u32 = u32::MAX;
static QUEUE: Queue<u32, 8> = Queue::new();
static SENT: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];
static RECEIVED: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];

extern "C" fn producer(index: usize) {
    every(20_000, 0, &mut |n, _| {
        for item in 0..SENT_AT_ONCE {
            QUEUE.send((n * SENT_AT_ONCE + item) as u32 * PRODUCERS + index as u32);
            SENT[index].fetch_add(1, Relaxed);
        }
    });
}

extern "C" fn consumer(_: usize) {
    let mut last = [None; PRODUCERS as usize];
    loop {
        let item = QUEUE.receive();
        if item == LAST {
            return;
        }
        let (producer, number) = ((item % PRODUCERS) as usize, item / PRODUCERS);
        IN_ORDER.hold(last[producer].is_none_or(|last| number > last), number as u64);
        last[producer] = Some(number);
        RECEIVED[producer].fetch_add(1, Relaxed);
    }
}

/// Each second from here on, by the millisecond: 0 `owner` (core 0) takes FIRST; 1 `link` (core 1) takes SECOND and waits
/// for FIRST; 2 `top` (core 1) waits for SECOND, `rival` (core 0) wants the core up to 8; 4 the owner is ready. Lent
/// along the chain is top's priority, so that all are through at 4; without it the rival holds them up until 8.
const CHAIN_AT: u64 = 600_000;
const OWNER: u8 = 3;
const LINK: u8 = 7;
const RIVAL: u8 = 12;
const TOP: u8 = 23;
static FIRST: RawMutex = RawMutex::new();
static SECOND: RawMutex = RawMutex::new();

fn spin_until(at: u64) {
    while time::now_us() < at {
        wait_for_apb();
    }
}

extern "C" fn owner(_: usize) {
    every(1_000_000, CHAIN_AT, &mut |_, at| {
        FIRST.lock();
        spin_until(at + 4000);
        LENT.hold(my_priority() == TOP, my_priority() as u64);
        FIRST.unlock();
        RETURNED.hold(my_priority() == OWNER, my_priority() as u64);
    });
}

extern "C" fn link(_: usize) {
    every(1_000_000, CHAIN_AT + 1000, &mut |_, _| {
        SECOND.lock();
        FIRST.lock();
        LENT.hold(my_priority() == TOP, my_priority() as u64);
        FIRST.unlock();
        LENT.hold(my_priority() == TOP, my_priority() as u64);
        SECOND.unlock();
        RETURNED.hold(my_priority() == LINK, my_priority() as u64);
    });
}

extern "C" fn top(_: usize) {
    every(1_000_000, CHAIN_AT + 2000, &mut |_, at| {
        SECOND.lock();
        let late = time::now_us() - at - 2000;
        LENT.hold(late < TICK_US, late);
        SECOND.unlock();
        RETURNED.hold(my_priority() == TOP, my_priority() as u64);
    });
}

extern "C" fn rival(_: usize) {
    every(1_000_000, CHAIN_AT + 2000, &mut |_, at| spin_until(at + 6000));
}

const STOP: u32 = 1;

extern "C" fn caller(_: usize) {
    every(20_000, 3000, &mut |n, _| {
        for item in 0..4 {
            let value = (n * 4 + item) as u32;
            mailbox::send(1, Message { kind: 0, value });
            let answer = mailbox::receive(0);
            ANSWERED.hold(answer.value == !value, value as u64);
        }
    });
    mailbox::send(1, Message { kind: STOP, value: 0 });
}

extern "C" fn answerer(_: usize) {
    loop {
        let message = mailbox::receive_blocking(1);
        if message.kind == STOP {
            return;
        }
        mailbox::send(0, Message { value: !message.value, ..message });
    }
}

const TIMERS: usize = 4;
const TIMER_PERIODS_MS: [u32; TIMERS] = [4, 10, 70, 250];
const FIRST_MS: u32 = 50;
/// Between what it was started: the due time of its first call less FIRST_MS.
static STARTED: [[AtomicU32; 2]; TIMERS] = [const { [const { AtomicU32::new(0) }; 2] }; TIMERS];
static CALLS: [AtomicU32; TIMERS] = [const { AtomicU32::new(0) }; TIMERS];

fn timer_call(index: usize) {
    let n = CALLS[index].fetch_add(1, Relaxed) as u64;
    let due = FIRST_MS as u64 * 1000 + n * TIMER_PERIODS_MS[index] as u64 * 1000;
    let [from, to] = [0, 1].map(|side| STARTED[index][side].load(Relaxed) as u64 + due);
    let now = time::now_us();
    // Up to a tick until the kernel looks, and less than one until the timer task runs.
    TIMERS_LATE.hold(now >= from && now < to + 2 * TICK_US, now.wrapping_sub(from));
}

fn start_timers() -> [timer::TimerId; TIMERS] {
    core::array::from_fn(|index| {
        STARTED[index][0].store(time::now_us() as u32, Relaxed);
        let id = timer::start(FIRST_MS, TIMER_PERIODS_MS[index], timer_call, index).unwrap();
        STARTED[index][1].store(time::now_us() as u32, Relaxed);
        id
    })
}

/// Half a period behind the last call before the end: no call is on its way, each that was due has been made.
fn stop_timers(timers: [timer::TimerId; TIMERS]) {
    for (index, id) in timers.into_iter().enumerate() {
        let period = TIMER_PERIODS_MS[index] as u64 * 1000;
        let first = STARTED[index][0].load(Relaxed) as u64 + FIRST_MS as u64 * 1000;
        let calls = (time::now_us() - first) / period + 2;
        task::sleep_until(first + (calls - 1) * period + period / 2);
        timer::stop(id);
        let made = CALLS[index].load(Relaxed);
        println!("timer of {} ms: {made} calls", TIMER_PERIODS_MS[index]);
        TIMERS_EXACT.hold(made as u64 == calls, made as u64);
    }
}

extern "C" fn allocator(_: usize) {
    let mut random = 0x1ee7_c0deu32;
    let mut next = |bound: u32| {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        random % bound
    };
    every(20_000, 0, &mut |n, _| {
        let blocks = [(); 6].map(|()| {
            let size = next(160) as usize;
            (heap::allocate(size, 16), size, next(256) as u8)
        });
        for (memory, size, fill) in blocks {
            if !memory.is_null() {
                unsafe { memory.write_bytes(fill, size) };
            }
        }
        for (memory, size, fill) in blocks {
            let is_whole = !memory.is_null() && (0..size).all(|at| unsafe { *memory.add(at) } == fill);
            HEAP_KEPT.hold(is_whole, n);
            heap::free(memory);
        }
    });
}

/// After many rounds s = s / 2 + k is 2 k.
extern "C" fn floating(index: usize) {
    let step = index as f32 + 1.5;
    let mut sum = step;
    every(20_000, 5000, &mut |n, _| {
        for _ in 0..30 {
            sum = sum * 0.5 + step;
            if n % 2 == 0 {
                task::yield_now();
            }
        }
        FLOATS.hold(sum > 2.0 * step - 0.001 && sum <= 2.0 * step, n);
    });
}

extern "C" fn child(number: usize) {
    task::exit(number * 3);
}

/// Stack that each task has left; reading it takes long, so not under the kernel's lock.
fn stacks() -> [usize; MAX_TASKS] {
    let mut tasks = [(core::ptr::null_mut(), 0); MAX_TASKS];
    task::for_each(|index, task| tasks[index] = (task.stack, task.stack_size));
    tasks.map(|(stack, stack_size)| {
        let mut task = Task::new();
        (task.stack, task.stack_size) = (stack, stack_size);
        if stack.is_null() { 0 } else { task::stack_left(&task) }
    })
}

struct Quiet {
    heap: heap::Usage,
    stacks: [usize; MAX_TASKS],
}

/// At a time when no task holds anything: the same in each second.
fn look(first: &Option<Quiet>) -> Quiet {
    task::reap();
    task::reap();
    task::for_each(|index, task| {
        let is_own = task.state == State::Dead || task.priority == task.base_priority;
        RETURNED.hold(is_own, index as u64);
    });
    let now = Quiet { heap: heap::usage(), stacks: stacks() };
    if let Some(Quiet { heap, stacks }) = first {
        let same = heap.free == now.heap.free && heap.fragments == now.heap.fragments;
        HEAP_SAME.hold(same && heap.total == now.heap.total, now.heap.free as u64);
        for (task, (then, left)) in stacks.iter().zip(now.stacks).enumerate() {
            // An interrupt at a deeper point takes a frame, with what its entry moves along; no more than one does.
            let grown = then.saturating_sub(left);
            STACKS_SAME.hold(grown <= FRAME_SIZE + 16 && (*then == 0 || left > 256), (task << 16 | grown) as u64);
        }
    }
    now
}

/// The second after which stacks and heap must not change.
const WARM: u64 = 2;

fn run() {
    let timers = start_timers();
    let mut first = None;
    every(100_000, 50_000, &mut |n, at| {
        let number = n as usize + 1;
        let id = task::spawn("child", 17, Affinity::Any, 1024, child, number).ok().unwrap();
        JOINED.hold(task::join(id) == Ok(number * 3), n);
        if n % 10 == 9 {
            task::sleep_until(at + 5000);
            let now = look(&first);
            if n / 10 == WARM {
                first = Some(now);
            }
        }
    });
    stop_timers(timers);
}

#[inline(never)]
fn spawn(name: &'static str, priority: u8, affinity: Affinity, entry: Entry, argument: usize) -> TaskId {
    task::spawn(name, priority, affinity, STACK, entry, argument).ok().unwrap()
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    use Affinity::{Any, Core};
    println!("Scheduler invariants on {} cores", start::cores_online());
    let start = time::now_us().next_multiple_of(100_000) + 100_000;
    BEGIN.store(start as u32, Relaxed);
    END.store((start + SECONDS * 1_000_000) as u32, Relaxed);
    for (index, Sleeper { priority, affinity, .. }) in SLEEPERS.iter().enumerate() {
        spawn("sleeper", *priority, *affinity, sleeper, index);
    }
    for core in 0..2 {
        spawn("umpire", 25, Core(core as u8), umpire, core);
        for index in 0..SPINNERS[core] {
            spawn("spinner", 2, Core(core as u8), spinner, index << 1 | core);
        }
    }
    let consumers = [spawn("consumer", 10, Core(1), consumer, 0), spawn("consumer", 8, Any, consumer, 1)];
    let producers = [0, 1].map(|core| spawn("producer", 9, Core(core as u8), producer, core));
    spawn("owner", OWNER, Core(0), owner, 0);
    spawn("link", LINK, Core(1), link, 0);
    spawn("top", TOP, Core(1), top, 0);
    spawn("rival", RIVAL, Core(0), rival, 0);
    spawn("answerer", 14, Core(1), answerer, 0);
    spawn("caller", 13, Core(0), caller, 0);
    spawn("heap", 4, Any, allocator, 0);
    spawn("floats", 5, Core(0), floating, 0);
    spawn("floats", 5, Any, floating, 1);
    println!("Load of {SECONDS} s");
    run();
    for id in producers {
        JOINED.hold(task::join(id) == Ok(0), 0);
    }
    for _ in consumers {
        QUEUE.send(LAST);
    }
    for id in consumers {
        JOINED.hold(task::join(id) == Ok(0), 0);
    }
    for index in 0..2 {
        let [sent, received] = [&SENT, &RECEIVED].map(|counts| counts[index].load(Relaxed));
        let expected = (SECONDS * 1000 / 20 * SENT_AT_ONCE) as u32;
        COMPLETE.hold(sent == received && sent == expected, received as u64);
    }
    let [share, allowed] = [&WORST_SHARE, &MOST_ALLOWED].map(|worst| worst.load(Relaxed));
    println!("equal tasks differ by up to {share} of 1000; a slice is 1000, allowed were up to {allowed}");
    let [pro, app] = [0, 1].map(|core: usize| LATENCY_US[core].load(Relaxed));
    println!("sleepers of the highest priority: up to {pro} and {app} us late");
    let rules = [
        &IN_TIME, &FAIR, &IN_ORDER, &COMPLETE, &LENT, &RETURNED, &ANSWERED, &TIMERS_LATE, &TIMERS_EXACT, &JOINED,
        &HEAP_KEPT, &HEAP_SAME, &STACKS_SAME, &FLOATS,
    ];
    rules.iter().for_each(|rule| rule.report());
    test::finish();
}
