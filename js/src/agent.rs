//! An agent: one thread, one isolate, one arena, and the windows that live there.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#agents-and-agent-clusters>

use std::rc::Rc;

use deno_core::{JsRuntime, PollEventLoopOptions, RuntimeOptions, v8};
use readystate_dom::{Tree, TreeLimits};

use crate::host::{ExceptionReport, Host, WindowId};
use crate::interrupt::{InterruptReason, Interrupter};
use crate::{backend, realm, state};

/// How an agent is made.
#[derive(Clone, Debug)]
pub struct AgentOptions {
    /// Limit of the script heap, and of array buffers apart, in bytes. Defaults to 512 MiB.
    pub heap_limit: usize,
    /// Limits of the tree.
    pub tree_limits: TreeLimits,
    /// A snapshot made by [`crate::create_snapshot`] with the same build, or `None` to evaluate the glue. Defaults to `None`.
    pub snapshot: Option<&'static [u8]>,
}

impl Default for AgentOptions {
    fn default() -> Self {
        Self {
            heap_limit: 512 << 20,
            tree_limits: TreeLimits::default(),
            snapshot: None,
        }
    }
}

/// Why script did not complete.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScriptError {
    /// The script threw (or did not compile), and the page has not been told.
    #[error("{}", .0.message)]
    Exception(ExceptionReport),
    /// The script was stopped through an [`Interrupter`].
    #[error("the script was stopped: {0}")]
    Interrupted(InterruptReason),
    /// The window is closed, or was never open.
    #[error("the window is closed")]
    NoWindow,
    /// The engine itself failed.
    #[error("JavaScript engine: {0}")]
    Engine(String),
}

/// Script heap in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HeapStatistics {
    /// Live objects.
    pub used: usize,
    /// Taken from the system.
    pub total: usize,
    /// The limit in force.
    pub limit: usize,
}

/// An agent. It lives on the thread that made it, one at a time on a thread, inside an entered tokio runtime.
pub struct Agent {
    pub(crate) runtime: JsRuntime,
    interrupter: Interrupter,
    /// The main context's realm until the first window takes it.
    pub(crate) main_realm: Option<v8::Global<v8::Object>>,
    /// In bytes.
    heap_limit: usize,
    pub(crate) pending: Vec<(u32, v8::Global<v8::Promise>, v8::Global<v8::Object>)>,
    pub(crate) next_pending: u32,
    /// What the collector was told of the tree's size, in bytes.
    pub(crate) bytes_of_nodes: i64,
    /// What the collector was told of the network's objects, in bytes.
    pub(crate) bytes_of_requests: i64,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

impl Agent {
    /// Makes an agent on this thread.
    ///
    /// # Errors
    /// [`ScriptError::Engine`] if the engine cannot start or the glue fails.
    pub fn new(options: AgentOptions, host: Rc<dyn Host>) -> Result<Self, ScriptError> {
        state::with(|state| {
            let mut limits = options.tree_limits;
            // Wrappers keep an id and four bits in a small integer.
            limits.max_nodes = limits.max_nodes.min((1 << 27) - 1);
            let mut tree = Tree::new(limits);
            tree.set_reclaims_removed(true);
            tree.set_logs_window_names(backend::LISTS_WINDOW_NAMES);
            *state.tree.borrow_mut() = tree;
            *state.host.borrow_mut() = Some(host);
        });
        let mut runtime = JsRuntime::try_new(RuntimeOptions {
            extensions: vec![crate::extension()],
            startup_snapshot: options.snapshot,
            create_params: Some(backend::create_params(options.heap_limit)),
            ..Default::default()
        })
        .map_err(|error| ScriptError::Engine(error.to_string()))?;

        let isolate = runtime.v8_isolate();
        isolate.set_promise_reject_callback(backend::promise_reject);
        backend::write_stacks(isolate);
        backend::count_collections(isolate);
        backend::set_module_callbacks(isolate);
        let interrupter = Interrupter::new(isolate.thread_safe_handle());
        watch_heap(&mut runtime, &interrupter);
        state::with(|state| *state.interrupter.borrow_mut() = Some(interrupter.clone()));
        let main_realm =
            realm::main(&mut runtime, options.snapshot.is_some()).map_err(ScriptError::Engine)?;
        realm::keep_main(&mut runtime, &main_realm).map_err(ScriptError::Engine)?;
        Ok(Self {
            runtime,
            interrupter,
            main_realm: Some(main_realm),
            heap_limit: options.heap_limit,
            pending: Vec::new(),
            next_pending: 1,
            bytes_of_nodes: 0,
            bytes_of_requests: 0,
        })
    }

    /// One turn of deno_core's own loop: platform tasks, finalizers. For when the agent is idle, and now and then while it is not.
    ///
    /// # Errors
    /// [`ScriptError::Engine`] with deno_core's words.
    pub fn poll_runtime(&mut self) -> Result<(), ScriptError> {
        let waker = std::task::Waker::noop();
        let mut context = std::task::Context::from_waker(waker);
        match self
            .runtime
            .poll_event_loop(&mut context, PollEventLoopOptions::default())
        {
            std::task::Poll::Ready(Err(error)) => Err(self.failure(error.to_string())),
            _ => Ok(()),
        }
    }

    /// What stops this agent from other threads.
    #[must_use]
    pub fn interrupter(&self) -> Interrupter {
        self.interrupter.clone()
    }

    /// Clears an interrupt, so that further tasks may run.
    pub fn resume(&mut self) {
        self.runtime.v8_isolate().cancel_terminate_execution();
        if self.interrupter.reason() == Some(InterruptReason::Memory) {
            // Back to the limit asked for, from what it was raised to for unwinding.
            self.runtime
                .remove_near_heap_limit_callback(self.heap_limit);
            watch_heap(&mut self.runtime, &self.interrupter);
        }
        self.interrupter.clear();
    }

    /// The script heap as it stands.
    pub fn heap(&mut self) -> HeapStatistics {
        let statistics = self.runtime.v8_isolate().get_heap_statistics();
        HeapStatistics {
            used: statistics.used_heap_size(),
            total: statistics.total_heap_size(),
            limit: statistics.heap_size_limit(),
        }
    }

    /// The context of a window that is open.
    pub(crate) fn context(&self, window: WindowId) -> Result<v8::Global<v8::Context>, ScriptError> {
        state::with_window(window, |window| window.context.clone()).ok_or(ScriptError::NoWindow)
    }

    pub(crate) fn interrupted(&self) -> Result<(), ScriptError> {
        self.interrupter
            .reason()
            .map_or(Ok(()), |reason| Err(ScriptError::Interrupted(reason)))
    }

    /// An interrupt if one is in force, else the message as an engine failure.
    pub(crate) fn failure(&self, message: String) -> ScriptError {
        self.interrupter
            .reason()
            .map_or(ScriptError::Engine(message), ScriptError::Interrupted)
    }
}

/// Interrupts the agent when its heap nears the limit.
fn watch_heap(runtime: &mut JsRuntime, interrupter: &Interrupter) {
    let interrupter = interrupter.clone();
    runtime.add_near_heap_limit_callback(move |current, initial| {
        interrupter.interrupt(InterruptReason::Memory);
        backend::raised_heap_limit(current, initial)
    });
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.pending.clear();
        self.main_realm = None;
        // Handles into the isolate go before the isolate does.
        drop(state::clear());
    }
}
