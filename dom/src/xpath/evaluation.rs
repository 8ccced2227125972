//! Evaluating an expression.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths> and #exprs

use std::borrow::Cow;
use std::collections::HashSet;

use html5ever::{Namespace, ns};

use super::XPathValue;
use super::ast::{Axis, Comparison, Expr, NodeTest, Operation, Path, Predicate, Start, Step, Type};
use super::conversions::{any_pair, compare, number_of, string_of};
use super::node::{Order, XPathNode};
use crate::arena::{NodeId, Tree};
use crate::error::DomError;

/// What ends early when too much work was done.
pub(super) type Run<T> = Result<T, DomError>;

/// One evaluation; the tree does not change meanwhile.
pub(super) struct Evaluation<'a> {
    pub(super) tree: &'a Tree,
    /// The namespaces of the expression's prefixes.
    pub(super) namespaces: &'a [Namespace],
    /// The root of the context node's tree.
    pub(super) root: NodeId,
    /// Whether the case rules of HTML documents hold.
    pub(super) is_html: bool,
    pub(super) order: Option<Order>,
    budget: Budget<'a>,
}

/// Counts visits, and asks now and then whether to go on.
pub(super) struct Budget<'a> {
    /// Visits until the next question.
    left: usize,
    go_on: &'a mut dyn FnMut() -> bool,
}

impl<'a> Budget<'a> {
    /// `go_on` is asked each time after so many visits.
    pub(super) fn new(go_on: &'a mut dyn FnMut() -> bool) -> Self {
        Self {
            left: VISITS_A_QUESTION,
            go_on,
        }
    }
}

/// How many nodes are visited between two questions whether to go on.
pub(super) const VISITS_A_QUESTION: usize = 16_384;

/// What an expression is evaluated in.
#[derive(Debug, Copy, Clone)]
pub(super) struct Context {
    pub(super) node: XPathNode,
    /// From 1.
    pub(super) position: usize,
    pub(super) size: usize,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        tree: &'a Tree,
        namespaces: &'a [Namespace],
        context: XPathNode,
        budget: Budget<'a>,
    ) -> Self {
        let anchor = context.anchor();
        Self {
            tree,
            namespaces,
            root: tree.root(anchor),
            is_html: tree
                .node_document(anchor)
                .is_some_and(|document| tree.is_html_document(document)),
            order: None,
            budget,
        }
    }

    /// Counts work, in visits of nodes.
    #[inline]
    pub(super) fn spend(&mut self, visits: usize) -> Run<()> {
        if visits < self.budget.left {
            self.budget.left -= visits;
            return Ok(());
        }
        let mut over = visits - self.budget.left;
        loop {
            if !(self.budget.go_on)() {
                return Err(DomError::WorkLimit);
            }
            if over < VISITS_A_QUESTION {
                self.budget.left = VISITS_A_QUESTION - over;
                return Ok(());
            }
            over -= VISITS_A_QUESTION;
        }
    }

    /// The namespace of the expression's prefix of this number.
    pub(super) fn namespace_of(&self, prefix: usize) -> &'a Namespace {
        static NONE: Namespace = ns!();
        self.namespaces.get(prefix).unwrap_or(&NONE)
    }

    /// The value, in the type that it has.
    pub(super) fn value(&mut self, expr: &'a Expr, context: Context) -> Run<XPathValue> {
        Ok(match expr.value_type() {
            Type::NodeSet => XPathValue::NodeSet(self.node_set(expr, context)?),
            Type::Number => XPathValue::Number(self.number(expr, context)?),
            Type::String => XPathValue::String(self.string(expr, context)?.into_owned()),
            Type::Boolean => XPathValue::Boolean(self.boolean(expr, context)?),
        })
    }

    /// The nodes, in document order; none if the expression is no node-set.
    pub(super) fn node_set(&mut self, expr: &'a Expr, context: Context) -> Run<Vec<XPathNode>> {
        match expr {
            Expr::Path(path) => self.path(path, context),
            Expr::Filter(inner, predicates) => {
                let mut nodes = self.node_set(inner, context)?;
                self.filter(predicates, &mut nodes)?;
                Ok(nodes)
            }
            Expr::Union(all) => {
                let mut nodes = Vec::new();
                for one in all {
                    nodes.append(&mut self.node_set(one, context)?);
                }
                self.sort(&mut nodes)?;
                Ok(nodes)
            }
            Expr::Call(function, arguments) => self.call_nodes(*function, arguments, context),
            _ => Ok(Vec::new()),
        }
    }

    /// The value as a boolean.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-boolean>
    pub(super) fn boolean(&mut self, expr: &'a Expr, context: Context) -> Run<bool> {
        match expr {
            Expr::Path(path) => self.exists(path, context),
            Expr::And(all) => {
                for one in all {
                    if !self.boolean(one, context)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Expr::Or(all) => {
                for one in all {
                    if self.boolean(one, context)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Expr::Compare(first, rest) => self.comparisons(first, rest, context),
            _ => match expr.value_type() {
                Type::NodeSet => Ok(!self.node_set(expr, context)?.is_empty()),
                Type::Number => {
                    let number = self.number(expr, context)?;
                    Ok(number != 0.0 && !number.is_nan())
                }
                Type::String => Ok(!self.string(expr, context)?.is_empty()),
                Type::Boolean => match expr {
                    Expr::Call(function, arguments) => {
                        self.call_boolean(*function, arguments, context)
                    }
                    _ => Ok(false),
                },
            },
        }
    }

    /// The value as a number.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-number>
    pub(super) fn number(&mut self, expr: &'a Expr, context: Context) -> Run<f64> {
        match expr {
            Expr::Number(number) => Ok(*number),
            Expr::Negate(operand) => Ok(-self.number(operand, context)?),
            Expr::Arithmetic(first, rest) => {
                let mut total = self.number(first, context)?;
                for (operation, next) in rest {
                    let next = self.number(next, context)?;
                    total = match operation {
                        Operation::Add => total + next,
                        Operation::Subtract => total - next,
                        Operation::Multiply => total * next,
                        Operation::Divide => total / next,
                        // The sign is that of the left side, as in Rust.
                        Operation::Modulo => total % next,
                    };
                }
                Ok(total)
            }
            _ => match expr.value_type() {
                Type::Boolean => Ok(f64::from(u8::from(self.boolean(expr, context)?))),
                Type::Number => match expr {
                    Expr::Call(function, arguments) => {
                        self.call_number(*function, arguments, context)
                    }
                    _ => Ok(f64::NAN),
                },
                Type::NodeSet | Type::String => Ok(number_of(&self.string(expr, context)?)),
            },
        }
    }

    /// The value as a string.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-string>
    pub(super) fn string(&mut self, expr: &'a Expr, context: Context) -> Run<Cow<'a, str>> {
        match expr {
            Expr::Literal(text) => Ok(Cow::Borrowed(text)),
            _ => match expr.value_type() {
                Type::NodeSet => {
                    let nodes = self.node_set(expr, context)?;
                    self.first_string(&nodes)
                }
                Type::Number => Ok(Cow::Owned(string_of(self.number(expr, context)?))),
                Type::Boolean => {
                    let truth = self.boolean(expr, context)?;
                    Ok(Cow::Borrowed(if truth { "true" } else { "false" }))
                }
                Type::String => match expr {
                    Expr::Call(function, arguments) => {
                        self.call_string(*function, arguments, context)
                    }
                    _ => Ok(Cow::Borrowed("")),
                },
            },
        }
    }

    /// The string of a node-set: that of its first node.
    pub(super) fn first_string(&mut self, nodes: &[XPathNode]) -> Run<Cow<'a, str>> {
        match nodes.first() {
            Some(&first) => self.string_value(first),
            None => Ok(Cow::Borrowed("")),
        }
    }

    pub(super) fn strings(&mut self, nodes: &[XPathNode]) -> Run<Vec<Cow<'a, str>>> {
        nodes.iter().map(|&node| self.string_value(node)).collect()
    }

    /// A chain of comparisons; from the second on, the left side is a boolean.
    fn comparisons(
        &mut self,
        first: &'a Expr,
        rest: &'a [(Comparison, Expr)],
        context: Context,
    ) -> Run<bool> {
        let mut rest = rest.iter();
        let Some((comparison, second)) = rest.next() else {
            return self.boolean(first, context);
        };
        let mut truth = self.comparison(*comparison, first, second, context)?;
        for (comparison, next) in rest {
            let left = f64::from(u8::from(truth));
            truth = if comparison.is_equality() || next.is_node_set() {
                let right = self.boolean(next, context)?;
                compare(*comparison, left, f64::from(u8::from(right)))
            } else {
                compare(*comparison, left, self.number(next, context)?)
            };
        }
        Ok(truth)
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans>
    fn comparison(
        &mut self,
        comparison: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        context: Context,
    ) -> Run<bool> {
        let types = (left.value_type(), right.value_type());
        match types {
            (Type::NodeSet, Type::NodeSet) => {
                let left = self.node_set(left, context)?;
                let right = self.node_set(right, context)?;
                let left = self.strings(&left)?;
                let right = self.strings(&right)?;
                Ok(any_pair(comparison, &left, &right))
            }
            (Type::NodeSet, Type::Boolean) | (Type::Boolean, Type::NodeSet) => {
                self.compare_booleans(comparison, left, right, context)
            }
            (Type::NodeSet, _) => {
                let nodes = self.node_set(left, context)?;
                self.compare_nodes(comparison, &nodes, right, context)
            }
            (_, Type::NodeSet) => {
                let nodes = self.node_set(right, context)?;
                self.compare_nodes(mirrored(comparison), &nodes, left, context)
            }
            _ if !comparison.is_equality()
                || types.0 == Type::Number
                || types.1 == Type::Number =>
            {
                // A boolean goes before a number in equality.
                if comparison.is_equality()
                    && (types.0 == Type::Boolean || types.1 == Type::Boolean)
                {
                    return self.compare_booleans(comparison, left, right, context);
                }
                let left = self.number(left, context)?;
                let right = self.number(right, context)?;
                Ok(compare(comparison, left, right))
            }
            (Type::String, Type::String) => {
                let left = self.string(left, context)?;
                let right = self.string(right, context)?;
                Ok((left == right) == (comparison == Comparison::Equal))
            }
            _ => self.compare_booleans(comparison, left, right, context),
        }
    }

    fn compare_booleans(
        &mut self,
        comparison: Comparison,
        left: &'a Expr,
        right: &'a Expr,
        context: Context,
    ) -> Run<bool> {
        let left = f64::from(u8::from(self.boolean(left, context)?));
        let right = f64::from(u8::from(self.boolean(right, context)?));
        Ok(compare(comparison, left, right))
    }

    /// Compares the string-values of nodes with a number or a string.
    fn compare_nodes(
        &mut self,
        comparison: Comparison,
        nodes: &[XPathNode],
        other: &'a Expr,
        context: Context,
    ) -> Run<bool> {
        if comparison.is_equality() && other.value_type() == Type::String {
            let wanted = self.string(other, context)?;
            for &node in nodes {
                if (self.string_value(node)? == wanted) == (comparison == Comparison::Equal) {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        let wanted = self.number(other, context)?;
        for &node in nodes {
            if compare(comparison, number_of(&self.string_value(node)?), wanted) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn path(&mut self, path: &'a Path, context: Context) -> Run<Vec<XPathNode>> {
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
    fn exists(&mut self, path: &'a Path, context: Context) -> Run<bool> {
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
    fn filter(&mut self, predicates: &'a [Predicate], nodes: &mut Vec<XPathNode>) -> Run<()> {
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
                    let mut node = super::axes::parent(tree, origin);
                    while let Some(ancestor) = node.filter(|&ancestor| seen.insert(ancestor)) {
                        self.walk(Axis::SelfNode, test, ancestor, 1, out)?;
                        node = super::axes::parent(tree, ancestor);
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

/// A count as a number; counts of nodes are exact.
pub(super) fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}
