use crate::bits::{low_bit, top_bit};
use crate::harness::Random;

/// Against a loop over the bits, for all values of one or two bits and random ones.
pub fn scans_agree_with_counting() {
    let check = |value: u32| {
        let set = |bit: &usize| value >> bit & 1 != 0;
        assert_eq!(Some(top_bit(value)), (0..32).rev().find(set), "top bit of {value:#x}");
        assert_eq!(Some(low_bit(value)), (0..32).find(set), "low bit of {value:#x}");
    };
    for high in 0..32 {
        for low in 0..=high {
            check(1 << high | 1 << low);
        }
    }
    let mut random = Random::new();
    for _ in 0..2000 {
        let value = random.next() >> random.below(32);
        if value != 0 {
            check(value);
        }
    }
}
