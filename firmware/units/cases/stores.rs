use crate::fifo::Fifo;
use crate::harness::Random;
use crate::ring::Ring;

const STEPS: usize = 4000;

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
        let room = self.length < N;
        if room {
            self.items[self.length] = item;
            self.length += 1;
        }
        room
    }

    fn pop(&mut self) -> Option<u32> {
        let first = *self.items[..self.length].first()?;
        self.items.copy_within(1.., 0);
        self.length -= 1;
        Some(first)
    }
}

pub fn ring_is_a_bounded_queue() {
    let mut random = Random::new();
    let (mut ring, mut model) = (Ring::<7>::new(), Model::<7>::new());
    let mut refused = 0;
    for step in 0..STEPS {
        // Fills in one half of the time and drains in the other.
        if random.chance(if step / 50 % 2 == 0 { 70 } else { 30 }) {
            let byte = random.next() as u8;
            let stored = ring.push(byte);
            refused += !stored as u32;
            assert_eq!(stored, model.push(byte as u32), "push at step {step}");
        } else {
            assert_eq!(ring.pop().map(u32::from), model.pop(), "pop at step {step}");
        }
        assert_eq!(ring.len(), model.length);
        assert_eq!(ring.is_empty(), model.length == 0);
    }
    assert!(refused > 100);
}

pub fn ring_drops_the_oldest() {
    let mut ring = Ring::<4>::new();
    (1..=9).for_each(|byte| ring.push_over(byte));
    assert!(!ring.push(10));
    assert_eq!([(); 5].map(|()| ring.pop()), [Some(6), Some(7), Some(8), Some(9), None]);
    ring.push_over(11);
    assert_eq!([ring.pop(), ring.pop()], [Some(11), None]);
}

pub fn fifo_is_a_bounded_queue() {
    let mut random = Random::new();
    let (mut fifo, mut model) = (Fifo::<u32, 5>::new(), Model::<5>::new());
    for step in 0..STEPS {
        if random.chance(if step / 50 % 2 == 0 { 70 } else { 30 }) {
            let value = random.next();
            assert_eq!(fifo.push(value), model.push(value), "push at step {step}");
        } else {
            assert_eq!(fifo.pop(), model.pop(), "pop at step {step}");
        }
        assert_eq!(fifo.len(), model.length);
        assert_eq!(fifo.is_full(), model.length == 5);
        assert_eq!(fifo.is_empty(), model.length == 0);
        assert_eq!(fifo.seems_empty(), model.length == 0);
    }
}
