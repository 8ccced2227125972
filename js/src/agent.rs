//! An agent: one thread, one isolate, one arena, and the windows that live there.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#agents-and-agent-clusters>

use std::borrow::Cow;
use std::rc::Rc;

use deno_core::{JsRuntime, PollEventLoopOptions, RuntimeOptions, v8};
use readystate_dom::{NodeId, Tree, TreeLimits};
use readystate_xhr::fetch::FetchEvent;
use url::Url;

use crate::host::{ClassicScript, ExceptionReport, FetchId, Host, TimerKind, WindowId};
use crate::interrupt::{InterruptReason, Interrupter};
use crate::script::{self, Completion};
use crate::state::{self, Rejection, Window};
use crate::{backend, exception, realm};

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

/// How a window is made.
#[derive(Clone, Debug)]
pub struct WindowInit {
    /// Its document, already in the tree (it may be empty still).
    pub document: NodeId,
    /// The document's URL.
    pub url: Url,
    /// `document.referrer`.
    pub referrer: String,
    /// The parent window for a frame; `None` for a top-level one.
    pub parent: Option<WindowId>,
    /// Inner size in CSS pixels. There is no layout, but pages ask.
    pub viewport: (u32, u32),
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

/// Whom an event is fired at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FireTarget {
    /// A node of the tree.
    Node(NodeId),
    /// The window itself.
    Window,
}

/// What an event fired by the host is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventInit {
    /// Whether it bubbles. Defaults to `false`.
    pub bubbles: bool,
    /// Whether it can be cancelled. Defaults to `false`.
    pub cancelable: bool,
    /// Its interface. Defaults to `Event`.
    pub interface: &'static str,
}

impl Default for EventInit {
    fn default() -> Self {
        Self {
            bubbles: false,
            cancelable: false,
            interface: "Event",
        }
    }
}

/// A document's readiness.
///
/// Standard: <https://html.spec.whatwg.org/multipage/dom.html#current-document-readiness>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadyState {
    /// The parser is at work.
    Loading,
    /// Parsed; sub-resources still load.
    Interactive,
    /// Everything is there.
    Complete,
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
    main_realm: Option<v8::Global<v8::Object>>,
    /// In bytes.
    heap_limit: usize,
    pub(crate) pending: Vec<(u32, v8::Global<v8::Promise>, v8::Global<v8::Object>)>,
    pub(crate) next_pending: u32,
}

impl std::fmt::Debug for Agent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Agent").finish_non_exhaustive()
    }
}

/// What an entry function is given.
#[derive(Clone, Copy, Debug)]
enum Argument<'a> {
    Number(f64),
    Bool(bool),
    Text(&'a str),
}

impl Agent {
    /// Makes an agent on this thread.
    ///
    /// # Errors
    /// [`ScriptError::Engine`] if the engine cannot start or the glue fails.
    pub fn new(options: AgentOptions, host: Rc<dyn Host>) -> Result<Self, ScriptError> {
        state::with(|state| {
            *state.tree.borrow_mut() = Tree::new(options.tree_limits);
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
        let interrupter = Interrupter::new(isolate.thread_safe_handle());
        watch_heap(&mut runtime, &interrupter);
        let main_realm =
            realm::main(&mut runtime, options.snapshot.is_some()).map_err(ScriptError::Engine)?;
        Ok(Self {
            runtime,
            interrupter,
            main_realm: Some(main_realm),
            heap_limit: options.heap_limit,
            pending: Vec::new(),
            next_pending: 1,
        })
    }

    /// Opens a window. The first one takes the isolate's main context, later ones (frames) get contexts of their own.
    ///
    /// # Errors
    /// [`ScriptError::Engine`] if the glue fails; [`ScriptError::Interrupted`] if the agent is interrupted.
    pub fn open_window(&mut self, init: WindowInit) -> Result<WindowId, ScriptError> {
        let id = state::with(|state| state.windows.borrow().len());
        let window = WindowId(
            u32::try_from(id).map_err(|_| ScriptError::Engine("too many windows".to_owned()))?,
        );
        let (context, realm) = match self.main_realm.take() {
            Some(realm) => (self.runtime.main_context(), realm),
            None => realm::further(&mut self.runtime).map_err(|error| self.failure(error))?,
        };
        let entry = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            let realm = v8::Local::new(scope, &realm);
            realm::entry_table(scope, realm).map_err(ScriptError::Engine)?
        };
        let document = init.document;
        state::with(|state| {
            state.windows.borrow_mut().push(Some(Window {
                context,
                entry,
                document,
                url: init.url,
                referrer: init.referrer,
                parent: init.parent,
                viewport: init.viewport,
                current_script: None,
            }));
        });
        self.enter(
            window,
            "openWindow",
            &[
                Argument::Number(f64::from(window.0)),
                Argument::Number(f64::from(document.raw())),
            ],
        )?;
        Ok(window)
    }

    /// Closes a window: its timers and requests are the host's to end; its objects live on as long as script holds them.
    pub fn close_window(&mut self, window: WindowId) {
        // A failing glue function must not keep the window open.
        let _ = self.enter(window, "closeWindow", &[]);
        state::with(|state| {
            if let Some(slot) = state.windows.borrow_mut().get_mut(window.0 as usize) {
                *slot = None;
            }
            state
                .fetches
                .borrow_mut()
                .retain(|_, (owner, _)| *owner != window);
        });
    }

    /// Gives a window another document (the initial `about:blank` of a frame makes room for its first document).
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn set_document(
        &mut self,
        window: WindowId,
        document: NodeId,
        url: &Url,
    ) -> Result<(), ScriptError> {
        state::with_window(window, |window| {
            window.document = document;
            window.url = url.clone();
        })
        .ok_or(ScriptError::NoWindow)?;
        self.enter(
            window,
            "setDocument",
            &[Argument::Number(f64::from(document.raw()))],
        )
        .map(drop)
    }

    /// Runs a classic script, then a checkpoint. Exceptions are reported to the page.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if it was stopped, [`ScriptError::NoWindow`].
    pub fn run_script(
        &mut self,
        window: WindowId,
        script: &ClassicScript,
    ) -> Result<Completion, ScriptError> {
        let context = self.context(window)?;
        let completion = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            script::run(scope, window, script)
        };
        self.interrupted()?;
        self.checkpoint()?;
        Ok(completion)
    }

    /// Fires a trusted event; gives `false` if it was cancelled.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn fire_event(
        &mut self,
        window: WindowId,
        target: FireTarget,
        name: &str,
        init: EventInit,
    ) -> Result<bool, ScriptError> {
        let node = match target {
            FireTarget::Node(node) => node.raw(),
            FireTarget::Window => 0,
        };
        let result = self.enter(
            window,
            "fireEvent",
            &[
                Argument::Number(f64::from(node)),
                Argument::Text(name),
                Argument::Bool(init.bubbles),
                Argument::Bool(init.cancelable),
                Argument::Text(init.interface),
            ],
        )?;
        Ok(result != Some(false))
    }

    /// Sets `document.readyState` and fires `readystatechange`.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn set_ready_state(
        &mut self,
        window: WindowId,
        ready_state: ReadyState,
    ) -> Result<(), ScriptError> {
        let name = match ready_state {
            ReadyState::Loading => "loading",
            ReadyState::Interactive => "interactive",
            ReadyState::Complete => "complete",
        };
        self.enter(window, "setReadyState", &[Argument::Text(name)])
            .map(drop)
    }

    /// Runs a due timer, animation frame or idle callback.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if script was stopped, [`ScriptError::NoWindow`], [`ScriptError::Engine`] if the glue failed.
    pub fn run_timer(
        &mut self,
        window: WindowId,
        timer: u32,
        kind: TimerKind,
    ) -> Result<(), ScriptError> {
        let kind = match kind {
            TimerKind::Timer => 0.0,
            TimerKind::AnimationFrame => 1.0,
            TimerKind::Idle => 2.0,
            TimerKind::Native => 3.0,
        };
        self.enter(
            window,
            "runTimer",
            &[Argument::Number(f64::from(timer)), Argument::Number(kind)],
        )
        .map(drop)
    }

    /// Runs a due timer of kind [`TimerKind::Native`].
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn on_native_timer(&mut self, window: WindowId, timer: u32) -> Result<(), ScriptError> {
        self.enter(
            window,
            "runNativeTimer",
            &[Argument::Number(f64::from(timer))],
        )
        .map(drop)
    }

    /// Runs a task queued with [`Host::queue_task`].
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn run_callback(&mut self, window: WindowId, callback: u32) -> Result<(), ScriptError> {
        self.enter(
            window,
            "runCallback",
            &[Argument::Number(f64::from(callback))],
        )
        .map(drop)
    }

    /// Delivers an event of a fetch started with [`Host::start_fetch`]. Events of forgotten fetches are dropped.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn on_fetch_event(&mut self, fetch: FetchId, event: FetchEvent) -> Result<(), ScriptError> {
        let Some((window, xhr)) = state::with(|state| state.fetches.borrow().get(&fetch).copied())
        else {
            return Ok(());
        };
        if !crate::ops::xml_http_request::deliver(fetch, xhr, event) {
            return Ok(());
        }
        self.enter(window, "pumpXhr", &[Argument::Number(f64::from(xhr))])
            .map(drop)
    }

    /// Microtasks, then rejected promises. Every method that runs script does it already.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if a microtask was stopped.
    pub fn checkpoint(&mut self) -> Result<(), ScriptError> {
        self.queue_parser_records();
        self.runtime.v8_isolate().perform_microtask_checkpoint();
        self.interrupted()?;
        self.notify_rejections()
    }

    /// Mutation records of the parser, which no op of script has announced: their observers are called in this checkpoint.
    fn queue_parser_records(&mut self) {
        if !state::with_tree(|tree| tree.has_pending_observers()) {
            return;
        }
        let window = state::with(|state| {
            let windows = state.windows.borrow();
            windows
                .iter()
                .flatten()
                .next()
                .map(|window| (window.context.clone(), window.entry.clone()))
        });
        let Some((context, entry)) = window else {
            return;
        };
        v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
        v8::tc_scope!(let tc, scope);
        let entry = v8::Local::new(tc, &entry);
        script::call_entry(tc, entry, "queueMutationObservers", &[]);
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises>
    fn notify_rejections(&mut self) -> Result<(), ScriptError> {
        loop {
            let rejections =
                state::with(|state| std::mem::take(&mut *state.rejections.borrow_mut()));
            if rejections.is_empty() {
                return Ok(());
            }
            for rejection in rejections {
                let Some((context, entry)) = self.home_of(&rejection) else {
                    continue;
                };
                v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
                v8::tc_scope!(let tc, scope);
                let promise = v8::Local::new(tc, &rejection.promise);
                if self
                    .pending
                    .iter()
                    .any(|(_, other, _)| *other == rejection.promise)
                {
                    continue;
                }
                let reason = v8::Local::new(tc, &rejection.reason);
                let entry = v8::Local::new(tc, &entry);
                script::call_entry(tc, entry, "unhandledRejection", &[promise.into(), reason]);
            }
            self.runtime.v8_isolate().perform_microtask_checkpoint();
            self.interrupted()?;
        }
    }

    /// The window that a rejected promise belongs to: the one whose `Promise` made it. On QuickJS the current context of a
    /// microtask does not tell; for a promise of no open window's making the context of the rejection has to do.
    fn home_of(
        &mut self,
        rejection: &Rejection,
    ) -> Option<(v8::Global<v8::Context>, v8::Global<v8::Object>)> {
        let windows: Vec<_> = state::with(|state| {
            let windows = state.windows.borrow();
            windows
                .iter()
                .flatten()
                .map(|window| (window.context.clone(), window.entry.clone()))
                .collect()
        });
        for (context, entry) in &windows {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), context);
            v8::tc_scope!(let tc, scope);
            let promise = v8::Local::new(tc, &rejection.promise);
            let table = v8::Local::new(tc, entry);
            if script::call_entry(tc, table, "isOwnPromise", &[promise.into()])
                .is_some_and(|own| own.is_true())
            {
                return Some((context.clone(), entry.clone()));
            }
        }
        windows
            .into_iter()
            .find(|(context, _)| *context == rejection.context)
    }

    /// One turn of deno_core's own loop: platform tasks, finalizers. For when the agent is idle.
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

    pub(crate) fn context(&self, window: WindowId) -> Result<v8::Global<v8::Context>, ScriptError> {
        state::with_window(window, |window| window.context.clone()).ok_or(ScriptError::NoWindow)
    }

    pub(crate) fn interrupted(&self) -> Result<(), ScriptError> {
        self.interrupter
            .reason()
            .map_or(Ok(()), |reason| Err(ScriptError::Interrupted(reason)))
    }

    /// An interrupt if one is in force, else the message as an engine failure.
    fn failure(&self, message: String) -> ScriptError {
        self.interrupter
            .reason()
            .map_or(ScriptError::Engine(message), ScriptError::Interrupted)
    }

    /// Calls an entry function of a window's realm, then does a checkpoint. Gives its result if that is a boolean.
    fn enter(
        &mut self,
        window: WindowId,
        name: &str,
        arguments: &[Argument<'_>],
    ) -> Result<Option<bool>, ScriptError> {
        let (context, entry) = state::with_window(window, |window| {
            (window.context.clone(), window.entry.clone())
        })
        .ok_or(ScriptError::NoWindow)?;
        let outcome = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            v8::tc_scope!(let tc, scope);
            let mut values: Vec<v8::Local<'_, v8::Value>> = Vec::with_capacity(arguments.len());
            for argument in arguments {
                values.push(match *argument {
                    Argument::Number(number) => v8::Number::new(tc, number).into(),
                    Argument::Bool(flag) => v8::Boolean::new(tc, flag).into(),
                    Argument::Text(text) => match v8::String::new(tc, text) {
                        Some(text) => text.into(),
                        None => return Err(ScriptError::Engine("a string is too long".to_owned())),
                    },
                });
            }
            let entry = v8::Local::new(tc, &entry);
            match script::call_entry(tc, entry, name, &values) {
                Some(value) => Ok(value.is_boolean().then(|| value.boolean_value(tc))),
                None => Err(tc.exception().map(|exception| {
                    tc.reset();
                    exception::describe(tc, exception)
                })),
            }
        };
        self.interrupted()?;
        let result = match outcome {
            Ok(result) => result,
            Err(report) => {
                let message: Cow<'static, str> = match report {
                    Some(report) => report.message.into(),
                    None => "no exception was given".into(),
                };
                return Err(ScriptError::Engine(format!("{name} failed: {message}")));
            }
        };
        self.checkpoint()?;
        Ok(result)
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
        let _released = state::with(|state| {
            *state.host.borrow_mut() = None;
            *state.tree.borrow_mut() = Tree::default();
            state.fetches.borrow_mut().clear();
            *state.xhr.borrow_mut() = Default::default();
            (
                std::mem::take(&mut *state.windows.borrow_mut()),
                std::mem::take(&mut *state.rejections.borrow_mut()),
            )
        });
    }
}
