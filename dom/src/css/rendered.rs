//! Which elements would have boxes, as far as the cascade alone tells.
//!
//! Standards: <https://html.spec.whatwg.org/#being-rendered> and <https://drafts.csswg.org/cssom-view/>, texts of November 2026.

use std::rc::Rc;

use html5ever::local_name;

use super::cascade::Styled;
use super::media_query::Media;
use crate::arena::{NodeId, Tree};
use crate::selectors::flat_parent;

/// What `checkVisibility()` looks at besides boxes.
///
/// Standard: <https://drafts.csswg.org/cssom-view/#dictdef-checkvisibilityoptions>
#[derive(Debug, Copy, Clone, Default, PartialEq, Eq)]
pub struct VisibilityChecks {
    /// `opacity: 0` of the element or an ancestor.
    pub opacity: bool,
    /// `visibility` of the element.
    pub visibility: bool,
}

impl Tree {
    /// Whether an element would have a box: it is connected and in the flat tree, and neither it nor an ancestor has `display: none`; its own
    /// `display: contents` leaves it without one.
    pub fn has_box(&mut self, element: NodeId, media: Media) -> bool {
        self.boxed(element, media).is_some()
    }

    /// Standard: <https://drafts.csswg.org/cssom-view/#dom-htmlelement-offsetparent>
    pub fn offset_parent(&mut self, element: NodeId, media: Media) -> Option<NodeId> {
        // 1. No box, the root element, the body, or fixed.
        let styled = self.boxed(element, media)?;
        let position = |tree: &Self, styled: &Styled| tree.longhand_value(styled, "position");
        let own = position(self, &styled);
        if styled.parent.is_none() || self.is_body(element) || own == "fixed" {
            return None;
        }
        // 2., 3. The nearest ancestor in the flat tree that is positioned, the body, or for what is not positioned itself a table or cell.
        let mut next = styled.parent.as_deref();
        while let Some(ancestor) = next {
            let is_table = own == "static"
                && ["td", "th", "table"]
                    .iter()
                    .any(|name| self.is_html_element_named(ancestor.element, &(*name).into()));
            let stops =
                is_table || self.is_body(ancestor.element) || position(self, ancestor) != "static";
            // 2.1 What is in a shadow tree that the element is not in stays hidden.
            let root = self.root(ancestor.element);
            if stops && self.is_shadow_including_inclusive_ancestor(root, element) {
                return Some(ancestor.element);
            }
            next = ancestor.parent.as_deref();
        }
        None
    }

    /// Standard: <https://drafts.csswg.org/cssom-view/#dom-element-checkvisibility>
    pub fn check_visibility(
        &mut self,
        element: NodeId,
        checks: VisibilityChecks,
        media: Media,
    ) -> bool {
        // 1. No box.
        let Some(styled) = self.boxed(element, media) else {
            return false;
        };
        // 2. An ancestor skips its contents; so does a closed details element.
        let mut child = element;
        let mut next = styled.parent.as_deref();
        while let Some(ancestor) = next {
            if self.longhand_value(ancestor, "content-visibility") == "hidden"
                || self.hides_as_details(ancestor.element, child)
            {
                return false;
            }
            child = ancestor.element;
            next = ancestor.parent.as_deref();
        }
        // 3. Opacity of it or an ancestor.
        let mut next = Some(&*styled).filter(|_| checks.opacity);
        while let Some(ancestor) = next {
            if self.longhand_value(ancestor, "opacity") == "0" {
                return false;
            }
            next = ancestor.parent.as_deref();
        }
        // 4. Visibility. 5. `content-visibility: auto` needs a viewport to be out of.
        !checks.visibility || self.longhand_value(&styled, "visibility") == "visible"
    }

    /// The cascaded values of an element that has a box.
    fn boxed(&mut self, element: NodeId, media: Media) -> Option<Rc<Styled>> {
        let mut next = Some(element).filter(|&id| self.is_connected(id));
        next?;
        while let Some(id) = next {
            if self.is_left_out(id) {
                return None;
            }
            next = flat_parent(self, id);
        }
        let styled = self.styled(element, None, media);
        if self.longhand_value(&styled, "display") == "contents" {
            return None;
        }
        let mut next = Some(&*styled);
        while let Some(ancestor) = next {
            if self.longhand_value(ancestor, "display") == "none" {
                return None;
            }
            next = ancestor.parent.as_deref();
        }
        Some(styled)
    }

    /// Whether a node is not in the flat tree: a child of a shadow host without a slot, or of a slot that has others.
    fn is_left_out(&self, id: NodeId) -> bool {
        let Some(parent) = self.parent(id) else {
            return false;
        };
        if self.shadow_root(parent).is_some() {
            return self.assigned_slot(id).is_none();
        }
        self.is_html_element_named(parent, &local_name!("slot"))
            && !self.assigned_nodes(parent).is_empty()
    }

    fn is_body(&self, id: NodeId) -> bool {
        self.node_document(id)
            .is_some_and(|document| self.body(document) == Some(id))
    }

    /// Whether `child`, of the flat tree, is in the part of a details element that is closed.
    fn hides_as_details(&self, details: NodeId, child: NodeId) -> bool {
        self.is_html_element_named(details, &local_name!("details"))
            && self.attribute(details, "open").is_none()
            && Some(child)
                != self
                    .child_elements(details)
                    .find(|&id| self.is_html_element_named(id, &local_name!("summary")))
    }
}
