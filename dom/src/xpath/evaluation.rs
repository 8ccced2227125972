//! Evaluating an expression.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#location-paths> and #exprs

use std::borrow::Cow;

use html5ever::{Namespace, ns};

use super::XPathValue;
use super::ast::{Expr, Operation, Type};
use super::conversions::{number_of, string_of};
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
}

/// A count as a number; counts of nodes are exact.
pub(super) fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
