//! Documents for tests to work on.

use readystate_dom::parsing::html::parse_document;
use readystate_dom::serializing::html::{inner_html, outer_html};
use readystate_dom::{DocumentInit, LocalName, NodeId, Tree, ns};

/// A tree with one document, and short words for what tests say often.
pub(crate) struct Page {
    pub(crate) tree: Tree,
    pub(crate) document: NodeId,
}

impl Page {
    pub(crate) fn new(markup: &str) -> Self {
        let mut tree = Tree::default();
        let document = tree
            .create_document(DocumentInit::html("https://example.org/"))
            .unwrap();
        parse_document(&mut tree, document, markup);
        Self { tree, document }
    }

    pub(crate) fn body(&self) -> NodeId {
        self.tree.body(self.document).unwrap()
    }

    pub(crate) fn id(&self, id: &str) -> NodeId {
        self.tree.get_element_by_id(self.document, id).unwrap()
    }

    pub(crate) fn element(&mut self, name: &str) -> NodeId {
        self.tree
            .create_element(self.document, LocalName::from(name), ns!(html), None)
            .unwrap()
    }

    pub(crate) fn text(&mut self, text: &str) -> NodeId {
        self.tree.create_text(self.document, text).unwrap()
    }

    pub(crate) fn inner(&self, node: NodeId) -> String {
        inner_html(&self.tree, node)
    }

    pub(crate) fn outer(&self, node: NodeId) -> String {
        outer_html(&self.tree, node)
    }

    pub(crate) fn body_html(&self) -> String {
        self.inner(self.body())
    }
}
