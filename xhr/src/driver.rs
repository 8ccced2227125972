//! A thread pool for [`fetch()`], and the system's clock: what an engine or a Rust user brings to the core.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use crate::environment::{Clock, FetchEnvironment};
use crate::error::NetworkError;
use crate::fetch::{FetchController, FetchEvent, Request, Response, fetch};
use crate::web_socket::{self, WebSocketHandle, WebSocketRequest};

/// Where the events of a fetch go.
pub type Sink = Box<dyn FnMut(FetchEvent) + Send>;

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// Runs a WebSocket's connection on threads of its own: one until it is established, and then two. Its events go to the handle's sink.
pub fn spawn_web_socket(
    handle: WebSocketHandle,
    request: WebSocketRequest,
    environment: Arc<FetchEnvironment>,
) {
    let for_failure = handle.clone();
    let started = thread::Builder::new()
        .name("websocket".to_owned())
        .spawn(move || {
            // NOTE: a panic in the framing must not leave the caller waiting.
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                run_web_socket(&handle, &request, &environment);
            }));
            if outcome.is_err() {
                handle.fail();
            }
        });
    if started.is_err() {
        for_failure.fail();
    }
}

fn run_web_socket(
    handle: &WebSocketHandle,
    request: &WebSocketRequest,
    environment: &FetchEnvironment,
) {
    let Some((reading, writing)) = web_socket::open(handle, request, environment) else {
        return;
    };
    let started = thread::Builder::new()
        .name("websocket-send".to_owned())
        .spawn(move || writing.run());
    if started.is_ok() {
        reading.run();
    } else {
        handle.fail();
    }
}

/// Threads that run fetches. Clones share one pool.
///
/// Threads start when there is work that no idle one can take, up to a bound; beyond it work waits in line. Idle threads
/// end after a while. Dropping the pool does not end fetches: abort their controllers.
///
/// ```no_run
/// use std::sync::{Arc, mpsc};
/// use readystate_xhr::driver::Pool;
/// use readystate_xhr::fetch::{FetchController, Request};
/// use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
/// use readystate_xhr::{FetchEnvironment, NetworkError, Origin, Url};
///
/// let transport = UreqTransport::new(TransportOptions::default())?;
/// let environment = Arc::new(FetchEnvironment::new(Arc::new(transport)));
/// let url = Url::parse("https://example.com/").expect("a valid URL");
/// let request = Request::new(url.clone(), Origin::of(&url));
/// let (sender, receiver) = mpsc::channel();
/// Pool::new(8).spawn(request, environment, FetchController::new(), Box::new(move |event| {
///     let _ = sender.send(event);
/// }));
/// for event in receiver {
///     println!("{event:?}");
/// }
/// # Ok::<(), NetworkError>(())
/// ```
#[derive(Clone)]
pub struct Pool {
    shared: Arc<Shared>,
}

impl Pool {
    /// How long an idle thread waits for work before it ends.
    const IDLE: Duration = Duration::from_secs(5);

    /// A pool of at most `max_threads` threads (at least one). None is started yet.
    #[must_use]
    pub fn new(max_threads: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                max_threads: max_threads.max(1),
                state: Mutex::default(),
                work: Condvar::new(),
            }),
        }
    }

    /// Runs `request` on a thread of the pool; its events go to `sink`, on that thread.
    ///
    /// If no thread can be started the sink is told so by a network error, from the calling thread.
    pub fn spawn(
        &self,
        request: Request,
        environment: Arc<FetchEnvironment>,
        controller: FetchController,
        sink: Sink,
    ) {
        let job = Job {
            request,
            environment,
            controller,
            sink,
        };
        let mut state = self.shared.lock();
        state.queue.push_back(job);
        if state.idle >= state.queue.len() || state.threads >= self.shared.max_threads {
            self.shared.work.notify_one();
            return;
        }
        state.threads += 1;
        drop(state);
        let shared = Arc::clone(&self.shared);
        let started = thread::Builder::new()
            .name("fetch".to_owned())
            .spawn(move || shared.run());
        if started.is_err() {
            let mut state = self.shared.lock();
            state.threads -= 1;
            // With other threads alive the job is theirs; without one nobody would take it.
            let orphan = if state.threads == 0 {
                state.queue.pop_back()
            } else {
                None
            };
            drop(state);
            if let Some(job) = orphan {
                job.fail();
            }
        }
    }

    /// Runs `request` at once, past the pool's bound and past the cap on connections per host, as a synchronous request must:
    /// its caller waits, and what fills the pool may be waiting for the caller.
    pub fn spawn_reserved(
        &self,
        request: Request,
        environment: Arc<FetchEnvironment>,
        controller: FetchController,
        sink: Sink,
    ) {
        controller.reserve();
        let job = Job {
            request,
            environment,
            controller,
            sink,
        };
        let mut state = self.shared.lock();
        // OPTIMIZATION: a thread that waits for work is there sooner than a new one.
        if state.idle > state.queue.len() {
            state.queue.push_front(job);
            self.shared.work.notify_one();
            return;
        }
        drop(state);
        let shared = Arc::clone(&self.shared);
        job.run_on_own_thread("fetch-reserved", move || shared.join());
    }

    /// Runs `request` on a thread of its own, for one that may never end: it takes none of the pool's threads, but counts against the
    /// cap on connections per host.
    pub fn spawn_lasting(
        &self,
        request: Request,
        environment: Arc<FetchEnvironment>,
        controller: FetchController,
        sink: Sink,
    ) {
        Job {
            request,
            environment,
            controller,
            sink,
        }
        .run_on_own_thread("fetch-lasting", || {});
    }

    /// How many threads the pool has now, idle ones included, reserved ones not.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.shared.lock().threads
    }
}

impl Default for Pool {
    /// A pool of at most 64 threads.
    fn default() -> Self {
        Self::new(64)
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Pool")
            .field("max_threads", &self.shared.max_threads)
            .field("threads", &self.threads())
            .finish_non_exhaustive()
    }
}

struct Shared {
    max_threads: usize,
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Job>,
    threads: usize,
    idle: usize,
}

struct Job {
    request: Request,
    environment: Arc<FetchEnvironment>,
    controller: FetchController,
    sink: Sink,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes the thread one of the pool's, if it may have another.
    fn join(&self) {
        let mut state = self.lock();
        if state.threads < self.max_threads {
            state.threads += 1;
            drop(state);
            self.run();
        }
    }

    fn run(&self) {
        let mut state = self.lock();
        loop {
            if let Some(job) = state.queue.pop_front() {
                drop(state);
                job.run();
                state = self.lock();
                continue;
            }
            state.idle += 1;
            let (mut woken, timeout) = self
                .work
                .wait_timeout(state, Pool::IDLE)
                .unwrap_or_else(PoisonError::into_inner);
            woken.idle -= 1;
            if timeout.timed_out() && woken.queue.is_empty() {
                woken.threads -= 1;
                return;
            }
            state = woken;
        }
    }
}

impl Job {
    fn run(self) {
        let Self {
            request,
            environment,
            controller,
            mut sink,
        } = self;
        let mut has_responded = false;
        // NOTE: a panic in a decoder or in the sink must not take a pool's thread, nor leave the caller waiting.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            fetch(request, &environment, &controller, &mut |event| {
                has_responded |= matches!(event, FetchEvent::Response(_));
                sink(event);
            });
        }));
        if outcome.is_err() {
            let error = NetworkError::Io("the fetch panicked".to_owned());
            let event = if has_responded {
                FetchEvent::BodyError(error)
            } else {
                FetchEvent::Response(Response::network_error(error))
            };
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| sink(event)));
        }
    }

    /// Runs on a new thread, which does `then` afterwards.
    fn run_on_own_thread(self, name: &str, then: impl FnOnce() + Send + 'static) {
        let job = Arc::new(Mutex::new(Some(self)));
        let for_thread = Arc::clone(&job);
        let take =
            |job: &Mutex<Option<Self>>| job.lock().unwrap_or_else(PoisonError::into_inner).take();
        let started = thread::Builder::new().name(name.to_owned()).spawn(move || {
            if let Some(job) = take(&for_thread) {
                job.run();
            }
            then();
        });
        if started.is_err()
            && let Some(job) = take(&job)
        {
            job.fail();
        }
    }

    fn fail(mut self) {
        let error = NetworkError::Io("no thread could be started for the request".to_owned());
        (self.sink)(FetchEvent::Response(Response::network_error(error)));
    }
}
