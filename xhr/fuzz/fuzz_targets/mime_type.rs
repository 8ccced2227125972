//! A MIME type that is read is written and read again as it was.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::mime::MimeType;

fuzz_target!(|bytes: &[u8]| {
    if let Some(mime_type) = MimeType::parse_bytes(bytes) {
        assert_eq!(MimeType::parse(&mime_type.to_string()), Some(mime_type));
    }
});
