//! From what script hands over to a request body and its type.
//!
//! Standard: Fetch, <https://fetch.spec.whatwg.org/#bodyinit-unions>, as of July 2026.

use super::{Blob, FormData, UrlSearchParams, encode_multipart_form_data};
use crate::fetch::Body;

/// What script may give as a body; streams excepted.
///
/// Standard: <https://fetch.spec.whatwg.org/#typedefdef-xmlhttprequestbodyinit>
#[derive(Clone, Debug)]
pub enum BodyInit {
    /// A scalar value string.
    Text(String),
    /// A buffer's or view's bytes.
    Bytes(Vec<u8>),
    /// A blob or file.
    Blob(Blob),
    /// Form data, and the boundary to divide its parts with (see [`encode_multipart_form_data`]).
    FormData(FormData, String),
    /// Search parameters.
    UrlSearchParams(UrlSearchParams),
}

/// A body and the `Content-Type` it comes with.
///
/// Standard: <https://fetch.spec.whatwg.org/#body-with-type>
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BodyWithType {
    /// The bytes.
    pub body: Body,
    /// The type; `None` if the body says nothing of it.
    pub type_: Option<String>,
}

/// Extracts a body with type. As all bodies are in memory this is "safely extract" as well.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-bodyinit-extract>
#[must_use]
pub fn extract(object: BodyInit) -> BodyWithType {
    // 1. – 9. Streams: there are none, the bytes are the source and give the length.
    // 10. By kind of object:
    let (bytes, type_) = match object {
        BodyInit::Blob(blob) => {
            let type_ = (!blob.type_().is_empty()).then(|| blob.type_().to_owned());
            (blob.bytes().to_vec(), type_)
        }
        BodyInit::Bytes(bytes) => (bytes, None),
        BodyInit::FormData(form_data, boundary) => (
            encode_multipart_form_data(&form_data, &boundary),
            Some(format!("multipart/form-data; boundary={boundary}")),
        ),
        BodyInit::UrlSearchParams(params) => (
            params.serialize().into_bytes(),
            Some("application/x-www-form-urlencoded;charset=UTF-8".to_owned()),
        ),
        BodyInit::Text(text) => (
            text.into_bytes(),
            Some("text/plain;charset=UTF-8".to_owned()),
        ),
    };
    // 13. – 14.
    BodyWithType {
        body: Body::new(bytes),
        type_,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(object: BodyInit, bytes: &[u8], type_: Option<&str>) {
        let extracted = extract(object);
        assert_eq!(extracted.body.bytes(), bytes);
        assert_eq!(extracted.type_.as_deref(), type_);
    }

    #[test]
    fn each_kind_has_its_type() {
        check(
            BodyInit::Text("é".to_owned()),
            "é".as_bytes(),
            Some("text/plain;charset=UTF-8"),
        );
        check(BodyInit::Bytes(vec![0, 255]), &[0, 255], None);
        check(BodyInit::Blob(Blob::new(vec![1], "")), &[1], None);
        check(BodyInit::Blob(Blob::new(vec![1], "X/Y")), &[1], Some("x/y"));
        check(
            BodyInit::FormData(FormData::new(), "b".to_owned()),
            b"--b--\r\n",
            Some("multipart/form-data; boundary=b"),
        );
        check(
            BodyInit::UrlSearchParams(UrlSearchParams::parse("a=b c")),
            b"a=b+c",
            Some("application/x-www-form-urlencoded;charset=UTF-8"),
        );
    }
}
