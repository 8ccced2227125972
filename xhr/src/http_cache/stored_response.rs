//! One stored response: whether it may be stored, what it fits, and how a 304 changes it.

use std::net::SocketAddr;
use std::time::SystemTime;

use ::http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode};
use http_cache_semantics::{BeforeRequest, CacheOptions, CachePolicy};

use crate::http::HeaderList;

/// A response as it came over the wire, content codings included.
pub(crate) struct StoredResponse {
    pub(crate) status: u16,
    pub(crate) reason: Vec<u8>,
    pub(crate) headers: HeaderList,
    pub(crate) body: Vec<u8>,
    pub(crate) remote_address: Option<SocketAddr>,
    /// Those headers of its request that `Vary` names, and `Cache-Control`.
    pub(super) request_headers: HeaderList,
    pub(super) response_time: SystemTime,
    policy: CachePolicy,
}

/// A [`StoredResponse`] that has no body yet.
pub(crate) struct Head {
    status: u16,
    reason: Vec<u8>,
    headers: HeaderList,
    pub(super) remote_address: Option<SocketAddr>,
    request_headers: HeaderList,
    response_time: SystemTime,
    policy: CachePolicy,
}

impl StoredResponse {
    /// What a response costs beside its bytes.
    const OVERHEAD: u64 = 500;

    /// A response to a GET with `request_headers`; `None` if it may not be stored, or could never be used again.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#response.cacheability>
    pub(crate) fn begin(
        request_headers: &HeaderList,
        status: u16,
        reason: &[u8],
        headers: &HeaderList,
        now: SystemTime,
    ) -> Option<Head> {
        const USEFUL: [&str; 4] = ["cache-control", "etag", "last-modified", "expires"];
        if !USEFUL.iter().any(|name| headers.contains(name)) {
            return None;
        }
        let names = vary_names(headers);
        if names.iter().any(|name| name == "*") {
            return None;
        }
        let mut selecting = request_headers.clone();
        selecting.retain(|name, _| {
            name.eq_ignore_ascii_case(b"cache-control")
                || names
                    .iter()
                    .any(|other| other.as_bytes().eq_ignore_ascii_case(name))
        });
        let policy = policy_of(&selecting, status, headers, now)?;
        let has_validator = headers.contains("etag") || headers.contains("last-modified");
        if !policy.is_storable() || (!has_validator && policy.time_to_live(now).is_zero()) {
            return None;
        }
        Some(Head {
            status,
            reason: reason.to_vec(),
            headers: headers.clone(),
            remote_address: None,
            request_headers: selecting,
            response_time: now,
            policy,
        })
    }

    /// Whether a GET with these headers selects this response (`None`: it does not), and whether it is fresh for it.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#constructing.responses.from.caches>
    pub(super) fn fits(&self, headers: &HeaderList, now: SystemTime) -> Option<bool> {
        let mut wanted = headers.clone();
        let names = vary_names(&self.headers);
        wanted.retain(|name, _| {
            name.eq_ignore_ascii_case(b"cache-control")
                || name.eq_ignore_ascii_case(b"pragma")
                || names
                    .iter()
                    .any(|other| other.as_bytes().eq_ignore_ascii_case(name))
        });
        let request = request_of(&wanted)?;
        match self.policy.before_request(&request, now) {
            BeforeRequest::Fresh(_) => Some(true),
            BeforeRequest::Stale { matches: true, .. } => Some(false),
            BeforeRequest::Stale { matches: false, .. } => None,
        }
    }

    /// Whether the request of `other` would have selected this response.
    pub(super) fn has_same_selection(&self, other: &Self) -> bool {
        let named = vary_names(&self.headers);
        named
            .iter()
            .all(|name| self.request_headers.get(name) == other.request_headers.get(name))
            && vary_names(&other.headers) == named
    }

    /// The response with the headers of a 304 in place of its own.
    ///
    /// Standard: <https://httpwg.org/specs/rfc9111.html#update>
    pub(crate) fn updated(
        &self,
        request_headers: &HeaderList,
        not_modified: &HeaderList,
        now: SystemTime,
    ) -> Option<Self> {
        // NOTE: what describes the stored bytes, or the connection, is not the 304's to change.
        const KEPT: [&str; 12] = [
            "connection",
            "content-encoding",
            "content-length",
            "content-range",
            "content-type",
            "keep-alive",
            "proxy-authenticate",
            "proxy-connection",
            "set-cookie",
            "trailer",
            "transfer-encoding",
            "upgrade",
        ];
        let mut headers = self.headers.clone();
        let news: Vec<_> = not_modified
            .iter()
            .filter(|(name, _)| {
                !KEPT
                    .iter()
                    .any(|kept| kept.as_bytes().eq_ignore_ascii_case(name))
            })
            .collect();
        for (name, _) in &news {
            headers.delete(name);
        }
        if !not_modified.contains("age") {
            headers.delete("age");
        }
        for (name, value) in news {
            headers.push_raw(name.to_vec(), value.to_vec());
        }
        let mut head = Self::begin(request_headers, self.status, &self.reason, &headers, now)?;
        head.remote_address = self.remote_address;
        Some(head.with_body(self.body.clone()))
    }

    /// What it takes up.
    pub(super) fn bytes(&self) -> u64 {
        let of = |headers: &HeaderList| -> u64 {
            headers
                .iter()
                .map(|(name, value)| (name.len() + value.len() + 48) as u64)
                .sum()
        };
        Self::OVERHEAD + self.body.len() as u64 + of(&self.headers) + of(&self.request_headers)
    }

    /// A response read back from a storage; `None` if it could not have been stored.
    pub(super) fn restore(
        status: u16,
        reason: Vec<u8>,
        headers: HeaderList,
        body: Vec<u8>,
        remote_address: Option<SocketAddr>,
        request_headers: HeaderList,
        response_time: SystemTime,
    ) -> Option<Self> {
        let policy = policy_of(&request_headers, status, &headers, response_time)?;
        policy.is_storable().then_some(Self {
            status,
            reason,
            headers,
            body,
            remote_address,
            request_headers,
            response_time,
            policy,
        })
    }
}

impl Head {
    /// The response, whole.
    pub(crate) fn with_body(self, body: Vec<u8>) -> StoredResponse {
        let Self {
            status,
            reason,
            headers,
            remote_address,
            request_headers,
            response_time,
            policy,
        } = self;
        StoredResponse {
            status,
            reason,
            headers,
            body,
            remote_address,
            request_headers,
            response_time,
            policy,
        }
    }
}

fn vary_names(headers: &HeaderList) -> Vec<String> {
    let mut names: Vec<String> = headers
        .get_decode_split("vary")
        .unwrap_or_default()
        .into_iter()
        .filter(|name| !name.is_empty())
        .map(|name| name.to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn request_of(headers: &HeaderList) -> Option<Request<()>> {
    // The URL and the method are the key's business.
    let mut request = Request::new(());
    *request.headers_mut() = header_map(headers, |_| true);
    Some(request)
}

fn policy_of(
    request_headers: &HeaderList,
    status: u16,
    headers: &HeaderList,
    now: SystemTime,
) -> Option<CachePolicy> {
    const RELEVANT: [&[u8]; 8] = [
        b"age",
        b"cache-control",
        b"date",
        b"etag",
        b"expires",
        b"last-modified",
        b"pragma",
        b"vary",
    ];
    // NOTE: statuses that the policy does not know are as good as 200 to it where the response says how long it lives.
    const KNOWN: [u16; 14] = [
        200, 203, 204, 300, 301, 302, 303, 307, 308, 404, 405, 410, 414, 501,
    ];
    let status = match status {
        100..=199 | 206 | 304 => return None,
        known if KNOWN.contains(&known) => known,
        _ if is_explicitly_cacheable(headers) => 200,
        _ => return None,
    };
    let mut response = Response::new(());
    *response.status_mut() = StatusCode::from_u16(status).ok()?;
    *response.headers_mut() = header_map(headers, |name| {
        RELEVANT
            .iter()
            .any(|relevant| relevant.eq_ignore_ascii_case(name))
    });
    let options = CacheOptions {
        shared: false,
        ..CacheOptions::default()
    };
    let request = request_of(request_headers)?;
    Some(CachePolicy::new_options(&request, &response, now, options))
}

/// Whether the response may be stored whatever its status is.
///
/// Standard: <https://httpwg.org/specs/rfc9111.html#response.cacheability>
fn is_explicitly_cacheable(headers: &HeaderList) -> bool {
    let directives = headers
        .get_decode_split("cache-control")
        .unwrap_or_default();
    headers.contains("expires")
        || directives.iter().any(|directive| {
            let name = directive.split('=').next().unwrap_or_default().trim();
            ["max-age", "public", "private"]
                .iter()
                .any(|explicit| name.eq_ignore_ascii_case(explicit))
        })
}

/// Headers in the form the policy reads. What it cannot hold is left out.
fn header_map(headers: &HeaderList, is_wanted: impl Fn(&[u8]) -> bool) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers.iter().filter(|(name, _)| is_wanted(name)) {
        let Ok(name) = HeaderName::from_bytes(name) else {
            continue;
        };
        let value = match name.as_str() {
            // NOTE: the policy compares directives by case.
            "cache-control" => HeaderValue::from_bytes(&value.to_ascii_lowercase()),
            "age" => HeaderValue::from_bytes(capped_age(value).as_bytes()),
            _ => HeaderValue::from_bytes(value),
        };
        if let Ok(value) = value {
            // A map that is full keeps what it has.
            let _ = map.try_append(name, value);
        }
    }
    map
}

/// `Age` in seconds, at most 2^31 as the standard says for what does not fit; the policy adds to it unchecked.
///
/// Standard: <https://httpwg.org/specs/rfc9111.html#delta-seconds>
fn capped_age(value: &[u8]) -> String {
    const MOST: u64 = 1 << 31;
    let first = value.split(|&byte| byte == b',').next().unwrap_or_default();
    let text = std::str::from_utf8(first).unwrap_or_default().trim();
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return "0".to_owned();
    }
    text.parse().unwrap_or(MOST).min(MOST).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

    #[track_caller]
    fn lifetime(headers: &[(&str, &str)]) -> Option<u64> {
        let headers: HeaderList = headers.iter().copied().collect();
        let now = EPOCH + Duration::from_secs(784_111_777);
        let head = StoredResponse::begin(&HeaderList::new(), 200, b"OK", &headers, now)?;
        Some(head.policy.time_to_live(now).as_secs())
    }

    #[test]
    fn lifetimes_come_from_max_age_expires_and_last_modified() {
        let date = ("Date", "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(
            lifetime(&[("Cache-Control", "Max-Age=60, private")]),
            Some(60)
        );
        assert_eq!(
            lifetime(&[("Cache-Control", "max-age=60"), ("Age", "20")]),
            Some(40)
        );
        let expires = ("Expires", "Sun, 06 Nov 1994 08:50:37 GMT");
        assert_eq!(lifetime(&[date, expires]), Some(60));
        let modified = ("Last-Modified", "Sun, 06 Nov 1994 08:32:57 GMT");
        assert_eq!(lifetime(&[date, modified]), Some(100), "a tenth of its age");
        assert_eq!(lifetime(&[date, ("ETag", "\"x\"")]), Some(0));
    }

    #[test]
    fn what_is_of_no_use_or_forbidden_is_not_stored() {
        for headers in [
            &[("Content-Type", "text/plain")][..],
            &[("Cache-Control", "no-store"), ("ETag", "\"x\"")],
            &[("Cache-Control", "max-age=0")],
            &[("Expires", "0")],
        ] {
            assert_eq!(lifetime(headers), None, "{headers:?}");
        }
    }

    #[test]
    fn huge_numbers_do_no_harm() {
        let huge = "99999999999999999999999";
        let max = u64::MAX.to_string();
        assert_eq!(
            lifetime(&[("Cache-Control", "max-age=5"), ("Age", huge), ("ETag", "x")]),
            Some(0)
        );
        assert_eq!(
            lifetime(&[("Cache-Control", "max-age=5"), ("Age", &max), ("ETag", "x")]),
            Some(0)
        );
        let headers: HeaderList = (0..40_000)
            .map(|_| ("Cache-Control", "max-age=5"))
            .collect();
        let now = EPOCH + Duration::from_secs(5);
        assert!(StoredResponse::begin(&HeaderList::new(), 200, b"OK", &headers, now).is_some());
    }

    #[test]
    fn a_304_changes_headers_but_not_what_describes_the_body() {
        let headers = [
            ("ETag", "\"a\""),
            ("Content-Length", "1"),
            ("X", "old"),
            ("Age", "9"),
        ];
        let headers: HeaderList = headers.into_iter().collect();
        let none = HeaderList::new();
        let old = StoredResponse::begin(&none, 200, b"OK", &headers, EPOCH)
            .expect("it has a validator")
            .with_body(b"x".to_vec());
        let news = [
            ("x", "new"),
            ("Content-Length", "0"),
            ("Cache-Control", "max-age=9"),
        ];
        let news: HeaderList = news.into_iter().collect();
        let updated = old.updated(&none, &news, EPOCH).expect("storable");
        assert_eq!(updated.headers.get("x").as_deref(), Some(&b"new"[..]));
        assert_eq!(
            updated.headers.get("content-length").as_deref(),
            Some(&b"1"[..])
        );
        assert_eq!(
            (updated.body.as_slice(), updated.fits(&none, EPOCH)),
            (&b"x"[..], Some(true))
        );
    }
}
