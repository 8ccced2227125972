//! `innerText`: text as it would be rendered, by the display of elements.

use crate::page::Page;

#[track_caller]
fn check(markup: &str, expected: &str) {
    let page = Page::new(markup);
    let body = page.body();
    let target = page
        .tree
        .get_element_by_id(page.document, "target")
        .or_else(|| page.tree.first_element_child(body))
        .unwrap();
    assert_eq!(page.tree.inner_text(target), expected, "{markup}");
}

#[test]
fn white_space_collapses_as_on_a_line() {
    check("<div> abc  def\n</div>", "abc def");
    check("<div><span>abc </span> def</div>", "abc def");
    check("<div>abc <br> def</div>", "abc\ndef");
    check("<div>abc <img> def</div>", "abc  def");
    check("<pre> abc\n  def </pre>", " abc\n  def ");
    check(
        "<div style='white-space:pre-line'> abc\n def</div>",
        "abc\ndef",
    );
}

#[test]
fn blocks_stand_on_lines_of_their_own() {
    check("<div>123<div>abc</div>def</div>", "123\nabc\ndef");
    check("<div><p>abc<p>def</div>", "abc\n\ndef");
    check("<div>abc<div></div><div></div>def</div>", "abc\ndef");
    check(
        "<div>123<span style='display:block'>abc</span>def</div>",
        "123\nabc\ndef",
    );
    check("<ul><li>a</li> <li>b</li></ul>", "a\nb");
}

#[test]
fn cells_and_rows_are_told_apart() {
    check(
        "<table><tr><td>abc<td>def<tr><td>ghi</table>",
        "abc\tdef\nghi",
    );
    check("<table><tr><td id=target>abc<td>def</table>", "abc");
}

#[test]
fn what_is_not_shown_has_no_text() {
    check(
        "<div>a<script>b</script><style>c</style><span hidden>d</span>e</div>",
        "ae",
    );
    check("<div>123<span style='display:none'>abc</span></div>", "123");
    check(
        "<div style='visibility:hidden'>1<b style='visibility:visible'>2</b></div>",
        "2",
    );
    check("<div><textarea>abc</textarea></div>", "");
    // An element that is not rendered itself has the text of its nodes.
    check("<div style='display:none'> a  b </div>", " a  b ");
}
