//! Calls of `import()`.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#hostloadimportedmodule>, HTML as of 2026-01.

use deno_core::v8;
use readystate_xhr::fetch::{CredentialsMode, ReferrerPolicy};
use url::Url;

use crate::host::{
    ErrorClass, ImportCall, ImportOutcome, ModuleId, ModuleRequest, ScriptFetchOptions, WindowId,
};
use crate::{backend, module, script, state, window};

/// The host's part of `import()`: a promise, and the graph is on its way.
pub(crate) fn import_dynamically<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    options: v8::Local<'s, v8::Data>,
    _resource_name: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    let resolver = v8::PromiseResolver::new(scope)?;
    let promise = resolver.get_promise(scope);
    match prepare(scope, options, specifier, attributes) {
        Err((class, message)) => {
            let error = module::error_of(scope, class, &message)?;
            resolver.reject(scope, error);
        }
        Ok((window, mut call)) => {
            call.id = state::with(|state| {
                let mut table = state.modules.borrow_mut();
                let id = table.allot_import();
                let resolver = v8::Global::new(scope, resolver);
                table.imports.insert(id, (window, resolver));
                id
            });
            if let Some(host) = state::host() {
                let step = host.import_module(window, call);
                window::take_steps(scope, window, &*host, step);
            }
        }
    }
    Some(promise)
}

/// As [`import_dynamically`], for `import.source()` and `import.defer()` too, which fail.
pub(crate) fn import_phase<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    options: v8::Local<'s, v8::Data>,
    resource_name: v8::Local<'s, v8::Value>,
    specifier: v8::Local<'s, v8::String>,
    phase: v8::ModuleImportPhase,
    attributes: v8::Local<'s, v8::FixedArray>,
) -> Option<v8::Local<'s, v8::Promise>> {
    if phase == v8::ModuleImportPhase::kEvaluation {
        return import_dynamically(scope, options, resource_name, specifier, attributes);
    }
    let resolver = v8::PromiseResolver::new(scope)?;
    let message = "A module cannot be imported by its source, nor later";
    let error = module::error_of(scope, ErrorClass::Syntax, message)?;
    resolver.reject(scope, error);
    Some(resolver.get_promise(scope))
}

/// What is to be loaded, and for which window; as `Err` the error that the call fails with.
fn prepare(
    scope: &v8::PinScope<'_, '_>,
    options: v8::Local<'_, v8::Data>,
    specifier: v8::Local<'_, v8::String>,
    attributes: v8::Local<'_, v8::FixedArray>,
) -> Result<(WindowId, ImportCall), (ErrorClass, String)> {
    let type_error = |message: &str| (ErrorClass::Type, message.to_owned());
    let host = state::host().ok_or_else(|| type_error("the window is closed"))?;
    let window = window::of_context(scope, scope.get_current_context())
        .ok_or_else(|| type_error("the window is closed"))?;
    let module_type = module::module_type_of(scope, attributes, module::ATTRIBUTE)?;
    // 7. The referencing script's base URL and options, or the document's.
    let (base_url, options) = read_options(scope, options);
    let referrer = base_url.unwrap_or_else(|| host.document_base_url(window));
    let specifier = specifier.to_rust_string_lossy(scope);
    // 9. Resolved.
    let url = host
        .resolve_module(window, &specifier, &referrer)
        .map_err(|message| (ErrorClass::Type, message))?;
    let call = ImportCall {
        id: 0,
        request: ModuleRequest { url, module_type },
        referrer,
        options,
    };
    Ok((window, call))
}

/// What [`script::origin_options`] has made.
fn read_options(
    scope: &v8::PinScope<'_, '_>,
    data: v8::Local<'_, v8::Data>,
) -> (Option<Url>, ScriptFetchOptions) {
    let list = backend::host_defined_options(data);
    let mut options = ScriptFetchOptions::default();
    if list.length() != script::ORIGIN_OPTIONS {
        return (None, options);
    }
    let text = |index: usize| list.get(scope, index).to_rust_string_lossy(scope);
    if let Some(mode) = CredentialsMode::from_name(&text(1)) {
        options.credentials_mode = mode;
    }
    if let Some(policy) = ReferrerPolicy::from_name(&text(2)) {
        options.referrer_policy = policy;
    }
    (Url::parse(&text(0)).ok(), options)
}

/// Goes on with a call whose graph is loaded, or never will be.
pub(crate) fn finish(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    import: u32,
    outcome: ImportOutcome,
) {
    let Some((context, entry)) = state::realm_of(window) else {
        return;
    };
    v8::scope_with_context!(let scope, scope, &context);
    v8::tc_scope!(let tc, scope);
    match outcome {
        ImportOutcome::Loaded(module) => {
            // Linked and evaluated in a microtask.
            let entry = v8::Local::new(tc, entry);
            let import = v8::Number::new(tc, f64::from(import)).into();
            let module = v8::Number::new(tc, f64::from(module.0)).into();
            script::call_entry(tc, entry, "continueImport", &[import, module]);
        }
        ImportOutcome::Broken(module) => {
            if let Some(Err(error)) = module::record_of(module) {
                let error = v8::Local::new(tc, error);
                settle(tc, import, Err(error));
            }
        }
        ImportOutcome::Failed(message) => {
            if let Some(error) = module::error_of(tc, ErrorClass::Type, &message) {
                settle(tc, import, Err(error));
            }
        }
    }
}

/// Links and evaluates the module of a call. Gives the promise to wait for, or undefined if the call has been answered.
///
/// Standard: <https://tc39.es/ecma262/#sec-ContinueDynamicImport>
pub(crate) fn evaluate<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    import: u32,
    module: ModuleId,
) -> v8::Local<'s, v8::Value> {
    let undefined = v8::undefined(scope).into();
    let window = state::with(|state| {
        let table = state.modules.borrow();
        table.imports.get(&import).map(|(window, _)| *window)
    });
    // An op's own context is the main one; the module's functions are of the context in which it is linked.
    let Some((context, _)) = window.and_then(state::realm_of) else {
        return undefined;
    };
    let context = v8::Local::new(scope, context);
    let scope = &mut v8::ContextScope::new(scope, context);
    match module::link_and_evaluate(scope, module) {
        Some(Ok(promise)) => promise,
        Some(Err(error)) => {
            settle(scope, import, Err(error));
            undefined
        }
        None => undefined,
    }
}

/// Fulfils a call with the namespace of its module.
pub(crate) fn fulfil(scope: &v8::PinScope<'_, '_>, import: u32, module: ModuleId) {
    if let Some(Ok(record)) = module::record_of(module) {
        let namespace = v8::Local::new(scope, record).get_module_namespace();
        settle(scope, import, Ok(namespace));
    }
}

/// Answers a call, once.
pub(crate) fn settle(
    scope: &v8::PinScope<'_, '_>,
    import: u32,
    result: Result<v8::Local<'_, v8::Value>, v8::Local<'_, v8::Value>>,
) {
    let Some((_, resolver)) =
        state::with(|state| state.modules.borrow_mut().imports.remove(&import))
    else {
        return;
    };
    let resolver = v8::Local::new(scope, resolver);
    match result {
        Ok(value) => resolver.resolve(scope, value),
        Err(error) => resolver.reject(scope, error),
    };
}
