//! Watchdog test: fed it does not bite, starved it resets the chip, also when both cores have halted with a fault. The
//! stage outlives the resets in RTC_CNTL_STORE0; each boot checks the reset cause that the ROM's banner shows too.
#![no_std]

use kernel::drivers::watchdog;
use kernel::layout::*;
use kernel::task::{self, Affinity};
use kernel::{arch, interrupt, println, test, time};

const POWERON_RESET: u32 = 1;
const TG0WDT_SYS_RESET: u32 = 7;
const MARK: u32 = 0x5e1f_0000;
const TIMEOUT_MS: u32 = 20;
const FROM_CPU_2: usize = DPORT_CPU_INTR_FROM_CPU_0 + 8;

/// Uses the FPU as an interrupt callback must not.
fn float_in_callback(_: usize) {
    arch::write(FROM_CPU_2, 0);
    let half = core::hint::black_box(3.0f32) * core::hint::black_box(0.5f32);
    println!("the callback has computed {}", half as u32);
}

extern "C" fn own_the_fpu(_: usize) {
    interrupt::attach(ETS_FROM_CPU_INTR0_SOURCE + 2, float_in_callback, 0).unwrap();
    let mut sum = core::hint::black_box(1.0f32);
    // The FPU holds this task's registers when the interrupt comes.
    sum += core::hint::black_box(0.25f32);
    arch::write(FROM_CPU_2, 1);
    time::delay_us(100);
    println!("the task goes on with {}", (sum * 4.0) as u32);
}

extern "C" fn feed(rounds: usize) {
    for _ in 0..rounds {
        task::sleep_ms(TIMEOUT_MS / 4);
        watchdog::feed();
    }
}

/// Both cores feed at once for five times the time-out.
fn fed() {
    let from = time::now_us();
    let feeders = [0, 1].map(|core| task::spawn("feeder", 5, Affinity::Core(core), 2048, feed, 20).unwrap());
    for id in feeders {
        task::join(id).unwrap();
    }
    test::check("a fed watchdog does not bite", time::now_us() - from >= 5000 * TIMEOUT_MS as u64);
}

fn starve() -> ! {
    let from = time::now_us();
    loop {
        task::sleep_ms(1);
        println!("starved for {} us", time::now_us() - from);
    }
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    let store = arch::read(RTC_CNTL_STORE0);
    let stage = if store & 0xffff_0000 == MARK { store & 0xffff } else { 0 };
    arch::write(RTC_CNTL_STORE0, MARK | (stage + 1));
    println!("Watchdog test, stage {stage}");
    let causes = [0, 1].map(watchdog::reset_cause);
    println!("reset causes {causes:?}");
    match stage {
        0 => {
            test::check("reset cause after power-on", causes[0] == POWERON_RESET);
            watchdog::start(TIMEOUT_MS);
            fed();
            starve();
        }
        1 => {
            test::check("a starved watchdog resets the chip", causes == [TG0WDT_SYS_RESET; 2]);
            // Long enough for the dump of the fault.
            watchdog::start(10 * TIMEOUT_MS);
            let id = task::spawn("floats", 9, Affinity::Core(1), 3072, own_the_fpu, 0).unwrap();
            task::join(id).unwrap();
            test::check("the FPU in a callback is a fault", false);
        }
        2 => {
            test::check("a halted system is reset", causes == [TG0WDT_SYS_RESET; 2]);
            watchdog::start(TIMEOUT_MS);
            watchdog::stop();
            task::sleep_ms(3 * TIMEOUT_MS);
            test::check("a stopped watchdog does not bite", true);
        }
        _ => test::check("three stages", false),
    }
    arch::write(RTC_CNTL_STORE0, 0);
    test::finish();
}
