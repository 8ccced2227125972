//! The `multipart/form-data` encoding.
//!
//! Standard: HTML, <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data>, as of
//! July 2026; RFC 7578.

use encoding_rs::{Encoding, UTF_8};

use super::form_data::{FormData, FormDataEntryValue};

/// Encodes an entry list in UTF-8, its parts divided by `boundary`.
///
/// The caller makes the boundary: random, token characters only, and not longer than 70 bytes, so that no content holds
/// it by chance.
///
/// Standard: <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart/form-data-encoding-algorithm>
#[must_use]
pub fn encode_multipart_form_data(form_data: &FormData, boundary: &str) -> Vec<u8> {
    encode_multipart_form_data_in(form_data, boundary, UTF_8)
}

/// The same in another encoding; a character that it lacks becomes a numeric character reference.
pub(super) fn encode_multipart_form_data_in(
    form_data: &FormData,
    boundary: &str,
    encoding: &'static Encoding,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in form_data.entries() {
        push(
            &mut bytes,
            &[
                "--",
                boundary,
                "\r\nContent-Disposition: form-data; name=\"",
            ],
        );
        // 2.1. Line breaks of the name become CR LF, then the name is escaped.
        let name = escape(&normalize_newlines(&entry.name));
        bytes.extend_from_slice(&encoding.encode(&name).0);
        match &entry.value {
            FormDataEntryValue::Text(text) => {
                // 2.2. Line breaks of a text become CR LF. Such a part has no Content-Type.
                push(&mut bytes, &["\"\r\n\r\n"]);
                bytes.extend_from_slice(&encoding.encode(&normalize_newlines(text)).0);
            }
            FormDataEntryValue::File(file) => {
                // A file's name is escaped only; its bytes stay as they are.
                let type_ = match file.blob.type_() {
                    "" => "application/octet-stream",
                    type_ => type_,
                };
                push(&mut bytes, &["\"; filename=\""]);
                bytes.extend_from_slice(&encoding.encode(&escape(&file.name)).0);
                push(&mut bytes, &["\"\r\nContent-Type: ", type_, "\r\n\r\n"]);
                bytes.extend_from_slice(file.blob.bytes());
            }
        }
        push(&mut bytes, &["\r\n"]);
    }
    push(&mut bytes, &["--", boundary, "--\r\n"]);
    bytes
}

fn push(bytes: &mut Vec<u8>, texts: &[&str]) {
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
    }
}

/// Names in a `Content-Disposition` header: line feed, carriage return and quotation mark are percent-encoded.
fn escape(name: &str) -> String {
    name.replace('\n', "%0A")
        .replace('\r', "%0D")
        .replace('"', "%22")
}

/// Each CR, LF or CR LF becomes CR LF.
pub(super) fn normalize_newlines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .replace('\r', "\n")
        .replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::super::{Blob, File};
    use super::*;

    #[track_caller]
    fn check(name: &str, value: impl Into<FormDataEntryValue>, expected: &str) {
        let mut form_data = FormData::new();
        form_data.append(name, value);
        let encoded = encode_multipart_form_data(&form_data, "B");
        assert_eq!(
            String::from_utf8_lossy(&encoded),
            format!("--B\r\n{expected}\r\n--B--\r\n")
        );
    }

    #[test]
    fn an_empty_list_is_the_closing_boundary() {
        assert_eq!(
            encode_multipart_form_data(&FormData::new(), "xyz"),
            b"--xyz--\r\n"
        );
    }

    #[test]
    fn text_has_no_content_type_and_cr_lf_line_breaks() {
        check(
            "a",
            "1\n2\r3\r\n4",
            "Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n3\r\n4",
        );
    }

    #[test]
    fn names_are_normalised_then_escaped_and_keep_their_percent_signs() {
        check(
            "a\n\"é\\%22",
            "",
            "Content-Disposition: form-data; name=\"a%0D%0A%22é\\%22\"\r\n\r\n",
        );
    }

    #[test]
    fn file_names_are_escaped_but_not_normalised() {
        let file = |type_: &str| File {
            blob: Blob::new(b"x\ny".to_vec(), type_),
            name: "f\n\"ä\".txt".to_owned(),
        };
        check(
            "a",
            file("text/plain"),
            "Content-Disposition: form-data; name=\"a\"; filename=\"f%0A%22ä%22.txt\"\r\n\
             Content-Type: text/plain\r\n\r\nx\ny",
        );
        check(
            "a",
            file(""),
            "Content-Disposition: form-data; name=\"a\"; filename=\"f%0A%22ä%22.txt\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nx\ny",
        );
    }
}
