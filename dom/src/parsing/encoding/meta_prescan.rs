//! The prescan: which encoding the `meta` elements at the head of an HTML document name.
//!
//! Standard: <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>, text of November 2026.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

use super::xml_declaration::declared_encoding;

/// How many bytes the prescan looks at.
pub const PRESCAN_BYTES: usize = 1024;

/// Prescans the first [`PRESCAN_BYTES`] bytes of an HTML document for the encoding it declares.
///
/// Standard: <https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding>
pub fn prescan(bytes: &[u8]) -> Option<&'static Encoding> {
    let bytes = bytes.get(..PRESCAN_BYTES).unwrap_or(bytes);
    // 2, 3. An XML declaration in UTF-16 gives itself away.
    if bytes.starts_with(b"<\0?\0x\0") {
        return Some(UTF_16LE);
    }
    if bytes.starts_with(b"\0<\0?\0x") {
        return Some(UTF_16BE);
    }
    let mut scanner = Scanner { bytes, position: 0 };
    // Running out of bytes at any time leaves the XML declaration's word.
    scanner.search().or_else(|| declared_encoding(bytes))
}

/// Extracts a character encoding from the `content` of a `meta` element.
///
/// Standard: <https://html.spec.whatwg.org/#algorithm-for-extracting-a-character-encoding-from-a-meta-element>
fn extract_from_content(content: &[u8]) -> Option<&'static Encoding> {
    let mut position = 0;
    loop {
        // 2. The next `charset`, in any case.
        let found = content
            .get(position..)?
            .windows(CHARSET.len())
            .position(|window| window.eq_ignore_ascii_case(CHARSET))?;
        position += found + CHARSET.len();
        // 3, 4. `=` must follow; else look further.
        let rest = skip_whitespace(content.get(position..)?);
        let Some(rest) = rest.strip_prefix(b"=") else {
            continue;
        };
        // 5, 6. A quoted label needs its closing quote; a bare one ends at a blank or `;`.
        let rest = skip_whitespace(rest);
        let label = match rest.first()? {
            quote @ (b'"' | b'\'') => {
                let quoted = rest.get(1..)?;
                let end = quoted.iter().position(|byte| byte == quote)?;
                quoted.get(..end)?
            }
            _ => rest
                .split(|&byte| is_whitespace(byte) || byte == b';')
                .next()?,
        };
        return Encoding::for_label(label);
    }
}

/// Walks the bytes; every method gives `None` when they run out.
struct Scanner<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Scanner<'a> {
    /// Step 4 of the prescan, the loop. `None` when the bytes run out.
    fn search(&mut self) -> Option<&'static Encoding> {
        loop {
            let rest = self.bytes.get(self.position..)?;
            match rest {
                [] => return None,
                // A comment; its end may overlap its start.
                [b'<', b'!', b'-', b'-', ..] => {
                    let tail = rest.get(2..)?;
                    let end = tail.windows(3).position(|window| window == b"-->")?;
                    self.position += 2 + end + 2;
                }
                [
                    b'<',
                    b'm' | b'M',
                    b'e' | b'E',
                    b't' | b'T',
                    b'a' | b'A',
                    after,
                    ..,
                ] if is_whitespace(*after) || *after == b'/' => {
                    self.position += 5;
                    if let Some(encoding) = self.meta()? {
                        return Some(encoding);
                    }
                }
                [b'<', b'/', letter, ..] | [b'<', letter, ..] if letter.is_ascii_alphabetic() => {
                    self.tag()?;
                }
                [b'<', b'!' | b'/' | b'?', ..] => {
                    let end = rest.iter().position(|&byte| byte == b'>')?;
                    self.position += end;
                }
                _ => {}
            }
            // Next byte.
            self.position += 1;
        }
    }

    /// Any other tag: its name and its attributes are skipped.
    fn tag(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.position..)?;
        self.position += rest
            .iter()
            .position(|&byte| is_whitespace(byte) || byte == b'>')?;
        while self.attribute()?.is_some() {}
        Some(())
    }

    /// The attributes of a `meta` element: outer `None` when the bytes run out, inner `None` when it names no encoding.
    fn meta(&mut self) -> Option<Option<&'static Encoding>> {
        // 2–5. Attribute list, "got pragma", "need pragma" (null at first), charset.
        let mut seen: Vec<Vec<u8>> = Vec::new();
        let mut got_pragma = false;
        let mut need_pragma = None;
        let mut charset = None;
        // 6–10. Each attribute counts the first time.
        while let Some((name, value)) = self.attribute()? {
            if seen.contains(&name) {
                continue;
            }
            match name.as_slice() {
                b"http-equiv" => got_pragma |= value == b"content-type",
                b"content" if charset.is_none() => {
                    if let Some(encoding) = extract_from_content(&value) {
                        charset = Some(encoding);
                        need_pragma = Some(true);
                    }
                }
                b"charset" => {
                    charset = Encoding::for_label(&value);
                    need_pragma = Some(false);
                }
                _ => {}
            }
            seen.push(name);
        }
        // 11–13. Nothing said, or said without the pragma it needs.
        let (Some(need_pragma), Some(encoding)) = (need_pragma, charset) else {
            return Some(None);
        };
        if need_pragma && !got_pragma {
            return Some(None);
        }
        // 14, 15. What was read as ASCII is not UTF-16; x-user-defined means windows-1252.
        Some(Some(if encoding == UTF_16BE || encoding == UTF_16LE {
            UTF_8
        } else if encoding == X_USER_DEFINED {
            WINDOWS_1252
        } else {
            encoding
        }))
    }

    /// Gets an attribute: name and value in ASCII lowercase. Inner `None` at the end of the tag.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-get-attributes-when-sniffing>
    fn attribute(&mut self) -> Option<Option<(Vec<u8>, Vec<u8>)>> {
        // 1. Blanks and slashes.
        while is_whitespace(self.peek()?) || self.peek()? == b'/' {
            self.position += 1;
        }
        // 2. The tag's end.
        if self.peek()? == b'>' {
            return Some(None);
        }
        // 3–5. The name ends at `=` (not as its first character), a blank, `/` or `>`.
        let mut name = Vec::new();
        loop {
            match self.peek()? {
                b'=' if !name.is_empty() => break,
                byte if is_whitespace(byte) => {
                    self.skip_whitespace()?;
                    // 7. No `=`: no value.
                    if self.peek()? != b'=' {
                        return Some(Some((name, Vec::new())));
                    }
                    break;
                }
                b'/' | b'>' => return Some(Some((name, Vec::new()))),
                byte => name.push(byte.to_ascii_lowercase()),
            }
            self.position += 1;
        }
        // 8, 9. Past `=` and blanks.
        self.position += 1;
        self.skip_whitespace()?;
        let mut value = Vec::new();
        match self.peek()? {
            // 10. Quoted.
            quote @ (b'"' | b'\'') => loop {
                self.position += 1;
                let byte = self.peek()?;
                if byte == quote {
                    self.position += 1;
                    return Some(Some((name, value)));
                }
                value.push(byte.to_ascii_lowercase());
            },
            b'>' => Some(Some((name, value))),
            // 11. Bare, up to a blank or `>`.
            _ => loop {
                let byte = self.peek()?;
                if is_whitespace(byte) || byte == b'>' {
                    return Some(Some((name, value)));
                }
                value.push(byte.to_ascii_lowercase());
                self.position += 1;
            },
        }
    }

    fn skip_whitespace(&mut self) -> Option<()> {
        while is_whitespace(self.peek()?) {
            self.position += 1;
        }
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }
}

const CHARSET: &[u8] = b"charset";

fn is_whitespace(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn skip_whitespace(bytes: &[u8]) -> &[u8] {
    let blanks = bytes
        .iter()
        .take_while(|&&byte| is_whitespace(byte))
        .count();
    bytes.get(blanks..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: Option<&str>) {
        assert_eq!(
            prescan(html.as_bytes()).map(Encoding::name),
            expected,
            "{html:?}"
        );
    }

    #[test]
    fn charset_attributes_are_found_in_every_spelling() {
        for html in [
            "<meta charset=koi8-r>",
            "<META CHARSET=KOI8-R>",
            "<meta charset='koi8-r'>",
            "<meta charset = \"koi8-r\" >",
            "<meta/charset=koi8-r>",
            "<meta\tname=x\ncharset=koi8-r/ >",
            "<!doctype html><html lang=en><head><title>x</title><meta charset=koi8-r>",
            "<meta foo charset=koi8-r>",
            "<!-- <meta charset=big5> --><meta charset=koi8-r>",
            "<!--><meta charset=koi8-r>",
            "<a title='<meta charset=big5>'><meta charset=koi8-r>",
            "</p title='<meta charset=big5>'><meta charset=koi8-r>",
            "<?php <meta charset=big5 ?><meta charset=koi8-r>",
            "<meta charset=nonsense><meta charset=koi8-r>",
            "<1 <meta charset=koi8-r>",
            "<meta charset=koi8-r charset=big5>",
        ] {
            let expected = if html.contains("koi8-r/ ") {
                None
            } else {
                Some("KOI8-R")
            };
            check(html, expected);
        }
    }

    #[test]
    fn content_needs_the_pragma() {
        check("<meta content='text/html; charset=koi8-r'>", None);
        check(
            "<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>",
            Some("KOI8-R"),
        );
        check(
            "<meta content='text/html; CHARSET = \"koi8-r\"' http-equiv=content-type>",
            Some("KOI8-R"),
        );
        check(
            "<meta http-equiv=content-type content='charset charset=koi8-r;x'>",
            Some("KOI8-R"),
        );
        check(
            "<meta http-equiv=content-type content='charset=\"koi8-r'>",
            None,
        );
        check(
            "<meta http-equiv=refresh content='text/html; charset=koi8-r'>",
            None,
        );
    }

    #[test]
    fn utf_16_and_x_user_defined_are_replaced() {
        check("<meta charset=utf-16>", Some("UTF-8"));
        check("<meta charset=utf-16be>", Some("UTF-8"));
        check("<meta charset=x-user-defined>", Some("windows-1252"));
        check("<\0?\0x\0", Some("UTF-16LE"));
        check("\0<\0?\0x", Some("UTF-16BE"));
    }

    #[test]
    fn an_xml_declaration_counts_when_no_meta_does() {
        check("<?xml version=1.0 encoding='koi8-r'?><p>", Some("KOI8-R"));
        check("<?xml encoding='koi8-r'?><meta charset=big5>", Some("Big5"));
        check("<?xml encoding='koi 8'?>", None);
    }

    #[test]
    fn only_the_first_bytes_count() {
        let meta = "<meta charset=koi8-r>";
        let padding = " ".repeat(PRESCAN_BYTES - meta.len());
        check(&format!("{padding}{meta}"), Some("KOI8-R"));
        check(&format!("{padding} {meta}"), None);
        check("<!-- <meta charset=koi8-r>", None);
        check("<meta charset=koi8-r", None);
    }
}
