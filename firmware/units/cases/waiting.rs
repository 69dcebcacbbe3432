use crate::harness::Random;
use crate::waiting;
use core::cell::RefCell;

/// `number`: what a task drew when it began to wait, counted from `base` on.
fn check(random: &mut Random, base: u32) {
    let mask = random.next() & random.next();
    let mut priorities = [0; 32];
    let mut drawn = [0; 32];
    for task in 0..32 {
        priorities[task] = random.below(4) as u8;
        drawn[task] = task as u32;
    }
    for left in (1..32).rev() {
        drawn.swap(left, random.below(left + 1));
    }
    let mut expected = None;
    for task in (0..32).filter(|task| mask >> task & 1 != 0) {
        let key = (priorities[task], 32 - drawn[task]);
        if expected.is_none_or(|(best, _)| key > best) {
            expected = Some((key, task as u8));
        }
    }
    let rank = |task: u8| (priorities[task as usize], base.wrapping_add(drawn[task as usize]));
    assert_eq!(waiting::first(mask, rank), expected.map(|(_, task)| task), "{mask:#x} from {base:#x}");
}

pub fn serves_priority_then_the_longest_wait() {
    let mut random = Random::new();
    (0..2000).for_each(|_| check(&mut random, 0));
    assert_eq!(waiting::first(0, |_| (0, 0)), None);
}

/// Both where the number wraps and where its sign changes.
pub fn order_survives_the_wrap_of_its_numbers() {
    let mut random = Random::new();
    for from in 0..34 {
        for base in [0u32, 1 << 31] {
            (0..30).for_each(|_| check(&mut random, base.wrapping_sub(from)));
        }
    }
    // The oldest may have waited for almost 2^31 others.
    let oldest = |task: u8| (5, if task == 9 { 0xc000_0000 } else { 0x3fff_ffff });
    assert_eq!(waiting::first(1 << 9 | 1 << 3, oldest), Some(9));
}

/// Lends along `owners` (task 0 waits for 1); a higher priority is a larger number.
fn lend(priorities: [u8; 5], owners: [Option<u8>; 5], first: Option<u8>, priority: u8) -> [u8; 5] {
    let cell = RefCell::new(priorities);
    let step = |task: u8| (cell.borrow()[task as usize], owners[task as usize]);
    waiting::lend(first, priority, step, |task| cell.borrow_mut()[task as usize] = priority);
    cell.into_inner()
}

pub fn lends_along_a_chain() {
    let chain = [Some(1), Some(2), Some(3), None, None];
    assert_eq!(lend([9, 1, 2, 3, 4], chain, Some(1), 9), [9, 9, 9, 9, 4]);
    // Who is high enough has been lent it, or had it, and has passed it on.
    assert_eq!(lend([9, 1, 9, 3, 4], chain, Some(1), 9), [9, 9, 9, 3, 4]);
    assert_eq!(lend([9, 1, 12, 3, 4], chain, Some(1), 9), [9, 9, 12, 3, 4]);
    assert_eq!(lend([9, 9, 1, 3, 4], chain, Some(1), 9), [9, 9, 1, 3, 4]);
    assert_eq!(lend([9, 1, 2, 3, 4], chain, Some(1), 2), [9, 2, 2, 3, 4]);
    assert_eq!(lend([9, 1, 2, 3, 4], chain, None, 9), [9, 1, 2, 3, 4]);
}

pub fn lending_agrees_with_a_walk_and_ends_in_cycles() {
    let mut random = Random::new();
    let mut cycles = 0;
    for round in 0..2000 {
        let priorities = [(); 5].map(|()| random.below(6) as u8);
        let owners = [(); 5].map(|()| Some(random.below(6) as u8).filter(|&owner| owner < 5));
        let (first, priority) = (random.below(5) as u8, random.below(6) as u8);
        let mut expected = priorities;
        let mut at = Some(first);
        let mut steps = 0;
        // Five tasks can each be raised once.
        while let Some(task) = at.filter(|&task| expected[task as usize] < priority) {
            expected[task as usize] = priority;
            at = owners[task as usize];
            steps += 1;
        }
        cycles += (steps > 1 && at.is_some()) as u32;
        assert!(steps <= 5);
        assert_eq!(lend(priorities, owners, Some(first), priority), expected, "round {round}");
    }
    assert!(cycles > 50);
}
