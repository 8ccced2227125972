//! From bytes to a document: decoding, and the parsers with their pauses.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/parsing.html>, as of 2026-01.

use std::time::Instant;

use readystate_dom::NodeId;
use readystate_dom::parsing::encoding::{Decoder, PRESCAN_BYTES, SniffKind, sniff};
use readystate_dom::parsing::html::{DeclarativeShadowRoots, HtmlParser, HtmlParserOptions, Step};
use readystate_dom::parsing::xml::XmlError;
use readystate_js::host::WindowId;
use readystate_js::with_tree;

use crate::document_state::{ActiveParser, Decoding, LoadPhase, Source};
use crate::error::Limit;
use crate::event_loop::Task;
use crate::script_loading::DueScript;
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

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
                    scripting: state.scripting(),
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
            Source::None | Source::XmlParser(_) => {}
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

    pub(crate) fn set_encoding(
        &self,
        window: WindowId,
        encoding: Option<&'static encoding_rs::Encoding>,
    ) {
        let Some(encoding) = encoding else { return };
        if let Some(document) = self.with_document(window, |state| state.document) {
            with_tree(|tree| tree.set_encoding(document, encoding));
        }
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
                Source::XmlParser(_) if state.scripts.blocks_parser() => Next::Wait,
                Source::XmlParser(parser) => match with_tree(|tree| parser.advance(tree)) {
                    Ok(step) => Next::Step(step),
                    Err(error) => Next::XmlError(error),
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
                Some(Next::XmlError(error)) => {
                    self.show_xml_error(window, &error);
                    self.with_document(window, |state| state.source = Source::None);
                    return ParserAction::Finished;
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

    /// Reports a tree that a step of the parser has made full.
    pub(crate) fn after_step(&self, window: WindowId) {
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
    pub(crate) fn script_line(&self, window: WindowId, element: NodeId) -> u32 {
        let end = self
            .with_document(window, |state| match &state.source {
                Source::Html(parser) => parser.parser.line(),
                Source::XmlParser(parser) => parser.line().into(),
                _ => 1,
            })
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
    XmlError(XmlError),
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
