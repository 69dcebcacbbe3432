//! The kernel's state and its lock.

use crate::arch;
use crate::layout::*;
use crate::ready::{Links, MAX_TASKS, NONE, ReadyQueue};
use crate::sched;
use crate::spin::SpinLock;
use crate::task::{NEVER, Task, TaskId};
use core::cell::UnsafeCell;
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
    pub reserved: u32,
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
    assert!(size_of::<CoreBlock>() == C_SIZE);
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
#[unsafe(export_name = "kernel_state")]
static KERNEL: Shared<Kernel> = Shared(UnsafeCell::new(Kernel {
    here: 0,
    tasks: [const { Task::new() }; MAX_TASKS],
    links: Links::new(),
    ready: [const { ReadyQueue::new() }; CORES],
    current: [NONE; CORES],
    resched: [false; CORES],
    slice: [false; CORES],
    online: [false; CORES],
    next_wake: NEVER,
    order: 0,
    switches: [0; CORES],
}));

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
    reserved: 0,
};
static BLOCKS: Shared<[CoreBlock; CORES]> = Shared(UnsafeCell::new([BLOCK; CORES]));

pub fn core_blocks() -> &'static mut [CoreBlock; CORES] {
    unsafe { &mut *BLOCKS.0.get() }
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

/// The kernel, locked. Dropping it unlocks and, in a task that had no interrupts masked, switches if a task of
/// higher priority became ready.
pub struct Guard {
    ps: u32,
}

#[inline]
pub fn lock() -> Guard {
    let ps = LOCK.lock();
    let mut guard = Guard { ps };
    guard.here = (ps >> 31) as u8;
    guard
}

impl Guard {
    /// Unlocks the kernel but leaves interrupts masked; returns PS for `arch::unmask`.
    pub fn unlock_masked(self) -> u32 {
        let ps = self.ps;
        core::mem::forget(self);
        LOCK.unlock_masked();
        ps
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        let core = (self.ps >> 31) as usize;
        if self.resched[core] && self.ps & 0x1f == 0 && self.online[core] {
            self.switch_and_unlock();
            return;
        }
        LOCK.unlock(self.ps);
    }
}

impl Guard {
    #[cold]
    #[inline(never)]
    fn switch_and_unlock(&mut self) {
        sched::switch_locked(self);
        LOCK.unlock(self.ps);
    }
}

/// Unlocks for the time of a switch: between `release` and `retake` only masked code runs.
pub(crate) fn release() {
    LOCK.unlock_masked();
}

/// After a wait that cannot have changed the core.
#[inline]
pub(crate) fn retake_on(core: usize) {
    LOCK.lock_masked();
    unsafe { (*KERNEL.0.get()).here = core as u8 };
}

/// The task may have come to another core.
pub(crate) fn retake() {
    LOCK.lock_masked();
    unsafe { (*KERNEL.0.get()).here = arch::core_id() as u8 };
}

impl Deref for Guard {
    type Target = Kernel;
    fn deref(&self) -> &Kernel {
        unsafe { &*KERNEL.0.get() }
    }
}

impl DerefMut for Guard {
    fn deref_mut(&mut self) -> &mut Kernel {
        unsafe { &mut *KERNEL.0.get() }
    }
}

/// Whether the caller is a task that may block: no interrupt handler, interrupts not masked, scheduler running.
pub fn in_task() -> bool {
    let ps = arch::mask();
    let core = arch::core_id();
    let nest = core_blocks()[core].nest;
    let online = unsafe { (*KERNEL.0.get()).online[core] };
    let idle = unsafe { (*KERNEL.0.get()).current[core] as usize == core };
    arch::unmask(ps);
    ps & 0xf == 0 && nest == 0 && online && !idle
}
