//! Effects for embedders.

use readystate_dom::{Effect, LocalName, ScriptFlags, ns};

use crate::page::Page;

#[test]
fn elements_of_interest_tell_when_they_come_change_and_go() {
    let mut page = Page::new("<div id=d></div>");
    let d = page.id("d");
    page.tree.take_effects();
    let script = page.element("script");
    let div = page.element("div");
    page.tree.append(script, div).unwrap();
    assert!(
        !page.tree.has_effects(),
        "nothing happens in a detached tree"
    );
    page.tree.set_attribute(script, "src", "a.js").unwrap();
    page.tree.append(div, d).unwrap();
    page.tree.set_text_content(script, "x").unwrap();
    page.tree.remove(div).unwrap();
    let effects = page.tree.take_effects();
    assert_eq!(
        effects,
        [
            Effect::AttributeChanged {
                element: script,
                local_name: LocalName::from("src"),
                namespace: ns!(),
                old_value: None,
            },
            Effect::Connected(script),
            Effect::ChildrenChanged(script),
            Effect::Disconnected(script),
        ]
    );
    assert!(!page.tree.has_effects());
    page.tree.set_attribute(d, "class", "x").unwrap();
    assert!(!page.tree.has_effects(), "a div is of no interest");
}

#[test]
fn the_scripts_of_a_fragment_tell_in_tree_order() {
    let mut page = Page::new("");
    let (body, document) = (page.body(), page.document);
    let fragment = page.tree.create_document_fragment(document).unwrap();
    let (one, two) = (page.element("script"), page.element("script"));
    page.tree.append(one, fragment).unwrap();
    page.tree.append(two, fragment).unwrap();
    page.tree.take_effects();
    page.tree.append(fragment, body).unwrap();
    let connected: Vec<_> = page
        .tree
        .take_effects()
        .into_iter()
        .filter(|effect| matches!(effect, Effect::Connected(_)))
        .map(|effect| effect.element())
        .collect();
    assert_eq!(connected, [one, two]);
}

#[test]
fn scripts_made_by_script_are_async_until_told_otherwise() {
    let mut page = Page::new("<script id=s></script>");
    let document = page.document;
    // The second one's name is remembered.
    for name in ["script", "script", "SCRIPT"] {
        let script = page.tree.create_html_element(document, name).unwrap();
        assert!(page.tree.script_flags(script).force_async);
    }
    let script = page.element("script");
    page.tree.set_attribute(script, "async", "").unwrap();
    assert!(!page.tree.script_flags(script).force_async);
    let parsed = page.id("s");
    assert_eq!(
        page.tree.script_flags(parsed),
        ScriptFlags {
            already_started: false,
            parser_inserted: true,
            force_async: false,
        }
    );
    let body = page.body();
    page.tree
        .set_inner_html(body, "<script id=t>1</script>")
        .unwrap();
    assert!(
        page.tree.script_flags(page.id("t")).already_started,
        "innerHTML runs nothing"
    );
}

#[test]
fn the_effects_of_freed_elements_are_left_out() {
    let mut page = Page::new("<img id=i>");
    let i = page.id("i");
    page.tree.take_effects();
    page.tree.remove(i).unwrap();
    page.tree.free_subtree(i).unwrap();
    let other = page.element("i");
    assert_eq!(other, i, "the slot is used again");
    assert!(page.tree.take_effects().is_empty());
}
