//! Boundary points: the order of places in a tree, and what a range's own two points say about another place.
//!
//! Standard: <https://dom.spec.whatwg.org/#boundary-points>, text of November 2026.

use std::cmp::Ordering;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::traversal::range::{BoundaryPoint, RangeId};

impl Tree {
    /// The order of two boundary points of one tree.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-bp-position>
    pub fn compare_boundary_points(&self, a: BoundaryPoint, b: BoundaryPoint) -> Ordering {
        // 2. The same node.
        if a.node == b.node {
            return a.offset.cmp(&b.offset);
        }
        // 4. A node around the other: by the child that leads there.
        if let Some(child) = self.child_towards(a.node, b.node) {
            return if self.index(child) < a.offset as usize {
                Ordering::Greater
            } else {
                Ordering::Less
            };
        }
        if let Some(child) = self.child_towards(b.node, a.node) {
            return if self.index(child) < b.offset as usize {
                Ordering::Less
            } else {
                Ordering::Greater
            };
        }
        // 3, 5. Tree order.
        if self.precedes(a.node, b.node) {
            Ordering::Less
        } else {
            Ordering::Greater
        }
    }

    /// The child of `ancestor` that contains `node`; none if `node` is not below.
    pub(crate) fn child_towards(&self, ancestor: NodeId, node: NodeId) -> Option<NodeId> {
        self.inclusive_ancestors(node)
            .find(|&id| self.parent(id) == Some(ancestor))
    }

    /// Where a range starts and ends, as a result.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if the range was freed.
    pub(crate) fn range_points(
        &self,
        range: RangeId,
    ) -> Result<(BoundaryPoint, BoundaryPoint), DomError> {
        self.range(range)
            .ok_or(DomError::InvalidState("the range is gone"))
    }

    /// `Range.setStart`: the end follows if it would lie before the start or in another tree.
    ///
    /// # Errors
    /// As [`Self::check_boundary_point`]; [`DomError::InvalidState`] if the range was freed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-bp-set>
    pub fn set_range_start(
        &mut self,
        range: RangeId,
        point: BoundaryPoint,
    ) -> Result<(), DomError> {
        // 1, 2. No doctype, no offset past the end.
        self.check_boundary_point(point.node, point.offset)?;
        // 4.1. The end stays where it can.
        let (_, end) = self.range_points(range)?;
        let moves = self.root(end.node) != self.root(point.node)
            || self.compare_boundary_points(point, end) == Ordering::Greater;
        // 4.2. The start.
        self.set_range(range, point, if moves { point } else { end });
        Ok(())
    }

    /// `Range.setEnd`: the start follows if it would lie after the end or in another tree.
    ///
    /// # Errors
    /// As [`Self::set_range_start`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-bp-set>
    pub fn set_range_end(&mut self, range: RangeId, point: BoundaryPoint) -> Result<(), DomError> {
        // 1, 2. No doctype, no offset past the end.
        self.check_boundary_point(point.node, point.offset)?;
        // 4.1. The start stays where it can.
        let (start, _) = self.range_points(range)?;
        let moves = self.root(start.node) != self.root(point.node)
            || self.compare_boundary_points(point, start) == Ordering::Less;
        // 4.2. The end.
        self.set_range(range, if moves { point } else { start }, point);
        Ok(())
    }

    /// `Range.comparePoint`: whether a place lies before a range, in it (also on its edges), or after it.
    ///
    /// # Errors
    /// [`DomError::WrongDocument`] for a place in another tree; as [`Self::check_boundary_point`] for one that cannot be.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-comparepoint>
    pub fn compare_point_with_range(
        &self,
        range: RangeId,
        point: BoundaryPoint,
    ) -> Result<Ordering, DomError> {
        let (start, end) = self.range_points(range)?;
        // 1. Another tree.
        if self.root(point.node) != self.root(start.node) {
            return Err(DomError::WrongDocument(
                "the node is not in the range's tree",
            ));
        }
        // 2, 3. A place that cannot be.
        self.check_boundary_point(point.node, point.offset)?;
        // 4. Before it.
        if self.compare_boundary_points(point, start) == Ordering::Less {
            return Ok(Ordering::Less);
        }
        // 5, 6. After it, or in it.
        if self.compare_boundary_points(point, end) == Ordering::Greater {
            return Ok(Ordering::Greater);
        }
        Ok(Ordering::Equal)
    }

    /// `Range.intersectsNode`: whether some of the node lies in the range.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if the range was freed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-intersectsnode>
    pub fn range_intersects_node(&self, range: RangeId, node: NodeId) -> Result<bool, DomError> {
        let (start, end) = self.range_points(range)?;
        // 1. Another tree.
        if self.root(node) != self.root(start.node) {
            return Ok(false);
        }
        // 2, 3. The root always does.
        let Some(parent) = self.parent(node) else {
            return Ok(true);
        };
        // 4. Its place.
        let before = BoundaryPoint {
            node: parent,
            offset: u32::try_from(self.index(node)).unwrap_or(u32::MAX),
        };
        let after = BoundaryPoint {
            offset: before.offset.saturating_add(1),
            ..before
        };
        // 5, 6. It begins before the end and ends after the start.
        Ok(self.compare_boundary_points(before, end) == Ordering::Less
            && self.compare_boundary_points(after, start) == Ordering::Greater)
    }

    /// `Range.commonAncestorContainer`: the deepest node around both ends.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if the range was freed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-commonancestorcontainer>
    pub fn range_common_ancestor(&self, range: RangeId) -> Result<NodeId, DomError> {
        let (start, end) = self.range_points(range)?;
        Ok(self.common_inclusive_ancestor(start.node, end.node))
    }

    /// The deepest node that contains both; `a` if they are in different trees.
    pub(crate) fn common_inclusive_ancestor(&self, a: NodeId, b: NodeId) -> NodeId {
        self.inclusive_ancestors(a)
            .find(|&id| self.contains(id, b))
            .unwrap_or(a)
    }
}
