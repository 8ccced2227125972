//! Freeing detached trees.
//!
//! The lifetime of nodes is ours: a tree is freed as a whole, when nobody can reach any of its nodes.

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::error::DomError;
use crate::node::attribute_list::AttributeList;
use crate::node::{NodeData, NodeFlags, NodeKind};

/// Removed trees that wait until their effects were seen.
#[derive(Debug, Default)]
pub(crate) struct DeferredReclaim {
    /// Their effects are still in the tree.
    unseen: Vec<NodeHandle>,
    /// Their effects were taken, and may be in work.
    seen: Vec<NodeHandle>,
}

impl Tree {
    /// Whether trees that the tree itself takes out (by setting text or markup) are freed at once if no node of theirs
    /// is wrapped, observed in a record, held by a parser or the end of a range. Off by default: turn it on where
    /// [`Self::set_wrapped`] is kept, and only there.
    pub fn set_reclaims_removed(&mut self, reclaims: bool) {
        self.reclaims_removed = reclaims;
    }

    /// Frees a tree: a root without a parent, its descendants, their attributes and template contents. A document's
    /// inert document goes with it.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if `root` has a parent, or is the contents of a template.
    pub fn free_subtree(&mut self, root: NodeId) -> Result<(), DomError> {
        if self.parent(root).is_some() || self.host(root).is_some_and(|host| self.exists(host)) {
            return Err(DomError::InvalidState("only a whole tree can be freed"));
        }
        self.release_tree(root);
        Ok(())
    }

    /// Frees the detached tree of `root` unless `is_wrapped` says that one of its nodes is still reachable, or a
    /// record, a paused parser or a live range names one. Tells whether it was freed.
    ///
    /// Documents are not reclaimed, nor is a node with a parent.
    pub fn reclaim(&mut self, root: NodeId, is_wrapped: impl Fn(NodeId) -> bool) -> bool {
        self.reclaim_if(root, |_, id| is_wrapped(id))
    }

    fn reclaim_if(&mut self, root: NodeId, is_wrapped: impl Fn(&Self, NodeId) -> bool) -> bool {
        if self.parent(root).is_some()
            || self.is_connected(root)
            || !self.exists(root)
            || self.host(root).is_some_and(|host| self.exists(host))
            || self.owner_element(root).is_some()
        {
            return false;
        }
        let mut is_effectful = false;
        let mut roots = vec![root];
        while let Some(root) = roots.pop() {
            let mut next = Some(root);
            while let Some(id) = next {
                let flags = self.links(id).flags();
                let held = NodeFlags::HELD_BY_PARSER | NodeFlags::HELD_BY_RECORD;
                if flags & held != 0 || is_wrapped(self, id) || self.is_range_boundary(id) {
                    return false;
                }
                is_effectful |= flags & NodeFlags::EFFECTFUL != 0;
                for attribute in self.attributes(id) {
                    if attribute.node.is_some_and(|node| is_wrapped(self, node)) {
                        return false;
                    }
                }
                roots.extend(self.own_template_contents(id));
                roots.extend(self.shadow_root(id));
                next = self.following_in(root, id);
            }
        }
        if is_effectful && self.has_effects() {
            // The embedder has yet to see what happened to it.
            let handle = self.handle(root);
            self.deferred.unseen.extend(handle);
            return false;
        }
        self.release_tree(root);
        true
    }

    /// [`Self::reclaim`] by what [`Self::set_wrapped`] noted.
    pub fn reclaim_unwrapped(&mut self, root: NodeId) -> bool {
        self.reclaim_if(root, |tree, id| tree.is_wrapped(id))
    }

    /// Frees the trees whose effects were taken before, and lets those whose effects are taken now wait once more.
    pub(crate) fn retry_deferred_reclaim(&mut self) {
        let unseen = std::mem::take(&mut self.deferred.unseen);
        let seen = std::mem::replace(&mut self.deferred.seen, unseen);
        let effects = std::mem::take(&mut self.effects);
        for handle in seen {
            if let Some(root) = self.resolve(handle) {
                self.reclaim_unwrapped(root);
            }
        }
        self.effects = effects;
    }

    /// Frees a tree, whoever may know of it.
    pub(crate) fn release_tree(&mut self, root: NodeId) {
        let mut work = vec![root];
        while let Some(id) = work.pop() {
            let mut child = self.first_child(id);
            while let Some(node) = child {
                work.push(node);
                child = self.next_sibling(node);
            }
            work.extend(self.own_template_contents(id));
            work.extend(self.shadow_root(id));
            if self.kind(id) == Some(NodeKind::Document) {
                work.extend(self.inert_document(id));
            }
            self.release_attributes(id);
            if self.has_flag(id, NodeFlags::IN_SIDE_TABLE) {
                self.forget_observed(id);
                self.forget_form_owner(id);
                self.forget_shadow(id);
                self.forget_control(id);
                self.forget_custom_element(id);
                self.forget_element_state(id);
            }
            self.release(id);
        }
    }

    fn release_attributes(&mut self, element: NodeId) {
        self.forget_attribute_places(element);
        let NodeData::Element(data) = &mut self.node_mut(element).data else {
            return;
        };
        // NOTE: attributes of a shared list have no nodes.
        let AttributeList::Own(attributes) = std::mem::take(&mut data.attributes) else {
            return;
        };
        for attribute in attributes {
            if let Some(node) = attribute.node {
                if self.is_wrapped(node) {
                    self.detach_attr_node(attribute);
                } else {
                    self.release(node);
                }
            }
        }
    }
}
