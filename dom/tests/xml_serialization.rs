//! XML serialization: prefixes, namespaces, and what well-formedness forbids.

use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::serializing::xml::{inner_xml, serialize_xml};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};

const XMLNS: &str = "http://www.w3.org/2000/xmlns/";

fn parse(text: &str) -> (Tree, NodeId) {
    let (mut tree, document) = empty();
    parse_xml(&mut tree, document, text, XmlLimits::default()).expect("well-formed");
    let root = tree.document_element(document).expect("a root");
    (tree, root)
}

fn empty() -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    (tree, document)
}

fn child(tree: &Tree, node: NodeId) -> NodeId {
    tree.first_child(node).expect("a child")
}

fn set(tree: &mut Tree, element: NodeId, namespace: &str, name: &str, value: &str) {
    tree.set_attribute_ns(element, Some(namespace), name, value)
        .expect("a valid name");
}

#[track_caller]
fn check(tree: &Tree, node: NodeId, expected: &str) {
    assert_eq!(serialize_xml(tree, node, false).as_deref(), Ok(expected));
}

#[track_caller]
fn parses_to(text: &str, expected: &str) {
    let (tree, root) = parse(text);
    check(&tree, root, expected);
}

#[test]
fn redundant_default_declarations_are_dropped() {
    parses_to("<r><c xmlns=''/></r>", "<r><c/></r>");
    parses_to("<r xmlns=''><c xmlns=''/></r>", "<r><c/></r>");
    parses_to(
        "<r xmlns='u1'><c xmlns='u1'/></r>",
        "<r xmlns=\"u1\"><c/></r>",
    );
    parses_to(
        "<r xmlns='u'><o xmlns=''><i/></o></r>",
        "<r xmlns=\"u\"><o xmlns=\"\"><i/></o></r>",
    );
}

#[test]
fn inconsistent_default_declarations_are_corrected() {
    let (mut tree, root) = parse("<root xmlns='uri1'/>");
    let document = tree.node_document(root).expect("a document");
    for (namespace, name, declared) in [
        (None, "child", "FAIL1"),
        (Some("uri2"), "child2", "FAIL2"),
        (Some("uri1"), "child3", "FAIL3"),
        (Some("uri4"), "child4", "uri4"),
        (None, "child5", ""),
    ] {
        let child = tree
            .create_element_ns(document, namespace, name)
            .expect("valid");
        set(&mut tree, child, XMLNS, "xmlns", declared);
        tree.append(child, root).expect("valid");
    }
    check(
        &tree,
        root,
        "<root xmlns=\"uri1\"><child xmlns=\"\"/><child2 xmlns=\"uri2\"/><child3/><child4 xmlns=\"uri4\"/>\
         <child5 xmlns=\"\"/></root>",
    );
}

#[test]
fn attributes_take_the_nearest_prefix() {
    let (mut tree, root) = parse("<r xmlns:x0='uri' xmlns:x2='uri'><b xmlns:x1='uri'/></r>");
    let b = child(&tree, root);
    set(&mut tree, b, "uri", "name", "v");
    check(
        &tree,
        root,
        "<r xmlns:x0=\"uri\" xmlns:x2=\"uri\"><b xmlns:x1=\"uri\" x1:name=\"v\"/></r>",
    );
    let (mut tree, root) = parse("<r xmlns:xx='uri'><b/></r>");
    let b = child(&tree, root);
    set(&mut tree, b, "uri", "p:name", "v");
    check(&tree, root, "<r xmlns:xx=\"uri\"><b xx:name=\"v\"/></r>");
}

#[test]
fn prefixes_are_generated_in_order() {
    let (mut tree, root) = parse("<root><child1/><child2/></root>");
    let child1 = child(&tree, root);
    let child2 = tree.next_sibling(child1).expect("two children");
    set(&mut tree, child1, "uri1", "attr1", "value1");
    set(&mut tree, child1, "uri2", "attr2", "value2");
    set(&mut tree, child2, "uri3", "attr3", "value3");
    check(
        &tree,
        root,
        "<root><child1 xmlns:ns1=\"uri1\" ns1:attr1=\"value1\" xmlns:ns2=\"uri2\" ns2:attr2=\"value2\"/>\
         <child2 xmlns:ns3=\"uri3\" ns3:attr3=\"value3\"/></root>",
    );
    let (mut tree, root) = parse("<r xmlns:xx='uri'/>");
    set(&mut tree, root, "uri2", "xx:name", "value");
    check(
        &tree,
        root,
        "<r xmlns:xx=\"uri\" xmlns:ns1=\"uri2\" ns1:name=\"value\"/>",
    );
}

#[test]
fn a_free_prefix_of_an_attribute_is_kept() {
    let (mut tree, root) = parse("<r><a/></r>");
    let a = child(&tree, root);
    set(&mut tree, root, "uri1", "x:href", "1");
    set(&mut tree, a, "uri1", "y:href", "2");
    set(&mut tree, a, "uri2", "x:href", "3");
    check(
        &tree,
        root,
        "<r xmlns:x=\"uri1\" x:href=\"1\">\
         <a x:href=\"2\" xmlns:ns1=\"uri2\" ns1:href=\"3\"/></r>",
    );
}

#[test]
fn an_elements_own_declarations_come_before_its_prefix() {
    let (mut tree, document) = empty();
    let root = tree
        .create_element_ns(document, Some("uri1"), "p:root")
        .expect("valid");
    set(&mut tree, root, XMLNS, "xmlns:p", "uri2");
    check(
        &tree,
        root,
        "<ns1:root xmlns:ns1=\"uri1\" xmlns:p=\"uri2\"/>",
    );
    let root = tree
        .create_element_ns(document, None, "root")
        .expect("valid");
    set(&mut tree, root, XMLNS, "xmlns:p", "uri2");
    let inner = tree
        .create_element_ns(document, Some("uri1"), "p:child")
        .expect("valid");
    tree.append(inner, root).expect("valid");
    check(
        &tree,
        root,
        "<root xmlns:p=\"uri2\"><p:child xmlns:p=\"uri1\"/></root>",
    );
}

#[test]
fn element_prefixes_follow_the_scope() {
    parses_to(
        "<root xmlns='u1'><p:child xmlns:p='u1'/></root>",
        "<root xmlns=\"u1\"><child xmlns:p=\"u1\"/></root>",
    );
    parses_to(
        "<root xmlns:x='uri1'><table xmlns='uri1'></table></root>",
        "<root xmlns:x=\"uri1\"><x:table xmlns=\"uri1\"/></root>",
    );
    let (mut tree, root) = parse("<root xmlns:p1='u1'><child xmlns:p2='u1'/></root>");
    let document = tree.node_document(root).expect("a document");
    let inner = tree
        .create_element_ns(document, Some("u1"), "child2")
        .expect("valid");
    let outer = child(&tree, root);
    tree.append(inner, outer).expect("valid");
    check(
        &tree,
        root,
        "<root xmlns:p1=\"u1\"><child xmlns:p2=\"u1\"><p2:child2/></child></root>",
    );
    // What an element declares is forgotten after it.
    let (mut tree, root) = parse("<r><a xmlns:p='u'/><b/></r>");
    let b = tree.last_child(root).expect("a child");
    set(&mut tree, b, "u", "p:c", "");
    check(
        &tree,
        root,
        "<r><a xmlns:p=\"u\"/><b xmlns:p=\"u\" p:c=\"\"/></r>",
    );
}

#[test]
fn html_elements_keep_their_end_tags_but_for_void_ones() {
    let (mut tree, document) = empty();
    let fragment = tree.create_document_fragment(document).expect("room");
    for name in ["div", "br", "script"] {
        let element = tree
            .create_element_ns(document, Some("http://www.w3.org/1999/xhtml"), name)
            .expect("valid");
        tree.append(element, fragment).expect("valid");
    }
    let html = "xmlns=\"http://www.w3.org/1999/xhtml\"";
    check(
        &tree,
        fragment,
        &format!("<div {html}></div><br {html} /><script {html}></script>"),
    );
}

#[test]
fn text_and_values_are_escaped() {
    parses_to(
        "<a b='&#9;&#10;&#13;&lt;&gt;&amp;&quot;&apos;'>&lt;&gt;&amp;\"'\t</a>",
        "<a b=\"&#9;&#xA;&#xD;&lt;&gt;&amp;&quot;'\">&lt;&gt;&amp;\"'\t</a>",
    );
}

#[test]
fn inner_markup_is_that_of_the_children() {
    let (tree, root) = parse("<a xmlns='u'>x<b/><!--c--></a>");
    assert_eq!(
        inner_xml(&tree, root, true).as_deref(),
        Ok("x<b xmlns=\"u\"/><!--c-->")
    );
}

#[test]
fn well_formedness_is_required_when_asked_for() {
    type Make = fn(&mut Tree, NodeId) -> NodeId;
    let cases: [(&str, Make); 8] = [
        ("comment with hyphens", |tree, document| {
            tree.create_comment(document, "a--b").expect("room")
        }),
        ("comment with a hyphen at its end", |tree, document| {
            tree.create_comment(document, "a-").expect("room")
        }),
        ("text with a control", |tree, document| {
            tree.create_text(document, "\u{1}").expect("room")
        }),
        ("instruction named xml", |tree, document| {
            tree.create_processing_instruction(document, "xMl", "")
                .expect("room")
        }),
        ("instruction with its end", |tree, document| {
            tree.create_processing_instruction(document, "p", "?>")
                .expect("room")
        }),
        ("element name", |tree, document| {
            tree.create_element_ns(document, None, "a<b")
                .expect("valid")
        }),
        ("attribute value", |tree, document| {
            let element = tree.create_element_ns(document, None, "a").expect("valid");
            tree.set_attribute(element, "b", "\u{FFFF}").expect("valid");
            element
        }),
        ("document without an element", |_, document| document),
    ];
    for (what, make) in cases {
        let (mut tree, document) = empty();
        let node = make(&mut tree, document);
        assert!(serialize_xml(&tree, node, false).is_ok(), "{what}");
        assert!(
            matches!(
                serialize_xml(&tree, node, true),
                Err(DomError::InvalidState(_))
            ),
            "{what}"
        );
    }
}

#[test]
fn deep_trees_serialize_without_recursion() {
    let (mut tree, document) = empty();
    let root = tree.create_element_ns(document, None, "a").expect("valid");
    let mut parent = root;
    for _ in 0..100_000 {
        let inner = tree.create_element_ns(document, None, "a").expect("valid");
        tree.append(inner, parent).expect("valid");
        parent = inner;
    }
    let markup = serialize_xml(&tree, root, true).expect("well-formed");
    assert_eq!(markup.len(), 100_000 * 7 + 4);
}
