//! The HTTP cache as fetch uses it: which part of it a request sees, and responses from it.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-cache-partitions>

use std::io::{self, Read};
use std::sync::Arc;

use super::http_network_fetch::{Report, respond};
use super::{Destination, FetchParams, FetchResult, Mode, Request};
use crate::http::HeaderList;
use crate::http_cache::{CacheKey, HttpCache, StoredResponse};
use crate::origin::Origin;
use crate::recording::HopTimings;
use crate::transport::HopResponse;

/// The cache, unless the embedder's hook has changed headers, which no other request would have.
pub(super) fn cache_of<'a>(params: &FetchParams<'a>) -> Option<&'a Arc<HttpCache>> {
    let is_http = matches!(params.request.current_url().scheme(), "http" | "https");
    params
        .environment
        .http_cache
        .as_ref()
        .filter(|_| is_http && params.overrides.headers.is_empty())
}

/// What the request's response is stored under; `None` if its top-level origin is opaque.
///
/// Standard: <https://fetch.spec.whatwg.org/#determine-the-network-partition-key>
pub(super) fn cache_key(request: &Request, include_credentials: bool) -> Option<CacheKey> {
    CacheKey::new(
        &top_level_origin(request),
        include_credentials,
        request.current_url(),
    )
}

/// What keeps the preflights of one top-level site from those of another.
///
/// Standard: <https://fetch.spec.whatwg.org/#request-determine-the-network-partition-key>
pub(super) fn partition_key(request: &Request) -> String {
    let top_level = top_level_origin(request);
    top_level.site().unwrap_or_else(|| format!("{top_level:?}"))
}

/// Forgets what an unsafe request may have changed: its URL, and those of the same origin that the response names.
///
/// Standard: <https://httpwg.org/specs/rfc9111.html#invalidation>
pub(super) fn invalidate(cache: &HttpCache, request: &Request, headers: &HeaderList) {
    let url = request.current_url();
    let origin = Origin::of(url);
    let named = ["location", "content-location"]
        .into_iter()
        .filter_map(|name| headers.get_first(name))
        .filter_map(|value| url.join(std::str::from_utf8(value).ok()?).ok())
        .filter(|named| origin.same_origin_url(named));
    let top_level = top_level_origin(request);
    for url in std::iter::once(url.clone()).chain(named) {
        for with_credentials in [true, false] {
            if let Some(key) = CacheKey::new(&top_level, with_credentials, &url) {
                cache.invalidate(&key);
            }
        }
    }
}

/// The stored response as the answer to the request with these headers. The observer is told of it as of any other.
pub(super) fn respond_from_cache(
    params: &FetchParams<'_>,
    headers: &HeaderList,
    stored: Arc<StoredResponse>,
) -> FetchResult {
    let request = &params.request;
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    let mut report = Report::start(params, url);
    report.from_cache = true;
    report.sends(headers, None);
    let hop_response = HopResponse {
        status: stored.status,
        reason: stored.reason.clone(),
        headers: stored.headers.clone(),
        remote_address: stored.remote_address,
        request_body_sent: true,
        timings: HopTimings::default(),
        body: Box::new(StoredBody { stored, at: 0 }),
    };
    // Its cookies were stored when it came.
    let mut response = respond(params, hop_response, report, false, None)?;
    response.url_list = request.url_list().cloned().collect();
    Ok(response)
}

/// A navigation of a top-level document begins a partition of its own.
fn top_level_origin(request: &Request) -> Origin {
    if request.mode == Mode::Navigate && request.destination == Destination::Document {
        return Origin::of(request.current_url());
    }
    let origin = request.top_level_origin.as_ref();
    origin.unwrap_or(&request.origin).clone()
}

/// The body of a stored response.
struct StoredBody {
    stored: Arc<StoredResponse>,
    at: usize,
}

impl Read for StoredBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.stored.body.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(place), Some(bytes)) = (buffer.get_mut(..count), rest.get(..count)) {
            place.copy_from_slice(bytes);
        }
        self.at += count;
        Ok(count)
    }
}
