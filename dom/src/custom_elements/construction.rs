//! Elements that a parser has script construct before it goes on.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token>,
//! text of November 2026.

use html5ever::LocalName;

use super::DefinitionId;
use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::element::Attribute;

/// An element for script to make: [`Tree::take_element_construction`].
#[derive(Debug, Clone)]
pub struct ElementConstruction {
    /// Its node document.
    pub document: NodeId,
    /// Its definition.
    pub definition: DefinitionId,
    /// Its local name.
    pub local_name: LocalName,
    /// The attributes it is given once it is made.
    pub attributes: Vec<Attribute>,
}

/// What a paused parser asks for, and what it was given.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    wanted: Option<ElementConstruction>,
    /// The attributes of what is being constructed.
    attributes: Vec<Attribute>,
    made: Option<NodeHandle>,
}

impl Tree {
    pub(crate) fn want_element(&mut self, construction: ElementConstruction) {
        self.custom.construction = Pending {
            wanted: Some(construction),
            ..Pending::default()
        };
    }

    /// Whether [`Self::take_element_construction`] gives anything.
    pub fn wants_element(&self) -> bool {
        self.custom.construction.wanted.is_some()
    }

    /// What a parser that stopped with [`Step::CustomElements`](crate::parsing::html::Step::CustomElements) wants
    /// constructed, if anything. Answer with [`Self::set_constructed_element`].
    pub fn take_element_construction(&mut self) -> Option<ElementConstruction> {
        let wanted = self.custom.construction.wanted.take()?;
        self.custom.construction.attributes = wanted.attributes.clone();
        Some(wanted)
    }

    /// The element that was constructed: custom, or failed. It is given its attributes, which it may have to be told
    /// of at once; the parser uses it when it goes on.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token> steps 10 and 11
    pub fn set_constructed_element(&mut self, element: NodeId) {
        for attribute in std::mem::take(&mut self.custom.construction.attributes) {
            self.append_attribute(element, attribute);
        }
        self.custom.construction.made = self.handle(element);
    }

    pub(crate) fn take_constructed_element(&mut self) -> Option<NodeId> {
        self.custom.construction.wanted = None;
        let made = self.custom.construction.made.take()?;
        self.resolve(made)
    }
}
