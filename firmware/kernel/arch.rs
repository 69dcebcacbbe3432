//! What firmware/arch provides to Rust, and register access.

use crate::state::CoreBlock;
use crate::task::Task;

unsafe extern "C" {
    pub fn arch_init(block: *mut CoreBlock);
    pub fn arch_clear_bss();
    fn arch_mask() -> u32;
    fn arch_unmask(ps: u32);
    pub fn arch_lock(lock: *const u32) -> u32;
    pub fn arch_unlock(lock: *const u32, ps: u32);
    fn arch_ccount() -> u32;
    fn arch_core() -> *mut CoreBlock;
    fn arch_core_id() -> u32;
    pub fn arch_interrupt_enable(mask: u32);
    pub fn arch_interrupt_disable(mask: u32);
    pub fn arch_interrupt_clear(mask: u32);
    pub fn arch_interrupts() -> u32;
    pub fn arch_ccompare0(at: u32);
    pub fn arch_idle();
    pub fn arch_halt() -> !;
    pub fn arch_illegal() -> !;
    pub fn arch_break();
    pub fn arch_yield();
    pub fn arch_wait(block: *mut CoreBlock);
    pub fn kernel_lock_take() -> u32;
    pub fn kernel_lock_give(ps: u32);
    pub fn arch_switch(from: *mut Task, to: *mut Task);
    pub fn arch_start(first: *mut Task) -> !;
}

/// Raises PS.INTLEVEL to 3, which masks every interrupt that runs Rust; returns PS for `unmask`.
#[inline]
pub fn mask() -> u32 {
    unsafe { arch_mask() }
}

/// Writes PS with what `mask` returned: interrupts as before. `mask` and `unmask` on the same core, so no wait in between.
#[inline]
pub fn unmask(ps: u32) {
    unsafe { arch_unmask(ps) }
}

/// CCOUNT: CPU cycles, wraps after 17.9 s at 240 MHz. The cores' counts differ.
#[inline]
pub fn ccount() -> u32 {
    unsafe { arch_ccount() }
}

/// 0: PRO_CPU, 1: APP_CPU. A task may be moved by the time the caller uses it unless interrupts are masked.
#[inline]
pub fn core_id() -> usize {
    unsafe { arch_core_id() as usize }
}

/// The block of the core that calls, by MISC0. Only with interrupts masked or in a callback: a task may be moved.
#[inline]
pub fn core_block() -> &'static mut CoreBlock {
    unsafe { &mut *arch_core() }
}

/// Stops this core for good (WAITI 15, PS.INTLEVEL 15); the other one goes on. `fault::halt_all` stops both.
#[inline]
pub fn halt() -> ! {
    unsafe { arch_halt() }
}

/// Reads the 32-bit register at `address`, a multiple of 4. Not for DPORT.
#[inline]
pub fn read(address: usize) -> u32 {
    unsafe { (address as *const u32).read_volatile() }
}

/// Writes the 32-bit register at `address`, a multiple of 4.
#[inline]
pub fn write(address: usize, value: u32) {
    unsafe { (address as *mut u32).write_volatile(value) }
}

/// Read, clear the bits of `clear`, set those of `set`, write.
#[inline]
pub fn modify(address: usize, clear: u32, set: u32) {
    write(address, read(address) & !clear | set);
}
