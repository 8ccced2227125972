//! What ranges do with their contents, on the tree alone: extract, clone, delete, insert, and order of boundary points.
//!
//! The standard's extract and clone call themselves for each level; here both sides of the range are climbed in a loop, so
//! that depth costs no stack.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-range-extract>

use std::cmp::Ordering;

use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::traversal::range::BoundaryPoint;
use readystate_dom::{CharacterData, DomError, NodeId, NodeKind, Tree};

/// Start and end.
pub(crate) type Points = (BoundaryPoint, BoundaryPoint);

/// What becomes of the contents.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Contents {
    /// They are copied.
    Clone,
    /// They move into a fragment.
    Extract,
    /// They go.
    Delete,
}

/// The order of two boundary points in one tree.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-range-bp-position>
pub(crate) fn compare(tree: &Tree, a: BoundaryPoint, b: BoundaryPoint) -> Ordering {
    // 2. The same node.
    if a.node == b.node {
        return a.offset.cmp(&b.offset);
    }
    // 4. A node around the other: by the child that leads there.
    if let Some(child) = child_towards(tree, a.node, b.node) {
        return if tree.index(child) < a.offset as usize {
            Ordering::Greater
        } else {
            Ordering::Less
        };
    }
    if let Some(child) = child_towards(tree, b.node, a.node) {
        return if tree.index(child) < b.offset as usize {
            Ordering::Less
        } else {
            Ordering::Greater
        };
    }
    // 3, 5. Tree order.
    if tree.precedes(a.node, b.node) {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

/// The child of `ancestor` that contains `node`; none if `node` is not below.
fn child_towards(tree: &Tree, ancestor: NodeId, node: NodeId) -> Option<NodeId> {
    tree.inclusive_ancestors(node)
        .find(|&id| tree.parent(id) == Some(ancestor))
}

fn offset(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn is_text_like(tree: &Tree, id: NodeId) -> bool {
    tree.character_data(id).is_some()
}

/// The deepest node around both.
pub(crate) fn common_ancestor(tree: &Tree, (start, end): Points) -> NodeId {
    tree.inclusive_ancestors(start.node)
        .find(|&id| tree.contains(id, end.node))
        .unwrap_or(start.node)
}

/// Where a range stands when its contents are gone.
fn collapsed_point(tree: &Tree, (start, end): Points) -> BoundaryPoint {
    if tree.contains(start.node, end.node) {
        return start;
    }
    let reference = tree
        .inclusive_ancestors(start.node)
        .find(|&id| {
            tree.parent(id)
                .is_none_or(|parent| tree.contains(parent, end.node))
        })
        .unwrap_or(start.node);
    match tree.parent(reference) {
        Some(parent) => BoundaryPoint {
            node: parent,
            offset: offset(tree.index(reference)) + 1,
        },
        None => start,
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

struct Work<'a> {
    tree: &'a mut Tree,
    contents: Contents,
}

impl Work<'_> {
    /// Puts whole nodes at the end of `into`, as they are or as copies; or removes them.
    fn take(&mut self, nodes: &[NodeId], into: Option<NodeId>) -> Result<(), DomError> {
        for &node in nodes {
            match (self.contents, into) {
                (Contents::Delete, _) => self.tree.remove(node)?,
                (Contents::Extract, Some(into)) => {
                    self.tree.append(node, into)?;
                }
                (Contents::Clone, Some(into)) => {
                    let copy = self.tree.clone_node(node, CloneDepth::Subtree)?;
                    self.tree.append(copy, into)?;
                }
                (_, None) => {}
            }
        }
        Ok(())
    }

    /// A copy of a part of character data; the part goes from the original unless it is cloned.
    fn take_text(
        &mut self,
        node: NodeId,
        from: u32,
        to: u32,
        into: Option<NodeId>,
    ) -> Result<(), DomError> {
        let (from, count) = (from as usize, to.saturating_sub(from) as usize);
        if let Some(into) = into {
            let part = self
                .tree
                .character_data(node)
                .map(|data| data.substring(from, count))
                .unwrap_or_default();
            let copy = self.tree.clone_node(node, CloneDepth::Node)?;
            self.tree.set_data(copy, part)?;
            self.tree.append(copy, into)?;
        }
        if self.contents != Contents::Clone {
            self.tree
                .replace_data(node, from, count, &CharacterData::default())?;
        }
        Ok(())
    }

    /// A copy of `node` without children, to hold what is taken of them.
    fn shell(&mut self, node: NodeId) -> Result<Option<NodeId>, DomError> {
        if self.contents == Contents::Delete {
            return Ok(None);
        }
        self.tree.clone_node(node, CloneDepth::Node).map(Some)
    }

    /// The part of the start's branch that lies in the range, up to below `common`; a copy of its top.
    fn start_branch(
        &mut self,
        start: BoundaryPoint,
        common: NodeId,
        fragment: Option<NodeId>,
    ) -> Result<(), DomError> {
        let mut node = start.node;
        let mut copy = self.shell_or_text(start, offset(self.tree.length(start.node)), true)?;
        while let Some(parent) = self.tree.parent(node).filter(|&parent| parent != common) {
            let after = siblings(self.tree, self.tree.next_sibling(node), None);
            let shell = self.shell(parent)?;
            if let (Some(shell), Some(copy)) = (shell, copy) {
                self.tree.append(copy, shell)?;
            }
            self.take(&after, shell)?;
            copy = shell;
            node = parent;
        }
        if let (Some(fragment), Some(copy)) = (fragment, copy) {
            self.tree.append(copy, fragment)?;
        }
        Ok(())
    }

    /// The part of the end's branch that lies in the range.
    fn end_branch(
        &mut self,
        end: BoundaryPoint,
        common: NodeId,
        fragment: Option<NodeId>,
    ) -> Result<(), DomError> {
        let mut node = end.node;
        let mut copy = self.shell_or_text(BoundaryPoint { node, offset: 0 }, end.offset, false)?;
        while let Some(parent) = self.tree.parent(node).filter(|&parent| parent != common) {
            let before = siblings(self.tree, self.tree.first_child(parent), Some(node));
            let shell = self.shell(parent)?;
            self.take(&before, shell)?;
            if let (Some(shell), Some(copy)) = (shell, copy) {
                self.tree.append(copy, shell)?;
            }
            copy = shell;
            node = parent;
        }
        if let (Some(fragment), Some(copy)) = (fragment, copy) {
            self.tree.append(copy, fragment)?;
        }
        Ok(())
    }

    /// What lies between two offsets of one node, in a copy of that node.
    fn shell_or_text(
        &mut self,
        from: BoundaryPoint,
        to: u32,
        is_start: bool,
    ) -> Result<Option<NodeId>, DomError> {
        let node = from.node;
        if is_text_like(self.tree, node) {
            // NOTE: a copy of text is put into a fragment first, for `take_text` to be of use here too.
            let Some(document) = self
                .tree
                .node_document(node)
                .filter(|_| self.contents != Contents::Delete)
            else {
                self.take_text(node, from.offset, to, None)?;
                return Ok(None);
            };
            let holder = self.tree.create_document_fragment(document)?;
            self.take_text(node, from.offset, to, Some(holder))?;
            return Ok(self.tree.first_child(holder));
        }
        let shell = self.shell(node)?;
        let children: Vec<NodeId> = if is_start {
            siblings(
                self.tree,
                self.tree.child_at(node, from.offset as usize),
                None,
            )
        } else {
            siblings(
                self.tree,
                self.tree.first_child(node),
                self.tree.child_at(node, to as usize),
            )
        };
        self.take(&children, shell)?;
        Ok(shell)
    }
}

/// Extracts, clones or deletes the contents of a range; gives the fragment and where the range stands afterwards.
///
/// # Errors
/// [`DomError::HierarchyRequest`] if a doctype would be copied or moved; [`DomError::NodeLimit`].
///
/// Standard: <https://dom.spec.whatwg.org/#concept-range-extract>, <https://dom.spec.whatwg.org/#concept-range-clone>,
/// <https://dom.spec.whatwg.org/#dom-range-deletecontents>
pub(crate) fn process(
    tree: &mut Tree,
    points: Points,
    contents: Contents,
) -> Result<(Option<NodeId>, BoundaryPoint), DomError> {
    let (start, end) = points;
    let document = tree
        .node_document(start.node)
        .ok_or(DomError::NotFound("the range's start is gone"))?;
    // 1. The fragment.
    let fragment = match contents {
        Contents::Delete => None,
        _ => Some(tree.create_document_fragment(document)?),
    };
    // 2. Nothing in it.
    if start == end {
        return Ok((fragment, start));
    }
    let mut work = Work { tree, contents };
    // 4. Within one text.
    if start.node == end.node && is_text_like(work.tree, start.node) {
        work.take_text(start.node, start.offset, end.offset, fragment)?;
        return Ok((fragment, start));
    }
    // 5–8. The children of the common ancestor that lie in the range whole, and the branches beside them.
    let tree = &mut *work.tree;
    let common = common_ancestor(tree, points);
    let first_partial = child_towards(tree, common, start.node);
    let last_partial = child_towards(tree, common, end.node);
    let first = match first_partial {
        Some(child) => tree.next_sibling(child),
        None => tree.child_at(common, start.offset as usize),
    };
    let stop = match last_partial {
        Some(child) => Some(child),
        None => tree.child_at(common, end.offset as usize),
    };
    let contained = siblings(tree, first, stop);
    // 9. No doctype among them.
    let has_doctype = contained
        .iter()
        .any(|&id| tree.kind(id) == Some(NodeKind::DocumentType));
    if has_doctype && contents != Contents::Delete {
        return Err(DomError::HierarchyRequest(
            "a doctype cannot be taken out of its document",
        ));
    }
    // 10. Where the range will be.
    let after = collapsed_point(tree, points);
    // 11. – 14. The start's branch, what lies between, the end's branch.
    if first_partial.is_some() {
        work.start_branch(start, common, fragment)?;
    }
    work.take(&contained, fragment)?;
    if last_partial.is_some() {
        work.end_branch(end, common, fragment)?;
    }
    Ok((fragment, after))
}

/// `insertNode()`: gives the range's new end if it was collapsed.
///
/// # Errors
/// [`DomError::HierarchyRequest`] and others as for an insertion.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-range-insert>
pub(crate) fn insert(
    tree: &mut Tree,
    (start, end): Points,
    node: NodeId,
) -> Result<Option<BoundaryPoint>, DomError> {
    let is_text = tree.is_text(start.node);
    // 1. Where nothing can be inserted.
    let refused = matches!(
        tree.kind(start.node),
        Some(NodeKind::ProcessingInstruction | NodeKind::Comment)
    ) || (is_text && tree.parent(start.node).is_none())
        || start.node == node;
    if refused {
        return Err(DomError::HierarchyRequest(
            "the range starts where no node can be inserted",
        ));
    }
    // 2–5. Before what, and in what.
    let mut reference = if is_text {
        Some(start.node)
    } else {
        tree.child_at(start.node, start.offset as usize)
    };
    let parent = if is_text {
        tree.parent(start.node).unwrap_or(start.node)
    } else {
        start.node
    };
    // 6. FIXME the validity is checked by the insertion itself, after a text node was split.
    // 7. A text is split.
    if is_text {
        reference = Some(tree.split_text(start.node, start.offset as usize)?);
    }
    // 8, 9. Not before itself.
    if reference == Some(node) {
        reference = tree.next_sibling(node);
    }
    if tree.parent(node).is_some() {
        tree.remove(node)?;
    }
    // 10, 11. Where it will end.
    let at = reference.map_or_else(|| tree.length(parent), |reference| tree.index(reference));
    let count = if tree.kind(node) == Some(NodeKind::DocumentFragment) {
        tree.length(node)
    } else {
        1
    };
    // 12. In.
    tree.insert_before(node, parent, reference)?;
    // 13. A collapsed range grows around it.
    Ok((start == end).then(|| BoundaryPoint {
        node: parent,
        offset: offset(at + count),
    }))
}

/// The text of a range.
///
/// Standard: <https://dom.spec.whatwg.org/#dom-range-stringifier>
pub(crate) fn text(tree: &Tree, (start, end): Points) -> CharacterData {
    let mut text = CharacterData::default();
    let data = |id: NodeId| tree.character_data(id).filter(|_| tree.is_text(id));
    // 2. Within one text.
    if start.node == end.node
        && let Some(data) = data(start.node)
    {
        return data.substring(
            start.offset as usize,
            end.offset.saturating_sub(start.offset) as usize,
        );
    }
    // 3. The rest of the start.
    if let Some(data) = data(start.node) {
        text.push(&data.substring(start.offset as usize, usize::MAX));
    }
    // 4. The texts between.
    let root = tree.root(start.node);
    let first = match tree.child_at(start.node, start.offset as usize) {
        Some(child) => Some(child),
        None => tree.following_outside(root, start.node),
    };
    let stop = match tree.child_at(end.node, end.offset as usize) {
        Some(child) if !is_text_like(tree, end.node) => Some(child),
        _ if is_text_like(tree, end.node) => Some(end.node),
        _ => tree.following_outside(root, end.node),
    };
    let mut next = first;
    while let Some(id) = next.filter(|&id| Some(id) != stop) {
        if let Some(data) = data(id) {
            text.push(data);
        }
        next = tree.following_in(root, id);
    }
    // 5. The beginning of the end.
    if let Some(data) = data(end.node) {
        text.push(&data.substring(0, end.offset as usize));
    }
    text
}
