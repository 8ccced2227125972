//! Ops of `Storage`. `kind` is 0 for `localStorage`, 1 for `sessionStorage`. The areas are the host's.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webstorage.html>

use std::sync::Arc;

use deno_core::{OpDecl, op2, v8};
use readystate_dom::CharacterData;

use super::node::{text_from, text_to};
use crate::host::WindowId;
use crate::state;
use crate::storage::{StorageArea, StorageKind, Units};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_storage_is_there(),
        op_storage_length(),
        op_storage_key(),
        op_storage_keys(),
        op_storage_get(),
        op_storage_set(),
        op_storage_remove(),
        op_storage_clear(),
    ]
}

fn area(window: u32, kind: u32) -> Option<Arc<StorageArea>> {
    let kind = if kind == 0 {
        StorageKind::Local
    } else {
        StorageKind::Session
    };
    state::host()?.storage(WindowId(window), kind)
}

fn units(scope: &v8::PinScope<'_, '_>, text: v8::Local<'_, v8::String>) -> Units {
    text_from(scope, text).units().collect()
}

fn script_string<'s>(scope: &v8::PinScope<'s, '_>, text: Units) -> v8::Local<'s, v8::Value> {
    text_to(scope, &CharacterData::from(text))
}

/// Whether the window's origin has storage.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_storage_is_there(window: u32, kind: u32) -> bool {
    area(window, kind).is_some()
}

/// `length`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_storage_length(window: u32, kind: u32) -> u32 {
    area(window, kind).map_or(0, |area| u32::try_from(area.len()).unwrap_or(u32::MAX))
}

/// The key at an index, or null.
#[op2]
fn op_storage_key<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    kind: u32,
    index: u32,
) -> v8::Local<'s, v8::Value> {
    let key = area(window, kind).and_then(|area| area.key(index as usize));
    key.map_or_else(|| v8::null(scope).into(), |key| script_string(scope, key))
}

/// All keys in order.
#[op2]
fn op_storage_keys<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    kind: u32,
) -> v8::Local<'s, v8::Array> {
    let entries = area(window, kind).map_or_else(Vec::new, |area| area.entries());
    let keys: Vec<_> = entries
        .into_iter()
        .map(|(key, _)| script_string(scope, key))
        .collect();
    v8::Array::new_with_elements(scope, &keys)
}

/// The value of a key, or null.
#[op2]
fn op_storage_get<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    kind: u32,
    key: v8::Local<'s, v8::String>,
) -> v8::Local<'s, v8::Value> {
    let value = area(window, kind).and_then(|area| area.get(&units(scope, key)));
    value.map_or_else(
        || v8::null(scope).into(),
        |value| script_string(scope, value),
    )
}

/// Sets an item. The value before, or null; false if the quota is exceeded.
#[op2]
fn op_storage_set<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    kind: u32,
    key: v8::Local<'s, v8::String>,
    value: v8::Local<'s, v8::String>,
) -> v8::Local<'s, v8::Value> {
    let Some(area) = area(window, kind) else {
        return v8::null(scope).into();
    };
    match area.set(&units(scope, key), &units(scope, value)) {
        Ok(Some(before)) => script_string(scope, before),
        Ok(None) => v8::null(scope).into(),
        Err(_) => v8::Boolean::new(scope, false).into(),
    }
}

/// Removes an item. Its value, or null if there was none.
#[op2]
fn op_storage_remove<'s>(
    scope: &v8::PinScope<'s, '_>,
    window: u32,
    kind: u32,
    key: v8::Local<'s, v8::String>,
) -> v8::Local<'s, v8::Value> {
    let value = area(window, kind).and_then(|area| area.remove(&units(scope, key)));
    value.map_or_else(
        || v8::null(scope).into(),
        |value| script_string(scope, value),
    )
}

/// Removes all items. Whether there were any.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_storage_clear(window: u32, kind: u32) -> bool {
    area(window, kind).is_some_and(|area| area.clear())
}
