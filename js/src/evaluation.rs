//! Evaluating a script for its value, as the embedder does.

use deno_core::v8;

use crate::agent::{Agent, ScriptError};
use crate::host::WindowId;
use crate::{exception, script, state};

/// The value of an evaluated script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evaluation {
    /// `undefined`, or a value that JSON has no form for (a function, a symbol).
    Undefined,
    /// A string, as it is.
    String(String),
    /// Anything else, as JSON text.
    Json(String),
    /// A promise that is still pending: ask again with [`Agent::poll_evaluation`] after further tasks.
    Pending(u32),
}

impl Agent {
    /// Evaluates `source` as a script and gives its value. A promise, or what else has a `then()`, is awaited: see [`Evaluation::Pending`].
    ///
    /// # Errors
    /// [`ScriptError::Exception`] if it throws or the promise is rejected; [`ScriptError::Interrupted`]; [`ScriptError::NoWindow`].
    pub fn evaluate(
        &mut self,
        window: WindowId,
        source: &str,
        name: &str,
    ) -> Result<Evaluation, ScriptError> {
        let context = self.context(window)?;
        let outcome = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            script::sync_window_names(scope, window);
            v8::tc_scope!(let tc, scope);
            let value = script::compile(tc, source, name, 1).and_then(|compiled| compiled.run(tc));
            match value.and_then(|value| awaited(tc, value)) {
                Some(value) => Ok(v8::Global::new(tc, value)),
                None => Err(tc.exception().map(|exception| {
                    tc.reset();
                    exception::describe(tc, exception)
                })),
            }
        };
        self.interrupted()?;
        let value = match outcome {
            Ok(value) => value,
            Err(Some(report)) => return Err(ScriptError::Exception(report)),
            Err(None) => {
                return Err(ScriptError::Engine(
                    "the script cannot be compiled".to_owned(),
                ));
            }
        };
        self.checkpoint()?;
        self.conclude(window, value)
    }

    /// Asks again for a pending evaluation.
    ///
    /// # Errors
    /// As [`Self::evaluate`]; [`ScriptError::NoWindow`] for a number that is not pending.
    pub fn poll_evaluation(&mut self, pending: u32) -> Result<Evaluation, ScriptError> {
        let Some(index) = self.pending.iter().position(|(id, ..)| *id == pending) else {
            return Err(ScriptError::NoWindow);
        };
        let entry = self.pending[index].2.clone();
        let promise = self.pending[index].1.clone();
        let context = self.runtime.main_context();
        {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            if v8::Local::new(scope, &promise).state() == v8::PromiseState::Pending {
                return Ok(Evaluation::Pending(pending));
            }
        }
        self.pending.swap_remove(index);
        self.settle(&promise, &entry)
    }

    /// A finished value, or the promise kept for later.
    fn conclude(
        &mut self,
        window: WindowId,
        value: v8::Global<v8::Value>,
    ) -> Result<Evaluation, ScriptError> {
        let context = self.context(window)?;
        let entry = state::with_window(window, |window| window.entry.clone())
            .ok_or(ScriptError::NoWindow)?;
        let promise = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            let value = v8::Local::new(scope, &value);
            match v8::Local::<v8::Promise>::try_from(value) {
                Ok(promise) => Some((
                    v8::Global::new(scope, promise),
                    promise.state() == v8::PromiseState::Pending,
                )),
                Err(_) => None,
            }
        };
        match promise {
            Some((promise, true)) => {
                let id = self.next_pending;
                self.next_pending += 1;
                self.pending.push((id, promise, entry));
                Ok(Evaluation::Pending(id))
            }
            Some((promise, false)) => self.settle(&promise, &entry),
            None => self.serialize(&value, &entry),
        }
    }

    fn settle(
        &mut self,
        promise: &v8::Global<v8::Promise>,
        entry: &v8::Global<v8::Object>,
    ) -> Result<Evaluation, ScriptError> {
        let context = self.runtime.main_context();
        let (value, rejected) = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            let promise = v8::Local::new(scope, promise);
            promise.mark_as_handled();
            let result = promise.result(scope);
            let rejected = promise.state() == v8::PromiseState::Rejected;
            if rejected {
                let mut report = exception::describe(scope, result);
                report.in_promise = true;
                return Err(ScriptError::Exception(report));
            }
            (v8::Global::new(scope, result), rejected)
        };
        debug_assert!(!rejected);
        self.serialize(&value, entry)
    }

    fn serialize(
        &mut self,
        value: &v8::Global<v8::Value>,
        entry: &v8::Global<v8::Object>,
    ) -> Result<Evaluation, ScriptError> {
        let context = self.runtime.main_context();
        let text = {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            v8::tc_scope!(let tc, scope);
            let value = v8::Local::new(tc, value);
            let entry = v8::Local::new(tc, entry);
            match script::call_entry(tc, entry, "toJson", &[value]) {
                Some(text) => Ok(text.to_rust_string_lossy(tc)),
                None => Err(tc.exception().map(|exception| {
                    tc.reset();
                    exception::describe(tc, exception)
                })),
            }
        };
        self.interrupted()?;
        match text {
            Ok(text) => Ok(match (text.get(..1), text.get(1..)) {
                (Some("s"), Some(string)) => Evaluation::String(string.to_owned()),
                (Some("j"), Some(json)) => Evaluation::Json(json.to_owned()),
                _ => Evaluation::Undefined,
            }),
            Err(Some(report)) => Err(ScriptError::Exception(report)),
            Err(None) => Err(ScriptError::Engine(
                "the value cannot be converted".to_owned(),
            )),
        }
    }
}

/// A promise for an object that is none, as `await` makes it: libraries have promises of their own.
fn awaited<'s>(
    scope: &v8::PinScope<'s, '_>,
    value: v8::Local<'s, v8::Value>,
) -> Option<v8::Local<'s, v8::Value>> {
    if !value.is_object() || value.is_promise() {
        return Some(value);
    }
    let resolver = v8::PromiseResolver::new(scope)?;
    resolver.resolve(scope, value)?;
    let promise = resolver.get_promise(scope);
    // Whoever evaluates hears of it.
    promise.mark_as_handled();
    Some(promise.into())
}
