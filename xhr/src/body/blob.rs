//! Blobs: immutable bytes with a type, cheap to clone and to slice.
//!
//! Standard: File API, <https://w3c.github.io/FileAPI/>, as of July 2026.

use std::ops::Range;
use std::sync::Arc;

use crate::mime::MimeType;

/// Immutable bytes with a type. Clones and slices share the bytes.
///
/// ```
/// use readystate_xhr::body::Blob;
///
/// let blob = Blob::new(b"hello world".to_vec(), "text/plain");
/// assert_eq!(blob.slice(-5, None, "").bytes(), b"world");
/// ```
///
/// Standard: <https://w3c.github.io/FileAPI/#blob-section>
#[derive(Clone, Debug, Default)]
pub struct Blob {
    bytes: Arc<Vec<u8>>,
    range: Range<usize>,
    type_: String,
}

impl Blob {
    /// A blob of these bytes. `type_` is normalised as script's would be.
    #[must_use]
    pub fn new(bytes: Vec<u8>, type_: &str) -> Self {
        Self {
            range: 0..bytes.len(),
            bytes: Arc::new(bytes),
            type_: normalize_type(type_),
        }
    }

    /// A blob of these bytes under a serialized MIME type, which stays as it is.
    #[must_use]
    pub fn with_mime_type(bytes: Vec<u8>, type_: &MimeType) -> Self {
        Self {
            range: 0..bytes.len(),
            bytes: Arc::new(bytes),
            type_: type_.to_string(),
        }
    }

    /// A blob of these parts, one after the other.
    ///
    /// Standard: <https://w3c.github.io/FileAPI/#constructorBlob>
    #[must_use]
    pub fn from_parts(parts: &[BlobPart], endings: Endings, type_: &str) -> Self {
        // 1. – 3. The bytes of all parts.
        let bytes = process_blob_parts(parts, endings);
        // 4. – 5. The type and the blob.
        Self::new(bytes, type_)
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(self.range.clone()).unwrap_or_default()
    }

    /// Length in bytes.
    #[must_use]
    pub const fn size(&self) -> usize {
        self.range.end - self.range.start
    }

    /// The type: a serialized MIME type, or lower-case text that is none; empty if unknown.
    #[must_use]
    pub fn type_(&self) -> &str {
        &self.type_
    }

    /// The bytes from `start` up to `end` (`None`: the end) as a blob of type `type_`.
    ///
    /// Negative positions count from the end; positions out of range are clamped.
    ///
    /// Standard: <https://w3c.github.io/FileAPI/#slice-method-algo>
    #[must_use]
    pub fn slice(&self, start: i64, end: Option<i64>, type_: &str) -> Self {
        // 1. – 2. Relative positions, clamped.
        let start = self.clamp(start);
        let end = end.map_or(self.size(), |end| self.clamp(end));
        // 4. The span, at least 0.
        let span = end.saturating_sub(start);
        let from = self.range.start + start;
        // 3. and 5. The same bytes under a type of their own.
        Self {
            bytes: Arc::clone(&self.bytes),
            range: from..from + span,
            type_: normalize_type(type_),
        }
    }

    fn clamp(&self, position: i64) -> usize {
        let size = self.size();
        let distance = usize::try_from(position.unsigned_abs()).unwrap_or(usize::MAX);
        if position < 0 {
            size.saturating_sub(distance)
        } else {
            distance.min(size)
        }
    }
}

impl PartialEq for Blob {
    /// Equal bytes and equal type.
    fn eq(&self, other: &Self) -> bool {
        self.type_ == other.type_ && self.bytes() == other.bytes()
    }
}

impl Eq for Blob {}

/// One part of a blob under construction.
#[derive(Clone, Debug)]
pub enum BlobPart {
    /// The bytes of a buffer or view.
    Bytes(Vec<u8>),
    /// A scalar value string, kept as UTF-8.
    Text(String),
    /// Another blob's bytes.
    Blob(Blob),
}

/// What becomes of line endings in text parts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Endings {
    /// They stay.
    #[default]
    Transparent,
    /// They become the platform's: CR LF on Windows, LF elsewhere.
    Native,
}

/// Standard: <https://w3c.github.io/FileAPI/#process-blob-parts>
fn process_blob_parts(parts: &[BlobPart], endings: Endings) -> Vec<u8> {
    // 1. – 2. Each part in order:
    let mut bytes = Vec::new();
    for part in parts {
        match part {
            // 2.1. Text: line endings converted if asked for, then UTF-8.
            BlobPart::Text(text) => match endings {
                Endings::Transparent => bytes.extend_from_slice(text.as_bytes()),
                Endings::Native => {
                    bytes.extend_from_slice(convert_line_endings_to_native(text).as_bytes());
                }
            },
            // 2.2. – 2.3. Bytes as they are.
            BlobPart::Bytes(part) => bytes.extend_from_slice(part),
            BlobPart::Blob(part) => bytes.extend_from_slice(part.bytes()),
        }
    }
    // 3.
    bytes
}

/// Standard: <https://w3c.github.io/FileAPI/#convert-line-endings-to-native>
fn convert_line_endings_to_native(text: &str) -> String {
    let native = if cfg!(windows) { "\r\n" } else { "\n" };
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\n', native)
}

/// A blob's type. What parses as a MIME type is serialized; else it is empty if a character is outside U+0020–U+007E, and in ASCII
/// lower case if not.
///
/// NOTE: the File API's text knows only the latter rule, and web-platform-tests hold both: `FileAPI/` this one, `mimesniff/` that a
/// type is parsed, as is agreed for the File API in <https://github.com/w3c/FileAPI/issues/43>. They differ in the case of values,
/// in spaces and in quotes.
fn normalize_type(type_: &str) -> String {
    if let Some(mime_type) = MimeType::parse(type_) {
        return mime_type.to_string();
    }
    if type_.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        type_.to_ascii_lowercase()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_slice(start: i64, end: Option<i64>, expected: &str) {
        let blob = Blob::new(b"0123456789".to_vec(), "x/x").slice(1, Some(9), "y/y");
        assert_eq!(
            blob.slice(start, end, "").bytes(),
            expected.as_bytes(),
            "{start} {end:?}"
        );
    }

    #[test]
    fn slice_clamps_and_counts_from_the_end() {
        check_slice(0, None, "12345678");
        check_slice(2, Some(4), "34");
        check_slice(-3, None, "678");
        check_slice(-3, Some(-1), "67");
        check_slice(4, Some(2), "");
        check_slice(i64::MIN, Some(i64::MAX), "12345678");
        check_slice(8, None, "");
    }

    #[track_caller]
    fn check_type(given: &str, expected: &str) {
        let blob = Blob::new(Vec::new(), given);
        assert_eq!(blob.type_(), expected, "{given:?}");
        assert_eq!(blob.slice(0, None, blob.type_()).type_(), expected);
    }

    #[test]
    fn a_mime_type_is_serialized() {
        check_type(" Text/HTML ; Charset=\"GBK\"\n", "text/html;charset=GBK");
        check_type("text/plain;x", "text/plain");
        check_type("a/b;c=\"d e\"", "a/b;c=\"d e\"");
        check_type("a/b;c=é", "a/b;c=\"é\"");
    }

    #[test]
    fn another_type_is_in_lower_case_or_empty() {
        check_type("", "");
        check_type("Nonsense", "nonsense");
        check_type("te(xt/Plain", "te(xt/plain");
        check_type("text\n/plain", "");
        check_type("té/xt", "");
    }

    #[test]
    fn parts_are_joined_and_only_text_endings_are_converted() {
        let parts = [
            BlobPart::Text("a\r\nb\rc\n".to_owned()),
            BlobPart::Bytes(b"\r\n\xFF".to_vec()),
            BlobPart::Blob(Blob::new(b"\rx".to_vec(), "")),
        ];
        let kept = Blob::from_parts(&parts, Endings::Transparent, "");
        assert_eq!(kept.bytes(), b"a\r\nb\rc\n\r\n\xFF\rx");
        let converted = Blob::from_parts(&parts, Endings::Native, "");
        let native: &[u8] = if cfg!(windows) {
            b"a\r\nb\r\nc\r\n"
        } else {
            b"a\nb\nc\n"
        };
        assert_eq!(converted.bytes(), [native, b"\r\n\xFF\rx"].concat());
    }
}
