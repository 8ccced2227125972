//! The CORS-preflight cache.
//!
//! Standard: <https://fetch.spec.whatwg.org/#cors-preflight-cache>

use std::sync::{MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::http_cache_partition::partition_key;
use super::origin_header::serialize_request_origin;
use super::{CredentialsMode, Request};
use crate::environment::FetchEnvironment;
use crate::http::cors_safelist::is_cors_non_wildcard_request_header_name;

/// What preflights allowed, for as long as they allowed it. Holds at most 2,000 entries; the oldest go first.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-cache>
#[derive(Debug, Default)]
pub struct PreflightCache {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    partition: String,
    origin: String,
    url: Url,
    credentials: bool,
    allows: Allows,
    expires: Instant,
}

/// What an entry allows; `*` included as such.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Allows {
    Method(String),
    /// Lower-case.
    HeaderName(Vec<u8>),
}

impl PreflightCache {
    const MAX_ENTRIES: usize = 2000;

    /// How many entries are kept, expired ones included.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing is kept.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether there is a method cache entry match.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-cache-match-method>
    pub(super) fn matches_method(&self, request: &Request, method: &str, now: Instant) -> bool {
        self.matching(request, now).any(
            |entry| matches!(&entry.allows, Allows::Method(own) if own == method || own == "*"),
        )
    }

    /// Whether there is a header-name cache entry match.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-cache-match-header>
    pub(super) fn matches_header_name(&self, request: &Request, name: &[u8], now: Instant) -> bool {
        self.matching(request, now)
            .any(|entry| match &entry.allows {
                Allows::HeaderName(own) => {
                    own.eq_ignore_ascii_case(name)
                        || (own == b"*" && !is_cors_non_wildcard_request_header_name(name))
                }
                Allows::Method(_) => false,
            })
    }

    /// Sets the age of a matching entry, or creates one.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-cache-create-entry>
    pub(super) fn store(
        &mut self,
        request: &Request,
        allows: Allows,
        max_age: Duration,
        now: Instant,
    ) {
        self.entries.retain(|entry| entry.expires > now);
        let Some(expires) = now.checked_add(max_age) else {
            return;
        };
        let partition = partition_key(request);
        let origin = serialize_request_origin(request);
        let credentials = request.credentials_mode == CredentialsMode::Include;
        let same = self.entries.iter_mut().find(|entry| {
            entry.allows == allows
                && entry.partition == partition
                && entry.origin == origin
                && entry.url == *request.current_url()
                && entry.credentials == credentials
        });
        if let Some(entry) = same {
            entry.expires = expires;
            return;
        }
        if self.entries.len() >= Self::MAX_ENTRIES {
            self.entries.remove(0);
        }
        self.entries.push(Entry {
            partition,
            origin,
            url: request.current_url().clone(),
            credentials,
            allows,
            expires,
        });
    }

    /// Forgets what is known for the request's origin and URL.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-cache-clear>
    pub(super) fn clear(&mut self, request: &Request) {
        let partition = partition_key(request);
        let origin = serialize_request_origin(request);
        self.entries.retain(|entry| {
            entry.partition != partition
                || entry.origin != origin
                || entry.url != *request.current_url()
        });
    }

    fn matching(&self, request: &Request, now: Instant) -> impl Iterator<Item = &Entry> {
        let partition = partition_key(request);
        let origin = serialize_request_origin(request);
        let url = request.current_url().clone();
        let includes_credentials = request.credentials_mode == CredentialsMode::Include;
        self.entries.iter().filter(move |entry| {
            entry.expires > now
                && entry.partition == partition
                && entry.origin == origin
                && entry.url == url
                && (entry.credentials || !includes_credentials)
        })
    }
}

pub(super) fn lock(environment: &FetchEnvironment) -> MutexGuard<'_, PreflightCache> {
    environment
        .preflight_cache
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}
