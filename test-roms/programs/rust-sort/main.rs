//! Sorting, searching, slices and iterators of `core`.
#![no_std]

#[path = "../../lib/rom.rs"]
mod rom;
use rom::{Console, Random, Write};

const COUNT: usize = 600;

fn fletcher(values: impl Iterator<Item = u32>) -> u32 {
    let (mut a, mut b) = (0u32, 0u32);
    for value in values {
        a = (a + (value & 0xffff) + (value >> 16)) % 65535;
        b = (b + a) % 65535;
    }
    b << 16 | a
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let mut random = Random(0xdead_beef);
    let mut values = [0u32; COUNT];
    for slot in values.iter_mut() {
        *slot = random.next() % 5000;
    }
    let before = fletcher(values.iter().copied());
    let mut sorted = values;
    sorted.sort_unstable();
    let in_order = sorted.windows(2).all(|pair| pair[0] <= pair[1]);
    let sum: u64 = values.iter().map(|&v| v as u64).sum();
    let sum_sorted: u64 = sorted.iter().map(|&v| v as u64).sum();
    let _ = writeln!(out, "unsorted {before:08x} sorted {:08x}", fletcher(sorted.iter().copied()));
    let _ = writeln!(out, "in order {in_order}, sum {sum} {sum_sorted}");

    let mut by_key = values;
    by_key.sort_unstable_by_key(|&v| (v % 10, core::cmp::Reverse(v / 10)));
    let _ = writeln!(out, "by key {:?} .. {:?}", &by_key[..6], &by_key[COUNT - 6..]);
    let (below, middle, above) = values.select_nth_unstable(COUNT / 2);
    let _ = writeln!(out, "median {middle}, below {}, above {}", below.len(), above.len());

    let mut found = 0;
    for _ in 0..200 {
        let wanted = random.next() % 5000;
        if sorted.binary_search(&wanted).is_ok() {
            found += 1;
        }
    }
    let _ = writeln!(out, "found {found} of 200, first >= 2500 at {}", sorted.partition_point(|&v| v < 2500));

    sorted.rotate_left(77);
    sorted.reverse();
    sorted[100..300].fill(7);
    sorted.copy_within(350..450, 10);
    let _ = writeln!(out, "moved {:08x}", fletcher(sorted.iter().copied()));
    let chunks = sorted.chunks(7).map(|c| c.iter().fold(0u32, |a, &v| a.rotate_left(3) ^ v));
    let _ = writeln!(out, "chunks {:08x}", fletcher(chunks));
    i32::from(!in_order || sum != sum_sorted)
}
