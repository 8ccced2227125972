//! Pseudo-classes and pseudo-elements beyond structure and form state.

use readystate_dom::DomError;
use readystate_dom::selectors::ElementState;

use crate::page::Page;

/// The ids that a selector matches.
#[track_caller]
fn check(page: &Page, selector: &str, expected: &str) {
    let found: Vec<_> = page
        .tree
        .query_selector_all(page.document, selector)
        .unwrap_or_else(|error| panic!("{selector}: {error}"))
        .into_iter()
        .map(|node| page.tree.id_attribute(node).unwrap_or("?").to_owned())
        .collect();
    assert_eq!(found.join(" "), expected, "{selector}");
}

#[test]
fn focus_is_where_the_embedder_says_while_it_is_in_the_document() {
    let mut page = Page::new("<div id=a><input id=b></div><p id=c>");
    let (b, document) = (page.id("b"), page.document);
    check(&page, ":focus", "");
    page.tree.set_focused_element(document, Some(b));
    check(&page, ":focus", "b");
    check(&page, ":focus-visible", "b");
    check(&page, "div:focus-within, p:focus-within", "a");
    page.tree.remove(b).unwrap();
    check(&page, ":focus, :focus-within", "");
    let (a, c) = (page.id("a"), page.id("c"));
    page.tree.append(b, a).unwrap();
    check(&page, ":focus", "");
    page.tree.set_focused_element(document, Some(b));
    page.tree.append(a, c).unwrap();
    check(&page, ":focus, :focus-within", "");
    page.tree.set_focused_element(document, Some(b));
    page.tree.set_focused_element(document, None);
    check(&page, ":focus", "");
}

#[test]
fn the_state_of_a_freed_element_is_forgotten() {
    let mut page = Page::new("<p id=a>");
    let (a, document) = (page.id("a"), page.document);
    page.tree.set_focused_element(document, Some(a));
    page.tree.set_element_state(a, ElementState::Modal, true);
    page.tree.remove(a).unwrap();
    page.tree.free_subtree(a).unwrap();
    let body = page.body();
    let again = page.element("p");
    assert_eq!(again, a, "the slot is used again");
    page.tree.append(again, body).unwrap();
    assert!(!page.tree.has_element_state(again, ElementState::Modal));
    assert_eq!(page.tree.focused_element(document), None);
}

#[test]
fn dialogs_media_and_links_are_told_apart() {
    let mut page = Page::new(
        "<dialog id=d open></dialog><details id=e open></details><p open id=p></p><video id=v muted></video>\
         <audio id=u></audio><a id=l href=x></a><a id=m></a><svg><a id=s href=x></a></svg><link id=k href=x>",
    );
    check(&page, ":open", "d e");
    check(&page, ":modal, :popover-open", "");
    check(&page, ":muted", "v");
    check(&page, ":paused", "v u");
    check(
        &page,
        ":playing, :hover, :active, :visited, :autofill, :fullscreen",
        "",
    );
    check(&page, ":any-link", "l s");
    check(&page, ":link", "l s");
    let (d, v, u) = (page.id("d"), page.id("v"), page.id("u"));
    page.tree.set_element_state(d, ElementState::Modal, true);
    page.tree.set_element_state(v, ElementState::Unmuted, true);
    page.tree.set_element_state(u, ElementState::Muted, true);
    check(&page, ":modal", "d");
    check(&page, ":muted", "u");
    page.tree.set_element_state(d, ElementState::Modal, false);
    check(&page, ":modal", "");
}

#[test]
fn direction_comes_from_attributes_text_and_values() {
    let page = Page::new(
        "<p id=a dir=rtl><b id=b></b><bdi id=c>abc</bdi><i id=d dir=bad></i></p>\
         <p id=e dir=auto>123 <script>abc</script><b dir=ltr>abc</b>אבג abc</p>\
         <input id=f dir=auto value=אב><input id=g type=tel><textarea id=h dir=auto></textarea>\
         <bdi id=i>\u{200F}</bdi><p id=j dir=auto>!?</p><div dir=rtl id=k><input type=tel id=l></div>",
    );
    check(&page, "[id]:dir(rtl)", "a b d e f i k");
    check(&page, "[id]:dir(ltr)", "c g h j l");
    check(&page, ":dir(other)", "");
}

#[test]
fn language_comes_from_attributes_then_from_the_head() {
    let page = Page::new(
        "<head><meta http-equiv=Content-Language content='de, fr'>\
         <meta http-equiv=content-language content=' en-GB x'><body id=a><p id=b lang=fr><b id=c lang=''></b>",
    );
    check(&page, "[id]:lang(en)", "a");
    check(&page, "[id]:lang(fr, 'EN')", "a b");
    check(&page, "[id]:lang('*-gb')", "a");
    check(&page, "[id]:lang('')", "c");
}

#[test]
fn targets_are_found_and_what_holds_them() {
    let mut page = Page::new("<div id=a><p id='x y'>1</p></div>");
    check(&page, ":target, :target-within", "");
    let document = page.document;
    page.tree.set_url(document, "https://a.test/#x%20y");
    check(&page, ":target", "x y");
    check(&page, "div:target-within", "a");
}

#[test]
fn what_browsers_take_is_taken_and_the_rest_is_a_syntax_error() {
    let page = Page::new("<p id=a>");
    for selector in [
        "::before",
        ":before",
        "p::first-line",
        "::-webkit-anything",
        "::part(x)",
        "::slotted(p)",
        "::highlight(x)",
        "::view-transition-group(*)",
        ":host",
        ":host(p)",
        ":host-context(p.x)",
        ":state(x)",
        "::before:hover",
        ":is()",
        ":where(::before, :nope)",
    ] {
        check(&page, selector, "");
    }
    // A forgiving list drops what it does not know; a plain one fails.
    check(&page, "p:is(:nope, #a, !)", "a");
    check(&page, "p:not(:is(:nope))", "a");
    for selector in [
        ":nope",
        "::nope",
        ":nope(1)",
        "p:not(:nope)",
        "p:not()",
        ":has(:nope)",
        ":has(:has(p))",
        ":has()",
        ":host-context(a b)",
        ":host-context(a, b)",
        ":state()",
        "::highlight()",
        "x|p",
        "p >",
        "> p",
        "p,,p",
        ":nth-child(n of :nope)",
        "[a=b x]",
        "p::before p",
    ] {
        assert!(
            matches!(
                page.tree.query_selector(page.document, selector),
                Err(DomError::Syntax(_))
            ),
            "{selector}"
        );
    }
}

#[test]
fn attribute_values_ignore_case_where_html_says_so() {
    let mut page = Page::new("<p id=a type=TEXT lang=EN data-x=Y></p><svg id=b type=TEXT></svg>");
    check(&page, "[type=text]", "a");
    check(&page, "[type=text s]", "");
    check(&page, "[type=TEXT s]", "a b");
    check(&page, "[data-x=y]", "");
    check(&page, "[data-x=y i]", "a");
    check(&page, "[data-x='Y' S]", "a");
    check(&page, "[DATA-X]", "a");
    check(&page, "*|*[|type]", "a b");
    let b = page.id("b");
    page.tree.set_attribute(b, "viewBox", "1").unwrap();
    check(&page, "[viewBox]", "b");
    check(&page, "[viewbox]", "");
}
