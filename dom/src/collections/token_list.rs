//! Ordered sets of tokens in an attribute: `classList` and its kin.
//!
//! Pure functions parse and serialize; the methods of [`Tree`] read and write an attribute without a namespace.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-domtokenlist> and <https://dom.spec.whatwg.org/#ordered-sets>, text
//! of November 2026.

use std::collections::HashSet;

use html5ever::{LocalName, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::element::{Attribute, AttributeValue};

fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0C' | '\r' | ' ')
}

#[inline]
fn is_space_byte(byte: u8) -> bool {
    is_space(char::from(byte))
}

/// The tokens of a text in order, repeated ones too. See [`tokens`].
#[derive(Debug, Clone)]
pub struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = &'a str;

    #[inline]
    fn next(&mut self) -> Option<&'a str> {
        // NOTE: white space is ASCII, so that bytes will do.
        let start = self.0.bytes().position(|byte| !is_space_byte(byte))?;
        let rest = self.0.get(start..)?;
        let length = rest.bytes().position(is_space_byte).unwrap_or(rest.len());
        let (token, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(token)
    }
}

/// The tokens of `input` in order, repeated ones too.
pub fn tokens(input: &str) -> Tokens<'_> {
    Tokens(input)
}

/// So many tokens are not hashed.
const FEW: usize = 8;

/// Tells which tokens are new, one after another.
///
/// OPTIMIZATION: the first few are compared with each other in place; many are hashed.
struct Distinct<'a> {
    few: [&'a str; FEW],
    length: usize,
    many: HashSet<&'a str>,
}

impl<'a> Distinct<'a> {
    fn new() -> Self {
        Self {
            few: [""; FEW],
            length: 0,
            many: HashSet::new(),
        }
    }

    /// Whether `token` was not here before; it is from now on.
    #[inline]
    fn is_new(&mut self, token: &'a str) -> bool {
        let known = self.few.get(..self.length).unwrap_or_default();
        if known.contains(&token) {
            return false;
        }
        match self.few.get_mut(self.length) {
            Some(slot) => {
                *slot = token;
                self.length += 1;
                true
            }
            None => self.many.insert(token),
        }
    }
}

/// The tokens of `input` in order, each once.
fn distinct(input: &str) -> impl Iterator<Item = &str> {
    let mut seen = Distinct::new();
    tokens(input).filter(move |token| seen.is_new(token))
}

/// The ordered set parser: the tokens of `input`, each once.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-ordered-set-parser>
pub fn parse(input: &str) -> Vec<&str> {
    distinct(input).collect()
}

/// The ordered set serializer, from what is each once.
fn joined<'a>(set: impl Iterator<Item = &'a str>) -> AttributeValue {
    let mut value = AttributeValue::default();
    for token in set {
        if !value.is_empty() {
            value.push(' ');
        }
        value.push_str(token);
    }
    value
}

/// The ordered set serializer: the tokens with a space between each two.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-ordered-set-serializer>
pub fn serialize(set: &[&str]) -> String {
    set.join(" ")
}

/// Whether `token` may be put into a token list.
///
/// # Errors
/// [`DomError::Syntax`] if it is empty; [`DomError::InvalidCharacter`] if it holds white space.
pub fn validate(token: &str) -> Result<(), DomError> {
    if token.is_empty() {
        return Err(DomError::Syntax("a token must not be empty".to_owned()));
    }
    if token.bytes().any(is_space_byte) {
        return Err(DomError::InvalidCharacter(
            "a token must not hold white space",
        ));
    }
    Ok(())
}

impl Tree {
    /// Where the attribute is, and its value; the empty string if there is none.
    #[inline]
    fn token_attribute(&self, element: NodeId, attribute: &LocalName) -> (Option<usize>, &str) {
        let place = self.attribute_place(element, attribute, |other| other.namespace == ns!());
        let value = place.and_then(|place| self.attributes(element).get(place));
        (place, value.map_or("", Attribute::value))
    }

    /// Runs the update steps: writes the set back, unless it is empty and there is no attribute.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-dtl-update>
    fn update_token_list(
        &mut self,
        element: NodeId,
        (attribute, place): (&LocalName, Option<usize>),
        value: &str,
    ) {
        match place {
            Some(place) => self.change_attribute(element, place, value),
            None if value.is_empty() => {}
            None => self.set_attribute_atom(element, attribute, value),
        }
    }

    /// How many tokens the list has.
    pub fn token_list_length(&self, element: NodeId, attribute: &LocalName) -> usize {
        distinct(self.token_attribute(element, attribute).1).count()
    }

    /// The token at `index`.
    pub fn token_list_item(
        &self,
        element: NodeId,
        attribute: &LocalName,
        index: usize,
    ) -> Option<&str> {
        distinct(self.token_attribute(element, attribute).1).nth(index)
    }

    /// Whether the list holds `token`.
    pub fn token_list_contains(&self, element: NodeId, attribute: &LocalName, token: &str) -> bool {
        tokens(self.token_attribute(element, attribute).1).any(|other| other == token)
    }

    /// `add(tokens…)`.
    ///
    /// # Errors
    /// As [`validate`], for any of the tokens.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-domtokenlist-add>
    pub fn token_list_add(
        &mut self,
        element: NodeId,
        attribute: &LocalName,
        added: &[&str],
    ) -> Result<(), DomError> {
        // 1. All are valid.
        for token in added {
            validate(token)?;
        }
        // 2. Those that are new are added.
        let (place, value) = self.token_attribute(element, attribute);
        let mut seen = Distinct::new();
        let set = tokens(value).chain(added.iter().copied());
        let value = joined(set.filter(|token| seen.is_new(token)));
        // 3. Update.
        self.update_token_list(element, (attribute, place), &value);
        Ok(())
    }

    /// `remove(tokens…)`.
    ///
    /// # Errors
    /// As [`validate`], for any of the tokens.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-domtokenlist-remove>
    pub fn token_list_remove(
        &mut self,
        element: NodeId,
        attribute: &LocalName,
        removed: &[&str],
    ) -> Result<(), DomError> {
        for token in removed {
            validate(token)?;
        }
        let (place, value) = self.token_attribute(element, attribute);
        let value = joined(distinct(value).filter(|token| !removed.contains(token)));
        self.update_token_list(element, (attribute, place), &value);
        Ok(())
    }

    /// `toggle(token, force)`; tells whether the list holds the token now.
    ///
    /// # Errors
    /// As [`validate`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-domtokenlist-toggle>
    pub fn token_list_toggle(
        &mut self,
        element: NodeId,
        attribute: &LocalName,
        token: &str,
        force: Option<bool>,
    ) -> Result<bool, DomError> {
        // 1, 2. It is valid.
        validate(token)?;
        let (place, value) = self.token_attribute(element, attribute);
        let is_there = tokens(value).any(|other| other == token);
        let value = match (is_there, force) {
            // 3. There: it goes, unless it is forced to stay.
            (true, None | Some(false)) => joined(distinct(value).filter(|&other| other != token)),
            // 4. Not there: it comes, unless it is forced to stay away.
            (false, None | Some(true)) => joined(distinct(value).chain([token])),
            (true, Some(true)) | (false, Some(false)) => return Ok(is_there),
        };
        self.update_token_list(element, (attribute, place), &value);
        Ok(!is_there)
    }

    /// `replace(token, newToken)`; tells whether the list held `token`.
    ///
    /// # Errors
    /// As [`validate`]; emptiness of either is found before white space.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-domtokenlist-replace>
    pub fn token_list_replace(
        &mut self,
        element: NodeId,
        attribute: &LocalName,
        token: &str,
        new_token: &str,
    ) -> Result<bool, DomError> {
        // 1, 2. Both are valid.
        if token.is_empty() || new_token.is_empty() {
            validate("")?;
        }
        validate(token)?;
        validate(new_token)?;
        // 3. It is there.
        let (place, value) = self.token_attribute(element, attribute);
        if !tokens(value).any(|other| other == token) {
            return Ok(false);
        }
        // 4. The first of either takes the new name, the other goes.
        let renamed = |other| if other == token { new_token } else { other };
        let mut seen = Distinct::new();
        let set = tokens(value).map(renamed);
        let value = joined(set.filter(|token| seen.is_new(token)));
        // 5, 6. Update.
        self.update_token_list(element, (attribute, place), &value);
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_the_order_and_drops_repeats() {
        assert_eq!(parse(" b\ta\x0Cb\n a "), ["b", "a"]);
        assert_eq!(serialize(&parse("b  a")), "b a");
        assert!(parse(" \r\n").is_empty());
        assert_eq!(parse("a\u{A0}b"), ["a\u{A0}b"]);
        let many: Vec<_> = (0..20_000).map(|number| format!("t{number}")).collect();
        let twice = [many.join(" "), many.join("\n")].concat();
        let set = parse(&twice);
        // The last of the first half and the first of the second have nothing between them.
        assert_eq!(set.len(), many.len() + 1);
        assert_eq!((set[7], set[8], set[19_998]), ("t7", "t8", "t19998"));
    }
}
