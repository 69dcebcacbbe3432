//! Mutex with priority inheritance: who holds it runs at least at the priority of the highest that waits, through
//! chains of mutexes. Ownership passes directly to the first waiting task.

use crate::ready::NONE;
use crate::sched;
use crate::state::{self, Kernel};
use crate::task::NEVER;
use crate::waiting;
use core::cell::{Cell, UnsafeCell};
use core::ops::{Deref, DerefMut};

/// All cells are used under the kernel lock only.
pub struct RawMutex {
    owner: Cell<u8>,
    waiting: UnsafeCell<u32>,
    /// Next mutex that the owner holds.
    next_held: Cell<*const RawMutex>,
}

unsafe impl Sync for RawMutex {}

impl RawMutex {
    pub const fn new() -> Self {
        RawMutex {
            owner: Cell::new(NONE),
            waiting: UnsafeCell::new(0),
            next_held: Cell::new(core::ptr::null()),
        }
    }

    fn waiting(&self) -> u32 {
        unsafe { *self.waiting.get() }
    }

    fn take(&self, kernel: &mut Kernel, task: u8) {
        self.owner.set(task);
        self.next_held.set(kernel.tasks[task as usize].held);
        kernel.tasks[task as usize].held = self;
    }

    /// Not recursive: locking it twice deadlocks, as with any mutex.
    pub fn lock(&self) {
        let mut kernel = state::lock();
        kernel.only_in_task("Mutex::lock");
        sched::leave_if_dead(&mut kernel);
        let me = kernel.current_index();
        if self.owner.get() == NONE {
            self.take(&mut kernel, me);
            return;
        }
        kernel.tasks[me as usize].blocked_on = self;
        let priority = kernel.tasks[me as usize].priority;
        self.raise(&mut kernel, priority);
        drop(sched::block(kernel, self.waiting.get(), NEVER));
    }

    pub fn try_lock(&self) -> bool {
        let mut kernel = state::lock();
        kernel.only_in_task("Mutex::try_lock");
        sched::leave_if_dead(&mut kernel);
        if self.owner.get() != NONE {
            return false;
        }
        let me = kernel.current_index();
        self.take(&mut kernel, me);
        true
    }

    /// Lends `priority` to the owner, and to whom the owner waits for.
    fn raise(&self, kernel: &mut Kernel, priority: u8) {
        let owner_of = |mutex: *const RawMutex| {
            let owner = if mutex.is_null() { NONE } else { unsafe { (*mutex).owner.get() } };
            (owner != NONE).then_some(owner)
        };
        let kernel = core::cell::RefCell::new(kernel);
        let step = |task: u8| {
            let t = &kernel.borrow().tasks[task as usize & 31];
            (t.priority, owner_of(t.blocked_on))
        };
        waiting::lend(owner_of(self), priority, step, |task| {
            sched::set_priority(&mut kernel.borrow_mut(), task, priority);
        });
    }

    /// A task that waited has ended: what it lent to the owner, and to whom the owner waits for, is taken back.
    pub(crate) fn waiter_left(&self, kernel: &mut Kernel) {
        let mut mutex: *const RawMutex = self;
        while !mutex.is_null() {
            let owner = unsafe { (*mutex).owner.get() };
            if owner == NONE {
                return;
            }
            let before = kernel.tasks[owner as usize & 31].priority;
            sched::set_priority_of_owner(kernel, owner);
            let task = &kernel.tasks[owner as usize & 31];
            if task.priority == before {
                return;
            }
            mutex = task.blocked_on;
        }
    }

    pub fn unlock(&self) {
        let mut kernel = state::lock();
        sched::leave_if_dead(&mut kernel);
        let me = kernel.current_index();
        self.release(&mut kernel, me);
    }

    /// Takes the mutex from `owner`: next waiting task, and the priority that is left to the old owner.
    pub(crate) fn release(&self, kernel: &mut Kernel, owner: u8) {
        assert!(self.owner.get() == owner, "mutex unlocked by a task that does not hold it");
        self.unlink(kernel, owner);
        let next = sched::first_waiting(kernel, self.waiting());
        self.owner.set(NONE);
        if let Some(task) = next {
            self.take(kernel, task);
        }
        sched::set_priority_of_owner(kernel, owner);
        if let Some(task) = next {
            sched::wake(kernel, task);
            sched::set_priority_of_owner(kernel, task);
        }
    }

    fn unlink(&self, kernel: &mut Kernel, owner: u8) {
        let held = &mut kernel.tasks[owner as usize].held;
        if core::ptr::eq(*held, self) {
            *held = self.next_held.get();
            return;
        }
        let mut mutex = *held;
        while !mutex.is_null() {
            let next = unsafe { (*mutex).next_held.get() };
            if core::ptr::eq(next, self) {
                unsafe { (*mutex).next_held.set(self.next_held.get()) };
                return;
            }
            mutex = next;
        }
    }

    pub(crate) fn inherited(&self, kernel: &Kernel) -> u8 {
        sched::first_waiting(kernel, self.waiting()).map_or(0, |t| kernel.tasks[t as usize].priority)
    }

    pub(crate) fn next_held(&self) -> *const RawMutex {
        self.next_held.get()
    }
}

/// A value behind a mutex.
pub struct Mutex<T> {
    raw: RawMutex,
    value: UnsafeCell<T>,
}

unsafe impl<T: Send> Sync for Mutex<T> {}

impl<T> Mutex<T> {
    pub const fn new(value: T) -> Self {
        Mutex { raw: RawMutex::new(), value: UnsafeCell::new(value) }
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.raw.lock();
        MutexGuard { mutex: self }
    }
}

pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.raw.unlock();
    }
}
