//! Time as a parameter: what the event loop asks instead of reading a clock itself.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock of an agent.
pub trait Clock {
    /// Time since the agent's time origin; never goes back.
    fn now(&self) -> Duration;
    /// The time origin since 1970.
    fn time_origin(&self) -> Duration;
    /// Whether waiting means sleeping. A virtual clock is moved instead, with [`Self::advance_to`].
    fn is_real(&self) -> bool;
    /// Moves a virtual clock forward; a real one ignores it.
    fn advance_to(&self, time: Duration);
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock {
    start: Instant,
    origin: Duration,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl SystemClock {
    /// A clock whose time origin is now.
    #[must_use]
    pub fn new() -> Self {
        Self {
            start: Instant::now(),
            origin: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
        }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn time_origin(&self) -> Duration {
        self.origin
    }

    fn is_real(&self) -> bool {
        true
    }

    fn advance_to(&self, _time: Duration) {}
}

/// A clock that stands still until it is moved: the event loop moves it to the next timer when nothing else is due.
#[derive(Debug, Default)]
pub struct VirtualClock {
    now: Cell<Duration>,
    origin: Duration,
}

impl VirtualClock {
    /// A clock at its time origin, `origin` after 1970.
    #[must_use]
    pub fn new(origin: Duration) -> Self {
        Self {
            now: Cell::new(Duration::ZERO),
            origin,
        }
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.now.get()
    }

    fn time_origin(&self) -> Duration {
        self.origin
    }

    fn is_real(&self) -> bool {
        false
    }

    fn advance_to(&self, time: Duration) {
        self.now.set(self.now.get().max(time));
    }
}
