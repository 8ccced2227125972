//! Start tags: the name, the attributes, and the normalisation of their values.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-starttags> and <https://www.w3.org/TR/xml/#AVNormalize>

use std::borrow::Cow;
use std::collections::HashSet;

use super::cursor::Cursor;
use super::entities::{
    AttributeDefinition, Dtd, ExpansionBudget, MAX_ENTITY_DEPTH, ReferenceContext, Referent,
    take_reference,
};
use super::fault::Fault;
use super::name_table::{NameId, NameTable};

/// An attribute as it stands in a tag or a doctype, its value normalised.
#[derive(Debug)]
pub(super) struct RawAttribute<'a> {
    pub(super) name: NameId,
    pub(super) value: Cow<'a, str>,
    /// Where the name stands.
    pub(super) place: &'a str,
}

/// What a start tag says besides its attributes.
#[derive(Debug, Copy, Clone)]
pub(super) struct StartTag {
    pub(super) name: NameId,
    /// It ends with `/>`.
    pub(super) is_empty: bool,
}

/// Reads a start tag from behind its `<`; its attributes, defaults included, go to `attributes`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-STag> and <https://www.w3.org/TR/xml/#NT-EmptyElemTag>
pub(super) fn parse_start_tag<'a>(
    cursor: &mut Cursor<'a>,
    dtd: &'a Dtd,
    names: &mut NameTable,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
    attributes: &mut Vec<RawAttribute<'a>>,
) -> Result<StartTag, Fault> {
    attributes.clear();
    let start = *cursor;
    let raw_name = cursor.name("an element's name must follow \"<\"")?;
    let name = names.intern(raw_name)?;
    let definitions: &[AttributeDefinition] = if dtd.attributes.is_empty() {
        &[]
    } else {
        dtd.attributes.get(raw_name).map_or(&[], Vec::as_slice)
    };
    let is_empty = loop {
        let space = cursor.skip_space();
        match cursor.peek() {
            Some(b'>') => {
                cursor.take(1);
                break false;
            }
            Some(b'/') => {
                cursor.take(1);
                cursor.require(">", "\">\" must follow \"/\" in a tag")?;
                break true;
            }
            None => {
                return Err(Fault::unfinished(
                    start.rest,
                    "a start tag without its \">\"",
                ));
            }
            Some(_) if !space => {
                return Err(cursor.fault("white space must stand between attributes"));
            }
            Some(_) => {}
        }
        if attributes.len() >= max_attributes {
            return Err(Fault::limit(
                cursor.rest,
                "the element has more attributes than the limit allows",
            ));
        }
        let place = cursor.rest;
        let raw = cursor.name("an attribute's name or the tag's end must follow")?;
        let name = names.intern(raw)?;
        if !cursor.eat("=") {
            cursor.skip_space();
            cursor.require("=", "\"=\" must follow an attribute's name")?;
        }
        let mut value = parse_value(cursor, dtd, budget)?;
        if !definitions.is_empty()
            && definitions
                .iter()
                .any(|definition| definition.is_tokenized && *definition.name == *raw)
        {
            value = collapse_spaces(value);
        }
        attributes.push(RawAttribute { name, value, place });
    };
    require_unique_names(attributes, names)?;
    for definition in definitions {
        let Some(default) = &definition.default else {
            continue;
        };
        let name = names.intern(&definition.name)?;
        if !attributes.iter().any(|attribute| attribute.name == name) {
            budget.charge(definition.name.len() + default.len(), start.rest)?;
            attributes.push(RawAttribute {
                name,
                value: Cow::Borrowed(default),
                place: start.rest,
            });
        }
    }
    Ok(StartTag { name, is_empty })
}

/// An attribute's value: a literal in quotes, normalised.
#[inline]
fn parse_value<'a>(
    cursor: &mut Cursor<'a>,
    dtd: &Dtd,
    budget: &mut ExpansionBudget,
) -> Result<Cow<'a, str>, Fault> {
    if let Some(quote @ (b'"' | b'\'')) = cursor.peek() {
        // OPTIMIZATION: most values are short and need nothing.
        let end = cursor
            .rest
            .bytes()
            .skip(1)
            .position(|byte| byte == quote || is_special(byte));
        if let Some(end) = end
            && cursor.rest.as_bytes().get(end + 1) == Some(&quote)
        {
            cursor.take(1);
            let literal = cursor.take(end);
            cursor.take(1);
            return Ok(Cow::Borrowed(literal));
        }
    } else {
        cursor.skip_space();
    }
    let literal = cursor.quoted("an attribute's value must stand in quotes")?;
    normalize_value(literal, dtd, budget)
}

/// Replaces the references in an attribute value, and white space by spaces.
///
/// Standard: <https://www.w3.org/TR/xml/#AVNormalize>
pub(super) fn normalize_value<'a>(
    literal: &'a str,
    dtd: &Dtd,
    budget: &mut ExpansionBudget,
) -> Result<Cow<'a, str>, Fault> {
    let Some(plain) = literal.bytes().position(is_special) else {
        return Ok(Cow::Borrowed(literal));
    };
    let mut value = String::with_capacity(literal.len());
    let mut cursor = Cursor::new(literal);
    value.push_str(cursor.take(plain));
    // The texts that the current one stands in, with the names of their entities.
    let mut outer: Vec<(Cursor<'_>, &str)> = Vec::new();
    loop {
        let plain = cursor
            .rest
            .bytes()
            .position(is_special)
            .unwrap_or(cursor.rest.len());
        value.push_str(cursor.take(plain));
        match cursor.peek() {
            None => match outer.pop() {
                Some((enclosing, _)) => cursor = enclosing,
                None => return Ok(Cow::Owned(value)),
            },
            Some(b'<') => {
                let fault = cursor.fault("\"<\" must not stand in an attribute value");
                return Err(match outer.first() {
                    Some((enclosing, name)) => fault.in_entity(name, enclosing.rest, literal),
                    None => fault,
                });
            }
            Some(b'&') => {
                let place = outer
                    .first()
                    .map_or(cursor.rest, |(enclosing, _)| enclosing.rest);
                let reference = take_reference(&mut cursor)
                    .and_then(|reference| {
                        dtd.resolve(reference, ReferenceContext::AttributeValue)
                            .map(|referent| (reference, referent))
                    })
                    .map_err(|fault| match outer.first() {
                        Some((enclosing, name)) => fault.in_entity(name, enclosing.rest, literal),
                        None => fault,
                    })?;
                match reference {
                    (_, Referent::Char(c)) => value.push(c),
                    (_, Referent::Data(text)) => value.push_str(&text),
                    (_, Referent::Skipped) => {}
                    (name, Referent::Internal(text)) => {
                        if outer.iter().any(|&(_, open)| open == name) {
                            return Err(Fault::syntax(
                                place,
                                format!("the entity \"{name}\" refers to itself"),
                            ));
                        }
                        if outer.len() >= MAX_ENTITY_DEPTH {
                            return Err(Fault::limit(place, "entities refer too deep to entities"));
                        }
                        budget.charge(text.len(), place)?;
                        outer.push((cursor, name));
                        cursor = Cursor::new(text);
                    }
                }
            }
            Some(_) => {
                value.push(' ');
                cursor.take(1);
            }
        }
    }
}

/// Drops spaces at the ends, and all but one elsewhere.
pub(super) fn collapse_spaces(value: Cow<'_, str>) -> Cow<'_, str> {
    if !value.starts_with(' ') && !value.ends_with(' ') && !value.contains("  ") {
        return value;
    }
    let mut collapsed = String::with_capacity(value.len());
    for word in value.split(' ').filter(|word| !word.is_empty()) {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    Cow::Owned(collapsed)
}

/// Standard: <https://www.w3.org/TR/xml/#uniqattspec>
fn require_unique_names(attributes: &[RawAttribute<'_>], names: &NameTable) -> Result<(), Fault> {
    let repeated = if attributes.len() <= FEW {
        attributes.iter().enumerate().find(|(index, attribute)| {
            attributes
                .iter()
                .take(*index)
                .any(|earlier| earlier.name == attribute.name)
        })
    } else {
        let mut seen = HashSet::with_capacity(attributes.len());
        attributes
            .iter()
            .enumerate()
            .find(|(_, attribute)| !seen.insert(attribute.name))
    };
    match repeated {
        None => Ok(()),
        Some((_, attribute)) => Err(Fault::syntax(
            attribute.place,
            format!(
                "the attribute \"{}\" stands twice",
                names.name(attribute.name).raw
            ),
        )),
    }
}

/// Up to here, comparing all pairs is faster than a set.
pub(super) const FEW: usize = 12;

#[inline]
fn is_special(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parsing::xml::XmlLimits;

    #[track_caller]
    fn check(literal: &str, expected: &str) {
        let mut budget = ExpansionBudget::new(&XmlLimits::default(), literal);
        let value = normalize_value(literal, &Dtd::default(), &mut budget).expect("valid");
        assert_eq!(value, expected);
    }

    #[test]
    fn white_space_becomes_spaces_unless_referred_to() {
        check("a\tb\nc", "a b c");
        check("a&#9;b&#10;c&#13;&#32;", "a\tb\nc\r ");
        check("&lt;&amp;lt;&quot;&apos;>", "<&lt;\"'>");
    }

    #[test]
    fn tokenized_values_are_collapsed() {
        assert_eq!(collapse_spaces("  a   b ".into()), "a b");
        assert_eq!(collapse_spaces("a b".into()), "a b");
        assert_eq!(collapse_spaces(" ".into()), "");
    }
}
