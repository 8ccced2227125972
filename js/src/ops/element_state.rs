//! Ops of states that pseudo-classes ask for and only script knows: focus, modal dialogs, popovers, muted media.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/semantics-other.html#pseudo-classes>

use deno_core::{OpDecl, op2};
use readystate_dom::NodeId;
use readystate_dom::selectors::ElementState;

use super::node::read;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_document_focused(),
        op_document_set_focused(),
        op_element_set_state(),
    ]
}

/// Which element of a document has the focus; 0 is none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_focused(document: u32) -> u32 {
    read(document, |tree, document| {
        tree.focused_element(document).map_or(0, NodeId::raw)
    })
}

/// Notes which element of a document has the focus; 0 is none.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_set_focused(document: u32, element: u32) {
    read(document, |tree, document| {
        tree.set_focused_element(document, NodeId::from_raw(element));
    });
}

/// Notes whether an element is in a state: 0 modal, 1 shown as a popover, 2 muted, 3 not muted whatever its attribute says.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_state(element: u32, state: u32, on: bool) {
    let state = match state {
        0 => ElementState::Modal,
        1 => ElementState::PopoverOpen,
        2 => ElementState::Muted,
        3 => ElementState::Unmuted,
        _ => return,
    };
    read(element, |tree, element| {
        tree.set_element_state(element, state, on)
    });
}
