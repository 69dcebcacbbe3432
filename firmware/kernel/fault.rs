//! Faults and panics: one line that says what, the registers, a backtrace in ESP-IDF's form (tools decode it), then
//! both cores halt, unless the program's hook lets only the task die.

use crate::arch;
use crate::drivers::uart;
use crate::layout::*;
use crate::sched;
use crate::state::{self, CoreBlock};
use crate::task::{self, Task};
use core::fmt::{self, Write};
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Halt,
    /// End the faulting task; the rest goes on. Only for exceptions of tasks.
    KillTask,
}

/// What the hook is told.
pub struct Fault {
    pub core: usize,
    pub cause: u32,
    pub pc: u32,
    pub address: u32,
}

static HOOK: AtomicUsize = AtomicUsize::new(0);
static HALTING: AtomicU32 = AtomicU32::new(0);
static PANICKING: AtomicU32 = AtomicU32::new(0);
const MAX_DEPTH: usize = 24;
/// More than the heap's header between two stacks, less than a stack.
const STACK_GAP: usize = 64;

/// The hook runs in the fault handler: it must not block.
pub fn set_hook(hook: fn(&Fault) -> Action) {
    HOOK.store(hook as usize, Ordering::Release);
}

/// Output by polling, without locks: whoever held them may be dead.
struct Raw;

impl Write for Raw {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        uart::raw_puts(text);
        Ok(())
    }
}

macro_rules! raw {
    ($($part:tt)*) => { { let _ = writeln!(Raw, $($part)*); } };
}

fn cause_name(kind: usize, cause: u32) -> &'static str {
    match (kind, cause) {
        (FAULT_DOUBLE, _) => "DoubleException",
        (FAULT_DEBUG, _) => "Debug",
        (FAULT_NMI, _) => "NMI",
        (FAULT_LEVEL4, _) => "Level4Interrupt",
        (FAULT_LEVEL5, _) => "Level5Interrupt",
        (_, 0) => "IllegalInstruction",
        (_, 1) => "Syscall",
        (_, 2) => "InstructionFetchError",
        (_, 3) => "LoadStoreError",
        (_, 6) => "IntegerDivideByZero",
        (_, 9) => "LoadStoreAlignment",
        (_, 12..=19) => "BusError",
        (_, 20) => "InstFetchProhibited",
        (_, 28) => "LoadProhibited",
        (_, 29) => "StoreProhibited",
        (_, 32) => "Coprocessor0Disabled: FPU in an interrupt callback",
        _ => "Exception",
    }
}

/// From fault.S with the frame of the fault. Returns when the core shall leave the task (C_FROM) for C_TO.
#[unsafe(no_mangle)]
extern "C" fn kernel_fault(frame: *const u32, kind: usize) {
    let block = arch::core_block();
    let core = block.id as usize;
    let word = |offset: usize| unsafe { *frame.add(offset / 4) };
    let (cause, pc, address) = (word(F_EXCCAUSE), word(F_PC), word(F_EXCVADDR));
    let hook = HOOK.load(Ordering::Acquire);
    let mut action = Action::Halt;
    let in_task = kind == FAULT_EXCEPTION && block.nest == 1 && !block.current.is_null();
    if hook != 0 && in_task && PANICKING.load(Ordering::Relaxed) == 0 {
        let hook: fn(&Fault) -> Action = unsafe { core::mem::transmute(hook) };
        action = hook(&Fault { core, cause, pc, address });
    }
    let current = unsafe { block.current.as_ref() };
    let is_current_overrun = current.is_some_and(|task| is_beyond(task, word(F_A1) as usize, block.nest));
    if is_current_overrun || kernel_tasks().any(task::is_overrun) {
        // Whose memory lies below that stack is unknown.
        action = Action::Halt;
    }
    if action == Action::Halt {
        HALTING.store(1, Ordering::Release);
        crate::interrupt::signal(1 - core);
    }
    let name = current_name(block);
    // A panic has said what it is.
    if cause != 0 || kind != FAULT_EXCEPTION || PANICKING.load(Ordering::Relaxed) != core as u32 + 1 {
        raw!();
        let place = Place { block, in_interrupt: block.nest > 1 };
        let cause_name = cause_name(kind, cause);
        raw!("FAULT {place}: {cause_name} (cause {cause}) pc 0x{pc:08x} address 0x{address:08x}");
    }
    raw!("PC  {pc:08x} PS  {:08x} SAR {:08x} BR  {:08x}", word(F_PS), word(F_SAR), word(F_BR));
    for row in 0..4 {
        let a = |n: usize| word(F_A0 + 4 * (4 * row + n));
        let n = 4 * row;
        raw!(
            "A{:<2} {:08x} A{:<2} {:08x} A{:<2} {:08x} A{:<2} {:08x}",
            n, a(0), n + 1, a(1), n + 2, a(2), n + 3, a(3)
        );
    }
    raw!("LBEG {:08x} LEND {:08x} LCOUNT {:08x}", word(F_LBEG), word(F_LEND), word(F_LCOUNT));
    backtrace(pc, word(F_A0), word(F_A1), kind != FAULT_DOUBLE);
    report_overflows(if is_current_overrun { block.current } else { core::ptr::null() });
    if action == Action::Halt {
        halt_all();
    }
    raw!("Task '{name}' ended");
    let mut kernel = state::lock();
    let me = kernel.current[core];
    task::end(&mut kernel, me, usize::MAX);
    sched::choose(&mut kernel, core);
}

fn current_name(block: &CoreBlock) -> &'static str {
    if block.current.is_null() { "" } else { unsafe { (*block.current).name } }
}

/// Where something went wrong: task or interrupt.
struct Place<'a> {
    block: &'a CoreBlock,
    in_interrupt: bool,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let (core, name) = (self.block.id, current_name(self.block));
        if self.in_interrupt {
            write!(out, "in an interrupt of core {core} (task '{name}' interrupted)")
        } else {
            write!(out, "core {core} task '{name}'")
        }
    }
}

/// Without the lock, whose owner may be dead.
fn kernel_tasks() -> impl Iterator<Item = &'static Task> {
    state::tasks_unlocked().iter()
}

/// Whether code that faulted with stack pointer `sp`, no interrupt's, was below its task's stack.
fn is_beyond(task: &Task, sp: usize, nest: u32) -> bool {
    nest == 1 && !task.stack.is_null() && sp < task.stack as usize
}

/// A line for each stack that is overrun, `known` for one by its stack pointer. Not for those that lie right below one: it
/// has run through them.
fn report_overflows(known: *const Task) {
    let is_over = |task: &Task| task::is_overrun(task) || core::ptr::eq(task, known);
    for task in kernel_tasks().filter(|task| is_over(task)) {
        let end = task.stack as usize + task.stack_size;
        let above = end..end + STACK_GAP;
        if !kernel_tasks().any(|other| is_over(other) && above.contains(&(other.stack as usize))) {
            raw!("stack of task '{}' overflowed ({} bytes)", task.name, task.stack_size);
        }
    }
}

/// Halts: what lies below the stack of `task` is spoilt. Called by assembly, which leaves the task, on the fault stack.
#[unsafe(export_name = "kernel_stack_overflow")]
pub(crate) extern "C" fn stack_overflow(task: *const Task) -> ! {
    arch::mask();
    HALTING.store(1, Ordering::Release);
    crate::interrupt::signal(1 - arch::core_id());
    raw!();
    report_overflows(task);
    halt_all()
}

/// Walks the frames on the stack: a caller's a0 and a1 lie in the 16 bytes below the callee's stack pointer.
fn backtrace(pc: u32, a0: u32, sp: u32, walk: bool) {
    let _ = write!(Raw, "Backtrace: 0x{pc:08x}:0x{sp:08x}");
    let (mut return_to, mut sp) = (a0, sp);
    for _ in 0..MAX_DEPTH {
        let in_ram = (0x3ffae010..0x40000000).contains(&sp) && sp & 3 == 0;
        if !walk || return_to == 0 || !in_ram {
            break;
        }
        // The top two bits hold the call size; code lies in 0x40000000.. .
        let caller = (return_to & 0x3fff_ffff | 0x4000_0000) - 3;
        return_to = arch::read(sp as usize - 16);
        sp = arch::read(sp as usize - 12);
        let _ = write!(Raw, " 0x{caller:08x}:0x{sp:08x}");
    }
    raw!();
}

/// Stops both cores for good.
pub fn halt_all() -> ! {
    arch::mask();
    HALTING.store(1, Ordering::Release);
    crate::interrupt::signal(1 - arch::core_id());
    arch::halt()
}

/// After a cross-core interrupt. Also with the kernel locked: the core that asked takes no lock.
#[inline]
pub(crate) fn halt_if_asked() {
    if HALTING.load(Ordering::Relaxed) != 0 {
        arch::halt();
    }
}

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    arch::mask();
    let block = arch::core_block();
    PANICKING.store(block.id + 1, Ordering::Relaxed);
    raw!();
    raw!("PANIC {}: {info}", Place { block, in_interrupt: block.nest > 0 });
    // The exception's handler prints the registers and the backtrace, and halts.
    unsafe { arch::arch_illegal() }
}
