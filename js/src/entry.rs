//! What the host does to a window from its event loop: running scripts, timers and tasks, firing events.
//!
//! Each is a call of a function in the realm's entry table, followed by a checkpoint.

use std::borrow::Cow;

use deno_core::v8;
use readystate_dom::NodeId;
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::web_socket::WebSocketEvent;
use url::Url;

use crate::agent::{Agent, ScriptError};
use crate::host::{ClassicScript, FetchId, TimerKind, WebSocketId, WindowId};
use crate::script::{self, Completion};
use crate::state::FetchTarget;
use crate::{exception, ops, state};

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

impl ReadyState {
    /// As script spells it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Interactive => "interactive",
            Self::Complete => "complete",
        }
    }
}

/// What an entry function is given.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Argument<'a> {
    Number(f64),
    Bool(bool),
    Text(&'a str),
}

impl Agent {
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
        // Its microtasks still see it as `currentScript`: the checkpoint is part of running a script.
        let previous = script::replace_current(window, script.element);
        let completion = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            let (completion, _) = script::run_for_value(scope, window, script);
            completion
        };
        let checked = self.interrupted().and_then(|()| self.checkpoint());
        script::replace_current(window, previous);
        checked.map(|()| completion)
    }

    /// Runs the script of a `javascript:` URL and gives its value if that is a string.
    ///
    /// # Errors
    /// As [`Self::run_script`].
    pub fn run_for_string(
        &mut self,
        window: WindowId,
        script: &ClassicScript,
    ) -> Result<Option<String>, ScriptError> {
        let context = self.context(window)?;
        let value = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            let (_, value) = script::run_for_value(scope, window, script);
            value
                .filter(|value| value.is_string())
                .map(|value| value.to_rust_string_lossy(scope))
        };
        self.interrupted()?;
        self.checkpoint()?;
        Ok(value)
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

    /// Fires `beforeunload`; gives whether the document asks to be kept.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-user-canceled>
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn fire_before_unload(&mut self, window: WindowId) -> Result<bool, ScriptError> {
        let asks = self.enter(window, "beforeUnload", &[])?;
        Ok(asks == Some(true))
    }

    /// The document is not shown any more: `document.hidden`, `visibilitychange`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/interaction.html#update-the-visibility-state>
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn hide(&mut self, window: WindowId) -> Result<(), ScriptError> {
        self.enter(window, "hide", &[]).map(drop)
    }

    /// The window's session history came to another entry of the same document, with this URL: `popstate`, and `hashchange`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#update-document-for-history-step-application>
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn show_entry(&mut self, window: WindowId, url: &Url) -> Result<(), ScriptError> {
        self.enter(window, "showEntry", &[Argument::Text(url.as_str())])
            .map(drop)
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
        self.enter(
            window,
            "setReadyState",
            &[Argument::Text(ready_state.name())],
        )
        .map(drop)
    }

    /// The time of day is no longer the machine's: has the windows that are open read [`crate::Host::wall_time`]. Later ones look
    /// for themselves.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn clock_set(&mut self) -> Result<(), ScriptError> {
        let windows: Vec<WindowId> =
            state::with(|state| state.windows.borrow().keys().copied().collect());
        for window in windows {
            self.enter(window, "clockSet", &[])?;
        }
        Ok(())
    }

    /// Runs a due timer, animation frame or idle callback. `due` is when it was to come, in milliseconds since the time origin: the
    /// time of an animation frame.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if script was stopped, [`ScriptError::NoWindow`], [`ScriptError::Engine`] if the glue failed.
    pub fn run_timer(
        &mut self,
        window: WindowId,
        timer: u32,
        kind: TimerKind,
        due: f64,
    ) -> Result<(), ScriptError> {
        let kind = match kind {
            TimerKind::Timer => 0.0,
            TimerKind::AnimationFrame => 1.0,
            TimerKind::Idle => 2.0,
            TimerKind::Native => 3.0,
            TimerKind::Refresh => return Ok(()),
        };
        self.enter(
            window,
            "runTimer",
            &[
                Argument::Number(f64::from(timer)),
                Argument::Number(kind),
                Argument::Number(due),
            ],
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

    /// Runs a task queued with [`crate::Host::queue_task`].
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

    /// Delivers an event of a fetch started with [`crate::Host::start_fetch`]. Events of forgotten fetches are dropped.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn on_fetch_event(&mut self, fetch: FetchId, event: FetchEvent) -> Result<(), ScriptError> {
        let Some((window, target)) =
            state::with(|state| state.fetches.borrow().get(&fetch).copied())
        else {
            return Ok(());
        };
        match target {
            FetchTarget::Xhr(xhr) => {
                if !ops::xml_http_request::deliver(fetch, xhr, event) {
                    return Ok(());
                }
                self.enter(window, "pumpXhr", &[Argument::Number(f64::from(xhr))])
            }
            FetchTarget::Fetch(id) => {
                let Some(happening) = ops::fetch::deliver(fetch, id, event) else {
                    return Ok(());
                };
                let id = Argument::Number(f64::from(id));
                let happening = Argument::Number(f64::from(happening as u32));
                self.enter(window, "continueFetch", &[id, happening])
            }
            FetchTarget::EventSource(id) => {
                if !ops::event_source::deliver(fetch, id, event) {
                    return Ok(());
                }
                let id = Argument::Number(f64::from(id));
                self.enter(window, "continueEventSource", &[id])
            }
        }
        .map(drop)
    }

    /// Delivers an event of a connection opened with [`crate::Host::open_web_socket`].
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn on_web_socket_event(
        &mut self,
        socket: WebSocketId,
        event: WebSocketEvent,
    ) -> Result<(), ScriptError> {
        let owner = state::with(|state| {
            let mut sockets = state.web_sockets.borrow_mut();
            if event.is_last() {
                sockets.remove(&socket)
            } else {
                sockets.get(&socket).copied()
            }
        });
        let Some((window, id)) = owner else {
            return Ok(());
        };
        if !ops::web_socket::deliver(id, event) {
            return Ok(());
        }
        self.enter(window, "pumpWebSocket", &[Argument::Number(f64::from(id))])
            .map(drop)
    }

    /// Calls an entry function of a window's realm, then does a checkpoint. Gives its result if that is a boolean.
    pub(crate) fn enter(
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
