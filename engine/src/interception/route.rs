//! A request that waits for what a route decides, and the decisions.

use std::fmt;
use std::sync::mpsc::Sender;
use std::time::Duration;

use readystate_xhr::fetch::{Body, Destination};
use readystate_xhr::http::{HeaderList, Method};
use readystate_xhr::interception::{FabricatedResponse, InterceptedRequest, Overrides};
use serde::Serialize;
use url::Url;

/// A request as a route sees it.
#[derive(Clone, Debug)]
pub struct RouteRequest {
    method: Method,
    url: Url,
    headers: HeaderList,
    body: Option<Body>,
    destination: Destination,
    is_preflight: bool,
    redirect_count: u32,
    /// The origin, if it is not the URL's own.
    pub(super) foreign_origin: Option<String>,
}

impl RouteRequest {
    pub(super) fn new(request: &InterceptedRequest<'_>) -> Self {
        let is_foreign = !request
            .origin
            .same_origin(&readystate_xhr::Origin::of(request.info.url));
        Self {
            method: request.info.method.clone(),
            url: request.info.url.clone(),
            headers: request.headers.clone(),
            body: request.body.cloned(),
            destination: request.info.destination,
            is_preflight: request.info.is_preflight,
            redirect_count: request.info.redirect_count,
            foreign_origin: (is_foreign || request.is_cors)
                .then(|| request.shown_origin.to_owned()),
        }
    }

    /// The method.
    #[must_use]
    pub fn method(&self) -> &str {
        self.method.as_str()
    }

    /// The URL, without its fragment.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The first header of that name, in any case. `Cookie`, `Origin`, `Referer`, `User-Agent` and others that are added on the
    /// way are not there yet.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        let value = self.headers.get_first(name)?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// All headers, in order.
    pub fn headers(&self) -> impl Iterator<Item = (String, String)> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        self.headers
            .iter()
            .map(move |(name, value)| (text(name), text(value)))
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_ref().map(Body::bytes)
    }

    /// The body as text.
    #[must_use]
    pub fn body_text(&self) -> Option<String> {
        self.body()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// What the response is for.
    #[must_use]
    pub const fn destination(&self) -> Destination {
        self.destination
    }

    /// Whether it loads a document, of the page or of a frame.
    #[must_use]
    pub const fn is_navigation(&self) -> bool {
        self.destination.is_navigation()
    }

    /// Whether it is a CORS preflight.
    #[must_use]
    pub const fn is_preflight(&self) -> bool {
        self.is_preflight
    }

    /// How many redirects led here.
    #[must_use]
    pub const fn redirect_count(&self) -> u32 {
        self.redirect_count
    }
}

/// A request that waits. It may be kept and decided later, also from another thread; dropped without a decision it goes on
/// as if the route were not there.
#[derive(Debug)]
pub struct Route {
    request: RouteRequest,
    reply: Option<Sender<Decision>>,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Decision {
    Fulfill(Fulfillment),
    Continue(Changes),
    Fallback,
    Abort(AbortReason),
    Panicked,
}

impl Route {
    pub(super) const fn new(request: RouteRequest, reply: Sender<Decision>) -> Self {
        Self {
            request,
            reply: Some(reply),
        }
    }

    /// The request.
    #[must_use]
    pub const fn request(&self) -> &RouteRequest {
        &self.request
    }

    /// Answers the request in place of the network.
    ///
    /// The page treats the answer as if a server had sent it: `Set-Cookie` is stored, a `Location` followed. If the page
    /// is of another origin and the answer has no `Access-Control-Allow-Origin`, headers that allow it are added.
    pub fn fulfill(mut self, answer: Fulfillment) {
        self.decide(Decision::Fulfill(answer));
    }

    /// Lets the request go to the network as it is; no other route is asked.
    pub fn continue_(self) {
        self.continue_with(Changes::new());
    }

    /// Lets the request go to the network changed; no other route is asked. The page does not see the changes.
    pub fn continue_with(mut self, changes: Changes) {
        self.decide(Decision::Continue(changes));
    }

    /// Leaves the request to the other routes, and to the network if none decides.
    pub fn fallback(mut self) {
        self.decide(Decision::Fallback);
    }

    /// Fails the request: the page sees a network error.
    pub fn abort(mut self, reason: AbortReason) {
        self.decide(Decision::Abort(reason));
    }

    fn decide(&mut self, decision: Decision) {
        if let Some(reply) = self.reply.take() {
            // A request that was aborted meanwhile wants no decision.
            drop(reply.send(decision));
        }
    }
}

impl Drop for Route {
    fn drop(&mut self) {
        self.decide(if std::thread::panicking() {
            Decision::Panicked
        } else {
            Decision::Fallback
        });
    }
}

/// An answer to a request: status 200, no headers and no body unless they are set.
///
/// ```
/// use readystate::Fulfillment;
/// let answer = Fulfillment::json(&["one", "two"]).status(201).header("X-Own", "1");
/// # let _ = answer;
/// ```
#[derive(Clone, Debug)]
pub struct Fulfillment {
    response: FabricatedResponse,
    delay: Duration,
    json_error: Option<String>,
}

impl Fulfillment {
    /// An empty answer.
    #[must_use]
    pub fn new() -> Self {
        Self {
            response: FabricatedResponse {
                status: 200,
                reason: b"OK".to_vec(),
                headers: HeaderList::new(),
                body: Vec::new(),
            },
            delay: Duration::ZERO,
            json_error: None,
        }
    }

    /// A value as `application/json`. If it cannot be written as JSON, the request fails and says so.
    #[must_use]
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => Self::new().content_type("application/json").body(bytes),
            Err(error) => Self {
                json_error: Some(error.to_string()),
                ..Self::new()
            },
        }
    }

    /// Text as `text/plain;charset=utf-8`.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new()
            .content_type("text/plain;charset=utf-8")
            .body(text.into())
    }

    /// Markup as `text/html;charset=utf-8`.
    #[must_use]
    pub fn html(markup: impl Into<String>) -> Self {
        Self::new()
            .content_type("text/html;charset=utf-8")
            .body(markup.into())
    }

    /// Sets the status, 200 to 999, with its usual reason phrase. Any other fails the request.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.response.status = status;
        self.response.reason = reason_phrase(status).as_bytes().to_vec();
        self
    }

    /// Sets the reason phrase.
    #[must_use]
    pub fn reason(mut self, reason: &str) -> Self {
        self.response.reason = reason.as_bytes().to_vec();
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.response.headers.append(name, value);
        self
    }

    /// Sets `Content-Type`.
    #[must_use]
    pub fn content_type(mut self, value: &str) -> Self {
        self.response.headers.set("Content-Type", value);
        self
    }

    /// Sets the body. If a `Content-Encoding` header is set, it must be coded so.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.response.body = body.into();
        self
    }

    /// Holds the answer back for a while.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// The response, allowed to `foreign_origin`; or what is wrong with it.
    pub(super) fn into_response(
        self,
        foreign_origin: Option<&str>,
    ) -> Result<FabricatedResponse, String> {
        if let Some(error) = self.json_error {
            return Err(error);
        }
        let mut response = self.response;
        if let Some(origin) = foreign_origin
            && !response.headers.contains("access-control-allow-origin")
        {
            let headers = &mut response.headers;
            headers.append("Access-Control-Allow-Origin", origin);
            headers.append("Access-Control-Allow-Credentials", "true");
            headers.append("Vary", "Origin");
        }
        Ok(response)
    }

    pub(super) const fn delay(&self) -> Duration {
        self.delay
    }
}

impl Default for Fulfillment {
    fn default() -> Self {
        Self::new()
    }
}

/// What is changed about a request that goes on. Nothing, unless it is set.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    url: Option<String>,
    method: Option<String>,
    overrides: Overrides,
    delay: Duration,
}

impl Changes {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks this http(s) URL instead. The page sees the one that it asked for; cookies are those of the new one.
    #[must_use]
    pub fn url(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }

    /// Sends this method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// Sets a header, whoever else would have set it. `Content-Length` and `Transfer-Encoding` stay what the body makes them.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let value = value.as_bytes().to_vec();
        self.overrides.headers.push((name.to_owned(), Some(value)));
        self
    }

    /// Leaves a header out.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.overrides.headers.push((name.to_owned(), None));
        self
    }

    /// Sends this body. Upload events tell of the page's own.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.overrides.body = Some(Body::new(body));
        self
    }

    /// Holds the request back for a while.
    #[must_use]
    pub const fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// What Fetch is to change, or what is wrong with it.
    pub(super) fn into_overrides(self) -> Result<Overrides, String> {
        let mut overrides = self.overrides;
        if let Some(url) = self.url {
            let parsed = Url::parse(&url).map_err(|error| format!("{url:?}: {error}"))?;
            overrides.url = Some(parsed);
        }
        if let Some(method) = self.method {
            let parsed = Method::parse(method.as_bytes());
            overrides.method = Some(parsed.ok_or(format!("{method:?} is not a method"))?);
        }
        for (name, value) in &overrides.headers {
            let is_header = readystate_xhr::http::header_list::is_header_name(name.as_bytes())
                && value
                    .as_ref()
                    .is_none_or(|value| readystate_xhr::http::header_list::is_header_value(value));
            if !is_header {
                return Err(format!("{name:?} is not a header"));
            }
        }
        Ok(overrides)
    }

    pub(super) const fn delay(&self) -> Duration {
        self.delay
    }
}

/// Why a route fails a request. The page sees a network error in any case; logs and recordings see the name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AbortReason {
    /// No particular one.
    #[default]
    Failed,
    /// `aborted`
    Aborted,
    /// `accessdenied`
    AccessDenied,
    /// `addressunreachable`
    AddressUnreachable,
    /// `blockedbyclient`
    BlockedByClient,
    /// `blockedbyresponse`
    BlockedByResponse,
    /// `connectionaborted`
    ConnectionAborted,
    /// `connectionclosed`
    ConnectionClosed,
    /// `connectionfailed`
    ConnectionFailed,
    /// `connectionrefused`
    ConnectionRefused,
    /// `connectionreset`
    ConnectionReset,
    /// `internetdisconnected`
    InternetDisconnected,
    /// `namenotresolved`
    NameNotResolved,
    /// `timedout`
    TimedOut,
}

impl AbortReason {
    /// Its name, as Playwright spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Aborted => "aborted",
            Self::AccessDenied => "accessdenied",
            Self::AddressUnreachable => "addressunreachable",
            Self::BlockedByClient => "blockedbyclient",
            Self::BlockedByResponse => "blockedbyresponse",
            Self::ConnectionAborted => "connectionaborted",
            Self::ConnectionClosed => "connectionclosed",
            Self::ConnectionFailed => "connectionfailed",
            Self::ConnectionRefused => "connectionrefused",
            Self::ConnectionReset => "connectionreset",
            Self::InternetDisconnected => "internetdisconnected",
            Self::NameNotResolved => "namenotresolved",
            Self::TimedOut => "timedout",
        }
    }
}

impl fmt::Display for AbortReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The usual phrase for a status; none for one that has none.
fn reason_phrase(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        410 => "Gone",
        418 => "I'm a teapot",
        422 => "Unprocessable Content",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}
