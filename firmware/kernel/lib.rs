#![no_std]
//! t
#[unsafe(no_mangle)]
pub extern "C" fn rust_kernel_entry(core: u32, _cores: u32) -> ! {
    for b in b"kernel core " { putc(*b); }
    putc(b'0' + core as u8);
    putc(b'\r');
    putc(b'\n');
    loop {}
}
pub fn putc(b: u8) {
    unsafe { (0x60000000 as *mut u32).write_volatile(b as u32) }
}
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
#[unsafe(no_mangle)]
pub extern "C" fn kernel_interrupt(_p: u32) -> u32 { 0 }
#[unsafe(no_mangle)]
pub extern "C" fn kernel_fault() {}
