//! Ops of `DOMTokenList`: the sets of tokens in attributes.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-domtokenlist>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{LocalName, NodeId, local_name};

use super::node::{mutate, opt_str_to, pending, read, strings_to};
use crate::error::{Failure, fail};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_tokens_attribute(),
        op_tokens(),
        op_tokens_length(),
        op_tokens_item(),
        op_tokens_contains(),
        op_tokens_add(),
        op_tokens_remove(),
        op_tokens_toggle(),
        op_tokens_replace(),
    ]
}

/// The attributes that have token lists, by the numbers that cross.
static ATTRIBUTES: [LocalName; 5] = [
    local_name!("class"),
    local_name!("rel"),
    local_name!("sizes"),
    local_name!("for"),
    local_name!("sandbox"),
];

/// An attribute by its number; any other number is that of the first.
#[inline]
fn attribute(number: u32) -> &'static LocalName {
    let [first, ..] = &ATTRIBUTES;
    ATTRIBUTES.get(number as usize).unwrap_or(first)
}

/// The number of an attribute; negative if it has no token list.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_attribute(#[string] name: &str) -> i32 {
    let place = ATTRIBUTES.iter().position(|known| **known == *name);
    place
        .and_then(|place| i32::try_from(place).ok())
        .unwrap_or(-1)
}

/// The tokens in order, each once.
#[op2]
fn op_tokens<'s>(scope: &v8::PinScope<'s, '_>, id: u32, name: u32) -> v8::Local<'s, v8::Array> {
    let name = attribute(name);
    with_tree(|tree| {
        let value = NodeId::from_raw(id)
            .and_then(|id| tree.attribute_atom(id, name))
            .unwrap_or_default();
        strings_to(scope, readystate_dom::collections::token_list::parse(value))
    })
}

/// `length`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_length(id: u32, name: u32) -> u32 {
    let name = attribute(name);
    read(id, |tree, id| {
        u32::try_from(tree.token_list_length(id, name)).unwrap_or(u32::MAX)
    })
}

/// `item()`.
#[op2]
fn op_tokens_item<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    name: u32,
    index: u32,
) -> v8::Local<'s, v8::Value> {
    let name = attribute(name);
    with_tree(|tree| {
        opt_str_to(
            scope,
            NodeId::from_raw(id).and_then(|id| tree.token_list_item(id, name, index as usize)),
        )
    })
}

/// `contains()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_contains(id: u32, name: u32, #[string] token: &str) -> bool {
    let name = attribute(name);
    read(id, |tree, id| tree.token_list_contains(id, name, token))
}

/// Tokens as they cross: a NUL between two; `some` is false for none at all.
fn split(tokens: &str, some: bool) -> Vec<&str> {
    if some {
        tokens.split('\0').collect()
    } else {
        Vec::new()
    }
}

/// `add()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_add(id: u32, name: u32, #[string] tokens: &str, some: bool) -> i32 {
    mutate(id, |tree, id| {
        tree.token_list_add(id, attribute(name), &split(tokens, some))
    })
}

/// `remove()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_remove(id: u32, name: u32, #[string] tokens: &str, some: bool) -> i32 {
    mutate(id, |tree, id| {
        tree.token_list_remove(id, attribute(name), &split(tokens, some))
    })
}

/// `toggle()`; `force` is 0 for none, 1 for true, 2 for false. Bit 2 of the result is the answer.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_toggle(id: u32, name: u32, #[string] token: &str, force: u32) -> i32 {
    let Some(id) = NodeId::from_raw(id) else {
        return fail(Failure::illegal());
    };
    let force = match force {
        1 => Some(true),
        2 => Some(false),
        _ => None,
    };
    with_tree(
        |tree| match tree.token_list_toggle(id, attribute(name), token, force) {
            Ok(present) => pending(tree) | i32::from(present) << 2,
            Err(error) => fail(error),
        },
    )
}

/// `replace()`. Bit 2 of the result is the answer.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tokens_replace(id: u32, name: u32, #[string] token: &str, #[string] new_token: &str) -> i32 {
    let Some(id) = NodeId::from_raw(id) else {
        return fail(Failure::illegal());
    };
    with_tree(
        |tree| match tree.token_list_replace(id, attribute(name), token, new_token) {
            Ok(replaced) => pending(tree) | i32::from(replaced) << 2,
            Err(error) => fail(error),
        },
    )
}
