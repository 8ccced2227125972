//! Processing instructions.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-processinginstruction>, text of November 2026.
//! FIXME: the attributes that the standard now gives to processing instructions.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::character_data::CharacterData;
use crate::node::{NodeData, NodeKind};

#[derive(Debug)]
pub(crate) struct ProcessingInstructionData {
    pub(crate) target: Box<str>,
    pub(crate) data: CharacterData,
}

impl Tree {
    /// Makes a processing instruction. Neither part is validated here.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_processing_instruction(
        &mut self,
        document: NodeId,
        target: &str,
        data: impl Into<CharacterData>,
    ) -> Result<NodeId, DomError> {
        let data = NodeData::ProcessingInstruction(Box::new(ProcessingInstructionData {
            target: target.into(),
            data: data.into(),
        }));
        self.allocate(NodeKind::ProcessingInstruction, Some(document), 0, data)
    }

    /// The target of a processing instruction.
    pub fn processing_instruction_target(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).data {
            NodeData::ProcessingInstruction(instruction) => Some(&instruction.target),
            _ => None,
        }
    }
}
