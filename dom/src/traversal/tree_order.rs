//! Tree order: iterators, containment, relative position.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-tree-order>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::node::NodeKind;
use crate::node::links::Links;

/// The children of a node, in order. See [`Tree::children`].
#[derive(Debug, Clone)]
pub struct Children<'a> {
    tree: &'a Tree,
    next: Option<NodeId>,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        let node = self.next?;
        self.next = self.tree.next_sibling(node);
        Some(node)
    }
}

/// The descendants of a node, in tree order. See [`Tree::descendants`].
#[derive(Debug, Clone)]
pub struct Descendants<'a> {
    tree: &'a Tree,
    root: NodeId,
    next: Option<NodeId>,
}

impl Iterator for Descendants<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        let node = self.next?;
        self.next = self.tree.following_in(self.root, node);
        Some(node)
    }
}

/// The ancestors of a node, from its parent up. See [`Tree::ancestors`].
#[derive(Debug, Clone)]
pub struct Ancestors<'a> {
    tree: &'a Tree,
    next: Option<NodeId>,
}

impl Iterator for Ancestors<'_> {
    type Item = NodeId;

    #[inline]
    fn next(&mut self) -> Option<NodeId> {
        let node = self.next?;
        self.next = self.tree.parent(node);
        Some(node)
    }
}

/// How `compareDocumentPosition()` tells where a node is.
///
/// Standard: <https://dom.spec.whatwg.org/#dom-node-comparedocumentposition>
pub mod position {
    /// The nodes are not in the same tree.
    pub const DISCONNECTED: u16 = 1;
    /// The other node comes before.
    pub const PRECEDING: u16 = 2;
    /// The other node comes after.
    pub const FOLLOWING: u16 = 4;
    /// The other node is an ancestor.
    pub const CONTAINS: u16 = 8;
    /// The other node is a descendant.
    pub const CONTAINED_BY: u16 = 16;
    /// The order is consistent, but ours.
    pub const IMPLEMENTATION_SPECIFIC: u16 = 32;
}

impl Tree {
    /// The children of `id`, in order.
    #[inline]
    pub fn children(&self, id: NodeId) -> Children<'_> {
        Children {
            tree: self,
            next: self.first_child(id),
        }
    }

    /// How many children `id` has; walks them.
    pub fn child_count(&self, id: NodeId) -> usize {
        self.children(id).count()
    }

    /// The child of `id` at `index`; walks there.
    pub fn child_at(&self, id: NodeId, index: usize) -> Option<NodeId> {
        self.children(id).nth(index)
    }

    /// The descendants of `id`, without itself, in tree order. A template's contents are not among them.
    #[inline]
    pub fn descendants(&self, id: NodeId) -> Descendants<'_> {
        Descendants {
            tree: self,
            root: id,
            next: self.first_child(id),
        }
    }

    /// `id` and its descendants, in tree order.
    #[inline]
    pub fn inclusive_descendants(&self, id: NodeId) -> Descendants<'_> {
        Descendants {
            tree: self,
            root: id,
            next: self.exists(id).then_some(id),
        }
    }

    /// The ancestors of `id`, from its parent up to the root.
    #[inline]
    pub fn ancestors(&self, id: NodeId) -> Ancestors<'_> {
        Ancestors {
            tree: self,
            next: self.parent(id),
        }
    }

    /// `id` and its ancestors, from itself up to the root.
    #[inline]
    pub fn inclusive_ancestors(&self, id: NodeId) -> Ancestors<'_> {
        Ancestors {
            tree: self,
            next: Some(id),
        }
    }

    /// The node after `node` in tree order, within the tree below `root`.
    #[inline]
    pub fn following_in(&self, root: NodeId, node: NodeId) -> Option<NodeId> {
        self.following_by_links(root, node, self.links(node))
    }

    /// [`Self::following_in`] for who has looked at the node's links. OPTIMIZATION: each look is a load that the next one waits for.
    #[inline]
    pub(crate) fn following_by_links(
        &self,
        root: NodeId,
        node: NodeId,
        links: Links<'_>,
    ) -> Option<NodeId> {
        if let Some(next) = links.first_child() {
            return Some(next);
        }
        if node == root {
            return None;
        }
        match links.next_sibling() {
            Some(next) => Some(next),
            None => self.following_outside(root, links.parent()?),
        }
    }

    /// The node after `node` and all its descendants in tree order, within the tree below `root`.
    #[inline]
    pub fn following_outside(&self, root: NodeId, node: NodeId) -> Option<NodeId> {
        let mut node = node;
        while node != root {
            let links = self.links(node);
            if let Some(sibling) = links.next_sibling() {
                return Some(sibling);
            }
            node = links.parent()?;
        }
        None
    }

    /// The node before `node` in tree order, within the tree below `root`, which is the last to be returned.
    pub fn preceding_in(&self, root: NodeId, node: NodeId) -> Option<NodeId> {
        if node == root {
            return None;
        }
        match self.previous_sibling(node) {
            Some(sibling) => Some(self.last_inclusive_descendant(sibling)),
            None => self.parent(node),
        }
    }

    /// The last of the node and its descendants in tree order.
    pub fn last_inclusive_descendant(&self, id: NodeId) -> NodeId {
        let mut last = id;
        while let Some(child) = self.last_child(last) {
            last = child;
        }
        last
    }

    /// Whether `other` is `id` or a descendant of it.
    #[inline]
    pub fn contains(&self, id: NodeId, other: NodeId) -> bool {
        if id == other {
            return self.exists(id);
        }
        // OPTIMIZATION: a node without children contains nothing else.
        if self.first_child(id).is_none() {
            return false;
        }
        self.ancestors(other).any(|ancestor| ancestor == id)
    }

    /// How many siblings come before `id`; walks them.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-tree-index>
    pub fn index(&self, id: NodeId) -> usize {
        let mut index = 0;
        let mut node = id;
        while let Some(previous) = self.previous_sibling(node) {
            index += 1;
            node = previous;
        }
        index
    }

    /// The length of a node: units of its data, or children; 0 for doctypes and attributes.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-length>
    pub fn length(&self, id: NodeId) -> usize {
        match self.kind(id) {
            None | Some(NodeKind::DocumentType | NodeKind::Attr) => 0,
            _ => match self.character_data(id) {
                Some(data) => data.len(),
                None => self.child_count(id),
            },
        }
    }

    /// Whether `a` comes before `b` in tree order. Both are in the same tree; an ancestor comes before its descendants.
    pub fn precedes(&self, a: NodeId, b: NodeId) -> bool {
        self.compare_document_position(b, a) & position::PRECEDING != 0
    }

    /// Where `other` is, seen from `id`: a sum of the numbers in [`position`]; 0 if they are the same node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-comparedocumentposition>
    pub fn compare_document_position(&self, id: NodeId, other: NodeId) -> u16 {
        use position::*;
        // 1. The same node.
        if id == other {
            return 0;
        }
        // 2–5. Attributes stand for their elements.
        let attr1 = self.attr_data(other);
        let attr2 = self.attr_data(id);
        let node1 = match attr1 {
            Some(attr) => attr.element,
            None => Some(other),
        };
        let node2 = match attr2 {
            Some(attr) => attr.element,
            None => Some(id),
        };
        if attr1.is_some() && attr2.is_some() && node1 == node2 && node1.is_some() {
            let before = self.attr_index(other) < self.attr_index(id);
            return IMPLEMENTATION_SPECIFIC | if before { PRECEDING } else { FOLLOWING };
        }
        // 6. Not in the same tree: by slot, which is consistent.
        let (Some(node1), Some(node2)) = (node1, node2) else {
            return disconnected(id, other);
        };
        let path1 = self.path_from_root(node1);
        let path2 = self.path_from_root(node2);
        if path1.first() != path2.first() {
            return disconnected(id, other);
        }
        // 7–10. The paths part where the answer is.
        let shared = path1
            .iter()
            .zip(&path2)
            .take_while(|(one, two)| one == two)
            .count();
        match (path1.get(shared), path2.get(shared)) {
            (None, None) => {
                // The attribute and its own element.
                if attr2.is_some() {
                    CONTAINS | PRECEDING
                } else {
                    CONTAINED_BY | FOLLOWING
                }
            }
            (None, Some(_)) => {
                if attr1.is_some() {
                    PRECEDING
                } else {
                    CONTAINS | PRECEDING
                }
            }
            (Some(_), None) => {
                if attr2.is_some() {
                    FOLLOWING
                } else {
                    CONTAINED_BY | FOLLOWING
                }
            }
            (Some(&one), Some(&two)) => {
                if self.is_earlier_sibling(one, two) {
                    PRECEDING
                } else {
                    FOLLOWING
                }
            }
        }
    }

    fn path_from_root(&self, id: NodeId) -> Vec<NodeId> {
        let mut path: Vec<_> = self.inclusive_ancestors(id).collect();
        path.reverse();
        path
    }

    /// Whether `one` comes before its sibling `two`. Walks from both in step, so that the nearer end decides the cost.
    fn is_earlier_sibling(&self, one: NodeId, two: NodeId) -> bool {
        let mut after_one = self.next_sibling(one);
        let mut after_two = self.next_sibling(two);
        loop {
            match (after_one, after_two) {
                (Some(node), _) if node == two => return true,
                (_, Some(node)) if node == one => return false,
                (_, None) => return true,
                (None, _) => return false,
                (Some(a), Some(b)) => {
                    after_one = self.next_sibling(a);
                    after_two = self.next_sibling(b);
                }
            }
        }
    }
}

fn disconnected(id: NodeId, other: NodeId) -> u16 {
    position::DISCONNECTED
        | position::IMPLEMENTATION_SPECIFIC
        | if other < id {
            position::PRECEDING
        } else {
            position::FOLLOWING
        }
}
