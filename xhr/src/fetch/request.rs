//! Requests.
//!
//! Standard: <https://fetch.spec.whatwg.org/#requests>

use std::sync::Arc;

use url::Url;

use crate::body::Blob;
use crate::http::{HeaderList, Method};
use crate::origin::Origin;

/// A request, as plain data. [`Request::new`] gives the standard's defaults; set fields from there.
///
/// Its client is spelled out in fields: [`origin`](Self::origin), [`referrer`](Self::referrer) and
/// [`site_for_cookies`](Self::site_for_cookies).
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-request>
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, already normalised. Default: GET.
    pub method: Method,
    /// The URL asked for first. Its fragment is kept, and not sent.
    pub url: Url,
    /// The URLs that redirects led to, in order. Default: none. Set by fetch only.
    pub redirect_urls: Vec<Url>,
    /// The headers ("author request headers" of XHR). Default: none.
    pub header_list: HeaderList,
    /// The body. Default: none. `Content-Type` is a header, not part of it.
    pub body: Option<Body>,
    /// Whether there is, instead, a body that its maker streams and whose length nobody knows ("source" null). HTTP/1.x cannot
    /// carry it: such a request ends in a network error there. Default: no.
    pub has_streamed_body: bool,
    /// Whether it may outlive who asks. It is up to the driver to let it, and to bound how much such requests send. Default: no.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#request-keepalive-flag>
    pub keepalive: bool,
    /// Who asks.
    pub origin: Origin,
    /// The referrer; the client's URL already filled in. Default: none.
    pub referrer: Referrer,
    /// Default: strict-origin-when-cross-origin.
    pub referrer_policy: ReferrerPolicy,
    /// Default: no-cors.
    pub mode: Mode,
    /// Default: same-origin.
    pub credentials_mode: CredentialsMode,
    /// Whether user name and password of the URL are sent without waiting for a challenge. Default: no.
    pub use_url_credentials: bool,
    /// Default: follow.
    pub redirect_mode: RedirectMode,
    /// Default: default.
    pub cache_mode: CacheMode,
    /// Default: the empty string.
    pub destination: Destination,
    /// Default: none.
    pub initiator_type: Option<InitiatorType>,
    /// Whether headers and method beyond the safelist ask for a preflight ("unsafe-request flag"). Default: no.
    pub unsafe_request: bool,
    /// Whether a preflight is made in any case ("use-CORS-preflight flag"): XHR sets it for upload listeners. Default: no.
    pub use_cors_preflight: bool,
    /// Default: basic. Set by fetch only.
    pub response_tainting: ResponseTainting,
    /// Redirects followed so far. Default: 0. Set by fetch only.
    pub redirect_count: u32,
    /// The site that all documents around are of, for `SameSite` cookies: the origin of the top-level one, an opaque origin if another
    /// site's stands between; `None` means that of [`origin`](Self::origin). Default: `None`.
    pub site_for_cookies: Option<Origin>,
    /// The origin of the top-level document, for what is kept apart by it; `None` means [`origin`](Self::origin). Default: `None`.
    pub top_level_origin: Option<Origin>,
    /// Whether the user, not a page, asked (address bar, command line): such a navigation is same-site. Default: no.
    pub user_initiated: bool,
    /// What a `blob:` URL meant when it was parsed; `None` leaves it to the environment's store. Default: `None`.
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-url-blob-entry>
    pub blob_url_entry: Option<Blob>,
    /// Hashes of which the response's body must have one, as in the `integrity` attribute. Default: the empty string, none.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-request-integrity-metadata>
    pub integrity_metadata: String,
    /// A limit for the response body in bytes that replaces the environment's. Default: `None`.
    pub max_body_bytes: Option<u64>,
}

impl Request {
    /// A GET of `url` by `origin` with the standard's defaults.
    #[must_use]
    pub const fn new(url: Url, origin: Origin) -> Self {
        Self {
            method: Method::GET,
            url,
            redirect_urls: Vec::new(),
            header_list: HeaderList::new(),
            body: None,
            has_streamed_body: false,
            keepalive: false,
            origin,
            referrer: Referrer::NoReferrer,
            referrer_policy: ReferrerPolicy::StrictOriginWhenCrossOrigin,
            mode: Mode::NoCors,
            credentials_mode: CredentialsMode::SameOrigin,
            use_url_credentials: false,
            redirect_mode: RedirectMode::Follow,
            cache_mode: CacheMode::Default,
            destination: Destination::Empty,
            initiator_type: None,
            unsafe_request: false,
            use_cors_preflight: false,
            response_tainting: ResponseTainting::Basic,
            redirect_count: 0,
            site_for_cookies: None,
            top_level_origin: None,
            user_initiated: false,
            blob_url_entry: None,
            integrity_metadata: String::new(),
            max_body_bytes: None,
        }
    }

    /// The last URL of the URL list.
    #[must_use]
    pub fn current_url(&self) -> &Url {
        self.redirect_urls.last().unwrap_or(&self.url)
    }

    pub(super) fn current_url_mut(&mut self) -> &mut Url {
        self.redirect_urls.last_mut().unwrap_or(&mut self.url)
    }

    /// Whether credentials go along (step 8.3 of HTTP-network-or-cache fetch).
    pub(super) fn includes_credentials(&self) -> bool {
        match self.credentials_mode {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => self.response_tainting == ResponseTainting::Basic,
            CredentialsMode::Omit => false,
        }
    }

    /// The current URL as its asker knows it, without its fragment: that of a WebSocket's handshake has the scheme ws or wss.
    pub(super) fn shown_url(&self) -> Url {
        let mut url = self.current_url().clone();
        url.set_fragment(None);
        if self.mode == Mode::WebSocket {
            let scheme = if url.scheme() == "https" { "wss" } else { "ws" };
            // Both are special schemes, so this does not fail.
            let _ = url.set_scheme(scheme);
        }
        url
    }

    /// All URLs, first to current.
    pub fn url_list(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.url).chain(&self.redirect_urls)
    }
}

/// A request's body: bytes in memory, cheap to clone, so that a redirect or a retry can send it again.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Body(Arc<Vec<u8>>);

impl Body {
    /// A body of these bytes.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(Arc::new(bytes.into()))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether the body has no bytes. Unlike no body, it is sent, with `Content-Length: 0`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::new(bytes)
    }
}

/// A request's referrer, with the client's URL already put in.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Referrer {
    /// None is sent.
    NoReferrer,
    /// This URL, cut down as the referrer policy says.
    Url(Url),
}

/// Referrer policies.
///
/// Standard: <https://w3c.github.io/webappsec-referrer-policy/#referrer-policies>
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum ReferrerPolicy {
    /// `no-referrer`.
    NoReferrer,
    /// `no-referrer-when-downgrade`.
    NoReferrerWhenDowngrade,
    /// `same-origin`.
    SameOrigin,
    /// `origin`.
    Origin,
    /// `strict-origin`.
    StrictOrigin,
    /// `origin-when-cross-origin`.
    OriginWhenCrossOrigin,
    /// `strict-origin-when-cross-origin`, the default.
    #[default]
    StrictOriginWhenCrossOrigin,
    /// `unsafe-url`.
    UnsafeUrl,
}

/// What the request may do across origins.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mode {
    /// A cross-origin URL is a network error.
    SameOrigin,
    /// The CORS protocol decides.
    Cors,
    /// Cross-origin responses are opaque.
    NoCors,
    /// A document load. The response is whole, whatever its origin.
    Navigate,
    /// The handshake of a WebSocket: any origin, and the server decides by the `Origin` header.
    WebSocket,
}

/// When cookies and other credentials go along.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CredentialsMode {
    /// Never.
    Omit,
    /// To the same origin.
    SameOrigin,
    /// Always.
    Include,
}

/// What a redirect does.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RedirectMode {
    /// It is followed.
    Follow,
    /// It is a network error.
    Error,
    /// It is handed to the caller: an opaque-redirect response, and for a navigation a response whose
    /// `Location` the caller may read.
    Manual,
}

/// Cache modes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum CacheMode {
    /// `default`.
    Default,
    /// `no-store`.
    NoStore,
    /// `reload`.
    Reload,
    /// `no-cache`.
    NoCache,
    /// `force-cache`.
    ForceCache,
    /// `only-if-cached`.
    OnlyIfCached,
}

/// What the response is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Destination {
    /// The empty string: XHR, `fetch()`.
    Empty,
    /// A top-level document.
    Document,
    /// A frame's document.
    Iframe,
    /// What an `object` element shows.
    Object,
    /// What an `embed` element shows.
    Embed,
    /// A script.
    Script,
    /// A worker's script.
    Worker,
    /// A style sheet.
    Style,
    /// An image.
    Image,
    /// A JSON module.
    Json,
}

impl Destination {
    /// Whether it is a document, of a window or of an element that shows one.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#navigation-request>
    #[must_use]
    pub const fn is_navigation(self) -> bool {
        matches!(
            self,
            Self::Document | Self::Iframe | Self::Object | Self::Embed
        )
    }
}

/// Who started the request, for reports.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InitiatorType {
    /// XMLHttpRequest.
    XmlHttpRequest,
    /// `fetch()`.
    Fetch,
    /// A navigation.
    Navigation,
    /// A script element.
    Script,
    /// A WebSocket.
    WebSocket,
    /// An EventSource.
    EventSource,
    /// Any other.
    Other,
}

/// What may be read of the response.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ResponseTainting {
    /// All but forbidden response headers.
    Basic,
    /// What CORS exposes.
    Cors,
    /// Nothing.
    Opaque,
}
