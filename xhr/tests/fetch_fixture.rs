//! A fetch in memory: a script of answers in, requests and events out.

use std::sync::Arc;

use readystate_xhr::environment::FetchEnvironment;
use readystate_xhr::fetch::{
    CredentialsMode, FetchController, FetchEvent, Mode, Request, Response, fetch,
};
use readystate_xhr::http::Method;
use readystate_xhr::transport::scripted::{Answer, ScriptedTransport};
use readystate_xhr::{NetworkError, Origin, Url};

/// An environment over a script, and the script.
pub(crate) struct Fixture {
    pub(crate) transport: ScriptedTransport,
    pub(crate) environment: FetchEnvironment,
}

/// What a fetch gave.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) response: Option<Response>,
    pub(crate) body: Vec<u8>,
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) body_error: Option<NetworkError>,
    /// Names of the events in order, runs of the same one once.
    pub(crate) order: Vec<&'static str>,
    pub(crate) sent: u64,
}

impl Outcome {
    #[track_caller]
    pub(crate) fn error(&self) -> &NetworkError {
        self.response
            .as_ref()
            .and_then(Response::error)
            .unwrap_or_else(|| panic!("not a network error: {self:?}"))
    }

    #[track_caller]
    pub(crate) fn ok(&self) -> &Response {
        let response = self.response.as_ref().expect("a response");
        assert!(!response.is_network_error(), "{response:?}");
        response
    }

    pub(crate) fn status(&self) -> u16 {
        self.response.as_ref().map_or(0, |response| response.status)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn take(&mut self, event: FetchEvent) {
        let name = match event {
            FetchEvent::RequestBodyChunkLength(length) => {
                self.sent += length;
                "sent"
            }
            FetchEvent::RequestEndOfBody => "sent all",
            FetchEvent::Response(response) => {
                self.response = Some(response);
                "response"
            }
            FetchEvent::BodyChunk(bytes) => {
                self.body.extend_from_slice(&bytes);
                self.chunks.push(bytes);
                "chunk"
            }
            FetchEvent::EndOfBody => "end",
            FetchEvent::BodyError(error) => {
                self.body_error = Some(error);
                "error"
            }
        };
        if self.order.last() != Some(&name) {
            self.order.push(name);
        }
    }
}

impl Fixture {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let transport = ScriptedTransport::new(answers);
        let mut environment = FetchEnvironment::new(Arc::new(transport.clone()));
        environment.user_agent = "test".to_owned();
        environment.accept_language = String::new();
        Self {
            transport,
            environment,
        }
    }

    pub(crate) fn fetch(&self, request: Request) -> Outcome {
        run(request, &self.environment, &FetchController::new())
    }

    /// The request at `at`, as it went over the wire.
    #[track_caller]
    pub(crate) fn sent(&self, at: usize) -> String {
        let texts = self.transport.request_texts();
        texts
            .get(at)
            .unwrap_or_else(|| panic!("no request {at} in {texts:#?}"))
            .clone()
    }

    /// The value of a header of the request at `at`; names in any case.
    #[track_caller]
    pub(crate) fn sent_header(&self, at: usize, name: &str) -> Option<String> {
        header(&self.sent(at), name)
    }
}

/// The value of a header in the text of a message.
pub(crate) fn header(message: &str, name: &str) -> Option<String> {
    let head = message.split("\r\n\r\n").next().unwrap_or_default();
    head.lines().skip(1).find_map(|line| {
        let (other, value) = line.split_once(": ")?;
        other.eq_ignore_ascii_case(name).then(|| value.to_owned())
    })
}

pub(crate) fn run(
    request: Request,
    environment: &FetchEnvironment,
    controller: &FetchController,
) -> Outcome {
    let mut outcome = Outcome::default();
    fetch(request, environment, controller, &mut |event| {
        outcome.take(event)
    });
    outcome
}

#[track_caller]
pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).expect("the test gives a URL")
}

/// A request as XHR makes it: mode cors, credentials same-origin, from the page at `page`.
#[track_caller]
pub(crate) fn xhr(page: &str, method: &str, to: &str) -> Request {
    let mut request = Request::new(url(to), Origin::of(&url(page)));
    request.method = Method::parse(method.as_bytes()).expect("a method");
    request.mode = Mode::Cors;
    request.credentials_mode = CredentialsMode::SameOrigin;
    request.unsafe_request = true;
    request.use_url_credentials = true;
    request
}

/// A response of status 200 with these extra header lines and a body of known length.
pub(crate) fn ok(headers: &str, body: &str) -> Answer {
    Answer::bytes(format!(
        "HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    ))
}

pub(crate) fn redirect(status: u16, location: &str) -> Answer {
    redirect_with(status, location, "")
}

pub(crate) fn redirect_with(status: u16, location: &str, headers: &str) -> Answer {
    Answer::bytes(format!(
        "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n{headers}Content-Length: 0\r\n\r\n"
    ))
}

impl Outcome {
    /// The status, or the network error.
    pub(crate) fn ok_or_error(&self) -> Result<u16, NetworkError> {
        match self.response.as_ref().and_then(Response::error) {
            Some(error) => Err(error.clone()),
            None => Ok(self.status()),
        }
    }
}
