//! GPIO: modes, levels and edge interrupts of the pads, through IO_MUX and GPIO matrix.

use crate::arch::{modify, read, write};
use crate::interrupt;
use crate::layout::*;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

pub const PINS: usize = 40;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Input,
    InputPullUp,
    InputPullDown,
    Output,
    /// Drives low, releases high; with pull-up, and readable.
    OpenDrain,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Edge {
    Rising = 1,
    Falling = 2,
    Any = 3,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum GpioError {
    /// No pad of that number, or input only (34..39) and asked to drive.
    BadPin,
    NoInterrupt,
}

/// Offset of the pad's IO_MUX register by GPIO number; 0: no pad.
const IO_MUX: [u8; PINS] = [
    0x44, 0x88, 0x40, 0x84, 0x48, 0x6c, 0x60, 0x64, 0x68, 0x54, 0x58, 0x5c, 0x34, 0x38, 0x30, 0x3c,
    0x4c, 0x50, 0x70, 0x74, 0x78, 0x7c, 0x80, 0x8c, 0, 0x24, 0x28, 0x2c, 0, 0, 0, 0, 0x1c, 0x20,
    0x14, 0x18, 0x04, 0x08, 0x0c, 0x10,
];
const MCU_SEL_GPIO: u32 = 2 << 12;
const DRIVE_20MA: u32 = 2 << 10;
const FUN_IE: u32 = 1 << 9;
const FUN_WPU: u32 = 1 << 8;
const FUN_WPD: u32 = 1 << 7;
const PAD_DRIVER_OPEN: u32 = 1 << 2;
/// Output signal 256: the GPIO_OUT bit.
const SIG_GPIO_OUT: u32 = 256;

fn check(pin: usize, drive: bool) -> Result<(), GpioError> {
    let exists = pin < PINS && IO_MUX[pin] != 0;
    if exists && !(drive && pin >= 34) { Ok(()) } else { Err(GpioError::BadPin) }
}

/// IO_MUX_x, GPIO_FUNCn_OUT_SEL_CFG, GPIO_PINn, GPIO_ENABLE(1)_W1TS/W1TC. Not for 24, 28..31 (no pad) nor, on
/// modules, 6..11 (flash); 20 has a pin in ESP32-PICO-V3 only.
pub fn set_mode(pin: usize, mode: Mode) -> Result<(), GpioError> {
    let drive = matches!(mode, Mode::Output | Mode::OpenDrain);
    check(pin, drive)?;
    let pull = match mode {
        Mode::InputPullUp | Mode::OpenDrain => FUN_WPU,
        Mode::InputPullDown => FUN_WPD,
        _ => 0,
    };
    let open = if mode == Mode::OpenDrain { PAD_DRIVER_OPEN } else { 0 };
    modify(GPIO_PIN0 + 4 * pin, PAD_DRIVER_OPEN, open);
    write(GPIO_FUNC0_OUT_SEL_CFG + 4 * pin, SIG_GPIO_OUT);
    let (set, clear) = if pin < 32 {
        (GPIO_ENABLE_W1TS, GPIO_ENABLE_W1TC)
    } else {
        (GPIO_ENABLE1_W1TS, GPIO_ENABLE1_W1TC)
    };
    write(if drive { set } else { clear }, 1 << (pin & 31));
    write(IO_MUX_BASE + IO_MUX[pin] as usize, MCU_SEL_GPIO | DRIVE_20MA | FUN_IE | pull);
    Ok(())
}

/// GPIO_OUT(1)_W1TS/W1TC. One store: atomic between the cores.
pub fn set_level(pin: usize, high: bool) {
    let register = match (pin < 32, high) {
        (true, true) => GPIO_OUT_W1TS,
        (true, false) => GPIO_OUT_W1TC,
        (false, true) => GPIO_OUT1_W1TS,
        (false, false) => GPIO_OUT1_W1TC,
    };
    write(register, 1 << (pin & 31));
}

/// GPIO_IN(1).
pub fn level(pin: usize) -> bool {
    read(if pin < 32 { GPIO_IN } else { GPIO_IN1 }) >> (pin & 31) & 1 != 0
}

type Callback = fn(usize);
struct Table(UnsafeCell<[Option<Callback>; PINS]>);
unsafe impl Sync for Table {}
static CALLBACKS: Table = Table(UnsafeCell::new([None; PINS]));
static ATTACHED: AtomicBool = AtomicBool::new(false);

/// Calls `callback(pin)` in an interrupt of PRO_CPU at each such edge. GPIO_PINn; call it on PRO_CPU, after `set_mode`:
/// a pad whose input is not enabled has no edges.
pub fn on_edge(pin: usize, edge: Edge, callback: Callback) -> Result<(), GpioError> {
    check(pin, false)?;
    unsafe { (*CALLBACKS.0.get())[pin] = Some(callback) };
    if !ATTACHED.swap(true, Ordering::AcqRel) {
        interrupt::attach(ETS_GPIO_INTR_SOURCE, on_interrupt, 0).map_err(|_| GpioError::NoInterrupt)?;
    }
    // INT_TYPE, bits 7..9; INT_ENA bit 2 of 13..17: PRO_CPU's interrupt.
    modify(GPIO_PIN0 + 4 * pin, 7 << 7 | 0x1f << 13, (edge as u32) << 7 | 1 << 15);
    Ok(())
}

/// GPIO_PINn.
pub fn disable_interrupt(pin: usize) {
    modify(GPIO_PIN0 + 4 * pin, 7 << 7 | 0x1f << 13, 0);
}

fn on_interrupt(_: usize) {
    let rows = [(GPIO_STATUS, GPIO_STATUS_W1TC, 0), (GPIO_STATUS1, GPIO_STATUS1_W1TC, 32)];
    for (status, clear, first) in rows {
        let mut left = read(status);
        write(clear, left);
        while left != 0 {
            let pin = first + left.trailing_zeros() as usize;
            left &= left - 1;
            if let Some(callback) = unsafe { (*CALLBACKS.0.get()).get(pin).copied().flatten() } {
                callback(pin);
            }
        }
    }
}
