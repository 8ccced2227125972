//! Parsing an expression.
//!
//! What has a wrong type in any context (a path from a number, the count of a string) is refused here already: without
//! variables, all types are known.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-Expr>

use html5ever::LocalName;

use super::ast::{
    Axis, Comparison, Expr, Function, NameTest, NodeTest, Operation, Path, Predicate, Start, Step,
};
use super::lexer::{Token, tokens};

/// How deep brackets may nest. Parsing and evaluation recurse once for each level.
pub(super) const MAX_DEPTH: usize = 128;

/// A parsed expression and the prefixes that it uses, each once, in their order.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) expr: Expr,
    pub(super) prefixes: Vec<Box<str>>,
}

/// Parses `text`; says why it cannot.
pub(super) fn parse(text: &str) -> Result<Parsed, &'static str> {
    let mut parser = Parser {
        tokens: tokens(text).ok_or("it holds something that is no token")?,
        at: 0,
        depth: 0,
        prefixes: Vec::new(),
    };
    let expr = parser.expression()?;
    if parser.at < parser.tokens.len() {
        return Err("it goes on where it should end");
    }
    Ok(Parsed {
        expr,
        prefixes: parser.prefixes,
    })
}

type Parse<T> = Result<T, &'static str>;

struct Parser<'t> {
    tokens: Vec<Token<'t>>,
    at: usize,
    depth: usize,
    prefixes: Vec<Box<str>>,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<Token<'t>> {
        self.tokens.get(self.at).copied()
    }

    fn peek_symbol(&self, offset: usize, symbol: &str) -> bool {
        matches!(self.tokens.get(self.at + offset), Some(Token::Symbol(found)) if *found == symbol)
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = self.peek_symbol(0, symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str, otherwise: &'static str) -> Parse<()> {
        if self.accept(symbol) {
            Ok(())
        } else {
            Err(otherwise)
        }
    }

    fn expression(&mut self) -> Parse<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("it nests too deep");
        }
        let expr = self.binary(1)?;
        self.depth -= 1;
        Ok(expr)
    }

    /// The operator that comes next.
    fn peek_operator(&self) -> Option<Operator> {
        match self.peek()? {
            Token::Symbol(symbol) => OPERATORS.iter().find(|(text, _)| *text == symbol),
            Token::Name(None, name) => OPERATORS.iter().find(|(text, _)| *text == name),
            _ => None,
        }
        .map(|(_, operator)| *operator)
    }

    /// An expression of operators that bind at least as strongly as `weakest`.
    fn binary(&mut self, weakest: u8) -> Parse<Expr> {
        let mut left = self.unary()?;
        while let Some(first) = self.peek_operator() {
            let strength = first.strength();
            if strength < weakest {
                break;
            }
            let mut rest = Vec::new();
            while let Some(operator) = self.peek_operator().filter(|o| o.strength() == strength) {
                self.at += 1;
                rest.push((operator, self.binary(strength + 1)?));
            }
            left = chain(first, left, rest);
        }
        Ok(left)
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-UnaryExpr>
    fn unary(&mut self) -> Parse<Expr> {
        let mut signs = 0_usize;
        while self.accept("-") {
            signs += 1;
        }
        let operand = self.union()?;
        Ok(match signs {
            0 => operand,
            odd if odd % 2 == 1 => Expr::Negate(Box::new(operand)),
            _ => Expr::Call(Function::Number, vec![operand]),
        })
    }

    fn union(&mut self) -> Parse<Expr> {
        let first = self.path()?;
        if !self.peek_symbol(0, "|") {
            return Ok(first);
        }
        let mut all = vec![first];
        while self.accept("|") {
            all.push(self.path()?);
        }
        if !all.iter().all(Expr::is_node_set) {
            return Err("only node-sets have a union");
        }
        Ok(Expr::Union(all))
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-PathExpr>
    fn path(&mut self) -> Parse<Expr> {
        if self.is_at_primary() {
            return self.filter();
        }
        let mut steps = Vec::new();
        let start = if self.accept("/") {
            if self.is_at_step() {
                self.relative(&mut steps)?;
            }
            Start::Root
        } else if self.accept("//") {
            steps.push(any_descendant());
            self.relative(&mut steps)?;
            Start::Root
        } else {
            self.relative(&mut steps)?;
            Start::Context
        };
        Ok(Expr::Path(Path { start, steps }))
    }

    fn is_at_primary(&self) -> bool {
        match self.peek() {
            Some(Token::Literal(_) | Token::Number(_) | Token::Symbol("(")) => true,
            Some(Token::Name(prefix, name)) => {
                self.peek_symbol(1, "(") && (prefix.is_some() || !NODE_TYPES.contains(&name))
            }
            _ => false,
        }
    }

    fn is_at_step(&self) -> bool {
        matches!(
            self.peek(),
            Some(Token::Name(..) | Token::AnyName(_) | Token::Symbol("*" | "." | ".." | "@"))
        )
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-FilterExpr>
    fn filter(&mut self) -> Parse<Expr> {
        let primary = self.primary()?;
        let predicates = self.predicates()?;
        let goes_on = self.peek_symbol(0, "/") || self.peek_symbol(0, "//");
        if (goes_on || !predicates.is_empty()) && !primary.is_node_set() {
            return Err("only a node-set can be filtered, or begin a path");
        }
        let filter = if predicates.is_empty() {
            primary
        } else {
            Expr::Filter(Box::new(primary), predicates)
        };
        if !goes_on {
            return Ok(filter);
        }
        let mut steps = Vec::new();
        if self.accept("//") {
            steps.push(any_descendant());
        } else {
            self.at += 1;
        }
        self.relative(&mut steps)?;
        Ok(Expr::Path(Path {
            start: Start::Nodes(Box::new(filter)),
            steps,
        }))
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-PrimaryExpr>
    fn primary(&mut self) -> Parse<Expr> {
        let token = self.peek();
        self.at += 1;
        match token {
            Some(Token::Literal(text)) => Ok(Expr::Literal(text.into())),
            Some(Token::Number(number)) => Ok(Expr::Number(number)),
            Some(Token::Symbol("(")) => {
                let inner = self.expression()?;
                self.expect(")", "a bracket is not closed")?;
                Ok(inner)
            }
            Some(Token::Name(None, name)) => self.call(name),
            Some(Token::Name(Some(_), _)) => Err("there are no functions with a prefix"),
            _ => Err("an expression is missing"),
        }
    }

    /// The rest of a function call.
    fn call(&mut self, name: &str) -> Parse<Expr> {
        let (function, least, most) = Function::named(name).ok_or("it calls no known function")?;
        self.expect("(", "a function is not called")?;
        let mut arguments = Vec::new();
        if !self.accept(")") {
            loop {
                arguments.push(self.expression()?);
                if !self.accept(",") {
                    break;
                }
            }
            self.expect(")", "a bracket is not closed")?;
        }
        if arguments.len() < least || arguments.len() > most {
            return Err("a function has too few arguments, or too many");
        }
        if function.takes_nodes() && !arguments.iter().all(Expr::is_node_set) {
            return Err("a function needs a node-set");
        }
        Ok(Expr::Call(function, arguments))
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-RelativeLocationPath>
    fn relative(&mut self, steps: &mut Vec<Step>) -> Parse<()> {
        loop {
            let step = self.step()?;
            push_step(steps, step);
            if self.accept("//") {
                steps.push(any_descendant());
            } else if !self.accept("/") {
                return Ok(());
            }
        }
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-Step>
    fn step(&mut self) -> Parse<Step> {
        if self.accept(".") {
            return Ok(bare(Axis::SelfNode));
        }
        if self.accept("..") {
            return Ok(bare(Axis::Parent));
        }
        let axis = if self.accept("@") {
            Axis::Attribute
        } else if let Some(Token::Name(None, name)) = self.peek()
            && self.peek_symbol(1, "::")
        {
            self.at += 2;
            Axis::named(name).ok_or("it names no known axis")?
        } else {
            Axis::Child
        };
        let test = self.node_test()?;
        let predicates = self.predicates()?;
        Ok(Step {
            axis,
            test,
            predicates,
        })
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-NodeTest>
    fn node_test(&mut self) -> Parse<NodeTest> {
        let token = self.peek();
        self.at += 1;
        let (prefix, local) = match token {
            Some(Token::Symbol("*")) => (None, None),
            Some(Token::AnyName(prefix)) => (Some(prefix), None),
            Some(Token::Name(None, name)) if self.peek_symbol(0, "(") => {
                return self.node_type(name);
            }
            Some(Token::Name(prefix, name)) => (prefix, Some(LocalName::from(name))),
            _ => return Err("a step is missing"),
        };
        Ok(NodeTest::Name(NameTest {
            prefix: prefix.map(|prefix| self.prefix(prefix)),
            local,
        }))
    }

    fn node_type(&mut self, name: &str) -> Parse<NodeTest> {
        self.at += 1;
        let test = match name {
            "node" => NodeTest::AnyNode,
            "text" => NodeTest::Text,
            "comment" => NodeTest::Comment,
            "processing-instruction" => {
                let target = match self.peek() {
                    Some(Token::Literal(target)) => {
                        self.at += 1;
                        Some(target.into())
                    }
                    _ => None,
                };
                NodeTest::ProcessingInstruction(target)
            }
            _ => return Err("a function cannot be a step"),
        };
        self.expect(")", "a bracket is not closed")?;
        Ok(test)
    }

    fn prefix(&mut self, prefix: &str) -> usize {
        match self.prefixes.iter().position(|known| **known == *prefix) {
            Some(known) => known,
            None => {
                self.prefixes.push(prefix.into());
                self.prefixes.len() - 1
            }
        }
    }

    fn predicates(&mut self) -> Parse<Vec<Predicate>> {
        let mut predicates = Vec::new();
        while self.accept("[") {
            let expr = self.expression()?;
            self.expect("]", "a predicate is not closed")?;
            predicates.push(predicate(expr));
        }
        Ok(predicates)
    }
}

fn bare(axis: Axis) -> Step {
    Step {
        axis,
        test: NodeTest::AnyNode,
        predicates: Vec::new(),
    }
}

/// What `//` stands for.
fn any_descendant() -> Step {
    bare(Axis::DescendantOrSelf)
}

/// Adds a step.
fn push_step(steps: &mut Vec<Step>, mut step: Step) {
    // OPTIMIZATION: `//a` is one walk of the descendants, unless the place among the siblings counts.
    if step.axis == Axis::Child
        && !step.is_positional()
        && let Some(Step {
            axis: Axis::DescendantOrSelf,
            test: NodeTest::AnyNode,
            predicates,
        }) = steps.last()
        && predicates.is_empty()
    {
        steps.pop();
        step.axis = Axis::Descendant;
    }
    steps.push(step);
}

/// Sorts a predicate by what it needs.
fn predicate(expr: Expr) -> Predicate {
    // OPTIMIZATION: a place that is known needs no walk past it.
    let place = match &expr {
        Expr::Number(number) => Some(*number),
        Expr::Compare(left, right) => match (&**left, right.as_slice()) {
            (Expr::Call(Function::Position, _), [(Comparison::Equal, Expr::Number(number))]) => {
                Some(*number)
            }
            _ => None,
        },
        _ => None,
    };
    if let Some(place) = place {
        let whole = place >= 1.0 && place.fract() == 0.0 && place < MAX_PLACE;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number within the bounds just checked"
        )]
        let place = if whole { place as usize } else { 0 };
        return Predicate::Nth(place);
    }
    if expr.value_type() == super::ast::Type::Number || expr.asks_for_position() {
        Predicate::Positional(expr)
    } else {
        Predicate::Plain(expr)
    }
}

/// No node-set is that long.
const MAX_PLACE: f64 = 4_294_967_296.0;

#[derive(Debug, Copy, Clone)]
enum Operator {
    Or,
    And,
    Compare(Comparison),
    Arithmetic(Operation),
}

impl Operator {
    fn strength(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Compare(Comparison::Equal | Comparison::NotEqual) => 3,
            Self::Compare(_) => 4,
            Self::Arithmetic(Operation::Add | Operation::Subtract) => 5,
            Self::Arithmetic(_) => 6,
        }
    }
}

/// Operands joined by operators of one strength.
fn chain(first: Operator, left: Expr, rest: Vec<(Operator, Expr)>) -> Expr {
    let all = |left, rest: Vec<(Operator, Expr)>| {
        std::iter::once(left)
            .chain(rest.into_iter().map(|(_, next)| next))
            .collect()
    };
    match first {
        Operator::Or => Expr::Or(all(left, rest)),
        Operator::And => Expr::And(all(left, rest)),
        Operator::Compare(_) => Expr::Compare(
            Box::new(left),
            rest.into_iter()
                .filter_map(|(operator, next)| match operator {
                    Operator::Compare(comparison) => Some((comparison, next)),
                    _ => None,
                })
                .collect(),
        ),
        Operator::Arithmetic(_) => Expr::Arithmetic(
            Box::new(left),
            rest.into_iter()
                .filter_map(|(operator, next)| match operator {
                    Operator::Arithmetic(operation) => Some((operation, next)),
                    _ => None,
                })
                .collect(),
        ),
    }
}

const OPERATORS: [(&str, Operator); 13] = [
    ("or", Operator::Or),
    ("and", Operator::And),
    ("=", Operator::Compare(Comparison::Equal)),
    ("!=", Operator::Compare(Comparison::NotEqual)),
    ("<", Operator::Compare(Comparison::Less)),
    ("<=", Operator::Compare(Comparison::LessOrEqual)),
    (">", Operator::Compare(Comparison::Greater)),
    (">=", Operator::Compare(Comparison::GreaterOrEqual)),
    ("+", Operator::Arithmetic(Operation::Add)),
    ("-", Operator::Arithmetic(Operation::Subtract)),
    ("*", Operator::Arithmetic(Operation::Multiply)),
    ("div", Operator::Arithmetic(Operation::Divide)),
    ("mod", Operator::Arithmetic(Operation::Modulo)),
];

const NODE_TYPES: [&str; 4] = ["node", "text", "comment", "processing-instruction"];

#[cfg(test)]
mod tests {
    use super::{MAX_DEPTH, parse};

    #[test]
    fn what_is_no_expression_is_refused() {
        for text in [
            "",
            "/a/",
            "//",
            "a//",
            "a[",
            "a]",
            "a[]",
            "(a",
            "a)",
            "1 2",
            "a b",
            "a::b",
            ".[1]",
            "@",
            "text(",
            "text(1)",
            "comment('a')",
            "count(1)",
            "count()",
            "count(a,b)",
            "nothing()",
            "x:count(a)",
            "1|a",
            "'a'/b",
            "(1)[1]",
            "a and",
            "and",
            "-",
            "a |",
            "$a",
            "true()/a",
            "a/b()",
            "concat('a')",
        ] {
            // `and` alone is a name test.
            assert_eq!(parse(text).is_ok(), text == "and", "{text}");
        }
    }

    #[test]
    fn operator_names_are_names_where_an_operand_stands() {
        for text in [
            "and and or",
            "div div mod",
            "* * *",
            "/*",
            "//*[* = *]",
            "- - -1",
            "or/and[mod]",
            "ancestor::ancestor",
            "text",
            "text()",
            "processing-instruction('a')",
            "/",
            "/ = 1",
            "(/)/a",
            "id('a')/b",
            "a/.//b",
            "1.5 mod .5",
            "a-b - c",
            "child :: a",
            "@*|.|..",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn nesting_is_bounded_and_chains_are_not() {
        let nested = |levels: usize| format!("{}1{}", "(".repeat(levels), ")".repeat(levels));
        assert!(parse(&nested(MAX_DEPTH - 1)).is_ok());
        assert!(parse(&nested(100_000)).is_err());
        assert!(parse(&"a[".repeat(100_000)).is_err());
        assert!(parse(&format!("{}1", "1+".repeat(100_000))).is_ok());
        assert!(parse(&format!("{}1", "-".repeat(100_000))).is_ok());
        assert!(parse(&format!("{}a", "a/".repeat(100_000))).is_ok());
        assert!(parse(&format!("{}a", "a or b and ".repeat(10_000))).is_ok());
    }
}
