//! The kernel: tasks on two cores, their scheduler, synchronisation, time, interrupts, faults, the console and
//! the drivers. No dependency; runs from IRAM with its data in DRAM. The program (`app_main`) is another crate.
//!
//! One lock (`state::lock`) protects scheduler and synchronisation objects; everything under it is bounded.
#![no_std]

pub mod allocator;
pub mod arch;
pub mod bits;
mod c_api;
pub mod console;
pub mod fault;
pub mod fifo;
pub mod heap;
pub mod interrupt;
pub mod log;
pub mod mailbox;
pub mod mutex;
pub mod queue;
pub mod ready;
pub mod record;
pub mod ring;
pub mod sched;
pub mod semaphore;
pub mod spin;
pub mod start;
pub mod state;
pub mod task;
pub mod test;
pub mod time;
pub mod timer;
pub mod timer_table;
pub mod waiting;

#[path = "../drivers/mod.rs"]
pub mod drivers;

/// Addresses and offsets of firmware/arch/*.h.
pub mod layout {
    #![allow(dead_code)]
    include!(env!("LAYOUT"));
}
