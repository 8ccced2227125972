//! The slots of the arena, in blocks that never move.
//!
//! OPTIMIZATION: one growing vector would copy every node each time it grows, and touch twice the memory.

use crate::arena::NodeId;
use crate::node::Node;

/// Slots by number; slot 0 is never a node.
#[derive(Debug, Default)]
pub(crate) struct Slab {
    /// All but the last are full.
    blocks: Vec<Vec<Node>>,
}

/// As a power of two, how many slots a block has. A tree with few nodes allocates one block's worth at most.
const BLOCK: u32 = 10;
const MASK: usize = (1 << BLOCK) - 1;

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

    /// The number that the next slot gets.
    pub(crate) fn next(&self) -> usize {
        match self.blocks.split_last() {
            Some((last, full)) => (full.len() << BLOCK) + last.len(),
            None => 1,
        }
    }

    pub(crate) fn push(&mut self, node: Node) {
        match self.blocks.last_mut() {
            Some(last) if last.len() <= MASK => last.push(node),
            // The first block grows with the tree.
            None => self.blocks.push(vec![Node::FREE, node]),
            Some(_) => {
                let mut block = Vec::with_capacity(MASK + 1);
                block.push(node);
                self.blocks.push(block);
            }
        }
    }
}
