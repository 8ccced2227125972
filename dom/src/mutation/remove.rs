//! Removing.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-remove>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::effect::Effect;
use crate::mutation::insert::Observers;
use crate::node::NodeFlags;

impl Tree {
    /// `parent.removeChild(child)`. Returns `child`, which lives on without a parent.
    ///
    /// # Errors
    /// [`DomError::NotFound`] if `child` is not a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-pre-remove>
    pub fn remove_child(&mut self, child: NodeId, parent: NodeId) -> Result<NodeId, DomError> {
        // 1. It is a child.
        if self.parent(child) != Some(parent) {
            return Err(DomError::NotFound(
                "the node to remove is not a child of this node",
            ));
        }
        // 2, 3. Remove.
        self.remove_node(child, Observers::Notify);
        Ok(child)
    }

    /// `node.remove()`: takes the node from its parent, if it has one.
    ///
    /// # Errors
    /// [`DomError::NotFound`] if the node is gone.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-childnode-remove>
    pub fn remove(&mut self, node: NodeId) -> Result<(), DomError> {
        if !self.exists(node) {
            return Err(DomError::NotFound("the node to remove is gone"));
        }
        self.remove_node(node, Observers::Notify);
        Ok(())
    }

    /// The remove algorithm; does nothing without a parent.
    pub(crate) fn remove_node(&mut self, node: NodeId, observers: Observers) {
        // 1, 2. There is a parent.
        let Some(parent) = self.parent(node) else {
            return;
        };
        // 3. Live ranges. 4. Node iterators.
        self.pre_remove_ranges(node);
        self.pre_remove_node_iterators(node);
        // 5–7. Out of the children.
        let previous_sibling = self.previous_sibling(node);
        let next_sibling = self.next_sibling(node);
        self.unlink(node);
        self.versions.structure_changed();
        // 8–10. Slots.
        if self.has_shadow_trees() {
            self.remove_from_slots(node, parent);
        }
        // 11–15. Removing steps.
        if self.is_connected(node) {
            self.disconnect(node);
        }
        // Ours: script may have lost it.
        if self.reclaims_removed {
            self.note_candidate(node);
        }
        if self.is_observed() {
            // 16. The subtree is observed on.
            self.add_transient_observers(node, parent);
            // 17. The record.
            if observers == Observers::Notify {
                self.queue_tree_mutation_record(
                    parent,
                    &[],
                    &[node],
                    previous_sibling,
                    next_sibling,
                );
            }
        }
        // 18. Children changed.
        self.children_changed(parent);
    }

    /// Clears the links between a node and its parent and siblings. Nothing else.
    #[inline]
    pub(crate) fn unlink(&mut self, node: NodeId) {
        self.strengthen(node);
        let mut links = self.links_mut(node);
        let parent = links.set_parent(None);
        let previous = links.set_previous_sibling(None);
        let next = links.set_next_sibling(None);
        let Some(parent) = parent else { return };
        match previous {
            Some(previous) => self.links_mut(previous).set_next_sibling(next),
            None => self.links_mut(parent).set_first_child(next),
        };
        match next {
            Some(next) => self.links_mut(next).set_previous_sibling(previous),
            None => self.links_mut(parent).set_last_child(previous),
        };
    }

    /// The removing steps for a subtree that was just taken from a connected parent, and for the shadow trees below it.
    fn disconnect(&mut self, root: NodeId) {
        self.unfocus_within(root);
        if self.has_shadow_trees() {
            self.disconnect_each(root, Self::following_shadow_including);
        } else {
            self.disconnect_each(root, Self::following_in);
        }
    }

    #[inline]
    fn disconnect_each(
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
            self.set_flag(node, NodeFlags::CONNECTED, false);
            let flags = self.links(node).flags();
            let of_interest = NodeFlags::HAS_ID | NodeFlags::EFFECTFUL | NodeFlags::CUSTOM;
            if flags & of_interest != 0 || logs_names {
                let is_custom = flags & NodeFlags::CUSTOM != 0;
                self.unindex_id(document, node);
                if self.is_effectful(node) {
                    self.push_effect(Effect::Disconnected(node));
                }
                if is_custom {
                    self.custom_element_disconnected(node);
                }
            }
            next = following(self, root, node);
        }
    }
}
