//! The slots of the arena, in blocks that never move.
//!
//! OPTIMIZATION: one growing vector would copy every node each time it grows, and touch twice the memory.

use crate::arena::NodeId;
use crate::node::Node;
use crate::node::links::{BLOCK, BLOCK_LENGTH, LinkBlock, Links};

/// Slots by number; slot 0 is never a node.
#[derive(Debug, Default)]
pub(crate) struct Slab {
    /// All but the last are full.
    blocks: Vec<Vec<Node>>,
    /// As many.
    links: Vec<LinkBlock>,
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

    /// The number that the next slot gets.
    pub(crate) fn next(&self) -> usize {
        match self.blocks.split_last() {
            Some((last, full)) => (full.len() << BLOCK) + last.len(),
            None => 1,
        }
    }

    #[inline]
    pub(crate) fn push(&mut self, node: Node) {
        match self.blocks.last_mut() {
            Some(last) if last.len() <= MASK => last.push(node),
            _ => self.push_to_new_block(node),
        }
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
    }
}
