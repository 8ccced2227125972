//! Selectors: whatever the text, the queries agree with each other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_dom::parsing::html::parse_document;
use readystate_dom::{DocumentInit, Tree};

const PAGE: &str =
    "<div id=a class='x y'><p lang=en dir=rtl><b></b>text</p><input checked><svg><a/></svg></div>";

fuzz_target!(|text: &str| {
    let mut tree = Tree::default();
    let Ok(document) = tree.create_document(DocumentInit::html("about:blank")) else {
        return;
    };
    parse_document(&mut tree, document, PAGE);
    let all = tree.query_selector_all(document, text);
    let first = tree.query_selector(document, text);
    assert_eq!(all.is_ok(), first.is_ok());
    if let (Ok(all), Ok(first)) = (all, first) {
        assert_eq!(all.first().copied(), first);
        for node in tree
            .descendants(document)
            .filter(|&node| tree.is_element(node))
        {
            // NOTE: `:scope` is the document there and the element here.
            if !text.contains(':') {
                assert_eq!(tree.matches(node, text), Ok(all.contains(&node)));
            }
        }
    }
});
