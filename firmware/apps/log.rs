//! Logging self-test: tasks of both cores log into the ring buffer while UART0 is silent; then it is dumped. The same
//! program is the image `log-both`, which logs to UART0 too, and `log-off` with logging compiled out: none of the texts
//! is in it.
#![no_std]

use kernel::log::Level;
use kernel::task::{self, Affinity};
use kernel::{log, println, test};

extern "C" fn worker(core: usize) {
    for round in 1..=3 {
        log!(Level::Info, "worker {core}: round {round} logged");
        task::sleep_ms(2);
    }
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("logging begins");
    log!(Level::Error, "an error with a number: {}", -7);
    log!(Level::Warn, "a warning");
    let workers =
        [0, 1].map(|core| task::spawn("worker", 6, Affinity::Core(core as u8), 4096, worker, core));
    let done = workers.map(|worker| task::join(worker.unwrap()));
    log!(Level::Debug, "both workers are done");
    println!("logging ended");
    log::dump();
    println!("dump ended");
    test::check("workers joined", done.iter().all(|code| *code == Ok(0)));
    test::finish();
}
