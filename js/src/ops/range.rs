//! Ops of `Range` and `NodeIterator`: positions that follow mutations, and what ranges do with their contents.
//!
//! Standard: <https://dom.spec.whatwg.org/#ranges>

use std::cmp::Ordering;

use deno_core::{OpDecl, op2, v8};
use readystate_dom::traversal::node_iterator::NodeIteratorId;
use readystate_dom::traversal::range::{BoundaryPoint, RangeId};
use readystate_dom::{DomError, NodeId, Tree};

use super::node::{given, id_result, pending, raw, text_to};
use super::range_contents::{self, Contents, Points};
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
        op_range_common_ancestor(),
        op_range_process(),
        op_range_insert(),
        op_range_text(),
        op_node_iterator_create(),
        op_node_iterator_get(),
        op_node_iterator_set(),
        op_node_iterator_free(),
    ]
}

fn points(tree: &Tree, range: u32) -> Result<Points, DomError> {
    tree.range(RangeId::from_raw(range))
        .ok_or(DomError::InvalidState("the range is gone"))
}

fn done(result: Result<(), DomError>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// Makes a live range; its number, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_create(start: u32, start_offset: u32, end: u32, end_offset: u32) -> i32 {
    let made = with_tree(|tree| {
        let start = BoundaryPoint {
            node: given(start)?,
            offset: start_offset,
        };
        let end = BoundaryPoint {
            node: given(end)?,
            offset: end_offset,
        };
        tree.create_range(start, end)
    });
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
        let start = BoundaryPoint {
            node: given(start)?,
            offset: start_offset,
        };
        let end = BoundaryPoint {
            node: given(end)?,
            offset: end_offset,
        };
        tree.set_range(RangeId::from_raw(range), start, end);
        Ok(())
    }))
}

/// Sets the start or the end; the other follows if it would lie on the wrong side or in another tree.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-range-bp-set>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_set_point(range: u32, is_end: bool, node: u32, offset: u32) -> i32 {
    done(with_tree(|tree| {
        let node = given(node)?;
        // 1, 2. No doctype, no offset past the end.
        tree.check_boundary_point(node, offset)?;
        // 3. The new point.
        let point = BoundaryPoint { node, offset };
        let (start, end) = points(tree, range)?;
        // 4. The other one, unless it is fine where it is.
        let other = if is_end { start } else { end };
        let wrong = if is_end {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        let moves = tree.root(other.node) != tree.root(node)
            || range_contents::compare(tree, point, other) == wrong;
        let other = if moves { point } else { other };
        let (start, end) = if is_end {
            (other, point)
        } else {
            (point, other)
        };
        tree.set_range(RangeId::from_raw(range), start, end);
        Ok(())
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

/// Where a point is, seen from two of one tree: 0 before the start, 1 between them, 2 after the end. Checked first; a
/// failure is [`DomError::WrongDocument`] for another tree.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_compare_point(range: u32, node: u32, offset: u32) -> i32 {
    let place = with_tree(|tree| {
        let node = given(node)?;
        let (start, end) = points(tree, range)?;
        // 1. Another tree.
        if tree.root(node) != tree.root(start.node) {
            return Err(DomError::WrongDocument(
                "the node is not in the range's tree",
            ));
        }
        // 2, 3. A place that cannot be.
        tree.check_boundary_point(node, offset)?;
        // 4–6.
        let point = BoundaryPoint { node, offset };
        if range_contents::compare(tree, point, start) == Ordering::Less {
            return Ok(0);
        }
        Ok(
            if range_contents::compare(tree, point, end) == Ordering::Greater {
                2
            } else {
                1
            },
        )
    });
    place.unwrap_or_else(fail)
}

/// `commonAncestorContainer`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_common_ancestor(range: u32) -> u32 {
    with_tree(|tree| {
        raw(points(tree, range)
            .ok()
            .map(|points| range_contents::common_ancestor(tree, points)))
    })
}

/// Clones (0), extracts (1) or deletes (2) the contents; the fragment's id, or 0.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_process(range: u32, contents: u32) -> i32 {
    let contents = match contents {
        0 => Contents::Clone,
        1 => Contents::Extract,
        _ => Contents::Delete,
    };
    let fragment = with_tree(|tree| {
        let points = points(tree, range)?;
        let (fragment, after) = range_contents::process(tree, points, contents)?;
        if contents != Contents::Clone {
            tree.set_range(RangeId::from_raw(range), after, after);
        }
        Ok::<_, DomError>(fragment)
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
    let result = with_tree(|tree| {
        let before = points(tree, range)?;
        if let Some(end) = range_contents::insert(tree, before, given(node)?)? {
            let (start, _) = points(tree, range)?;
            tree.set_range(RangeId::from_raw(range), start, end);
        }
        Ok::<_, DomError>(pending(tree))
    });
    result.unwrap_or_else(fail)
}

/// The text of a range.
#[op2]
fn op_range_text<'s>(scope: &v8::PinScope<'s, '_>, range: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| {
        points(tree, range)
            .map(|points| range_contents::text(tree, points))
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
