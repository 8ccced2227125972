//! Node iterators: the position that follows removals. Filtering and stepping call script, so they are the caller's.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-nodeiterator>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeFlags;

/// The name of a node iterator; small and dense, used again after [`Tree::free_node_iterator`].
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub struct NodeIteratorId(u32);

impl NodeIteratorId {
    /// The id with the number `raw`. Whether there is such an iterator is found out when it is used.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The id's number.
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// Where a node iterator stands.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub struct NodeIteratorPosition {
    /// The root it does not leave.
    pub root: NodeId,
    /// The reference.
    pub reference: NodeId,
    /// Whether the pointer is before the reference.
    pub pointer_before_reference: bool,
}

/// All node iterators of a tree; a free slot is `None`.
#[derive(Debug, Default)]
pub(crate) struct NodeIterators {
    positions: Vec<Option<NodeIteratorPosition>>,
    free: Vec<usize>,
    live: u32,
}

impl NodeIterators {
    pub(crate) fn names(&self, node: NodeId) -> bool {
        self.positions
            .iter()
            .flatten()
            .any(|position| position.root == node || position.reference == node)
    }
}

impl Tree {
    /// Makes a node iterator at its root, pointer before it.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if there are too many.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-document-createnodeiterator>
    pub fn create_node_iterator(&mut self, root: NodeId) -> Result<NodeIteratorId, DomError> {
        let positions = &mut self.node_iterators.positions;
        let index = match self.node_iterators.free.pop() {
            Some(index) => index,
            None => {
                positions.push(None);
                positions.len() - 1
            }
        };
        let id = NodeIteratorId(u32::try_from(index).map_err(|_| DomError::NodeLimit)?);
        if let Some(slot) = positions.get_mut(index) {
            *slot = Some(NodeIteratorPosition {
                root,
                reference: root,
                pointer_before_reference: true,
            });
        }
        self.node_iterators.live += 1;
        self.set_flag(root, NodeFlags::RANGE_BOUNDARY, true);
        Ok(id)
    }

    /// Where the iterator stands now.
    pub fn node_iterator(&self, iterator: NodeIteratorId) -> Option<NodeIteratorPosition> {
        *self.node_iterators.positions.get(iterator.0 as usize)?
    }

    /// Moves the iterator, after a step of the caller's.
    pub fn set_node_iterator(
        &mut self,
        iterator: NodeIteratorId,
        reference: NodeId,
        pointer_before_reference: bool,
    ) {
        let slot = self
            .node_iterators
            .positions
            .get_mut(iterator.0 as usize)
            .and_then(Option::as_mut);
        if let Some(position) = slot {
            position.reference = reference;
            position.pointer_before_reference = pointer_before_reference;
            self.set_flag(reference, NodeFlags::RANGE_BOUNDARY, true);
        }
    }

    /// Forgets an iterator that nothing can reach any more.
    pub fn free_node_iterator(&mut self, iterator: NodeIteratorId) {
        if let Some(slot) = self.node_iterators.positions.get_mut(iterator.0 as usize)
            && slot.take().is_some()
        {
            self.node_iterators.live -= 1;
            self.node_iterators.free.push(iterator.0 as usize);
        }
    }

    /// The pre-remove steps of all node iterators.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#nodeiterator-pre-removing-steps>
    #[inline]
    pub(crate) fn pre_remove_node_iterators(&mut self, node: NodeId) {
        if self.node_iterators.live == 0 {
            return;
        }
        let mut iterators = std::mem::take(&mut self.node_iterators);
        for position in iterators.positions.iter_mut().flatten() {
            self.pre_remove_node_iterator(node, position);
            self.set_flag(position.reference, NodeFlags::RANGE_BOUNDARY, true);
        }
        self.node_iterators = iterators;
    }

    fn pre_remove_node_iterator(&self, node: NodeId, position: &mut NodeIteratorPosition) {
        // 1. Only where the reference goes and the root stays.
        if !self.contains(node, position.reference) || self.contains(node, position.root) {
            return;
        }
        // 2. Before the reference: to what follows the removed tree.
        if position.pointer_before_reference {
            if let Some(next) = self.following_outside(position.root, node) {
                position.reference = next;
                return;
            }
            position.pointer_before_reference = false;
        }
        // 3. Else to what comes before it.
        if let Some(previous) = self.preceding_in(position.root, node) {
            position.reference = previous;
        }
    }
}
