//! Ops of form controls: values, checkedness, selectedness, text selections, validity, forms.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::controls::input_type::InputType;
use readystate_dom::controls::numbers;
use readystate_dom::controls::selection::{SelectionDirection, TextSelection};
use readystate_dom::{NodeId, Tree};

use super::node::{ids_to, mutate, opt_str_to, raw, read, str_to};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_control_value(),
        op_control_set_value(),
        op_control_is_checked(),
        op_control_set_checked(),
        op_control_restore_checked(),
        op_control_has_dirty_checkedness(),
        op_control_is_indeterminate(),
        op_control_set_indeterminate(),
        op_control_radio_group(),
        op_control_set_file(),
        op_control_number(),
        op_control_number_text(),
        op_control_step(),
        op_control_limit(),
        op_control_selection(),
        op_control_set_selection(),
        op_control_will_validate(),
        op_control_flaws(),
        op_control_custom_validity(),
        op_control_set_custom_validity(),
        op_control_set_pattern_verdict(),
        op_control_set_interacted(),
        op_control_is_disabled(),
        op_control_output_default(),
        op_control_set_output_default(),
        op_form_reset_controls(),
        op_select_selected(),
        op_select_only(),
        op_option_is_selected(),
        op_option_set_selected(),
        op_option_set_initial(),
        op_option_select(),
        op_element_inner_text(),
        op_option_text(),
    ]
}

/// A string of what `f` finds at a node.
fn string_of<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    f: impl FnOnce(&Tree, NodeId) -> String,
) -> v8::Local<'s, v8::Value> {
    let text = read(id, |tree, id| f(tree, id));
    str_to(scope, &text)
}

/// The value of an `input` or `textarea`.
#[op2]
fn op_control_value<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| match NodeId::from_raw(id) {
        Some(id) => str_to(scope, &tree.control_value(id)),
        None => str_to(scope, ""),
    })
}

/// Sets the value of an `input` or `textarea`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_value(id: u32, #[string] value: &str) -> i32 {
    mutate(id, |tree, id| tree.set_control_value(id, value))
}

/// The checkedness of an `input`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_is_checked(id: u32) -> bool {
    read(id, |tree, id| tree.is_checked_input(id))
}

/// Sets the checkedness of an `input`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_checked(id: u32, checked: bool) {
    read(id, |tree, id| tree.set_checked_input(id, checked));
}

/// Takes back what a canceled click did to the checkedness of an `input`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_restore_checked(id: u32, checked: bool, dirty: bool) {
    read(id, |tree, id| tree.restore_checkedness(id, checked, dirty));
}

/// The dirty checkedness flag of an `input`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_has_dirty_checkedness(id: u32) -> bool {
    read(id, |tree, id| tree.has_dirty_checkedness(id))
}

/// `indeterminate`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_is_indeterminate(id: u32) -> bool {
    read(id, |tree, id| tree.is_indeterminate_input(id))
}

/// Sets `indeterminate`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_indeterminate(id: u32, value: bool) {
    read(id, |tree, id| tree.set_indeterminate_input(id, value));
}

/// The other radio buttons of the group.
#[op2]
fn op_control_radio_group<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let found = read(id, |tree, id| tree.radio_group_members(id));
    ids_to(scope, &found)
}

/// Notes the name of the first selected file; null for none.
#[op2]
fn op_control_set_file(id: u32, #[string] name: Option<String>) {
    read(id, |tree, id| tree.set_selected_file(id, name.as_deref()));
}

/// The number behind a value of a type, NaN for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_number(#[string] kind: &str, #[string] value: &str) -> f64 {
    numbers::to_number(InputType::from_attribute(Some(kind)), value)
}

/// The value of a type for a number, null for none.
#[op2]
fn op_control_number_text<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] kind: &str,
    number: f64,
) -> v8::Local<'s, v8::Value> {
    let text = numbers::from_number(InputType::from_attribute(Some(kind)), number);
    opt_str_to(scope, text.as_deref())
}

/// The allowed value step (0) or the step base (1) of an input; NaN for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_step(id: u32, what: u32) -> f64 {
    read(id, |tree, id| {
        tree.input_type(id)
            .and_then(|kind| tree.allowed_step(id, kind))
            .map(|(step, base)| if what == 0 { step } else { base })
    })
    .unwrap_or(f64::NAN)
}

/// The minimum (0) or the maximum (1) of an input; NaN for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_limit(id: u32, what: u32) -> f64 {
    read(id, |tree, id| {
        let (low, high) = tree.range_limits(id, tree.input_type(id)?);
        if what == 0 { low } else { high }
    })
    .unwrap_or(f64::NAN)
}

/// The selection: its start (0), end (1), or direction (2): 0 none, 1 forward, 2 backward.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_selection(id: u32, what: u32) -> u32 {
    read(id, |tree, id| {
        let selection = tree.text_selection(id);
        match what {
            0 => selection.start,
            1 => selection.end,
            _ => match selection.direction {
                SelectionDirection::None => 0,
                SelectionDirection::Forward => 1,
                SelectionDirection::Backward => 2,
            },
        }
    })
}

/// Sets the selection; whether that changed it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_selection(id: u32, start: u32, end: u32, direction: u32) -> bool {
    let direction = match direction {
        1 => SelectionDirection::Forward,
        2 => SelectionDirection::Backward,
        _ => SelectionDirection::None,
    };
    read(id, |tree, id| {
        tree.set_text_selection(
            id,
            TextSelection {
                start,
                end,
                direction,
            },
        )
    })
}

/// `willValidate`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_will_validate(id: u32) -> bool {
    read(id, |tree, id| tree.will_validate(id))
}

/// The flaws of a value, as bits.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_flaws(id: u32) -> u32 {
    read(id, |tree, id| u32::from(tree.flaws(id).bits()))
}

/// The custom validity message.
#[op2]
fn op_control_custom_validity<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, |tree, id| tree.custom_validity(id).to_owned())
}

/// `setCustomValidity()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_custom_validity(id: u32, #[string] message: &str) {
    read(id, |tree, id| tree.set_custom_validity(id, message));
}

/// Notes whether the present value mismatches the present pattern.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_pattern_verdict(id: u32, mismatches: bool) {
    read(id, |tree, id| tree.set_pattern_verdict(id, mismatches));
}

/// Notes that the user has interacted with a control.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_interacted(id: u32) {
    read(id, |tree, id| tree.set_user_interacted(id));
}

/// Whether a control is disabled.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_is_disabled(id: u32) -> bool {
    read(id, |tree, id| tree.is_disabled_control(id))
}

/// The default value override of an `output`, or null.
#[op2]
fn op_control_output_default<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        let value = NodeId::from_raw(id).and_then(|id| tree.output_default_value(id));
        opt_str_to(scope, value)
    })
}

/// Sets the default value override of an `output`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_control_set_output_default(id: u32, #[string] value: &str) {
    read(id, |tree, id| {
        tree.set_output_default_value(id, Some(value));
    });
}

/// Resets the controls of a form.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_form_reset_controls(id: u32) -> i32 {
    mutate(id, Tree::reset_form_controls)
}

/// The selected options of a `select`.
#[op2]
fn op_select_selected<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let found = read(id, |tree, id| tree.selected_options(id));
    ids_to(scope, &found)
}

/// Selects one option of a `select` and no other; 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_select_only(id: u32, option: u32) {
    read(id, |tree, id| {
        tree.select_only(id, NodeId::from_raw(option));
    });
}

/// The selectedness of an `option`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_option_is_selected(id: u32) -> bool {
    read(id, |tree, id| tree.is_selected_option(id))
}

/// Sets `selected` of an `option`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_option_set_selected(id: u32, selected: bool) {
    read(id, |tree, id| tree.set_selected_option(id, selected));
}

/// Sets the selectedness of an `option` without making it dirty.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_option_set_initial(id: u32, selected: bool) {
    read(id, |tree, id| tree.set_initial_selectedness(id, selected));
}

/// `innerText`.
#[op2]
fn op_element_inner_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, |tree, id| tree.inner_text(id))
}

/// The `select` of an `option`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_option_select(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.select_of_option(id)))
}

/// The text of an `option`.
#[op2]
fn op_option_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    string_of(scope, id, Tree::option_text)
}
