//! The path of an event through trees and their shadow trees, as data; listeners are called by whoever dispatches.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch> steps 4 to 6.9, text of November 2026.

use crate::arena::{NodeId, Tree};

/// One item of an event's path.
///
/// Standard: <https://dom.spec.whatwg.org/#event-path>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub struct EventPathEntry {
    /// The node whose listeners are invoked.
    pub invocation_target: NodeId,
    /// Whether that node is in a shadow tree.
    pub invocation_target_in_shadow_tree: bool,
    /// What `event.target` is for those listeners; `None` where an earlier entry's holds.
    pub shadow_adjusted_target: Option<NodeId>,
    /// What `event.relatedTarget` is for those listeners.
    pub related_target: Option<NodeId>,
    /// Whether the node is a closed shadow root.
    pub root_of_closed_tree: bool,
    /// Whether the node is a slot in a closed tree, reached from what is assigned to it.
    pub slot_in_closed_tree: bool,
}

/// Whether an event leaves the shadow tree it starts in.
///
/// Standard: <https://dom.spec.whatwg.org/#composed-flag>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum EventReach {
    /// It stops at the shadow root.
    Tree,
    /// It is composed: it goes on to the host.
    Composed,
}

impl Tree {
    /// The path of an event at `target`, from the target up. A document's window is added by the caller, unless the
    /// event is `load`.
    ///
    /// Empty if the related target, seen from `target`, is `target` without being it: then the event goes nowhere.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch>
    pub fn event_path(
        &self,
        target: NodeId,
        related_target: Option<NodeId>,
        reach: EventReach,
    ) -> Vec<EventPathEntry> {
        let first = target;
        let mut target = target;
        // 4. The related target as the target sees it.
        let mut related = related_target.map(|related| self.retarget(related, Some(target)));
        // 6. Both in one shadow tree's host: nothing to tell.
        if related == Some(target) && related_target != Some(target) {
            return Vec::new();
        }
        // 6.3. The target.
        let mut path = vec![self.event_path_entry(target, Some(target), related, false)];
        // 6.6. A slot comes next if there is one.
        let mut is_slotted = self.assigned_slot(target).is_some();
        // OPTIMIZATION: what depends on the tree of the parent is found out once for each tree.
        let mut is_around_target = true;
        // 6.8, 6.9. Each parent.
        let mut last = target;
        while let Some(parent) = self.event_parent(last, first, reach) {
            // 6.9.1. Out of a host's children into its shadow tree.
            let slot_in_closed_tree = is_slotted
                && self
                    .containing_shadow_root(parent)
                    .is_some_and(|root| self.is_closed_shadow_root(root));
            if is_slotted || self.is_shadow_root(last) {
                // 6.9.3. The related target as the parent sees it.
                related = related_target.map(|related| self.retarget(related, Some(parent)));
                is_around_target =
                    self.is_shadow_including_inclusive_ancestor(self.root(target), parent);
            }
            // 6.9.2. A slot comes next if there is one.
            is_slotted = self.assigned_slot(parent).is_some();
            let adjusted = if is_around_target {
                // 6.9.6. In the target's tree, or in one below.
                None
            } else if related == Some(parent) {
                // 6.9.7. What comes is of no concern there.
                break;
            } else {
                // 6.9.8. The target is hidden from here on: the host stands for it.
                target = parent;
                is_around_target = true;
                Some(parent)
            };
            path.push(self.event_path_entry(parent, adjusted, related, slot_in_closed_tree));
            last = parent;
        }
        path
    }

    /// Whether the path of an event at `target`, without a related target, is the target and its ancestors.
    pub fn is_event_path_plain(&self, target: NodeId) -> bool {
        !self.has_shadow_trees()
            || (!self.is_in_shadow_tree(target)
                && self
                    .inclusive_ancestors(target)
                    .all(|node| self.assigned_slot(node).is_none()))
    }

    /// Get the parent, of a node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#get-the-parent>
    fn event_parent(&self, node: NodeId, first: NodeId, reach: EventReach) -> Option<NodeId> {
        // A shadow root: its host, unless the event stays in the tree it started in.
        if self.is_shadow_root(node) {
            let stays = reach == EventReach::Tree && self.root(first) == node;
            return self.shadow_host(node).filter(|_| !stays);
        }
        // Others: the slot, or the parent.
        self.assigned_slot(node).or_else(|| self.parent(node))
    }

    /// Append to an event path.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-event-path-append>
    fn event_path_entry(
        &self,
        invocation_target: NodeId,
        shadow_adjusted_target: Option<NodeId>,
        related_target: Option<NodeId>,
        slot_in_closed_tree: bool,
    ) -> EventPathEntry {
        EventPathEntry {
            invocation_target,
            invocation_target_in_shadow_tree: self.is_in_shadow_tree(invocation_target),
            shadow_adjusted_target,
            related_target,
            root_of_closed_tree: self.is_closed_shadow_root(invocation_target),
            slot_in_closed_tree,
        }
    }
}
