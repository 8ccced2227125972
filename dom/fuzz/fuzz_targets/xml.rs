//! XML that is accepted is written and read again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, Tree};

/// The document as it is written; `None` if it is no XML.
fn written(text: &str) -> Option<String> {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, text, XmlLimits::default()).ok()?;
    serialize_xml(&tree, document, false).ok()
}

fuzz_target!(|text: &str| {
    if let Some(first) = written(text) {
        assert_eq!(written(&first).as_deref(), Some(&*first));
    }
});
