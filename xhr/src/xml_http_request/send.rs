//! The `send()` method: from `send()` to the start of the fetch, and the wait for a synchronous one.

use std::time::Duration;

use super::{
    Action, ClientSettings, EventTarget, InFlight, ReadyState, Step, XhrEvent, XmlHttpRequest,
    progress::Progress,
};
use crate::body::{BodyInit, extract};
use crate::error::XhrError;
use crate::fetch::{Body, CredentialsMode, InitiatorType, Mode, Request};
use crate::mime::MimeType;

/// A request body as `send()` takes it.
#[derive(Clone, Debug)]
pub struct SendBody {
    /// The bytes.
    pub body: Body,
    /// The `Content-Type` it comes with.
    pub content_type: Option<String>,
    /// What becomes of the `charset` of a `Content-Type` that script has set.
    pub charset: Charset,
}

/// What becomes of the `charset` of a `Content-Type` that script has set.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Charset {
    /// It stays: the bytes are what script gave.
    Keep,
    /// It becomes UTF-8, for so the text was encoded.
    Utf8,
}

impl SendBody {
    /// The serialization of a document.
    #[must_use]
    pub fn document(serialization: String, is_html: bool) -> Self {
        let content_type = if is_html {
            "text/html;charset=UTF-8"
        } else {
            "application/xml;charset=UTF-8"
        };
        Self {
            body: Body::new(serialization),
            content_type: Some(content_type.to_owned()),
            charset: Charset::Utf8,
        }
    }
}

impl From<BodyInit> for SendBody {
    fn from(object: BodyInit) -> Self {
        let charset = match object {
            BodyInit::Text(_) | BodyInit::UrlSearchParams(_) => Charset::Utf8,
            BodyInit::Bytes(_) | BodyInit::Blob(_) | BodyInit::FormData(..) => Charset::Keep,
        };
        let extracted = extract(object);
        Self {
            body: extracted.body,
            content_type: extracted.type_,
            charset,
        }
    }
}

impl XmlHttpRequest {
    /// Whether `send()` would look at its body: not for GET and HEAD. Spares the caller its serialization.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        !matches!(self.request_method.as_str(), "GET" | "HEAD")
    }

    /// Runs the `send()` method steps up to the first event.
    ///
    /// `upload_listeners` says whether the upload object has listeners. What goes wrong later is a
    /// [`Step::Throw`] of a synchronous request, or an event.
    ///
    /// # Errors
    /// [`XhrError::InvalidState`] unless opened and not sent.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-send>
    pub fn send(
        &mut self,
        body: Option<SendBody>,
        upload_listeners: bool,
        settings: &ClientSettings,
    ) -> Result<(), XhrError> {
        // 1. – 2. Opened, not sent.
        self.check_opened()?;
        let Some(url) = self.request_url.clone() else {
            return Err(XhrError::InvalidState("the request is not opened"));
        };
        // 3. GET and HEAD have no body.
        let body = body.filter(|_| self.takes_body());
        // 4. The body and its type.
        if let Some(body) = body {
            self.set_body(body);
        }
        // 5. Listeners of the upload object are noted now.
        if upload_listeners {
            self.upload_listener = true;
        }
        // 6. The request.
        let mut request = Request::new(url, settings.origin.clone());
        request.method = self.request_method.clone();
        request.header_list = self.author_request_headers.clone();
        request.unsafe_request = true;
        request.body.clone_from(&self.request_body);
        request.blob_url_entry.clone_from(&self.blob_url_entry);
        request.referrer = settings.referrer.clone();
        request.referrer_policy = settings.referrer_policy;
        request
            .site_for_cookies
            .clone_from(&settings.site_for_cookies);
        request.mode = Mode::Cors;
        request.use_cors_preflight = self.upload_listener;
        request.credentials_mode = if self.cross_origin_credentials {
            CredentialsMode::Include
        } else {
            CredentialsMode::SameOrigin
        };
        request.use_url_credentials =
            !request.url.username().is_empty() || request.url.password().is_some();
        request.initiator_type = Some(InitiatorType::XmlHttpRequest);
        // 7. – 9. Without a body the upload is complete.
        self.upload_complete = request.body.is_none();
        self.timed_out = false;
        // 10.
        self.send_invoked = true;
        self.generation = self.generation.wrapping_add(1);
        let request = Box::new(request);
        if self.synchronous && !settings.sync_xhr {
            // 12.1. Not allowed to block: as after a network error.
            self.begin([Action::WaitForSyncFetch]);
        } else if self.synchronous {
            // 12. Synchronous: no events before the response.
            self.begin([Action::StartFetch(request), Action::WaitForSyncFetch]);
        } else {
            // 11. Asynchronous: 11.1. loadstart, 11.5. the same at the upload object, then the fetch.
            let loadstart = XhrEvent::progress(EventTarget::Xhr, "loadstart", 0, 0);
            self.begin([
                Action::Fire(loadstart),
                Action::UploadLoadstart,
                Action::StartFetch(request),
            ]);
        }
        Ok(())
    }

    /// Step 4 of `send()`: sets the request body and its `Content-Type`.
    fn set_body(&mut self, body: SendBody) {
        // 4.1. – 4.3. The bytes and their type — extracted by the caller.
        self.request_body = Some(body.body);
        match self.author_request_headers.get("Content-Type") {
            // 4.5. Script has set a type: of a text, a charset other than UTF-8 is put right.
            Some(author_type) => {
                if body.charset == Charset::Utf8
                    && let Some(mut record) = MimeType::parse_bytes(&author_type)
                    && record
                        .parameter("charset")
                        .is_some_and(|charset| !charset.eq_ignore_ascii_case("UTF-8"))
                {
                    record.set_parameter("charset", "UTF-8");
                    let serialized = isomorphic_encode(&record.to_string());
                    self.author_request_headers.set("Content-Type", serialized);
                }
            }
            // 4.6. It has not: the body's own type, if it has one.
            None => {
                if let Some(content_type) = body.content_type {
                    self.author_request_headers
                        .set("Content-Type", content_type);
                }
            }
        }
    }

    /// Step 11.2 to 11.5 of `send()`: `loadstart` at the upload object.
    pub(super) fn upload_loadstart(&self) -> Option<Step> {
        // 11.2. – 11.4. Nothing is sent yet, of so many bytes.
        let length = self
            .request_body
            .as_ref()
            .map_or(0, |body| body.len() as u64);
        // 11.5. If there is something to upload and someone to tell.
        (!self.upload_complete && self.upload_listener).then(|| {
            Step::Fire(XhrEvent::progress(
                EventTarget::Upload,
                "loadstart",
                0,
                length,
            ))
        })
    }

    /// Steps 11.6 to 11.12 and 12.3 of `send()`: starts the fetch unless a listener has cancelled it.
    pub(super) fn start_fetch(
        &mut self,
        request: Box<Request>,
        generation: u32,
        now: Duration,
    ) -> Option<Step> {
        // 11.6. Aborted or opened anew meanwhile: nothing is fetched.
        // NOTE: the generation covers what the standard's condition misses, an abort(), open() and send() in a row.
        if self.state != ReadyState::Opened || !self.send_invoked || generation != self.generation {
            self.stop();
            return None;
        }
        // 11.11. and 12.4. Time-outs count from here.
        self.in_flight = Some(InFlight {
            generation,
            started: now,
            upload: Progress::new(request.body.as_ref().map_or(0, |body| body.len() as u64)),
            download: Progress::new(0),
            consumed: None,
            processed: false,
        });
        // 11.7. – 11.9. The fetch's callbacks — in on_fetch_event. 11.10. and 12.3. Fetch.
        // 11.12. The time-out — in on_timeout.
        Some(Step::StartFetch {
            request,
            generation,
            synchronous: self.synchronous,
        })
    }

    /// Steps 12.5 to 12.8 of `send()`: waits for a synchronous fetch, then handles its response.
    pub(super) fn wait_for_sync_fetch(&mut self) -> Option<Step> {
        // 12.5. Until all is there or the time is over.
        if !self.timed_out
            && self
                .in_flight
                .as_ref()
                .is_some_and(|fetch| !fetch.processed)
        {
            self.next([Action::WaitForSyncFetch]);
            return Some(Step::Wait {
                deadline: self.deadline(),
            });
        }
        let fetch = self.in_flight.take();
        if self.timed_out {
            // 12.6. Too late: terminate.
            self.next(fetch.map(|fetch| Action::AbortFetch(fetch.generation)));
        } else {
            // 12.2.1. The response, if its body was whole.
            self.response = fetch.and_then(|fetch| fetch.consumed);
        }
        // 12.7. Timing reports: there is no performance timeline.
        // 12.8.
        self.handle_response_end_of_body();
        None
    }
}

/// Each code point, all of them below U+0100, as one byte.
fn isomorphic_encode(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| u8::try_from(character).unwrap_or(b'?'))
        .collect()
}
