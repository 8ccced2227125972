//! Attaching shadow roots: by script, by the parser, by cloning.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-attach-a-shadow-root>, text of November 2026.

use std::cell::RefCell;

use html5ever::{LocalName, local_name, ns};

use super::{ShadowRootData, ShadowRootInit};
use crate::arena::{NodeId, Tree};
use crate::custom_elements::{CustomElementState, is_valid_custom_element_name};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::{NodeData, NodeFlags, NodeKind};

impl Tree {
    /// `element.attachShadow(init)`. Returns the shadow root.
    ///
    /// A root that the parser made is emptied and given out again, once, if its mode is the one asked for.
    ///
    /// # Errors
    /// [`DomError::NotSupported`] if the element cannot be a host, or is one; [`DomError::NodeLimit`] if the tree is
    /// full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-attach-a-shadow-root>
    ///
    /// ```
    /// # use readystate_dom::{DocumentInit, Tree, parsing::html, shadow::ShadowRootInit};
    /// # let mut tree = Tree::default();
    /// # let document = tree.create_document(DocumentInit::html("about:blank"))?;
    /// html::parse_document(&mut tree, document, "<div id=host></div>");
    /// let host = tree.get_element_by_id(document, "host").expect("it was parsed");
    /// let root = tree.attach_shadow(host, ShadowRootInit::default())?;
    /// assert_eq!(tree.shadow_host(root), Some(host));
    /// assert!(tree.is_connected(root));
    /// # Ok::<(), readystate_dom::DomError>(())
    /// ```
    pub fn attach_shadow(
        &mut self,
        element: NodeId,
        init: ShadowRootInit,
    ) -> Result<NodeId, DomError> {
        // 1. HTML only. 2. Of these names.
        if !self.can_be_shadow_host(element) {
            return Err(DomError::NotSupported(
                "this element cannot have a shadow root",
            ));
        }
        // 3. Its definition wants none.
        if self.definition_disables_shadow(element) {
            return Err(DomError::NotSupported(
                "the definition of this custom element forbids shadow roots",
            ));
        }
        // 4. A host already.
        if let Some(current) = self.shadow_root(element) {
            let data = self.shadows.roots.get_mut(&current);
            let data = data.filter(|data| data.declarative && data.init.mode == init.mode);
            // 4.2. Not one of the parser's, or of the other mode.
            let Some(data) = data else {
                return Err(DomError::NotSupported("the element has a shadow root"));
            };
            // 4.4. From now on it is script's.
            data.declarative = false;
            // 4.3. Empty it.
            while let Some(child) = self.first_child(current) {
                self.remove_node(child, Observers::Notify);
            }
            return Ok(current);
        }
        self.make_shadow_root(element, init)
    }

    /// Attaches the root that a `<template shadowrootmode>` stands for.
    ///
    /// # Errors
    /// As [`Self::attach_shadow`]; a host is refused whatever its root is.
    ///
    /// Standard: <https://html.spec.whatwg.org/#parsing-main-inhead>
    pub(crate) fn attach_declarative_shadow(
        &mut self,
        element: NodeId,
        init: ShadowRootInit,
    ) -> Result<NodeId, DomError> {
        if !self.can_be_shadow_host(element)
            || self.definition_disables_shadow(element)
            || self.shadow_root(element).is_some()
        {
            return Err(DomError::NotSupported(
                "this element cannot have a declarative shadow root",
            ));
        }
        let root = self.make_shadow_root(element, init)?;
        if let Some(data) = self.shadows.roots.get_mut(&root) {
            data.declarative = true;
            data.available_to_element_internals = true;
        }
        Ok(root)
    }

    /// Gives `copy` a root like that of `original`, if that is clonable. Its children are the caller's to clone.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-clone> step 6
    pub(crate) fn clone_shadow_root(
        &mut self,
        original: NodeId,
        copy: NodeId,
    ) -> Result<Option<(NodeId, NodeId)>, DomError> {
        let Some(root) = self.shadow_root(original) else {
            return Ok(None);
        };
        let Some(data) = self.shadows.roots.get(&root) else {
            return Ok(None);
        };
        // 6. Only clonable ones.
        if !data.init.clonable {
            return Ok(None);
        }
        let (init, declarative) = (data.init, data.declarative);
        // 6.4. Attach. 6.5. Declarative like the original.
        let cloned = self.make_shadow_root(copy, init)?;
        if let Some(data) = self.shadows.roots.get_mut(&cloned) {
            data.declarative = declarative;
        }
        Ok(Some((root, cloned)))
    }

    fn make_shadow_root(
        &mut self,
        element: NodeId,
        init: ShadowRootInit,
    ) -> Result<NodeId, DomError> {
        // 5. A node of the element's document.
        let document = self.node_document(element);
        let connected = if self.is_connected(element) {
            NodeFlags::CONNECTED
        } else {
            0
        };
        let flags = NodeFlags::IN_SHADOW_TREE | NodeFlags::IN_SIDE_TABLE | connected;
        // 6. Its host.
        let data = NodeData::DocumentFragment {
            host: Some(element),
        };
        let root = self.allocate(NodeKind::DocumentFragment, document, flags, data)?;
        // 7–13. What it was made with. 9. Internals of a custom element see it.
        let available_to_element_internals = matches!(
            self.custom_element_state(element),
            CustomElementState::Precustomized | CustomElementState::Custom
        );
        self.shadows.roots.insert(
            root,
            ShadowRootData {
                init,
                declarative: false,
                available_to_element_internals,
                slot_count: 0,
                first_slots: RefCell::default(),
            },
        );
        // 14. It is the element's.
        self.set_flag(element, NodeFlags::IN_SIDE_TABLE, true);
        self.shadows.hosts.insert(element, root);
        self.versions.structure_changed();
        Ok(root)
    }

    fn definition_disables_shadow(&self, element: NodeId) -> bool {
        if !self.has_custom_element_definitions() {
            return false;
        }
        self.node_document(element)
            .and_then(|document| {
                self.look_up_custom_element_definition(
                    document,
                    self.namespace(element),
                    self.local_name(element),
                    self.is_value(element),
                )
            })
            .and_then(|id| self.custom_element_definition(id))
            .is_some_and(|definition| definition.disable_shadow)
    }

    /// Whether the element's name lets it have a shadow root.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#valid-shadow-host-name>
    pub fn can_be_shadow_host(&self, element: NodeId) -> bool {
        self.node(element).as_element().is_some_and(|data| {
            data.namespace == ns!(html) && is_valid_shadow_host_name(&data.local_name)
        })
    }
}

fn is_valid_shadow_host_name(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("article")
            | local_name!("aside")
            | local_name!("blockquote")
            | local_name!("body")
            | local_name!("div")
            | local_name!("footer")
            | local_name!("h1")
            | local_name!("h2")
            | local_name!("h3")
            | local_name!("h4")
            | local_name!("h5")
            | local_name!("h6")
            | local_name!("header")
            | local_name!("main")
            | local_name!("nav")
            | local_name!("p")
            | local_name!("section")
            | local_name!("span")
    ) || is_valid_custom_element_name(name)
}
