//! `Request`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#request-class>

use url::Url;

use super::FetchApiError;
use crate::body::Blob;
use crate::fetch::{
    Body, CacheMode, CredentialsMode, InitiatorType, Mode, RedirectMode, Referrer, ReferrerPolicy,
    Request,
};
use crate::http::{HeaderList, Method};
use crate::xml_http_request::ClientSettings;

/// The first argument of the constructor.
#[derive(Clone, Copy, Debug)]
pub enum RequestInput<'a> {
    /// A URL, relative to the base URL.
    Url(&'a str),
    /// Another object.
    Request(&'a RequestObject),
}

/// The members of the second argument that this crate knows; what was not given is `None`.
#[derive(Clone, Debug, Default)]
pub struct RequestInit {
    /// Whether no member at all was given.
    pub is_empty: bool,
    /// Not normalised.
    pub method: Option<Vec<u8>>,
    /// What is sent as referrer: a URL, `about:client` or the empty string.
    pub referrer: Option<String>,
    /// `Some(None)` is the empty string, the client's own policy.
    pub referrer_policy: Option<Option<ReferrerPolicy>>,
    /// What the request may do across origins.
    pub mode: Option<Mode>,
    /// When cookies go along.
    pub credentials: Option<CredentialsMode>,
    /// Which request headers for caches are sent.
    pub cache: Option<CacheMode>,
    /// What a redirect does.
    pub redirect: Option<RedirectMode>,
    /// Integrity metadata.
    pub integrity: Option<String>,
    /// Whether the request may outlive its window.
    pub keepalive: Option<bool>,
}

/// What is sent as referrer.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum RequestReferrer {
    /// The client's URL.
    Client,
    /// Nothing.
    NoReferrer,
    /// This URL.
    Url(Url),
}

/// A `Request` object, but for its headers and its body.
#[derive(Clone, Debug)]
pub struct RequestObject {
    method: Method,
    url: Url,
    referrer: RequestReferrer,
    referrer_policy: Option<ReferrerPolicy>,
    mode: Mode,
    credentials: CredentialsMode,
    cache: CacheMode,
    redirect: RedirectMode,
    integrity: String,
    keepalive: bool,
    blob_url_entry: Option<Blob>,
}

impl RequestObject {
    /// Runs the constructor steps up to the headers.
    ///
    /// # Errors
    /// [`FetchApiError::Type`] for whatever is wrong with URL, mode, method or referrer.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-request>
    pub fn new(
        input: RequestInput<'_>,
        init: RequestInit,
        settings: &ClientSettings,
    ) -> Result<Self, FetchApiError> {
        let (mut request, fallback_mode) = match input {
            // 5. A URL: 5.1. – 5.3. it parses and has no credentials; 5.4. – 5.5. the defaults.
            RequestInput::Url(url) => {
                let url = settings
                    .base_url
                    .join(url)
                    .map_err(|_| FetchApiError::Type("the URL does not parse"))?;
                if !url.username().is_empty() || url.password().is_some() {
                    return Err(FetchApiError::Type("the URL has credentials in it"));
                }
                (Self::with_url(url), Some(Mode::Cors))
            }
            // 6. Another request. 12. A copy of it.
            RequestInput::Request(request) => (request.clone(), None),
        };
        // 13. Some member is given: what the input says of navigation and referrer is off.
        if !init.is_empty {
            if request.mode == Mode::Navigate {
                request.mode = Mode::SameOrigin;
            }
            request.referrer = RequestReferrer::Client;
            request.referrer_policy = None;
        }
        // 14. The referrer.
        if let Some(referrer) = init.referrer {
            request.referrer = parse_referrer(&referrer, settings)?;
        }
        // 15. Its policy.
        if let Some(policy) = init.referrer_policy {
            request.referrer_policy = policy;
        }
        // 16. – 18. The mode, which script cannot have navigate.
        match init.mode.or(fallback_mode) {
            Some(Mode::Navigate) => {
                return Err(FetchApiError::Type("the mode cannot be navigate"));
            }
            Some(mode) => request.mode = mode,
            None => {}
        }
        // 19. – 20. Credentials and cache mode.
        request.credentials = init.credentials.unwrap_or(request.credentials);
        request.cache = init.cache.unwrap_or(request.cache);
        // 21. Only the same origin can be asked for from the cache alone.
        if request.cache == CacheMode::OnlyIfCached && request.mode != Mode::SameOrigin {
            return Err(FetchApiError::Type(
                "the cache mode only-if-cached needs the mode same-origin",
            ));
        }
        // 22. – 24. Redirect mode, integrity metadata, keepalive.
        request.redirect = init.redirect.unwrap_or(request.redirect);
        request.integrity = init.integrity.unwrap_or(request.integrity);
        request.keepalive = init.keepalive.unwrap_or(request.keepalive);
        // 25. The method: a token, not forbidden, normalised.
        if let Some(method) = init.method {
            let method = Method::parse(&method)
                .ok_or(FetchApiError::Type("the method is not an HTTP token"))?;
            if method.is_forbidden() {
                return Err(FetchApiError::Type(
                    "the methods CONNECT, TRACE and TRACK are forbidden",
                ));
            }
            request.method = method.normalize();
        }
        // 32.1. Without CORS only simple methods.
        if request.mode == Mode::NoCors && !request.method.is_cors_safelisted() {
            return Err(FetchApiError::Type(
                "the mode no-cors allows GET, HEAD and POST only",
            ));
        }
        Ok(request)
    }

    /// The standard's defaults.
    const fn with_url(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            referrer: RequestReferrer::Client,
            referrer_policy: None,
            mode: Mode::Cors,
            credentials: CredentialsMode::SameOrigin,
            cache: CacheMode::Default,
            redirect: RedirectMode::Follow,
            integrity: String::new(),
            keepalive: false,
            blob_url_entry: None,
        }
    }

    /// The method, normalised.
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// Whether the method allows a body: not GET and HEAD.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        !matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// The URL, fragment included.
    #[must_use]
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The referrer as script reads it.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-request-referrer>
    #[must_use]
    pub fn referrer(&self) -> &str {
        match &self.referrer {
            RequestReferrer::NoReferrer => "",
            RequestReferrer::Client => "about:client",
            RequestReferrer::Url(url) => url.as_str(),
        }
    }

    /// The referrer policy; `None` is the client's.
    #[must_use]
    pub const fn referrer_policy(&self) -> Option<ReferrerPolicy> {
        self.referrer_policy
    }

    /// The mode.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// The credentials mode.
    #[must_use]
    pub const fn credentials(&self) -> CredentialsMode {
        self.credentials
    }

    /// The cache mode.
    #[must_use]
    pub const fn cache(&self) -> CacheMode {
        self.cache
    }

    /// The redirect mode.
    #[must_use]
    pub const fn redirect(&self) -> RedirectMode {
        self.redirect
    }

    /// The integrity metadata.
    #[must_use]
    pub fn integrity(&self) -> &str {
        &self.integrity
    }

    /// Whether the request asks to outlive its window.
    #[must_use]
    pub const fn keepalive(&self) -> bool {
        self.keepalive
    }

    /// What the URL means if it is a `blob:` URL; it may be revoked before the request goes out.
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-url-blob-entry>
    pub fn set_blob_url_entry(&mut self, entry: Option<Blob>) {
        self.blob_url_entry = entry;
    }

    /// The request that goes out for script of `settings`.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#dom-global-fetch>
    #[must_use]
    pub fn request(
        &self,
        headers: &HeaderList,
        body: Option<Body>,
        settings: &ClientSettings,
    ) -> Request {
        let mut request = Request::new(self.url.clone(), settings.origin.clone());
        request.method = self.method.clone();
        // Values of one header in several lines become one line, as browsers send them.
        for (name, value) in headers.iter() {
            request.header_list.combine(name, value);
        }
        request.unsafe_request = true;
        request.body = body;
        request.referrer = match &self.referrer {
            RequestReferrer::Client => settings.referrer.clone(),
            RequestReferrer::NoReferrer => Referrer::NoReferrer,
            RequestReferrer::Url(url) => Referrer::Url(url.clone()),
        };
        request.referrer_policy = self.referrer_policy.unwrap_or(settings.referrer_policy);
        request
            .site_for_cookies
            .clone_from(&settings.site_for_cookies);
        request.mode = self.mode;
        request.credentials_mode = self.credentials;
        request.cache_mode = self.cache;
        request.redirect_mode = self.redirect;
        request.keepalive = self.keepalive;
        request.initiator_type = Some(InitiatorType::Fetch);
        request.integrity_metadata.clone_from(&self.integrity);
        request.blob_url_entry.clone_from(&self.blob_url_entry);
        request
    }
}

/// Step 14 of the constructor.
fn parse_referrer(
    referrer: &str,
    settings: &ClientSettings,
) -> Result<RequestReferrer, FetchApiError> {
    // 14.2. Empty: none.
    if referrer.is_empty() {
        return Ok(RequestReferrer::NoReferrer);
    }
    // 14.3.1. – 14.3.2. It must parse.
    let url = settings
        .base_url
        .join(referrer)
        .map_err(|_| FetchApiError::Type("the referrer does not parse"))?;
    // 14.3.3. about:client, or of another origin: the client.
    let is_client = url.scheme() == "about" && url.path() == "client";
    if is_client || !settings.origin.same_origin_url(&url) {
        return Ok(RequestReferrer::Client);
    }
    // 14.3.4.
    Ok(RequestReferrer::Url(url))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> ClientSettings {
        ClientSettings::new(Url::parse("https://a.test/dir/page").expect("a URL"))
    }

    fn given(init: RequestInit) -> Result<RequestObject, FetchApiError> {
        RequestObject::new(RequestInput::Url("x?y#z"), init, &settings())
    }

    #[test]
    fn a_url_is_resolved_and_gets_the_defaults() {
        let request = given(RequestInit::default()).expect("a request");
        assert_eq!(request.url().as_str(), "https://a.test/dir/x?y#z");
        assert_eq!(request.mode(), Mode::Cors);
        assert_eq!(request.referrer(), "about:client");
        let sent = request.request(&HeaderList::new(), None, &settings());
        let page = Url::parse("https://a.test/dir/page").expect("a URL");
        assert_eq!(sent.referrer, Referrer::Url(page));
        assert!(sent.unsafe_request);
    }

    #[test]
    fn what_cannot_be_asked_for_is_a_type_error() {
        let url =
            |url| RequestObject::new(RequestInput::Url(url), RequestInit::default(), &settings());
        assert!(url("https://u:p@a.test/").is_err());
        assert!(url("http://[").is_err());
        for method in [&b"TRACE"[..], b"tRaCk", b"a b", b""] {
            let method = Some(method.to_vec());
            assert!(
                given(RequestInit {
                    method,
                    ..RequestInit::default()
                })
                .is_err()
            );
        }
        assert!(
            given(RequestInit {
                mode: Some(Mode::Navigate),
                ..RequestInit::default()
            })
            .is_err()
        );
        assert!(
            given(RequestInit {
                mode: Some(Mode::NoCors),
                method: Some(b"PUT".to_vec()),
                ..RequestInit::default()
            })
            .is_err()
        );
        assert!(
            given(RequestInit {
                cache: Some(CacheMode::OnlyIfCached),
                ..RequestInit::default()
            })
            .is_err()
        );
    }

    #[test]
    fn a_copy_keeps_its_referrer_only_without_further_members() {
        let first = given(RequestInit {
            referrer: Some("/other".to_owned()),
            ..RequestInit::default()
        })
        .expect("a request");
        assert_eq!(first.referrer(), "https://a.test/other");
        let copy = |is_empty| {
            let init = RequestInit {
                is_empty,
                ..RequestInit::default()
            };
            RequestObject::new(RequestInput::Request(&first), init, &settings()).expect("a request")
        };
        assert_eq!(copy(true).referrer(), "https://a.test/other");
        assert_eq!(copy(false).referrer(), "about:client");
    }

    #[test]
    fn a_foreign_referrer_is_the_clients() {
        let request = given(RequestInit {
            referrer: Some("https://b.test/".to_owned()),
            ..RequestInit::default()
        });
        assert_eq!(request.expect("a request").referrer(), "about:client");
    }
}
