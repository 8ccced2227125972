//! The time a task may spend in script, and the time-out of whoever waits for it.
//!
//! The time is the thread's time on a processor where the system tells it, so that a busy machine stops no innocent page;
//! a ceiling by the clock ends what neither computes nor ends.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use readystate_js::{InterruptReason, Interrupter};

use crate::thread_time::ThreadTime;
use crate::watchdog::{Armed, OnDeadline, Watchdog};

/// Tasks shorter than this are not looked at.
const FIRST_LOOK: Duration = Duration::from_millis(250);
/// How many times its time a task may last by the clock.
const CEILING: u32 = 3;
/// How many times a script may be told to stop, 50 ms apart, before it counts as one that does not.
const PATIENCE: u32 = 60;

/// Arms the watchdog for the time script runs; stands still while a synchronous request waits.
pub(crate) struct ScriptBudget {
    watchdog: Arc<Watchdog>,
    per_task: Duration,
    /// When the caller who waits for the page has waited long enough.
    deadline: Cell<Option<Instant>>,
    interrupter: RefCell<Option<Interrupter>>,
    on_look: RefCell<Option<OnDeadline>>,
    /// Only there to be dropped.
    running: RefCell<Option<Armed>>,
    watched: Arc<Watched>,
}

/// What the watchdog's thread looks at.
struct Watched {
    allowance: Mutex<Option<Allowance>>,
    thread_time: ThreadTime,
    told: AtomicU32,
    unresponsive: Arc<AtomicBool>,
}

/// The time that script may take.
#[derive(Debug)]
struct Allowance {
    /// On a processor.
    time: Duration,
    deadline: Option<Instant>,
    since: Instant,
    /// The first look: when, and the thread's time then. Before it, the clock counts.
    first_look: Option<(Instant, Duration)>,
}

impl Allowance {
    fn new(time: Duration, deadline: Option<Instant>) -> Self {
        Self {
            time,
            deadline,
            since: Instant::now(),
            first_look: None,
        }
    }

    /// How much of it is used up; `thread_time` is `None` where the clock has to do.
    fn used(&mut self, now: Instant, thread_time: Option<Duration>) -> Duration {
        let by_clock = now.saturating_duration_since(self.since);
        let Some(thread_time) = thread_time else {
            return by_clock;
        };
        let (at, time_then) = *self.first_look.get_or_insert((now, thread_time));
        at.saturating_duration_since(self.since) + thread_time.saturating_sub(time_then)
    }

    fn is_over(&mut self, now: Instant, thread_time: Option<Duration>) -> bool {
        self.deadline.is_some_and(|at| now >= at)
            || now.saturating_duration_since(self.since) >= self.time.saturating_mul(CEILING)
            || self.used(now, thread_time) >= self.time
    }
}

impl ScriptBudget {
    /// For script of the current thread. `unresponsive` is set while script runs on although it was told to stop again and again.
    pub(crate) fn new(
        watchdog: Arc<Watchdog>,
        per_task: Duration,
        unresponsive: Arc<AtomicBool>,
    ) -> Self {
        Self {
            watchdog,
            per_task,
            deadline: Cell::new(None),
            interrupter: RefCell::new(None),
            on_look: RefCell::new(None),
            running: RefCell::new(None),
            watched: Arc::new(Watched {
                allowance: Mutex::new(None),
                thread_time: ThreadTime::of_current_thread(),
                told: AtomicU32::new(0),
                unresponsive,
            }),
        }
    }

    /// The agent to interrupt.
    pub(crate) fn set_interrupter(&self, interrupter: Interrupter) {
        let interrupt = interrupter.clone();
        let watched = Arc::clone(&self.watched);
        let on_look: OnDeadline = Arc::new(move || watched.look(&interrupt));
        self.on_look.replace(Some(on_look));
        self.interrupter.replace(Some(interrupter));
    }

    pub(crate) fn set_deadline(&self, deadline: Option<Instant>) {
        self.deadline.set(deadline);
    }

    /// Whether the waiting caller's time is over.
    pub(crate) fn deadline_passed(&self) -> bool {
        self.deadline.get().is_some_and(|at| Instant::now() >= at)
    }

    /// Script is about to run.
    pub(crate) fn start(&self) {
        self.arm(self.per_task);
    }

    /// Script has come back.
    pub(crate) fn stop(&self) {
        self.running.replace(None);
        self.watched.told.store(0, Ordering::SeqCst);
        self.watched.unresponsive.store(false, Ordering::SeqCst);
    }

    /// Script is about to wait; returns what [`Self::resume`] wants.
    pub(crate) fn pause(&self) -> Duration {
        if self.running.replace(None).is_none() {
            return self.per_task;
        }
        let Some(allowance) = &mut *self.watched.lock() else {
            return self.per_task;
        };
        // Its own thread need not ask how long a short task took.
        let thread_time = allowance
            .first_look
            .and_then(|_| self.watched.thread_time.read());
        let used = allowance.used(Instant::now(), thread_time);
        allowance.time.saturating_sub(used)
    }

    /// Script goes on with `left` of its time.
    pub(crate) fn resume(&self, left: Duration) {
        self.arm(left);
    }

    /// Why script has to stop, if it has to. Interrupts it if the waiting caller's time is over.
    pub(crate) fn stop_requested(&self) -> Option<InterruptReason> {
        let interrupter = self.interrupter.borrow();
        let interrupter = interrupter.as_ref()?;
        if self.deadline_passed() {
            interrupter.interrupt(InterruptReason::Time);
        }
        interrupter.reason()
    }

    fn arm(&self, time: Duration) {
        let deadline = self.deadline.get();
        *self.watched.lock() = Some(Allowance::new(time, deadline));
        // A short allowance is looked at early too, or the clock alone would count.
        let look = Instant::now() + FIRST_LOOK.min(time / 4);
        let look = deadline.map_or(look, |deadline| look.min(deadline));
        let armed = self
            .on_look
            .borrow()
            .as_ref()
            .map(|on_look| self.watchdog.arm(look, Arc::clone(on_look)));
        self.running.replace(armed);
    }
}

impl Watched {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Allowance>> {
        self.allowance
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops script whose time is over, and insists with script that was stopped before, for its heap for example, and runs
    /// on: optimised code may look at the request rarely.
    fn look(&self, interrupter: &Interrupter) {
        let now = Instant::now();
        let thread_time = self.thread_time.read();
        let is_over = self
            .lock()
            .as_mut()
            .is_some_and(|allowance| allowance.is_over(now, thread_time));
        if !is_over && interrupter.reason().is_none() {
            return;
        }
        interrupter.interrupt(InterruptReason::Time);
        if self.told.fetch_add(1, Ordering::SeqCst) >= PATIENCE {
            self.unresponsive.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Allowance;

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn allowance(deadline: Option<u64>) -> (Allowance, Instant) {
        let mut allowance = Allowance::new(seconds(10), None);
        let start = allowance.since;
        allowance.deadline = deadline.map(|after| start + seconds(after));
        (allowance, start)
    }

    #[test]
    fn a_thread_that_waits_for_a_processor_uses_little_of_its_time() {
        let (mut allowance, start) = allowance(None);
        assert!(!allowance.is_over(start + seconds(1), Some(seconds(100))));
        assert!(!allowance.is_over(start + seconds(20), Some(seconds(108))));
        assert!(allowance.is_over(start + seconds(21), Some(seconds(109))));
    }

    #[test]
    fn three_times_the_time_by_the_clock_is_the_end() {
        let (mut allowance, start) = allowance(None);
        assert!(!allowance.is_over(start + seconds(1), Some(seconds(5))));
        assert!(!allowance.is_over(start + seconds(29), Some(seconds(5))));
        assert!(allowance.is_over(start + seconds(30), Some(seconds(5))));
    }

    #[test]
    fn the_clock_counts_where_the_time_of_threads_is_not_known() {
        let (mut allowance, start) = allowance(None);
        assert!(!allowance.is_over(start + seconds(9), None));
        assert!(allowance.is_over(start + seconds(10), None));
    }

    #[test]
    fn the_callers_deadline_is_by_the_clock() {
        let (mut allowance, start) = allowance(Some(3));
        assert!(!allowance.is_over(start + seconds(2), Some(seconds(0))));
        assert!(allowance.is_over(start + seconds(3), Some(seconds(0))));
    }
}
