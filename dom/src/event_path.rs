//! The path of an event through a tree, as data; listeners are called by whoever dispatches.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch> steps 5.3–5.13, text of November 2026.
//! FIXME: retargeting, activation through slots and closed trees, once there are shadow trees.

use crate::arena::{NodeId, Tree};

/// One struct of an event's path.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub struct EventPathEntry {
    /// The node whose listeners are invoked.
    pub invocation_target: NodeId,
    /// What `event.target` is for those listeners; `None` where an earlier entry's holds.
    pub shadow_adjusted_target: Option<NodeId>,
    /// What `event.relatedTarget` is for those listeners.
    pub related_target: Option<NodeId>,
}

impl Tree {
    /// The path of an event at `target`, from the target up to its root. A document's window is added by the caller,
    /// unless the event is `load`.
    ///
    /// Empty if `target` is the related target as well, for then the event is not dispatched.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch>
    pub fn event_path(
        &self,
        target: NodeId,
        related_target: Option<NodeId>,
    ) -> Vec<EventPathEntry> {
        // 5. An event whose related target is its target goes nowhere.
        if related_target == Some(target) {
            return Vec::new();
        }
        // 5.3, 5.9. The target, then each parent ("get the parent" of a node is its parent).
        self.inclusive_ancestors(target)
            .map(|node| EventPathEntry {
                invocation_target: node,
                shadow_adjusted_target: (node == target).then_some(target),
                related_target,
            })
            .collect()
    }
}
