//! SPI self-test on HSPI: CLK GPIO14, MOSI GPIO13, MISO GPIO12, CS GPIO15 looped by a wire from MOSI to MISO, in all
//! modes and at several clocks; then an MCP23S17 with its chip select on GPIO5 and its data out on the same MISO.
//! (On a board, GPIO12 must be low at reset: it selects the flash voltage.)
#![no_std]

use kernel::{println, test, time};

#[path = "../drivers/matrix.rs"]
mod matrix;
#[path = "../drivers/spi.rs"]
mod spi;

const BUS: spi::Config = spi::Config { clk: 14, mosi: 13, miso: 12, cs: 15, mode: 0, hz: 1_000_000 };
const EXPANDER_CS: usize = 5;
/// More than the buffer of 64 bytes, and no multiple of 4.
const LONG: usize = 101;
const WRITE: u8 = 0x40;
const READ: u8 = 0x41;
const IODIRA: u8 = 0x00;
const OLATA: u8 = 0x14;

fn looped(length: usize) -> bool {
    let mut out = [0; LONG];
    for (n, byte) in out.iter_mut().enumerate() {
        *byte = (n as u8).wrapping_mul(29) ^ 0xa5;
    }
    let mut back = [0; LONG];
    spi::transfer(&out[..length], &mut back[..length]).is_ok() && back[..length] == out[..length]
}

fn test_loop() {
    for mode in 0..4 {
        let hz = spi::init(&spi::Config { mode, ..BUS }).unwrap();
        let from = time::now_us();
        let passed = [1, 2, 5, 64, LONG].into_iter().all(looped);
        println!("mode {mode}: {hz} Hz, 173 bytes in {} us", time::now_us() - from);
        test::check("MOSI comes back as MISO", passed);
    }
    for hz in [100_000, 3_000_000, 10_000_000] {
        let given = spi::init(&spi::Config { hz, ..BUS }).unwrap();
        println!("{hz} Hz asked, {given} Hz given");
        test::check("MOSI comes back as MISO", given <= hz && looped(LONG));
    }
}

fn register(operation: u8, register: u8, value: u8) -> u8 {
    let mut back = [0; 3];
    spi::transfer(&[operation, register, value], &mut back).unwrap();
    back[2]
}

fn test_expander() {
    spi::init(&spi::Config { cs: EXPANDER_CS, hz: 4_000_000, ..BUS }).unwrap();
    test::check("MCP23S17 after reset", register(READ, IODIRA, 0) == 0xff);
    register(WRITE, IODIRA, 0x0f);
    register(WRITE, OLATA, 0x50);
    let (direction, latch) = (register(READ, IODIRA, 0), register(READ, OLATA, 0));
    println!("MCP23S17: IODIRA {direction:#04x}, OLATA {latch:#04x}");
    test::check("MCP23S17 registers", (direction, latch) == (0x0f, 0x50));
}

fn test_errors() {
    let result = |config: spi::Config| spi::init(&config);
    test::check("not ready", spi::transfer(&[1], &mut []) == Err(spi::SpiError::NotReady));
    test::check("mode 4", result(spi::Config { mode: 4, ..BUS }) == Err(spi::SpiError::BadMode));
    test::check("100 Hz", result(spi::Config { hz: 100, ..BUS }) == Err(spi::SpiError::BadClock));
    test::check("pin 34", result(spi::Config { clk: 34, ..BUS }) == Err(spi::SpiError::BadPin));
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    test_errors();
    test_loop();
    test_expander();
    test::finish();
}
