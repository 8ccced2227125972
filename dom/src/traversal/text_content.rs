//! Text of trees: descendant text, child text.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-descendant-text-content>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::node::character_data::CharacterData;
use crate::node::{NodeData, NodeKind};

impl Tree {
    /// `Node.textContent` in UTF-8; `None` for documents and doctypes. Lone surrogates become U+FFFD: see
    /// [`Self::text_content_data`] for the exact text.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#get-text-content>
    pub fn text_content(&self, id: NodeId) -> Option<String> {
        match &self.node(id).data {
            NodeData::Free | NodeData::Document(_) | NodeData::DocumentType(_) => None,
            NodeData::Attr(_) => self.attr_value(id).map(str::to_owned),
            NodeData::Character(data) => Some(data.to_string_lossy().into_owned()),
            NodeData::ProcessingInstruction(data) => Some(data.data.to_string_lossy().into_owned()),
            NodeData::Element(_) | NodeData::DocumentFragment { .. } => {
                let mut text = String::new();
                for data in self.descendant_text(id) {
                    data.push_onto(&mut text);
                }
                Some(text)
            }
        }
    }

    /// `Node.textContent` as it is stored; `None` for documents and doctypes.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#get-text-content>
    pub fn text_content_data(&self, id: NodeId) -> Option<CharacterData> {
        match &self.node(id).data {
            NodeData::Free | NodeData::Document(_) | NodeData::DocumentType(_) => None,
            NodeData::Attr(_) => self.attr_value(id).map(CharacterData::from),
            NodeData::Character(data) => Some(data.clone()),
            NodeData::ProcessingInstruction(data) => Some(data.data.clone()),
            NodeData::Element(_) | NodeData::DocumentFragment { .. } => {
                Some(CharacterData::concat(self.descendant_text(id)))
            }
        }
    }

    fn descendant_text(&self, id: NodeId) -> impl Iterator<Item = &CharacterData> {
        let mut next = self.first_child(id);
        std::iter::from_fn(move || {
            loop {
                let node = next?;
                let links = self.links(node);
                next = self.following_by_links(id, node, links);
                // OPTIMIZATION: the data of other nodes is not touched.
                if matches!(links.kind(), Some(NodeKind::Text | NodeKind::CdataSection)) {
                    return self.character_data(node);
                }
            }
        })
    }

    #[inline]
    fn text_data(&self, id: NodeId) -> Option<&CharacterData> {
        self.character_data(id).filter(|_| self.is_text(id))
    }

    /// The text of the children that are text nodes, as a script element's source is made.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-child-text-content>
    pub fn child_text_content(&self, id: NodeId) -> CharacterData {
        let mut text = CharacterData::default();
        for child in self.children(id) {
            if let Some(data) = self.text_data(child) {
                text.push(data);
            }
        }
        text
    }
}
