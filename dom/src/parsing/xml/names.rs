//! Characters, names, name tokens and qualified names.
//!
//! Standard: <https://www.w3.org/TR/xml/#charsets>, <https://www.w3.org/TR/xml/#NT-Name> and
//! <https://www.w3.org/TR/xml-names/#ns-qualnames>.

use super::fault::Fault;

/// Whether XML documents may hold `c`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-Char>
pub(crate) fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether `text` matches the `Name` production.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-Name>
pub(crate) fn is_name(text: &str) -> bool {
    !text.is_empty() && name_length(text) == text.len()
}

/// What follows the part of `text` that has only allowed characters; `None` if they all are.
pub(super) fn first_forbidden_char(text: &str) -> Option<&str> {
    // OPTIMIZATION: all that is forbidden is a control, or begins with the byte EF; look at blocks for either.
    let bytes = text.as_bytes();
    let mut base = 0;
    for block in bytes.chunks(BLOCK) {
        let suspect = block.iter().fold(false, |found, &byte| {
            let is_control = (byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r');
            found | is_control | (byte == 0xEF)
        });
        if suspect && let Some(index) = first_forbidden_byte(bytes, base, block.len()) {
            return text.get(index..);
        }
        base += block.len();
    }
    None
}

/// Where the first forbidden character begins among `length` bytes from `start`.
fn first_forbidden_byte(bytes: &[u8], start: usize, length: usize) -> Option<usize> {
    (start..start + length).find(|&index| match bytes.get(index) {
        Some(b'\t' | b'\n' | b'\r') => false,
        Some(0..0x20) => true,
        // U+FFFE and U+FFFF.
        Some(0xEF) => matches!(
            (bytes.get(index + 1), bytes.get(index + 2)),
            (Some(0xBF), Some(0xBE | 0xBF))
        ),
        _ => false,
    })
}

const BLOCK: usize = 64;

/// The length in bytes of the `Name` at the start of `text`; 0 if there is none.
pub(super) fn name_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.first() {
        Some(&first) if first.is_ascii() => {
            if !is_class(first, START) {
                return 0;
            }
        }
        _ => {
            if !text.chars().next().is_some_and(is_name_start_char) {
                return 0;
            }
        }
    }
    nmtoken_length(text)
}

/// The length in bytes of the `Nmtoken` at the start of `text`; 0 if there is none.
pub(super) fn nmtoken_length(text: &str) -> usize {
    let ascii = text
        .bytes()
        .position(|byte| !is_class(byte, NAME))
        .unwrap_or(text.len());
    if text.as_bytes().get(ascii).is_none_or(u8::is_ascii) {
        return ascii;
    }
    let rest = text.get(ascii..).unwrap_or_default();
    ascii + rest.find(|c| !is_name_char(c)).unwrap_or(rest.len())
}

/// Splits a `Name` into prefix and local name.
///
/// Standard: <https://www.w3.org/TR/xml-names/#NT-QName>
#[inline]
pub(super) fn split_qualified_name(name: &str) -> Result<(Option<&str>, &str), Fault> {
    let Some(colon) = name.bytes().position(|byte| byte == b':') else {
        return Ok((None, name));
    };
    let (prefix, local) = name.split_at_checked(colon).unwrap_or((name, ""));
    let local = local.strip_prefix(':').unwrap_or(local);
    // The parts are names without colons of their own.
    if prefix.is_empty() || local.contains(':') || name_length(local) == 0 {
        return Err(Fault::namespace(
            name,
            format!("\"{name}\" is not a qualified name: one colon, a name on each side"),
        ));
    }
    Ok((Some(prefix), local))
}

/// Refuses a colon in the name of an entity, a notation or a processing instruction.
///
/// Standard: <https://www.w3.org/TR/xml-names/#Conformance>
pub(super) fn require_no_colon(name: &str) -> Result<(), Fault> {
    match name.find(':') {
        None => Ok(()),
        Some(colon) => Err(Fault::namespace(
            name.get(colon..).unwrap_or(name),
            format!("the name \"{name}\" must hold no colon"),
        )),
    }
}

fn is_name_start_char(c: char) -> bool {
    if c.is_ascii() {
        return is_class(c as u8, START);
    }
    matches!(
        c,
        '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}'
            | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}'
    )
}

fn is_name_char(c: char) -> bool {
    if c.is_ascii() {
        return is_class(c as u8, NAME);
    }
    is_name_start_char(c) || matches!(c, '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

const START: u8 = 1;
const NAME: u8 = 2;

#[inline]
fn is_class(byte: u8, class: u8) -> bool {
    CLASSES
        .get(usize::from(byte))
        .is_some_and(|classes| classes & class != 0)
}

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        let c = byte as u8;
        if c.is_ascii_alphabetic() || c == b'_' || c == b':' {
            classes[byte] = START | NAME;
        } else if c.is_ascii_digit() || c == b'-' || c == b'.' {
            classes[byte] = NAME;
        }
        byte += 1;
    }
    classes
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_fifth_edition() {
        for name in [
            "a",
            ":",
            "_",
            "a-b.c",
            "é",
            "a·b",
            "日本",
            "\u{10000}",
            "x1",
            "a:b",
        ] {
            assert!(is_name(name), "{name}");
        }
        for name in [
            "",
            "1",
            "-a",
            ".a",
            "·",
            "\u{300}",
            "a b",
            "a×",
            "×",
            "a\u{3000}",
            "\u{F0000}",
        ] {
            assert!(!is_name(name), "{name}");
        }
        assert_eq!(name_length("aé= "), 3);
        assert_eq!(nmtoken_length("1é·)"), 5);
    }

    #[test]
    fn forbidden_characters_are_found_where_they_stand() {
        assert_eq!(
            first_forbidden_char("a\t\n\r\u{7F}é\u{FFFD}\u{1FFFF}"),
            None
        );
        for bad in ["\0", "\u{1}", "\u{1F}", "\u{B}", "\u{FFFE}", "\u{FFFF}"] {
            for padding in [0, 1, 62, 63, 64, 65, 127, 128] {
                let text = format!("{}{bad}z", "x".repeat(padding));
                let rest = first_forbidden_char(&text).expect("forbidden");
                assert_eq!(text.len() - rest.len(), padding, "{bad:?}");
            }
        }
    }

    #[test]
    fn qualified_names_have_one_colon() {
        assert_eq!(
            split_qualified_name("a:b").expect("valid"),
            (Some("a"), "b")
        );
        assert_eq!(split_qualified_name("b").expect("valid"), (None, "b"));
        for name in [":", "a:", ":b", "a:b:c", "a::b", "a:1"] {
            assert!(split_qualified_name(name).is_err(), "{name}");
        }
    }
}
