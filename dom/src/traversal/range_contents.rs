//! What ranges do with their contents: extract, clone, delete, insert, surround.
//!
//! The standard's extract and clone call themselves for each level; here both sides of the range are climbed in a loop, so
//! that depth costs no stack.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-range-extract>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::clone::CloneDepth;
use crate::node::NodeKind;
use crate::node::character_data::CharacterData;
use crate::traversal::range::{BoundaryPoint, RangeId};

/// Whether the contents are copied or moved.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Taking {
    Copies,
    Originals,
}

/// What of the tree lies between two boundary points, seen from their common ancestor.
#[derive(Debug)]
struct Parts {
    common: NodeId,
    /// The child of the common ancestor that the start is in, if the start is not in the common ancestor itself.
    first_partial: Option<NodeId>,
    /// The same of the end.
    last_partial: Option<NodeId>,
    /// The children of the common ancestor that lie in the range whole.
    contained: Vec<NodeId>,
}

impl Parts {
    fn of(tree: &Tree, start: BoundaryPoint, end: BoundaryPoint) -> Self {
        let common = tree.common_inclusive_ancestor(start.node, end.node);
        let first_partial = tree.child_towards(common, start.node);
        let last_partial = tree.child_towards(common, end.node);
        let first = match first_partial {
            Some(child) => tree.next_sibling(child),
            None => tree.child_at(common, start.offset as usize),
        };
        let stop = last_partial.or_else(|| tree.child_at(common, end.offset as usize));
        Self {
            common,
            first_partial,
            last_partial,
            contained: siblings(tree, first, stop),
        }
    }
}

impl Tree {
    /// `Range.extractContents`: moves the contents into a new fragment; nodes that lie in the range only in part are split
    /// up between both.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if a doctype would move; [`DomError::NodeLimit`] if the tree is full, with a part of
    /// the contents moved.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-extract>
    pub fn extract_range_contents(&mut self, range: RangeId) -> Result<NodeId, DomError> {
        let (start, end) = self.range_points(range)?;
        let after = self.collapsed_point(start, end);
        let fragment = self.take_contents(start, end, Taking::Originals)?;
        // 20. The range is empty now.
        self.set_range(range, after, after);
        // 21. What was in it.
        Ok(fragment)
    }

    /// `Range.cloneContents`: copies the contents into a new fragment.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if a doctype would be copied; [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-clone>
    pub fn clone_range_contents(&mut self, range: RangeId) -> Result<NodeId, DomError> {
        let (start, end) = self.range_points(range)?;
        self.take_contents(start, end, Taking::Copies)
    }

    /// `Range.deleteContents`: removes the nodes that lie in the range whole, and its part of the text at its ends.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if the range was freed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-deletecontents>
    pub fn delete_range_contents(&mut self, range: RangeId) -> Result<(), DomError> {
        let (start, end) = self.range_points(range)?;
        // 1. Nothing in it.
        if start == end {
            return Ok(());
        }
        let is_start_data = self.character_data(start.node).is_some();
        // 3. Within one text.
        if start.node == end.node && is_start_data {
            return self.delete_units(start.node, start.offset, end.offset);
        }
        // 4. What goes.
        let nodes = self.contained_roots(start, end);
        // 5–7. Where the range will be.
        let after = self.collapsed_point(start, end);
        // 8. The end of the start.
        if is_start_data {
            let length = offset(self.length(start.node));
            self.delete_units(start.node, start.offset, length)?;
        }
        // 9. The nodes.
        for node in nodes {
            self.remove(node)?;
        }
        // 10. The beginning of the end.
        if self.character_data(end.node).is_some() {
            self.delete_units(end.node, 0, end.offset)?;
        }
        // 11. Both points there.
        self.set_range(range, after, after);
        Ok(())
    }

    /// `Range.insertNode`: inserts at the start, in the middle of a text if it must be; an empty range grows around it.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] and others, as for [`Self::pre_insert`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-insert>
    pub fn insert_into_range(&mut self, range: RangeId, node: NodeId) -> Result<(), DomError> {
        let (start, _) = self.range_points(range)?;
        let is_text = self.is_text(start.node);
        // 1. Where nothing can be inserted.
        let refused = matches!(
            self.kind(start.node),
            Some(NodeKind::ProcessingInstruction | NodeKind::Comment)
        ) || (is_text && self.parent(start.node).is_none())
            || start.node == node;
        if refused {
            return Err(DomError::HierarchyRequest(
                "the range starts where no node can be inserted",
            ));
        }
        // 2–4. Before what.
        let mut reference = if is_text {
            Some(start.node)
        } else {
            self.child_at(start.node, start.offset as usize)
        };
        // 5. In what.
        let parent = reference
            .and_then(|reference| self.parent(reference))
            .unwrap_or(start.node);
        // 6. Before anything has changed: may it go there?
        self.ensure_pre_insert_validity(node, parent, reference, &[])?;
        // 7. A text is split.
        if is_text {
            reference = Some(self.split_text(start.node, start.offset as usize)?);
        }
        // 8. Not before itself.
        if reference == Some(node) {
            reference = self.next_sibling(node);
        }
        // 9. Out of where it is.
        if self.parent(node).is_some() {
            self.remove(node)?;
        }
        // 10, 11. Where it will end.
        let at = reference.map_or_else(|| self.length(parent), |reference| self.index(reference));
        let count = match self.kind(node) {
            Some(NodeKind::DocumentFragment) => self.length(node),
            _ => 1,
        };
        // 12. In.
        self.pre_insert(node, parent, reference)?;
        // 13. An empty range grows around it.
        let (start, end) = self.range_points(range)?;
        if start == end {
            let end = BoundaryPoint {
                node: parent,
                offset: offset(at + count),
            };
            self.set_range_end(range, end)?;
        }
        Ok(())
    }

    /// `Range.surroundContents`: puts the contents into `new_parent`, which loses its own children, and that in their place.
    ///
    /// # Errors
    /// [`DomError::InvalidState`] if a node that is no text lies in the range only in part; [`DomError::InvalidNodeType`]
    /// if `new_parent` is a document, a doctype or a fragment; as [`Self::extract_range_contents`] and
    /// [`Self::insert_into_range`], then with the contents taken out.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-range-surroundcontents>
    pub fn surround_range_contents(
        &mut self,
        range: RangeId,
        new_parent: NodeId,
    ) -> Result<(), DomError> {
        // 1. Only texts may be partly in it.
        let (start, end) = self.range_points(range)?;
        let common = self.common_inclusive_ancestor(start.node, end.node);
        let is_split = |node: NodeId| {
            self.inclusive_ancestors(node)
                .take_while(|&id| id != common)
                .any(|id| !self.is_text(id))
        };
        if is_split(start.node) || is_split(end.node) {
            return Err(DomError::InvalidState(
                "the range holds a part of a node that is no text",
            ));
        }
        // 2. What has no room for them.
        if matches!(
            self.kind(new_parent),
            Some(NodeKind::Document | NodeKind::DocumentType | NodeKind::DocumentFragment)
        ) {
            return Err(DomError::InvalidNodeType("the node cannot surround others"));
        }
        // 3. Out.
        let fragment = self.extract_range_contents(range)?;
        // 4. Its own children go.
        if self.has_child_nodes(new_parent) {
            self.replace_children(None, new_parent)?;
        }
        // 5, 6. In.
        self.insert_into_range(range, new_parent)?;
        self.append(fragment, new_parent)?;
        // 7. The range is around it.
        self.select_node(range, new_parent)
    }

    /// `Range.selectNode`: puts a range around a node.
    ///
    /// # Errors
    /// [`DomError::InvalidNodeType`] if the node has no parent.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-range-select>
    pub fn select_node(&mut self, range: RangeId, node: NodeId) -> Result<(), DomError> {
        // 1, 2. Its parent.
        let parent = self
            .parent(node)
            .ok_or(DomError::InvalidNodeType("the node has no parent"))?;
        // 3–5. Before and after it.
        let before = BoundaryPoint {
            node: parent,
            offset: offset(self.index(node)),
        };
        let after = BoundaryPoint {
            offset: before.offset.saturating_add(1),
            ..before
        };
        self.set_range(range, before, after);
        Ok(())
    }

    /// Where a range stands when its contents are gone.
    fn collapsed_point(&self, start: BoundaryPoint, end: BoundaryPoint) -> BoundaryPoint {
        // The start, if it is around the end.
        if self.contains(start.node, end.node) {
            return start;
        }
        // Else behind what is around the start and not around the end.
        let reference = self
            .inclusive_ancestors(start.node)
            .find(|&id| {
                self.parent(id)
                    .is_none_or(|parent| self.contains(parent, end.node))
            })
            .unwrap_or(start.node);
        match self.parent(reference) {
            Some(parent) => BoundaryPoint {
                node: parent,
                offset: offset(self.index(reference) + 1),
            },
            None => start,
        }
    }

    fn delete_units(&mut self, node: NodeId, from: u32, to: u32) -> Result<(), DomError> {
        let count = to.saturating_sub(from) as usize;
        self.replace_data(node, from as usize, count, &CharacterData::default())
    }

    /// The nodes that lie in a range whole and whose parents do not, in tree order.
    fn contained_roots(&self, start: BoundaryPoint, end: BoundaryPoint) -> Vec<NodeId> {
        let parts = Parts::of(self, start, end);
        let mut nodes = Vec::new();
        if parts.first_partial.is_some() {
            nodes.extend(self.children_after(start));
            for node in self.path_below(parts.common, start.node) {
                if self.parent(node) != Some(parts.common) {
                    nodes.extend(siblings(self, self.next_sibling(node), None));
                }
            }
        }
        nodes.extend(parts.contained);
        if parts.last_partial.is_some() {
            let path = self.path_below(parts.common, end.node);
            let inner = path.iter().rev().skip(1);
            for (&node, &stop) in path.iter().rev().zip(inner) {
                nodes.extend(siblings(self, self.first_child(node), Some(stop)));
            }
            nodes.extend(self.children_before(end));
        }
        nodes
    }

    /// The children from a boundary point on; none of character data.
    fn children_after(&self, point: BoundaryPoint) -> Vec<NodeId> {
        siblings(self, self.child_at(point.node, point.offset as usize), None)
    }

    /// The children before a boundary point; none of character data.
    fn children_before(&self, point: BoundaryPoint) -> Vec<NodeId> {
        siblings(
            self,
            self.first_child(point.node),
            self.child_at(point.node, point.offset as usize),
        )
    }

    /// `node` and its ancestors below `common`, from the inside out.
    fn path_below(&self, common: NodeId, node: NodeId) -> Vec<NodeId> {
        self.inclusive_ancestors(node)
            .take_while(|&id| id != common)
            .collect()
    }

    /// The steps that extracting and cloning share: the fragment.
    fn take_contents(
        &mut self,
        start: BoundaryPoint,
        end: BoundaryPoint,
        taking: Taking,
    ) -> Result<NodeId, DomError> {
        let document = self
            .node_document(start.node)
            .ok_or(DomError::NotFound("the range's start is gone"))?;
        // 1. The fragment.
        let fragment = self.create_document_fragment(document)?;
        // 2. Nothing in it.
        if start == end {
            return Ok(fragment);
        }
        // 4. Within one text.
        if start.node == end.node && self.character_data(start.node).is_some() {
            self.take_units(start.node, start.offset, end.offset, taking, fragment)?;
            return Ok(fragment);
        }
        // 5–11. The children of the common ancestor that lie in the range, whole or in part.
        let parts = Parts::of(self, start, end);
        // 12. No doctype among them.
        let is_doctype = |&id: &NodeId| self.kind(id) == Some(NodeKind::DocumentType);
        if parts.contained.iter().any(is_doctype) {
            return Err(DomError::HierarchyRequest(
                "a doctype cannot be taken out of its document",
            ));
        }
        // 15, 16. The start's branch.
        if parts.first_partial.is_some() {
            self.take_start_branch(start, parts.common, taking, fragment)?;
        }
        // 17. What lies between.
        self.take_nodes(&parts.contained, taking, fragment)?;
        // 18, 19. The end's branch.
        if parts.last_partial.is_some() {
            self.take_end_branch(end, parts.common, taking, fragment)?;
        }
        Ok(fragment)
    }

    /// Puts whole nodes at the end of `into`, as they are or as copies.
    fn take_nodes(
        &mut self,
        nodes: &[NodeId],
        taking: Taking,
        into: NodeId,
    ) -> Result<(), DomError> {
        for &node in nodes {
            let node = match taking {
                Taking::Originals => node,
                Taking::Copies => self.clone_node(node, CloneDepth::Subtree)?,
            };
            self.append(node, into)?;
        }
        Ok(())
    }

    /// Puts a copy of a part of character data at the end of `into`; the part goes from the original unless copies are taken.
    fn take_units(
        &mut self,
        node: NodeId,
        from: u32,
        to: u32,
        taking: Taking,
        into: NodeId,
    ) -> Result<(), DomError> {
        let part = self.substring_data(node, from as usize, to.saturating_sub(from) as usize)?;
        let copy = self.clone_node(node, CloneDepth::Node)?;
        self.set_data(copy, part)?;
        self.append(copy, into)?;
        match taking {
            Taking::Copies => Ok(()),
            Taking::Originals => self.delete_units(node, from, to),
        }
    }

    /// A copy of `node` without its children, at the end of `into`.
    fn append_shell(&mut self, node: NodeId, into: NodeId) -> Result<NodeId, DomError> {
        let shell = self.clone_node(node, CloneDepth::Node)?;
        self.append(shell, into)
    }

    /// The part of the start's branch that lies in the range, up to below `common`.
    fn take_start_branch(
        &mut self,
        start: BoundaryPoint,
        common: NodeId,
        taking: Taking,
        fragment: NodeId,
    ) -> Result<(), DomError> {
        let path = self.path_below(common, start.node);
        let is_data = self.character_data(start.node).is_some();
        // The branch again, from the outside in, without its children.
        let mut shells = Vec::with_capacity(path.len());
        let mut into = fragment;
        for &node in path.iter().skip(usize::from(is_data)).rev() {
            into = self.append_shell(node, into)?;
            shells.push(into);
        }
        // The children, from the inside out.
        if is_data {
            let length = offset(self.length(start.node));
            self.take_units(start.node, start.offset, length, taking, into)?;
        } else {
            self.take_nodes(&self.children_after(start), taking, into)?;
            shells.pop();
        }
        for (&node, &shell) in path.iter().zip(shells.iter().rev()) {
            let after = siblings(self, self.next_sibling(node), None);
            self.take_nodes(&after, taking, shell)?;
        }
        Ok(())
    }

    /// The part of the end's branch that lies in the range, from below `common` down.
    fn take_end_branch(
        &mut self,
        end: BoundaryPoint,
        common: NodeId,
        taking: Taking,
        fragment: NodeId,
    ) -> Result<(), DomError> {
        let path = self.path_below(common, end.node);
        let mut into = fragment;
        let inner = path.iter().rev().skip(1);
        for (&node, &stop) in path.iter().rev().zip(inner) {
            let before = siblings(self, self.first_child(node), Some(stop));
            into = self.append_shell(node, into)?;
            self.take_nodes(&before, taking, into)?;
        }
        if self.character_data(end.node).is_some() {
            return self.take_units(end.node, 0, end.offset, taking, into);
        }
        let before = self.children_before(end);
        into = self.append_shell(end.node, into)?;
        self.take_nodes(&before, taking, into)
    }
}

/// Siblings from `first` up to, not with, `end`.
fn siblings(tree: &Tree, first: Option<NodeId>, end: Option<NodeId>) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut next = first;
    while let Some(id) = next.filter(|&id| Some(id) != end) {
        found.push(id);
        next = tree.next_sibling(id);
    }
    found
}

fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
