//! Ops of style sheets and their rules, which cross as numbers of their own, far above those of nodes.
//!
//! Standard: <https://drafts.csswg.org/cssom/>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::css::{CssId, Media, MediaList};

use super::node::{ids_to, opt_str_to, raw, read, str_to, strings_to};
use crate::error::fail;
use crate::host::WindowId;
use crate::state::{with_tree, with_window};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_css_sheet_of(),
        op_css_style_elements(),
        op_css_sheet_address(),
        op_css_is_origin_clean(),
        op_css_imported_sheet(),
        op_css_create_sheet(),
        op_css_replace_sheet(),
        op_css_release_sheet(),
        op_css_sheet_owner(),
        op_css_is_disabled(),
        op_css_set_disabled(),
        op_css_adopt(),
        op_css_media(),
        op_css_set_media(),
        op_css_media_matches(),
        op_media_query_text(),
        op_media_query_matches(),
        op_css_rule_count(),
        op_css_rule_at(),
        op_css_insert_rule(),
        op_css_delete_rule(),
        op_css_rule_interface(),
        op_css_rule_text(),
        op_css_rule_part(),
        op_css_set_rule_part(),
        op_css_rule_parent(),
        op_css_rule_sheet(),
    ]
}

/// The sheet of a style element, 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_sheet_of(element: u32) -> u32 {
    read(element, |tree, id| {
        let sheet = tree.style_sheet_of(id).unwrap_or(0);
        tree.mark_css_wrapped(sheet);
        sheet
    })
}

/// The address that a sheet was loaded from, or null.
#[op2]
fn op_css_sheet_address<'s>(scope: &v8::PinScope<'s, '_>, sheet: u32) -> v8::Local<'s, v8::Value> {
    let address = with_tree(|tree| tree.style_sheet_address(sheet));
    opt_str_to(scope, address.as_deref())
}

/// Whether script may read a sheet's rules.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_is_origin_clean(sheet: u32) -> bool {
    with_tree(|tree| tree.is_style_sheet_origin_clean(sheet))
}

/// The elements below a document or shadow root that have a style sheet.
#[op2]
fn op_css_style_elements<'s>(scope: &v8::PinScope<'s, '_>, root: u32) -> v8::Local<'s, v8::Value> {
    let found = read(root, |tree, root| tree.style_elements(root));
    ids_to(scope, &found)
}

/// Makes a sheet of no element.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_create_sheet(#[string] media: &str) -> u32 {
    with_tree(|tree| tree.create_style_sheet("", media))
}

/// `replaceSync()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_replace_sheet(sheet: u32, #[string] text: &str) {
    with_tree(|tree| tree.replace_style_sheet(sheet, text));
}

/// The object of a sheet is gone, with those of its rules.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_release_sheet(sheet: u32) {
    with_tree(|tree| tree.release_style_sheet(sheet));
}

/// `ownerNode`: an id or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_sheet_owner(sheet: u32) -> u32 {
    with_tree(|tree| raw(tree.style_sheet_owner(sheet)))
}

/// `disabled`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_is_disabled(sheet: u32) -> bool {
    with_tree(|tree| tree.is_style_sheet_disabled(sheet))
}

/// Sets `disabled`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_set_disabled(sheet: u32, disabled: bool) {
    with_tree(|tree| tree.set_style_sheet_disabled(sheet, disabled));
}

/// Sets what a document or shadow root has adopted: ids, by commas.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_adopt(root: u32, #[string] sheets: &str) {
    let sheets: Vec<CssId> = sheets.split(',').filter_map(|id| id.parse().ok()).collect();
    read(root, |tree, root| {
        tree.set_adopted_style_sheets(root, sheets)
    });
}

/// The queries of a media list, serialized each.
#[op2]
fn op_css_media<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Array> {
    let items = with_tree(|tree| tree.css_media(id).items());
    strings_to(scope, items.iter().map(String::as_str))
}

/// Sets `mediaText`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_set_media(id: u32, #[string] text: &str) {
    with_tree(|tree| tree.set_css_media(id, text));
}

/// Whether a media list matches in a window.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_media_matches(id: u32, window: u32) -> bool {
    let media = media(window);
    with_tree(|tree| tree.css_media(id).matches(media))
}

/// A media query list, serialized.
#[op2]
#[string]
fn op_media_query_text(#[string] text: &str) -> String {
    MediaList::parse(text).to_string()
}

/// Whether a media query list holds in a window.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_media_query_matches(window: u32, #[string] text: &str) -> bool {
    MediaList::parse(text).matches(media(window))
}

/// What media queries see in a window.
pub(crate) fn media(window: u32) -> Media {
    let viewport = with_window(WindowId(window), |window| window.viewport);
    viewport.map_or_else(Media::default, |(width, height)| Media { width, height })
}

/// How many rules there are in a sheet or rule.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_rule_count(container: u32) -> u32 {
    with_tree(|tree| u32::try_from(tree.css_rules(container).len()).unwrap_or(u32::MAX))
}

/// A rule of a sheet or rule; 0 beyond the end.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_rule_at(container: u32, index: u32) -> u32 {
    with_tree(|tree| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let id = tree.css_rules(container).get(index).copied().unwrap_or(0);
        tree.mark_css_wrapped(id);
        id
    })
}

/// `insertRule()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_insert_rule(container: u32, #[string] text: &str, index: u32) -> i32 {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    match with_tree(|tree| tree.insert_css_rule(container, text, index)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// `deleteRule()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_delete_rule(container: u32, index: u32) -> i32 {
    let index = usize::try_from(index).unwrap_or(usize::MAX);
    match with_tree(|tree| tree.delete_css_rule(container, index)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// The name of a rule's interface.
#[op2]
fn op_css_rule_interface<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let name = with_tree(|tree| {
        let rule = tree.style_sheets().rule(id);
        rule.map_or("CSSRule", readystate_dom::css::Rule::interface)
    });
    str_to(scope, name)
}

/// `cssText`.
#[op2]
fn op_css_rule_text<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    str_to(scope, &with_tree(|tree| tree.css_rule_text(id)))
}

/// What an attribute of a rule shows.
#[op2]
fn op_css_rule_part<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| {
        let rule = tree.style_sheets().rule(id);
        rule.map(|rule| rule.part(name)).unwrap_or_default()
    });
    str_to(scope, &text)
}

/// Sets what an attribute of a rule shows.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_set_rule_part(id: u32, #[string] name: &str, #[string] text: &str) -> i32 {
    match with_tree(|tree| tree.set_css_rule_part(id, name, text)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// `parentRule`: an id or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_rule_parent(id: u32) -> u32 {
    with_tree(|tree| {
        let rule = tree.style_sheets().rule(id);
        let parent = rule
            .and_then(readystate_dom::css::Rule::parent)
            .unwrap_or(0);
        tree.mark_css_wrapped(parent);
        parent
    })
}

/// `parentStyleSheet`: an id or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_rule_sheet(id: u32) -> u32 {
    with_tree(|tree| tree.css_rule_sheet(id).unwrap_or(0))
}

/// `styleSheet` of an import rule: an id or 0. Script has an object for it then.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_css_imported_sheet(rule: u32) -> u32 {
    with_tree(|tree| {
        let sheet = tree.imported_style_sheet(rule)?;
        tree.mark_css_wrapped(sheet);
        Some(sheet)
    })
    .unwrap_or(0)
}
