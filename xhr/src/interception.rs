//! The one hook that sees every request before it is sent, and may answer, change, hold or fail it.
//!
//! It stands in front of everything that touches the network for a request: its preflight, the HTTP cache, the connection.
//! So a request that the hook answers leaves no trace on the network. Fetch asks it for every HTTP(S) request (XHR in both
//! modes, `fetch()`, documents, scripts, frames), again for each redirect, and for each preflight that has to be sent. What
//! speaks another protocol over the same connections asks it for its handshake by [`FetchEnvironment::intercept`].

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use url::Url;

use crate::environment::{FetchEnvironment, RequestInfo};
use crate::error::NetworkError;
use crate::fetch::{Body, CredentialsMode, FetchController, Mode};
use crate::http::{HeaderList, Method};
use crate::origin::Origin;

/// Decides what becomes of requests; see the module's page.
pub trait Interceptor: Send + Sync {
    /// What to do with `request`.
    ///
    /// Called on the thread of the fetch, for a synchronous request too; never on the thread that runs script. May block,
    /// for example to delay the request, and should then end as soon as `controller` is aborted, see
    /// [`FetchController::wait`]. A panic fails the request and nothing else.
    fn intercept(
        &self,
        request: &InterceptedRequest<'_>,
        controller: &FetchController,
    ) -> Interception;
}

/// A request as the hook sees it.
#[derive(Clone, Copy, Debug)]
pub struct InterceptedRequest<'a> {
    /// Method, URL, what it is for, whether it is a preflight.
    pub info: RequestInfo<'a>,
    /// The headers that its maker gave it, `Accept` and `Accept-Language`. What is added on the way (`Cookie`, `Origin`, `Referer`,
    /// `User-Agent`, …) is not there yet.
    pub headers: &'a HeaderList,
    /// The body.
    pub body: Option<&'a Body>,
    /// Who asks.
    pub origin: &'a Origin,
    /// Who asks as servers are told: `null` after a redirect from one foreign origin to another.
    pub shown_origin: &'a str,
    /// Whether the response will have to allow [`shown_origin`](Self::shown_origin) to read it.
    pub is_cors: bool,
    /// What it may do across origins.
    pub mode: Mode,
    /// Whether cookies go along.
    pub credentials_mode: CredentialsMode,
}

/// What an [`Interceptor`] decides.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Interception {
    /// The request goes on, with these changes.
    Continue(Overrides),
    /// This is the answer. Fetch treats it as if it came from the network: `Set-Cookie`, CORS, content codings and redirects apply.
    Respond(Box<FabricatedResponse>),
    /// The request fails with this error.
    Fail(NetworkError),
}

impl Interception {
    /// The request goes on as it is.
    #[must_use]
    pub fn unchanged() -> Self {
        Self::Continue(Overrides::default())
    }
}

/// An answer that comes from no server.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct FabricatedResponse {
    /// The status, 200 to 999.
    pub status: u16,
    /// The reason phrase.
    pub reason: Vec<u8>,
    /// The headers.
    pub headers: HeaderList,
    /// The body, coded as `Content-Encoding` says.
    pub body: Vec<u8>,
}

/// Changes to a request that goes on. Script and Fetch's checks do not see them: `responseURL`, CORS and relative redirects go
/// by what was asked for.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Overrides {
    /// Where the request goes instead; cookies are those of this URL. Must be http(s).
    pub url: Option<Url>,
    /// The method.
    pub method: Option<Method>,
    /// Headers set (`Some`) or left out (`None`), by name in any case, after everything else has added its own.
    /// `Content-Length` and `Transfer-Encoding` stay what the body makes them.
    pub headers: Vec<(String, Option<Vec<u8>>)>,
    /// The body.
    pub body: Option<Body>,
}

impl Overrides {
    /// Whether nothing is changed.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.url.is_none()
            && self.method.is_none()
            && self.headers.is_empty()
            && self.body.is_none()
    }

    /// Changes the headers of a request as it goes over the wire.
    pub fn apply_to_headers(&self, headers: &mut HeaderList) {
        for (name, value) in &self.headers {
            if name.eq_ignore_ascii_case("content-length")
                || name.eq_ignore_ascii_case("transfer-encoding")
            {
                continue;
            }
            match value {
                Some(value) => headers.set(name, value),
                None => headers.delete(name),
            }
        }
    }
}

impl FetchEnvironment {
    /// Asks the hook, if there is one, about `request`. Contains its panics.
    ///
    /// Fetch does this by itself. A WebSocket does it for its handshake: on [`Interception::Continue`] it goes by
    /// [`Overrides`], on the two others the connection fails.
    #[must_use]
    pub fn intercept(
        &self,
        request: &InterceptedRequest<'_>,
        controller: &FetchController,
    ) -> Interception {
        let Some(interceptor) = &self.interceptor else {
            return Interception::unchanged();
        };
        let ask = AssertUnwindSafe(|| interceptor.intercept(request, controller));
        let decision = catch_unwind(ask).unwrap_or_else(|_| {
            Interception::Fail(NetworkError::Intercepted("the hook panicked".to_owned()))
        });
        if controller.is_aborted() {
            return Interception::Fail(NetworkError::Aborted);
        }
        decision
    }
}

impl fmt::Debug for dyn Interceptor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Interceptor")
    }
}
