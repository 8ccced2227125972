//! Values of longhands: what is one, and how it is written.
//!
//! Standard: <https://drafts.csswg.org/css-values-4/> and <https://drafts.csswg.org/cssom/#serialize-a-css-value>, text
//! of November 2026.

use cssparser::{Parser, ToCss, Token};

use super::color::parse_color;
use super::property::Syntax;

const WIDE: [&str; 5] = ["inherit", "initial", "unset", "revert", "revert-layer"];
const LENGTHS: [&str; 38] = [
    "px", "em", "rem", "ex", "rex", "ch", "rch", "cap", "rcap", "ic", "ric", "lh", "rlh", "vw",
    "svw", "lvw", "dvw", "vh", "svh", "lvh", "dvh", "vi", "svi", "lvi", "dvi", "vb", "vmin",
    "vmax", "cm", "mm", "q", "in", "pt", "pc", "cqw", "cqh", "cqmin", "cqmax",
];
/// Functions whose result is a number or a length as needed.
const MATH: [&str; 10] = [
    "calc", "min", "max", "clamp", "round", "mod", "rem", "abs", "sign", "env",
];

/// Whether a text is a CSS-wide keyword; then in lower case.
pub(super) fn wide_keyword(text: &str) -> Option<&'static str> {
    WIDE.into_iter()
        .find(|wide| wide.eq_ignore_ascii_case(text))
}

/// Whether a value is only known once variables are.
pub(super) fn has_variable(text: &str) -> bool {
    let mut parser = Parser::new(text);
    fn any(parser: &mut Parser<'_>, depth: u32) -> bool {
        while let Ok(token) = parser.next() {
            match token {
                Token::Function(name) if name.eq_ignore_ascii_case("var") => return true,
                Token::Function(_)
                | Token::ParenthesisBlock
                | Token::SquareBracketBlock
                | Token::CurlyBracketBlock
                    if depth < MAX_DEPTH =>
                {
                    let found = parser
                        .parse_nested_block(|inner| {
                            Ok::<_, cssparser::ParseError<()>>(any(inner, depth + 1))
                        })
                        .unwrap_or(false);
                    if found {
                        return true;
                    }
                }
                _ => {}
            }
        }
        false
    }
    any(&mut parser, 0)
}

/// How deep functions and brackets may nest.
const MAX_DEPTH: u32 = 64;

/// The rest of the input as text with single spaces; `None` if it holds what no value may hold.
pub(super) fn serialize_tokens(input: &mut Parser<'_>) -> Option<String> {
    let mut out = String::new();
    serialize_into(input, &mut out, 0)?;
    Some(out)
}

fn serialize_into(input: &mut Parser<'_>, out: &mut String, depth: u32) -> Option<()> {
    if depth > MAX_DEPTH {
        return None;
    }
    let mut space = false;
    let mut first = true;
    loop {
        let Ok(token) = input.next_including_whitespace().cloned() else {
            return Some(());
        };
        match &token {
            Token::WhiteSpace(_) => {
                space = true;
                continue;
            }
            Token::BadString(_)
            | Token::BadUrl(_)
            | Token::Semicolon
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket
            | Token::CDO
            | Token::CDC => return None,
            Token::Delim('!') if depth == 0 => return None,
            _ => {}
        }
        let is_comma = matches!(token, Token::Comma);
        if space && !first && !is_comma {
            out.push(' ');
        }
        space = is_comma;
        first = false;
        let close = match token {
            Token::Function(_) | Token::ParenthesisBlock => Some(')'),
            Token::SquareBracketBlock => Some(']'),
            Token::CurlyBracketBlock => Some('}'),
            _ => None,
        };
        match &token {
            // Lengths and numbers as CSS writes them; names of functions and units in lower case.
            Token::Function(name) => {
                out.push_str(&name.to_ascii_lowercase());
                out.push('(');
            }
            Token::Dimension { value, unit, .. } => {
                out.push_str(&number(*value));
                out.push_str(&unit.to_ascii_lowercase());
            }
            token => token.to_css(out).ok()?,
        }
        if let Some(close) = close {
            let inner = input
                .parse_nested_block(|input| {
                    let mut inner = String::new();
                    serialize_into(input, &mut inner, depth + 1)
                        .map(|()| inner)
                        .ok_or_else(|| cssparser::ParseError::<()>::custom(()))
                })
                .ok()?;
            out.push_str(&inner);
            out.push(close);
        }
    }
}

/// A number as CSS writes it: at most six decimals, no exponent.
pub(super) fn number(value: f32) -> String {
    let text = format!("{value:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".to_owned()
    } else {
        text.to_owned()
    }
}

/// A value of a longhand from the whole of `text`, serialized; `None` if it is none.
pub(super) fn parse_value(syntax: Syntax, text: &str) -> Option<String> {
    if let Some(wide) = wide_keyword(text.trim()) {
        return Some(wide.to_owned());
    }
    let mut parser = Parser::new(text);
    if has_variable(text) {
        return Some(serialize_tokens(&mut parser)?.trim().to_owned());
    }
    let value = parse_component(syntax, &mut parser)?;
    parser.is_exhausted().then_some(value)
}

/// One value of the given syntax, as far as it goes. `Syntax::Any` takes all that is left.
pub(super) fn parse_component(syntax: Syntax, input: &mut Parser<'_>) -> Option<String> {
    let start = input.state();
    let value = match syntax {
        Syntax::Any => serialize_tokens(input).filter(|text| !text.is_empty()),
        Syntax::Keywords(list) => keyword(list, input),
        Syntax::Color => parse_color(input),
        Syntax::ColorOr(list) => parse_color(input).or_else(|| keyword(list, input)),
        Syntax::Number => numeric(input, Numeric::Number),
        Syntax::NumberOr(list) => numeric(input, Numeric::Number).or_else(|| keyword(list, input)),
        Syntax::Integer(list) => numeric(input, Numeric::Integer).or_else(|| keyword(list, input)),
        Syntax::Length(list) => numeric(input, Numeric::Length).or_else(|| keyword(list, input)),
        Syntax::Size(list) => numeric(input, Numeric::Size).or_else(|| keyword(list, input)),
        Syntax::Alpha => numeric(input, Numeric::Alpha),
    };
    if value.is_none() {
        input.reset(&start);
    }
    value
}

fn keyword(list: &str, input: &mut Parser<'_>) -> Option<String> {
    input
        .try_parse(|input| {
            let name = input.expect_ident().map_err(|_| ())?;
            list.split(' ')
                .find(|known| known.eq_ignore_ascii_case(name))
                .map(ToOwned::to_owned)
                .ok_or(())
        })
        .ok()
}

#[derive(Copy, Clone, PartialEq, Eq)]
enum Numeric {
    Number,
    Integer,
    /// Or a percentage of one.
    Alpha,
    /// A length or a percentage.
    Length,
    /// One that is not negative.
    Size,
}

fn numeric(input: &mut Parser<'_>, kind: Numeric) -> Option<String> {
    input
        .try_parse(|input| {
            let is_length = matches!(kind, Numeric::Length | Numeric::Size);
            let token = input.next().map_err(|_| ())?.clone();
            let fits = |value: f32| kind != Numeric::Size || value >= 0.0;
            match token {
                Token::Number {
                    value, int_value, ..
                } => match kind {
                    Numeric::Number => Ok(number(value)),
                    Numeric::Alpha => Ok(number(value)),
                    Numeric::Integer => int_value.map(|value| value.to_string()).ok_or(()),
                    _ if value == 0.0 => Ok("0px".to_owned()),
                    _ => Err(()),
                },
                Token::Percentage { unit_value, .. } if is_length && fits(unit_value) => {
                    Ok(format!("{}%", number(unit_value * 100.0)))
                }
                Token::Percentage { unit_value, .. } if kind == Numeric::Alpha => {
                    Ok(number(unit_value))
                }
                Token::Dimension {
                    value, ref unit, ..
                } if is_length && fits(value) => {
                    let unit = unit.to_ascii_lowercase();
                    if LENGTHS.contains(&&*unit) {
                        Ok(format!("{}{unit}", number(value)))
                    } else {
                        Err(())
                    }
                }
                Token::Function(ref name)
                    if MATH.iter().any(|known| known.eq_ignore_ascii_case(name)) =>
                {
                    let name = name.to_ascii_lowercase();
                    let inner = input
                        .parse_nested_block(|input| {
                            serialize_tokens(input)
                                .filter(|text| !text.is_empty())
                                .ok_or_else(|| cssparser::ParseError::<()>::custom(()))
                        })
                        .map_err(|_| ())?;
                    Ok(format!("{name}({inner})"))
                }
                _ => Err(()),
            }
        })
        .ok()
}
