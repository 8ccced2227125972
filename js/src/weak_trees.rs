//! What the wrappers of detached trees are held by between tasks: the collector takes them once script has lost them.
//!
//! OPTIMIZATION: where the engine has weak handles, they see a young wrapper die in a small collection; a `WeakRef` waits for a full
//! one, and to look at it is to keep it. QuickJS counts references; there the glue has a `WeakRef` for each tree, see
//! `js/web/dom/node_lifetime.js`.

use std::collections::HashMap;

use readystate_dom::NodeId;

use crate::backend::WeakWrapper;

/// The weak trees by their roots.
#[derive(Default)]
pub(crate) struct WeakTrees {
    trees: HashMap<NodeId, WeakTree>,
    /// How many there have to be for a look to be worth its time.
    next_look: usize,
    /// How many collections there had been at the last look.
    collections: u32,
}

/// What holds the wrappers of a weak tree.
struct WeakTree {
    /// The key of the origin whose wrappers they are.
    group: u32,
    wrappers: WeakWrapper,
}

/// So few are always looked at.
const FEW: usize = 64;

/// So many more than after the last look are worth another one.
const MORE: usize = 1024;

impl WeakTrees {
    pub(crate) fn insert(&mut self, root: NodeId, group: u32, wrappers: WeakWrapper) {
        self.trees.insert(root, WeakTree { group, wrappers });
    }

    /// How many there are, those included whose wrappers have gone since the last look.
    pub(crate) fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether an origin has any.
    pub(crate) fn has_of(&self, group: u32) -> bool {
        self.trees.values().any(|tree| tree.group == group)
    }

    /// The key of the origin that has the tree of this root.
    pub(crate) fn group_of(&self, root: NodeId) -> Option<u32> {
        self.trees.get(&root).map(|tree| tree.group)
    }

    /// Takes a tree out; `None` if there is none.
    pub(crate) fn remove(&mut self, root: NodeId) -> Option<WeakWrapper> {
        self.trees.remove(&root).map(|tree| tree.wrappers)
    }

    /// Whether a look may find something, after that many collections, and is worth its time, which grows with the trees.
    pub(crate) fn wants_look(&self, collections: u32) -> bool {
        let count = self.trees.len();
        self.collections != collections && (count >= self.next_look || count <= FEW)
    }

    /// Takes out the trees whose wrappers are gone, and gives their roots.
    pub(crate) fn take_lost(&mut self, collections: u32) -> Vec<NodeId> {
        let mut lost = Vec::new();
        self.trees.retain(|root, tree| {
            let is_lost = tree.wrappers.is_gone();
            if is_lost {
                lost.push(*root);
            }
            !is_lost
        });
        self.next_look = self.trees.len() + self.trees.len() / 4 + MORE;
        self.collections = collections;
        lost
    }
}
