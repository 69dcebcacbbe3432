//! Unit tests of the firmware's Rust without hardware, compiled for Xtensa and run by qemu-xtensa
//! (firmware/units.test.ts). A case is a row below; it fails by a panic of an assertion.
#![no_std]
#![allow(dead_code)]

#[path = "../kernel/allocator.rs"]
mod allocator;
#[path = "../kernel/bits.rs"]
mod bits;
#[path = "../kernel/fifo.rs"]
mod fifo;
mod harness;
#[path = "../apps/shell/line.rs"]
mod line;
#[path = "../kernel/ready.rs"]
mod ready;
#[path = "../kernel/record.rs"]
mod record;
#[path = "../kernel/ring.rs"]
mod ring;
#[path = "../drivers/spi_clock.rs"]
mod spi_clock;
#[path = "../apps/shell/table.rs"]
mod table;
#[path = "../kernel/timer_table.rs"]
mod timer_table;
#[path = "../kernel/waiting.rs"]
mod waiting;

mod cases {
    pub mod bits;
    pub mod heap;
    pub mod line;
    pub mod log;
    pub mod ready;
    pub mod spi_clock;
    pub mod stores;
    pub mod table;
    pub mod timers;
    pub mod waiting;
}

macro_rules! cases {
    ($($module:ident::$name:ident,)*) => {
        const CASES: &[harness::Case] = &[
            $(harness::Case {
                name: concat!(stringify!($module), "::", stringify!($name)),
                run: cases::$module::$name,
            },)*
        ];
    };
}

cases! {
    bits::scans_agree_with_counting,
    stores::ring_is_a_bounded_queue,
    stores::ring_drops_the_oldest,
    stores::fifo_is_a_bounded_queue,
    ready::queues_agree_with_a_sorted_list,
    ready::queues_of_few_priorities_agree_with_a_sorted_list,
    ready::equal_tasks_take_turns,
    heap::blocks_keep_their_bytes_and_all_joins_again,
    heap::freed_in_any_order_all_joins_again,
    heap::regions_that_touch_are_one,
    heap::regions_without_room_add_nothing,
    heap::refuses_what_does_not_fit,
    waiting::serves_priority_then_the_longest_wait,
    waiting::order_survives_the_wrap_of_its_numbers,
    waiting::lends_along_a_chain,
    waiting::lending_agrees_with_a_walk_and_ends_in_cycles,
    log::records_show_level_core_and_time,
    log::levels_are_ordered,
    log::lines_are_cut,
    timers::calls_are_those_that_are_due,
    timers::a_late_timer_loses_no_call,
    timers::an_ended_timer_stops_no_other,
    line::keys_edit_the_line,
    line::the_screen_shows_the_line,
    table::lines_call_commands,
    table::the_list_has_columns,
    spi_clock::never_above_and_never_far_below,
}

/// # Safety
/// `stack`: argc and argv, as Linux leaves them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn unit_main(stack: *const usize) -> u32 {
    unsafe { harness::run(CASES, stack) }
}
