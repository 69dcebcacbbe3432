use crate::allocator::{Allocator, GRAIN};
use crate::harness::Random;
use core::ptr::null_mut;

const BYTES: usize = 8192 + 2 * GRAIN;

#[repr(align(16))]
struct Memory([u8; BYTES]);
static mut MEMORY: Memory = Memory([0; BYTES]);

fn memory() -> usize {
    &raw mut MEMORY as usize
}

/// A heap of `bytes` from an address that is not aligned; its first block begins GRAIN later.
fn heap(bytes: usize) -> Allocator {
    let mut heap = Allocator::new();
    unsafe { heap.add(memory() + 3, memory() + GRAIN + bytes + 5) };
    assert_eq!((heap.total(), heap.free_bytes(), heap.fragments()), (bytes, bytes, 1));
    heap
}

#[derive(Clone, Copy)]
struct Block {
    memory: *mut u8,
    size: usize,
    fill: u8,
}

impl Block {
    const NONE: Block = Block { memory: null_mut(), size: 0, fill: 0 };

    fn is_whole(&self) -> bool {
        (0..self.size).all(|at| unsafe { *self.memory.add(at) } == self.fill)
    }
}

/// Random sizes in random order. The model: blocks that are intervals of memory, which never overlap.
pub fn blocks_keep_their_bytes_and_all_joins_again() {
    let mut random = Random::new();
    let total = 8192;
    let mut heap = heap(total);
    let (start, end) = (memory() + GRAIN, memory() + GRAIN + total);
    let mut blocks = [Block::NONE; 40];
    let (mut low_water, mut refused) = (total, 0);
    for step in 0..4000 {
        let slot = random.below(blocks.len());
        let Block { memory, .. } = blocks[slot];
        if memory.is_null() {
            let size = random.below([8, 80, 900][step / 64 % 3]);
            let memory = heap.allocate(size);
            if memory.is_null() {
                refused += 1;
                // No free block holds it: together they are less than one for each, or none is large enough.
                assert!(heap.free_bytes() < (size + 2 * GRAIN) * heap.fragments(), "step {step}");
                continue;
            }
            let from = memory as usize;
            assert_eq!(from % GRAIN, 0, "step {step}");
            assert!(from >= start + GRAIN && from + size <= end, "step {step}");
            for other in blocks.iter().filter(|other| !other.memory.is_null()) {
                let at = other.memory as usize;
                assert!(from + size <= at - GRAIN || at + other.size <= from - GRAIN, "step {step}");
            }
            let fill = random.next() as u8;
            unsafe { memory.write_bytes(fill, size) };
            blocks[slot] = Block { memory, size, fill };
        } else {
            assert!(blocks[slot].is_whole(), "step {step}");
            unsafe { heap.free(memory) };
            blocks[slot] = Block::NONE;
        }
        // A block is its size and a header, in multiples of GRAIN; a rest too small for a block stays with it.
        let live = || blocks.iter().filter(|block| !block.memory.is_null());
        let least: usize = live().map(|block| (block.size + GRAIN).next_multiple_of(GRAIN)).sum();
        let taken = total - heap.free_bytes();
        assert!((least..=least + GRAIN * live().count()).contains(&taken), "step {step}");
        low_water = low_water.min(heap.free_bytes());
        assert_eq!(heap.low_water(), low_water, "step {step}");
        assert!(heap.fragments() <= live().count() + 1, "step {step}");
    }
    assert!(refused > 20, "{refused}");
    for block in blocks {
        assert!(block.is_whole());
        unsafe { heap.free(block.memory) };
    }
    assert_eq!((heap.free_bytes(), heap.fragments(), heap.total()), (total, 1, total));
    assert_eq!(heap.allocate(total - GRAIN) as usize, start + GRAIN);
    assert_eq!(heap.low_water(), 0);
}

/// All 720 orders of freeing six neighbours.
pub fn freed_in_any_order_all_joins_again() {
    let mut heap = heap(1024);
    for order in 0..720 {
        let mut blocks = [16, 100, 1, 48, 0, 200].map(|size| heap.allocate(size));
        assert!(blocks.iter().all(|block| !block.is_null()));
        let mut code = order;
        for left in (1..=blocks.len()).rev() {
            unsafe { heap.free(blocks[code % left]) };
            blocks[code % left] = blocks[left - 1];
            code /= left;
        }
        assert_eq!((heap.free_bytes(), heap.fragments()), (1024, 1), "order {order}");
    }
}

pub fn regions_that_touch_are_one() {
    let mut heap = Allocator::new();
    let start = memory();
    // In the order last, first, middle; then one apart.
    for (from, to) in [(0x800, 0xc00), (0, 0x400), (0x400, 0x800), (0x1000, 0x1400)] {
        unsafe { heap.add(start + from, start + to) };
    }
    assert_eq!((heap.total(), heap.free_bytes(), heap.fragments()), (0x1000, 0x1000, 2));
    assert_eq!(heap.allocate(0xc00 - GRAIN) as usize, start + GRAIN);
    assert_eq!(heap.allocate(0x400 - GRAIN) as usize, start + 0x1000 + GRAIN);
}

pub fn regions_without_room_add_nothing() {
    let mut heap = Allocator::new();
    let start = memory();
    // No aligned address in it, none of GRAIN bytes, nothing at all.
    for (from, to) in [(3, 10), (1, 31), (16, 16)] {
        unsafe { heap.add(start + from, start + to) };
    }
    assert_eq!((heap.total(), heap.free_bytes(), heap.fragments()), (0, 0, 0));
    assert!(heap.allocate(0).is_null());
}

pub fn refuses_what_does_not_fit() {
    let mut heap = heap(256);
    for size in [257, 256, 256 - GRAIN + 1, usize::MAX, usize::MAX - GRAIN, 1 << 31] {
        assert!(heap.allocate(size).is_null(), "{size}");
    }
    assert_eq!((heap.free_bytes(), heap.low_water(), heap.fragments()), (256, 256, 1));
    unsafe { heap.free(null_mut()) };
    assert_eq!(heap.free_bytes(), 256);
    assert!(!heap.allocate(256 - GRAIN).is_null());
    assert!(heap.allocate(0).is_null());
}
