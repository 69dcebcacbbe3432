//! A lock between the cores on S32C1I, held with interrupts masked.

use crate::arch;
use core::sync::atomic::{AtomicU32, Ordering};

#[repr(transparent)]
pub struct SpinLock {
    held: AtomicU32,
}

impl SpinLock {
    pub const fn new() -> Self {
        SpinLock { held: AtomicU32::new(0) }
    }

    /// Masks interrupts and takes the lock; returns PS for `unlock`. Not recursive.
    pub fn lock(&self) -> u32 {
        unsafe { arch::arch_lock(self.held.as_ptr()) }
    }

    pub fn unlock(&self, ps: u32) {
        unsafe { arch::arch_unlock(self.held.as_ptr(), ps) }
    }

    /// Takes the lock; interrupts are masked already.
    pub fn lock_masked(&self) {
        while self.held.compare_exchange(0, 1, Ordering::Acquire, Ordering::Relaxed).is_err() {}
    }

    pub fn unlock_masked(&self) {
        self.held.store(0, Ordering::Release);
    }
}
