//! html5ever with a sink that keeps names and nothing else: what parsing costs without a tree.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, parse_document};

/// Parses `text` and gives the number of elements.
pub(crate) fn parse(text: &str) -> usize {
    parse_document(NullSink::default(), ParseOpts::default()).one(text)
}

#[derive(Default)]
struct NullSink {
    names: RefCell<Vec<QualName>>,
}

#[derive(Debug)]
struct Name<'a>(Ref<'a, QualName>);

impl ElemName for Name<'_> {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

/// What is no element.
const NOTHING: usize = usize::MAX;

impl TreeSink for NullSink {
    type Handle = usize;
    type Output = usize;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> usize {
        self.names.borrow().len()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> usize {
        NOTHING
    }

    fn elem_name<'a>(&'a self, target: &'a usize) -> Name<'a> {
        Name(Ref::map(self.names.borrow(), |names| &names[*target]))
    }

    fn create_element(&self, name: QualName, _: Vec<Attribute>, _: ElementFlags) -> usize {
        let mut names = self.names.borrow_mut();
        names.push(name);
        names.len() - 1
    }

    fn create_comment(&self, _text: StrTendril) -> usize {
        NOTHING
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> usize {
        NOTHING
    }

    fn append(&self, _parent: &usize, _child: NodeOrText<usize>) {}

    fn append_before_sibling(&self, _sibling: &usize, _node: NodeOrText<usize>) {}

    fn append_based_on_parent_node(&self, _: &usize, _: &usize, _: NodeOrText<usize>) {}

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &usize) -> usize {
        *target
    }

    fn same_node(&self, x: &usize, y: &usize) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn add_attrs_if_missing(&self, _target: &usize, _attributes: Vec<Attribute>) {}

    fn remove_from_parent(&self, _target: &usize) {}

    fn reparent_children(&self, _node: &usize, _new_parent: &usize) {}
}
