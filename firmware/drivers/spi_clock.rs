//! The dividers of the SPI clock (TRM "SPI Controller"). No hardware: firmware/units tests it.

const APB_HZ: u32 = 80_000_000;
/// APB_HZ / (8192 * 64), the dividers' greatest values.
const LOWEST_HZ: u32 = 153;

/// CLOCK and the frequency that it gives: APB / ((PRE + 1) * (N + 1)), not above `hz`.
pub fn divider(hz: u32) -> Option<(u32, u32)> {
    if hz < LOWEST_HZ {
        return None;
    }
    let total = APB_HZ.div_ceil(hz).max(2);
    let pre = total.div_ceil(64);
    let n = total.div_ceil(pre);
    let clock = (pre - 1) << 18 | (n - 1) << 12 | (n / 2 - 1) << 6 | (n - 1);
    Some((clock, APB_HZ / (pre * n)))
}
