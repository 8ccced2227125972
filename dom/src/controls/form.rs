//! Forms: owners of controls, their lists of controls, reset, default buttons.
//!
//! Standard: <https://html.spec.whatwg.org/#form-control-infrastructure>, text of November 2026.

use html5ever::{LocalName, local_name, ns};

use super::input_type::InputType;
use crate::arena::{NodeId, Tree};
use crate::error::DomError;

impl Tree {
    /// The form owner of a control: named by its `form` attribute, given by the parser, or the nearest ancestor.
    ///
    /// Standard: <https://html.spec.whatwg.org/#reset-the-form-owner>
    pub fn form_owner(&self, id: NodeId) -> Option<NodeId> {
        let is_form = |&node: &NodeId| self.is_html_element_named(node, &local_name!("form"));
        // 4. By name, if it is listed and connected.
        if self.is_connected(id)
            && let Some(name) = self.attribute_atom(id, &local_name!("form"))
            && !self.is_html_element_named(id, &local_name!("img"))
        {
            return self.get_element_by_id(self.root(id), name).filter(is_form);
        }
        // 2. What the parser said holds.
        if let Some(form) = self.parser_form_owner(id) {
            return Some(form);
        }
        // 5. The nearest around it.
        self.ancestors(id).find(is_form)
    }

    /// Whether an element is listed: it is in its form's `elements`, image buttons aside.
    ///
    /// Standard: <https://html.spec.whatwg.org/#category-listed>
    pub fn is_listed(&self, id: NodeId) -> bool {
        if self.is_form_associated_custom_element(id) {
            return true;
        }
        self.node(id).as_element().is_some_and(|element| {
            element.namespace == ns!(html)
                && matches!(
                    element.local_name,
                    local_name!("button")
                        | local_name!("fieldset")
                        | local_name!("input")
                        | local_name!("object")
                        | local_name!("output")
                        | local_name!("select")
                        | local_name!("textarea")
                )
        })
    }

    /// The listed elements whose form owner is `form`, in tree order.
    pub fn form_controls(&self, form: NodeId) -> Vec<NodeId> {
        self.inclusive_descendants(self.root(form))
            .filter(|&id| self.is_listed(id) && self.form_owner(id) == Some(form))
            .collect()
    }

    /// Whether a control, option or fieldset is disabled.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-element-disabled>
    pub fn is_disabled_control(&self, id: NodeId) -> bool {
        crate::selectors::form_state::is_disabled(self, id)
    }

    /// Whether a control is a submit button.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-submit-button>
    pub fn is_submit_button(&self, id: NodeId) -> bool {
        match self.input_type(id) {
            Some(kind) => matches!(kind, InputType::Submit | InputType::Image),
            None => {
                self.is_html_element_named(id, &local_name!("button"))
                    && self
                        .attribute_atom(id, &local_name!("type"))
                        .is_none_or(|own| {
                            !own.eq_ignore_ascii_case("reset")
                                && !own.eq_ignore_ascii_case("button")
                        })
            }
        }
    }

    /// A form's default button: its first submit button in tree order.
    ///
    /// Standard: <https://html.spec.whatwg.org/#default-button>
    pub fn default_button(&self, form: NodeId) -> Option<NodeId> {
        self.inclusive_descendants(self.root(form))
            .find(|&id| self.is_submit_button(id) && self.form_owner(id) == Some(form))
    }

    /// Resets the controls of a form. The `reset` event is the embedder's.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if an output's text finds no room.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-form-reset> step 2
    pub fn reset_form_controls(&mut self, form: NodeId) -> Result<(), DomError> {
        for id in self.form_controls(form) {
            self.reset_control(id)?;
        }
        Ok(())
    }

    /// The reset algorithm of one control.
    ///
    /// # Errors
    /// As [`Self::reset_form_controls`].
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-form-reset-control>
    pub fn reset_control(&mut self, id: NodeId) -> Result<(), DomError> {
        match html_name(self, id) {
            Some(local_name!("input") | local_name!("textarea")) if self.control(id).is_some() => {
                let state = self.control_mut(id);
                state.value = None;
                state.checkedness = None;
                state.dirty_checkedness = false;
                state.file_name = None;
                state.user_interacted = false;
                if self.is_checked_input(id) {
                    self.claim_radio_group(id);
                }
            }
            Some(local_name!("select")) => self.reset_select(id),
            Some(local_name!("output")) => {
                // The override, if there is one, becomes the content; there is none any more.
                if let Some(default) = self.output_default_value(id).map(ToOwned::to_owned) {
                    self.set_text_content(id, default.as_str())?;
                    self.set_output_default_value(id, None);
                }
            }
            _ => {}
        }
        Ok(())
    }
}

fn html_name(tree: &Tree, id: NodeId) -> Option<LocalName> {
    let element = tree.node(id).as_element()?;
    (element.namespace == ns!(html)).then(|| element.local_name.clone())
}
