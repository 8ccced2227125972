//! Pre-insertion validity, insertion, replacement, removal, adoption.

use readystate_dom::{DocumentInit, DomError, Tree, TreeLimits, local_name, ns};

use crate::page::Page;

fn is_hierarchy<T>(result: Result<T, DomError>) -> bool {
    matches!(result, Err(DomError::HierarchyRequest(_)))
}

#[test]
fn a_node_goes_before_its_reference_and_leaves_its_old_parent() {
    let mut page = Page::new("<p id=a><b id=b></b></p><p id=c></p>");
    let (a, b, c, body) = (page.id("a"), page.id("b"), page.id("c"), page.body());
    page.tree.insert_before(b, body, Some(c)).unwrap();
    assert_eq!(
        page.body_html(),
        r#"<p id="a"></p><b id="b"></b><p id="c"></p>"#
    );
    page.tree.insert_before(b, body, Some(b)).unwrap();
    assert_eq!(
        page.body_html(),
        r#"<p id="a"></p><b id="b"></b><p id="c"></p>"#
    );
    page.tree.append(a, c).unwrap();
    assert_eq!(
        page.body_html(),
        r#"<b id="b"></b><p id="c"><p id="a"></p></p>"#
    );
    assert_eq!(page.tree.parent(a), Some(c));
    assert_eq!(page.tree.last_child(body), Some(c));
}

#[test]
fn a_node_cannot_go_into_itself_or_below() {
    let mut page = Page::new("<div id=a><div id=b></div></div><template id=t></template>");
    let (a, b, t) = (page.id("a"), page.id("b"), page.id("t"));
    assert!(is_hierarchy(page.tree.append(a, a)));
    assert!(is_hierarchy(page.tree.append(a, b)));
    let contents = page.tree.template_contents(t).unwrap();
    assert!(
        is_hierarchy(page.tree.append(t, contents)),
        "a template is the host of its contents"
    );
    let document = page.document;
    assert!(is_hierarchy(page.tree.append(document, a)));
    let text = page.text("x");
    assert!(
        is_hierarchy(page.tree.append(b, text)),
        "text has no children"
    );
}

#[test]
fn a_reference_that_is_no_child_is_not_found() {
    let mut page = Page::new("<p id=a></p><p id=b></p>");
    let (a, b) = (page.id("a"), page.id("b"));
    let new = page.element("i");
    assert!(matches!(
        page.tree.insert_before(new, a, Some(b)),
        Err(DomError::NotFound(_))
    ));
    assert!(matches!(
        page.tree.remove_child(a, b),
        Err(DomError::NotFound(_))
    ));
    assert!(matches!(
        page.tree.replace_child(new, a, b),
        Err(DomError::NotFound(_))
    ));
}

#[test]
fn a_document_holds_one_doctype_then_one_element_and_no_text() {
    let mut page = Page::new("<!DOCTYPE html><p>");
    let document = page.document;
    let root = page.tree.document_element(document).unwrap();
    let (element, text) = (page.element("i"), page.text("x"));
    assert!(is_hierarchy(page.tree.append(element, document)));
    assert!(is_hierarchy(page.tree.append(text, document)));
    let doctype = page
        .tree
        .create_document_type(document, "x", "", "")
        .unwrap();
    assert!(is_hierarchy(page.tree.insert_before(
        doctype,
        document,
        Some(root)
    )));
    assert!(is_hierarchy(page.tree.append(doctype, root)));
    // Replacing the element by another is fine, and so is a comment anywhere.
    page.tree.replace_child(element, document, root).unwrap();
    let comment = page.tree.create_comment(document, "c").unwrap();
    page.tree.append(comment, document).unwrap();
    assert_eq!(page.outer(document), "<!DOCTYPE html><i></i><!--c-->");
    // No element before the doctype.
    page.tree.remove(element).unwrap();
    let first = page.tree.first_child(document);
    assert!(is_hierarchy(
        page.tree.insert_before(element, document, first)
    ));
    let fragment = page.tree.create_document_fragment(document).unwrap();
    page.tree.append(element, fragment).unwrap();
    let second = page.element("b");
    page.tree.append(second, fragment).unwrap();
    assert!(is_hierarchy(page.tree.append(fragment, document)));
}

#[test]
fn a_fragment_gives_its_children_and_stays_behind_empty() {
    let mut page = Page::new("<p id=a></p>");
    let (body, a, document) = (page.body(), page.id("a"), page.document);
    let fragment = page.tree.create_document_fragment(document).unwrap();
    for name in ["b", "i"] {
        let child = page.element(name);
        page.tree.append(child, fragment).unwrap();
    }
    page.tree.insert_before(fragment, body, Some(a)).unwrap();
    assert_eq!(page.body_html(), r#"<b></b><i></i><p id="a"></p>"#);
    assert!(!page.tree.has_child_nodes(fragment));
    page.tree.append(fragment, body).unwrap();
    assert_eq!(page.tree.child_count(body), 3);
}

#[test]
fn replacing_a_child_by_its_neighbour_keeps_the_order() {
    let mut page = Page::new("<i id=a></i><i id=b></i><i id=c></i>");
    let (body, a, b) = (page.body(), page.id("a"), page.id("b"));
    assert_eq!(page.tree.replace_child(b, body, a), Ok(a));
    assert_eq!(page.body_html(), r#"<i id="b"></i><i id="c"></i>"#);
    page.tree.replace_child(b, body, b).unwrap();
    assert_eq!(page.body_html(), r#"<i id="b"></i><i id="c"></i>"#);
    assert!(!page.tree.is_connected(a));
}

#[test]
fn a_node_takes_the_document_of_its_new_parent() {
    let mut page = Page::new("<div id=a><template id=t><b>x</b></template></div>");
    let other = page
        .tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let (a, t) = (page.id("a"), page.id("t"));
    let contents = page.tree.template_contents(t).unwrap();
    let attr = page.tree.attribute_node(t, 0).unwrap();
    page.tree.adopt(a, other).unwrap();
    for node in [a, t, attr] {
        assert_eq!(page.tree.node_document(node), Some(other));
    }
    let inert = page.tree.template_contents_owner(other).unwrap();
    assert_eq!(page.tree.node_document(contents), Some(inert));
    let inner = page.tree.first_child(contents).unwrap();
    assert_eq!(page.tree.node_document(inner), Some(inert));
    assert!(page.tree.is_inert(inert));
    assert!(matches!(
        page.tree.adopt(other, other),
        Err(DomError::NotSupported(_))
    ));
}

#[test]
fn moving_keeps_the_node_connected_and_is_refused_between_trees() {
    let mut page = Page::new("<p id=a></p><script id=s></script><p id=b></p>");
    let (a, s, body) = (page.id("a"), page.id("s"), page.body());
    page.tree.take_effects();
    page.tree.move_before(s, body, Some(a)).unwrap();
    assert!(page.body_html().starts_with("<script"));
    assert!(
        !page.tree.has_effects(),
        "a move neither disconnects nor connects"
    );
    let loose = page.element("i");
    assert!(is_hierarchy(page.tree.move_before(loose, body, None)));
}

#[test]
fn a_full_tree_refuses_new_nodes_and_takes_them_again_once_some_are_freed() {
    let mut limits = TreeLimits::default();
    limits.max_nodes = 3;
    let mut tree = Tree::new(limits);
    let document = tree.create_document(DocumentInit::html("")).unwrap();
    let a = tree
        .create_element(document, local_name!("a"), ns!(html), None)
        .unwrap();
    tree.create_text(document, "x").unwrap();
    assert_eq!(tree.create_text(document, "y"), Err(DomError::NodeLimit));
    assert_eq!(tree.set_text_content(a, "y"), Err(DomError::NodeLimit));
    tree.free_subtree(a).unwrap();
    assert!(tree.create_text(document, "y").is_ok());
}

#[test]
fn a_freed_id_answers_nothing_and_changes_nothing() {
    let mut page = Page::new("<p id=a>x</p>");
    let (a, body) = (page.id("a"), page.body());
    page.tree.remove(a).unwrap();
    page.tree.free_subtree(a).unwrap();
    assert_eq!(page.tree.kind(a), None);
    assert_eq!(page.tree.node_type(a), 0);
    assert_eq!(page.tree.attribute(a, "id"), None);
    assert_eq!(page.tree.text_content(a), None);
    assert_eq!(page.tree.node_name(a), "");
    assert!(page.tree.remove(a).is_err());
    assert!(page.tree.append(a, body).is_err());
    assert!(page.tree.append(body, a).is_err());
    assert!(page.tree.set_attribute(a, "x", "y").is_err());
    assert!(page.tree.set_data(a, "x").is_err());
    assert!(
        page.tree
            .clone_node(a, readystate_dom::mutation::clone::CloneDepth::Subtree)
            .is_err()
    );
    assert_eq!(page.body_html(), "");
    let never = readystate_dom::NodeId::from_raw(u32::MAX).unwrap();
    assert_eq!(page.tree.parent(never), None);
    assert!(page.tree.append(never, body).is_err());
}
