//! `crash`: faults on purpose. Without an argument only the task dies that did it.

use crate::table::Words;
use kernel::fault::{self, Action};
use kernel::task::{self, Affinity};
use kernel::println;

/// Three calls deep, so that the backtrace has something to show.
#[inline(never)]
fn store_nowhere(depth: usize) -> usize {
    if depth > 0 {
        return store_nowhere(depth - 1) + depth;
    }
    unsafe { (depth as *mut u32).write_volatile(1) };
    1
}

extern "C" fn crasher(depth: usize) {
    task::exit(store_nowhere(depth));
}

pub fn crash(words: &mut Words) -> bool {
    match words.next() {
        Some("panic") => panic!("asked for by the user"),
        Some(_) => return false,
        None => {}
    }
    fault::set_hook(|_| Action::KillTask);
    match task::spawn("crasher", 9, Affinity::Core(1), 4096, crasher, 2) {
        Ok(id) => {
            let _ = task::join(id);
            println!("The shell and the other tasks go on.");
        }
        Err(error) => println!("crasher: {error:?}"),
    }
    true
}
