//! core::fmt: integers in every radix and width, floats, strings, characters and Debug structs.
#![no_std]

#[path = "../../lib/rom.rs"]
mod rom;
use rom::{Console, Write, fmt};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Level {
    Low = 1,
    High,
}

#[derive(Debug)]
#[allow(dead_code)]
struct Pin<'a> {
    number: u8,
    name: &'a str,
    level: Option<Level>,
    history: [i16; 4],
}

#[derive(Debug)]
#[allow(dead_code)]
enum Event {
    Idle,
    Edge { pin: u8, rising: bool },
    Data(u32, &'static [u8]),
}

fn integers(out: &mut Console) -> fmt::Result {
    for value in [0i32, 1, -1, 42, i32::MAX, i32::MIN] {
        writeln!(out, "{value} {value:>12} {value:<12}| {value:^12} {value:+} {value:012}")?;
        writeln!(out, "{value:x} {value:#X} {value:#o} {value:#034b} {value:e}")?;
    }
    for value in [0u64, 1, 0xffff_ffff, 0x1_0000_0000, 1_000_000_007_000_000_009, u64::MAX] {
        writeln!(out, "{value} {value:#x} {value:>24} {value:E}")?;
    }
    writeln!(out, "{} {} {} {}", i8::MIN, u16::MAX, i64::MIN, u8::MAX)?;
    let width = 9;
    writeln!(out, "[{:*^width$}] [{:>1$}] [{:.*}] [{:#08x}]", 77, 6, 3, "abcdef", 0xbeef)
}

fn texts(out: &mut Console) -> fmt::Result {
    writeln!(out, "{:?} {:?} {:?}", "quote \" tab \t nul \0 é ✓", 'ß', '\u{7f}')?;
    writeln!(out, "[{:10}] [{:>10}] [{:^10}] [{:.2}]", "left", "right", "middle", "truncated")?;
    writeln!(out, "{} {:?} {}", true, (1, "two", 3.5f32), 'x')
}

fn structures(out: &mut Console) -> fmt::Result {
    let pin = Pin { number: 4, name: "GPIO4", level: Some(Level::High), history: [-1, 0, 1, 32767] };
    writeln!(out, "{pin:?}")?;
    writeln!(out, "{pin:#?}")?;
    for event in [Event::Idle, Event::Edge { pin: 3, rising: true }, Event::Data(7, b"\x00ab")] {
        writeln!(out, "{event:?}")?;
    }
    writeln!(out, "{:?} {:?} {:?}", Level::Low < Level::High, None::<u8>, Ok::<_, ()>([1u8, 2]))?;
    writeln!(out, "{:x?} {:02X?}", [10u8, 255], &[1u8, 0xab][..])
}

fn floats(out: &mut Console) -> fmt::Result {
    for bits in [
        0u32, 0x8000_0000, 0x3f80_0000, 0xbfc0_0000, 0x4048_f5c3, 0x7f7f_ffff, 1, 0x0080_0000,
        0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x3dcc_cccd, 0x4b80_0001, 0x5015_02f9,
    ] {
        let value = f32::from_bits(bits);
        writeln!(out, "{bits:08x} {value} {value:?} {value:.3} {value:e} {value:+010.2}")?;
    }
    for bits in [
        0u64, 0x3ff0_0000_0000_0000, 0x4009_21fb_5444_2d18, 0x7fef_ffff_ffff_ffff, 1,
        0x3fb9_9999_9999_999a, 0xc0c8_1cd6_c8b4_3958, 0x4340_0000_0000_0001,
    ] {
        let value = f64::from_bits(bits);
        writeln!(out, "{bits:016x} {value:?} {value:.6} {value:e}")?;
    }
    Ok(())
}

fn parsing(out: &mut Console) -> fmt::Result {
    for text in ["0", "-17", "2147483647", "2147483648", "", "12x"] {
        writeln!(out, "{text:?} -> {:?} {:?}", text.parse::<i32>(), text.parse::<u64>())?;
    }
    writeln!(out, "{:?} {:?}", i32::from_str_radix("-7fF", 16), u8::from_str_radix("102", 2))
}

#[unsafe(no_mangle)]
pub extern "C" fn main() -> i32 {
    let mut out = Console::new();
    let result = integers(&mut out)
        .and_then(|()| texts(&mut out))
        .and_then(|()| structures(&mut out))
        .and_then(|()| floats(&mut out))
        .and_then(|()| parsing(&mut out));
    result.is_err() as i32
}
