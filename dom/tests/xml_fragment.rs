//! Markup parsed as the content of an element of XML.

use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::parsing::xml_fragment::parse_xml_fragment;
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};

fn page(text: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("https://example.org/"))
        .unwrap();
    parse_xml(&mut tree, document, text, XmlLimits::default()).unwrap();
    let root = tree.document_element(document).unwrap();
    (tree, root)
}

#[test]
fn prefixes_mean_what_they_mean_around_the_context() {
    let (mut tree, root) = page("<p:a xmlns:p='one' xmlns='d' xmlns:q='t&amp;wo'><b/></p:a>");
    let b = tree.first_child(root).unwrap();
    let fragment = parse_xml_fragment(&mut tree, b, "<q:x/><p:y/><z/>text").unwrap();
    let namespaces: Vec<String> = tree
        .children(fragment)
        .map(|child| tree.namespace(child).to_string())
        .collect();
    assert_eq!(namespaces, ["t&wo", "one", "d", ""]);
    assert_eq!(tree.node_document(fragment), tree.node_document(root));
}

#[test]
fn what_is_not_well_formed_there_is_refused() {
    let (mut tree, root) = page("<a/>");
    for markup in [
        "<b>",
        "</root><root>",
        "<p:b/>",
        "a & b",
        "</root><!--x--><root>",
    ] {
        assert!(
            matches!(
                parse_xml_fragment(&mut tree, root, markup),
                Err(DomError::Syntax(_))
            ),
            "{markup}"
        );
    }
    assert_eq!(serialize_xml(&tree, root, false).unwrap(), "<a/>");
}

#[test]
fn scripts_of_a_fragment_have_started_already() {
    let (mut tree, root) = page("<html xmlns='http://www.w3.org/1999/xhtml'/>");
    let fragment = parse_xml_fragment(&mut tree, root, "<script>x</script>").unwrap();
    let script = tree.first_child(fragment).unwrap();
    assert!(tree.script_flags(script).already_started);
}
