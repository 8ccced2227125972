//! Selectors of style rules: with the prefixes that the sheet declares, and `&`.
//!
//! Standard: <https://drafts.csswg.org/css-namespaces-3/#css-qnames> and <https://drafts.csswg.org/css-nesting-1/>, texts of
//! November 2026.

use std::rc::Rc;

use cssparser::ToCss;
use html5ever::Namespace;

use super::parser::{ParsedSelector, parse_with};
use crate::error::DomError;

/// The namespaces that a style sheet declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SheetNamespaces {
    pub(super) default: Option<Namespace>,
    pub(super) prefixes: Vec<(Box<str>, Namespace)>,
}

impl SheetNamespaces {
    /// Declares a prefix, the empty one for the default. The last declaration holds.
    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) {
        if prefix.is_empty() {
            self.default = Some(Namespace::from(uri));
            return;
        }
        self.prefixes.retain(|(known, _)| **known != *prefix);
        self.prefixes.push((prefix.into(), Namespace::from(uri)));
    }

    pub(super) fn of_prefix(&self, prefix: &str) -> Option<Namespace> {
        let found = self.prefixes.iter().find(|(known, _)| **known == *prefix);
        found.map(|(_, uri)| uri.clone())
    }
}

/// The selectors of a style rule, serialized, and what they match: within another style rule, with its selectors in the
/// place of `&`.
///
/// # Errors
/// [`DomError::Syntax`] if `text` is no selector list.
pub(crate) fn parse_in_sheet(
    text: &str,
    namespaces: &SheetNamespaces,
    parent: Option<&Rc<ParsedSelector>>,
) -> Result<(String, Rc<ParsedSelector>), DomError> {
    let mut parsed = parse_with(text, Some(namespaces), parent.is_some())?;
    let own = parsed.list.to_css_string();
    if let Some(parent) = parent {
        parsed.list = parsed.list.replace_parent_selector(&parent.list);
        parsed.shortcut = None;
    }
    Ok((own, Rc::new(parsed)))
}
