//! Fault demo: tasks that fault on each core are ended and reported while the rest goes on; the last fault halts
//! the system with registers and backtrace.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::fault::{self, Action, Fault};
use kernel::task::{self, Affinity};
use kernel::{arch, println, test};

static CAUSES: AtomicU32 = AtomicU32::new(0);

fn survive(fault: &Fault) -> Action {
    CAUSES.fetch_or(1 << fault.cause, SeqCst);
    Action::KillTask
}

#[inline(never)]
extern "C" fn read_null(depth: usize) -> u32 {
    if depth > 0 {
        return read_null(depth - 1) + 1;
    }
    arch::read(core::hint::black_box(0x10))
}

extern "C" fn load_prohibited(_: usize) {
    println!("{}", read_null(10));
}

extern "C" fn illegal(_: usize) {
    unsafe { arch::arch_illegal() }
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Fault demo");
    fault::set_hook(survive);
    for (core, entry) in [(0, load_prohibited as task::Entry), (1, illegal)] {
        let id = task::spawn("faulty", 5, Affinity::Core(core), 4096, entry, 0).unwrap();
        test::check("a faulting task is ended", task::join(id) == Ok(usize::MAX));
    }
    test::check("causes 28 and 0", CAUSES.load(SeqCst) == 1 << 28 | 1);
    panic!("the last line of the demo is its halt");
}
