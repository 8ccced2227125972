//! Inserting: pre-insert, append, insert, and the moving kind that keeps state.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-insert>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::effect::Effect;
use crate::node::{NodeFlags, NodeKind};

/// Whether an insertion or removal queues its own mutation record.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Observers {
    Notify,
    Suppress,
}

impl Tree {
    /// Inserts `node` into `parent` before `child`, or at the end; a fragment's children go in its stead.
    ///
    /// `node` may be anywhere, in any document. Returns `node`.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the node tree constraints forbid it; [`DomError::NotFound`] if `child` is not
    /// a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-pre-insert>
    #[inline]
    pub fn pre_insert(
        &mut self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Result<NodeId, DomError> {
        if self.is_plain_insertion(node, parent, child) {
            self.insert_ranges(parent, child, 1);
            self.insert_new_leaf(node, parent, child);
            return Ok(node);
        }
        // 1. May it go there?
        self.ensure_pre_insert_validity(node, parent, child, &[])?;
        // 2, 3. Before itself means before its next sibling.
        let reference = if child == Some(node) {
            self.next_sibling(node)
        } else {
            child
        };
        // 4, 5. Insert.
        self.insert(node, parent, reference, Observers::Notify);
        Ok(node)
    }

    /// `Node.insertBefore`: the same as [`Self::pre_insert`].
    ///
    /// # Errors
    /// As [`Self::pre_insert`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-insertbefore>
    #[inline]
    pub fn insert_before(
        &mut self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Result<NodeId, DomError> {
        self.pre_insert(node, parent, child)
    }

    /// Inserts `node` at the end of `parent`. Costs the same however many children there are.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the node tree constraints forbid it.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-append>
    #[inline]
    pub fn append(&mut self, node: NodeId, parent: NodeId) -> Result<NodeId, DomError> {
        self.pre_insert(node, parent, None)
    }

    /// The insert algorithm; validity was checked.
    pub(crate) fn insert(
        &mut self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
        observers: Observers,
    ) {
        if self.kind(node) == Some(NodeKind::DocumentFragment) {
            // 1–3. A fragment stands for its children.
            let nodes: Vec<_> = self.children(node).collect();
            if nodes.is_empty() {
                return;
            }
            // 4. They leave the fragment, which is told even if the parent is not.
            for &child in &nodes {
                self.remove_node(child, Observers::Suppress);
            }
            self.queue_tree_mutation_record(node, &[], &nodes, None, None);
            self.insert_nodes(&nodes, parent, child, observers);
        } else {
            self.insert_nodes(&[node], parent, child, observers);
        }
    }

    /// [`Self::insert`] at the end, for a node that was just made: neither a fragment nor one with a place or children.
    ///
    /// OPTIMIZATION: what parsers do for nearly every node. Ranges do not move for what is behind them.
    #[inline]
    pub(crate) fn append_new_leaf(&mut self, node: NodeId, parent: NodeId) {
        if self.is_observed()
            || self.has_shadow_trees()
            || self.node_document(node) != self.node_document(parent)
        {
            self.insert_nodes(&[node], parent, None, Observers::Notify);
            return;
        }
        self.insert_new_leaf(node, parent, None);
    }

    fn insert_new_leaf(&mut self, node: NodeId, parent: NodeId, child: Option<NodeId>) {
        self.link(node, parent, child);
        if self.is_connected(parent) {
            self.connect_each(node, |_, _, _| None);
        } else if self.is_effectful(node) {
            self.control_inserted(node);
        }
        self.versions.structure_changed();
        self.children_changed(parent);
    }

    /// Whether nothing can forbid the insertion, and nobody but ranges and the embedder cares for it: a node without a place and
    /// without contents goes into an element of its document.
    ///
    /// OPTIMIZATION: so are most insertions by script and parser; the full check walks up from the parent.
    #[inline]
    fn is_plain_insertion(&self, node: NodeId, parent: NodeId, child: Option<NodeId>) -> bool {
        let links = self.links(node);
        let is_leaf = match links.kind() {
            Some(NodeKind::Element) => {
                links.first_child().is_none() && self.template_contents(node).is_none()
            }
            Some(NodeKind::Text | NodeKind::Comment | NodeKind::ProcessingInstruction) => true,
            _ => false,
        };
        is_leaf
            && links.parent().is_none()
            && node != parent
            && self.is_element(parent)
            && links.document() == self.links(parent).document()
            && child.is_none_or(|child| self.parent(child) == Some(parent))
            && !self.is_observed()
            && !self.has_shadow_trees()
    }

    fn insert_nodes(
        &mut self,
        nodes: &[NodeId],
        parent: NodeId,
        child: Option<NodeId>,
        observers: Observers,
    ) {
        // 5. Live ranges.
        self.insert_ranges(parent, child, nodes.len());
        // 6. For the record.
        let previous_sibling = match child {
            Some(child) => self.previous_sibling(child),
            None => self.last_child(parent),
        };
        // 7. Each in turn.
        let has_shadow_trees = self.has_shadow_trees();
        for &node in nodes {
            if let Some(document) = self.node_document(parent) {
                self.adopt_node(node, document);
            }
            self.link(node, parent, child);
            if has_shadow_trees {
                // 7.4–7.6. Slots.
                self.insert_into_slots(node, parent);
            }
            if self.is_connected(parent) {
                self.connect(node);
            } else if self.is_effectful(node) {
                self.control_inserted(node);
            }
        }
        self.versions.structure_changed();
        // 8. The record.
        if observers == Observers::Notify {
            self.queue_tree_mutation_record(parent, nodes, &[], previous_sibling, child);
        }
        // 9. Children changed. 10–12. Post-connection steps — by whoever takes the effects.
        self.children_changed(parent);
    }

    /// `moveBefore()`: like an insertion that neither disconnects nor connects the node.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the two are not in the same tree, or the constraints forbid it;
    /// [`DomError::NotFound`] if `child` is not a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#move>
    pub fn move_before(
        &mut self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
    ) -> Result<(), DomError> {
        let child = if child == Some(node) {
            self.next_sibling(node)
        } else {
            child
        };
        // 1. Within one tree.
        if self.shadow_including_root(parent) != self.shadow_including_root(node) {
            return Err(DomError::HierarchyRequest(
                "a node can only be moved within its tree",
            ));
        }
        // 2–6. The rest is what insertion asks, for elements and character data only.
        match self.kind(node) {
            Some(
                NodeKind::Element
                | NodeKind::Text
                | NodeKind::CdataSection
                | NodeKind::Comment
                | NodeKind::ProcessingInstruction,
            ) => {}
            _ => {
                return Err(DomError::HierarchyRequest(
                    "only elements and character data can be moved",
                ));
            }
        }
        self.ensure_pre_insert_validity(node, parent, child, &[])?;
        // 7, 8. It has a parent: it shares a root with its new one, and is no ancestor of it.
        let Some(old_parent) = self.parent(node) else {
            return Err(DomError::HierarchyRequest("the root cannot be moved"));
        };
        // 9. Live ranges. 10. Node iterators.
        self.pre_remove_ranges(node);
        self.pre_remove_node_iterators(node);
        // 11–13. Out of the old place.
        let old_previous_sibling = self.previous_sibling(node);
        let old_next_sibling = self.next_sibling(node);
        let has_shadow_trees = self.has_shadow_trees();
        if self.is_connected(node) {
            // NOTE: the tree of its ids, or the first of equal ones, may be another now.
            self.unindex_ids(node);
        }
        self.unlink(node);
        // 14–16. Slots.
        if has_shadow_trees {
            self.remove_from_slots(node, old_parent);
        }
        // 17–20. Into the new.
        self.insert_ranges(parent, child, 1);
        let new_previous_sibling = match child {
            Some(child) => self.previous_sibling(child),
            None => self.last_child(parent),
        };
        self.link(node, parent, child);
        // 21–23. Slots.
        if has_shadow_trees {
            self.insert_into_slots(node, parent);
        }
        self.versions.structure_changed();
        if self.is_connected(node) {
            self.index_ids_below(node);
        }
        // 23, 24. Custom elements.
        self.custom_elements_moved(node);
        // 25, 26. Two records.
        self.queue_tree_mutation_record(
            old_parent,
            &[],
            &[node],
            old_previous_sibling,
            old_next_sibling,
        );
        self.queue_tree_mutation_record(parent, &[node], &[], new_previous_sibling, child);
        Ok(())
    }

    fn unindex_ids(&self, root: NodeId) {
        if let Some(document) = self.node_document(root) {
            for node in self.inclusive_descendants(root) {
                self.unindex_id(document, node);
            }
        }
    }

    fn index_ids_below(&self, root: NodeId) {
        if let Some(document) = self.node_document(root) {
            for node in self.inclusive_descendants(root) {
                self.index_id(document, node);
            }
        }
    }

    /// Sets the links that make `node`, which has no parent, a child of `parent` before `child`. Nothing else.
    #[inline]
    pub(crate) fn link(&mut self, node: NodeId, parent: NodeId, child: Option<NodeId>) {
        self.strengthen(node);
        self.strengthen(parent);
        let previous = match child {
            Some(child) => {
                let previous = self.previous_sibling(child);
                self.links_mut(child).set_previous_sibling(Some(node));
                previous
            }
            None => self.links_mut(parent).set_last_child(Some(node)),
        };
        match previous {
            Some(previous) => self.links_mut(previous).set_next_sibling(Some(node)),
            None => self.links_mut(parent).set_first_child(Some(node)),
        };
        let mut links = self.links_mut(node);
        links.set_parent(Some(parent));
        links.set_previous_sibling(previous);
        links.set_next_sibling(child);
    }

    /// The insertion steps for a subtree whose root has become the child of a connected node, and for the shadow trees
    /// below it.
    #[inline]
    pub(crate) fn connect(&mut self, root: NodeId) {
        if self.has_shadow_trees() {
            self.connect_each(root, Self::following_shadow_including);
        } else {
            self.connect_each(root, Self::following_in);
        }
    }

    #[inline]
    fn connect_each(
        &mut self,
        root: NodeId,
        following: impl Fn(&Self, NodeId, NodeId) -> Option<NodeId>,
    ) {
        let Some(document) = self.node_document(root) else {
            return;
        };
        let logs_names = self.window_names.is_logging();
        let mut next = Some(root);
        while let Some(node) = next {
            self.set_flag(node, NodeFlags::CONNECTED, true);
            let flags = self.links(node).flags();
            let of_interest = NodeFlags::HAS_ID | NodeFlags::EFFECTFUL | NodeFlags::CUSTOM;
            if flags & of_interest != 0 || logs_names {
                let is_custom = flags & NodeFlags::CUSTOM != 0;
                self.index_id(document, node);
                if self.is_effectful(node) {
                    self.push_effect(Effect::Connected(node));
                }
                if is_custom {
                    self.custom_element_connected(node);
                }
            }
            next = following(self, root, node);
        }
    }
}
