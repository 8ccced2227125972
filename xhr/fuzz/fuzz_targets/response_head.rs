//! Heads of responses and the values of their headers are read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::http::challenge::Challenge;
use readystate_xhr::http::head::ResponseHead;
use readystate_xhr::http::header_list::decode_and_split;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(Some((head, length))) = ResponseHead::parse(bytes) {
        assert!(length <= bytes.len());
        let _ = head.framing(false);
        let _ = Challenge::parse_all(&head.headers, "www-authenticate");
        for (_, value) in head.headers.iter() {
            assert!(!decode_and_split(value).is_empty());
        }
    }
});
