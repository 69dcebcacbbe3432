use crate::harness::Random;
use crate::spi_clock::divider;

const APB: u32 = 80_000_000;

/// CLOCK's fields say the frequency; the divider is the least whole one, or above 64 larger by less than PRE + 1.
pub fn never_above_and_never_far_below() {
    let check = |hz: u32| {
        let (clock, got) = divider(hz).unwrap();
        let (pre, n) = ((clock >> 18 & 0x1fff) + 1, (clock >> 12 & 0x3f) + 1);
        assert_eq!(clock >> 31, 0);
        assert_eq!((clock & 0x3f) + 1, n, "L of {hz}");
        assert_eq!((clock >> 6 & 0x3f) + 1, n / 2, "H of {hz}");
        assert_eq!(got, APB / (pre * n), "{hz}");
        let least = APB.div_ceil(hz).max(2);
        assert!((least..least + pre).contains(&(pre * n)), "{hz}: {pre} * {n}");
        assert!(got <= hz, "{hz}: {got}");
    };
    for hz in [153, 154, 1000, 39_063, 39_999, 1_000_000, 1_250_000, 20_000_000, 39_999_999, 40_000_000, u32::MAX] {
        check(hz);
    }
    let mut random = Random::new();
    for _ in 0..3000 {
        check(153 + (random.next() >> random.below(25)));
    }
    assert_eq!([0, 1, 152].map(divider), [None; 3]);
    assert_eq!(divider(80_000_000), Some((1 << 12 | 1, 40_000_000)));
}
