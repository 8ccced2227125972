//! Adopting: from one document into another.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-adopt>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::{NodeFlags, NodeKind};

impl Tree {
    /// `document.adoptNode(node)`: takes a node from its parent and makes `document` its node document.
    ///
    /// # Errors
    /// [`DomError::NotSupported`] for a document; [`DomError::HierarchyRequest`] for a shadow root;
    /// [`DomError::NotFound`] if either is gone.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-document-adoptnode>
    pub fn adopt(&mut self, node: NodeId, document: NodeId) -> Result<NodeId, DomError> {
        if !self.exists(node) || self.kind(document) != Some(NodeKind::Document) {
            return Err(DomError::NotFound("the node or the document is gone"));
        }
        // 1. Documents stay.
        if self.kind(node) == Some(NodeKind::Document) {
            return Err(DomError::NotSupported("a document cannot be adopted"));
        }
        // 2. Shadow roots stay with their hosts.
        if self.is_shadow_root(node) {
            return Err(DomError::HierarchyRequest(
                "a shadow root cannot be adopted without its host",
            ));
        }
        // 3. A template's contents stay with their template.
        if self.host(node).is_some() {
            return Ok(node);
        }
        // 4, 5. Adopt.
        self.adopt_node(node, document);
        Ok(node)
    }

    /// The adopt algorithm.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-adopt>
    #[inline]
    pub(crate) fn adopt_node(&mut self, node: NodeId, document: NodeId) {
        // 2. Out of the old place.
        if self.parent(node).is_some() {
            self.remove_node(node, Observers::Notify);
        }
        // 3. Nothing to do within one document.
        if self.node_document(node) != Some(document) {
            self.change_document(node, document);
        }
    }

    fn change_document(&mut self, root: NodeId, document: NodeId) {
        self.strengthen(root);
        self.strengthen(document);
        let mut work = vec![(root, document)];
        while let Some((root, document)) = work.pop() {
            let mut next = Some(root);
            while let Some(node) = next {
                // 3.1. The node, its attributes and (HTML's adopting steps) its template contents.
                let old = self.links_mut(node).set_document(Some(document));
                if let Some(old) = old
                    && self.has_flag(node, NodeFlags::CUSTOM)
                {
                    // 3.2. Custom elements hear of it.
                    self.custom_element_adopted(node, old, document);
                }
                let attrs: Vec<_> = self
                    .attributes(node)
                    .iter()
                    .filter_map(|attribute| attribute.node)
                    .collect();
                for attr in attrs {
                    self.links_mut(attr).set_document(Some(document));
                }
                if let Some(contents) = self.template_contents(node)
                    && let Ok(owner) = self.template_contents_owner(document)
                {
                    work.push((contents, owner));
                }
                next = self.following_shadow_including(root, node);
            }
        }
    }
}
