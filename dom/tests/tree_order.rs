//! Order, containment, position, the event path.

use readystate_dom::event_path::EventReach;
use readystate_dom::traversal::tree_order::position::*;

use crate::page::Page;

#[test]
fn position_tells_before_after_inside_and_elsewhere() {
    let mut page = Page::new("<p id=a x=1 y=2><b id=b></b></p><p id=c></p>");
    let (a, b, c) = (page.id("a"), page.id("b"), page.id("c"));
    assert_eq!(page.tree.compare_document_position(a, a), 0);
    assert_eq!(page.tree.compare_document_position(a, c), FOLLOWING);
    assert_eq!(page.tree.compare_document_position(c, b), PRECEDING);
    assert_eq!(
        page.tree.compare_document_position(a, b),
        CONTAINED_BY | FOLLOWING
    );
    assert_eq!(
        page.tree.compare_document_position(b, a),
        CONTAINS | PRECEDING
    );
    let x = page.tree.attribute_node(a, 1).unwrap();
    let y = page.tree.attribute_node(a, 2).unwrap();
    assert_eq!(
        page.tree.compare_document_position(x, y),
        IMPLEMENTATION_SPECIFIC | FOLLOWING
    );
    assert_eq!(
        page.tree.compare_document_position(y, x),
        IMPLEMENTATION_SPECIFIC | PRECEDING
    );
    assert_eq!(
        page.tree.compare_document_position(a, x),
        CONTAINED_BY | FOLLOWING
    );
    assert_eq!(
        page.tree.compare_document_position(x, a),
        CONTAINS | PRECEDING
    );
    assert_eq!(page.tree.compare_document_position(x, b), FOLLOWING);
    assert_eq!(page.tree.compare_document_position(b, x), PRECEDING);
    let loose = page.element("i");
    let one = page.tree.compare_document_position(a, loose);
    let two = page.tree.compare_document_position(loose, a);
    assert_eq!(one & DISCONNECTED, DISCONNECTED);
    assert_eq!((one ^ two) & (PRECEDING | FOLLOWING), PRECEDING | FOLLOWING);
}

#[test]
fn walks_go_in_tree_order_both_ways() {
    let page = Page::new("<p id=a><b id=b></b><i id=i></i></p><p id=c></p>");
    let body = page.body();
    let names: Vec<_> = page
        .tree
        .descendants(body)
        .map(|node| page.tree.node_name(node))
        .collect();
    assert_eq!(names, ["P", "B", "I", "P"]);
    let mut back = vec![page.tree.last_inclusive_descendant(body)];
    while let Some(previous) = page.tree.preceding_in(body, back[back.len() - 1]) {
        back.push(previous);
    }
    back.reverse();
    let forth: Vec<_> = page.tree.inclusive_descendants(body).collect();
    assert_eq!(back, forth);
    assert_eq!(
        page.tree.following_outside(body, page.id("a")),
        Some(page.id("c"))
    );
    assert_eq!(
        page.tree.following_outside(page.id("a"), page.id("i")),
        None
    );
    assert!(page.tree.contains(page.id("a"), page.id("i")));
    assert!(!page.tree.contains(page.id("i"), page.id("a")));
    assert_eq!(page.tree.index(page.id("i")), 1);
}

#[test]
fn the_event_path_goes_from_the_target_to_the_root() {
    let page = Page::new("<p id=a><b id=b></b></p>");
    let b = page.id("b");
    let path = page.tree.event_path(b, None, EventReach::Tree);
    let targets: Vec<_> = path.iter().map(|entry| entry.invocation_target).collect();
    assert_eq!(
        targets,
        page.tree.inclusive_ancestors(b).collect::<Vec<_>>()
    );
    assert_eq!(targets.last(), Some(&page.document));
    assert_eq!(path[0].shadow_adjusted_target, Some(b));
    assert_eq!(path[1].shadow_adjusted_target, None);
    // An event whose related target is its target goes the same way.
    assert_eq!(
        page.tree.event_path(b, Some(b), EventReach::Tree).len(),
        path.len()
    );
}
