//! Unit tests of the firmware's hardware-independent kernel code: ring buffer, FIFO of queues, ready queues, heap, order
//! of waiting tasks and priority inheritance. Each compares random operations with a plain model or counts by hand.
#![no_std]
#![allow(dead_code)]

#[path = "../../../firmware/kernel/allocator.rs"]
mod allocator;
#[path = "../../../firmware/kernel/fifo.rs"]
mod fifo;
#[path = "../../../firmware/kernel/ready.rs"]
mod ready;
#[path = "../../../firmware/kernel/ring.rs"]
mod ring;
#[path = "../../lib/rom.rs"]
mod rom;
#[path = "../../../firmware/kernel/waiting.rs"]
mod waiting;
use rom::{Console, Random, Write};

/// The kernel's are one instruction in assembly.
mod bits {
    pub fn top_bit(value: u32) -> usize {
        31 - value.leading_zeros() as usize
    }
    pub fn low_bit(value: u32) -> usize {
        value.trailing_zeros() as usize
    }
}

const SEED: u32 = 0x1ee7_c0de;
const STEPS: usize = 2_000;

/// First in, first out of at most N, as an array that is shifted.
struct Model<const N: usize> {
    items: [u32; N],
    length: usize,
}

impl<const N: usize> Model<N> {
    fn new() -> Self {
        Model { items: [0; N], length: 0 }
    }
    fn push(&mut self, item: u32) -> bool {
        if self.length == N {
            return false;
        }
        self.items[self.length] = item;
        self.length += 1;
        true
    }
    fn pop(&mut self) -> Option<u32> {
        if self.length == 0 {
            return None;
        }
        let first = self.items[0];
        self.items.copy_within(1.., 0);
        self.length -= 1;
        Some(first)
    }
}

fn ring_test(random: &mut Random) -> bool {
    let mut ring = ring::Ring::<7>::new();
    let mut model = Model::<7>::new();
    (0..STEPS).all(|_| {
        let byte = random.next() as u8;
        let same = match random.next() % 5 {
            0 | 1 => ring.push(byte) == model.push(byte as u32),
            2 => {
                if model.length == 7 {
                    model.pop();
                }
                ring.push_over(byte);
                model.push(byte as u32)
            }
            _ => ring.pop().map(u32::from) == model.pop(),
        };
        same && ring.len() == model.length && ring.is_empty() == (model.length == 0)
    })
}

fn fifo_test(random: &mut Random) -> bool {
    let mut fifo = fifo::Fifo::<u32, 5>::new();
    let mut model = Model::<5>::new();
    (0..STEPS).all(|_| {
        let value = random.next();
        let same = if random.next() % 2 == 0 {
            fifo.push(value) == model.push(value)
        } else {
            fifo.pop() == model.pop()
        };
        same && fifo.len() == model.length
            && fifo.is_full() == (model.length == 5)
            && fifo.is_empty() == fifo.seems_empty()
            && fifo.is_empty() == (model.length == 0)
    })
}

/// Two ready queues share their links, as those of the cores do. The model keeps a number for each task: its place.
fn ready_test(random: &mut Random) -> bool {
    let mut links = ready::Links::new();
    let mut queues = [const { ready::ReadyQueue::new() }; 2];
    // Queue, priority, place in the order of its priority.
    let mut model = [None::<(usize, u8, i32)>; ready::MAX_TASKS];
    let first = |model: &[Option<(usize, u8, i32)>], queue: usize| {
        let in_queue = |t: &usize| model[*t].is_some_and(|entry| entry.0 == queue);
        (0..ready::MAX_TASKS).filter(in_queue).min_by_key(|&t| {
            let (_, priority, place) = model[t].unwrap();
            (31 - priority, place)
        })
    };
    (0..STEPS as i32).all(|step| {
        let task = (random.next() >> 8) as usize % ready::MAX_TASKS;
        let queue = (random.next() >> 9) as usize % 2;
        let priority = (random.next() >> 7) as u8 % 6;
        match (model[task], random.next() % 4) {
            (None, 0) => {
                queues[queue].push_front(&mut links, task as u8, priority);
                model[task] = Some((queue, priority, -step));
            }
            (None, _) => {
                queues[queue].push_back(&mut links, task as u8, priority);
                model[task] = Some((queue, priority, step));
            }
            (Some((at, priority, _)), 0) => {
                queues[at].remove(&mut links, task as u8, priority);
                model[task] = None;
            }
            (Some(_), 1) => {
                let popped = queues[queue].pop(&mut links).map(usize::from);
                if popped != first(&model, queue) {
                    return false;
                }
                if let Some(task) = popped {
                    model[task] = None;
                }
            }
            _ => {}
        }
        (0..2).all(|q| {
            let best = first(&model, q);
            let odd = (0..ready::MAX_TASKS).any(|t| t % 2 == 1 && model[t].is_some_and(|e| e.0 == q));
            queues[q].top() == best.map(|t| model[t].unwrap().1)
                && queues[q].len() == model.iter().flatten().filter(|e| e.0 == q).count()
                && queues[q].is_empty() == best.is_none()
                && queues[q].find(&links, |t| t % 2 == 1).is_some() == odd
        })
    })
}

const HEAP_WORDS: usize = 4096;
#[repr(align(16))]
struct Memory([u32; HEAP_WORDS]);
static mut MEMORY: Memory = Memory([0; HEAP_WORDS]);

/// Blocks never overlap (each is filled with its number), the count of free bytes is exact, all joins again in the end.
fn heap_test(random: &mut Random) -> bool {
    let start = &raw mut MEMORY as usize;
    let mut heap = allocator::Allocator::new();
    unsafe { heap.add(start + 3, start + HEAP_WORDS * 4) };
    let total = heap.total();
    let mut blocks = [(core::ptr::null_mut::<u8>(), 0usize); 40];
    let mut good = total == HEAP_WORDS * 4 - 16 && heap.fragments() == 1;
    let mut full = 0;
    for _ in 0..STEPS / 4 {
        let slot = (random.next() >> 5) as usize % blocks.len();
        let (memory, size) = blocks[slot];
        if memory.is_null() {
            let size = (random.next() >> 6) as usize % 900;
            let memory = heap.allocate(size);
            full += memory.is_null() as u32;
            if !memory.is_null() {
                good &= memory as usize % 16 == 0;
                unsafe { memory.write_bytes(slot as u8 + 1, size) };
                blocks[slot] = (memory, size);
            }
        } else {
            good &= (0..size).all(|i| unsafe { *memory.add(i) } == slot as u8 + 1);
            unsafe { heap.free(memory) };
            blocks[slot].0 = core::ptr::null_mut();
        }
        // A block is its size and 16 bytes of header, in multiples of 16; a rest below 32 bytes stays with it.
        let used = blocks.iter().filter(|b| !b.0.is_null()).map(|b| (b.1 + 31) & !15).sum::<usize>();
        let live = blocks.iter().filter(|b| !b.0.is_null()).count();
        let taken = total - heap.free_bytes();
        good &= taken >= used && taken <= used + 16 * live && heap.low_water() <= heap.free_bytes();
    }
    blocks.iter().for_each(|block| unsafe { heap.free(block.0) });
    good && full > 0
        && heap.free_bytes() == total
        && heap.fragments() == 1
        && heap.allocate(usize::MAX).is_null()
        && heap.allocate(total - 16) as usize == start + 32
        && heap.low_water() == 0
}

fn waiting_test(random: &mut Random) -> bool {
    (0..STEPS).all(|_| {
        let mask = random.next() & random.next();
        let seed = random.next();
        // Numbers drawn shortly before the counter wraps and after.
        let rank = |task: u8| {
            let priority = (seed.rotate_left(task as u32) & 3) as u8;
            (priority, (task as u32 * 7 % 32).wrapping_sub(16))
        };
        let key = |task: &u8| (3 - rank(*task).0, rank(*task).1.wrapping_add(16));
        let expected = (0..32u8).filter(|task| mask >> task & 1 != 0).min_by_key(key);
        waiting::first(mask, rank) == expected
    })
}

/// Task 0 waits for 1, which waits for 2, which waits for 3.
fn lending_test() -> bool {
    let next = [Some(1), Some(2), Some(3), None];
    let run = |priorities: [u8; 4], priority: u8, cycle: bool| {
        let cell = core::cell::RefCell::new(priorities);
        let step = |t: u8| {
            let owner = if cycle && t == 3 { Some(1) } else { next[t as usize] };
            (cell.borrow()[t as usize], owner)
        };
        waiting::lend(Some(1), priority, step, |t| cell.borrow_mut()[t as usize] = priority);
        cell.into_inner()
    };
    run([9, 1, 2, 3], 9, false) == [9, 9, 9, 9]
        && run([9, 1, 9, 3], 9, false) == [9, 9, 9, 3]
        && run([9, 1, 12, 3], 9, false) == [9, 9, 12, 3]
        && run([9, 1, 2, 3], 2, false) == [9, 2, 2, 3]
        && run([9, 1, 2, 3], 9, true) == [9, 9, 9, 9]
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let mut random = Random(SEED);
    let results = [
        ("ring buffer", ring_test(&mut random)),
        ("queue store", fifo_test(&mut random)),
        ("ready queues", ready_test(&mut random)),
        ("heap", heap_test(&mut random)),
        ("order of waiting tasks", waiting_test(&mut random)),
        ("priority inheritance", lending_test()),
    ];
    for (name, passed) in results {
        let _ = writeln!(out, "{} {name} (seed {SEED:#x})", if passed { "PASS" } else { "FAIL" });
    }
    results.iter().filter(|result| !result.1).count() as i32
}
