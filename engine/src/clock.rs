//! The time of a page: what its script reads, and what its timers go by.
//!
//! Until someone sets it, it is the machine's. Once it is set it can stand still, be moved, and flow on. The network knows nothing of
//! it: requests, their time-outs and [`TimerKind::Native`](readystate_js::host::TimerKind::Native) timers go by the machine's clock.

use std::cell::Cell;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How far ahead timers are waited for where waiting costs nothing.
pub(crate) const VIRTUAL_HORIZON: Duration = Duration::from_secs(10);

/// After so many readings of a clock that stands, each further one moves it, so that a loop that waits for time to pass ends.
const PATIENT_READINGS: u32 = 10_000;
const IMPATIENT_STEP: Duration = Duration::from_millis(1);

/// The clock of one page, for all its realms and all documents that it shows.
#[derive(Debug)]
pub(crate) struct PageTime {
    start: Instant,
    /// When the page began, by the machine's clock, since 1970.
    origin: Duration,
    /// The time at `since`, or now if the clock stands.
    base: Cell<Duration>,
    /// Since when it flows; `None` while it stands.
    since: Cell<Option<Instant>>,
    /// If the time of day was set: what it is, and at which time of this clock.
    wall: Cell<Option<(Duration, Duration)>>,
    /// If the time of day never moves: what it is.
    fixed: Cell<Option<Duration>>,
    /// Whether it jumps to the next timer whenever somebody waits for the page and nothing else is under way.
    jumps: Cell<bool>,
    readings: Cell<u32>,
}

impl PageTime {
    /// The machine's clock, from now on.
    pub(crate) fn new() -> Self {
        let start = Instant::now();
        Self {
            start,
            origin: system_time(),
            base: Cell::default(),
            since: Cell::new(Some(start)),
            wall: Cell::default(),
            fixed: Cell::default(),
            jumps: Cell::default(),
            readings: Cell::default(),
        }
    }

    /// Time since the time origin; never goes back.
    pub(crate) fn now(&self) -> Duration {
        match self.since.get() {
            Some(since) => self.base.get() + since.elapsed(),
            None => self.base.get(),
        }
    }

    /// [`Self::now`] as script reads it.
    pub(crate) fn read(&self) -> Duration {
        if self.since.get().is_none() && self.jumps.get() {
            let readings = self.readings.get().saturating_add(1);
            self.readings.set(readings);
            if readings > PATIENT_READINGS {
                self.base.set(self.base.get() + IMPATIENT_STEP);
            }
        }
        self.now()
    }

    /// The time since the page began by the machine's clock, whatever script is told.
    pub(crate) fn real_now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The time origin since 1970.
    pub(crate) fn time_origin(&self) -> Duration {
        match self.wall.get() {
            Some((time, at)) => time.saturating_sub(at),
            None => self.origin,
        }
    }

    /// The time of day since 1970, if it is not the machine's.
    pub(crate) fn wall_time(&self) -> Option<Duration> {
        if let Some(fixed) = self.fixed.get() {
            return Some(fixed);
        }
        let (time, at) = self.wall.get()?;
        Some(time + self.read().saturating_sub(at))
    }

    /// Whether time goes by.
    pub(crate) fn flows(&self) -> bool {
        self.since.get().is_some()
    }

    /// Whether it jumps, see [`Self::set_jumps`].
    pub(crate) fn jumps(&self) -> bool {
        self.jumps.get()
    }

    /// Has the clock jump to the next timer whenever somebody waits for the page and nothing else is under way.
    pub(crate) fn set_jumps(&self) {
        self.jumps.set(true);
    }

    /// Sets the time of day, or takes the present one.
    pub(crate) fn set_wall_time(&self, time: Option<Duration>) {
        let time = time
            .or_else(|| self.wall_time())
            .unwrap_or_else(system_time);
        self.fixed.set(None);
        self.wall.set(Some((time, self.now())));
    }

    /// Has the time of day stand still, and everything else go on.
    pub(crate) fn set_fixed_time(&self, time: Duration) {
        self.fixed.set(Some(time));
    }

    /// Stands still.
    pub(crate) fn stop(&self) {
        self.base.set(self.now());
        self.since.set(None);
        self.readings.set(0);
    }

    /// Flows on from the time it shows.
    pub(crate) fn resume(&self) {
        self.jumps.set(false);
        if let Some(fixed) = self.fixed.take() {
            self.wall.set(Some((fixed, self.now())));
        }
        if self.since.get().is_none() {
            self.since.set(Some(Instant::now()));
        }
    }

    /// Moves a clock that stands forward.
    pub(crate) fn advance_to(&self, time: Duration) {
        if self.since.get().is_none() {
            self.base.set(self.base.get().max(time));
            self.readings.set(0);
        }
    }
}

fn system_time() -> Duration {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
}
