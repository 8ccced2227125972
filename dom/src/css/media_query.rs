//! Media queries.
//!
//! Standard: <https://drafts.csswg.org/mediaqueries-4/>, text of November 2026.

use std::fmt;

use cssparser::{ParseError, Parser, Token};

use super::value::{number, serialize_tokens};

/// What media queries are asked about: a screen without a user.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub struct Media {
    /// The viewport's width in CSS pixels.
    pub width: u32,
    /// The viewport's height in CSS pixels.
    pub height: u32,
}

impl Default for Media {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 720,
        }
    }
}

/// A list of media queries; the empty one matches.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MediaList {
    queries: Vec<Query>,
}

#[derive(Debug, Clone, PartialEq)]
struct Query {
    /// `not` or `only`.
    modifier: Option<&'static str>,
    kind: Option<String>,
    condition: Option<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
enum Condition {
    Not(Box<Self>),
    All(Vec<Self>),
    Any(Vec<Self>),
    In(Box<Self>),
    Feature(Feature),
    /// Valid and of no known meaning.
    Unknown(String),
}

#[derive(Debug, Clone, PartialEq)]
struct Feature {
    name: String,
    /// The comparisons with values; empty for the feature by itself.
    tests: Vec<(Comparison, Value)>,
    text: String,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Comparison {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Comparison {
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Equal => (left - right).abs() < 1e-6,
            Self::GreaterOrEqual => left >= right,
            Self::Greater => left > right,
        }
    }

    fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Equal => Self::Equal,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Greater => Self::Less,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    /// Pixels, dots per pixel or a bare number.
    Number(f64),
    Ident(String),
}

impl MediaList {
    /// Parse a media query list. An invalid query becomes `not all`.
    ///
    /// Standard: <https://drafts.csswg.org/mediaqueries-4/#mq-syntax>
    pub fn parse(text: &str) -> Self {
        let mut input = Parser::new(text);
        if input.is_exhausted() {
            return Self::default();
        }
        let queries = input
            .parse_comma_separated(|input| {
                let query = query(input);
                let ends = input.is_exhausted();
                while input.next().is_ok() {}
                Ok::<_, ParseError<()>>(match query {
                    Some(query) if ends => query,
                    _ => Query {
                        modifier: Some("not"),
                        kind: Some("all".to_owned()),
                        condition: None,
                    },
                })
            })
            .unwrap_or_default();
        Self { queries }
    }

    /// Whether one of the queries holds, or there is none.
    ///
    /// Standard: <https://drafts.csswg.org/mediaqueries-4/#mq-list>
    pub fn matches(&self, media: Media) -> bool {
        self.queries.is_empty() || self.queries.iter().any(|query| query.matches(media))
    }

    /// The queries, serialized each.
    pub fn items(&self) -> Vec<String> {
        self.queries.iter().map(ToString::to_string).collect()
    }
}

/// Serialize a media query list.
impl fmt::Display for MediaList {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.items().join(", "))
    }
}

impl Query {
    fn matches(&self, media: Media) -> bool {
        let kind = match self.kind.as_deref() {
            None | Some("all" | "screen") => true,
            Some(_) => false,
        };
        // An unknown condition makes the query fail, negated or not.
        let condition = match &self.condition {
            None => Some(true),
            Some(condition) => condition.holds(media),
        };
        match condition {
            Some(condition) if self.modifier == Some("not") => !(kind && condition),
            Some(condition) => kind && condition,
            None => false,
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(modifier) = self.modifier {
            write!(out, "{modifier} ")?;
        }
        let kind = match (self.kind.as_deref(), self.modifier, &self.condition) {
            (Some("all"), None, Some(_)) | (None, ..) => None,
            (kind, ..) => kind,
        };
        if let Some(kind) = kind {
            let mut name = String::new();
            cssparser::serialize_identifier(kind, &mut name)?;
            out.write_str(&name)?;
        }
        if let Some(condition) = &self.condition {
            if kind.is_some() {
                out.write_str(" and ")?;
            }
            write!(out, "{condition}")?;
        }
        Ok(())
    }
}

impl Condition {
    /// `None` for unknown, as in three-valued logic.
    fn holds(&self, media: Media) -> Option<bool> {
        match self {
            Self::Not(inner) => inner.holds(media).map(|holds| !holds),
            Self::In(inner) => inner.holds(media),
            Self::All(list) => list
                .iter()
                .try_fold(true, |all, one| Some(all & one.holds(media)?)),
            Self::Any(list) => {
                let results: Vec<Option<bool>> = list.iter().map(|one| one.holds(media)).collect();
                if results.contains(&Some(true)) {
                    Some(true)
                } else if results.contains(&None) {
                    None
                } else {
                    Some(false)
                }
            }
            Self::Feature(feature) => feature.holds(media),
            Self::Unknown(_) => None,
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |list: &[Self], word: &str| {
            let parts: Vec<String> = list.iter().map(ToString::to_string).collect();
            parts.join(word)
        };
        match self {
            Self::Not(inner) => write!(out, "not {inner}"),
            Self::In(inner) => write!(out, "({inner})"),
            Self::All(list) => out.write_str(&joined(list, " and ")),
            Self::Any(list) => out.write_str(&joined(list, " or ")),
            Self::Feature(feature) => write!(out, "({})", feature.text),
            Self::Unknown(text) => out.write_str(text),
        }
    }
}

impl Feature {
    /// Standard: <https://drafts.csswg.org/mediaqueries-4/#media-descriptor-table>
    fn holds(&self, media: Media) -> Option<bool> {
        let (width, height) = (f64::from(media.width), f64::from(media.height));
        let measured = match self.name.as_str() {
            "width" | "device-width" => Some(width),
            "height" | "device-height" => Some(height),
            "aspect-ratio" | "device-aspect-ratio" => Some(width / height.max(1.0)),
            "resolution" | "-webkit-device-pixel-ratio" => Some(1.0),
            "color" => Some(8.0),
            "color-index" | "monochrome" | "grid" => Some(0.0),
            _ => None,
        };
        if let Some(measured) = measured {
            if self.tests.is_empty() {
                return Some(measured != 0.0);
            }
            return self
                .tests
                .iter()
                .try_fold(true, |all, (comparison, value)| {
                    let Value::Number(value) = value else {
                        return None;
                    };
                    Some(all & comparison.holds(measured, *value))
                });
        }
        let (value, is_none) = match self.name.as_str() {
            "orientation" if height >= width => ("portrait", false),
            "orientation" => ("landscape", false),
            "scan" => ("progressive", false),
            "update" => ("fast", false),
            "overflow-block" => ("scroll", false),
            "overflow-inline" => ("scroll", false),
            "color-gamut" => ("srgb", false),
            // There is no pointer.
            "hover" | "any-hover" | "pointer" | "any-pointer" => ("none", true),
            "scripting" => ("enabled", false),
            "display-mode" => ("browser", false),
            "prefers-color-scheme" => ("light", false),
            "prefers-reduced-motion"
            | "prefers-reduced-data"
            | "prefers-reduced-transparency"
            | "prefers-contrast" => ("no-preference", true),
            "forced-colors" | "inverted-colors" => ("none", true),
            _ => return None,
        };
        match self.tests.as_slice() {
            [] => Some(!is_none),
            [(Comparison::Equal, Value::Ident(wanted))] => Some(wanted == value),
            _ => None,
        }
    }
}

fn query(input: &mut Parser<'_>) -> Option<Query> {
    let start = input.state();
    if let Some(condition) = condition(input, true) {
        return Some(Query {
            modifier: None,
            kind: None,
            condition: Some(condition),
        });
    }
    input.reset(&start);
    let mut name = input.expect_ident().ok()?.to_ascii_lowercase();
    let modifier = match name.as_str() {
        "not" => Some("not"),
        "only" => Some("only"),
        _ => None,
    };
    if modifier.is_some() {
        name = input.expect_ident().ok()?.to_ascii_lowercase();
    }
    if matches!(name.as_str(), "not" | "only" | "and" | "or" | "layer") {
        return None;
    }
    let condition = if input
        .try_parse(|input| input.expect_ident_matching("and"))
        .is_ok()
    {
        Some(condition(input, false)?)
    } else {
        None
    };
    Some(Query {
        modifier,
        kind: Some(name),
        condition,
    })
}

/// A media condition, with or without `or`.
fn condition(input: &mut Parser<'_>, allow_or: bool) -> Option<Condition> {
    if input
        .try_parse(|input| input.expect_ident_matching("not"))
        .is_ok()
    {
        return Some(Condition::Not(Box::new(in_parens(input)?)));
    }
    let first = in_parens(input)?;
    for (word, allowed) in [("and", true), ("or", allow_or)] {
        if !allowed {
            continue;
        }
        let mut list = Vec::new();
        while input
            .try_parse(|input| input.expect_ident_matching(word))
            .is_ok()
        {
            list.push(in_parens(input)?);
        }
        if !list.is_empty() {
            list.insert(0, first);
            return Some(if word == "and" {
                Condition::All(list)
            } else {
                Condition::Any(list)
            });
        }
    }
    Some(first)
}

fn in_parens(input: &mut Parser<'_>) -> Option<Condition> {
    match input.next().ok()?.clone() {
        Token::ParenthesisBlock => input
            .parse_nested_block(|input| {
                let start = input.state();
                if let Some(feature) = feature(input).filter(|_| input.is_exhausted()) {
                    return Ok(Condition::Feature(feature));
                }
                input.reset(&start);
                if let Some(inner) = condition(input, true).filter(|_| input.is_exhausted()) {
                    return Ok(Condition::In(Box::new(inner)));
                }
                input.reset(&start);
                serialize_tokens(input)
                    .filter(|text| !text.trim().is_empty())
                    .map(|text| Condition::Unknown(format!("({})", text.trim())))
                    .ok_or_else(|| ParseError::<()>::custom(()))
            })
            .ok(),
        Token::Function(name) => input
            .parse_nested_block(|input| {
                serialize_tokens(input)
                    .map(|text| Condition::Unknown(format!("{}({})", name, text.trim())))
                    .ok_or_else(|| ParseError::<()>::custom(()))
            })
            .ok(),
        _ => None,
    }
}

/// Standard: <https://drafts.csswg.org/mediaqueries-4/#typedef-media-feature>
fn feature(input: &mut Parser<'_>) -> Option<Feature> {
    let start = input.state();
    if let Ok(name) = input.expect_ident_cloned() {
        let written = name.to_ascii_lowercase();
        if input.is_exhausted() {
            return Some(Feature {
                name: written.clone(),
                tests: Vec::new(),
                text: written,
            });
        }
        if input.try_parse(Parser::expect_colon).is_ok() {
            let (value, shown) = value(input)?;
            let (name, comparison) = match &written {
                name if name.starts_with("min-") => {
                    (name[4..].to_owned(), Comparison::GreaterOrEqual)
                }
                name if name.starts_with("max-") => (name[4..].to_owned(), Comparison::LessOrEqual),
                name if name.starts_with("-webkit-min-") => (
                    format!("-webkit-{}", &name[12..]),
                    Comparison::GreaterOrEqual,
                ),
                name if name.starts_with("-webkit-max-") => {
                    (format!("-webkit-{}", &name[12..]), Comparison::LessOrEqual)
                }
                name => (name.clone(), Comparison::Equal),
            };
            return Some(Feature {
                name,
                tests: vec![(comparison, value)],
                text: format!("{written}: {shown}"),
            });
        }
        if let Some((comparison, sign)) = comparison(input) {
            let (value, shown) = value(input)?;
            return Some(Feature {
                tests: vec![(comparison, value)],
                text: format!("{written} {sign} {shown}"),
                name: written,
            });
        }
    }
    // A value first, as in `100px <= width < 200px`.
    input.reset(&start);
    let (left, shown_left) = value(input)?;
    let (first, sign) = comparison(input)?;
    let name = input.expect_ident().ok()?.to_ascii_lowercase();
    let mut tests = vec![(first.turned(), left)];
    let mut text = format!("{shown_left} {sign} {name}");
    if let Some((second, sign)) = comparison(input) {
        let (right, shown) = value(input)?;
        tests.push((second, right));
        text.push_str(&format!(" {sign} {shown}"));
    }
    Some(Feature { name, tests, text })
}

fn comparison(input: &mut Parser<'_>) -> Option<(Comparison, &'static str)> {
    let Token::Delim(sign @ ('<' | '>' | '=')) = input.next().ok()?.clone() else {
        return None;
    };
    if sign == '=' {
        return Some((Comparison::Equal, "="));
    }
    let or_equal = input
        .try_parse(|input| match input.next_including_whitespace() {
            Ok(Token::Delim('=')) => Ok(()),
            _ => Err(()),
        })
        .is_ok();
    Some(match (sign, or_equal) {
        ('<', false) => (Comparison::Less, "<"),
        ('<', true) => (Comparison::LessOrEqual, "<="),
        (_, false) => (Comparison::Greater, ">"),
        (_, true) => (Comparison::GreaterOrEqual, ">="),
    })
}

fn value(input: &mut Parser<'_>) -> Option<(Value, String)> {
    let token = input.next().ok()?.clone();
    match token {
        Token::Ident(ref name) => {
            let name = name.to_ascii_lowercase();
            Some((Value::Ident(name.clone()), name))
        }
        Token::Number { value, .. } => {
            if input.try_parse(|input| input.expect_delim('/')).is_ok() {
                let below = input.expect_number().ok()?;
                let ratio = f64::from(value) / f64::from(below);
                return Some((
                    Value::Number(ratio),
                    format!("{} / {}", number(value), number(below)),
                ));
            }
            Some((Value::Number(f64::from(value)), number(value)))
        }
        Token::Dimension {
            value, ref unit, ..
        } => {
            let unit = unit.to_ascii_lowercase();
            let factor = match unit.as_str() {
                "px" | "dppx" | "x" => 1.0,
                "em" | "rem" => 16.0,
                "ex" | "ch" => 8.0,
                "in" => 96.0,
                "cm" => 96.0 / 2.54,
                "mm" => 96.0 / 25.4,
                "q" => 96.0 / 101.6,
                "pt" => 96.0 / 72.0,
                "pc" => 16.0,
                "dpi" => 1.0 / 96.0,
                "dpcm" => 2.54 / 96.0,
                _ => return None,
            };
            Some((
                Value::Number(f64::from(value) * factor),
                format!("{}{unit}", number(value)),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_serialized_and_asked() {
        let media = Media {
            width: 800,
            height: 600,
        };
        for (text, serialized, matches) in [
            ("", "", true),
            ("SCREEN", "screen", true),
            ("print", "print", false),
            (
                "screen and (min-width:500px)",
                "screen and (min-width: 500px)",
                true,
            ),
            (
                "(max-width: 500px), print",
                "(max-width: 500px), print",
                false,
            ),
            ("not print", "not print", true),
            ("all and (width)", "(width)", true),
            ("(500px <= width < 900px)", "(500px <= width < 900px)", true),
            (
                "(orientation:landscape) and (not (monochrome))",
                "(orientation: landscape) and (not (monochrome))",
                true,
            ),
            ("(no-such: 1)", "(no-such: 1)", false),
            ("not (no-such: 1)", "not (no-such: 1)", false),
            ("$$", "not all", false),
            ("(aspect-ratio > 1/1)", "(aspect-ratio > 1 / 1)", true),
        ] {
            let list = MediaList::parse(text);
            assert_eq!(list.to_string(), serialized, "{text}");
            assert_eq!(list.matches(media), matches, "{text}");
        }
    }
}
