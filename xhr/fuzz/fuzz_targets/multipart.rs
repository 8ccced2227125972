//! Bodies of forms are read or refused; what is read is written and read again with as many entries.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::body::encode_multipart_form_data;
use readystate_xhr::fetch_api::parse_multipart_form_data;

fuzz_target!(|bytes: &[u8]| {
    if let Some(form_data) = parse_multipart_form_data(bytes, "edge") {
        let written = encode_multipart_form_data(&form_data, "edge-that-no-content-has-7f3a91");
        if !form_data.entries().is_empty() {
            let again = parse_multipart_form_data(&written, "edge-that-no-content-has-7f3a91")
                .expect("it is well-formed");
            assert_eq!(again.entries().len(), form_data.entries().len());
        }
    }
});
