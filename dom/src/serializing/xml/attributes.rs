//! The attributes of an element, with the declarations their prefixes need.
//!
//! Standard: <https://w3c.github.io/DOM-Parsing/#serializing-an-element-s-attributes>

use std::collections::HashSet;

use html5ever::{LocalName, Namespace, Prefix, local_name, ns};

use super::Serializer;
use super::prefix_map::Declarations;
use crate::arena::NodeId;
use crate::error::DomError;
use crate::node::element::Attribute;
use crate::parsing::xml::is_name;

impl Serializer<'_> {
    /// Writes the attributes of `element`.
    ///
    /// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-xml-serialization-of-the-attributes>
    pub(super) fn attributes(
        &mut self,
        element: NodeId,
        declarations: &Declarations,
        ignores_default_declaration: bool,
    ) -> Result<(), DomError> {
        // 2. The names seen so far.
        let mut seen: HashSet<(&Namespace, &LocalName)> = HashSet::new();
        let tree = self.tree;
        for attribute in tree.attributes(element) {
            let namespace = attribute.namespace();
            // 3.1, 3.2. No name twice.
            if self.require_well_formed && !seen.insert((namespace, attribute.local_name())) {
                return Err(DomError::InvalidState(
                    "an element has two attributes of one name",
                ));
            }
            // 3.3–3.5. The prefix, which may need a declaration.
            let prefix = if *namespace == ns!() {
                None
            } else if *namespace == ns!(xmlns) {
                if self.is_superfluous(attribute, declarations, ignores_default_declaration) {
                    continue;
                }
                self.require_declarable(attribute)?;
                attribute.prefix().map(|_| Prefix::from("xmlns"))
            } else {
                Some(self.prefix_for(attribute)?)
            };
            // 3.6, 3.7. A blank and the prefix.
            self.markup.push(' ');
            if let Some(prefix) = prefix {
                self.markup.push_str(&prefix);
                self.markup.push(':');
            }
            // 3.8. The name must be one.
            let local_name = attribute.local_name();
            if self.require_well_formed
                && (local_name.contains(':')
                    || !is_name(local_name)
                    || (*local_name == local_name!("xmlns") && *namespace == ns!()))
            {
                return Err(DomError::InvalidState(
                    "an attribute's name is no name of XML",
                ));
            }
            // 3.9. Name and value.
            self.markup.push_str(local_name);
            self.attribute_value(attribute.value())?;
        }
        Ok(())
    }

    /// Step 3.5.2.1: a declaration that is written otherwise, or not needed.
    fn is_superfluous(
        &self,
        attribute: &Attribute,
        declarations: &Declarations,
        ignores_default_declaration: bool,
    ) -> bool {
        let value = Namespace::from(attribute.value());
        if value == ns!(xml) {
            return true;
        }
        if attribute.prefix().is_none() {
            return ignores_default_declaration;
        }
        let declared = Prefix::from(&**attribute.local_name());
        !declarations.binds(&declared, &value) && self.prefixes.is_found(&declared, &value)
    }

    /// Steps 3.5.2.2 and 3.5.2.3: what must not be declared.
    fn require_declarable(&self, attribute: &Attribute) -> Result<(), DomError> {
        if !self.require_well_formed {
            return Ok(());
        }
        if *attribute.value() == *ns!(xmlns) {
            return Err(DomError::InvalidState(
                "the XMLNS namespace must not be declared",
            ));
        }
        // NOTE: the step's own remark allows `xmlns=""`, and its words do not; we do as the remark says.
        if attribute.value().is_empty() && attribute.prefix().is_some() {
            return Err(DomError::InvalidState(
                "a prefix must not be bound to nothing",
            ));
        }
        Ok(())
    }

    /// Steps 3.5.1 and 3.5.3: a prefix bound to the attribute's namespace; if there is none, one is made and declared.
    ///
    /// NOTE: where the standard always makes a new prefix, the attribute's own is kept if nothing is bound to it, as
    /// browsers do: `xlink:href` stays what it is. See <https://github.com/w3c/DOM-Parsing/issues/29>.
    fn prefix_for(&mut self, attribute: &Attribute) -> Result<Prefix, DomError> {
        let namespace = attribute.namespace();
        if let Some(prefix) = self.prefixes.preferred(attribute.prefix(), namespace) {
            return Ok(prefix);
        }
        let prefix = match attribute.prefix() {
            Some(own) if *own != *"xmlns" && !self.prefixes.is_bound(own) => {
                self.prefixes.add(own.clone(), namespace);
                own.clone()
            }
            _ => self.prefixes.generate(namespace),
        };
        self.markup.push_str(" xmlns:");
        self.markup.push_str(&prefix);
        self.attribute_value(namespace)?;
        Ok(prefix)
    }
}
