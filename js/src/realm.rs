//! Making realms: the glue installed in a context.

use deno_core::{JsRuntime, JsRuntimeForSnapshot, RuntimeOptions, v8};

use crate::state::{self, MainRealm};
use crate::{backend, glue};

/// Where the realm of the main context waits in the snapshot.
const REALM_KEY: &str = "__readystate";

/// The script whose loading attaches fast calls: it is an expression, as deno_core wants it.
pub(crate) const FIRST_SCRIPT: &str = "ext:readystate/first.js";

/// The realm of the main context: from the snapshot, or made now.
pub(crate) fn main(
    runtime: &mut JsRuntime,
    from_snapshot: bool,
) -> Result<v8::Global<v8::Object>, String> {
    let context = runtime.main_context();
    if !from_snapshot {
        install_main(runtime, &context)?;
    }
    v8::scope_with_context!(let scope, runtime.v8_isolate(), &context);
    let global = scope.get_current_context().global(scope);
    let key = string(scope, REALM_KEY)?;
    let realm = global
        .get(scope, key.into())
        .and_then(|realm| v8::Local::<v8::Object>::try_from(realm).ok())
        .ok_or("the snapshot holds no realm; was it made by another build?")?;
    if from_snapshot {
        attach_fast_ops(scope, realm);
    }
    for name in [
        REALM_KEY,
        "Deno",
        "__bootstrap",
        "gc",
        "__v8x_fast_api_next_call",
    ] {
        let key = string(scope, name)?;
        global.delete(scope, key.into());
    }
    Ok(v8::Global::new(scope, realm))
}

/// Keeps what further realms are made from.
pub(crate) fn keep_main(
    runtime: &mut JsRuntime,
    realm: &v8::Global<v8::Object>,
) -> Result<(), String> {
    let context = runtime.main_context();
    v8::scope_with_context!(let scope, runtime.v8_isolate(), &context);
    let realm = v8::Local::new(scope, realm);
    let member = |name: &str| -> Result<v8::Global<v8::Value>, String> {
        let key = string(scope, name)?;
        let value = realm
            .get(scope, key.into())
            .ok_or("the realm is not whole")?;
        Ok(v8::Global::new(scope, value))
    };
    let ops = member("ops")?;
    let shared = member("shared")?;
    let entry = entry_table(scope, realm)?;
    let main = MainRealm {
        context: context.clone(),
        entry,
        ops,
        shared,
    };
    state::with(|state| state.main.replace(Some(main)));
    Ok(())
}

/// A further realm with its own context, made while script may be running. It takes over the global proxy of `replaced`, and shares
/// with the realms of its origin what the glue keeps for them.
pub(crate) fn further(
    scope: &mut v8::PinScope<'_, '_>,
    replaced: Option<v8::Global<v8::Context>>,
    origin_key: u32,
) -> Result<(v8::Global<v8::Context>, v8::Global<v8::Object>), String> {
    let main = state::with(|state| state.main.borrow().clone()).ok_or("the agent is closed")?;
    let context = {
        let context = backend::new_context(scope, &main.context, replaced.as_ref());
        v8::Global::new(scope, context)
    };
    v8::scope_with_context!(let scope, scope, &context);
    let ops = v8::Local::new(scope, main.ops);
    let known = state::with(|state| state.groups.borrow().get(&origin_key).cloned());
    let shared: v8::Local<'_, v8::Value> = match known {
        Some(shared) => v8::Local::new(scope, shared),
        None => {
            let key = string(scope, "agent")?;
            let first = v8::Local::new(scope, main.shared);
            let agent = v8::Local::<v8::Object>::try_from(first)
                .ok()
                .and_then(|first| first.get(scope, key.into()))
                .ok_or("the realm is not whole")?;
            let shared = v8::Object::new(scope);
            shared.set(scope, key.into(), agent);
            let shared = v8::Local::<v8::Value>::from(shared);
            let kept = v8::Global::new(scope, shared);
            state::with(|state| state.groups.borrow_mut().insert(origin_key, kept));
            shared
        }
    };
    let realm = install(scope, ops, shared)?;
    Ok((context.clone(), v8::Global::new(scope, realm)))
}

/// The functions that the host calls.
pub(crate) fn entry_table<'s>(
    scope: &v8::PinScope<'s, '_>,
    realm: v8::Local<'s, v8::Object>,
) -> Result<v8::Global<v8::Object>, String> {
    let key = string(scope, "entry")?;
    let entry = realm
        .get(scope, key.into())
        .and_then(|entry| v8::Local::<v8::Object>::try_from(entry).ok())
        .ok_or("the realm has no entry table")?;
    Ok(v8::Global::new(scope, entry))
}

fn install_main(runtime: &mut JsRuntime, context: &v8::Global<v8::Context>) -> Result<(), String> {
    v8::scope_with_context!(let scope, runtime.v8_isolate(), context);
    let global = scope.get_current_context().global(scope);
    let mut ops: v8::Local<'_, v8::Value> = global.into();
    for name in ["Deno", "core", "ops"] {
        let key = string(scope, name)?;
        ops = v8::Local::<v8::Object>::try_from(ops)
            .ok()
            .and_then(|object| object.get(scope, key.into()))
            .ok_or("deno_core has no ops object")?;
    }
    let shared = v8::Object::new(scope).into();
    let realm = install(scope, ops, shared)?;
    let key = string(scope, REALM_KEY)?;
    global.set(scope, key.into(), realm.into());
    Ok(())
}

/// Runs the glue files in the scope's context.
fn install<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    ops: v8::Local<'s, v8::Value>,
    shared: v8::Local<'s, v8::Value>,
) -> Result<v8::Local<'s, v8::Object>, String> {
    let realm = v8::Object::new(scope);
    let global = scope.get_current_context().global(scope);
    let engine = string(scope, backend::ENGINE)?;
    for (name, value) in [
        ("global", global.into()),
        ("ops", ops),
        ("shared", shared),
        ("engine", engine.into()),
    ] {
        let key = string(scope, name)?;
        realm.set(scope, key.into(), value);
    }
    let undefined = v8::undefined(scope).into();
    for file in glue::FILES {
        let text = glue::text(file)?;
        v8::tc_scope!(let tc, scope);
        let outcome = backend::glue_function(tc, text, file.name)
            .and_then(|function| v8::Local::<v8::Function>::try_from(function).ok())
            .and_then(|function| function.call(tc, undefined, &[realm.into()]));
        if outcome.is_none() {
            let message = match tc.exception() {
                Some(exception) => {
                    tc.reset();
                    let error = deno_core::error::JsError::from_v8_exception(tc, exception);
                    error.stack.unwrap_or(error.exception_message)
                }
                None => "it is not a function".to_owned(),
            };
            return Err(format!("{}: {message}", file.name));
        }
    }
    Ok(realm)
}

/// Fast calls are not part of a snapshot; deno_core attaches them at the first load of an extension script, so one that does
/// nothing ([`FIRST_SCRIPT`]) is loaded.
fn attach_fast_ops<'s>(scope: &mut v8::PinScope<'s, '_>, realm: v8::Local<'s, v8::Object>) {
    v8::tc_scope!(let tc, scope);
    let mut value: v8::Local<'_, v8::Value> = realm.into();
    for name in ["ops", "op_load_ext_script"] {
        let Some(next) = v8::Local::<v8::Object>::try_from(value)
            .ok()
            .and_then(|object| {
                let key = v8::String::new(tc, name)?;
                object.get(tc, key.into())
            })
        else {
            return;
        };
        value = next;
    }
    if let (Ok(function), Some(name)) = (
        v8::Local::<v8::Function>::try_from(value),
        v8::String::new(tc, FIRST_SCRIPT),
    ) {
        function.call(tc, realm.into(), &[name.into()]);
    }
    tc.reset();
}

/// Makes the start-up snapshot: the glue installed in the main context. For build scripts.
///
/// The result fits this build only: engine, version and list of ops.
///
/// # Errors
/// The engine's or the glue's message.
pub fn create_snapshot() -> Result<Box<[u8]>, String> {
    backend::init_platform();
    // V8 posts delayed tasks, which deno_core hands to the tokio runtime it was made in.
    let tokio = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| error.to_string())?;
    let _entered = tokio.enter();
    let mut runtime = JsRuntimeForSnapshot::try_new(RuntimeOptions {
        extensions: vec![crate::extension()],
        ..Default::default()
    })
    .map_err(|error| error.to_string())?;
    let context = runtime.main_context();
    install_main(&mut runtime, &context)?;
    drop(context);
    Ok(runtime.snapshot())
}

fn string<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: &str,
) -> Result<v8::Local<'s, v8::String>, String> {
    v8::String::new(scope, text).ok_or_else(|| "out of memory".to_owned())
}
