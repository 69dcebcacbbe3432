//! Software timers: callbacks in the timer task (priority 30), once or periodically, with the tick's resolution.

use crate::semaphore::Semaphore;
use crate::state;
use crate::task::{self, Affinity, NEVER};
use crate::time;
use core::cell::UnsafeCell;

pub const TIMERS: usize = 16;
const PRIORITY: u8 = 30;

#[derive(Clone, Copy)]
struct Timer {
    due: u64,
    /// 0: once.
    period: u64,
    callback: fn(usize),
    argument: usize,
}

struct Table(UnsafeCell<[Option<Timer>; TIMERS]>);
unsafe impl Sync for Table {}
static TABLE: Table = Table(UnsafeCell::new([None; TIMERS]));
static CHANGED: Semaphore = Semaphore::new(0);
static STARTED: crate::mutex::Mutex<bool> = crate::mutex::Mutex::new(false);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerId(usize);

/// Calls `callback(argument)` in `first_ms` and then every `period_ms` (0: once). None when all are in use.
pub fn start(first_ms: u32, period_ms: u32, callback: fn(usize), argument: usize) -> Option<TimerId> {
    {
        let mut started = STARTED.lock();
        if !*started {
            task::spawn("timers", PRIORITY, Affinity::Any, 4096, serve, 0).ok()?;
            *started = true;
        }
    }
    let due = time::after_ms(first_ms);
    let index = {
        let _kernel = state::lock();
        let table = unsafe { &mut *TABLE.0.get() };
        let index = table.iter().position(|timer| timer.is_none())?;
        table[index] = Some(Timer { due, period: period_ms as u64 * 1000, callback, argument });
        index
    };
    CHANGED.give();
    Some(TimerId(index))
}

/// Its callback may be running on the other core.
pub fn stop(id: TimerId) {
    let _kernel = state::lock();
    unsafe { (*TABLE.0.get())[id.0] = None };
}

extern "C" fn serve(_: usize) {
    loop {
        let now = time::now_us();
        let mut next = NEVER;
        for index in 0..TIMERS {
            let due = {
                let _kernel = state::lock();
                let slot = unsafe { &mut (*TABLE.0.get())[index] };
                match slot {
                    Some(timer) if timer.due <= now => {
                        let fired = *timer;
                        timer.due += timer.period;
                        next = next.min(if timer.period > 0 { timer.due } else { NEVER });
                        if timer.period == 0 {
                            *slot = None;
                        }
                        Some(fired)
                    }
                    Some(timer) => {
                        next = next.min(timer.due);
                        None
                    }
                    None => None,
                }
            };
            if let Some(timer) = due {
                (timer.callback)(timer.argument);
            }
        }
        CHANGED.take_until(next);
    }
}
