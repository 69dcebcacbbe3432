#![no_std]
#[unsafe(no_mangle)]
pub fn app_main() { kernel::putc(b'x'); }
