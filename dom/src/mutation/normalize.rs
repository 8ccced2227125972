//! Normalizing text.
//!
//! Standard: <https://dom.spec.whatwg.org/#dom-node-normalize>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::NodeKind;
use crate::node::character_data::CharacterData;

impl Tree {
    /// `node.normalize()`: no empty text nodes below, and none side by side. CDATA sections stay as they are.
    ///
    /// # Errors
    /// None today.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-normalize>
    pub fn normalize(&mut self, root: NodeId) -> Result<(), DomError> {
        let mut next = self.first_child(root);
        while let Some(node) = next {
            if self.kind(node) != Some(NodeKind::Text) {
                next = self.following_in(root, node);
                continue;
            }
            // 1, 2. An empty one goes.
            let mut length = self.length(node);
            if length == 0 {
                next = self.following_outside(root, node);
                self.remove_node(node, Observers::Notify);
                continue;
            }
            // 3, 4. The text of those that follow is added to the first.
            let mut followers = Vec::new();
            let mut data = CharacterData::default();
            let mut sibling = self.next_sibling(node);
            while let Some(text) = sibling.filter(|&s| self.kind(s) == Some(NodeKind::Text)) {
                if let Some(more) = self.character_data(text) {
                    data.push(more);
                }
                followers.push(text);
                sibling = self.next_sibling(text);
            }
            if !followers.is_empty() {
                self.replace_data(node, length, 0, &data)?;
                // 5, 6. Live ranges.
                for &text in &followers {
                    self.merge_ranges(node, text, length);
                    length += self.length(text);
                }
                // 7. They go.
                for text in followers {
                    self.remove_node(text, Observers::Notify);
                }
            }
            next = self.following_outside(root, node);
        }
        Ok(())
    }
}
