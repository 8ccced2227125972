//! Comparisons: of numbers, strings and booleans, and of node-sets by their members.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#booleans>

use super::ast::{Comparison, Expr, Type};
use super::conversions::{any_pair, compare, number_of};
use super::evaluation::{Context, Evaluation, Run};
use super::node::XPathNode;

impl<'a> Evaluation<'a> {
    /// A chain of comparisons; from the second on, the left side is a boolean.
    pub(super) fn comparisons(
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
