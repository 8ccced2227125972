//! HTTP/1.1 over TCP and TLS, by [`ureq`].
//!
//! Each connection is a ureq agent of its own that holds at most this one connection, so that our layers of it (see
//! `connection.rs`, `socket.rs`) can share the exchange's state with us. Connections are kept alive and reused, at most six for a host
//! at once.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use ureq::config::Config;
use ureq::unversioned::transport::Connector;
use ureq::{Agent, BodyReader, SendBody};

use super::connection::HeadConnector;
use super::dial::{Dial, Target, TcpDial, check_literal};
use super::exchange::{SharedExchange, Start};
use super::hop_body::{HopBody, UploadReader};
use super::host_map::{HostMapping, mapped, name_after};
use super::proxy::{Proxies, ProxyKind};
use super::slots::{Slot, Slots};
use super::socket::{NoResolver, SocketConnector};
use super::tls::{TlsConnector, client_config};
use super::upgrade::{Upgrade, upgrade};
use super::{ClientIdentity, HopControl, HopRequest, HopResponse, NewConnection, Transport};
use crate::environment::AddressPolicy;
use crate::error::NetworkError;
use crate::fetch::Body;
use crate::http::head::{ResponseHead, serialize_request_head};

/// Settings of a [`UreqTransport`].
#[derive(Clone, Debug)]
pub struct TransportOptions {
    /// `http://`, `socks5://` or `socks5h://`, with user name and password if need be. HTTPS goes through an HTTP proxy by
    /// CONNECT, HTTP in absolute form. Default: none; the environment's variables are not read.
    pub proxy: Option<String>,
    /// The proxy for http: URLs, in place of [`proxy`](Self::proxy). Default: none.
    pub http_proxy: Option<String>,
    /// The proxy for https: URLs, in place of [`proxy`](Self::proxy). Default: none.
    pub https_proxy: Option<String>,
    /// Hosts reached without a proxy: names (their subdomains included), addresses, networks such as `10.0.0.0/8`, or `*`.
    /// Default: none.
    pub no_proxy: Vec<String>,
    /// Whether TLS certificates go unchecked. Default: no.
    pub insecure: bool,
    /// Certificates of authorities to trust beside the bundled ones, as PEM. Default: none.
    pub extra_roots: Option<Vec<u8>>,
    /// A certificate of one's own for servers that ask. Default: none.
    pub client_identity: Option<ClientIdentity>,
    /// Requests in progress to one scheme, host and port; more wait. Default: 6, as in browsers.
    pub max_connections_per_host: usize,
    /// How long an unused connection is kept. Default: 30 s.
    pub max_idle: Duration,
    /// Where else to connect to, the first that fits; see [`HostMapping`]. Default: none.
    pub host_map: Vec<HostMapping>,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            proxy: None,
            http_proxy: None,
            https_proxy: None,
            no_proxy: Vec::new(),
            insecure: false,
            extra_roots: None,
            client_identity: None,
            max_connections_per_host: 6,
            max_idle: Duration::from_secs(30),
            host_map: Vec::new(),
        }
    }
}

/// The transport that talks to the network. Clones share connections.
#[derive(Clone)]
pub struct UreqTransport {
    shared: Arc<Shared>,
}

impl UreqTransport {
    /// A transport without connections yet.
    ///
    /// # Errors
    /// [`NetworkError::Proxy`] if a proxy's URL is not one of a known kind; [`NetworkError::TlsSettings`] for certificates
    /// and keys that cannot be used.
    pub fn new(options: TransportOptions) -> Result<Self, NetworkError> {
        let proxies = Proxies::of(&options)?;
        let tls = client_config(
            options.insecure,
            options.extra_roots.as_deref(),
            options.client_identity.as_ref(),
        )?;
        let dial = Arc::new(TcpDial {
            proxies: proxies.clone(),
            host_map: options.host_map.clone(),
        });
        Ok(Self::with_dial(options, dial, proxies, Some(tls)))
    }

    /// A transport over other sockets. Without TLS settings it has no TLS.
    pub(super) fn with_dial(
        options: TransportOptions,
        dial: Arc<dyn Dial>,
        proxies: Proxies,
        tls: Option<Arc<ClientConfig>>,
    ) -> Self {
        Self {
            shared: Arc::new(Shared {
                slots: Slots::new(options.max_connections_per_host),
                handshakes: Slots::new(1),
                config: config(),
                options,
                dial,
                proxies,
                tls,
                idle: Mutex::default(),
            }),
        }
    }

    /// Closes the connections that are not in use.
    pub fn close_idle(&self) {
        let idle = std::mem::take(&mut *self.shared.lock_idle());
        drop(idle);
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("UreqTransport")
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

impl Transport for UreqTransport {
    fn round_trip(
        &self,
        request: &HopRequest,
        hop: HopControl<'_>,
    ) -> Result<HopResponse, NetworkError> {
        hop.controller.check()?;
        if hop.controller.wants_upgrade() {
            let by = Upgrade {
                dial: &*self.shared.dial,
                tls: self.shared.tls.as_ref(),
                turns: &self.shared.handshakes,
            };
            return upgrade(&by, request, hop);
        }
        let target = Target::of(&request.url)?;
        let connect_to = mapped(&self.shared.options.host_map, &target);
        check_literal(connect_to.as_ref().unwrap_or(&target), hop.address_policy)
            .map_err(|error| name_after(&target, error))?;
        let key = format!("{}://{target}", request.url.scheme());
        let asked = Instant::now();
        let slot = self.shared.slots.acquire(&key, hop.controller)?;
        let blocked = asked.elapsed();
        let HopControl {
            controller,
            address_policy,
            limits,
            sent,
        } = hop;
        let head = self.shared.request_head(request, &target);
        let mut use_idle = request.new_connection == NewConnection::No;
        loop {
            let connection = use_idle
                .then(|| self.shared.take_idle(&key, address_policy))
                .flatten()
                .unwrap_or_else(|| self.shared.new_connection(&key, &target));
            connection.begin(Start {
                controller: controller.clone(),
                address_policy,
                limits: limits.clone(),
                request_head: head.clone(),
                is_head_request: request.method.as_str() == "HEAD",
                body_length: request.body.as_ref().map_or(0, Body::len),
            });
            let (result, has_sent) = connection.run(request, sent);
            match result {
                Ok(reader) => {
                    let mut response = self.respond(connection, reader, request, slot)?;
                    response.timings.blocked = Some(blocked);
                    if !target.is_tls {
                        response.timings.tls = None;
                    }
                    return Ok(response);
                }
                Err(error) if use_idle && connection.may_retry(request, has_sent) => {
                    // NOTE: the server closed a kept connection at the moment it was used again.
                    let _ = error;
                    use_idle = false;
                }
                Err(error) => return Err(connection.name(error, &target)),
            }
        }
    }
}

impl UreqTransport {
    fn respond(
        &self,
        connection: Connection,
        reader: BodyReader<'static>,
        request: &HopRequest,
        slot: Slot,
    ) -> Result<HopResponse, NetworkError> {
        let (head, remote_address, upload_cut, timings) = {
            let mut exchange = connection.exchange.lock();
            (
                exchange.response_head.take(),
                exchange.remote_address,
                exchange.upload_cut,
                exchange.timings.read(),
            )
        };
        let head = head.ok_or_else(|| NetworkError::MalformedResponse("no head".to_owned()))?;
        let expected = expected_length(&head, request);
        let ResponseHead {
            status,
            reason,
            headers,
            ..
        } = head;
        Ok(HopResponse {
            status,
            reason,
            headers,
            remote_address,
            request_body_sent: !upload_cut,
            timings,
            body: Box::new(HopBody::new(
                reader,
                connection,
                Arc::clone(&self.shared),
                expected,
                slot,
            )),
        })
    }
}

fn expected_length(head: &ResponseHead, request: &HopRequest) -> String {
    use crate::http::head::Framing;
    match head.framing(request.method.as_str() == "HEAD") {
        Ok(Framing::Length(length)) => length.to_string(),
        Ok(Framing::Chunked) => "an unknown number of (last chunk missing)".to_owned(),
        _ => "an unknown number of".to_owned(),
    }
}

pub(super) struct Shared {
    options: TransportOptions,
    dial: Arc<dyn Dial>,
    proxies: Proxies,
    config: Config,
    tls: Option<Arc<ClientConfig>>,
    slots: Arc<Slots>,
    /// For connections that are to leave HTTP.
    handshakes: Arc<Slots>,
    idle: Mutex<HashMap<String, Vec<Connection>>>,
}

impl Shared {
    /// Unused connections kept in all.
    const MAX_IDLE: usize = 32;

    fn lock_idle(&self) -> MutexGuard<'_, HashMap<String, Vec<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request's head, in the form the proxy wants if there is one.
    fn request_head(&self, request: &HopRequest, target: &Target) -> Vec<u8> {
        let url = &request.url;
        let mut path = url.path().to_owned();
        if let Some(query) = url.query() {
            path.push('?');
            path.push_str(query);
        }
        let method = request.method.as_str();
        let is_mapped = mapped(&self.options.host_map, target).is_some();
        let forwarding = self
            .proxies
            .for_target(target)
            .filter(|proxy| proxy.kind == ProxyKind::Http && !target.is_tls && !is_mapped);
        let Some(proxy) = forwarding else {
            return serialize_request_head(method, &path, &request.headers);
        };
        let mut headers = request.headers.clone();
        if let Some(value) = proxy.authorization() {
            headers.set("Proxy-Authorization", value);
        }
        serialize_request_head(
            method,
            &format!("{}{path}", url.origin().ascii_serialization()),
            &headers,
        )
    }

    /// A kept connection, if the policy of this request allows its address too.
    fn take_idle(&self, key: &str, policy: AddressPolicy) -> Option<Connection> {
        let mut idle = self.lock_idle();
        let connections = idle.get_mut(key)?;
        // The youngest first: it is the least likely to have been closed.
        let connection = connections.pop();
        if connections.is_empty() {
            idle.remove(key);
        }
        drop(idle);
        connection.filter(|connection| {
            let address = connection.exchange.lock().remote_address;
            address.is_none_or(|address| policy.allows(address.ip()))
                && connection.idle_since.elapsed() < self.options.max_idle
        })
    }

    pub(super) fn keep(&self, mut connection: Connection) {
        connection.idle_since = Instant::now();
        let max_idle = self.options.max_idle;
        let mut dropped = Vec::new();
        let mut idle = self.lock_idle();
        for connections in idle.values_mut() {
            let (old, young) = std::mem::take(connections)
                .into_iter()
                .partition(|other| other.idle_since.elapsed() >= max_idle);
            *connections = young;
            dropped.push(old);
        }
        idle.retain(|_, connections| !connections.is_empty());
        let count: usize = idle.values().map(Vec::len).sum();
        let same_host = idle.get(&connection.key).map_or(0, Vec::len);
        if count < Self::MAX_IDLE && same_host < self.options.max_connections_per_host {
            idle.entry(connection.key.clone())
                .or_default()
                .push(connection);
        }
        drop(idle);
        drop(dropped);
    }

    fn new_connection(&self, key: &str, target: &Target) -> Connection {
        let exchange = SharedExchange::default();
        let connector = SocketConnector {
            dial: Arc::clone(&self.dial),
            target: target.clone(),
            exchange: exchange.clone(),
        }
        .chain(TlsConnector {
            config: self.tls.clone(),
            exchange: exchange.clone(),
            target: target.clone(),
        })
        .chain(HeadConnector {
            exchange: exchange.clone(),
        });
        Connection {
            agent: Agent::with_parts(self.config.clone(), connector, NoResolver),
            exchange,
            key: key.to_owned(),
            idle_since: Instant::now(),
        }
    }
}

/// A ureq agent that holds one connection.
pub(super) struct Connection {
    agent: Agent,
    pub(super) exchange: SharedExchange,
    key: String,
    idle_since: Instant,
}

impl Connection {
    fn begin(&self, start: Start) {
        let controller = start.controller.clone();
        let interrupt = {
            let mut exchange = self.exchange.lock();
            exchange.begin(start);
            exchange.interrupt.clone().filter(|_| exchange.reused)
        };
        // Attached without the lock: after an abort this calls the interrupt at once.
        if let Some(interrupt) = interrupt {
            let guard = controller.attach(interrupt.0);
            self.exchange.lock().guard = Some(guard);
        }
    }

    /// Runs the exchange up to the response's head. Also tells whether bytes of the request's body were handed out.
    fn run(
        &self,
        request: &HopRequest,
        sent: &mut dyn FnMut(u64),
    ) -> (Result<BodyReader<'static>, ureq::Error>, bool) {
        // ureq learns only what it needs: whom to connect to, and how the bodies are framed.
        let method = match (&request.body, request.method.as_str()) {
            (Some(_), _) => "POST",
            (None, "HEAD") => "HEAD",
            (None, _) => "GET",
        };
        let mut builder = http::Request::builder()
            .method(method)
            .uri(format!("{}/", self.key))
            .header("user-agent", "-")
            .header("accept", "-");
        let Some(body) = &request.body else {
            let result = builder
                .body(SendBody::none())
                .map_err(ureq::Error::from)
                .and_then(|request| self.agent.run(request));
            return (
                result.map(|response| {
                    response
                        .into_body()
                        .into_with_config()
                        .limit(u64::MAX)
                        .reader()
                }),
                false,
            );
        };
        builder = builder.header("content-length", body.len() + 1);
        let mut reader = UploadReader::new(body.bytes(), &self.exchange, sent);
        let result = builder
            .body(SendBody::from_reader(&mut reader))
            .map_err(ureq::Error::from)
            .and_then(|request| self.agent.run(request));
        let handed_out = reader.has_handed_out();
        (
            result.map(|response| {
                response
                    .into_body()
                    .into_with_config()
                    .limit(u64::MAX)
                    .reader()
            }),
            handed_out,
        )
    }

    /// Whether the failure is one of a kept connection that the server had closed, and the request can be sent again.
    fn may_retry(&self, request: &HopRequest, has_sent: bool) -> bool {
        let exchange = self.exchange.lock();
        exchange.reused
            && exchange.head_bytes == 0
            && !exchange.controller.is_aborted()
            && matches!(
                exchange.failure,
                None | Some(NetworkError::ConnectionClosed(_))
            )
            && (request.method.is_idempotent() || request.body.is_none() || !has_sent)
    }

    /// The named failure behind ureq's error.
    fn name(&self, error: ureq::Error, target: &Target) -> NetworkError {
        if let Some(failure) = self.exchange.failure() {
            return failure;
        }
        match error {
            ureq::Error::Io(error) => NetworkError::ConnectionClosed(error.to_string()),
            ureq::Error::Protocol(error) => NetworkError::MalformedResponse(error.to_string()),
            ureq::Error::Http(error) => NetworkError::InvalidRequest(error.to_string()),
            ureq::Error::BadUri(detail) => NetworkError::InvalidRequest(detail),
            ureq::Error::Tls(detail) => NetworkError::Tls {
                host: target.to_string(),
                detail: detail.to_owned(),
            },
            other => NetworkError::Io(other.to_string()),
        }
    }
}

/// ureq's part in it: no redirects, no errors by status, one connection an agent.
fn config() -> Config {
    Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_idle_connections(1)
        .max_idle_connections_per_host(1)
        .max_idle_age(Duration::from_secs(3600))
        .build()
}
