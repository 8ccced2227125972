//! HTTP-network fetch: the one door to the transport.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-network-fetch>

use std::io::{self, Cursor, Read};
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use url::Url;

use super::internal_response::{InternalResponse, ResponseBody};
use super::{Destination, FetchEvent, FetchParams, FetchResult, InitiatorType};
use crate::cookies::{SameSiteMode, same_site_mode};
use crate::environment::{Clock, FetchObserver, Interception, RequestInfo, RequestOutcome};
use crate::error::NetworkError;
use crate::http::content_coding::decode;
use crate::http::{HeaderList, Method};
use crate::transport::{HopControl, HopRequest, HopResponse, network_error_of};

/// Sends the request with `headers`, stores cookies, undoes content codings.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-http-network-fetch>
pub(super) fn http_network_fetch(
    params: &mut FetchParams<'_>,
    headers: HeaderList,
    include_credentials: bool,
) -> FetchResult {
    let environment = params.environment;
    let request = &params.request;
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    let hop_request = HopRequest {
        method: request.method.clone(),
        url,
        headers,
        body: request.body.clone(),
    };
    let mut report = Report {
        observer: environment.observer.clone(),
        clock: Arc::clone(&environment.clock),
        started: environment.clock.now(),
        method: request.method.clone(),
        url: hop_request.url.clone(),
        destination: request.destination,
        initiator_type: request.initiator_type,
        is_preflight: request.method == Method::OPTIONS
            && request
                .header_list
                .contains("access-control-request-method"),
        redirect_count: request.redirect_count,
        status: None,
        received_bytes: 0,
        error: None,
        remote_address: None,
    };
    if let Some(observer) = &environment.observer {
        observer.request_started(&report.info());
    }
    // 7. and 8. The exchange.
    let hop_response = exchange(params, &hop_request, &report).inspect_err(|error| {
        report.error = Some(error.clone());
    });
    let hop_response = match hop_response {
        Ok(response) => response,
        Err(error) => {
            drop(report);
            return Err(error);
        }
    };
    report.status = Some(hop_response.status);
    report.remote_address = hop_response.remote_address;
    let HopResponse {
        status,
        reason,
        headers,
        body,
        remote_address,
        request_body_sent: _,
    } = hop_response;
    // 17. Set-Cookie.
    let request = &params.request;
    if include_credentials && environment.cookies_enabled {
        let mode = same_site_mode(request);
        let is_same_site = mode != SameSiteMode::CrossSite;
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for value in headers.get_all("set-cookie") {
            jar.set_from_header(request.current_url(), value, is_same_site, now);
        }
    }
    // 18. The body, content codings undone as it is read.
    let observed = Box::new(ObservedBody { body, report });
    let has_body = request.method != Method::HEAD && !matches!(status, 101 | 204 | 304);
    let body = if has_body {
        let ratio = environment.limits.max_decompression_ratio;
        ResponseBody::Stream(decode(observed, &headers, ratio)?)
    } else {
        // Read to its end, which is at once, so that the connection is kept.
        let mut observed = observed;
        let _ = observed.read(&mut [0]);
        ResponseBody::None
    };
    Ok(InternalResponse {
        url_list: Vec::new(),
        status,
        status_message: reason,
        header_list: headers,
        body,
        remote_address,
        cors_exposed_header_names: Vec::new(),
        is_opaque_redirect: false,
        range_requested: false,
    })
}

/// Lets the interceptor answer, or else the transport.
fn exchange(
    params: &mut FetchParams<'_>,
    hop_request: &HopRequest,
    report: &Report,
) -> Result<HopResponse, NetworkError> {
    let environment = params.environment;
    let controller = params.controller;
    let length = hop_request.body.as_ref().map(|body| body.len() as u64);
    let (reported, ended) = (&mut params.upload_reported, &mut params.upload_ended);
    let sink = &mut *params.sink;
    let mut total = 0;
    // 8. Bytes of the body that leave are reported; a body sent again does not count twice.
    let mut sent = |count: u64| {
        total += count;
        if total > *reported {
            sink(FetchEvent::RequestBodyChunkLength(total - *reported));
            *reported = total;
        }
        if length.is_some_and(|length| total >= length) && !*ended {
            *ended = true;
            sink(FetchEvent::RequestEndOfBody);
        }
    };
    if let Some(interceptor) = &environment.interceptor {
        match interceptor.intercept(&report.info(), hop_request, controller) {
            Interception::Continue => {}
            Interception::Fail(error) => return Err(error),
            Interception::Respond {
                status,
                reason,
                headers,
                body,
            } => {
                controller.check()?;
                if let Some(length) = length {
                    sent(length);
                }
                return Ok(HopResponse {
                    status,
                    reason,
                    headers,
                    body: Box::new(Cursor::new(body)),
                    remote_address: None,
                    request_body_sent: true,
                });
            }
        }
    }
    environment.transport.round_trip(
        hop_request,
        HopControl {
            controller,
            address_policy: environment.address_policy,
            limits: &environment.limits,
            sent: &mut sent,
        },
    )
}

/// What the observer is told when the request ends, that is, when this is dropped.
struct Report {
    observer: Option<Arc<dyn FetchObserver>>,
    clock: Arc<dyn Clock>,
    started: Instant,
    method: Method,
    url: Url,
    destination: Destination,
    initiator_type: Option<InitiatorType>,
    is_preflight: bool,
    redirect_count: u32,
    status: Option<u16>,
    received_bytes: u64,
    error: Option<NetworkError>,
    remote_address: Option<SocketAddr>,
}

impl Report {
    const fn info(&self) -> RequestInfo<'_> {
        RequestInfo {
            method: &self.method,
            url: &self.url,
            destination: self.destination,
            initiator_type: self.initiator_type,
            is_preflight: self.is_preflight,
            redirect_count: self.redirect_count,
        }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        let Some(observer) = self.observer.take() else {
            return;
        };
        let duration = self.clock.now().saturating_duration_since(self.started);
        let outcome = RequestOutcome {
            status: self.status,
            received_bytes: self.received_bytes,
            duration,
            error: self.error.as_ref(),
            remote_address: self.remote_address,
        };
        observer.request_finished(&self.info(), &outcome);
    }
}

struct ObservedBody {
    body: Box<dyn Read + Send>,
    report: Report,
}

impl Read for ObservedBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.body.read(buffer);
        match &result {
            Ok(count) => self.report.received_bytes += *count as u64,
            Err(error) => self.report.error = Some(network_error_of(error)),
        }
        result
    }
}
