//! Which software timers exist and when they are due. No hardware: firmware/units tests it.

pub const TIMERS: usize = 16;

#[derive(Clone, Copy)]
pub struct Timer {
    /// Microseconds since the kernel started.
    pub due: u64,
    /// 0: once.
    pub period: u64,
    pub callback: fn(usize),
    pub argument: usize,
}

/// Stays invalid after the timer has ended and its place is used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TimerId {
    index: usize,
    number: u32,
}

pub struct TimerTable {
    timers: [Option<Timer>; TIMERS],
    /// Of the timer that is or was last in the place: they count all timers.
    numbers: [u32; TIMERS],
    count: u32,
}

impl TimerTable {
    pub const fn new() -> Self {
        TimerTable { timers: [None; TIMERS], numbers: [0; TIMERS], count: 0 }
    }

    /// None when all places are in use.
    pub fn add(&mut self, timer: Timer) -> Option<TimerId> {
        for index in 0..TIMERS {
            if self.timers[index].is_none() {
                self.count = self.count.wrapping_add(1);
                self.timers[index] = Some(timer);
                self.numbers[index] = self.count;
                return Some(TimerId { index, number: self.count });
            }
        }
        None
    }

    pub fn remove(&mut self, id: TimerId) {
        if self.numbers[id.index] == id.number {
            self.timers[id.index] = None;
        }
    }

    /// The timer at place `index` if it is due. A periodic one is then due a period later, and at once again when
    /// that has passed too: no call is lost. One of period 0 ends.
    pub fn take_due(&mut self, index: usize, now: u64) -> Option<Timer> {
        let Some(timer) = &mut self.timers[index] else { return None };
        if timer.due > now {
            return None;
        }
        let fired = *timer;
        timer.due += timer.period;
        if fired.period == 0 {
            self.timers[index] = None;
        }
        Some(fired)
    }

    /// When the first of them is due, or u64::MAX.
    pub fn next_due(&self) -> u64 {
        let mut next = u64::MAX;
        for index in 0..TIMERS {
            if let Some(timer) = &self.timers[index] {
                next = next.min(timer.due);
            }
        }
        next
    }
}
