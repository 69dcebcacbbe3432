//! Bit scans. The compiler expands leading_zeros into 25 instructions; NSAU does it in one.

unsafe extern "C" {
    fn arch_top_bit(value: u32) -> u32;
}

/// Number of the highest set bit of a value that is not 0.
#[inline]
pub fn top_bit(value: u32) -> usize {
    unsafe { arch_top_bit(value) as usize }
}

/// Number of the lowest set bit of a value that is not 0.
#[inline]
pub fn low_bit(value: u32) -> usize {
    top_bit(value & value.wrapping_neg())
}
