//! A cap on the depth of open elements, between tokenizer and tree builder.
//!
//! html5ever takes time quadratic in the depth, and the sink cannot keep its stack of open elements short. So a start
//! tag that would go too deep is preceded by an end tag for the current node, and becomes its sibling. Blink caps at
//! the same depth, with the same result for plain nesting.

use std::cell::Cell;

use html5ever::interface::{Tracer, TreeSink};
use html5ever::local_name;
use html5ever::tokenizer::{EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;

use crate::arena::NodeId;
use crate::names;
use crate::parsing::tree_sink::Sink;

pub(crate) struct DepthCap {
    pub(crate) builder: TreeBuilder<NodeId, Sink>,
    max_depth: u32,
    /// What to add to created minus popped elements for a number that is never below the true depth.
    base: Cell<i64>,
}

/// Counts the handles that the tree builder holds.
struct HandleCounter(Cell<u32>);

impl Tracer for HandleCounter {
    type Handle = NodeId;

    fn trace_handle(&self, _node: &NodeId) {
        self.0.set(self.0.get() + 1);
    }
}

impl DepthCap {
    pub(crate) fn new(builder: TreeBuilder<NodeId, Sink>, max_depth: u32) -> Self {
        Self {
            builder,
            max_depth: max_depth.max(16),
            base: Cell::new(1),
        }
    }

    pub(crate) fn sink(&self) -> &Sink {
        &self.builder.sink
    }

    fn change(&self) -> i64 {
        let sink = self.sink();
        i64::from(sink.created.get()) - i64::from(sink.popped.get())
    }

    /// Makes room for an element before its start tag is seen. Tells whether there is any.
    fn make_room(&self, tag: &Tag, line: u64) -> bool {
        let limit = i64::from(self.max_depth);
        if self.base.get() + self.change() < limit {
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
        // NOTE: elements that never were on the stack count as open; so count those that may be.
        let counter = HandleCounter(Cell::new(0));
        self.builder.trace_handles(&counter);
        let depth = i64::from(counter.0.get());
        self.base.set(depth - self.change());
        if depth < limit {
            return true;
        }
        let Some(current) = self.sink().current.get() else {
            return false;
        };
        let name = self.sink().tree.borrow().local_name(current).clone();
        let before = self.sink().popped.get();
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
        // A start tag that cannot have room is left out: depth is a hard limit.
        before != self.sink().popped.get() || depth < limit + 8
    }
}

impl TokenSink for DepthCap {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line_number: u64) -> TokenSinkResult<NodeId> {
        if self.sink().is_full.get() {
            return TokenSinkResult::Continue;
        }
        if let TagToken(tag) = &token
            && tag.kind == StartTag
            && !self.make_room(tag, line_number)
        {
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line_number)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder
            .adjusted_current_node_present_but_not_in_html_namespace()
    }
}
