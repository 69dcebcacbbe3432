//! The kernel's state and its lock.

use crate::arch;
use crate::layout::*;
use crate::ready::{Links, MAX_TASKS, NONE, ReadyQueue};
use crate::sched;
use crate::spin::SpinLock;
use crate::task::{NEVER, Task, TaskId};
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};

pub const CORES: usize = 2;

/// One for each core, found through MISC0.
#[repr(C)]
pub struct CoreBlock {
    /// Interrupts and faults that are being handled, one inside the other.
    pub nest: u32,
    pub isr_stack: usize,
    pub from: *mut Task,
    pub to: *mut Task,
    pub current: *mut Task,
    /// Task whose state is in this core's FPU.
    pub fpu_owner: *mut Task,
    pub id: u32,
    pub fault_frame: *mut u32,
    pub fault_stack: usize,
    /// See frame.h: a blocked task waits on its own stack.
    pub idle: u32,
    pub ready: *mut ReadyQueue,
    /// Register that raises this core's cross-core interrupt, or takes it back.
    pub signal: usize,
    /// CCOUNT when a task began to wait on its own stack, and when the core was woken last.
    pub slept: u32,
    pub woken: u32,
    /// Cycles of such waits that the idle task's cycles do not have yet.
    pub waited: u32,
    /// Times that `kernel_interrupt` was called.
    pub interrupts: u32,
}

const _: () = {
    assert!(core::mem::offset_of!(CoreBlock, nest) == C_NEST);
    assert!(core::mem::offset_of!(CoreBlock, isr_stack) == C_ISR_STACK);
    assert!(core::mem::offset_of!(CoreBlock, from) == C_FROM);
    assert!(core::mem::offset_of!(CoreBlock, to) == C_TO);
    assert!(core::mem::offset_of!(CoreBlock, current) == C_CURRENT);
    assert!(core::mem::offset_of!(CoreBlock, fpu_owner) == C_FPU_OWNER);
    assert!(core::mem::offset_of!(CoreBlock, id) == C_ID);
    assert!(core::mem::offset_of!(CoreBlock, fault_frame) == C_FAULT_FRAME);
    assert!(core::mem::offset_of!(CoreBlock, fault_stack) == C_FAULT_STACK);
    assert!(core::mem::offset_of!(CoreBlock, idle) == C_IDLE);
    assert!(core::mem::offset_of!(CoreBlock, ready) == C_READY);
    assert!(core::mem::offset_of!(CoreBlock, signal) == C_SIGNAL);
    assert!(core::mem::offset_of!(CoreBlock, slept) == C_SLEPT);
    assert!(core::mem::offset_of!(CoreBlock, woken) == C_WOKEN);
    assert!(size_of::<CoreBlock>() == C_SIZE);
    assert!(core::mem::offset_of!(Kernel, here) == K_HERE);
    assert!(core::mem::offset_of!(Kernel, current) == K_CURRENT);
    assert!(core::mem::offset_of!(Kernel, resched) == K_RESCHED);
    assert!(core::mem::offset_of!(Kernel, slice) == K_SLICE);
    assert!(core::mem::offset_of!(Kernel, switches) == K_SWITCHES);
    assert!(core::mem::offset_of!(Kernel, links) == K_NEXT);
    assert!(K_PREVIOUS == K_NEXT + MAX_TASKS);
    assert!(core::mem::offset_of!(Kernel, tasks) == K_TASKS);
    assert!(core::mem::offset_of!(ReadyQueue, occupied) == R_OCCUPIED);
    assert!(core::mem::offset_of!(ReadyQueue, head) == R_HEAD);
    assert!(core::mem::offset_of!(ReadyQueue, tail) == R_TAIL);
};

/// arch_yield knows this layout (frame.h).
#[repr(C)]
pub struct Kernel {
    /// Core that holds the lock.
    pub here: u8,
    /// Numbers of the running tasks.
    pub current: [u8; CORES],
    /// The core should choose again; `slice`: its task has used its time.
    pub resched: [bool; CORES],
    pub slice: [bool; CORES],
    /// Cores that schedule.
    pub online: [bool; CORES],
    /// Context switches by core.
    pub switches: [u32; CORES],
    pub order: u32,
    /// Earliest wake_at of all tasks.
    pub next_wake: u64,
    pub links: Links,
    pub ready: [ReadyQueue; CORES],
    pub tasks: [Task; MAX_TASKS],
}

#[repr(transparent)]
struct Shared<T>(UnsafeCell<T>);
unsafe impl<T> Sync for Shared<T> {}

#[unsafe(export_name = "kernel_lock")]
static LOCK: SpinLock = SpinLock::new();
/// In .bss, so that it takes no place in the image: `init` fills it.
#[unsafe(export_name = "kernel_state")]
static KERNEL: Shared<MaybeUninit<Kernel>> = Shared(UnsafeCell::new(MaybeUninit::uninit()));

fn kernel() -> *mut Kernel {
    KERNEL.0.get().cast()
}

/// On PRO_CPU, with .bss cleared, before anything else of the kernel.
pub(crate) fn init() {
    let kernel = unsafe { &mut *kernel() };
    kernel.current = [NONE; CORES];
    kernel.next_wake = NEVER;
    kernel.links = Links::new();
    kernel.ready = [const { ReadyQueue::new() }; CORES];
    for task in &mut kernel.tasks {
        *task = Task::new();
    }
}

const BLOCK: CoreBlock = CoreBlock {
    nest: 0,
    isr_stack: 0,
    from: core::ptr::null_mut(),
    to: core::ptr::null_mut(),
    current: core::ptr::null_mut(),
    fpu_owner: core::ptr::null_mut(),
    id: 0,
    fault_frame: core::ptr::null_mut(),
    fault_stack: 0,
    idle: 0,
    ready: core::ptr::null_mut(),
    signal: 0,
    slept: 0,
    woken: 0,
    waited: 0,
    interrupts: 0,
};
static BLOCKS: Shared<[CoreBlock; CORES]> = Shared(UnsafeCell::new([BLOCK; CORES]));

pub fn core_blocks() -> &'static mut [CoreBlock; CORES] {
    unsafe { &mut *BLOCKS.0.get() }
}

/// For fault dumps: whoever holds the lock may be dead.
pub(crate) fn tasks_unlocked() -> &'static [Task; MAX_TASKS] {
    unsafe { &(*kernel()).tasks }
}

impl Kernel {
    /// Number of the task that runs on this core.
    pub fn current_index(&self) -> u8 {
        self.current[self.here as usize & 1]
    }

    pub fn find(&self, id: TaskId) -> Option<u8> {
        let task = self.tasks.get(id.index as usize)?;
        (task.generation == id.generation).then_some(id.index)
    }
}

#[cold]
#[inline(never)]
fn in_callback(name: &str) -> ! {
    panic!("{name} must not be called in an interrupt callback")
}

/// The kernel, locked. Dropping it unlocks and, in a task that had no interrupts masked, switches if a task of
/// higher priority became ready.
pub struct Guard {
    ps: u32,
}

#[inline]
pub fn lock() -> Guard {
    Guard { ps: unsafe { arch::kernel_lock_take() } }
}

impl Guard {
    /// The core that holds the lock.
    #[inline]
    pub fn core(&self) -> usize {
        (self.ps >> 31) as usize
    }

    /// Panics in an interrupt callback, where `name` would block the interrupted task or act for it.
    #[inline(always)]
    pub fn only_in_task(&self, name: &str) {
        if core_blocks()[self.core()].nest != 0 {
            in_callback(name);
        }
    }

    /// Unlocks the kernel but leaves interrupts masked; returns PS for `arch::unmask`.
    pub fn unlock_masked(self) -> u32 {
        let ps = self.ps;
        core::mem::forget(self);
        LOCK.unlock_masked();
        ps
    }

    /// After a switch: the task may have come to another core.
    pub(crate) fn retake(&mut self) {
        let core = arch::core_id();
        LOCK.lock_masked();
        self.here = core as u8;
        self.ps = self.ps & !(1 << 31) | (core as u32) << 31;
    }

}

impl Drop for Guard {
    #[inline]
    fn drop(&mut self) {
        unsafe { arch::kernel_lock_give(self.ps) }
    }
}

/// From kernel_lock_give. Returns the PS anew: after a switch the task may have come to another core.
#[unsafe(no_mangle)]
extern "C" fn kernel_switch_if_asked(ps: u32) -> u32 {
    let mut kernel = Guard { ps };
    if ps & 0x1f == 0 && kernel.online[kernel.core()] {
        sched::switch_locked(&mut kernel);
    }
    let ps = kernel.ps;
    core::mem::forget(kernel);
    ps
}

/// Unlocks for the time of a switch: between `release` and `retake` only masked code runs.
pub(crate) fn release() {
    LOCK.unlock_masked();
}

impl Deref for Guard {
    type Target = Kernel;
    fn deref(&self) -> &Kernel {
        unsafe { &*kernel() }
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Kernel {
        unsafe { &mut *kernel() }
    }
}

/// Whether the caller is a task that may block: no interrupt handler, interrupts not masked, scheduler running.
pub fn in_task() -> bool {
    let ps = arch::mask();
    let core = arch::core_id();
    let nest = core_blocks()[core].nest;
    let online = unsafe { (*kernel()).online[core] };
    let idle = unsafe { (*kernel()).current[core] as usize == core };
    arch::unmask(ps);
    ps & 0xf == 0 && nest == 0 && online && !idle
}
