//! The attribute list of an element, which clones share until one of them changes.
//!
//! OPTIMIZATION: a deep clone allocates nothing for the attributes of the elements that it copies.

use std::ops::Deref;
use std::rc::Rc;

use crate::node::element::Attribute;

/// A list of attributes.
#[derive(Debug)]
pub(crate) enum AttributeList {
    /// One element's own.
    Own(Vec<Attribute>),
    /// That of several elements; no attribute in it has a node.
    Shared(Rc<Vec<Attribute>>),
}

impl AttributeList {
    /// The list to be changed.
    #[inline]
    pub(crate) fn to_mut(&mut self) -> &mut Vec<Attribute> {
        if let Self::Shared(list) = self {
            *self = Self::Own(Rc::unwrap_or_clone(std::mem::take(list)));
        }
        match self {
            Self::Own(list) => list,
            Self::Shared(list) => Rc::make_mut(list),
        }
    }

    /// The list of a copy of the element. Nodes of attributes stay behind.
    pub(crate) fn share(&mut self) -> Self {
        match self {
            Self::Shared(list) => Self::Shared(Rc::clone(list)),
            Self::Own(list) if list.is_empty() => Self::default(),
            Self::Own(list) if list.iter().any(|attribute| attribute.node.is_some()) => {
                let copy = |attribute: &Attribute| Attribute {
                    node: None,
                    ..attribute.clone()
                };
                Self::Own(list.iter().map(copy).collect())
            }
            Self::Own(list) => {
                let list = Rc::new(std::mem::take(list));
                *self = Self::Shared(Rc::clone(&list));
                Self::Shared(list)
            }
        }
    }
}

impl Default for AttributeList {
    fn default() -> Self {
        Self::Own(Vec::new())
    }
}

impl From<Vec<Attribute>> for AttributeList {
    fn from(list: Vec<Attribute>) -> Self {
        Self::Own(list)
    }
}

impl Deref for AttributeList {
    type Target = [Attribute];

    #[inline]
    fn deref(&self) -> &[Attribute] {
        match self {
            Self::Own(list) => list,
            Self::Shared(list) => list,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::mutation::clone::CloneDepth;
    use crate::node::document::DocumentInit;
    use crate::{NodeId, Tree};

    fn original(tree: &mut Tree) -> NodeId {
        let document = tree
            .create_document(DocumentInit::html("about:blank"))
            .expect("room");
        let element = tree.create_html_element(document, "p").expect("room");
        tree.set_attribute(element, "id", "one").expect("valid");
        tree.set_attribute(element, "class", "a b").expect("valid");
        element
    }

    #[test]
    fn a_change_of_a_clone_is_its_own() {
        let mut tree = Tree::default();
        let element = original(&mut tree);
        let copies = [0, 1].map(|_| tree.clone_node(element, CloneDepth::Node).expect("room"));
        tree.set_attribute(copies[0], "id", "two").expect("valid");
        tree.set_attribute(element, "title", "t").expect("valid");
        assert!(tree.remove_attribute(copies[1], "class"));
        assert_eq!(tree.attribute(element, "id"), Some("one"));
        assert_eq!(tree.attribute(copies[0], "id"), Some("two"));
        assert_eq!(tree.attribute(copies[0], "class"), Some("a b"));
        assert_eq!(tree.attributes(copies[0]).len(), 2);
        assert_eq!(tree.attribute(copies[1], "id"), Some("one"));
        assert_eq!(tree.attributes(copies[1]).len(), 1);
    }

    #[test]
    fn the_node_of_an_attribute_belongs_to_one_element() {
        let mut tree = Tree::default();
        let element = original(&mut tree);
        let first = tree.clone_node(element, CloneDepth::Node).expect("room");
        let attr = tree.attribute_node(element, 0).expect("room");
        let second = tree.clone_node(element, CloneDepth::Node).expect("room");
        tree.set_attr_value(attr, "two");
        assert_eq!(tree.attribute(element, "id"), Some("two"));
        for copy in [first, second] {
            assert_eq!(tree.attribute(copy, "id"), Some("one"));
            assert_ne!(tree.attribute_node(copy, 0).expect("room"), attr);
        }
    }
}
