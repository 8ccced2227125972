//! Ops of `Range`: live boundary points, and what is done with the contents between them.
//!
//! Standard: <https://dom.spec.whatwg.org/#ranges>

use deno_core::{OpDecl, op2};
use readystate_dom::traversal::range::{BoundaryPoint, RangeId};

use super::node::given;
use crate::error::fail;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_range_create(), op_range_set(), op_range_get(), op_range_free(), op_range_check_point()]
}

/// Makes a live range; its number, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_create(start: u32, start_offset: u32, end: u32, end_offset: u32) -> i32 {
    let made = with_tree(|tree| {
        let start = BoundaryPoint { node: given(start)?, offset: start_offset };
        let end = BoundaryPoint { node: given(end)?, offset: end_offset };
        tree.create_range(start, end)
    });
    match made {
        Ok(range) => i32::try_from(range.raw()).unwrap_or(i32::MAX),
        Err(error) => fail(error),
    }
}

/// Moves both boundary points; the glue has checked them.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_set(range: u32, start: u32, start_offset: u32, end: u32, end_offset: u32) -> i32 {
    let result = with_tree(|tree| {
        let start = BoundaryPoint { node: given(start)?, offset: start_offset };
        let end = BoundaryPoint { node: given(end)?, offset: end_offset };
        tree.set_range(RangeId::from_raw(range), start, end);
        Ok::<_, readystate_dom::DomError>(())
    });
    match result {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}

/// A part of a range: 0 start node, 1 start offset, 2 end node, 3 end offset.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_get(range: u32, part: u32) -> u32 {
    with_tree(|tree| {
        tree.range(RangeId::from_raw(range)).map_or(0, |(start, end)| match part {
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

/// Whether a boundary point may be at this place: 0, or a failure.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_check_point(node: u32, offset: u32) -> i32 {
    match with_tree(|tree| tree.check_boundary_point(given(node)?, offset)) {
        Ok(()) => 0,
        Err(error) => fail(error),
    }
}
