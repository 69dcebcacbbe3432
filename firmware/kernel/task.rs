//! Tasks: creation, end, and what a task can ask for itself.

use crate::heap;
use crate::layout::*;
use crate::ready::MAX_TASKS;
use crate::sched;
use crate::state::{self, Kernel};
use core::sync::atomic::{AtomicU32, Ordering};

pub type Entry = extern "C" fn(usize);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum State {
    Free,
    Ready,
    Running,
    /// Waits for a semaphore, mutex, queue, task or time.
    Blocked,
    /// Ended; its stack is freed once no core runs on it.
    Dead,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Affinity {
    Core(u8),
    Any,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TaskError {
    /// All MAX_TASKS are in use.
    TooManyTasks,
    NoMemory,
    /// Priorities of tasks are 1..=31.
    BadPriority,
    NoSuchTask,
    /// Cores are 0 and 1.
    NoSuchCore,
    /// A task cannot wait for its own end.
    JoinsItself,
}

/// Number and generation: stays invalid after the task has ended and its place is used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TaskId {
    pub(crate) index: u8,
    pub(crate) generation: u16,
}

impl TaskId {
    pub fn number(self) -> usize {
        self.index as usize
    }
}

#[repr(C)]
pub struct Task {
    pub sp: usize,
    /// Core + 1 while a core runs on this task's stack, else 0. Cleared by assembly.
    pub on_cpu: u32,
    /// Core + 1 once the task has used the FPU: its state may be in that core's registers.
    pub pinned: u32,
    pub fpu: [u32; 18],
    /// CCOUNT when it began to run, and CPU cycles it has run before.
    pub since: u32,
    pub cycles: u64,
    pub state: State,
    pub priority: u8,
    pub base_priority: u8,
    pub affinity: Affinity,
    /// Core whose ready queue it is in or was in last.
    pub core: u8,
    pub timed_out: bool,
    pub generation: u16,
    /// Deleted, but the other core has yet to leave it.
    pub ending: bool,
    /// See `woken_from`: a semaphore's unit came with the wake-up.
    pub has_unit: bool,
    pub name: &'static str,
    pub stack: *mut u8,
    pub stack_size: usize,
    /// Queue of waiting tasks that it was woken from, until it runs again: if it ends before, others must be woken.
    pub woken_from: *mut u32,
    /// Time in microseconds at which a wait ends, or NEVER.
    pub wake_at: u64,
    /// Order of beginning to wait: first come, first served within a priority.
    pub wait_order: u32,
    /// Queue of waiting tasks that it is in.
    pub waiting_in: *mut u32,
    /// Mutex it waits for, and the first of those it holds.
    pub blocked_on: *const crate::mutex::RawMutex,
    pub held: *const crate::mutex::RawMutex,
    pub joiners: u32,
    pub exit_code: usize,
    pub entry: Option<Entry>,
    pub argument: usize,
}

pub const NEVER: u64 = u64::MAX;
pub const MIN_STACK: usize = 1024;

const _: () = {
    assert!(core::mem::offset_of!(Task, sp) == T_SP);
    assert!(core::mem::offset_of!(Task, on_cpu) == T_ON_CPU);
    assert!(core::mem::offset_of!(Task, pinned) == T_PINNED);
    assert!(core::mem::offset_of!(Task, fpu) == T_FPU);
    assert!(core::mem::offset_of!(Task, since) == T_SINCE);
    assert!(core::mem::offset_of!(Task, cycles) == T_CYCLES);
    assert!(core::mem::offset_of!(Task, state) == T_STATE);
    assert!(core::mem::offset_of!(Task, priority) == T_PRIORITY);
    assert!(core::mem::offset_of!(Task, stack) == T_STACK);
    assert!(STACK_WORD == usize::from_ne_bytes([STACK_FILL; 4]));
    assert!(size_of::<Task>() == T_SIZE);
    assert!(State::Ready as usize == STATE_READY && State::Running as usize == STATE_RUNNING);
};

impl Task {
    pub const fn new() -> Self {
        Task {
            sp: 0,
            on_cpu: 0,
            pinned: 0,
            fpu: [0; 18],
            state: State::Free,
            priority: 0,
            base_priority: 0,
            affinity: Affinity::Any,
            core: 0,
            timed_out: false,
            generation: 0,
            ending: false,
            has_unit: false,
            name: "",
            stack: core::ptr::null_mut(),
            stack_size: 0,
            woken_from: core::ptr::null_mut(),
            wake_at: NEVER,
            wait_order: 0,
            waiting_in: core::ptr::null_mut(),
            blocked_on: core::ptr::null(),
            held: core::ptr::null(),
            joiners: 0,
            exit_code: 0,
            entry: None,
            argument: 0,
            cycles: 0,
            since: 0,
        }
    }
}

/// Where the search for a free place begins.
static NEXT_PLACE: AtomicU32 = AtomicU32::new(0);

/// Creates a task that is ready at once. `priority` 1 (lowest) to 31, `stack_size` in bytes, at least 1024 (MIN_STACK) are
/// taken from the heap; 32 tasks with an idle task for each core. A stack that overflows halts the system with a line that
/// names the task, when the task is left.
pub fn spawn(
    name: &'static str,
    priority: u8,
    affinity: Affinity,
    stack_size: usize,
    entry: Entry,
    argument: usize,
) -> Result<TaskId, TaskError> {
    if priority == 0 || priority > 31 {
        return Err(TaskError::BadPriority);
    }
    if matches!(affinity, Affinity::Core(core) if core as usize >= state::CORES) {
        return Err(TaskError::NoSuchCore);
    }
    reap();
    let size = (stack_size.max(MIN_STACK) + 15) & !15;
    // Under the lock, so that a caller who is deleted meanwhile leaves no stack without a task.
    let mut kernel = state::lock();
    // The place that is free for longest, roughly: a task that has ended can be joined until its place is used again.
    let first = NEXT_PLACE.load(Ordering::Relaxed) as usize;
    let mut places = (0..MAX_TASKS).map(|i| (first + i) % MAX_TASKS);
    let Some(index) = places.find(|&i| kernel.tasks[i].state == State::Free) else {
        return Err(TaskError::TooManyTasks);
    };
    let stack = heap::allocate(size, 16);
    if stack.is_null() {
        return Err(TaskError::NoMemory);
    }
    NEXT_PLACE.store(index as u32 + 1, Ordering::Relaxed);
    prepare(&mut kernel, index, name, priority, affinity, (stack, size), entry, argument);
    let generation = kernel.tasks[index].generation;
    sched::make_ready(&mut kernel, index as u8);
    Ok(TaskId { index: index as u8, generation })
}

/// Fills a free place; the first frame enters `task_start` as if by CALL4.
#[allow(clippy::too_many_arguments)]
pub(crate) fn prepare(
    kernel: &mut Kernel,
    index: usize,
    name: &'static str,
    priority: u8,
    affinity: Affinity,
    (stack, size): (*mut u8, usize),
    entry: Entry,
    argument: usize,
) {
    let generation = kernel.tasks[index].generation.wrapping_add(1);
    let task = &mut kernel.tasks[index];
    *task = Task::new();
    task.generation = generation;
    task.name = name;
    task.priority = priority;
    task.base_priority = priority;
    task.affinity = affinity;
    task.core = if let Affinity::Core(core) = affinity { core & 1 } else { 0 };
    task.stack_size = size;
    task.entry = Some(entry);
    task.argument = argument;
    unsafe {
        core::ptr::write_bytes(stack, STACK_FILL, size);
        task.stack = stack;
        let top = stack as usize + size - 32;
        let frame = top - FRAME_SIZE;
        core::ptr::write_bytes(frame as *mut u8, 0, FRAME_SIZE + 32);
        let put = |offset: usize, value: usize| ((frame + offset) as *mut usize).write(value);
        put(F_KIND, 1);
        put(F_PC, task_start as usize);
        put(F_PS, PS_TASK | 1 << 16);
        put(F_A1, top);
        put(F_A6, index);
        task.sp = frame;
    }
}

const STACK_FILL: u8 = 0xa5;

/// Bytes of the stack that were never used.
pub fn stack_left(task: &Task) -> usize {
    if task.stack.is_null() {
        return 0;
    }
    (0..task.stack_size).take_while(|&i| unsafe { *task.stack.add(i) } == STACK_FILL).count()
}

/// Whether the end of a stack is not as at first. The frames of running code may go beyond it and leave it out.
#[inline]
pub(crate) fn is_overrun(task: &Task) -> bool {
    !task.stack.is_null() && unsafe { task.stack.cast::<usize>().read_volatile() } != STACK_WORD
}

extern "C" fn task_start(index: usize) -> ! {
    let (entry, argument) = {
        let kernel = state::lock();
        (kernel.tasks[index].entry, kernel.tasks[index].argument)
    };
    if let Some(entry) = entry {
        entry(argument);
    }
    exit(0)
}

/// Ends the calling task; those that join it get `code`.
pub fn exit(code: usize) -> ! {
    let mut kernel = state::lock();
    kernel.only_in_task("task::exit");
    sched::leave_if_dead(&mut kernel);
    let me = kernel.current_index();
    end(&mut kernel, me, code);
    sched::switch_away(kernel);
    unreachable!()
}

/// Makes a task dead: out of all queues, and when no other core runs it, buried.
pub(crate) fn end(kernel: &mut Kernel, index: u8, code: usize) {
    let i = index as usize;
    if kernel.tasks[i].state == State::Dead {
        return;
    }
    let blocked_on = kernel.tasks[i].blocked_on;
    sched::forget(kernel, index);
    kernel.tasks[i].state = State::Dead;
    kernel.tasks[i].exit_code = code;
    if !blocked_on.is_null() {
        unsafe { (*blocked_on).waiter_left(kernel) };
    }
    sched::pass_on(kernel, index);
    let other = 1 - kernel.here as usize & 1;
    if kernel.current[other] == index {
        kernel.tasks[i].ending = true;
        sched::request(kernel, other);
    } else {
        bury(kernel, index);
    }
}

/// Of a dead task that no core runs any more: its mutexes are released, its joiners woken.
pub(crate) fn bury(kernel: &mut Kernel, index: u8) {
    let i = index as usize;
    kernel.tasks[i].ending = false;
    while !kernel.tasks[i].held.is_null() {
        let mutex = kernel.tasks[i].held;
        unsafe { (*mutex).release(kernel, index) };
    }
    DEAD.fetch_or(1 << i, Ordering::Relaxed);
    for block in state::core_blocks() {
        if core::ptr::eq(block.fpu_owner, &kernel.tasks[i]) {
            block.fpu_owner = core::ptr::null_mut();
        }
    }
    let joiners = core::mem::take(&mut kernel.tasks[i].joiners);
    for task in 0..MAX_TASKS as u8 {
        if joiners >> task & 1 != 0 {
            // Its own code is not needed yet, and this task's place may be used again before it runs.
            kernel.tasks[task as usize].exit_code = kernel.tasks[i].exit_code;
            sched::wake(kernel, task);
        }
    }
}

/// Ends another task (or the caller); not from interrupt callbacks. A task that runs on the other core stops at its next
/// interrupt there, for which `delete` does not wait; `join` does. Mutexes of the task are free once it has stopped; what
/// they guard may be half changed. A semaphore's unit or a place in a queue that it was woken for and has not seen yet
/// goes to the next task that waits.
pub fn delete(id: TaskId) -> Result<(), TaskError> {
    let mut kernel = state::lock();
    kernel.only_in_task("task::delete");
    let task = kernel.find(id).ok_or(TaskError::NoSuchTask)?;
    if matches!(kernel.tasks[task as usize].state, State::Dead | State::Free) {
        return Ok(());
    }
    let running = kernel.tasks[task as usize].on_cpu;
    end(&mut kernel, task, usize::MAX);
    if task == kernel.current_index() {
        sched::switch_away(kernel);
    } else if running != 0 {
        sched::request(&mut kernel, running as usize - 1);
    }
    Ok(())
}

/// Waits until a task has ended and stopped; its exit code, usize::MAX of a deleted one. A dead task can be joined as
/// long as its place is not used again. The caller itself: an error.
pub fn join(id: TaskId) -> Result<usize, TaskError> {
    let mut kernel = state::lock();
    kernel.only_in_task("task::join");
    let task = kernel.find(id).ok_or(TaskError::NoSuchTask)?;
    let Task { state, ending, .. } = kernel.tasks[task as usize];
    if ending || !matches!(state, State::Dead | State::Free) {
        let me = kernel.current_index();
        if task == me {
            return Err(TaskError::JoinsItself);
        }
        kernel.tasks[task as usize].joiners |= 1 << me;
        let waiting: *mut u32 = &mut kernel.tasks[task as usize].joiners;
        kernel = sched::block(kernel, waiting, NEVER);
        return Ok(kernel.tasks[me as usize].exit_code);
    }
    Ok(kernel.tasks[task as usize].exit_code)
}

/// Lets other ready tasks of the same or a higher priority run.
#[inline]
pub fn yield_now() {
    unsafe { crate::arch::arch_yield() }
}

/// Sleeps until `ms` milliseconds have passed, rounded up to the tick (1 ms). Reads the time: TIMG0 T0UPDATE, T0LO, T0HI.
pub fn sleep_ms(ms: u32) {
    sleep(crate::time::now_us() + ms as u64 * 1000, "task::sleep_ms");
}

/// Sleeps until `us` have passed, rounded up to the tick (1 ms).
pub fn sleep_us(us: u64) {
    sleep(crate::time::now_us() + us, "task::sleep_us");
}

/// Sleeps until `time::now_us` has reached `at_us` microseconds: until the first tick (1 ms) then. Keeps a period.
pub fn sleep_until(at_us: u64) {
    sleep(at_us, "task::sleep_until");
}

fn sleep(at_us: u64, name: &str) {
    let kernel = state::lock();
    kernel.only_in_task(name);
    drop(sched::block(kernel, core::ptr::null_mut(), at_us));
}

/// The calling task.
pub fn current() -> TaskId {
    let kernel = state::lock();
    let index = kernel.current_index();
    TaskId { index, generation: kernel.tasks[index as usize].generation }
}

/// Calls `f` for each task that exists, with the kernel locked: do not print in it.
pub fn for_each(mut f: impl FnMut(usize, &Task)) {
    let mut kernel = state::lock();
    sched::charge_waiting(&mut kernel);
    for (index, task) in kernel.tasks.iter().enumerate() {
        if task.state != State::Free {
            f(index, task);
        }
    }
}

/// Priority with what it inherits, for tests and the shell.
pub fn priority_of(id: TaskId) -> Option<u8> {
    let kernel = state::lock();
    kernel.find(id).map(|task| kernel.tasks[task as usize].priority)
}

/// Tasks that are dead and keep their stack and place.
static DEAD: AtomicU32 = AtomicU32::new(0);

/// Frees the stacks and places of dead tasks that nobody runs on.
pub fn reap() {
    let mut left = DEAD.load(Ordering::Relaxed);
    while left != 0 {
        let index = crate::bits::low_bit(left);
        left &= left - 1;
        let mut kernel = state::lock();
        let task = &mut kernel.tasks[index];
        if task.state != State::Dead || unsafe { (&raw const task.on_cpu).read_volatile() } != 0 {
            continue;
        }
        task.state = State::Free;
        heap::free(core::mem::replace(&mut task.stack, core::ptr::null_mut()));
        DEAD.fetch_and(!(1 << index), Ordering::Relaxed);
    }
}
