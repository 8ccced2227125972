//! From bytes to text: which encoding a document is in, and its decoding.
//!
//! The order of trust is the standard's: a byte order mark, the transport's `charset`, what the document says of itself
//! (a `meta` element, an XML declaration), a default.
//!
//! Standard: <https://html.spec.whatwg.org/#determining-the-character-encoding>,
//! <https://encoding.spec.whatwg.org/#decode> and, for XML, <https://www.w3.org/TR/xml/#sec-guessing>, texts of November
//! 2026.

mod meta_prescan;
mod xml_declaration;

use std::borrow::Cow;

pub use encoding_rs::Encoding;
use encoding_rs::{CoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

pub use meta_prescan::{PRESCAN_BYTES, prescan};

/// What the bytes are believed to hold; decides where [`sniff`] looks and what it falls back to.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum SniffKind {
    /// HTML: a `meta` prescan; windows-1252 if nothing is said.
    Html,
    /// XML: the XML declaration; UTF-8 if nothing is said.
    Xml,
    /// Anything else: UTF-8 if neither byte order mark nor transport says otherwise.
    Text,
}

/// Finds the encoding of a document from its first bytes.
///
/// `transport_charset` is the label of the `Content-Type`'s `charset` parameter; one that names no encoding is ignored.
/// [`PRESCAN_BYTES`] bytes are enough; more are not looked at, except for XML declarations that are longer.
///
/// Standard: <https://html.spec.whatwg.org/#encoding-sniffing-algorithm>
///
/// ```
/// use readystate_dom::parsing::encoding::{SniffKind, sniff};
/// assert_eq!(sniff(b"<meta charset=koi8-r>", None, SniffKind::Html).name(), "KOI8-R");
/// assert_eq!(sniff(b"<meta charset=koi8-r>", Some("utf-8"), SniffKind::Html).name(), "UTF-8");
/// ```
pub fn sniff(bytes: &[u8], transport_charset: Option<&str>, kind: SniffKind) -> &'static Encoding {
    // 1. A byte order mark wins over everything.
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    // 4. Then the transport layer.
    if let Some(encoding) =
        transport_charset.and_then(|label| Encoding::for_label(label.as_bytes()))
    {
        return encoding;
    }
    match kind {
        // 5, 9. What the document says; else the default of most locales.
        SniffKind::Html => prescan(bytes).unwrap_or(WINDOWS_1252),
        SniffKind::Xml => sniff_xml(bytes),
        SniffKind::Text => UTF_8,
    }
}

/// Decodes a whole document; a byte order mark overrides `encoding` and is dropped, bad sequences become U+FFFD.
///
/// Borrows when the bytes are UTF-8 already.
///
/// Standard: <https://encoding.spec.whatwg.org/#decode>
pub fn decode<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Cow<'a, str> {
    encoding.decode(bytes).0
}

/// As [`decode`], but a bad sequence is an error, as XML wants it: `None`.
pub fn decode_fatal<'a>(bytes: &'a [u8], encoding: &'static Encoding) -> Option<Cow<'a, str>> {
    let (encoding, bom) = Encoding::for_bom(bytes).unwrap_or((encoding, 0));
    encoding.decode_without_bom_handling_and_without_replacement(bytes.get(bom..)?)
}

/// Decodes a document that arrives in chunks, with the rules of [`decode`].
pub struct Decoder {
    inner: encoding_rs::Decoder,
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Decoder")
            .field("encoding", &self.inner.encoding().name())
            .finish()
    }
}

impl Decoder {
    /// A decoder that starts with `encoding`; a byte order mark at the start overrides it.
    pub fn new(encoding: &'static Encoding) -> Self {
        Self {
            inner: encoding.new_decoder(),
        }
    }

    /// The encoding in use, after any byte order mark that was seen.
    pub fn encoding(&self) -> &'static Encoding {
        self.inner.encoding()
    }

    /// Appends the text of `chunk` to `text`. A sequence cut by the chunk's end waits for the next chunk.
    pub fn feed(&mut self, chunk: &[u8], text: &mut String) {
        self.run(chunk, false, text);
    }

    /// Ends the input: a sequence that is still incomplete becomes U+FFFD. The decoder is spent.
    pub fn end(mut self, text: &mut String) {
        self.run(&[], true, text);
    }

    fn run(&mut self, mut chunk: &[u8], last: bool, text: &mut String) {
        loop {
            let room = self
                .inner
                .max_utf8_buffer_length(chunk.len().min(MAX_STEP))
                .unwrap_or(MAX_STEP)
                .max(MIN_ROOM);
            text.reserve(room);
            let (result, read, _) = self.inner.decode_to_string(chunk, text, last);
            chunk = chunk.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }
}

/// Guesses the encoding of an XML document without byte order mark and without transport information.
///
/// Standard: <https://www.w3.org/TR/xml/#sec-guessing-no-ext-info>
fn sniff_xml(bytes: &[u8]) -> &'static Encoding {
    match bytes {
        // `<?` or `<` and a name's start, two bytes a unit.
        [0, b'<', 0, _, ..] => UTF_16BE,
        [b'<', 0, _, 0, ..] => UTF_16LE,
        _ => xml_declaration::declared_encoding(bytes).unwrap_or(UTF_8),
    }
}

/// Bytes decoded between two looks at the output's capacity.
const MAX_STEP: usize = 1 << 16;

/// The decoder wants room for at least one character and a replacement.
const MIN_ROOM: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], transport: Option<&str>, kind: SniffKind, expected: &str) {
        assert_eq!(
            sniff(bytes, transport, kind).name(),
            expected,
            "{:?} {transport:?} {kind:?}",
            String::from_utf8_lossy(bytes)
        );
    }

    #[test]
    fn a_byte_order_mark_wins_over_the_transport() {
        check(b"\xEF\xBB\xBFx", Some("koi8-r"), SniffKind::Html, "UTF-8");
        check(b"\xFE\xFF\0x", Some("utf-8"), SniffKind::Xml, "UTF-16BE");
        check(b"\xFF\xFEx\0", None, SniffKind::Text, "UTF-16LE");
    }

    #[test]
    fn the_transport_wins_over_the_document() {
        check(
            b"<meta charset=koi8-r>",
            Some("big5"),
            SniffKind::Html,
            "Big5",
        );
        check(
            b"<?xml version='1.0' encoding='koi8-r'?>",
            Some("ISO-8859-1"),
            SniffKind::Xml,
            "windows-1252",
        );
        check(
            b"<meta charset=koi8-r>",
            Some("nonsense"),
            SniffKind::Html,
            "KOI8-R",
        );
    }

    #[test]
    fn defaults_depend_on_the_kind() {
        check(b"", None, SniffKind::Html, "windows-1252");
        check(b"", None, SniffKind::Xml, "UTF-8");
        check(b"<meta charset=koi8-r>", None, SniffKind::Text, "UTF-8");
    }

    #[test]
    fn xml_without_a_mark_is_guessed_from_its_first_bytes() {
        check(b"\0<\0?\0x\0m\0l", None, SniffKind::Xml, "UTF-16BE");
        check(b"<\0r\0/\0>\0", None, SniffKind::Xml, "UTF-16LE");
        check(
            b"<?xml version=\"1.0\" encoding = 'windows-1251'?>",
            None,
            SniffKind::Xml,
            "windows-1251",
        );
        check(
            b"<?xml version='1.0' encoding='UTF-16'?>",
            None,
            SniffKind::Xml,
            "UTF-8",
        );
        check(
            b"<?xml version='1.0'?><a encoding='big5'/>",
            None,
            SniffKind::Xml,
            "UTF-8",
        );
    }

    #[test]
    fn chunks_decode_like_the_whole_wherever_they_are_cut() {
        let whole = "\u{FEFF}aé\u{1F600}z".as_bytes();
        for cut in 0..=whole.len() {
            let mut decoder = Decoder::new(WINDOWS_1252);
            let mut text = String::new();
            decoder.feed(&whole[..cut], &mut text);
            decoder.feed(&whole[cut..], &mut text);
            if cut > 3 {
                assert_eq!(decoder.encoding(), UTF_8);
            }
            decoder.end(&mut text);
            assert_eq!(text, "aé\u{1F600}z", "cut at {cut}");
        }
    }

    #[test]
    fn an_incomplete_sequence_at_the_end_is_replaced_or_fatal() {
        let mut decoder = Decoder::new(UTF_8);
        let mut text = String::new();
        decoder.feed(b"a\xE2\x82", &mut text);
        assert_eq!(text, "a");
        decoder.end(&mut text);
        assert_eq!(text, "a\u{FFFD}");
        assert_eq!(decode(b"a\xE2\x82", UTF_8), "a\u{FFFD}");
        assert_eq!(decode_fatal(b"a\xE2\x82", UTF_8), None);
        assert_eq!(
            decode_fatal(b"\xEF\xBB\xBFa", WINDOWS_1252).as_deref(),
            Some("a")
        );
    }

    #[test]
    fn a_large_chunk_is_decoded_whole() {
        let bytes = vec![0xE9; 300_000];
        let mut text = String::new();
        let mut decoder = Decoder::new(WINDOWS_1252);
        decoder.feed(&bytes, &mut text);
        decoder.end(&mut text);
        assert_eq!(text.chars().filter(|&c| c == 'é').count(), 300_000);
    }
}
