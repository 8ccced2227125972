//! Document fragments and their hosts.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-documentfragment>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::{NodeData, NodeKind};

impl Tree {
    /// Makes an empty fragment whose node document is `document`.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_document_fragment(&mut self, document: NodeId) -> Result<NodeId, DomError> {
        self.allocate(
            NodeKind::DocumentFragment,
            Some(document),
            0,
            NodeData::DocumentFragment { host: None },
        )
    }

    /// The host of a fragment: the template element whose contents it is, or the element whose shadow root it is;
    /// `None` for others.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-documentfragment-host>
    #[inline]
    pub fn host(&self, fragment: NodeId) -> Option<NodeId> {
        match self.node(fragment).data {
            NodeData::DocumentFragment { host } => host,
            _ => None,
        }
    }
}
