//! Nodes as XPath knows them, their order and their strings.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#data-model>

use std::borrow::Cow;
use std::cmp::Ordering;

use super::evaluation::{Evaluation, Run};
use crate::arena::{NodeId, Tree};
use crate::node::NodeKind;

/// A node of a result.
///
/// An attribute of an element is named by its place, so that a query makes no nodes;
/// [`Tree::attribute_node`] gives its node.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub enum XPathNode {
    /// A node of the tree, or an attribute node that has no element.
    Node(NodeId),
    /// An attribute.
    Attribute {
        /// The element that has it.
        element: NodeId,
        /// Its place in [`Tree::attributes`].
        index: usize,
    },
}

impl XPathNode {
    /// `id`, as an attribute if it is one of an element.
    pub(super) fn of(tree: &Tree, id: NodeId) -> Self {
        match (tree.owner_element(id), tree.attr_index(id)) {
            (Some(element), Some(index)) => Self::Attribute { element, index },
            _ => Self::Node(id),
        }
    }

    /// The string-value: an attribute's value, the data of a text, the text below an element or document.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#data-model>
    pub fn string_value(self, tree: &Tree) -> String {
        string_value(tree, self, &mut |_| Ok(()))
            .map(Cow::into_owned)
            .unwrap_or_default()
    }

    /// The node itself, or the attribute's element.
    pub(super) fn anchor(self) -> NodeId {
        match self {
            Self::Node(id) | Self::Attribute { element: id, .. } => id,
        }
    }

    pub(super) fn is_attribute(self) -> bool {
        matches!(self, Self::Attribute { .. })
    }

    /// Where it stands among those with the same anchor: the element first, then its attributes.
    fn place(self) -> usize {
        match self {
            Self::Node(_) => 0,
            Self::Attribute { index, .. } => index + 1,
        }
    }
}

/// The places of a tree's nodes in document order, by slot.
#[derive(Debug)]
pub(super) struct Order(Vec<u32>);

impl<'a> Evaluation<'a> {
    /// Sorts into document order, and drops what is there twice.
    pub(super) fn sort(&mut self, nodes: &mut Vec<XPathNode>) -> Run<()> {
        if nodes.len() < 2 {
            return Ok(());
        }
        let tree = self.tree;
        if nodes.len() <= FEW && self.order.is_none() {
            // NOTE: comparing costs the depth; a few comparisons cost less than the walk of the tree.
            nodes.sort_unstable_by(|a, b| {
                let (one, two) = (a.anchor(), b.anchor());
                if one == two {
                    a.place().cmp(&b.place())
                } else if tree.precedes(one, two) {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            });
        } else {
            let order = self.order()?;
            nodes.sort_unstable_by_key(|node| {
                let slot = node.anchor().index();
                (order.0.get(slot).copied(), node.place())
            });
        }
        nodes.dedup();
        Ok(())
    }

    fn order(&mut self) -> Run<&Order> {
        if self.order.is_none() {
            let mut places = Vec::new();
            for (place, id) in self.tree.inclusive_descendants(self.root).enumerate() {
                self.spend(1)?;
                let slot = id.index();
                if places.len() <= slot {
                    places.resize(slot + 1, 0);
                }
                if let Some(entry) = places.get_mut(slot) {
                    *entry = u32::try_from(place).unwrap_or(u32::MAX);
                }
            }
            self.order = Some(Order(places));
        }
        Ok(self.order.get_or_insert_with(|| Order(Vec::new())))
    }

    /// The string-value of a node.
    pub(super) fn string_value(&mut self, node: XPathNode) -> Run<Cow<'a, str>> {
        string_value(self.tree, node, &mut |visits| self.spend(visits))
    }
}

fn string_value<'a>(
    tree: &'a Tree,
    node: XPathNode,
    spend: &mut dyn FnMut(usize) -> Run<()>,
) -> Run<Cow<'a, str>> {
    let id = match node {
        XPathNode::Attribute { element, index } => {
            let value = tree.attributes(element).get(index);
            return Ok(Cow::Borrowed(value.map_or("", |value| value.value())));
        }
        XPathNode::Node(id) => id,
    };
    if let Some(data) = tree.character_data(id) {
        spend(data.len() / UNITS_A_VISIT)?;
        return Ok(data.to_string_lossy());
    }
    if tree.kind(id) == Some(NodeKind::Attr) {
        return Ok(Cow::Borrowed(tree.attr_value(id).unwrap_or_default()));
    }
    // The text below; a document's too.
    let mut text = Cow::Borrowed("");
    for below in tree.descendants(id) {
        spend(1)?;
        if tree.is_text(below)
            && let Some(data) = tree.character_data(below)
        {
            spend(data.len() / UNITS_A_VISIT)?;
            if text.is_empty() {
                text = data.to_string_lossy();
            } else {
                data.push_onto(text.to_mut());
            }
        }
    }
    Ok(text)
}

/// Up to so many nodes are sorted by comparing them.
const FEW: usize = 8;

/// How much text costs as much as a visit.
const UNITS_A_VISIT: usize = 64;
