//! Keeping slots up to date as trees change, and telling of it.
//!
//! Every list of assigned nodes is what the standard's "find slottables" would give, at the end of each algorithm that
//! can change it. A slot whose list changed is signalled; whoever runs the mutation observer microtask fires the events.
//!
//! Standard: <https://dom.spec.whatwg.org/#assigning-slotables-and-slots>, text of November 2026.

use std::collections::HashMap;

use html5ever::{LocalName, Namespace, local_name, ns};

use super::SlotData;
use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeFlags;

impl Tree {
    /// Whether [`Self::take_signal_slots`] would give any.
    #[inline]
    pub fn has_signal_slots(&self) -> bool {
        !self.shadows.signals.is_empty()
    }

    /// The slots to fire `slotchange` at, in the order of their first change since the last call.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#notify-mutation-observers> steps 4, 5 and 7
    pub fn take_signal_slots(&mut self) -> Vec<NodeId> {
        self.shadows.signalled.clear();
        std::mem::take(&mut self.shadows.signals)
            .into_iter()
            .filter_map(|handle| self.resolve(handle))
            .collect()
    }

    /// `slot.assign(...nodes)`: gives nodes to a slot by hand; they show where its tree assigns manually and they are
    /// children of its host.
    ///
    /// # Errors
    /// [`DomError::InvalidNodeType`] if `slot` is no slot, or a node neither an element nor text.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-slot-assign>
    pub fn assign_to_slot(&mut self, slot: NodeId, nodes: &[NodeId]) -> Result<(), DomError> {
        if !self.is_slot(slot) || nodes.iter().any(|&node| !self.is_slottable(node)) {
            return Err(DomError::InvalidNodeType(
                "only elements and text can be assigned, and only to slots",
            ));
        }
        // 1. Let go of those before.
        let data = self.slot_data(slot);
        for node in std::mem::take(&mut data.manual) {
            if self.shadows.manual.get(&node.id()) == Some(&slot) {
                self.shadows.manual.remove(&node.id());
            }
        }
        // 2, 3. Each once, and from no other slot.
        let mut set = Vec::with_capacity(nodes.len());
        for &node in nodes {
            match self.shadows.manual.insert(node, slot) {
                Some(other) if other == slot => continue,
                Some(other) => {
                    if let Some(data) = self.shadows.slots.get_mut(&other) {
                        data.manual.retain(|given| given.id() != node);
                    }
                }
                None => {}
            }
            self.set_flag(node, NodeFlags::IN_SIDE_TABLE, true);
            set.extend(self.handle(node));
        }
        // 4. These now.
        self.slot_data(slot).manual = set;
        // 5. Assign.
        let root = self.root(slot);
        self.assign_slottables_for_tree(root);
        Ok(())
    }

    fn slot_data(&mut self, slot: NodeId) -> &mut SlotData {
        self.set_flag(slot, NodeFlags::IN_SIDE_TABLE, true);
        self.shadows.slots.entry(slot).or_default()
    }

    /// Insert's part: `node` has become a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-insert> steps 7.4 to 7.6
    pub(crate) fn insert_into_slots(&mut self, node: NodeId, parent: NodeId) {
        // 7.4. A child of a host may have a slot.
        if let Some(root) = self.shadow_root(parent) {
            if !self.is_manual(root) {
                self.assign_slot(root, node);
            } else if let Some(slot) = self.find_slot_in(root, node) {
                // NOTE: not in the standard, but every engine brings back what was assigned by hand.
                let slottables = self.find_slottables(slot);
                self.set_assigned_nodes(slot, slottables);
            }
        }
        if !self.is_in_shadow_tree(parent) {
            return;
        }
        // 7.5. A slot's fallback has changed.
        self.signal_fallback_change(parent);
        // 7.6. Slots have come.
        let slots = self.mark_in_shadow_tree(node, true);
        if slots > 0 {
            let root = self.root(parent);
            self.count_slots(root, |count| count.saturating_add(slots));
            self.assign_slottables_for_tree(root);
        }
    }

    /// Remove's part: `node` is no longer a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-remove> steps 8 to 10
    pub(crate) fn remove_from_slots(&mut self, node: NodeId, parent: NodeId) {
        // 8. Its slot loses it.
        self.unassign(node);
        if !self.is_in_shadow_tree(parent) {
            return;
        }
        // 9. A slot's fallback has changed.
        self.signal_fallback_change(parent);
        // 10. Slots have gone: others may get what they had, and they get nothing.
        let slots = self.mark_in_shadow_tree(node, false);
        if slots > 0 {
            let root = self.root(parent);
            self.count_slots(root, |count| count.saturating_sub(slots));
            self.assign_slottables_for_tree(root);
            self.assign_slottables_for_tree(node);
        }
    }

    /// The attribute change steps of slots and slottables.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#slot-name>, <https://dom.spec.whatwg.org/#slotable-name>
    pub(crate) fn slot_attribute_changed(
        &mut self,
        element: NodeId,
        name: &LocalName,
        namespace: &Namespace,
        old_value: Option<&str>,
    ) {
        if *namespace != ns!() {
            return;
        }
        let is_slot_name = *name == local_name!("name");
        if !is_slot_name && *name != local_name!("slot") {
            return;
        }
        // 1–3. No change; none and empty are the same.
        let value = self.attribute_atom(element, name).unwrap_or_default();
        if value == old_value.unwrap_or_default() {
            return;
        }
        if is_slot_name {
            if !self.is_slot(element) {
                return;
            }
            // 6. All slots of the tree may change.
            if let Some(root) = self.containing_shadow_root(element) {
                self.count_slots(root, |count| count);
                self.assign_slottables_for_tree(root);
            }
            return;
        }
        let root = self
            .parent(element)
            .and_then(|parent| self.shadow_root(parent));
        let Some(root) = root.filter(|&root| !self.is_manual(root)) else {
            return;
        };
        if self.assigned_slot(element) != self.find_slot_in(root, element) {
            // 6. Out of the old. 7. Into the new.
            self.unassign(element);
            self.assign_slot(root, element);
        }
    }

    /// Whether the attribute can change which slot shows what.
    #[inline]
    pub(crate) fn is_slot_attribute(&self, element: NodeId, index: usize) -> bool {
        self.attributes(element)
            .get(index)
            .is_some_and(|attribute| {
                matches!(
                    *attribute.local_name(),
                    local_name!("slot") | local_name!("name")
                )
            })
    }

    /// Assign a slot: puts a new child of a host into the list of the slot that it asks for.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#assign-a-slot>
    fn assign_slot(&mut self, root: NodeId, slottable: NodeId) {
        let Some(slot) = self.find_slot_in(root, slottable) else {
            return;
        };
        // OPTIMIZATION: the rest of the list stands as it was; the node goes before the next sibling of the same slot.
        let mut next = self.next_sibling(slottable);
        while let Some(sibling) = next.filter(|&next| self.assigned_slot(next) != Some(slot)) {
            next = self.next_sibling(sibling);
        }
        self.shadows.assigned.insert(slottable, slot);
        self.set_flag(slottable, NodeFlags::IN_SIDE_TABLE, true);
        let assigned = &mut self.slot_data(slot).assigned;
        let place = next.and_then(|next| assigned.iter().position(|&node| node == next));
        assigned.insert(place.unwrap_or(assigned.len()), slottable);
        self.signal_slot_change(slot);
    }

    /// Takes a node out of the list of its slot.
    fn unassign(&mut self, slottable: NodeId) {
        if !self.has_flag(slottable, NodeFlags::IN_SIDE_TABLE) {
            return;
        }
        let Some(slot) = self.shadows.assigned.remove(&slottable) else {
            return;
        };
        if let Some(data) = self.shadows.slots.get_mut(&slot)
            && let Some(place) = data.assigned.iter().position(|&node| node == slottable)
        {
            data.assigned.remove(place);
        }
        self.signal_slot_change(slot);
    }

    /// Assign slottables for a tree: all of them at once.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#assign-slotables-for-a-tree>
    pub(crate) fn assign_slottables_for_tree(&mut self, root: NodeId) {
        let host = self.shadow_host(root);
        let has_children = host.is_some_and(|host| self.first_child(host).is_some());
        // OPTIMIZATION: without children to assign, only slots that have some can change.
        if !has_children && self.shadows.assigned.is_empty() {
            return;
        }
        let slots: Vec<NodeId> = self
            .inclusive_descendants(root)
            .filter(|&node| self.is_slot(node))
            .collect();
        let mut lists: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
        if let Some(host) = host {
            if self.is_manual(root) {
                for &slot in &slots {
                    lists.insert(slot, self.find_slottables(slot));
                }
            } else {
                for child in self.children(host) {
                    if let Some(slot) = self.find_slot_in(root, child) {
                        lists.entry(slot).or_default().push(child);
                    }
                }
            }
        }
        for slot in slots {
            let list = lists.remove(&slot).unwrap_or_default();
            self.set_assigned_nodes(slot, list);
        }
    }

    /// Assign slottables, once they were found.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#assign-slotables>
    fn set_assigned_nodes(&mut self, slot: NodeId, slottables: Vec<NodeId>) {
        if self.assigned_nodes(slot) == slottables {
            return;
        }
        // 2. Tell.
        self.signal_slot_change(slot);
        // 3, 4. The list and its inverse.
        for node in std::mem::take(&mut self.slot_data(slot).assigned) {
            if self.shadows.assigned.get(&node) == Some(&slot) {
                self.shadows.assigned.remove(&node);
            }
        }
        for &node in &slottables {
            self.shadows.assigned.insert(node, slot);
            self.set_flag(node, NodeFlags::IN_SIDE_TABLE, true);
        }
        self.slot_data(slot).assigned = slottables;
    }

    /// Signal a slot change.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#signal-a-slot-change>
    fn signal_slot_change(&mut self, slot: NodeId) {
        if let Some(handle) = self.handle(slot)
            && self.shadows.signalled.insert(handle)
        {
            self.shadows.signals.push(handle);
        }
    }

    /// What a slot shows for want of assigned nodes has changed.
    fn signal_fallback_change(&mut self, parent: NodeId) {
        if self.is_slot(parent) && self.assigned_nodes(parent).is_empty() {
            self.signal_slot_change(parent);
        }
    }

    /// Notes for a subtree that it has come into a shadow tree, or left it. Gives the number of its slots.
    fn mark_in_shadow_tree(&mut self, root: NodeId, is_in: bool) -> u32 {
        let mut slots = 0;
        let mut next = Some(root);
        while let Some(node) = next {
            self.set_flag(node, NodeFlags::IN_SHADOW_TREE, is_in);
            if self.is_slot(node) {
                slots += 1;
            }
            next = self.following_in(root, node);
        }
        slots
    }

    /// Changes the number of slots of a shadow tree, and forgets where they were.
    fn count_slots(&mut self, root: NodeId, change: impl FnOnce(u32) -> u32) {
        if let Some(data) = self.shadows.roots.get_mut(&root) {
            data.slot_count = change(data.slot_count);
            data.first_slots.get_mut().take();
        }
    }

    /// Enters the nodes of a shadow tree that were linked without being inserted, and assigns to its slots.
    pub(crate) fn enter_linked_shadow_tree(&mut self, root: NodeId) {
        let slots = self.mark_in_shadow_tree(root, true);
        self.count_slots(root, |_| slots);
        if slots > 0 {
            self.assign_slottables_for_tree(root);
        }
    }
}
