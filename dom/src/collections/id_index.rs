//! The index of a document's ids, made at the first look-up and kept by insertion, removal and attribute changes.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-nonelementparentnode>, text of November 2026.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

use crate::arena::{NodeId, Tree};
use crate::node::NodeFlags;

/// The elements of one document by id.
#[derive(Debug, Default)]
pub(crate) struct IdIndex {
    entries: HashMap<IdText, Entry, BuildHasherDefault<IdHasher>>,
    /// How often it was changed since it was last asked.
    changes: u32,
}

/// So many changes are always kept up with.
const FEW_CHANGES: u32 = 1_024;

/// An id as a key. OPTIMIZATION: a short one lies in the table itself, as most do.
#[derive(Debug)]
enum IdText {
    Short { length: u8, bytes: [u8; 14] },
    Long(Box<Box<[u8]>>),
}

impl IdText {
    fn new(id: &str) -> Self {
        let mut bytes = [0; 14];
        match (bytes.get_mut(..id.len()), u8::try_from(id.len())) {
            (Some(start), Ok(length)) => {
                start.copy_from_slice(id.as_bytes());
                Self::Short { length, bytes }
            }
            _ => Self::Long(Box::new(id.as_bytes().into())),
        }
    }
}

impl Borrow<[u8]> for IdText {
    #[inline]
    fn borrow(&self) -> &[u8] {
        match self {
            Self::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }
}

impl PartialEq for IdText {
    fn eq(&self, other: &Self) -> bool {
        let (one, two): (&[u8], &[u8]) = (self.borrow(), other.borrow());
        one == two
    }
}

impl Eq for IdText {}

impl Hash for IdText {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let bytes: &[u8] = self.borrow();
        bytes.hash(hasher);
    }
}

/// The elements with one id. OPTIMIZATION: nearly always there is one only, and it lies in the table itself.
#[derive(Debug)]
struct Entry {
    /// The first in tree order, if `is_first_known`.
    first: NodeId,
    is_first_known: bool,
    others: Option<Box<Others>>,
}

/// The further elements with an id.
#[derive(Debug, Default)]
struct Others {
    nodes: HashSet<NodeId, BuildHasherDefault<IdHasher>>,
    /// If not empty, the nodes that a walk has found, the first in tree order last. Some may have left since.
    ordered: Vec<NodeId>,
}

/// Multiplies and rotates: ids are short, and a page can only slow itself down.
#[derive(Debug, Default, Copy, Clone)]
pub(crate) struct IdHasher(u64);

impl IdHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for IdHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        if let Some(start) = last.get_mut(..rest.len()) {
            start.copy_from_slice(rest);
        }
        self.add(u64::from_le_bytes(last) ^ (rest.len() as u64) << 56);
    }

    #[inline]
    fn write_usize(&mut self, _length: usize) {}

    #[inline]
    fn finish(&self) -> u64 {
        // The table takes its place from the low bits and its tags from the high ones.
        self.0 ^ self.0 >> 32
    }
}

impl IdIndex {
    fn add(&mut self, id: &str, node: NodeId) {
        match self.entries.get_mut(id.as_bytes()) {
            Some(entry) => entry.add(node),
            None => self.add_new(id, node),
        }
    }

    fn add_new(&mut self, id: &str, node: NodeId) {
        self.entries.insert(
            IdText::new(id),
            Entry {
                first: node,
                is_first_known: true,
                others: None,
            },
        );
    }

    fn remove(&mut self, id: &str, node: NodeId) {
        if let Some(entry) = self.entries.get_mut(id.as_bytes())
            && !entry.remove(node)
        {
            self.entries.remove(id.as_bytes());
        }
    }
}

impl Entry {
    fn add(&mut self, node: NodeId) {
        let others = self.others.get_or_insert_default();
        others.nodes.insert(node);
        others.ordered.clear();
        self.is_first_known = false;
    }

    /// Tells whether one is left.
    fn remove(&mut self, node: NodeId) -> bool {
        let Some(others) = &mut self.others else {
            return self.first != node;
        };
        if self.first == node {
            // OPTIMIZATION: the next one is known as long as none has come since the walk.
            let Others { nodes, ordered } = &mut **others;
            let next = std::iter::from_fn(|| ordered.pop()).find(|next| nodes.contains(next));
            self.is_first_known = next.is_some();
            let Some(next) = next.or_else(|| nodes.iter().next().copied()) else {
                return false;
            };
            nodes.remove(&next);
            self.first = next;
        } else {
            others.nodes.remove(&node);
        }
        if others.nodes.is_empty() {
            self.others = None;
            self.is_first_known = true;
        }
        true
    }
}

impl Tree {
    /// The first element in tree order with this id, below a document, fragment or element.
    ///
    /// In a document the first call walks the tree; later ones cost one look-up.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-nonelementparentnode-getelementbyid>
    pub fn get_element_by_id(&self, root: NodeId, id: &str) -> Option<NodeId> {
        if id.is_empty() {
            return None;
        }
        let Some(data) = self.document_data(root) else {
            return self
                .descendants(root)
                .find(|&node| self.id_attribute(node) == Some(id));
        };
        let mut index = data.ids.borrow_mut();
        let index = index.get_or_insert_with(|| self.index_ids(root));
        index.changes = 0;
        let entry = index.entries.get_mut(id.as_bytes())?;
        if !entry.is_first_known {
            self.order(root, id, entry);
        }
        Some(entry.first)
    }

    /// All elements with this id below a document, fragment or element, in tree order.
    ///
    /// In a document that has at most one this costs what [`Self::get_element_by_id`] does, else a walk.
    pub fn elements_with_id(&self, root: NodeId, id: &str) -> Vec<NodeId> {
        let first = self.get_element_by_id(root, id);
        let is_only_one = first.is_none()
            || self.document_data(root).is_some_and(|data| {
                let index = data.ids.borrow();
                let entry = index
                    .as_ref()
                    .and_then(|index| index.entries.get(id.as_bytes()));
                entry.is_some_and(|entry| entry.others.is_none())
            });
        if is_only_one {
            return first.into_iter().collect();
        }
        self.descendants(root)
            .filter(|&node| self.id_attribute(node) == Some(id))
            .collect()
    }

    fn index_ids(&self, document: NodeId) -> IdIndex {
        let mut index = IdIndex::default();
        for node in self.descendants(document) {
            if let Some(id) = self.id_attribute(node) {
                match index.entries.get_mut(id.as_bytes()) {
                    Some(entry) => entry.add(node),
                    None => index.add_new(id, node),
                }
            }
        }
        index
    }

    /// Finds the first of several elements by one walk, and in what order the others follow.
    fn order(&self, document: NodeId, id: &str, entry: &mut Entry) {
        let Some(others) = &mut entry.others else {
            return;
        };
        others.nodes.insert(entry.first);
        others.ordered = self
            .descendants(document)
            .filter(|node| self.id_attribute(*node) == Some(id) && others.nodes.contains(node))
            .collect();
        others.ordered.reverse();
        if let Some(first) = others.ordered.pop() {
            entry.first = first;
        }
        others.nodes.remove(&entry.first);
        entry.is_first_known = true;
    }

    /// Enters an element that has become part of `document`'s tree; what is in a shadow tree stays out.
    #[inline]
    pub(crate) fn index_id(&self, document: NodeId, node: NodeId) {
        if self.window_names.is_logging() && !self.is_in_shadow_tree(node) {
            self.log_window_names(document, node);
        }
        if self.has_flag(node, NodeFlags::HAS_ID) && !self.is_in_shadow_tree(node) {
            self.change_id_index(document, node, IdIndex::add);
        }
    }

    /// Takes an element out that is about to leave `document`'s tree, or to lose its id.
    #[inline]
    pub(crate) fn unindex_id(&self, document: NodeId, node: NodeId) {
        self.log_window_names(document, node);
        if self.has_flag(node, NodeFlags::HAS_ID) {
            self.change_id_index(document, node, IdIndex::remove);
        }
    }

    /// OPTIMIZATION: an index that nobody asks while much of the tree changes is dropped, and made again by the walk of the next
    /// look-up.
    fn change_id_index(
        &self,
        document: NodeId,
        node: NodeId,
        change: impl FnOnce(&mut IdIndex, &str, NodeId),
    ) {
        let Some(data) = self.document_data(document) else {
            return;
        };
        let mut ids = data.ids.borrow_mut();
        let Some(index) = ids.as_mut() else {
            return;
        };
        if index.changes == 0 {
            self.versions.ids_changed();
        }
        index.changes += 1;
        if index.changes > FEW_CHANGES.max(self.node_count() / 4) {
            *ids = None;
        } else if let Some(id) = self.id_attribute(node) {
            change(index, id, node);
        }
    }
}
