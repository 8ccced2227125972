//! Location paths, step by step.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths>

use std::collections::HashSet;

use super::ast::{Axis, NodeTest, Path, Predicate, Start, Step, Type};
use super::axes;
use super::evaluation::{Context, Evaluation, Run, count};
use super::node::XPathNode;
use crate::arena::{NodeId, Tree};

impl<'a> Evaluation<'a> {
    pub(super) fn path(&mut self, path: &'a Path, context: Context) -> Run<Vec<XPathNode>> {
        let mut nodes = self.start(path, context)?;
        for step in &path.steps {
            nodes = self.step(step, nodes)?;
        }
        Ok(nodes)
    }

    fn start(&mut self, path: &'a Path, context: Context) -> Run<Vec<XPathNode>> {
        match &path.start {
            Start::Context => Ok(vec![context.node]),
            Start::Root => Ok(vec![XPathNode::Node(self.root)]),
            Start::Nodes(expr) => self.node_set(expr, context),
        }
    }

    /// Whether a path leads anywhere.
    pub(super) fn exists(&mut self, path: &'a Path, context: Context) -> Run<bool> {
        let Some((last, steps)) = path.steps.split_last() else {
            return Ok(!self.start(path, context)?.is_empty());
        };
        let mut nodes = self.start(path, context)?;
        for step in steps {
            nodes = self.step(step, nodes)?;
        }
        // OPTIMIZATION: one node is enough.
        let mut found = Vec::new();
        for node in nodes {
            if last.predicates.is_empty() {
                self.walk(last.axis, &last.test, node, 1, &mut found)?;
            } else {
                self.step_from(last, node, &mut found)?;
            }
            if !found.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// One step from each of `origins`, which are in document order; so is the result.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths>
    fn step(&mut self, step: &'a Step, origins: Vec<XPathNode>) -> Run<Vec<XPathNode>> {
        let mut nodes = Vec::new();
        if let [origin] = *origins.as_slice() {
            self.step_from(step, origin, &mut nodes)?;
        } else if step.is_positional() {
            for origin in origins {
                self.step_from(step, origin, &mut nodes)?;
            }
            self.sort(&mut nodes)?;
        } else {
            // OPTIMIZATION: where positions do not count, the union of the axes is walked once.
            self.union_of_axes(step.axis, &step.test, &origins, &mut nodes)?;
            self.filter(&step.predicates, &mut nodes)?;
        }
        Ok(nodes)
    }

    /// One step from one node, in document order, added to `out`.
    fn step_from(
        &mut self,
        step: &'a Step,
        origin: XPathNode,
        out: &mut Vec<XPathNode>,
    ) -> Run<()> {
        let mut nodes = Vec::new();
        let predicates = match step.predicates.split_first() {
            Some((Predicate::Nth(place), others)) => {
                if *place > 0 {
                    self.walk(step.axis, &step.test, origin, *place, &mut nodes)?;
                }
                if nodes.len() == *place {
                    nodes.drain(..place.saturating_sub(1));
                } else {
                    nodes.clear();
                }
                others
            }
            _ => {
                self.walk(step.axis, &step.test, origin, usize::MAX, &mut nodes)?;
                step.predicates.as_slice()
            }
        };
        self.filter(predicates, &mut nodes)?;
        if step.axis.is_reverse() {
            nodes.reverse();
        }
        out.append(&mut nodes);
        Ok(())
    }

    /// Keeps what passes all predicates; positions count from the first of `nodes`.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#predicates>
    pub(super) fn filter(
        &mut self,
        predicates: &'a [Predicate],
        nodes: &mut Vec<XPathNode>,
    ) -> Run<()> {
        for predicate in predicates {
            let expr = match predicate {
                Predicate::Nth(place) => {
                    let kept = place
                        .checked_sub(1)
                        .and_then(|index| nodes.get(index))
                        .copied();
                    nodes.clear();
                    nodes.extend(kept);
                    continue;
                }
                Predicate::Positional(expr) | Predicate::Plain(expr) => expr,
            };
            let is_number = expr.value_type() == Type::Number;
            let size = nodes.len();
            let mut kept = Vec::new();
            for (index, &node) in nodes.iter().enumerate() {
                self.spend(1)?;
                let position = index + 1;
                let context = Context {
                    node,
                    position,
                    size,
                };
                let passes = if is_number {
                    self.number(expr, context)? == count(position)
                } else {
                    self.boolean(expr, context)?
                };
                if passes {
                    kept.push(node);
                }
            }
            *nodes = kept;
        }
        Ok(())
    }

    /// What is on the axis of any of `origins`, which are two or more in document order, each once and in order.
    fn union_of_axes(
        &mut self,
        axis: Axis,
        test: &NodeTest,
        origins: &[XPathNode],
        out: &mut Vec<XPathNode>,
    ) -> Run<()> {
        let tree = self.tree;
        let has_attributes = origins.iter().any(|origin| origin.is_attribute());
        match axis {
            Axis::Descendant | Axis::DescendantOrSelf if !has_attributes => {
                self.outermost_subtrees(axis, test, origins, out)
            }
            Axis::FollowingSibling | Axis::PrecedingSibling => {
                // One of each family has all of its siblings on that side.
                let mut parents = HashSet::new();
                let mut walk = |this: &mut Self, origin: XPathNode| {
                    if parents.insert(tree.parent(origin.anchor())) || origin.is_attribute() {
                        this.walk(axis, test, origin, usize::MAX, out)?;
                    }
                    Ok(())
                };
                if axis == Axis::FollowingSibling {
                    for &origin in origins.iter().filter(|origin| !origin.is_attribute()) {
                        walk(self, origin)?;
                    }
                } else {
                    for &origin in origins.iter().rev().filter(|origin| !origin.is_attribute()) {
                        walk(self, origin)?;
                    }
                }
                self.sort(out)
            }
            Axis::Ancestor | Axis::AncestorOrSelf => {
                let mut seen = HashSet::new();
                for &origin in origins {
                    if axis == Axis::AncestorOrSelf && seen.insert(origin) {
                        self.walk(Axis::SelfNode, test, origin, 1, out)?;
                    }
                    let mut node = axes::parent(tree, origin);
                    while let Some(ancestor) = node.filter(|&ancestor| seen.insert(ancestor)) {
                        self.walk(Axis::SelfNode, test, ancestor, 1, out)?;
                        node = axes::parent(tree, ancestor);
                    }
                }
                self.sort(out)
            }
            Axis::Preceding => {
                // What precedes any precedes the last, or contains it and precedes none.
                if let Some(&last) = origins.last() {
                    self.walk(axis, test, last, usize::MAX, out)?;
                    out.reverse();
                }
                Ok(())
            }
            Axis::Following => {
                // What follows any follows the one that ends first.
                let earliest = self.ending_first(origins)?;
                self.walk(axis, test, earliest, usize::MAX, out)
            }
            _ => {
                for &origin in origins {
                    self.walk(axis, test, origin, usize::MAX, out)?;
                }
                // Often in order already: what belongs to one node comes before what belongs to the next.
                let is_sorted = match axis {
                    Axis::SelfNode | Axis::Attribute => true,
                    Axis::Child => are_apart(tree, origins),
                    _ => false,
                };
                if is_sorted { Ok(()) } else { self.sort(out) }
            }
        }
    }

    /// Of `origins`, in document order, the one whose last descendant comes first.
    fn ending_first(&mut self, origins: &[XPathNode]) -> Run<XPathNode> {
        let mut origins = origins.iter().copied();
        let mut earliest = origins.next().unwrap_or(XPathNode::Node(self.root));
        for origin in origins {
            // An attribute ends where it stands.
            if earliest.is_attribute() {
                break;
            }
            let mut is_inside = false;
            for ancestor in self.tree.inclusive_ancestors(origin.anchor()) {
                self.spend(1)?;
                if ancestor == earliest.anchor() {
                    is_inside = true;
                    break;
                }
            }
            if !is_inside {
                break;
            }
            earliest = origin;
        }
        Ok(earliest)
    }

    /// The descendants of the outermost of `origins`, among which are those of the others.
    fn outermost_subtrees(
        &mut self,
        axis: Axis,
        test: &NodeTest,
        origins: &[XPathNode],
        out: &mut Vec<XPathNode>,
    ) -> Run<()> {
        let mut origins = origins.iter().copied().peekable();
        while let Some(origin) = origins.next() {
            if axis == Axis::DescendantOrSelf {
                self.walk(Axis::SelfNode, test, origin, 1, out)?;
            }
            for below in self.tree.descendants(origin.anchor()) {
                let below = XPathNode::Node(below);
                origins.next_if_eq(&below);
                self.walk(Axis::SelfNode, test, below, 1, out)?;
            }
        }
        Ok(())
    }
}

/// Whether it is clear that none of `origins`, which are in document order, contains another.
fn are_apart(tree: &Tree, origins: &[XPathNode]) -> bool {
    let contains = |one: NodeId, two: NodeId| {
        let mut ancestors = tree.ancestors(two);
        tree.first_child(one).is_some()
            && tree.parent(one) != tree.parent(two)
            && (ancestors
                .by_ref()
                .take(MAX_CLIMB)
                .any(|ancestor| ancestor == one)
                || ancestors.next().is_some())
    };
    !origins
        .windows(2)
        .any(|pair| matches!(pair, [one, two] if contains(one.anchor(), two.anchor())))
}

/// How far up containment is looked for; farther up, sorting costs less.
const MAX_CLIMB: usize = 64;
