//! The scheduler: one instance for each core, with its own ready queue. Highest priority first; among equals first
//! come, first served, a time slice of one tick each.
//!
//! cfg `cooperative`: a running task is never pre-empted; only the idle task is.
//! cfg `balance`: a core that would idle takes a task with affinity Any from the other core's queue.

use crate::arch;
use crate::interrupt;
use crate::layout::IDLE_SOON;
use crate::ready::MAX_TASKS;
use crate::state::{self, CORES, CoreBlock, Guard, Kernel};
use crate::task::{Affinity, NEVER, State, Task};
use core::sync::atomic::{AtomicU32, Ordering};

/// The idle tasks are tasks 0 and 1; they are never in a queue.
pub const IDLE_PRIORITY: u8 = 0;

/// Puts a task that is not in a queue into the ready queue of a core that may run it, and asks that core to choose
/// again if the task should run now.
pub fn make_ready(kernel: &mut Kernel, task: u8) {
    let core = choose_core(kernel, task);
    let t = &mut kernel.tasks[task as usize & 31];
    t.state = State::Ready;
    t.core = core as u8;
    let priority = t.priority;
    enqueue(kernel, core, task, priority, false);
    if priority > running_priority(kernel, core) {
        request(kernel, core);
    }
}

fn enqueue(kernel: &mut Kernel, core: usize, task: u8, priority: u8, front: bool) {
    let Kernel { ready, links, .. } = kernel;
    if front {
        ready[core].push_front(links, task, priority);
    } else {
        ready[core].push_back(links, task, priority);
    }
}

/// Priority that another task must exceed to take the core.
fn running_priority(kernel: &Kernel, core: usize) -> u8 {
    let current = &kernel.tasks[kernel.current[core] as usize & 31];
    if current.state != State::Running {
        return IDLE_PRIORITY;
    }
    if cfg!(feature = "cooperative") && current.priority != IDLE_PRIORITY { 31 } else { current.priority }
}

fn choose_core(kernel: &Kernel, task: u8) -> usize {
    let t = &kernel.tasks[task as usize & 31];
    let on_cpu = on_cpu(t);
    if on_cpu != 0 {
        // Still being switched out there: the other core must not touch its stack.
        return on_cpu as usize - 1;
    }
    if t.pinned != 0 {
        return t.pinned as usize - 1;
    }
    let home = t.core as usize;
    match t.affinity {
        Affinity::Core(core) => core as usize & 1,
        Affinity::Any if !kernel.online[1 - home] => home,
        Affinity::Any => {
            let other = 1 - home;
            let load = |core: usize| (running_priority(kernel, core), kernel.ready[core].len());
            if t.priority > load(home).0 || load(home) <= load(other) { home } else { other }
        }
    }
}

/// Asks a core to choose again: at the end of the lock here, by an interrupt on the other core.
pub fn request(kernel: &mut Kernel, core: usize) {
    kernel.resched[core] = true;
    if core != kernel.here as usize && kernel.online[core] {
        interrupt::signal(core);
    }
}

/// Ends a task's wait: out of its waiting queue, ready.
#[inline]
pub fn wake(kernel: &mut Kernel, task: u8) {
    let t = &mut kernel.tasks[task as usize & 31];
    if t.state != State::Blocked {
        return;
    }
    let Some(core) = core_it_waits_on(t) else {
        leave_queue(kernel, task);
        make_ready(kernel, task);
        return;
    };
    // The core is its own without a queue. First of all, since the interrupt takes its time.
    if core != kernel.here as usize {
        interrupt::signal(core);
    }
    let t = &mut kernel.tasks[task as usize & 31];
    t.state = State::Running;
    t.core = core as u8;
    kernel.current[core] = task;
    leave_queue(kernel, task);
}

/// Wakes a task that waits in `queue` for what has just come, a semaphore's unit with `has_unit`.
#[inline]
pub fn wake_from(kernel: &mut Kernel, task: u8, queue: *mut u32, has_unit: bool) {
    wake(kernel, task);
    let t = &mut kernel.tasks[task as usize & 31];
    t.woken_from = queue;
    t.has_unit = has_unit;
}

/// Of a task that ends: what it was woken for and has not seen goes to the next task that waits, or a semaphore's unit
/// back to the count.
pub fn pass_on(kernel: &mut Kernel, task: u8) {
    let t = &mut kernel.tasks[task as usize & 31];
    let queue = core::mem::replace(&mut t.woken_from, core::ptr::null_mut());
    let has_unit = t.has_unit;
    if queue.is_null() {
        return;
    }
    match first_waiting(kernel, unsafe { *queue }) {
        Some(next) => wake_from(kernel, next, queue, has_unit),
        None if has_unit => unsafe { *queue.add(1) += 1 },
        None => {}
    }
}

/// The core on which a blocked task waits on its own stack (`wait_here`).
#[inline]
fn core_it_waits_on(t: &Task) -> Option<usize> {
    let core = on_cpu(t).wrapping_sub(1) as usize;
    let block = state::core_blocks().get(core)?;
    (block.idle != 0 && core::ptr::eq(block.current, t)).then_some(core)
}

/// Assembly clears it, on the core that leaves the task's stack.
#[inline]
fn on_cpu(t: &Task) -> u32 {
    unsafe { AtomicU32::from_ptr((&raw const t.on_cpu).cast_mut()) }.load(Ordering::Relaxed)
}

#[inline]
fn leave_queue(kernel: &mut Kernel, task: u8) {
    let t = &mut kernel.tasks[task as usize & 31];
    if !t.waiting_in.is_null() {
        unsafe { *t.waiting_in &= !(1 << task) };
        t.waiting_in = core::ptr::null_mut();
    }
    t.wake_at = NEVER;
    t.blocked_on = core::ptr::null();
}

/// Takes a task out of every queue.
pub fn forget(kernel: &mut Kernel, task: u8) {
    let (state, core, priority) = {
        let t = &kernel.tasks[task as usize & 31];
        (t.state, t.core as usize, t.priority)
    };
    match state {
        State::Ready => {
            let Kernel { ready, links, .. } = kernel;
            ready[core].remove(links, task, priority);
        }
        State::Blocked => leave_queue(kernel, task),
        _ => {}
    }
}

/// Gives a task another effective priority.
pub fn set_priority(kernel: &mut Kernel, task: u8, priority: u8) {
    let (state, core, old) = {
        let t = &kernel.tasks[task as usize & 31];
        (t.state, t.core as usize, t.priority)
    };
    if old == priority {
        return;
    }
    kernel.tasks[task as usize & 31].priority = priority;
    match state {
        State::Ready => {
            let Kernel { ready, links, .. } = kernel;
            ready[core].remove(links, task, old);
            ready[core].push_back(links, task, priority);
            if priority > running_priority(kernel, core) {
                request(kernel, core);
            }
        }
        State::Running if priority < old => {
            let core = core & 1;
            if kernel.ready[core].top().is_some_and(|top| top > running_priority(kernel, core)) {
                request(kernel, core);
            }
        }
        _ => {}
    }
}

/// The waiting task to serve first: highest priority, then longest wait.
#[inline(always)]
pub fn first_waiting(kernel: &Kernel, mask: u32) -> Option<u8> {
    if mask & mask.wrapping_sub(1) == 0 {
        return if mask == 0 { None } else { Some(crate::bits::top_bit(mask) as u8) };
    }
    first_of_many(kernel, mask)
}

fn first_of_many(kernel: &Kernel, mask: u32) -> Option<u8> {
    crate::waiting::first(mask, |task| {
        let t = &kernel.tasks[task as usize & 31];
        (t.priority, t.wait_order)
    })
}

/// Blocks the calling task until `wake` or `until_us`; adds it to the waiting queue `queue` unless that is null.
/// Afterwards `timed_out` of the task says which. The lock is released while it waits.
pub fn block(mut kernel: Guard, queue: *mut u32, until_us: u64) -> Guard {
    leave_if_dead(&mut kernel);
    let core = kernel.core();
    let block = &mut state::core_blocks()[core];
    let me = kernel.current[core];
    kernel.order = kernel.order.wrapping_add(1);
    let order = kernel.order;
    let t = unsafe { &mut *block.current };
    t.state = State::Blocked;
    t.timed_out = false;
    t.wake_at = until_us;
    t.wait_order = order;
    t.waiting_in = queue;
    if !queue.is_null() {
        unsafe { *queue |= 1 << me };
    }
    if until_us != NEVER && until_us < kernel.next_wake {
        kernel.next_wake = until_us;
    }
    if has_work(&kernel, core) || !wait_here(&mut kernel, core, me, block) {
        switch_locked(&mut kernel);
        leave_if_dead(&mut kernel);
    }
    kernel.tasks[me as usize & 31].woken_from = core::ptr::null_mut();
    kernel
}

/// Whether this core has a task to run.
#[inline]
fn has_work(kernel: &Kernel, core: usize) -> bool {
    !kernel.ready[core].is_empty() || stealable(kernel, core).is_some()
}

/// A blocked task keeps the core, waiting on its own stack, until there is a task to run: when that is the task itself,
/// no context is switched. The time counts as the idle task's.
/// True when it was handed the core, false when the scheduler has to choose.
#[inline(always)]
fn wait_here(kernel: &mut Guard, core: usize, me: u8, block: &mut CoreBlock) -> bool {
    let task = block.current;
    let state = |task: *const Task| unsafe { (*task).state };
    if crate::task::is_overrun(unsafe { &*task }) {
        crate::fault::stack_overflow(task);
    }
    block.idle = IDLE_SOON as u32;
    kernel.current[core] = core as u8;
    loop {
        // What the core was asked to run may have gone to the other one.
        kernel.resched[core] = false;
        unsafe { arch::arch_wait(block) };
        crate::fault::halt_if_asked();
        if state(task) != State::Blocked || has_work(kernel, core) {
            break;
        }
    }
    block.idle = 0;
    kernel.current[core] = me;
    let waited = block.woken.wrapping_sub(block.slept);
    unsafe { (*task).since = (*task).since.wrapping_add(waited) };
    let (waited, overflow) = block.waited.overflowing_add(waited);
    block.waited = waited;
    if overflow {
        kernel.tasks[core].cycles += 1 << 32;
    }
    state(task) == State::Running
}

/// Adds what the tasks that wait on their own stacks have run to their cycles, and their waits to the idle tasks'.
pub fn charge_waiting(kernel: &mut Kernel) {
    for (core, block) in state::core_blocks().iter_mut().enumerate() {
        kernel.tasks[core].cycles += core::mem::take(&mut block.waited) as u64;
        if block.idle != 0 && block.idle != IDLE_SOON as u32 {
            let task = unsafe { &mut *block.current };
            task.cycles += block.slept.wrapping_sub(task.since) as u64;
            task.since = block.slept;
        }
    }
}

/// Adds the time since it began to run to a task's cycles.
#[inline]
fn charge(kernel: &mut Kernel, task: u8, now: u32) {
    let task = &mut kernel.tasks[task as usize & 31];
    task.cycles += now.wrapping_sub(task.since) as u64;
}

/// Whether the wait of the calling task, just over, ended by its time.
pub fn timed_out(kernel: &Kernel) -> bool {
    kernel.tasks[kernel.current_index() as usize].timed_out
}

/// Wakes the tasks whose time has come; called at each tick.
pub fn wake_sleepers(kernel: &mut Kernel, now_us: u64) {
    if now_us < kernel.next_wake {
        return;
    }
    let mut next = NEVER;
    for task in 0..MAX_TASKS as u8 {
        let t = &mut kernel.tasks[task as usize & 31];
        if t.state != State::Blocked || t.wake_at == NEVER {
            continue;
        }
        if t.wake_at <= now_us {
            t.timed_out = true;
            wake(kernel, task);
        } else {
            next = next.min(t.wake_at);
        }
    }
    kernel.next_wake = next;
}

/// On both cores the end of a time slice, or of idleness while the other core has a task too many.
pub fn tick(kernel: &mut Kernel) {
    for core in 0..CORES {
        if !kernel.online[core] {
            continue;
        }
        let running = running_priority(kernel, core);
        let top = kernel.ready[core].top();
        if !cfg!(feature = "cooperative") && top.is_some_and(|top| top >= running.max(1)) {
            kernel.slice[core] = true;
            request(kernel, core);
        } else if running == IDLE_PRIORITY && stealable(kernel, core).is_some() {
            request(kernel, core);
        }
    }
}

/// The task that the core leaves may have been deleted by the other core.
#[inline]
fn leave_for_good(kernel: &mut Kernel, core: usize) {
    let from = kernel.current[core];
    if kernel.tasks[from as usize & 31].ending {
        crate::task::bury(kernel, from);
    }
}

/// Chooses the next task of a core and makes it current: its number, when it is another one.
pub fn choose(kernel: &mut Kernel, core: usize) -> Option<u8> {
    let core = core & 1;
    leave_for_good(kernel, core);
    kernel.resched[core] = false;
    let slice = core::mem::take(&mut kernel.slice[core]);
    let from = kernel.current[core];
    let from_state = kernel.tasks[from as usize & 31].state;
    let from_priority = kernel.tasks[from as usize & 31].priority;
    let is_idle = from as usize == core;
    if from_state == State::Running && !is_idle {
        let Some(top) = kernel.ready[core].top() else { return None };
        if top < from_priority || top == from_priority && !slice {
            return None;
        }
        kernel.tasks[from as usize & 31].state = State::Ready;
        kernel.tasks[from as usize & 31].core = core as u8;
        enqueue(kernel, core, from, from_priority, !slice);
    }
    let next = {
        let Kernel { ready, links, .. } = &mut *kernel;
        ready[core].pop(links)
    };
    let next = match next {
        Some(task) => task,
        None => steal(kernel, core).unwrap_or(core as u8),
    };
    if is_idle && from_state == State::Running && next != from {
        kernel.tasks[from as usize & 31].state = State::Ready;
    }
    let now = arch::ccount();
    kernel.tasks[next as usize & 31].state = State::Running;
    kernel.tasks[next as usize & 31].core = core as u8;
    if next == from {
        return None;
    }
    charge(kernel, from, now);
    kernel.tasks[next as usize & 31].since = now;
    kernel.tasks[next as usize & 31].on_cpu = core as u32 + 1;
    kernel.current[core] = next;
    kernel.switches[core] = kernel.switches[core].wrapping_add(1);
    let block = &mut state::core_blocks()[core];
    block.from = &raw mut kernel.tasks[from as usize & 31];
    block.to = &raw mut kernel.tasks[next as usize & 31];
    block.current = block.to;
    Some(next)
}

/// A task in the other core's queue that this core may run.
fn stealable(kernel: &Kernel, core: usize) -> Option<u8> {
    let other = 1 - core;
    if !cfg!(feature = "balance") || kernel.ready[other].is_empty() {
        return None;
    }
    let tasks = &kernel.tasks;
    kernel.ready[other].find(&kernel.links, |task| {
        let t = &tasks[task as usize];
        t.affinity == Affinity::Any && t.pinned == 0 && t.on_cpu == 0
    })
}

fn steal(kernel: &mut Kernel, core: usize) -> Option<u8> {
    let task = stealable(kernel, core)?;
    let other = 1 - core;
    let priority = kernel.tasks[task as usize & 31].priority;
    let Kernel { ready, links, .. } = kernel;
    ready[other].remove(links, task, priority);
    Some(task)
}

/// Switches if another task should run; the lock is held before and after, not in between.
pub fn switch_locked(kernel: &mut Guard) {
    let core = kernel.core();
    if choose(kernel, core).is_none() {
        return;
    }
    let block = &state::core_blocks()[core];
    let (from, to) = (block.from, block.to);
    state::release();
    unsafe { arch::arch_switch(from, to) };
    kernel.retake();
}

/// The other core may have deleted the calling task while it waited for the lock.
#[inline]
pub fn leave_if_dead(kernel: &mut Guard) {
    let t = state::core_blocks()[kernel.core()].current;
    if unsafe { (*t).state } == State::Dead {
        switch_locked(kernel);
    }
}

/// Leaves a task that is dead.
pub fn switch_away(mut kernel: Guard) {
    switch_locked(&mut kernel);
}

/// What arch_yield leaves to Rust: a higher priority, a request to choose again.
#[unsafe(no_mangle)]
extern "C" fn kernel_yield() {
    let mut kernel = state::lock();
    kernel.only_in_task("task::yield_now");
    let core = kernel.core();
    kernel.slice[core] = true;
    switch_locked(&mut kernel);
}

/// A task's own priority and what it inherits from those that wait for its mutexes.
pub fn set_priority_of_owner(kernel: &mut Kernel, task: u8) {
    let mut priority = kernel.tasks[task as usize & 31].base_priority;
    let mut mutex = kernel.tasks[task as usize & 31].held;
    while !mutex.is_null() {
        unsafe {
            priority = priority.max((*mutex).inherited(kernel));
            mutex = (*mutex).next_held();
        }
    }
    set_priority(kernel, task, priority);
}
