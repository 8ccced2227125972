//! The Fetch standard: [`fetch()`], one blocking function, and the data it takes and gives.
//!
//! Written from the Fetch standard, <https://fetch.spec.whatwg.org/>, in its text of June 2026.

mod authentication;
mod controller;
mod cors_check;
mod cors_preflight;
mod event;
mod fetch_metadata;
mod http_cache_partition;
mod http_fetch;
mod http_network_fetch;
mod http_network_or_cache_fetch;
mod http_redirect_fetch;
mod integrity;
mod intercepted_fetch;
mod internal_response;
mod main_fetch;
mod nosniff;
mod origin_header;
mod port_blocking;
mod preflight_cache;
mod referrer_policy;
mod request;
mod response;
mod scheme_fetch;

pub use authentication::{
    AuthenticationChallenge, AuthenticationEntries, Authenticator, Credentials,
};
pub use controller::{AttachGuard, FetchController, Interrupt};
pub use event::FetchEvent;
pub use nosniff::determine_nosniff;
pub use port_blocking::is_bad_port;
pub use preflight_cache::PreflightCache;
pub use referrer_policy::parse_referrer_policy;
pub use request::{
    Body, CacheMode, CredentialsMode, Destination, InitiatorType, Mode, RedirectMode, Referrer,
    ReferrerPolicy, Request, ResponseTainting,
};
pub use response::{CorsError, Response, ResponseKind};

use std::io::Read;

use self::internal_response::{InternalResponse, ResponseBody};
use crate::environment::FetchEnvironment;
use crate::error::NetworkError;
use crate::interception::Overrides;
use crate::transport::network_error_of;

/// Bytes asked for at a time; the largest [`FetchEvent::BodyChunk`].
const CHUNK: usize = 64 << 10;

/// Fetches `request` and gives what happens to `sink`, in the order that [`FetchEvent`] states. Blocks until the body's
/// end, a network error, or the abort of `controller`.
///
/// This is the only implementation: synchronous and asynchronous requests, scripts and navigations all come here. It starts
/// no thread and reads no clock but the environment's.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-fetch>
pub fn fetch(
    mut request: Request,
    environment: &FetchEnvironment,
    controller: &FetchController,
    sink: &mut dyn FnMut(FetchEvent),
) {
    // 1. to 8. Task destination, timing, fetch params — the sink takes the place of the tasks.
    // 12. No Accept: by destination.
    if !request.header_list.contains("accept") {
        let value = match request.destination {
            Destination::Document
            | Destination::Iframe
            | Destination::Object
            | Destination::Embed => {
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
            }
            Destination::Image => "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
            Destination::Style => "text/css,*/*;q=0.1",
            Destination::Json => "application/json,*/*;q=0.5",
            Destination::Empty | Destination::Script | Destination::Worker => "*/*",
        };
        request.header_list.append("Accept", value);
    }
    // 14. No Accept-Language: the user agent's.
    if !request.header_list.contains("accept-language") && !environment.accept_language.is_empty() {
        request
            .header_list
            .append("Accept-Language", &environment.accept_language);
    }
    // 15. and 16. Priority, fetch record: not ours.
    let max_body_bytes = request
        .max_body_bytes
        .unwrap_or(environment.limits.max_body_bytes);
    let url = request.url.clone();
    let mut params = FetchParams {
        request,
        environment,
        controller,
        sink,
        upload_reported: 0,
        upload_ended: false,
        own_body_length: None,
        overrides: Overrides::default(),
    };
    // 17. Main fetch.
    let (response, body) = match main_fetch::main_fetch(&mut params) {
        Ok(response) => response,
        Err(error) => {
            // An abort explains every error that follows from it.
            let error = controller.check().err().unwrap_or(error);
            report_failure(environment, &url, &error);
            (params.sink)(FetchEvent::Response(Response::network_error(error)));
            return;
        }
    };
    (params.sink)(FetchEvent::Response(response));
    if let Err(error) = deliver_body(body, max_body_bytes, controller, params.sink) {
        let error = controller.check().err().unwrap_or(error);
        report_failure(environment, &url, &error);
        (params.sink)(FetchEvent::BodyError(error));
        return;
    }
    (params.sink)(FetchEvent::EndOfBody);
}

/// A request on its way, with what it needs.
///
/// Standard: <https://fetch.spec.whatwg.org/#fetch-params>
struct FetchParams<'a> {
    request: Request,
    environment: &'a FetchEnvironment,
    controller: &'a FetchController,
    sink: &'a mut dyn FnMut(FetchEvent),
    /// Bytes of the body that the sink was told of; a body sent again counts once.
    upload_reported: u64,
    upload_ended: bool,
    /// Length of the body that the request's maker gave, if the hook has put another in its place.
    own_body_length: Option<u64>,
    /// What the hook changes about the request to the current URL.
    overrides: Overrides,
}

/// The outcome of an algorithm: a response, or a network error.
type FetchResult = Result<InternalResponse, NetworkError>;

fn report_failure(environment: &FetchEnvironment, url: &url::Url, error: &NetworkError) {
    if let Some(observer) = &environment.observer
        && !error.is_abort()
    {
        observer.fetch_failed(url, error);
    }
}

/// Hands the body over, chunk by chunk, within its limit.
fn deliver_body(
    body: ResponseBody,
    max_body_bytes: u64,
    controller: &FetchController,
    sink: &mut dyn FnMut(FetchEvent),
) -> Result<(), NetworkError> {
    let mut delivered = 0_u64;
    let mut deliver = |bytes: Vec<u8>| {
        controller.check()?;
        delivered += bytes.len() as u64;
        if delivered > max_body_bytes {
            return Err(NetworkError::BodyTooLarge(max_body_bytes));
        }
        if !bytes.is_empty() {
            sink(FetchEvent::BodyChunk(bytes));
        }
        Ok(())
    };
    match body {
        ResponseBody::None => Ok(()),
        ResponseBody::Bytes(bytes) => deliver(bytes),
        ResponseBody::Stream(mut reader) => {
            let mut buffer = vec![0; CHUNK];
            loop {
                controller.wait_while_paused()?;
                match reader.read(&mut buffer) {
                    Ok(0) => return Ok(()),
                    Ok(count) => deliver(buffer.get(..count).unwrap_or_default().to_vec())?,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(network_error_of(&error)),
                }
            }
        }
    }
}
