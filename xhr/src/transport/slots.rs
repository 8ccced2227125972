//! How many connections to one host may be open at once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::NetworkError;
use crate::fetch::{FetchController, Interrupt};

/// Counts the exchanges in progress of each host and makes the rest wait in line.
#[derive(Debug)]
pub(super) struct Slots {
    per_host: usize,
    hosts: Mutex<HashMap<String, Host>>,
}

#[derive(Debug, Default)]
struct Host {
    active: usize,
    /// Each waits on a condition of its own, so that a free slot wakes one thread and not all.
    waiting: VecDeque<Arc<Condvar>>,
}

impl Host {
    fn wake_first(&self) {
        if let Some(first) = self.waiting.front() {
            first.notify_one();
        }
    }
}

impl Slots {
    pub(super) fn new(per_host: usize) -> Arc<Self> {
        Arc::new(Self {
            per_host: per_host.max(1),
            hosts: Mutex::default(),
        })
    }

    /// Waits for a slot of `host`, first come, first served. A reserved request takes one at once, past the cap.
    pub(super) fn acquire(
        self: &Arc<Self>,
        host: &str,
        controller: &FetchController,
    ) -> Result<Slot, NetworkError> {
        if controller.is_reserved() {
            return Ok(self.slot(None));
        }
        let mut hosts = self.lock();
        let entry = hosts.entry(host.to_owned()).or_default();
        if entry.active < self.per_host && entry.waiting.is_empty() {
            entry.active += 1;
            return Ok(self.slot(Some(host)));
        }
        let turn = Arc::new(Condvar::new());
        entry.waiting.push_back(Arc::clone(&turn));
        drop(hosts);
        let _guard = controller.attach(Arc::new(Wake {
            slots: Arc::clone(self),
            turn: Arc::clone(&turn),
        }));
        let mut hosts = self.lock();
        loop {
            let entry = hosts.entry(host.to_owned()).or_default();
            let is_first = entry
                .waiting
                .front()
                .is_some_and(|first| Arc::ptr_eq(first, &turn));
            if controller.is_aborted() {
                entry.waiting.retain(|other| !Arc::ptr_eq(other, &turn));
                // The wake-up may have been for this one's slot: passed on.
                entry.wake_first();
                return Err(NetworkError::Aborted);
            }
            if entry.active < self.per_host && is_first {
                entry.waiting.pop_front();
                entry.active += 1;
                entry.wake_first();
                return Ok(self.slot(Some(host)));
            }
            hosts = turn.wait(hosts).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn slot(self: &Arc<Self>, host: Option<&str>) -> Slot {
        Slot {
            slots: Arc::clone(self),
            host: host.map(str::to_owned),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Host>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot; given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    /// `None` for a reserved one, which is not counted.
    host: Option<String>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Some(host) = self.host.take() else {
            return;
        };
        let mut hosts = self.slots.lock();
        if let Some(entry) = hosts.get_mut(&host) {
            entry.active = entry.active.saturating_sub(1);
            entry.wake_first();
            if entry.active == 0 && entry.waiting.is_empty() {
                hosts.remove(&host);
            }
        }
    }
}

/// Wakes the waiting thread, so that it sees the abort.
struct Wake {
    slots: Arc<Slots>,
    turn: Arc<Condvar>,
}

impl Interrupt for Wake {
    fn interrupt(&self) {
        // Taking the lock makes sure the thread is either before its check or already waiting.
        drop(self.slots.lock());
        self.turn.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_host_makes_others_wait_until_a_slot_is_dropped_or_they_abort() {
        let slots = Slots::new(1);
        let controller = FetchController::new();
        let first = slots.acquire("a", &controller).expect("free");
        let reserved = FetchController::new();
        reserved.reserve();
        slots
            .acquire("a", &reserved)
            .expect("reserved passes the cap");
        slots.acquire("b", &controller).expect("another host");
        let waiting = FetchController::new();
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| slots.acquire("a", &waiting).map(drop));
            waiting.abort();
            assert_eq!(waiter.join().expect("no panic"), Err(NetworkError::Aborted));
            let waiter = scope.spawn(|| slots.acquire("a", &controller).map(drop));
            drop(first);
            assert_eq!(waiter.join().expect("no panic"), Ok(()));
        });
        assert!(slots.lock().is_empty());
    }
}
