//! When a page is settled, and what keeps it from being so.
//!
//! A page is settled when its documents have fired `load`, no task waits, no request is in flight, no navigation is under
//! way and no timer is due within the horizon. A timer armed by a chain of more than five timers (an interval, a poll, an
//! animation) is not waited for: such a page would never settle.

use std::fmt;
use std::time::Duration;

/// What a page is still busy with. Displays as a sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// Requests in flight, oldest first.
    pub requests: Vec<PendingRequest>,
    /// Timers due within the horizon that count.
    pub timers: usize,
    /// How long until the first of them.
    pub next_timer: Option<Duration>,
    /// Tasks queued.
    pub tasks: usize,
    /// Documents that have not fired `load`.
    pub documents: usize,
    /// The URL being navigated to.
    pub navigation: Option<String>,
    /// Whether the page no longer runs script, so that nothing of this will ever end.
    pub stopped: bool,
}

/// A request in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRequest {
    /// The URL asked for.
    pub url: String,
    /// How long ago it was started.
    pub age: Duration,
}

impl Pending {
    /// Whether there is nothing left: the page is settled.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.stopped
            || (self.requests.is_empty()
                && self.timers == 0
                && self.tasks == 0
                && self.documents == 0
                && self.navigation.is_none())
    }
}

/// Requests named one by one in a message; the others are counted.
const NAMED: usize = 3;

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(url) = &self.navigation {
            parts.push(format!("a navigation to {url}"));
        }
        for request in self.requests.iter().take(NAMED) {
            let age = request.age.as_millis();
            parts.push(format!("{} (for {age} ms)", request.url));
        }
        if self.requests.len() > NAMED {
            parts.push(format!("{} more requests", self.requests.len() - NAMED));
        }
        if self.timers > 0 {
            let next = self.next_timer.unwrap_or_default().as_millis();
            let noun = if self.timers == 1 { "timer" } else { "timers" };
            parts.push(format!("{} {noun} (next in {next} ms)", self.timers));
        }
        if self.tasks > 0 {
            let noun = if self.tasks == 1 { "task" } else { "tasks" };
            parts.push(format!("{} queued {noun}", self.tasks));
        }
        if parts.is_empty() && self.documents > 0 {
            parts.push("the document's load event".to_owned());
        }
        if parts.is_empty() {
            f.write_str("nothing is pending")
        } else {
            write!(f, "still pending: {}", parts.join(", "))
        }
    }
}
