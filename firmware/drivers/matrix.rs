//! Peripheral signals on any pad, through the GPIO matrix. Linked into the program that uses it, as i2c.rs and spi.rs.

use kernel::arch::write;
use kernel::drivers::gpio::{self, GpioError, Mode};
use kernel::layout::*;

const SIG_IN_SEL: u32 = 1 << 7;

/// Pad driven by a peripheral's output `signal`; `idle` is its level until then. GPIO_OUT(1), what `gpio::set_mode`
/// writes, GPIO_FUNCn_OUT_SEL_CFG.
pub fn output(pin: usize, signal: usize, mode: Mode, idle: bool) -> Result<(), GpioError> {
    if pin < gpio::PINS {
        gpio::set_level(pin, idle);
    }
    gpio::set_mode(pin, mode)?;
    write(GPIO_FUNC0_OUT_SEL_CFG + 4 * pin, signal as u32);
    Ok(())
}

/// Peripheral's input `signal` from a pad whose mode is set. GPIO_FUNCn_IN_SEL_CFG.
pub fn input(pin: usize, signal: usize) {
    write(GPIO_FUNC0_IN_SEL_CFG + 4 * signal, SIG_IN_SEL | pin as u32);
}
