//! From bytes to a document: decoding, the HTML parser with its pauses, `document.open`, `write` and `close`.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/parsing.html> and
//! <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html>, as of 2026-01.

use std::time::Instant;

use readystate_dom::NodeId;
use readystate_dom::parsing::encoding::{Decoder, PRESCAN_BYTES, SniffKind, decode, sniff};
use readystate_dom::parsing::html::{DeclarativeShadowRoots, HtmlParser, HtmlParserOptions, Step};
use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_js::host::{HostStep, SourceLocation, WindowId};
use readystate_js::with_tree;

use crate::document_state::{ActiveParser, Decoding, LoadPhase, Source};
use crate::error::Limit;
use crate::event_loop::Task;
use crate::script_loading::DueScript;
use crate::task_source::TaskSource;
use crate::window_host::{Continuation, WindowHost};

/// What the event loop does next for a parser.
pub(crate) enum ParserAction {
    /// The blocking script's turn has come.
    RunBlocking(DueScript),
    /// The parser stands behind this script's end tag: prepare it.
    Prepare { element: NodeId, line: u32 },
    /// Custom elements are to be constructed, or told of what happened to them.
    CustomElements,
    /// More input, or a script, has to come first.
    Wait,
    /// The source is parsed to its end.
    Finished,
}

impl WindowHost {
    /// Gives a document an HTML parser.
    pub(crate) fn start_html_parser(&self, window: WindowId, decoding: Decoding) {
        self.with_document(window, |state| {
            let parser = with_tree(|tree| {
                let options = HtmlParserOptions {
                    scripting: state.scripting,
                    declarative_shadow_roots: DeclarativeShadowRoots::Attach,
                    ..HtmlParserOptions::default()
                };
                HtmlParser::new(tree, state.document, options)
            });
            state.source = Source::Html(Box::new(ActiveParser::new(parser, decoding)));
            state.phase = LoadPhase::Parsing;
        });
    }

    /// Bytes of a document's body.
    pub(crate) fn document_bytes(&self, window: WindowId, chunk: &[u8]) {
        let mut sniffed = None;
        self.with_document(window, |state| match &mut state.source {
            Source::Html(parser) => sniffed = parser.take_bytes(chunk, false),
            Source::Xml { bytes, .. } | Source::Text { bytes, .. } => {
                bytes.extend_from_slice(chunk);
            }
            Source::None | Source::XmlScripts(_) => {}
        });
        self.set_encoding(window, sniffed);
    }

    /// A document's body is whole, or will not come any further.
    pub(crate) fn document_end(&self, window: WindowId) {
        let mut sniffed = None;
        self.with_document(window, |state| {
            if let Source::Html(parser) = &mut state.source
                && !parser.script_created
            {
                sniffed = parser.take_bytes(&[], true);
                parser.input_ended = true;
            }
        });
        self.set_encoding(window, sniffed);
        self.parse_whole_source(window);
    }

    /// Text of a document that needs no decoding, to its end.
    pub(crate) fn document_text(&self, window: WindowId, text: &str) {
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                parser.input.end_mut().push_str(text);
                parser.input_ended = true;
            }
        });
    }

    fn set_encoding(&self, window: WindowId, encoding: Option<&'static encoding_rs::Encoding>) {
        let Some(encoding) = encoding else { return };
        if let Some(document) = self.with_document(window, |state| state.document) {
            with_tree(|tree| tree.set_encoding(document, encoding));
        }
    }

    /// XML and plain text are parsed when all of it is there.
    fn parse_whole_source(&self, window: WindowId) {
        let Some((document, source)) = self.with_document(window, |state| {
            let source = match &state.source {
                Source::Xml { .. } | Source::Text { .. } => {
                    std::mem::replace(&mut state.source, Source::None)
                }
                _ => Source::None,
            };
            (state.document, source)
        }) else {
            return;
        };
        match source {
            Source::Xml { bytes, charset } => {
                self.parse_xml_source(window, document, &bytes, charset.as_deref());
            }
            Source::Text { bytes, charset } => {
                let encoding = sniff(&bytes, charset.as_deref(), SniffKind::Text);
                let text = decode(&bytes, encoding);
                self.set_encoding(window, Some(encoding));
                self.show_as_text(document, &text);
            }
            _ => {}
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-xml>
    fn parse_xml_source(
        &self,
        window: WindowId,
        document: NodeId,
        bytes: &[u8],
        charset: Option<&str>,
    ) {
        let encoding = sniff(bytes, charset, SniffKind::Xml);
        let text = decode(bytes, encoding);
        self.set_encoding(window, Some(encoding));
        let parsed = with_tree(|tree| parse_xml(tree, document, &text, XmlLimits::default()));
        if let Err(error) = parsed {
            // NOTE: the tree keeps what was read before the error; browsers show an error element besides.
            self.events.warn(
                format!("XML error: {error}"),
                SourceLocation {
                    url: self.document_url(window),
                    ..SourceLocation::default()
                },
            );
        }
        // Scripts of an XML document run one after the other. NOTE: the rest of the document is there already.
        let scripts = with_tree(|tree| {
            let scripts: Vec<NodeId> = tree
                .descendants(document)
                .filter(|&node| &**tree.local_name(node) == "script")
                .collect();
            scripts
                .into_iter()
                .filter_map(|node| {
                    let mut flags = tree.script_flags(node);
                    flags.parser_inserted = true;
                    flags.force_async = false;
                    tree.set_script_flags(node, flags);
                    tree.handle(node)
                })
                .collect()
        });
        self.with_document(window, |state| state.source = Source::XmlScripts(scripts));
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#navigate-text>
    fn show_as_text(&self, document: NodeId, text: &str) {
        with_tree(|tree| {
            readystate_dom::parsing::html::parse_document(
                tree,
                document,
                "<!doctype html><pre></pre>",
            );
            // NOTE: the standard's document is in no-quirks mode without a doctype.
            if let Some(doctype) = tree.doctype(document) {
                // It is there, so it can be removed.
                drop(tree.remove(doctype));
            }
            let pre = tree.body(document).and_then(|body| tree.first_child(body));
            if let Some(pre) = pre {
                // Only a full tree refuses; then the document stays empty.
                drop(tree.set_text_content(pre, text));
            }
        });
    }

    /// Moves a parser on, as far as it goes without script; at `until` it makes way for other tasks.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#parsing-main-incdata>
    pub(crate) fn parser_action(&self, window: WindowId, until: Instant) -> ParserAction {
        loop {
            let next = self.with_document(window, |state| match &mut state.source {
                Source::Html(parser) => match parser.next_step() {
                    Some(step) => Next::Step(step),
                    None => Next::Wait,
                },
                Source::XmlScripts(_) if state.scripts.blocks_parser() => Next::Wait,
                Source::XmlScripts(scripts) => match scripts.pop_front() {
                    Some(script) => Next::XmlScript(script),
                    None => Next::Step(Step::Done),
                },
                // document.close() has ended the parser already.
                Source::None => Next::Step(Step::Done),
                _ => Next::Wait,
            });
            match next {
                None => return ParserAction::Wait,
                Some(Next::Wait) => {
                    return match self.take_parsing_blocking(window) {
                        Some(due) => ParserAction::RunBlocking(due),
                        None => ParserAction::Wait,
                    };
                }
                Some(Next::XmlScript(script)) => {
                    if let Some(element) = with_tree(|tree| tree.resolve(script)) {
                        return ParserAction::Prepare { element, line: 1 };
                    }
                }
                Some(Next::Step(step)) => {
                    self.after_step(window);
                    match step {
                        Step::Script(element) => {
                            let line = self.script_line(window, element);
                            return ParserAction::Prepare { element, line };
                        }
                        Step::CustomElements => return ParserAction::CustomElements,
                        Step::NeedsInput => {
                            let has_more = self
                                .with_document(window, |state| {
                                    state
                                        .parser_mut()
                                        .is_some_and(|parser| !parser.input.is_empty())
                                })
                                .unwrap_or(false);
                            if has_more && Instant::now() >= until {
                                self.queue(TaskSource::Networking, Task::Parse { window });
                                return ParserAction::Wait;
                            }
                        }
                        Step::Done => {
                            self.with_document(window, |state| state.source = Source::None);
                            return ParserAction::Finished;
                        }
                    }
                }
            }
        }
    }

    /// The custom elements that the parser stopped for were seen to.
    pub(crate) fn after_custom_elements(&self, window: WindowId) {
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                parser.wants_resume = true;
            }
        });
    }

    /// The parser's script was prepared, and has run if it was to run at once.
    pub(crate) fn after_prepared(&self, window: WindowId, has_run: bool) {
        self.with_document(window, |state| {
            let waits = !has_run && state.scripts.blocks_parser();
            if let Some(parser) = state.parser_mut() {
                if waits {
                    parser.parser.block();
                } else {
                    parser.wants_resume = true;
                }
            }
        });
    }

    /// The script that blocks the parser is about to run.
    pub(crate) fn before_blocking_script(&self, window: WindowId) {
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                parser.parser.unblock();
            }
        });
    }

    /// The script that blocked the parser is over.
    pub(crate) fn after_blocking_script(&self, window: WindowId) {
        self.with_document(window, |state| {
            if let Some(parser) = state.parser_mut() {
                parser.wants_resume = true;
            }
        });
    }

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
        let state = self.with_document(window, |state| {
            let ignored = state.ignore_destructive_writes > 0;
            let has_insertion_point = state
                .parser_mut()
                .is_some_and(|parser| parser.has_insertion_point());
            (has_insertion_point, ignored)
        });
        match state {
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
        if let Some(script) = self.prepare_script(element, line) {
            self.push_continuation(Continuation::Parser(window));
            return self.run_step(script);
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
        // 1. An XML document throws — in js. 5. A parser whose script is running: nothing.
        let is_running = self.with_document(window, |state| {
            state
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

    /// Reports a tree that a step of the parser has made full.
    fn after_step(&self, window: WindowId) {
        let became_full = self.with_document(window, |state| {
            let url = state.url.to_string();
            let parser = state.parser_mut()?;
            let became_full = parser.parser.is_full() && !parser.is_full;
            parser.is_full |= became_full;
            became_full.then_some(url)
        });
        if let Some(url) = became_full.flatten() {
            self.events.limit(
                Limit::DomNodes,
                format!("{url} has too many nodes; the rest of it was dropped"),
            );
        }
    }

    /// The line of the page in which an inline script starts.
    fn script_line(&self, window: WindowId, element: NodeId) -> u32 {
        let end = self
            .with_document(window, |state| {
                state.parser_mut().map(|parser| parser.parser.line())
            })
            .flatten()
            .unwrap_or(1);
        // The parser stands at the end tag; the script's own lines lie before it.
        let lines = with_tree(|tree| {
            let text = tree
                .child_text_content(element)
                .to_string_lossy()
                .into_owned();
            text.bytes().filter(|byte| *byte == b'\n').count()
        });
        let start = end.saturating_sub(lines as u64).max(1);
        u32::try_from(start).unwrap_or(u32::MAX)
    }
}

enum Next {
    Step(Step),
    XmlScript(readystate_dom::NodeHandle),
    Wait,
}

impl ActiveParser {
    /// Decodes `chunk` into the input. Gives the encoding if it became known just now.
    fn take_bytes(
        &mut self,
        chunk: &[u8],
        is_last: bool,
    ) -> Option<&'static encoding_rs::Encoding> {
        let mut found = None;
        if let Decoding::Sniffing { bytes, charset } = &mut self.decoding {
            bytes.extend_from_slice(chunk);
            if bytes.len() < PRESCAN_BYTES && !is_last {
                return None;
            }
            let encoding = sniff(bytes, charset.as_deref(), SniffKind::Html);
            let mut decoder = Decoder::new(encoding);
            decoder.feed(bytes, self.input.end_mut());
            found = Some(decoder.encoding());
            self.decoding = Decoding::Known(Box::new(decoder));
        } else if let Decoding::Known(decoder) = &mut self.decoding {
            decoder.feed(chunk, self.input.end_mut());
        }
        if is_last
            && let Decoding::Known(decoder) = std::mem::replace(&mut self.decoding, Decoding::Text)
        {
            decoder.end(self.input.end_mut());
        }
        found
    }

    /// One step of the parser, `None` if it has nothing to go on with.
    fn next_step(&mut self) -> Option<Step> {
        let parser = &mut self.parser;
        if std::mem::take(&mut self.wants_resume) {
            return Some(with_tree(|tree| parser.resume(tree)));
        }
        if parser.is_paused() {
            return None;
        }
        if let Some(piece) = self.input.next_piece() {
            return Some(with_tree(|tree| parser.feed(tree, piece)));
        }
        self.input_ended.then(|| with_tree(|tree| parser.end(tree)))
    }
}
