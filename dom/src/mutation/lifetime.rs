//! Which detached trees script may lose, and what is left of them when it has.
//!
//! The lifetime of nodes is ours: a tree in a window's document lives, any other lives while script can reach one of its
//! wrappers. Here is the half that knows trees; the embedder knows wrappers. At the end of a task it asks for the
//! detached trees ([`Tree::sweep`]) and from then on holds their wrappers weakly, all wrappers of a tree as one. Such a
//! tree is *weak*: once its wrappers are gone it is freed ([`Tree::free_weak`]). What joins or splits a weak tree, or
//! makes a wrapper in it, makes it strong again first and tells the embedder ([`Tree::take_strengthened`]).
//!
//! OPTIMIZATION: nodes cost nothing for this. The price of a sweep is that of the trees it looks at, and it waits until
//! at least half as many nodes were wrapped or removed as the last one has looked at.
//!
//! Not weakened, hence kept until that ends: trees with a boundary of a live range or a node iterator, with an observed
//! node, with one that a mutation record, a paused parser or the host still needs, and documents with template contents.

use std::collections::HashMap;

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::{NodeFlags, NodeKind, NodeMarks};

/// What is remembered between sweeps.
#[derive(Debug, Default)]
pub(crate) struct Lifetime {
    /// Nodes that were wrapped or removed; the mark tells which are here.
    candidates: Vec<NodeHandle>,
    /// Roots of trees that were weak.
    strengthened: Vec<NodeId>,
    /// How many nodes the last sweep has looked at.
    looked_at: usize,
    /// How many nodes lived after it.
    live: u32,
    /// Nodes the host will come back to, and how often it said so.
    held: HashMap<NodeId, u32>,
}

/// A tree that became weak.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeakTree {
    /// The root, by which the tree is named.
    pub root: NodeId,
    /// The node document, if it lives only as long as its nodes do.
    pub document: Option<NodeId>,
    /// The nodes that have wrappers.
    pub wrapped: Vec<NodeId>,
}

/// With fewer candidates a sweep is not worth its call.
const MIN_CANDIDATES: usize = 512;

/// A tree of one candidate may be large: this many new nodes are worth a sweep too.
const MIN_GROWTH: u32 = 32_768;

impl Tree {
    /// The node whose wrappers decide over `id`: the root, from template contents and shadow trees on that of their host.
    fn lifetime_root(&self, id: NodeId) -> NodeId {
        let mut top = id;
        loop {
            if self.is_connected(top)
                && let Some(document) = self.node_document(top)
            {
                return document;
            }
            let above = self.parent(top).or_else(|| self.host(top));
            match above.or_else(|| self.owner_element(top)) {
                Some(above) if self.exists(above) => top = above,
                _ => return top,
            }
        }
    }

    /// Calls `visit` with every node that lives and dies with `root`; how many they are.
    fn visit_lifetime(&mut self, root: NodeId, mut visit: impl FnMut(&mut Self, NodeId)) -> usize {
        let mut count = 0;
        let mut roots = vec![root];
        while let Some(root) = roots.pop() {
            let mut next = Some(root);
            while let Some(id) = next {
                count += 1;
                visit(self, id);
                for index in 0..self.attributes(id).len() {
                    if let Some(attr) = self.attributes(id).get(index).and_then(|attr| attr.node) {
                        visit(self, attr);
                    }
                }
                roots.extend(self.own_template_contents(id));
                roots.extend(self.shadow_root(id));
                next = self.following_in(root, id);
            }
        }
        count
    }

    /// Notes a node that was wrapped or removed, for the next sweep to look at its tree.
    #[inline]
    pub(crate) fn note_candidate(&mut self, id: NodeId) {
        // OPTIMIZATION: of the nodes of a document, the document stands for all.
        let id = match self.node_document(id) {
            Some(document) if self.is_connected(id) => document,
            _ => id,
        };
        if !self.links(id).has_mark(NodeMarks::CANDIDATE) {
            self.links_mut(id).set_mark(NodeMarks::CANDIDATE, true);
            let handle = self.handle(id);
            // Within one task many may come and die: the dead make room.
            let known = &self.lifetime.candidates;
            if known.len() >= 4096 && known.len() == known.capacity() {
                let mut candidates = std::mem::take(&mut self.lifetime.candidates);
                candidates.retain(|&handle| self.resolve(handle).is_some());
                self.lifetime.candidates = candidates;
            }
            self.lifetime.candidates.extend(handle);
        }
    }

    /// Whether [`Self::sweep`] would have enough to do.
    pub fn wants_sweep(&self) -> bool {
        let Lifetime {
            candidates,
            looked_at,
            live,
            ..
        } = &self.lifetime;
        let grown = self.node_count().saturating_sub(*live);
        let is_enough = candidates.len() >= MIN_CANDIDATES.max(looked_at / 2)
            || (grown >= MIN_GROWTH.max(live / 2) && !candidates.is_empty());
        is_enough && !self.has_effects()
    }

    /// The documents without a window whose nodes outside their trees are about to be looked at: they are to be wrapped
    /// before [`Self::sweep`], for such a node keeps its document.
    pub fn documents_of_candidates(&self, is_held: impl Fn(NodeId) -> bool) -> Vec<NodeId> {
        let mut documents: Vec<NodeId> = Vec::new();
        for &candidate in &self.lifetime.candidates {
            let document = self
                .resolve(candidate)
                .filter(|&id| !self.is_connected(id))
                .and_then(|id| self.node_document(id));
            if let Some(document) = document
                && documents.last() != Some(&document)
                && !is_held(document)
                && !documents.contains(&document)
            {
                documents.push(document);
            }
        }
        documents
    }

    /// Makes the trees of the nodes that were wrapped or removed since the last sweep weak, and gives them; those that
    /// have no wrapper are freed. `is_held` tells the documents of windows.
    pub fn sweep(&mut self, is_held: impl Fn(NodeId) -> bool) -> Vec<WeakTree> {
        let candidates = std::mem::take(&mut self.lifetime.candidates);
        let mut roots = Vec::new();
        let mut seen = Vec::new();
        for handle in candidates {
            let Some(candidate) = self.resolve(handle) else {
                continue;
            };
            self.links_mut(candidate)
                .set_mark(NodeMarks::CANDIDATE, false);
            if let Some(root) = self.unseen_lifetime_root(candidate, &mut seen)
                && !is_held(root)
            {
                roots.push(root);
            }
        }
        for id in seen {
            self.links_mut(id).set_mark(NodeMarks::SEEN, false);
        }
        self.lifetime.looked_at = 0;
        // Trees first, documents last: a tree that stays strong keeps its document.
        roots.sort_by_key(|&root| self.kind(root) == Some(NodeKind::Document));
        let mut kept_documents: Vec<NodeId> = Vec::new();
        let mut weak = Vec::new();
        for root in roots {
            if !self.exists(root) {
                continue;
            }
            let document = self.node_document(root).filter(|&own| own != root);
            let document = document.filter(|&document| !is_held(document));
            let is_kept = kept_documents.contains(&root);
            let mut wrapped = Vec::new();
            let mut is_needed = is_kept;
            let count = self.visit_lifetime(root, |tree, id| {
                is_needed |= tree.is_needed(id);
                if tree.is_wrapped(id) {
                    wrapped.push(id);
                }
            });
            self.lifetime.looked_at += count;
            if is_needed {
                kept_documents.extend(document);
                self.note_candidate(root);
            } else if wrapped.is_empty() {
                self.release_tree(root);
            } else {
                self.visit_lifetime(root, |tree, id| tree.set_flag(id, NodeFlags::WEAK, true));
                weak.push(WeakTree {
                    root,
                    document,
                    wrapped,
                });
            }
        }
        self.lifetime.live = self.node_count();
        weak
    }

    /// As [`Self::lifetime_root`], but `None` if the way there was gone before; `seen` gets the nodes on it.
    fn unseen_lifetime_root(&mut self, id: NodeId, seen: &mut Vec<NodeId>) -> Option<NodeId> {
        let mut top = id;
        loop {
            if self.is_connected(top)
                && let Some(document) = self.node_document(top)
            {
                top = document;
            }
            if self.links(top).has_mark(NodeMarks::SEEN) {
                return None;
            }
            self.links_mut(top).set_mark(NodeMarks::SEEN, true);
            seen.push(top);
            if self.kind(top) == Some(NodeKind::Document) {
                return Some(top);
            }
            let above = self.parent(top).or_else(|| self.host(top));
            match above.or_else(|| self.owner_element(top)) {
                Some(above) if self.exists(above) => top = above,
                _ => return Some(top),
            }
        }
    }

    /// Whether something other than a wrapper still needs `id`.
    fn is_needed(&self, id: NodeId) -> bool {
        let needed = NodeFlags::HELD_BY_PARSER | NodeFlags::HELD_BY_RECORD | NodeFlags::OBSERVED;
        self.has_flag(id, needed)
            || self.is_range_boundary(id)
            || self.lifetime.held.contains_key(&id)
            || (self.kind(id) == Some(NodeKind::Document)
                && self
                    .document_data(id)
                    .is_some_and(|data| data.template_owner.is_some()))
    }

    /// Makes the tree of `id` strong if it is weak, and its document with it. To be called before its structure changes.
    #[inline]
    pub(crate) fn strengthen(&mut self, id: NodeId) {
        if self.has_flag(id, NodeFlags::WEAK) {
            self.strengthen_tree(id);
        }
    }

    #[cold]
    fn strengthen_tree(&mut self, id: NodeId) {
        let root = self.lifetime_root(id);
        self.visit_lifetime(root, |tree, id| tree.set_flag(id, NodeFlags::WEAK, false));
        // NOTE: should the links have changed since, the node itself must not stay behind.
        self.set_flag(id, NodeFlags::WEAK, false);
        self.lifetime.strengthened.push(root);
        self.note_candidate(root);
        if let Some(document) = self.node_document(root) {
            self.strengthen(document);
        }
    }

    /// Before a node gets a wrapper: its tree, or the one it hangs on, becomes strong.
    pub fn strengthen_for_wrapper(&mut self, id: NodeId) {
        self.strengthen(id);
        if let Some(above) = self.host(id).or_else(|| self.owner_element(id)) {
            self.strengthen(above);
        }
    }

    /// Whether [`Self::take_strengthened`] would give any.
    #[inline]
    pub fn has_strengthened(&self) -> bool {
        !self.lifetime.strengthened.is_empty()
    }

    /// The roots of the weak trees that became strong since the last call.
    pub fn take_strengthened(&mut self) -> Vec<NodeId> {
        std::mem::take(&mut self.lifetime.strengthened)
    }

    /// Frees a weak tree whose wrappers are gone. Tells whether it was one.
    pub fn free_weak(&mut self, root: NodeId) -> bool {
        let is_weak = self.has_flag(root, NodeFlags::WEAK);
        if is_weak {
            self.release_tree(root);
        }
        is_weak
    }

    /// Keeps the tree of `id`, whatever script does, until [`Self::let_go`] was called as often. For what the host will
    /// come back to, as an element that loads something.
    pub fn hold(&mut self, id: NodeId) {
        if self.exists(id) {
            self.strengthen(id);
            *self.lifetime.held.entry(id).or_default() += 1;
        }
    }

    /// Ends a [`Self::hold`].
    pub fn let_go(&mut self, id: NodeId) {
        if let Some(count) = self.lifetime.held.get_mut(&id) {
            *count -= 1;
            if *count == 0 {
                self.lifetime.held.remove(&id);
                self.note_candidate(id);
            }
        }
    }
}
