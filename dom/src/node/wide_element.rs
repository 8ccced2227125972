//! Elements with very many attributes: where each name stands, so that a look-up costs the same however many there are.
//!
//! Ours, not the standard's. An attribute list is a plain list, which is fastest for the handful that elements have; a
//! hostile page that sets a million of them would make every further one a walk over the list.

use std::collections::HashMap;

use html5ever::LocalName;

use crate::arena::{NodeId, Tree};
use crate::node::element::Attribute;

/// From how many attributes on an element is indexed.
const WIDE: usize = 128;

/// The indexes of an arena's wide elements.
#[derive(Debug, Default)]
pub(crate) struct WideElements(HashMap<NodeId, HashMap<LocalName, Places>>);

/// Where in the list attributes of one local name stand, first to last.
#[derive(Debug)]
enum Places {
    One(u32),
    /// Of several namespaces.
    Several(Vec<u32>),
}

impl Places {
    fn first_of(&self, matches: impl Fn(usize) -> bool) -> Option<usize> {
        let places = match self {
            Self::One(place) => std::slice::from_ref(place),
            Self::Several(places) => places,
        };
        let mut places = places.iter().map(|&place| place as usize);
        places.find(|&place| matches(place))
    }

    fn push(&mut self, place: u32) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, place]),
            Self::Several(places) => places.push(place),
        }
    }
}

impl Tree {
    /// The place of the first attribute for which `matches` holds, all of which have the local name `local`.
    #[inline]
    pub(crate) fn attribute_place(
        &self,
        element: NodeId,
        local: &LocalName,
        matches: impl Fn(&Attribute) -> bool,
    ) -> Option<usize> {
        let list = self.attributes(element);
        match self.wide_index(element, list) {
            Some(index) => index
                .get(local)?
                .first_of(|place| list.get(place).is_some_and(&matches)),
            None => list
                .iter()
                .position(|attribute| attribute.local_name == *local && matches(attribute)),
        }
    }

    /// The place of the first attribute whose qualified name is `name`, as it stands.
    #[inline]
    pub(crate) fn qualified_attribute_place(&self, element: NodeId, name: &str) -> Option<usize> {
        let list = self.attributes(element);
        let Some(index) = self.wide_index(element, list) else {
            return list
                .iter()
                .position(|attribute| attribute.is_qualified(name));
        };
        // Without a prefix the whole of it is the local name; with one, what follows a colon.
        let rests = name.match_indices(':').map(|(at, _)| &name[at + 1..]);
        std::iter::once(name)
            .chain(rests)
            .filter_map(|local| {
                let is_named = |place: usize| list.get(place).is_some_and(|a| a.is_qualified(name));
                index.get(&LocalName::from(local))?.first_of(is_named)
            })
            .min()
    }

    #[inline]
    fn wide_index(
        &self,
        element: NodeId,
        list: &[Attribute],
    ) -> Option<&HashMap<LocalName, Places>> {
        if list.len() < WIDE {
            return None;
        }
        self.wide_elements.0.get(&element)
    }

    /// Tells the index, if the element is wide, that its last attribute is new.
    #[inline]
    pub(crate) fn index_last_attribute(&mut self, element: NodeId) {
        if self.attributes(element).len() >= WIDE {
            self.index_attributes(element);
        }
    }

    fn index_attributes(&mut self, element: NodeId) {
        let mut wide = std::mem::take(&mut self.wide_elements);
        let list = self.attributes(element);
        let known = wide.0.contains_key(&element);
        let index = wide.0.entry(element).or_default();
        let from = if known {
            list.len().saturating_sub(1)
        } else {
            0
        };
        for (place, attribute) in list.iter().enumerate().skip(from) {
            let Ok(place) = u32::try_from(place) else {
                break;
            };
            match index.get_mut(&attribute.local_name) {
                Some(places) => places.push(place),
                None => drop(index.insert(attribute.local_name.clone(), Places::One(place))),
            }
        }
        self.wide_elements = wide;
    }

    /// Drops the index of an element: an attribute has left the list, or the element itself goes.
    #[inline]
    pub(crate) fn forget_attribute_places(&mut self, element: NodeId) {
        if !self.wide_elements.0.is_empty() {
            self.wide_elements.0.remove(&element);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::document::DocumentInit;

    fn element() -> (Tree, NodeId) {
        let mut tree = Tree::default();
        let document = tree
            .create_document(DocumentInit::html("about:blank"))
            .expect("room");
        let element = tree.create_html_element(document, "p").expect("room");
        (tree, element)
    }

    #[test]
    fn a_wide_element_finds_what_a_narrow_one_would() {
        let (mut tree, element) = element();
        for n in 0..2 * WIDE {
            tree.set_attribute(element, &format!("a{n}"), "first")
                .expect("valid");
        }
        tree.set_attribute(element, "p:a7", "whole").expect("valid");
        tree.set_attribute_ns(element, Some("urn:x"), "p:a7", "prefixed")
            .expect("valid");
        tree.set_attribute_ns(element, Some("urn:x"), "p:a9", "other")
            .expect("valid");
        tree.set_attribute(element, "A3", "second").expect("valid");
        assert_eq!(tree.attributes(element).len(), 2 * WIDE + 3);
        assert_eq!(tree.attribute(element, "a3"), Some("second"));
        assert_eq!(tree.attribute(element, "a7"), Some("first"));
        assert_eq!(tree.attribute(element, "p:a7"), Some("whole"));
        assert_eq!(tree.attribute(element, "p:a9"), Some("other"));
        assert_eq!(
            tree.attribute_ns(element, Some("urn:x"), "a7"),
            Some("prefixed")
        );
        assert_eq!(tree.attribute(element, "a9999"), None);
    }

    #[test]
    fn removing_from_a_wide_element_moves_the_places() {
        let (mut tree, element) = element();
        for n in 0..2 * WIDE {
            tree.set_attribute(element, &format!("a{n}"), &n.to_string())
                .expect("valid");
        }
        assert!(tree.remove_attribute(element, "a0"));
        assert_eq!(tree.attribute(element, "a5"), Some("5"));
        tree.set_attribute(element, "b", "new").expect("valid");
        assert_eq!(tree.attribute(element, "a200"), Some("200"));
        assert_eq!(tree.attribute(element, "b"), Some("new"));
        assert_eq!(tree.attribute(element, "a0"), None);
    }
}
