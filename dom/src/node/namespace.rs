//! Namespaces and prefixes as declared around a node.
//!
//! Standard: <https://dom.spec.whatwg.org/#locate-a-namespace>, text of November 2026.

use html5ever::ns;

use crate::arena::{NodeId, Tree};
use crate::node::NodeKind;
use crate::node::element::Attribute;

impl Tree {
    /// `Node.lookupNamespaceURI`: the namespace that `prefix` (none: the default one) stands for at a node, if any.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#locate-a-namespace>
    pub fn locate_namespace(&self, id: NodeId, prefix: Option<&str>) -> Option<&str> {
        let given = |namespace| Some(namespace).filter(|namespace: &&str| !namespace.is_empty());
        for element in self.namespace_context(id) {
            // 1, 2. Bound for good.
            match prefix {
                Some("xml") => return Some("http://www.w3.org/XML/1998/namespace"),
                Some("xmlns") => return Some("http://www.w3.org/2000/xmlns/"),
                _ => {}
            }
            // 3. The element's own.
            let own = self.namespace(element);
            if *own != ns!() && self.prefix(element).map(|own| &**own) == prefix {
                return given(own);
            }
            // 4. A declaration on it.
            let declares = |attribute: &&Attribute| {
                *attribute.namespace() == ns!(xmlns)
                    && match (prefix, attribute.prefix()) {
                        (Some(prefix), Some(own)) => {
                            &**own == "xmlns" && &**attribute.local_name() == prefix
                        }
                        (None, None) => &**attribute.local_name() == "xmlns",
                        _ => false,
                    }
            };
            if let Some(declaration) = self.attributes(element).iter().find(declares) {
                return given(declaration.value());
            }
            // 5, 6. Else the parent's.
        }
        None
    }

    /// `Node.lookupPrefix`: a prefix that stands for `namespace` at a node, if any.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#locate-a-namespace-prefix>
    pub fn locate_namespace_prefix(&self, id: NodeId, namespace: &str) -> Option<&str> {
        self.namespace_context(id).find_map(|element| {
            // 1. The element's own.
            let own = self.prefix(element).map(|prefix| &**prefix);
            if &**self.namespace(element) == namespace && own.is_some() {
                return own;
            }
            // 2. A declaration on it.
            let declares = |attribute: &&Attribute| {
                attribute
                    .prefix()
                    .is_some_and(|prefix| &**prefix == "xmlns")
                    && attribute.value() == namespace
            };
            let declaration = self.attributes(element).iter().find(declares)?;
            // 3. Else the parent's.
            Some(&**declaration.local_name())
        })
    }

    /// The elements whose declarations count at a node, from the inside out: a document stands for its element, an
    /// attribute for its owner.
    fn namespace_context(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let start = match self.kind(id) {
            None | Some(NodeKind::DocumentType | NodeKind::DocumentFragment) => None,
            Some(NodeKind::Element) => Some(id),
            Some(NodeKind::Document) => self.document_element(id),
            Some(NodeKind::Attr) => self.owner_element(id),
            Some(_) => self.parent_element(id),
        };
        std::iter::successors(start, |&element| self.parent_element(element))
    }
}
