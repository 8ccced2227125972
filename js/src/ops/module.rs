//! Ops of module scripts.

use deno_core::{OpDecl, op2, v8};
use url::Url;

use super::node::opt_str_to;
use crate::error::Failure;
use crate::host::{ClassicScript, ModuleId, WindowId};
use crate::{exception, module_import, script, state};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_module_resolve(),
        op_import_evaluate(),
        op_import_fulfil(),
        op_import_reject(),
        op_caller_base_url(),
        op_run_source(),
    ]
}

/// What a specifier means to a script of this base URL; null leaves the error with the agent.
#[op2]
fn op_module_resolve<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    #[string] specifier: &str,
    #[string] base: &str,
) -> v8::Local<'s, v8::Value> {
    let resolved = state::host()
        .zip(Url::parse(base).ok())
        .ok_or_else(|| "the window is closed".to_owned())
        .and_then(|(host, base)| host.resolve_module(WindowId(window), specifier, &base));
    match resolved {
        Ok(url) => opt_str_to(scope, Some(url.as_str())),
        Err(message) => {
            state::set_last_error(Failure::new("TypeError", message));
            opt_str_to(scope, None)
        }
    }
}

/// Links and evaluates the module of an `import()`: the promise to wait for, undefined if there is none.
#[op2(reentrant)]
fn op_import_evaluate<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    import: u32,
    module: u32,
) -> v8::Local<'s, v8::Value> {
    module_import::evaluate(scope, import, ModuleId(module))
}

/// The module of an `import()` was evaluated.
#[op2(reentrant)]
fn op_import_fulfil(scope: &v8::PinScope<'_, '_>, import: u32, module: u32) {
    module_import::fulfil(scope, import, ModuleId(module));
}

/// The evaluation of the module of an `import()` threw.
#[op2(reentrant)]
fn op_import_reject<'s>(
    scope: &v8::PinScope<'s, '_>,
    import: u32,
    error: v8::Local<'s, v8::Value>,
) {
    module_import::settle(scope, import, Err(error));
}

/// The base URL of the script that calls, empty if it is the document's.
#[op2]
#[string]
fn op_caller_base_url(scope: &v8::PinScope<'_, '_>, window: u32) -> String {
    let caller = exception::caller(scope).url;
    let document = state::with_window(WindowId(window), |window| window.url.to_string());
    if document.is_some_and(|document| document == caller) || Url::parse(&caller).is_err() {
        return String::new();
    }
    caller
}

/// Runs the string that a timer was given; what it throws is reported.
///
/// Standard: <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps>, step 9.6
#[op2(nofast, reentrant)]
fn op_run_source(
    scope: &mut v8::PinScope<'_, '_>,
    window: u32,
    #[string] source: &str,
    #[string] base: &str,
) {
    let window = WindowId(window);
    let Some((context, _)) = state::realm_of(window) else {
        return;
    };
    let url = state::with_window(window, |window| window.url.to_string()).unwrap_or_default();
    let script = ClassicScript {
        base_url: Url::parse(base).ok(),
        ..ClassicScript::new(source, if base.is_empty() { &url } else { base })
    };
    v8::scope_with_context!(let scope, scope, &context);
    script::run(scope, window, &script);
}
