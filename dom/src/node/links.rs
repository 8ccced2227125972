//! The links between nodes and what a walk must know of each, in a table of plain integers.
//!
//! OPTIMIZATION: what a walk reads lies close together, two nodes to a cache line; and an embedder whose script walks
//! trees can read the table itself instead of making a call for each step, see [`LinkBlock`].

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::arena::{NodeId, Tree};
use crate::node::{NodeFlags, NodeKind};

/// As a power of two, how many nodes a block has.
pub(crate) const BLOCK: u32 = 10;

/// How many nodes a block has.
pub(crate) const BLOCK_LENGTH: usize = 1 << BLOCK;

/// How many integers a node takes.
const WORDS: usize = 8;

const PARENT: usize = 0;
const FIRST_CHILD: usize = 1;
const LAST_CHILD: usize = 2;
const PREVIOUS_SIBLING: usize = 3;
const NEXT_SIBLING: usize = 4;
const DOCUMENT: usize = 5;
const VERSION: usize = 6;
/// The kind in the low byte, marks in the next, flags in the upper half.
const FACTS: usize = 7;

type Words = [AtomicU32; WORDS];

/// The table of 1,024 nodes whose numbers follow each other. It never moves, and outlives its tree if it is kept.
///
/// The numbers are atomic only because script may read them in place; the tree and its readers share a thread.
#[derive(Debug, Clone)]
pub struct LinkBlock(Arc<Block>);

#[derive(Debug)]
#[repr(align(64))]
struct Block([Words; BLOCK_LENGTH]);

impl LinkBlock {
    /// How many numbers a node takes: the ids of parent, first child, last child, previous and next sibling and node
    /// document (0 for none), a version, and a number whose low byte is [`NodeKind`] and 0 for no node.
    ///
    /// The node document of an id that names no node is 0.
    pub const WORDS_PER_NODE: usize = WORDS;

    /// How many nodes a block has: the numbers of the node `id` are in the block `id / NODES`, from
    /// `id % NODES * WORDS_PER_NODE` on.
    pub const NODES: usize = BLOCK_LENGTH;

    /// The numbers of all nodes of the block.
    pub fn words(&self) -> &[AtomicU32] {
        self.0.0.as_flattened()
    }

    pub(crate) fn new() -> Self {
        Self(Arc::new(Block(
            [const { [const { AtomicU32::new(0) }; WORDS] }; BLOCK_LENGTH],
        )))
    }

    #[inline]
    pub(crate) fn at(&self, index: usize) -> Links<'_> {
        Links(&self.0.0[index & (BLOCK_LENGTH - 1)])
    }
}

impl Tree {
    /// The table of the nodes from `index` times [`LinkBlock::NODES`] on; `None` if there are none yet. Whoever reads it
    /// must not write to it.
    pub fn link_block(&self, index: usize) -> Option<LinkBlock> {
        self.nodes.link_block(index).cloned()
    }
}

/// A node's row of the table.
#[derive(Debug, Copy, Clone)]
pub(crate) struct Links<'t>(&'t Words);

impl<'t> Links<'t> {
    /// The row of what is no node.
    pub(crate) fn of_none(words: &'t Words) -> Self {
        Self(words)
    }

    #[inline]
    fn id(self, word: usize) -> Option<NodeId> {
        NodeId::from_raw(self.0[word].load(Relaxed))
    }

    #[inline]
    pub(crate) fn parent(self) -> Option<NodeId> {
        self.id(PARENT)
    }

    #[inline]
    pub(crate) fn first_child(self) -> Option<NodeId> {
        self.id(FIRST_CHILD)
    }

    #[inline]
    pub(crate) fn last_child(self) -> Option<NodeId> {
        self.id(LAST_CHILD)
    }

    #[inline]
    pub(crate) fn previous_sibling(self) -> Option<NodeId> {
        self.id(PREVIOUS_SIBLING)
    }

    #[inline]
    pub(crate) fn next_sibling(self) -> Option<NodeId> {
        self.id(NEXT_SIBLING)
    }

    /// The node document; a document names itself.
    #[inline]
    pub(crate) fn document(self) -> Option<NodeId> {
        self.id(DOCUMENT)
    }

    #[inline]
    pub(crate) fn version(self) -> u32 {
        self.0[VERSION].load(Relaxed)
    }

    /// `None` for what is no node.
    #[inline]
    pub(crate) fn kind(self) -> Option<NodeKind> {
        NodeKind::from_number(self.0[FACTS].load(Relaxed) as u8)
    }

    /// `nodeType`, 0 for what is no node.
    #[inline]
    pub(crate) fn node_type(self) -> u16 {
        u16::from(self.0[FACTS].load(Relaxed) as u8)
    }

    #[inline]
    pub(crate) fn is_free(self) -> bool {
        // Every node has a node document.
        self.0[DOCUMENT].load(Relaxed) == 0
    }

    #[inline]
    pub(crate) fn flags(self) -> u16 {
        (self.0[FACTS].load(Relaxed) >> 16) as u16
    }

    #[inline]
    pub(crate) fn has_flag(self, flag: u16) -> bool {
        self.flags() & flag != 0
    }

    #[inline]
    pub(crate) fn has_mark(self, mark: u8) -> bool {
        (self.0[FACTS].load(Relaxed) >> 8) as u8 & mark != 0
    }
}

/// A node's row of the table, to be written.
#[derive(Debug)]
pub(crate) struct LinksMut<'t>(pub(crate) Links<'t>);

#[expect(
    clippy::needless_pass_by_ref_mut,
    reason = "who writes holds the tree for writing, though atomics could do without"
)]
impl LinksMut<'_> {
    #[inline]
    fn set(&mut self, word: usize, id: Option<NodeId>) -> Option<NodeId> {
        // NOTE: not an exchange, which would be an atomic one.
        let old = self.0.id(word);
        self.0.0[word].store(id.map_or(0, NodeId::raw), Relaxed);
        old
    }

    /// Each setter gives what was there.
    #[inline]
    pub(crate) fn set_parent(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(PARENT, id)
    }

    #[inline]
    pub(crate) fn set_first_child(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(FIRST_CHILD, id)
    }

    #[inline]
    pub(crate) fn set_last_child(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(LAST_CHILD, id)
    }

    #[inline]
    pub(crate) fn set_previous_sibling(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(PREVIOUS_SIBLING, id)
    }

    #[inline]
    pub(crate) fn set_next_sibling(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(NEXT_SIBLING, id)
    }

    #[inline]
    pub(crate) fn set_document(&mut self, id: Option<NodeId>) -> Option<NodeId> {
        self.set(DOCUMENT, id)
    }

    #[inline]
    fn set_bits(&mut self, bits: u32, on: bool) {
        let word = &self.0.0[FACTS];
        let old = word.load(Relaxed);
        word.store(if on { old | bits } else { old & !bits }, Relaxed);
    }

    #[inline]
    pub(crate) fn set_flag(&mut self, flag: u16, on: bool) {
        self.set_bits(u32::from(flag) << 16, on);
    }

    #[inline]
    pub(crate) fn set_mark(&mut self, mark: u8, on: bool) {
        self.set_bits(u32::from(mark) << 8, on);
    }

    /// Begins the life of a node without links.
    #[inline]
    pub(crate) fn begin(&mut self, kind: NodeKind, document: NodeId, flags: NodeFlags) {
        self.set_document(Some(document));
        let facts = kind as u32 | u32::from(flags.0) << 16;
        self.0.0[FACTS].store(facts, Relaxed);
    }

    /// Ends it. The next node there has another version.
    pub(crate) fn end(&mut self) {
        let version = self.0.version().wrapping_add(1);
        for word in self.0.0 {
            word.store(0, Relaxed);
        }
        self.0.0[VERSION].store(version, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::document::DocumentInit;

    fn row(tree: &Tree, id: NodeId) -> Vec<u32> {
        let block = tree
            .link_block(id.index() / LinkBlock::NODES)
            .expect("the node has a block");
        let start = id.index() % LinkBlock::NODES * LinkBlock::WORDS_PER_NODE;
        block.words()[start..start + LinkBlock::WORDS_PER_NODE]
            .iter()
            .map(|word| word.load(Relaxed))
            .collect()
    }

    #[track_caller]
    fn check(tree: &Tree, id: NodeId) {
        let raw = |id: Option<NodeId>| id.map_or(0, NodeId::raw);
        let row = row(tree, id);
        let links = [
            tree.parent(id),
            tree.first_child(id),
            tree.last_child(id),
            tree.previous_sibling(id),
            tree.next_sibling(id),
            tree.node_document(id),
        ];
        assert_eq!(row[..6], links.map(raw));
        assert_eq!(row[7] & 0xff, u32::from(tree.node_type(id)));
    }

    #[test]
    fn the_table_says_what_the_tree_does() {
        let mut tree = Tree::default();
        let document = tree
            .create_document(DocumentInit::html("about:blank"))
            .expect("there is room");
        let top = tree.create_html_element(document, "div").expect("valid");
        let mut nodes = vec![document, top];
        for index in 0..3 * LinkBlock::NODES {
            let node = tree.create_html_element(document, "p").expect("valid");
            let before = (index % 3 == 0).then(|| tree.first_child(top)).flatten();
            tree.insert_before(node, top, before).expect("it fits");
            nodes.push(node);
        }
        for &node in nodes.iter().step_by(7).skip(1) {
            tree.remove(node).expect("it is there");
        }
        nodes.iter().for_each(|&node| check(&tree, node));
        // A freed node has no links, and another version.
        let last = tree.last_child(top).expect("there is one");
        let version = row(&tree, last)[VERSION];
        tree.free_subtree(top).expect("it has no parent");
        let freed = row(&tree, last);
        assert_ne!(freed[VERSION], version);
        assert_eq!(freed.iter().filter(|&&word| word != 0).count(), 1);
        assert_eq!(tree.kind(last), None);
    }
}
