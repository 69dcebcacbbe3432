//! A ring buffer of bytes. No hardware: firmware/units tests it.

pub struct Ring<const N: usize> {
    bytes: [u8; N],
    head: usize,
    length: usize,
}

impl<const N: usize> Ring<N> {
    pub const fn new() -> Self {
        Ring { bytes: [0; N], head: 0, length: 0 }
    }

    pub fn len(&self) -> usize {
        self.length
    }

    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// False when it is full.
    pub fn push(&mut self, byte: u8) -> bool {
        if self.length == N {
            return false;
        }
        let mut at = self.head + self.length;
        if at >= N {
            at -= N;
        }
        self.bytes[at] = byte;
        self.length += 1;
        true
    }

    /// Drops the oldest byte when it is full.
    pub fn push_over(&mut self, byte: u8) {
        if self.length == N {
            self.pop();
        }
        self.push(byte);
    }

    pub fn pop(&mut self) -> Option<u8> {
        if self.length == 0 {
            return None;
        }
        let byte = self.bytes[self.head];
        self.head += 1;
        if self.head == N {
            self.head = 0;
        }
        self.length -= 1;
        Some(byte)
    }
}
