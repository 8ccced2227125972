//! Cookies are stored or refused, and nothing that is stored breaks a header.
#![no_main]

use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use readystate_xhr::Url;
use readystate_xhr::cookies::{CookieJar, SameSiteMode};

fuzz_target!(|bytes: &[u8]| {
    let page = Url::parse("https://www.a.test/x/y").expect("a URL");
    let now = SystemTime::UNIX_EPOCH;
    let mut jar = CookieJar::new();
    for line in bytes.split(|byte| *byte == b'\n') {
        jar.set_from_header(&page, line, true, now);
    }
    let header = jar
        .header_for(&page, SameSiteMode::SameSite, now)
        .unwrap_or_default();
    assert!(!header.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
});
