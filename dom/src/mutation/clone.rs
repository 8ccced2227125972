//! Cloning.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-clone>, text of November 2026.

use std::cell::RefCell;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::attr::AttrData;
use crate::node::document::DocumentData;
use crate::node::element::ElementData;
use crate::node::processing_instruction::ProcessingInstructionData;
use crate::node::{NodeData, NodeFlags, NodeKind};

/// What a clone takes along.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum CloneDepth {
    /// The node alone, with its attributes.
    Node,
    /// Its descendants too.
    Subtree,
}

impl Tree {
    /// `node.cloneNode(deep)`, into the node's own document. The copy has no parent.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the copy does not fit, and nothing is left of it; [`DomError::NotFound`] if the node
    /// is gone; [`DomError::NotSupported`] for a shadow root.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-clonenode>
    pub fn clone_node(&mut self, node: NodeId, depth: CloneDepth) -> Result<NodeId, DomError> {
        let document = self
            .node_document(node)
            .ok_or(DomError::NotFound("the node to clone is gone"))?;
        self.clone_node_into(node, document, depth)
    }

    /// `document.importNode(node, deep)`: clones a node of any document into `document`. Documents are refused by the
    /// caller; a clone of one is its own document.
    ///
    /// # Errors
    /// As [`Self::clone_node`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-clone>
    pub fn clone_node_into(
        &mut self,
        node: NodeId,
        document: NodeId,
        depth: CloneDepth,
    ) -> Result<NodeId, DomError> {
        if self.is_shadow_root(node) {
            return Err(DomError::NotSupported("a shadow root cannot be cloned"));
        }
        let copy = self.clone_single_node(node, document)?;
        if let Err(error) = self.clone_descendants(node, copy, depth) {
            self.release_tree(copy);
            return Err(error);
        }
        if self.kind(copy) == Some(NodeKind::Document) {
            self.connect(copy);
            self.effects_of_copy_are_none(copy);
        }
        Ok(copy)
    }

    /// A copied document runs nothing: its elements were connected without being inserted.
    fn effects_of_copy_are_none(&mut self, copy: NodeId) {
        let mut effects = std::mem::take(&mut self.effects);
        effects.retain(|pending| self.node_document(pending.element()) != Some(copy));
        self.effects = effects;
    }

    fn clone_descendants(
        &mut self,
        node: NodeId,
        copy: NodeId,
        depth: CloneDepth,
    ) -> Result<(), DomError> {
        // NOTE: template contents and shadow trees are subtrees of their own, so they wait on a list.
        let mut work = Vec::new();
        let mut shadow_roots = Vec::new();
        if depth == CloneDepth::Subtree {
            work.push((node, copy));
            self.queue_contents(node, copy, &mut work);
        }
        work.extend(self.clone_shadow_root(node, copy)?);
        while let Some((root, copy_root)) = work.pop() {
            let document = match self.kind(copy_root) {
                Some(NodeKind::Document) => copy_root,
                _ => self
                    .node_document(copy_root)
                    .ok_or(DomError::NotFound("the copy's document is gone"))?,
            };
            let (mut source, mut parent) = (root, copy_root);
            let mut next = self.first_child(root);
            while let Some(child) = next {
                let copied = self.clone_single_node(child, document)?;
                self.link(copied, parent, None);
                self.queue_contents(child, copied, &mut work);
                work.extend(self.clone_shadow_root(child, copied)?);
                if self.first_child(child).is_some() {
                    (source, parent) = (child, copied);
                    next = self.first_child(child);
                    continue;
                }
                next = self.next_sibling(child);
                while next.is_none() && source != root {
                    next = self.next_sibling(source);
                    let above = (self.parent(source), self.parent(parent));
                    let (Some(up), Some(copy_up)) = above else {
                        return Ok(());
                    };
                    (source, parent) = (up, copy_up);
                }
            }
            if self.is_shadow_root(copy_root) {
                shadow_roots.push(copy_root);
            }
        }
        // NOTE: only now the hosts' children are there to be assigned.
        for shadow_root in shadow_roots {
            self.enter_linked_shadow_tree(shadow_root);
        }
        Ok(())
    }

    fn queue_contents(&self, node: NodeId, copy: NodeId, work: &mut Vec<(NodeId, NodeId)>) {
        if let (Some(contents), Some(copied)) =
            (self.template_contents(node), self.template_contents(copy))
        {
            work.push((contents, copied));
        }
    }

    /// Clone a single node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#clone-a-single-node>
    fn clone_single_node(&mut self, id: NodeId, document: NodeId) -> Result<NodeId, DomError> {
        let flags = self.links(id).flags();
        let kind = self
            .kind(id)
            .ok_or(DomError::NotFound("the node to clone is gone"))?;
        let data = match &mut self.node_mut(id).data {
            NodeData::Free => return Err(DomError::NotFound("the node to clone is gone")),
            // 2. An element with its attributes.
            NodeData::Element(element) => {
                let data = ElementData {
                    local_name: element.local_name.clone(),
                    namespace: element.namespace.clone(),
                    prefix: element.prefix.clone(),
                    attributes: element.attributes.share(),
                    template_contents: None,
                    classes: element.classes,
                };
                // HTML's cloning steps for script elements; a copy is never the parser's.
                let kept = NodeFlags::ALREADY_STARTED | NodeFlags::INTEGRATION_POINT;
                // OPTIMIZATION: no look at the name, for what nobody has an interest in.
                let of_interest = NodeFlags::EFFECTFUL | NodeFlags::CUSTOM;
                if flags & of_interest == 0 && element.template_contents.is_none() {
                    let flags = flags & (kept | NodeFlags::HAS_ID);
                    let data = NodeData::Element(data);
                    let copy = self.allocate(NodeKind::Element, Some(document), flags, data)?;
                    self.clone_control_state(id, copy);
                    return Ok(copy);
                }
                let copy = self.create_element_of(document, data)?;
                self.set_flag(copy, flags & kept, true);
                self.clone_control_state(id, copy);
                if flags & NodeFlags::CUSTOM != 0 {
                    self.custom_element_cloned(id, copy);
                }
                return Ok(copy);
            }
            // 3. A document with its properties.
            NodeData::Document(data) => NodeData::Document(Box::new(DocumentData {
                init: data.init.clone(),
                mode: data.mode,
                scripting: false,
                template_owner: None,
                ids: RefCell::default(),
            })),
            // 4. Others with their data.
            NodeData::Attr(attr) => NodeData::Attr(Box::new(AttrData {
                element: None,
                prefix: attr.prefix.clone(),
                namespace: attr.namespace.clone(),
                local_name: attr.local_name.clone(),
                value: self.attr_value(id).unwrap_or_default().into(),
            })),
            NodeData::Character(data) => NodeData::Character(data.clone()),
            NodeData::ProcessingInstruction(instruction) => {
                NodeData::ProcessingInstruction(Box::new(ProcessingInstructionData {
                    target: instruction.target.clone(),
                    data: instruction.data.clone(),
                }))
            }
            NodeData::DocumentType(data) => NodeData::DocumentType(data.clone()),
            NodeData::DocumentFragment { .. } => NodeData::DocumentFragment { host: None },
        };
        let (document, flags) = match kind {
            NodeKind::Document => (None, NodeFlags::CONNECTED),
            _ => (Some(document), 0),
        };
        self.allocate(kind, document, flags, data)
    }
}
