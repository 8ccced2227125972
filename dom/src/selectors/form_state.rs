//! The states of form controls that pseudo-classes ask for.
//!
//! FIXME: checkedness, selectedness and values that script or a user has changed are not in the tree; the content
//! attributes stand for them.
//!
//! Standard: <https://html.spec.whatwg.org/#pseudo-classes>, text of November 2026.

use html5ever::{LocalName, local_name, ns};

use crate::arena::{NodeId, Tree};

fn html_name(tree: &Tree, id: NodeId) -> Option<&LocalName> {
    (*tree.namespace(id) == ns!(html)).then(|| tree.local_name(id))
}

fn has(tree: &Tree, id: NodeId, attribute: &LocalName) -> bool {
    tree.attribute_atom(id, attribute).is_some()
}

/// Whether the element is an `input` of one of `types`, which are in lower case; `text` stands for unknown types.
fn is_input(tree: &Tree, id: NodeId, types: &[&str]) -> bool {
    if !tree.is_html_element_named(id, &local_name!("input")) {
        return false;
    }
    let own = tree
        .attribute_atom(id, &local_name!("type"))
        .unwrap_or_default();
    let known = KNOWN_TYPES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(own))
        .map_or("text", |known| known);
    types.contains(&known)
}

const KNOWN_TYPES: [&str; 21] = [
    "hidden",
    "search",
    "tel",
    "url",
    "email",
    "password",
    "date",
    "month",
    "week",
    "time",
    "datetime-local",
    "number",
    "range",
    "color",
    "checkbox",
    "radio",
    "file",
    "submit",
    "image",
    "reset",
    "button",
];

const TEXT_TYPES: [&str; 7] = [
    "text", "search", "tel", "url", "email", "password", "number",
];

/// Standard: <https://html.spec.whatwg.org/#selector-checked>
pub(super) fn is_checked(tree: &Tree, id: NodeId) -> bool {
    (is_input(tree, id, &["checkbox", "radio"]) && has(tree, id, &local_name!("checked")))
        || (tree.is_html_element_named(id, &local_name!("option"))
            && has(tree, id, &local_name!("selected")))
}

/// Whether the element is of a kind that can be disabled.
pub(super) fn is_disableable(tree: &Tree, id: NodeId) -> bool {
    html_name(tree, id).is_some_and(|name| {
        matches!(
            *name,
            local_name!("button")
                | local_name!("input")
                | local_name!("select")
                | local_name!("textarea")
                | local_name!("optgroup")
                | local_name!("option")
                | local_name!("fieldset")
        )
    })
}

/// Standard: <https://html.spec.whatwg.org/#concept-element-disabled>
pub(super) fn is_disabled(tree: &Tree, id: NodeId) -> bool {
    if !is_disableable(tree, id) {
        return false;
    }
    if has(tree, id, &local_name!("disabled")) {
        return true;
    }
    match *tree.local_name(id) {
        local_name!("optgroup") => false,
        // An option follows its group.
        local_name!("option") => tree.parent(id).is_some_and(|parent| {
            tree.is_html_element_named(parent, &local_name!("optgroup"))
                && has(tree, parent, &local_name!("disabled"))
        }),
        // Anything else, fieldsets too, follows the fieldsets around it, but for what is in their first legend.
        _ => is_in_disabled_fieldset(tree, id),
    }
}

fn is_in_disabled_fieldset(tree: &Tree, id: NodeId) -> bool {
    let mut below = id;
    for ancestor in tree.ancestors(id) {
        if tree.is_html_element_named(ancestor, &local_name!("fieldset"))
            && has(tree, ancestor, &local_name!("disabled"))
        {
            let first_legend = tree
                .children(ancestor)
                .find(|&child| tree.is_html_element_named(child, &local_name!("legend")));
            if first_legend != Some(below) {
                return true;
            }
        }
        below = ancestor;
    }
    false
}

/// Whether the element is required; `None` if it cannot be.
///
/// Standard: <https://html.spec.whatwg.org/#selector-required>
pub(super) fn is_required(tree: &Tree, id: NodeId) -> Option<bool> {
    match *html_name(tree, id)? {
        local_name!("select") | local_name!("textarea") => {
            Some(has(tree, id, &local_name!("required")))
        }
        local_name!("input") => {
            // For these the attribute does not apply.
            let cannot = [
                "hidden", "range", "color", "submit", "image", "reset", "button",
            ];
            Some(has(tree, id, &local_name!("required")) && !is_input(tree, id, &cannot))
        }
        _ => None,
    }
}

/// Standard: <https://html.spec.whatwg.org/#selector-read-write>
pub(super) fn is_read_write(tree: &Tree, id: NodeId) -> bool {
    let mutable = || !has(tree, id, &local_name!("readonly")) && !is_disabled(tree, id);
    match html_name(tree, id) {
        Some(&local_name!("textarea")) => mutable(),
        Some(&local_name!("input")) => {
            let dates = ["date", "month", "week", "time", "datetime-local"];
            (is_input(tree, id, &TEXT_TYPES) || is_input(tree, id, &dates)) && mutable()
        }
        _ => is_editable(tree, id),
    }
}

/// Standard: <https://html.spec.whatwg.org/#editing-host>
fn is_editable(tree: &Tree, id: NodeId) -> bool {
    for element in tree.inclusive_ancestors(id) {
        if html_name(tree, element).is_none() {
            continue;
        }
        if let Some(value) = tree.attribute_atom(element, &LocalName::from("contenteditable")) {
            if value.eq_ignore_ascii_case("false") {
                return false;
            }
            if value.is_empty()
                || value.eq_ignore_ascii_case("true")
                || value.eq_ignore_ascii_case("plaintext-only")
            {
                return true;
            }
        }
    }
    false
}

/// Standard: <https://html.spec.whatwg.org/#selector-default>
pub(super) fn is_default(tree: &Tree, id: NodeId) -> bool {
    if is_checked(tree, id) {
        return true;
    }
    // The first submit button of its form.
    is_submit_button(tree, id)
        && form_of(tree, id).is_some_and(|form| {
            tree.descendants(form)
                .find(|&node| is_submit_button(tree, node) && form_of(tree, node) == Some(form))
                == Some(id)
        })
}

fn is_submit_button(tree: &Tree, id: NodeId) -> bool {
    is_input(tree, id, &["submit", "image"])
        || (tree.is_html_element_named(id, &local_name!("button"))
            && tree
                .attribute_atom(id, &local_name!("type"))
                .is_none_or(|own| {
                    !own.eq_ignore_ascii_case("reset") && !own.eq_ignore_ascii_case("button")
                }))
}

fn form_of(tree: &Tree, id: NodeId) -> Option<NodeId> {
    tree.ancestors(id)
        .find(|&ancestor| tree.is_html_element_named(ancestor, &local_name!("form")))
}

/// Standard: <https://html.spec.whatwg.org/#selector-indeterminate>
pub(super) fn is_indeterminate(tree: &Tree, id: NodeId) -> bool {
    if tree.is_html_element_named(id, &local_name!("progress")) {
        return !has(tree, id, &local_name!("value"));
    }
    if !is_input(tree, id, &["radio"]) {
        return false;
    }
    // A radio button whose group has none checked.
    let Some(name) = tree
        .attribute_atom(id, &local_name!("name"))
        .filter(|name| !name.is_empty())
    else {
        return !is_checked(tree, id);
    };
    let form = form_of(tree, id);
    let root = form.unwrap_or_else(|| tree.root(id));
    !tree.inclusive_descendants(root).any(|node| {
        is_input(tree, node, &["radio"])
            && tree.attribute_atom(node, &local_name!("name")) == Some(name)
            && is_checked(tree, node)
            && form_of(tree, node) == form
    })
}

/// Standard: <https://html.spec.whatwg.org/#selector-placeholder-shown>
pub(super) fn is_placeholder_shown(tree: &Tree, id: NodeId) -> bool {
    if !has(tree, id, &local_name!("placeholder")) {
        return false;
    }
    if tree.is_html_element_named(id, &local_name!("textarea")) {
        return tree.text_content(id).is_none_or(|text| text.is_empty());
    }
    is_input(tree, id, &TEXT_TYPES)
        && tree
            .attribute_atom(id, &local_name!("value"))
            .unwrap_or_default()
            .is_empty()
}
