//! Fragments: `innerHTML`, `outerHTML`, `insertAdjacentHTML`.

use readystate_dom::DomError;
use readystate_dom::parsing::html_fragment::{AdjacentPosition, parse_fragment};

use crate::page::Page;
use crate::random::Random;

#[test]
fn the_context_decides_how_markup_is_read() {
    let mut page = Page::new("");
    for (context, markup, expected) in [
        ("div", "<tr><td>x", "x"),
        ("tbody", "<tr><td>x", "<tr><td>x</td></tr>"),
        ("tr", "x<td>y", "x<td>y</td>"),
        ("textarea", "<b>x", "&lt;b&gt;x"),
        ("script", "<b>x", "<b>x"),
        ("title", "a&amp;b</title>", "a&amp;b&lt;/title&gt;"),
        (
            "select",
            "<option>a<option>b",
            "<option>a</option><option>b</option>",
        ),
        ("template", "<td>x", "<td>x</td>"),
        (
            "template",
            "<noscript><b>x",
            "<noscript><b>x</b></noscript>",
        ),
        ("html", "", "<head></head><body></body>"),
        ("div", "", ""),
        ("div", "\u{FEFF}x", "\u{FEFF}x"),
    ] {
        let element = page.element(context);
        page.tree.set_inner_html(element, markup).unwrap();
        assert_eq!(page.inner(element), expected, "{context}");
    }
}

#[test]
fn the_nodes_belong_to_the_contexts_document() {
    let mut page = Page::new("");
    let (body, document) = (page.body(), page.document);
    let fragment = parse_fragment(&mut page.tree, body, "<p>x</p>y").unwrap();
    assert_eq!(page.tree.child_count(fragment), 2);
    for node in page.tree.inclusive_descendants(fragment) {
        assert_eq!(page.tree.node_document(node), Some(document));
        assert!(!page.tree.is_connected(node));
    }
    assert!(parse_fragment(&mut page.tree, document, "x").is_err());
}

#[test]
fn a_form_inside_a_form_context_is_left_out() {
    let mut page = Page::new("<form id=f><div id=d></div></form>");
    let d = page.id("d");
    page.tree.set_inner_html(d, "<form><input></form>").unwrap();
    assert_eq!(page.inner(d), "<input>");
}

#[test]
fn quirks_mode_follows_the_document() {
    for (doctype, expected) in [
        ("", "<p><table></table></p>"),
        ("<!DOCTYPE html>", "<p></p><table></table>"),
    ] {
        let mut page = Page::new(doctype);
        let body = page.body();
        page.tree.set_inner_html(body, "<p><table>").unwrap();
        assert_eq!(page.body_html(), expected);
    }
}

#[test]
fn outer_html_replaces_the_element() {
    let mut page = Page::new("<p id=a></p>");
    let a = page.id("a");
    page.tree.set_outer_html(a, "x<i></i>").unwrap();
    assert_eq!(page.body_html(), "x<i></i>");
    page.tree.set_outer_html(a, "y").unwrap();
    let root = page.tree.document_element(page.document).unwrap();
    assert!(matches!(
        page.tree.set_outer_html(root, "y"),
        Err(DomError::NoModificationAllowed(_))
    ));
    let count = page.tree.node_count();
    let loose = page.element("u");
    page.tree.set_outer_html(loose, "y").unwrap();
    assert_eq!(
        page.tree.node_count(),
        count + 1,
        "nothing is left of the attempt"
    );
}

#[test]
fn markup_goes_to_all_four_places() {
    let mut page = Page::new("<p id=a>0</p>");
    let a = page.id("a");
    for (position, markup) in [
        (AdjacentPosition::BeforeBegin, "<i>1</i>"),
        (AdjacentPosition::AfterBegin, "<i>2</i>"),
        (AdjacentPosition::BeforeEnd, "<i>3</i>"),
        (AdjacentPosition::AfterEnd, "<i>4</i>"),
    ] {
        page.tree.insert_adjacent_html(a, position, markup).unwrap();
    }
    assert_eq!(
        page.body_html(),
        r#"<i>1</i><p id="a"><i>2</i>0<i>3</i></p><i>4</i>"#
    );
}

/// The pieces are put together at random; the parser proper comes by `<wbr>`, which the short way does not know.
#[test]
fn simple_markup_reads_the_same_by_the_short_way_as_by_the_parser() {
    const PIECES: [&str; 64] = [
        "<div>",
        "</div>",
        "<p>",
        "</p>",
        "<span class=a>",
        "</span>",
        "<b>",
        "</b>",
        "<i id='x'>",
        "</i>",
        "<a href=\"?a&amp;b\">",
        "</a>",
        "<ul>",
        "</ul>",
        "<li>",
        "</li>",
        "<h1>",
        "</h1>",
        "<h2>",
        "</h2>",
        "<br>",
        "<br/>",
        "<hr>",
        "<img src=x/>",
        "<img src='x' alt>",
        "text",
        " ",
        "\n",
        "&amp;",
        "&lt",
        "& ",
        "&&lt;",
        "&copy;",
        "&#39;",
        "&nbsp;x",
        "é漢",
        "<",
        ">",
        "</",
        "<!-- c -->",
        "<!--->",
        "<!-- a--b -->",
        "<div a = b>",
        "<div a b/>",
        "<div a=1 a=2>",
        "<div A=1>",
        "<DIV>",
        "</div >",
        "<code is=x>",
        "<b-x>",
        "</b-x>",
        "<table>",
        "<td>",
        "<p/>",
        "<div\tx=\"<b>\"y>",
        "<section data-x.y:z=\"'\">",
        "</section>",
        "<ol>",
        "</ol>",
        "<strong>",
        "</strong>",
        "<em title='&quot;'>",
        "</em>",
        "\"",
    ];
    let mut random = Random::new(17);
    for round in 0..4_000_u32 {
        let mut markup = String::new();
        let mut closers = Vec::new();
        for _ in 0..1 + random.below(9) {
            // Half of the time well nested, so that the short way gets somewhere.
            let piece = PIECES[random.below(PIECES.len())];
            markup.push_str(piece);
            if round % 2 == 0
                && let Some(name) = piece.strip_prefix('<')
                && name.starts_with(|first: char| first.is_ascii_lowercase())
            {
                let name = name.split([' ', '>', '\t', '/']).next().unwrap();
                if !matches!(name, "br" | "hr" | "img") {
                    closers.push(format!("</{name}>"));
                }
                if random.below(3) == 0 {
                    markup.push_str(&closers.pop().unwrap_or_default());
                }
            }
        }
        for closer in closers.iter().rev() {
            markup.push_str(closer);
        }
        let mut page = Page::new("");
        let context = ["div", "p", "li", "a", "td", "ul", "b"][random.below(7)];
        let (short, long) = (page.element(context), page.element(context));
        page.tree.set_inner_html(short, &markup).unwrap();
        page.tree
            .set_inner_html(long, &format!("<wbr>{markup}"))
            .unwrap();
        let wbr = page.tree.first_child(long).unwrap();
        page.tree.remove(wbr).unwrap();
        assert!(
            page.tree.is_equal_node(short, long),
            "{context}: {markup}\nshort: {}\nlong: {}",
            page.inner(short),
            page.inner(long)
        );
    }
}
