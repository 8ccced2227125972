//! Ops of computed styles.
//!
//! Standard: <https://drafts.csswg.org/cssom/#dom-window-getcomputedstyle>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::css::{Media, VisibilityChecks};
use readystate_dom::{NodeId, Tree};

use super::node::{read, str_to, strings_to};
use crate::state::with;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_computed_value(),
        op_computed_exists(),
        op_computed_names(),
        op_computed_has_box(),
        op_computed_offset_parent(),
        op_computed_check_visibility(),
    ]
}

/// What media queries see in the window that shows an element's document.
fn media(tree: &Tree, element: NodeId) -> Media {
    let document = tree.node_document(element);
    let viewport = with(|state| {
        state
            .windows
            .borrow()
            .values()
            .find(|window| Some(window.document) == document)
            .map(|window| window.viewport)
    });
    viewport.map_or_else(Media::default, |(width, height)| Media { width, height })
}

/// The computed value of a property.
#[op2]
fn op_computed_value<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] pseudo: &str,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let value = read(id, |tree, id| {
        let media = media(tree, id);
        tree.computed_value(id, pseudo, name, media)
    });
    str_to(scope, &value)
}

/// Whether there are computed values.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_computed_exists(id: u32, #[string] pseudo: &str) -> bool {
    read(id, |tree, id| tree.has_computed_style(id, pseudo))
}

/// The names of the properties that have computed values.
#[op2]
fn op_computed_names<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] pseudo: &str,
) -> v8::Local<'s, v8::Array> {
    strings_to(scope, read(id, |tree, id| tree.computed_names(id, pseudo)))
}

/// Whether an element would have a box.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_computed_has_box(id: u32) -> bool {
    read(id, |tree, id| {
        let media = media(tree, id);
        tree.has_box(id, media)
    })
}

/// `offsetParent`; 0 is none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_computed_offset_parent(id: u32) -> u32 {
    read(id, |tree, id| {
        let media = media(tree, id);
        tree.offset_parent(id, media).map_or(0, NodeId::raw)
    })
}

/// `checkVisibility()`, with its options in bits: 1 opacity, 2 visibility.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_computed_check_visibility(id: u32, checks: u32) -> bool {
    read(id, |tree, id| {
        let media = media(tree, id);
        let checks = VisibilityChecks {
            opacity: checks & 1 != 0,
            visibility: checks & 2 != 0,
        };
        tree.check_visibility(id, checks, media)
    })
}
