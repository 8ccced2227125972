//! Running classic scripts.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#run-a-classic-script>

use deno_core::v8;
use readystate_dom::NodeId;
use url::Url;

use crate::backend;
use crate::host::{ClassicScript, ExceptionReport, ScriptFetchOptions, SourceLocation, WindowId};
use crate::{exception, state};

/// How a script ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// It ran to its end.
    Normal,
    /// It threw, or did not compile; the exception has been reported to the page.
    Threw,
}

/// Compiles a classic script.
pub(crate) fn compile<'s>(
    scope: &v8::PinScope<'s, '_>,
    source: &str,
    url: &str,
    line: u32,
) -> Option<v8::Local<'s, v8::Script>> {
    let (source, line_offset) = backend::position_source(source, line);
    let source = v8::String::new(scope, &source)?;
    let name = v8::String::new(scope, url)?;
    let origin = v8::ScriptOrigin::new(
        scope,
        name.into(),
        line_offset,
        0,
        false,
        0,
        None,
        false,
        false,
        false,
        None,
    );
    v8::Script::compile(scope, source, Some(&origin))
}

/// Compiles a script of the page, with what its `import()` calls need to know.
fn compile_classic<'s>(
    scope: &v8::PinScope<'s, '_>,
    script: &ClassicScript,
) -> Option<v8::Local<'s, v8::Script>> {
    let (source, line_offset) = backend::position_source(&script.source, script.line);
    let source = v8::String::new(scope, &source)?;
    let name = v8::String::new(scope, &script.url)?;
    if script.muted_errors {
        state::with(|state| state.has_muted_scripts.set(true));
    }
    let options = origin_options(scope, script.base_url.as_ref(), script.options);
    let origin = v8::ScriptOrigin::new(
        scope,
        name.into(),
        line_offset,
        0,
        false,
        0,
        None,
        script.muted_errors,
        false,
        false,
        options,
    );
    v8::Script::compile(scope, source, Some(&origin))
}

/// How many parts [`origin_options`] has.
pub(crate) const ORIGIN_OPTIONS: usize = 3;

/// What the engine keeps with a script for its calls of `import()`: base URL, credentials mode, referrer policy. Nothing for a
/// script that has the document's.
pub(crate) fn origin_options<'s>(
    scope: &v8::PinScope<'s, '_>,
    base_url: Option<&Url>,
    options: ScriptFetchOptions,
) -> Option<v8::Local<'s, v8::Data>> {
    if base_url.is_none() && options == ScriptFetchOptions::default() {
        return None;
    }
    let list = v8::PrimitiveArray::new(scope, ORIGIN_OPTIONS);
    let parts = [
        base_url.map_or("", Url::as_str),
        options.credentials_mode.as_str(),
        options.referrer_policy.as_str(),
    ];
    for (index, part) in parts.into_iter().enumerate() {
        list.set(scope, index, v8::String::new(scope, part)?.into());
    }
    Some(list.into())
}

/// Runs a script in the scope's context, which is `window`'s. Exceptions are reported to the page.
///
/// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element>, steps 5.1 to 5.4: the script is
/// `currentScript` meanwhile. No checkpoint is in it: it is for scripts that run in the middle of another.
pub(crate) fn run(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    script: &ClassicScript,
) -> Completion {
    let previous = replace_current(window, script.element);
    let (completion, _) = run_for_value(scope, window, script);
    replace_current(window, previous);
    completion
}

/// Sets `document.currentScript` and gives what it was.
pub(crate) fn replace_current(window: WindowId, element: Option<NodeId>) -> Option<NodeId> {
    state::with_window(window, |window| {
        std::mem::replace(&mut window.current_script, element)
    })
    .flatten()
}

/// Runs a script, with the value that it ends with.
pub(crate) fn run_for_value<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    window: WindowId,
    script: &ClassicScript,
) -> (Completion, Option<v8::Local<'s, v8::Value>>) {
    sync_window_names(scope, window);
    v8::tc_scope!(let tc, scope);
    let mut completion = Completion::Normal;
    let outer = state::with(|state| state.in_muted_script.replace(script.muted_errors));
    let ran = compile_classic(tc, script).and_then(|compiled| compiled.run(tc));
    state::with(|state| state.in_muted_script.set(outer));
    if ran.is_none() {
        completion = Completion::Threw;
        if !tc.has_terminated()
            && let Some(exception) = tc.exception()
        {
            // What the error itself does not know: where a value that is no Error was thrown.
            let message = tc.message();
            // An error that a function of ours has thrown does not know whose script called it.
            let place = message.map(|message| {
                let (location, is_muted) = exception::place(tc, message);
                (location, is_muted || script.muted_errors)
            });
            tc.reset();
            if !report(tc, window, exception, place.clone()) && !tc.has_terminated() {
                // QuickJS's binding panics where an exception has no text.
                let text = message.and_then(|message| {
                    backend::catch_panic(|| message.get(tc).to_rust_string_lossy(tc))
                });
                tc.reset();
                report_to_host(window, text, place);
            }
        }
    }
    (completion, ran)
}

/// Tells the host of an exception for whose `error` event the stack has no room.
fn report_to_host(window: WindowId, text: Option<String>, place: Option<(SourceLocation, bool)>) {
    let Some(host) = state::host() else { return };
    let (location, muted) = place.unwrap_or_default();
    let report = ExceptionReport {
        message: text.unwrap_or_else(|| "Uncaught exception".to_owned()),
        location,
        stack: None,
        in_promise: false,
        muted,
    };
    host.report_exception(window, &report);
}

/// Hands an exception to the page's `error` event, through the realm; whether that was possible. `place` is where it was thrown, and
/// whether that script's errors are muted.
pub(crate) fn report<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: WindowId,
    exception: v8::Local<'s, v8::Value>,
    place: Option<(SourceLocation, bool)>,
) -> bool {
    let Some(entry) = state::with_window(window, |window| window.entry.clone()) else {
        return false;
    };
    let entry = v8::Local::new(scope, entry);
    let Some((location, is_muted)) = place else {
        return call_entry(scope, entry, "reportException", &[exception]).is_some();
    };
    let Some(url) = v8::String::new(scope, &location.url) else {
        return false;
    };
    let arguments = [
        exception,
        v8::Boolean::new(scope, is_muted).into(),
        url.into(),
        v8::Number::new(scope, f64::from(location.line)).into(),
        v8::Number::new(scope, f64::from(location.column)).into(),
    ];
    call_entry(scope, entry, "reportException", &arguments).is_some()
}

/// Has windows learn of names that the parser or the host has brought, before script of `window` runs.
pub(crate) fn sync_window_names(scope: &v8::PinScope<'_, '_>, window: WindowId) {
    if backend::LISTS_WINDOW_NAMES
        && let Some(entry) = state::with_window(window, |window| window.entry.clone())
    {
        update_window_names(scope, v8::Local::new(scope, entry));
    }
}

fn update_window_names<'s>(scope: &v8::PinScope<'s, '_>, entry: v8::Local<'s, v8::Object>) {
    if !backend::LISTS_WINDOW_NAMES || !state::with_tree(|tree| tree.has_window_names()) {
        return;
    }
    let function = v8::String::new(scope, "updateNamedProperties")
        .and_then(|key| entry.get(scope, key.into()))
        .and_then(|function| v8::Local::<v8::Function>::try_from(function).ok());
    if let Some(function) = function {
        function.call(scope, entry.into(), &[]);
    }
}

/// Calls a function of the realm's entry table; what it throws is swallowed (a termination stays in force).
pub(crate) fn call_entry<'s>(
    scope: &v8::PinScope<'s, '_>,
    entry: v8::Local<'s, v8::Object>,
    name: &str,
    arguments: &[v8::Local<'s, v8::Value>],
) -> Option<v8::Local<'s, v8::Value>> {
    update_window_names(scope, entry);
    let key = v8::String::new(scope, name)?;
    let function = v8::Local::<v8::Function>::try_from(entry.get(scope, key.into())?).ok()?;
    function.call(scope, entry.into(), arguments)
}
