//! Ops of `MutationObserver`: registration, and records as arrays.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-mutationobserver>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{LocalName, MutationRecord, NodeId, ObserverId, ObserverOptions, RecordKind};

use super::node::{ids_to, opt_str_to, raw, text_to};
use crate::error::{Failure, fail};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_observer_observe(),
        op_observer_disconnect(),
        op_observer_take_records(),
        op_observers_pending(),
    ]
}

/// Registers an observer. `flags`: 1 childList, 2 attributes, 4 characterData, 8 subtree, 16 attributeOldValue,
/// 32 characterDataOldValue, 64 `filter` counts (names, a NUL between two).
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_observer_observe(target: u32, observer: u32, flags: u32, #[string] filter: &str) -> i32 {
    let Some(target) = NodeId::from_raw(target) else {
        return fail(Failure::illegal());
    };
    let options = ObserverOptions {
        child_list: flags & 1 != 0,
        attributes: flags & 2 != 0,
        character_data: flags & 4 != 0,
        subtree: flags & 8 != 0,
        attribute_old_value: flags & 16 != 0,
        character_data_old_value: flags & 32 != 0,
        attribute_filter: (flags & 64 != 0)
            .then(|| filter.split('\0').map(LocalName::from).collect()),
    };
    match with_tree(|tree| tree.register_observer(target, ObserverId(observer), options)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// `disconnect()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_observer_disconnect(observer: u32) {
    with_tree(|tree| tree.disconnect_observer(ObserverId(observer)));
}

/// The records of an observer, each `[type, target, added, removed, previous, next, name, namespace, old value]`.
/// `deliver`: they go to the callback, so transient registrations end.
#[op2]
fn op_observer_take_records<'s>(
    scope: &v8::PinScope<'s, '_>,
    observer: u32,
    deliver: bool,
) -> v8::Local<'s, v8::Array> {
    let records = with_tree(|tree| {
        let records = tree.take_records(ObserverId(observer));
        if deliver {
            tree.end_transient_observers(ObserverId(observer));
        }
        for record in &records {
            // Script is about to hold them.
            let others = [
                Some(record.target),
                record.previous_sibling,
                record.next_sibling,
            ];
            for &id in record
                .added_nodes
                .iter()
                .chain(&record.removed_nodes)
                .chain(others.iter().flatten())
            {
                tree.set_wrapped(id, true);
            }
        }
        records
    });
    let items: Vec<v8::Local<'_, v8::Value>> = records
        .iter()
        .map(|record| record_to(scope, record).into())
        .collect();
    v8::Array::new_with_elements(scope, &items)
}

fn record_to<'s>(
    scope: &v8::PinScope<'s, '_>,
    record: &MutationRecord,
) -> v8::Local<'s, v8::Array> {
    let number = |number: u32| -> v8::Local<'s, v8::Value> {
        v8::Integer::new_from_unsigned(scope, number).into()
    };
    let items = [
        number(match record.kind {
            RecordKind::ChildList => 0,
            RecordKind::Attributes => 1,
            RecordKind::CharacterData => 2,
        }),
        number(record.target.raw()),
        ids_to(scope, &record.added_nodes),
        ids_to(scope, &record.removed_nodes),
        number(raw(record.previous_sibling)),
        number(raw(record.next_sibling)),
        opt_str_to(scope, record.attribute_name.as_deref()),
        opt_str_to(scope, record.attribute_namespace.as_deref()),
        match &record.old_value {
            Some(value) => text_to(scope, value),
            None => v8::null(scope).into(),
        },
    ];
    v8::Array::new_with_elements(scope, &items)
}

/// The observers whose callbacks are due, in order.
#[op2]
fn op_observers_pending<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Array> {
    let pending = with_tree(|tree| tree.take_pending_observers());
    let items: Vec<v8::Local<'_, v8::Value>> = pending
        .iter()
        .map(|observer| v8::Integer::new_from_unsigned(scope, observer.0).into())
        .collect();
    v8::Array::new_with_elements(scope, &items)
}
