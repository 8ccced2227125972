//! HTTP-network fetch: the one door to the transport.
//!
//! Standard: <https://fetch.spec.whatwg.org/#http-network-fetch>

use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

use url::Url;

use super::internal_response::{InternalResponse, ResponseBody};
use super::{
    Body, Destination, FetchEvent, FetchParams, FetchResult, InitiatorType, Mode, Request,
};
use crate::cookies::{SameSiteMode, same_site_mode};
use crate::environment::{Clock, FetchObserver, RequestInfo, RequestOutcome};
use crate::error::NetworkError;
use crate::http::content_coding::decode;
use crate::http::{HeaderList, Method};
use crate::http_cache::Recorder;
use crate::recording::Recording;
use crate::transport::{HopControl, HopRequest, HopResponse, NewConnection, network_error_of};

/// Sends the request with `headers`, stores cookies, undoes content codings. The response goes through `recorder` to the
/// cache.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-http-network-fetch>
pub(super) fn http_network_fetch(
    params: &mut FetchParams<'_>,
    headers: HeaderList,
    include_credentials: bool,
    recorder: Option<Recorder>,
    new_connection: NewConnection,
) -> FetchResult {
    let request = &params.request;
    // 10.3. HTTP/1.x does not carry a body of unknown length, which could not be sent again.
    if request.has_streamed_body {
        return Err(NetworkError::StreamedBody);
    }
    let mut headers = headers;
    params.overrides.apply_to_headers(&mut headers);
    let mut url = request.current_url().clone();
    url.set_fragment(None);
    let hop_request = HopRequest {
        method: request.method.clone(),
        url,
        headers,
        body: request.body.clone(),
        new_connection,
    };
    let mut report = Report::start(params, params.request.shown_url());
    report.sends(&hop_request.headers, hop_request.body.as_ref());
    // 7. and 8. The exchange.
    let hop_response = exchange(params, &hop_request).inspect_err(|error| {
        report.error = Some(error.clone());
    });
    let hop_response = match hop_response {
        Ok(response) => response,
        Err(error) => {
            drop(report);
            return Err(error);
        }
    };
    respond(params, hop_response, report, include_credentials, recorder)
}

/// Steps 17 and 18, for a response of the network, the cache or the hook.
pub(super) fn respond(
    params: &FetchParams<'_>,
    hop_response: HopResponse,
    mut report: Report,
    include_credentials: bool,
    recorder: Option<Recorder>,
) -> FetchResult {
    report.receives(&hop_response);
    let HopResponse {
        status,
        reason,
        headers,
        body,
        remote_address,
        ..
    } = hop_response;
    let environment = params.environment;
    let request = &params.request;
    // 17. Set-Cookie.
    if include_credentials && environment.cookies_enabled {
        let mode = same_site_mode(request);
        // What a top-level navigation is answered with may set any.
        let is_top_level =
            request.mode == Mode::Navigate && request.destination == Destination::Document;
        let is_same_site = is_top_level || mode != SameSiteMode::CrossSite;
        let now = environment.clock.system_time();
        let mut jar = environment
            .cookie_jar
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for value in headers.get_all("set-cookie") {
            jar.set_from_header(request.current_url(), value, is_same_site, now);
        }
    }
    // 18. The body, and on its way what the cache takes of it.
    let recording = report.recording.clone();
    let mut body: Box<dyn Read + Send> = Box::new(ObservedBody { body, report });
    if let Some(recorder) = recorder {
        let now = environment.clock.system_time();
        body = recorder.record(status, &reason, &headers, remote_address, now, body);
    }
    response_of(
        params,
        status,
        reason,
        headers,
        remote_address,
        body,
        recording,
    )
}

/// A response with the content codings undone as its body is read.
fn response_of(
    params: &FetchParams<'_>,
    status: u16,
    reason: Vec<u8>,
    headers: HeaderList,
    remote_address: Option<SocketAddr>,
    mut body: Box<dyn Read + Send>,
    recording: Option<Recording>,
) -> FetchResult {
    let has_body = params.request.method != Method::HEAD && !matches!(status, 101 | 204 | 304);
    let body = if has_body {
        let ratio = params.environment.limits.max_decompression_ratio;
        let body = decode(body, &headers, ratio)?;
        ResponseBody::Stream(match recording {
            Some(recording) => Box::new(RecordedBody { body, recording }),
            None => body,
        })
    } else {
        // Read to its end, which is at once, so that the connection is kept.
        let _ = body.read(&mut [0]);
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

/// Lets the transport answer.
fn exchange(
    params: &mut FetchParams<'_>,
    hop_request: &HopRequest,
) -> Result<HopResponse, NetworkError> {
    let environment = params.environment;
    let controller = params.controller;
    let length = hop_request.body.as_ref().map(|body| body.len() as u64);
    let mut total = 0;
    let mut upload = UploadReport::of(params);
    // 8. Bytes of the body that leave are reported; a body sent again does not count twice.
    let mut sent = |count: u64| {
        total += count;
        upload.sent(total, length);
    };
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

/// Tells the sink how much of a request's body has left.
pub(super) struct UploadReport<'p> {
    reported: &'p mut u64,
    ended: &'p mut bool,
    sink: &'p mut dyn FnMut(FetchEvent),
    /// What script gave, if the hook has put another body in its place: that one's progress is nobody's business.
    own_length: Option<u64>,
}

impl<'p> UploadReport<'p> {
    pub(super) fn of(params: &'p mut FetchParams<'_>) -> Self {
        Self {
            reported: &mut params.upload_reported,
            ended: &mut params.upload_ended,
            sink: &mut *params.sink,
            own_length: params.own_body_length,
        }
    }

    /// `total` bytes of `length` have left.
    pub(super) fn sent(&mut self, total: u64, length: Option<u64>) {
        let is_whole = length.is_some_and(|length| total >= length);
        let total = match self.own_length {
            Some(own) if is_whole => own,
            Some(_) => return,
            None => total,
        };
        if total > *self.reported {
            (self.sink)(FetchEvent::RequestBodyChunkLength(total - *self.reported));
            *self.reported = total;
        }
        if is_whole && !*self.ended {
            *self.ended = true;
            (self.sink)(FetchEvent::RequestEndOfBody);
        }
    }
}

/// What the observer is told when the request ends, that is, when this is dropped.
pub(super) struct Report {
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
    pub(super) error: Option<NetworkError>,
    remote_address: Option<SocketAddr>,
    pub(super) is_intercepted: bool,
    pub(super) from_cache: bool,
    /// When the response's head came.
    responded: Option<Instant>,
    recording: Option<Recording>,
}

impl Report {
    /// Tells the observer that the request goes out, to `url`.
    pub(super) fn start(params: &FetchParams<'_>, url: Url) -> Self {
        let FetchParams {
            request,
            environment,
            ..
        } = params;
        let report = Self {
            observer: environment.observer.clone(),
            clock: Arc::clone(&environment.clock),
            started: environment.clock.now(),
            recording: recording(params, &url),
            method: request.method.clone(),
            url,
            destination: request.destination,
            initiator_type: request.initiator_type,
            is_preflight: is_preflight(request),
            redirect_count: request.redirect_count,
            status: None,
            received_bytes: 0,
            error: None,
            remote_address: None,
            is_intercepted: false,
            from_cache: false,
            responded: None,
        };
        if let Some(observer) = &report.observer {
            observer.request_started(&report.info());
        }
        report
    }

    /// What goes out, for the recording.
    pub(super) fn sends(&self, headers: &HeaderList, body: Option<&Body>) {
        if let Some(recording) = &self.recording {
            let mut exchange = recording.lock();
            exchange.request_headers = headers.clone();
            exchange.request_body = body.cloned();
        }
    }

    fn receives(&mut self, response: &HopResponse) {
        self.status = Some(response.status);
        self.remote_address = response.remote_address;
        if let Some(recording) = &self.recording {
            self.responded = Some(self.clock.now());
            let mut exchange = recording.lock();
            exchange.status = response.status;
            exchange.reason.clone_from(&response.reason);
            exchange.response_headers = response.headers.clone();
            exchange.timings = response.timings;
            exchange.remote_address = response.remote_address;
        }
    }

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
            is_intercepted: self.is_intercepted,
            from_cache: self.from_cache,
        };
        observer.request_finished(&self.info(), &outcome);
        if let Some(recording) = self.recording.take() {
            let mut exchange = recording.take();
            exchange.duration = duration;
            exchange.receive = self
                .responded
                .map(|responded| (self.started + duration).saturating_duration_since(responded))
                .unwrap_or_default();
            exchange.received_bytes = self.received_bytes;
            exchange.is_intercepted = self.is_intercepted;
            exchange.is_from_cache = self.from_cache;
            exchange.from_cache = self.from_cache;
            // The body's layers above may have noted an error of their own.
            exchange.error = exchange.error.or_else(|| self.error.take());
            observer.exchange_finished(exchange);
        }
    }
}

/// Whether `request` is a CORS preflight.
pub(super) fn is_preflight(request: &Request) -> bool {
    request.method == Method::OPTIONS
        && request
            .header_list
            .contains("access-control-request-method")
}

fn recording(params: &FetchParams<'_>, url: &Url) -> Option<Recording> {
    let environment = params.environment;
    let max_body_bytes = environment.observer.as_ref()?.recorded_body_bytes()?;
    Some(Recording::new(
        environment.clock.system_time(),
        params.request.method.clone(),
        url.clone(),
        params.request.destination,
        params.request.initiator_type,
        max_body_bytes,
    ))
}

/// A body whose bytes are counted for the observer; it is told of the end when this is dropped.
struct ObservedBody {
    body: Box<dyn Read + Send>,
    report: Report,
}

/// A body, content codings undone, that a recorder gets too.
struct RecordedBody {
    body: Box<dyn Read + Send>,
    recording: Recording,
}

impl Read for RecordedBody {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.body.read(buffer);
        match &result {
            Ok(count) => self
                .recording
                .body(buffer.get(..*count).unwrap_or_default()),
            Err(error) => self.recording.lock().error = Some(network_error_of(error)),
        }
        result
    }
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
