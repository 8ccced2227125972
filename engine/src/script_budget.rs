//! The time a task may spend in script, and the time-out of whoever waits for it.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use readystate_js::{InterruptReason, Interrupter};

use crate::watchdog::{Armed, OnDeadline, Watchdog};

/// Tasks shorter than this are not looked at.
const FIRST_LOOK: Duration = Duration::from_millis(250);
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
    running: RefCell<Option<Running>>,
    watched: Arc<Watched>,
}

struct Running {
    ends: Instant,
    /// Only there to be dropped.
    _armed: Option<Armed>,
}

/// What the watchdog's thread looks at.
struct Watched {
    ends: Mutex<Option<Instant>>,
    told: AtomicU32,
    unresponsive: Arc<AtomicBool>,
}

impl ScriptBudget {
    /// `unresponsive` is set while script runs on although it was told to stop again and again.
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
                ends: Mutex::new(None),
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
        self.arm(Instant::now() + self.per_task);
    }

    /// Script has come back.
    pub(crate) fn stop(&self) {
        self.running.replace(None);
        self.watched.told.store(0, Ordering::SeqCst);
        self.watched.unresponsive.store(false, Ordering::SeqCst);
    }

    /// Script is about to wait; returns what [`Self::resume`] wants.
    pub(crate) fn pause(&self) -> Duration {
        self.running.replace(None).map_or(self.per_task, |running| {
            running.ends.saturating_duration_since(Instant::now())
        })
    }

    /// Script goes on with `left` of its time.
    pub(crate) fn resume(&self, left: Duration) {
        self.arm(Instant::now() + left);
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

    fn arm(&self, ends: Instant) {
        let stops = match self.deadline.get() {
            Some(deadline) => ends.min(deadline),
            None => ends,
        };
        *self.watched.lock() = Some(stops);
        let first_look = stops.min(Instant::now() + FIRST_LOOK);
        let armed = self
            .on_look
            .borrow()
            .as_ref()
            .map(|on_look| self.watchdog.arm(first_look, Arc::clone(on_look)));
        self.running.replace(Some(Running {
            ends,
            _armed: armed,
        }));
    }
}

impl Watched {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops script whose time is over, and insists with script that was stopped before, for its heap for example, and runs
    /// on: optimised code may look at the request rarely.
    fn look(&self, interrupter: &Interrupter) {
        let is_over = self.lock().is_some_and(|ends| Instant::now() >= ends);
        if !is_over && interrupter.reason().is_none() {
            return;
        }
        interrupter.interrupt(InterruptReason::Time);
        if self.told.fetch_add(1, Ordering::SeqCst) >= PATIENCE {
            self.unresponsive.store(true, Ordering::SeqCst);
        }
    }
}
