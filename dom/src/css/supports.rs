//! `@supports`: what the parser of declarations and of selectors takes is supported.
//!
//! Standard: <https://drafts.csswg.org/css-conditional-4/#at-supports>, text of November 2026.

use cssparser::{ParseError, Parser, Token};

use super::declaration_block::DeclarationBlock;
use crate::selectors::{SheetNamespaces, parse_in_sheet};

/// Whether a condition holds; `None` if it is none.
pub(super) fn supports_condition(text: &str, namespaces: &SheetNamespaces) -> Option<bool> {
    let mut input = Parser::new(text);
    let holds = condition(&mut input, namespaces, 0)?;
    input.is_exhausted().then_some(holds)
}

/// Whether `@supports` with this condition holds; in parentheses or without.
///
/// Standard: <https://drafts.csswg.org/css-conditional-3/#dom-css-supports-conditiontext>
pub fn supports(condition: &str) -> bool {
    let holds = |text: &str| supports_condition(text, &SheetNamespaces::default());
    holds(condition)
        .or_else(|| holds(&format!("({condition})")))
        .unwrap_or_default()
}

/// Whether a declaration of this property with this value is kept. Values are looked at as little as by
/// [`DeclarationBlock::set`].
///
/// Standard: <https://drafts.csswg.org/css-conditional-3/#dom-css-supports>
pub fn supports_declaration(property: &str, value: &str) -> bool {
    DeclarationBlock::default().set(property, value, false)
}

/// How deep conditions may nest.
const MAX_DEPTH: u32 = 64;

fn condition(input: &mut Parser<'_>, namespaces: &SheetNamespaces, depth: u32) -> Option<bool> {
    if depth > MAX_DEPTH {
        return None;
    }
    if input
        .try_parse(|input| input.expect_ident_matching("not"))
        .is_ok()
    {
        return in_parens(input, namespaces, depth).map(|holds| !holds);
    }
    let mut holds = in_parens(input, namespaces, depth)?;
    let mut word: Option<&str> = None;
    loop {
        let found = ["and", "or"].into_iter().find(|word| {
            input
                .try_parse(|input| input.expect_ident_matching(word))
                .is_ok()
        });
        let Some(found) = found else {
            return Some(holds);
        };
        if word.is_some_and(|word| word != found) {
            return None;
        }
        word = Some(found);
        let next = in_parens(input, namespaces, depth)?;
        holds = if found == "and" {
            holds && next
        } else {
            holds || next
        };
    }
}

fn in_parens(input: &mut Parser<'_>, namespaces: &SheetNamespaces, depth: u32) -> Option<bool> {
    match input.next().ok()?.clone() {
        Token::ParenthesisBlock => input
            .parse_nested_block(|input| {
                let start = input.state();
                let inner = condition(input, namespaces, depth + 1);
                if let Some(holds) = inner.filter(|_| input.is_exhausted()) {
                    return Ok(holds);
                }
                input.reset(&start);
                Ok::<_, ParseError<()>>(
                    !DeclarationBlock::parse(rest(input))
                        .declarations()
                        .is_empty(),
                )
            })
            .ok(),
        Token::Function(name) => input
            .parse_nested_block(|input| {
                let inner = rest(input);
                Ok::<_, ParseError<()>>(
                    name.eq_ignore_ascii_case("selector")
                        && parse_in_sheet(inner, namespaces, None)
                            .is_ok_and(|(_, parsed)| parsed.list.slice().len() == 1),
                )
            })
            .ok(),
        _ => None,
    }
}

fn rest<'i>(input: &mut Parser<'i>) -> &'i str {
    let start = input.position();
    while input.next_including_whitespace_and_comments().is_ok() {}
    input.slice_from(start)
}
