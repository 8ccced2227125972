//! Ops of `Range` and `NodeIterator`: positions that follow mutations, and what ranges do with their contents.
//!
//! Standard: <https://dom.spec.whatwg.org/#ranges>

use std::cmp::Ordering;

use deno_core::{OpDecl, op2, v8};
use readystate_dom::traversal::node_iterator::NodeIteratorId;
use readystate_dom::traversal::range::{BoundaryPoint, RangeId};
use readystate_dom::{DomError, NodeId, Tree};

use super::node::{given, id_result, pending, raw, text_to};
use crate::error::fail;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_range_create(),
        op_range_set(),
        op_range_set_point(),
        op_range_get(),
        op_range_free(),
        op_range_compare_point(),
        op_range_compare(),
        op_range_intersects(),
        op_range_common_ancestor(),
        op_range_select(),
        op_range_process(),
        op_range_insert(),
        op_range_surround(),
        op_range_text(),
        op_node_iterator_create(),
        op_node_iterator_get(),
        op_node_iterator_set(),
        op_node_iterator_free(),
    ]
}

fn point(node: u32, offset: u32) -> Result<BoundaryPoint, DomError> {
    Ok(BoundaryPoint {
        node: given(node)?,
        offset,
    })
}

fn done(result: Result<(), DomError>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// Changes the tree at a range; answers with what is left to do.
fn mutate(f: impl FnOnce(&mut Tree) -> Result<(), DomError>) -> i32 {
    with_tree(|tree| match f(tree) {
        Ok(()) => pending(tree),
        Err(error) => fail(error),
    })
}

/// An order as a number that is no failure: 0 before, 1 equal, 2 after.
const fn place(order: Ordering) -> i32 {
    order as i32 + 1
}

/// Makes a live range; its number, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_create(start: u32, start_offset: u32, end: u32, end_offset: u32) -> i32 {
    let made =
        with_tree(|tree| tree.create_range(point(start, start_offset)?, point(end, end_offset)?));
    match made {
        Ok(range) => i32::try_from(range.raw()).unwrap_or(i32::MAX),
        Err(error) => fail(error),
    }
}

/// Moves both boundary points to where they may be.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_set(range: u32, start: u32, start_offset: u32, end: u32, end_offset: u32) -> i32 {
    done(with_tree(|tree| {
        let (start, end) = (point(start, start_offset)?, point(end, end_offset)?);
        tree.set_range(RangeId::from_raw(range), start, end);
        Ok(())
    }))
}

/// Sets the start or the end.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_set_point(range: u32, is_end: bool, node: u32, offset: u32) -> i32 {
    let range = RangeId::from_raw(range);
    done(with_tree(|tree| {
        let point = point(node, offset)?;
        if is_end {
            tree.set_range_end(range, point)
        } else {
            tree.set_range_start(range, point)
        }
    }))
}

/// A part of a range: 0 start node, 1 start offset, 2 end node, 3 end offset.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_get(range: u32, part: u32) -> u32 {
    with_tree(|tree| {
        tree.range(RangeId::from_raw(range))
            .map_or(0, |(start, end)| match part {
                0 => start.node.raw(),
                1 => start.offset,
                2 => end.node.raw(),
                _ => end.offset,
            })
    })
}

/// Forgets a range.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_free(range: u32) {
    with_tree(|tree| tree.free_range(RangeId::from_raw(range)));
}

/// Where a place is, seen from a range: 0 before, 1 in it, 2 after it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_compare_point(range: u32, node: u32, offset: u32) -> i32 {
    let order = with_tree(|tree| {
        tree.compare_point_with_range(RangeId::from_raw(range), point(node, offset)?)
    });
    order.map_or_else(fail, place)
}

/// The order of two places of one tree: 0 before, 1 equal, 2 after.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_compare(node: u32, offset: u32, other: u32, other_offset: u32) -> i32 {
    let order = with_tree(|tree| {
        let (a, b) = (point(node, offset)?, point(other, other_offset)?);
        Ok::<_, DomError>(tree.compare_boundary_points(a, b))
    });
    order.map_or_else(fail, place)
}

/// `intersectsNode()`: 1 if it does.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_intersects(range: u32, node: u32) -> i32 {
    let answer =
        with_tree(|tree| tree.range_intersects_node(RangeId::from_raw(range), given(node)?));
    answer.map_or_else(fail, i32::from)
}

/// `commonAncestorContainer`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_common_ancestor(range: u32) -> u32 {
    with_tree(|tree| raw(tree.range_common_ancestor(RangeId::from_raw(range)).ok()))
}

/// `selectNode()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_select(range: u32, node: u32) -> i32 {
    done(with_tree(|tree| {
        tree.select_node(RangeId::from_raw(range), given(node)?)
    }))
}

/// Clones (0), extracts (1) or deletes (2) the contents; the fragment's id, or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_process(range: u32, contents: u32) -> i32 {
    let range = RangeId::from_raw(range);
    let fragment = with_tree(|tree| match contents {
        0 => tree.clone_range_contents(range).map(Some),
        1 => tree.extract_range_contents(range).map(Some),
        _ => tree.delete_range_contents(range).map(|()| None),
    });
    match fragment {
        Ok(fragment) => fragment.map_or(0, id_result),
        Err(error) => fail(error),
    }
}

/// `insertNode()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_insert(range: u32, node: u32) -> i32 {
    mutate(|tree| tree.insert_into_range(RangeId::from_raw(range), given(node)?))
}

/// `surroundContents()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_surround(range: u32, node: u32) -> i32 {
    mutate(|tree| tree.surround_range_contents(RangeId::from_raw(range), given(node)?))
}

/// The text of a range.
#[op2]
fn op_range_text<'s>(scope: &v8::PinScope<'s, '_>, range: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| {
        tree.range_text(RangeId::from_raw(range))
            .unwrap_or_default()
    });
    text_to(scope, &text)
}

/// Makes a node iterator; its number, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_iterator_create(root: u32) -> i32 {
    match with_tree(|tree| tree.create_node_iterator(given(root)?)) {
        Ok(iterator) => i32::try_from(iterator.raw()).unwrap_or(i32::MAX),
        Err(error) => fail(error),
    }
}

/// Where it stands: 0 the reference, 1 whether the pointer is before it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_iterator_get(iterator: u32, part: u32) -> u32 {
    with_tree(|tree| {
        tree.node_iterator(NodeIteratorId::from_raw(iterator))
            .map_or(0, |position| match part {
                0 => position.reference.raw(),
                _ => u32::from(position.pointer_before_reference),
            })
    })
}

/// Moves it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_iterator_set(iterator: u32, reference: u32, before: bool) {
    if let Some(reference) = NodeId::from_raw(reference) {
        with_tree(|tree| {
            tree.set_node_iterator(NodeIteratorId::from_raw(iterator), reference, before)
        });
    }
}

/// Forgets it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_iterator_free(iterator: u32) {
    with_tree(|tree| tree.free_node_iterator(NodeIteratorId::from_raw(iterator)));
}
