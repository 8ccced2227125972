//! Entities: what is declared, what references stand for, and how much they may add.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-physical-struct>

use std::collections::HashMap;
use std::rc::Rc;

use super::XmlLimits;
use super::cursor::Cursor;
use super::fault::Fault;
use super::names::{is_xml_char, name_length};
use super::xhtml_entities::html_entity;

/// A general entity.
#[derive(Debug, Clone)]
pub(super) enum Entity {
    /// Its replacement text.
    Internal(Rc<str>),
    /// It names a resource, which is not loaded.
    External,
    /// As external, and no XML.
    Unparsed,
}

/// A declared attribute.
#[derive(Debug, Clone)]
pub(super) struct AttributeDefinition {
    pub(super) name: Box<str>,
    /// Of a type other than CDATA: blanks in its values are collapsed.
    pub(super) is_tokenized: bool,
    pub(super) default: Option<Box<str>>,
}

/// What the doctype declares.
#[derive(Debug, Default)]
pub(super) struct Dtd {
    pub(super) general: HashMap<Box<str>, Entity>,
    /// Replacement texts; `None` for external ones.
    pub(super) parameter: HashMap<Box<str>, Option<Rc<str>>>,
    /// By element name.
    pub(super) attributes: HashMap<Box<str>, Vec<AttributeDefinition>>,
    pub(super) is_standalone: bool,
    /// There may be declarations that were not read.
    pub(super) may_be_incomplete: bool,
    /// A parameter entity was not read, so that later declarations must not count.
    pub(super) ignores_declarations: bool,
    pub(super) has_html_entities: bool,
}

/// What a reference stands for.
#[derive(Debug)]
pub(super) enum Referent<'a> {
    Char(char),
    /// Text that is not parsed again.
    Data(String),
    /// Replacement text that is parsed where it stands.
    Internal(&'a Rc<str>),
    /// Nothing is known of it, and that is no error.
    Skipped,
}

/// Where a reference stands.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum ReferenceContext {
    Content,
    AttributeValue,
}

impl Dtd {
    /// Whether a missing declaration may be in a part that was not read.
    ///
    /// Standard: <https://www.w3.org/TR/xml/#wf-entdeclared>
    fn may_have_more(&self) -> bool {
        self.may_be_incomplete && !self.is_standalone
    }

    /// Finds what `&reference;` stands for.
    pub(super) fn resolve<'a>(
        &'a self,
        reference: &str,
        context: ReferenceContext,
    ) -> Result<Referent<'a>, Fault> {
        if let Some(number) = reference.strip_prefix('#') {
            return character_reference(number).map(Referent::Char);
        }
        if reference.is_empty() || name_length(reference) != reference.len() {
            return Err(Fault::syntax(
                reference,
                "a name must stand between the ampersand and the semicolon of a reference",
            ));
        }
        if let Some(c) = predefined(reference) {
            return Ok(Referent::Char(c));
        }
        match self.general.get(reference) {
            Some(Entity::Internal(text)) => Ok(Referent::Internal(text)),
            Some(Entity::Unparsed) => Err(Fault::syntax(
                reference,
                format!("\"{reference}\" is an unparsed entity, which references must not name"),
            )),
            Some(Entity::External) if context == ReferenceContext::AttributeValue => {
                Err(Fault::syntax(
                    reference,
                    format!(
                        "the external entity \"{reference}\" must not stand in an attribute value"
                    ),
                ))
            }
            Some(Entity::External) => Ok(Referent::Skipped),
            None => {
                if self.has_html_entities
                    && let Some(text) = html_entity(reference)
                {
                    return Ok(Referent::Data(text));
                }
                if self.may_have_more() {
                    return Ok(Referent::Skipped);
                }
                Err(Fault::syntax(
                    reference,
                    format!("the entity \"{reference}\" is not declared"),
                ))
            }
        }
    }
}

/// Checks the literal of an entity declaration and gives the replacement text: character references are replaced,
/// general references kept.
///
/// Standard: <https://www.w3.org/TR/xml/#intern-replacement>
pub(super) fn replacement_text(literal: &str) -> Result<Rc<str>, Fault> {
    if !literal.contains(['&', '%']) {
        return Ok(Rc::from(literal));
    }
    let mut text = String::with_capacity(literal.len());
    let mut cursor = Cursor::new(literal);
    while let Some(special) = cursor.rest.find(['&', '%']) {
        text.push_str(cursor.take(special));
        if cursor.peek() == Some(b'%') {
            return Err(
                cursor.fault("in the internal subset, \"%\" must not stand within a declaration")
            );
        }
        let reference = take_reference(&mut cursor)?;
        match reference.strip_prefix('#') {
            Some(number) => text.push(character_reference(number)?),
            None => {
                text.push('&');
                text.push_str(reference);
                text.push(';');
            }
        }
    }
    text.push_str(cursor.rest);
    Ok(Rc::from(text))
}

/// Steps over the reference that begins at the cursor and gives what stands between `&` and `;`.
pub(super) fn take_reference<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, Fault> {
    let start = *cursor;
    cursor.take(1);
    let length = match cursor.peek() {
        Some(b'#') => cursor
            .rest
            .bytes()
            .position(|byte| byte == b';')
            .unwrap_or(0),
        _ => name_length(cursor.rest),
    };
    let reference = cursor.take(length);
    if reference.is_empty() || !cursor.eat(";") {
        return Err(start.fault("an ampersand must begin a reference, which ends with a semicolon"));
    }
    Ok(reference)
}

/// The character of `&#number;`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-CharRef>
pub(super) fn character_reference(number: &str) -> Result<char, Fault> {
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let value = if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        u32::from_str_radix(digits, radix).ok()
    } else {
        None
    };
    value
        .and_then(char::from_u32)
        .filter(|&c| is_xml_char(c))
        .ok_or_else(|| Fault::syntax(number, "this reference names no character of XML"))
}

/// Standard: <https://www.w3.org/TR/xml/#sec-predefined-ent>
pub(super) fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "quot" => '"',
        _ => return None,
    })
}

/// What entities and default attributes may still add.
#[derive(Debug)]
pub(super) struct ExpansionBudget {
    left: usize,
}

impl ExpansionBudget {
    pub(super) fn new(limits: &XmlLimits, document: &str) -> Self {
        let by_ratio = document
            .len()
            .saturating_mul(limits.max_expansion_ratio)
            .max(FREE_EXPANSION);
        Self {
            left: by_ratio.min(limits.max_expansion_bytes),
        }
    }

    /// Takes `bytes` from the budget, for the sake of what stands at `rest`.
    pub(super) fn charge(&mut self, bytes: usize, rest: &str) -> Result<(), Fault> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Fault::limit(
                rest,
                "entities and default attributes add more than the limit allows",
            )),
        }
    }
}

/// What small documents may add whatever their length, in bytes.
const FREE_EXPANSION: usize = 1 << 20;

/// How deep entities may refer to entities.
pub(super) const MAX_ENTITY_DEPTH: usize = 500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn character_references_name_characters_of_xml() {
        for (number, expected) in [
            ("65", 'A'),
            ("x41", 'A'),
            ("x1F600", '\u{1F600}'),
            ("0000065", 'A'),
            ("9", '\t'),
        ] {
            assert_eq!(character_reference(number).expect("valid"), expected);
        }
        for number in [
            "",
            "x",
            "X41",
            "+65",
            "x+41",
            "0",
            "8",
            "xD800",
            "xFFFE",
            "x110000",
            "99999999999",
            "6 5",
        ] {
            assert!(character_reference(number).is_err(), "{number}");
        }
    }

    #[test]
    fn replacement_texts_keep_general_references() {
        assert_eq!(
            &*replacement_text("a&#38;b&c;&#x20;").expect("valid"),
            "a&b&c; "
        );
        for literal in ["&", "&;", "& a;", "&a", "&#1;", "%a;", "100%", "&1;"] {
            assert!(replacement_text(literal).is_err(), "{literal}");
        }
    }
}
