//! The cookie store.
//!
//! Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model>

use std::time::SystemTime;

use url::{Host, Url};

use super::set_cookie::SetCookie;
use super::{SameSite, SameSiteMode};
use crate::origin::Origin;

/// A stored cookie.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cookie {
    /// The name; may be empty.
    pub name: Vec<u8>,
    /// The value.
    pub value: Vec<u8>,
    /// The host it belongs to: lower-case, without a leading dot.
    pub domain: String,
    /// Whether only that host itself gets it, not its subdomains.
    pub host_only: bool,
    /// The path it belongs to; starts with `/`.
    pub path: String,
    /// When it ends; `None`: with the session, that is, with the jar.
    pub expires: Option<SystemTime>,
    /// Whether only secure connections carry it.
    pub secure: bool,
    /// Whether script cannot see it.
    pub http_only: bool,
    /// Its `SameSite` attribute.
    pub same_site: SameSite,
    /// The registrable domain of `domain`, by which cookies are counted.
    pub(super) site: String,
    /// Order of creation, kept when the cookie is replaced.
    pub(super) creation: u64,
    /// Order of last use.
    pub(super) last_access: u64,
}

/// The cookies of a browser. At most 180 are kept for a registrable domain and 3,300 in all; those unused for longest go
/// first.
///
/// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis>
#[derive(Clone, Debug, Default)]
pub struct CookieJar {
    pub(super) cookies: Vec<Cookie>,
    counter: u64,
}

/// Who sets a cookie.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Source {
    Http { is_same_site: bool },
    Script { is_same_site: bool },
}

impl Source {
    const fn is_script(self) -> bool {
        matches!(self, Self::Script { .. })
    }

    const fn is_same_site(self) -> bool {
        match self {
            Self::Http { is_same_site } | Self::Script { is_same_site } => is_same_site,
        }
    }
}

impl CookieJar {
    const MAX_PER_DOMAIN: usize = 180;
    const MAX: usize = 3300;

    /// An empty jar.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All cookies, expired ones included until the next use.
    pub fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.cookies.iter()
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }

    /// Takes in the value of one `Set-Cookie` header of a response from `url`. `is_same_site` says whether its request may
    /// set `SameSite` cookies. Gives whether a cookie was stored or removed.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#parse-and-store-response-set-cookie-headers>
    pub fn set_from_header(
        &mut self,
        url: &Url,
        value: &[u8],
        is_same_site: bool,
        now: SystemTime,
    ) -> bool {
        let Some(cookie) = SetCookie::parse(value, now) else {
            return false;
        };
        self.store(url, cookie, Source::Http { is_same_site }, now)
            .is_some()
    }

    /// The `Cookie` header for a request to `url`; `None` if there is none to send.
    ///
    /// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-retrieval-algorithm>
    pub fn header_for(
        &mut self,
        url: &Url,
        mode: SameSiteMode,
        now: SystemTime,
    ) -> Option<Vec<u8>> {
        self.retrieve(url, now, |cookie| mode.sends(cookie.same_site))
    }

    /// `document.cookie` of a document at `url`: the cookies that script may see. Bytes that are not UTF-8 become U+FFFD. `is_same_site`
    /// says whether the document and all around it are of one site, so that it has `SameSite` cookies.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie>
    pub fn document_cookie(&mut self, url: &Url, is_same_site: bool, now: SystemTime) -> String {
        let value = self.retrieve(url, now, |cookie| {
            !cookie.http_only && (is_same_site || cookie.same_site == SameSite::None)
        });
        String::from_utf8_lossy(&value.unwrap_or_default()).into_owned()
    }

    /// Sets `document.cookie` of a document at `url`; `is_same_site` as in [`Self::document_cookie`]. Gives whether a cookie was stored or
    /// removed.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/dom.html#dom-document-cookie>
    pub fn set_document_cookie(
        &mut self,
        url: &Url,
        value: &str,
        is_same_site: bool,
        now: SystemTime,
    ) -> bool {
        let Some(cookie) = SetCookie::parse(value.as_bytes(), now) else {
            return false;
        };
        self.store(url, cookie, Source::Script { is_same_site }, now)
            .is_some()
    }

    /// The storage algorithm; `None` where it says to ignore the cookie.
    ///
    /// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-storage-model>
    fn store(&mut self, url: &Url, set: SetCookie, source: Source, now: SystemTime) -> Option<()> {
        let host = host_of(url)?;
        let is_secure = is_secure(url);
        // Domain: a public suffix counts only for the host itself, a foreign domain not at all.
        let domain = match set.domain {
            Some(domain) if is_public_suffix(&domain) && domain != host => return None,
            Some(domain) if is_public_suffix(&domain) => None,
            Some(domain) if domain_matches(&host, &domain) => Some(domain),
            Some(_) => return None,
            None => None,
        };
        let (domain, host_only) = match domain {
            Some(domain) => (domain, false),
            None => (host, true),
        };
        let path = match &set.path {
            Some(path) => String::from_utf8_lossy(path).into_owned(),
            None => default_path(url),
        };
        // Secure only over a secure connection.
        if set.secure && !is_secure {
            return None;
        }
        // HttpOnly only over HTTP.
        if set.http_only && source.is_script() {
            return None;
        }
        // An insecure connection does not cover a secure cookie with one of its own.
        let covers = |cookie: &Cookie| {
            cookie.secure
                && cookie.name == set.name
                && (domain_matches(&cookie.domain, &domain)
                    || domain_matches(&domain, &cookie.domain))
                && path_matches(&path, &cookie.path)
        };
        if !set.secure && !is_secure && self.cookies.iter().any(covers) {
            return None;
        }
        // SameSite: cross-site requests and documents set only those that are meant for them.
        if set.same_site != SameSite::None && !source.is_same_site() {
            return None;
        }
        if set.same_site == SameSite::None && !set.secure {
            return None;
        }
        // Prefixes. A nameless cookie must not look like a prefixed one once it is sent.
        let named = if set.name.is_empty() {
            &set.value
        } else {
            &set.name
        };
        let has_prefix = |prefix: &[u8]| {
            named
                .get(..prefix.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        let is_host_prefixed = has_prefix(b"__host-") || has_prefix(b"__host-http-");
        let is_prefixed = is_host_prefixed || has_prefix(b"__secure-") || has_prefix(b"__http-");
        if is_prefixed && (set.name.is_empty() || !set.secure) {
            return None;
        }
        if is_host_prefixed && (!host_only || path != "/" || set.path.is_none()) {
            return None;
        }
        let is_http_prefixed = has_prefix(b"__http-") || has_prefix(b"__host-http-");
        if is_http_prefixed && (!set.http_only || source.is_script()) {
            return None;
        }
        // An older cookie of the same name, domain and path is replaced; it keeps its place in the order.
        self.counter += 1;
        let mut creation = self.counter;
        let old = self.cookies.iter().position(|cookie| {
            cookie.name == set.name
                && cookie.domain == domain
                && cookie.host_only == host_only
                && cookie.path == path
        });
        if let Some(at) = old {
            if source.is_script() && self.cookies.get(at)?.http_only {
                return None;
            }
            creation = self.cookies.remove(at).creation;
        }
        // A time in the past: the removal was all.
        if set.expires.is_some_and(|expires| expires <= now) {
            return Some(());
        }
        self.cookies.push(Cookie {
            name: set.name,
            value: set.value,
            site: site_of(&domain).to_owned(),
            domain,
            host_only,
            path,
            expires: set.expires,
            secure: set.secure,
            http_only: set.http_only,
            same_site: set.same_site,
            creation,
            last_access: self.counter,
        });
        self.evict(now);
        Some(())
    }

    /// Adds a cookie from a file, replacing one of the same name, domain and path.
    pub(super) fn add(&mut self, mut cookie: Cookie) {
        self.counter += 1;
        cookie.creation = self.counter;
        cookie.last_access = self.counter;
        site_of(&cookie.domain).clone_into(&mut cookie.site);
        self.cookies.retain(|other| {
            other.name != cookie.name || other.domain != cookie.domain || other.path != cookie.path
        });
        self.cookies.push(cookie);
    }

    fn retrieve(
        &mut self,
        url: &Url,
        now: SystemTime,
        may: impl Fn(&Cookie) -> bool,
    ) -> Option<Vec<u8>> {
        self.remove_expired(now);
        let host = host_of(url)?;
        let is_secure = is_secure(url);
        self.counter += 1;
        let access = self.counter;
        // 1. Which ones match.
        let mut found: Vec<&mut Cookie> = self
            .cookies
            .iter_mut()
            .filter(|cookie| {
                let is_domain = if cookie.host_only {
                    cookie.domain == host
                } else {
                    domain_matches(&host, &cookie.domain)
                };
                is_domain
                    && path_matches(url.path(), &cookie.path)
                    && (is_secure || !cookie.secure)
                    && may(cookie)
            })
            .collect();
        // 2. Longer paths first, then older ones.
        found.sort_by_key(|cookie| (std::cmp::Reverse(cookie.path.len()), cookie.creation));
        // 3. and 4. Note the access, write them out.
        let mut value = Vec::new();
        for cookie in found {
            cookie.last_access = access;
            if !value.is_empty() {
                value.extend_from_slice(b"; ");
            }
            if !cookie.name.is_empty() {
                value.extend_from_slice(&cookie.name);
                value.push(b'=');
            }
            value.extend_from_slice(&cookie.value);
        }
        (!value.is_empty()).then_some(value)
    }

    pub(super) fn remove_expired(&mut self, now: SystemTime) {
        self.cookies
            .retain(|cookie| cookie.expires.is_none_or(|expires| expires > now));
    }

    /// Keeps the numbers within bounds: expired ones go, then within the domain those not secure, then the least used.
    fn evict(&mut self, now: SystemTime) {
        let Some(newest) = self.cookies.last() else {
            return;
        };
        let site = newest.site.clone();
        let newest = newest.creation;
        let of_site = |cookie: &Cookie| cookie.site == site;
        let mut count = self.cookies.iter().filter(|cookie| of_site(cookie)).count();
        if count > Self::MAX_PER_DOMAIN {
            self.remove_expired(now);
            count = self.cookies.iter().filter(|cookie| of_site(cookie)).count();
        }
        while count > Self::MAX_PER_DOMAIN {
            let victim = self
                .cookies
                .iter()
                .filter(|cookie| of_site(cookie) && cookie.creation != newest)
                .min_by_key(|cookie| (cookie.secure, cookie.last_access))
                .map(|cookie| cookie.creation);
            self.cookies
                .retain(|cookie| Some(cookie.creation) != victim);
            count -= 1;
        }
        while self.cookies.len() > Self::MAX {
            let victim = self
                .cookies
                .iter()
                .map(|cookie| (cookie.last_access, cookie.creation))
                .min();
            self.cookies
                .retain(|cookie| Some((cookie.last_access, cookie.creation)) != victim);
        }
    }
}

/// The host in the form that cookies compare: addresses without brackets.
fn host_of(url: &Url) -> Option<String> {
    if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
        return None;
    }
    Some(url.host()?.to_string())
}

/// Whether the connection counts as secure: https, and loopback as browsers do.
fn is_secure(url: &Url) -> bool {
    Origin::of(url).is_potentially_trustworthy()
}

/// Whether `domain` is a public suffix; an unlisted single label such as `localhost` is one too.
fn is_public_suffix(domain: &str) -> bool {
    if matches!(
        Host::parse(domain),
        Ok(Host::Ipv4(_) | Host::Ipv6(_)) | Err(_)
    ) {
        return false;
    }
    psl::suffix_str(domain) == Some(domain)
}

/// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-domain-matching>
fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || (host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.ends_with('.'))
            && matches!(Host::parse(host), Ok(Host::Domain(_))))
}

/// Standard: <https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#name-paths-and-path-match>
fn path_matches(request_path: &str, cookie_path: &str) -> bool {
    match request_path.strip_prefix(cookie_path) {
        Some(rest) => rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'),
        None => false,
    }
}

fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => "/".to_owned(),
        Some(at) => url.path().get(..at).unwrap_or("/").to_owned(),
    }
}

fn site_of(domain: &str) -> &str {
    psl::domain_str(domain).unwrap_or(domain)
}
