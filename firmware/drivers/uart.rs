//! UART0: the bootloader's 115200 8N1. Output through a ring buffer and the TXFIFO_EMPTY interrupt, input through
//! RXFIFO_FULL and RXFIFO_TOUT, both on PRO_CPU.

use crate::arch::{modify, read, write};
use crate::interrupt;
use crate::layout::*;
use crate::ring::Ring;
use crate::semaphore::Semaphore;
use crate::spin::SpinLock;
use core::cell::UnsafeCell;
use core::sync::atomic::{AtomicBool, Ordering};

const RXFIFO_FULL: u32 = 1;
const TXFIFO_EMPTY: u32 = 1 << 1;
const RXFIFO_TOUT: u32 = 1 << 8;
const FIFO_ROOM: u32 = 120;

struct Buffers {
    output: Ring<1024>,
    input: Ring<256>,
    /// The interrupt empties `output`.
    sending: bool,
}

struct Shared(UnsafeCell<Buffers>);
unsafe impl Sync for Shared {}
static BUFFERS: Shared =
    Shared(UnsafeCell::new(Buffers { output: Ring::new(), input: Ring::new(), sending: false }));
static LOCK: SpinLock = SpinLock::new();
static RECEIVED: Semaphore = Semaphore::new(0);

fn buffers() -> &'static mut Buffers {
    unsafe { &mut *BUFFERS.0.get() }
}

/// CONF1 (thresholds), INT_CLR, INT_ENA; the interrupt matrix of this core.
pub fn init() {
    // RX: 64 bytes or 10 byte times of silence; TX: fewer than 16 bytes left.
    write(UART0_CONF1, 64 | 16 << 8 | 1 << 31 | 10 << 24);
    write(UART0_INT_CLR, 0x7ffff);
    write(UART0_INT_ENA, RXFIFO_FULL | RXFIFO_TOUT);
    interrupt::attach(ETS_UART0_INTR_SOURCE, on_interrupt, 0).unwrap();
}

fn fifo_count() -> u32 {
    read(UART0_STATUS) >> 16 & 0xff
}

/// Moves output to the FIFO while there is room. The lock is held.
fn fill(buffers: &mut Buffers) {
    let mut room = FIFO_ROOM.saturating_sub(fifo_count());
    while room > 0 {
        let Some(byte) = buffers.output.pop() else { return };
        write(UART0_FIFO_AHB, byte as u32);
        room -= 1;
    }
}

fn on_interrupt(_: usize) {
    let status = read(UART0_INT_ST);
    if status & TXFIFO_EMPTY != 0 {
        LOCK.lock_masked();
        let buffers = buffers();
        fill(buffers);
        if buffers.output.is_empty() {
            modify(UART0_INT_ENA, TXFIFO_EMPTY, 0);
            buffers.sending = false;
        }
        LOCK.unlock_masked();
    }
    let mut received = 0;
    if status & (RXFIFO_FULL | RXFIFO_TOUT) != 0 {
        LOCK.lock_masked();
        while read(UART0_STATUS) & 0xff != 0 {
            let byte = read(UART0_FIFO) as u8;
            // A full buffer loses the newest byte.
            received += buffers().input.push(byte) as u32;
        }
        LOCK.unlock_masked();
    }
    write(UART0_INT_CLR, status);
    for _ in 0..received {
        RECEIVED.give();
    }
}

/// Queues a byte; waits by polling while the buffer is full. From tasks and interrupt callbacks. FIFO, INT_ENA.
pub fn uart_putc(byte: u8) {
    put(&[byte]);
}

/// Queues a string, `\n` as `\r\n`. FIFO, INT_ENA, INT_CLR.
pub fn uart_puts(text: &str) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| byte == b'\n') {
        put(&rest[..at]);
        put(b"\r\n");
        rest = &rest[at + 1..];
    }
    put(rest);
}

fn put(bytes: &[u8]) {
    // Short holds of the lock: interrupts are masked meanwhile.
    for part in bytes.chunks(32) {
        let ps = LOCK.lock();
        let buffers = buffers();
        for &byte in part {
            while !buffers.output.push(byte) {
                fill(buffers);
            }
        }
        if !buffers.sending {
            buffers.sending = true;
            write(UART0_INT_CLR, TXFIFO_EMPTY);
            modify(UART0_INT_ENA, 0, TXFIFO_EMPTY);
        }
        LOCK.unlock(ps);
    }
}

/// Waits until everything queued is on the wire. STATUS, FIFO.
pub fn flush() {
    loop {
        let ps = LOCK.lock();
        fill(buffers());
        let empty = buffers().output.is_empty();
        LOCK.unlock(ps);
        if empty && read(UART0_STATUS) & 0x0fff_0000 == 0 {
            return;
        }
    }
}

/// Output by polling past all buffers and locks, for faults. What is queued comes first. STATUS, FIFO.
pub fn raw_puts(text: &str) {
    let mut put = |byte: u8| {
        while fifo_count() >= FIFO_ROOM {}
        write(UART0_FIFO_AHB, byte as u32);
    };
    while let Some(byte) = buffers().output.pop() {
        put(byte);
    }
    for byte in text.bytes() {
        if byte == b'\n' {
            put(b'\r');
        }
        put(byte);
    }
}

/// Waits for a byte. No register: the interrupt has read the FIFO.
pub fn getc() -> u8 {
    loop {
        let ps = LOCK.lock();
        let byte = buffers().input.pop();
        LOCK.unlock(ps);
        // The units only wake readers: one that is deleted may take a unit and leave its byte.
        match byte {
            Some(byte) => {
                RECEIVED.try_take();
                return byte;
            }
            None => RECEIVED.take(),
        }
    }
}

/// The last line ended by CR: a LF right behind it belongs to it.
static ENDED_BY_CR: AtomicBool = AtomicBool::new(false);

/// Reads a line with echo and backspace, without other control characters; ends by CR, LF or CR LF; the text without
/// that, cut to the buffer's length. Echo: FIFO, INT_ENA.
pub fn read_line(buffer: &mut [u8]) -> &str {
    let mut length = 0;
    loop {
        let byte = getc();
        let after_cr = ENDED_BY_CR.swap(byte == b'\r', Ordering::Relaxed);
        match byte {
            b'\n' if after_cr => {}
            b'\r' | b'\n' => break,
            8 | 127 if length > 0 => {
                length -= 1;
                uart_puts("\x08 \x08");
            }
            byte @ 32..=126 if length < buffer.len() => {
                buffer[length] = byte;
                length += 1;
                uart_putc(byte);
            }
            _ => {}
        }
    }
    uart_puts("\n");
    core::str::from_utf8(&buffer[..length]).unwrap_or("")
}
