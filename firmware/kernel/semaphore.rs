//! Counting semaphore. `give` may be called from an interrupt callback.

use crate::sched;
use crate::state;
use crate::task::NEVER;
use core::cell::UnsafeCell;

/// `sched::pass_on` knows that `count` follows `waiting`.
#[repr(C)]
pub struct Semaphore {
    waiting: UnsafeCell<u32>,
    count: UnsafeCell<u32>,
}

unsafe impl Sync for Semaphore {}

impl Semaphore {
    pub const fn new(count: u32) -> Self {
        Semaphore { count: UnsafeCell::new(count), waiting: UnsafeCell::new(0) }
    }

    pub fn take(&self) {
        self.wait(NEVER, "Semaphore::take");
    }

    /// False when `until_us` came first.
    pub fn take_until(&self, until_us: u64) -> bool {
        self.wait(until_us, "Semaphore::take_until")
    }

    #[inline(always)]
    fn wait(&self, until_us: u64, name: &str) -> bool {
        let kernel = state::lock();
        kernel.only_in_task(name);
        unsafe {
            if *self.count.get() > 0 {
                *self.count.get() -= 1;
                return true;
            }
        }
        let kernel = sched::block(kernel, self.waiting.get(), until_us);
        !sched::timed_out(&kernel)
    }

    pub fn try_take(&self) -> bool {
        let _kernel = state::lock();
        unsafe {
            let free = *self.count.get() > 0;
            *self.count.get() -= free as u32;
            free
        }
    }

    /// Hands the unit to the first waiting task, else counts it.
    pub fn give(&self) {
        let mut kernel = state::lock();
        match sched::first_waiting(&kernel, unsafe { *self.waiting.get() }) {
            Some(task) => sched::wake_from(&mut kernel, task, self.waiting.get(), true),
            None => unsafe { *self.count.get() += 1 },
        }
    }
}
