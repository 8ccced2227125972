//! A document's way from its first byte to `load`: running the parser's scripts, deferred ones, and the events.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/parsing.html#the-end>, as of 2026-01.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use readystate_dom::NodeHandle;
use readystate_js::host::WindowId;
use readystate_js::{Agent, EventInit, FireTarget, ReadyState, ScriptError, with_tree};
use readystate_xhr::fetch::FetchEvent;

use crate::document_parsing::ParserAction;
use crate::document_state::LoadPhase;
use crate::document_unloading::PAGE_TRANSITION;
use crate::error::{Error, LoadFailure};
use crate::event_loop::Task;
use crate::events::PageEvent;
use crate::page_thread::PageThread;
use crate::script_loading::{DueScript, Prepared};
use crate::task_source::TaskSource;

/// How long a parser may go on before other tasks have their turn.
const PARSER_SLICE: Duration = Duration::from_millis(50);

impl PageThread {
    /// An event of the body of a window's document.
    pub(crate) fn on_document_event(&mut self, window: WindowId, event: FetchEvent) {
        match event {
            FetchEvent::BodyChunk(bytes) => self.host.document_bytes(window, &bytes),
            FetchEvent::EndOfBody => self.host.document_end(window),
            FetchEvent::BodyError(error) => {
                let url = self.host.document_url(window);
                // What came is a page still, but not all of it: whoever asked for it is told.
                self.host.document_end(window);
                self.fail_load_waiters(|| Error::Load {
                    url: url.clone(),
                    source: LoadFailure::Network(error.clone()),
                });
            }
            _ => return,
        }
        self.advance_document(window);
    }

    /// Does for a document whatever can be done now: parse, run scripts whose turn has come, go to the next phase.
    pub(crate) fn advance_document(&mut self, window: WindowId) {
        // A window that is about to close runs no more of them.
        if self.host.is_closing(window) {
            return;
        }
        // Scripts that wait for nothing but their source.
        while let Some(due) = self.host.take_as_soon_as_possible(window) {
            self.execute(window, due);
        }
        if self.phase(window) == Some(LoadPhase::Parsing) {
            self.drive_parser(window);
        }
        if self.phase(window) == Some(LoadPhase::DeferredScripts) {
            // The end, 5. Deferred scripts, in order.
            while let Some(due) = self.host.take_deferred(window) {
                self.execute(window, due);
            }
            // 6. DOMContentLoaded, in a task.
            let done = self
                .host
                .with_document(window, |state| state.scripts.deferred_done());
            if done == Some(true) && self.phase(window) == Some(LoadPhase::DeferredScripts) {
                self.set_phase(window, LoadPhase::DomContentLoadedQueued);
                self.host.queue(
                    TaskSource::DomManipulation,
                    Task::DomContentLoaded { window },
                );
            }
        }
        if self.phase(window) == Some(LoadPhase::AwaitingLoad) {
            // 7. – 8. Scripts, style sheets, frames and whatever else delays the load event. FIXME images: they are not
            // loaded, so they delay nothing and fire nothing.
            if self.has_all(window) {
                // 9. load, in a task.
                self.set_phase(window, LoadPhase::CompleteQueued);
                self.host
                    .queue(TaskSource::DomManipulation, Task::Complete { window });
            }
        }
    }

    fn drive_parser(&mut self, window: WindowId) {
        let until = Instant::now() + PARSER_SLICE;
        loop {
            let action = self.host.parser_action(window, until);
            // What it has inserted, before a script sees it. Its own scripts it names itself.
            self.host.parser_is_caller.set(true);
            self.run_effects();
            self.host.parser_is_caller.set(false);
            match action {
                ParserAction::Wait => return,
                ParserAction::RunBlocking(due) => {
                    self.host.before_blocking_script(window);
                    self.execute(window, due);
                    self.host.after_blocking_script(window);
                }
                ParserAction::Prepare { element, line } => {
                    // <https://html.spec.whatwg.org/multipage/parsing.html#scriptEndTag>: a checkpoint, then prepare.
                    self.call(|agent| agent.checkpoint());
                    let has_run = match self.host.prepare_script(element, line, Some(window)) {
                        Prepared::Nothing => false,
                        Prepared::Run(script) => {
                            self.call(|agent| agent.run_script(window, &script));
                            true
                        }
                        Prepared::Step(step) => {
                            self.take_steps(VecDeque::from([step]));
                            true
                        }
                    };
                    self.host.after_prepared(window, has_run);
                }
                ParserAction::CustomElements => {
                    self.call(|agent| agent.run_custom_elements(window));
                    self.host.after_custom_elements(window);
                }
                ParserAction::Finished => {
                    self.stop_parsing(window);
                    return;
                }
            }
            if self.stopped.is_some() || self.phase(window).is_none() {
                return;
            }
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#stop-parsing>
    fn stop_parsing(&mut self, window: WindowId) {
        // 3. Interactive.
        self.set_phase(window, LoadPhase::DeferredScripts);
        self.call(|agent| agent.set_ready_state(window, ReadyState::Interactive));
    }

    /// Step 6 of the end.
    pub(crate) fn fire_dom_content_loaded(&mut self, window: WindowId) {
        let Some(document) = self.host.with_document(window, |state| state.document) else {
            return;
        };
        let init = EventInit {
            bubbles: true,
            ..EventInit::default()
        };
        self.fire(window, FireTarget::Node(document), "DOMContentLoaded", init);
        if self.window() == Some(window) {
            self.events.emit(&PageEvent::DomContentLoaded);
        }
        if self.phase(window) == Some(LoadPhase::DomContentLoadedQueued) {
            self.set_phase(window, LoadPhase::AwaitingLoad);
        }
        self.advance_document(window);
    }

    /// Step 9 of the end.
    pub(crate) fn complete_document(&mut self, window: WindowId) {
        if self.phase(window) != Some(LoadPhase::CompleteQueued) {
            return;
        }
        // A script inserted meanwhile delays it again.
        if !self.has_all(window) {
            self.set_phase(window, LoadPhase::AwaitingLoad);
            return;
        }
        // 9.1 Complete.
        self.call(|agent| agent.set_ready_state(window, ReadyState::Complete));
        // 9.5 load.
        self.fire(window, FireTarget::Window, "load", EventInit::default());
        // 9.10, 9.11 pageshow.
        self.host
            .with_document(window, |state| state.is_page_showing = true);
        self.fire(window, FireTarget::Window, "pageshow", PAGE_TRANSITION);
        // A listener may have opened the document anew.
        if self.phase(window) == Some(LoadPhase::CompleteQueued) {
            self.set_phase(window, LoadPhase::Complete);
            self.host.arm_refresh(window);
            if self.window() == Some(window) {
                self.events.emit(&PageEvent::Loaded);
            }
            self.queue_frame_loaded(window);
        }
    }

    /// Fires `load` or `error` at an element, if it still lives.
    pub(crate) fn fire_at_element(
        &mut self,
        window: WindowId,
        element: NodeHandle,
        name: &'static str,
    ) {
        self.host
            .with_document(window, |state| state.sheets.told(element));
        if let Some(node) = with_tree(|tree| tree.resolve(element)) {
            self.fire(window, FireTarget::Node(node), name, EventInit::default());
        }
    }

    /// Executes an external script or a module whose turn has come.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element>
    fn execute(&mut self, window: WindowId, due: DueScript) {
        match due {
            DueScript::Skip => {}
            // 4. No source: error.
            DueScript::Fail(element) => self.fire_at_element(window, element, "error"),
            DueScript::RunInline(script) => {
                self.call(|agent| agent.run_script(window, &script));
            }
            DueScript::Run(element, script) => {
                self.run_external(window, |agent| agent.run_script(window, &script).map(drop));
                // 8. load.
                self.fire_at_element(window, element, "load");
            }
            DueScript::RunModule {
                element,
                module,
                broken,
                is_external,
            } => {
                self.run_external(window, |agent| agent.run_module(window, module, broken));
                // 8. load.
                if is_external {
                    self.fire_at_element(window, element, "load");
                }
            }
        }
    }

    fn run_external(
        &mut self,
        window: WindowId,
        run: impl FnOnce(&mut Agent) -> Result<(), ScriptError>,
    ) {
        // 5. and 7. document.write of an external script or a module never opens the document.
        self.host
            .with_document(window, |state| state.ignore_destructive_writes += 1);
        // 6. Run, with currentScript.
        self.call(run);
        self.host.with_document(window, |state| {
            state.ignore_destructive_writes = state.ignore_destructive_writes.saturating_sub(1);
        });
    }

    /// Whether nothing delays a document's load event any more.
    fn has_all(&self, window: WindowId) -> bool {
        let scripts = self.host.with_document(window, |state| {
            state.scripts.all_done() && state.sheets.all_done() && state.objects.is_empty()
        });
        scripts == Some(true)
            && !self.host.has_loading_frames(window)
            && !self.host.is_leaving(window)
    }

    fn phase(&self, window: WindowId) -> Option<LoadPhase> {
        self.host.with_document(window, |state| state.phase)
    }

    fn set_phase(&self, window: WindowId, phase: LoadPhase) {
        self.host.with_document(window, |state| state.phase = phase);
    }
}
