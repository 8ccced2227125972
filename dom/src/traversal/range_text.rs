//! The text of a range.
//!
//! Standard: <https://dom.spec.whatwg.org/#dom-range-stringifier>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::character_data::CharacterData;
use crate::traversal::range::RangeId;

impl Tree {
    /// The text of a range: what of its text nodes lies in it.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if the range was freed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-stringifier>
    pub fn range_text(&self, range: RangeId) -> Result<CharacterData, DomError> {
        let (start, end) = self.range_points(range)?;
        // 1. Nothing yet.
        let mut text = CharacterData::default();
        let data = |id: NodeId| self.character_data(id).filter(|_| self.is_text(id));
        // 2. Within one text.
        if start.node == end.node
            && let Some(data) = data(start.node)
        {
            let count = end.offset.saturating_sub(start.offset) as usize;
            return Ok(data.substring(start.offset as usize, count));
        }
        // 3. The rest of the start.
        if let Some(data) = data(start.node) {
            text.push(&data.substring(start.offset as usize, usize::MAX));
        }
        // 4. The texts between.
        let root = self.root(start.node);
        let first = match self.child_at(start.node, start.offset as usize) {
            Some(child) => Some(child),
            None => self.following_outside(root, start.node),
        };
        let stop = if self.character_data(end.node).is_some() {
            Some(end.node)
        } else {
            self.child_at(end.node, end.offset as usize)
                .or_else(|| self.following_outside(root, end.node))
        };
        let mut next = first;
        while let Some(id) = next.filter(|&id| Some(id) != stop) {
            if let Some(data) = data(id) {
                text.push(data);
            }
            next = self.following_in(root, id);
        }
        // 5. The beginning of the end.
        if let Some(data) = data(end.node) {
            text.push(&data.substring(0, end.offset as usize));
        }
        // 6. All of it.
        Ok(text)
    }
}
