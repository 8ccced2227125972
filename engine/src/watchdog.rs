//! The thread that ends scripts which outrun their time. One serves all pages of a browser.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What is called when a deadline passes, and again and again until it is disarmed: a script that was stopped may get
/// going again, in an accessor that the report of its error calls, for example. Must not block.
pub type OnDeadline = Arc<dyn Fn() + Send + Sync>;

const AGAIN: Duration = Duration::from_millis(50);

/// Watches deadlines.
pub struct Watchdog {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    armed: BTreeMap<(Instant, u64), OnDeadline>,
    /// The deadline of each, by its number.
    deadlines: HashMap<u64, Instant>,
    next_id: u64,
    /// What the thread sleeps until; `None` while it sleeps without end.
    wakes_at: Option<Instant>,
    closed: bool,
}

/// An armed deadline. Dropping it disarms: afterwards the watchdog does not fire any more.
pub struct Armed {
    shared: Arc<Shared>,
    id: u64,
}

impl std::fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watchdog").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Armed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Armed")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Watchdog {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let thread = {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new()
                .name("readystate-watchdog".to_owned())
                .spawn(move || shared.watch())?
        };
        Ok(Self {
            shared,
            thread: Some(thread),
        })
    }

    /// Calls `on_deadline` at `deadline`, and every 50 ms from then on, until the returned guard is dropped.
    #[must_use = "dropping the guard disarms the deadline"]
    pub fn arm(&self, deadline: Instant, on_deadline: OnDeadline) -> Armed {
        let mut state = self.shared.lock();
        let id = state.next_id;
        state.next_id += 1;
        state.armed.insert((deadline, id), on_deadline);
        state.deadlines.insert(id, deadline);
        if state.wakes_at.is_none_or(|at| deadline < at) {
            self.shared.changed.notify_one();
        }
        drop(state);
        Armed {
            shared: Arc::clone(&self.shared),
            id,
        }
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        self.shared.lock().closed = true;
        self.shared.changed.notify_one();
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl Drop for Armed {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        if let Some(deadline) = state.deadlines.remove(&self.id) {
            state.armed.remove(&(deadline, self.id));
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self) {
        let mut state = self.lock();
        while !state.closed {
            let now = Instant::now();
            // Fired under the lock, so that a guard dropped afterwards is sure that nothing comes any more.
            while let Some(entry) = state.armed.first_entry() {
                if entry.key().0 > now {
                    break;
                }
                let (_, id) = *entry.key();
                let on_deadline = entry.remove();
                on_deadline();
                let again = now + AGAIN;
                state.armed.insert((again, id), on_deadline);
                state.deadlines.insert(id, again);
            }
            let next = state.armed.first_key_value().map(|(key, _)| key.0);
            state.wakes_at = next;
            state = match next {
                Some(at) => {
                    let wait = at.saturating_duration_since(now);
                    self.changed
                        .wait_timeout(state, wait)
                        .unwrap_or_else(PoisonError::into_inner)
                        .0
                }
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
            };
        }
    }
}
