//! HTTP-network-or-cache fetch: the headers that the user agent adds, credentials, and the HTTP cache.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch>

use std::sync::{Arc, PoisonError};

use super::authentication::{Attempt, includes_credentials, next_attempt, url_credentials};
use super::fetch_metadata::append_fetch_metadata_headers;
use super::http_cache_partition::{cache_key, cache_of, invalidate, respond_from_cache};
use super::http_network_fetch::http_network_fetch;
use super::origin_header::append_request_origin_header;
use super::{CacheMode, FetchParams, FetchResult, Referrer, Request, ResponseTainting};
use crate::cookies::same_site_mode;
use crate::environment::FetchEnvironment;
use crate::error::NetworkError;
use crate::http::HeaderList;
use crate::http::content_coding::ACCEPT_ENCODING;
use crate::http_cache::{Recorder, StoredResponse};
use crate::transport::NewConnection;

/// `attempt` answers a challenge; its presence is the standard's isAuthenticationFetch, as `new_connection` is its isNewConnectionFetch.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
pub(super) fn http_network_or_cache_fetch(
    params: &mut FetchParams<'_>,
    attempt: Option<Attempt>,
    new_connection: NewConnection,
) -> FetchResult {
    params.controller.check()?;
    let request = &params.request;
    let environment = params.environment;
    // 8.1. and 8.2. The headers are copied, the request itself stays as it is for redirects and retries.
    let mut headers = HeaderList::new();
    append_connection_headers(request, &mut headers);
    // 8.3. Whether credentials go along.
    let include_credentials = request.includes_credentials();
    // 8.5. to 8.9. Content-Length; a body-less POST or PUT says 0.
    if let Some(body) = &request.body {
        headers.append("Content-Length", body.len().to_string());
    } else if matches!(request.method.as_str(), "POST" | "PUT") {
        headers.append("Content-Length", "0");
    }
    for (name, value) in request.header_list.iter() {
        headers.append(name, value);
    }
    // 8.11. Referer.
    if let Referrer::Url(url) = &request.referrer {
        headers.append("Referer", url.as_str());
    }
    // 8.12. and 8.13. Origin, Sec-Fetch-*.
    append_request_origin_header(request, &mut headers);
    append_fetch_metadata_headers(request, &mut headers);
    // 8.15. User-Agent, and what the embedder adds to all requests.
    if !headers.contains("user-agent") && !environment.user_agent.is_empty() {
        headers.append("User-Agent", &environment.user_agent);
    }
    append_missing(&environment.extra_headers, &mut headers);
    // 8.16. to 8.18. Cache modes.
    let cache_mode = effective_cache_mode(request.cache_mode, &headers);
    append_cache_headers(cache_mode, &mut headers);
    // 8.19. A range of a coded body is of no use.
    if headers.contains("range") {
        headers.append("Accept-Encoding", "identity");
    }
    // 8.20. What HTTP wants.
    if !headers.contains("accept-encoding") {
        headers.append("Accept-Encoding", ACCEPT_ENCODING);
    }
    // 8.21. Credentials.
    let mut authorization = SentAuthorization::None;
    if include_credentials {
        attach_cookies(request, environment, &mut headers);
        authorization = attach_authorization(request, environment, &mut headers, attempt.as_ref());
    }
    // 8.23. and 8.24. The partition; without one it is as mode no-store. So are ranges, and what the author says is not to be
    // stored.
    let cache = cache_of(params);
    let key = cache_key(request, include_credentials);
    let goes_past = cache_mode == CacheMode::NoStore
        || headers.contains("range")
        || headers
            .get_decode_split("cache-control")
            .is_some_and(|directives| {
                directives
                    .iter()
                    .any(|one| one.eq_ignore_ascii_case("no-store"))
            });
    let cached = cache.zip(key).filter(|_| !goes_past);
    // 8.25. A stored response: it is the answer, or is asked about. FIXME 8.25.2.1. stale-while-revalidate is not looked at.
    let mut revalidating: Option<Arc<StoredResponse>> = None;
    if let Some((cache, key)) = &cached
        && request.method.as_str() == "GET"
        && cache_mode != CacheMode::Reload
    {
        let now = environment.clock.system_time();
        let policy = environment.address_policy;
        if let Some(selected) = cache.select(key, &headers, policy, now) {
            let is_stale = !selected.is_fresh || cache_mode == CacheMode::NoCache;
            let takes_stale = matches!(cache_mode, CacheMode::ForceCache | CacheMode::OnlyIfCached);
            if !is_stale || takes_stale {
                return respond_from_cache(params, &headers, selected.response);
            }
            append_validators(&selected.response, &mut headers);
            revalidating = Some(selected.response);
        }
    }
    // 10.1. Only the cache was asked.
    if cache_mode == CacheMode::OnlyIfCached {
        let detail = "cache mode only-if-cached, and it is not in the cache".to_owned();
        return Err(NetworkError::InvalidRequest(detail));
    }
    // 10.2. The network; 10.5. what comes is stored on its way.
    let recorder = cached
        .as_ref()
        .filter(|_| request.method.as_str() == "GET")
        .map(|(cache, key)| Recorder::new(Arc::clone(cache), key.clone(), headers.clone()));
    let sent_headers = revalidating.is_some().then(|| headers.clone());
    let mut response = http_network_fetch(
        params,
        headers,
        include_credentials,
        recorder,
        new_connection,
    )?;
    let request = &params.request;
    // 10.3. What an unsafe method may have changed is forgotten.
    if let Some(cache) = cache
        && !request.method.is_safe()
        && (200..400).contains(&response.status)
    {
        invalidate(cache, request, &response.header_list);
    }
    if let (Some(stored), Some((cache, key))) = (revalidating, &cached) {
        if response.status == 304 {
            // 10.4. The stored one is good still, with these headers.
            let now = environment.clock.system_time();
            let sent_headers = sent_headers.unwrap_or_default();
            let updated = stored.updated(&sent_headers, &response.header_list, now);
            let stored = updated.map_or(stored, |updated| {
                let updated = Arc::new(updated);
                cache.store(key, Arc::clone(&updated));
                updated
            });
            drop(response);
            return respond_from_cache(params, &sent_headers, stored);
        }
        if response.status < 500 {
            // What was stored has been replaced, whether or not the new response may be stored.
            cache.invalidate(key);
        }
    }
    // 12. and 13. URL list, range-requested flag.
    response.url_list = request.url_list().cloned().collect();
    response.range_requested = request.header_list.contains("range");
    // 15. A challenge that the URL's own credentials or the embedder can answer.
    if response.status == 401
        && request.response_tainting != ResponseTainting::Cors
        && include_credentials
        && !request.header_list.contains("authorization")
        && let Some(next) = next_attempt(params, &response.header_list, attempt.as_ref())
    {
        drop(response);
        params.controller.check()?;
        return http_network_or_cache_fetch(params, Some(next), new_connection);
    }
    // 16. The proxy's credentials come with its URL, so there is nobody to ask; nor is its page the server's.
    if response.status == 407 {
        let reason = String::from_utf8_lossy(&response.status_message);
        return Err(NetworkError::Proxy(format!("407 {reason}")));
    }
    // 17. Misdirected: once more on a new connection. A body here can always be sent again.
    if response.status == 421 && new_connection == NewConnection::No {
        drop(response);
        params.controller.check()?;
        return http_network_or_cache_fetch(params, attempt, NewConnection::Yes);
    }
    // 18. Remember what was accepted, and forget what was not.
    let mut entries = environment
        .authentication_entries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let url = params.request.current_url();
    match (attempt, authorization) {
        (Some(attempt), SentAuthorization::Attempt) if response.status != 401 => {
            entries.create(url, attempt);
        }
        (None, SentAuthorization::Entry) if response.status == 401 => entries.forget(url),
        _ => {}
    }
    drop(entries);
    // 19. Return it.
    Ok(response)
}

/// Which `Authorization` went along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum SentAuthorization {
    /// None, or the author's own.
    None,
    /// One that a server had accepted before.
    Entry,
    /// The answer to a challenge.
    Attempt,
}

/// Attaches cookies: with [`attach_authorization`] the one place where credentials enter a request.
///
/// Standard: step 8.21.1 of <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>,
/// <https://fetch.spec.whatwg.org/#append-a-request-cookie-header>
fn attach_cookies(request: &Request, environment: &FetchEnvironment, headers: &mut HeaderList) {
    if !environment.cookies_enabled {
        return;
    }
    let mut jar = environment
        .cookie_jar
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let now = environment.clock.system_time();
    if let Some(value) = jar.header_for(request.current_url(), same_site_mode(request), now) {
        // One the embedder adds to all requests comes first; there is only ever one header.
        let value = match headers.get("cookie") {
            Some(own) => [own.as_slice(), value.as_slice()].join(&b"; "[..]),
            None => value,
        };
        headers.set("Cookie", value);
    }
}

/// Attaches `Authorization`, unless the author gave one.
///
/// Standard: steps 8.21.2 and 8.21.3 of <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
fn attach_authorization(
    request: &Request,
    environment: &FetchEnvironment,
    headers: &mut HeaderList,
    attempt: Option<&Attempt>,
) -> SentAuthorization {
    if headers.contains("authorization") {
        return SentAuthorization::None;
    }
    let url = request.current_url();
    if let Some(attempt) = attempt {
        headers.append("Authorization", attempt.authorization(&request.method, url));
        return SentAuthorization::Attempt;
    }
    // An entry counts unless the URL brings its own and is meant to be used.
    // OPTIMIZATION: if it is the URL's own that were accepted, the challenge is not waited for again.
    let wanted =
        (request.use_url_credentials && includes_credentials(url)).then(|| url_credentials(url));
    let mut entries = environment
        .authentication_entries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    match entries.authorization(&request.method, url, wanted.as_ref()) {
        Some(value) => {
            headers.append("Authorization", value);
            SentAuthorization::Entry
        }
        None => SentAuthorization::None,
    }
}

fn append_connection_headers(request: &Request, headers: &mut HeaderList) {
    let url = request.current_url();
    if let Some(host) = url.host_str() {
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        headers.append("Host", host);
    }
    // A WebSocket's handshake has one of its own.
    if !request.header_list.contains("connection") {
        headers.append("Connection", "keep-alive");
    }
}

fn append_missing(extra: &HeaderList, headers: &mut HeaderList) {
    let missing: Vec<_> = extra
        .iter()
        .filter(|(name, _)| !headers.contains(name))
        .map(|(name, value)| (name.to_vec(), value.to_vec()))
        .collect();
    for (name, value) in missing {
        headers.append(name, value);
    }
}

/// Step 8.16: a conditional request of the author's goes past the cache.
fn effective_cache_mode(cache_mode: CacheMode, headers: &HeaderList) -> CacheMode {
    const CONDITIONAL: [&str; 5] = [
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "if-match",
        "if-range",
    ];
    if cache_mode == CacheMode::Default && CONDITIONAL.iter().any(|name| headers.contains(name)) {
        return CacheMode::NoStore;
    }
    cache_mode
}

/// Steps 8.17 and 8.18.
fn append_cache_headers(cache_mode: CacheMode, headers: &mut HeaderList) {
    match cache_mode {
        // 8.17. Revalidate.
        CacheMode::NoCache if !headers.contains("cache-control") => {
            headers.append("Cache-Control", "max-age=0");
        }
        // 8.18. Past the cache.
        CacheMode::NoStore | CacheMode::Reload => append_missing(
            &[("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
                .into_iter()
                .collect(),
            headers,
        ),
        _ => {}
    }
}

/// Step 8.25.2.2: asks whether the stored response is good still.
fn append_validators(stored: &StoredResponse, headers: &mut HeaderList) {
    for (validator, condition) in [
        ("etag", "If-None-Match"),
        ("last-modified", "If-Modified-Since"),
    ] {
        if let Some(value) = stored.headers.get_first(validator) {
            headers.append(condition, value);
        }
    }
}
