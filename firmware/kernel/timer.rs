//! Software timers: callbacks in the timer task (priority 30), once or periodically, with the tick's resolution.

use crate::semaphore::Semaphore;
use crate::state;
use crate::task::{self, Affinity};
use crate::time;
pub use crate::timer_table::{TIMERS, TimerId};
use crate::timer_table::{Timer, TimerTable};
use core::cell::UnsafeCell;

const PRIORITY: u8 = 30;

struct Table(UnsafeCell<TimerTable>);
unsafe impl Sync for Table {}
static TABLE: Table = Table(UnsafeCell::new(TimerTable::new()));
static CHANGED: Semaphore = Semaphore::new(0);
static STARTED: crate::mutex::Mutex<bool> = crate::mutex::Mutex::new(false);

/// The table, under the kernel's lock.
fn with<R>(f: impl FnOnce(&mut TimerTable) -> R) -> R {
    let _kernel = state::lock();
    f(unsafe { &mut *TABLE.0.get() })
}

/// Calls `callback(argument)` in `first_ms` and then every `period_ms` (0: once). Both in milliseconds;
/// None when all 16 (TIMERS) are in use. Callbacks run in the task `timers`, priority 30, not in an interrupt: they may
/// block, which delays the others. From tasks.
pub fn start(first_ms: u32, period_ms: u32, callback: fn(usize), argument: usize) -> Option<TimerId> {
    {
        let mut started = STARTED.lock();
        if !*started {
            task::spawn("timers", PRIORITY, Affinity::Any, 4096, serve, 0).ok()?;
            *started = true;
        }
    }
    let (due, period) = (time::after_ms(first_ms), period_ms as u64 * 1000);
    let id = with(|table| table.add(Timer { due, period, callback, argument }))?;
    CHANGED.give();
    Some(id)
}

/// Its callback may be running on the other core.
pub fn stop(id: TimerId) {
    with(|table| table.remove(id));
}

extern "C" fn serve(_: usize) {
    loop {
        let now = time::now_us();
        for index in 0..TIMERS {
            if let Some(timer) = with(|table| table.take_due(index, now)) {
                (timer.callback)(timer.argument);
            }
        }
        // Without a timer: u64::MAX, which is NEVER.
        CHANGED.take_until(with(|table| table.next_due()));
    }
}
