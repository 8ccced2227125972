//! What tests of the XML parser share: a document is accepted and reads so, or is refused for a reason.

use readystate_dom::parsing::xml::{XmlError, XmlErrorKind, XmlLimits, parse_xml};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, NodeId, Tree};

pub(crate) fn parse_with(text: &str, limits: XmlLimits) -> Result<(Tree, NodeId), XmlError> {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, text, limits)?;
    Ok((tree, document))
}

pub(crate) fn parse(text: &str) -> Result<(Tree, NodeId), XmlError> {
    parse_with(text, XmlLimits::default())
}

/// Accepted, and serialized to `expected`.
#[track_caller]
pub(crate) fn accepts(text: &str, expected: &str) {
    match parse(text) {
        Ok((tree, document)) => assert_eq!(
            serialize_xml(&tree, document, false).expect("serializable"),
            expected,
            "{text:?}"
        ),
        Err(error) => panic!("{text:?} was refused: {error}"),
    }
}

/// Accepted, and serialized to itself.
#[track_caller]
pub(crate) fn keeps(text: &str) {
    accepts(text, text);
}

#[track_caller]
pub(crate) fn refuses_as(kind: XmlErrorKind, texts: &[&str]) {
    for text in texts {
        match parse(text) {
            Ok(_) => panic!("{text:?} was accepted"),
            Err(error) => assert_eq!(error.kind, kind, "{text:?}: {error}"),
        }
    }
}

#[track_caller]
pub(crate) fn refuses(texts: &[&str]) {
    refuses_as(XmlErrorKind::Syntax, texts);
}
