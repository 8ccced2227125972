//! Registered observers and mutation records, as data: script (or Rust) takes the records when it likes.
//!
//! Standard: <https://dom.spec.whatwg.org/#mutation-observers>, text of November 2026.

use std::collections::HashMap;

use html5ever::{LocalName, Namespace, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeFlags;
use crate::node::character_data::CharacterData;

/// The name of a mutation observer, chosen by the caller.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObserverId(pub u32);

/// What an observer wants to hear of: `MutationObserverInit` after its defaults were filled in.
///
/// Standard: <https://dom.spec.whatwg.org/#dictdef-mutationobserverinit>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObserverOptions {
    /// Changes of the children.
    pub child_list: bool,
    /// Changes of attributes.
    pub attributes: bool,
    /// Changes of character data.
    pub character_data: bool,
    /// Descendants as well.
    pub subtree: bool,
    /// Attribute records carry the value before.
    pub attribute_old_value: bool,
    /// Character data records carry the data before.
    pub character_data_old_value: bool,
    /// Only attributes without a namespace and with these local names.
    pub attribute_filter: Option<Vec<LocalName>>,
}

/// What a record is about.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum RecordKind {
    /// `attributes`.
    Attributes,
    /// `characterData`.
    CharacterData,
    /// `childList`.
    ChildList,
}

/// One mutation record.
///
/// Its nodes are not freed before the record is taken; whoever takes it holds on to them.
///
/// Standard: <https://dom.spec.whatwg.org/#interface-mutationrecord>
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MutationRecord {
    /// What changed.
    pub kind: RecordKind,
    /// The node it changed at.
    pub target: NodeId,
    /// The nodes that were added.
    pub added_nodes: Vec<NodeId>,
    /// The nodes that were removed.
    pub removed_nodes: Vec<NodeId>,
    /// The sibling before the added or removed nodes.
    pub previous_sibling: Option<NodeId>,
    /// The sibling after the added or removed nodes.
    pub next_sibling: Option<NodeId>,
    /// The local name of the attribute.
    pub attribute_name: Option<LocalName>,
    /// The namespace of the attribute.
    pub attribute_namespace: Option<Namespace>,
    /// The value or data before, if it was asked for.
    pub old_value: Option<CharacterData>,
}

#[derive(Debug, Clone)]
struct RegisteredObserver {
    observer: ObserverId,
    options: ObserverOptions,
    /// For a transient registered observer: the node of the registration it stands for.
    source: Option<NodeId>,
}

/// All registrations and record queues of a tree.
#[derive(Debug, Default)]
pub(crate) struct Observers {
    registered: HashMap<NodeId, Vec<RegisteredObserver>>,
    /// The nodes each observer is registered at, transient registrations included.
    nodes: HashMap<ObserverId, Vec<NodeId>>,
    queues: HashMap<ObserverId, Vec<MutationRecord>>,
    /// In the order of their first record.
    pending: Vec<ObserverId>,
    held: Vec<NodeId>,
}

/// What a record of character data or an attribute is made from; see [`Tree::queue_mutation_record`].
pub(crate) struct Change<'a> {
    pub(crate) kind: RecordKind,
    pub(crate) name: Option<(&'a LocalName, &'a Namespace)>,
    pub(crate) old_value: Option<CharacterData>,
    pub(crate) added: &'a [NodeId],
    pub(crate) removed: &'a [NodeId],
    pub(crate) previous_sibling: Option<NodeId>,
    pub(crate) next_sibling: Option<NodeId>,
}

impl Tree {
    /// Registers an observer at a node; a second time replaces the options.
    ///
    /// # Errors
    /// [`DomError::NotFound`] if `target` is no living node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-mutationobserver-observe> steps 7 and 8
    pub fn register_observer(
        &mut self,
        target: NodeId,
        observer: ObserverId,
        options: ObserverOptions,
    ) -> Result<(), DomError> {
        if !self.exists(target) {
            return Err(DomError::NotFound("the node to observe is gone"));
        }
        let is_known = self.observers.registered.get(&target).is_some_and(|list| {
            list.iter()
                .any(|r| r.observer == observer && r.source.is_none())
        });
        if is_known {
            // 7. Registered already: its transient registrations end, its options change.
            self.end_transient(observer, Some(target));
            if let Some(list) = self.observers.registered.get_mut(&target) {
                for registered in list {
                    if registered.observer == observer {
                        registered.options = options.clone();
                    }
                }
            }
        } else {
            // 8. New.
            self.add_registration(
                target,
                RegisteredObserver {
                    observer,
                    options,
                    source: None,
                },
            );
        }
        Ok(())
    }

    fn add_registration(&mut self, target: NodeId, registered: RegisteredObserver) {
        self.set_flag(target, NodeFlags::OBSERVED | NodeFlags::IN_SIDE_TABLE, true);
        self.observers
            .nodes
            .entry(registered.observer)
            .or_default()
            .push(target);
        self.observers
            .registered
            .entry(target)
            .or_default()
            .push(registered);
    }

    /// `disconnect()`: ends all registrations of an observer and drops its records.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-mutationobserver-disconnect>
    pub fn disconnect_observer(&mut self, observer: ObserverId) {
        for node in self.observers.nodes.remove(&observer).unwrap_or_default() {
            self.retain_registrations(node, |registered| registered.observer != observer);
        }
        self.take_records(observer);
    }

    /// Ends the transient registrations of an observer, as is done before its callback is called.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#notify-mutation-observers> step 6.3
    pub fn end_transient_observers(&mut self, observer: ObserverId) {
        self.end_transient(observer, None);
    }

    fn end_transient(&mut self, observer: ObserverId, source: Option<NodeId>) {
        let nodes = self.observers.nodes.remove(&observer).unwrap_or_default();
        let ends = |registered: &RegisteredObserver| {
            registered.observer == observer
                && registered.source.is_some()
                && (source.is_none() || registered.source == source)
        };
        let mut left = Vec::with_capacity(nodes.len());
        for node in nodes {
            self.retain_registrations(node, |registered| !ends(registered));
            let is_left = self
                .observers
                .registered
                .get(&node)
                .is_some_and(|list| list.iter().any(|r| r.observer == observer));
            if is_left && !left.contains(&node) {
                left.push(node);
            }
        }
        if !left.is_empty() {
            self.observers.nodes.insert(observer, left);
        }
    }

    fn retain_registrations(
        &mut self,
        node: NodeId,
        keep: impl FnMut(&RegisteredObserver) -> bool,
    ) {
        if let Some(list) = self.observers.registered.get_mut(&node) {
            list.retain(keep);
            if list.is_empty() {
                self.observers.registered.remove(&node);
                self.set_flag(node, NodeFlags::OBSERVED, false);
            }
        }
    }

    /// Drops the registrations of a node that is about to be freed.
    pub(crate) fn forget_observed(&mut self, node: NodeId) {
        for registered in self.observers.registered.remove(&node).unwrap_or_default() {
            if let Some(nodes) = self.observers.nodes.get_mut(&registered.observer) {
                nodes.retain(|&other| other != node);
            }
        }
    }

    /// The records of an observer since the last call, oldest first.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-mutationobserver-takerecords>
    pub fn take_records(&mut self, observer: ObserverId) -> Vec<MutationRecord> {
        let records = self.observers.queues.remove(&observer).unwrap_or_default();
        if self.observers.queues.is_empty() {
            for node in std::mem::take(&mut self.observers.held) {
                self.set_flag(node, NodeFlags::HELD_BY_RECORD, false);
            }
        }
        records
    }

    /// Whether any observer has a record, or any slot a change, that made a mutation observer microtask necessary.
    #[inline]
    pub fn has_pending_observers(&self) -> bool {
        !self.observers.pending.is_empty() || self.has_signal_slots()
    }

    /// The observers with new records since the last call, in the order of their first.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#notify-mutation-observers> steps 2 and 3
    pub fn take_pending_observers(&mut self) -> Vec<ObserverId> {
        std::mem::take(&mut self.observers.pending)
    }

    /// Whether anything is observed at all; if not, no record need be prepared.
    #[inline]
    pub(crate) fn is_observed(&self) -> bool {
        !self.observers.registered.is_empty()
    }

    /// Lets the subtree of a removed node be observed on.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-remove> step 16
    pub(crate) fn add_transient_observers(&mut self, node: NodeId, parent: NodeId) {
        let mut transient = Vec::new();
        for ancestor in self.inclusive_ancestors(parent) {
            if !self.has_flag(ancestor, NodeFlags::OBSERVED) {
                continue;
            }
            for registered in self
                .observers
                .registered
                .get(&ancestor)
                .into_iter()
                .flatten()
            {
                if registered.options.subtree {
                    transient.push(RegisteredObserver {
                        source: Some(ancestor),
                        ..registered.clone()
                    });
                }
            }
        }
        for registered in transient {
            self.add_registration(node, registered);
        }
    }

    /// Queue a mutation record.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#queue-a-mutation-record>
    pub(crate) fn queue_mutation_record(&mut self, target: NodeId, change: &Change<'_>) {
        // 1–3. Who is interested, and in the old value?
        let mut interested: Vec<(ObserverId, bool)> = Vec::new();
        for node in self.inclusive_ancestors(target) {
            if !self.has_flag(node, NodeFlags::OBSERVED) {
                continue;
            }
            for registered in self.observers.registered.get(&node).into_iter().flatten() {
                let options = &registered.options;
                if (node != target && !options.subtree) || !is_interested(options, change) {
                    continue;
                }
                let wants_old_value = match change.kind {
                    RecordKind::Attributes => options.attribute_old_value,
                    RecordKind::CharacterData => options.character_data_old_value,
                    RecordKind::ChildList => false,
                };
                match interested
                    .iter_mut()
                    .find(|(observer, _)| *observer == registered.observer)
                {
                    Some((_, wants)) => *wants |= wants_old_value,
                    None => interested.push((registered.observer, wants_old_value)),
                }
            }
        }
        if interested.is_empty() {
            return;
        }
        let named = [target]
            .into_iter()
            .chain(change.added.iter().copied())
            .chain(change.removed.iter().copied())
            .chain(change.previous_sibling)
            .chain(change.next_sibling);
        for node in named {
            if !self.has_flag(node, NodeFlags::HELD_BY_RECORD) {
                self.set_flag(node, NodeFlags::HELD_BY_RECORD, true);
                self.observers.held.push(node);
            }
        }
        // 4. One record for each.
        for (observer, wants_old_value) in interested {
            let record = MutationRecord {
                kind: change.kind,
                target,
                added_nodes: change.added.to_vec(),
                removed_nodes: change.removed.to_vec(),
                previous_sibling: change.previous_sibling,
                next_sibling: change.next_sibling,
                attribute_name: change.name.map(|(name, _)| name.clone()),
                attribute_namespace: change
                    .name
                    .map(|(_, namespace)| namespace)
                    .filter(|namespace| **namespace != ns!())
                    .cloned(),
                old_value: change.old_value.clone().filter(|_| wants_old_value),
            };
            self.observers
                .queues
                .entry(observer)
                .or_default()
                .push(record);
            if !self.observers.pending.contains(&observer) {
                self.observers.pending.push(observer);
            }
        }
    }

    /// Queue a tree mutation record.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#queue-a-tree-mutation-record>
    #[inline]
    pub(crate) fn queue_tree_mutation_record(
        &mut self,
        target: NodeId,
        added: &[NodeId],
        removed: &[NodeId],
        previous_sibling: Option<NodeId>,
        next_sibling: Option<NodeId>,
    ) {
        if self.is_observed() {
            self.queue_mutation_record(
                target,
                &Change {
                    kind: RecordKind::ChildList,
                    name: None,
                    old_value: None,
                    added,
                    removed,
                    previous_sibling,
                    next_sibling,
                },
            );
        }
    }
}

fn is_interested(options: &ObserverOptions, change: &Change<'_>) -> bool {
    match change.kind {
        RecordKind::ChildList => options.child_list,
        RecordKind::CharacterData => options.character_data,
        RecordKind::Attributes => {
            options.attributes
                && match (&options.attribute_filter, change.name) {
                    (Some(filter), Some((name, namespace))) => {
                        *namespace == ns!() && filter.contains(name)
                    }
                    _ => true,
                }
        }
    }
}
