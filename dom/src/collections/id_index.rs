//! The index of a document's ids, made at the first look-up and kept by insertion, removal and attribute changes.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-nonelementparentnode>, text of November 2026.

use std::collections::HashMap;

use crate::arena::{NodeId, Tree};

/// The elements of one document by id.
#[derive(Debug, Default)]
pub(crate) struct IdIndex {
    entries: HashMap<Box<str>, Entry>,
}

#[derive(Debug, Default)]
struct Entry {
    nodes: Vec<NodeId>,
    /// Whether `nodes` begins with the first in tree order; the rest is in no order.
    is_first_known: bool,
}

impl IdIndex {
    fn add(&mut self, id: &str, node: NodeId) {
        match self.entries.get_mut(id) {
            Some(entry) => {
                entry.nodes.push(node);
                entry.is_first_known = false;
            }
            None => {
                self.entries.insert(
                    id.into(),
                    Entry {
                        nodes: vec![node],
                        is_first_known: true,
                    },
                );
            }
        }
    }

    fn remove(&mut self, id: &str, node: NodeId) {
        let Some(entry) = self.entries.get_mut(id) else {
            return;
        };
        if let Some(place) = entry.nodes.iter().position(|&other| other == node) {
            entry.nodes.swap_remove(place);
            entry.is_first_known &= place != 0 || entry.nodes.len() == 1;
        }
        if entry.nodes.is_empty() {
            self.entries.remove(id);
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
        let entry = index.entries.get_mut(id)?;
        if !entry.is_first_known {
            self.put_first_in_front(&mut entry.nodes);
            entry.is_first_known = true;
        }
        entry.nodes.first().copied()
    }

    fn index_ids(&self, document: NodeId) -> IdIndex {
        let mut index = IdIndex::default();
        for node in self.descendants(document) {
            if let Some(id) = self.id_attribute(node) {
                match index.entries.get_mut(id) {
                    Some(entry) => entry.nodes.push(node),
                    None => index.add(id, node),
                }
            }
        }
        index
    }

    fn put_first_in_front(&self, nodes: &mut [NodeId]) {
        let mut first = 0;
        for place in 1..nodes.len() {
            if let (Some(&one), Some(&two)) = (nodes.get(place), nodes.get(first))
                && self.precedes(one, two)
            {
                first = place;
            }
        }
        if first != 0 {
            nodes.swap(0, first);
        }
    }

    /// Enters an element that has become part of `document`'s tree.
    #[inline]
    pub(crate) fn index_id(&self, document: NodeId, node: NodeId) {
        if let Some(id) = self.id_attribute(node)
            && let Some(data) = self.document_data(document)
            && let Some(index) = data.ids.borrow_mut().as_mut()
        {
            index.add(id, node);
        }
    }

    /// Takes an element out that is about to leave `document`'s tree, or to lose its id.
    #[inline]
    pub(crate) fn unindex_id(&self, document: NodeId, node: NodeId) {
        if let Some(id) = self.id_attribute(node)
            && let Some(data) = self.document_data(document)
            && let Some(index) = data.ids.borrow_mut().as_mut()
        {
            index.remove(id, node);
        }
    }
}
