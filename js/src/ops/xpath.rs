//! Ops of XPath.
//!
//! Standard: <https://dom.spec.whatwg.org/#xpath>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::xpath::{XPathExpression, XPathNode, XPathValue};
use readystate_dom::{DomError, NodeId, Tree};

use super::node::{given, ids_to, str_to, strings_to};
use crate::error::fail;
use crate::state::{is_interrupted, with_tree};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_xpath_prefixes(), op_xpath_evaluate()]
}

/// The namespace prefixes of an expression, or null for a failure.
#[op2]
fn op_xpath_prefixes<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] text: &str,
) -> v8::Local<'s, v8::Value> {
    match XPathExpression::parse(text) {
        Ok(expression) => strings_to(scope, expression.prefixes()).into(),
        Err(error) => {
            fail(error);
            v8::null(scope).into()
        }
    }
}

/// The value of an expression: a number, a string, a boolean, or an array of ids in document order; null for a failure.
///
/// `namespaces` are those of the prefixes, each ended by U+0000. `wanted` is a result type; numbers, strings and booleans
/// are converted to, and a single node makes the array no longer than one.
#[op2]
fn op_xpath_evaluate<'s>(
    scope: &v8::PinScope<'s, '_>,
    context: u32,
    #[string] text: &str,
    #[string] namespaces: &str,
    wanted: u32,
) -> v8::Local<'s, v8::Value> {
    let value = with_tree(|tree| {
        let value = evaluate(tree, given(context)?, text, namespaces)?;
        Ok::<_, DomError>(match (wanted, value) {
            (NUMBER, value) => Value::Number(value.to_number(tree)),
            (STRING, value) => Value::Text(value.to_text(tree)),
            (BOOLEAN, value) => Value::Boolean(value.to_boolean()),
            (_, XPathValue::Number(number)) => Value::Number(number),
            (_, XPathValue::String(text)) => Value::Text(text),
            (_, XPathValue::Boolean(truth)) => Value::Boolean(truth),
            (wanted, XPathValue::NodeSet(mut nodes)) => {
                if matches!(wanted, ANY_UNORDERED_NODE | FIRST_ORDERED_NODE) {
                    nodes.truncate(1);
                }
                Value::Nodes(
                    nodes
                        .into_iter()
                        .map(|node| node_of(tree, node))
                        .collect::<Result<_, _>>()?,
                )
            }
        })
    });
    match value {
        Ok(Value::Number(number)) => v8::Number::new(scope, number).into(),
        Ok(Value::Text(text)) => str_to(scope, &text),
        Ok(Value::Boolean(truth)) => v8::Boolean::new(scope, truth).into(),
        Ok(Value::Nodes(ids)) => ids_to(scope, &ids),
        Err(error) => {
            fail(error);
            v8::null(scope).into()
        }
    }
}

/// A value on its way to script.
enum Value {
    Number(f64),
    Text(String),
    Boolean(bool),
    Nodes(Vec<NodeId>),
}

const NUMBER: u32 = 1;
const STRING: u32 = 2;
const BOOLEAN: u32 = 3;
const ANY_UNORDERED_NODE: u32 = 8;
const FIRST_ORDERED_NODE: u32 = 9;

/// How often an evaluation may ask whether to go on: half a billion visits of nodes, for hosts that stop no script.
const MAX_QUESTIONS: u32 = 32_768;

fn evaluate(
    tree: &Tree,
    context: NodeId,
    text: &str,
    namespaces: &str,
) -> Result<XPathValue, DomError> {
    let mut namespaces = namespaces.split_terminator('\0').map(str::to_owned);
    let expression = XPathExpression::parse(text)?.with_namespaces(|_| namespaces.next())?;
    let mut questions = 0;
    expression.evaluate_while(tree, context, &mut || {
        questions += 1;
        questions < MAX_QUESTIONS && !is_interrupted()
    })
}

/// The node itself; an attribute gets one now.
fn node_of(tree: &mut Tree, node: XPathNode) -> Result<NodeId, DomError> {
    match node {
        XPathNode::Node(id) => Ok(id),
        XPathNode::Attribute { element, index } => tree.attribute_node(element, index),
    }
}
