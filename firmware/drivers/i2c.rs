//! I2C0 as master, by its command list (TRM "I2C Controller"). A transfer of any length goes in lists of at most 32
//! bytes, the FIFO's size, with END between them, which holds SCL low. The caller sleeps until the list's interrupt;
//! one transfer at a time. Linked into the program that uses it.
//!
//! `init` writes DPORT_PERIP_CLK_EN whole, because DPORT must not be read: reset value and I2C0.

use crate::matrix;
use kernel::arch::{read, write};
use kernel::drivers::gpio::{self, Mode};
use kernel::interrupt;
use kernel::layout::*;
use kernel::mutex::Mutex;
use kernel::semaphore::Semaphore;
use kernel::time;

const PERIP_CLK_EN_RESET: u32 = 0xf9c1_e06f;
const PERIP_I2C0: u32 = 1 << 7;
const APB_HZ: u32 = 80_000_000;

/// SDA and SCL open drain, master.
const CTR_MASTER: u32 = 1 | 1 << 1 | 1 << 4;
const CTR_TRANS_START: u32 = 1 << 5;
const SR_BUS_BUSY: u32 = 1 << 4;
const FIFO_RESETS: u32 = 3 << 12;
const FILTER_7: u32 = 1 << 3 | 7;
/// APB cycles between SCL_HIGH_PERIOD and the time that SCL is high with that filter.
const HIGH_EXTRA: u32 = 13;

const END_DETECT: u32 = 1 << 3;
const ARBITRATION_LOST: u32 = 1 << 5;
const TRANS_COMPLETE: u32 = 1 << 7;
const TIME_OUT: u32 = 1 << 8;
const ACK_ERR: u32 = 1 << 10;
const LIST_END: u32 = END_DETECT | ARBITRATION_LOST | TRANS_COMPLETE | TIME_OUT | ACK_ERR;

const RSTART: u32 = 0;
/// WRITE that expects an ACK of each byte, and READ: the number of bytes is added.
const WRITE: u32 = 1 << 11 | 1 << 8;
const READ_ACK: u32 = 2 << 11;
const READ_NACK: u32 = 2 << 11 | 1 << 10;
const STOP: u32 = 3 << 11;
const END: u32 = 4 << 11;
const FIFO_BYTES: usize = 32;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum I2cError {
    /// Nobody acknowledged the address, or the device refused a byte.
    Nack,
    /// SCL or SDA was held low.
    TimeOut,
    ArbitrationLost,
    BadPin,
    /// `init` was not called, or no interrupt was left for it.
    NotReady,
}

/// Pins and frequency of the last `init`.
#[derive(Clone, Copy)]
struct Bus {
    sda: usize,
    scl: usize,
    hz: u32,
}

static BUS: Mutex<Option<Bus>> = Mutex::new(None);
static ENDED: Semaphore = Semaphore::new(0);

/// Pads open drain with the chip's weak pull-ups (which RTC pads such as GPIO25 lack here); up to 400 kHz. The pads
/// of an earlier `init` become inputs. Interrupt matrix of the calling core (first call),
/// IO_MUX, GPIO matrix, DPORT_PERIP_CLK_EN, DPORT_PERIP_RST_EN, I2C0 CTR, TO, FIFO_CONF and all times.
pub fn init(sda: usize, scl: usize, hz: u32) -> Result<(), I2cError> {
    let mut bus = BUS.lock();
    if bus.is_none() {
        interrupt::attach(ETS_I2C_EXT0_INTR_SOURCE, on_list_end, 0).map_err(|_| I2cError::NotReady)?;
    }
    if let Some(Bus { sda, scl, .. }) = *bus {
        for pin in [sda, scl] {
            gpio::set_mode(pin, Mode::Input).map_err(|_| I2cError::BadPin)?;
        }
    }
    for (pin, signal) in [(sda, I2CEXT0_SDA_IDX), (scl, I2CEXT0_SCL_IDX)] {
        matrix::output(pin, signal, Mode::OpenDrain, true).map_err(|_| I2cError::BadPin)?;
        matrix::input(pin, signal);
    }
    configure(hz);
    *bus = Some(Bus { sda, scl, hz });
    Ok(())
}

fn configure(hz: u32) {
    let half = APB_HZ / hz / 2;
    write(DPORT_PERIP_CLK_EN, PERIP_CLK_EN_RESET | PERIP_I2C0);
    write(DPORT_PERIP_RST_EN, PERIP_I2C0);
    write(DPORT_PERIP_RST_EN, 0);
    let times = [
        (I2C0_SCL_LOW_PERIOD, half - 1),
        (I2C0_SCL_HIGH_PERIOD, half - HIGH_EXTRA),
        (I2C0_SDA_HOLD, half / 2),
        (I2C0_SDA_SAMPLE, half / 2),
        (I2C0_SCL_START_HOLD, half),
        (I2C0_SCL_RSTART_SETUP, half),
        (I2C0_SCL_STOP_HOLD, half),
        (I2C0_SCL_STOP_SETUP, half),
        (I2C0_SCL_FILTER_CFG, FILTER_7),
        (I2C0_SDA_FILTER_CFG, FILTER_7),
        // 10 ms of a stretched clock.
        (I2C0_TO, APB_HZ / 100),
    ];
    for (register, value) in times {
        write(register, value);
    }
    write(I2C0_FIFO_CONF, FIFO_RESETS);
    write(I2C0_FIFO_CONF, 0);
    write(I2C0_CTR, CTR_MASTER);
}

fn on_list_end(_: usize) {
    write(I2C0_INT_ENA, 0);
    ENDED.give();
}

/// Runs one command list to its END or STOP. COMDn, INT_CLR, INT_ENA, CTR, INT_RAW.
fn run(bus: &Bus, commands: &[u32]) -> Result<(), I2cError> {
    for (n, &command) in commands.iter().enumerate() {
        write(I2C0_COMD0 + 4 * n, command);
    }
    while ENDED.try_take() {}
    write(I2C0_INT_CLR, LIST_END);
    write(I2C0_INT_ENA, LIST_END);
    write(I2C0_CTR, CTR_MASTER | CTR_TRANS_START);
    // Twice the time of a full list, and what a device may stretch.
    let us = (FIFO_BYTES as u64 + 1) * 18 * 1_000_000 / bus.hz as u64 + 20_000;
    let ended = ENDED.take_until(time::now_us() + us);
    let raw = read(I2C0_INT_RAW);
    let error = match raw {
        _ if !ended || raw & TIME_OUT != 0 => I2cError::TimeOut,
        _ if raw & ACK_ERR != 0 => I2cError::Nack,
        _ if raw & ARBITRATION_LOST != 0 => I2cError::ArbitrationLost,
        _ => return Ok(()),
    };
    write(I2C0_INT_ENA, 0);
    settle(bus, error);
    Err(error)
}

/// After a NACK the controller sends STOP by itself; otherwise the block is reset. FIFO_CONF, SR.
fn settle(bus: &Bus, error: I2cError) {
    if error != I2cError::Nack {
        configure(bus.hz);
        return;
    }
    let until = time::now_us() + 1000;
    while read(I2C0_SR) & SR_BUS_BUSY != 0 && time::now_us() < until {}
    write(I2C0_FIFO_CONF, FIFO_RESETS);
    write(I2C0_FIFO_CONF, 0);
}

/// START, address, `data`; `last` ends the final list.
fn send(bus: &Bus, address: u8, data: &[u8], last: u32) -> Result<(), I2cError> {
    let mut rest = data;
    let mut first = true;
    loop {
        let count = rest.len().min(FIFO_BYTES - first as usize);
        if first {
            write(I2C0_DATA_AHB, (address as u32) << 1);
        }
        for &byte in &rest[..count] {
            write(I2C0_DATA_AHB, byte as u32);
        }
        let end = if count == rest.len() { last } else { END };
        let written = WRITE + (count + first as usize) as u32;
        if first {
            run(bus, &[RSTART, written, end])?;
        } else {
            run(bus, &[written, end])?;
        }
        rest = &rest[count..];
        first = false;
        if rest.is_empty() {
            return Ok(());
        }
    }
}

/// START, address, reads `buffer` with a NACK of the last byte, STOP.
fn receive(bus: &Bus, address: u8, buffer: &mut [u8]) -> Result<(), I2cError> {
    assert!(!buffer.is_empty());
    write(I2C0_DATA_AHB, (address as u32) << 1 | 1);
    run(bus, &[RSTART, WRITE + 1, END])?;
    let mut left = buffer.len();
    for part in buffer.chunks_mut(FIFO_BYTES) {
        let count = part.len() as u32;
        left -= part.len();
        if left > 0 {
            run(bus, &[READ_ACK + count, END])?;
        } else {
            // READ of 0 bytes does nothing.
            run(bus, &[READ_ACK + count - 1, READ_NACK + 1, STOP])?;
        }
        for byte in part {
            *byte = read(I2C0_DATA) as u8;
        }
    }
    Ok(())
}

fn with_bus<R>(f: impl FnOnce(&Bus) -> Result<R, I2cError>) -> Result<R, I2cError> {
    let bus = BUS.lock();
    f(bus.as_ref().ok_or(I2cError::NotReady)?)
}

/// Writes to the device with this 7-bit address. I2C0 DATA (AHB), COMDn, CTR, INT_CLR, INT_ENA, INT_RAW.
pub fn write_to(address: u8, data: &[u8]) -> Result<(), I2cError> {
    with_bus(|bus| send(bus, address, data, STOP))
}

/// Fills `buffer`, which must not be empty. Registers as of `write_to`, and DATA.
pub fn read_from(address: u8, buffer: &mut [u8]) -> Result<(), I2cError> {
    with_bus(|bus| receive(bus, address, buffer))
}

/// Writes, then reads behind a repeated START. Registers as of `read_from`.
pub fn write_read(address: u8, data: &[u8], buffer: &mut [u8]) -> Result<(), I2cError> {
    with_bus(|bus| {
        send(bus, address, data, END)?;
        receive(bus, address, buffer)
    })
}

/// Whether a device acknowledges the address; an error other than `Nack` when the bus does not work. Registers as of
/// `write_to`.
pub fn probe(address: u8) -> Result<bool, I2cError> {
    match write_to(address, &[]) {
        Ok(()) => Ok(true),
        Err(I2cError::Nack) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Calls `found` for each device of the addresses 0x08..=0x77, which are not reserved. Registers as of `write_to`.
pub fn scan(mut found: impl FnMut(u8)) -> Result<(), I2cError> {
    for address in 0x08..=0x77 {
        if probe(address)? {
            found(address);
        }
    }
    Ok(())
}
