//! The HTML parser: text in pieces to a document, with a pause at each `</script>`.
//!
//! Between two calls the parser borrows nothing, so that script may change the tree. What `document.write()` writes goes
//! in at the insertion point: before the rest of the input, and before the rest of what outer scripts have written.
//!
//! Standard: <https://html.spec.whatwg.org/#parsing>, text of November 2026.

use std::borrow::Cow;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use html5ever::interface::QuirksMode;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts, states};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts};
use html5ever::{TokenizerResult, local_name};

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;
use crate::node::document::DocumentMode;
use crate::parsing::attribute_cap::AttributeCap;
use crate::parsing::depth_cap::{DepthCap, HandleCollector};
use crate::parsing::tree_sink::{Sink, SinkTarget};

/// Something in the input that the standard calls a parse error. The parser goes on after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The line it was found in, from 1.
    pub line: u64,
    /// What is wrong, in the parser's words.
    pub message: Cow<'static, str>,
}

/// How a document is parsed.
#[derive(Debug, Clone, Default)]
pub struct HtmlParserOptions {
    /// Whether script runs in the document: decides what `noscript` holds, and whether the parser pauses at scripts.
    /// Defaults to false.
    pub scripting: bool,
    /// Whether the text is a frame's `srcdoc`, which is in no-quirks mode without a doctype. Defaults to false.
    pub iframe_srcdoc: bool,
    /// Whether [`HtmlParser::take_errors`] is to give anything. Defaults to false.
    pub keep_errors: bool,
    /// What becomes of a `<template shadowrootmode>`. Defaults to a template like others.
    pub declarative_shadow_roots: DeclarativeShadowRoots,
}

/// What becomes of `<template shadowrootmode>`.
///
/// Standard: <https://html.spec.whatwg.org/#parsing-main-inhead>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub enum DeclarativeShadowRoots {
    /// It is a template.
    #[default]
    Ignore,
    /// It is a shadow root of the element it stands in. For pages, and for markup that the caller trusts.
    Attach,
}

/// Where the parser stopped.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum Step {
    /// It has used up the input, or (after [`HtmlParser::write`]) has come to the insertion point.
    NeedsInput,
    /// It has come to the end tag of this script element. Prepare and run it, then call [`HtmlParser::resume`]; or, if
    /// it must wait while an outer script goes on, [`HtmlParser::block`].
    Script(NodeId),
    /// Custom elements have to be seen to: construct what [`Tree::take_element_construction`] gives, or else call back
    /// for [`Tree::take_custom_element_reactions`]; then call [`HtmlParser::resume`].
    CustomElements,
    /// The document is complete.
    Done,
}

/// An HTML parser at work on a document. See the module's page.
pub struct HtmlParser {
    tokenizer: Tokenizer<DepthCap>,
    attribute_cap: AttributeCap,
    /// Whether a byte order mark at the start of the input is still to be dropped.
    drops_mark: bool,
    /// What came from outside and was not read yet.
    input: BufferQueue,
    /// What scripts have written and was not read yet; the last is read first.
    written: Vec<BufferQueue>,
    /// For each script that is running, innermost last, how many of `written` lie behind its insertion point.
    insertion_points: Vec<usize>,
    /// A script that an outer script has written waits for its source.
    is_blocked: bool,
    has_ended: bool,
    is_done: bool,
    scripting: bool,
    encoding_label: Option<String>,
    held: Vec<NodeHandle>,
}

impl std::fmt::Debug for HtmlParser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HtmlParser")
            .field("insertion_points", &self.insertion_points)
            .field("is_blocked", &self.is_blocked)
            .field("is_done", &self.is_done)
            .finish_non_exhaustive()
    }
}

impl HtmlParser {
    /// A parser that fills `document`, an empty HTML document.
    pub fn new(tree: &mut Tree, document: NodeId, options: HtmlParserOptions) -> Self {
        tree.set_scripting(document, options.scripting);
        let sink = Sink::new(
            document,
            document,
            SinkTarget::Document,
            options.keep_errors,
            options.declarative_shadow_roots,
        );
        let builder = TreeBuilder::new(
            sink,
            TreeBuilderOpts {
                scripting_enabled: options.scripting,
                iframe_srcdoc: options.iframe_srcdoc,
                ..TreeBuilderOpts::default()
            },
        );
        let cap = DepthCap::new(builder, tree.limits().max_depth);
        Self::with_tokenizer(
            Tokenizer::new(cap, tokenizer_options(None)),
            true,
            options.scripting,
            true,
        )
    }

    /// A parser that fills `fragment` with the children of a root, for markup that stands in `context`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#html-fragment-parsing-algorithm>
    pub(crate) fn for_fragment(
        tree: &mut Tree,
        context: NodeId,
        fragment: NodeId,
        form: Option<NodeId>,
        declarative_shadow_roots: DeclarativeShadowRoots,
    ) -> Self {
        let document = tree.node_document(context).unwrap_or(context);
        // Contents of templates are of a document without script.
        let scripting = tree.is_scripting(document)
            && !tree.is_html_element_named(context, &local_name!("template"));
        let mode = tree.mode(document).unwrap_or_default();
        let sink = Sink::new(
            fragment,
            document,
            SinkTarget::Fragment,
            false,
            declarative_shadow_roots,
        );
        let max_depth = tree.limits().max_depth;
        // NOTE: the builder makes the root at once, so it needs the tree before there is a parser to lend it to.
        std::mem::swap(tree, &mut *sink.tree.borrow_mut());
        let builder = TreeBuilder::new_for_fragment(
            sink,
            context,
            form,
            TreeBuilderOpts {
                scripting_enabled: scripting,
                quirks_mode: match mode {
                    DocumentMode::Quirks => QuirksMode::Quirks,
                    DocumentMode::LimitedQuirks => QuirksMode::LimitedQuirks,
                    DocumentMode::NoQuirks => QuirksMode::NoQuirks,
                },
                ..TreeBuilderOpts::default()
            },
        );
        let initial_state = builder.tokenizer_state_for_context_elem(scripting);
        std::mem::swap(tree, &mut *builder.sink.tree.borrow_mut());
        let options = tokenizer_options(Some(initial_state));
        let cap = DepthCap::new(builder, max_depth);
        cap.is_in_select
            .set(tree.is_html_element_named(context, &local_name!("select")));
        let is_in_data_state = matches!(initial_state, states::Data);
        Self::with_tokenizer(Tokenizer::new(cap, options), is_in_data_state, false, false)
    }

    fn with_tokenizer(
        tokenizer: Tokenizer<DepthCap>,
        is_in_data_state: bool,
        scripting: bool,
        drops_mark: bool,
    ) -> Self {
        Self {
            tokenizer,
            attribute_cap: AttributeCap::new(is_in_data_state),
            drops_mark,
            input: BufferQueue::default(),
            written: Vec::new(),
            insertion_points: Vec::new(),
            is_blocked: false,
            has_ended: false,
            is_done: false,
            scripting,
            encoding_label: None,
            held: Vec::new(),
        }
    }

    /// Adds a piece of the input. While a script is pending, it is only kept.
    pub fn feed(&mut self, tree: &mut Tree, text: &str) -> Step {
        let mut text = text;
        if self.drops_mark && !text.is_empty() {
            self.drops_mark = false;
            text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        }
        for piece in pieces(text) {
            self.input.push_back(piece);
        }
        self.advance(tree)
    }

    /// The input is complete. Gives [`Step::Done`] once nothing is pending any more.
    pub fn end(&mut self, tree: &mut Tree) -> Step {
        self.has_ended = true;
        self.advance(tree)
    }

    /// The script of the last [`Step::Script`] has run, or the custom elements were seen to. Goes on where the parser had paused: to the insertion point of
    /// the script that wrote it, or through the input.
    pub fn resume(&mut self, tree: &mut Tree) -> Step {
        self.insertion_points.pop();
        self.advance(tree)
    }

    /// Writes at the insertion point, as `document.write()` does, and parses up to there.
    ///
    /// Gives [`Step::Script`] if the text closes a script, which may write in turn. While the parser is blocked, the
    /// text is only kept. The caller sees to it that a script of this parser is running; else the text goes before the
    /// rest of the input.
    ///
    /// Standard: <https://html.spec.whatwg.org/#document-write-steps>
    pub fn write(&mut self, tree: &mut Tree, text: &str) -> Step {
        let place = self.insertion_points.last().copied().unwrap_or(0);
        let queue = BufferQueue::default();
        for piece in pieces(text) {
            queue.push_back(piece);
        }
        self.written.insert(place.min(self.written.len()), queue);
        if self.is_blocked || self.is_done || self.tokenizer.sink.holds_tag() {
            return Step::NeedsInput;
        }
        self.run(tree, place)
    }

    /// The script of the last [`Step::Script`], which an outer script wrote, waits for its source: the outer script goes
    /// on, and nothing is parsed until [`Self::unblock`].
    pub fn block(&mut self) {
        self.insertion_points.pop();
        self.is_blocked = true;
    }

    /// The script that blocked the parser is about to run. Its insertion point is where the parser stopped; call
    /// [`Self::resume`] after it.
    pub fn unblock(&mut self) {
        self.is_blocked = false;
        self.insertion_points.push(self.written.len());
    }

    /// Whether a script is pending: it runs, or waits to.
    pub fn is_paused(&self) -> bool {
        self.is_blocked || !self.insertion_points.is_empty()
    }

    /// How many scripts of this parser run inside one another: the script nesting level.
    pub fn script_nesting_level(&self) -> usize {
        self.insertion_points.len()
    }

    /// The line that the parser stands in, from 1; lines written by scripts count as well.
    pub fn line(&self) -> u64 {
        self.tokenizer.sink.sink().line.get()
    }

    /// Whether the document is complete, or the parser was aborted.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// Stops for good: what was not parsed is dropped, and the tree forgets that the parser held nodes of it.
    ///
    /// Standard: <https://html.spec.whatwg.org/#abort-a-parser>
    pub fn abort(&mut self, tree: &mut Tree) {
        self.is_done = true;
        self.written.clear();
        self.input = BufferQueue::default();
        self.insertion_points.clear();
        self.tokenizer.sink.drop_held();
        self.is_blocked = false;
        self.let_go(tree);
    }

    /// The label of the last `<meta>` that names an encoding, once.
    pub fn take_encoding_label(&mut self) -> Option<String> {
        self.encoding_label.take()
    }

    /// The parse errors since the last call, at most 10,000, if the options ask for them.
    pub fn take_errors(&mut self) -> Vec<ParseError> {
        std::mem::take(&mut *self.tokenizer.sink.sink().errors.borrow_mut())
    }

    /// Whether the tree became full, so that the rest of the input was dropped.
    pub fn is_full(&self) -> bool {
        self.tokenizer.sink.sink().is_full.get()
    }

    /// Goes on as far as the innermost running script allows.
    fn advance(&mut self, tree: &mut Tree) -> Step {
        if self.is_done {
            return Step::Done;
        }
        if self.is_blocked {
            return Step::NeedsInput;
        }
        match self.insertion_points.last() {
            Some(&place) if self.written.len() > place => self.run(tree, place),
            Some(_) => Step::NeedsInput,
            None => self.run(tree, 0),
        }
    }

    fn run(&mut self, tree: &mut Tree, place: usize) -> Step {
        self.let_go(tree);
        let step = self.lend(tree, |parser| parser.tokenize(place));
        if step == Step::Done {
            self.is_done = true;
            self.let_go(tree);
        } else {
            self.hold(tree);
        }
        step
    }

    /// Gives the tree to the sink for the time of `work`. A panic of html5ever ends the document, not the process.
    fn lend(&mut self, tree: &mut Tree, work: impl FnOnce(&mut Self) -> Step) -> Step {
        std::mem::swap(tree, &mut *self.tokenizer.sink.sink().tree.borrow_mut());
        let outcome = catch_unwind(AssertUnwindSafe(|| work(self)));
        std::mem::swap(tree, &mut *self.tokenizer.sink.sink().tree.borrow_mut());
        outcome.unwrap_or(Step::Done)
    }

    fn pauses_for_custom_elements(&self) -> bool {
        self.tokenizer.sink.holds_tag() || self.tokenizer.sink.has_reactions()
    }

    fn tokenize(&mut self, place: usize) -> Step {
        if self.tokenizer.sink.holds_tag() {
            self.tokenizer.sink.release();
            if self.tokenizer.sink.has_reactions() {
                self.insertion_points.push(self.written.len());
                return Step::CustomElements;
            }
        }
        loop {
            let is_inner = !self.insertion_points.is_empty();
            let queue = match self.written.last() {
                Some(queue) if self.written.len() > place => queue,
                _ if is_inner => return Step::NeedsInput,
                _ => &self.input,
            };
            match self.attribute_cap.feed(&self.tokenizer, queue) {
                TokenizerResult::Done => {
                    if self.written.len() > place {
                        self.written.pop();
                    } else if self.has_ended {
                        self.tokenizer.end();
                        return Step::Done;
                    } else {
                        return Step::NeedsInput;
                    }
                }
                TokenizerResult::Script(_) if self.pauses_for_custom_elements() => {
                    self.insertion_points.push(self.written.len());
                    return Step::CustomElements;
                }
                TokenizerResult::Script(script) => {
                    if self.scripting {
                        self.insertion_points.push(self.written.len());
                        return Step::Script(script);
                    }
                }
                TokenizerResult::EncodingIndicator(label) => {
                    self.encoding_label = Some(label.to_string());
                }
            }
        }
    }

    /// Keeps the nodes that the tree builder knows from being freed while script runs.
    fn hold(&mut self, tree: &mut Tree) {
        for node in HandleCollector::collect(&self.tokenizer.sink.builder) {
            if let Some(handle) = tree.handle(node) {
                tree.set_flag(node, NodeFlags::HELD_BY_PARSER, true);
                self.held.push(handle);
            }
        }
    }

    fn let_go(&mut self, tree: &mut Tree) {
        if self.is_done {
            self.tokenizer.sink.sink().release_templates(tree);
        }
        for handle in self.held.drain(..) {
            if let Some(node) = tree.resolve(handle) {
                tree.set_flag(node, NodeFlags::HELD_BY_PARSER, false);
            }
        }
    }
}

fn tokenizer_options(initial_state: Option<states::State>) -> TokenizerOpts {
    TokenizerOpts {
        initial_state,
        // NOTE: html5ever would drop one at the start of each piece.
        discard_bom: false,
        ..TokenizerOpts::default()
    }
}

/// The text in pieces that html5ever can hold.
fn pieces(text: &str) -> impl Iterator<Item = StrTendril> + '_ {
    const LARGEST: usize = 1 << 28;
    let rest = Cell::new(text);
    std::iter::from_fn(move || {
        let text = rest.get();
        let mut end = text.len().min(LARGEST);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = text.split_at(end);
        rest.set(after);
        (!piece.is_empty()).then(|| StrTendril::from_slice(piece))
    })
}

/// Parses a whole document without running scripts. `document` is an empty HTML document.
pub fn parse_document(tree: &mut Tree, document: NodeId, text: &str) -> Vec<ParseError> {
    let options = HtmlParserOptions {
        keep_errors: true,
        ..HtmlParserOptions::default()
    };
    let mut parser = HtmlParser::new(tree, document, options);
    parser.feed(tree, text);
    parser.end(tree);
    parser.take_errors()
}
