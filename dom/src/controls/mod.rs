//! Form controls: the state that is in no attribute, and the algorithms on it.
//!
//! Values, checkedness, selectedness, selections and custom messages live in a side table; an element without an entry
//! is as its attributes say. What HTML runs when a control is inserted or one of its attributes changes comes in by
//! `Tree::control_changed`.
//!
//! Standard: <https://html.spec.whatwg.org/#form-control-infrastructure>, text of November 2026.

mod checkedness;
pub mod form;
pub mod input_type;
pub mod numbers;
pub mod select;
pub mod selection;
pub mod validity;
pub mod value;

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::{LocalName, local_name, ns};

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::mutation::effect::Effect;
use crate::node::NodeFlags;
use selection::TextSelection;

/// What a control has besides its attributes and children. `Default` is a control as it was made.
#[derive(Debug, Clone, Default)]
pub(crate) struct ControlState {
    /// The value of an `input`, the raw value of a `textarea`; `Some` if the dirty value flag is set.
    value: Option<Box<str>>,
    /// Checkedness of an `input`, selectedness of an `option`; `None` follows the attribute.
    checkedness: Option<bool>,
    /// Dirty checkedness, or the dirtiness of an `option`.
    dirty_checkedness: bool,
    indeterminate: bool,
    selection: TextSelection,
    custom_validity: Option<Box<str>>,
    /// Whether the embedder found that a value does not match a pattern: (pattern, value, verdict).
    pattern: Option<(Box<str>, Box<str>, bool)>,
    /// The name of the first selected file.
    file_name: Option<Box<str>>,
    /// The default value override of an `output`.
    default_value: Option<Box<str>>,
    /// A `select` whose selection script has taken away.
    cleared: bool,
    /// The option that a drop-down chose by itself.
    automatic: Option<NodeHandle>,
    /// The user has interacted with it.
    user_interacted: bool,
}

/// The controls that differ from their attributes.
#[derive(Debug, Default)]
pub(crate) struct Controls {
    states: HashMap<NodeId, Box<ControlState>>,
    /// The checked radio button of each group of connected ones, by form or root and name.
    checked_radios: HashMap<(NodeId, Box<str>), NodeHandle>,
    /// How many entries `checked_radios` may have before the stale ones go.
    prune_at: usize,
    /// Counts the changes of state.
    version: u64,
    /// The last list of selected options, with what it depends on.
    selected: RefCell<Option<SelectedOptions>>,
}

#[derive(Debug)]
struct SelectedOptions {
    select: NodeHandle,
    versions: (u64, u64, u64),
    options: Vec<NodeId>,
}

impl Tree {
    /// The state of a control, if it differs from its attributes.
    fn control(&self, id: NodeId) -> Option<&ControlState> {
        // OPTIMIZATION: most elements are in no table.
        if !self.has_flag(id, NodeFlags::IN_SIDE_TABLE) {
            return None;
        }
        self.controls.states.get(&id).map(|state| &**state)
    }

    /// The state of a control, to be changed.
    /// Counts all changes of controls' states.
    pub(crate) fn controls_version(&self) -> u64 {
        self.controls.version
    }

    fn control_mut(&mut self, id: NodeId) -> &mut ControlState {
        self.set_flag(id, NodeFlags::IN_SIDE_TABLE, true);
        self.controls.version = self.controls.version.wrapping_add(1);
        self.controls.states.entry(id).or_default()
    }

    pub(crate) fn forget_control(&mut self, id: NodeId) {
        self.controls.states.remove(&id);
    }

    /// The cloning steps of `input` and `textarea`: value, checkedness and their dirty flags.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-input-element:concept-node-clone-ext>
    pub(crate) fn clone_control_state(&mut self, id: NodeId, copy: NodeId) {
        let Some(state) = self.control(id) else {
            return;
        };
        let is_input = self.is_html_element_named(id, &local_name!("input"));
        if !is_input && !self.is_html_element_named(id, &local_name!("textarea")) {
            return;
        }
        let state = ControlState {
            value: state.value.clone(),
            checkedness: state.checkedness,
            dirty_checkedness: state.dirty_checkedness,
            indeterminate: state.indeterminate,
            ..ControlState::default()
        };
        *self.control_mut(copy) = state;
    }

    /// Runs what HTML defines for controls that are inserted or changed; tells whether the element is a control, of
    /// which embedders need not hear.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-input-element> and
    /// <https://html.spec.whatwg.org/#the-option-element>
    pub(crate) fn control_changed(&mut self, effect: &Effect) -> bool {
        let id = effect.element();
        let Some(name) = self.control_name(id) else {
            return false;
        };
        match effect {
            Effect::Connected(_) => self.control_inserted(id),
            Effect::AttributeChanged {
                local_name,
                namespace,
                old_value,
                ..
            } if *namespace == ns!() => {
                self.control_attribute_changed(id, &name, local_name, old_value.as_deref());
            }
            Effect::ChildrenChanged(_)
                if name == local_name!("select") || name == local_name!("optgroup") =>
            {
                self.options_changed(id);
            }
            Effect::ChildrenChanged(_) if name == local_name!("textarea") => {
                self.keep_selection_within(id);
            }
            _ => {}
        }
        true
    }

    /// What inserting a control anywhere does.
    pub(crate) fn control_inserted(&mut self, id: NodeId) {
        match self.control_name(id) {
            Some(local_name!("input")) if self.is_checked_input(id) => self.claim_radio_group(id),
            Some(local_name!("option")) => self.option_inserted(id),
            Some(local_name!("optgroup") | local_name!("select")) => self.options_inserted(id),
            _ => {}
        }
    }

    fn control_name(&self, id: NodeId) -> Option<LocalName> {
        let element = self.node(id).as_element()?;
        let is_control = element.namespace == ns!(html)
            && matches!(
                element.local_name,
                local_name!("input")
                    | local_name!("option")
                    | local_name!("optgroup")
                    | local_name!("select")
                    | local_name!("textarea")
            );
        is_control.then(|| element.local_name.clone())
    }

    fn control_attribute_changed(
        &mut self,
        id: NodeId,
        element: &LocalName,
        attribute: &LocalName,
        old_value: Option<&str>,
    ) {
        match (element, attribute) {
            (&local_name!("input"), &local_name!("checked"))
            | (&local_name!("option"), &local_name!("selected")) => {
                let present = self.attribute_atom(id, attribute).is_some();
                // Added or removed, not changed: a control that is not dirty follows.
                if present != old_value.is_some()
                    && self
                        .control(id)
                        .is_none_or(|state| !state.dirty_checkedness)
                {
                    if self.control(id).is_some() {
                        self.control_mut(id).checkedness = None;
                    }
                    if present && *element == local_name!("input") {
                        self.claim_radio_group(id);
                    } else if *element == local_name!("option") {
                        self.option_attribute_changed(id, present);
                    }
                }
            }
            (&local_name!("input"), &local_name!("type")) => self.input_type_changed(id, old_value),
            (&local_name!("input"), &local_name!("name") | &local_name!("form"))
                if self.is_checked_input(id) =>
            {
                self.claim_radio_group(id);
            }
            (&local_name!("select"), &local_name!("multiple")) => self.select_multiple_changed(id),
            _ => {}
        }
    }
}
