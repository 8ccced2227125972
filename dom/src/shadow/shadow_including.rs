//! Trees with their shadow trees: roots, order, containment, retargeting.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-shadow-including-tree-order>, text of November 2026.

use std::collections::HashSet;

use crate::arena::{NodeId, Tree};

impl Tree {
    /// The root of the tree of `id`, or, if that is a shadow root, the shadow-including root of its host.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-shadow-including-root>
    pub fn shadow_including_root(&self, id: NodeId) -> NodeId {
        let mut root = self.root(id);
        while let Some(host) = self.shadow_host(root) {
            // OPTIMIZATION: a connected node ends at its document.
            root = match self.node_document(host) {
                Some(document) if self.is_connected(host) => document,
                _ => self.root(host),
            };
        }
        root
    }

    /// Whether `other` is `id`, below it, or in a shadow tree below it.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-shadow-including-inclusive-ancestor>
    pub fn is_shadow_including_inclusive_ancestor(&self, id: NodeId, other: NodeId) -> bool {
        let mut current = Some(other);
        while let Some(node) = current {
            if node == id {
                return self.exists(id);
            }
            current = self.parent(node).or_else(|| self.shadow_host(node));
        }
        false
    }

    /// The node after `node` in shadow-including tree order, within what is below `root`: a host's shadow tree comes
    /// before its children.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-shadow-including-tree-order>
    pub fn following_shadow_including(&self, root: NodeId, node: NodeId) -> Option<NodeId> {
        if let Some(shadow) = self.shadow_root(node) {
            return Some(shadow);
        }
        if let Some(child) = self.first_child(node) {
            return Some(child);
        }
        let mut node = node;
        while node != root {
            if let Some(sibling) = self.next_sibling(node) {
                return Some(sibling);
            }
            node = match self.parent(node) {
                Some(parent) => parent,
                None => {
                    // A shadow tree ends: its host's children come next.
                    let host = self.shadow_host(node)?;
                    if let Some(child) = self.first_child(host) {
                        return Some(child);
                    }
                    host
                }
            };
        }
        None
    }

    /// What stands for `a` where `b` can see it: `a`, or the host of a tree around it. `b` is `None` for an object that
    /// is no node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#retarget>
    pub fn retarget(&self, a: NodeId, b: Option<NodeId>) -> NodeId {
        let mut a = a;
        let mut around = None;
        // 1. Outside shadow trees, or in one around `b`: it is.
        while let Some(root) = self.containing_shadow_root(a) {
            let around = around.get_or_insert_with(|| self.roots_around(b));
            if around.contains(&root) {
                break;
            }
            // 2. Else its host.
            match self.shadow_host(root) {
                Some(host) => a = host,
                None => break,
            }
        }
        a
    }

    /// The root of a node's tree, of its host's tree, and so on.
    fn roots_around(&self, node: Option<NodeId>) -> HashSet<NodeId> {
        let mut roots = HashSet::new();
        let mut next = node;
        while let Some(node) = next {
            let root = self.root(node);
            roots.insert(root);
            next = self.shadow_host(root);
        }
        roots
    }
}
