//! Cloning and equality.

use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::{DocumentInit, ScriptFlags};

use crate::page::Page;

#[test]
fn a_deep_clone_is_equal_and_apart() {
    let mut page = Page::new(
        "<div id=a class=c><p>x<b>y</b>z</p><!--c--><template><i>t</i></template><u></u></div>",
    );
    let a = page.id("a");
    let copy = page.tree.clone_node(a, CloneDepth::Subtree).unwrap();
    assert_eq!(page.outer(copy), page.outer(a));
    assert!(page.tree.is_equal_node(a, copy));
    assert_eq!(page.tree.parent(copy), None);
    assert!(!page.tree.is_connected(copy));
    assert_eq!(page.id("a"), a, "the copy is not in the document");
    let shallow = page.tree.clone_node(a, CloneDepth::Node).unwrap();
    assert_eq!(page.outer(shallow), r#"<div id="a" class="c"></div>"#);
}

#[test]
fn a_copied_script_remembers_that_it_started() {
    let mut page = Page::new("<script id=s></script>");
    let s = page.id("s");
    let flags = ScriptFlags {
        already_started: true,
        parser_inserted: true,
        force_async: false,
    };
    page.tree.set_script_flags(s, flags);
    let copy = page.tree.clone_node(s, CloneDepth::Node).unwrap();
    let copied = page.tree.script_flags(copy);
    assert!(copied.already_started);
    assert!(!copied.parser_inserted);
}

#[test]
fn a_copied_document_is_whole_and_its_own() {
    let mut page = Page::new("<!DOCTYPE html><p id=a>x</p><script></script>");
    let document = page.document;
    page.tree.take_effects();
    let copy = page.tree.clone_node(document, CloneDepth::Subtree).unwrap();
    assert!(page.tree.is_equal_node(document, copy));
    let a = page.tree.get_element_by_id(copy, "a").unwrap();
    assert_eq!(page.tree.node_document(a), Some(copy));
    assert!(page.tree.is_connected(a));
    assert_eq!(page.tree.root(a), copy);
    assert_eq!(page.tree.url(copy), Some("https://example.org/"));
    assert!(!page.tree.has_effects(), "a copied script does not run");
}

#[test]
fn an_import_belongs_to_the_other_document() {
    let mut page = Page::new("<p id=a><b></b></p>");
    let other = page.tree.create_document(DocumentInit::html("")).unwrap();
    let a = page.id("a");
    let copy = page
        .tree
        .clone_node_into(a, other, CloneDepth::Subtree)
        .unwrap();
    let child = page.tree.first_child(copy).unwrap();
    assert_eq!(page.tree.node_document(child), Some(other));
}

#[test]
fn equality_sees_names_values_and_shape_but_not_the_order_of_attributes() {
    let mut page = Page::new(
        "<p a=1 b=2>x</p><p b=2 a=1>x</p><p a=1 b=3>x</p><p a=1 b=2>y</p><p a=1 b=2>x<i></i></p>",
    );
    let all: Vec<_> = page.tree.children(page.body()).collect();
    let equal: Vec<_> = all
        .iter()
        .map(|&other| page.tree.is_equal_node(all[0], other))
        .collect();
    assert_eq!(equal, [true, true, false, false, false]);
    // The same nodes in another shape.
    let body = page.body();
    page.tree
        .set_inner_html(body, "<p><i></i></p><p></p><hr><p><i></i><p></p></p>")
        .unwrap();
    let html = page.element("div");
    page.tree
        .set_inner_html(html, "<b><i></i><u></u></b>")
        .unwrap();
    let other = page.element("div");
    page.tree
        .set_inner_html(other, "<b><i><u></u></i></b>")
        .unwrap();
    assert!(!page.tree.is_equal_node(html, other));
    page.tree
        .set_inner_html(other, "<b><i></i></b><u></u>")
        .unwrap();
    assert!(!page.tree.is_equal_node(html, other));
}
