//! The slots of the arena, in blocks that never move.
//!
//! OPTIMIZATION: one growing vector would copy every node each time it grows, and touch twice the memory.

use crate::arena::NodeId;
use crate::node::free_slots::FreeSlots;
use crate::node::links::{BLOCK, BLOCK_LENGTH, LinkBlock, Links};
use crate::node::{Node, NodeData};

/// Slots by number; slot 0 is never a node.
#[derive(Debug, Default)]
pub(crate) struct Slab {
    /// All but the last are full.
    blocks: Vec<Vec<Node>>,
    /// As many.
    links: Vec<LinkBlock>,
    free: FreeSlots,
}

const MASK: usize = BLOCK_LENGTH - 1;

impl Slab {
    #[inline]
    pub(crate) fn get(&self, id: NodeId) -> Option<&Node> {
        let index = id.index();
        self.blocks.get(index >> BLOCK)?.get(index & MASK)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        let index = id.index();
        self.blocks.get_mut(index >> BLOCK)?.get_mut(index & MASK)
    }

    #[inline]
    pub(crate) fn links(&self, id: NodeId) -> Option<Links<'_>> {
        let index = id.index();
        Some(self.links.get(index >> BLOCK)?.at(index & MASK))
    }

    pub(crate) fn link_block(&self, index: usize) -> Option<&LinkBlock> {
        self.links.get(index)
    }

    /// Puts a node into a slot; `None` if there are no more numbers.
    #[inline]
    pub(crate) fn insert(&mut self, data: NodeData) -> Option<NodeId> {
        if let Some(slot) = self.free.take()
            && let Some(id) = NodeId::from_raw(slot)
            && let Some(node) = self.get_mut(id)
        {
            node.data = data;
            return Some(id);
        }
        self.push(Node { data })
    }

    /// Takes the node out of a slot, which waits for another one.
    #[inline]
    pub(crate) fn remove(&mut self, id: NodeId) {
        if let Some(node) = self.get_mut(id) {
            node.data = NodeData::Free;
            self.free.give_back(id.raw());
        }
    }

    #[inline]
    fn push(&mut self, node: Node) -> Option<NodeId> {
        let full = match self.blocks.split_last_mut() {
            Some((last, full)) if last.len() <= MASK => {
                let slot = (full.len() << BLOCK) + last.len();
                let id = u32::try_from(slot).ok().and_then(NodeId::from_raw)?;
                last.push(node);
                return Some(id);
            }
            _ => self.blocks.len(),
        };
        let id = u32::try_from((full << BLOCK).max(1))
            .ok()
            .and_then(NodeId::from_raw)?;
        self.push_to_new_block(node);
        Some(id)
    }

    // NOTE: apart, for the new block of links is made on the stack.
    #[cold]
    #[inline(never)]
    fn push_to_new_block(&mut self, node: Node) {
        self.blocks.push(match self.blocks.is_empty() {
            // The first block grows with the tree.
            true => vec![Node::FREE, node],
            false => {
                let mut block = Vec::with_capacity(BLOCK_LENGTH);
                block.push(node);
                block
            }
        });
        self.links.push(LinkBlock::new());
        self.free.add_block();
    }
}
