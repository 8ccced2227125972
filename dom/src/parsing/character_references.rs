//! Character references and line ends where one look tells what they are; all others are left to a tokenizer.
//!
//! Standard: <https://html.spec.whatwg.org/#character-reference-state>, text of November 2026.

use html5ever::data::NAMED_ENTITIES;
use memchr::{memchr, memchr2};

/// Where a text stands.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum TextPlace {
    /// Between tags.
    Data,
    /// In the value of an attribute, whole.
    Attribute,
}

/// `text` with its character references read and its line ends normalized. `None` if it holds a null character, or a
/// reference that is an error or not complete, or ends in a carriage return.
///
/// Costs time linear in the length.
pub(super) fn decoded(text: &str, place: TextPlace) -> Option<String> {
    if memchr(0, text.as_bytes()).is_some() {
        return None;
    }
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr2(b'&', b'\r', rest.as_bytes()) {
        let (before, special) = rest.split_at_checked(at)?;
        result.push_str(before);
        if let Some(after) = special.strip_prefix('\r') {
            result.push('\n');
            rest = after.strip_prefix('\n').unwrap_or(after);
            // Whether a line feed follows is not known yet.
            if after.is_empty() {
                return None;
            }
        } else {
            rest = reference(special.strip_prefix('&')?, place, &mut result)?;
        }
    }
    result.push_str(rest);
    Some(result)
}

/// Adds what an ampersand before `text` stands for, and gives what is behind it.
fn reference<'t>(text: &'t str, place: TextPlace, result: &mut String) -> Option<&'t str> {
    if let Some(number) = text.strip_prefix('#') {
        let (character, rest) = numeric_reference(number)?;
        result.push(character);
        return Some(rest);
    }
    let length = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let (name, rest) = text.split_at_checked(length)?;
    if rest.starts_with(';') && !name.is_empty() {
        let (name, rest) = text.split_at_checked(length + 1)?;
        push_named(name, result)?;
        return Some(rest);
    }
    let is_literal = match place {
        _ if name.is_empty() => place == TextPlace::Attribute || !rest.is_empty(),
        // A name without a semicolon may stand for something, or its beginning may.
        TextPlace::Data => false,
        // For historical reasons, not before an equals sign or a letter or digit.
        TextPlace::Attribute => rest.starts_with('=') || !is_named(name),
    };
    is_literal.then(|| {
        result.push('&');
        text
    })
}

/// The character of a decimal or hexadecimal reference, and what is behind its semicolon.
fn numeric_reference(number: &str) -> Option<(char, &str)> {
    let (digits, rest) = number.split_once(';')?;
    let hexadecimal = digits.strip_prefix(['x', 'X']);
    let (digits, radix) = hexadecimal.map_or((digits, 10), |digits| (digits, 16));
    // NOTE: a sign would be taken for part of the number.
    if digits.len() > 8 || !digits.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let code = u32::from_str_radix(digits, radix).ok()?;
    // Controls and noncharacters are errors, and some stand for others.
    let is_noncharacter = matches!(code, 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE;
    let is_fine = matches!(code, 0x9 | 0xA | 0x20..=0x7E | 0xA0..) && !is_noncharacter;
    let character = char::from_u32(code).filter(|_| is_fine)?;
    Some((character, rest))
}

fn is_named(name: &str) -> bool {
    NAMED_ENTITIES
        .get(name)
        .is_some_and(|&(first, _)| first != 0)
}

/// `name` ends in a semicolon.
fn push_named(name: &str, result: &mut String) -> Option<()> {
    let common = match name {
        "amp;" => '&',
        "lt;" => '<',
        "gt;" => '>',
        "quot;" => '"',
        "nbsp;" => '\u{A0}',
        _ => {
            let &(first, second) = NAMED_ENTITIES.get(name).filter(|&&(first, _)| first != 0)?;
            result.extend(char::from_u32(first));
            result.extend(char::from_u32(second).filter(|_| second != 0));
            return Some(());
        }
    };
    result.push(common);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, data: Option<&str>, attribute: Option<&str>) {
        assert_eq!(decoded(text, TextPlace::Data).as_deref(), data, "{text:?}");
        assert_eq!(
            decoded(text, TextPlace::Attribute).as_deref(),
            attribute,
            "{text:?}"
        );
    }

    #[test]
    fn references_with_a_semicolon_are_read_everywhere() {
        for (text, result) in [
            ("a &amp; b", "a & b"),
            ("&lt;&gt;&quot;&nbsp;", "<>\"\u{A0}"),
            ("&eacute;&NotEqualTilde;!", "é\u{2242}\u{338}!"),
            ("&#39;&#x27;&#X1F600;", "''\u{1F600}"),
            ("& b && c", "& b && c"),
            ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ] {
            check(text, Some(result), Some(result));
        }
    }

    #[test]
    fn errors_are_left_to_the_tokenizer() {
        for text in [
            "&nothing;",
            "&#0;",
            "&#x80;",
            "&#xD800;",
            "&#x110000;",
            "&#xFFFE;",
            "&#1",
            "&#;",
            "&#x;",
            "&#+1;",
            "&#99999999999;",
            "a\r",
            "&copy",
            "&copy.",
        ] {
            check(text, None, None);
        }
    }

    #[test]
    fn names_without_a_semicolon_are_literal_in_queries() {
        for text in ["?a=1&b=2", "?a&copy=1", "?a&copyright", "?a&", "?a&notin/"] {
            check(text, None, Some(text));
        }
    }
}
