//! Which classes an element may have, in 32 bits that lie in the node itself.
//!
//! OPTIMIZATION: a search for a class looks at these bits and follows pointers only where they agree.

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::collections::token_list;
use crate::node::NodeData;
use crate::node::element::Attribute;

/// One bit for each class, by a hash that ignores the case of ASCII letters (as quirks mode does).
#[derive(Debug, Copy, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClassFilter(u32);

impl ClassFilter {
    /// No class at all.
    pub(crate) const NONE: Self = Self(0);

    /// The bit of one class.
    pub(crate) fn of_class(class: &str) -> Self {
        let hash = class.bytes().fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0193)
        });
        Self(1 << (hash >> 27))
    }

    /// The bits of a `class` attribute's value.
    fn of_value(value: &str) -> Self {
        Self(token_list::tokens(value).fold(0, |bits, class| bits | Self::of_class(class).0))
    }

    pub(crate) fn of_attributes(attributes: &[Attribute]) -> Self {
        attributes
            .iter()
            .find(|attribute| is_class(attribute))
            .map(|attribute| Self::of_value(&attribute.value))
            .unwrap_or_default()
    }

    /// Whether an element with these bits may have all of `classes`.
    #[inline]
    pub(crate) fn may_have(self, classes: Self) -> bool {
        self.0 & classes.0 == classes.0
    }
}

impl std::ops::BitOr for ClassFilter {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

fn is_class(attribute: &Attribute) -> bool {
    attribute.local_name == local_name!("class") && attribute.namespace == ns!()
}

impl Tree {
    /// After the attribute at `index` was set, or (out of range) one was removed.
    #[inline]
    pub(crate) fn refresh_class_filter(&mut self, element: NodeId, index: usize) {
        if let NodeData::Element(data) = &mut self.node_mut(element).data
            && data.attributes.get(index).is_none_or(is_class)
        {
            data.classes = ClassFilter::of_attributes(&data.attributes);
        }
    }

    /// Whether an element may have all of `classes`; false means that it has not.
    #[inline]
    pub(crate) fn may_have_classes(&self, element: NodeId, classes: ClassFilter) -> bool {
        match &self.node(element).data {
            NodeData::Element(data) => data.classes.may_have(classes),
            _ => false,
        }
    }
}
