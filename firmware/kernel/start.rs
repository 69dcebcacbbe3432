//! From the bootloader's jump to the first task of each core.

use crate::arch;
use crate::drivers::{uart, watchdog};
use crate::heap;
use crate::interrupt;
use crate::state::{self, CORES};
use crate::task::{self, Affinity, Task};
use crate::time;
use core::sync::atomic::{AtomicU32, Ordering};

unsafe extern "C" {
    static _heap_start: u8;
    static _heap_end: u8;
    fn app_main();
}

/// SRAM1 between the boot ROM's data and the boot stacks, which stay the interrupt stacks (ld/boot.ld).
const HEAP2: (usize, usize) = (0x3ffe8000, 0x3fffb000);
const ISR_STACK: [usize; CORES] = [0x3fffd000, 0x3ffff000];
const IDLE_STACK: usize = 1024;
const FAULT_STACK: usize = 2048;
const MAIN_STACK: usize = 8192;
const MAIN_PRIORITY: u8 = 8;

/// Not zero once PRO_CPU has prepared the kernel. In .data: .bss is cleared while APP_CPU waits for it.
#[unsafe(link_section = ".data")]
static PREPARED: AtomicU32 = AtomicU32::new(0);

#[repr(align(16))]
struct FaultArea([u8; FAULT_STACK + crate::layout::FRAME_SIZE]);
static mut FAULT_AREAS: [FaultArea; CORES] =
    [const { FaultArea([0; FAULT_STACK + crate::layout::FRAME_SIZE]) }; CORES];

/// Both cores come here with interrupts masked, on the boot stacks. `cores`: how many run.
#[unsafe(no_mangle)]
pub extern "C" fn rust_kernel_entry(core: u32, cores: u32) -> ! {
    let core = core as usize & 1;
    if core == 0 {
        unsafe { arch::arch_clear_bss() };
        state::init();
    } else {
        while PREPARED.load(Ordering::Acquire) == 0 {}
    }
    init_core(core);
    if core == 0 {
        init_machine(cores);
        PREPARED.store(1, Ordering::Release);
    }
    let first = {
        let mut kernel = state::lock();
        kernel.online[core] = true;
        kernel.tasks[core].since = arch::ccount();
        &raw mut kernel.tasks[core]
    };
    // PS.INTLEVEL is the idle task's own, 0, from its first frame.
    unsafe { arch::arch_start(first) }
}

fn init_core(core: usize) {
    let block = &mut state::core_blocks()[core];
    let area = unsafe { &raw mut FAULT_AREAS[core] } as usize;
    block.id = core as u32;
    block.signal = interrupt::signal_register(core);
    block.ready = &raw mut state::lock().ready[core];
    block.isr_stack = ISR_STACK[core];
    block.fault_frame = area as *mut u32;
    block.fault_stack = area + crate::layout::FRAME_SIZE + FAULT_STACK;
    unsafe { arch::arch_init(block) };
    interrupt::init(core);
    if core == 0 {
        heap::add(&raw const _heap_start as usize, &raw const _heap_end as usize);
        heap::add(HEAP2.0, HEAP2.1);
    }
    let stack = heap::allocate(IDLE_STACK, 16);
    let mut kernel = state::lock();
    let affinity = Affinity::Core(core as u8);
    let name = ["idle0", "idle1"][core];
    task::prepare(&mut kernel, core, name, 0, affinity, (stack, IDLE_STACK), idle, 0);
    let idle: &mut Task = &mut kernel.tasks[core];
    idle.state = task::State::Running;
    idle.on_cpu = core as u32 + 1;
    block.current = idle;
    kernel.current[core] = core as u8;
}

/// Devices, time and the main task, on PRO_CPU.
fn init_machine(cores: u32) {
    watchdog::disable_all();
    uart::init();
    time::init();
    // Place 1 is APP_CPU's idle task, even when that core does not run.
    state::lock().tasks[1].state = task::State::Blocked;
    let main = task::spawn("main", MAIN_PRIORITY, Affinity::Core(0), MAIN_STACK, main_task, cores as usize);
    assert!(main.is_ok());
}

extern "C" fn main_task(cores: usize) {
    while cores_online() < cores {
        task::sleep_ms(1);
    }
    unsafe { app_main() };
}

extern "C" fn idle(_: usize) {
    loop {
        task::reap();
        unsafe { arch::arch_idle() };
    }
}

/// Cores whose schedulers run.
pub fn cores_online() -> usize {
    let kernel = state::lock();
    kernel.online.iter().filter(|&&online| online).count()
}
