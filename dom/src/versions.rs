//! Counts of changes: what has kept something about a tree sees by them whether it still holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::arena::Tree;

/// The counts of a tree.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    structure: u64,
    attributes: u64,
    /// The same for others, once someone has asked.
    shared: Option<VersionTable>,
}

/// The counts of a tree as plain integers, which it keeps up. It outlives its tree if it is kept.
///
/// The numbers are atomic only because script may read them in place; the tree and its readers share a thread.
#[derive(Debug, Clone, Default)]
pub struct VersionTable(Arc<[AtomicU32; 3]>);

impl VersionTable {
    /// Where the low half of [`Tree::structure_version`] is.
    pub const STRUCTURE: usize = 0;
    /// Where the low half of [`Tree::attribute_version`] is.
    pub const ATTRIBUTES: usize = 1;
    /// Where a number is that is another whenever [`Tree::get_element_by_id`] may give another element than it gave before, in
    /// any document.
    pub const IDS: usize = 2;

    /// All the numbers. Whoever reads them must not write to them.
    pub fn words(&self) -> &[AtomicU32] {
        &*self.0
    }

    #[inline]
    fn set(&self, place: usize, version: u64) {
        if let Some(word) = self.0.get(place) {
            word.store(version as u32, Relaxed);
        }
    }
}

impl Versions {
    #[inline]
    pub(crate) fn structure(&self) -> u64 {
        self.structure
    }

    #[inline]
    pub(crate) fn attributes(&self) -> u64 {
        self.attributes
    }

    #[inline]
    pub(crate) fn structure_changed(&mut self) {
        self.structure = self.structure.wrapping_add(1);
        if let Some(shared) = &self.shared {
            shared.set(VersionTable::STRUCTURE, self.structure);
        }
    }

    #[inline]
    pub(crate) fn attribute_changed(&mut self) {
        self.attributes = self.attributes.wrapping_add(1);
        if let Some(shared) = &self.shared {
            shared.set(VersionTable::ATTRIBUTES, self.attributes);
        }
    }

    /// Elements have other ids than at the last look-up. Only those who read the table care.
    pub(crate) fn ids_changed(&self) {
        if let Some(shared) = &self.shared
            && let Some(word) = shared.0.get(VersionTable::IDS)
        {
            word.store(word.load(Relaxed).wrapping_add(1), Relaxed);
        }
    }
}

impl Tree {
    /// Counts every change to the structure of any tree; a live collection whose stored number still equals this one
    /// needs no walk.
    #[inline]
    pub fn structure_version(&self) -> u64 {
        self.versions.structure()
    }

    /// Counts every change to any attribute. See [`Self::structure_version`].
    #[inline]
    pub fn attribute_version(&self) -> u64 {
        self.versions.attributes()
    }

    /// A number that changes whenever anything in the tree of `root` does.
    ///
    /// NOTE: it is one counter for the whole arena; `root` is taken so that it can become one per document.
    #[inline]
    pub fn mutation_version(&self, root: crate::NodeId) -> u64 {
        let _ = root;
        self.structure_version()
            .wrapping_add(self.attribute_version())
            .wrapping_add(self.data_version)
    }

    /// The counts as a table, for who looks at them often.
    pub fn version_table(&mut self) -> VersionTable {
        let Versions {
            structure,
            attributes,
            shared,
        } = &mut self.versions;
        let table = shared.get_or_insert_default();
        table.set(VersionTable::STRUCTURE, *structure);
        table.set(VersionTable::ATTRIBUTES, *attributes);
        table.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;

    use super::VersionTable;
    use crate::{DocumentInit, Tree};

    #[test]
    fn the_table_follows_the_tree() {
        let mut tree = Tree::default();
        let document = tree
            .create_document(DocumentInit::html("about:blank"))
            .expect("room");
        let table = tree.version_table();
        let numbers = || [0, 1, 2].map(|place| table.words()[place].load(Relaxed));
        let element = tree.create_html_element(document, "p").expect("a name");
        let before = numbers();
        tree.set_attribute(element, "id", "x").expect("a name");
        let with_id = numbers();
        assert_eq!(with_id, [before[0], before[1] + 1, before[2]]);
        tree.append(element, document).expect("it fits");
        assert_eq!(numbers()[VersionTable::STRUCTURE], before[0] + 1);
        // Nobody has looked an id up yet.
        assert_eq!(numbers()[VersionTable::IDS], before[2]);
        assert_eq!(tree.get_element_by_id(document, "x"), Some(element));
        assert_eq!(numbers()[VersionTable::IDS], before[2]);
        tree.set_attribute(element, "id", "y").expect("a name");
        assert_ne!(numbers()[VersionTable::IDS], before[2]);
        assert_eq!(tree.structure_version() as u32, numbers()[0]);
        assert_eq!(tree.attribute_version() as u32, numbers()[1]);
    }
}
