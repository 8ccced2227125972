//! How long a thread has been on a processor, as the system tells.

use std::path::PathBuf;
use std::time::Duration;

/// The time of one thread, readable from any other.
#[derive(Debug)]
pub(crate) struct ThreadTime {
    /// Where Linux keeps it; `None` on other systems.
    path: Option<PathBuf>,
}

impl ThreadTime {
    /// That of the thread which calls.
    pub(crate) fn of_current_thread() -> Self {
        // "thread-self" names the thread that reads it, so its target is kept.
        let path = std::fs::read_link("/proc/thread-self")
            .ok()
            .map(|thread| PathBuf::from("/proc").join(thread).join("schedstat"));
        Self { path }
    }

    /// The time on a processor so far, `None` if it is not to be had. Exact to a few milliseconds.
    ///
    /// Format: <https://docs.kernel.org/scheduler/sched-stats.html#proc-pid-schedstat>, in nanoseconds.
    pub(crate) fn read(&self) -> Option<Duration> {
        let text = std::fs::read_to_string(self.path.as_ref()?).ok()?;
        // NOTE: zero stands in the file of a kernel that does not count.
        let nanoseconds = text.split_ascii_whitespace().next()?.parse().ok()?;
        (nanoseconds > 0).then(|| Duration::from_nanos(nanoseconds))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::time::{Duration, Instant};

    use super::ThreadTime;

    #[test]
    fn time_passes_while_the_thread_computes_and_not_while_it_sleeps() {
        let time = ThreadTime::of_current_thread();
        let start = time.read().unwrap_or_default();
        std::thread::sleep(Duration::from_millis(200));
        let slept = time.read().unwrap_or_default();
        assert!(slept - start < Duration::from_millis(100));
        let end = Instant::now() + Duration::from_secs(5);
        while time.read().unwrap_or_default() - slept < Duration::from_millis(100) {
            assert!(Instant::now() < end, "no time is counted");
            std::hint::black_box((0..100_000).sum::<u64>());
        }
    }
}
