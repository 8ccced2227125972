//! The types that the `selectors` crate is generic over.

use std::borrow::Borrow;
use std::fmt;

use ::selectors::parser::{PseudoElement as PseudoElementTrait, SelectorImpl};
use cssparser::{ToCss, serialize_identifier, serialize_string};
use html5ever::{LocalName, Namespace};
use precomputed_hash::PrecomputedHash;

use super::pseudo_class::PseudoClass;

/// Ties the types together.
#[derive(Debug, Clone)]
pub(crate) enum Selectors {}

impl SelectorImpl for Selectors {
    type ExtraMatchingData<'a> = ();
    type AttrValue = Text;
    type Identifier = Name;
    type LocalName = Name;
    type NamespaceUrl = Namespace;
    type NamespacePrefix = Name;
    type BorrowedNamespaceUrl = Namespace;
    type BorrowedLocalName = LocalName;
    type NonTSPseudoClass = PseudoClass;
    type PseudoElement = PseudoElement;
}

/// A name, an id or a class.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Name(pub(crate) LocalName);

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self(LocalName::from(name))
    }
}

impl Borrow<LocalName> for Name {
    fn borrow(&self) -> &LocalName {
        &self.0
    }
}

impl PrecomputedHash for Name {
    fn precomputed_hash(&self) -> u32 {
        self.0.precomputed_hash()
    }
}

impl ToCss for Name {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_identifier(&self.0, dest)
    }
}

/// The value in an attribute selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(Box<str>);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl ToCss for Text {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        serialize_string(&self.0, dest)
    }
}

/// A pseudo-element: it parses, and no element of a tree is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PseudoElement(&'static str);

impl PseudoElement {
    /// The pseudo-element of this name, if browsers know it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        KNOWN
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))
            .map(|known| Self(known))
    }
}

impl PseudoElementTrait for PseudoElement {}

impl ToCss for PseudoElement {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        write!(dest, "::{}", self.0)
    }
}

const KNOWN: [&str; 10] = [
    "before",
    "after",
    "first-line",
    "first-letter",
    "marker",
    "selection",
    "placeholder",
    "backdrop",
    "file-selector-button",
    "target-text",
];
