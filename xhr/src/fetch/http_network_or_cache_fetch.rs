//! HTTP-network-or-cache fetch: the headers that the user agent adds, and credentials.
//!
//! There is no HTTP cache yet; cache modes set request headers only.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-network-or-cache-fetch>

use std::sync::PoisonError;

use super::authentication::{authorization_of, includes_credentials};
use super::fetch_metadata::append_fetch_metadata_headers;
use super::http_network_fetch::http_network_fetch;
use super::origin_header::append_request_origin_header;
use super::{
    CacheMode, CredentialsMode, FetchParams, FetchResult, Referrer, Request, ResponseTainting,
};
use crate::cookies::same_site_mode;
use crate::environment::FetchEnvironment;
use crate::error::NetworkError;
use crate::http::HeaderList;
use crate::http::content_coding::ACCEPT_ENCODING;

/// Whether the request answers a challenge.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum IsAuthenticationFetch {
    Yes,
    No,
}

/// Standard: <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>
pub(super) fn http_network_or_cache_fetch(
    params: &mut FetchParams<'_>,
    is_authentication_fetch: IsAuthenticationFetch,
) -> FetchResult {
    params.controller.check()?;
    let request = &params.request;
    let environment = params.environment;
    // 8.1. and 8.2. The headers are copied, the request itself stays as it is for redirects and retries.
    let mut headers = HeaderList::new();
    append_connection_headers(request, &mut headers);
    // 8.3. Whether credentials go along.
    let include_credentials = match request.credentials_mode {
        CredentialsMode::Include => true,
        CredentialsMode::SameOrigin => request.response_tainting == ResponseTainting::Basic,
        CredentialsMode::Omit => false,
    };
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
    append_cache_headers(request.cache_mode, &mut headers);
    // 8.19. A range of a coded body is of no use.
    if headers.contains("range") {
        headers.append("Accept-Encoding", "identity");
    }
    // 8.20. What HTTP wants.
    if !headers.contains("accept-encoding") {
        headers.append("Accept-Encoding", ACCEPT_ENCODING);
    }
    // 8.21. Credentials.
    let sent_authorization = if include_credentials {
        attach_credentials(request, environment, &mut headers, is_authentication_fetch)
    } else {
        None
    };
    // 11.1. Nothing is cached.
    if request.cache_mode == CacheMode::OnlyIfCached {
        let detail = "cache mode only-if-cached, and there is no cache".to_owned();
        return Err(NetworkError::InvalidRequest(detail));
    }
    // 11.2. The network.
    let mut response = http_network_fetch(params, headers, include_credentials)?;
    let request = &params.request;
    // 12. and 13. URL list, range-requested flag.
    response.url_list = request.url_list().cloned().collect();
    response.range_requested = request.header_list.contains("range");
    // 15. A challenge that the URL's own credentials can answer; nobody is there to be prompted.
    if response.status == 401
        && request.response_tainting != ResponseTainting::Cors
        && include_credentials
        && is_authentication_fetch == IsAuthenticationFetch::No
        && includes_credentials(request.current_url())
        && !request.header_list.contains("authorization")
        && has_basic_challenge(&response.header_list)
    {
        drop(response);
        return http_network_or_cache_fetch(params, IsAuthenticationFetch::Yes);
    }
    // 16. 407: the proxy's credentials come with its URL, so there is nothing to ask for.
    // FIXME 17. 421 is not tried again on another connection.
    // 18. Remember what was accepted.
    if let Some(authorization) = sent_authorization
        && is_authentication_fetch == IsAuthenticationFetch::Yes
        && response.status != 401
    {
        let mut entries = environment
            .authentication_entries
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        entries.create(request.current_url(), authorization);
    }
    // 19. Return it.
    Ok(response)
}

/// Attaches cookies and `Authorization`: the one place where credentials enter a request. Gives the authorization that came
/// from the URL.
///
/// Standard: step 8.21 of <https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch>,
/// <https://fetch.spec.whatwg.org/#append-a-request-cookie-header>
fn attach_credentials(
    request: &Request,
    environment: &FetchEnvironment,
    headers: &mut HeaderList,
    is_authentication_fetch: IsAuthenticationFetch,
) -> Option<String> {
    // 8.21.1. Cookies.
    if environment.cookies_enabled {
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let now = environment.clock.system_time();
        let url = request.current_url();
        if let Some(value) = jar.header_for(url, same_site_mode(request), now) {
            // One the embedder adds to all requests comes first; there is only ever one header.
            let value = match headers.get("cookie") {
                Some(own) => [own.as_slice(), value.as_slice()].join(&b"; "[..]),
                None => value,
            };
            headers.set("Cookie", value);
        }
    }
    // 8.21.2. Authorization, unless the author gave one.
    if headers.contains("authorization") {
        return None;
    }
    let url = request.current_url();
    let url_has_credentials = includes_credentials(url);
    let entries = environment
        .authentication_entries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    let entry = entries.find(url).map(str::to_owned);
    drop(entries);
    match entry {
        // An entry counts unless the URL brings its own and is meant to be used.
        Some(value) if !request.use_url_credentials || !url_has_credentials => {
            headers.append("Authorization", value);
            None
        }
        _ if url_has_credentials && is_authentication_fetch == IsAuthenticationFetch::Yes => {
            let value = authorization_of(url);
            headers.append("Authorization", &value);
            Some(value)
        }
        _ => None,
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
    headers.append("Connection", "keep-alive");
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

/// Steps 8.16 to 8.18.
fn append_cache_headers(cache_mode: CacheMode, headers: &mut HeaderList) {
    const CONDITIONAL: [&str; 5] = [
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "if-match",
        "if-range",
    ];
    // 8.16. A conditional request of the author's goes past the cache; without one, nothing changes on the wire.
    if cache_mode == CacheMode::Default && CONDITIONAL.iter().any(|name| headers.contains(name)) {
        return append_missing(&no_cache(), headers);
    }
    match cache_mode {
        // 8.17. Revalidate.
        CacheMode::NoCache if !headers.contains("cache-control") => {
            headers.append("Cache-Control", "max-age=0");
        }
        // 8.18. Past the cache.
        CacheMode::NoStore | CacheMode::Reload => append_missing(&no_cache(), headers),
        _ => {}
    }
}

fn no_cache() -> HeaderList {
    [("Pragma", "no-cache"), ("Cache-Control", "no-cache")]
        .into_iter()
        .collect()
}

/// Whether a `WWW-Authenticate` header offers the Basic scheme; its absence counts as an offer.
fn has_basic_challenge(headers: &HeaderList) -> bool {
    if !headers.contains("www-authenticate") {
        return true;
    }
    headers.get_all("www-authenticate").any(|value| {
        value
            .split(|&byte| byte == b',')
            .map(crate::http::trim_http_tab_or_space)
            .any(|challenge| {
                challenge
                    .get(..5)
                    .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic"))
                    && matches!(challenge.get(5), None | Some(b' '))
            })
    })
}
