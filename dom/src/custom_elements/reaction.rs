//! Reactions: what an embedder must tell custom elements, in the order it came about.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#custom-element-reactions>,
//! text of November 2026.

use html5ever::{LocalName, Namespace};

use super::{CallbackSet, CustomElementState, Definition, DefinitionId};
use crate::arena::{NodeId, Tree};
use crate::node::NodeFlags;

/// Something for an element's custom element reaction queue.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reaction {
    /// Upgrade it by this definition.
    Upgrade(DefinitionId),
    /// Call `connectedCallback`.
    Connected,
    /// Call `disconnectedCallback`.
    Disconnected,
    /// Call `connectedMoveCallback`, or in its stead `disconnectedCallback` and `connectedCallback`.
    ConnectedMove,
    /// Call `adoptedCallback`.
    Adopted {
        /// The document it was in.
        from: NodeId,
        /// The document it is in.
        to: NodeId,
    },
    /// Call `attributeChangedCallback`.
    AttributeChanged {
        /// The attribute's local name.
        local_name: LocalName,
        /// Its namespace; the empty atom is null.
        namespace: Namespace,
        /// The value before; `None` if it was not there.
        old_value: Option<Box<str>>,
        /// The value now; `None` if it is gone.
        new_value: Option<Box<str>>,
    },
    /// Call `formAssociatedCallback` with this form owner.
    FormAssociated(Option<NodeId>),
    /// Call `formDisabledCallback`.
    FormDisabled(bool),
}

/// A reaction and the element it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomElementReaction {
    /// The element.
    pub element: NodeId,
    /// What it is to be told.
    pub reaction: Reaction,
    version: u32,
}

impl Tree {
    /// Whether [`Self::take_custom_element_reactions`] may give any.
    #[inline]
    pub fn has_custom_element_reactions(&self) -> bool {
        !self.custom.reactions.is_empty()
    }

    /// The reactions since the last call, in the order they were enqueued; those of freed elements are left out.
    pub fn take_custom_element_reactions(&mut self) -> Vec<CustomElementReaction> {
        let mut reactions = std::mem::take(&mut self.custom.reactions);
        reactions.retain(|reaction| {
            let links = self.links(reaction.element);
            !links.is_free() && links.version() == reaction.version
        });
        reactions
    }

    pub(super) fn push_reaction(&mut self, element: NodeId, reaction: Reaction) {
        let version = self.links(element).version();
        self.custom.reactions.push(CustomElementReaction {
            element,
            reaction,
            version,
        });
    }

    /// The definition of an element that is custom.
    fn custom_definition(&self, id: NodeId) -> Option<&Definition> {
        let element = self.custom.elements.get(&id)?;
        if element.state != CustomElementState::Custom {
            return None;
        }
        self.custom_element_definition(element.definition?)
    }

    /// Enqueue a custom element callback reaction.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#enqueue-a-custom-element-callback-reaction>
    pub(super) fn enqueue_callback(
        &mut self,
        id: NodeId,
        callback: CallbackSet,
        reaction: Reaction,
    ) {
        let wanted = self
            .custom_definition(id)
            .is_some_and(|definition| definition.callbacks.holds(callback));
        if wanted {
            self.push_reaction(id, reaction);
        }
    }

    /// Try to upgrade an element.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#concept-try-upgrade>
    pub(crate) fn try_to_upgrade(&mut self, id: NodeId) {
        if let Some(definition) = self.upgrade_definition(id) {
            self.push_reaction(id, Reaction::Upgrade(definition));
        }
    }

    /// Tries to upgrade every shadow-including inclusive descendant, in tree order: `customElements.upgrade(root)`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#dom-customelementregistry-upgrade>
    pub fn upgrade_subtree(&mut self, root: NodeId) {
        let mut next = Some(root);
        while let Some(node) = next {
            self.try_to_upgrade(node);
            next = self.following_shadow_including(root, node);
        }
    }

    /// Enqueues the upgrade of the elements of a document that a new definition is for.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#dom-customelementregistry-define>
    pub fn upgrade_candidates(&mut self, document: NodeId, definition: DefinitionId) {
        let mut next = Some(document);
        while let Some(node) = next {
            if self.has_flag(node, NodeFlags::CUSTOM)
                && self.upgrade_definition(node) == Some(definition)
            {
                self.push_reaction(node, Reaction::Upgrade(definition));
            }
            next = self.following_shadow_including(document, node);
        }
    }

    /// A flagged element became connected: insert, step 7.7.2.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-insert>
    pub(crate) fn custom_element_connected(&mut self, id: NodeId) {
        if self.custom.definitions.is_empty() {
            return;
        }
        if self.is_custom_element(id) {
            self.enqueue_callback(id, CallbackSet::CONNECTED, Reaction::Connected);
        } else {
            self.try_to_upgrade(id);
        }
    }

    /// A flagged element left a document's tree.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-remove>
    pub(crate) fn custom_element_disconnected(&mut self, id: NodeId) {
        if !self.custom.definitions.is_empty() {
            self.enqueue_callback(id, CallbackSet::DISCONNECTED, Reaction::Disconnected);
        }
    }

    /// A subtree was moved without being disconnected.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#move>
    pub(crate) fn custom_elements_moved(&mut self, root: NodeId) {
        if self.custom.definitions.is_empty() || !self.is_connected(root) {
            return;
        }
        let callbacks = CallbackSet(
            CallbackSet::CONNECTED_MOVE.0 | CallbackSet::CONNECTED.0 | CallbackSet::DISCONNECTED.0,
        );
        let mut next = Some(root);
        while let Some(node) = next {
            if self.has_flag(node, NodeFlags::CUSTOM) {
                self.enqueue_callback(node, callbacks, Reaction::ConnectedMove);
            }
            next = self.following_shadow_including(root, node);
        }
    }

    /// A flagged element has another node document.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-adopt>
    pub(crate) fn custom_element_adopted(&mut self, id: NodeId, from: NodeId, to: NodeId) {
        if !self.custom.definitions.is_empty() {
            self.enqueue_callback(id, CallbackSet::ADOPTED, Reaction::Adopted { from, to });
        }
    }

    /// An attribute of a flagged element was added, changed or removed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#handle-attribute-changes>
    pub(crate) fn custom_element_attribute_changed(
        &mut self,
        id: NodeId,
        local_name: &LocalName,
        namespace: &Namespace,
        old_value: Option<&str>,
    ) {
        let observes = self.custom_definition(id).is_some_and(|definition| {
            definition.callbacks.holds(CallbackSet::ATTRIBUTE_CHANGED)
                && definition.observed_attributes.contains(local_name)
        });
        if observes {
            let new_value = self
                .attributes(id)
                .iter()
                .find(|attribute| {
                    attribute.local_name == *local_name && attribute.namespace == *namespace
                })
                .map(|attribute| attribute.value().into());
            self.push_reaction(
                id,
                Reaction::AttributeChanged {
                    local_name: local_name.clone(),
                    namespace: namespace.clone(),
                    old_value: old_value.map(Into::into),
                    new_value,
                },
            );
        }
    }

    /// Enqueues what an upgrade enqueues before it constructs: the attributes, and that the element is connected.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#concept-upgrade-an-element>, steps 4 and 5
    pub fn enqueue_upgrade_callbacks(&mut self, id: NodeId, definition: DefinitionId) {
        let Some(known) = self.custom_element_definition(definition) else {
            return;
        };
        let callbacks = known.callbacks;
        let mut reactions = Vec::new();
        if callbacks.holds(CallbackSet::ATTRIBUTE_CHANGED) {
            reactions.extend(
                self.attributes(id)
                    .iter()
                    .filter(|attribute| known.observed_attributes.contains(&attribute.local_name))
                    .map(|attribute| Reaction::AttributeChanged {
                        local_name: attribute.local_name.clone(),
                        namespace: attribute.namespace.clone(),
                        old_value: None,
                        new_value: Some(attribute.value().into()),
                    }),
            );
        }
        if self.is_connected(id) && callbacks.holds(CallbackSet::CONNECTED) {
            reactions.push(Reaction::Connected);
        }
        for reaction in reactions {
            self.push_reaction(id, reaction);
        }
    }
}
