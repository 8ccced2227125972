//! What a parser puts into `selectedcontent`: the contents of the option that is selected.
//!
//! Standard: <https://html.spec.whatwg.org/#the-selectedcontent-element>

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::clone::CloneDepth;

impl Tree {
    /// Maybe clones an option into `selectedcontent`.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://html.spec.whatwg.org/#maybe-clone-an-option-into-selectedcontent>
    pub(crate) fn maybe_clone_option_into_selectedcontent(
        &mut self,
        option: NodeId,
    ) -> Result<(), DomError> {
        // 1. The option's select.
        let Some(select) = self.select_of_option(option) else {
            return Ok(());
        };
        // 2, 3. It shows one option, this one, and has a place for it.
        if self.attribute(select, "multiple").is_some() || !self.is_selected_option(option) {
            return Ok(());
        }
        let content = self.descendants(select).find(|&node| {
            *self.namespace(node) == ns!(html) && &**self.local_name(node) == "selectedcontent"
        });
        let Some(content) = content else {
            return Ok(());
        };
        // NOTE: one in an option is for no select, or its contents would grow with each copy.
        if self
            .inclusive_ancestors(content)
            .any(|node| self.is_html_element_named(node, &local_name!("option")))
        {
            return Ok(());
        }
        self.clone_option_into(option, content)
    }

    /// Clones an option into a `selectedcontent`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#clone-an-option-into-a-selectedcontent>
    fn clone_option_into(&mut self, option: NodeId, content: NodeId) -> Result<(), DomError> {
        let Some(document) = self.node_document(option) else {
            return Ok(());
        };
        // 1, 2. The children, in a fragment.
        let fragment = self.create_document_fragment(document)?;
        let children: Vec<_> = self.children(option).collect();
        for child in children {
            let copy = self.clone_node(child, CloneDepth::Subtree)?;
            self.append(copy, fragment)?;
        }
        // 3. In place of what was there.
        self.replace_all(Some(fragment), content);
        self.reclaim_unwrapped(fragment);
        Ok(())
    }
}
