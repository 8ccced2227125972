//! States that only the embedder knows of: which element has the focus, what is shown above the page, what is muted.
//!
//! Standard: <https://html.spec.whatwg.org/#pseudo-classes>, text of November 2026.

use std::collections::HashMap;

use html5ever::{local_name, ns};

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;

/// A state of an element that is in no attribute.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ElementState {
    /// A dialog that was shown as a modal one: `:modal`.
    Modal,
    /// A popover that is shown: `:popover-open`.
    PopoverOpen,
    /// A media element that was muted: `:muted`.
    Muted,
    /// A media element whose sound was turned on, whatever its `muted` attribute says.
    Unmuted,
}

impl ElementState {
    const fn bit(self) -> u8 {
        match self {
            Self::Modal => 1,
            Self::PopoverOpen => 1 << 1,
            Self::Muted => 1 << 2,
            Self::Unmuted => 1 << 3,
        }
    }
}

/// The elements with such states.
#[derive(Debug, Default)]
pub(crate) struct ElementStates {
    states: HashMap<NodeId, u8>,
    /// By document.
    focused: HashMap<NodeId, NodeHandle>,
}

impl Tree {
    /// Notes which element of a document has the focus.
    ///
    /// Standard: <https://html.spec.whatwg.org/#focused>
    pub fn set_focused_element(&mut self, document: NodeId, element: Option<NodeId>) {
        self.style_sheets.note_state_change();
        match element.and_then(|element| self.handle(element)) {
            Some(handle) => {
                self.set_flag(document, NodeFlags::IN_SIDE_TABLE, true);
                self.element_states.focused.insert(document, handle);
            }
            None => {
                self.element_states.focused.remove(&document);
            }
        }
    }

    /// The element of a document that has the focus; none once it was taken out of the document.
    ///
    /// Standard: <https://html.spec.whatwg.org/#focused>
    pub fn focused_element(&self, document: NodeId) -> Option<NodeId> {
        // OPTIMIZATION: most documents have none.
        if self.element_states.focused.is_empty() {
            return None;
        }
        let handle = self.element_states.focused.get(&document)?;
        self.resolve(*handle).filter(|&element| {
            self.is_connected(element) && self.node_document(element) == Some(document)
        })
    }

    /// Takes the focus from a subtree that is being removed, without events, even if it is inserted again.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-trees:concept-node-remove-ext>, step 2
    pub(crate) fn unfocus_within(&mut self, root: NodeId) {
        // OPTIMIZATION: most documents have no focus.
        if self.element_states.focused.is_empty() {
            return;
        }
        let Some(document) = self.node_document(root) else {
            return;
        };
        let focused = self.element_states.focused.get(&document);
        if focused
            .and_then(|handle| self.resolve(*handle))
            .is_some_and(|focused| self.is_shadow_including_inclusive_ancestor(root, focused))
        {
            self.set_focused_element(document, None);
        }
    }

    /// Notes whether an element is in a state.
    pub fn set_element_state(&mut self, element: NodeId, state: ElementState, on: bool) {
        self.style_sheets.note_state_change();
        let states = &mut self.element_states.states;
        if on {
            *states.entry(element).or_default() |= state.bit();
            self.set_flag(element, NodeFlags::IN_SIDE_TABLE, true);
        } else if let Some(own) = states.get_mut(&element) {
            *own &= !state.bit();
            if *own == 0 {
                states.remove(&element);
            }
        }
    }

    /// What [`Self::set_element_state`] noted last; false at first.
    pub fn has_element_state(&self, element: NodeId, state: ElementState) -> bool {
        self.has_flag(element, NodeFlags::IN_SIDE_TABLE)
            && self
                .element_states
                .states
                .get(&element)
                .is_some_and(|own| own & state.bit() != 0)
    }

    pub(crate) fn forget_element_state(&mut self, id: NodeId) {
        self.element_states.states.remove(&id);
        self.element_states.focused.remove(&id);
    }
}

/// Whether the focus is on the element, or in its shadow tree.
///
/// Standard: <https://html.spec.whatwg.org/#selector-focus>
pub(super) fn is_focused(tree: &Tree, id: NodeId) -> bool {
    let Some(focused) = focused(tree, id) else {
        return false;
    };
    focused == id
        || tree
            .shadow_root(id)
            .is_some_and(|root| tree.is_shadow_including_inclusive_ancestor(root, focused))
}

/// Whether the focus is on the element or on what is below it in the flat tree.
///
/// Standard: <https://drafts.csswg.org/selectors-4/#the-focus-within-pseudo>
pub(super) fn has_focus_within(tree: &Tree, id: NodeId) -> bool {
    let mut next = focused(tree, id);
    while let Some(element) = next {
        if element == id {
            return true;
        }
        next = flat_parent(tree, element);
    }
    false
}

fn focused(tree: &Tree, id: NodeId) -> Option<NodeId> {
    tree.focused_element(tree.node_document(id)?)
}

/// The slot it is assigned to, the host of the shadow root that it is in, or its parent.
pub(crate) fn flat_parent(tree: &Tree, id: NodeId) -> Option<NodeId> {
    if let Some(slot) = tree.assigned_slot(id) {
        return Some(slot);
    }
    let parent = tree.parent(id)?;
    match tree.shadow_host(parent) {
        Some(host) => Some(host),
        None => Some(parent).filter(|&parent| tree.is_element(parent)),
    }
}

/// Standard: <https://html.spec.whatwg.org/#selector-open>
pub(super) fn is_open(tree: &Tree, id: NodeId) -> bool {
    // NOTE: drop-downs and pickers are never open: there is no user.
    let can_open = tree.is_html_element_named(id, &local_name!("details"))
        || tree.is_html_element_named(id, &local_name!("dialog"));
    can_open && tree.attribute_atom(id, &local_name!("open")).is_some()
}

/// Whether it is an `audio` or a `video`. None is ever playing here.
pub(super) fn is_media(tree: &Tree, id: NodeId) -> bool {
    tree.is_html_element_named(id, &local_name!("audio"))
        || tree.is_html_element_named(id, &local_name!("video"))
}

/// Standard: <https://html.spec.whatwg.org/#selector-muted>
pub(super) fn is_muted(tree: &Tree, id: NodeId) -> bool {
    is_media(tree, id)
        && !tree.has_element_state(id, ElementState::Unmuted)
        && (tree.has_element_state(id, ElementState::Muted)
            || tree
                .attributes(id)
                .iter()
                .any(|attribute| attribute.namespace == ns!() && *attribute.local_name == *"muted"))
}
