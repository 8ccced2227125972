//! Lists of elements, token lists.

use readystate_dom::{DomError, LocalName, local_name};

use crate::page::Page;

fn names(page: &Page, nodes: &[readystate_dom::NodeId]) -> Vec<String> {
    nodes
        .iter()
        .map(|&node| page.tree.node_name(node))
        .collect()
}

#[test]
fn tag_names_match_by_the_rules_of_html_documents() {
    let mut page = Page::new("<P></P><svg><foreignObject><p></p></foreignObject></svg>");
    let document = page.document;
    let body = page.body();
    let odd = page
        .tree
        .create_element_ns(document, Some("u"), "x:P")
        .unwrap();
    page.tree.append(odd, body).unwrap();
    let tree = &page.tree;
    assert_eq!(tree.get_elements_by_tag_name(document, "P").len(), 2);
    assert_eq!(tree.get_elements_by_tag_name(document, "x:P"), [odd]);
    assert_eq!(tree.get_elements_by_tag_name(document, "x:p").len(), 0);
    assert_eq!(
        tree.get_elements_by_tag_name(document, "foreignObject")
            .len(),
        1
    );
    assert_eq!(
        tree.get_elements_by_tag_name(document, "foreignobject")
            .len(),
        0
    );
    assert_eq!(
        names(&page, &tree.get_elements_by_tag_name(body, "*")),
        ["P", "svg", "foreignObject", "P", "x:P"]
    );
    assert_eq!(
        tree.get_elements_by_tag_name_ns(document, Some("u"), "P"),
        [odd]
    );
    assert_eq!(
        tree.get_elements_by_tag_name_ns(document, Some("*"), "P"),
        [odd]
    );
    assert_eq!(
        tree.get_elements_by_tag_name_ns(document, Some("u"), "*"),
        [odd]
    );
    assert_eq!(
        tree.get_elements_by_tag_name_ns(document, None, "p").len(),
        0
    );
}

#[test]
fn classes_match_all_and_ignore_case_in_quirks_mode_only() {
    let strict = Page::new("<!DOCTYPE html><p class='a b'></p><p class='A'></p>");
    let quirky = Page::new("<p class='a b'></p><p class='A'></p>");
    let count = |page: &Page, names| {
        page.tree
            .get_elements_by_class_name(page.document, names)
            .len()
    };
    assert_eq!(count(&strict, "a"), 1);
    assert_eq!(count(&quirky, "a"), 2);
    assert_eq!(count(&strict, " b  a "), 1);
    assert_eq!(count(&strict, "a c"), 0);
    assert_eq!(count(&strict, " "), 0);
    let named = Page::new("<a name=x></a><svg name=x></svg>");
    assert_eq!(
        named.tree.get_elements_by_name(named.document, "x").len(),
        1
    );
}

#[test]
fn element_neighbours_skip_other_nodes() {
    let page = Page::new("x<i id=a></i>y<b id=b></b>z");
    let (a, b, body) = (page.id("a"), page.id("b"), page.body());
    assert_eq!(page.tree.first_element_child(body), Some(a));
    assert_eq!(page.tree.last_element_child(body), Some(b));
    assert_eq!(page.tree.next_element_sibling(a), Some(b));
    assert_eq!(page.tree.previous_element_sibling(b), Some(a));
    assert_eq!(page.tree.next_element_sibling(b), None);
    assert_eq!(
        page.tree.html_elements_named(body, &[local_name!("b")]),
        [b]
    );
}

#[test]
fn token_lists_add_remove_toggle_and_replace() {
    let mut page = Page::new("<p id=a class=' b  a b '></p><p id=n></p>");
    let (a, n) = (page.id("a"), page.id("n"));
    let class = local_name!("class");
    assert_eq!(page.tree.token_list_length(a, &class), 2);
    assert_eq!(page.tree.token_list_item(a, &class, 1), Some("a"));
    page.tree.token_list_add(a, &class, &["c", "a"]).unwrap();
    assert_eq!(page.tree.attribute(a, "class"), Some("b a c"));
    page.tree.token_list_remove(a, &class, &["a", "x"]).unwrap();
    assert_eq!(page.tree.attribute(a, "class"), Some("b c"));
    assert_eq!(page.tree.token_list_toggle(a, &class, "b", None), Ok(false));
    assert_eq!(
        page.tree.token_list_toggle(a, &class, "b", Some(false)),
        Ok(false)
    );
    assert_eq!(page.tree.token_list_toggle(a, &class, "b", None), Ok(true));
    assert_eq!(
        page.tree.token_list_toggle(a, &class, "b", Some(true)),
        Ok(true)
    );
    assert_eq!(page.tree.attribute(a, "class"), Some("c b"));
    assert_eq!(page.tree.token_list_replace(a, &class, "c", "b"), Ok(true));
    assert_eq!(page.tree.attribute(a, "class"), Some("b"));
    assert_eq!(page.tree.token_list_replace(a, &class, "c", "d"), Ok(false));
    assert!(matches!(
        page.tree.token_list_add(a, &class, &["ok", ""]),
        Err(DomError::Syntax(_))
    ));
    assert!(matches!(
        page.tree.token_list_add(a, &class, &["a b"]),
        Err(DomError::InvalidCharacter(_))
    ));
    assert!(matches!(
        page.tree.token_list_replace(a, &class, " ", ""),
        Err(DomError::Syntax(_))
    ));
    assert!(!page.tree.token_list_contains(a, &class, "ok"));
    page.tree.token_list_remove(n, &class, &["x"]).unwrap();
    assert_eq!(
        page.tree.attribute(n, "class"),
        None,
        "no attribute is made for an empty set"
    );
    page.tree.token_list_remove(a, &class, &["b"]).unwrap();
    assert_eq!(page.tree.attribute(a, "class"), Some(""));
    page.tree
        .token_list_add(n, &LocalName::from("rel"), &["x"])
        .unwrap();
    assert_eq!(page.outer(n), r#"<p id="n" rel="x"></p>"#);
}

#[test]
fn elements_that_share_an_id_give_way_to_each_other_in_tree_order() {
    const MANY: usize = 20_000;
    let mut page = Page::new(&format!("<p id=x></p>{}", "<b id=x></b>".repeat(MANY)));
    let document = page.document;
    let body = page.body();
    // First to last, each found before it goes.
    for _ in 0..MANY {
        let first = page.tree.first_child(body);
        assert_eq!(page.tree.get_element_by_id(document, "x"), first);
        page.tree.remove(first.unwrap()).unwrap();
    }
    let last = page.id("x");
    assert_eq!(page.tree.last_child(body), Some(last));
    // One that comes later, but stands before.
    let new = page.tree.create_html_element(document, "i").unwrap();
    page.tree.set_attribute(new, "id", "x").unwrap();
    page.tree.insert_before(new, body, Some(last)).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(new));
    page.tree.append(new, body).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(last));
    page.tree.remove(last).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), Some(new));
    page.tree.remove(new).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "x"), None);
}

#[test]
fn ids_are_found_after_many_changes_between_two_look_ups() {
    let mut page = Page::new("<p id=a></p><b id=twice></b>");
    let (document, body, a) = (page.document, page.body(), page.id("a"));
    let mut last = a;
    for number in 0..5_000 {
        last = page.tree.create_html_element(document, "i").unwrap();
        page.tree
            .set_attribute(last, "id", &format!("n{number}"))
            .unwrap();
        page.tree.append(last, body).unwrap();
        if number % 2 == 0 {
            page.tree.remove(last).unwrap();
        }
    }
    let find = |page: &Page, id: &str| page.tree.get_element_by_id(document, id);
    assert_eq!(find(&page, "n4999"), Some(last));
    assert_eq!(find(&page, "n4998"), None);
    assert_eq!(find(&page, "a"), Some(a));
    // The index that the look-ups have made is kept up with.
    page.tree.set_attribute(a, "id", "twice").unwrap();
    page.tree.set_attribute(last, "id", "b").unwrap();
    assert_eq!(find(&page, "twice"), Some(a));
    assert_eq!(find(&page, "n4999"), None);
    assert_eq!(find(&page, "b"), Some(last));
}

#[test]
fn elements_that_share_an_id_leave_last_to_first() {
    const MANY: usize = 20_000;
    let mut page = Page::new(&"<b id=x></b>".repeat(MANY));
    let body = page.body();
    let first = page.id("x");
    for _ in 1..MANY {
        let last = page.tree.last_child(body).unwrap();
        page.tree.remove(last).unwrap();
        assert_eq!(page.id("x"), first);
    }
}
