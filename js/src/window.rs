//! Windows of an agent: opening, closing, and the steps by which a host has it done while script runs.

use deno_core::v8;
use readystate_dom::NodeId;
use readystate_xhr::Origin;
use url::Url;

use crate::agent::{Agent, ScriptError};
use crate::entry::{Argument, FireTarget, ReadyState};
use crate::host::{Host, HostStep, WindowId};
use crate::sandbox::Sandbox;
use crate::state::{self, Window};
use crate::{backend, module, realm, script};

/// How a window is made.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WindowInit {
    /// Its document, already in the tree (it may be empty still).
    pub document: NodeId,
    /// The document's URL.
    pub url: Url,
    /// The document's origin. Defaults to the URL's.
    pub origin: Origin,
    /// What relative URLs start from in a document whose URL is an `about:` one. Defaults to none.
    pub base_url: Option<Url>,
    /// `document.referrer`. Defaults to nothing.
    pub referrer: String,
    /// The parent window for a frame. Defaults to `None`, a top-level window.
    pub parent: Option<WindowId>,
    /// The frame element that shows the window; it is in [`crate::with_frames`]'s table. Defaults to `None`.
    pub container: Option<NodeId>,
    /// The window whose place it takes in its navigable. If their origins are the same, the two share one `WindowProxy` (not on
    /// QuickJS). Defaults to `None`.
    pub replaces: Option<WindowId>,
    /// The navigable that shows it, from [`crate::allot_navigable`]. Defaults to a new one.
    pub navigable: u32,
    /// What a sandbox takes away from it. Defaults to nothing.
    pub sandbox: Sandbox,
    /// The document's readiness. Defaults to loading.
    pub ready_state: ReadyState,
    /// Inner size in CSS pixels. There is no layout, but pages ask. Defaults to 1280 × 720.
    pub viewport: (u32, u32),
}

impl WindowInit {
    /// A top-level window on `document`.
    #[must_use]
    pub fn new(document: NodeId, url: Url) -> Self {
        Self {
            document,
            origin: Origin::of(&url),
            url,
            base_url: None,
            referrer: String::new(),
            parent: None,
            container: None,
            replaces: None,
            navigable: state::allot_navigable(),
            sandbox: Sandbox::default(),
            ready_state: ReadyState::Loading,
            viewport: (1280, 720),
        }
    }
}

impl Agent {
    /// Opens a window. The first one takes the isolate's main context, later ones (frames) get contexts of their own.
    ///
    /// # Errors
    /// [`ScriptError::Engine`] if the glue fails; [`ScriptError::Interrupted`] if the agent is interrupted.
    pub fn open_window(&mut self, init: WindowInit) -> Result<WindowId, ScriptError> {
        let window = state::allot_window();
        self.open_allotted(window, init)?;
        Ok(window)
    }

    /// Opens a window with a number from [`crate::allot_window`].
    ///
    /// # Errors
    /// As [`Self::open_window`].
    pub fn open_allotted(&mut self, window: WindowId, init: WindowInit) -> Result<(), ScriptError> {
        let opened = match self.main_realm.take() {
            Some(realm) => {
                let context = self.runtime.main_context();
                let key = state::origin_key(&init.origin);
                state::with(|state| {
                    let shared = state.main.borrow().as_ref().map(|main| main.shared.clone());
                    if let Some(shared) = shared {
                        state.groups.borrow_mut().insert(key, shared);
                    }
                });
                v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
                enter_window(scope, window, init, context.clone(), realm)
            }
            None => {
                let main = self.runtime.main_context();
                v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &main);
                open(scope, window, init)
            }
        };
        self.interrupted()?;
        opened.map_err(ScriptError::Engine)?;
        self.checkpoint()
    }

    /// Closes a window: its timers and requests are the host's to end; its objects live on as long as script holds them.
    pub fn close_window(&mut self, window: WindowId) {
        let main = self.runtime.main_context();
        v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &main);
        close(scope, window);
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
        base_url: Option<Url>,
        referrer: String,
    ) -> Result<(), ScriptError> {
        state::with_window(window, |window| {
            window.document = document;
            window.url = url.clone();
            window.base_url = base_url;
            window.referrer = referrer;
        })
        .ok_or(ScriptError::NoWindow)?;
        self.enter(
            window,
            "setDocument",
            &[Argument::Number(f64::from(document.raw()))],
        )
        .map(drop)
    }

    /// Takes a window to another fragment of its document, in the place of the present entry of the session history if it `replaces` it.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn navigate_to_fragment(
        &mut self,
        window: WindowId,
        url: &Url,
        replaces: bool,
    ) -> Result<(), ScriptError> {
        self.enter(
            window,
            "navigateToFragment",
            &[Argument::Text(url.as_str()), Argument::Bool(replaces)],
        )
        .map(drop)
    }

    /// Gives a window another inner size, in CSS pixels: `resize` is fired, and `change` at media query lists.
    ///
    /// Standard: <https://drafts.csswg.org/cssom-view/#run-the-resize-steps>
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn set_viewport(
        &mut self,
        window: WindowId,
        viewport: (u32, u32),
    ) -> Result<(), ScriptError> {
        let before = state::with_window(window, |window| {
            std::mem::replace(&mut window.viewport, viewport)
        })
        .ok_or(ScriptError::NoWindow)?;
        if before == viewport {
            return Ok(());
        }
        self.enter(window, "viewportChanged", &[]).map(drop)
    }

    /// Tells a window that it has got or lost a frame by another way than a step.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    pub fn frames_changed(&mut self, window: WindowId) -> Result<(), ScriptError> {
        self.enter(window, "framesChanged", &[]).map(drop)
    }

    /// Takes one step of the host's from outside of script, then does a checkpoint.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if script was stopped.
    pub fn take_step(&mut self, step: HostStep) -> Result<(), ScriptError> {
        match step {
            HostStep::Done => Ok(()),
            HostStep::Run { window, script } => self.run_script(window, &script).map(drop),
            HostStep::Open { window, init } => self.open_allotted(window, *init),
            HostStep::Close { window } => {
                self.close_window(window);
                self.interrupted()
            }
            HostStep::FramesChanged { window } => self.frames_changed(window),
            HostStep::CompileModule { .. }
            | HostStep::FinishImport { .. }
            | HostStep::ReportError { .. } => self.module_step(step),
            HostStep::CustomElements { window } => self.run_custom_elements(window),
            HostStep::Fire {
                window,
                target,
                name,
            } => self
                .fire_event(window, target, name, Default::default())
                .map(drop),
        }
    }
}

/// Opens a window while script may be running.
pub(crate) fn open(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    init: WindowInit,
) -> Result<(), String> {
    let key = state::origin_key(&init.origin);
    let navigable = init.navigable;
    let old = init.replaces.and_then(|window| {
        state::with_window(window, |window| {
            (
                window.context.clone(),
                window.entry.clone(),
                state::origin_key(&window.origin),
            )
        })
    });
    // The WindowProxy that script of this origin knows goes on; script of another never gets hold of it.
    let (replaced, left) = match old {
        Some((context, _, old_key)) if old_key == key => (Some(context), None),
        left => {
            let stand_in =
                state::with(|state| state.stand_ins.borrow_mut().remove(&(navigable, key)));
            (stand_in, left)
        }
    };
    let (context, realm) = realm::further(scope, replaced, key)?;
    {
        v8::scope_with_context!(let scope, scope, &context);
        enter_window(scope, window, init, context.clone(), realm)?;
    }
    if let Some((context, entry, old_key)) = left {
        stand_in(scope, navigable, &context, &entry, old_key);
    }
    Ok(())
}

/// What script of the origin that a navigable leaves holds as its `WindowProxy` becomes one of a window of another origin.
fn stand_in(
    scope: &mut v8::PinScope<'_, '_>,
    navigable: u32,
    old: &v8::Global<v8::Context>,
    entry: &v8::Global<v8::Object>,
    origin_key: u32,
) {
    if !backend::HAS_WINDOW_PROXIES {
        return;
    }
    v8::scope_with_context!(let scope, scope, old);
    v8::tc_scope!(let tc, scope);
    let entry = v8::Local::new(tc, entry);
    let Some(members) = script::call_entry(tc, entry, "crossOriginWindow", &[])
        .filter(|members| members.is_object())
    else {
        tc.reset();
        return;
    };
    let members = v8::Global::new(tc, members);
    if let Some(context) = backend::stand_in_context(tc, old, &members) {
        state::with(|state| {
            state
                .stand_ins
                .borrow_mut()
                .insert((navigable, origin_key), context);
        });
    }
}

/// A navigable has ended: nothing stands in for its windows any more.
pub fn forget_navigable(navigable: u32) {
    let dropped = state::with(|state| {
        let mut stand_ins = state.stand_ins.borrow_mut();
        let keys: Vec<_> = stand_ins
            .keys()
            .filter(|(owner, _)| *owner == navigable)
            .copied()
            .collect();
        keys.into_iter()
            .filter_map(|key| stand_ins.remove(&key))
            .collect::<Vec<_>>()
    });
    drop(dropped);
}

/// Enters a window into the agent's table, and has its realm learn of it.
fn enter_window(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    init: WindowInit,
    context: v8::Global<v8::Context>,
    realm: v8::Global<v8::Object>,
) -> Result<(), String> {
    let entry = {
        let realm = v8::Local::new(scope, &realm);
        realm::entry_table(scope, realm)?
    };
    let table = v8::Local::new(scope, &entry);
    let document = init.document;
    let origin_key = state::origin_key(&init.origin);
    state::with(|state| {
        state.windows.borrow_mut().insert(
            window,
            Window {
                context,
                entry,
                document,
                url: init.url,
                origin: init.origin,
                navigable: init.navigable,
                base_url: init.base_url,
                referrer: init.referrer,
                parent: init.parent,
                container: init.container,
                viewport: init.viewport,
                current_script: None,
            },
        );
    });
    if let Some(container) = init.container {
        state::with_frames(|frames| {
            if let Some(frame) = frames.get_mut(container) {
                frame.window = Some(window);
            }
        });
    }
    v8::tc_scope!(let tc, scope);
    let arguments = [
        v8::Number::new(tc, f64::from(window.0)).into(),
        v8::Number::new(tc, f64::from(document.raw())).into(),
        v8::String::new(tc, init.ready_state.name())
            .ok_or("out of memory")?
            .into(),
        v8::Number::new(tc, f64::from(init.navigable)).into(),
        v8::Number::new(tc, f64::from(origin_key)).into(),
        v8::Number::new(tc, f64::from(init.sandbox.bits())).into(),
    ];
    if script::call_entry(tc, table, "openWindow", &arguments).is_none() && !tc.has_terminated() {
        tc.reset();
        return Err("openWindow failed".to_owned());
    }
    if let Some(parent) = init.parent {
        call(tc, parent, "framesChanged");
    }
    Ok(())
}

/// Closes a window while script may be running.
pub(crate) fn close(scope: &mut v8::PinScope<'_, '_>, window: WindowId) {
    // A failing glue function must not keep the window open.
    call(scope, window, "closeWindow");
    let closed = state::with(|state| {
        state.closed_windows.set(state.closed_windows.get() + 1);
        state
            .fetches
            .borrow_mut()
            .retain(|_, (owner, _)| *owner != window);
        state.modules.borrow_mut().forget_window(window);
        state.windows.borrow_mut().remove(&window)
    });
    let Some(closed) = closed else { return };
    // Another window may have taken its place in the navigable.
    let is_over = match closed.container {
        Some(container) => state::with_frames(|frames| {
            frames
                .get(container)
                .is_none_or(|frame| frame.navigable != closed.navigable)
        }),
        None => state::with(|state| {
            !state
                .windows
                .borrow()
                .values()
                .any(|window| window.navigable == closed.navigable)
        }),
    };
    if is_over {
        forget_navigable(closed.navigable);
    }
    if let Some(parent) = closed.parent {
        call(scope, parent, "framesChanged");
    }
}

/// Calls an entry function without arguments in a window's context; what it throws is swallowed.
fn call(scope: &mut v8::PinScope<'_, '_>, window: WindowId, name: &str) {
    let Some((context, entry)) = state::realm_of(window) else {
        return;
    };
    v8::scope_with_context!(let scope, scope, &context);
    v8::tc_scope!(let tc, scope);
    let entry = v8::Local::new(tc, entry);
    script::call_entry(tc, entry, name, &[]);
}

/// Takes the steps that a host call asks for, inside of script, until it is done.
pub(crate) fn take_steps(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    host: &dyn Host,
    first: HostStep,
) {
    let mut step = first;
    loop {
        match step {
            HostStep::Done => return,
            HostStep::Run { window, script } => {
                if let Some((context, _)) = state::realm_of(window) {
                    v8::scope_with_context!(let scope, scope, &context);
                    script::run(scope, window, &script);
                }
            }
            HostStep::Open { window, init } => {
                // Without room for a realm the frame has no window.
                drop(open(scope, window, *init));
            }
            HostStep::Close { window } => close(scope, window),
            HostStep::FramesChanged { window } => call(scope, window, "framesChanged"),
            step @ (HostStep::CompileModule { .. }
            | HostStep::FinishImport { .. }
            | HostStep::ReportError { .. }) => module::take_step(scope, host, step),
            HostStep::CustomElements { window } => call(scope, window, "parserStepOfScript"),
            HostStep::Fire {
                window,
                target,
                name,
            } => fire(scope, window, target, name),
        }
        if scope.is_execution_terminating() {
            return;
        }
        step = host.resume(window);
    }
}

/// The window whose script the host has entered.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything>
pub(crate) fn entered(scope: &v8::PinScope<'_, '_>) -> Option<WindowId> {
    of_context(scope, scope.get_entered_or_microtask_context())
}

/// The open window of a context.
pub(crate) fn of_context(
    scope: &v8::PinScope<'_, '_>,
    context: v8::Local<'_, v8::Context>,
) -> Option<WindowId> {
    state::with(|state| {
        state
            .windows
            .borrow()
            .iter()
            .find(|(_, window)| v8::Local::new(scope, &window.context) == context)
            .map(|(window, _)| *window)
    })
}

/// A document was opened by script: its URL may have become that of the script's document.
pub(crate) fn sync_url(document: NodeId) {
    let url = state::with_tree(|tree| tree.url(document).and_then(|url| Url::parse(url).ok()));
    crate::ops::document::forget_base_url();
    state::with(|state| {
        let mut windows = state.windows.borrow_mut();
        if let Some(window) = windows
            .values_mut()
            .find(|window| window.document == document)
            && let Some(url) = url
        {
            window.url = url;
        }
    });
}

/// Fires a simple event while script is running: no checkpoint follows.
fn fire(scope: &mut v8::PinScope<'_, '_>, window: WindowId, target: FireTarget, name: &str) {
    let Some((context, entry)) = state::realm_of(window) else {
        return;
    };
    v8::scope_with_context!(let scope, scope, &context);
    v8::tc_scope!(let tc, scope);
    let entry = v8::Local::new(tc, entry);
    let node = match target {
        FireTarget::Node(node) => node.raw(),
        FireTarget::Window => 0,
    };
    let Some(name) = v8::String::new(tc, name) else {
        return;
    };
    let node = v8::Number::new(tc, f64::from(node)).into();
    script::call_entry(tc, entry, "fireNested", &[node, name.into()]);
}
