//! What can be read of the response.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

use super::{ReadyState, ResponseType, XmlHttpRequest};
use crate::error::XhrError;
use crate::fetch::Response;
use crate::mime::{MimeType, extract_mime_type};

/// What the `response` getter gives.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[repr(u8)]
pub enum ResponseObject {
    /// Null.
    Null = 0,
    /// The text of [`XmlHttpRequest::response_text`].
    Text = 1,
    /// A buffer of [`XmlHttpRequest::take_response_bytes`].
    ArrayBuffer = 2,
    /// A blob of [`XmlHttpRequest::take_response_bytes`], its type the final MIME type.
    Blob = 3,
    /// The document of [`XmlHttpRequest::document_source`], or null.
    Document = 4,
    /// The value of [`XmlHttpRequest::response_json`], or null.
    Json = 5,
}

/// What a document response is parsed from. The document gets this type, encoding and URL, and scripting is off.
///
/// Standard: <https://xhr.spec.whatwg.org/#document-response>
#[derive(Clone, Debug)]
pub struct DocumentSource<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// Whether the HTML parser takes them; else the XML parser does, and if that fails there is no document.
    pub is_html: bool,
    /// The final MIME type.
    pub mime_type: MimeType,
    /// The encoding that headers or script demand. `None`: for HTML, the prescan of the first 1,024 bytes, then UTF-8;
    /// for XML, its own rules to read it, and UTF-8 as the document's encoding.
    pub encoding: Option<&'static Encoding>,
    /// The response's URL, without its fragment.
    pub url: String,
}

impl XmlHttpRequest {
    /// The response's URL without its fragment; empty if there is none.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responseurl>
    #[must_use]
    pub fn response_url(&self) -> String {
        let Some(url) = self.response.as_ref().and_then(Response::url) else {
            return String::new();
        };
        let mut url = url.clone();
        url.set_fragment(None);
        url.into()
    }

    /// The status; 0 if there is no response.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-status>
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |response| response.status)
    }

    /// The reason phrase of the status line, as it came.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-statustext>
    #[must_use]
    pub fn status_text(&self) -> &[u8] {
        self.response
            .as_ref()
            .map_or(&[], |response| &response.status_message)
    }

    /// The values of a response header, joined by comma and space; `None` if there is none, or none that may be read.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-getresponseheader>
    #[must_use]
    pub fn response_header(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.response.as_ref()?.header_list.get(name)
    }

    /// All response headers that may be read, one a line, by upper-case name; names in lower case.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-getallresponseheaders>
    #[must_use]
    pub fn all_response_headers(&self) -> Vec<u8> {
        // 1.
        let mut output = Vec::new();
        let Some(response) = &self.response else {
            return output;
        };
        // 2. – 3. Combined, then sorted by what the names are in upper case ("legacy-uppercased-byte less than").
        let mut headers = response.header_list.sort_and_combine();
        headers.sort_by_cached_key(|(name, _)| name.to_ascii_uppercase());
        // 4. Each on a line.
        for (name, value) in headers {
            output.extend_from_slice(&name);
            output.extend_from_slice(b": ");
            output.extend_from_slice(&value);
            output.extend_from_slice(b"\r\n");
        }
        // 5.
        output
    }

    /// What `response` gives now.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-response>
    #[must_use]
    pub fn response_object(&self) -> ResponseObject {
        match self.response_type {
            // 1. Text, also while it is loading.
            ResponseType::Empty | ResponseType::Text => ResponseObject::Text,
            // 2. All others when done only.
            _ if self.state != ReadyState::Done => ResponseObject::Null,
            // 3. – 4. An object made before — kept by the caller.
            // 5. – 8. By response type.
            ResponseType::ArrayBuffer => ResponseObject::ArrayBuffer,
            ResponseType::Blob => ResponseObject::Blob,
            ResponseType::Document => ResponseObject::Document,
            ResponseType::Json => ResponseObject::Json,
        }
    }

    /// The response as text; empty until it is loading. What was decoded is kept, so asking again is cheap.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] if the response type is neither empty nor text.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsetext>
    pub fn response_text(&mut self) -> Result<&str, XhrError> {
        // 1. Of another type: InvalidStateError.
        if !matches!(self.response_type, ResponseType::Empty | ResponseType::Text) {
            return Err(XhrError::InvalidState(
                "responseText needs a responseType of \"\" or \"text\"",
            ));
        }
        // 2. Nothing yet.
        if !matches!(self.state, ReadyState::Loading | ReadyState::Done) {
            return Ok("");
        }
        // 3.
        Ok(self.text_response())
    }

    /// The bytes received so far; none once they were taken, or if the request has failed.
    #[must_use]
    pub fn response_bytes(&self) -> &[u8] {
        if self.body_is_null() {
            &[]
        } else {
            &self.received_bytes
        }
    }

    /// How many bytes are kept, whether or not they can be had, in bytes.
    #[must_use]
    pub const fn received_length(&self) -> usize {
        self.received_bytes.len()
    }

    /// Takes the bytes out of a response that is done, to make the one response object of them.
    pub fn take_response_bytes(&mut self) -> Vec<u8> {
        if self.body_is_null() || self.state != ReadyState::Done {
            return Vec::new();
        }
        std::mem::take(&mut self.received_bytes)
    }

    /// The text that a JSON response is parsed from: UTF-8, without a byte order mark. `None` stands for null.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#json-response>
    #[must_use]
    pub fn response_json(&self) -> Option<Cow<'_, str>> {
        // 8.2. No body: null.
        if self.body_is_null() || self.state != ReadyState::Done {
            return None;
        }
        // 8.3. UTF-8 decode; the parse is the caller's.
        Some(UTF_8.decode_with_bom_removal(&self.received_bytes).0)
    }

    /// Checks the steps of `responseXML` that come before a document is made. `Ok(false)` stands for null.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] if the response type is neither empty nor document.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-responsexml>
    pub fn check_response_xml(&self) -> Result<bool, XhrError> {
        // 1. Of another type: InvalidStateError.
        if !matches!(
            self.response_type,
            ResponseType::Empty | ResponseType::Document
        ) {
            return Err(XhrError::InvalidState(
                "responseXML needs a responseType of \"\" or \"document\"",
            ));
        }
        // 2. Null until done. 4. A document made before — kept by the caller.
        Ok(self.state == ReadyState::Done)
    }

    /// What the document response is to be parsed from; `None` if there is none.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#document-response>
    #[must_use]
    pub fn document_source(&self) -> Option<DocumentSource<'_>> {
        // 1. No body.
        if self.body_is_null() || self.state != ReadyState::Done {
            return None;
        }
        // 2. – 3. Neither HTML nor XML.
        let mime_type = self.final_mime_type();
        let is_html = mime_type.is_html();
        if !is_html && !mime_type.is_xml() {
            return None;
        }
        // 4. HTML only if it was asked for.
        if is_html && self.response_type == ResponseType::Empty {
            return None;
        }
        // 5. – 11. The parse, and what the document is told — by the caller.
        Some(DocumentSource {
            bytes: &self.received_bytes,
            is_html,
            encoding: self.final_encoding(),
            mime_type,
            url: self.response_url(),
        })
    }

    /// The response's MIME type by its headers, `text/xml` without one.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#response-mime-type>
    #[must_use]
    pub fn response_mime_type(&self) -> MimeType {
        self.response
            .as_ref()
            .and_then(|response| extract_mime_type(&response.header_list))
            .unwrap_or_else(MimeType::text_xml)
    }

    /// The MIME type that counts: the overriding one, or the response's.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#final-mime-type>
    #[must_use]
    pub fn final_mime_type(&self) -> MimeType {
        self.override_mime_type
            .clone()
            .unwrap_or_else(|| self.response_mime_type())
    }

    /// The encoding that the MIME types name, the overriding one first; `None` if none does or it is unknown.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#final-charset>
    #[must_use]
    pub fn final_encoding(&self) -> Option<&'static Encoding> {
        // 1. – 4. The label: of the response, then of the overriding type.
        let response_mime_type = self.response_mime_type();
        let label = self
            .override_mime_type
            .as_ref()
            .and_then(|mime_type| mime_type.parameter("charset"))
            .or_else(|| response_mime_type.parameter("charset"))?;
        // 5. – 8. The encoding it names.
        Encoding::for_label(label.as_bytes())
    }
}
