//! What has been received and not yet taken by the page, where a server may send without end.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Bytes that may wait; more are not read from the network.
const MAX_BYTES: u64 = 1 << 20;

/// Makes a sender wait while the receiver is behind. Clones count together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Backlog(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    bytes: u64,
    is_over: bool,
}

impl Backlog {
    /// Counts `bytes` that were sent, and waits until there is room for more, or nobody takes any.
    pub(crate) fn sent(&self, bytes: usize) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_add(bytes as u64);
        drop(
            self.0
                .changed
                .wait_while(state, |state| state.bytes > MAX_BYTES && !state.is_over),
        );
    }

    /// Counts `bytes` that were taken.
    pub(crate) fn taken(&self, bytes: usize) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.bytes = state.bytes.saturating_sub(bytes as u64);
        drop(state);
        self.0.changed.notify_all();
    }

    /// Nothing is taken any more.
    pub(crate) fn end(&self) {
        self.0
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_over = true;
        self.0.changed.notify_all();
    }
}
