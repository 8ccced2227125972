//! A cap on the depth of open elements, between tokenizer and tree builder.
//!
//! html5ever takes time quadratic in the depth, and the sink cannot keep its stack of open elements short. So a start
//! tag that would go too deep is preceded by an end tag for the current node, and becomes its sibling. Blink caps at
//! the same depth, with the same result for plain nesting.

use std::cell::{Cell, RefCell};

use html5ever::interface::{Tracer, TreeSink};
use html5ever::tokenizer::{EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{LocalName, local_name, ns};

use crate::arena::NodeId;
use crate::names;
use crate::parsing::attribute_cap::MAX_ATTRIBUTES;
use crate::parsing::plain_tokens::changes_state;
use crate::parsing::tree_sink::Sink;

pub(crate) struct DepthCap {
    pub(crate) builder: TreeBuilder<NodeId, Sink>,
    max_depth: u32,
    /// How many elements the sink may have made before the stack of open elements can have reached the cap.
    next_look: Cell<u32>,
    /// A start tag, and its line, that waits until its element is constructed.
    held: RefCell<Option<(Tag, u64)>>,
    /// How many tokens have come, parse errors not counted.
    tokens: Cell<u64>,
    /// The last token of the tokenizer was a tag behind which it is in the data state.
    has_ended_tag: Cell<bool>,
    /// The line of the tokenizer's last token, from 1.
    tokenizer_line: Cell<u64>,
    /// How many line ends the tokenizer has not seen.
    plain_lines: Cell<u64>,
    /// The parser is for a fragment in a `select`, where `input` is ignored.
    pub(crate) is_in_select: Cell<bool>,
}

/// The handles that the tree builder holds: the document, the open elements from the root down, then others.
pub(crate) struct HandleCollector(RefCell<Vec<NodeId>>);

impl HandleCollector {
    pub(crate) fn collect(builder: &TreeBuilder<NodeId, Sink>) -> Vec<NodeId> {
        let collector = Self(RefCell::default());
        builder.trace_handles(&collector);
        collector.0.into_inner()
    }
}

impl Tracer for HandleCollector {
    type Handle = NodeId;

    fn trace_handle(&self, node: &NodeId) {
        self.0.borrow_mut().push(*node);
    }
}

impl DepthCap {
    pub(crate) fn new(builder: TreeBuilder<NodeId, Sink>, max_depth: u32) -> Self {
        let max_depth = max_depth.max(16);
        Self {
            builder,
            max_depth,
            next_look: Cell::new(max_depth / 2),
            held: RefCell::default(),
            tokens: Cell::new(0),
            has_ended_tag: Cell::new(false),
            tokenizer_line: Cell::new(1),
            plain_lines: Cell::new(0),
            is_in_select: Cell::new(false),
        }
    }

    pub(crate) fn sink(&self) -> &Sink {
        &self.builder.sink
    }

    /// How many tokens have come so far, parse errors not counted.
    pub(crate) fn tokens(&self) -> u64 {
        self.tokens.get()
    }

    /// Whether the tokenizer's last token was a tag behind which it is in the data state.
    pub(crate) fn has_ended_tag(&self) -> bool {
        self.has_ended_tag.get()
    }

    /// Processes a token that the tokenizer has not seen, with this many line ends, while the tokenizer is in the data state
    /// and stays there.
    #[inline]
    pub(crate) fn process_plain_token(&self, token: Token, lines: u64) -> TokenSinkResult<NodeId> {
        self.plain_lines.set(self.plain_lines.get() + lines);
        self.process(token, self.tokenizer_line.get() + self.plain_lines.get())
    }

    /// Whether the builder is to see no `input`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#parsing-main-inbody>, a start tag whose tag name is "input"
    fn ignores(&self, tag: &Tag) -> bool {
        // NOTE: html5ever leaves this step out. Hidden ones in tables follow another rule.
        let is_hidden = |tag: &Tag| {
            tag.attrs.iter().any(|attribute| {
                attribute.name.local == local_name!("type")
                    && attribute.value.eq_ignore_ascii_case("hidden")
            })
        };
        self.is_in_select.get()
            && tag.name == local_name!("input")
            && !self.adjusted_current_node_present_but_not_in_html_namespace()
            && !(is_hidden(tag)
                && matches!(
                    self.current_node_name(&HandleCollector::collect(&self.builder)),
                    local_name!("table")
                        | local_name!("tbody")
                        | local_name!("tfoot")
                        | local_name!("thead")
                        | local_name!("tr")
                ))
    }

    /// Whether a start tag waits for its element: see [`Self::release`].
    pub(crate) fn holds_tag(&self) -> bool {
        self.held.borrow().is_some()
    }

    /// Lets go of a start tag that waits, without its element.
    pub(crate) fn drop_held(&self) {
        self.held.take();
    }

    /// Processes the start tag that waited, with the element that was constructed for it.
    pub(crate) fn release(&self) {
        let Some((tag, line)) = self.held.take() else {
            return;
        };
        let made = self.sink().tree.borrow_mut().take_constructed_element();
        self.sink().provided.set(made);
        if self.make_room(&tag, line) {
            // NOTE: nothing but tags whose contents are read as markup is held, so the tokenizer's state stays.
            let _ = self.builder.process_token(TagToken(tag), line);
        }
        self.sink().provided.set(None);
        self.sink()
            .tree
            .borrow_mut()
            .update_form_associated_elements();
    }

    /// Whether custom elements are to be told of something before the next token.
    pub(crate) fn has_reactions(&self) -> bool {
        self.sink().runs_custom_elements()
            && self.sink().tree.borrow().has_custom_element_reactions()
    }

    /// Holds a start tag back if its element is to be constructed first.
    ///
    /// Standard: <https://html.spec.whatwg.org/#create-an-element-for-the-token>
    fn hold(&self, tag: &Tag, line: u64) -> bool {
        if !self.sink().runs_custom_elements() {
            return false;
        }
        let is = self.sink().is_attribute(&tag.attrs);
        if is.is_none() && !tag.name.contains('-') {
            return false;
        }
        let Some(construction) = self.sink().construction_for(tag, is) else {
            return false;
        };
        // NOTE: the contents of these are text, which the tokenizer learns from what becomes of the tag at once. Their
        // elements are upgraded afterwards.
        let is_text = changes_state(&tag.name);
        // Elements in templates are inert, and some contexts leave unknown elements out.
        let tree = self.sink().tree.borrow();
        let is_inert = HandleCollector::collect(&self.builder).iter().any(|&node| {
            tree.is_html_element_named(node, &local_name!("template"))
                || tree.is_html_element_named(node, &local_name!("select"))
                || tree.is_html_element_named(node, &local_name!("frameset"))
                || tree
                    .node(node)
                    .as_element()
                    .is_some_and(|element| element.namespace != ns!(html))
        });
        drop(tree);
        if is_text || is_inert {
            return false;
        }
        self.sink().tree.borrow_mut().want_element(construction);
        *self.held.borrow_mut() = Some((tag.clone(), line));
        true
    }

    /// Makes room for an element before its start tag is seen. Tells whether there is any.
    fn make_room(&self, tag: &Tag, line: u64) -> bool {
        let created = self.sink().created.get();
        if created < self.next_look.get() {
            return true;
        }
        // NOTE: html5ever does not tell when it pops an element, so count what may be open.
        let handles = HandleCollector::collect(&self.builder);
        let limit = self.max_depth as usize;
        if let Some(room) = limit.checked_sub(handles.len()).filter(|&room| room > 0) {
            let room = u32::try_from(room).unwrap_or(u32::MAX);
            self.next_look.set(created.saturating_add(room));
            return true;
        }
        if names::is_void(&tag.name)
            || matches!(
                tag.name,
                local_name!("html") | local_name!("head") | local_name!("body")
            )
        {
            return true;
        }
        let name = self.current_node_name(&handles);
        let end = Tag {
            kind: EndTag,
            name,
            self_closing: false,
            attrs: Vec::new(),
            had_duplicate_attributes: false,
        };
        // NOTE: the end tag of a script makes the builder pause, but in a script there is no start tag.
        let _ = self.builder.process_token(TagToken(end), line);
        self.sink()
            .parse_error("Elements are nested too deeply".into());
        // A start tag that still has no room is left out: depth is a hard limit.
        handles.len() < limit + 8 || HandleCollector::collect(&self.builder).len() < handles.len()
    }

    /// The name of the deepest open element.
    fn current_node_name(&self, handles: &[NodeId]) -> LocalName {
        let current = self.current_node(handles);
        let tree = self.sink().tree.borrow();
        current
            .map(|node| tree.local_name(node).clone())
            .unwrap_or(local_name!(""))
    }

    /// The script in SVG that the next token ends; a tag that is empty is inserted first.
    ///
    /// Standard: <https://html.spec.whatwg.org/#parsing-main-inforeign>, an end tag whose tag name is "script"
    fn svg_script(&self, tag: &Tag) -> SvgScript {
        // NOTE: html5ever leaves these steps out.
        if tag.name != local_name!("script")
            || !(tag.kind == EndTag || tag.self_closing)
            || !self.adjusted_current_node_present_but_not_in_html_namespace()
        {
            return SvgScript::None;
        }
        let Some(current) = self.current_node(&HandleCollector::collect(&self.builder)) else {
            return SvgScript::None;
        };
        let tree = self.sink().tree.borrow();
        if *tree.namespace(current) != ns!(svg) {
            SvgScript::None
        } else if tag.kind == StartTag {
            SvgScript::LastChildOf(current)
        } else if *tree.local_name(current) == local_name!("script") {
            SvgScript::Element(current)
        } else {
            SvgScript::None
        }
    }

    /// The deepest open element, as far as that can be told from the tree: the builder does not say where its open elements
    /// end.
    fn current_node(&self, handles: &[NodeId]) -> Option<NodeId> {
        let tree = self.sink().tree.borrow();
        let mut current = handles.first().copied();
        for &node in handles.iter().skip(1) {
            let above = match tree.parent(node) {
                Some(parent) if tree.is_shadow_root(parent) => {
                    current.filter(|&template| tree.template_contents(template) == Some(parent))
                }
                Some(parent) => tree.host(parent).or(Some(parent)),
                // The template of a declarative shadow root is in no tree.
                None => tree
                    .template_contents(node)
                    .and_then(|contents| tree.shadow_host(contents)),
            };
            if above != current {
                break;
            }
            current = Some(node);
        }
        current
    }

    /// Processes any token but a parse error.
    fn process(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        let mut token = token;
        if self.sink().is_full.get() {
            return TokenSinkResult::Continue;
        }
        let TagToken(tag) = &mut token else {
            return self.builder.process_token(token, line_number);
        };
        if tag.kind == StartTag {
            tag.attrs.truncate(MAX_ATTRIBUTES);
            if self.ignores(tag) {
                self.sink().parse_error("An input in a select".into());
                return TokenSinkResult::Continue;
            }
            if self.hold(tag, line_number) {
                // NOTE: the parser asks whether a tag is held.
                return TokenSinkResult::Script(self.sink().get_document());
            }
            if !self.make_room(tag, line_number) {
                return TokenSinkResult::Continue;
            }
        }
        let script = self.svg_script(tag);
        let result = self.builder.process_token(token, line_number);
        let script = match script {
            SvgScript::None => None,
            SvgScript::Element(element) => Some(element),
            SvgScript::LastChildOf(parent) => {
                let tree = self.sink().tree.borrow();
                let last = tree.last_child(parent);
                last.filter(|&last| *tree.local_name(last) == local_name!("script"))
            }
        };
        if let (TokenSinkResult::Continue, Some(script)) = (&result, script) {
            return TokenSinkResult::Script(script);
        }
        match result {
            TokenSinkResult::Continue if self.has_reactions() => {
                TokenSinkResult::Script(self.sink().get_document())
            }
            result => result,
        }
    }
}

/// Whether a token ends a script in SVG.
#[derive(Clone, Copy)]
enum SvgScript {
    None,
    /// This one.
    Element(NodeId),
    /// The one that the token inserts here.
    LastChildOf(NodeId),
}

impl TokenSink for DepthCap {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        self.tokenizer_line.set(line_number);
        let line = line_number + self.plain_lines.get();
        if matches!(token, Token::ParseError(_)) {
            if self.sink().keeps_errors() {
                return self.builder.process_token(token, line);
            }
            return TokenSinkResult::Continue;
        }
        self.tokens.set(self.tokens.get().wrapping_add(1));
        let is_tag = matches!(token, TagToken(_));
        let result = self.process(token, line);
        let stays = !matches!(
            result,
            TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext
        );
        self.has_ended_tag.set(is_tag && stays);
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
