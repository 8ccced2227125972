//! Attributes that have a node of their own, made when script asks for one.
//!
//! While it has an element, the value lives in that element's attribute list, which names the node; on its own, the
//! node holds the value.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-attr>, text of November 2026.

use html5ever::{LocalName, Namespace, Prefix};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::element::{Attribute, AttributeValue, qualified_name};
use crate::node::{NodeData, NodeKind};

#[derive(Debug)]
pub(crate) struct AttrData {
    pub(crate) element: Option<NodeId>,
    pub(crate) prefix: Option<Prefix>,
    pub(crate) namespace: Namespace,
    pub(crate) local_name: LocalName,
    /// Empty while there is an element.
    pub(crate) value: AttributeValue,
}

impl AttrData {
    pub(crate) fn qualified_name(&self) -> String {
        qualified_name(self.prefix.as_ref(), &self.local_name)
    }
}

impl Tree {
    pub(crate) fn attr_data(&self, id: NodeId) -> Option<&AttrData> {
        match &self.node(id).data {
            NodeData::Attr(attr) => Some(attr),
            _ => None,
        }
    }

    pub(crate) fn attr_data_mut(&mut self, id: NodeId) -> Option<&mut AttrData> {
        match &mut self.node_mut(id).data {
            NodeData::Attr(attr) => Some(attr),
            _ => None,
        }
    }

    /// Makes an attribute without an element, with an empty value, as `createAttribute()` does.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_attr(
        &mut self,
        document: NodeId,
        local_name: LocalName,
        namespace: Namespace,
        prefix: Option<Prefix>,
    ) -> Result<NodeId, DomError> {
        let data = NodeData::Attr(Box::new(AttrData {
            element: None,
            prefix,
            namespace,
            local_name,
            value: AttributeValue::default(),
        }));
        self.allocate(NodeKind::Attr, Some(document), 0, data)
    }

    /// The node of the attribute at `index` of the element's attribute list; made if there is none yet.
    ///
    /// # Errors
    /// [`DomError::NotFound`] if there is no such attribute; [`DomError::NodeLimit`] if the tree is full.
    pub fn attribute_node(&mut self, element: NodeId, index: usize) -> Result<NodeId, DomError> {
        let attribute = self
            .attributes(element)
            .get(index)
            .ok_or(DomError::NotFound("the element has no such attribute"))?;
        if let Some(node) = attribute.node {
            return Ok(node);
        }
        let data = NodeData::Attr(Box::new(AttrData {
            element: Some(element),
            prefix: attribute.prefix.clone(),
            namespace: attribute.namespace.clone(),
            local_name: attribute.local_name.clone(),
            value: AttributeValue::default(),
        }));
        let document = self.node_document(element);
        let node = self.allocate(NodeKind::Attr, document, 0, data)?;
        if let Some(attribute) = self.attribute_list_mut(element).get_mut(index) {
            attribute.node = Some(node);
        }
        Ok(node)
    }

    /// The element of an attribute node.
    pub fn owner_element(&self, attr: NodeId) -> Option<NodeId> {
        self.attr_data(attr)?.element
    }

    /// The attribute's place in its element's list.
    pub fn attr_index(&self, attr: NodeId) -> Option<usize> {
        self.attributes(self.owner_element(attr)?)
            .iter()
            .position(|attribute| attribute.node == Some(attr))
    }

    /// The value of an attribute node, with or without an element.
    pub fn attr_value(&self, attr: NodeId) -> Option<&str> {
        let data = self.attr_data(attr)?;
        match data.element {
            None => Some(&data.value),
            Some(element) => self
                .attributes(element)
                .iter()
                .find(|attribute| attribute.node == Some(attr))
                .map(Attribute::value),
        }
    }

    /// The qualified name of an attribute node.
    pub fn attr_name(&self, attr: NodeId) -> Option<String> {
        self.attr_data(attr).map(AttrData::qualified_name)
    }
}
