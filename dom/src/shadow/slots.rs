//! Slots: which slot is a node's, which nodes are a slot's.
//!
//! Standard: <https://dom.spec.whatwg.org/#finding-slots-and-slotables>, text of November 2026.

use std::collections::HashMap;

use html5ever::local_name;

use super::SlotAssignmentMode;
use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;

impl Tree {
    /// The slot that a node is assigned to, whatever the mode of its tree.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#slotable-assigned-slot>
    #[inline]
    pub fn assigned_slot(&self, slottable: NodeId) -> Option<NodeId> {
        if !self.has_flag(slottable, NodeFlags::IN_SIDE_TABLE) {
            return None;
        }
        self.shadows.assigned.get(&slottable).copied()
    }

    /// `Slottable.assignedSlot`: the slot of a child of a host whose root is open.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-slotable-assignedslot>
    pub fn open_assigned_slot(&self, slottable: NodeId) -> Option<NodeId> {
        let root = self.open_shadow_root(self.parent(slottable)?)?;
        self.find_slot_in(root, slottable)
    }

    /// The nodes that are assigned to a slot.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#slot-assigned-nodes>
    pub fn assigned_nodes(&self, slot: NodeId) -> &[NodeId] {
        if !self.has_flag(slot, NodeFlags::IN_SIDE_TABLE) {
            return &[];
        }
        self.shadows
            .slots
            .get(&slot)
            .map_or(&[], |data| &data.assigned)
    }

    /// What a slot shows: its assigned nodes or else its children, slots among them replaced by what they show.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#find-flattened-slotables>
    pub fn flattened_slottables(&self, slot: NodeId) -> Vec<NodeId> {
        let mut result = Vec::new();
        // NOTE: a list instead of recursion; what comes first is last in it.
        let mut work = vec![slot];
        while let Some(node) = work.pop() {
            let is_slot = self.is_slot(node) && self.is_in_shadow_tree(node);
            if !is_slot {
                // 5.2. What is no slot of a shadow tree stands for itself. 2. The slot asked for stands for nothing.
                if node != slot {
                    result.push(node);
                }
                continue;
            }
            // 3. What is assigned. 4. If nothing is, the children.
            let mut slottables = self.find_slottables(node);
            if slottables.is_empty() {
                slottables = self
                    .children(node)
                    .filter(|&child| self.is_slottable(child))
                    .collect();
            }
            work.extend(slottables.into_iter().rev());
        }
        result
    }

    /// Find a slot, in the shadow tree of `root`, for a child of its host.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#find-a-slot>
    pub(super) fn find_slot_in(&self, root: NodeId, slottable: NodeId) -> Option<NodeId> {
        if !self.is_slottable(slottable) {
            return None;
        }
        let data = self.shadows.roots.get(&root)?;
        // 5. By hand.
        if data.init.slot_assignment == SlotAssignmentMode::Manual {
            let slot = *self.shadows.manual.get(&slottable)?;
            return (self.root(slot) == root).then_some(slot);
        }
        if data.slot_count == 0 {
            return None;
        }
        // 6. The first of its name.
        let mut first_slots = data.first_slots.borrow_mut();
        let first_slots = first_slots.get_or_insert_with(|| {
            let mut first = HashMap::new();
            for slot in self.descendants(root).filter(|&node| self.is_slot(node)) {
                first.entry(self.slot_name(slot).into()).or_insert(slot);
            }
            first
        });
        first_slots.get(self.slottable_name(slottable)).copied()
    }

    /// Find slottables.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#find-slotables>
    pub(super) fn find_slottables(&self, slot: NodeId) -> Vec<NodeId> {
        // 2, 3. Only in a shadow tree.
        let Some(root) = self.containing_shadow_root(slot) else {
            return Vec::new();
        };
        // 4. The host.
        let Some(host) = self.shadow_host(root) else {
            return Vec::new();
        };
        // 5. By hand.
        if self.is_manual(root) {
            return self
                .manually_assigned_nodes(slot)
                .iter()
                .filter_map(|&node| self.resolve(node))
                .filter(|&node| self.parent(node) == Some(host))
                .collect();
        }
        // 6. By name.
        self.children(host)
            .filter(|&child| self.find_slot_in(root, child) == Some(slot))
            .collect()
    }

    pub(super) fn is_manual(&self, root: NodeId) -> bool {
        self.shadow_root_init(root)
            .is_some_and(|init| init.slot_assignment == SlotAssignmentMode::Manual)
    }

    /// The nodes that [`Self::assign_to_slot`] gave to a slot and no other has got since.
    ///
    /// Standard: <https://html.spec.whatwg.org/#manually-assigned-nodes>
    fn manually_assigned_nodes(&self, slot: NodeId) -> &[NodeHandle] {
        self.shadows
            .slots
            .get(&slot)
            .map_or(&[], |data| &data.manual)
    }

    /// A slot's name; empty for the default slot.
    fn slot_name(&self, slot: NodeId) -> &str {
        self.attribute_atom(slot, &local_name!("name"))
            .unwrap_or_default()
    }

    /// The name of the slot that a node asks for; text asks for the default slot.
    fn slottable_name(&self, slottable: NodeId) -> &str {
        self.attribute_atom(slottable, &local_name!("slot"))
            .unwrap_or_default()
    }
}
