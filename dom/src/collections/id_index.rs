//! The index of a document's ids, made at the first look-up and kept by insertion, removal and attribute changes.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-nonelementparentnode>, text of November 2026.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use crate::arena::{NodeId, Tree};

/// The elements of one document by id.
#[derive(Debug, Default)]
pub(crate) struct IdIndex {
    entries: HashMap<IdText, Entry, BuildHasherDefault<IdHasher>>,
}

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
    /// In no order.
    others: Vec<NodeId>,
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
            Some(entry) => {
                entry.others.push(node);
                entry.is_first_known = false;
            }
            None => self.add_new(id, node),
        }
    }

    fn add_new(&mut self, id: &str, node: NodeId) {
        self.entries.insert(
            IdText::new(id),
            Entry {
                first: node,
                is_first_known: true,
                others: Vec::new(),
            },
        );
    }

    fn remove(&mut self, id: &str, node: NodeId) {
        let Some(entry) = self.entries.get_mut(id.as_bytes()) else {
            return;
        };
        if entry.first == node {
            match entry.others.pop() {
                Some(other) => {
                    entry.first = other;
                    entry.is_first_known = entry.others.is_empty();
                }
                None => {
                    self.entries.remove(id.as_bytes());
                }
            }
        } else if let Some(place) = entry.others.iter().position(|&other| other == node) {
            entry.others.swap_remove(place);
            entry.is_first_known |= entry.others.is_empty();
        }
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
        let entry = index.entries.get_mut(id.as_bytes())?;
        if !entry.is_first_known {
            self.put_first_in_front(entry);
        }
        Some(entry.first)
    }

    fn index_ids(&self, document: NodeId) -> IdIndex {
        let mut index = IdIndex::default();
        for node in self.descendants(document) {
            if let Some(id) = self.id_attribute(node) {
                match index.entries.get_mut(id.as_bytes()) {
                    Some(entry) => entry.others.push(node),
                    None => index.add_new(id, node),
                }
            }
        }
        index
    }

    fn put_first_in_front(&self, entry: &mut Entry) {
        for other in &mut entry.others {
            if self.precedes(*other, entry.first) {
                std::mem::swap(other, &mut entry.first);
            }
        }
        entry.is_first_known = true;
    }

    /// Enters an element that has become part of `document`'s tree; what is in a shadow tree stays out.
    #[inline]
    pub(crate) fn index_id(&self, document: NodeId, node: NodeId) {
        if self.window_names.is_logging() && !self.is_in_shadow_tree(node) {
            self.log_window_names(document, node);
        }
        if let Some(id) = self.id_attribute(node)
            && !self.is_in_shadow_tree(node)
            && let Some(data) = self.document_data(document)
            && let Some(index) = data.ids.borrow_mut().as_mut()
        {
            index.add(id, node);
        }
    }

    /// Takes an element out that is about to leave `document`'s tree, or to lose its id.
    #[inline]
    pub(crate) fn unindex_id(&self, document: NodeId, node: NodeId) {
        self.log_window_names(document, node);
        if let Some(id) = self.id_attribute(node)
            && let Some(data) = self.document_data(document)
            && let Some(index) = data.ids.borrow_mut().as_mut()
        {
            index.remove(id, node);
        }
    }
}
