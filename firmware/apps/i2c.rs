//! I2C self-test: a 24LC256 EEPROM at 0x50 on SDA GPIO21, SCL GPIO22: written, polled until its write cycle is over,
//! read back; then the errors.
#![no_std]

use i2c::I2cError;
use kernel::{println, test, time};

#[path = "../drivers/i2c.rs"]
mod i2c;
#[path = "../drivers/matrix.rs"]
mod matrix;

const SDA: usize = 21;
const SCL: usize = 22;
const EEPROM: u8 = 0x50;
const PAGE: usize = 64;
const TEXT: &[u8] = b"Lockstep32 was here";

/// Writes within a page and waits for the end of the write cycle; its length in microseconds.
fn write(address: u16, data: &[u8]) -> Result<u64, I2cError> {
    let mut message = [0; PAGE + 2];
    message[..2].copy_from_slice(&address.to_be_bytes());
    message[2..data.len() + 2].copy_from_slice(data);
    i2c::write_to(EEPROM, &message[..data.len() + 2])?;
    let from = time::now_us();
    while !i2c::probe(EEPROM)? {}
    Ok(time::now_us() - from)
}

fn read(address: u16, buffer: &mut [u8]) -> Result<(), I2cError> {
    i2c::write_read(EEPROM, &address.to_be_bytes(), buffer)
}

fn test_eeprom(hz: u32, at: u16) {
    i2c::init(SDA, SCL, hz).unwrap();
    let mut page = [0; PAGE];
    for (n, byte) in page.iter_mut().enumerate() {
        *byte = (n as u8).wrapping_mul(37) ^ hz as u8;
    }
    let busy = write(at, &page);
    println!("{hz} Hz: page at {at:#06x} written, busy for {busy:?} us");
    test::check("a page written", busy.is_ok_and(|us| (3000..8000).contains(&us)));
    test::check("a text written", write(at + 0x1005, TEXT).is_ok());
    let mut back = [0; PAGE + 1];
    test::check("the page read back", read(at, &mut back).is_ok() && back[..PAGE] == page);
    test::check("the byte behind it is erased", back[PAGE] == 0xff);
    let mut text = [0; TEXT.len()];
    test::check("the text read back", read(at + 0x1005, &mut text).is_ok() && text == *TEXT);
    let mut one = [0];
    test::check("one byte at the current address", i2c::read_from(EEPROM, &mut one).is_ok() && one[0] == 0xff);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    test::check("not ready", i2c::probe(EEPROM) == Err(I2cError::NotReady));
    test::check("a pin without output", i2c::init(34, SCL, 100_000) == Err(I2cError::BadPin));
    test_eeprom(100_000, 0x0000);
    test_eeprom(400_000, 0x2000);
    test::check("no device", i2c::write_to(0x51, &[1, 2]) == Err(I2cError::Nack));
    let mut found = [0; 4];
    let mut count = 0;
    let scanned = i2c::scan(|address| {
        found[count & 3] = address;
        count += 1;
    });
    println!("scan: {count} device, {:#04x}", found[0]);
    test::check("scan", scanned.is_ok() && count == 1 && found[0] == EEPROM);
    test::finish();
}
