//! HTTP fetch: preflight, CORS check, redirects.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-fetch>

use super::cors_check::{cors_check, is_blocked_by_resource_policy};
use super::cors_preflight::cors_preflight_fetch;
use super::http_network_or_cache_fetch::http_network_or_cache_fetch;
use super::http_redirect_fetch::http_redirect_fetch;
use super::intercepted_fetch::{intercepted_fetch, on_the_wire};
use super::internal_response::ResponseBody;
use super::{FetchParams, FetchResult, Mode, RedirectMode, Request, ResponseTainting};
use crate::error::NetworkError;
use crate::http::cors_safelist::cors_unsafe_request_header_names;
use crate::transport::NewConnection;

/// Whether the request asks for permission first, unless the cache has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum MakeCorsPreflight {
    Yes,
    No,
}

/// Standard: <https://fetch.spec.whatwg.org/#concept-http-fetch>
pub(super) fn http_fetch(
    params: &mut FetchParams<'_>,
    make_cors_preflight: MakeCorsPreflight,
) -> FetchResult {
    // 3. Service workers: there are none.
    // NOTE: the embedder's hook comes first; what it answers needs neither preflight nor network.
    let mut response = intercepted_fetch(params, |params| {
        // 4.1. A preflight, if the cache does not answer it.
        if make_cors_preflight == MakeCorsPreflight::Yes && !is_preflight_cached(params) {
            cors_preflight_fetch(params)?;
        }
        // 4.3. The network.
        on_the_wire(params, |params| {
            http_network_or_cache_fetch(params, None, NewConnection::No)
        })
    })?;
    // 4.4. CORS check.
    let request = &params.request;
    if request.response_tainting == ResponseTainting::Cors {
        cors_check(request, &response.header_list).map_err(NetworkError::Cors)?;
    }
    // 5. Cross-Origin-Resource-Policy, for what is read without CORS.
    if request.response_tainting == ResponseTainting::Opaque
        && is_blocked_by_resource_policy(request, &response.header_list)
    {
        return Err(NetworkError::MimeTypeBlocked(
            "Cross-Origin-Resource-Policy forbids this origin".to_owned(),
        ));
    }
    // 6. A redirect:
    if response.is_redirect() {
        match request.redirect_mode {
            RedirectMode::Error => {
                let detail = format!("status {} with redirect mode error", response.status);
                return Err(NetworkError::Redirect(detail));
            }
            // NOTE: a navigation gets the response as it is and follows it by another fetch.
            RedirectMode::Manual if request.mode == Mode::Navigate => {}
            RedirectMode::Manual => {
                response.is_opaque_redirect = true;
                response.body = ResponseBody::None;
            }
            RedirectMode::Follow => return http_redirect_fetch(params, response),
        }
    }
    // 7. Return it.
    Ok(response)
}

/// Step 4.1's conditions, negated.
fn is_preflight_cached(params: &FetchParams<'_>) -> bool {
    let request: &Request = &params.request;
    let cache = super::preflight_cache::lock(params.environment);
    let now = params.environment.clock.now();
    let needs_method = !request.method.is_cors_safelisted() || request.use_cors_preflight;
    (!needs_method || cache.matches_method(request, request.method.as_str(), now))
        && cors_unsafe_request_header_names(&request.header_list)
            .iter()
            .all(|name| cache.matches_header_name(request, name, now))
}
