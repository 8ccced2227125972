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
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Host {
    active: usize,
    waiting: VecDeque<u64>,
    next_ticket: u64,
}

impl Slots {
    pub(super) fn new(per_host: usize) -> Arc<Self> {
        Arc::new(Self {
            per_host: per_host.max(1),
            hosts: Mutex::default(),
            changed: Condvar::new(),
        })
    }

    /// Waits for a slot of `host`, first come, first served. A reserved request takes one at once, past the cap.
    pub(super) fn acquire(
        self: &Arc<Self>,
        host: &str,
        controller: &FetchController,
    ) -> Result<Slot, NetworkError> {
        if controller.is_reserved() {
            return Ok(Slot {
                slots: Arc::clone(self),
                host: None,
            });
        }
        let mut hosts = self.lock();
        let entry = hosts.entry(host.to_owned()).or_default();
        if entry.active < self.per_host && entry.waiting.is_empty() {
            entry.active += 1;
            return Ok(self.slot(host));
        }
        let ticket = entry.next_ticket;
        entry.next_ticket += 1;
        entry.waiting.push_back(ticket);
        drop(hosts);
        let _guard = controller.attach(Arc::new(Wake(Arc::clone(self))));
        let mut hosts = self.lock();
        loop {
            let entry = hosts.entry(host.to_owned()).or_default();
            if controller.is_aborted() {
                entry.waiting.retain(|other| *other != ticket);
                drop(hosts);
                self.changed.notify_all();
                return Err(NetworkError::Aborted);
            }
            if entry.active < self.per_host && entry.waiting.front() == Some(&ticket) {
                entry.waiting.pop_front();
                entry.active += 1;
                drop(hosts);
                self.changed.notify_all();
                return Ok(self.slot(host));
            }
            hosts = self
                .changed
                .wait(hosts)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn slot(self: &Arc<Self>, host: &str) -> Slot {
        Slot {
            slots: Arc::clone(self),
            host: Some(host.to_owned()),
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
            if entry.active == 0 && entry.waiting.is_empty() {
                hosts.remove(&host);
            }
        }
        drop(hosts);
        self.slots.changed.notify_all();
    }
}

/// Wakes the waiting thread, so that it sees the abort.
struct Wake(Arc<Slots>);

impl Interrupt for Wake {
    fn interrupt(&self) {
        // Taking the lock makes sure the thread is either before its check or already waiting.
        drop(self.0.lock());
        self.0.changed.notify_all();
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
