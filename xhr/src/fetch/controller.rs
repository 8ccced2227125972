//! The handle by which a fetch is aborted from another thread.
//!
//! Standard: <https://fetch.spec.whatwg.org/#fetch-controller>

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use crate::error::NetworkError;
use crate::transport::{UpgradeSlot, Upgraded};

/// Aborts a fetch. Clones share one state.
///
/// ```
/// use readystate_xhr::fetch::FetchController;
/// let controller = FetchController::new();
/// let in_another_thread = controller.clone();
/// in_another_thread.abort();
/// assert!(controller.is_aborted());
/// ```
#[derive(Clone, Default)]
pub struct FetchController {
    shared: Arc<Shared>,
}

/// Something that can be woken from a blocking call, for example a socket that can be shut down.
pub trait Interrupt: Send + Sync {
    /// Ends the blocking call soon. Called at most once, from the aborting thread; must not block.
    fn interrupt(&self);
}

impl FetchController {
    /// A controller that is not aborted.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Aborts: shuts down the socket in use, so that the thread of the fetch returns soon.
    ///
    /// Name resolution and connecting cannot be interrupted; they end by their own time-outs. Aborting twice does nothing.
    pub fn abort(&self) {
        if self.shared.aborted.swap(true, Ordering::SeqCst) {
            return;
        }
        // Taken out of the lock: an interrupt may drop its guard, which locks.
        let attached = std::mem::take(&mut *self.lock());
        for (_, interrupt) in attached {
            interrupt.interrupt();
        }
        self.set_paused(false);
    }

    /// Has the fetch wait before it reads more of the response's body, or go on. Its connection stays taken meanwhile; a server
    /// notices when the buffers between are full. A fetch that is aborted does not wait.
    pub fn set_paused(&self, paused: bool) {
        let mut state = self.lock_paused();
        *state = paused && !self.is_aborted();
        self.shared.resumed.notify_all();
    }

    /// Whether the fetch is to wait, see [`set_paused`](Self::set_paused).
    #[must_use]
    pub fn is_paused(&self) -> bool {
        *self.lock_paused()
    }

    /// Blocks while the fetch is paused.
    ///
    /// # Errors
    /// [`NetworkError::Aborted`] as soon as it is aborted.
    pub(super) fn wait_while_paused(&self) -> Result<(), NetworkError> {
        let paused = self.lock_paused();
        drop(
            self.shared
                .resumed
                .wait_while(paused, |paused| *paused && !self.is_aborted()),
        );
        self.check()
    }

    fn lock_paused(&self) -> std::sync::MutexGuard<'_, bool> {
        self.shared
            .paused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether [`abort`](Self::abort) was called.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.shared.aborted.load(Ordering::SeqCst)
    }

    /// Lets the fetch pass the cap on connections per host, as a synchronous request must.
    pub fn reserve(&self) {
        self.shared.reserved.store(true, Ordering::SeqCst);
    }

    /// Whether [`reserve`](Self::reserve) was called.
    #[must_use]
    pub fn is_reserved(&self) -> bool {
        self.shared.reserved.load(Ordering::SeqCst)
    }

    /// A controller of a fetch that wants not a response but the connection behind it: an HTTP upgrade, for a WebSocket.
    #[must_use]
    pub fn for_upgrade() -> Self {
        let controller = Self::new();
        controller.shared.upgrade.store(true, Ordering::SeqCst);
        controller
    }

    /// Whether it is one [`for_upgrade`](Self::for_upgrade).
    pub(crate) fn wants_upgrade(&self) -> bool {
        self.shared.upgrade.load(Ordering::SeqCst)
    }

    /// Leaves the connection for [`take_upgraded`](Self::take_upgraded).
    pub(crate) fn set_upgraded(&self, upgraded: Upgraded) {
        self.shared.upgraded.put(upgraded);
    }

    /// The connection, once, if the response was `101 Switching Protocols`.
    #[must_use]
    pub fn take_upgraded(&self) -> Option<Upgraded> {
        self.shared.upgraded.take()
    }

    /// `Err` if aborted, for use with `?` between blocking steps.
    ///
    /// # Errors
    /// [`NetworkError::Aborted`] after [`abort`](Self::abort).
    pub fn check(&self) -> Result<(), NetworkError> {
        if self.is_aborted() {
            Err(NetworkError::Aborted)
        } else {
            Ok(())
        }
    }

    /// Blocks for `duration`, or until the fetch is aborted.
    ///
    /// # Errors
    /// [`NetworkError::Aborted`] as soon as it is aborted.
    pub fn wait(&self, duration: Duration) -> Result<(), NetworkError> {
        let alarm = Arc::new(Alarm::default());
        let _guard = self.attach(Arc::<Alarm>::clone(&alarm));
        let rung = alarm.rung.lock().unwrap_or_else(PoisonError::into_inner);
        drop(
            alarm
                .changed
                .wait_timeout_while(rung, duration, |rung| !*rung),
        );
        self.check()
    }

    /// Has `interrupt` called when the fetch is aborted, until the guard is dropped; at once if it is aborted already.
    #[must_use = "dropping the guard detaches the interrupt"]
    pub fn attach(&self, interrupt: Arc<dyn Interrupt>) -> AttachGuard {
        let id = self.shared.next_id.fetch_add(1, Ordering::Relaxed);
        self.lock().push((id, Arc::clone(&interrupt)));
        // Checked after the push: abort() either took it from the list or set the flag before.
        if self.is_aborted() {
            let before = self.detach(id);
            if before {
                interrupt.interrupt();
            }
        }
        AttachGuard {
            controller: self.clone(),
            id,
        }
    }

    fn detach(&self, id: u64) -> bool {
        let mut attached = self.lock();
        let before = attached.len();
        attached.retain(|(other, _)| *other != id);
        attached.len() != before
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(u64, Arc<dyn Interrupt>)>> {
        self.shared
            .attached
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FetchController {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FetchController")
            .field("aborted", &self.is_aborted())
            .finish_non_exhaustive()
    }
}

/// Keeps an [`Interrupt`] attached to its [`FetchController`] while it lives.
pub struct AttachGuard {
    controller: FetchController,
    id: u64,
}

impl Drop for AttachGuard {
    fn drop(&mut self) {
        self.controller.detach(self.id);
    }
}

impl fmt::Debug for AttachGuard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("AttachGuard")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Ends a [`FetchController::wait`].
#[derive(Default)]
struct Alarm {
    rung: Mutex<bool>,
    changed: Condvar,
}

impl Interrupt for Alarm {
    fn interrupt(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}

#[derive(Default)]
struct Shared {
    aborted: AtomicBool,
    reserved: AtomicBool,
    upgrade: AtomicBool,
    upgraded: UpgradeSlot,
    next_id: AtomicU64,
    attached: Mutex<Vec<(u64, Arc<dyn Interrupt>)>>,
    paused: Mutex<bool>,
    resumed: Condvar,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Default)]
    struct Count(AtomicU64);

    impl Interrupt for Count {
        fn interrupt(&self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn abort_interrupts_what_is_attached_once() {
        let controller = FetchController::new();
        let attached = Arc::new(Count::default());
        let detached = Arc::new(Count::default());
        let _guard = controller.attach(Arc::<Count>::clone(&attached));
        drop(controller.attach(Arc::<Count>::clone(&detached)));
        controller.abort();
        controller.abort();
        assert_eq!(attached.0.load(Ordering::SeqCst), 1);
        assert_eq!(detached.0.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn a_wait_ends_with_the_abort() {
        let controller = FetchController::new();
        assert_eq!(controller.wait(Duration::from_millis(1)), Ok(()));
        let waiting = controller.clone();
        let thread = std::thread::spawn(move || waiting.wait(Duration::from_secs(3600)));
        controller.abort();
        let result = thread.join().expect("the wait does not panic");
        assert_eq!(result, Err(NetworkError::Aborted));
    }

    #[test]
    fn attaching_after_abort_interrupts_at_once() {
        let controller = FetchController::new();
        controller.abort();
        let late = Arc::new(Count::default());
        let _guard = controller.attach(Arc::<Count>::clone(&late));
        assert_eq!(late.0.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_paused_fetch_waits_until_it_goes_on_or_is_aborted() {
        let controller = FetchController::new();
        assert_eq!(controller.wait_while_paused(), Ok(()));
        for end in [
            |controller: &FetchController| controller.set_paused(false),
            FetchController::abort,
        ] {
            controller.set_paused(true);
            assert!(controller.is_paused());
            let waiting = controller.clone();
            let waiter = std::thread::spawn(move || waiting.wait_while_paused());
            end(&controller);
            let outcome = waiter.join().expect("the thread ends");
            assert_eq!(outcome.is_err(), controller.is_aborted());
        }
        controller.set_paused(true);
        assert!(!controller.is_paused(), "an aborted fetch is never paused");
    }
}
