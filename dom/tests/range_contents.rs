//! What ranges do with their contents.

use readystate_dom::serializing::html::inner_html;
use readystate_dom::traversal::range::{BoundaryPoint, RangeId};
use readystate_dom::{DomError, NodeId};

use crate::page::Page;

fn at(node: NodeId, offset: u32) -> BoundaryPoint {
    BoundaryPoint { node, offset }
}

/// A page whose range goes from the third unit of the text in `#a` to the second of the one in `#z`.
fn across() -> (Page, RangeId) {
    let mut page = Page::new(
        "<div id=d><p><b id=a>abcd</b><i>1</i></p><u>2</u><p><s>3</s><b id=z>wxyz</b></p></div>",
    );
    let start = page.tree.first_child(page.id("a")).unwrap();
    let end = page.tree.first_child(page.id("z")).unwrap();
    let range = page.tree.create_range(at(start, 2), at(end, 2)).unwrap();
    (page, range)
}

const INSIDE: &str = "<p><b id=\"a\">cd</b><i>1</i></p><u>2</u><p><s>3</s><b id=\"z\">wx</b></p>";
const OUTSIDE: &str = "<div id=\"d\"><p><b id=\"a\">ab</b></p><p><b id=\"z\">yz</b></p></div>";

#[test]
fn extracting_splits_the_nodes_at_both_ends() {
    let (mut page, range) = across();
    let fragment = page.tree.extract_range_contents(range).unwrap();
    assert_eq!(inner_html(&page.tree, fragment), INSIDE);
    assert_eq!(page.body_html(), OUTSIDE);
    let div = page.id("d");
    assert_eq!(page.tree.range(range), Some((at(div, 1), at(div, 1))));
}

#[test]
fn cloning_copies_and_changes_nothing() {
    let (mut page, range) = across();
    let before = page.body_html();
    let points = page.tree.range(range);
    let fragment = page.tree.clone_range_contents(range).unwrap();
    assert_eq!(inner_html(&page.tree, fragment), INSIDE);
    assert_eq!(page.body_html(), before);
    assert_eq!(page.tree.range(range), points);
}

#[test]
fn deleting_leaves_what_extracting_leaves() {
    let (mut page, range) = across();
    page.tree.delete_range_contents(range).unwrap();
    assert_eq!(page.body_html(), OUTSIDE);
    let div = page.id("d");
    assert_eq!(page.tree.range(range), Some((at(div, 1), at(div, 1))));
}

#[test]
fn a_range_reads_as_the_text_in_it() {
    let (page, range) = across();
    assert_eq!(
        page.tree.range_text(range).unwrap().to_string_lossy(),
        "cd123wx"
    );
}

#[test]
fn inserting_splits_a_text_and_an_empty_range_grows() {
    let mut page = Page::new("<p id=p>abcd</p>");
    let p = page.id("p");
    let text = page.tree.first_child(p).unwrap();
    let range = page.tree.create_range(at(text, 1), at(text, 1)).unwrap();
    let new = page.element("hr");
    page.tree.insert_into_range(range, new).unwrap();
    assert_eq!(page.inner(p), "a<hr>bcd");
    assert_eq!(page.tree.range(range), Some((at(text, 1), at(p, 2))));
}

#[test]
fn a_refused_insertion_leaves_the_text_whole() {
    let mut page = Page::new("<p id=p>abcd</p>");
    let p = page.id("p");
    let text = page.tree.first_child(p).unwrap();
    let range = page.tree.create_range(at(text, 1), at(text, 1)).unwrap();
    assert!(matches!(
        page.tree.insert_into_range(range, p),
        Err(DomError::HierarchyRequest(_))
    ));
    assert_eq!(page.tree.child_count(p), 1);
}

#[test]
fn a_range_around_what_it_inserts_ends_up_around_it() {
    let mut page = Page::new("<p id=p><b id=b></b></p>");
    let (p, b) = (page.id("p"), page.id("b"));
    let range = page.tree.create_range(at(p, 0), at(p, 1)).unwrap();
    page.tree.insert_into_range(range, b).unwrap();
    assert_eq!(page.tree.range(range), Some((at(p, 0), at(p, 1))));
}

#[test]
fn surrounding_takes_whole_nodes_and_parts_of_texts_only() {
    let mut page = Page::new("<p id=p>ab<i>c</i>de</p>");
    let p = page.id("p");
    let (first, last) = (page.tree.first_child(p), page.tree.last_child(p));
    let range = page
        .tree
        .create_range(at(first.unwrap(), 1), at(last.unwrap(), 1))
        .unwrap();
    let new = page.element("b");
    page.tree.surround_range_contents(range, new).unwrap();
    assert_eq!(page.inner(p), "a<b>b<i>c</i>d</b>e");
    assert_eq!(page.tree.range(range), Some((at(p, 1), at(p, 2))));
    let inner = page.tree.first_child(new).unwrap();
    page.tree.set_range(range, at(inner, 0), at(p, 3));
    let other = page.element("u");
    assert!(matches!(
        page.tree.surround_range_contents(range, other),
        Err(DomError::InvalidState(_))
    ));
}

#[test]
fn points_follow_each_other_and_compare() {
    use std::cmp::Ordering::{Equal, Greater, Less};
    let mut page = Page::new("<p id=p><b id=b>text</b><i></i></p>");
    let (p, b) = (page.id("p"), page.id("b"));
    let range = page.tree.create_range(at(p, 0), at(p, 1)).unwrap();
    page.tree.set_range_start(range, at(p, 2)).unwrap();
    assert_eq!(page.tree.range(range), Some((at(p, 2), at(p, 2))));
    page.tree.set_range_end(range, at(b, 1)).unwrap();
    assert_eq!(page.tree.range(range), Some((at(b, 1), at(b, 1))));
    assert!(page.tree.range_intersects_node(range, b).unwrap());
    page.tree.set_range_end(range, at(p, 1)).unwrap();
    let place = |node, offset| page.tree.compare_point_with_range(range, at(node, offset));
    assert_eq!(place(p, 0), Ok(Less));
    assert_eq!(place(b, 1), Ok(Equal));
    assert_eq!(place(p, 2), Ok(Greater));
    assert!(matches!(place(b, 9), Err(DomError::IndexSize(_))));
    let detached = page.element("s");
    assert!(matches!(
        page.tree.compare_point_with_range(range, at(detached, 0)),
        Err(DomError::WrongDocument(_))
    ));
    assert_eq!(page.tree.range_common_ancestor(range), Ok(p));
}
