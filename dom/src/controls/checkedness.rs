//! Checkedness and radio button groups.
//!
//! Standard: <https://html.spec.whatwg.org/#concept-fe-checked>, text of November 2026.

use html5ever::local_name;

use super::input_type::InputType;
use crate::arena::{NodeId, Tree};

impl Tree {
    /// The checkedness of an `input`, of whatever type; false for anything else.
    pub fn is_checked_input(&self, id: NodeId) -> bool {
        self.is_html_element_named(id, &local_name!("input"))
            && self
                .control(id)
                .and_then(|state| state.checkedness)
                .unwrap_or_else(|| self.attribute_atom(id, &local_name!("checked")).is_some())
    }

    /// Sets `checked`: the checkedness, which is dirty from now on. Checking a radio button unchecks its group.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-input-checked>
    pub fn set_checked_input(&mut self, id: NodeId, checked: bool) {
        if !self.is_html_element_named(id, &local_name!("input")) {
            return;
        }
        let state = self.control_mut(id);
        state.checkedness = Some(checked);
        state.dirty_checkedness = true;
        if checked {
            self.claim_radio_group(id);
        }
    }

    /// Gives checkedness and its dirty flag back to an `input` whose click was canceled.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-input-element:legacy-canceled-activation-behavior>
    pub fn restore_checkedness(&mut self, id: NodeId, checked: bool, dirty: bool) {
        let state = self.control_mut(id);
        state.checkedness = Some(checked);
        state.dirty_checkedness = dirty;
        if checked {
            self.claim_radio_group(id);
        }
    }

    /// Whether the dirty checkedness flag of an `input` is set.
    pub fn has_dirty_checkedness(&self, id: NodeId) -> bool {
        self.control(id)
            .is_some_and(|state| state.dirty_checkedness)
    }

    /// `indeterminate` of an `input`.
    pub fn is_indeterminate_input(&self, id: NodeId) -> bool {
        self.control(id).is_some_and(|state| state.indeterminate)
    }

    /// Sets `indeterminate` of an `input`.
    pub fn set_indeterminate_input(&mut self, id: NodeId, indeterminate: bool) {
        if self.is_indeterminate_input(id) != indeterminate {
            self.control_mut(id).indeterminate = indeterminate;
        }
    }

    /// What a radio button's group is known by: its form owner or else its root, and its name.
    ///
    /// Standard: <https://html.spec.whatwg.org/#radio-button-group>
    fn radio_group(&self, id: NodeId) -> Option<(NodeId, &str)> {
        if self.input_type(id) != Some(InputType::Radio) {
            return None;
        }
        let name = self
            .attribute_atom(id, &local_name!("name"))
            .filter(|name| !name.is_empty())?;
        let scope = self.form_owner(id).unwrap_or_else(|| self.root(id));
        Some((scope, name))
    }

    /// The other radio buttons of a radio button's group, in tree order. Walks the tree.
    pub fn radio_group_members(&self, id: NodeId) -> Vec<NodeId> {
        let Some(group) = self.radio_group(id) else {
            return Vec::new();
        };
        self.inclusive_descendants(self.root(id))
            .filter(|&other| other != id && self.radio_group(other) == Some(group))
            .collect()
    }

    /// Whether one of a radio button's group, itself included, is checked.
    pub(crate) fn is_radio_group_checked(&self, id: NodeId) -> bool {
        if self.is_checked_input(id) {
            return true;
        }
        let Some(group) = self.radio_group(id) else {
            return false;
        };
        if !self.is_connected(id) {
            return self
                .radio_group_members(id)
                .into_iter()
                .any(|other| self.is_checked_input(other));
        }
        // OPTIMIZATION: of connected ones the checked one is known.
        let key = (group.0, Box::from(group.1));
        self.controls
            .checked_radios
            .get(&key)
            .and_then(|&handle| self.resolve(handle))
            .is_some_and(|other| {
                self.is_checked_input(other) && self.radio_group(other) == Some(group)
            })
    }

    /// A radio button that has become checked, or that came to its group checked, unchecks the others.
    pub(super) fn claim_radio_group(&mut self, id: NodeId) {
        let Some((scope, name)) = self.radio_group(id) else {
            return;
        };
        let key = (scope, Box::from(name));
        if !self.is_connected(id) {
            for other in self.radio_group_members(id) {
                if self.is_checked_input(other) {
                    self.control_mut(other).checkedness = Some(false);
                }
            }
            return;
        }
        // OPTIMIZATION: one of a group is checked at most, and it is known; no walk.
        let Some(handle) = self.handle(id) else {
            return;
        };
        let previous = self.controls.checked_radios.insert(key, handle);
        if let Some(other) = previous.and_then(|handle| self.resolve(handle))
            && other != id
            && self.is_checked_input(other)
            && self.radio_group(other) == self.radio_group(id)
        {
            self.control_mut(other).checkedness = Some(false);
        }
        self.prune_checked_radios();
    }

    fn prune_checked_radios(&mut self) {
        if self.controls.checked_radios.len() <= self.controls.prune_at.max(64) {
            return;
        }
        let mut radios = std::mem::take(&mut self.controls.checked_radios);
        radios.retain(|_, handle| self.resolve(*handle).is_some());
        self.controls.prune_at = radios.len() * 2;
        self.controls.checked_radios = radios;
    }
}
