//! Declarations of style attributes.

use readystate_dom::css::{DeclarationBlock, Supported, supported, supported_names};

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(
        DeclarationBlock::parse(text).to_string(),
        expected,
        "{text}"
    );
}

#[test]
fn what_is_no_declaration_is_left_out() {
    check("color: RED; colour: red; color: nope", "color: red;");
    check(
        "foo; color: red; { x: y } ; top: 1px",
        "color: red; top: 1px;",
    );
    check("width: -1px; width: 3; height: 1qq", "");
    check("/* a */ width /* b */ : 5PX /* c */;;", "width: 5px;");
    check(
        "content: \"a;b\"; color: green",
        "content: \"a;b\"; color: green;",
    );
    check(
        "transform: rotate( 30DEG )  scale(2)",
        "transform: rotate(30deg) scale(2);",
    );
}

#[test]
fn colors_lengths_and_numbers_have_one_spelling() {
    check("color: #F00", "color: rgb(255, 0, 0);");
    check("color: rgb(1 2 3 / 50%)", "color: rgba(1, 2, 3, 0.5);");
    check("color: hsl(120, 100%, 50%)", "color: rgb(0, 255, 0);");
    check("margin-top: 0", "margin-top: 0px;");
    check("opacity: 50%", "opacity: 0.5;");
    check("width: calc( 100%  - 2px )", "width: calc(100% - 2px);");
}

#[test]
fn shorthands_are_expanded_and_put_together_again() {
    let block = DeclarationBlock::parse("margin: 1px 2px 3px");
    assert_eq!(block.value("margin-left"), "2px");
    assert_eq!(block.declarations().len(), 4);
    check("margin: 1px; margin-top: 2px", "margin: 2px 1px 1px;");
    check("border: red solid 1px", "border: 1px solid red;");
    check(
        "border-width: 1px; border-style: solid; border-color: blue",
        "border: 1px solid blue;",
    );
    check("flex: 1", "flex: 1 1 0%;");
    check(
        "background: url(x.png) no-repeat",
        "background: url(\"x.png\") no-repeat;",
    );
    check(
        "font: bold 12px/1.5 Arial, serif",
        "font: bold 12px / 1.5 Arial, serif;",
    );
    check("list-style: none", "list-style: none;");
    check("margin: inherit", "margin: inherit;");
    assert_eq!(
        DeclarationBlock::parse("margin-top: 1px").value("margin"),
        ""
    );
}

#[test]
fn an_important_declaration_stays_before_one_that_is_not() {
    check(
        "color: red !important; color: blue",
        "color: red !important;",
    );
    check(
        "color: red; color: blue ! important",
        "color: blue !important;",
    );
    check(
        "margin: 1px; margin-left: 2px !important",
        "margin-top: 1px; margin-right: 1px; margin-bottom: 1px; margin-left: 2px !important;",
    );
}

#[test]
fn a_value_is_set_in_its_place_and_an_invalid_one_is_not() {
    let mut block = DeclarationBlock::parse("color: red; top: 1px");
    assert!(block.set("color", "blue", true));
    assert!(!block.set("color", "blue", true));
    assert!(!block.set("color", "green; left: 0", false));
    assert!(!block.set("color", "green !important", false));
    assert!(!block.set("no-such", "1", false));
    assert_eq!(block.to_string(), "color: blue !important; top: 1px;");
    assert!(block.is_important("COLOR"));
    assert!(block.set("top", "", false));
    assert!(block.remove("color"));
    assert_eq!(block, DeclarationBlock::default());
}

#[test]
fn variables_keep_a_value_as_it_is() {
    let mut block = DeclarationBlock::parse("--X: {a: b}; margin: var(--m)");
    assert_eq!(block.to_string(), "--X: {a: b}; margin: var(--m);");
    assert_eq!(block.value("margin-top"), "");
    assert!(block.set("margin", "1px", false));
    assert_eq!(block.to_string(), "--X: {a: b}; margin: 1px;");
}

#[test]
fn every_name_that_is_listed_is_supported() {
    for name in supported_names() {
        assert_eq!(supported(name), Supported::Yes, "{name}");
    }
    assert_eq!(supported("nope"), Supported::No);
    assert_eq!(supported("--"), Supported::No);
}
