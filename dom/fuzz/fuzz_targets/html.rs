//! Any text is an HTML document, and cutting it in two changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, parse_document};
use readystate_dom::serializing::html::outer_html;
use readystate_dom::{DocumentInit, Tree};

fuzz_target!(|input: (String, usize)| {
    let (text, cut) = input;
    let mut whole = Tree::default();
    let document = whole
        .create_document(DocumentInit::html("about:blank"))
        .expect("room for a document");
    parse_document(&mut whole, document, &text);
    let expected = outer_html(&whole, document);

    let mut pieces = Tree::default();
    let document = pieces
        .create_document(DocumentInit::html("about:blank"))
        .expect("room for a document");
    let cut = text.floor_char_boundary(cut % (text.len() + 1));
    let mut parser = HtmlParser::new(&mut pieces, document, HtmlParserOptions::default());
    parser.feed(&mut pieces, &text[..cut]);
    parser.feed(&mut pieces, &text[cut..]);
    parser.end(&mut pieces);
    assert_eq!(outer_html(&pieces, document), expected);
});
