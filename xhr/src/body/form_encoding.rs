//! From an entry list to what a form sends: the three encodings, in the form's character encoding.
//!
//! Standard: HTML, <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm>, as of
//! July 2026.

use encoding_rs::{Encoding, UTF_8};
use url::form_urlencoded;

use super::BodyWithType;
use super::form_data::{FormData, FormDataEntryValue};
use super::multipart::{encode_multipart_form_data_in, normalize_newlines};
use crate::fetch::Body;

/// How a form's entries become a body.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#attr-fs-enctype>
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub enum FormEncodingType {
    /// `application/x-www-form-urlencoded`, the default.
    #[default]
    UrlEncoded,
    /// `multipart/form-data`, and the boundary to divide its parts with (see
    /// [`encode_multipart_form_data`](super::encode_multipart_form_data)).
    Multipart(String),
    /// `text/plain`.
    TextPlain,
}

/// The character encoding in which a form is sent: the first label of `accept-charset` that names one, else UTF-8; without
/// the attribute that of the document (`None` if unknown). UTF-16 becomes UTF-8.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#picking-an-encoding-for-the-form>
#[must_use]
pub fn pick_form_encoding(
    accept_charset: Option<&str>,
    document: Option<&'static Encoding>,
) -> &'static Encoding {
    // 1. The document's.
    let encoding = match accept_charset {
        None => document.unwrap_or(UTF_8),
        // 2. The first label that is one, or UTF-8.
        Some(labels) => labels
            .split_ascii_whitespace()
            .find_map(|label| Encoding::for_label_no_replacement(label.as_bytes()))
            .unwrap_or(UTF_8),
    };
    // 3. One that can be written.
    encoding.output_encoding()
}

/// The body and `Content-Type` of a form's entries. A character that `encoding` lacks becomes a numeric character reference.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-body>
#[must_use]
pub fn encode_form_data(
    form_data: &FormData,
    encoding_type: &FormEncodingType,
    encoding: &'static Encoding,
) -> BodyWithType {
    let (bytes, type_) = match encoding_type {
        FormEncodingType::UrlEncoded => (
            encode_form_query(form_data, encoding).into_bytes(),
            "application/x-www-form-urlencoded".to_owned(),
        ),
        FormEncodingType::Multipart(boundary) => (
            encode_multipart_form_data_in(form_data, boundary, encoding),
            format!("multipart/form-data; boundary={boundary}"),
        ),
        FormEncodingType::TextPlain => {
            let text = encode_text_plain(form_data);
            (
                encoding.encode(&text).0.into_owned(),
                "text/plain".to_owned(),
            )
        }
    };
    BodyWithType {
        body: Body::new(bytes),
        type_: Some(type_),
    }
}

/// The entries in `application/x-www-form-urlencoded` form, as a form sends them by GET: files are their names.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#submit-mutate-action>
#[must_use]
pub fn encode_form_query(form_data: &FormData, encoding: &'static Encoding) -> String {
    form_urlencoded::Serializer::new(String::new())
        .encoding_override(Some(&|text| encoding.encode(text).0))
        .extend_pairs(name_value_pairs(form_data))
        .finish()
}

/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#text/plain-encoding-algorithm>
fn encode_text_plain(form_data: &FormData) -> String {
    // 1. – 2. Each pair: name, "=", value, line break.
    name_value_pairs(form_data).fold(String::new(), |mut text, (name, value)| {
        text.push_str(&name);
        text.push('=');
        text.push_str(&value);
        text.push_str("\r\n");
        text
    })
}

/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#converting-an-entry-list-to-a-list-of-name-value-pairs>
fn name_value_pairs(form_data: &FormData) -> impl Iterator<Item = (String, String)> {
    form_data.entries().iter().map(|entry| {
        // 2.1. – 2.3. A file counts by its name; line breaks become CR LF.
        let value = match &entry.value {
            FormDataEntryValue::Text(text) => text,
            FormDataEntryValue::File(file) => &file.name,
        };
        (normalize_newlines(&entry.name), normalize_newlines(value))
    })
}

#[cfg(test)]
mod tests {
    use encoding_rs::{SHIFT_JIS, UTF_16LE, WINDOWS_1252};

    use super::super::{Blob, File};
    use super::*;

    fn entries() -> FormData {
        let mut form_data = FormData::new();
        form_data.append("a b", "1\n2&é☃");
        form_data.append(
            "f",
            File {
                blob: Blob::new(b"bytes\n".to_vec(), ""),
                name: "é\r.txt".to_owned(),
            },
        );
        form_data
    }

    #[track_caller]
    fn check(encoding_type: &FormEncodingType, encoding: &'static Encoding, body: &[u8]) {
        let encoded = encode_form_data(&entries(), encoding_type, encoding);
        assert_eq!(
            String::from_utf8_lossy(encoded.body.bytes()),
            String::from_utf8_lossy(body)
        );
        assert_eq!(encoded.body.bytes(), body);
    }

    #[test]
    fn pairs_have_cr_lf_line_breaks_and_file_names() {
        check(
            &FormEncodingType::UrlEncoded,
            UTF_8,
            b"a+b=1%0D%0A2%26%C3%A9%E2%98%83&f=%C3%A9%0D%0A.txt",
        );
        check(
            &FormEncodingType::TextPlain,
            UTF_8,
            "a b=1\r\n2&é☃\r\nf=é\r\n.txt\r\n".as_bytes(),
        );
    }

    #[test]
    fn what_the_encoding_lacks_becomes_a_character_reference() {
        check(
            &FormEncodingType::UrlEncoded,
            WINDOWS_1252,
            b"a+b=1%0D%0A2%26%E9%26%239731%3B&f=%E9%0D%0A.txt",
        );
        check(
            &FormEncodingType::TextPlain,
            WINDOWS_1252,
            b"a b=1\r\n2&\xE9&#9731;\r\nf=\xE9\r\n.txt\r\n",
        );
        check(
            &FormEncodingType::Multipart("B".to_owned()),
            WINDOWS_1252,
            b"--B\r\nContent-Disposition: form-data; name=\"a b\"\r\n\r\n1\r\n2&\xE9&#9731;\r\n\
              --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\xE9%0D.txt\"\r\n\
              Content-Type: application/octet-stream\r\n\r\nbytes\n\r\n--B--\r\n",
        );
    }

    #[test]
    fn types_name_no_charset() {
        let type_ =
            |encoding_type| encode_form_data(&FormData::new(), &encoding_type, WINDOWS_1252).type_;
        assert_eq!(
            type_(FormEncodingType::UrlEncoded).as_deref(),
            Some("application/x-www-form-urlencoded")
        );
        assert_eq!(
            type_(FormEncodingType::TextPlain).as_deref(),
            Some("text/plain")
        );
        assert_eq!(
            type_(FormEncodingType::Multipart("x".to_owned())).as_deref(),
            Some("multipart/form-data; boundary=x")
        );
    }

    #[test]
    fn the_first_known_label_is_the_encoding() {
        assert_eq!(
            pick_form_encoding(None, Some(WINDOWS_1252)),
            WINDOWS_1252,
            "the document's"
        );
        assert_eq!(pick_form_encoding(None, Some(UTF_16LE)), UTF_8);
        assert_eq!(
            pick_form_encoding(Some(" nonsense  sjis utf-8"), None),
            SHIFT_JIS
        );
        assert_eq!(pick_form_encoding(Some(""), Some(WINDOWS_1252)), UTF_8);
    }
}
