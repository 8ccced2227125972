//! The embedder's hook, in front of a request: see [`crate::interception`].

use std::io::Cursor;

use super::http_network_fetch::{Report, UploadReport, is_preflight, respond};
use super::origin_header::serialize_request_origin;
use super::{FetchParams, FetchResult, Mode, ResponseTainting};
use crate::environment::RequestInfo;
use crate::error::NetworkError;
use crate::interception::{FabricatedResponse, InterceptedRequest, Interception, Overrides};
use crate::recording::HopTimings;
use crate::transport::HopResponse;

/// Asks the hook; `go_on` makes the request if it lets it through.
pub(super) fn intercepted_fetch(
    params: &mut FetchParams<'_>,
    go_on: impl FnOnce(&mut FetchParams<'_>) -> FetchResult,
) -> FetchResult {
    let request = &params.request;
    params.overrides = Overrides::default();
    if params.environment.interceptor.is_none() {
        return go_on(params);
    }
    params.controller.check()?;
    let url = request.shown_url();
    let info = RequestInfo {
        method: &request.method,
        url: &url,
        destination: request.destination,
        initiator_type: request.initiator_type,
        is_preflight: is_preflight(request),
        redirect_count: request.redirect_count,
    };
    let intercepted = InterceptedRequest {
        info,
        headers: &request.header_list,
        body: request.body.as_ref(),
        origin: &request.origin,
        shown_origin: &serialize_request_origin(request),
        is_cors: request.response_tainting == ResponseTainting::Cors,
        mode: request.mode,
        credentials_mode: request.credentials_mode,
    };
    match params
        .environment
        .intercept(&intercepted, params.controller)
    {
        Interception::Continue(mut overrides) => {
            if params.request.mode == Mode::WebSocket
                && let Some(url) = &mut overrides.url
            {
                let scheme = if url.scheme() == "wss" {
                    "https"
                } else {
                    "http"
                };
                let _ = url.set_scheme(scheme);
            }
            if let Some(url) = &overrides.url
                && !matches!(url.scheme(), "http" | "https")
            {
                return Err(NetworkError::UnsupportedScheme(url.scheme().to_owned()));
            }
            params.overrides = overrides;
            go_on(params)
        }
        Interception::Respond(response) => answer(params, *response, url),
        Interception::Fail(error) => {
            if !error.is_abort() {
                let mut report = Report::start(params, url);
                report.sends(&params.request.header_list, params.request.body.as_ref());
                report.is_intercepted = true;
                report.error = Some(error.clone());
            }
            Err(error)
        }
    }
}

/// Makes the request with what the hook changes. The URL is put back afterwards, for neither script nor the checks on the response
/// may see the change.
pub(super) fn on_the_wire(
    params: &mut FetchParams<'_>,
    fetch: impl FnOnce(&mut FetchParams<'_>) -> FetchResult,
) -> FetchResult {
    if params.overrides.is_empty() {
        return fetch(params);
    }
    let request = &mut params.request;
    if let Some(method) = params.overrides.method.take() {
        request.method = method;
    }
    if let Some(body) = params.overrides.body.take() {
        let own = request.body.replace(body);
        // Of a body that its maker knows nothing of, nothing is reported.
        params.upload_ended |= own.is_none();
        let own = own.map_or(0, |own| own.len() as u64);
        params.own_body_length.get_or_insert(own);
    }
    let Some(url) = params.overrides.url.take() else {
        return fetch(params);
    };
    let asked = std::mem::replace(request.current_url_mut(), url);
    let mut result = fetch(params);
    *params.request.current_url_mut() = asked;
    if let Ok(response) = &mut result {
        response.url_list = params.request.url_list().cloned().collect();
    }
    result
}

fn answer(
    params: &mut FetchParams<'_>,
    response: FabricatedResponse,
    url: url::Url,
) -> FetchResult {
    let mut report = Report::start(params, url);
    let body = params.request.body.clone();
    report.sends(&params.request.header_list, body.as_ref());
    report.is_intercepted = true;
    if !(200..=999).contains(&response.status) {
        let detail = format!("status {} is none", response.status);
        let error = NetworkError::Intercepted(detail);
        report.error = Some(error.clone());
        return Err(error);
    }
    // The body has gone as far as it goes.
    if let Some(body) = body {
        let length = body.len() as u64;
        UploadReport::of(params).sent(length, Some(length));
    }
    let hop_response = HopResponse {
        status: response.status,
        reason: response.reason,
        headers: response.headers,
        body: Box::new(Cursor::new(response.body)),
        remote_address: None,
        request_body_sent: true,
        timings: HopTimings::default(),
    };
    let include_credentials = params.request.includes_credentials();
    let mut response = respond(params, hop_response, report, include_credentials, None)?;
    response.url_list = params.request.url_list().cloned().collect();
    response.range_requested = params.request.header_list.contains("range");
    Ok(response)
}
