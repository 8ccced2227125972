//! Origins are equal to what they are written as.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_xhr::{Origin, Url};

fuzz_target!(|text: &str| {
    if let Ok(url) = Url::parse(text) {
        let origin = Origin::of(&url);
        if !origin.is_opaque() {
            let again = Origin::of(&Url::parse(&origin.serialize()).expect("an origin is a URL"));
            assert!(origin.same_origin(&again) && origin.same_site(&again));
        }
    }
});
