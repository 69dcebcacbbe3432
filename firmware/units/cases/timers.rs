use crate::harness::Random;
use crate::timer_table::{TIMERS, Timer, TimerId, TimerTable};

fn timer(due: u64, period: u64, argument: usize) -> Timer {
    Timer { due, period, callback: |_| {}, argument }
}

/// How often each argument is called up to `now`, as the timer task calls.
fn serve(table: &mut TimerTable, now: u64, calls: &mut [u32]) {
    while table.next_due() <= now {
        for index in 0..TIMERS {
            if let Some(timer) = table.take_due(index, now) {
                calls[timer.argument] += 1;
            }
        }
    }
}

/// Timers come and go at random; the model counts the times at which each was due while it existed.
pub fn calls_are_those_that_are_due() {
    const COUNT: usize = 400;
    let mut random = Random::new();
    let mut table = TimerTable::new();
    let mut made: [Option<(TimerId, u64, u64)>; COUNT] = [None; COUNT];
    let mut calls = [0; COUNT];
    let (mut now, mut full, mut next) = (0u64, 0, 0);
    while next < COUNT {
        // What was due has been called.
        let expected = |&(_, first, period): &(TimerId, u64, u64)| match period {
            _ if now < first => 0,
            0 => 1,
            _ => (now - first) / period + 1,
        };
        if random.chance(55) {
            let (first, period) = (now + 1 + random.below(3000) as u64, [0, 700, 1000, 2500][random.below(4)]);
            match table.add(timer(first, period, next)) {
                Some(id) => made[next] = Some((id, first, period)),
                None => full += 1,
            }
            next += 1;
        } else {
            // It may have ended: then nothing happens.
            let known = made.iter().flatten().count().max(1);
            let victim = (0..next).filter(|&n| made[n].is_some()).nth(random.below(known));
            if let Some((victim, gone)) = victim.map(|n| (n, made[n].unwrap())) {
                table.remove(gone.0);
                assert_eq!(calls[victim] as u64, expected(&gone), "timer {victim} at {now}");
                made[victim] = None;
            }
        }
        let waiting = made.iter().flatten().map(|gone| {
            let count = expected(gone);
            if gone.2 == 0 && count > 0 { u64::MAX } else { gone.1 + count * gone.2 }
        });
        assert_eq!(table.next_due(), waiting.min().unwrap_or(u64::MAX), "at {now}");
        now += random.below(900) as u64;
        serve(&mut table, now, &mut calls);
    }
    assert!(full > 5 && full < COUNT / 2, "{full}");
}

pub fn a_late_timer_loses_no_call() {
    let mut table = TimerTable::new();
    table.add(timer(1000, 1000, 0)).unwrap();
    let mut calls = [0];
    serve(&mut table, 999, &mut calls);
    assert_eq!(calls, [0]);
    serve(&mut table, 60_000_000, &mut calls);
    assert_eq!((calls, table.next_due()), ([60_000], 60_001_000));
}

pub fn an_ended_timer_stops_no_other() {
    let mut table = TimerTable::new();
    let once = table.add(timer(5, 0, 0)).unwrap();
    assert_eq!(table.take_due(0, 5).map(|timer| timer.argument), Some(0));
    assert!(table.take_due(0, 5).is_none());
    let other = table.add(timer(9, 0, 1)).unwrap();
    table.remove(once);
    assert_eq!(table.next_due(), 9);
    table.remove(other);
    assert_eq!(table.next_due(), u64::MAX);
    for n in 0..TIMERS {
        assert!(table.add(timer(n as u64, 0, n)).is_some());
    }
    assert_eq!(table.add(timer(0, 0, 0)), None);
}
