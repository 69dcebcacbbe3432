//! UART0 input test, for a partner who does what the lines say: line editing, bursts at full rate, overflow of the
//! FIFO and of the driver's buffer, and a reader that is deleted.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::drivers::uart;
use kernel::task::{self, Affinity, Entry, TaskId};
use kernel::{arch, println, test, time};

const BURST: usize = 2000;
const FIFO: usize = 128;
const BUFFER: usize = 256;

fn spawn(core: u8, priority: u8, entry: Entry) -> TaskId {
    task::spawn("test", priority, Affinity::Core(core), 2048, entry, 0).unwrap()
}

/// What the partner sends at `index` of a burst: all 256 values.
fn expected(index: usize) -> u8 {
    (index * 7 + index / 256) as u8
}

/// Echoes every line until "done" comes.
fn lines() {
    println!("edit lines, then: done");
    let mut buffer = [0; 16];
    loop {
        let line = uart::read_line(&mut buffer);
        println!("got <{line}>");
        if line == "done" {
            return;
        }
    }
}

static STOP: AtomicU32 = AtomicU32::new(0);

/// Output of the other core and interrupts masked for up to 4 ms: 64 bytes, what the FIFO has behind its threshold,
/// take 5.5 ms.
extern "C" fn disturb(_: usize) {
    let mut round = 0;
    while STOP.load(SeqCst) == 0 {
        round += 1;
        println!("disturbance {round}");
        let ps = arch::mask();
        time::delay_us(round * 900 % 4000);
        arch::unmask(ps);
        task::sleep_ms(1);
    }
}

fn burst() {
    STOP.store(0, SeqCst);
    let tasks = [0, 1].map(|core| spawn(core, 9, disturb));
    println!("send {BURST} bytes");
    let wrong = (0..BURST).filter(|&index| uart::getc() != expected(index)).count();
    STOP.store(1, SeqCst);
    for id in tasks {
        task::join(id).unwrap();
    }
    println!("{wrong} bytes wrong");
    test::check("a burst without loss", wrong == 0);
}

/// Bytes that come within 5 ms of each other, and how many of them are as expected.
fn drain() -> (usize, usize) {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    static RIGHT: AtomicU32 = AtomicU32::new(0);
    extern "C" fn read(_: usize) {
        loop {
            let right = uart::getc() == expected(COUNT.load(SeqCst) as usize);
            RIGHT.fetch_add(right as u32, SeqCst);
            COUNT.fetch_add(1, SeqCst);
        }
    }
    COUNT.store(0, SeqCst);
    RIGHT.store(0, SeqCst);
    let reader = spawn(1, 9, read);
    let mut before = u32::MAX;
    while COUNT.load(SeqCst) != before {
        before = COUNT.load(SeqCst);
        task::sleep_ms(5);
    }
    // It waits for the next byte: another reader must get that.
    task::delete(reader).unwrap();
    (before as usize, RIGHT.load(SeqCst) as usize)
}

fn prompt(text: &str) {
    println!("{text}");
    uart::flush();
}

fn overflow() {
    prompt("send 200 bytes");
    let ps = arch::mask();
    time::delay_us(20_000);
    arch::unmask(ps);
    let (count, right) = drain();
    println!("{count} bytes, {right} in order");
    test::check("what the FIFO held is kept", right >= FIFO - 1 && count <= FIFO + 1);
    lines();
    prompt("send 400 bytes");
    task::sleep_ms(40);
    let (count, right) = drain();
    println!("{count} bytes, {right} in order");
    test::check("what the buffer held is kept", right == BUFFER && count == BUFFER);
    lines();
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Input test");
    lines();
    burst();
    overflow();
    test::finish();
}
