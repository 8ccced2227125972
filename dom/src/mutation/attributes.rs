//! Changing attributes.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-change>, text of November 2026.

use html5ever::{LocalName, Namespace, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::effect::Effect;
use crate::mutation::mutation_record::{Change, RecordKind};
use crate::names::{self, ExtractedName, NameContext};
use crate::node::element::{Attribute, AttributeValue, is_id};
use crate::node::{NodeData, NodeFlags};

const NOT_AN_ELEMENT: DomError = DomError::InvalidNodeType("only elements have attributes");
const INVALID_NAME: DomError = DomError::InvalidCharacter(
    "the attribute name is empty or holds a character that names must not hold",
);

impl Tree {
    fn attribute_list(&mut self, element: NodeId) -> Option<&mut Vec<Attribute>> {
        match &mut self.node_mut(element).data {
            NodeData::Element(data) => Some(data.attributes.to_mut()),
            _ => None,
        }
    }

    /// `setAttribute(name, value)`; the name is lower-cased for an HTML element in an HTML document.
    ///
    /// # Errors
    /// [`DomError::InvalidCharacter`] if `name` is no valid attribute name; [`DomError::InvalidNodeType`] if `element`
    /// is none.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-setattribute>
    pub fn set_attribute(
        &mut self,
        element: NodeId,
        name: &str,
        value: &str,
    ) -> Result<(), DomError> {
        if !self.is_element(element) {
            return Err(NOT_AN_ELEMENT);
        }
        // 1. The name is valid.
        if !names::is_valid_attribute_local_name(name) {
            return Err(INVALID_NAME);
        }
        // 2. HTML documents know lower-case names only.
        let name = self.attribute_name_for(element, name);
        // 4–6. Change the first of that name, or append.
        let found = self.qualified_attribute_place(element, &name);
        match found {
            Some(index) => self.change_attribute(element, index, value),
            None => {
                let name = self.names.atom(&name);
                self.append_attribute(element, new_attribute(name, ns!(), value));
            }
        }
        Ok(())
    }

    /// Sets the attribute without a namespace and with the local name `name`, which is neither validated nor
    /// lower-cased. Does nothing if `element` is none.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-set-value>
    pub fn set_attribute_atom(&mut self, element: NodeId, name: &LocalName, value: &str) {
        let found = self.attribute_place(element, name, |attribute| attribute.namespace == ns!());
        match found {
            Some(index) => self.change_attribute(element, index, value),
            None => self.append_attribute(element, new_attribute(name.clone(), ns!(), value)),
        }
    }

    /// `setAttributeNS(namespace, qualifiedName, value)`.
    ///
    /// # Errors
    /// As [`names::validate_and_extract`]; [`DomError::InvalidNodeType`] if `element` is none.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-setattributens>
    pub fn set_attribute_ns(
        &mut self,
        element: NodeId,
        namespace: Option<&str>,
        qualified_name: &str,
        value: &str,
    ) -> Result<(), DomError> {
        if !self.is_element(element) {
            return Err(NOT_AN_ELEMENT);
        }
        // 1. The parts of the name.
        let name = names::validate_and_extract(namespace, qualified_name, NameContext::Attribute)?;
        // 3. Set.
        self.set_extracted_attribute(element, name, value);
        Ok(())
    }

    /// Set an attribute value, by namespace and local name.
    pub(crate) fn set_extracted_attribute(
        &mut self,
        element: NodeId,
        name: ExtractedName,
        value: &str,
    ) {
        let found = self.attribute_place(element, &name.local_name, |attribute| {
            attribute.namespace == name.namespace
        });
        match found {
            Some(index) => self.change_attribute(element, index, value),
            None => self.append_attribute(
                element,
                Attribute {
                    prefix: name.prefix,
                    ..new_attribute(name.local_name, name.namespace, value)
                },
            ),
        }
    }

    /// `removeAttribute(name)`; tells whether there was one.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-removeattribute>
    pub fn remove_attribute(&mut self, element: NodeId, name: &str) -> bool {
        match self.attribute_index(element, name) {
            Some(index) => {
                self.remove_attribute_at(element, index);
                true
            }
            None => false,
        }
    }

    /// `removeAttributeNS(namespace, localName)`; tells whether there was one.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-removeattributens>
    pub fn remove_attribute_ns(
        &mut self,
        element: NodeId,
        namespace: Option<&str>,
        local_name: &str,
    ) -> bool {
        match self.attribute_index_ns(element, namespace, local_name) {
            Some(index) => {
                self.remove_attribute_at(element, index);
                true
            }
            None => false,
        }
    }

    /// `toggleAttribute(name, force)`; tells whether the attribute is there now.
    ///
    /// # Errors
    /// As [`Self::set_attribute`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-toggleattribute>
    pub fn toggle_attribute(
        &mut self,
        element: NodeId,
        name: &str,
        force: Option<bool>,
    ) -> Result<bool, DomError> {
        if !self.is_element(element) {
            return Err(NOT_AN_ELEMENT);
        }
        // 1. The name is valid.
        if !names::is_valid_attribute_local_name(name) {
            return Err(INVALID_NAME);
        }
        // 2–5. There or not, as it is not or as it is told.
        let found = self.attribute_index(element, name);
        match (found, force) {
            (None, None | Some(true)) => {
                self.set_attribute(element, name, "")?;
                Ok(true)
            }
            (Some(index), None | Some(false)) => {
                self.remove_attribute_at(element, index);
                Ok(false)
            }
            (found, _) => Ok(found.is_some()),
        }
    }

    /// `setAttributeNode(attr)`: gives an attribute node to the element and returns the one it replaces.
    ///
    /// # Errors
    /// [`DomError::InUseAttribute`] if it belongs to another element; [`DomError::InvalidNodeType`] if either is of the
    /// wrong kind; [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-set>
    pub fn set_attribute_node(
        &mut self,
        element: NodeId,
        attr: NodeId,
    ) -> Result<Option<NodeId>, DomError> {
        if !self.is_element(element) {
            return Err(NOT_AN_ELEMENT);
        }
        let data = self
            .attr_data(attr)
            .ok_or(DomError::InvalidNodeType("this is no attribute"))?;
        // 1. It is free, or the element's own.
        if data.element.is_some_and(|owner| owner != element) {
            return Err(DomError::InUseAttribute(
                "the attribute belongs to another element",
            ));
        }
        // 3. Its own already: nothing to do.
        if data.element == Some(element) {
            return Ok(Some(attr));
        }
        let attribute = Attribute {
            local_name: data.local_name.clone(),
            namespace: data.namespace.clone(),
            prefix: data.prefix.clone(),
            value: data.value.clone(),
            node: Some(attr),
            value_slot: Default::default(),
        };
        // 2. The one of that name.
        let old = self.attributes(element).iter().position(|other| {
            other.local_name == attribute.local_name && other.namespace == attribute.namespace
        });
        let old_node = match old {
            Some(index) => Some(self.attribute_node(element, index)?),
            None => None,
        };
        let document = self.node_document(element);
        self.links_mut(attr).set_document(document);
        if let Some(data) = self.attr_data_mut(attr) {
            data.element = Some(element);
            data.value = AttributeValue::default();
        }
        // 4–6. Replace or append.
        match old {
            Some(index) => self.replace_attribute(element, index, attribute),
            None => self.append_attribute(element, attribute),
        }
        Ok(old_node)
    }

    /// `removeAttributeNode(attr)`. Returns `attr`, which keeps its value.
    ///
    /// # Errors
    /// [`DomError::NotFound`] if it is not the element's; [`DomError::NodeLimit`] never.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-removeattributenode>
    pub fn remove_attribute_node(
        &mut self,
        element: NodeId,
        attr: NodeId,
    ) -> Result<NodeId, DomError> {
        let index = self
            .attributes(element)
            .iter()
            .position(|attribute| attribute.node == Some(attr))
            .ok_or(DomError::NotFound("the attribute is not this element's"))?;
        self.remove_attribute_at(element, index);
        Ok(attr)
    }

    /// Set an existing attribute value: of an attribute node, with or without an element.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#set-an-existing-attribute-value>
    pub fn set_attr_value(&mut self, attr: NodeId, value: &str) {
        match (self.owner_element(attr), self.attr_index(attr)) {
            (Some(element), Some(index)) => self.change_attribute(element, index, value),
            _ => {
                if let Some(data) = self.attr_data_mut(attr) {
                    data.value = value.into();
                }
            }
        }
    }

    /// Change an attribute.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-change>
    pub(crate) fn change_attribute(&mut self, element: NodeId, index: usize, value: &str) {
        let Some(attribute) = self.attributes(element).get(index) else {
            return;
        };
        let is_id = is_id_name(attribute);
        // NOTE: setting the same value again is a change for observers, but for nobody else.
        if *attribute.value == *value
            && !self.is_observed()
            && !self.has_flag(element, NodeFlags::EFFECTFUL | NodeFlags::CUSTOM)
        {
            return;
        }
        if is_id {
            self.before_id_change(element);
        }
        // 1, 2. The value.
        let old = match self.attribute_list_mut(element).get_mut(index) {
            Some(attribute) => {
                attribute.value_slot.set(0);
                std::mem::replace(&mut attribute.value, value.into())
            }
            None => return,
        };
        if is_id {
            self.after_id_change(element);
        }
        // 3. Handle the change.
        self.handle_attribute_change(element, index, Some(old));
    }

    /// Append an attribute.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-append>
    pub(crate) fn append_attribute(&mut self, element: NodeId, attribute: Attribute) {
        let is_id = is_id_name(&attribute);
        let Some(list) = self.attribute_list(element) else {
            return;
        };
        let index = list.len();
        // OPTIMIZATION: most elements have one or two attributes; a list of itself starts with room for four.
        if index == 0 {
            list.reserve_exact(2);
        }
        list.push(attribute);
        self.index_last_attribute(element);
        if is_id {
            self.after_id_change(element);
        }
        self.handle_attribute_change(element, index, None);
    }

    /// Replace an attribute by one of the same name.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-replace>
    fn replace_attribute(&mut self, element: NodeId, index: usize, new: Attribute) {
        let is_id = is_id_name(&new);
        if is_id {
            self.before_id_change(element);
        }
        let Some(slot) = self.attribute_list_mut(element).get_mut(index) else {
            return;
        };
        let old = std::mem::replace(slot, new);
        if is_id {
            self.after_id_change(element);
        }
        let old_value = old.value.clone();
        self.detach_attr_node(old);
        self.handle_attribute_change(element, index, Some(old_value));
    }

    /// Remove an attribute.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-remove>
    fn remove_attribute_at(&mut self, element: NodeId, index: usize) {
        let Some(attribute) = self.attributes(element).get(index) else {
            return;
        };
        let is_id = is_id_name(attribute);
        if is_id {
            self.before_id_change(element);
        }
        let Some(list) = self.attribute_list(element) else {
            return;
        };
        let old = list.remove(index);
        self.forget_attribute_places(element);
        if old.local_name == local_name!("class") {
            self.refresh_class_filter(element, usize::MAX);
        }
        if is_id {
            self.after_id_change(element);
        }
        let name = (old.local_name.clone(), old.namespace.clone());
        let old_value = old.value.clone();
        self.detach_attr_node(old);
        self.handle_named_attribute_change(element, &name.0, &name.1, Some(old_value));
    }

    /// An attribute that leaves its element takes its value along into its node.
    pub(crate) fn detach_attr_node(&mut self, attribute: Attribute) {
        if let Some(data) = attribute.node.and_then(|node| self.attr_data_mut(node)) {
            data.element = None;
            data.value = attribute.value;
        }
    }

    fn handle_attribute_change(
        &mut self,
        element: NodeId,
        index: usize,
        old_value: Option<AttributeValue>,
    ) {
        self.refresh_class_filter(element, index);
        // OPTIMIZATION: most elements are neither observed nor of interest.
        let may_move = self.has_shadow_trees() && self.is_slot_attribute(element, index);
        if !self.is_observed()
            && !self.has_flag(element, NodeFlags::EFFECTFUL | NodeFlags::CUSTOM)
            && !self.window_names.is_logging()
            && !may_move
        {
            self.versions.attribute_changed();
            return;
        }
        if let Some(attribute) = self.attributes(element).get(index) {
            let (name, namespace) = (attribute.local_name.clone(), attribute.namespace.clone());
            self.handle_named_attribute_change(element, &name, &namespace, old_value);
        }
    }

    /// Handle attribute changes.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#handle-attribute-changes>
    fn handle_named_attribute_change(
        &mut self,
        element: NodeId,
        name: &LocalName,
        namespace: &Namespace,
        old_value: Option<AttributeValue>,
    ) {
        self.versions.attribute_changed();
        // 1. The record.
        if self.is_observed() {
            self.queue_mutation_record(
                element,
                &Change {
                    kind: RecordKind::Attributes,
                    name: Some((name, namespace)),
                    old_value: old_value.as_deref().map(Into::into),
                    added: &[],
                    removed: &[],
                    previous_sibling: None,
                    next_sibling: None,
                },
            );
        }
        // 2. Custom elements.
        if self.has_flag(element, NodeFlags::CUSTOM) {
            self.custom_element_attribute_changed(element, name, namespace, old_value.as_deref());
        }
        // 3. Attribute change steps. Slots and slottables have names.
        if self.has_shadow_trees() {
            self.slot_attribute_changed(element, name, namespace, old_value.as_deref());
        }
        // HTML: some elements are properties of the window by name.
        if self.window_names.is_logging() && *name == local_name!("name") && *namespace == ns!() {
            self.log_window_name_change(element, old_value.as_deref());
        }
        // HTML: an `async` attribute ends "force async".
        if self.is_effectful(element) {
            if *name == local_name!("async") && *namespace == ns!() && old_value.is_none() {
                self.set_flag(element, NodeFlags::FORCE_ASYNC, false);
            }
            self.push_effect(Effect::AttributeChanged {
                element,
                local_name: name.clone(),
                namespace: namespace.clone(),
                old_value: old_value.as_deref().map(Into::into),
            });
        }
    }

    fn before_id_change(&self, element: NodeId) {
        if self.is_connected(element)
            && let Some(document) = self.node_document(element)
        {
            self.unindex_id(document, element);
        }
    }

    fn after_id_change(&mut self, element: NodeId) {
        let has_id = self.attributes(element).iter().any(is_id);
        self.set_flag(element, NodeFlags::HAS_ID, has_id);
        if self.is_connected(element)
            && let Some(document) = self.node_document(element)
        {
            self.index_id(document, element);
        }
    }
}

fn new_attribute(local_name: LocalName, namespace: Namespace, value: &str) -> Attribute {
    Attribute {
        local_name,
        namespace,
        prefix: None,
        value: value.into(),
        node: None,
        value_slot: Default::default(),
    }
}

fn is_id_name(attribute: &Attribute) -> bool {
    attribute.local_name == local_name!("id") && attribute.namespace == ns!()
}
