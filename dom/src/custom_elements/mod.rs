//! Custom elements: definitions, states, and what happens to elements as data.
//!
//! The tree knows which names are defined for which document, and what each definition wants to hear of. Callbacks and
//! constructors are the embedder's: it takes the reactions with [`Tree::take_custom_element_reactions`] after each call
//! that may have made some, and tells the tree how an upgrade went with [`Tree::set_custom_element_state`].
//! Elements that cannot be custom pay one test of a flag; so do those that could, as long as nothing is defined.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html>, text of November 2026.

mod construction;
mod form_associated;
mod reaction;

use std::collections::{HashMap, HashSet};

use html5ever::{LocalName, Namespace, Prefix, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::names;
use crate::node::NodeFlags;

pub use construction::ElementConstruction;
pub use reaction::{CustomElementReaction, Reaction};

/// The number of a definition, from 1; never used again.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub struct DefinitionId(u32);

impl DefinitionId {
    /// The definition with the number `raw`; `None` for 0.
    pub const fn from_raw(raw: u32) -> Option<Self> {
        if raw == 0 { None } else { Some(Self(raw)) }
    }

    /// The number.
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// The callbacks that a definition has.
#[derive(Debug, Copy, Clone, Default, PartialEq, Eq)]
pub struct CallbackSet(u16);

impl CallbackSet {
    /// `connectedCallback`.
    pub const CONNECTED: Self = Self(1);
    /// `disconnectedCallback`.
    pub const DISCONNECTED: Self = Self(1 << 1);
    /// `adoptedCallback`.
    pub const ADOPTED: Self = Self(1 << 2);
    /// `attributeChangedCallback`.
    pub const ATTRIBUTE_CHANGED: Self = Self(1 << 3);
    /// `connectedMoveCallback`.
    pub const CONNECTED_MOVE: Self = Self(1 << 4);
    /// `formAssociatedCallback`.
    pub const FORM_ASSOCIATED: Self = Self(1 << 5);
    /// `formDisabledCallback`.
    pub const FORM_DISABLED: Self = Self(1 << 6);
    /// `formResetCallback`.
    pub const FORM_RESET: Self = Self(1 << 7);

    /// The set with these bits.
    pub const fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    const fn holds(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What the tree has to know of a custom element definition.
///
/// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#custom-element-definition>
#[derive(Debug, Clone)]
pub struct Definition {
    /// The name it is defined by.
    pub name: LocalName,
    /// The local name of its elements: [`Self::name`], or what it extends.
    pub local_name: LocalName,
    /// The local names of the attributes it hears of.
    pub observed_attributes: HashSet<LocalName>,
    /// The callbacks it has.
    pub callbacks: CallbackSet,
    /// Whether its elements take part in forms.
    pub form_associated: bool,
    /// Whether its elements must not have shadow roots.
    pub disable_shadow: bool,
}

/// How far an element is on its way to being custom.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-element-custom-element-state>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum CustomElementState {
    /// It cannot be custom.
    Uncustomized,
    /// It can become custom.
    Undefined,
    /// Its constructor failed.
    Failed,
    /// Its constructor runs.
    Precustomized,
    /// It is custom.
    Custom,
}

/// Everything the tree keeps for custom elements.
#[derive(Debug, Default)]
pub(crate) struct CustomElements {
    definitions: Vec<Definition>,
    /// The registry of each document that has one.
    registries: HashMap<NodeId, u32>,
    names: HashMap<u32, HashMap<LocalName, DefinitionId>>,
    /// Flagged elements that are more than undefined ones without an is value.
    elements: HashMap<NodeId, CustomElement>,
    reactions: Vec<CustomElementReaction>,
    pub(crate) construction: construction::Pending,
    associated: form_associated::FormAssociated,
    states: HashMap<NodeId, HashSet<Box<str>>>,
}

#[derive(Debug, Clone)]
struct CustomElement {
    state: CustomElementState,
    definition: Option<DefinitionId>,
    is: Option<LocalName>,
}

/// Whether `name` may be the name of a custom element.
///
/// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name>
pub fn is_valid_custom_element_name(name: &str) -> bool {
    name.contains('-')
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.bytes().any(|byte| byte.is_ascii_uppercase())
        && names::is_valid_element_local_name(name)
        && !matches!(
            name,
            "annotation-xml"
                | "color-profile"
                | "font-face"
                | "font-face-src"
                | "font-face-uri"
                | "font-face-format"
                | "font-face-name"
                | "missing-glyph"
        )
}

/// The flag that a new element starts with.
#[inline]
pub(crate) fn initial_flag(namespace: &Namespace, local_name: &LocalName) -> u16 {
    if local_name.as_bytes().contains(&b'-')
        && *namespace == ns!(html)
        && is_valid_custom_element_name(local_name)
    {
        NodeFlags::CUSTOM
    } else {
        0
    }
}

impl Tree {
    /// Whether anything is defined for any document.
    #[inline]
    pub fn has_custom_element_definitions(&self) -> bool {
        !self.custom.definitions.is_empty()
    }

    /// Gives a document a registry, named by a number of the embedder's.
    pub fn set_custom_element_registry(&mut self, document: NodeId, registry: u32) {
        self.custom.registries.insert(document, registry);
        self.set_flag(document, NodeFlags::IN_SIDE_TABLE, true);
    }

    /// Adds a definition to a registry. Whether the name is valid and free, the caller has seen to.
    ///
    /// [`Self::upgrade_candidates`] is the next step.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#dom-customelementregistry-define>
    pub fn define_custom_element(&mut self, registry: u32, definition: Definition) -> DefinitionId {
        let name = definition.name.clone();
        self.custom.definitions.push(definition);
        let number = u32::try_from(self.custom.definitions.len()).unwrap_or(u32::MAX);
        let id = DefinitionId(number);
        self.custom
            .names
            .entry(registry)
            .or_default()
            .insert(name, id);
        id
    }

    /// A definition.
    pub fn custom_element_definition(&self, id: DefinitionId) -> Option<&Definition> {
        self.custom.definitions.get(id.0 as usize - 1)
    }

    /// Look up a custom element definition.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#look-up-a-custom-element-definition>
    pub fn look_up_custom_element_definition(
        &self,
        document: NodeId,
        namespace: &Namespace,
        local_name: &LocalName,
        is: Option<&LocalName>,
    ) -> Option<DefinitionId> {
        if self.custom.definitions.is_empty() || *namespace != ns!(html) {
            return None;
        }
        let names = self
            .custom
            .names
            .get(self.custom.registries.get(&document)?)?;
        let fits = |id: &DefinitionId| {
            self.custom_element_definition(*id)
                .is_some_and(|definition| definition.local_name == *local_name)
        };
        // By the local name, then by the is value.
        names
            .get(local_name)
            .copied()
            .filter(fits)
            .or_else(|| names.get(is?).copied().filter(fits))
    }

    /// The state of an element; other nodes cannot be custom.
    pub fn custom_element_state(&self, id: NodeId) -> CustomElementState {
        if !self.has_flag(id, NodeFlags::CUSTOM) {
            return CustomElementState::Uncustomized;
        }
        self.custom
            .elements
            .get(&id)
            .map_or(CustomElementState::Undefined, |element| element.state)
    }

    /// Whether the element is custom.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-custom>
    #[inline]
    pub fn is_custom_element(&self, id: NodeId) -> bool {
        self.custom_element_state(id) == CustomElementState::Custom
    }

    /// Whether the element is defined: `:defined`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-defined>
    #[inline]
    pub fn is_defined_element(&self, id: NodeId) -> bool {
        matches!(
            self.custom_element_state(id),
            CustomElementState::Uncustomized | CustomElementState::Custom
        )
    }

    /// Changes the state and the definition of an element.
    pub fn set_custom_element_state(
        &mut self,
        id: NodeId,
        state: CustomElementState,
        definition: Option<DefinitionId>,
    ) {
        let element = self.custom_element_mut(id);
        element.state = state;
        element.definition = definition;
        self.style_sheets.note_state_change();
        self.update_form_association(id);
    }

    /// The definition that made an element custom, or is about to.
    pub fn custom_definition_of(&self, id: NodeId) -> Option<DefinitionId> {
        if !self.has_flag(id, NodeFlags::CUSTOM) {
            return None;
        }
        self.custom.elements.get(&id)?.definition
    }

    /// The is value.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-is-value>
    pub fn is_value(&self, id: NodeId) -> Option<&LocalName> {
        if !self.has_flag(id, NodeFlags::CUSTOM) {
            return None;
        }
        self.custom.elements.get(&id)?.is.as_ref()
    }

    /// Gives a new element its is value. In HTML that makes it one that can become custom.
    pub fn set_is_value(&mut self, id: NodeId, is: LocalName) {
        if *self.namespace(id) == ns!(html) {
            self.custom_element_mut(id).is = Some(is);
        }
    }

    fn custom_element_mut(&mut self, id: NodeId) -> &mut CustomElement {
        self.set_flag(id, NodeFlags::CUSTOM | NodeFlags::IN_SIDE_TABLE, true);
        self.custom
            .elements
            .entry(id)
            .or_insert_with(|| CustomElement {
                state: CustomElementState::Undefined,
                definition: None,
                is: None,
            })
    }

    /// Makes the element that a custom element constructor makes when it is called by script.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full; [`DomError::NotFound`] if there is no such definition.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dom.html#htmlconstructor>
    pub fn create_custom_element(
        &mut self,
        document: NodeId,
        definition: DefinitionId,
    ) -> Result<NodeId, DomError> {
        let known = self
            .custom_element_definition(definition)
            .ok_or(DomError::NotFound("nothing is defined by that number"))?;
        let (name, local_name) = (known.name.clone(), known.local_name.clone());
        let id = self.create_element(document, local_name.clone(), ns!(html), None)?;
        if name != local_name {
            self.set_is_value(id, name);
        }
        self.set_custom_element_state(id, CustomElementState::Custom, Some(definition));
        Ok(id)
    }

    /// Makes the element that stands for one whose constructor failed.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-create-element> step 5.1
    pub fn create_failed_element(
        &mut self,
        document: NodeId,
        local_name: LocalName,
        prefix: Option<Prefix>,
    ) -> Result<NodeId, DomError> {
        let id = self.create_element(document, local_name, ns!(html), prefix)?;
        self.set_custom_element_state(id, CustomElementState::Failed, None);
        Ok(id)
    }

    /// Changes the prefix of an element that a constructor made.
    pub fn set_element_prefix(&mut self, id: NodeId, prefix: Option<Prefix>) {
        if let crate::node::NodeData::Element(element) = &mut self.node_mut(id).data {
            element.prefix = prefix;
        }
    }

    /// The definition that an undefined element would be upgraded by.
    pub fn upgrade_definition(&self, id: NodeId) -> Option<DefinitionId> {
        if !self.has_flag(id, NodeFlags::CUSTOM)
            || self.custom.definitions.is_empty()
            || self.custom_element_state(id) != CustomElementState::Undefined
        {
            return None;
        }
        self.look_up_custom_element_definition(
            self.node_document(id)?,
            self.namespace(id),
            self.local_name(id),
            self.is_value(id),
        )
    }

    /// Takes over the is value of the source of a copy, and upgrades the copy if it can be.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#clone-a-single-node> step 2
    pub(crate) fn custom_element_cloned(&mut self, source: NodeId, copy: NodeId) {
        if let Some(is) = self.is_value(source).cloned() {
            self.set_is_value(copy, is);
        }
        self.try_to_upgrade(copy);
    }

    pub(crate) fn forget_custom_element(&mut self, id: NodeId) {
        self.custom.elements.remove(&id);
        self.custom.registries.remove(&id);
        self.custom.states.remove(&id);
        self.forget_form_association(id);
    }

    /// Adds a name to the states set of a custom element, or takes it away.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#states-set>
    pub fn set_custom_state(&mut self, id: NodeId, name: &str, on: bool) {
        self.style_sheets.note_state_change();
        if on {
            self.set_flag(id, NodeFlags::IN_SIDE_TABLE, true);
            self.custom
                .states
                .entry(id)
                .or_default()
                .insert(name.into());
        } else if let Some(states) = self.custom.states.get_mut(&id) {
            states.remove(name);
        }
    }

    /// Whether the states set of an element holds a name: `:state(name)`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/semantics-other.html#selector-custom>
    pub fn has_custom_state(&self, id: NodeId, name: &str) -> bool {
        self.has_flag(id, NodeFlags::CUSTOM)
            && self
                .custom
                .states
                .get(&id)
                .is_some_and(|states| states.contains(name))
    }
}
