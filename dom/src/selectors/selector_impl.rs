//! The types that the `selectors` crate is generic over.

use std::borrow::Borrow;
use std::fmt;

use ::selectors::parser::{PseudoElement as PseudoElementTrait, SelectorImpl};
use cssparser::{Parser, ToCss, serialize_identifier, serialize_string};
use html5ever::{LocalName, Namespace};
use precomputed_hash::PrecomputedHash;

use super::pseudo_class::PseudoClass;

/// Ties the types together.
#[derive(Debug, Clone, PartialEq, Eq)]
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
pub(crate) struct PseudoElement {
    name: Box<str>,
    argument: Option<Box<str>>,
}

impl PseudoElement {
    /// The pseudo-element of this name, if browsers know it. Those that begin with `-webkit-` are all taken for valid.
    ///
    /// Standard: <https://drafts.csswg.org/selectors-4/#compat>
    pub(crate) fn named(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        (KNOWN.contains(&name.as_str()) || name.starts_with("-webkit-")).then(|| Self {
            name: name.into(),
            argument: None,
        })
    }

    /// Whether it is the one of this name, without an argument.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        *self.name == *name && self.argument.is_none()
    }

    /// The functional pseudo-element of this name. Its argument is one identifier, or a star for a view transition.
    pub(crate) fn functional(name: &str, arguments: &mut Parser<'_>) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let argument = match name.as_str() {
            "highlight" => arguments.expect_ident().ok()?.as_ref().into(),
            "view-transition-group"
            | "view-transition-image-pair"
            | "view-transition-old"
            | "view-transition-new" => {
                if arguments.try_parse(|input| input.expect_delim('*')).is_ok() {
                    "*".into()
                } else {
                    arguments.expect_ident().ok()?.as_ref().into()
                }
            }
            _ => return None,
        };
        Some(Self {
            name: name.into(),
            argument: Some(argument),
        })
    }
}

impl PseudoElementTrait for PseudoElement {
    fn accepts_state_pseudo_classes(&self) -> bool {
        true
    }
}

impl ToCss for PseudoElement {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        write!(dest, "::{}", self.name)?;
        match self.argument.as_deref() {
            None => Ok(()),
            Some("*") => dest.write_str("(*)"),
            Some(argument) => {
                dest.write_str("(")?;
                serialize_identifier(argument, dest)?;
                dest.write_str(")")
            }
        }
    }
}

const KNOWN: [&str; 19] = [
    "before",
    "after",
    "first-line",
    "first-letter",
    "marker",
    "selection",
    "placeholder",
    "backdrop",
    "cue",
    "details-content",
    "file-selector-button",
    "grammar-error",
    "spelling-error",
    "search-text",
    "target-text",
    "view-transition",
    "checkmark",
    "picker-icon",
    "scroll-marker",
];
