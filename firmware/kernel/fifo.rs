//! A bounded first-in first-out store. No hardware: firmware/units tests it.

pub struct Fifo<T: Copy, const N: usize> {
    items: [Option<T>; N],
    head: usize,
    length: usize,
}

impl<T: Copy, const N: usize> Fifo<T, N> {
    pub const fn new() -> Self {
        Fifo { items: [None; N], head: 0, length: 0 }
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.length
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether it is empty as memory has it now: for a reader without the lock that guards it.
    #[inline]
    pub fn seems_empty(&self) -> bool {
        unsafe { (&raw const self.length).read_volatile() == 0 }
    }

    #[inline]
    pub fn is_full(&self) -> bool {
        self.length == N
    }

    /// False when it is full.
    #[inline]
    pub fn push(&mut self, item: T) -> bool {
        if self.length == N {
            return false;
        }
        let mut at = self.head + self.length;
        if at >= N {
            at -= N;
        }
        self.items[at] = Some(item);
        self.length += 1;
        true
    }

    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        if self.length == 0 {
            return None;
        }
        let item = self.items[self.head].take();
        self.head += 1;
        if self.head == N {
            self.head = 0;
        }
        self.length -= 1;
        item
    }
}
