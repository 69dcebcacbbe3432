//! First fit over a list of free blocks in address order, neighbours joined when freed. No hardware:
//! firmware/units tests it.

use core::ptr::null_mut;

/// Before every block: its size with this header. Blocks are multiples of 16 bytes.
#[repr(C)]
struct Block {
    size: usize,
    /// In a free block: the next free one.
    next: *mut Block,
}

pub const GRAIN: usize = 16;

pub struct Allocator {
    first: *mut Block,
    free_bytes: usize,
    /// Least that `free_bytes` has been.
    low_water: usize,
    total: usize,
}

impl Allocator {
    pub const fn new() -> Self {
        Allocator { first: null_mut(), free_bytes: 0, low_water: 0, total: 0 }
    }

    /// Adds memory that nothing else uses; what is too small for a block is left.
    ///
    /// # Safety
    /// `start..end` must be writable memory that belongs to nobody.
    pub unsafe fn add(&mut self, start: usize, end: usize) {
        let from = (start + GRAIN - 1) & !(GRAIN - 1);
        let Some(size @ GRAIN..) = (end & !(GRAIN - 1)).checked_sub(from) else { return };
        let block = from as *mut Block;
        unsafe { (*block).size = size };
        self.total += size;
        self.insert(block);
        self.low_water = self.free_bytes;
    }

    /// 16-byte aligned memory, or null.
    pub fn allocate(&mut self, size: usize) -> *mut u8 {
        let Some(sum) = size.checked_add(2 * GRAIN - 1) else { return null_mut() };
        let wanted = sum & !(GRAIN - 1);
        let mut link: *mut *mut Block = &mut self.first;
        unsafe {
            while !(*link).is_null() {
                let block = *link;
                if (*block).size >= wanted {
                    if (*block).size - wanted >= 2 * GRAIN {
                        let rest = (block as usize + wanted) as *mut Block;
                        (*rest).size = (*block).size - wanted;
                        (*rest).next = (*block).next;
                        (*block).size = wanted;
                        *link = rest;
                    } else {
                        *link = (*block).next;
                    }
                    self.free_bytes -= (*block).size;
                    self.low_water = self.low_water.min(self.free_bytes);
                    return (block as usize + GRAIN) as *mut u8;
                }
                link = &mut (*block).next;
            }
        }
        null_mut()
    }

    /// # Safety
    /// `memory` must come from `allocate` of this allocator and not be freed yet.
    pub unsafe fn free(&mut self, memory: *mut u8) {
        if !memory.is_null() {
            self.insert((memory as usize - GRAIN) as *mut Block);
        }
    }

    fn insert(&mut self, block: *mut Block) {
        unsafe {
            self.free_bytes += (*block).size;
            let mut previous: *mut Block = null_mut();
            let mut next = self.first;
            while !next.is_null() && next < block {
                previous = next;
                next = (*next).next;
            }
            (*block).next = next;
            if previous.is_null() {
                self.first = block;
            } else {
                (*previous).next = block;
            }
            join(block);
            if !previous.is_null() {
                join(previous);
            }
        }
    }

    pub fn free_bytes(&self) -> usize {
        self.free_bytes
    }

    pub fn low_water(&self) -> usize {
        self.low_water
    }

    pub fn total(&self) -> usize {
        self.total
    }

    /// Free blocks: 1 for each region when nothing is fragmented.
    pub fn fragments(&self) -> usize {
        let mut count = 0;
        let mut block = self.first;
        while !block.is_null() {
            count += 1;
            block = unsafe { (*block).next };
        }
        count
    }
}

/// Joins a free block with the next when they touch.
unsafe fn join(block: *mut Block) {
    unsafe {
        let next = (*block).next;
        if !next.is_null() && block as usize + (*block).size == next as usize {
            (*block).size += (*next).size;
            (*block).next = (*next).next;
        }
    }
}
