//! Durations in CPU cycles, sorted: minimum, median, 99th percentile, maximum. Those with an interrupt in between and
//! those of the first rounds, whose code comes out of flash, are counted apart.

use core::cell::UnsafeCell;
use kernel::println;

/// Rounds after which the code lies in the flash cache.
pub const FIRST: u32 = 4;

pub struct Samples<const N: usize> {
    inner: UnsafeCell<Inner<N>>,
}

struct Inner<const N: usize> {
    cycles: [u16; N],
    count: usize,
    interrupted: (u32, u32),
    first: u32,
}

/// One task adds; another reports when that has ended.
unsafe impl<const N: usize> Sync for Samples<N> {}

impl<const N: usize> Samples<N> {
    pub const fn new() -> Self {
        let inner = Inner { cycles: [0; N], count: 0, interrupted: (0, 0), first: 0 };
        Samples { inner: UnsafeCell::new(inner) }
    }

    #[allow(clippy::mut_from_ref)]
    fn inner(&self) -> &mut Inner<N> {
        unsafe { &mut *self.inner.get() }
    }

    pub fn add(&self, round: u32, cycles: u32, interrupted: bool) {
        let inner = self.inner();
        if interrupted {
            inner.interrupted = (inner.interrupted.0 + 1, inner.interrupted.1.max(cycles));
        } else if round < FIRST {
            inner.first = inner.first.max(cycles);
        } else if inner.count < N {
            inner.cycles[inner.count] = cycles.min(u16::MAX as u32) as u16;
            inner.count += 1;
        }
    }

    /// Prints them; how many there are and the longest of those without an interrupt.
    pub fn report(&self, name: &str) -> (usize, u32) {
        let inner = self.inner();
        let count = inner.count.min(N);
        let cycles = &mut inner.cycles[..count];
        sort(cycles);
        let at = |part: usize| cycles.get((count * part / 100).min(count.wrapping_sub(1))).map_or(0, |&c| c as u32);
        let most = at(100);
        println!("{name}: {count} times, least {}, median {}, p99 {}, most {most} cycles", at(0), at(50), at(99));
        let (interrupted, longest) = inner.interrupted;
        println!("  with an interrupt in between: {interrupted}, most {longest}; first rounds: most {}", inner.first);
        (count, most)
    }
}

/// Shell sort: `slice::sort` is larger than the program.
fn sort(values: &mut [u16]) {
    let mut gap = values.len() / 2;
    while gap > 0 {
        for from in gap..values.len() {
            let mut at = from;
            while at >= gap && values[at - gap] > values[at] {
                values.swap(at - gap, at);
                at -= gap;
            }
        }
        gap /= 2;
    }
}
