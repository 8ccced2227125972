//! HTTP-redirect fetch.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-redirect-fetch>

use std::io::Read;

use super::internal_response::{InternalResponse, ResponseBody};
use super::main_fetch::fetch_by_kind;
use super::referrer_policy::parse_referrer_policy;
use super::{CorsError, FetchParams, FetchResult, Mode, ResponseTainting};
use crate::error::NetworkError;
use crate::http::Method;
use crate::http::cors_safelist::is_cors_non_wildcard_request_header_name;
use crate::http::forbidden_headers::is_request_body_header_name;
use crate::origin::Origin;

/// A redirect's own body is read up to this many bytes, so that its connection can be used again.
const DRAIN: u64 = 64 << 10;

/// Standard: <https://fetch.spec.whatwg.org/#concept-http-redirect-fetch>
pub(super) fn http_redirect_fetch(
    params: &mut FetchParams<'_>,
    response: InternalResponse,
) -> FetchResult {
    let request = &mut params.request;
    // 3. to 5. Where to: nowhere is an ordinary response, a bad URL an error.
    let location = match response.location_url(request) {
        None => return Ok(response),
        Some(Err(detail)) => return Err(NetworkError::Redirect(detail)),
        Some(Ok(location)) => location,
    };
    // 6. HTTP(S) only.
    if !matches!(location.scheme(), "http" | "https") {
        let detail = format!("to scheme {}:", location.scheme());
        return Err(NetworkError::Redirect(detail));
    }
    // 7. and 8. Not more than twenty, or the limit.
    let max_redirects = params.environment.limits.max_redirects.min(20);
    if request.redirect_count >= max_redirects {
        return Err(NetworkError::TooManyRedirects(max_redirects));
    }
    request.redirect_count += 1;
    // 9. and 10. CORS does not lead to URLs with credentials in them.
    let has_credentials = !location.username().is_empty() || location.password().is_some();
    let location_origin = Origin::of(&location);
    let is_foreign = !request.origin.same_origin(&location_origin);
    if has_credentials
        && ((request.mode == Mode::Cors && is_foreign)
            || request.response_tainting == ResponseTainting::Cors)
    {
        return Err(NetworkError::Cors(CorsError::RedirectWithCredentials));
    }
    // 11. Bodies without a source: ours always have one.
    // 12. Some statuses turn the method into GET.
    let method = request.method.as_str();
    if (matches!(response.status, 301 | 302) && method == "POST")
        || (response.status == 303 && !matches!(method, "GET" | "HEAD"))
    {
        request.method = Method::GET;
        request.body = None;
        request
            .header_list
            .retain(|name, _| !is_request_body_header_name(name));
    }
    // 13. Another origin does not get the Authorization header.
    if !Origin::of(request.current_url()).same_origin(&location_origin) {
        request
            .header_list
            .retain(|name, _| !is_cors_non_wildcard_request_header_name(name));
    }
    // 14. The body is sent again — it is in memory.
    // 18. On with the new URL.
    request.redirect_urls.push(location);
    // 19. The referrer policy, if the response sets one.
    if let Some(policy) = parse_referrer_policy(&response.header_list) {
        request.referrer_policy = policy;
    }
    drain(response);
    // 20. to 22. Main fetch, to get the tainting right.
    fetch_by_kind(params)
}

fn drain(response: InternalResponse) {
    let length = response
        .header_list
        .get_first("content-length")
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(|value| value.parse::<u64>().ok());
    if let ResponseBody::Stream(reader) = response.body
        && length.is_some_and(|length| length <= DRAIN)
    {
        // An error only means that the connection is not kept.
        let _ = std::io::copy(&mut reader.take(DRAIN + 1), &mut std::io::sink());
    }
}
