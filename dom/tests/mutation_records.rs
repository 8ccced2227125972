//! Registered observers and their records.

use readystate_dom::{LocalName, ObserverId, ObserverOptions, RecordKind};

use crate::page::Page;

const ME: ObserverId = ObserverId(1);

fn children() -> ObserverOptions {
    ObserverOptions {
        child_list: true,
        ..ObserverOptions::default()
    }
}

#[test]
fn child_list_records_name_the_nodes_and_their_neighbours() {
    let mut page = Page::new("<i id=a></i><i id=b></i>");
    let (a, b, body) = (page.id("a"), page.id("b"), page.body());
    page.tree.register_observer(body, ME, children()).unwrap();
    let new = page.element("u");
    page.tree.insert_before(new, body, Some(b)).unwrap();
    page.tree.remove(a).unwrap();
    let inner = page.element("s");
    page.tree.append(inner, b).unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(
        records.len(),
        2,
        "without subtree only the children of the target count"
    );
    assert_eq!(records[0].kind, RecordKind::ChildList);
    assert_eq!(records[0].target, body);
    assert_eq!(records[0].added_nodes, [new]);
    assert_eq!(records[0].previous_sibling, Some(a));
    assert_eq!(records[0].next_sibling, Some(b));
    assert_eq!(records[1].removed_nodes, [a]);
    assert_eq!(records[1].next_sibling, Some(new));
    assert!(page.tree.take_records(ME).is_empty());
}

#[test]
fn a_fragment_and_replace_all_make_one_record_each() {
    let mut page = Page::new("<i id=a></i><i id=b></i>");
    let (a, b, body, document) = (page.id("a"), page.id("b"), page.body(), page.document);
    let fragment = page.tree.create_document_fragment(document).unwrap();
    let (one, two) = (page.element("p"), page.element("p"));
    page.tree.append(one, fragment).unwrap();
    page.tree.append(two, fragment).unwrap();
    page.tree.register_observer(body, ME, children()).unwrap();
    page.tree
        .register_observer(fragment, ObserverId(2), children())
        .unwrap();
    page.tree.append(fragment, body).unwrap();
    page.tree.set_text_content(body, "x").unwrap();
    page.tree.set_text_content(body, "").unwrap();
    page.tree.set_text_content(body, "").unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(records.len(), 3);
    assert_eq!(records[0].added_nodes, [one, two]);
    assert_eq!(records[0].previous_sibling, Some(b));
    assert_eq!(records[1].removed_nodes, [a, b, one, two]);
    assert_eq!(records[1].added_nodes.len(), 1);
    assert!(records[2].added_nodes.is_empty());
    let fragment_records = page.tree.take_records(ObserverId(2));
    assert_eq!(fragment_records.len(), 1);
    assert_eq!(fragment_records[0].removed_nodes, [one, two]);
}

#[test]
fn replacing_a_child_makes_one_record() {
    let mut page = Page::new("<i id=a></i><i id=b></i>");
    let (a, b, body) = (page.id("a"), page.id("b"), page.body());
    page.tree.register_observer(body, ME, children()).unwrap();
    let new = page.element("u");
    page.tree.replace_child(new, body, a).unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].added_nodes, [new]);
    assert_eq!(records[0].removed_nodes, [a]);
    assert_eq!(records[0].next_sibling, Some(b));
}

#[test]
fn attribute_records_obey_filter_and_old_value() {
    let mut page = Page::new("<p id=a class=x></p>");
    let a = page.id("a");
    page.tree
        .register_observer(
            a,
            ME,
            ObserverOptions {
                attributes: true,
                attribute_old_value: true,
                attribute_filter: Some(vec![LocalName::from("class")]),
                ..ObserverOptions::default()
            },
        )
        .unwrap();
    let plain = ObserverOptions {
        attributes: true,
        ..ObserverOptions::default()
    };
    page.tree
        .register_observer(a, ObserverId(2), plain)
        .unwrap();
    page.tree.set_attribute(a, "class", "y").unwrap();
    page.tree.set_attribute(a, "class", "y").unwrap();
    page.tree.set_attribute(a, "title", "t").unwrap();
    page.tree
        .set_attribute_ns(a, Some("u"), "p:class", "t")
        .unwrap();
    page.tree.remove_attribute(a, "class");
    let records = page.tree.take_records(ME);
    let old: Vec<_> = records
        .iter()
        .map(|record| {
            record
                .old_value
                .as_ref()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    assert_eq!(
        old,
        ["x", "y", "y"],
        "setting the same value again is a change"
    );
    let records = page.tree.take_records(ObserverId(2));
    assert_eq!(records.len(), 5);
    assert!(records.iter().all(|record| record.old_value.is_none()));
    assert_eq!(records[3].attribute_namespace.as_deref(), Some("u"));
    assert_eq!(records[3].attribute_name.as_deref(), Some("class"));
    assert_eq!(records[0].attribute_namespace, None);
}

#[test]
fn character_data_records_come_from_descendants_with_subtree() {
    let mut page = Page::new("<p id=a>x</p>");
    let (a, body) = (page.id("a"), page.body());
    let text = page.tree.first_child(a).unwrap();
    let options = ObserverOptions {
        character_data: true,
        character_data_old_value: true,
        subtree: true,
        ..ObserverOptions::default()
    };
    page.tree.register_observer(body, ME, options).unwrap();
    page.tree.set_data(text, "y").unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(records[0].target, text);
    assert_eq!(records[0].old_value.as_ref().unwrap(), &"x");
}

#[test]
fn a_removed_subtree_is_observed_until_the_observer_was_notified() {
    let mut page = Page::new("<p id=a><b id=b></b></p>");
    let (a, b, body) = (page.id("a"), page.id("b"), page.body());
    let options = ObserverOptions {
        subtree: true,
        ..children()
    };
    page.tree.register_observer(body, ME, options).unwrap();
    page.tree.remove(a).unwrap();
    let new = page.element("i");
    page.tree.append(new, b).unwrap();
    assert_eq!(page.tree.take_pending_observers(), [ME]);
    assert_eq!(page.tree.take_records(ME).len(), 2);
    page.tree.end_transient_observers(ME);
    page.tree.remove(new).unwrap();
    assert!(page.tree.take_records(ME).is_empty());
    assert!(!page.tree.has_pending_observers());
    let more = page.element("i");
    page.tree.append(more, body).unwrap();
    assert_eq!(
        page.tree.take_records(ME).len(),
        1,
        "the registration itself goes on"
    );
}

#[test]
fn disconnecting_ends_registrations_and_drops_records() {
    let mut page = Page::new("<p id=a></p>");
    let (a, body) = (page.id("a"), page.body());
    page.tree.register_observer(body, ME, children()).unwrap();
    page.tree.remove(a).unwrap();
    page.tree.disconnect_observer(ME);
    assert!(page.tree.take_records(ME).is_empty());
    page.tree.append(a, body).unwrap();
    assert!(page.tree.take_records(ME).is_empty());
}

#[test]
fn registering_again_replaces_the_options() {
    let mut page = Page::new("<p id=a></p>");
    let (a, body) = (page.id("a"), page.body());
    page.tree.register_observer(body, ME, children()).unwrap();
    let options = ObserverOptions {
        attributes: true,
        ..ObserverOptions::default()
    };
    page.tree.register_observer(body, ME, options).unwrap();
    page.tree.remove(a).unwrap();
    page.tree.set_attribute(body, "class", "x").unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].kind, RecordKind::Attributes);
}

#[test]
fn nodes_named_in_a_record_outlive_their_tree_until_it_is_taken() {
    let mut page = Page::new("<p id=a></p>");
    let (a, body) = (page.id("a"), page.body());
    page.tree.register_observer(body, ME, children()).unwrap();
    page.tree.set_text_content(body, "").unwrap();
    assert!(!page.tree.reclaim_unwrapped(a));
    page.tree.take_records(ME);
    assert!(page.tree.reclaim_unwrapped(a));
    assert_eq!(page.tree.kind(a), None);
}

#[test]
fn parser_insertions_are_observed() {
    let mut page = Page::new("");
    let document = page.document;
    let options = ObserverOptions {
        subtree: true,
        ..children()
    };
    page.tree.register_observer(document, ME, options).unwrap();
    let body = page.body();
    page.tree.set_inner_html(body, "<p>x</p><p>y</p>").unwrap();
    let records = page.tree.take_records(ME);
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].added_nodes.len(), 2);
}
