//! What a fetch needs from its embedder: transport, cookies, caches, limits, policy, observers, time.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use url::Url;

use crate::body::Blob;
use crate::cookies::CookieJar;
use crate::error::NetworkError;
use crate::fetch::{
    AuthenticationEntries, Authenticator, Destination, InitiatorType, PreflightCache,
};
use crate::http::{HeaderList, Method};
use crate::http_cache::HttpCache;
use crate::interception::Interceptor;
use crate::recording::RecordedExchange;
use crate::transport::Transport;

/// Everything a fetch takes from outside. Cheap to clone: what is shared stays shared.
///
/// ```no_run
/// use std::sync::Arc;
/// use readystate_xhr::environment::FetchEnvironment;
/// use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
///
/// let transport = UreqTransport::new(TransportOptions::default())?;
/// let mut environment = FetchEnvironment::new(Arc::new(transport));
/// environment.user_agent = "my crawler/1.0".to_owned();
/// # Ok::<(), readystate_xhr::NetworkError>(())
/// ```
#[derive(Clone)]
pub struct FetchEnvironment {
    /// Through which all bytes go.
    pub transport: Arc<dyn Transport>,
    /// The cookies. Default: an empty jar.
    pub cookie_jar: Arc<Mutex<CookieJar>>,
    /// What preflights allowed. Default: empty.
    pub preflight_cache: Arc<Mutex<PreflightCache>>,
    /// Responses that may be used again; `None` for no cache. Default: an empty one in memory, see [`HttpCache`].
    ///
    /// The [`interceptor`](Self::interceptor) stands before it; a request whose headers it changes goes past it.
    pub http_cache: Option<Arc<HttpCache>>,
    /// User names and passwords that servers accepted. Default: empty.
    pub authentication_entries: Arc<Mutex<AuthenticationEntries>>,
    /// Asked for a user name and password where a server wants them and the URL has none. Default: none.
    pub authenticator: Option<Arc<dyn Authenticator>>,
    /// `User-Agent`. Default: `readystate/` and the version.
    pub user_agent: String,
    /// `Accept-Language`. Default: `en-US,en;q=0.9`.
    pub accept_language: String,
    /// Headers added to every HTTP request that does not have them. CORS does not see them. Default: none.
    pub extra_headers: HeaderList,
    /// Default: see [`FetchLimits`].
    pub limits: FetchLimits,
    /// Which addresses may be connected to. Default: all.
    pub address_policy: AddressPolicy,
    /// Told of every HTTP request. Default: none.
    pub observer: Option<Arc<dyn FetchObserver>>,
    /// The hook that may answer, change, hold or fail requests. Default: none.
    pub interceptor: Option<Arc<dyn Interceptor>>,
    /// Resolves `blob:` URLs. Default: none, so that they are network errors.
    pub blob_urls: Option<Arc<dyn BlobUrlStore>>,
    /// The time. Default: the system's.
    pub clock: Arc<dyn Clock>,
    /// Whether cookies are sent and stored at all. Default: yes.
    pub cookies_enabled: bool,
}

impl FetchEnvironment {
    /// An environment over `transport`, with the defaults named at the fields.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            cookie_jar: Arc::default(),
            preflight_cache: Arc::default(),
            http_cache: Some(Arc::default()),
            authentication_entries: Arc::default(),
            authenticator: None,
            user_agent: concat!("readystate/", env!("CARGO_PKG_VERSION")).to_owned(),
            accept_language: "en-US,en;q=0.9".to_owned(),
            extra_headers: HeaderList::new(),
            limits: FetchLimits::default(),
            address_policy: AddressPolicy::AllowAll,
            observer: None,
            interceptor: None,
            blob_urls: None,
            clock: Arc::new(crate::driver::SystemClock),
            cookies_enabled: true,
        }
    }
}

impl fmt::Debug for FetchEnvironment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FetchEnvironment")
            .field("user_agent", &self.user_agent)
            .field("limits", &self.limits)
            .field("address_policy", &self.address_policy)
            .finish_non_exhaustive()
    }
}

/// Limits of one fetch. All can be changed; `None` or the type's maximum means none.
#[derive(Clone, Debug)]
pub struct FetchLimits {
    /// Bytes of a response body after content decoding. Default: 512 MiB.
    pub max_body_bytes: u64,
    /// How many times larger than its encoded form a body may grow, looked at beyond 8 MiB. Default: 1000.
    pub max_decompression_ratio: u64,
    /// Bytes of a response head. Default: 256 KiB.
    pub max_header_bytes: u64,
    /// Redirects followed. Default: 20, as Fetch says; more are never followed.
    pub max_redirects: u32,
    /// Connecting, TLS handshake and proxy included. Default: 30 s.
    pub connect_timeout: Option<Duration>,
    /// From the end of the request to the end of the response head. Default: 300 s.
    pub response_head_timeout: Option<Duration>,
    /// Between two reads of the body, or two writes of the request, that made progress. Default: 300 s.
    pub idle_timeout: Option<Duration>,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            max_body_bytes: 512 << 20,
            max_decompression_ratio: 1000,
            max_header_bytes: 256 << 10,
            max_redirects: 20,
            connect_timeout: Some(Duration::from_secs(30)),
            response_head_timeout: Some(Duration::from_secs(300)),
            idle_timeout: Some(Duration::from_secs(300)),
        }
    }
}

/// Which addresses may be connected to, looked at after name resolution, for every connection.
///
/// Behind a proxy the proxy resolves names: then only literal addresses in URLs can be refused.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum AddressPolicy {
    /// All.
    #[default]
    AllowAll,
    /// Not loopback, private, link-local, shared (CGNAT), reserved, multicast and metadata addresses, also not in
    /// their IPv6 disguises.
    DenyPrivate,
}

impl AddressPolicy {
    /// Whether `address` may be connected to.
    ///
    /// ```
    /// use readystate_xhr::environment::AddressPolicy;
    /// let policy = AddressPolicy::DenyPrivate;
    /// assert!(!policy.allows("::ffff:127.0.0.1".parse()?));
    /// assert!(policy.allows("93.184.215.14".parse()?));
    /// # Ok::<(), std::net::AddrParseError>(())
    /// ```
    #[must_use]
    pub fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::AllowAll => true,
            Self::DenyPrivate => is_public(address),
        }
    }
}

/// Whether `address` is one of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Told of every HTTP request: redirects, preflights and authentication each count as one.
///
/// Called on the thread of the fetch; must return soon.
pub trait FetchObserver: Send + Sync {
    /// A request is about to be sent.
    fn request_started(&self, request: &RequestInfo<'_>);
    /// A request ended: its body is whole or was dropped, or it failed.
    fn request_finished(&self, request: &RequestInfo<'_>, outcome: &RequestOutcome<'_>);
    /// A fetch ended in a network error, whether or not a request was sent; for example CORS refused the response.
    ///
    /// Not called for aborts. Does nothing by default.
    fn fetch_failed(&self, url: &Url, error: &NetworkError) {
        let _ = (url, error);
    }
    /// Whether [`exchange_finished`](Self::exchange_finished) is to be called, and how many bytes of a response's body it
    /// wants. Default: `None`, no.
    fn recorded_body_bytes(&self) -> Option<u64> {
        None
    }
    /// A request ended, with all that was sent and received. Called after [`request_finished`](Self::request_finished).
    fn exchange_finished(&self, exchange: RecordedExchange) {
        let _ = exchange;
    }
}

/// Which request an observer or interceptor is told of.
#[derive(Clone, Copy, Debug)]
pub struct RequestInfo<'a> {
    /// The method.
    pub method: &'a Method,
    /// The URL, without its fragment.
    pub url: &'a Url,
    /// What the response is for.
    pub destination: Destination,
    /// Who started it.
    pub initiator_type: Option<InitiatorType>,
    /// Whether it is a CORS preflight.
    pub is_preflight: bool,
    /// How many redirects led here.
    pub redirect_count: u32,
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
pub struct RequestOutcome<'a> {
    /// The status; `None` if there was no response.
    pub status: Option<u16>,
    /// Body bytes received, before content decoding.
    pub received_bytes: u64,
    /// From the start of the request to its end.
    pub duration: Duration,
    /// Why it failed.
    pub error: Option<&'a NetworkError>,
    /// The address that answered.
    pub remote_address: Option<SocketAddr>,
    /// Whether the hook answered, and nothing was sent.
    pub is_intercepted: bool,
    /// Whether the HTTP cache answered, and nothing was sent.
    pub from_cache: bool,
}

/// Where `blob:` URLs lead.
pub trait BlobUrlStore: Send + Sync {
    /// The blob behind `url`, whose fragment is to be ignored; `None` if there is none.
    fn resolve(&self, url: &Url) -> Option<Blob>;
}

/// Where a fetch takes the time from.
pub trait Clock: Send + Sync {
    /// Monotonic time, for ages and durations.
    fn now(&self) -> Instant;
    /// Calendar time, for cookie expiry.
    fn system_time(&self) -> SystemTime;
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || (a == 100 && b & 0b1100_0000 == 64)
        || (a == 192 && b == 0 && c == 0)
        || address.is_documentation()
        || (a == 198 && b & 0b1111_1110 == 18)
        || a >= 224)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let embedded =
        |high: u16, low: u16| is_public_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match (a, b) {
        // IPv4-mapped, IPv4-compatible (with :: and ::1), and IPv4-translated.
        (0, 0) if [c, d, e] == [0, 0, 0] => f == 0xffff && embedded(g, h),
        (0, 0) if [c, d, e, f] == [0, 0, 0xffff, 0] => embedded(g, h),
        // NAT64, well-known and local-use prefixes.
        (0x64, 0xff9b) => [c, d, e, f] == [0; 4] && embedded(g, h),
        // 6to4.
        (0x2002, _) => embedded(b, c),
        // Teredo and ORCHID, documentation.
        (0x2001, 0..=0x1ff | 0xdb8) => false,
        // Global unicast is 2000::/3; unique local, link-local, site-local and multicast lie outside.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_every_disguise() {
        for address in [
            "127.0.0.1",
            "127.255.0.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.0.170",
            "::",
            "::1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::a00:1",
            "2002:7f00:1::",
            "2001::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
        ] {
            let address: IpAddr = address.parse().expect("the test gives an address");
            assert!(!AddressPolicy::DenyPrivate.allows(address), "{address}");
            assert!(AddressPolicy::AllowAll.allows(address));
        }
    }

    #[test]
    fn public_addresses_are_allowed() {
        for address in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            let address: IpAddr = address.parse().expect("the test gives an address");
            assert!(AddressPolicy::DenyPrivate.allows(address), "{address}");
        }
    }
}
