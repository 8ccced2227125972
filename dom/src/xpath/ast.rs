//! A parsed expression.
//!
//! Chains of one operator are lists, so that the depth of an expression is that of its brackets and no more.

use html5ever::LocalName;

/// An expression. Its type is known when it is parsed, for there are no variables.
#[derive(Debug)]
pub(super) enum Expr {
    Number(f64),
    Literal(Box<str>),
    Path(Path),
    /// A bracketed expression with predicates.
    Filter(Box<Self>, Vec<Predicate>),
    Union(Vec<Self>),
    Negate(Box<Self>),
    Arithmetic(Box<Self>, Vec<(Operation, Self)>),
    Compare(Box<Self>, Vec<(Comparison, Self)>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Call(Function, Vec<Self>),
}

/// A location path.
#[derive(Debug)]
pub(super) struct Path {
    pub(super) start: Start,
    pub(super) steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug)]
pub(super) enum Start {
    Context,
    Root,
    Nodes(Box<Expr>),
}

/// A location step.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) axis: Axis,
    pub(super) test: NodeTest,
    pub(super) predicates: Vec<Predicate>,
}

impl Step {
    /// Whether one of the predicates asks for positions.
    pub(super) fn is_positional(&self) -> bool {
        !self
            .predicates
            .iter()
            .all(|predicate| matches!(predicate, Predicate::Plain(_)))
    }
}

/// A predicate, by what it needs.
#[derive(Debug)]
pub(super) enum Predicate {
    /// The node at one place, from 1; 0 is no place.
    Nth(usize),
    /// It is a number, or depends on the position or the size.
    Positional(Expr),
    /// It depends on the node alone.
    Plain(Expr),
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Axis {
    Ancestor,
    AncestorOrSelf,
    Attribute,
    Child,
    Descendant,
    DescendantOrSelf,
    Following,
    FollowingSibling,
    /// Always empty, as in browsers.
    Namespace,
    Parent,
    Preceding,
    PrecedingSibling,
    SelfNode,
}

impl Axis {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "ancestor" => Self::Ancestor,
            "ancestor-or-self" => Self::AncestorOrSelf,
            "attribute" => Self::Attribute,
            "child" => Self::Child,
            "descendant" => Self::Descendant,
            "descendant-or-self" => Self::DescendantOrSelf,
            "following" => Self::Following,
            "following-sibling" => Self::FollowingSibling,
            "namespace" => Self::Namespace,
            "parent" => Self::Parent,
            "preceding" => Self::Preceding,
            "preceding-sibling" => Self::PrecedingSibling,
            "self" => Self::SelfNode,
            _ => return None,
        })
    }

    /// Whether positions count backwards.
    pub(super) fn is_reverse(self) -> bool {
        matches!(
            self,
            Self::Ancestor | Self::AncestorOrSelf | Self::Preceding | Self::PrecedingSibling
        )
    }
}

#[derive(Debug)]
pub(super) enum NodeTest {
    AnyNode,
    Text,
    Comment,
    /// With the target, if one is wanted.
    ProcessingInstruction(Option<Box<str>>),
    Name(NameTest),
}

/// A name test; either part may be a wildcard.
#[derive(Debug)]
pub(super) struct NameTest {
    /// The number of the prefix among the expression's prefixes.
    pub(super) prefix: Option<usize>,
    /// `None` is `*`.
    pub(super) local: Option<LocalName>,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The core functions.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#corelib>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Function {
    Boolean,
    Ceiling,
    Concat,
    Contains,
    Count,
    False,
    Floor,
    Id,
    Lang,
    Last,
    LocalName,
    Name,
    NamespaceUri,
    NormalizeSpace,
    Not,
    Number,
    Position,
    Round,
    StartsWith,
    String,
    StringLength,
    Substring,
    SubstringAfter,
    SubstringBefore,
    Sum,
    Translate,
    True,
}

/// The types of values.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Type {
    NodeSet,
    Number,
    String,
    Boolean,
}

impl Function {
    /// The function of this name, and how many arguments it takes.
    pub(super) fn named(name: &str) -> Option<(Self, usize, usize)> {
        Some(match name {
            "boolean" => (Self::Boolean, 1, 1),
            "ceiling" => (Self::Ceiling, 1, 1),
            "concat" => (Self::Concat, 2, usize::MAX),
            "contains" => (Self::Contains, 2, 2),
            "count" => (Self::Count, 1, 1),
            "false" => (Self::False, 0, 0),
            "floor" => (Self::Floor, 1, 1),
            "id" => (Self::Id, 1, 1),
            "lang" => (Self::Lang, 1, 1),
            "last" => (Self::Last, 0, 0),
            "local-name" => (Self::LocalName, 0, 1),
            "name" => (Self::Name, 0, 1),
            "namespace-uri" => (Self::NamespaceUri, 0, 1),
            "normalize-space" => (Self::NormalizeSpace, 0, 1),
            "not" => (Self::Not, 1, 1),
            "number" => (Self::Number, 0, 1),
            "position" => (Self::Position, 0, 0),
            "round" => (Self::Round, 1, 1),
            "starts-with" => (Self::StartsWith, 2, 2),
            "string" => (Self::String, 0, 1),
            "string-length" => (Self::StringLength, 0, 1),
            "substring" => (Self::Substring, 2, 3),
            "substring-after" => (Self::SubstringAfter, 2, 2),
            "substring-before" => (Self::SubstringBefore, 2, 2),
            "sum" => (Self::Sum, 1, 1),
            "translate" => (Self::Translate, 3, 3),
            "true" => (Self::True, 0, 0),
            _ => return None,
        })
    }

    /// Whether its arguments must be node-sets.
    pub(super) fn takes_nodes(self) -> bool {
        matches!(
            self,
            Self::Count | Self::Sum | Self::LocalName | Self::Name | Self::NamespaceUri
        )
    }

    fn result(self) -> Type {
        match self {
            Self::Id => Type::NodeSet,
            Self::Boolean
            | Self::Contains
            | Self::False
            | Self::Lang
            | Self::Not
            | Self::StartsWith
            | Self::True => Type::Boolean,
            Self::Ceiling
            | Self::Count
            | Self::Floor
            | Self::Last
            | Self::Number
            | Self::Position
            | Self::Round
            | Self::StringLength
            | Self::Sum => Type::Number,
            Self::Concat
            | Self::LocalName
            | Self::Name
            | Self::NamespaceUri
            | Self::NormalizeSpace
            | Self::String
            | Self::Substring
            | Self::SubstringAfter
            | Self::SubstringBefore
            | Self::Translate => Type::String,
        }
    }
}

impl Expr {
    /// The type of its value.
    pub(super) fn value_type(&self) -> Type {
        match self {
            Self::Path(_) | Self::Filter(..) | Self::Union(_) => Type::NodeSet,
            Self::Number(_) | Self::Negate(_) | Self::Arithmetic(..) => Type::Number,
            Self::Literal(_) => Type::String,
            Self::Compare(..) | Self::And(_) | Self::Or(_) => Type::Boolean,
            Self::Call(function, _) => function.result(),
        }
    }

    pub(super) fn is_node_set(&self) -> bool {
        self.value_type() == Type::NodeSet
    }

    /// Whether it calls `position()` or `last()` outside of the predicates within, which have a context of their own.
    pub(super) fn asks_for_position(&self) -> bool {
        match self {
            Self::Number(_) | Self::Literal(_) => false,
            Self::Path(path) => match &path.start {
                Start::Nodes(start) => start.asks_for_position(),
                Start::Context | Start::Root => false,
            },
            Self::Filter(inner, _) | Self::Negate(inner) => inner.asks_for_position(),
            Self::Arithmetic(first, rest) => {
                first.asks_for_position() || rest.iter().any(|(_, next)| next.asks_for_position())
            }
            Self::Compare(first, rest) => {
                first.asks_for_position() || rest.iter().any(|(_, next)| next.asks_for_position())
            }
            Self::Union(all) | Self::And(all) | Self::Or(all) => {
                all.iter().any(Self::asks_for_position)
            }
            Self::Call(Function::Position | Function::Last, _) => true,
            Self::Call(_, arguments) => arguments.iter().any(Self::asks_for_position),
        }
    }
}
