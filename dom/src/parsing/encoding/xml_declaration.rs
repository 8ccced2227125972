//! The encoding that an XML declaration names, read from undecoded bytes.
//!
//! Standard: <https://html.spec.whatwg.org/#concept-get-xml-encoding-when-sniffing>, text of November 2026.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Gets an XML encoding.
///
/// Standard: <https://html.spec.whatwg.org/#concept-get-xml-encoding-when-sniffing>
pub(super) fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    // 1–3. The declaration must be the very first thing.
    if !bytes.starts_with(b"<?xml") {
        return None;
    }
    // 4, 5. It ends at the first `>`.
    let end = bytes.iter().position(|&byte| byte == b'>')?;
    let declaration = bytes.get(..end)?;
    // 6–8. The word `encoding`.
    let word = declaration
        .windows(WORD.len())
        .position(|window| window == WORD)?;
    // 9–12. Blanks, `=`, blanks.
    let rest = skip_blanks(declaration.get(word + WORD.len()..)?);
    let rest = skip_blanks(rest.strip_prefix(b"=")?);
    // 13–16. A quote and its partner.
    let (&quote, rest) = rest.split_first()?;
    if !matches!(quote, b'"' | b'\'') {
        return None;
    }
    let label = rest.split(|&byte| byte == quote).next()?;
    if label.len() == rest.len() {
        return None;
    }
    // 17. No controls or blanks in a label.
    if label.iter().any(|&byte| byte <= 0x20) {
        return None;
    }
    // 18, 19. What could be read as ASCII is not UTF-16.
    let encoding = Encoding::for_label(label)?;
    Some(if encoding == UTF_16BE || encoding == UTF_16LE {
        UTF_8
    } else {
        encoding
    })
}

const WORD: &[u8] = b"encoding";

fn skip_blanks(bytes: &[u8]) -> &[u8] {
    let blanks = bytes.iter().take_while(|&&byte| byte <= 0x20).count();
    bytes.get(blanks..).unwrap_or_default()
}
