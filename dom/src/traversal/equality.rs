//! Whether two trees are alike.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-equals>, text of November 2026.

use crate::arena::{NodeId, Tree};
use crate::node::NodeData;
use crate::node::element::Attribute;

impl Tree {
    /// `Node.isEqualNode`: the same kinds, names, values and children, in the same order (attributes in any).
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-isequalnode>
    pub fn is_equal_node(&self, a: NodeId, b: NodeId) -> bool {
        if a == b {
            return self.exists(a);
        }
        let mut left = self.inclusive_descendants(a);
        let mut right = self.inclusive_descendants(b);
        // NOTE: walks in step; nodes that are equal themselves have their children compared by how each walk goes on.
        let (mut one, mut two) = (left.next(), right.next());
        loop {
            match (one, two) {
                (None, None) => return true,
                (Some(x), Some(y)) => {
                    if !self.is_equal_alone(x, y)
                        || self.has_child_nodes(x) != self.has_child_nodes(y)
                        || (x != a
                            && self.next_sibling(x).is_some() != self.next_sibling(y).is_some())
                    {
                        return false;
                    }
                }
                _ => return false,
            }
            one = left.next();
            two = right.next();
        }
    }

    fn is_equal_alone(&self, a: NodeId, b: NodeId) -> bool {
        let (one, two) = (self.node(a), self.node(b));
        if self.kind(a) != self.kind(b) {
            return false;
        }
        match (&one.data, &two.data) {
            (NodeData::Element(x), NodeData::Element(y)) => {
                x.local_name == y.local_name
                    && x.namespace == y.namespace
                    && x.prefix == y.prefix
                    && x.attributes.len() == y.attributes.len()
                    && x.attributes
                        .iter()
                        .all(|attribute| has_equal(&y.attributes, attribute))
            }
            (NodeData::Attr(x), NodeData::Attr(y)) => {
                x.local_name == y.local_name
                    && x.namespace == y.namespace
                    && self.attr_value(a) == self.attr_value(b)
            }
            (NodeData::Character(x), NodeData::Character(y)) => x == y,
            (NodeData::ProcessingInstruction(x), NodeData::ProcessingInstruction(y)) => {
                x.target == y.target && x.data == y.data
            }
            (NodeData::DocumentType(x), NodeData::DocumentType(y)) => x == y,
            (NodeData::Document(_), NodeData::Document(_))
            | (NodeData::DocumentFragment { .. }, NodeData::DocumentFragment { .. }) => true,
            _ => false,
        }
    }
}

fn has_equal(attributes: &[Attribute], wanted: &Attribute) -> bool {
    attributes.iter().any(|attribute| {
        attribute.local_name == wanted.local_name
            && attribute.namespace == wanted.namespace
            && attribute.value == wanted.value
    })
}
