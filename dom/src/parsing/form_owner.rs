//! Form owners that the parser gave to controls which need not be below their form.
//!
//! Standard: <https://html.spec.whatwg.org/#form-owner>, text of November 2026.

use std::collections::HashMap;

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;

/// Controls and the forms that the parser associated them with.
#[derive(Debug, Default)]
pub(crate) struct FormOwners {
    owners: HashMap<NodeId, NodeHandle>,
}

impl Tree {
    pub(crate) fn set_parser_form_owner(&mut self, control: NodeId, form: NodeId) {
        if let Some(form) = self.handle(form) {
            self.form_owners.owners.insert(control, form);
            self.set_flag(control, NodeFlags::IN_SIDE_TABLE, true);
        }
    }

    /// The form that the parser associated a control with, as long as both are in one tree.
    ///
    /// Standard: <https://html.spec.whatwg.org/#parser-inserted-flag>
    pub fn parser_form_owner(&self, control: NodeId) -> Option<NodeId> {
        if !self.has_flag(control, NodeFlags::IN_SIDE_TABLE) {
            return None;
        }
        let form = self.resolve(*self.form_owners.owners.get(&control)?)?;
        (self.root(form) == self.root(control)).then_some(form)
    }

    pub(crate) fn forget_form_owner(&mut self, node: NodeId) {
        self.form_owners.owners.remove(&node);
    }
}
