//! `tasks`, `mem`, `log`, `uptime`.

use crate::demo;
use crate::table::Words;
use kernel::ready::MAX_TASKS;
use kernel::task::{self, State, Task};
use kernel::time::{self, CPU_HZ};
use kernel::{heap, log, println, state};

#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    state: State,
    core: u8,
    priority: u8,
    base_priority: u8,
    stack: (*mut u8, usize),
    cycles: u64,
}

/// The tasks at one moment: printing would change them, and looking through stacks takes long.
fn rows() -> [Option<Row>; MAX_TASKS] {
    let mut rows = [None; MAX_TASKS];
    task::for_each(|index, task| {
        rows[index] = Some(Row {
            name: task.name,
            state: task.state,
            core: task.core,
            priority: task.priority,
            base_priority: task.base_priority,
            stack: (task.stack, task.stack_size),
            cycles: task.cycles,
        });
    });
    rows
}

fn headroom((stack, stack_size): (*mut u8, usize)) -> usize {
    let mut task = Task::new();
    task.stack = stack;
    task.stack_size = stack_size;
    task::stack_left(&task)
}

pub fn tasks(_: &mut Words) -> bool {
    let cycles_up = time::now_us() * (CPU_HZ / 1_000_000) as u64;
    println!("{:<8} {:<8} {:>4} {:>8} {:>11} {:>6}", "task", "state", "core", "priority", "stack left", "cpu");
    for row in rows().iter().flatten() {
        let Row { name, state, core, priority, base_priority, stack, cycles } = *row;
        let (left, size) = (headroom(stack), stack.1);
        let share = (cycles * 1000 / cycles_up) as u32;
        let state = match state {
            State::Free => "free",
            State::Ready => "ready",
            State::Running => "running",
            State::Blocked => "blocked",
            State::Dead => "dead",
        };
        let lent = if priority == base_priority { ' ' } else { '+' };
        println!(
            "{name:<8} {state:<8} {core:>4} {priority:>7}{lent} {left:>5}/{size:<5} {:>3}.{}%",
            share / 10,
            share % 10
        );
    }
    true
}

pub fn memory(_: &mut Words) -> bool {
    let usage = heap::usage();
    println!("heap {} bytes, {} free in {} blocks, never less than {}", usage.total, usage.free, usage.fragments, usage.low_water);
    true
}

pub fn log(_: &mut Words) -> bool {
    log::dump();
    true
}

pub fn uptime(_: &mut Words) -> bool {
    let us = time::now_us();
    let switches = state::lock().switches;
    println!(
        "up {}.{:06} s, {} calls of the timer, context switches {} and {}",
        us / 1_000_000,
        us % 1_000_000,
        demo::timer_calls(),
        switches[0],
        switches[1]
    );
    true
}
