//! The onboarding example: two tasks on two cores that say hello, then the verdict of the exit convention.
#![no_std]

use kernel::task::{self, Affinity};
use kernel::{arch, println, start, test};

extern "C" fn hello(number: usize) {
    for round in 1..=3 {
        println!("Hello {round} from task {number} on core {}", arch::core_id());
        task::sleep_ms(10);
    }
    task::exit(number * 10);
}

#[unsafe(no_mangle)]
extern "C" fn app_main() {
    println!("Lockstep32 RTOS: {} cores", start::cores_online());
    let tasks = [0, 1].map(|core| {
        task::spawn("hello", 5, Affinity::Core(core as u8), 4096, hello, core + 1).unwrap()
    });
    let codes = tasks.map(|id| task::join(id).unwrap());
    test::check("tasks joined", codes == [10, 20]);
    test::finish();
}
