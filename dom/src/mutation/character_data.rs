//! Changing character data, and splitting text. Offsets and counts are UTF-16 code units.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-cd-replace>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::mutation::mutation_record::{Change, RecordKind};
use crate::node::NodeKind;
use crate::node::character_data::CharacterData;

const NO_DATA: DomError = DomError::InvalidNodeType("the node has no character data");
const PAST_END: DomError = DomError::IndexSize("the offset lies past the end of the data");

impl Tree {
    /// `replaceData(offset, count, data)`; `count` is cut to what is there.
    ///
    /// # Errors
    /// [`DomError::IndexSize`] if `offset` lies past the end; [`DomError::InvalidNodeType`] if the node has no data.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-cd-replace>
    pub fn replace_data(
        &mut self,
        id: NodeId,
        offset: usize,
        count: usize,
        data: &CharacterData,
    ) -> Result<(), DomError> {
        // 1, 2. The offset is there.
        let length = self.character_data(id).ok_or(NO_DATA)?.len();
        if offset > length {
            return Err(PAST_END);
        }
        // 3. The count is cut.
        let count = count.min(length - offset);
        // 4. The record.
        self.queue_data_record(id);
        // 5–7. The data.
        if let Some(own) = self.character_data_mut(id) {
            own.splice(offset, count, data);
        }
        // 8–11. Live ranges.
        self.replace_data_ranges(id, offset, count, data.len());
        // 12. Children changed.
        self.data_changed(id);
        Ok(())
    }

    fn queue_data_record(&mut self, id: NodeId) {
        if self.is_observed() {
            let old_value = self.character_data(id).cloned();
            self.queue_mutation_record(
                id,
                &Change {
                    kind: RecordKind::CharacterData,
                    name: None,
                    old_value,
                    added: &[],
                    removed: &[],
                    previous_sibling: None,
                    next_sibling: None,
                },
            );
        }
    }

    fn data_changed(&mut self, id: NodeId) {
        self.data_version = self.data_version.wrapping_add(1);
        if let Some(parent) = self.parent(id) {
            self.children_changed(parent);
        }
    }

    /// Replaces all the data, as setting `data` or `nodeValue` does.
    ///
    /// # Errors
    /// [`DomError::InvalidNodeType`] if the node has no data.
    pub fn set_data(&mut self, id: NodeId, data: impl Into<CharacterData>) -> Result<(), DomError> {
        // NOTE: replace data from 0 for the whole length, without a splice.
        let data = data.into();
        let length = self.character_data(id).ok_or(NO_DATA)?.len();
        let added = data.len();
        self.queue_data_record(id);
        if let Some(own) = self.character_data_mut(id) {
            *own = data;
        }
        self.replace_data_ranges(id, 0, length, added);
        self.data_changed(id);
        Ok(())
    }

    /// `appendData(data)`.
    ///
    /// # Errors
    /// [`DomError::InvalidNodeType`] if the node has no data.
    pub fn append_data(&mut self, id: NodeId, data: &CharacterData) -> Result<(), DomError> {
        self.replace_data(id, self.length(id), 0, data)
    }

    /// `insertData(offset, data)`.
    ///
    /// # Errors
    /// As [`Self::replace_data`].
    pub fn insert_data(
        &mut self,
        id: NodeId,
        offset: usize,
        data: &CharacterData,
    ) -> Result<(), DomError> {
        self.replace_data(id, offset, 0, data)
    }

    /// `deleteData(offset, count)`.
    ///
    /// # Errors
    /// As [`Self::replace_data`].
    pub fn delete_data(&mut self, id: NodeId, offset: usize, count: usize) -> Result<(), DomError> {
        self.replace_data(id, offset, count, &CharacterData::default())
    }

    /// `substringData(offset, count)`; `count` is cut to what is there.
    ///
    /// # Errors
    /// As [`Self::replace_data`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-cd-substring>
    pub fn substring_data(
        &self,
        id: NodeId,
        offset: usize,
        count: usize,
    ) -> Result<CharacterData, DomError> {
        let data = self.character_data(id).ok_or(NO_DATA)?;
        if offset > data.len() {
            return Err(PAST_END);
        }
        Ok(data.substring(offset, count))
    }

    /// `splitText(offset)`: the text from `offset` moves into a new node, which is returned and follows this one.
    ///
    /// # Errors
    /// [`DomError::IndexSize`] if `offset` lies past the end; [`DomError::InvalidNodeType`] if the node is no text;
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-text-split>
    pub fn split_text(&mut self, id: NodeId, offset: usize) -> Result<NodeId, DomError> {
        if !self.is_text(id) {
            return Err(DomError::InvalidNodeType("only text can be split"));
        }
        // 1, 2. The offset is there.
        let length = self.length(id);
        if offset > length {
            return Err(PAST_END);
        }
        // 3, 4. The rest.
        let count = length - offset;
        let rest = self.substring_data(id, offset, count)?;
        // 5. A new node of the same kind.
        let document = self.node_document(id).ok_or(NO_DATA)?;
        let new_node = match self.kind(id) {
            Some(NodeKind::CdataSection) => self.create_cdata_section(document, rest)?,
            _ => self.create_text(document, rest)?,
        };
        // 6, 7. It follows, and live ranges with it.
        if let Some(parent) = self.parent(id) {
            let next = self.next_sibling(id);
            self.insert(new_node, parent, next, Observers::Notify);
            self.split_ranges(id, offset, new_node);
        }
        // 8. The old node keeps the beginning.
        self.replace_data(id, offset, count, &CharacterData::default())?;
        // 9. The new one.
        Ok(new_node)
    }
}
