use crate::harness::text_of;
use crate::record::{Level, Line, Record};
use core::fmt::Write;

pub fn records_show_level_core_and_time() {
    let check = |at_us, level, core, expected: &str| {
        let text = text_of(Record { at_us, level, core, text: format_args!("x = {}", 5) });
        assert_eq!(text.as_str(), expected);
    };
    check(None, Level::Error, 0, "E 0: x = 5");
    check(None, Level::Warn, 1, "W 1: x = 5");
    check(Some(0), Level::Info, 0, "[    0.000000] I 0: x = 5");
    check(Some(1_000_001), Level::Debug, 1, "[    1.000001] D 1: x = 5");
    check(Some(99_999_999_999), Level::Info, 0, "[99999.999999] I 0: x = 5");
    // More than 32 bits of microseconds, and wider than its column.
    check(Some(123_456_000_042), Level::Info, 1, "[123456.000042] I 1: x = 5");
}

/// `log!` compares them with the greatest that is compiled in.
pub fn levels_are_ordered() {
    let levels = [Level::Error, Level::Warn, Level::Info, Level::Debug];
    assert!(levels.is_sorted());
    assert_eq!(levels.map(|level| level as u8), [1, 2, 3, 4]);
}

pub fn lines_are_cut() {
    let mut line = Line::new();
    for part in 0..30 {
        write!(line, "{part:05}").unwrap();
        let length = ((part + 1) * 5).min(120);
        assert_eq!(line.bytes().len(), length);
    }
    assert_eq!(line.bytes()[115..], *b"00023");
    let mut odd = Line::new();
    odd.write_str(core::str::from_utf8(&[b'x'; 119]).unwrap()).unwrap();
    odd.write_str("yz").unwrap();
    assert_eq!(odd.bytes()[118..], *b"xy");
    odd.write_str("").unwrap();
    assert_eq!(odd.bytes().len(), 120);
}
