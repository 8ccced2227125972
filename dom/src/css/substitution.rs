//! Putting the values of custom properties in the place of `var()`.
//!
//! Standard: <https://drafts.csswg.org/css-variables-1/#substitute-a-var>, text of November 2026.

use cssparser::{ParseError, Parser, Token};

/// How long a value may become, in bytes.
const MAX_LENGTH: usize = 65_536;
const MAX_DEPTH: u32 = 32;

/// The text with each `var()` replaced by what `lookup` gives for its name, or by its fallback; `None` if one has neither.
pub(super) fn substitute(
    text: &str,
    lookup: &mut dyn FnMut(&str) -> Option<String>,
) -> Option<String> {
    let mut out = String::new();
    substitute_into(&mut Parser::new(text), &mut out, lookup, 0)?;
    Some(out.trim().to_owned())
}

fn substitute_into(
    input: &mut Parser<'_>,
    out: &mut String,
    lookup: &mut dyn FnMut(&str) -> Option<String>,
    depth: u32,
) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    loop {
        if out.len() > MAX_LENGTH {
            return None;
        }
        let start = input.position();
        let Ok(token) = input.next_including_whitespace().cloned() else {
            return Some(());
        };
        match token {
            Token::Function(name) if name.eq_ignore_ascii_case("var") => {
                let value = input
                    .parse_nested_block(|input| {
                        reference(input, lookup, depth).ok_or_else(|| ParseError::<()>::custom(()))
                    })
                    .ok()?;
                out.push_str(&value);
            }
            Token::Function(_)
            | Token::ParenthesisBlock
            | Token::SquareBracketBlock
            | Token::CurlyBracketBlock => {
                out.push_str(input.slice_from(start));
                let close = match token {
                    Token::SquareBracketBlock => ']',
                    Token::CurlyBracketBlock => '}',
                    _ => ')',
                };
                input
                    .parse_nested_block(|input| {
                        substitute_into(input, out, lookup, depth + 1)
                            .ok_or_else(|| ParseError::<()>::custom(()))
                    })
                    .ok()?;
                out.push(close);
            }
            _ => out.push_str(input.slice_from(start)),
        }
    }
}

/// What one `var()` stands for.
fn reference(
    input: &mut Parser<'_>,
    lookup: &mut dyn FnMut(&str) -> Option<String>,
    depth: u32,
) -> Option<String> {
    let name = input.expect_ident_cloned().ok()?;
    let has_fallback = input.try_parse(Parser::expect_comma).is_ok();
    if !name.starts_with("--") || (!has_fallback && !input.is_exhausted()) {
        return None;
    }
    if let Some(value) = lookup(&name) {
        while input.next().is_ok() {}
        return Some(value);
    }
    if !has_fallback {
        return None;
    }
    let mut fallback = String::new();
    substitute_into(input, &mut fallback, lookup, depth + 1)?;
    Some(fallback)
}
