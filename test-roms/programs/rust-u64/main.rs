//! 64-bit integer arithmetic: multiplication, division, shifts, checked and saturating forms, gcd, modular powers.
#![no_std]

#[path = "../../lib/rom.rs"]
mod rom;
use rom::{Console, Random, Write};

fn next64(random: &mut Random) -> u64 {
    let value = (random.next() as u64) << 32 | random.next() as u64;
    value >> (random.next() % 64)
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn power(mut base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let mut result = 1;
    base %= modulus;
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        exponent >>= 1;
    }
    result
}

fn fnv(hash: u64, value: u64) -> u64 {
    value.to_le_bytes().iter().fold(hash, |h, &byte| (h ^ byte as u64).wrapping_mul(0x100_0000_01b3))
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let mut random = Random(2463534242);
    let mut hash = 0xcbf2_9ce4_8422_2325;
    let mut failures = 0;
    for round in 0..400u32 {
        let (a, b) = (next64(&mut random), next64(&mut random) | 1);
        let (quotient, remainder) = (a / b, a % b);
        if quotient.wrapping_mul(b).wrapping_add(remainder) != a || remainder >= b {
            failures += 1;
        }
        let shift = round % 64;
        let signed = (a as i64).wrapping_neg();
        for value in [
            a.wrapping_mul(b),
            quotient,
            remainder,
            a << shift,
            a >> shift,
            (signed >> shift) as u64,
            (signed / b as i64) as u64,
            (signed % b as i64) as u64,
            a.rotate_left(shift),
            a.leading_zeros() as u64,
            a.trailing_zeros() as u64,
            a.count_ones() as u64,
            a.saturating_sub(b),
            a.checked_mul(b).unwrap_or(round as u64),
            a.swap_bytes(),
            a.reverse_bits(),
            gcd(a, b),
        ] {
            hash = fnv(hash, value);
        }
        if round % 50 == 0 {
            let _ = writeln!(out, "{a} / {b} = {quotient} rest {remainder}, gcd {}", gcd(a, b));
        }
    }
    let _ = writeln!(out, "2^1000 mod 1000000007 = {}", power(2, 1000, 1_000_000_007));
    let _ = writeln!(out, "hash {hash:016x} failures {failures}");
    failures
}
