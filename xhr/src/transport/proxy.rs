//! Proxies: HTTP and SOCKS 5.

use std::io::{self, Read, Write};
use std::net::{IpAddr, TcpStream};

use url::{Host, Url};

use super::dial::Target;
use super::ureq::TransportOptions;
use crate::error::NetworkError;
use crate::http::head::ResponseHead;
use crate::http::percent_decode;

/// A proxy as its URL says.
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    pub(super) kind: ProxyKind,
    pub(super) target: Target,
    username: String,
    password: String,
}

/// Which proxy is for whom.
#[derive(Clone, Debug, Default)]
pub(super) struct Proxies {
    http: Option<Proxy>,
    https: Option<Proxy>,
    no_proxy: Vec<String>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ProxyKind {
    Http,
    Socks5,
}

impl Proxy {
    fn parse(url: &str) -> Result<Self, NetworkError> {
        let bad = |detail: &str| NetworkError::Proxy(format!("{url}: {detail}"));
        let with_scheme = if url.contains("://") {
            url.to_owned()
        } else {
            format!("http://{url}")
        };
        let parsed = Url::parse(&with_scheme).map_err(|error| bad(&error.to_string()))?;
        let (kind, default_port) = match parsed.scheme() {
            "http" => (ProxyKind::Http, 80),
            "socks5" | "socks5h" | "socks" => (ProxyKind::Socks5, 1080),
            _ => return Err(bad("scheme is not http, socks5 or socks5h")),
        };
        let host = parsed.host_str().ok_or_else(|| bad("no host"))?;
        let host = Host::parse(host).map_err(|error| bad(&error.to_string()))?;
        Ok(Self {
            kind,
            target: Target {
                host,
                port: parsed.port().unwrap_or(default_port),
                is_tls: false,
            },
            username: percent_decode(parsed.username()),
            password: percent_decode(parsed.password().unwrap_or_default()),
        })
    }

    /// `Proxy-Authorization`, if the proxy's URL names a user.
    pub(super) fn authorization(&self) -> Option<String> {
        if self.username.is_empty() && self.password.is_empty() {
            return None;
        }
        Some(crate::http::basic_authorization(
            &self.username,
            &self.password,
        ))
    }
}

impl Proxies {
    /// # Errors
    /// [`NetworkError::Proxy`] for a URL that is not one of a proxy.
    pub(super) fn of(options: &TransportOptions) -> Result<Self, NetworkError> {
        let parse = |own: &Option<String>| {
            let url = own.as_deref().or(options.proxy.as_deref());
            url.map(Proxy::parse).transpose()
        };
        Ok(Self {
            http: parse(&options.http_proxy)?,
            https: parse(&options.https_proxy)?,
            no_proxy: options.no_proxy.clone(),
        })
    }

    /// The proxy that `target` is reached through.
    pub(super) fn for_target(&self, target: &Target) -> Option<&Proxy> {
        let proxy = if target.is_tls {
            &self.https
        } else {
            &self.http
        };
        proxy.as_ref().filter(|_| !self.bypasses(&target.host))
    }

    /// Whether `host` is one to be reached without a proxy: listed, below a listed domain, in a listed network, or `*`.
    fn bypasses(&self, host: &Host<String>) -> bool {
        let address = match host {
            Host::Ipv4(address) => Some(IpAddr::V4(*address)),
            Host::Ipv6(address) => Some(IpAddr::V6(*address)),
            Host::Domain(_) => None,
        };
        let name = address.map_or_else(|| host.to_string(), |address| address.to_string());
        let name = name.to_ascii_lowercase();
        self.no_proxy.iter().any(|entry| {
            let entry = entry.trim().to_ascii_lowercase();
            let entry = entry.trim_start_matches('*').trim_start_matches('.');
            let entry = entry.trim_start_matches('[').trim_end_matches(']');
            if let (Some(address), Some((network, bits))) = (address, entry.split_once('/')) {
                return is_in_network(address, network, bits).unwrap_or(false);
            }
            entry.is_empty()
                || name == entry
                || (address.is_none()
                    && name
                        .strip_suffix(entry)
                        .is_some_and(|rest| rest.ends_with('.')))
        })
    }
}

/// Whether the first `bits` bits of `address` are those of `network`; `None` if that is no network.
fn is_in_network(address: IpAddr, network: &str, bits: &str) -> Option<bool> {
    let bits: u32 = bits.parse().ok()?;
    let (a, b, width) = match (address, network.parse().ok()?) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return Some(false),
    };
    let host_bits = u32::checked_sub(width, bits)?;
    Some((a ^ b).checked_shr(host_bits).unwrap_or(0) == 0)
}

/// Asks an HTTP proxy for a tunnel.
///
/// Standard: <https://httpwg.org/specs/rfc9110.html#CONNECT>
pub(super) fn open_tunnel(
    stream: &mut TcpStream,
    target: &Target,
    proxy: &Proxy,
) -> Result<(), NetworkError> {
    let failed = |error: io::Error| NetworkError::Proxy(error.to_string());
    let authorization = proxy
        .authorization()
        .map(|value| format!("Proxy-Authorization: {value}\r\n"))
        .unwrap_or_default();
    let request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n{authorization}\r\n");
    stream.write_all(request.as_bytes()).map_err(failed)?;
    let mut answer = Vec::new();
    loop {
        // One byte at a time: what follows the head belongs to TLS.
        let mut byte = [0];
        if stream.read(&mut byte).map_err(failed)? == 0 {
            return Err(NetworkError::Proxy("closed the connection".to_owned()));
        }
        answer.extend_from_slice(&byte);
        if answer.len() > 16 << 10 {
            return Err(NetworkError::Proxy("answer too long".to_owned()));
        }
        if byte != *b"\n" {
            continue;
        }
        match ResponseHead::parse(&answer) {
            Ok(None) => {}
            Ok(Some((head, _))) if (200..300).contains(&head.status) => return Ok(()),
            Ok(Some((head, _))) => {
                let reason = String::from_utf8_lossy(&head.reason);
                return Err(NetworkError::Proxy(format!("{} {reason}", head.status)));
            }
            Err(error) => return Err(NetworkError::Proxy(error.to_string())),
        }
    }
}

/// Asks a SOCKS 5 proxy for a connection; the proxy resolves the name.
///
/// Standard: <https://www.rfc-editor.org/rfc/rfc1928>, <https://www.rfc-editor.org/rfc/rfc1929>
pub(super) fn open_socks5(
    stream: &mut TcpStream,
    target: &Target,
    proxy: &Proxy,
) -> Result<(), NetworkError> {
    let failed = |error: io::Error| NetworkError::Proxy(error.to_string());
    let refused = |detail: String| NetworkError::Proxy(format!("SOCKS 5: {detail}"));
    let has_user = !proxy.username.is_empty() || !proxy.password.is_empty();
    // 3. Version, methods: none, user name and password.
    let greeting: &[u8] = if has_user { &[5, 2, 0, 2] } else { &[5, 1, 0] };
    stream.write_all(greeting).map_err(failed)?;
    let mut chosen = [0; 2];
    stream.read_exact(&mut chosen).map_err(failed)?;
    match chosen {
        [5, 0] => {}
        [5, 2] if has_user => {
            let mut message = vec![1];
            for text in [&proxy.username, &proxy.password] {
                let length = u8::try_from(text.len())
                    .map_err(|_| refused("user name or password longer than 255".to_owned()))?;
                message.push(length);
                message.extend_from_slice(text.as_bytes());
            }
            stream.write_all(&message).map_err(failed)?;
            let mut answer = [0; 2];
            stream.read_exact(&mut answer).map_err(failed)?;
            if answer != [1, 0] {
                return Err(refused("user name or password not accepted".to_owned()));
            }
        }
        [5, _] => return Err(refused("no acceptable authentication method".to_owned())),
        _ => return Err(refused("not a SOCKS 5 server".to_owned())),
    }
    // 4. Connect.
    let mut message = vec![5, 1, 0];
    match &target.host {
        Host::Ipv4(address) => {
            message.push(1);
            message.extend_from_slice(&address.octets());
        }
        Host::Ipv6(address) => {
            message.push(4);
            message.extend_from_slice(&address.octets());
        }
        Host::Domain(domain) => {
            let length = u8::try_from(domain.len())
                .map_err(|_| refused("host name longer than 255".to_owned()))?;
            message.extend_from_slice(&[3, length]);
            message.extend_from_slice(domain.as_bytes());
        }
    }
    message.extend_from_slice(&target.port.to_be_bytes());
    stream.write_all(&message).map_err(failed)?;
    // 6. The reply, and the bound address, which does not matter.
    let mut reply = [0; 4];
    stream.read_exact(&mut reply).map_err(failed)?;
    let [version, code, _, address_type] = reply;
    if version != 5 || code != 0 {
        return Err(refused(format!(
            "connection to {target} refused, code {code}"
        )));
    }
    let rest = match address_type {
        1 => 4,
        4 => 16,
        3 => {
            let mut length = [0];
            stream.read_exact(&mut length).map_err(failed)?;
            usize::from(length[0])
        }
        _ => return Err(refused("bad reply".to_owned())),
    };
    let mut skipped = vec![0; rest + 2];
    stream.read_exact(&mut skipped).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_proxy_matches_hosts_their_subdomains_and_networks() {
        let proxy = Proxy::parse("socks5://u:p%40@127.0.0.1").expect("a proxy URL");
        assert_eq!((proxy.kind, proxy.target.port), (ProxyKind::Socks5, 1080));
        assert_eq!(proxy.password, "p@");
        assert!(Proxy::parse("ftp://x").is_err());
        let no_proxy = [
            "example.com",
            ".internal",
            "10.0.0.0/8",
            "fd00::/16",
            "[::1]",
        ];
        let proxies = Proxies {
            no_proxy: no_proxy.map(str::to_owned).to_vec(),
            ..Proxies::default()
        };
        let bypasses = |host: &str| proxies.bypasses(&Host::parse(host).expect("a host"));
        for host in [
            "example.com",
            "a.EXAMPLE.com",
            "x.internal",
            "10.9.8.7",
            "[fd00::1]",
            "[::1]",
        ] {
            assert!(bypasses(host), "{host}");
        }
        for host in ["badexample.com", "com", "11.0.0.1", "[fd01::1]", "[::2]"] {
            assert!(!bypasses(host), "{host}");
        }
    }

    #[test]
    fn each_scheme_may_have_its_proxy() {
        let options = TransportOptions {
            proxy: Some("http://all:1".to_owned()),
            https_proxy: Some("http://tls:2".to_owned()),
            ..TransportOptions::default()
        };
        let proxies = Proxies::of(&options).expect("proxy URLs");
        let host = |is_tls| {
            let target = Target {
                host: Host::Domain("a.test".to_owned()),
                port: 80,
                is_tls,
            };
            proxies
                .for_target(&target)
                .map(|proxy| proxy.target.to_string())
        };
        assert_eq!(host(false).as_deref(), Some("all:1"));
        assert_eq!(host(true).as_deref(), Some("tls:2"));
    }
}
