//! Ready queues: for each priority a FIFO of task numbers, doubly linked. No hardware: firmware/units tests it.

pub const PRIORITIES: usize = 32;
pub const MAX_TASKS: usize = 32;
pub const NONE: u8 = 0xff;

/// A task is in one ready queue at most, so both cores' queues share the links.
#[repr(C)]
pub struct Links {
    next: [u8; MAX_TASKS],
    previous: [u8; MAX_TASKS],
}

impl Links {
    pub const fn new() -> Self {
        Links { next: [NONE; MAX_TASKS], previous: [NONE; MAX_TASKS] }
    }
}

#[repr(C)]
pub struct ReadyQueue {
    /// Bit p: there are tasks of priority p.
    pub occupied: u32,
    pub head: [u8; PRIORITIES],
    pub tail: [u8; PRIORITIES],
    count: usize,
}

impl ReadyQueue {
    pub const fn new() -> Self {
        ReadyQueue { occupied: 0, head: [NONE; PRIORITIES], tail: [NONE; PRIORITIES], count: 0 }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Highest priority that has a task.
    #[inline]
    pub fn top(&self) -> Option<u8> {
        if self.occupied == 0 { None } else { Some(crate::bits::top_bit(self.occupied) as u8) }
    }

    #[inline]
    pub fn push_back(&mut self, links: &mut Links, task: u8, priority: u8) {
        let p = priority as usize & 31;
        let last = self.tail[p];
        links.previous[task as usize & 31] = last;
        links.next[task as usize & 31] = NONE;
        if last == NONE {
            self.head[p] = task;
        } else {
            links.next[last as usize & 31] = task;
        }
        self.tail[p] = task;
        self.occupied |= 1 << p;
        self.count += 1;
    }

    pub fn push_front(&mut self, links: &mut Links, task: u8, priority: u8) {
        let p = priority as usize & 31;
        let first = self.head[p];
        links.next[task as usize & 31] = first;
        links.previous[task as usize & 31] = NONE;
        if first == NONE {
            self.tail[p] = task;
        } else {
            links.previous[first as usize & 31] = task;
        }
        self.head[p] = task;
        self.occupied |= 1 << p;
        self.count += 1;
    }

    /// Removes the longest waiting task of the highest priority.
    #[inline]
    pub fn pop(&mut self, links: &mut Links) -> Option<u8> {
        let priority = self.top()?;
        let task = self.head[priority as usize & 31];
        self.remove(links, task, priority);
        Some(task)
    }

    /// `task` must be in this queue with this priority.
    #[inline]
    pub fn remove(&mut self, links: &mut Links, task: u8, priority: u8) {
        let p = priority as usize & 31;
        let (previous, next) = (links.previous[task as usize & 31], links.next[task as usize & 31]);
        if previous == NONE {
            self.head[p] = next;
        } else {
            links.next[previous as usize & 31] = next;
        }
        if next == NONE {
            self.tail[p] = previous;
        } else {
            links.previous[next as usize & 31] = previous;
        }
        if self.head[p] == NONE {
            self.occupied &= !(1 << p);
        }
        self.count -= 1;
    }

    /// Calls `wanted` from the highest priority on, in order; the first task it accepts.
    pub fn find(&self, links: &Links, mut wanted: impl FnMut(u8) -> bool) -> Option<u8> {
        let mut left = self.occupied;
        while left != 0 {
            let p = crate::bits::top_bit(left);
            left &= !(1 << p);
            let mut task = self.head[p];
            while task != NONE {
                if wanted(task) {
                    return Some(task);
                }
                task = links.next[task as usize & 31];
            }
        }
        None
    }
}
