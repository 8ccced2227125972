//! The routes of a page or of a browser.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use readystate_xhr::NetworkError;
use readystate_xhr::fetch::FetchController;
use readystate_xhr::interception::Interception;

use super::route::Decision;
use super::{Route, RoutePattern, RouteRequest};

/// How often a request that waits for a decision looks whether it is still wanted.
const ABORT_POLL: Duration = Duration::from_millis(20);

/// A route, to take it away again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RouteId(u64);

type Handler = Arc<dyn Fn(Route) + Send + Sync>;

#[derive(Clone)]
struct Entry {
    id: RouteId,
    pattern: RoutePattern,
    handler: Handler,
}

/// Routes, the latest first. Clones share one list.
#[derive(Clone, Default)]
pub(crate) struct RouteList(Arc<Mutex<Vec<Entry>>>);

impl RouteList {
    pub(crate) fn add(
        &self,
        pattern: RoutePattern,
        handler: impl Fn(Route) + Send + Sync + 'static,
    ) -> RouteId {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let id = RouteId(NEXT.fetch_add(1, Ordering::Relaxed));
        let entry = Entry {
            id,
            pattern,
            handler: Arc::new(handler),
        };
        self.lock().insert(0, entry);
        id
    }

    pub(crate) fn remove(&self, id: RouteId) -> bool {
        let mut entries = self.lock();
        let before = entries.len();
        entries.retain(|entry| entry.id != id);
        entries.len() != before
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// What the routes decide; `None` if none of them does.
    pub(crate) fn decide(
        &self,
        request: &RouteRequest,
        controller: &FetchController,
    ) -> Option<Interception> {
        // A handler may add and remove routes, so the list is not held meanwhile.
        let entries = self.lock().clone();
        for entry in entries {
            let decision = catch_unwind(AssertUnwindSafe(|| entry.ask(request, controller)));
            match decision.unwrap_or(Decision::Panicked) {
                Decision::Fallback => {}
                decision => return Some(obey(decision, request, controller)),
            }
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn ask(&self, request: &RouteRequest, controller: &FetchController) -> Decision {
        if !self.pattern.matches(request) {
            return Decision::Fallback;
        }
        let (reply, decision) = channel();
        (self.handler)(Route::new(request.clone(), reply));
        wait(&decision, controller)
    }
}

/// Waits for the decision of a handler that has kept its route.
fn wait(decision: &Receiver<Decision>, controller: &FetchController) -> Decision {
    loop {
        match decision.recv_timeout(ABORT_POLL) {
            Ok(decision) => return decision,
            Err(RecvTimeoutError::Disconnected) => return Decision::Fallback,
            // The caller sees that it was aborted, and does as that demands.
            Err(RecvTimeoutError::Timeout) if controller.is_aborted() => {
                return Decision::Fallback;
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn obey(decision: Decision, request: &RouteRequest, controller: &FetchController) -> Interception {
    let fail = |detail: String| Interception::Fail(NetworkError::Intercepted(detail));
    let delayed = |delay: Duration| {
        if delay.is_zero() {
            Ok(())
        } else {
            controller.wait(delay)
        }
    };
    match decision {
        Decision::Fulfill(answer) => {
            if let Err(error) = delayed(answer.delay()) {
                return Interception::Fail(error);
            }
            match answer.into_response(request.foreign_origin.as_deref()) {
                Ok(response) => Interception::Respond(Box::new(response)),
                Err(detail) => fail(format!("a route's answer: {detail}")),
            }
        }
        Decision::Continue(changes) => {
            if let Err(error) = delayed(changes.delay()) {
                return Interception::Fail(error);
            }
            match changes.into_overrides() {
                Ok(overrides) => Interception::Continue(overrides),
                Err(detail) => fail(format!("a route's change: {detail}")),
            }
        }
        Decision::Abort(reason) => fail(reason.name().to_owned()),
        Decision::Panicked => fail("a route panicked".to_owned()),
        Decision::Fallback => Interception::unchanged(),
    }
}

impl std::fmt::Debug for RouteList {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.lock().iter().map(|entry| &entry.pattern))
            .finish()
    }
}
