//! Form-associated custom elements: their form owner and whether they are disabled, as callbacks want to know.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#form-associated-custom-element>,
//! text of November 2026.

use std::collections::BTreeMap;

use super::reaction::Reaction;
use super::{CallbackSet, CustomElementState};
use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;

/// What each form-associated custom element was told last.
#[derive(Debug, Default)]
pub(super) struct FormAssociated {
    elements: BTreeMap<NodeId, Told>,
    /// The versions of structure and attributes that [`Told`] is from.
    seen: (u64, u64),
}

#[derive(Debug, Copy, Clone, Default)]
struct Told {
    form: Option<NodeHandle>,
    disabled: bool,
    /// Its internals say that its value is not valid.
    flawed: bool,
}

impl Tree {
    /// Whether the element is a form-associated custom element.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#form-associated-custom-element>
    #[inline]
    pub fn is_form_associated_custom_element(&self, id: NodeId) -> bool {
        self.has_flag(id, NodeFlags::CUSTOM) && self.custom.associated.elements.contains_key(&id)
    }

    /// The element became custom, or is no more.
    pub(super) fn update_form_association(&mut self, id: NodeId) {
        let Some(element) = self.custom.elements.get(&id) else {
            return;
        };
        let takes_part = matches!(
            element.state,
            CustomElementState::Precustomized | CustomElementState::Custom
        ) && element
            .definition
            .and_then(|definition| self.custom_element_definition(definition))
            .is_some_and(|definition| definition.form_associated);
        if takes_part {
            // It is among the elements of forms now.
            self.versions.structure_changed();
            self.custom.associated.elements.entry(id).or_default();
            // The next look finds it without a form and enabled, and tells if that is wrong.
            self.custom.associated.seen = (u64::MAX, u64::MAX);
        } else {
            self.custom.associated.elements.remove(&id);
        }
    }

    pub(super) fn forget_form_association(&mut self, id: NodeId) {
        self.custom.associated.elements.remove(&id);
    }

    /// Resets form owners: enqueues callbacks for the elements whose form owner or disabledness has changed since the
    /// last call. Costs nothing as long as there is no form-associated custom element.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#reset-the-form-owner>,
    /// <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#enabling-and-disabling-form-controls:-the-disabled-attribute>
    #[inline]
    pub fn update_form_associated_elements(&mut self) {
        if !self.custom.associated.elements.is_empty() {
            self.compare_form_associated_elements();
        }
    }

    fn compare_form_associated_elements(&mut self) {
        let versions = (self.structure_version(), self.attribute_version());
        if self.custom.associated.seen == versions {
            return;
        }
        self.custom.associated.seen = versions;
        let ids: Vec<_> = self.custom.associated.elements.keys().copied().collect();
        for id in ids {
            let form = self.form_owner(id).and_then(|form| self.handle(form));
            let disabled = self.is_disabled_control(id);
            if !self.is_custom_element(id) {
                continue;
            }
            let Some(told) = self.custom.associated.elements.get_mut(&id) else {
                continue;
            };
            let old = *told;
            told.form = form;
            told.disabled = disabled;
            if form != old.form {
                let form = form.map(NodeHandle::id);
                self.enqueue_callback(
                    id,
                    CallbackSet::FORM_ASSOCIATED,
                    Reaction::FormAssociated(form),
                );
            }
            if disabled != old.disabled {
                self.enqueue_callback(
                    id,
                    CallbackSet::FORM_DISABLED,
                    Reaction::FormDisabled(disabled),
                );
            }
        }
    }

    /// Notes whether the validity flags of a form-associated custom element tell of a flaw. Ignored for other elements.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/custom-elements.html#face-validity-flags>
    pub fn set_form_associated_flawed(&mut self, id: NodeId, flawed: bool) {
        if let Some(told) = self.custom.associated.elements.get_mut(&id) {
            told.flawed = flawed;
        }
    }

    /// Whether the validity of an element is that of a form-associated custom element, and if so, whether it has a flaw.
    pub fn form_associated_flawed(&self, id: NodeId) -> Option<bool> {
        if !self.has_flag(id, NodeFlags::CUSTOM) {
            return None;
        }
        Some(self.custom.associated.elements.get(&id)?.flawed)
    }
}
