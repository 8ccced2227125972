//! Style sheets, their rules, and computed values.

use readystate_dom::css::{Media, supports, supports_declaration};
use readystate_dom::parsing::html;
use readystate_dom::{DocumentInit, NodeId, Tree};

const MEDIA: Media = Media {
    width: 800,
    height: 600,
};

fn page(markup: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("https://a.test/#there"))
        .unwrap();
    let options = html::HtmlParserOptions {
        declarative_shadow_roots: html::DeclarativeShadowRoots::Attach,
        ..html::HtmlParserOptions::default()
    };
    let mut parser = html::HtmlParser::new(&mut tree, document, options);
    parser.feed(&mut tree, &format!("<!DOCTYPE html>{markup}"));
    parser.end(&mut tree);
    (tree, document)
}

#[track_caller]
fn rules(text: &str, expected: &[&str]) {
    let (mut tree, document) = page(&format!("<style>{text}</style>"));
    let element = tree.query_selector(document, "style").unwrap().unwrap();
    let sheet = tree.style_sheet_of(element).unwrap();
    let ids = tree.css_rules(sheet).to_vec();
    let texts: Vec<String> = ids.into_iter().map(|id| tree.css_rule_text(id)).collect();
    assert_eq!(texts, expected, "{text}");
}

#[test]
fn rules_are_serialized_and_invalid_ones_left_out() {
    rules(
        "a>B{COLOR:#f00} a >{} x|y{} /* c */ p:hover{} $ { } i { color: red",
        &[
            "a > B { color: rgb(255, 0, 0); }",
            "p:hover { }",
            "i { color: red; }",
        ],
    );
    rules(
        "@media (min-width:1px){a{top:0}b >{}} @supports (color:red){} @nonsense {} @font-face{font-family:x;src:url('a')}",
        &[
            "@media (min-width: 1px) {\n  a { top: 0px; }\n}",
            "@supports (color:red) {\n}",
            "@font-face { font-family: x; src: url(\"a\"); }",
        ],
    );
    rules(
        "@import 'a.css' screen; @namespace s url(u); s|a {} @import 'late.css'; @namespace t 'v';",
        &[
            "@import url(\"a.css\") screen;",
            "@namespace s url(\"u\");",
            "s|a { }",
        ],
    );
    rules(
        "@keyframes k{from,50%{top:0}to{top:1px}101%{}}",
        &["@keyframes k { \n0%, 50% { top: 0px; }\n100% { top: 1px; }\n}"],
    );
    rules(
        "a { color: red; b:hover { top: 0 } & > i { top: 1px } left: 0 }",
        &["a {\n  color: red;\n  & b:hover { top: 0px; }\n  & > i { top: 1px; }\n  left: 0px;\n}"],
    );
}

#[test]
fn a_sheet_is_made_anew_when_its_text_is_another_and_only_then() {
    let (mut tree, document) = page("<style>a{}</style><p>");
    let style = tree.query_selector(document, "style").unwrap().unwrap();
    let first = tree.style_sheet_of(style).unwrap();
    tree.insert_css_rule(first, "b{}", 1).unwrap();
    let paragraph = tree.query_selector(document, "p").unwrap().unwrap();
    tree.set_attribute(paragraph, "class", "x").unwrap();
    assert_eq!(tree.style_sheet_of(style), Some(first));
    assert_eq!(tree.css_rules(first).len(), 2);
    tree.set_text_content(style, "i{}").unwrap();
    let second = tree.style_sheet_of(style).unwrap();
    assert_ne!(first, second);
    assert!(tree.css_rules(first).is_empty(), "no object of it was made");
    tree.remove(style).unwrap();
    assert_eq!(tree.style_sheet_of(style), None);
}

#[track_caller]
fn check(markup: &str, selector: &str, property: &str, expected: &str) {
    let (mut tree, document) = page(markup);
    let element = tree.query_selector(document, selector).unwrap().unwrap();
    let value = tree.computed_value(element, "", property, MEDIA);
    assert_eq!(value, expected, "{property} of {selector} in {markup}");
}

#[test]
fn the_cascade_goes_by_importance_layer_specificity_and_order() {
    check(
        "<style>p{color:red} .a{color:blue} p{color:green}</style><p class=a>",
        "p",
        "color",
        "rgb(0, 0, 255)",
    );
    check(
        "<style>p{color:red!important} #a{color:blue}</style><p id=a style='color:lime'>",
        "p",
        "color",
        "rgb(255, 0, 0)",
    );
    check(
        "<style>p{color:red}</style><p style='color:lime'>",
        "p",
        "color",
        "rgb(0, 255, 0)",
    );
    check(
        "<style>@layer a,b; @layer b{p{color:red}} @layer a{#i{color:blue}}</style><p id=i>",
        "p",
        "color",
        "rgb(255, 0, 0)",
    );
    check(
        "<style>p{color:red} @layer a{#i{color:blue}}</style><p id=i>",
        "p",
        "color",
        "rgb(255, 0, 0)",
    );
    check(
        "<style>@layer a{p{color:blue!important}} p{color:red!important}</style><p>",
        "p",
        "color",
        "rgb(0, 0, 255)",
    );
    check(
        "<style media=print>p{color:red}</style><style>@media (width < 900px){p{top:1px}} @media print{p{top:2px}}</style><p>",
        "p",
        "top",
        "1px",
    );
    check(
        "<style>@supports (no-such:1){p{top:1px}} @supports not (no-such:1){p{top:2px}}</style><p>",
        "p",
        "top",
        "2px",
    );
    check(
        "<style>div{ & p { top: 3px } .x & { left: 1px } }</style><div><p>",
        "p",
        "top",
        "3px",
    );
    check(
        "<style>*{all:unset} p{display:flex}</style><p>",
        "p",
        "margin-top",
        "0px",
    );
}

#[test]
fn values_are_inherited_defaulted_and_computed() {
    check("<b>x</b>", "b", "font-weight", "700");
    check(
        "<style>div{font-size:20px} p{font-size:1.5em; margin-left:2em; width:50%; padding: 1rem}</style><div><p>",
        "p",
        "margin-left",
        "60px",
    );
    check(
        "<style>div{font-size:20px} p{width:50%}</style><div><p>",
        "p",
        "width",
        "50%",
    );
    check(
        "<style>p{padding:1rem 2px}</style><p>",
        "p",
        "padding",
        "16px 2px",
    );
    check(
        "<div style='color:red'><p><i>",
        "i",
        "color",
        "rgb(255, 0, 0)",
    );
    check(
        "<div style='top:1px'><p style='top:inherit'>",
        "p",
        "top",
        "1px",
    );
    check("<p style='display:initial'>", "p", "display", "inline");
    check("<p style='display:revert'>", "p", "display", "block");
    check("<p hidden>", "p", "display", "none");
    check("<span style='float:left'>", "span", "display", "block");
    check(
        "<p style='border-top-width:thick'>",
        "p",
        "border-top-width",
        "0px",
    );
    check(
        "<p style='border:thick solid'>",
        "p",
        "border-top-width",
        "5px",
    );
    check(
        "<p style='color:lime;border:1px solid'>",
        "p",
        "border-left-color",
        "rgb(0, 255, 0)",
    );
    check("<p style='width:10vw'>", "p", "width", "80px");
    check("<p>", "p", "no-such", "");
    check(
        "<style>:target{top:4px}</style><p id=there>",
        "p",
        "top",
        "4px",
    );
}

#[test]
fn variables_are_substituted() {
    check(
        "<div style='--a: 3px'><p style='margin: var(--a) var(--b, 4px)'>",
        "p",
        "margin",
        "3px 4px",
    );
    check(
        "<p style='--a: var(--b); --b: var(--a); top: var(--a, 1px)'>",
        "p",
        "top",
        "1px",
    );
    check("<p style='top: 5px; top: var(--none)'>", "p", "top", "auto");
    check("<div style='--x: a b'><p>", "p", "--x", "a b");
    // What doubles at each step stops at the limit.
    let mut bomb = String::from("--v0: ;");
    for step in 1..31 {
        bomb.push_str(&format!(
            "--v{step}: var(--v{0}, ) var(--v{0}, );",
            step - 1
        ));
    }
    check(
        &format!("<p style='{bomb} top: var(--v30, 1px)'>"),
        "p",
        "top",
        "auto",
    );
}

#[test]
fn shadow_trees_have_styles_of_their_own() {
    let markup = "<style>p{top:9px} div{left:1px}</style>\
        <div><template shadowrootmode=open><style>p{top:1px} :host{left:2px;right:3px} ::slotted(b){top:4px}</style>\
        <p></p><slot></slot></template><b></b></div>";
    check(markup, "div", "left", "1px");
    check(markup, "div", "right", "3px");
    check(markup, "b", "top", "4px");
    let (mut tree, document) = page(markup);
    let host = tree.query_selector(document, "div").unwrap().unwrap();
    let shadow = tree.shadow_root(host).unwrap();
    let paragraph = tree.query_selector(shadow, "p").unwrap().unwrap();
    assert_eq!(tree.computed_value(paragraph, "", "top", MEDIA), "1px");
}

#[test]
fn pseudo_elements_have_their_own_rules() {
    let (mut tree, document) =
        page("<style>p{color:red;top:1px} p::before{content:'x';left:2px}</style><p>");
    let paragraph = tree.query_selector(document, "p").unwrap().unwrap();
    let mut value = |pseudo: &str, name: &str| tree.computed_value(paragraph, pseudo, name, MEDIA);
    assert_eq!(value("::before", "content"), "\"x\"");
    assert_eq!(value(":before", "left"), "2px");
    assert_eq!(value("::before", "color"), "rgb(255, 0, 0)");
    assert_eq!(value("::before", "top"), "auto");
    assert_eq!(value("::after", "content"), "none");
    assert_eq!(value("", "left"), "auto");
    assert_eq!(value("::no-such", "left"), "");
}

#[test]
fn computed_values_follow_every_change() {
    let (mut tree, document) =
        page("<style>p{top:1px} p.a{top:2px} :checked+p{top:3px}</style><input type=checkbox><p>");
    let paragraph = tree.query_selector(document, "p").unwrap().unwrap();
    let input = tree.query_selector(document, "input").unwrap().unwrap();
    let style = tree.query_selector(document, "style").unwrap().unwrap();
    let top = |tree: &mut Tree| tree.computed_value(paragraph, "", "top", MEDIA);
    assert_eq!(top(&mut tree), "1px");
    tree.set_attribute(paragraph, "class", "a").unwrap();
    assert_eq!(top(&mut tree), "2px");
    tree.set_checked_input(input, true);
    tree.remove_attribute(paragraph, "class");
    assert_eq!(top(&mut tree), "3px");
    tree.set_checked_input(input, false);
    assert_eq!(top(&mut tree), "1px");
    let sheet = tree.style_sheet_of(style).unwrap();
    tree.insert_css_rule(sheet, "p{top:4px}", 3).unwrap();
    assert_eq!(top(&mut tree), "4px");
    tree.set_style_sheet_disabled(sheet, true);
    assert_eq!(top(&mut tree), "auto");
    tree.remove(paragraph).unwrap();
    assert_eq!(top(&mut tree), "");
}

#[test]
fn deep_and_hostile_style_sheets_come_to_an_end() {
    let deep = "@media all{".repeat(5_000);
    let (mut tree, document) = page(&format!("<style>{deep}</style>"));
    let style = tree.query_selector(document, "style").unwrap().unwrap();
    let sheet = tree.style_sheet_of(style).unwrap();
    assert_eq!(tree.css_rules(sheet).len(), 1);
}

#[test]
fn a_deep_tree_inherits_without_recursion() {
    let (mut tree, document) = page("<body style='color:lime;font-size:10px'>");
    let mut parent = tree.query_selector(document, "body").unwrap().unwrap();
    for _ in 0..20_000 {
        let child = tree
            .create_element(document, "i".into(), readystate_dom::ns!(html), None)
            .unwrap();
        tree.append(child, parent).unwrap();
        parent = child;
    }
    assert_eq!(
        tree.computed_value(parent, "", "color", MEDIA),
        "rgb(0, 255, 0)"
    );
    assert_eq!(tree.computed_value(parent, "", "width", MEDIA), "auto");
}

#[test]
fn what_declarations_and_selectors_are_kept_is_supported() {
    for condition in [
        "(display: grid)",
        "display: grid",
        "not (no-such: 1)",
        "(color: red) and (not (no-such: 1))",
        "selector(a:has(> b))",
    ] {
        assert!(supports(condition), "{condition}");
    }
    for condition in ["", "(no-such: 1)", "selector(:no-such)", "(color:)", "and"] {
        assert!(!supports(condition), "{condition}");
    }
    assert!(supports_declaration("COLOR", "red"));
    assert!(supports_declaration("--x", "anything at all"));
    for (property, value) in [
        ("no-such", "1"),
        ("color", ""),
        ("color", "red; top: 1px"),
        ("color", "red !important"),
        (" color", "red"),
    ] {
        assert!(
            !supports_declaration(property, value),
            "{property}: {value}"
        );
    }
}
