//! A bounded queue of values between tasks, also across cores; `try_send` and `try_receive` may be called from
//! interrupt callbacks.

use crate::fifo::Fifo;
use crate::sched;
use crate::state;
use crate::task::NEVER;
use core::cell::UnsafeCell;

struct Inner<T: Copy, const N: usize> {
    items: Fifo<T, N>,
    senders: u32,
    receivers: u32,
}

/// All of it is used under the kernel lock only.
pub struct Queue<T: Copy, const N: usize> {
    inner: UnsafeCell<Inner<T, N>>,
}

unsafe impl<T: Copy + Send, const N: usize> Sync for Queue<T, N> {}

impl<T: Copy, const N: usize> Queue<T, N> {
    pub const fn new() -> Self {
        let inner = Inner { items: Fifo::new(), senders: 0, receivers: 0 };
        Queue { inner: UnsafeCell::new(inner) }
    }

    #[allow(clippy::mut_from_ref)]
    fn inner(&self) -> &mut Inner<T, N> {
        unsafe { &mut *self.inner.get() }
    }

    pub fn len(&self) -> usize {
        let _kernel = state::lock();
        self.inner().items.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline(always)]
    pub fn send(&self, item: T) {
        self.send_as("Queue::send", item, NEVER);
    }

    /// False when the queue stayed full until `until_us`.
    #[inline]
    pub fn send_until(&self, item: T, until_us: u64) -> bool {
        self.send_as("Queue::send_until", item, until_us)
    }

    /// `name` is the function that was called.
    #[inline(always)]
    pub(crate) fn send_as(&self, name: &str, item: T, until_us: u64) -> bool {
        let mut kernel = state::lock();
        kernel.only_in_task(name);
        while self.inner().items.is_full() {
            kernel = sched::block(kernel, &raw mut self.inner().senders, until_us);
            if sched::timed_out(&kernel) {
                return false;
            }
        }
        self.put(&mut kernel, item);
        true
    }

    #[inline]
    pub fn try_send(&self, item: T) -> bool {
        let mut kernel = state::lock();
        let room = !self.inner().items.is_full();
        if room {
            self.put(&mut kernel, item);
        }
        room
    }

    #[inline]
    pub fn receive(&self) -> T {
        self.receive_as("Queue::receive")
    }

    #[inline(always)]
    pub(crate) fn receive_as(&self, name: &str) -> T {
        let mut kernel = state::lock();
        kernel.only_in_task(name);
        loop {
            if let Some(item) = self.take(&mut kernel) {
                return item;
            }
            kernel = sched::block(kernel, &raw mut self.inner().receivers, NEVER);
        }
    }

    /// Whether a value waits, without the lock: it may be gone or come by the time the caller looks.
    pub fn seems_empty(&self) -> bool {
        self.inner().items.seems_empty()
    }

    #[inline]
    pub fn receive_until(&self, until_us: u64) -> Option<T> {
        self.receive_until_as("Queue::receive_until", until_us)
    }

    #[inline(always)]
    pub(crate) fn receive_until_as(&self, name: &str, until_us: u64) -> Option<T> {
        let mut kernel = state::lock();
        kernel.only_in_task(name);
        while self.inner().items.is_empty() {
            kernel = sched::block(kernel, &raw mut self.inner().receivers, until_us);
            if sched::timed_out(&kernel) {
                return None;
            }
        }
        self.take(&mut kernel)
    }

    #[inline]
    pub fn try_receive(&self) -> Option<T> {
        let mut kernel = state::lock();
        self.take(&mut kernel)
    }

    #[inline(always)]
    fn put(&self, kernel: &mut state::Kernel, item: T) {
        let inner = self.inner();
        // Wakes first: a waiting core needs longer to the lock than this to its end.
        if let Some(task) = sched::first_waiting(kernel, inner.receivers) {
            sched::wake_from(kernel, task, &raw mut inner.receivers, false);
        }
        inner.items.push(item);
    }

    #[inline(always)]
    fn take(&self, kernel: &mut state::Kernel) -> Option<T> {
        let inner = self.inner();
        let item = inner.items.pop()?;
        if let Some(task) = sched::first_waiting(kernel, inner.senders) {
            sched::wake_from(kernel, task, &raw mut inner.senders, false);
        }
        Some(item)
    }
}
