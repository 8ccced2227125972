//! The states of form controls that pseudo-classes ask for.
//!
//! What is in no attribute is in the table of `crate::controls`.
//!
//! Standard: <https://html.spec.whatwg.org/#pseudo-classes>, text of November 2026.

use html5ever::{LocalName, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::controls::input_type::InputType;
use crate::controls::validity::Flaws;

fn html_name(tree: &Tree, id: NodeId) -> Option<&LocalName> {
    (*tree.namespace(id) == ns!(html)).then(|| tree.local_name(id))
}

fn has(tree: &Tree, id: NodeId, attribute: &LocalName) -> bool {
    tree.attribute_atom(id, attribute).is_some()
}

/// Standard: <https://html.spec.whatwg.org/#selector-checked>
pub(super) fn is_checked(tree: &Tree, id: NodeId) -> bool {
    match tree.input_type(id) {
        Some(InputType::Checkbox | InputType::Radio) => tree.is_checked_input(id),
        Some(_) => false,
        None => {
            tree.is_html_element_named(id, &local_name!("option")) && tree.is_selected_option(id)
        }
    }
}

/// Whether the element is of a kind that can be disabled.
pub(super) fn is_disableable(tree: &Tree, id: NodeId) -> bool {
    if tree.is_form_associated_custom_element(id) {
        return true;
    }
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
pub(crate) fn is_disabled(tree: &Tree, id: NodeId) -> bool {
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
            let applies = tree.input_type(id).is_some_and(InputType::can_be_required);
            Some(applies && has(tree, id, &local_name!("required")))
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
            tree.input_type(id).is_some_and(InputType::can_be_read_only) && mutable()
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
    match tree.input_type(id) {
        // What it is by its attribute.
        Some(InputType::Checkbox | InputType::Radio) => has(tree, id, &local_name!("checked")),
        None if tree.is_html_element_named(id, &local_name!("option")) => {
            has(tree, id, &local_name!("selected"))
        }
        _ => {
            tree.is_submit_button(id)
                && tree
                    .form_owner(id)
                    .is_some_and(|form| tree.default_button(form) == Some(id))
        }
    }
}

/// Standard: <https://html.spec.whatwg.org/#selector-indeterminate>
pub(super) fn is_indeterminate(tree: &Tree, id: NodeId) -> bool {
    match tree.input_type(id) {
        Some(InputType::Checkbox) => tree.is_indeterminate_input(id),
        Some(InputType::Radio) => !tree.is_radio_group_checked(id),
        Some(_) => false,
        None => {
            tree.is_html_element_named(id, &local_name!("progress"))
                && !has(tree, id, &local_name!("value"))
        }
    }
}

/// Standard: <https://html.spec.whatwg.org/#selector-placeholder-shown>
pub(super) fn is_placeholder_shown(tree: &Tree, id: NodeId) -> bool {
    let can_show = match tree.input_type(id) {
        Some(kind) => kind.has_placeholder(),
        None => tree.is_html_element_named(id, &local_name!("textarea")),
    };
    can_show && has(tree, id, &local_name!("placeholder")) && tree.control_value(id).is_empty()
}

/// Whether the element is valid; `None` if it cannot be either.
///
/// Standard: <https://html.spec.whatwg.org/#selector-valid>
pub(super) fn is_valid(tree: &Tree, id: NodeId) -> Option<bool> {
    let is_valid = |id: NodeId| !tree.will_validate(id) || tree.flaws(id).is_valid();
    match *html_name(tree, id)? {
        local_name!("form") => Some(tree.form_controls(id).into_iter().all(is_valid)),
        local_name!("fieldset") => Some(
            tree.descendants(id)
                .filter(|&control| tree.is_listed(control))
                .all(is_valid),
        ),
        _ if tree.will_validate(id) => Some(tree.flaws(id).is_valid()),
        _ => None,
    }
}

/// As [`is_valid`] once the user has interacted with the control.
///
/// Standard: <https://html.spec.whatwg.org/#selector-user-valid>
pub(super) fn is_user_valid(tree: &Tree, id: NodeId) -> Option<bool> {
    (tree.is_user_interacted(id) && tree.will_validate(id)).then(|| tree.flaws(id).is_valid())
}

/// Whether the value is within its limits; `None` if it has none.
///
/// Standard: <https://html.spec.whatwg.org/#selector-in-range>
pub(super) fn is_in_range(tree: &Tree, id: NodeId) -> Option<bool> {
    let kind = tree.input_type(id).filter(|kind| kind.is_numeric())?;
    let (low, high) = tree.range_limits(id, kind);
    if !tree.will_validate(id) || (low.is_none() && high.is_none()) {
        return None;
    }
    let flaws = tree.flaws(id);
    Some(!flaws.contains(Flaws::RANGE_UNDERFLOW) && !flaws.contains(Flaws::RANGE_OVERFLOW))
}
