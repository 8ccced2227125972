//! XPath 1.0: `document.evaluate()`, and queries that selectors cannot say.
//!
//! [`XPathExpression`] is parsed once and evaluated on any tree; [`Tree::evaluate_xpath`] is the short way. Evaluation
//! reads the tree and changes nothing: attributes come as [`XPathNode::Attribute`], and get no nodes of their own.
//!
//! In HTML documents the case rules of HTML hold: a name without a prefix is that of an HTML element, in any case.
//! As in browsers, doctypes are nodes, neighbouring texts are nodes each, and the namespace axis is empty. There are no
//! variables. Strings are sequences of Unicode characters, as the standard says (browsers count UTF-16 code units).
//!
//! Work is bounded: an expression nests 128 brackets at most, and an evaluation that visits more than
//! [`MAX_VISITS`] nodes, or whose caller has had enough, ends in [`DomError::WorkLimit`].
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/>, with <https://dom.spec.whatwg.org/#xpath> and
//! <https://html.spec.whatwg.org/#interactions-with-xpath-and-xslt>, texts of November 2026.

mod ast;
mod axes;
mod comparisons;
mod conversions;
mod evaluation;
mod functions;
mod lexer;
mod node;
mod parser;
mod steps;

use std::rc::Rc;

use html5ever::Namespace;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeKind;
use evaluation::{Budget, Context, Evaluation, VISITS_A_QUESTION};

pub use node::XPathNode;

/// How many nodes one evaluation visits at most, unless its caller says when to stop.
pub const MAX_VISITS: usize = 200_000_000;

/// The value of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum XPathValue {
    /// Nodes, each once, in document order.
    NodeSet(Vec<XPathNode>),
    /// A number.
    Number(f64),
    /// A string.
    String(String),
    /// A boolean.
    Boolean(bool),
}

/// A parsed expression. Copies share what was parsed.
///
/// ```
/// use readystate_dom::xpath::{XPathExpression, XPathValue};
/// # use readystate_dom::{DocumentInit, Tree, parsing::html};
/// # let mut tree = Tree::default();
/// # let document = tree.create_document(DocumentInit::html("about:blank"))?;
/// html::parse_document(&mut tree, document, "<ul><li>1<li>2</ul><svg><path/></svg>");
/// let total = XPathExpression::parse("sum(//li)")?;
/// assert_eq!(total.evaluate(&tree, document)?, XPathValue::Number(3.0));
///
/// let paths = XPathExpression::parse("count(//svg:path)")?
///     .with_namespaces(|prefix| (prefix == "svg").then(|| "http://www.w3.org/2000/svg".to_owned()))?;
/// assert_eq!(paths.evaluate(&tree, document)?, XPathValue::Number(1.0));
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
#[derive(Debug, Clone)]
pub struct XPathExpression {
    parsed: Rc<parser::Parsed>,
    /// As many as there are prefixes, once they are known.
    namespaces: Rc<[Namespace]>,
}

impl XPathExpression {
    /// Parses an expression. Types are checked too: `count(1)` is an error here.
    ///
    /// # Errors
    /// [`DomError::Syntax`] if `text` is no expression, calls what is no core function, names a variable, or nests
    /// deeper than the limit.
    ///
    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-Expr>
    pub fn parse(text: &str) -> Result<Self, DomError> {
        let parsed = parser::parse(text).map_err(|reason| {
            let shown: String = text.chars().take(SHOWN).collect();
            let dots = if shown.len() < text.len() { "…" } else { "" };
            DomError::Syntax(format!(
                "'{shown}{dots}' is not a valid XPath expression: {reason}."
            ))
        })?;
        Ok(Self {
            parsed: Rc::new(parsed),
            namespaces: Rc::new([]),
        })
    }

    /// The namespace prefixes in use, each once, in their order.
    pub fn prefixes(&self) -> impl Iterator<Item = &str> {
        self.parsed.prefixes.iter().map(|prefix| &**prefix)
    }

    /// The same expression with namespaces for its prefixes; `resolve` is asked for each of [`Self::prefixes`]. The
    /// empty string is no namespace.
    ///
    /// # Errors
    /// [`DomError::Namespace`] if `resolve` does not know a prefix.
    pub fn with_namespaces(
        &self,
        mut resolve: impl FnMut(&str) -> Option<String>,
    ) -> Result<Self, DomError> {
        let namespaces = self
            .prefixes()
            .map(|prefix| resolve(prefix).map(Namespace::from))
            .collect::<Option<Rc<[_]>>>()
            .ok_or(UNRESOLVED)?;
        Ok(Self {
            parsed: Rc::clone(&self.parsed),
            namespaces,
        })
    }

    /// The value for `context`: any node but a doctype or a fragment.
    ///
    /// # Errors
    /// [`DomError::Namespace`] if the expression has prefixes and no [`Self::with_namespaces`];
    /// [`DomError::NotSupported`] if `context` is a doctype, a fragment, or gone; [`DomError::WorkLimit`] after
    /// [`MAX_VISITS`] nodes.
    pub fn evaluate(&self, tree: &Tree, context: NodeId) -> Result<XPathValue, DomError> {
        let mut questions = 0;
        self.evaluate_while(tree, context, &mut || {
            questions += 1;
            questions < MAX_VISITS / VISITS_A_QUESTION
        })
    }

    /// As [`Self::evaluate`], for as long as `go_on` says true; it is asked once in some ten thousand visits of nodes.
    ///
    /// # Errors
    /// As [`Self::evaluate`]; [`DomError::WorkLimit`] once `go_on` says false.
    pub fn evaluate_while(
        &self,
        tree: &Tree,
        context: NodeId,
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<XPathValue, DomError> {
        if self.namespaces.len() != self.parsed.prefixes.len() {
            return Err(UNRESOLVED);
        }
        if matches!(
            tree.kind(context),
            None | Some(NodeKind::DocumentType | NodeKind::DocumentFragment)
        ) {
            return Err(DomError::NotSupported(
                "a node of this kind cannot be the context of an XPath expression",
            ));
        }
        let node = XPathNode::of(tree, context);
        let mut evaluation = Evaluation::new(tree, &self.namespaces, node, Budget::new(go_on));
        evaluation.value(
            &self.parsed.expr,
            Context {
                node,
                position: 1,
                size: 1,
            },
        )
    }
}

impl Tree {
    /// The value of an XPath expression without prefixes, for the context node `context`.
    ///
    /// # Errors
    /// As [`XPathExpression::parse`] and [`XPathExpression::evaluate`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-xpathevaluatorbase-evaluate>
    ///
    /// ```
    /// use readystate_dom::xpath::{XPathNode, XPathValue};
    /// # use readystate_dom::{DocumentInit, Tree, parsing::html};
    /// # let mut tree = Tree::default();
    /// # let document = tree.create_document(DocumentInit::html("about:blank"))?;
    /// html::parse_document(&mut tree, document, "<table><tr><td>a<td>b<tr><td>c</table>");
    /// let value = tree.evaluate_xpath(document, "//tr[count(td) = 1]/td[1]")?;
    /// let XPathValue::NodeSet(cells) = value else { unreachable!("a path gives nodes") };
    /// let [XPathNode::Node(cell)] = cells[..] else { panic!("there is one such cell") };
    /// assert_eq!(tree.text_content(cell).as_deref(), Some("c"));
    /// # Ok::<(), readystate_dom::DomError>(())
    /// ```
    pub fn evaluate_xpath(
        &self,
        context: NodeId,
        expression: &str,
    ) -> Result<XPathValue, DomError> {
        XPathExpression::parse(expression)?.evaluate(self, context)
    }
}

impl XPathValue {
    /// The value as a number, as the function `number()` converts.
    pub fn to_number(&self, tree: &Tree) -> f64 {
        match self {
            Self::Number(number) => *number,
            Self::Boolean(truth) => f64::from(u8::from(*truth)),
            Self::NodeSet(_) | Self::String(_) => conversions::number_of(&self.to_text(tree)),
        }
    }

    /// The value as a string, as the function `string()` converts: of nodes, that of the first.
    pub fn to_text(&self, tree: &Tree) -> String {
        match self {
            Self::String(text) => text.clone(),
            Self::Number(number) => conversions::string_of(*number),
            Self::Boolean(truth) => truth.to_string(),
            Self::NodeSet(nodes) => nodes
                .first()
                .map(|node| node.string_value(tree))
                .unwrap_or_default(),
        }
    }

    /// The value as a boolean, as the function `boolean()` converts.
    pub fn to_boolean(&self) -> bool {
        match self {
            Self::Boolean(truth) => *truth,
            Self::Number(number) => *number != 0.0 && !number.is_nan(),
            Self::String(text) => !text.is_empty(),
            Self::NodeSet(nodes) => !nodes.is_empty(),
        }
    }
}

const UNRESOLVED: DomError =
    DomError::Namespace("a prefix of the XPath expression has no namespace");

/// How many characters of an expression a message shows.
const SHOWN: usize = 200;
