//! The embedder of an agent: what page script asks of the engine ends here.
//!
//! Every cell is borrowed for the length of one small step only, never while script may run.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use readystate_dom::{Effect, NodeId};
use readystate_js::host::{
    ClassicScript, ConsoleLevel, ExceptionReport, FetchId, Host, HostStep, NavigationKind,
    QueueSource, SourceLocation, SyncFetchStep, TimerKind, WindowId,
};
use readystate_js::with_tree;
use readystate_xhr::Origin;
use readystate_xhr::fetch::Request;
use url::Url;

use crate::base_url::about_blank;
use crate::clock::Clock;
use crate::document_state::DocumentState;
use crate::error::Limit;
use crate::event_loop::{EventLoop, Task, TimerKey, TooManyTimers};
use crate::events::{ConsoleLine, EventSink, PageEvent};
use crate::network::{FetchOwner, Network};
use crate::script_budget::ScriptBudget;
use crate::task_source::TaskSource;

/// The state of one agent's windows, shared by the event loop and by script.
pub(crate) struct WindowHost {
    pub(crate) clock: Rc<dyn Clock>,
    pub(crate) network: Rc<Network>,
    pub(crate) budget: Rc<ScriptBudget>,
    pub(crate) events: Arc<EventSink>,
    pub(crate) event_loop: RefCell<EventLoop>,
    pub(crate) documents: RefCell<BTreeMap<WindowId, DocumentState>>,
    /// Calls of script that wait for a script they led to, innermost last.
    continuations: RefCell<Vec<Continuation>>,
}

/// What goes on after a [`HostStep::Run`].
pub(crate) enum Continuation {
    /// The rest of the effects of a mutation.
    Effects(VecDeque<Effect>),
    /// The parser that found the script.
    Parser(WindowId),
}

impl WindowHost {
    pub(crate) fn new(
        clock: Rc<dyn Clock>,
        network: Rc<Network>,
        budget: Rc<ScriptBudget>,
        events: Arc<EventSink>,
        max_timers: usize,
    ) -> Self {
        Self {
            clock,
            network,
            budget,
            events,
            event_loop: RefCell::new(EventLoop::new(max_timers)),
            documents: RefCell::default(),
            continuations: RefCell::default(),
        }
    }

    pub(crate) fn queue(&self, source: TaskSource, task: Task) {
        self.event_loop.borrow_mut().queue(source, task);
    }

    pub(crate) fn next_task(&self) -> Option<Task> {
        self.event_loop.borrow_mut().next_task(self.clock.now())
    }

    /// The window whose active document is `document`.
    pub(crate) fn window_of(&self, document: NodeId) -> Option<WindowId> {
        self.documents
            .borrow()
            .iter()
            .find(|(_, state)| state.document == document)
            .map(|(window, _)| *window)
    }

    pub(crate) fn with_document<T>(
        &self,
        window: WindowId,
        f: impl FnOnce(&mut DocumentState) -> T,
    ) -> Option<T> {
        self.documents.borrow_mut().get_mut(&window).map(f)
    }

    pub(crate) fn document_url_parsed(&self, window: WindowId) -> Url {
        self.with_document(window, |state| state.url.clone())
            .unwrap_or_else(about_blank)
    }

    pub(crate) fn document_url(&self, window: WindowId) -> String {
        self.document_url_parsed(window).into()
    }

    /// The origin of a window's document.
    pub(crate) fn origin_of(&self, window: WindowId) -> Origin {
        Origin::of(&self.document_url_parsed(window))
    }

    /// Forgets calls that will never go on: their script was stopped.
    pub(crate) fn drop_continuations(&self) {
        let left = std::mem::take(&mut *self.continuations.borrow_mut());
        for continuation in left {
            if let Continuation::Parser(window) = continuation {
                self.give_up_writing(window);
            }
        }
    }

    /// Forgets the innermost call that waits.
    pub(crate) fn drop_innermost_continuation(&self) {
        self.continuations.borrow_mut().pop();
    }

    /// Takes the waiting calls out of the way of a script that the event loop itself runs for one of them.
    pub(crate) fn set_continuations_aside(&self) -> Vec<Continuation> {
        std::mem::take(&mut *self.continuations.borrow_mut())
    }

    /// Puts back what [`Self::set_continuations_aside`] gave.
    pub(crate) fn put_continuations_back(&self, continuations: Vec<Continuation>) {
        *self.continuations.borrow_mut() = continuations;
    }

    /// Hands tasks that belong to no window over to the host of the next agent.
    pub(crate) fn move_unbound_tasks(&self, to: &Self) {
        let mut from = self.event_loop.borrow_mut();
        let mut to = to.event_loop.borrow_mut();
        while let Some((source, task)) = from.take_any() {
            if task.window().is_none() {
                to.queue(source, task);
            }
        }
    }

    pub(crate) fn push_continuation(&self, continuation: Continuation) {
        self.continuations.borrow_mut().push(continuation);
    }

    /// Goes on with the innermost call until it wants a script run or is done.
    pub(crate) fn go_on(&self) -> HostStep {
        loop {
            let next = {
                let mut continuations = self.continuations.borrow_mut();
                match continuations.last_mut() {
                    None => return HostStep::Done,
                    Some(Continuation::Effects(effects)) => effects.pop_front(),
                    Some(Continuation::Parser(window)) => {
                        let window = *window;
                        continuations.pop();
                        drop(continuations);
                        return self.go_on_writing(window);
                    }
                }
            };
            match next {
                Some(effect) => {
                    if let Some(script) = self.act_on(&effect) {
                        return HostStep::Run(script);
                    }
                }
                None => {
                    self.continuations.borrow_mut().pop();
                    return HostStep::Done;
                }
            }
        }
    }

    fn timer_key(window: WindowId, timer: u32, kind: TimerKind) -> TimerKey {
        TimerKey {
            window,
            timer,
            kind,
        }
    }
}

impl Host for WindowHost {
    fn now(&self) -> f64 {
        self.clock.now().as_secs_f64() * 1000.0
    }

    fn time_origin(&self) -> f64 {
        self.clock.time_origin().as_secs_f64() * 1000.0
    }

    fn set_timer(&self, window: WindowId, timer: u32, delay: f64, kind: TimerKind) {
        let armed = self.event_loop.borrow_mut().set_timer(
            Self::timer_key(window, timer, kind),
            self.clock.now(),
            milliseconds(delay),
        );
        if let Err(TooManyTimers) = armed {
            self.events.limit(
                Limit::Timers,
                format!("{} has too many timers", self.document_url(window)),
            );
        }
    }

    fn clear_timer(&self, window: WindowId, timer: u32, kind: TimerKind) {
        self.event_loop
            .borrow_mut()
            .clear_timer(Self::timer_key(window, timer, kind));
    }

    fn queue_task(&self, window: WindowId, source: QueueSource, callback: u32) {
        let source = match source {
            QueueSource::PostedMessage => TaskSource::PostedMessage,
            QueueSource::DomManipulation => TaskSource::DomManipulation,
            QueueSource::FileReading => TaskSource::FileReading,
            QueueSource::Networking => TaskSource::Networking,
        };
        self.queue(source, Task::Callback { window, callback });
    }

    fn console(
        &self,
        _window: WindowId,
        level: ConsoleLevel,
        text: &str,
        location: &SourceLocation,
    ) {
        self.events.emit(&PageEvent::Console(ConsoleLine {
            level,
            text: text.to_owned(),
            location: location.clone(),
        }));
    }

    fn report_exception(&self, _window: WindowId, report: &ExceptionReport) {
        self.events.emit(&PageEvent::Exception(report.clone()));
    }

    fn start_fetch(&self, window: WindowId, request: Request) -> FetchId {
        self.network.start(FetchOwner::Script(window), request)
    }

    fn start_sync_fetch(&self, window: WindowId, request: Request) -> FetchId {
        self.network.start_synchronous(window, request)
    }

    fn next_sync_event(&self, fetch: FetchId, timeout: Option<f64>) -> SyncFetchStep {
        self.network
            .next_synchronous(fetch, timeout.map(milliseconds), &self.budget)
    }

    fn abort_fetch(&self, fetch: FetchId) {
        self.network.abort(fetch);
    }

    fn cookie(&self, window: WindowId) -> String {
        let url = self.document_url_parsed(window);
        let environment = self.network.environment();
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        jar.document_cookie(&url, now)
    }

    fn set_cookie(&self, window: WindowId, cookie: &str) {
        let url = self.document_url_parsed(window);
        let environment = self.network.environment();
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        jar.set_document_cookie(&url, cookie, now);
    }

    fn user_agent(&self) -> String {
        self.network.environment().user_agent.clone()
    }

    fn run_effects(&self, _window: WindowId, effects: Vec<Effect>) -> HostStep {
        self.push_continuation(Continuation::Effects(effects.into()));
        self.go_on()
    }

    fn document_write(&self, _window: WindowId, document: NodeId, text: &str) -> HostStep {
        self.write_document(document, text)
    }

    fn document_open(&self, _window: WindowId, document: NodeId) {
        self.open_document(document);
    }

    fn document_close(&self, _window: WindowId, document: NodeId) -> HostStep {
        self.close_document(document);
        HostStep::Done
    }

    fn resume(&self, _window: WindowId) -> HostStep {
        self.go_on()
    }

    fn navigate(&self, window: WindowId, url: &str, kind: NavigationKind) {
        self.queue(
            TaskSource::NavigationAndTraversal,
            Task::Navigate {
                window,
                url: url.to_owned(),
                kind,
            },
        );
    }

    fn url_changed(&self, window: WindowId, url: &str) {
        let Ok(url) = Url::parse(url) else { return };
        let document = self.with_document(window, |state| {
            state.url.clone_from(&url);
            state.document
        });
        if let Some(document) = document {
            with_tree(|tree| tree.set_url(document, url.as_str()));
        }
    }
}

impl WindowHost {
    /// Does what one effect of a mutation asks for; a script to run at once is handed back.
    fn act_on(&self, effect: &Effect) -> Option<ClassicScript> {
        let element = effect.element();
        if !with_tree(|tree| is_script(tree, element)) {
            return None;
        }
        match effect {
            // <https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model>: becoming connected, getting
            // children and getting a src each prepare a script, unless the parser is still to do it.
            Effect::Connected(_) | Effect::ChildrenChanged(_) => {}
            Effect::AttributeChanged {
                local_name,
                old_value,
                ..
            } => match &**local_name {
                "src" if old_value.is_none() => {}
                "async" => {
                    // Setting "async" ends "force async".
                    with_tree(|tree| {
                        let mut flags = tree.script_flags(element);
                        if flags.force_async && tree.attribute(element, "async").is_some() {
                            flags.force_async = false;
                            tree.set_script_flags(element, flags);
                        }
                    });
                    return None;
                }
                _ => return None,
            },
            _ => return None,
        }
        if with_tree(|tree| tree.script_flags(element)).parser_inserted {
            return None;
        }
        self.prepare_script(element, 1)
    }

    /// Acts on what the parser or Rust code did to the tree, apart from running scripts of the parser.
    pub(crate) fn take_effects(&self) -> HostStep {
        let effects = with_tree(|tree| {
            if tree.has_effects() {
                tree.take_effects()
            } else {
                Vec::new()
            }
        });
        if effects.is_empty() {
            return HostStep::Done;
        }
        self.push_continuation(Continuation::Effects(effects.into()));
        self.go_on()
    }
}

fn is_script(tree: &readystate_dom::Tree, element: NodeId) -> bool {
    &**tree.local_name(element) == "script"
        && matches!(
            &**tree.namespace(element),
            "http://www.w3.org/1999/xhtml" | "http://www.w3.org/2000/svg"
        )
}

/// A duration from script's milliseconds; what is no number is 0.
fn milliseconds(value: f64) -> Duration {
    Duration::try_from_secs_f64((value / 1000.0).max(0.0)).unwrap_or_else(|_| {
        if value.is_nan() {
            Duration::ZERO
        } else {
            Duration::MAX
        }
    })
}
