//! Origins: who asks, and who may read.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/browsers.html#origin>

use std::sync::atomic::{AtomicU64, Ordering};

use url::{Host, Url};

/// An origin: opaque, or a tuple of scheme, host and port.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Origin {
    /// Equal to itself only. The number tells opaque origins apart; get one from an [`OpaqueOrigins`].
    Opaque(u64),
    /// A tuple origin.
    Tuple {
        /// Lower-case scheme without colon.
        scheme: String,
        /// Domain (ASCII, lower-case) or address.
        host: Host<String>,
        /// Port; the scheme's default port if the URL names none.
        port: u16,
    },
}

impl Origin {
    /// The origin of `url`.
    ///
    /// http(s), ws(s) and ftp URLs have a tuple origin, a `blob:` URL that of the http(s) URL inside it; every other URL,
    /// `file:` included, has an opaque one. Opaque origins made here all carry the number 0 and so equal each other:
    /// where identity matters take the number from [`OpaqueOrigins`].
    ///
    /// Standard: <https://url.spec.whatwg.org/#concept-url-origin>
    #[must_use]
    pub fn of(url: &Url) -> Self {
        match url.scheme() {
            "blob" => match Url::parse(url.path()) {
                Ok(inner) if matches!(inner.scheme(), "http" | "https") => Self::of(&inner),
                _ => Self::Opaque(0),
            },
            "http" | "https" | "ws" | "wss" | "ftp" => {
                match (url.host(), url.port_or_known_default()) {
                    (Some(host), Some(port)) => Self::Tuple {
                        scheme: url.scheme().to_owned(),
                        host: host.to_owned(),
                        port,
                    },
                    _ => Self::Opaque(0),
                }
            }
            _ => Self::Opaque(0),
        }
    }

    /// Whether this is an opaque origin.
    #[must_use]
    pub const fn is_opaque(&self) -> bool {
        matches!(self, Self::Opaque(_))
    }

    /// The ASCII serialization: `null`, or `scheme://host[:port]` without a default port.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin>
    #[must_use]
    pub fn serialize(&self) -> String {
        match self {
            Self::Opaque(_) => "null".to_owned(),
            Self::Tuple { scheme, host, port } => {
                if default_port(scheme) == Some(*port) {
                    format!("{scheme}://{host}")
                } else {
                    format!("{scheme}://{host}:{port}")
                }
            }
        }
    }

    /// Whether `self` and `other` are same origin.
    ///
    /// Opaque origins are the same if their numbers are equal and not 0.
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Opaque(a), Self::Opaque(b)) => a == b && *a != 0,
            _ => self == other,
        }
    }

    /// Whether `url` has this origin. Never true for an opaque origin.
    #[must_use]
    pub fn same_origin_url(&self, url: &Url) -> bool {
        self.same_origin(&Self::of(url))
    }

    /// Whether `self` and `other` are same site, schemes included (schemeful).
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#same-site>
    #[must_use]
    pub fn same_site(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Tuple {
                    scheme: scheme_a,
                    host: host_a,
                    ..
                },
                Self::Tuple {
                    scheme: scheme_b,
                    host: host_b,
                    ..
                },
            ) => scheme_a == scheme_b && same_site_hosts(host_a, host_b),
            _ => self.same_origin(other),
        }
    }

    /// The site as text, scheme and registrable domain or host; `None` for an opaque origin.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#obtain-a-site>
    #[must_use]
    pub fn site(&self) -> Option<String> {
        match self {
            Self::Opaque(_) => None,
            Self::Tuple {
                scheme,
                host: Host::Domain(domain),
                ..
            } => Some(format!(
                "{scheme}://{}",
                registrable_domain(domain).unwrap_or(domain)
            )),
            Self::Tuple { scheme, host, .. } => Some(format!("{scheme}://{host}")),
        }
    }

    /// Whether the origin is potentially trustworthy: https and wss, and loopback hosts by any scheme.
    ///
    /// Standard: <https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy>
    #[must_use]
    pub fn is_potentially_trustworthy(&self) -> bool {
        match self {
            Self::Opaque(_) => false,
            Self::Tuple { scheme, host, .. } => {
                matches!(scheme.as_str(), "https" | "wss")
                    || match host {
                        Host::Ipv4(address) => address.is_loopback(),
                        Host::Ipv6(address) => address.is_loopback(),
                        Host::Domain(domain) => is_localhost(domain),
                    }
            }
        }
    }
}

/// Whether a URL is potentially trustworthy: `about:blank`, `about:srcdoc`, `data:`, `file:`, and what has such an origin.
///
/// Standard: <https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy>
#[must_use]
pub fn is_url_potentially_trustworthy(url: &Url) -> bool {
    match url.scheme() {
        // 1. – 2.
        "about" => matches!(url.path(), "blank" | "srcdoc"),
        "data" => true,
        // 3., and step 6 of the origin's algorithm, for our file: URLs have opaque origins.
        "file" => true,
        _ => Origin::of(url).is_potentially_trustworthy(),
    }
}

/// Numbers for opaque origins that differ from each other, one source for each browser.
#[derive(Debug, Default)]
pub struct OpaqueOrigins(AtomicU64);

impl OpaqueOrigins {
    /// An opaque origin that equals no other one of this source.
    pub fn next_origin(&self) -> Origin {
        Origin::Opaque(self.0.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

/// Whether `domain` is `localhost` or ends in `.localhost`.
#[must_use]
pub fn is_localhost(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    domain.eq_ignore_ascii_case("localhost")
        || domain
            .len()
            .checked_sub(10)
            .and_then(|at| domain.get(at..))
            .is_some_and(|tail| tail.eq_ignore_ascii_case(".localhost"))
}

/// The registrable domain (public suffix and one label) of `domain`, if it has one.
///
/// The public suffix list is the one compiled into the crate `psl`, private section included. A dot at the end stays: such a domain is
/// another site than the one without.
///
/// Standard: <https://url.spec.whatwg.org/#host-registrable-domain>
#[must_use]
pub fn registrable_domain(domain: &str) -> Option<&str> {
    let name = domain.strip_suffix('.').unwrap_or(domain);
    let found = psl::domain_str(name)?;
    domain.get(name.len() - found.len()..)
}

/// Whether `suffix`, as it is written, is a registrable domain suffix of `host` or equal to it. `host` is serialized.
///
/// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#is-a-registrable-domain-suffix-of-or-is-equal-to>
#[must_use]
pub fn is_registrable_domain_suffix(suffix: &str, host: &str) -> bool {
    // 1. – 3.
    let (Ok(suffix), Ok(host)) = (Host::parse(suffix), Host::parse(host)) else {
        return false;
    };
    if suffix == host {
        return true;
    }
    // 4.1 Both must be domains.
    let (Host::Domain(suffix), Host::Domain(host)) = (suffix, host) else {
        return false;
    };
    let ends_in = |whole: &str, end: &str| {
        whole
            .strip_suffix(end)
            .is_some_and(|rest| rest.ends_with('.'))
    };
    // 4.2 The end of it, at a dot; 4.3 and neither a public suffix nor a part of one.
    let public = psl::suffix_str(&host).unwrap_or_default();
    ends_in(&host, &suffix)
        && psl::suffix_str(&suffix) != Some(suffix.as_str())
        && !ends_in(public, &suffix)
}

/// The default port of `scheme`.
#[must_use]
pub fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" | "ws" => Some(80),
        "https" | "wss" => Some(443),
        "ftp" => Some(21),
        _ => None,
    }
}

fn same_site_hosts(a: &Host<String>, b: &Host<String>) -> bool {
    match (a, b) {
        (Host::Domain(a), Host::Domain(b)) => {
            a == b
                || registrable_domain(a).is_some_and(|domain| Some(domain) == registrable_domain(b))
        }
        _ => a == b,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn origin(url: &str) -> Origin {
        Origin::of(&Url::parse(url).expect("the test gives a URL"))
    }

    #[test]
    fn a_registrable_suffix_is_no_public_one_and_starts_behind_a_dot() {
        let cases = [
            ("example.com", "example.com", true),
            ("EXAMPLE.com", "www.example.com", true),
            ("0.0.0.0", "0.0.0.0", true),
            ("0.0.0.0", "1.0.0.0", false),
            ("0x10203", "0.1.2.3", true),
            ("com", "example.com", false),
            ("", "example.com", false),
            (".example.com", "www.example.com", false),
            ("ample.com", "example.com", false),
            ("example.com", "example.com.", false),
            ("www.example.com", "example.com", false),
            ("co.uk", "www.example.co.uk", false),
            ("localhost", "localhost", true),
            ("localhost", "a.localhost", false),
        ];
        for (suffix, host, expected) in cases {
            let found = is_registrable_domain_suffix(suffix, host);
            assert_eq!(found, expected, "{suffix} of {host}");
        }
    }

    #[test]
    fn default_port_is_left_out_of_the_serialization() {
        assert_eq!(origin("http://a.test:80/x").serialize(), "http://a.test");
        assert_eq!(
            origin("https://a.test:80/x").serialize(),
            "https://a.test:80"
        );
        assert_eq!(origin("file:///x").serialize(), "null");
        assert_eq!(
            origin("blob:https://a.test/1-2").serialize(),
            "https://a.test"
        );
    }

    #[test]
    fn opaque_origins_without_a_number_are_never_same_origin() {
        assert!(!origin("file:///x").same_origin(&origin("file:///x")));
        let source = OpaqueOrigins::default();
        let one = source.next_origin();
        assert!(one.same_origin(&one.clone()));
        assert!(!one.same_origin(&source.next_origin()));
    }

    #[test]
    fn same_site_needs_the_same_registrable_domain_and_scheme() {
        assert!(origin("https://a.example.com").same_site(&origin("https://b.example.com:8443")));
        assert!(!origin("http://a.example.com").same_site(&origin("https://a.example.com")));
        assert!(!origin("https://a.github.io").same_site(&origin("https://b.github.io")));
        assert!(!origin("http://127.0.0.1").same_site(&origin("http://127.0.0.2")));
        assert!(!origin("https://a.example.com").same_site(&origin("https://b.example.com.")));
        assert!(origin("https://a.example.com.").same_site(&origin("https://b.example.com.")));
    }
}
