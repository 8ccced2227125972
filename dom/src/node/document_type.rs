//! Doctypes.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-documenttype>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::{NodeData, NodeKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DocumentTypeData {
    pub(crate) name: Box<str>,
    pub(crate) public_id: Box<str>,
    pub(crate) system_id: Box<str>,
}

impl Tree {
    /// Makes a doctype whose node document is `document`. The name is not validated: see
    /// [`names::is_valid_doctype_name`](crate::names::is_valid_doctype_name).
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-domimplementation-createdocumenttype>
    pub fn create_document_type(
        &mut self,
        document: NodeId,
        name: &str,
        public_id: &str,
        system_id: &str,
    ) -> Result<NodeId, DomError> {
        let data = NodeData::DocumentType(Box::new(DocumentTypeData {
            name: name.into(),
            public_id: public_id.into(),
            system_id: system_id.into(),
        }));
        self.allocate(NodeKind::DocumentType, Some(document), 0, data)
    }

    fn document_type_data(&self, id: NodeId) -> Option<&DocumentTypeData> {
        match &self.node(id).data {
            NodeData::DocumentType(data) => Some(data),
            _ => None,
        }
    }

    /// The name of a doctype.
    pub fn doctype_name(&self, id: NodeId) -> Option<&str> {
        self.document_type_data(id).map(|data| &*data.name)
    }

    /// The public ID of a doctype, empty if it has none.
    pub fn doctype_public_id(&self, id: NodeId) -> Option<&str> {
        self.document_type_data(id).map(|data| &*data.public_id)
    }

    /// The system ID of a doctype, empty if it has none.
    pub fn doctype_system_id(&self, id: NodeId) -> Option<&str> {
        self.document_type_data(id).map(|data| &*data.system_id)
    }
}
