//! Main fetch.
//!
//! Standard: <https://fetch.spec.whatwg.org/#main-fetch>

use super::cors_check::extract_header_names;
use super::http_fetch::{MakeCorsPreflight, http_fetch};
use super::integrity::check_integrity;
use super::internal_response::ResponseBody;
use super::nosniff::check_mime_type;
use super::port_blocking::is_bad_port;
use super::referrer_policy::determine_referrer;
use super::scheme_fetch::scheme_fetch;
use super::{
    CorsError, CredentialsMode, Destination, FetchParams, FetchResult, Mode, RedirectMode, Request,
    Response, ResponseTainting,
};
use crate::error::NetworkError;
use crate::http::cors_safelist::cors_unsafe_request_header_names;
use crate::origin::{Origin, is_url_potentially_trustworthy};

/// Runs main fetch to its end: the filtered response and its body, or a network error.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-main-fetch>
pub(super) fn main_fetch(
    params: &mut FetchParams<'_>,
) -> Result<(Response, ResponseBody), NetworkError> {
    // 1. to 12. — in fetch_by_kind, which redirects come back to.
    let mut response = fetch_by_kind(params)?;
    let request = &params.request;
    // 14.1. CORS: which headers may be read.
    if request.response_tainting == ResponseTainting::Cors {
        let names = extract_header_names(&response.header_list, "access-control-expose-headers");
        let has_wildcard = names
            .as_ref()
            .is_some_and(|names| names.iter().any(|name| name == b"*"));
        response.cors_exposed_header_names =
            if request.credentials_mode != CredentialsMode::Include && has_wildcard {
                let mut all: Vec<Vec<u8>> = response
                    .header_list
                    .iter()
                    .map(|(name, _)| name.to_ascii_lowercase())
                    .collect();
                all.sort_unstable();
                all.dedup();
                all
            } else {
                names.unwrap_or_default()
            };
    }
    // 16. The URL list, if scheme fetch did not set it.
    if response.url_list.is_empty() {
        response.url_list = request.url_list().cloned().collect();
    }
    // 20. Blocked by MIME type or nosniff.
    // FIXME 20. CSP is not checked; mixed content was, when the request was made.
    check_mime_type(request, &response.header_list)?;
    // 21. An opaque partial response that nobody asked for.
    if request.response_tainting == ResponseTainting::Opaque
        && matches!(response.status, 206 | 416)
        && response.range_requested
        && !request.header_list.contains("range")
    {
        return Err(NetworkError::MalformedResponse(
            "partial response without a Range request".to_owned(),
        ));
    }
    // 22. HEAD and null body statuses have no body.
    let is_null_body_status = matches!(response.status, 101 | 103 | 204 | 205 | 304);
    if matches!(request.method.as_str(), "HEAD" | "CONNECT") || is_null_body_status {
        response.body = ResponseBody::None;
    }
    // 23. Integrity metadata.
    let response = check_integrity(params, response)?;
    // 14.2. Filter, now that nothing more needs the internal response.
    let request = &params.request;
    Ok(response.filter(request.response_tainting, request.body.is_some()))
}

/// Whether a secure document, or one within a secure document, asks for what is not secure.
///
/// NOTE: documents on loopback are trustworthy too, but may ask for what they like, as in browsers. What could be upgraded (images, audio,
/// video) is not fetched at all.
///
/// Standard: <https://w3c.github.io/webappsec-mixed-content/#should-block-fetch>
fn is_mixed_content(request: &Request) -> bool {
    let is_https =
        |origin: &Origin| matches!(origin, Origin::Tuple { scheme, .. } if scheme == "https");
    let prohibits =
        is_https(&request.origin) || request.top_level_origin.as_ref().is_some_and(is_https);
    let is_top_level =
        request.mode == Mode::Navigate && request.destination == Destination::Document;
    let url = request.current_url();
    prohibits && !is_top_level && url.scheme() != "blob" && !is_url_potentially_trustworthy(url)
}

/// The part of main fetch that is run again for each redirect.
pub(super) fn fetch_by_kind(params: &mut FetchParams<'_>) -> FetchResult {
    let request = &mut params.request;
    // FIXME 3. to 6. Local-URLs-only flag, CSP and upgrades are not supported.
    // 7. Bad port, mixed content.
    let url = request.current_url();
    if is_mixed_content(request) {
        return Err(NetworkError::MixedContent(url.to_string()));
    }
    if matches!(url.scheme(), "http" | "https")
        && let Some(port) = url.port()
        && is_bad_port(port)
    {
        return Err(NetworkError::BlockedPort(port));
    }
    // 8. and 9. The referrer.
    request.referrer = determine_referrer(request);
    // FIXME 10. There is no HSTS.
    // 12. By the first rule that fits:
    let url_origin = Origin::of(request.current_url());
    let is_same_origin = url_origin.same_origin(&request.origin)
        && request.response_tainting == ResponseTainting::Basic;
    let scheme = request.current_url().scheme();
    if is_same_origin
        || scheme == "data"
        || matches!(request.mode, Mode::Navigate | Mode::WebSocket)
        || is_own_blob(request)
    {
        // Same origin, data:, navigation or WebSocket.
        request.response_tainting = ResponseTainting::Basic;
        return scheme_fetch(params);
    }
    if request.mode == Mode::SameOrigin {
        // Mode same-origin.
        return Err(NetworkError::NotSameOrigin(
            request.current_url().to_string(),
        ));
    }
    if request.mode == Mode::NoCors {
        // Mode no-cors: nothing may be read.
        if request.redirect_mode != RedirectMode::Follow {
            let detail = "no-cors requests must follow redirects".to_owned();
            return Err(NetworkError::InvalidRequest(detail));
        }
        request.response_tainting = ResponseTainting::Opaque;
        return scheme_fetch(params);
    }
    if !matches!(scheme, "http" | "https") {
        // CORS works with HTTP only.
        let scheme = scheme.to_owned();
        return Err(NetworkError::Cors(CorsError::Scheme(scheme)));
    }
    request.response_tainting = ResponseTainting::Cors;
    if needs_preflight(request) {
        // CORS with preflight; a failure forgets what earlier preflights allowed.
        let result = http_fetch(params, MakeCorsPreflight::Yes);
        if result.is_err() {
            super::preflight_cache::lock(params.environment).clear(&params.request);
        }
        return result;
    }
    // Simple CORS.
    http_fetch(params, MakeCorsPreflight::No)
}

fn needs_preflight(request: &Request) -> bool {
    request.use_cors_preflight
        || (request.unsafe_request
            && (!request.method.is_cors_safelisted()
                || !cors_unsafe_request_header_names(&request.header_list).is_empty()))
}

/// Whether the URL is a blob: URL of an opaque origin: only who made it can know it, and its origin cannot be compared.
fn is_own_blob(request: &Request) -> bool {
    request.current_url().scheme() == "blob"
        && request.origin.is_opaque()
        && Origin::of(request.current_url()).is_opaque()
}
