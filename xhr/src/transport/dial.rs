//! Making a connection: names, the address policy, TCP, proxies.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::Arc;
use std::time::{Duration, Instant};

use url::{Host, Url};

use super::exchange::{Exchange, SharedInterrupt};
use super::host_map::{HostMapping, mapped, name_after};
use super::proxy::{Proxies, ProxyKind, open_socks5, open_tunnel};
use crate::environment::AddressPolicy;
use crate::error::{NetworkError, TimeoutStage};
use crate::fetch::Interrupt;
use crate::origin::is_localhost;

/// Where to connect to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Target {
    pub(super) host: Host<String>,
    pub(super) port: u16,
    pub(super) is_tls: bool,
}

impl Target {
    pub(super) fn of(url: &Url) -> Result<Self, NetworkError> {
        let invalid = || NetworkError::InvalidUrl(format!("{url} has no host and port"));
        Ok(Self {
            host: url.host().ok_or_else(invalid)?.to_owned(),
            port: url.port_or_known_default().ok_or_else(invalid)?,
            is_tls: url.scheme() == "https",
        })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.host, self.port)
    }
}

/// A connection as bytes, with time-outs.
pub(super) trait Stream: Send + Sync + fmt::Debug {
    /// Reads what is there; waits for it at most `timeout`, then fails with `TimedOut` or `WouldBlock`.
    fn read(&mut self, buffer: &mut [u8], timeout: Option<Duration>) -> io::Result<usize>;
    /// Writes some bytes, with the same time-out.
    fn write(&mut self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<usize>;
    /// Whether a read would not wait: there are bytes, or the other side has closed.
    fn is_readable(&mut self) -> bool;
    /// What ends a blocking call.
    fn interrupt(&self) -> SharedInterrupt;
    /// The other side, unless that is a proxy.
    fn remote_address(&self) -> Option<SocketAddr>;
    /// The same connection once more, so that one thread may read and another write. `None` if it is not made for that.
    fn second_handle(&self) -> Option<Box<dyn Stream>> {
        None
    }
}

/// Makes connections.
pub(super) trait Dial: Send + Sync + fmt::Debug {
    /// A connection to `target`, ready for TLS or HTTP. `exchange` gives time-outs, policy and abort.
    fn dial(&self, target: &Target, exchange: &Exchange) -> Result<Box<dyn Stream>, NetworkError>;
}

/// Connects by TCP, directly or through a proxy.
#[derive(Debug)]
pub(super) struct TcpDial {
    pub(super) proxies: Proxies,
    pub(super) host_map: Vec<HostMapping>,
}

impl Dial for TcpDial {
    fn dial(&self, target: &Target, exchange: &Exchange) -> Result<Box<dyn Stream>, NetworkError> {
        let proxy = self.proxies.for_target(target);
        let connect_to = mapped(&self.host_map, target);
        let is_mapped = connect_to.is_some();
        let asked = target;
        let target = connect_to.as_ref().unwrap_or(target);
        let Some(proxy) = proxy else {
            let addresses = resolve(target, exchange.address_policy, exchange)
                .map_err(|error| name_after(asked, error))?;
            let stream = connect(target, &addresses, exchange)?;
            return Ok(Box::new(TcpSocket::new(stream, false)));
        };
        check_literal(target, exchange.address_policy).map_err(|error| name_after(asked, error))?;
        // NOTE: the proxy is the embedder's choice, so the policy does not apply to its own address.
        let addresses = resolve(&proxy.target, AddressPolicy::AllowAll, exchange)?;
        let mut stream = connect(&proxy.target, &addresses, exchange)?;
        let is_forwarding =
            proxy.kind == ProxyKind::Http && !target.is_tls && !is_mapped && !exchange.needs_tunnel;
        if !is_forwarding {
            let time_left = exchange.time_left()?;
            let handshake = stream
                .set_read_timeout(time_left)
                .and_then(|()| stream.set_write_timeout(time_left))
                .map_err(|error| NetworkError::Proxy(error.to_string()))
                .and_then(|()| match proxy.kind {
                    ProxyKind::Http => open_tunnel(&mut stream, target, proxy),
                    ProxyKind::Socks5 => open_socks5(&mut stream, target, proxy),
                });
            handshake?;
        }
        Ok(Box::new(TcpSocket {
            is_proxied: true,
            ..TcpSocket::new(stream, true)
        }))
    }
}

/// Refuses an address in the URL itself that the policy forbids, whether a proxy or a kept connection would be used.
pub(super) fn check_literal(target: &Target, policy: AddressPolicy) -> Result<(), NetworkError> {
    let literal = match &target.host {
        Host::Ipv4(address) => IpAddr::V4(*address),
        Host::Ipv6(address) => IpAddr::V6(*address),
        Host::Domain(domain) if is_localhost(domain) => IpAddr::V4(Ipv4Addr::LOCALHOST),
        Host::Domain(_) => return Ok(()),
    };
    if policy.allows(literal) {
        return Ok(());
    }
    Err(refused(target, literal))
}

fn refused(target: &Target, address: IpAddr) -> NetworkError {
    NetworkError::AddressRefused {
        host: target.host.to_string(),
        address: address.to_string(),
    }
}

/// [`lookup`], with a note of the time it took.
fn resolve(
    target: &Target,
    policy: AddressPolicy,
    exchange: &Exchange,
) -> Result<Vec<SocketAddr>, NetworkError> {
    let started = Instant::now();
    let addresses = lookup(target, policy)?;
    if matches!(target.host, Host::Domain(_)) {
        exchange
            .timings
            .note(|timings| timings.dns = Some(started.elapsed()));
    }
    Ok(addresses)
}

/// The addresses of `target` that the policy lets through.
fn lookup(target: &Target, policy: AddressPolicy) -> Result<Vec<SocketAddr>, NetworkError> {
    check_literal(target, policy)?;
    let addresses = match &target.host {
        Host::Ipv4(address) => vec![IpAddr::V4(*address)],
        Host::Ipv6(address) => vec![IpAddr::V6(*address)],
        // Never asked of a name server: whoever answers could point it elsewhere.
        Host::Domain(domain) if is_localhost(domain) => vec![
            IpAddr::V4(Ipv4Addr::LOCALHOST),
            IpAddr::V6(Ipv6Addr::LOCALHOST),
        ],
        Host::Domain(domain) => (domain.as_str(), target.port)
            .to_socket_addrs()
            .map_err(|error| NetworkError::Dns {
                host: domain.clone(),
                detail: error.to_string(),
            })?
            .map(|address| address.ip())
            .collect(),
    };
    let Some(first) = addresses.first().copied() else {
        return Err(NetworkError::Dns {
            host: target.host.to_string(),
            detail: "no address".to_owned(),
        });
    };
    let allowed: Vec<_> = addresses
        .into_iter()
        .filter(|address| policy.allows(*address))
        .map(|address| SocketAddr::new(address, target.port))
        .collect();
    if allowed.is_empty() {
        return Err(refused(target, first));
    }
    Ok(allowed)
}

fn connect(
    target: &Target,
    addresses: &[SocketAddr],
    exchange: &Exchange,
) -> Result<TcpStream, NetworkError> {
    let started = Instant::now();
    let mut last = None;
    for (at, address) in addresses.iter().enumerate() {
        let attempts_left = u32::try_from(addresses.len() - at).unwrap_or(u32::MAX);
        let connected = match exchange.time_left()? {
            Some(left) => {
                let share = (left / attempts_left).max(Duration::from_millis(1));
                TcpStream::connect_timeout(address, share)
            }
            None => TcpStream::connect(address),
        };
        match connected {
            Ok(stream) => {
                // Requests are written whole, so waiting to fill packets only delays them.
                let _ = stream.set_nodelay(true);
                exchange
                    .timings
                    .note(|timings| timings.connect = Some(started.elapsed()));
                return Ok(stream);
            }
            Err(error) => last = Some(error),
        }
    }
    exchange.controller.check()?;
    Err(match last {
        Some(error) if error.kind() == io::ErrorKind::TimedOut => NetworkError::Timeout {
            stage: TimeoutStage::Connect,
            after: exchange.limits.connect_timeout.unwrap_or_default(),
        },
        Some(error) => NetworkError::Connect {
            host: target.to_string(),
            detail: error.to_string(),
        },
        None => NetworkError::Connect {
            host: target.to_string(),
            detail: "no address".to_owned(),
        },
    })
}

/// A TCP connection. It remembers the socket's time-outs, to spare system calls.
#[derive(Debug)]
struct TcpSocket {
    stream: Arc<TcpStream>,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
    is_proxied: bool,
}

impl TcpSocket {
    fn new(stream: TcpStream, has_timeouts: bool) -> Self {
        // A value that no caller asks for stands for "unknown".
        let unknown = has_timeouts.then_some(Duration::MAX);
        Self {
            stream: Arc::new(stream),
            read_timeout: unknown,
            write_timeout: unknown,
            is_proxied: false,
        }
    }
}

impl Stream for TcpSocket {
    fn read(&mut self, buffer: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        if self.read_timeout != timeout {
            self.stream.set_read_timeout(timeout)?;
            self.read_timeout = timeout;
        }
        let started = Instant::now();
        loop {
            match (&*self.stream).read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                    if timeout.is_some_and(|timeout| started.elapsed() >= timeout) {
                        return Err(io::ErrorKind::TimedOut.into());
                    }
                }
                result => return result,
            }
        }
    }

    fn write(&mut self, bytes: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        if self.write_timeout != timeout {
            self.stream.set_write_timeout(timeout)?;
            self.write_timeout = timeout;
        }
        (&*self.stream).write(bytes)
    }

    fn is_readable(&mut self) -> bool {
        if self.stream.set_nonblocking(true).is_err() {
            return true;
        }
        let peeked = self.stream.peek(&mut [0]);
        let restored = self.stream.set_nonblocking(false);
        let is_quiet = matches!(&peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock);
        !is_quiet || restored.is_err()
    }

    fn interrupt(&self) -> SharedInterrupt {
        SharedInterrupt(Arc::new(ShutDown(Arc::clone(&self.stream))))
    }

    fn remote_address(&self) -> Option<SocketAddr> {
        if self.is_proxied {
            return None;
        }
        self.stream.peer_addr().ok()
    }

    fn second_handle(&self) -> Option<Box<dyn Stream>> {
        let unknown = Some(Duration::MAX);
        Some(Box::new(Self {
            stream: Arc::clone(&self.stream),
            read_timeout: unknown,
            write_timeout: unknown,
            is_proxied: self.is_proxied,
        }))
    }
}

struct ShutDown(Arc<TcpStream>);

impl Interrupt for ShutDown {
    fn interrupt(&self) {
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_is_resolved_without_a_name_server_and_refused_by_policy() {
        let target = |host: &str| Target {
            host: Host::parse(host).expect("a host"),
            port: 80,
            is_tls: false,
        };
        let addresses = lookup(&target("x.localhost"), AddressPolicy::AllowAll);
        let addresses = addresses.expect("no name server is needed");
        assert!(addresses.iter().all(|address| address.ip().is_loopback()));
        for host in ["x.localhost", "127.0.0.1", "[::ffff:10.0.0.1]", "0x7f.1"] {
            let result = lookup(&target(host), AddressPolicy::DenyPrivate);
            assert!(
                matches!(result, Err(NetworkError::AddressRefused { .. })),
                "{host}"
            );
        }
    }
}
