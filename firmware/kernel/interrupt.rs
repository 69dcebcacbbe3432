//! Interrupts: callbacks for the CPU interrupts of levels 1 to 3, routing through the interrupt matrix, and the
//! interrupt between the cores. Callbacks run at INTLEVEL 3 on the core's interrupt stack and must not block, nor use the
//! FPU, which holds the registers of a task: its use there is a fault that halts.

use crate::arch;
use crate::layout::*;
use crate::sched;
use crate::state::{self, CORES};
use core::cell::UnsafeCell;

pub type Callback = fn(usize);

struct Table(UnsafeCell<[[Option<(Callback, usize)>; 32]; CORES]>);
unsafe impl Sync for Table {}
static CALLBACKS: Table = Table(UnsafeCell::new([[None; 32]; CORES]));

/// CPU interrupts that `attach` gives out: external, level-triggered, level 1.
const FREE: [u8; 11] = [0, 2, 3, 4, 5, 8, 9, 12, 13, 17, 18];
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InterruptError {
    /// All interrupts of the core are taken.
    NoneFree,
}

/// Calls `callback(argument)` for CPU interrupt `number` of this core and enables it (INTENABLE).
pub fn register(number: u32, callback: Callback, argument: usize) {
    let kernel = state::lock();
    let core = kernel.here as usize & 1;
    unsafe { (*CALLBACKS.0.get())[core][number as usize & 31] = Some((callback, argument)) };
    unsafe { arch::arch_interrupt_enable(1 << number) };
}

/// Routes a peripheral interrupt source (ETS_..._INTR_SOURCE) to a free CPU interrupt of this core, whose number is
/// returned. Writes the source's map register of the core.
pub fn attach(source: usize, callback: Callback, argument: usize) -> Result<u32, InterruptError> {
    let kernel = state::lock();
    let core = kernel.here as usize & 1;
    let table = unsafe { &mut (*CALLBACKS.0.get())[core] };
    let free = FREE.iter().find(|&&number| table[number as usize].is_none());
    let Some(&number) = free else { return Err(InterruptError::NoneFree) };
    table[number as usize] = Some((callback, argument));
    route(core, source, number as u32);
    unsafe { arch::arch_interrupt_enable(1 << number) };
    Ok(number as u32)
}

/// Takes back what `attach` gave on this core: afterwards its callback is not called, and the CPU interrupt is free.
/// Writes the source's map register of the core.
pub fn detach(source: usize, number: u32) {
    let kernel = state::lock();
    let core = kernel.here as usize & 1;
    route(core, source, INTR_MAP_DISABLED as u32);
    unsafe { arch::arch_interrupt_disable(1 << number) };
    unsafe { (*CALLBACKS.0.get())[core][number as usize & 31] = None };
}

fn route(core: usize, source: usize, number: u32) {
    let base = if core == 0 { DPORT_PRO_MAC_INTR_MAP } else { DPORT_APP_MAC_INTR_MAP };
    arch::write(base + 4 * source, number);
}

pub(crate) fn signal_register(core: usize) -> usize {
    DPORT_CPU_INTR_FROM_CPU_0 + 4 * core
}

/// Raises the cross-core interrupt of `core`, whose scheduler then chooses again.
#[inline]
pub fn signal(core: usize) {
    arch::write(signal_register(core), 1);
}

/// Interrupts that this core's handlers were called for, the cross-core interrupt that ends a wait not among them.
#[inline]
pub fn count(core: usize) -> u32 {
    unsafe { (&raw const state::core_blocks()[core & 1].interrupts).read_volatile() }
}

fn cross_core(core: usize) {
    arch::write(signal_register(core), 0);
    crate::fault::halt_if_asked();
}

/// Disconnects all sources of this core and installs the cross-core interrupt.
pub(crate) fn init(core: usize) {
    for source in 0..69 {
        route(core, source, INTR_MAP_DISABLED as u32);
    }
    arch::write(signal_register(core), 0);
    register(CROSS_CORE as u32, cross_core, core);
    route(core, ETS_FROM_CPU_INTR0_SOURCE + core, CROSS_CORE as u32);
}

/// From interrupt.S with the interrupts that are pending and enabled: 1 when the core shall switch tasks.
#[unsafe(no_mangle)]
extern "C" fn kernel_interrupt(pending: u32) -> u32 {
    let block = arch::core_block();
    let core = block.id as usize;
    block.interrupts = block.interrupts.wrapping_add(1);
    let mut left = pending & LOW_INTERRUPTS as u32;
    while left != 0 {
        let number = crate::bits::low_bit(left);
        left &= left - 1;
        match unsafe { (*CALLBACKS.0.get())[core & 1][number & 31] } {
            Some((callback, argument)) => callback(argument),
            None => unsafe { arch::arch_interrupt_disable(1u32 << number) },
        }
    }
    if block.idle != 0 {
        return 0;
    }
    let mut kernel = state::lock();
    let switch = block.nest == 1
        && kernel.resched[core]
        && kernel.online[core]
        && sched::choose(&mut kernel, core).is_some();
    switch as u32
}
