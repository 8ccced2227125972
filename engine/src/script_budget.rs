//! The time a task may spend in script, and the time-out of whoever waits for it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::time::{Duration, Instant};

use readystate_js::{InterruptReason, Interrupter};

use crate::watchdog::{Armed, OnDeadline, Watchdog};

/// Arms the watchdog for the time script runs; stands still while a synchronous request waits.
pub(crate) struct ScriptBudget {
    watchdog: Arc<Watchdog>,
    per_task: Duration,
    /// When the caller who waits for the page has waited long enough.
    deadline: Cell<Option<Instant>>,
    interrupter: RefCell<Option<Interrupter>>,
    on_deadline: RefCell<Option<OnDeadline>>,
    running: RefCell<Option<Running>>,
}

struct Running {
    ends: Instant,
    /// Only there to be dropped.
    _armed: Option<Armed>,
}

impl ScriptBudget {
    pub(crate) fn new(watchdog: Arc<Watchdog>, per_task: Duration) -> Self {
        Self {
            watchdog,
            per_task,
            deadline: Cell::new(None),
            interrupter: RefCell::new(None),
            on_deadline: RefCell::new(None),
            running: RefCell::new(None),
        }
    }

    /// The agent to interrupt.
    pub(crate) fn set_interrupter(&self, interrupter: Interrupter) {
        let interrupt = interrupter.clone();
        let on_deadline: OnDeadline = Arc::new(move || interrupt.interrupt(InterruptReason::Time));
        self.on_deadline.replace(Some(on_deadline));
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
        let at = match self.deadline.get() {
            Some(deadline) => ends.min(deadline),
            None => ends,
        };
        let armed = self
            .on_deadline
            .borrow()
            .as_ref()
            .map(|on_deadline| self.watchdog.arm(at, Arc::clone(on_deadline)));
        self.running.replace(Some(Running {
            ends,
            _armed: armed,
        }));
    }
}
