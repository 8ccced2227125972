//! Pages made to be slow: what they cost is linear, or capped; and what the caps leave is a tree like any other.

use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step, parse_document};
use readystate_dom::{DocumentInit, NodeId, NodeKind, Tree};

use crate::page::Page;

const MAX_ATTRIBUTES: usize = 1_024;

fn names(count: usize, separator: &str) -> String {
    (0..count).map(|n| format!("a{n}{separator}")).collect()
}

fn first_element(page: &Page) -> NodeId {
    page.tree.first_child(page.body()).unwrap()
}

#[test]
fn the_attributes_of_a_tag_are_capped() {
    for (markup, what) in [
        (format!("<p {}>x</p>y", names(400_000, " ")), "bare"),
        (
            format!("<p {}>x</p>y", names(50_000, "='>' ")),
            "with > in quotes",
        ),
        (
            format!("<p {}>x</p>y", names(50_000, "=\"<b>\"\n")),
            "with tags in quotes",
        ),
        (format!("<p {}/>x</p>y", names(50_000, "/")), "slashes"),
        (
            format!(
                "</title {}><p {}>x</p>y",
                names(50_000, " "),
                names(2_000, " ")
            ),
            "an end tag",
        ),
        (
            format!("<title><!-- </title><p {}>x</p>y", names(50_000, " ")),
            "after what looks like a comment",
        ),
    ] {
        let page = Page::new(&markup);
        let p = first_element(&page);
        assert_eq!(&**page.tree.local_name(p), "p", "{what}");
        assert_eq!(page.tree.attributes(p).len(), MAX_ATTRIBUTES, "{what}");
        assert_eq!(page.tree.text_content(p).as_deref(), Some("x"), "{what}");
        assert_eq!(
            page.tree.text_content(page.body()).as_deref(),
            Some("xy"),
            "{what}"
        );
    }
}

#[test]
fn a_capped_tag_may_come_in_pieces() {
    let markup = format!("<p {}>x</p>y", names(50_000, "='\u{e9}>' "));
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, HtmlParserOptions::default());
    let mut rest = &*markup;
    while !rest.is_empty() {
        let end = rest.ceil_char_boundary(rest.len().min(777));
        let (piece, after) = rest.split_at(end);
        parser.feed(&mut tree, piece);
        rest = after;
    }
    assert_eq!(parser.end(&mut tree), Step::Done);
    let body = tree.body(document).unwrap();
    let p = tree.first_child(body).unwrap();
    assert_eq!(tree.attributes(p).len(), MAX_ATTRIBUTES);
    assert_eq!(tree.text_content(body).as_deref(), Some("xy"));
}

#[test]
fn what_only_looks_like_many_attributes_is_kept() {
    let words = "word ".repeat(20_000);
    let page = Page::new(&format!("<!-- <b {words}--><p>x"));
    let comment = page.tree.first_child(page.document).unwrap();
    assert_eq!(page.tree.kind(comment), Some(NodeKind::Comment));
    assert_eq!(
        page.tree.text_content(comment).unwrap().len(),
        words.len() + 4
    );
    for name in ["script", "textarea", "style", "plaintext"] {
        let page = Page::new(&format!("<body><{name}>a<b {words}</{name}>"));
        let element = first_element(&page);
        let text = page.tree.text_content(element).unwrap();
        assert!(text.len() >= words.len() + 4, "{name}: {}", text.len());
    }
    let page = Page::new(&format!("<p title='<b {words}' id=\"p\">x"));
    let p = page.id("p");
    assert_eq!(
        page.tree.attribute(p, "title").map(str::len),
        Some(words.len() + 3)
    );
}

#[test]
fn a_mark_is_dropped_at_the_start_only() {
    let page = Page::new("\u{FEFF}\u{FEFF}<p>\u{FEFF}<b>\u{FEFF}x");
    assert_eq!(page.body_html(), "\u{FEFF}<p>\u{FEFF}<b>\u{FEFF}x</b></p>");
}

#[test]
fn floods_of_one_character_are_read_to_the_end() {
    let length = 200_000;
    for (flood, expected) in [
        ("\0", 0),
        ("<", length),
        ("&", length),
        ("</", 0),
        ("<!", 0),
        ("\n", 0),
    ] {
        let page = Page::new(&format!("<p>{}", flood.repeat(length)));
        let text = page.tree.text_content(page.body()).unwrap();
        if expected > 0 {
            assert_eq!(text.len(), expected, "{flood:?}");
        }
    }
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let errors = parse_document(&mut tree, document, &"\0".repeat(100_000));
    assert_eq!(errors.len(), 10_000);
}

#[test]
fn a_large_text_is_one_node() {
    let text = "0123456789abcdef".repeat(300_000);
    let page = Page::new(&format!("<p>{text}"));
    let p = first_element(&page);
    let node = page.tree.first_child(p).unwrap();
    assert_eq!(page.tree.next_sibling(node), None);
    assert_eq!(page.tree.text_content(node).unwrap().len(), text.len());
}

#[test]
fn the_selected_option_is_copied_a_bounded_number_of_times() {
    let options = "<option>x".repeat(20_000);
    let page = Page::new(&format!(
        "<select><button><selectedcontent></selectedcontent></button>{options}</select>"
    ));
    let select = first_element(&page);
    let button = page.tree.first_child(select).unwrap();
    assert_eq!(page.tree.text_content(button).as_deref(), Some("x"));
}
