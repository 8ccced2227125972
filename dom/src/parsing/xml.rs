//! The XML parser: strict, as browsers are; a document or an error value.
//!
//! quick-xml cuts the input into tokens. Everything that makes them XML is ours: each token is checked in full against
//! its production, and since the tokens together are the whole input, what is accepted is well-formed. Nothing is
//! loaded: external entities and the external subset stay unread, as in browsers, and what refers to them is skipped.
//! No function recurses, whatever the input nests.
//!
//! Standard: <https://www.w3.org/TR/xml/> (fifth edition) and <https://www.w3.org/TR/xml-names/> (third edition), with
//! <https://html.spec.whatwg.org/#parsing-xhtml-documents>, text of November 2026.

mod attributes;
mod cursor;
mod declaration;
mod doctype;
mod entities;
mod external_id;
mod fault;
mod markup_declarations;
mod names;
mod namespaces;
mod prolog;
mod tokens;
mod tree_building;
mod xhtml_entities;

use std::borrow::Cow;

use thiserror::Error;

use crate::arena::{NodeId, Tree};

pub(crate) use names::{is_name, is_xml_char};

/// What a document may ask of the parser. All are settable.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlLimits {
    /// How deep elements may nest. Defaults to 10,000.
    pub max_depth: usize,
    /// The most attributes of one element, and the most that a doctype may declare for one. Defaults to 4,096.
    pub max_attributes: usize,
    /// The most bytes that entities and default attributes may add to the document. Defaults to 10,000,000.
    pub max_expansion_bytes: usize,
    /// How many times its own length a document may grow by them; the first MiB is free. Defaults to 100.
    pub max_expansion_ratio: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            max_depth: 10_000,
            max_attributes: 4_096,
            max_expansion_bytes: 10_000_000,
            max_expansion_ratio: 100,
        }
    }
}

/// Which rule a document breaks.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// It is not well-formed.
    Syntax,
    /// It is well-formed, but not namespace-well-formed.
    Namespace,
    /// It reaches one of the [`XmlLimits`] or the tree's own limits.
    Limit,
}

/// Why a document was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {message}")]
#[non_exhaustive]
pub struct XmlError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters. Faults in an entity are placed at its reference in the document.
    pub column: u32,
    /// Which rule is broken.
    pub kind: XmlErrorKind,
    /// What is wrong, for people.
    pub message: String,
}

/// Parses `text` into the empty document `document`.
///
/// A byte order mark at the start is dropped. The encoding declaration is checked for its form only: decoding is the
/// caller's (see [`encoding`](super::encoding)).
///
/// # Errors
/// [`XmlError`] if the text is not namespace-well-formed XML or reaches a limit; the document is then left without
/// children.
///
/// Standard: <https://html.spec.whatwg.org/#parsing-xhtml-documents>
///
/// ```
/// use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
/// use readystate_dom::{DocumentInit, Tree};
/// let mut tree = Tree::default();
/// let document = tree.create_document(DocumentInit::xml("about:blank"))?;
/// parse_xml(&mut tree, document, "<p>&lt;</p>", XmlLimits::default()).expect("well-formed");
/// let error = parse_xml(&mut tree, document, "<p>\n</q>", XmlLimits::default()).unwrap_err();
/// assert_eq!((error.line, error.column), (2, 3));
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
pub fn parse_xml(
    tree: &mut Tree,
    document: NodeId,
    text: &str,
    limits: XmlLimits,
) -> Result<(), XmlError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let text = normalize_line_ends(text);
    let result = match names::first_forbidden_char(&text) {
        Some(rest) => Err(fault::Fault::syntax(
            rest,
            "a character that XML documents must not hold",
        )),
        None => tree_building::build(tree, document, &text, limits),
    };
    result.map_err(|fault| {
        remove_children(tree, document);
        fault.locate(&text)
    })
}

/// Every line end becomes one line feed before anything else is looked at.
///
/// Standard: <https://www.w3.org/TR/xml/#sec-line-ends>
fn normalize_line_ends(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut normalized = String::with_capacity(text.len());
    let mut pieces = text.split('\r');
    normalized.extend(pieces.next());
    for piece in pieces {
        normalized.push('\n');
        normalized.push_str(piece.strip_prefix('\n').unwrap_or(piece));
    }
    Cow::Owned(normalized)
}

fn remove_children(tree: &mut Tree, document: NodeId) {
    while let Some(child) = tree.last_child(document) {
        if tree.remove(child).is_err() || tree.free_subtree(child).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normalize_line_ends;

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        assert_eq!(
            normalize_line_ends("a\r\nb\rc\nd\r\r\n\r"),
            "a\nb\nc\nd\n\n\n"
        );
        assert_eq!(normalize_line_ends("\r"), "\n");
        assert_eq!(normalize_line_ends(""), "");
    }
}
