//! Whether a node may go where it is to go.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::{NodeData, NodeKind};

const NOT_A_PARENT: DomError = DomError::HierarchyRequest("this node cannot have children");
const CYCLE: DomError =
    DomError::HierarchyRequest("the new child contains the parent it is to go into");
const NOT_A_CHILD: DomError =
    DomError::NotFound("the reference node is not a child of this parent");
const NOT_INSERTABLE: DomError = DomError::HierarchyRequest("this node cannot be a child");
const TEXT_IN_DOCUMENT: DomError = DomError::HierarchyRequest("a document cannot hold text");
const DOCTYPE_ELSEWHERE: DomError =
    DomError::HierarchyRequest("a doctype can only be the child of a document");
const SECOND_ELEMENT: DomError =
    DomError::HierarchyRequest("a document holds one element, after its doctype");
const SECOND_DOCTYPE: DomError =
    DomError::HierarchyRequest("a document holds one doctype, before its element");

impl Tree {
    /// Checks that `node` may be inserted into `parent` before `child`, once `excluded` are gone from there.
    ///
    /// # Errors
    /// [`DomError::HierarchyRequest`] if the node tree constraints forbid it; [`DomError::NotFound`] if `child` is not
    /// a child of `parent`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-ensure-pre-insertion-validity>
    #[inline]
    pub(crate) fn ensure_pre_insert_validity(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
        excluded: &[NodeId],
    ) -> Result<(), DomError> {
        // 1. Only these have children.
        let is_document = match self.node(parent).data {
            NodeData::Element(_) | NodeData::DocumentFragment { .. } => false,
            NodeData::Document(_) => true,
            _ => return Err(NOT_A_PARENT),
        };
        // 2. No cycle.
        if self.is_host_including_inclusive_ancestor(node, parent) {
            return Err(CYCLE);
        }
        // 3. The reference is a child.
        if let Some(child) = child
            && self.parent(child) != Some(parent)
        {
            return Err(NOT_A_CHILD);
        }
        // 4. Only these are children.
        let kind = self.kind(node);
        match kind {
            None | Some(NodeKind::Document | NodeKind::Attr) => return Err(NOT_INSERTABLE),
            _ => {}
        }
        // 5. Outside documents only doctypes are refused.
        if !is_document {
            return match kind {
                Some(NodeKind::DocumentType) => Err(DOCTYPE_ELSEWHERE),
                _ => Ok(()),
            };
        }
        self.ensure_document_child_validity(node, parent, child, excluded)
    }

    /// Steps 6 to 11, for a parent that is a document.
    fn ensure_document_child_validity(
        &self,
        node: NodeId,
        parent: NodeId,
        child: Option<NodeId>,
        excluded: &[NodeId],
    ) -> Result<(), DomError> {
        let has_other = |kind| {
            self.children(parent)
                .any(|other| self.kind(other) == Some(kind) && !excluded.contains(&other))
        };
        match self.kind(node) {
            // 6. No text.
            Some(NodeKind::Text | NodeKind::CdataSection) => return Err(TEXT_IN_DOCUMENT),
            // 10, 11. One doctype, before the element.
            Some(NodeKind::DocumentType) => {
                let is_after_element = match child {
                    Some(child) => self.has_preceding_sibling(child, NodeKind::Element),
                    None => has_other(NodeKind::Element),
                };
                return if has_other(NodeKind::DocumentType) || is_after_element {
                    Err(SECOND_DOCTYPE)
                } else {
                    Ok(())
                };
            }
            // 8. A fragment brings at most one element, and no text.
            Some(NodeKind::DocumentFragment) => {
                if self.children(node).any(|child| self.is_text(child)) {
                    return Err(TEXT_IN_DOCUMENT);
                }
                let elements = self
                    .children(node)
                    .filter(|&child| self.is_element(child))
                    .count();
                match elements {
                    0 => return Ok(()),
                    1 => {}
                    _ => return Err(SECOND_ELEMENT),
                }
            }
            Some(NodeKind::Element) => {}
            // 7. Other character data goes anywhere.
            _ => return Ok(()),
        }
        // 9. One element, after the doctype.
        let is_before_doctype = child.is_some_and(|child| {
            self.has_following_sibling(child, NodeKind::DocumentType)
                || (self.kind(child) == Some(NodeKind::DocumentType) && !excluded.contains(&child))
        });
        if has_other(NodeKind::Element) || is_before_doctype {
            return Err(SECOND_ELEMENT);
        }
        Ok(())
    }

    pub(crate) fn has_following_sibling(&self, node: NodeId, kind: NodeKind) -> bool {
        let mut next = self.next_sibling(node);
        while let Some(sibling) = next {
            if self.kind(sibling) == Some(kind) {
                return true;
            }
            next = self.next_sibling(sibling);
        }
        false
    }

    fn has_preceding_sibling(&self, node: NodeId, kind: NodeKind) -> bool {
        let mut previous = self.previous_sibling(node);
        while let Some(sibling) = previous {
            if self.kind(sibling) == Some(kind) {
                return true;
            }
            previous = self.previous_sibling(sibling);
        }
        false
    }

    /// Whether `other` is in the tree below `node`, where a template's contents count as below the template, and a
    /// shadow root as below its host.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-tree-host-including-inclusive-ancestor>
    #[inline]
    pub(crate) fn is_host_including_inclusive_ancestor(&self, node: NodeId, other: NodeId) -> bool {
        if node == other {
            return true;
        }
        // OPTIMIZATION: nothing is below a node that has neither children nor contents nor a shadow root.
        if self.first_child(node).is_none() && self.shadow_root(node).is_none() {
            match self.template_contents(node) {
                None => return false,
                Some(contents) if self.first_child(contents).is_none() => {
                    return other == contents;
                }
                Some(_) => {}
            }
        }
        let mut current = other;
        loop {
            current = match self.parent(current).or_else(|| self.host(current)) {
                None => return false,
                Some(above) if above == node => return true,
                Some(above) => above,
            };
        }
    }
}
