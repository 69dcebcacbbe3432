//! The functions of the kernel for C: firmware/c/c_wrapper.h says what they do.

use crate::drivers::uart;
use crate::task::{self, Affinity, Entry, TaskId};
use crate::{arch, heap, println};
use core::ffi::{CStr, c_char};

const ANY_CORE: u32 = u32::MAX;
const NO_TASK: u32 = u32::MAX;

#[unsafe(no_mangle)]
extern "C" fn rtos_puts(text: *const c_char) {
    uart::uart_puts(unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("?"));
}

#[unsafe(no_mangle)]
extern "C" fn rtos_print_u32(text: *const c_char, value: u32) {
    println!("{}{value}", unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("?"));
}

#[unsafe(no_mangle)]
extern "C" fn rtos_sleep_ms(ms: u32) {
    task::sleep_ms(ms);
}

#[unsafe(no_mangle)]
extern "C" fn rtos_yield() {
    task::yield_now();
}

#[unsafe(no_mangle)]
extern "C" fn rtos_core() -> u32 {
    arch::core_id() as u32
}

#[unsafe(no_mangle)]
extern "C" fn rtos_ccount() -> u32 {
    arch::ccount()
}

#[unsafe(no_mangle)]
extern "C" fn rtos_allocate(size: usize) -> *mut u8 {
    heap::allocate(size, 8)
}

#[unsafe(no_mangle)]
extern "C" fn rtos_free(memory: *mut u8) {
    heap::free(memory);
}

#[unsafe(no_mangle)]
extern "C" fn rtos_task_create(
    entry: Entry,
    argument: usize,
    priority: u32,
    core: u32,
    stack_size: usize,
) -> u32 {
    let affinity = if core == ANY_CORE { Affinity::Any } else { Affinity::Core(core.min(255) as u8) };
    match task::spawn("C task", priority.min(255) as u8, affinity, stack_size, entry, argument) {
        Ok(id) => (id.generation as u32) << 8 | id.index as u32,
        Err(_) => NO_TASK,
    }
}

#[unsafe(no_mangle)]
extern "C" fn rtos_task_join(handle: u32) -> u32 {
    let id = TaskId { index: handle as u8, generation: (handle >> 8) as u16 };
    task::join(id).map_or(NO_TASK, |code| code as u32)
}

#[unsafe(no_mangle)]
extern "C" fn rtos_task_exit(code: usize) {
    task::exit(code)
}

/// What `abort` of the compiler's run-time functions calls.
#[unsafe(no_mangle)]
extern "C" fn host_exit(code: u32) -> ! {
    panic!("abort, code {code}")
}
