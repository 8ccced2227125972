//! Axes and node tests.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#axes> and #node-tests, with the case rules of
//! <https://html.spec.whatwg.org/#interactions-with-xpath-and-xslt>.

use std::iter;

use html5ever::{Namespace, ns};

use super::ast::{Axis, NameTest, NodeTest};
use super::evaluation::{Evaluation, Run};
use super::node::XPathNode;
use crate::arena::{NodeId, Tree};
use crate::node::NodeKind;

impl<'a> Evaluation<'a> {
    /// Adds to `out` what is on an axis of `origin` and passes the test, in the axis's order, `most` nodes at most.
    pub(super) fn walk(
        &mut self,
        axis: Axis,
        test: &NodeTest,
        origin: XPathNode,
        most: usize,
        out: &mut Vec<XPathNode>,
    ) -> Run<()> {
        let tree = self.tree;
        let id = origin.anchor();
        // An attribute has a parent and ancestors, and what follows and precedes; all else is empty.
        let attribute = origin.is_attribute();
        let node = (!attribute).then_some(id);
        match axis {
            Axis::SelfNode => self.take(axis, test, iter::once(origin), most, out),
            Axis::Child => {
                let children = node.into_iter().flat_map(|id| tree.children(id));
                self.take(axis, test, children.map(XPathNode::Node), most, out)
            }
            Axis::Descendant => {
                let below = node.into_iter().flat_map(|id| tree.descendants(id));
                self.take(axis, test, below.map(XPathNode::Node), most, out)
            }
            Axis::DescendantOrSelf => {
                let below = node.into_iter().flat_map(|id| tree.descendants(id));
                let all = iter::once(origin).chain(below.map(XPathNode::Node));
                self.take(axis, test, all, most, out)
            }
            Axis::Parent => self.take(axis, test, parent(tree, origin).into_iter(), most, out),
            Axis::Ancestor => {
                let all = iter::successors(parent(tree, origin), |&node| parent(tree, node));
                self.take(axis, test, all, most, out)
            }
            Axis::AncestorOrSelf => {
                let all = iter::successors(Some(origin), |&node| parent(tree, node));
                self.take(axis, test, all, most, out)
            }
            Axis::FollowingSibling => {
                let first = node.and_then(|id| tree.next_sibling(id));
                let all = iter::successors(first, |&node| tree.next_sibling(node));
                self.take(axis, test, all.map(XPathNode::Node), most, out)
            }
            Axis::PrecedingSibling => {
                let first = node.and_then(|id| tree.previous_sibling(id));
                let all = iter::successors(first, |&node| tree.previous_sibling(node));
                self.take(axis, test, all.map(XPathNode::Node), most, out)
            }
            Axis::Following => {
                let root = self.root;
                let first = if attribute {
                    tree.following_in(root, id)
                } else {
                    tree.following_outside(root, id)
                };
                let all = iter::successors(first, |&node| tree.following_in(root, node));
                self.take(axis, test, all.map(XPathNode::Node), most, out)
            }
            Axis::Preceding => self.take(axis, test, preceding(tree, self.root, id), most, out),
            Axis::Attribute => {
                let count = node.map_or(0, |id| tree.attributes(id).len());
                let all = (0..count).map(|index| XPathNode::Attribute { element: id, index });
                self.take(axis, test, all, most, out)
            }
            // NOTE: namespace nodes are nowhere in browsers; the axis is empty there too.
            Axis::Namespace => Ok(()),
        }
    }

    fn take(
        &mut self,
        axis: Axis,
        test: &NodeTest,
        nodes: impl Iterator<Item = XPathNode>,
        most: usize,
        out: &mut Vec<XPathNode>,
    ) -> Run<()> {
        let enough = out.len().saturating_add(most);
        for node in nodes {
            self.spend(1)?;
            if self.passes(axis, test, node) {
                out.push(node);
                if out.len() >= enough {
                    break;
                }
            }
        }
        Ok(())
    }

    fn passes(&self, axis: Axis, test: &NodeTest, node: XPathNode) -> bool {
        match node {
            XPathNode::Attribute { element, index } => {
                let Some(attribute) = self.tree.attributes(element).get(index) else {
                    return false;
                };
                // Namespace declarations are not on the attribute axis.
                if attribute.namespace == ns!(xmlns) {
                    return false;
                }
                match test {
                    NodeTest::AnyNode => true,
                    // On other axes, names are those of elements.
                    NodeTest::Name(name) => {
                        axis == Axis::Attribute
                            && self.is_named_attribute(
                                name,
                                &attribute.local_name,
                                &attribute.namespace,
                                *self.tree.namespace(element) == ns!(html),
                            )
                    }
                    _ => false,
                }
            }
            XPathNode::Node(id) => match (test, self.tree.kind(id)) {
                (NodeTest::AnyNode, kind) => kind.is_some(),
                (NodeTest::Text, kind) => {
                    matches!(kind, Some(NodeKind::Text | NodeKind::CdataSection))
                }
                (NodeTest::Comment, kind) => kind == Some(NodeKind::Comment),
                (NodeTest::ProcessingInstruction(target), kind) => {
                    kind == Some(NodeKind::ProcessingInstruction)
                        && target.as_ref().is_none_or(|target| {
                            self.tree.processing_instruction_target(id) == Some(&**target)
                        })
                }
                (NodeTest::Name(name), Some(NodeKind::Element)) => {
                    axis != Axis::Attribute && self.is_named_element(name, id)
                }
                (NodeTest::Name(_), _) => false,
            },
        }
    }

    fn is_named_element(&self, name: &NameTest, id: NodeId) -> bool {
        let namespace = self.tree.namespace(id);
        let wanted = name.prefix.map(|prefix| self.namespace_of(prefix));
        let Some(local) = &name.local else {
            return wanted.is_none_or(|wanted| wanted == namespace);
        };
        let own = self.tree.local_name(id);
        if !self.is_html {
            return own == local && wanted.unwrap_or(&ns!()) == namespace;
        }
        // In an HTML document a name without a prefix is that of an HTML element, in any case.
        if *namespace == ns!(html) {
            (own == local || own.eq_ignore_ascii_case(local))
                && wanted.is_none_or(|wanted| wanted == namespace)
        } else {
            own == local && wanted == Some(namespace)
        }
    }

    fn is_named_attribute(
        &self,
        name: &NameTest,
        own: &html5ever::LocalName,
        namespace: &Namespace,
        of_html: bool,
    ) -> bool {
        let wanted = name.prefix.map(|prefix| self.namespace_of(prefix));
        let Some(local) = &name.local else {
            return wanted.is_none_or(|wanted| wanted == namespace);
        };
        let ignores_case = self.is_html && of_html && wanted.is_none();
        wanted.unwrap_or(&ns!()) == namespace
            && (own == local || (ignores_case && own.eq_ignore_ascii_case(local)))
    }
}

/// An attribute's is its element.
pub(super) fn parent(tree: &Tree, node: XPathNode) -> Option<XPathNode> {
    match node {
        XPathNode::Attribute { element, .. } => Some(XPathNode::Node(element)),
        XPathNode::Node(id) => tree.parent(id).map(XPathNode::Node),
    }
}

/// What comes before `id` and does not contain it, backwards.
fn preceding(tree: &Tree, root: NodeId, id: NodeId) -> impl Iterator<Item = XPathNode> {
    let mut ancestor = tree.parent(id);
    iter::successors(tree.preceding_in(root, id), move |&node| {
        tree.preceding_in(root, node)
    })
    .filter(move |&node| {
        let contains = ancestor == Some(node);
        if contains {
            ancestor = tree.parent(node);
        }
        !contains
    })
    .map(XPathNode::Node)
}
