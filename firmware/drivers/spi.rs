//! SPI2 (HSPI) as master (TRM "SPI Controller"): full-duplex transfers of any length through W0..W15, polled, most
//! significant bit first. Pins through the GPIO matrix, which bounds the clock to some 20 MHz on silicon; the chip
//! select is a GPIO output, so that it stays low over any number of buffers. One transfer at a time. Linked into
//! the program that uses it.

use crate::matrix;
use kernel::arch::{read, write};
use kernel::drivers::gpio::{self, GpioError, Mode};
use kernel::layout::*;
use kernel::mutex::Mutex;

#[path = "spi_clock.rs"]
mod clock;

const PERIP_SPI2: u32 = 1 << 6;
const CMD_USR: u32 = 1 << 18;
const USER_DOUTDIN: u32 = 1;
const USER_CK_OUT_EDGE: u32 = 1 << 7;
const USER_MOSI: u32 = 1 << 27;
const USER_MISO: u32 = 1 << 28;
const PIN_CS_OFF: u32 = 7;
const PIN_CK_IDLE_EDGE: u32 = 1 << 29;
const BUFFER_BYTES: usize = 64;
/// Sent where there is nothing to send.
const FILL: u8 = 0xff;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpiError {
    BadPin,
    /// Modes are 0..=3.
    BadMode,
    /// Below 153 Hz; what is above 40 MHz gets 40 MHz.
    BadClock,
    NotReady,
}

#[derive(Clone, Copy)]
pub struct Config {
    pub clk: usize,
    pub mosi: usize,
    pub miso: usize,
    pub cs: usize,
    /// CPOL * 2 + CPHA.
    pub mode: u8,
    /// Highest clock that the device takes.
    pub hz: u32,
}

/// Chip select of the last `init`.
static SELECT: Mutex<Option<usize>> = Mutex::new(None);

/// Returns the clock in Hz. Chip selects of earlier calls stay high. IO_MUX, GPIO matrix, GPIO_OUT,
/// DPORT_PERIP_RST_EN, SPI2 SLAVE, CTRL, CTRL2, CLOCK, PIN, USER.
pub fn init(config: &Config) -> Result<u32, SpiError> {
    let mut select = SELECT.lock();
    if config.mode > 3 {
        return Err(SpiError::BadMode);
    }
    let (clock, hz) = clock::divider(config.hz).ok_or(SpiError::BadClock)?;
    write(DPORT_PERIP_RST_EN, PERIP_SPI2);
    write(DPORT_PERIP_RST_EN, 0);
    let (idle_high, out_edge) = (config.mode >= 2, matches!(config.mode, 1 | 2));
    write(SPI2_SLAVE, 0);
    write(SPI2_CTRL, 0);
    write(SPI2_CTRL2, 0);
    write(SPI2_CLOCK, clock);
    write(SPI2_PIN, PIN_CS_OFF | if idle_high { PIN_CK_IDLE_EDGE } else { 0 });
    write(SPI2_USER, USER_DOUTDIN | USER_MOSI | USER_MISO | if out_edge { USER_CK_OUT_EDGE } else { 0 });
    connect(config).map_err(|_| SpiError::BadPin)?;
    *select = Some(config.cs);
    Ok(hz)
}

fn connect(config: &Config) -> Result<(), GpioError> {
    if config.cs < gpio::PINS {
        gpio::set_level(config.cs, true);
    }
    gpio::set_mode(config.cs, Mode::Output)?;
    matrix::output(config.clk, HSPICLK_OUT_IDX, Mode::Output, config.mode >= 2)?;
    matrix::output(config.mosi, HSPID_OUT_IDX, Mode::Output, false)?;
    gpio::set_mode(config.miso, Mode::Input)?;
    matrix::input(config.miso, HSPIQ_IN_IDX);
    Ok(())
}

/// Sends `out` and fills `input` at the same time with the chip select low throughout; the longer one decides the
/// length, and 0xff is sent beyond `out`. GPIO_OUT, SPI2 W0..W15, MOSI_DLEN, MISO_DLEN, CMD.
pub fn transfer(out: &[u8], input: &mut [u8]) -> Result<(), SpiError> {
    let select = SELECT.lock();
    let cs = select.ok_or(SpiError::NotReady)?;
    let length = out.len().max(input.len());
    gpio::set_level(cs, false);
    for at in (0..length).step_by(BUFFER_BYTES) {
        let count = (length - at).min(BUFFER_BYTES);
        exchange(out.get(at..).unwrap_or(&[]), input.get_mut(at..).unwrap_or(&mut []), count);
    }
    gpio::set_level(cs, true);
    Ok(())
}

/// One filling of the buffer.
fn exchange(out: &[u8], input: &mut [u8], count: usize) {
    for word in 0..count.div_ceil(4) {
        let lane = |n: usize| *out.get(4 * word + n).unwrap_or(&FILL);
        write(SPI2_W0 + 4 * word, u32::from_le_bytes([lane(0), lane(1), lane(2), lane(3)]));
    }
    let bits = count as u32 * 8 - 1;
    write(SPI2_MOSI_DLEN, bits);
    write(SPI2_MISO_DLEN, bits);
    write(SPI2_CMD, CMD_USR);
    while read(SPI2_CMD) & CMD_USR != 0 {}
    for (n, bytes) in input.chunks_mut(4).take(count.div_ceil(4)).enumerate() {
        let word = read(SPI2_W0 + 4 * n).to_le_bytes();
        let valid = bytes.len().min(count - 4 * n);
        bytes[..valid].copy_from_slice(&word[..valid]);
    }
}
