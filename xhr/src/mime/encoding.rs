//! Which encoding a response is in: from its MIME type, or from its XML declaration.
//!
//! Standards: Fetch, <https://fetch.spec.whatwg.org/#legacy-extract-an-encoding>, as of July 2026; XML 1.0 (Fifth
//! Edition), <https://www.w3.org/TR/xml/#sec-guessing>.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::MimeType;

/// The encoding that a MIME type's `charset` names, or `fallback`.
///
/// Standard: <https://fetch.spec.whatwg.org/#legacy-extract-an-encoding>
#[must_use]
pub fn legacy_extract_an_encoding(
    mime_type: Option<&MimeType>,
    fallback: &'static Encoding,
) -> &'static Encoding {
    // 1. – 5. No type, no charset or an unknown one: the fallback.
    mime_type
        .and_then(|mime_type| mime_type.parameter("charset"))
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or(fallback)
}

/// The encoding that XML's own rules give for `bytes`, if they say anything: a byte order mark, the shape of `<?` in
/// UTF-16, or the encoding declaration.
///
/// Standard: <https://www.w3.org/TR/xml/#sec-guessing>
#[must_use]
pub fn determine_xml_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return Some(encoding);
    }
    match bytes {
        [b'<', 0, b'?', 0, ..] => return Some(UTF_16LE),
        [0, b'<', 0, b'?', ..] => return Some(UTF_16BE),
        _ => {}
    }
    let label = encoding_declaration(bytes)?;
    let encoding = Encoding::for_label(label)?;
    // A declaration that could be read byte by byte is not in UTF-16, whatever it says.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE {
        UTF_8
    } else {
        encoding
    })
}

/// The encoding name of an XML declaration in an ASCII-compatible encoding.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-XMLDecl>
fn encoding_declaration(bytes: &[u8]) -> Option<&[u8]> {
    let rest = bytes.strip_prefix(b"<?xml")?;
    // The declaration is short; what has no end within this many bytes is not one.
    let rest = rest.get(..rest.len().min(1024))?;
    let end = rest
        .windows(2)
        .position(|pair| pair == b"?>")
        .unwrap_or(rest.len());
    let mut rest = rest.get(..end)?;
    // VersionInfo, EncodingDecl and SDDecl are all: white space, name, Eq, quoted value.
    loop {
        let trimmed = rest.trim_ascii_start();
        if trimmed.len() == rest.len() {
            return None;
        }
        let name_length = trimmed
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        let (name, after) = trimmed.split_at_checked(name_length)?;
        let after = after
            .trim_ascii_start()
            .strip_prefix(b"=")?
            .trim_ascii_start();
        let (&quote, after) = after
            .split_first()
            .filter(|(quote, _)| matches!(quote, b'"' | b'\''))?;
        let value_length = after.iter().position(|&byte| byte == quote)?;
        let (value, after) = after.split_at_checked(value_length)?;
        if name == b"encoding" {
            return Some(value);
        }
        rest = after.get(1..)?;
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, WINDOWS_1252};

    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Option<&'static Encoding>) {
        assert_eq!(
            determine_xml_encoding(bytes),
            expected,
            "{}",
            String::from_utf8_lossy(bytes)
        );
    }

    #[test]
    fn encoding_declaration_is_read_in_either_quotes_and_any_place() {
        check(
            b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><x/>",
            Some(WINDOWS_1252),
        );
        check(
            b"<?xml version = '1.0'\n encoding\t=\r'shift_jis' standalone='yes' ?><x/>",
            Some(SHIFT_JIS),
        );
        check(b"<?xml encoding='shift_jis'?>", Some(SHIFT_JIS));
    }

    #[test]
    fn no_declaration_says_nothing() {
        for bytes in [
            &b""[..],
            b"<x/>",
            b"<?xml version=\"1.0\"?><x encoding=\"shift_jis\"/>",
            b" <?xml version=\"1.0\" encoding=\"shift_jis\"?>",
            b"<?xml version=\"1.0\"encoding=\"shift_jis\"?>",
            b"<?xml version=\"1.0\" encoding=\"no such thing\"?>",
            b"<?xml version=\"1.0",
            b"<?xml",
        ] {
            check(bytes, None);
        }
    }

    #[test]
    fn byte_order_mark_and_utf_16_shape_come_first() {
        check(b"\xFF\xFE<\0?\0", Some(UTF_16LE));
        check(b"\xEF\xBB\xBF<?xml encoding='shift_jis'?>", Some(UTF_8));
        check(b"<\0?\0x\0", Some(UTF_16LE));
        check(b"\0<\0?\0x", Some(UTF_16BE));
        check(b"<?xml version='1.0' encoding='utf-16'?>", Some(UTF_8));
    }

    #[test]
    fn charset_of_the_mime_type_or_the_fallback() {
        let mime_type = MimeType::parse("text/html;charset=shift-jis");
        assert_eq!(
            legacy_extract_an_encoding(mime_type.as_ref(), UTF_8),
            SHIFT_JIS
        );
        let unknown = MimeType::parse("text/html;charset=bogus");
        assert_eq!(
            legacy_extract_an_encoding(unknown.as_ref(), WINDOWS_1252),
            WINDOWS_1252
        );
        assert_eq!(legacy_extract_an_encoding(None, UTF_8), UTF_8);
    }
}
