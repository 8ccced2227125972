//! The thread of a page: it owns the agent, takes tasks one by one and answers the handle.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use readystate_dom::TreeLimits;
use readystate_js::host::{HostStep, TimerKind, WindowId};
use readystate_js::storage::StorageShed;
use readystate_js::{
    Agent, AgentOptions, Evaluation, EventInit, FireTarget, InterruptReason, Interrupter,
    ScriptError, WindowInit, with_tree,
};
use url::Url;

use crate::base_url::about_blank;
use crate::browser::BrowserShared;
use crate::clock::PageTime;
use crate::command::{Command, Deadline, Input};
use crate::config::{Limits, OverrunPolicy, PageOptions};
use crate::document_state::DocumentState;
use crate::error::{Error, Limit};
use crate::event_loop::Task;
use crate::events::EventSink;
use crate::interception::PageHook;
use crate::navigable::PAGE;
use crate::navigation::Navigation;
use crate::network::{FetchOwner, Network};
use crate::script_budget::ScriptBudget;
use crate::session_history::SessionHistory;
use crate::task_source::TaskSource;
use crate::waiting::{Waiter, WaitingFor};
use crate::window_host::{Continuation, Storages, WindowHost};

/// What the thread is started with.
pub(crate) struct PageThreadInit {
    pub(crate) browser: Arc<BrowserShared>,
    pub(crate) options: PageOptions,
    pub(crate) limits: Limits,
    pub(crate) events: Arc<EventSink>,
    pub(crate) hook: Arc<PageHook>,
    pub(crate) sender: Sender<Input>,
    pub(crate) receiver: Receiver<Input>,
    pub(crate) interrupter: Arc<Mutex<Option<Interrupter>>>,
    /// Set while script cannot be stopped.
    pub(crate) unresponsive: Arc<AtomicBool>,
}

/// How often the runtime is looked at while a promise is awaited and nothing else happens.
const RUNTIME_POLL: Duration = Duration::from_millis(20);

/// A page that is never idle polls its runtime once in so many tasks, or what it has lost would never be freed.
const TASKS_PER_RUNTIME_POLL: u32 = 64;
/// The stack of a page's thread: deep recursion of script ends in a RangeError, not in the guard page.
pub(crate) const STACK_BYTES: usize = 32 << 20;

/// A page on its thread.
pub(crate) struct PageThread {
    pub(crate) browser: Arc<BrowserShared>,
    pub(crate) options: PageOptions,
    pub(crate) limits: Limits,
    pub(crate) events: Arc<EventSink>,
    pub(crate) host: Rc<WindowHost>,
    pub(crate) network: Rc<Network>,
    pub(crate) budget: Rc<ScriptBudget>,
    pub(crate) waiters: Vec<Waiter>,
    pub(crate) navigation: Option<Navigation>,
    /// How many navigations the page started by itself.
    pub(crate) own_navigations: u32,
    /// Why no script runs any more.
    pub(crate) stopped: Option<(Limit, String)>,
    pub(crate) clock: Rc<PageTime>,
    receiver: Receiver<Input>,
    shared_interrupter: Arc<Mutex<Option<Interrupter>>>,
    agent: Option<Agent>,
    window: Option<WindowId>,
    /// Whether the page shows the `about:blank` that it starts with.
    pub(crate) is_initial: bool,
    closed: bool,
}

/// Runs a page until its handle closes it.
pub(crate) fn run(init: PageThreadInit) {
    // deno_core wants a runtime entered; its tasks are polled by the event loop.
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
    else {
        // Without a thread's receiver every call of the handle answers "closed".
        return;
    };
    let _entered = runtime.enter();
    PageThread::new(init).run();
}

impl PageThread {
    fn new(init: PageThreadInit) -> Self {
        let clock = Rc::new(init.options.page_time());
        let network = Rc::new(Network::new(
            init.browser.pool.clone(),
            init.browser
                .environment(&init.limits, &init.events, &init.hook),
            init.sender,
            Arc::clone(&init.events),
            &init.limits,
        ));
        let budget = Rc::new(ScriptBudget::new(
            Arc::clone(&init.browser.watchdog),
            init.limits.script_time,
            init.unresponsive,
        ));
        let host = Rc::new(WindowHost::new(
            Rc::clone(&clock),
            Rc::clone(&network),
            Rc::clone(&budget),
            Arc::clone(&init.events),
            &init.limits,
            Storages {
                local: init.browser.local_storage.clone(),
                session: StorageShed::default(),
            },
            &init.options,
        ));
        Self {
            browser: init.browser,
            options: init.options,
            limits: init.limits,
            events: init.events,
            host,
            network,
            budget,
            waiters: Vec::new(),
            navigation: None,
            own_navigations: 0,
            stopped: None,
            clock,
            receiver: init.receiver,
            shared_interrupter: init.interrupter,
            agent: None,
            window: None,
            is_initial: true,
            closed: false,
        }
    }

    /// The event loop.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#event-loop-processing-model>
    fn run(mut self) {
        self.take_inputs();
        let mut is_first = true;
        let mut tasks = 0_u32;
        while !self.closed {
            // 1. – 4. The oldest runnable task. A microtask checkpoint follows every call into the agent.
            if self.is_late() {
                // Who waited is told before another task is stopped for it.
                self.answer_waiters(false);
            }
            if let Some(task) = self.next_task() {
                self.run_task(task);
                if let Some(agent) = &mut self.agent {
                    agent.free_lost_objects();
                }
                tasks = tasks.wrapping_add(1);
                if tasks.is_multiple_of(TASKS_PER_RUNTIME_POLL) {
                    self.poll_runtime();
                }
                self.answer_waiters(false);
                if std::mem::take(&mut is_first) {
                    // Made while the first page's bytes are under way. A failure shows at the first use.
                    drop(self.ensure_agent());
                }
            } else {
                self.idle();
            }
            self.take_inputs();
        }
        self.network.end();
        self.drop_agent();
    }

    fn is_late(&self) -> bool {
        self.earliest_deadline()
            .is_some_and(|deadline| Instant::now() >= deadline)
    }

    fn next_task(&self) -> Option<Task> {
        if self.stopped.is_some() {
            // Only the handle is served.
            loop {
                match self.host.next_task()? {
                    Task::Command(command) => return Some(Task::Command(command)),
                    _ => continue,
                }
            }
        }
        self.host.next_task()
    }

    fn take_inputs(&mut self) {
        while let Ok(input) = self.receiver.try_recv() {
            self.take_input(input);
        }
    }

    fn take_input(&mut self, input: Input) {
        match input {
            Input::Fetch(fetch, event) => {
                self.host
                    .queue(TaskSource::Networking, Task::Fetch { fetch, event });
            }
            Input::WebSocket(socket, event) => {
                self.host
                    .queue(TaskSource::WebSocket, Task::WebSocket { socket, event });
            }
            Input::Command(Command::Close) => self.closed = true,
            Input::Command(command) => self
                .host
                .queue(TaskSource::UserInteraction, Task::Command(command)),
        }
    }

    /// Lets the JavaScript engine do what it has put off: finalizers, tasks of its platform.
    fn poll_runtime(&mut self) {
        if let Some(agent) = &mut self.agent
            && let Err(ScriptError::Engine(message)) = agent.poll_runtime()
        {
            self.events.warn(message, Default::default());
        }
    }

    /// Nothing is due: waits for the network, the next timer, a waiter's end, or the handle.
    fn idle(&mut self) {
        self.poll_runtime();
        self.answer_waiters(true);
        if self.host.event_loop.borrow().queued() > 0 {
            return;
        }
        if self.jump() {
            return;
        }
        let mut wait = {
            let event_loop = self.host.event_loop.borrow();
            let timer = event_loop
                .next_timer()
                .filter(|_| self.clock.flows())
                .map(|next| next.saturating_sub(self.clock.now()));
            let native = event_loop
                .next_native_timer()
                .map(|next| next.saturating_sub(self.clock.real_now()));
            timer.into_iter().chain(native).min()
        };
        if self.stopped.is_some() {
            wait = None;
        }
        let mut at_most = |limit: Duration| wait = Some(wait.map_or(limit, |wait| wait.min(limit)));
        let instant = Instant::now();
        for waiter in &self.waiters {
            at_most(waiter.deadline.at.saturating_duration_since(instant));
            if matches!(waiter.condition, WaitingFor::Evaluation(_)) {
                at_most(RUNTIME_POLL);
            }
        }
        let input = match wait {
            Some(wait) => match self.receiver.recv_timeout(wait) {
                Ok(input) => input,
                Err(RecvTimeoutError::Timeout) => return,
                Err(RecvTimeoutError::Disconnected) => {
                    self.closed = true;
                    return;
                }
            },
            None => match self.receiver.recv() {
                Ok(input) => input,
                Err(_) => {
                    self.closed = true;
                    return;
                }
            },
        };
        self.take_input(input);
    }

    fn run_task(&mut self, task: Task) {
        self.budget.set_deadline(self.earliest_deadline());
        match task {
            Task::Fetch { fetch, event } => match self.network.owner(fetch, &event) {
                None => {}
                Some(FetchOwner::Script(_)) => {
                    self.call(|agent| agent.on_fetch_event(fetch, event));
                }
                Some(FetchOwner::ScriptElement { window, element }) => {
                    let is_ready = self.host.on_script_fetch_event(window, element, event);
                    if is_ready {
                        self.advance_document(window);
                    }
                }
                Some(FetchOwner::StyleSheet {
                    window,
                    element,
                    import,
                }) => {
                    self.host.on_sheet_event(window, (element, import), event);
                }
                Some(FetchOwner::Object { window, element }) => {
                    self.on_object_event(window, element, fetch, event);
                }
                Some(FetchOwner::Module { window, fetch }) => {
                    self.host.push_continuation(Continuation::Base);
                    let step = self.host.on_module_event(window, fetch, event);
                    let steps = step.into_iter().collect();
                    self.host.push_continuation(Continuation::Steps(steps));
                    let step = self.host.go_on();
                    self.take_step_and_rest(step);
                }
                Some(FetchOwner::Navigation(navigation)) => {
                    self.on_navigation_event(navigation, fetch, event);
                }
                Some(FetchOwner::Frame { navigable, id }) => {
                    self.on_frame_navigation_event(navigable, id, fetch, event);
                }
                Some(FetchOwner::Document(window)) => self.on_document_event(window, event),
            },
            Task::WebSocket { socket, event } => {
                if self.network.on_web_socket_event(socket, &event) {
                    self.call(|agent| agent.on_web_socket_event(socket, event));
                }
            }
            Task::Timer { key, .. } if key.kind == TimerKind::Refresh => self.refresh(key.window),
            Task::Timer { key, due, .. } => {
                self.call(|agent| match key.kind {
                    TimerKind::Native => agent.on_native_timer(key.window, key.timer),
                    kind => {
                        let due = due.as_secs_f64() * 1000.0;
                        agent.run_timer(key.window, key.timer, kind, due)
                    }
                });
            }
            Task::Callback { window, callback } => {
                self.call(|agent| agent.run_callback(window, callback));
            }
            Task::FireAtElement {
                window,
                element,
                name,
            } => self.fire_at_element(window, element, name),
            Task::DomContentLoaded { window } => self.fire_dom_content_loaded(window),
            Task::Complete { window } => self.complete_document(window),
            Task::Parse { window } => self.advance_document(window),
            Task::Navigate { window, asked } => self.navigate_by_script(window, *asked),
            Task::NavigateFrameTo { navigable, asked } => {
                self.navigate_frame_by_script(navigable, *asked);
            }
            Task::NavigateFrame {
                navigable,
                id,
                target,
            } => self.navigate_frame(navigable, id, *target),
            Task::FrameLoaded { navigable } => self.frame_loaded(navigable),
            Task::Traverse { top, delta } => {
                self.traverse(top, delta);
            }
            Task::StopPage => self.abandon_navigation(),
            Task::CloseWindow { navigable } => self.close_window(navigable),
            Task::Command(command) => self.obey(command),
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Goto {
                url,
                deadline,
                reply,
            } => self.goto(url, deadline, reply),
            Command::SetContent {
                html,
                base_url,
                deadline,
                reply,
            } => self.set_content(&html, base_url, deadline, reply),
            Command::Go {
                delta,
                deadline,
                reply,
            } => self.go(delta, deadline, reply),
            Command::Reload { deadline, reply } => self.reload(deadline, reply),
            Command::Popups { reply } => drop(reply.send(Ok(self.popups()))),
            Command::ClosePopup { navigable, reply } => {
                self.close_window(navigable);
                drop(reply.send(Ok(())));
            }
            Command::Evaluate {
                navigable,
                source,
                deadline,
                reply,
            } => {
                self.budget.set_deadline(Some(deadline.at));
                match self.evaluate(navigable, &source, deadline) {
                    Ok(Evaluation::Pending(pending)) => self.waiters.push(Waiter {
                        condition: WaitingFor::Evaluation(pending),
                        deadline,
                        reply: reply.into(),
                    }),
                    // The asker may have gone.
                    other => drop(reply.send(other)),
                }
            }
            Command::ChangeClock {
                change,
                deadline,
                reply,
            } => self.change_clock(change, deadline, reply),
            Command::Pending { reply } => {
                drop(reply.send(Ok(self.pending(self.options.settle_horizon))));
            }
            Command::CollectGarbage { reply } => {
                let left = self.collect_garbage();
                drop(reply.send(Ok(left)));
            }
            Command::WaitUntilSettled {
                horizon,
                deadline,
                reply,
            } => self.waiters.push(Waiter {
                condition: WaitingFor::Settled {
                    horizon,
                    moves_clock: false,
                },
                deadline,
                reply: reply.into(),
            }),
            Command::WaitForSelector {
                selector,
                deadline,
                reply,
            } => self.waiters.push(Waiter {
                condition: WaitingFor::Selector {
                    selector,
                    seen: None,
                },
                deadline,
                reply: reply.into(),
            }),
            Command::VisitDocument(navigable, visit) => {
                if let Some(window) = self.window_in(navigable) {
                    let document = self.host.with_document(window, |state| state.document);
                    if let Some(document) = document {
                        // A panic in the caller's function is the caller's: it is told by its reply's sender being gone.
                        let visited = std::panic::catch_unwind(AssertUnwindSafe(|| {
                            with_tree(|tree| visit(tree, document));
                        }));
                        drop(visited);
                        self.run_effects();
                    }
                }
            }
            Command::SetViewport { viewport, reply } => {
                self.options.viewport = viewport;
                drop(reply.send(self.set_viewport(viewport)));
            }
            Command::Close => self.closed = true,
        }
    }

    fn set_viewport(&mut self, viewport: (u32, u32)) -> Result<(), Error> {
        let Some(window) = self.ensure_window() else {
            return Ok(());
        };
        let Some(agent) = self.agent.as_mut() else {
            return Ok(());
        };
        agent
            .set_viewport(window, viewport)
            .map_err(|error| Error::Engine(error.to_string()))
    }

    /// The windows beside the page's own, by the number of their navigable.
    fn popups(&self) -> Vec<u32> {
        self.host.navigables.borrow().auxiliary()
    }

    /// The window that a navigable shows.
    fn window_in(&mut self, navigable: u32) -> Option<WindowId> {
        if navigable == PAGE {
            return self.ensure_window();
        }
        self.host.navigables.borrow().get(navigable)?.window
    }

    fn evaluate(
        &mut self,
        navigable: u32,
        source: &str,
        deadline: Deadline,
    ) -> Result<Evaluation, Error> {
        if let Some((limit, message)) = &self.stopped {
            return Err(Error::Limit {
                limit: *limit,
                message: message.clone(),
            });
        }
        let window = self.window_in(navigable).ok_or(Error::Closed)?;
        let result = self.guarded(|agent| agent.evaluate(window, source, "evaluate"));
        match result {
            Some(Err(ScriptError::Interrupted(InterruptReason::Time)))
                if Instant::now() >= deadline.at =>
            {
                Err(Error::Timeout {
                    after: deadline.after,
                    waiting_for: "the script runs on; ".to_owned(),
                    pending: Box::new(self.pending(self.options.settle_horizon)),
                })
            }
            Some(result) => result.map_err(|error| self.script_error(error)),
            None => Err(Error::Closed),
        }
    }

    pub(crate) fn script_error(&self, error: ScriptError) -> Error {
        match error {
            ScriptError::Exception(report) => Error::Script(Box::new(report)),
            ScriptError::Interrupted(reason) => Error::Limit {
                limit: limit_of(reason),
                message: reason.to_string(),
            },
            ScriptError::NoWindow => Error::Closed,
            other => Error::Engine(other.to_string()),
        }
    }

    /// Calls the agent; what goes wrong is dealt with here. `None` if it did.
    pub(crate) fn call<T>(
        &mut self,
        f: impl FnOnce(&mut Agent) -> Result<T, ScriptError>,
    ) -> Option<T> {
        match self.guarded(f)? {
            Ok(value) => Some(value),
            Err(ScriptError::Engine(message)) => {
                self.events.warn(message, Default::default());
                None
            }
            Err(_) => None,
        }
    }

    /// Calls the agent with the watchdog armed, and reports an interrupt.
    fn guarded<T>(
        &mut self,
        f: impl FnOnce(&mut Agent) -> Result<T, ScriptError>,
    ) -> Option<Result<T, ScriptError>> {
        if self.stopped.is_some() {
            return None;
        }
        let agent = self.agent.as_mut()?;
        self.budget.start();
        let result = f(agent);
        self.budget.stop();
        self.host.drop_continuations();
        let interrupted = match &result {
            Err(ScriptError::Interrupted(reason)) => Some(*reason),
            _ => None,
        };
        // One that came between the last instruction and the disarming is of no more use.
        if agent.interrupter().reason().is_some() {
            agent.resume();
        }
        match interrupted {
            Some(InterruptReason::Closed) => self.closed = true,
            Some(reason) => self.on_interrupt(reason),
            None => {}
        }
        Some(result)
    }

    fn on_interrupt(&mut self, reason: InterruptReason) {
        let url = self
            .window
            .map(|window| self.host.document_url(window))
            .unwrap_or_default();
        let (limit, message) = match reason {
            InterruptReason::Memory => (
                Limit::Heap,
                format!(
                    "script of {url} used more than {} MiB of memory",
                    self.limits.heap_bytes >> 20
                ),
            ),
            _ if self.budget.deadline_passed() => (
                Limit::Timeout,
                format!("script of {url} was still running when the time was over"),
            ),
            _ => (
                Limit::ScriptTime,
                format!(
                    "a task of {url} ran script for more than {} ms",
                    self.limits.script_time.as_millis()
                ),
            ),
        };
        self.events.limit(limit, message.clone());
        // The waiting caller is told after this task; what else the task does has its own time.
        self.budget.set_deadline(None);
        // A full heap has no room for another task.
        if reason == InterruptReason::Memory
            || (limit == Limit::ScriptTime && self.options.on_overrun == OverrunPolicy::Stop)
        {
            self.stopped = Some((limit, message));
            self.network.end();
        }
    }

    /// Acts on what Rust code's changes to the tree lead to.
    pub(crate) fn run_effects(&mut self) {
        if !with_tree(|tree| tree.has_effects()) {
            return;
        }
        let step = self.host.take_effects();
        self.take_step_and_rest(step);
    }

    /// Takes steps of the host's, and those that they lead to.
    pub(crate) fn take_steps(&mut self, steps: VecDeque<HostStep>) {
        if steps.is_empty() {
            return;
        }
        self.host.push_continuation(Continuation::Base);
        self.host.push_continuation(Continuation::Steps(steps));
        let step = self.host.go_on();
        self.take_step_and_rest(step);
    }

    fn take_step_and_rest(&mut self, mut step: HostStep) {
        while !matches!(step, HostStep::Done) {
            // The rest of the steps waits while this one is taken, which may have steps of its own.
            let rest = self.host.set_continuations_aside();
            self.call(|agent| agent.take_step(step));
            self.host.put_continuations_back(rest);
            step = self.host.go_on();
        }
    }

    /// Fires a simple event.
    pub(crate) fn fire(
        &mut self,
        window: WindowId,
        target: FireTarget,
        name: &str,
        init: EventInit,
    ) {
        self.call(|agent| agent.fire_event(window, target, name, init));
    }

    pub(crate) fn window(&self) -> Option<WindowId> {
        self.window
    }

    pub(crate) fn agent_mut(&mut self) -> Option<&mut Agent> {
        self.agent.as_mut()
    }

    /// The agent, made if there is none.
    pub(crate) fn ensure_agent(&mut self) -> Result<(), Error> {
        if self.agent.is_some() {
            return Ok(());
        }
        let mut tree_limits = TreeLimits::default();
        tree_limits.max_nodes = u32::try_from(self.limits.dom_nodes).unwrap_or(u32::MAX);
        let options = AgentOptions {
            heap_limit: self.limits.heap_bytes,
            tree_limits,
            snapshot: crate::snapshot::snapshot(),
        };
        let host: Rc<WindowHost> = Rc::clone(&self.host);
        let agent = Agent::new(options, host).map_err(|error| Error::Engine(error.to_string()))?;
        self.budget.set_interrupter(agent.interrupter());
        self.shared_interrupter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(agent.interrupter());
        self.agent = Some(agent);
        Ok(())
    }

    fn drop_agent(&mut self) {
        self.shared_interrupter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.window = None;
        self.agent = None;
    }

    /// A fresh agent for a new document: whatever the old one had, tasks and timers too, is gone.
    pub(crate) fn renew_agent(&mut self) -> Result<(), Error> {
        if self.window.is_some() || self.agent.is_none() {
            self.drop_agent();
            let host = Rc::new(WindowHost::new(
                Rc::clone(&self.clock),
                Rc::clone(&self.network),
                Rc::clone(&self.budget),
                Arc::clone(&self.events),
                &self.limits,
                self.host.storages.clone(),
                &self.options,
            ));
            self.network.blob_urls().clear();
            self.network.forget_windows();
            // What the handle asked meanwhile, and what arrived for the page to come, is kept.
            self.host.move_unbound_tasks(&host);
            // The page's session history goes on; those of other windows end with them.
            if let Some(history) = self.host.histories.borrow_mut().remove(&PAGE) {
                host.histories.borrow_mut().insert(PAGE, history);
            }
            self.host = host;
        }
        self.stopped = None;
        self.ensure_agent()
    }

    /// Opens the window of a fresh agent.
    pub(crate) fn open_window(
        &mut self,
        init: WindowInit,
        state: DocumentState,
    ) -> Result<WindowId, Error> {
        // The first window of an agent is number 0; its document has to be known before its realm asks.
        let expected = WindowId(0);
        self.host.documents.borrow_mut().insert(expected, state);
        let opened = self
            .guarded(|agent| agent.open_window(init))
            .unwrap_or(Err(ScriptError::NoWindow));
        match opened {
            Ok(window) => {
                debug_assert_eq!(window, expected, "windows are numbered from 0");
                self.window = Some(window);
                Ok(window)
            }
            Err(error) => {
                self.host.documents.borrow_mut().clear();
                Err(self.script_error(error))
            }
        }
    }

    /// The page's window, opened on `about:blank` if nothing was loaded yet.
    pub(crate) fn ensure_window(&mut self) -> Option<WindowId> {
        if self.window.is_none() {
            let url: Url = about_blank();
            self.ensure_agent().ok()?;
            self.host
                .histories
                .borrow_mut()
                .insert(PAGE, SessionHistory::new(PAGE, url.clone()));
            self.is_initial = true;
            self.open_empty_document(url).ok()?;
        }
        self.window
    }
}

pub(crate) fn limit_of(reason: InterruptReason) -> Limit {
    match reason {
        InterruptReason::Memory => Limit::Heap,
        _ => Limit::ScriptTime,
    }
}
