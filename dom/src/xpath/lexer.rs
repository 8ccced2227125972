//! Tokens of an expression.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#exprlex>

use crate::parsing::xml::is_name;

/// A token. Whether a star multiplies and a name is an operator, the parser knows from where they stand.
#[derive(Debug, Copy, Clone, PartialEq)]
pub(super) enum Token<'t> {
    /// A name with its prefix, if it has one.
    Name(Option<&'t str>, &'t str),
    /// `prefix:*`.
    AnyName(&'t str),
    Literal(&'t str),
    Number(f64),
    Symbol(&'static str),
}

/// Cuts `text` into tokens; `None` if something in it is none.
pub(super) fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start_matches(is_space);
    while !rest.is_empty() {
        let (token, length) = next(rest)?;
        tokens.push(token);
        rest = rest.get(length..)?.trim_start_matches(is_space);
    }
    Some(tokens)
}

/// Whether `c` is white space; nothing else is.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-ExprWhitespace>
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// The token at the start of `text`, and its length.
fn next(text: &str) -> Option<(Token<'_>, usize)> {
    let first = text.chars().next()?;
    if first == '"' || first == '\'' {
        let inner = text.get(1..)?;
        let end = inner.find(first)?;
        return Some((Token::Literal(inner.get(..end)?), end + 2));
    }
    let digits = text
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
        .count();
    if text.bytes().take(2).any(|byte| byte.is_ascii_digit()) && digits > 0 {
        return number(text);
    }
    if let Some(symbol) = SYMBOLS.iter().find(|symbol| text.starts_with(**symbol)) {
        return Some((Token::Symbol(symbol), symbol.len()));
    }
    name(text)
}

/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#NT-Number>
fn number(text: &str) -> Option<(Token<'_>, usize)> {
    let count = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = count(text);
    if text.as_bytes().get(length) == Some(&b'.') {
        length += 1 + count(text.get(length + 1..)?);
    }
    let number = text.get(..length)?.parse().ok()?;
    Some((Token::Number(number), length))
}

/// Standard: <https://www.w3.org/TR/xml-names/#NT-QName>
fn name(text: &str) -> Option<(Token<'_>, usize)> {
    let first = simple_name(text)?;
    // A colon parts a prefix from a name, two an axis from its node test.
    let after = text.get(first.len()..)?;
    let Some(after) = after
        .strip_prefix(':')
        .filter(|after| !after.starts_with(':'))
    else {
        return Some((Token::Name(None, first), first.len()));
    };
    if after.starts_with('*') {
        return Some((Token::AnyName(first), first.len() + 2));
    }
    let local = simple_name(after)?;
    Some((
        Token::Name(Some(first), local),
        first.len() + 1 + local.len(),
    ))
}

/// The name without a colon at the start of `text`.
fn simple_name(text: &str) -> Option<&str> {
    // Beyond ASCII, what no name may hold is no token either.
    let end = text
        .find(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'))
        .unwrap_or(text.len());
    text.get(..end).filter(|name| is_name(name))
}

/// Longer ones go first.
const SYMBOLS: [&str; 21] = [
    "::", "//", "..", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=",
    "<", ">", "*",
];

#[cfg(test)]
mod tests {
    use super::{Token, tokens};

    #[test]
    fn names_numbers_and_literals_are_cut() {
        use Token::{AnyName, Literal, Name, Number, Symbol};
        assert_eq!(
            tokens("child::a:b-c[.5>=1.]|x:*").expect("valid"),
            [
                Name(None, "child"),
                Symbol("::"),
                Name(Some("a"), "b-c"),
                Symbol("["),
                Number(0.5),
                Symbol(">="),
                Number(1.0),
                Symbol("]"),
                Symbol("|"),
                AnyName("x"),
            ]
        );
        assert_eq!(
            tokens(" 'a\"b' .. ").expect("valid"),
            [Literal("a\"b"), Symbol("..")]
        );
        for text in [
            "'a",
            "$a",
            "a:",
            ":a",
            "a\u{3000}b",
            "\u{C}.",
            "!",
            "#",
            "a: b",
        ] {
            assert_eq!(tokens(text), None, "{text}");
        }
    }
}
