//! Live ranges: boundary points that follow mutations.
//!
//! A range is two boundary points in a table of the tree; the mutation algorithms call the `…_ranges` methods here.
//! What a range does with its points (extract, surround, …) is built on top.
//!
//! Standard: <https://dom.spec.whatwg.org/#ranges>, text of November 2026.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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

/// All live ranges of a tree.
#[derive(Debug, Default)]
pub(crate) struct LiveRanges {
    /// A free slot is `None`.
    ranges: Vec<Option<(BoundaryPoint, BoundaryPoint)>>,
    free: Vec<u32>,
    /// The ranges that start or end in a node.
    // OPTIMIZATION: a page may have a hundred thousand ranges that wait for the collector; a mutation looks at those it concerns.
    by_node: HashMap<NodeId, Vec<u32>>,
}

impl LiveRanges {
    /// With more boundary nodes than this, a removed tree is searched for them rather than they for the tree.
    const FEW_NODES: usize = 64;

    #[inline]
    fn is_empty(&self) -> bool {
        self.by_node.is_empty()
    }

    fn get(&self, range: u32) -> Option<(BoundaryPoint, BoundaryPoint)> {
        *self.ranges.get(range as usize)?
    }

    fn at(&self, node: NodeId) -> &[u32] {
        self.by_node.get(&node).map_or(&[], Vec::as_slice)
    }

    fn set(&mut self, range: u32, points: Option<(BoundaryPoint, BoundaryPoint)>) {
        let Some(slot) = self.ranges.get_mut(range as usize) else {
            return;
        };
        let old = std::mem::replace(slot, points);
        let nodes = |points: Option<(BoundaryPoint, BoundaryPoint)>| {
            points.map(|(start, end)| [start.node, end.node])
        };
        if nodes(old) == nodes(points) {
            return;
        }
        for node in nodes(old).into_iter().flatten() {
            if let Entry::Occupied(mut entry) = self.by_node.entry(node) {
                if let Some(index) = entry.get().iter().position(|&other| other == range) {
                    entry.get_mut().swap_remove(index);
                }
                if entry.get().is_empty() {
                    entry.remove();
                }
            }
        }
        // NOTE: a range within one node is listed there twice.
        for node in nodes(points).into_iter().flatten() {
            self.by_node.entry(node).or_default().push(range);
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
        let index = match self.ranges.free.pop() {
            Some(index) => index,
            None => {
                let index =
                    u32::try_from(self.ranges.ranges.len()).map_err(|_| DomError::NodeLimit)?;
                self.ranges.ranges.push(None);
                index
            }
        };
        self.set_range(RangeId(index), start, end);
        Ok(RangeId(index))
    }

    /// Moves both ends of a range.
    pub fn set_range(&mut self, range: RangeId, start: BoundaryPoint, end: BoundaryPoint) {
        self.ranges.set(range.0, Some((start, end)));
        self.set_flag(start.node, NodeFlags::RANGE_BOUNDARY, true);
        self.set_flag(end.node, NodeFlags::RANGE_BOUNDARY, true);
    }

    /// Where a range starts and ends now.
    pub fn range(&self, range: RangeId) -> Option<(BoundaryPoint, BoundaryPoint)> {
        self.ranges.get(range.0)
    }

    /// Forgets a range that nothing can reach any more.
    pub fn free_range(&mut self, range: RangeId) {
        if self.range(range).is_some() {
            self.ranges.set(range.0, None);
            self.ranges.free.push(range.0);
        }
    }

    /// Changes the points of the ranges that start or end in one of `nodes`.
    fn change_points(&mut self, nodes: &[NodeId], change: impl Fn(&Self, &mut BoundaryPoint)) {
        let mut affected: Vec<u32> = Vec::new();
        for &node in nodes {
            affected.extend(self.ranges.at(node));
        }
        affected.sort_unstable();
        affected.dedup();
        for range in affected {
            if let Some((mut start, mut end)) = self.ranges.get(range) {
                change(self, &mut start);
                change(self, &mut end);
                self.set_range(RangeId(range), start, end);
            }
        }
    }

    /// The nodes at or below `root` that ranges start or end in.
    fn boundary_nodes_in(&self, root: NodeId) -> Vec<NodeId> {
        if self.ranges.by_node.len() <= LiveRanges::FEW_NODES {
            let nodes = self.ranges.by_node.keys().copied();
            return nodes.filter(|&node| self.contains(root, node)).collect();
        }
        self.inclusive_descendants(root)
            .filter(|&node| self.has_flag(node, NodeFlags::RANGE_BOUNDARY))
            .collect()
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
            // OPTIMIZATION: finding the index takes a walk.
            if self.ranges.at(parent).is_empty() {
                return;
            }
            let index = self.index(child);
            self.change_points(&[parent], |_, point| {
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
        let mut nodes = self.boundary_nodes_in(node);
        nodes.push(parent);
        if nodes.iter().all(|&node| self.ranges.at(node).is_empty()) {
            return;
        }
        let index = self.index(node);
        self.change_points(&nodes, |tree, point| {
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
        self.change_points(&[node], |_, point| {
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
        self.change_points(&[node, parent], |_, point| {
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
        let nodes = [Some(current), parent];
        let nodes: Vec<NodeId> = nodes.into_iter().flatten().collect();
        self.change_points(&nodes, |_, point| {
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
            && (self.node_iterators.names(node) || !self.ranges.at(node).is_empty())
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
