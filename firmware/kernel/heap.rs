//! The kernel's heap: an `Allocator` under a lock between the cores.

use crate::allocator::{Allocator, GRAIN};
use crate::spin::SpinLock;
use core::cell::UnsafeCell;
use core::ptr::null_mut;

struct Heap(UnsafeCell<Allocator>);
unsafe impl Sync for Heap {}
static HEAP: Heap = Heap(UnsafeCell::new(Allocator::new()));
static LOCK: SpinLock = SpinLock::new();

fn with<R>(f: impl FnOnce(&mut Allocator) -> R) -> R {
    let ps = LOCK.lock();
    let result = f(unsafe { &mut *HEAP.0.get() });
    LOCK.unlock(ps);
    result
}

/// `align` up to 16. Null when no block is large enough.
pub fn allocate(size: usize, align: usize) -> *mut u8 {
    if align > GRAIN { null_mut() } else { with(|heap| heap.allocate(size)) }
}

/// Gives back what `allocate` returned; nothing for null. From tasks and interrupt callbacks.
pub fn free(memory: *mut u8) {
    with(|heap| unsafe { heap.free(memory) });
}

#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub total: usize,
    pub free: usize,
    pub low_water: usize,
    pub fragments: usize,
}

/// Bytes in all, bytes free now and at the least since the start, and free blocks (`fragments`).
pub fn usage() -> Usage {
    with(|heap| Usage {
        total: heap.total(),
        free: heap.free_bytes(),
        low_water: heap.low_water(),
        fragments: heap.fragments(),
    })
}

pub(crate) fn add(start: usize, end: usize) {
    with(|heap| unsafe { heap.add(start, end) });
}
