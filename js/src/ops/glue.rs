//! Glue that is run when a window first needs it.

use deno_core::{OpDecl, op2, v8};

use crate::error::{Failure, fail};
use crate::host::WindowId;
use crate::{backend, glue, state};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_glue_load()]
}

/// The function that a file of [`glue::LAZY`] holds, made in the context of `realm`, which is `window`'s; a negative number if
/// it cannot be had.
#[op2(reentrant)]
fn op_glue_load<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    window: u32,
    realm: v8::Local<'s, v8::Object>,
    #[string] path: &str,
) -> v8::Local<'s, v8::Value> {
    match load(scope, WindowId(window), realm, path) {
        Ok(function) => v8::Local::new(scope, function),
        Err(message) => {
            let failed = fail(Failure::new("OperationError", message));
            v8::Integer::new(scope, failed).into()
        }
    }
}

fn load(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    realm: v8::Local<'_, v8::Object>,
    path: &str,
) -> Result<v8::Global<v8::Value>, String> {
    let file = glue::LAZY
        .iter()
        .find(|file| file.name.strip_prefix("ext:readystate/") == Some(path))
        .ok_or_else(|| format!("there is no glue {path}"))?;
    let text = glue::text(file)?;
    // NOTE: QuickJS takes the present context for any object's; a window that is open knows better.
    let context = match state::realm_of(window) {
        Some((context, _)) => context,
        None => {
            let context = realm.get_creation_context(scope);
            v8::Global::new(scope, context.ok_or("the window has gone")?)
        }
    };
    v8::scope_with_context!(let scope, scope, &context);
    v8::tc_scope!(let tc, scope);
    match backend::glue_function(tc, text, file.name) {
        Some(function) => Ok(v8::Global::new(tc, function)),
        None => Err(format!("{path} cannot be run")),
    }
}
