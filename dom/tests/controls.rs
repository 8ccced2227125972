//! Form controls: state that is in no attribute, and who sees it.

use readystate_dom::controls::input_type::InputType;
use readystate_dom::controls::selection::{SelectionDirection, TextSelection};
use readystate_dom::controls::validity::Flaws;
use readystate_dom::mutation::clone::CloneDepth;

use crate::page::Page;

fn is(page: &Page, id: &str, selector: &str) -> bool {
    let id = page.id(id);
    page.tree.matches(id, selector).unwrap()
}

fn value(page: &Page, id: &str) -> String {
    page.tree.control_value(page.id(id)).into_owned()
}

#[test]
fn a_radio_button_that_is_checked_unchecks_its_group_and_no_other() {
    let mut page = Page::new(
        "<form><input id=a type=radio name=n checked><input id=b type=radio name=n checked></form>\
         <input id=c type=radio name=n checked>",
    );
    assert!(!is(&page, "a", ":checked"));
    assert!(is(&page, "b", ":checked"));
    assert!(is(&page, "c", ":checked"));
    let a = page.id("a");
    page.tree.set_checked_input(a, true);
    assert!(is(&page, "a", ":checked"));
    assert!(!is(&page, "b", ":checked"));
    assert!(is(&page, "c", ":checked"));
    // The attribute says what is the default, and moves only what is not dirty.
    assert!(is(&page, "b", ":default"));
    page.tree.remove_attribute(a, "checked");
    assert!(is(&page, "a", ":checked"));
}

#[test]
fn a_radio_button_is_indeterminate_until_one_of_its_group_is_checked() {
    let mut page = Page::new(
        "<input id=a type=radio name=n><input id=b type=radio name=n><input id=c type=radio>",
    );
    assert!(is(&page, "a", ":indeterminate"));
    let b = page.id("b");
    page.tree.set_checked_input(b, true);
    assert!(!is(&page, "a", ":indeterminate"));
    assert!(is(&page, "c", ":indeterminate"));
}

#[test]
fn a_checked_radio_button_that_moves_into_a_group_unchecks_it() {
    let mut page = Page::new(
        "<form id=f><input id=a type=radio name=n checked></form><input id=b type=radio name=n checked>",
    );
    let (form, b) = (page.id("f"), page.id("b"));
    page.tree.append(b, form).unwrap();
    assert!(!is(&page, "a", ":checked"));
    assert!(is(&page, "b", ":checked"));
}

#[test]
fn a_clone_keeps_value_and_checkedness() {
    let mut page = Page::new(
        "<p id=p><input id=a value=old><input id=b type=checkbox><textarea id=c>x</textarea>",
    );
    let (a, b, c) = (page.id("a"), page.id("b"), page.id("c"));
    page.tree.set_control_value(a, "new").unwrap();
    page.tree.set_control_value(c, "typed").unwrap();
    page.tree.set_checked_input(b, true);
    let p = page.id("p");
    let copy = page.tree.clone_node(p, CloneDepth::Subtree).unwrap();
    let copies: Vec<_> = page.tree.children(copy).collect();
    assert_eq!(page.tree.control_value(copies[0]), "new");
    assert!(page.tree.is_checked_input(copies[1]));
    assert_eq!(page.tree.control_value(copies[2]), "typed");
    assert_eq!(page.tree.attribute(copies[0], "value"), Some("old"));
}

#[test]
fn values_are_sanitized_for_their_type() {
    let mut page = Page::new("<input id=a>");
    let a = page.id("a");
    for (kind, given, expected) in [
        ("text", "a\r\nb", "ab"),
        ("url", " https://x/\n", "https://x/"),
        ("email", " a@b ", "a@b"),
        ("number", "1e2", "1e2"),
        ("number", "12px", ""),
        ("range", "250", "100"),
        ("range", "x", "50"),
        ("color", "#ABCDEF", "#abcdef"),
        ("color", "red", "#000000"),
        ("date", "2024-02-30", ""),
        ("week", "2021-W53", ""),
        (
            "datetime-local",
            "2024-01-02 03:04:00.000",
            "2024-01-02T03:04",
        ),
    ] {
        page.tree.set_attribute(a, "type", kind).unwrap();
        page.tree.set_control_value(a, given).unwrap();
        assert_eq!(value(&page, "a"), expected, "{kind} {given:?}");
    }
}

#[test]
fn a_change_of_type_carries_the_value_to_the_attribute() {
    let mut page = Page::new("<input id=a value=attribute>");
    let a = page.id("a");
    page.tree.set_control_value(a, "own").unwrap();
    page.tree.set_attribute(a, "type", "hidden").unwrap();
    assert_eq!(page.tree.attribute(a, "value"), Some("own"));
    page.tree.set_attribute(a, "type", "file").unwrap();
    assert_eq!(value(&page, "a"), "");
    assert!(page.tree.set_control_value(a, "x").is_err());
}

#[test]
fn a_drop_down_shows_an_option_always_unless_script_took_it_away() {
    let mut page =
        Page::new("<select id=s><option id=a disabled>A<option id=b>B<option id=c>C</select>");
    let select = page.id("s");
    let (a, b, c) = (page.id("a"), page.id("b"), page.id("c"));
    assert_eq!(page.tree.selected_options(select), [b]);
    assert!(is(&page, "b", ":checked"));
    page.tree.set_selected_option(c, true);
    assert_eq!(page.tree.selected_options(select), [c]);
    page.tree.set_selected_option(c, false);
    assert_eq!(page.tree.selected_options(select), [b]);
    page.tree.select_only(select, None);
    assert_eq!(page.tree.selected_options(select), []);
    page.tree.remove(a).unwrap();
    assert_eq!(page.tree.selected_options(select), [b]);
}

#[test]
fn an_option_that_comes_selected_takes_the_place_of_the_one_before() {
    let mut page = Page::new("<select id=s><option id=a>A<option id=b selected>B</select>");
    let select = page.id("s");
    let new = page.element("option");
    page.tree.set_attribute(new, "selected", "").unwrap();
    page.tree
        .insert_before(new, select, Some(page.id("a")))
        .unwrap();
    assert_eq!(page.tree.selected_options(select), [new]);
    page.tree.set_attribute(select, "multiple", "").unwrap();
    let b = page.id("b");
    page.tree.set_selected_option(b, true);
    assert_eq!(page.tree.selected_options(select), [new, b]);
}

#[test]
fn reset_gives_back_what_the_attributes_say() {
    let mut page = Page::new(
        "<form id=f><input id=a value=v><input id=b type=checkbox checked><select id=s><option id=o1>1\
         <option id=o2 selected>2</select><output id=out>text</output></form>",
    );
    let (a, b, select) = (page.id("a"), page.id("b"), page.id("s"));
    let (o1, o2, output) = (page.id("o1"), page.id("o2"), page.id("out"));
    page.tree.set_control_value(a, "typed").unwrap();
    page.tree.set_checked_input(b, false);
    page.tree.set_selected_option(o1, true);
    page.tree.set_output_default_value(output, Some("default"));
    let form = page.id("f");
    page.tree.reset_form_controls(form).unwrap();
    assert_eq!(value(&page, "a"), "v");
    assert!(page.tree.is_checked_input(b));
    assert_eq!(page.tree.selected_options(select), [o2]);
    assert_eq!(page.inner(output), "default");
}

#[test]
fn validity_follows_the_value() {
    let mut page = Page::new(
        "<form id=f><input id=a required><input id=n type=number min=2 max=9 step=2 value=3><input id=e type=email>\
         </form>",
    );
    assert!(is(&page, "a", ":invalid"));
    assert!(is(&page, "f", ":invalid"));
    let (a, n, e) = (page.id("a"), page.id("n"), page.id("e"));
    page.tree.set_control_value(a, "x").unwrap();
    assert!(is(&page, "a", ":valid"));
    assert_eq!(page.tree.flaws(n), Flaws::STEP_MISMATCH);
    page.tree.set_control_value(n, "10").unwrap();
    assert!(page.tree.flaws(n).contains(Flaws::RANGE_OVERFLOW));
    assert!(is(&page, "n", ":out-of-range"));
    page.tree.set_control_value(n, "4").unwrap();
    assert!(is(&page, "n", ":in-range"));
    assert!(is(&page, "f", ":valid"));
    page.tree.set_control_value(e, "a@b..c").unwrap();
    assert!(is(&page, "e", ":invalid"));
    page.tree.set_control_value(e, "a@b.c").unwrap();
    page.tree.set_custom_validity(e, "no");
    assert!(is(&page, "f", ":invalid"));
    page.tree.set_attribute(e, "disabled", "").unwrap();
    assert!(is(&page, "f", ":valid"));
}

#[test]
fn a_required_select_wants_more_than_its_placeholder() {
    let mut page =
        Page::new("<select id=s required><option value=''>Choose<option id=o>1</select>");
    assert!(is(&page, "s", ":invalid"));
    let option = page.id("o");
    page.tree.set_selected_option(option, true);
    assert!(is(&page, "s", ":valid"));
}

#[test]
fn a_placeholder_shows_while_the_value_is_empty() {
    let mut page = Page::new("<input id=a placeholder=p value=v>");
    assert!(!is(&page, "a", ":placeholder-shown"));
    let a = page.id("a");
    page.tree.set_control_value(a, "").unwrap();
    assert!(is(&page, "a", ":placeholder-shown"));
}

#[test]
fn a_selection_stays_within_the_value() {
    let mut page = Page::new("<textarea id=a>hello</textarea>");
    let a = page.id("a");
    let selection = TextSelection {
        start: 1,
        end: 99,
        direction: SelectionDirection::Backward,
    };
    assert!(page.tree.set_text_selection(a, selection));
    assert_eq!(page.tree.text_selection(a).end, 5);
    page.tree.set_control_value(a, "other").unwrap();
    assert_eq!(page.tree.text_selection(a).start, 5);
    assert_eq!(page.tree.input_type(a), None);
    assert_eq!(InputType::from_attribute(Some("NoSuch")), InputType::Text);
}

#[test]
fn the_first_submit_button_of_a_form_is_its_default() {
    let page =
        Page::new("<form id=f><button type=button>x</button></form><button id=a form=f>y</button>");
    assert!(is(&page, "a", ":default"));
    let (a, form) = (page.id("a"), page.id("f"));
    assert_eq!(page.tree.form_owner(a), Some(form));
}

#[test]
fn of_options_that_come_together_the_last_selected_wins() {
    let mut page = Page::new("<select id=s></select>");
    let (select, group) = (page.id("s"), page.element("optgroup"));
    let options: Vec<_> = (0..3).map(|_| page.element("option")).collect();
    for &option in &options {
        page.tree.append(option, group).unwrap();
    }
    page.tree.set_attribute(options[0], "selected", "").unwrap();
    page.tree.set_attribute(options[1], "selected", "").unwrap();
    page.tree.append(group, select).unwrap();
    assert_eq!(page.tree.selected_options(select), [options[1]]);
}

#[test]
fn a_select_in_the_place_of_one_that_was_freed_has_its_own_options() {
    let mut page = Page::new("");
    let select = page.element("select");
    let option = page.element("option");
    page.tree.append(option, select).unwrap();
    assert_eq!(page.tree.selected_options(select), [option]);
    page.tree.free_subtree(select).unwrap();
    for _ in 0..2 {
        let other = page.element("select");
        assert_eq!(page.tree.selected_options(other), []);
    }
}
