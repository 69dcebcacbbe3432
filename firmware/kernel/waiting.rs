//! Who is served first, and what a mutex lends. No hardware: firmware/units tests it.

/// The task of `mask` to serve first: highest priority, then the longest wait. `rank` gives a task's priority and the
/// number it drew when it began to wait; the numbers wrap.
pub fn first(mask: u32, rank: impl Fn(u8) -> (u8, u32)) -> Option<u8> {
    let mut best: Option<(u8, (u8, u32))> = None;
    let mut left = mask;
    while left != 0 {
        let task = crate::bits::low_bit(left) as u8;
        left &= left - 1;
        let (priority, order) = rank(task);
        let better = best.is_none_or(|(_, (highest, oldest))| {
            priority > highest || priority == highest && (order.wrapping_sub(oldest) as i32) < 0
        });
        if better {
            best = Some((task, (priority, order)));
        }
    }
    best.map(|(task, _)| task)
}

/// Follows a chain of owners from `owner` on, each of which is lent `priority`: `step(owner)` is the owner's priority
/// and the owner of what it waits for; `lend` raises one. Ends at an owner that is high enough, so a cycle ends too.
pub fn lend(
    mut owner: Option<u8>,
    priority: u8,
    mut step: impl FnMut(u8) -> (u8, Option<u8>),
    mut raise: impl FnMut(u8),
) {
    while let Some(task) = owner {
        let (has, next) = step(task);
        if has >= priority {
            return;
        }
        raise(task);
        owner = next;
    }
}
