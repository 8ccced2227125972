//! CORS-preflight fetch.
//!
//! Standard: <https://fetch.spec.whatwg.org/#cors-preflight-fetch>

use std::time::Duration;

use super::cors_check::{cors_check, extract_tokens};
use super::http_network_or_cache_fetch::http_network_or_cache_fetch;
use super::intercepted_fetch::{intercepted_fetch, on_the_wire};
use super::preflight_cache::{self, Allows};
use super::{CorsError, CredentialsMode, FetchParams, Mode, Request, ResponseTainting};
use crate::error::NetworkError;
use crate::http::Method;
use crate::http::cors_safelist::{
    cors_unsafe_request_header_names, is_cors_non_wildcard_request_header_name,
};
use crate::interception::Overrides;
use crate::transport::NewConnection;

/// The longest time a permission is kept, as in Chromium.
const MAX_AGE_LIMIT: u64 = 7200;

/// Asks the server whether the request is allowed, and remembers the answer.
///
/// Standard: <https://fetch.spec.whatwg.org/#cors-preflight-fetch-0>
pub(super) fn cors_preflight_fetch(params: &FetchParams<'_>) -> Result<(), NetworkError> {
    let request = &params.request;
    // 1. The preflight, from the request.
    let mut preflight = Request::new(request.current_url().clone(), request.origin.clone());
    preflight.url = request.url.clone();
    preflight.redirect_urls.clone_from(&request.redirect_urls);
    preflight.redirect_count = request.redirect_count;
    preflight.method = Method::OPTIONS;
    preflight.destination = request.destination;
    preflight.initiator_type = request.initiator_type;
    preflight.referrer = request.referrer.clone();
    preflight.referrer_policy = request.referrer_policy;
    preflight.mode = Mode::Cors;
    preflight.response_tainting = ResponseTainting::Cors;
    // 2. and 3. What is asked for.
    preflight.header_list.append("Accept", "*/*");
    preflight
        .header_list
        .append("Access-Control-Request-Method", request.method.as_str());
    // 4. and 5. With which headers; no space after the comma.
    let names = cors_unsafe_request_header_names(&request.header_list);
    if !names.is_empty() {
        preflight
            .header_list
            .append("Access-Control-Request-Headers", names.join(&b','));
    }
    // 6. Ask.
    let failed = |error: NetworkError| {
        if error.is_abort() || error.is_limit() {
            return error;
        }
        NetworkError::Cors(CorsError::Preflight(Box::new(error)))
    };
    let mut preflight_params = FetchParams {
        request: preflight,
        environment: params.environment,
        controller: params.controller,
        sink: &mut |_| {},
        upload_reported: 0,
        upload_ended: false,
        own_body_length: None,
        overrides: Overrides::default(),
    };
    let response = intercepted_fetch(&mut preflight_params, |params| {
        on_the_wire(params, |params| {
            http_network_or_cache_fetch(params, None, NewConnection::No)
        })
    })
    .map_err(failed)?;
    // 7. The check is made on the request, for its credentials mode.
    let request = &params.request;
    cors_check(request, &response.header_list).map_err(NetworkError::Cors)?;
    if !(200..=299).contains(&response.status) {
        return Err(NetworkError::Cors(CorsError::PreflightStatus(
            response.status,
        )));
    }
    let (methods, header_names) =
        check_permission(request, &response.header_list, &names).map_err(NetworkError::Cors)?;
    // 7.8. to 7.10. For how long.
    let max_age = response
        .header_list
        .get_first("access-control-max-age")
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(|value| match value.trim() {
            // NOTE: browsers take a negative number for 0, which the grammar of the standard has no place for.
            negative if negative.starts_with('-') => negative.parse::<i64>().ok().map(|_| 0),
            seconds => seconds.parse::<u64>().ok(),
        })
        .unwrap_or(5)
        .min(MAX_AGE_LIMIT);
    // 7.12. to 7.15. Remember.
    let now = params.environment.clock.now();
    let mut cache = preflight_cache::lock(params.environment);
    let methods = methods
        .into_iter()
        .map(|method| Allows::Method(String::from_utf8_lossy(&method).into_owned()));
    let header_names = header_names
        .into_iter()
        .map(|name| Allows::HeaderName(name.to_ascii_lowercase()));
    for allows in methods.chain(header_names).take(256) {
        cache.store(request, allows, Duration::from_secs(max_age), now);
    }
    Ok(())
}

type Names = Vec<Vec<u8>>;

/// Steps 7.1 to 7.7: the methods and header names that the preflight's response allows.
fn check_permission(
    request: &Request,
    headers: &crate::http::HeaderList,
    unsafe_names: &[Vec<u8>],
) -> Result<(Names, Names), CorsError> {
    // 7.1. to 7.3. The lists; malformed ones are failures.
    let tokens = |name: &'static str| {
        extract_tokens(headers, name).map_err(|()| CorsError::PreflightHeader(name))
    };
    let methods = tokens("Access-Control-Allow-Methods")?;
    let header_names = tokens("Access-Control-Allow-Headers")?.unwrap_or_default();
    // 7.4. A preflight made for its own sake is remembered too.
    let methods = match methods {
        None if request.use_cors_preflight => vec![request.method.as_str().as_bytes().to_vec()],
        methods => methods.unwrap_or_default(),
    };
    let includes_credentials = request.credentials_mode == CredentialsMode::Include;
    let has_wildcard =
        |list: &[Vec<u8>]| !includes_credentials && list.iter().any(|item| item == b"*");
    // 7.5. The method.
    let method = request.method.as_str();
    if !methods.iter().any(|allowed| allowed == method.as_bytes())
        && !request.method.is_cors_safelisted()
        && !has_wildcard(&methods)
    {
        return Err(CorsError::MethodNotAllowed(method.to_owned()));
    }
    let is_listed = |name: &[u8]| {
        header_names
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(name))
    };
    let refused =
        |name: &[u8]| CorsError::HeaderNotAllowed(String::from_utf8_lossy(name).into_owned());
    // 7.6. Authorization must be named.
    if let Some((name, _)) = request
        .header_list
        .iter()
        .find(|(name, _)| is_cors_non_wildcard_request_header_name(name) && !is_listed(name))
    {
        return Err(refused(name));
    }
    // 7.7. The other unsafe names.
    let is_covered_by_wildcard = has_wildcard(&header_names);
    if let Some(name) = unsafe_names
        .iter()
        .find(|name| !is_listed(name) && !is_covered_by_wildcard)
    {
        return Err(refused(name));
    }
    Ok((methods, header_names))
}
