//! Start tags: the name, the attributes, and the normalisation of their values.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-starttags> and <https://www.w3.org/TR/xml/#AVNormalize>

use std::borrow::Cow;
use std::collections::HashSet;

use super::cursor::Cursor;
use super::entities::{
    Dtd, ExpansionBudget, MAX_ENTITY_DEPTH, ReferenceContext, Referent, take_reference,
};
use super::fault::Fault;

/// An attribute as it stands in a tag or a doctype, its value normalised.
#[derive(Debug)]
pub(super) struct RawAttribute<'a> {
    pub(super) name: &'a str,
    pub(super) value: Cow<'a, str>,
}

/// Parses the inside of a start tag into `attributes`, defaults included, and gives the element's name.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-STag>
pub(super) fn parse_start_tag<'a>(
    inner: &'a str,
    dtd: &'a Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
    attributes: &mut Vec<RawAttribute<'a>>,
) -> Result<&'a str, Fault> {
    attributes.clear();
    let mut cursor = Cursor::new(inner);
    let element = cursor.name("an element's name must follow \"<\"")?;
    let definitions = if dtd.attributes.is_empty() {
        &[]
    } else {
        dtd.attributes.get(element).map_or(&[][..], Vec::as_slice)
    };
    loop {
        let space = cursor.skip_space();
        if cursor.is_at_end() {
            break;
        }
        if !space {
            return Err(cursor.fault("white space must stand between attributes"));
        }
        if attributes.len() >= max_attributes {
            return Err(Fault::limit(
                cursor.rest,
                "the element has more attributes than the limit allows",
            ));
        }
        let name = cursor.name("an attribute's name or the tag's end must follow")?;
        cursor.skip_space();
        cursor.require("=", "\"=\" must follow an attribute's name")?;
        cursor.skip_space();
        let literal = cursor.quoted("an attribute's value must stand in quotes")?;
        let mut value = normalize_value(literal, dtd, budget)?;
        if definitions
            .iter()
            .any(|definition| definition.is_tokenized && *definition.name == *name)
        {
            value = collapse_spaces(value);
        }
        attributes.push(RawAttribute { name, value });
    }
    require_unique_names(attributes)?;
    for definition in definitions {
        if let Some(default) = &definition.default
            && !attributes
                .iter()
                .any(|attribute| *attribute.name == *definition.name)
        {
            budget.charge(definition.name.len() + default.len(), inner)?;
            attributes.push(RawAttribute {
                name: &definition.name,
                value: Cow::Borrowed(default),
            });
        }
    }
    Ok(element)
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
fn require_unique_names(attributes: &[RawAttribute<'_>]) -> Result<(), Fault> {
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
            attribute.name,
            format!("the attribute \"{}\" stands twice", attribute.name),
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
