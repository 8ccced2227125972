//! Handles, freeing, reclaiming.

use readystate_dom::DomError;
use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step};

use crate::page::Page;

#[test]
fn a_handle_knows_when_its_slot_was_used_again() {
    let mut page = Page::new("<p id=a><b></b></p>");
    let a = page.id("a");
    let handle = page.tree.handle(a).unwrap();
    assert_eq!(page.tree.resolve(handle), Some(a));
    assert!(matches!(
        page.tree.free_subtree(a),
        Err(DomError::InvalidState(_))
    ));
    page.tree.remove(a).unwrap();
    let count = page.tree.node_count();
    page.tree.free_subtree(a).unwrap();
    assert_eq!(page.tree.node_count(), count - 2);
    assert_eq!(page.tree.resolve(handle), None);
    let slots: Vec<_> = (0..2).map(|_| page.element("i")).collect();
    assert!(slots.contains(&a));
    assert_eq!(page.tree.resolve(handle), None);
}

#[test]
fn a_tree_is_reclaimed_only_if_nothing_in_it_is_wrapped() {
    let mut page = Page::new("<p id=a><b id=b></b><template id=t><i></i></template></p>");
    let (a, b, t) = (page.id("a"), page.id("b"), page.id("t"));
    assert!(!page.tree.reclaim_unwrapped(a), "it is in the document");
    page.tree.remove(a).unwrap();
    page.tree.set_wrapped(b, true);
    assert!(!page.tree.reclaim_unwrapped(a));
    page.tree.set_wrapped(b, false);
    let contents = page.tree.template_contents(t).unwrap();
    page.tree.set_wrapped(contents, true);
    assert!(!page.tree.reclaim_unwrapped(a));
    page.tree.set_wrapped(contents, false);
    let attr = page.tree.attribute_node(b, 0).unwrap();
    page.tree.set_wrapped(attr, true);
    assert!(!page.tree.reclaim_unwrapped(a));
    page.tree.set_wrapped(attr, false);
    assert!(!page.tree.reclaim(a, |id| id == b));
    assert!(page.tree.reclaim_unwrapped(a));
    for node in [a, b, t, contents, attr] {
        assert!(!page.tree.exists(node));
    }
}

#[test]
fn removed_children_are_reclaimed_where_that_is_asked_for() {
    let mut page = Page::new("<p id=a><img></p><p id=b></p>");
    let (a, b, body) = (page.id("a"), page.id("b"), page.body());
    page.tree.set_inner_html(body, "<p id=c></p>").unwrap();
    assert!(page.tree.exists(a), "by default they live on");
    let c = page.id("c");
    page.tree.set_reclaims_removed(true);
    page.tree.set_inner_html(body, "<p id=d><img></p>").unwrap();
    assert!(!page.tree.exists(c));
    let d = page.id("d");
    page.tree.take_effects();
    page.tree.set_text_content(body, "").unwrap();
    assert!(
        page.tree.exists(d),
        "its image has yet to tell that it left"
    );
    assert_eq!(page.tree.take_effects().len(), 1);
    assert!(page.tree.exists(d), "the image may be in work");
    page.tree.take_effects();
    assert!(!page.tree.exists(d));
    assert!(page.tree.exists(b));
}

#[test]
fn innerhtml_leaves_no_nodes_behind() {
    let mut page = Page::new("");
    let body = page.body();
    page.tree.set_reclaims_removed(true);
    page.tree
        .set_inner_html(
            body,
            "<table><tr><td>x</table><template><b>y</b></template>",
        )
        .unwrap();
    let count = page.tree.node_count();
    for _ in 0..10 {
        page.tree
            .set_inner_html(
                body,
                "<table><tr><td>x</table><template><b>y</b></template>",
            )
            .unwrap();
    }
    assert_eq!(page.tree.node_count(), count);
}

#[test]
fn a_freed_document_takes_its_templates_along() {
    let mut page = Page::new("<template><p>x</p></template><template></template>");
    let document = page.document;
    page.tree.free_subtree(document).unwrap();
    assert_eq!(page.tree.node_count(), 0);
}

#[test]
fn a_paused_parser_keeps_its_open_elements() {
    let mut page = Page::new("");
    let document = page
        .tree
        .create_document(readystate_dom::DocumentInit::html(""))
        .unwrap();
    let options = HtmlParserOptions {
        scripting: true,
        ..HtmlParserOptions::default()
    };
    let mut parser = HtmlParser::new(&mut page.tree, document, options);
    let step = parser.feed(&mut page.tree, "<div id=a><script></script><p>");
    assert!(matches!(step, Step::Script(_)));
    let a = page.tree.get_element_by_id(document, "a").unwrap();
    page.tree.remove(a).unwrap();
    assert!(!page.tree.reclaim_unwrapped(a));
    assert_eq!(parser.resume(&mut page.tree), Step::NeedsInput);
    assert_eq!(parser.end(&mut page.tree), Step::Done);
    assert_eq!(
        page.outer(a),
        r#"<div id="a"><script></script><p></p></div>"#
    );
    page.tree.take_effects();
    assert!(page.tree.reclaim_unwrapped(a));
}
