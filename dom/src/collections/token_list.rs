//! Ordered sets of tokens in an attribute: `classList` and its kin.
//!
//! Pure functions parse and serialize; the methods of [`Tree`] read and write an attribute without a namespace.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-domtokenlist> and <https://dom.spec.whatwg.org/#ordered-sets>, text
//! of November 2026.

use html5ever::LocalName;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;

fn is_space(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\x0C' | '\r' | ' ')
}

/// The tokens of `input` in order, repeated ones too.
pub fn tokens(input: &str) -> impl Iterator<Item = &str> {
    input.split(is_space).filter(|token| !token.is_empty())
}

/// The ordered set parser: the tokens of `input`, each once.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-ordered-set-parser>
pub fn parse(input: &str) -> Vec<&str> {
    let mut set: Vec<&str> = Vec::new();
    for token in tokens(input) {
        if !set.contains(&token) {
            set.push(token);
        }
    }
    set
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
    if token.contains(is_space) {
        return Err(DomError::InvalidCharacter(
            "a token must not hold white space",
        ));
    }
    Ok(())
}

impl Tree {
    fn token_list<'a>(&'a self, element: NodeId, attribute: &LocalName) -> Vec<&'a str> {
        parse(self.attribute_atom(element, attribute).unwrap_or_default())
    }

    /// Runs the update steps: writes the set back, unless it is empty and there is no attribute.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-dtl-update>
    fn update_token_list(&mut self, element: NodeId, attribute: &LocalName, value: &str) {
        if value.is_empty() && self.attribute_atom(element, attribute).is_none() {
            return;
        }
        self.set_attribute_atom(element, attribute, value);
    }

    /// How many tokens the list has.
    pub fn token_list_length(&self, element: NodeId, attribute: &LocalName) -> usize {
        self.token_list(element, attribute).len()
    }

    /// The token at `index`.
    pub fn token_list_item(
        &self,
        element: NodeId,
        attribute: &LocalName,
        index: usize,
    ) -> Option<&str> {
        self.token_list(element, attribute).get(index).copied()
    }

    /// Whether the list holds `token`.
    pub fn token_list_contains(&self, element: NodeId, attribute: &LocalName, token: &str) -> bool {
        self.attribute_atom(element, attribute)
            .is_some_and(|value| tokens(value).any(|other| other == token))
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
        let mut set = self.token_list(element, attribute);
        for token in added {
            if !set.contains(token) {
                set.push(token);
            }
        }
        // 3. Update.
        let value = serialize(&set);
        self.update_token_list(element, attribute, &value);
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
        let mut set = self.token_list(element, attribute);
        set.retain(|token| !removed.contains(token));
        let value = serialize(&set);
        self.update_token_list(element, attribute, &value);
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
        match (self.token_list_contains(element, attribute, token), force) {
            // 3. There: it goes, unless it is forced to stay.
            (true, None | Some(false)) => {
                self.token_list_remove(element, attribute, &[token])?;
                Ok(false)
            }
            (true, Some(true)) => Ok(true),
            // 4. Not there: it comes, unless it is forced to stay away.
            (false, None | Some(true)) => {
                self.token_list_add(element, attribute, &[token])?;
                Ok(true)
            }
            (false, Some(false)) => Ok(false),
        }
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
        let set = self.token_list(element, attribute);
        let Some(place) = set.iter().position(|other| *other == token) else {
            return Ok(false);
        };
        // 4. The first of either takes the new name, the other goes.
        let mut replaced: Vec<&str> = Vec::with_capacity(set.len());
        for (index, other) in set.into_iter().enumerate() {
            let other = if index == place { new_token } else { other };
            if !replaced.contains(&other) {
                replaced.push(other);
            }
        }
        // 5, 6. Update.
        let value = serialize(&replaced);
        self.update_token_list(element, attribute, &value);
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
    }
}
