//! Live ranges and node iterators follow mutations.

use readystate_dom::CharacterData;
use readystate_dom::traversal::range::BoundaryPoint;

use crate::page::Page;

fn at(node: readystate_dom::NodeId, offset: u32) -> BoundaryPoint {
    BoundaryPoint { node, offset }
}

#[test]
fn insertions_and_removals_shift_offsets_and_pull_ends_out() {
    let mut page = Page::new("<i></i><b id=b>text</b><u></u>");
    let (body, b) = (page.body(), page.id("b"));
    let text = page.tree.first_child(b).unwrap();
    let range = page.tree.create_range(at(text, 2), at(body, 3)).unwrap();
    let new = page.element("s");
    let first = page.tree.first_child(body);
    page.tree.insert_before(new, body, first).unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 2), at(body, 4))));
    page.tree.remove(b).unwrap();
    assert_eq!(page.tree.range(range), Some((at(body, 2), at(body, 3))));
    page.tree.remove(new).unwrap();
    assert_eq!(page.tree.range(range), Some((at(body, 1), at(body, 2))));
}

#[test]
fn data_changes_splits_and_normalizing_keep_ends_at_their_text() {
    let mut page = Page::new("<p id=a>abcdef</p>");
    let a = page.id("a");
    let text = page.tree.first_child(a).unwrap();
    let range = page.tree.create_range(at(text, 2), at(text, 5)).unwrap();
    page.tree
        .replace_data(text, 0, 1, &CharacterData::from("xyz"))
        .unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 4), at(text, 7))));
    let rest = page.tree.split_text(text, 5).unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 4), at(rest, 2))));
    page.tree.normalize(a).unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 4), at(text, 7))));
    page.tree.delete_data(text, 3, 3).unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 3), at(text, 4))));
    page.tree.set_data(text, "").unwrap();
    assert_eq!(page.tree.range(range), Some((at(text, 0), at(text, 0))));
    page.tree.free_range(range);
    assert_eq!(page.tree.range(range), None);
}

#[test]
fn a_node_iterator_steps_aside_when_its_reference_goes() {
    let mut page = Page::new("<p id=a><b id=b></b></p><p id=c></p>");
    let (body, a, b, c) = (page.body(), page.id("a"), page.id("b"), page.id("c"));
    let iterator = page.tree.create_node_iterator(body).unwrap();
    let position = |page: &Page| {
        let position = page.tree.node_iterator(iterator).unwrap();
        (position.reference, position.pointer_before_reference)
    };
    assert_eq!(position(&page), (body, true));
    page.tree.set_node_iterator(iterator, b, true);
    page.tree.remove(a).unwrap();
    assert_eq!(position(&page), (c, true), "forward, past the removed tree");
    page.tree.remove(c).unwrap();
    assert_eq!(position(&page), (body, false), "back, when nothing follows");
    page.tree.append(a, body).unwrap();
    page.tree.append(c, body).unwrap();
    page.tree.set_node_iterator(iterator, c, false);
    page.tree.remove(c).unwrap();
    assert_eq!(position(&page), (b, false), "to the last before it");
    page.tree.remove(body).unwrap();
    assert_eq!(position(&page), (b, false), "the root may move");
    page.tree.free_node_iterator(iterator);
    assert_eq!(page.tree.node_iterator(iterator), None);
}

#[test]
fn many_ranges_in_a_removed_tree_all_leave_it() {
    let mut page = Page::new(&format!("<p id=p>{}</p><u></u>", "<b>x</b>".repeat(200)));
    let (body, p) = (page.body(), page.id("p"));
    let bold: Vec<_> = page.tree.children(p).collect();
    let ranges: Vec<_> = bold
        .iter()
        .map(|&b| page.tree.create_range(at(b, 0), at(body, 2)).unwrap())
        .collect();
    let freed = ranges[7];
    page.tree.free_range(freed);
    page.tree.remove(p).unwrap();
    for &range in &ranges {
        let expected = (range != freed).then_some((at(body, 0), at(body, 1)));
        assert_eq!(page.tree.range(range), expected);
    }
    let again = page.tree.create_range(at(p, 1), at(p, 2)).unwrap();
    assert_eq!(again, freed, "the number is used again");
    page.tree.remove(bold[0]).unwrap();
    assert_eq!(page.tree.range(again), Some((at(p, 0), at(p, 1))));
}
