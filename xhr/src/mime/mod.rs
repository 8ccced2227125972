//! MIME types and the encodings they name.

mod encoding;
mod mime_type;

pub use encoding::{determine_xml_encoding, legacy_extract_an_encoding};
pub use mime_type::{MimeType, extract_mime_type};
