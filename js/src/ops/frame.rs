//! Ops of windows among each other: frames, parents, names, origins.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-window-object>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::NodeId;

use super::core::navigation_request;
use super::node::raw;
use crate::host::WindowId;
use crate::state;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_frame_window(),
        op_frame_navigable(),
        op_frame_name(),
        op_frame_set_name(),
        op_frame_navigate(),
        op_window_frames(),
        op_window_frame_count(),
        op_window_parent(),
        op_window_container(),
        op_window_origin(),
        op_origin_forget(),
        op_navigable_stand_in(),
        op_entered_window(),
    ]
}

/// The number of the window that an element shows, of whatever origin; -1 if it is no frame, -2 if there is no window.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_frame_window(container: u32) -> i32 {
    let Some(container) = NodeId::from_raw(container) else {
        return -1;
    };
    state::with_frames(|frames| match frames.get(container) {
        None => -1,
        Some(frame) => frame
            .window
            .map_or(-2, |window| i32::try_from(window.0).unwrap_or(-2)),
    })
}

/// The number of a frame's navigable; 0 if it is no frame.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_frame_navigable(container: u32) -> u32 {
    let Some(container) = NodeId::from_raw(container) else {
        return 0;
    };
    state::with_frames(|frames| frames.get(container).map_or(0, |frame| frame.navigable))
}

/// A frame's target name.
#[op2]
#[string]
fn op_frame_name(container: u32) -> String {
    let Some(container) = NodeId::from_raw(container) else {
        return String::new();
    };
    state::with_frames(|frames| {
        frames
            .get(container)
            .map_or_else(String::new, |frame| frame.name.clone())
    })
}

/// Sets a frame's target name.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_frame_set_name(container: u32, #[string] name: &str) {
    if let Some(container) = NodeId::from_raw(container) {
        state::with_frames(|frames| {
            if let Some(frame) = frames.get_mut(container) {
                name.clone_into(&mut frame.name);
            }
        });
    }
}

/// Sends a frame to a URL, for script of the window `source`. `kind`: as with `op_navigate`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_frame_navigate(source: u32, container: u32, #[string] url: &str, kind: u32) {
    if let (Some(host), Some(container), Some(asked)) = (
        state::host(),
        NodeId::from_raw(container),
        navigation_request(url, kind),
    ) {
        host.navigate_frame(WindowId(source), container, asked);
    }
}

/// The elements of a window's frames, in tree order.
#[op2]
fn op_window_frames<'s>(scope: &v8::PinScope<'s, '_>, window: u32) -> v8::Local<'s, v8::Array> {
    let children = state::with_tree(|tree| {
        state::with_frames(|frames| frames.children(tree, WindowId(window)))
    });
    let items: Vec<v8::Local<'s, v8::Value>> = children
        .into_iter()
        .map(|child| v8::Number::new(scope, f64::from(child.raw())).into())
        .collect();
    v8::Array::new_with_elements(scope, &items)
}

/// How many frames a window has.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_frame_count(window: u32) -> u32 {
    let count =
        state::with_tree(|tree| state::with_frames(|frames| frames.count(tree, WindowId(window))));
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The parent window's number; the window's own if it is a top-level one, -1 if it is closed.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_parent(window: u32) -> i32 {
    let parent = state::with_window(WindowId(window), |this| {
        this.parent.map_or(window, |parent| parent.0)
    });
    parent.map_or(-1, |parent| i32::try_from(parent).unwrap_or(-1))
}

/// The frame element that shows a window, 0 for none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_window_container(window: u32) -> u32 {
    state::with_window(WindowId(window), |window| raw(window.container)).unwrap_or(0)
}

/// A window's origin, serialized.
#[op2]
#[string]
fn op_window_origin(window: u32) -> String {
    state::with_window(WindowId(window), |window| window.origin.serialize())
        .unwrap_or_else(|| "null".to_owned())
}

/// The number of the window whose script the host has entered; -1 if that cannot be told.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#concept-entry-everything>
#[op2]
fn op_entered_window(scope: &v8::PinScope<'_, '_>) -> i32 {
    crate::window::entered(scope).map_or(-1, |window| i32::try_from(window.0).unwrap_or(-1))
}

/// Nothing is left of an origin's windows and objects.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_origin_forget(origin_key: u32) {
    let shared = state::with(|state| state.groups.borrow_mut().remove(&origin_key));
    drop(shared);
}

/// What script of an origin holds as the `WindowProxy` of a navigable that shows another origin now: undefined if it holds none.
#[op2]
fn op_navigable_stand_in<'s>(
    scope: &v8::PinScope<'s, '_>,
    navigable: u32,
    origin_key: u32,
) -> v8::Local<'s, v8::Value> {
    let context = state::with(|state| {
        state
            .stand_ins
            .borrow()
            .get(&(navigable, origin_key))
            .cloned()
    });
    match context {
        Some(context) => v8::Local::new(scope, context).global(scope).into(),
        None => v8::undefined(scope).into(),
    }
}
