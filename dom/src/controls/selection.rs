//! The selection inside a text control.
//!
//! Standard: <https://html.spec.whatwg.org/#textFieldSelection>, text of November 2026.

use html5ever::local_name;

use super::input_type::InputType;
use crate::arena::{NodeId, Tree};

/// The direction of a selection.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub enum SelectionDirection {
    /// Neither.
    #[default]
    None,
    /// From its start to its end.
    Forward,
    /// From its end to its start.
    Backward,
}

/// A selection in a text control. Offsets are UTF-16 code units of the value; `Default` is the start of it.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub struct TextSelection {
    /// Where it starts.
    pub start: u32,
    /// Where it ends, not before `start`.
    pub end: u32,
    /// Its direction.
    pub direction: SelectionDirection,
}

impl Tree {
    /// Whether `selectionStart` and its kin apply to a control.
    pub fn has_text_selection(&self, id: NodeId) -> bool {
        self.input_type(id).is_some_and(InputType::has_selection)
            || self.is_html_element_named(id, &local_name!("textarea"))
    }

    /// The selection, within the value as it is now.
    pub fn text_selection(&self, id: NodeId) -> TextSelection {
        let selection = self.control(id).map(|state| state.selection);
        let Some(selection) = selection.filter(|selection| selection.end > 0) else {
            return selection.unwrap_or_default();
        };
        let length = self.control_value_length(id);
        TextSelection {
            start: selection.start.min(length),
            end: selection.end.min(length),
            direction: selection.direction,
        }
    }

    /// Set the selection range; tells whether that changed it.
    ///
    /// Standard: <https://html.spec.whatwg.org/#set-the-selection-range>
    pub fn set_text_selection(&mut self, id: NodeId, selection: TextSelection) -> bool {
        // 1–4. Within the value, the end deciding.
        let end = selection.end.min(self.control_value_length(id));
        let next = TextSelection {
            start: selection.start.min(end),
            end,
            direction: selection.direction,
        };
        // 5–7. Different or not.
        if self.text_selection(id) == next {
            return false;
        }
        self.control_mut(id).selection = next;
        true
    }

    /// A selection beyond a default value that has become shorter moves to its end.
    pub(super) fn keep_selection_within(&mut self, id: NodeId) {
        if self
            .control(id)
            .is_some_and(|state| state.value.is_none() && state.selection.end > 0)
        {
            let selection = self.text_selection(id);
            self.control_mut(id).selection = selection;
        }
    }

    /// Puts the cursor at the end of the value.
    pub(super) fn collapse_selection_to_end(&mut self, id: NodeId) {
        let end = self.control_value_length(id);
        self.control_mut(id).selection = TextSelection {
            start: end,
            end,
            direction: SelectionDirection::None,
        };
    }

    fn control_value_length(&self, id: NodeId) -> u32 {
        let length = self.control_value(id).encode_utf16().count();
        u32::try_from(length).unwrap_or(u32::MAX)
    }
}
