//! Armed timers, by due time.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html>, as of 2026-01.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::time::Duration;

/// From this nesting level on, a delay is at least 4 ms, and a timer no longer keeps a page from being settled.
pub const NESTING_LIMIT: u32 = 5;

const CLAMPED: Duration = Duration::from_millis(4);

/// The delay a timer really gets.
///
/// Standard: <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps>
#[must_use]
pub fn clamp(delay: Duration, nesting_level: u32) -> Duration {
    // 4., 5. Negative is 0 (our type has none); deeper than 5 and below 4 ms is 4 ms.
    if nesting_level > NESTING_LIMIT {
        delay.max(CLAMPED)
    } else {
        delay
    }
}

/// Due time, rank, sequence.
type Slot = (Duration, u32, u64);

/// Timers by due time; equal times go by rank, equal ranks in the order they were armed.
#[derive(Debug)]
pub struct TimerHeap<K> {
    by_time: BTreeMap<Slot, K>,
    by_key: HashMap<K, Armed>,
    next_sequence: u64,
}

#[derive(Clone, Copy, Debug)]
struct Armed {
    slot: Slot,
    nesting_level: u32,
}

/// A timer that is due, or the next one to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DueTimer<K> {
    /// Which.
    pub key: K,
    /// When, since the time origin.
    pub due: Duration,
    /// How many timers deep the call that armed it was.
    pub nesting_level: u32,
}

impl<K: Copy + Eq + Hash> Default for TimerHeap<K> {
    fn default() -> Self {
        Self {
            by_time: BTreeMap::new(),
            by_key: HashMap::new(),
            next_sequence: 0,
        }
    }
}

impl<K: Copy + Eq + Hash> TimerHeap<K> {
    /// No timers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Arms `key` to be due at `due`; an armed one is moved.
    pub fn arm(&mut self, key: K, due: Duration, nesting_level: u32) {
        self.arm_by_rank(key, due, nesting_level, 0);
    }

    /// As [`Self::arm`], behind those of lower `rank` that are due at the same time; ordinary ones have rank 0.
    pub fn arm_by_rank(&mut self, key: K, due: Duration, nesting_level: u32, rank: u32) {
        self.disarm(&key);
        let slot = (due, rank, self.next_sequence);
        self.next_sequence += 1;
        self.by_time.insert(slot, key);
        self.by_key.insert(
            key,
            Armed {
                slot,
                nesting_level,
            },
        );
    }

    /// Disarms `key`; returns whether it was armed.
    pub fn disarm(&mut self, key: &K) -> bool {
        let Some(armed) = self.by_key.remove(key) else {
            return false;
        };
        self.by_time.remove(&armed.slot);
        true
    }

    /// Takes the earliest timer if it is due by `now`.
    pub fn pop_due(&mut self, now: Duration) -> Option<DueTimer<K>> {
        let next = self.next()?;
        if next.due > now {
            return None;
        }
        self.disarm(&next.key);
        Some(next)
    }

    /// The earliest timer.
    #[must_use]
    pub fn next(&self) -> Option<DueTimer<K>> {
        let ((due, ..), key) = self.by_time.first_key_value()?;
        Some(DueTimer {
            key: *key,
            due: *due,
            nesting_level: self.by_key.get(key)?.nesting_level,
        })
    }

    /// All timers, earliest first.
    pub fn iter(&self) -> impl Iterator<Item = DueTimer<K>> + '_ {
        self.by_time.iter().filter_map(|((due, ..), key)| {
            Some(DueTimer {
                key: *key,
                due: *due,
                nesting_level: self.by_key.get(key)?.nesting_level,
            })
        })
    }

    /// Disarms the timers that `keep` refuses.
    pub fn retain(&mut self, mut keep: impl FnMut(&K) -> bool) {
        self.by_time.retain(|_, key| keep(key));
        let by_time = &self.by_time;
        self.by_key
            .retain(|_, armed| by_time.contains_key(&armed.slot));
    }

    /// How many are armed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether none is armed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }
}
