//! What a fetch needs from its embedder.

use std::time::{Instant, SystemTime};

/// Where a fetch takes the time from.
pub trait Clock: Send + Sync {
    /// Monotonic time, for time-outs and ages.
    fn now(&self) -> Instant;
    /// Calendar time, for cookie expiry.
    fn system_time(&self) -> SystemTime;
}

/// The environment; fields follow.
#[derive(Default)]
#[non_exhaustive]
pub struct FetchEnvironment {}
