//! A panic with a formatted message, raised deep in recursion: exits with 101.
#![no_std]

#[path = "../../lib/rom.rs"]
mod rom;
use rom::{Console, Random, Write};

#[inline(never)]
fn descend(depth: u32, table: &[u32]) -> u32 {
    let index = depth.wrapping_mul(3);
    if depth == 40 {
        let end = table.len();
        return table[index as usize] + table[end];
    }
    core::hint::black_box(descend(depth + 1, table)).wrapping_add(table[depth as usize])
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let mut table = [0u32; 121];
    let mut random = Random(0x1234_5678);
    for slot in table.iter_mut() {
        *slot = random.next();
    }
    let _ = writeln!(out, "descending over {} words", table.len());
    descend(0, core::hint::black_box(&table)) as i32
}
