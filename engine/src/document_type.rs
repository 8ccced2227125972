//! From a content type to the kind of document that a response becomes.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document>, as of 2026-01.

use readystate_dom::DocumentKind;
use readystate_xhr::mime::MimeType;

/// What kind of document a content type makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentType {
    Html,
    Xml,
    Text,
    Media,
}

impl DocumentType {
    pub(crate) fn kind(self) -> DocumentKind {
        match self {
            Self::Xml => DocumentKind::Xml,
            _ => DocumentKind::Html,
        }
    }
}

/// Which kind of document a response of this type becomes, if any.
///
/// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#loading-a-document>
pub(crate) fn document_type(mime_type: Option<&MimeType>) -> Option<DocumentType> {
    // FIXME a missing type is to be sniffed from the bytes; it is taken for HTML.
    let Some(mime_type) = mime_type else {
        return Some(DocumentType::Html);
    };
    if mime_type.is_html() {
        Some(DocumentType::Html)
    } else if mime_type.is_xml() {
        Some(DocumentType::Xml)
    } else if mime_type.type_() == "text" || mime_type.is_json() || mime_type.is_javascript() {
        Some(DocumentType::Text)
    } else if matches!(mime_type.type_(), "image" | "audio" | "video") {
        Some(DocumentType::Media)
    } else {
        None
    }
}

/// `document.contentType`.
pub(crate) fn content_type(document_type: DocumentType, mime_type: Option<&MimeType>) -> String {
    match (document_type, mime_type) {
        (DocumentType::Html, _) | (_, None) => "text/html".to_owned(),
        (_, Some(mime_type)) => mime_type.essence().to_owned(),
    }
}
