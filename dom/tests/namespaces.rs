//! Which namespace a prefix stands for at a node, and which prefix a namespace has there.

use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::{DocumentInit, NodeId, Tree};

fn xml(text: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("https://example.org/"))
        .unwrap();
    parse_xml(&mut tree, document, text, XmlLimits::default()).unwrap();
    (tree, document)
}

#[test]
fn a_prefix_stands_for_what_is_declared_nearest() {
    let (tree, document) = xml("<a xmlns='d' xmlns:p='one'><b xmlns:p='two' xmlns=''>t</b></a>");
    let a = tree.document_element(document).unwrap();
    let b = tree.first_child(a).unwrap();
    let text = tree.first_child(b).unwrap();
    assert_eq!(tree.locate_namespace(document, Some("p")), Some("one"));
    assert_eq!(tree.locate_namespace(text, Some("p")), Some("two"));
    assert_eq!(tree.locate_namespace(a, None), Some("d"));
    assert_eq!(tree.locate_namespace(b, None), None);
    assert_eq!(
        tree.locate_namespace(b, Some("xml")),
        Some("http://www.w3.org/XML/1998/namespace")
    );
    assert_eq!(tree.locate_namespace(b, Some("q")), None);
}

#[test]
fn a_namespace_has_the_prefix_of_an_element_or_of_a_declaration() {
    let (mut tree, document) = xml("<p:a xmlns:p='one' xmlns:q='two'><b/></p:a>");
    let a = tree.document_element(document).unwrap();
    let b = tree.first_child(a).unwrap();
    assert_eq!(tree.locate_namespace_prefix(b, "one"), Some("p"));
    assert_eq!(tree.locate_namespace_prefix(b, "two"), Some("q"));
    assert_eq!(tree.locate_namespace_prefix(b, "three"), None);
    let fragment = tree.create_document_fragment(document).unwrap();
    assert_eq!(tree.locate_namespace_prefix(fragment, "one"), None);
}
