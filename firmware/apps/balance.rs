//! Load balancing: tasks without a core are run by both, none is lost, none runs twice at once, an idle core takes
//! over what waits for the other, and the FPU binds its users to their core with their registers intact.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::semaphore::Semaphore;
use kernel::task::{self, Affinity, Entry, TaskId};
use kernel::{arch, println, test, time};

const STACK: usize = 3072;
const WORKERS: usize = 10;
const STEPS: u32 = 150;

unsafe extern "C" {
    fn arch_test_fpu(seed: u32, between: extern "C" fn()) -> u32;
}

fn spawn(priority: u8, affinity: Affinity, entry: Entry, argument: usize) -> TaskId {
    task::spawn("test", priority, affinity, STACK, entry, argument).unwrap()
}

/// Core + 1 that runs the worker, and steps of each worker on each core.
static INSIDE: [AtomicU32; WORKERS] = [const { AtomicU32::new(0) }; WORKERS];
static STEPS_ON: [[AtomicU32; 2]; WORKERS] = [const { [const { AtomicU32::new(0) }; 2] }; WORKERS];
static TWICE: AtomicU32 = AtomicU32::new(0);
static TURN: Semaphore = Semaphore::new(3);

/// The index, changed by no one; steps of varied length, some with a wait in them.
extern "C" fn worker(index: usize) {
    for step in 0..STEPS {
        let waits = step % 5 == 1;
        if waits {
            TURN.take();
        }
        let ps = arch::mask();
        let core = arch::core_id();
        if INSIDE[index].swap(core as u32 + 1, SeqCst) != 0 {
            TWICE.fetch_add(1, SeqCst);
        }
        STEPS_ON[index][core].fetch_add(1, SeqCst);
        arch::unmask(ps);
        time::delay_us((index as u32 * 31 + step * 17) % 90);
        INSIDE[index].store(0, SeqCst);
        if waits {
            TURN.give();
        }
        match step % 7 {
            0..=2 => task::yield_now(),
            3 => task::sleep_ms(1),
            _ => {}
        }
    }
    task::exit(index + 100);
}

fn both_cores() {
    let from = time::now_us();
    let tasks: [_; WORKERS] = core::array::from_fn(|index| spawn(4, Affinity::Any, worker, index));
    let codes = tasks.map(|id| task::join(id).unwrap());
    let took = time::now_us() - from;
    let sum = |core: usize| STEPS_ON.iter().map(|on| on[core].load(SeqCst)).sum::<u32>();
    let moved = STEPS_ON.iter().filter(|on| on.iter().all(|steps| steps.load(SeqCst) > 0)).count();
    println!("steps by core {} and {}, {moved} tasks on both; {took} us", sum(0), sum(1));
    test::check("no task is lost", codes == core::array::from_fn(|index| index + 100));
    test::check("no step is lost", sum(0) + sum(1) == WORKERS as u32 * STEPS);
    test::check("no task runs on two cores at once", TWICE.load(SeqCst) == 0);
    test::check("each core does a third of the work or more", sum(0).min(sum(1)) * 3 >= sum(0) + sum(1) - STEPS);
    test::check("tasks move", moved >= WORKERS / 2);
}

static PING: [Semaphore; 2] = [const { Semaphore::new(0) }; 2];
const PINGS: u32 = 3000;

/// Returns as often as it was called: its callers' windows are in memory and in registers.
#[inline(never)]
fn depth_of(depth: usize) -> usize {
    if core::hint::black_box(depth) == 0 { 0 } else { depth_of(depth - 1) + 1 }
}

extern "C" fn counts_depth(_: usize) {
    let mut wrong = 0;
    while STOP.load(SeqCst) == 0 {
        wrong += (depth_of(12) != 12) as usize;
    }
    task::exit(wrong);
}

/// Bound to core `core`: wakes its partner on the other core, and blocks a time later that differs from round to round.
extern "C" fn ping(core: usize) {
    for round in 0..PINGS {
        PING[1 - core].give();
        let from = arch::ccount();
        while arch::ccount().wrapping_sub(from) < round % 97 * 11 {}
        PING[core].take();
    }
}

/// One task without a core is pushed off each of them as the other becomes idle, which must not take it too early.
fn taken_while_switching() {
    STOP.store(0, SeqCst);
    let task = spawn(4, Affinity::Any, counts_depth, 0);
    let partners = [0, 1].map(|core| spawn(6, Affinity::Core(core), ping, core as usize));
    for id in partners {
        task::join(id).unwrap();
    }
    STOP.store(1, SeqCst);
    test::check("no task is taken while it is switched", task::join(task) == Ok(0));
}

static STOP: AtomicU32 = AtomicU32::new(0);
static BEATS: AtomicU32 = AtomicU32::new(0);

extern "C" fn beat(_: usize) {
    while STOP.load(SeqCst) == 0 {
        BEATS.fetch_add(1, SeqCst);
        time::delay_us(10);
    }
}

/// A task without a core that is pushed off PRO_CPU goes on on the idle APP_CPU.
fn idle_core_takes_over() {
    STOP.store(0, SeqCst);
    let task = spawn(4, Affinity::Any, beat, 0);
    let blocker = spawn(9, Affinity::Core(1), busy_ms, 4);
    task::sleep_ms(2);
    // The blocker ends, APP_CPU is idle, the task runs here when this task does not.
    task::join(blocker).unwrap();
    task::sleep_ms(2);
    let before = BEATS.load(SeqCst);
    let until = time::after_ms(20);
    while time::now_us() < until {}
    let beats = BEATS.load(SeqCst) - before;
    STOP.store(1, SeqCst);
    task::join(task).unwrap();
    println!("{beats} beats beside a busy core");
    test::check("the idle core takes over", beats > 1500);
}

extern "C" fn busy_ms(ms: usize) {
    let until = time::after_ms(ms as u32);
    while time::now_us() < until {}
}

extern "C" fn give_way() {
    task::yield_now();
    if time::now_us() % 4 == 0 {
        task::sleep_ms(1);
    }
}

/// Moves until it has been on both cores, and then uses the FPU from core `seed & 1` on. Wrong rounds, and 1000 for
/// each round on another core than the first.
extern "C" fn fpu_task(seed: usize) {
    let mut seen = 0;
    let until = time::after_ms(20);
    loop {
        seen |= 1 << arch::core_id();
        if seen == 3 && arch::core_id() == seed & 1 || time::now_us() > until {
            break;
        }
        time::delay_us(50);
        task::sleep_us(0);
    }
    CORES_SEEN.fetch_add((seen == 3) as u32, SeqCst);
    let mut wrong = 0;
    let mut home = None;
    for round in 0..150 {
        wrong += (unsafe { arch_test_fpu((seed * 1000 + round) as u32, give_way) } != 0) as usize;
        let core = arch::core_id();
        wrong += if *home.get_or_insert(core) == core { 0 } else { 1000 };
    }
    BOUND[home.unwrap()].fetch_add(1, SeqCst);
    task::exit(wrong);
}

static CORES_SEEN: AtomicU32 = AtomicU32::new(0);
static BOUND: [AtomicU32; 2] = [const { AtomicU32::new(0) }; 2];

fn floating_point() {
    let fpu: [_; 5] = core::array::from_fn(|seed| spawn(4, Affinity::Any, fpu_task, seed));
    let others: [_; 5] = core::array::from_fn(|index| spawn(4, Affinity::Any, worker, index));
    let wrong = fpu.map(|id| task::join(id).unwrap());
    for id in others {
        task::join(id).unwrap();
    }
    let bound = BOUND.each_ref().map(|count| count.load(SeqCst));
    println!("{} tasks moved before, then bound {bound:?}, wrong {wrong:?}", CORES_SEEN.load(SeqCst));
    test::check("FPU registers of tasks that moved", wrong == [0; 5] && CORES_SEEN.load(SeqCst) > 0);
    test::check("FPU users on both cores", bound[0] > 0 && bound[1] > 0);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Load balancing test");
    both_cores();
    taken_while_switching();
    idle_core_takes_over();
    floating_point();
    test::finish();
}
