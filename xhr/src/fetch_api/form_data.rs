//! Bodies read as form data.
//!
//! Standards: <https://fetch.spec.whatwg.org/#dom-body-formdata>, RFC 7578 and RFC 2046 section 5.1.

use url::form_urlencoded;

use crate::body::{Blob, File, FormData};
use crate::http::{isomorphic_decode, trim_http_tab_or_space};
use crate::mime::MimeType;

/// The form data that a body of this type holds; `None` if it holds none.
///
/// Standard: <https://fetch.spec.whatwg.org/#dom-body-formdata>
#[must_use]
pub fn parse_form_data(bytes: &[u8], mime_type: Option<&MimeType>) -> Option<FormData> {
    let mime_type = mime_type?;
    match mime_type.essence() {
        "multipart/form-data" => parse_multipart_form_data(bytes, mime_type.parameter("boundary")?),
        "application/x-www-form-urlencoded" => {
            let mut form_data = FormData::new();
            for (name, value) in form_urlencoded::parse(bytes) {
                form_data.append(name, &*value);
            }
            Some(form_data)
        }
        _ => None,
    }
}

/// Parses `multipart/form-data`; `None` if it is malformed. What stands before the first delimiter and after the last one is
/// left out.
///
/// Standard: <https://www.rfc-editor.org/rfc/rfc7578>
#[must_use]
pub fn parse_multipart_form_data(bytes: &[u8], boundary: &str) -> Option<FormData> {
    let delimiter = [b"--", boundary.as_bytes()].concat();
    let inner_delimiter = [b"\r\n", delimiter.as_slice()].concat();
    let mut rest = match bytes.strip_prefix(delimiter.as_slice()) {
        Some(rest) => rest,
        None => split_at(bytes, &inner_delimiter)?.1,
    };
    let mut form_data = FormData::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(form_data);
        }
        // White space may follow a delimiter, then the line ends.
        let start = rest.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
        rest = rest.get(start..)?.strip_prefix(b"\r\n")?;
        let (part, next) = split_at(rest, &inner_delimiter)?;
        append_part(&mut form_data, part)?;
        rest = next;
    }
}

/// One part: headers, an empty line, the content.
fn append_part(form_data: &mut FormData, mut part: &[u8]) -> Option<()> {
    let mut name = None;
    let mut filename = None;
    let mut content_type = None;
    loop {
        let (line, next) = split_at(part, b"\r\n")?;
        part = next;
        if line.is_empty() {
            break;
        }
        let (header, value) = split_at(line, b":")?;
        let value = trim_http_tab_or_space(value);
        if header.eq_ignore_ascii_case(b"content-disposition") {
            (name, filename) = parse_content_disposition(value)?;
        } else if header.eq_ignore_ascii_case(b"content-type") {
            content_type = Some(isomorphic_decode(value));
        }
    }
    let name = name?;
    match filename {
        // A file, of its own type or the default one.
        Some(filename) => {
            let type_ = content_type.as_deref().unwrap_or("text/plain");
            let file = File {
                blob: Blob::new(part.to_vec(), type_),
                name: filename,
            };
            form_data.append(name, file);
        }
        // Text, in UTF-8 whatever its type says.
        None => form_data.append(name, &*String::from_utf8_lossy(part)),
    }
    Some(())
}

/// `name` and `filename` of a `Content-Disposition` that is `form-data`.
fn parse_content_disposition(value: &[u8]) -> Option<(Option<String>, Option<String>)> {
    let (mut name, mut filename) = (None, None);
    let kind = value.split(|byte| *byte == b';').next().unwrap_or_default();
    if !trim_http_tab_or_space(kind).eq_ignore_ascii_case(b"form-data") {
        return None;
    }
    let mut rest = value.get(kind.len()..)?;
    while let Some(parameter) = trim_http_tab_or_space(rest).strip_prefix(b";") {
        let Some((key, value)) = split_at(parameter, b"=") else {
            break;
        };
        let value = trim_http_tab_or_space(value);
        let text;
        (text, rest) = match value.strip_prefix(b"\"") {
            Some(quoted) => split_at(quoted, b"\"")?,
            None => value.split_at(
                value
                    .iter()
                    .position(|byte| *byte == b';')
                    .unwrap_or(value.len()),
            ),
        };
        let key = trim_http_tab_or_space(key);
        if key.eq_ignore_ascii_case(b"name") {
            name = Some(unescape(text));
        } else if key.eq_ignore_ascii_case(b"filename") {
            filename = Some(unescape(text));
        }
    }
    Some((name, filename))
}

/// Undoes what the encoder does to names: line breaks and quotes are percent-encoded, nothing else is.
fn unescape(text: &[u8]) -> String {
    String::from_utf8_lossy(text)
        .replace("%0D", "\r")
        .replace("%0d", "\r")
        .replace("%0A", "\n")
        .replace("%0a", "\n")
        .replace("%22", "\"")
}

/// What stands before and after the first `separator`.
fn split_at<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *separator.first()?;
    let mut from = 0;
    loop {
        let candidate = bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        let at = from + candidate;
        if let Some(after) = bytes.get(at..)?.strip_prefix(separator) {
            return Some((bytes.get(..at)?, after));
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{FormDataEntryValue, encode_multipart_form_data};

    #[test]
    fn what_is_encoded_is_read_again() {
        let mut form_data = FormData::new();
        form_data.append("a\"\r\nb", "--x\r\n1\u{feff}");
        let file = File {
            blob: Blob::new(b"\r\n--X\0\xff".to_vec(), "image/png"),
            name: "é;\".png".to_owned(),
        };
        form_data.append("f", file);
        let bytes = encode_multipart_form_data(&form_data, "xyz");
        assert_eq!(parse_multipart_form_data(&bytes, "xyz"), Some(form_data));
    }

    #[test]
    fn preamble_epilogue_and_unquoted_names_are_understood() {
        let bytes = b"before\r\n--x \r\ncontent-disposition:form-data; name=a; filename=b\r\n\r\nc\r\n--x--after";
        let form_data = parse_multipart_form_data(bytes, "x").expect("well-formed");
        let Some(FormDataEntryValue::File(file)) = form_data.get("a") else {
            panic!("{form_data:?}");
        };
        assert_eq!((file.name.as_str(), file.blob.type_()), ("b", "text/plain"));
    }

    #[test]
    fn malformed_bodies_are_none() {
        for bytes in [
            &b""[..],
            b"--x",
            b"--x\r\n",
            b"--x\r\n\r\n\r\n--x--",
            b"--x\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--x--",
            b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x",
            b"--x\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--x--",
        ] {
            assert_eq!(parse_multipart_form_data(bytes, "x"), None, "{bytes:?}");
        }
        assert_eq!(
            parse_multipart_form_data(b"--x--", "x"),
            Some(FormData::new())
        );
    }

    #[test]
    fn a_leading_question_mark_belongs_to_the_name() {
        let mime_type = MimeType::parse("application/x-www-form-urlencoded;charset=UTF-8");
        let form_data = parse_form_data(b"?a=1+2", mime_type.as_ref()).expect("form data");
        assert_eq!(form_data.get("?a"), Some(&FormDataEntryValue::from("1 2")));
    }
}
