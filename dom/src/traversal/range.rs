//! Live ranges: boundary points that follow mutations.
//!
//! A range is two boundary points in a table of the tree; the mutation algorithms call the `…_ranges` methods here.
//! What a range does with its points (extract, surround, …) is built on top.
//!
//! Standard: <https://dom.spec.whatwg.org/#ranges>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::{NodeFlags, NodeKind};

/// The name of a live range; small and dense, used again after [`Tree::free_range`].
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub struct RangeId(u32);

impl RangeId {
    /// The id with the number `raw`. Whether there is such a range is found out when it is used.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The id's number.
    pub const fn raw(self) -> u32 {
        self.0
    }
}

/// A place in a tree: `offset` children or code units into `node`.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-range-bp>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub struct BoundaryPoint {
    /// The node.
    pub node: NodeId,
    /// Children, or UTF-16 code units of character data.
    pub offset: u32,
}

/// All live ranges of a tree; a free slot is `None`.
#[derive(Debug, Default)]
pub(crate) struct LiveRanges {
    ranges: Vec<Option<(BoundaryPoint, BoundaryPoint)>>,
    live: u32,
}

impl LiveRanges {
    #[inline]
    fn is_empty(&self) -> bool {
        self.live == 0
    }

    fn for_each_point(&mut self, mut change: impl FnMut(&mut BoundaryPoint)) {
        for (start, end) in self.ranges.iter_mut().flatten() {
            change(start);
            change(end);
        }
    }
}

impl Tree {
    /// Makes a live range from `start` to `end`, which lie in one tree, in order, with offsets that exist.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if there are too many.
    pub fn create_range(
        &mut self,
        start: BoundaryPoint,
        end: BoundaryPoint,
    ) -> Result<RangeId, DomError> {
        let free = self.ranges.ranges.iter().position(Option::is_none);
        let index = match free {
            Some(index) => index,
            None => {
                self.ranges.ranges.push(None);
                self.ranges.ranges.len() - 1
            }
        };
        let id = RangeId(u32::try_from(index).map_err(|_| DomError::NodeLimit)?);
        self.ranges.live += 1;
        self.set_range(id, start, end);
        Ok(id)
    }

    /// Moves both ends of a range.
    pub fn set_range(&mut self, range: RangeId, start: BoundaryPoint, end: BoundaryPoint) {
        if let Some(slot) = self.ranges.ranges.get_mut(range.0 as usize) {
            *slot = Some((start, end));
            self.set_flag(start.node, NodeFlags::RANGE_BOUNDARY, true);
            self.set_flag(end.node, NodeFlags::RANGE_BOUNDARY, true);
        }
    }

    /// Where a range starts and ends now.
    pub fn range(&self, range: RangeId) -> Option<(BoundaryPoint, BoundaryPoint)> {
        *self.ranges.ranges.get(range.0 as usize)?
    }

    /// Forgets a range that nothing can reach any more.
    pub fn free_range(&mut self, range: RangeId) {
        if let Some(slot) = self.ranges.ranges.get_mut(range.0 as usize)
            && slot.take().is_some()
        {
            self.ranges.live -= 1;
        }
    }

    fn change_points(&mut self, mut change: impl FnMut(&Self, &mut BoundaryPoint)) {
        let mut ranges = std::mem::take(&mut self.ranges);
        ranges.for_each_point(|point| change(self, point));
        self.ranges = ranges;
        let nodes: Vec<_> = self
            .ranges
            .ranges
            .iter()
            .flatten()
            .flat_map(|(start, end)| [start.node, end.node])
            .collect();
        for node in nodes {
            self.set_flag(node, NodeFlags::RANGE_BOUNDARY, true);
        }
    }

    /// Insert's adjustment: `count` nodes go in before `child`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-insert> step 5
    #[inline]
    pub(crate) fn insert_ranges(&mut self, parent: NodeId, child: Option<NodeId>, count: usize) {
        if self.ranges.is_empty() {
            return;
        }
        if let Some(child) = child {
            let index = self.index(child);
            self.change_points(|_, point| {
                if point.node == parent && point.offset as usize > index {
                    point.offset = point.offset.saturating_add(saturate(count));
                }
            });
        }
    }

    /// The live range pre-remove steps.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#live-range-pre-remove-steps>
    #[inline]
    pub(crate) fn pre_remove_ranges(&mut self, node: NodeId) {
        if self.ranges.is_empty() {
            return;
        }
        let Some(parent) = self.parent(node) else {
            return;
        };
        let index = self.index(node);
        self.change_points(|tree, point| {
            if tree.contains(node, point.node) {
                *point = BoundaryPoint {
                    node: parent,
                    offset: saturate(index),
                };
            } else if point.node == parent && point.offset as usize > index {
                point.offset -= 1;
            }
        });
    }

    /// Replace data's adjustment.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-cd-replace> steps 8–11
    #[inline]
    pub(crate) fn replace_data_ranges(
        &mut self,
        node: NodeId,
        offset: usize,
        count: usize,
        added: usize,
    ) {
        if self.ranges.is_empty() || !self.has_flag(node, NodeFlags::RANGE_BOUNDARY) {
            return;
        }
        self.change_points(|_, point| {
            let at = point.offset as usize;
            if point.node != node || at <= offset {
                return;
            }
            point.offset = if at <= offset + count {
                saturate(offset)
            } else {
                saturate(at + added - count)
            };
        });
    }

    /// Split's adjustment: the units of `node` from `offset` now belong to `new_node`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-text-split> step 7
    pub(crate) fn split_ranges(&mut self, node: NodeId, offset: usize, new_node: NodeId) {
        if self.ranges.is_empty() {
            return;
        }
        let Some(parent) = self.parent(node) else {
            return;
        };
        let index = self.index(node);
        self.change_points(|_, point| {
            let at = point.offset as usize;
            if point.node == node && at > offset {
                *point = BoundaryPoint {
                    node: new_node,
                    offset: saturate(at - offset),
                };
            } else if point.node == parent && at == index + 1 {
                point.offset += 1;
            }
        });
    }

    /// Normalize's adjustment: `current` is about to vanish, its text stands in `node` from `length`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-normalize> step 6
    pub(crate) fn merge_ranges(&mut self, node: NodeId, current: NodeId, length: usize) {
        if self.ranges.is_empty() {
            return;
        }
        let parent = self.parent(current);
        let index = self.index(current);
        self.change_points(|_, point| {
            if point.node == current {
                *point = BoundaryPoint {
                    node,
                    offset: saturate(point.offset as usize + length),
                };
            } else if Some(point.node) == parent && point.offset as usize == index {
                *point = BoundaryPoint {
                    node,
                    offset: saturate(length),
                };
            }
        });
    }

    /// Whether a live range starts or ends in the node, or a node iterator stands there; such a node is not freed.
    pub(crate) fn is_range_boundary(&self, node: NodeId) -> bool {
        self.has_flag(node, NodeFlags::RANGE_BOUNDARY)
            && (self.node_iterators.names(node)
                || self
                    .ranges
                    .ranges
                    .iter()
                    .flatten()
                    .any(|(start, end)| start.node == node || end.node == node))
    }

    /// Whether a boundary point may stand at `offset` in `node`.
    ///
    /// # Errors
    /// [`DomError::InvalidNodeType`] for a doctype; [`DomError::IndexSize`] past the node's length.
    pub fn check_boundary_point(&self, node: NodeId, offset: u32) -> Result<(), DomError> {
        if self.kind(node) == Some(NodeKind::DocumentType) {
            return Err(DomError::InvalidNodeType("a range cannot end in a doctype"));
        }
        if offset as usize > self.length(node) {
            return Err(DomError::IndexSize("the offset lies past the node's end"));
        }
        Ok(())
    }
}

fn saturate(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
