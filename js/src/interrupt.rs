//! Stopping the script of an agent from another thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use deno_core::v8;

/// Why an agent was interrupted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InterruptReason {
    /// A task outran its time.
    #[error("it ran longer than its time limit")]
    Time,
    /// The script heap is full.
    #[error("it used more memory than its heap limit")]
    Memory,
    /// The page is being closed.
    #[error("the page is being closed")]
    Closed,
}

/// Stops the script of an agent from another thread.
#[derive(Clone)]
pub struct Interrupter {
    isolate: v8::IsolateHandle,
    reason: Arc<AtomicU8>,
}

impl std::fmt::Debug for Interrupter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interrupter")
            .field("reason", &self.reason())
            .finish_non_exhaustive()
    }
}

impl Interrupter {
    pub(crate) fn new(isolate: v8::IsolateHandle) -> Self {
        Self {
            isolate,
            reason: Arc::default(),
        }
    }

    /// No reason is in force any more.
    pub(crate) fn clear(&self) {
        self.reason.store(0, Ordering::SeqCst);
    }

    /// Ends the running task with [`crate::ScriptError::Interrupted`], or the next one if none runs. In force until
    /// [`crate::Agent::resume`]. The first reason given stays.
    pub fn interrupt(&self, reason: InterruptReason) {
        let code = match reason {
            InterruptReason::Time => 1,
            InterruptReason::Memory => 2,
            InterruptReason::Closed => 3,
        };
        let _ = self
            .reason
            .compare_exchange(0, code, Ordering::SeqCst, Ordering::SeqCst);
        self.isolate.terminate_execution();
    }

    /// The reason in force, if any.
    #[must_use]
    pub fn reason(&self) -> Option<InterruptReason> {
        match self.reason.load(Ordering::SeqCst) {
            1 => Some(InterruptReason::Time),
            2 => Some(InterruptReason::Memory),
            3 => Some(InterruptReason::Closed),
            _ => None,
        }
    }
}
