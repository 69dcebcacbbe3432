//! Self-test of what the compilers' output meets by chance: MOVSP with the callers' windows in memory, FPU registers
//! of tasks that take the FPU from each other, interrupts of levels 2 to 4.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::SeqCst};
use kernel::layout::*;
use kernel::task::{self, Affinity};
use kernel::{arch, interrupt, println, test, time};

const STACK: usize = 3072;
const FROM_CPU_2: usize = DPORT_CPU_INTR_FROM_CPU_0 + 8;
const FROM_CPU_2_SOURCE: usize = ETS_FROM_CPU_INTR0_SOURCE + 2;

unsafe extern "C" {
    fn arch_test_movsp4(seed: u32) -> u32;
    fn arch_test_movsp8(seed: u32) -> u32;
    fn arch_test_movsp12(seed: u32) -> u32;
    fn arch_test_fpu(seed: u32, between: extern "C" fn()) -> u32;
    fn arch_test_level4(count: *const AtomicU32);
}

/// Long enough for ticks and switches to come in between.
fn movsp_rounds() -> usize {
    (0..400)
        .filter(|&seed| unsafe {
            arch_test_movsp4(seed) != 1 || arch_test_movsp8(seed) != 1 || arch_test_movsp12(seed) != 1
        })
        .count()
}

extern "C" fn movsp_task(_: usize) {
    task::exit(movsp_rounds());
}

/// Two tasks on each core, so that callers of MOVSP are also switched.
fn movsp() {
    let tasks = [0, 1, 0, 1].map(|core| {
        task::spawn("movsp", 5, Affinity::Core(core), STACK, movsp_task, 0).unwrap()
    });
    let wrong = tasks.map(|id| task::join(id).unwrap());
    println!("wrong MOVSPs {wrong:?}");
    test::check("MOVSP with the caller's window in memory", wrong == [0; 4]);
}

static STOP: AtomicU32 = AtomicU32::new(0);

extern "C" fn give_way() {
    task::yield_now();
}

extern "C" fn be_busy() {
    time::delay_us(100);
}

extern "C" fn sleep() {
    task::sleep_ms(1);
}

/// Differences of 200 rounds in which the task gives way, sleeps or is pre-empted; `seed` also makes FCR and FSR.
extern "C" fn fpu_task(seed: usize) {
    let mut wrong = 0;
    for round in 0..200 {
        let between = match round % 16 {
            0..=9 => give_way,
            10..=14 => be_busy,
            _ => sleep,
        };
        wrong += (unsafe { arch_test_fpu((seed * 1000 + round) as u32, between) } != 0) as usize;
    }
    task::exit(wrong);
}

/// Takes turns with the FPU's users and leaves the FPU alone.
extern "C" fn integer_task(_: usize) {
    while STOP.load(SeqCst) == 0 {
        task::yield_now();
    }
}

fn floating_point() {
    for core in [0, 1] {
        STOP.store(0, SeqCst);
        let spawn = |entry, seed| {
            task::spawn("fpu", 5, Affinity::Core(core), STACK, entry, seed).unwrap()
        };
        let other = spawn(integer_task, 0);
        let tasks = [1, 2, 3].map(|seed| spawn(fpu_task, seed));
        let wrong = tasks.map(|id| task::join(id).unwrap());
        STOP.store(1, SeqCst);
        task::join(other).unwrap();
        println!("core {core}: FPU rounds gone wrong {wrong:?}");
        test::check("f0..f15, FCR and FSR of three tasks", wrong == [0; 3]);
    }
}

static SERVED: AtomicU32 = AtomicU32::new(0);

fn serve(add: usize) {
    arch::write(FROM_CPU_2, 0);
    SERVED.fetch_add(add as u32, SeqCst);
}

/// Raises cross-core interrupt 2, mapped to CPU interrupt `number`, ten times.
fn raise(number: u32) {
    arch::write(DPORT_PRO_MAC_INTR_MAP + 4 * FROM_CPU_2_SOURCE, number);
    for _ in 0..10 {
        let before = SERVED.load(SeqCst);
        arch::write(FROM_CPU_2, 1);
        let from = arch::ccount();
        while SERVED.load(SeqCst) == before && arch::ccount().wrapping_sub(from) < 10_000 {}
    }
    unsafe { arch::arch_interrupt_disable(1 << number) };
}

fn levels() {
    interrupt::register(19, serve, 1);
    raise(19);
    test::check("level-2 interrupt by its callback", SERVED.load(SeqCst) == 10);
    interrupt::register(23, serve, 100);
    raise(23);
    test::check("level-3 interrupt by its callback", SERVED.load(SeqCst) == 1010);
    unsafe { arch_test_level4(&SERVED) };
    unsafe { arch::arch_interrupt_enable(1 << 24) };
    raise(24);
    test::check("level-4 interrupt by its assembly routine", SERVED.load(SeqCst) == 1020);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Self-test");
    movsp();
    floating_point();
    levels();
    test::finish();
}
