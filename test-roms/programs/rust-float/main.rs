//! Single precision on the FPU: Newton square roots, a Mandelbrot picture, sums, conversions, comparisons.
#![no_std]

#[path = "../../lib/rom.rs"]
mod rom;
use rom::{Console, Random, Write, fmt};

/// Square root by Newton's iteration from the exponent's half.
fn square_root(value: f32) -> f32 {
    let mut root = f32::from_bits((value.to_bits() >> 1) + 0x1fc0_0000);
    for _ in 0..4 {
        root = 0.5 * (root + value / root);
    }
    root
}

fn sine(x: f32) -> f32 {
    let x2 = x * x;
    x * (1.0 - x2 * (1.0 / 6.0 - x2 * (1.0 / 120.0 - x2 * (1.0 / 5040.0 - x2 / 362880.0))))
}

fn mandelbrot(out: &mut Console) -> fmt::Result {
    for row in 0..16 {
        for column in 0..60 {
            let (cr, ci) = (column as f32 * 0.05 - 2.2, row as f32 * 0.15 - 1.125);
            let (mut r, mut i, mut n) = (0f32, 0f32, 0usize);
            while n < 40 && r * r + i * i < 4.0 {
                (r, i) = (r * r - i * i + cr, 2.0 * r * i + ci);
                n += 1;
            }
            out.write_char(b" .:-=+*#%@"[n / 5 + (n == 40) as usize] as char)?;
        }
        out.write_char('\n')?;
    }
    Ok(())
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let mut hash = 0u32;
    let mut random = Random(99);
    for k in 1..=10 {
        let value = k as f32 * 1.7;
        let _ = writeln!(out, "sqrt({value}) = {} sin = {:.6}", square_root(value), sine(value / 10.0));
    }
    for _ in 0..500 {
        let a = f32::from_bits(random.next() & 0x3fff_ffff | 0x2000_0000);
        let b = (random.next() as i32) as f32 / 65536.0;
        for value in [a + b, a - b, a * b, a / b, b.abs(), -a, a.min(b), a.max(b)] {
            hash = hash.rotate_left(5) ^ value.to_bits();
        }
        hash = hash.rotate_left(5) ^ (b as i32 as u32) ^ (a as u32) ^ ((a < b) as u32) << 7;
        hash ^= ((a == b) as u32) << 9 ^ ((a >= b) as u32) << 11;
    }
    let _ = writeln!(out, "hash {hash:08x}");
    let harmonic = (1..=2000u32).rev().fold(0f32, |sum, n| sum + 1.0 / n as f32);
    let _ = writeln!(out, "harmonic(2000) = {harmonic:?}");
    let edges = [f32::MAX * 2.0, -1.0 / 0.0f32.max(0.0), 0.0 * f32::INFINITY, f32::MIN_POSITIVE / 4.0];
    let _ = writeln!(out, "{edges:?} {:?}", edges.map(|v| v as i32));
    i32::from(mandelbrot(&mut out).is_err())
}
