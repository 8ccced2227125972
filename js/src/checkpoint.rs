//! What follows every call into script: microtasks, then promises that were rejected and that nobody handled.

use deno_core::v8;

use crate::agent::{Agent, ScriptError};
use crate::host::WindowId;
use crate::script;
use crate::state::{self, Rejection};

/// A window's context and entry table.
type Home = (v8::Global<v8::Context>, v8::Global<v8::Object>);

impl Agent {
    /// Microtasks, then rejected promises. Every method that runs script does it already.
    ///
    /// # Errors
    /// [`ScriptError::Interrupted`] if a microtask was stopped.
    pub fn checkpoint(&mut self) -> Result<(), ScriptError> {
        self.run_backup_element_queue();
        self.queue_parser_records();
        self.runtime.v8_isolate().perform_microtask_checkpoint();
        self.interrupted()?;
        self.notify_rejections();
        self.sweep_detached();
        self.report_held_memory();
        Ok(())
    }

    /// Sees to the custom elements that a parser has stopped for: see
    /// [`Step::CustomElements`](readystate_dom::parsing::html::Step::CustomElements). A checkpoint comes before a
    /// constructor runs, and after each callback.
    ///
    /// # Errors
    /// As [`Self::run_timer`].
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token>
    pub fn run_custom_elements(&mut self, window: WindowId) -> Result<(), ScriptError> {
        if state::with_tree(|tree| tree.wants_element()) {
            self.checkpoint()?;
        }
        self.enter(window, "parserStep", &[]).map(drop)
    }

    /// Custom element reactions that no method of script's waits for, such as those of an XML parser.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#backup-element-queue>
    fn run_backup_element_queue(&mut self) {
        let waits = state::with_tree(|tree| {
            tree.update_form_associated_elements();
            tree.has_custom_element_reactions()
        });
        if waits {
            self.call_main("customElementReactions");
        }
    }

    /// Mutation records of the parser, which no op of script has announced: their observers are called in this checkpoint.
    fn queue_parser_records(&mut self) {
        if !state::with_tree(|tree| tree.has_pending_observers()) {
            return;
        }
        self.call_main("queueMutationObservers");
    }

    /// Calls an entry function of the main realm.
    fn call_main(&mut self, name: &str) {
        let Some(main) = state::with(|state| state.main.borrow().clone()) else {
            return;
        };
        let (context, entry) = (main.context, main.entry);
        v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
        v8::tc_scope!(let tc, scope);
        let entry = v8::Local::new(tc, &entry);
        script::call_entry(tc, entry, name, &[]);
    }

    /// Has tasks queued that tell the windows of rejected promises, and of those that have got a handler late.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#notify-about-rejected-promises>
    fn notify_rejections(&mut self) {
        let rejections = state::with(|state| std::mem::take(&mut *state.rejections.borrow_mut()));
        let mut homes: Vec<(Home, Vec<Rejection>)> = Vec::new();
        for rejection in rejections {
            let is_evaluations = self
                .pending
                .iter()
                .any(|(_, other, _)| *other == rejection.promise);
            if is_evaluations {
                continue;
            }
            let Some(home) = self.home_of(&rejection.promise, &rejection.context) else {
                continue;
            };
            match homes.iter_mut().find(|(other, _)| other.0 == home.0) {
                Some((_, list)) => list.push(rejection),
                None => homes.push((home, vec![rejection])),
            }
        }
        for ((context, entry), rejections) in homes {
            if cfg!(not(feature = "v8")) {
                let promises = rejections.iter().map(|rejection| rejection.promise.clone());
                state::with(|state| state.unhandled.borrow_mut().extend(promises));
            }
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            v8::tc_scope!(let tc, scope);
            let mut arguments: Vec<v8::Local<'_, v8::Value>> = Vec::new();
            for rejection in &rejections {
                arguments.push(v8::Local::new(tc, &rejection.promise).into());
                arguments.push(v8::Local::new(tc, &rejection.reason));
            }
            let entry = v8::Local::new(tc, &entry);
            let list = v8::Array::new_with_elements(tc, &arguments).into();
            script::call_entry(tc, entry, "queueRejections", &[list]);
        }
    }

    /// The window that a rejected promise belongs to: the one whose `Promise` made it. On QuickJS the current context of a
    /// microtask does not tell; for a promise of no open window's making the context of the rejection has to do.
    fn home_of(
        &mut self,
        promise: &v8::Global<v8::Promise>,
        rejected_in: &v8::Global<v8::Context>,
    ) -> Option<Home> {
        let windows: Vec<_> = state::with(|state| {
            let windows = state.windows.borrow();
            windows
                .values()
                .map(|window| (window.context.clone(), window.entry.clone()))
                .collect()
        });
        if cfg!(not(feature = "v8")) {
            for (context, entry) in &windows {
                v8::scope_with_context!(let scope, self.runtime.v8_isolate(), context);
                v8::tc_scope!(let tc, scope);
                let promise = v8::Local::new(tc, promise);
                let table = v8::Local::new(tc, entry);
                if script::call_entry(tc, table, "isOwnPromise", &[promise.into()])
                    .is_some_and(|own| own.is_true())
                {
                    return Some((context.clone(), entry.clone()));
                }
            }
        }
        windows
            .into_iter()
            .find(|(context, _)| context == rejected_in)
    }
}
