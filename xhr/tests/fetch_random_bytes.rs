//! Random bytes at the doors of the network: nothing may panic, and fetches end in an event.
//!
//! Seeds are fixed; `READYSTATE_FUZZ_SEED` gives others, `READYSTATE_FUZZ_ITERATIONS` says how often the loops run.

use std::time::SystemTime;

use readystate_xhr::cookies::{CookieJar, SameSiteMode};
use readystate_xhr::http::HeaderList;
use readystate_xhr::http::challenge::Challenge;
use readystate_xhr::http::head::ResponseHead;
use readystate_xhr::http::header_list::decode_and_split;
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, url, xhr};

/// Marsaglia's xorshift.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        let other = from_environment("READYSTATE_FUZZ_SEED").unwrap_or(0);
        Self((seed ^ other.wrapping_mul(0x9e37_79b9_7f4a_7c15)).max(1))
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }

    /// Pieces of the grammar and stray bytes in any order.
    pub(crate) fn bytes(&mut self, pieces: &[&[u8]], count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        for _ in 0..self.below(count) {
            if self.below(4) == 0 {
                bytes.push(u8::try_from(self.below(256)).unwrap_or(0));
            } else {
                bytes.extend_from_slice(pieces[self.below(pieces.len())]);
            }
        }
        bytes
    }
}

/// The rounds of one loop: `by_default` of them, unless the environment says otherwise.
pub(crate) fn rounds(by_default: u64) -> std::ops::Range<u64> {
    0..from_environment("READYSTATE_FUZZ_ITERATIONS").unwrap_or(by_default)
}

fn from_environment(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_heads_and_bodies_end_in_a_response_or_an_error() {
    let pieces: [&[u8]; 16] = [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 ",
        b"\r\n",
        b"\n",
        b"\r\n\r\n",
        b"Content-Length: 5\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: br, zstd\r\n",
        b"Location: /x\r\n",
        b"HTTP/1.1 302 x\r\n",
        b"5\r\nhello\r\n",
        b"0\r\n\r\n",
        b"Set-Cookie: a=b\r\n",
        b"\x1f\x8b\x08\0\0\0\0\0\0\x03",
        b"Connection: close\r\n",
    ];
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    for _ in rounds(3000) {
        let mut bytes = b"HTTP/1.1 200 OK\r\n"[..random.below(18)].to_vec();
        bytes.extend(random.bytes(&pieces, 20));
        let _ = ResponseHead::parse(&bytes);
        let cut = random.below(bytes.len() + 1);
        let (first, second) = bytes.split_at(cut);
        let fixture = Fixture::new([Answer::chunks([first, second]).then_close()]);
        let page = "http://a.test/";
        let outcome = fixture.fetch(xhr(page, "GET", page));
        let last = outcome.order.last().copied();
        assert!(
            matches!(last, Some("response" | "end" | "error")),
            "{bytes:?}: {outcome:?}"
        );
    }
}

#[test]
fn random_cookies_and_header_values_are_taken_in_or_refused() {
    let pieces: [&[u8]; 14] = [
        b"a",
        b"=",
        b";",
        b" ",
        b"Path=/",
        b"Domain=",
        b".a.test",
        b"Expires=",
        b"Wed, 21 Oct 2015 07:28:00 GMT",
        b"Max-Age=",
        b"-1",
        b"99999999999999999999",
        b"SameSite=None",
        b"\"\\,",
    ];
    let mut random = Random::new(0x1234_5678_9abc_def1);
    let page = url("https://www.a.test/x/y");
    let now = SystemTime::UNIX_EPOCH;
    let mut jar = CookieJar::new();
    for _ in rounds(20_000) {
        let bytes = random.bytes(&pieces, 12);
        jar.set_from_header(&page, &bytes, true, now);
        assert!(!decode_and_split(&bytes).is_empty());
        let text = String::from_utf8_lossy(&bytes);
        let _ = jar.load_netscape(&text.replace(';', "\t"), now);
    }
    let header = jar
        .header_for(&page, SameSiteMode::SameSite, now)
        .unwrap_or_default();
    assert!(!header.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
}

#[test]
fn random_challenges_are_answered_or_left_alone() {
    let pieces: [&[u8]; 16] = [
        b"Basic",
        b"Digest",
        b" ",
        b",",
        b"=",
        b"\"",
        b"\\",
        b"realm",
        b"nonce=n",
        b"qop=auth",
        b"qop=\"auth-int\"",
        b"algorithm=SHA-256",
        b"algorithm=MD5-sess",
        b"stale=true",
        b"opaque",
        b"\xc3\xa4",
    ];
    let mut random = Random::new(0x0dd0_c0de_1234_5678);
    for _ in rounds(3000) {
        let mut value = random.bytes(&pieces, 16);
        value.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
        let headers: HeaderList = [("WWW-Authenticate", &value)].into_iter().collect();
        assert!(Challenge::parse_all(&headers, "www-authenticate").len() <= 32);
        let head = [
            b"HTTP/1.1 401 x\r\nContent-Length: 0\r\nWWW-Authenticate: ",
            value.as_slice(),
            b"\r\n\r\n",
        ]
        .concat();
        let fixture = Fixture::new([Answer::bytes(&head), Answer::bytes(&head)]);
        let outcome = fixture.fetch(xhr("http://a.test/", "GET", "http://u:p@a.test/"));
        assert_eq!(outcome.status(), 401, "{outcome:?}");
        assert!(fixture.transport.requests().len() <= 2);
    }
}
