//! Parsing documents.

use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step, parse_document};
use readystate_dom::{DocumentInit, DocumentMode, Tree, TreeLimits};

use crate::page::Page;

#[test]
fn missing_tags_are_supplied_and_misnested_ones_are_mended() {
    let page =
        Page::new("<!DOCTYPE html><title>t</title><p>a<b>b<p>c</b>d<table>x<tr><td>y</table>");
    assert_eq!(
        page.outer(page.document),
        "<!DOCTYPE html><html><head><title>t</title></head><body><p>a<b>b</b></p><p><b>c</b>d</p>x\
         <table><tbody><tr><td>y</td></tr></tbody></table></body></html>"
    );
}

#[test]
fn the_doctype_chooses_the_mode() {
    let mode = |markup| {
        let page = Page::new(markup);
        page.tree.mode(page.document)
    };
    assert_eq!(mode("<!DOCTYPE html>"), Some(DocumentMode::NoQuirks));
    assert_eq!(mode("<p>"), Some(DocumentMode::Quirks));
    assert_eq!(
        mode("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\" \"\">"),
        Some(DocumentMode::LimitedQuirks)
    );
}

#[test]
fn text_is_one_node_however_it_is_fed() {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("")).unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, HtmlParserOptions::default());
    for piece in ["<p cla", "ss=a>x&am", "p;→", "é<", "/p>", "<!-", "-c-->"] {
        assert_eq!(parser.feed(&mut tree, piece), Step::NeedsInput);
    }
    assert_eq!(parser.end(&mut tree), Step::Done);
    assert_eq!(parser.end(&mut tree), Step::Done);
    let body = tree.body(document).unwrap();
    let p = tree.first_child(body).unwrap();
    assert_eq!(tree.attribute(p, "class"), Some("a"));
    assert_eq!(tree.child_count(p), 1);
    assert_eq!(tree.text_content(p).as_deref(), Some("x&→é"));
}

#[test]
fn a_template_keeps_its_children_apart() {
    let page = Page::new("<template id=t><p>x</p></template>");
    let t = page.id("t");
    assert!(!page.tree.has_child_nodes(t));
    let contents = page.tree.template_contents(t).unwrap();
    let p = page.tree.first_child(contents).unwrap();
    assert!(!page.tree.is_connected(p));
    assert_eq!(page.tree.host(contents), Some(t));
    assert_eq!(page.body_html(), "");
    let head = page.tree.head(page.document).unwrap();
    assert_eq!(page.inner(head), r#"<template id="t"><p>x</p></template>"#);
}

#[test]
fn later_html_and_body_tags_add_missing_attributes_only() {
    let page = Page::new("<body class=a><body class=b id=x><html lang=de>");
    let body = page.body();
    assert_eq!(page.tree.attribute(body, "class"), Some("a"));
    assert_eq!(page.id("x"), body);
    let root = page.tree.document_element(page.document).unwrap();
    assert_eq!(page.tree.attribute(root, "lang"), Some("de"));
}

#[test]
fn foreign_elements_get_their_namespaces_and_case() {
    let page =
        Page::new("<svg viewbox=1 xlink:href=2><lineargradient/></svg><math><mi>x</mi></math>");
    assert_eq!(
        page.body_html(),
        "<svg viewBox=\"1\" xlink:href=\"2\"><linearGradient></linearGradient></svg><math><mi>x</mi></math>"
    );
    let svg = page.tree.first_child(page.body()).unwrap();
    assert_eq!(&**page.tree.namespace(svg), "http://www.w3.org/2000/svg");
    assert_eq!(
        page.tree
            .attribute_ns(svg, Some("http://www.w3.org/1999/xlink"), "href"),
        Some("2")
    );
}

#[test]
fn noscript_holds_text_only_where_script_runs() {
    for (scripting, expected) in [(true, 0), (false, 1)] {
        let mut tree = Tree::default();
        let document = tree.create_document(DocumentInit::html("")).unwrap();
        let options = HtmlParserOptions {
            scripting,
            ..HtmlParserOptions::default()
        };
        let mut parser = HtmlParser::new(&mut tree, document, options);
        parser.feed(&mut tree, "<body><noscript><p>x</p></noscript>");
        parser.end(&mut tree);
        assert_eq!(tree.get_elements_by_tag_name(document, "p").len(), expected);
        assert_eq!(
            readystate_dom::serializing::html::inner_html(&tree, tree.body(document).unwrap()),
            "<noscript><p>x</p></noscript>"
        );
    }
}

#[test]
fn errors_have_lines_and_stop_nothing() {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("")).unwrap();
    let errors = parse_document(&mut tree, document, "<!DOCTYPE html>\n<p>\n</b>");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(errors[0].line, 3);
}

#[test]
fn a_control_remembers_the_form_the_parser_gave_it() {
    let mut page = Page::new("<table><form id=f><tr><td><input id=i></table><input id=j form=x>");
    let (f, i, j) = (page.id("f"), page.id("i"), page.id("j"));
    assert_eq!(page.tree.parser_form_owner(i), Some(f));
    assert_eq!(page.tree.parser_form_owner(j), None);
    page.tree.remove(f).unwrap();
    assert_eq!(page.tree.parser_form_owner(i), None);
}

#[test]
fn a_full_tree_ends_the_document_where_it_is() {
    let mut limits = TreeLimits::default();
    limits.max_nodes = 100;
    let mut tree = Tree::new(limits);
    let document = tree.create_document(DocumentInit::html("")).unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, HtmlParserOptions::default());
    parser.feed(&mut tree, &"<p><b><template>x</template>".repeat(1_000));
    assert_eq!(parser.end(&mut tree), Step::Done);
    assert!(parser.is_full());
    assert!(tree.node_count() <= 100);
    assert!(tree.body(document).is_some());
    for max_nodes in 1..12 {
        let mut limits = TreeLimits::default();
        limits.max_nodes = max_nodes;
        let mut tree = Tree::new(limits);
        let document = tree.create_document(DocumentInit::html("")).unwrap();
        parse_document(
            &mut tree,
            document,
            "<!DOCTYPE html><title>x</title><table>a<tr><td><b>y</table>z",
        );
        assert!(tree.node_count() <= max_nodes);
    }
}

#[test]
fn script_may_take_the_tree_apart_while_the_parser_waits() {
    for victim in ["html", "body", "table", "p", "script"] {
        let mut tree = Tree::default();
        let document = tree.create_document(DocumentInit::html("")).unwrap();
        let options = HtmlParserOptions {
            scripting: true,
            ..HtmlParserOptions::default()
        };
        let mut parser = HtmlParser::new(&mut tree, document, options);
        let step = parser.feed(
            &mut tree,
            "<body><p><b><table><script></script>x<tr><td>y<p>z</b>",
        );
        assert!(matches!(step, Step::Script(_)));
        let node = tree.get_elements_by_tag_name(document, victim)[0];
        tree.remove(node).unwrap();
        // Even a cycle through the open elements is refused, not made.
        if victim == "body" {
            let table = tree.get_elements_by_tag_name(node, "table")[0];
            tree.remove(table).unwrap();
            tree.append(node, table).unwrap();
        }
        parser.resume(&mut tree);
        assert_eq!(parser.end(&mut tree), Step::Done);
        for node in tree.descendants(document).take(1_000) {
            assert!(tree.exists(node));
        }
    }
}
