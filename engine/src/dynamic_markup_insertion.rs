//! `document.open`, `write` and `close`: script that takes part in parsing.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html>, as of 2026-01.

use readystate_dom::parsing::html::Step;
use readystate_dom::{DocumentMode, NodeId};
use readystate_js::host::{HostStep, WindowId};
use readystate_js::with_tree;

use crate::document_state::{ActiveParser, Decoding, Source};
use crate::event_loop::Task;
use crate::script_loading::Prepared;
use crate::task_source::TaskSource;
use crate::window_host::{Continuation, WindowHost};

impl WindowHost {
    /// The document write steps.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-write-steps>
    pub(crate) fn write_document(
        &self,
        source: WindowId,
        document: NodeId,
        text: &str,
    ) -> HostStep {
        let Some(window) = self.window_of(document) else {
            return HostStep::Done;
        };
        // 5. – 7. No insertion point: ignored while an external script runs, else the document is opened anew.
        match self.insertion_point(window) {
            Some((true, _)) => {}
            Some((false, false)) => self.open_document(source, document),
            _ => return HostStep::Done,
        }
        // 8. Into the input stream, before the insertion point.
        // 9. Parsed at once, unless a script blocks the parser.
        self.push_continuation(Continuation::Base);
        self.parse_written(window, |parser| {
            with_tree(|tree| parser.parser.write(tree, text))
        });
        self.go_on()
    }

    /// Whether a document has an insertion point, and whether its scripts may not blow it away.
    fn insertion_point(&self, window: WindowId) -> Option<(bool, bool)> {
        self.with_document(window, |state| {
            let ignored = state.ignore_destructive_writes > 0;
            let has_insertion_point = state
                .parser_mut()
                .is_some_and(|parser| parser.has_insertion_point());
            (has_insertion_point, ignored)
        })
    }

    /// Whether a write opens the document anew.
    pub(crate) fn write_opens(&self, document: NodeId) -> bool {
        self.window_of(document)
            .and_then(|window| self.insertion_point(window))
            == Some((false, false))
    }

    /// Goes on with a write whose script has run.
    pub(crate) fn go_on_writing(&self, window: WindowId) {
        self.parse_written(window, |parser| {
            with_tree(|tree| parser.parser.resume(tree))
        });
    }

    /// The script of a write was stopped: the parser leaves it, and the scripts that the rest of the write holds.
    pub(crate) fn give_up_writing(&self, window: WindowId) {
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                while let Step::Script(_) | Step::CustomElements =
                    with_tree(|tree| parser.parser.resume(tree))
                {}
            }
        });
    }

    /// Has the parser take a step of a write; what it inserted is seen to before what it came to.
    fn parse_written(&self, window: WindowId, parse: impl FnOnce(&mut ActiveParser) -> Step) {
        let step = self
            .with_document(window, |state| state.parser_mut().map(parse))
            .flatten();
        self.after_step(window);
        if let Some(step) = step {
            self.push_continuation(Continuation::Parsed(window, step));
        }
        self.push_effects();
    }

    /// Acts on what the parser of a write came to: a script is prepared, and run if it is to run at once.
    pub(crate) fn after_written(&self, window: WindowId, step: Step) -> Option<HostStep> {
        if step == Step::CustomElements {
            self.push_continuation(Continuation::Parser(window));
            return Some(HostStep::CustomElements { window });
        }
        let Step::Script(element) = step else {
            return None;
        };
        let line = self.script_line(window, element);
        let step = match self.prepare_script(element, line, Some(window)) {
            Prepared::Nothing => None,
            Prepared::Run(script) => self.run_step(script),
            Prepared::Step(step) => Some(step),
        };
        if let Some(step) = step {
            self.push_continuation(Continuation::Parser(window));
            return Some(step);
        }
        let waits = self.with_document(window, |state| {
            let waits = state.scripts.blocks_parser();
            if waits && let Some(parser) = state.parser_mut() {
                parser.parser.block();
            }
            waits
        });
        if waits == Some(false) {
            self.go_on_writing(window);
        }
        None
    }

    /// The document open steps.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps>
    pub(crate) fn open_document(&self, source: WindowId, document: NodeId) {
        let Some(window) = self.window_of(document) else {
            return;
        };
        // 1. An XML document throws — in js. 5. A parser whose script is running: nothing. 6. Nor while it is told to go.
        let is_running = self.with_document(window, |state| {
            state.unload_counter > 0
                || state
                    .parser_mut()
                    .is_some_and(|parser| parser.parser.script_nesting_level() > 0)
        });
        if is_running != Some(false) || !with_tree(|tree| tree.is_html_document(document)) {
            return;
        }
        // 7. – 8. A load under way is given up.
        self.network.abort_document(window);
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                with_tree(|tree| parser.parser.abort(tree));
            }
        });
        // 9. – 10. Event listeners — in js. 11. Every child goes.
        with_tree(|tree| {
            while let Some(child) = tree.first_child(document) {
                if tree.remove(child).is_err() {
                    return;
                }
            }
        });
        self.frame_opened(window);
        // 14. No quirks, unless what is written has them.
        with_tree(|tree| tree.set_mode(document, DocumentMode::NoQuirks));
        // 12. Its URL is that of the script's document.
        if source != window {
            self.inherit_url(window, source);
        }
        // 15. – 17. A script-created parser.
        self.start_html_parser(window, Decoding::Text);
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                parser.script_created = true;
            }
        });
    }

    /// The rest of `document.close()`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-close>
    pub(crate) fn close_document(&self, document: NodeId) {
        let Some(window) = self.window_of(document) else {
            return;
        };
        // 3. Only a script-created parser.
        let closed = self.with_document(window, |state| {
            let parser = state.parser_mut().filter(|parser| parser.script_created)?;
            // 4. End of file.
            parser.input_ended = true;
            // 5. – 6. The tokenizer runs to it, unless a script is in the way.
            if !parser.parser.is_paused() && with_tree(|tree| parser.parser.end(tree)) == Step::Done
            {
                state.source = Source::None;
            }
            Some(())
        });
        if closed.flatten().is_some() {
            self.after_step(window);
            self.queue(TaskSource::Networking, Task::Parse { window });
        }
    }
}
