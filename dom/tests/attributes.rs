//! Attributes: names, namespaces, nodes.

use readystate_dom::{DocumentInit, DomError, Tree};

use crate::page::Page;

#[test]
fn names_are_lower_cased_for_html_elements_in_html_documents_only() {
    let mut page = Page::new("<p id=a></p><svg id=s viewBox='0 0 1 1'></svg>");
    let (a, s) = (page.id("a"), page.id("s"));
    page.tree.set_attribute(a, "DATA-X", "1").unwrap();
    assert_eq!(page.tree.attribute(a, "data-x"), Some("1"));
    assert_eq!(page.tree.attribute(a, "Data-X"), Some("1"));
    assert_eq!(page.tree.attribute(s, "viewBox"), Some("0 0 1 1"));
    assert_eq!(page.tree.attribute(s, "viewbox"), None);
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::xml("")).unwrap();
    let x = tree.create_html_element(document, "X").unwrap();
    tree.set_attribute(x, "A", "1").unwrap();
    assert_eq!(tree.attribute(x, "a"), None);
    assert_eq!(tree.tag_name(x), "X");
}

#[test]
fn a_bad_name_is_refused() {
    let mut page = Page::new("<p id=a></p>");
    let a = page.id("a");
    for name in ["", "a b", "a=b", "a>", "/"] {
        assert!(matches!(
            page.tree.set_attribute(a, name, ""),
            Err(DomError::InvalidCharacter(_))
        ));
        assert!(matches!(
            page.tree.toggle_attribute(a, name, None),
            Err(DomError::InvalidCharacter(_))
        ));
    }
    page.tree.set_attribute(a, "@click", "x").unwrap();
    assert!(matches!(
        page.tree.set_attribute_ns(a, None, "a:b", ""),
        Err(DomError::Namespace(_))
    ));
}

#[test]
fn attributes_are_found_by_namespace_and_keep_their_first_prefix() {
    let mut page = Page::new("<p id=a></p>");
    let a = page.id("a");
    let xlink = Some("http://www.w3.org/1999/xlink");
    page.tree.set_attribute_ns(a, xlink, "x:href", "1").unwrap();
    page.tree.set_attribute_ns(a, xlink, "y:href", "2").unwrap();
    assert_eq!(page.tree.attribute_ns(a, xlink, "href"), Some("2"));
    assert_eq!(page.tree.attribute(a, "x:href"), Some("2"));
    assert_eq!(page.tree.attribute(a, "y:href"), None);
    assert_eq!(page.tree.attribute(a, "href"), None);
    assert!(page.tree.remove_attribute_ns(a, xlink, "href"));
    assert!(!page.tree.remove_attribute_ns(a, xlink, "href"));
}

#[test]
fn toggling_adds_and_removes_unless_forced() {
    let mut page = Page::new("<p id=a></p>");
    let a = page.id("a");
    assert_eq!(page.tree.toggle_attribute(a, "hidden", None), Ok(true));
    assert_eq!(page.tree.attribute(a, "hidden"), Some(""));
    assert_eq!(
        page.tree.toggle_attribute(a, "hidden", Some(true)),
        Ok(true)
    );
    assert_eq!(page.tree.toggle_attribute(a, "HIDDEN", None), Ok(false));
    assert_eq!(
        page.tree.toggle_attribute(a, "hidden", Some(false)),
        Ok(false)
    );
    assert_eq!(page.tree.attribute(a, "hidden"), None);
}

#[test]
fn an_attribute_node_shares_its_value_with_its_element_and_keeps_it_when_it_leaves() {
    let mut page = Page::new("<p id=a title=t></p><p id=b></p>");
    let (a, b) = (page.id("a"), page.id("b"));
    let index = page.tree.attribute_index(a, "title").unwrap();
    let title = page.tree.attribute_node(a, index).unwrap();
    assert_eq!(
        page.tree.attribute_node(a, index),
        Ok(title),
        "one node for one attribute"
    );
    page.tree.set_attribute(a, "title", "u").unwrap();
    assert_eq!(page.tree.attr_value(title), Some("u"));
    page.tree.set_attr_value(title, "v");
    assert_eq!(page.tree.attribute(a, "title"), Some("v"));
    assert!(matches!(
        page.tree.set_attribute_node(b, title),
        Err(DomError::InUseAttribute(_))
    ));
    page.tree.remove_attribute(a, "title");
    assert_eq!(page.tree.owner_element(title), None);
    assert_eq!(page.tree.attr_value(title), Some("v"));
    page.tree.set_attribute(b, "title", "old").unwrap();
    let old = page.tree.set_attribute_node(b, title).unwrap().unwrap();
    assert_eq!(page.tree.attr_value(old), Some("old"));
    assert_eq!(page.tree.attribute(b, "title"), Some("v"));
    assert_eq!(page.tree.set_attribute_node(b, title), Ok(Some(title)));
    assert_eq!(page.tree.remove_attribute_node(b, title), Ok(title));
    assert!(matches!(
        page.tree.remove_attribute_node(b, title),
        Err(DomError::NotFound(_))
    ));
}

#[test]
fn ids_are_found_in_tree_order_whatever_changes() {
    let mut page = Page::new("<i id=x></i><b id=x></b><u></u>");
    let document = page.document;
    let (first, body) = (page.id("x"), page.body());
    let second = page.tree.next_sibling(first).unwrap();
    let third = page.tree.next_sibling(second).unwrap();
    page.tree.set_attribute(third, "id", "x").unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(first));
    page.tree.append(first, body).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(second));
    page.tree.remove_attribute(second, "id");
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(third));
    page.tree.set_attribute(third, "id", "y").unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(first));
    assert_eq!(page.tree.get_element_by_id(document, "y"), Some(third));
    assert_eq!(page.tree.elements_with_id(document, "y"), [third]);
    assert_eq!(page.tree.elements_with_id(document, "z"), []);
    page.tree.move_before(first, body, Some(second)).unwrap();
    page.tree.set_attribute(third, "id", "x").unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(first));
    assert_eq!(page.tree.elements_with_id(document, "x"), [first, third]);
    assert_eq!(page.tree.elements_with_id(body, "x"), [first, third]);
    page.tree.remove(first).unwrap();
    page.tree.remove(third).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), None);
    page.tree.set_inner_html(body, "<p><a id=z>").unwrap();
    assert!(page.tree.get_element_by_id(document, "z").is_some());
    page.tree.set_text_content(body, "").unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "z"), None);
    assert_eq!(page.tree.get_element_by_id(document, ""), None);
    assert_eq!(page.tree.get_element_by_id(body, "x"), None);
}

#[test]
fn versions_tell_what_changed() {
    let mut page = Page::new("<p id=a>x</p>");
    let (a, document) = (page.id("a"), page.document);
    let before = (page.tree.structure_version(), page.tree.attribute_version());
    page.tree.set_attribute(a, "class", "c").unwrap();
    assert_eq!(page.tree.structure_version(), before.0);
    assert_ne!(page.tree.attribute_version(), before.1);
    let all = page.tree.mutation_version(document);
    let text = page.tree.first_child(a).unwrap();
    page.tree.set_data(text, "y").unwrap();
    assert_eq!(page.tree.structure_version(), before.0);
    assert_ne!(page.tree.mutation_version(document), all);
    page.tree.remove(text).unwrap();
    assert_ne!(page.tree.structure_version(), before.0);
}
