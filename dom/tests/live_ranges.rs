//! Live ranges follow mutations.

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
