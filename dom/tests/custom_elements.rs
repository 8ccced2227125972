//! Custom elements as data: definitions, states, reactions, the parser's pauses.

use readystate_dom::custom_elements::{
    CallbackSet, CustomElementState, Definition, DefinitionId, Reaction,
    is_valid_custom_element_name,
};
use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step};
use readystate_dom::parsing::html_fragment::parse_fragment;
use readystate_dom::serializing::html::outer_html;
use readystate_dom::{DocumentInit, DomError, LocalName, NodeId, Tree};

const ALL: CallbackSet = CallbackSet::from_bits(u16::MAX);

fn define(tree: &mut Tree, document: NodeId, name: &str, local_name: &str) -> DefinitionId {
    tree.set_custom_element_registry(document, 1);
    let definition = Definition {
        name: LocalName::from(name),
        local_name: LocalName::from(local_name),
        observed_attributes: ["x"].map(LocalName::from).into(),
        callbacks: ALL,
        form_associated: false,
        disable_shadow: false,
    };
    let id = tree.define_custom_element(1, definition);
    tree.upgrade_candidates(document, id);
    id
}

/// A tree with a document whose body is empty.
fn page() -> Result<(Tree, NodeId, NodeId), DomError> {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("about:blank"))?;
    readystate_dom::parsing::html::parse_document(&mut tree, document, "<body>");
    let body = tree.body(document).ok_or(DomError::NotFound("no body"))?;
    Ok((tree, document, body))
}

fn reactions(tree: &mut Tree) -> Vec<(NodeId, Reaction)> {
    tree.take_custom_element_reactions()
        .into_iter()
        .map(|reaction| (reaction.element, reaction.reaction))
        .collect()
}

#[test]
fn names_need_a_hyphen_and_a_lower_case_start() {
    for name in ["a-", "a-b", "a-.-_", "math-\u{3b1}", "a-\u{d7}"] {
        assert!(is_valid_custom_element_name(name), "{name}");
    }
    for name in [
        "",
        "a",
        "-a",
        "A-b",
        "a-B",
        "1-a",
        "font-face",
        "annotation-xml",
        "a- b",
        "a-/",
    ] {
        assert!(!is_valid_custom_element_name(name), "{name}");
    }
}

#[test]
fn a_definition_enqueues_upgrades_in_tree_order() -> Result<(), DomError> {
    let (mut tree, document, body) = page()?;
    tree.set_inner_html(
        body,
        "<a-a id=1><b></b></a-a><p is=a-a></p><a-a id=2></a-a>",
    )?;
    assert!(!tree.has_custom_element_reactions());
    let definition = define(&mut tree, document, "a-a", "a-a");
    let elements: Vec<_> = reactions(&mut tree);
    let ids: Vec<_> = elements
        .iter()
        .map(|(element, _)| tree.attribute(*element, "id").unwrap_or("none"))
        .collect();
    assert_eq!(ids, ["1", "2"]);
    assert!(
        elements
            .iter()
            .all(|(_, reaction)| *reaction == Reaction::Upgrade(definition))
    );
    Ok(())
}

#[test]
fn custom_elements_record_what_happens_to_them_and_others_do_not() -> Result<(), DomError> {
    let (mut tree, document, body) = page()?;
    let definition = define(&mut tree, document, "a-a", "a-a");
    let plain = tree.create_html_element(document, "div")?;
    let custom = tree.create_custom_element(document, definition)?;
    tree.append(plain, body)?;
    tree.set_attribute(plain, "x", "1")?;
    assert!(!tree.has_custom_element_reactions());

    tree.set_attribute(custom, "y", "1")?;
    tree.set_attribute(custom, "x", "1")?;
    tree.set_attribute(custom, "x", "1")?;
    tree.append(custom, plain)?;
    tree.move_before(custom, body, None)?;
    tree.remove(custom)?;
    let changed = |old: Option<&str>| Reaction::AttributeChanged {
        local_name: LocalName::from("x"),
        namespace: readystate_dom::ns!(),
        old_value: old.map(Into::into),
        new_value: Some("1".into()),
    };
    let other = tree.create_document(DocumentInit::html("about:blank"))?;
    tree.adopt(custom, other)?;
    let expected = [
        changed(None),
        changed(Some("1")),
        Reaction::Connected,
        Reaction::ConnectedMove,
        Reaction::Disconnected,
        Reaction::Adopted {
            from: document,
            to: other,
        },
    ];
    let taken = reactions(&mut tree);
    assert!(taken.iter().all(|(element, _)| *element == custom));
    let taken: Vec<_> = taken.into_iter().map(|(_, reaction)| reaction).collect();
    assert_eq!(taken, expected);
    Ok(())
}

#[test]
fn reactions_of_freed_elements_are_left_out() -> Result<(), DomError> {
    let (mut tree, document, _) = page()?;
    define(&mut tree, document, "a-a", "a-a");
    let element = tree.create_html_element(document, "a-a")?;
    tree.upgrade_subtree(element);
    assert!(tree.has_custom_element_reactions());
    tree.free_subtree(element)?;
    let again = tree.create_html_element(document, "a-a")?;
    assert_eq!(
        tree.custom_element_state(again),
        CustomElementState::Undefined
    );
    assert!(reactions(&mut tree).is_empty());
    Ok(())
}

#[test]
fn copies_keep_the_is_value_and_are_upgraded() -> Result<(), DomError> {
    let (mut tree, document, _) = page()?;
    let source = tree.create_html_element(document, "p")?;
    tree.set_is_value(source, LocalName::from("p-p"));
    assert!(!tree.is_defined_element(source));
    let definition = define(&mut tree, document, "p-p", "p");
    assert!(reactions(&mut tree).is_empty());
    let copy = tree.clone_node(source, CloneDepth::Node)?;
    assert_eq!(
        reactions(&mut tree),
        [(copy, Reaction::Upgrade(definition))]
    );
    assert_eq!(outer_html(&tree, copy), "<p is=\"p-p\"></p>");
    // Another document has another registry, or none.
    let other = tree.create_document(DocumentInit::html("about:blank"))?;
    tree.clone_node_into(source, other, CloneDepth::Node)?;
    assert!(reactions(&mut tree).is_empty());
    Ok(())
}

#[test]
fn fragments_are_upgraded_but_not_inside_templates() -> Result<(), DomError> {
    let (mut tree, document, body) = page()?;
    define(&mut tree, document, "a-a", "a-a");
    let fragment = parse_fragment(
        &mut tree,
        body,
        "<a-a></a-a><template><a-a></a-a></template>",
    )?;
    let upgraded = reactions(&mut tree);
    assert_eq!(upgraded.len(), 1);
    assert_eq!(tree.parent(upgraded[0].0), Some(fragment));
    Ok(())
}

#[test]
fn the_parser_stops_to_have_an_element_constructed_and_to_tell_of_it() -> Result<(), DomError> {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("about:blank"))?;
    let definition = define(&mut tree, document, "a-a", "a-a");
    let options = HtmlParserOptions {
        scripting: true,
        ..HtmlParserOptions::default()
    };
    let mut parser = HtmlParser::new(&mut tree, document, options);
    let step = parser.feed(
        &mut tree,
        "<body><template><a-a></a-a></template><p><a-a x=1>text</a-a>",
    );
    assert_eq!(step, Step::CustomElements);
    let wanted = tree
        .take_element_construction()
        .ok_or(DomError::NotFound("nothing"))?;
    assert_eq!((wanted.document, wanted.definition), (document, definition));
    let element = tree.create_custom_element(document, definition)?;
    tree.set_constructed_element(element);
    // It hears of its attributes before it is anywhere.
    let taken = reactions(&mut tree);
    assert_eq!(taken.len(), 1);
    assert!(matches!(taken[0].1, Reaction::AttributeChanged { .. }));
    // More input is only kept meanwhile.
    assert_eq!(parser.feed(&mut tree, "<i>"), Step::NeedsInput);
    assert_eq!(tree.parent(element), None);

    assert_eq!(parser.resume(&mut tree), Step::CustomElements);
    assert!(tree.take_element_construction().is_none());
    assert_eq!(reactions(&mut tree), [(element, Reaction::Connected)]);
    assert!(!tree.has_child_nodes(element));

    assert_eq!(parser.resume(&mut tree), Step::NeedsInput);
    assert_eq!(parser.end(&mut tree), Step::Done);
    assert_eq!(outer_html(&tree, element), "<a-a x=\"1\">text</a-a>");
    Ok(())
}

#[test]
fn a_parser_that_is_given_nothing_makes_the_element_itself() -> Result<(), DomError> {
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("about:blank"))?;
    let definition = define(&mut tree, document, "a-a", "a-a");
    let options = HtmlParserOptions {
        scripting: true,
        ..HtmlParserOptions::default()
    };
    let mut parser = HtmlParser::new(&mut tree, document, options);
    assert_eq!(parser.feed(&mut tree, "<body><a-a>"), Step::CustomElements);
    assert_eq!(parser.resume(&mut tree), Step::CustomElements);
    let taken = reactions(&mut tree);
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].1, Reaction::Upgrade(definition));
    assert_eq!(
        tree.custom_element_state(taken[0].0),
        CustomElementState::Undefined
    );
    assert_eq!(parser.resume(&mut tree), Step::NeedsInput);
    assert_eq!(parser.end(&mut tree), Step::Done);
    Ok(())
}

#[test]
fn form_associated_elements_hear_of_forms_and_fieldsets() -> Result<(), DomError> {
    let (mut tree, document, body) = page()?;
    tree.set_custom_element_registry(document, 1);
    let definition = tree.define_custom_element(
        1,
        Definition {
            name: LocalName::from("c-c"),
            local_name: LocalName::from("c-c"),
            observed_attributes: std::collections::HashSet::default(),
            callbacks: CallbackSet::from_bits(0b110_0000),
            form_associated: true,
            disable_shadow: false,
        },
    );
    tree.set_inner_html(body, "<form><fieldset></fieldset></form>")?;
    let form = tree.first_child(body).ok_or(DomError::NotFound("form"))?;
    let fieldset = tree
        .first_child(form)
        .ok_or(DomError::NotFound("fieldset"))?;
    let control = tree.create_custom_element(document, definition)?;
    let step = |tree: &mut Tree| {
        tree.update_form_associated_elements();
        reactions(tree)
            .into_iter()
            .map(|(_, reaction)| reaction)
            .collect::<Vec<_>>()
    };
    assert!(step(&mut tree).is_empty());
    tree.append(control, fieldset)?;
    assert_eq!(step(&mut tree), [Reaction::FormAssociated(Some(form))]);
    assert_eq!(tree.form_controls(form), [fieldset, control]);
    tree.set_attribute(fieldset, "disabled", "")?;
    assert_eq!(step(&mut tree), [Reaction::FormDisabled(true)]);
    tree.remove(control)?;
    assert_eq!(
        step(&mut tree),
        [
            Reaction::FormAssociated(None),
            Reaction::FormDisabled(false)
        ]
    );
    Ok(())
}
