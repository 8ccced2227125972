//! The transport over TLS, against a server of rustls on loopback with a certificate that nobody signed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use readystate_xhr::NetworkError;
use readystate_xhr::environment::FetchEnvironment;
use readystate_xhr::fetch::{Body, FetchController};
use readystate_xhr::transport::ClientIdentity;
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::fetch_fixture::{Outcome, header, run, xhr};

const CA: &[u8] = include_bytes!("tls/ca.pem");

pub(crate) type TlsStream = StreamOwned<ServerConnection, TcpStream>;

/// A server with a certificate of its own making.
pub(crate) fn server(serve: impl Fn(usize, TlsStream) + Send + Sync + 'static) -> SocketAddr {
    serve_with(self_signed(), serve)
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

fn self_signed() -> ServerConfig {
    let certificate = CertificateDer::from(&include_bytes!("tls/localhost.cert.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("tls/localhost.key.der")[..]);
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .expect("the pair fits")
}

/// A server whose certificate is signed by the test's authority and that asks for one signed by it too.
fn mutual() -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(CA).expect("PEM"))
        .expect("an authority");
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider())
        .allow_unauthenticated()
        .build()
        .expect("there is a root");
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/server.cert.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key.pem"));
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![certificate.expect("PEM")], key.expect("PEM"))
        .expect("the pair fits")
}

fn serve_with(
    config: ServerConfig,
    serve: impl Fn(usize, TlsStream) + Send + Sync + 'static,
) -> SocketAddr {
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for (at, stream) in listener.incoming().flatten().enumerate() {
            let connection = ServerConnection::new(Arc::clone(&config)).expect("a good config");
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(at, StreamOwned::new(connection, stream)));
        }
    });
    address
}

fn read_request(stream: &mut TlsStream) -> Option<(String, usize)> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length = header(&head, "content-length").and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some((head, body.len()))
}

fn environment(insecure: bool) -> FetchEnvironment {
    let transport = UreqTransport::new(TransportOptions {
        insecure,
        ..TransportOptions::default()
    });
    FetchEnvironment::new(Arc::new(transport.expect("good options")))
}

fn fetch(environment: &FetchEnvironment, address: SocketAddr, body: Option<Body>) -> Outcome {
    let url = format!("https://localhost:{}/", address.port());
    let mut request = xhr(&url, if body.is_some() { "POST" } else { "GET" }, &url);
    request.body = body;
    run(request, environment, &FetchController::new())
}

#[test]
fn an_unknown_certificate_is_refused_unless_insecure() {
    let address = server(|at, mut stream| {
        while let Some((_, length)) = read_request(&mut stream) {
            let body = format!("{at} {length}");
            let text = format!(
                "HTTP/1.1 200 F\u{fc}n\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            if stream.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    let outcome = fetch(&environment(false), address, None);
    let text = outcome.error().to_string();
    assert!(
        matches!(outcome.error(), NetworkError::Tls { .. }),
        "{text}"
    );
    assert!(text.contains("ertificate"), "{text}");
    let environment = environment(true);
    let outcome = fetch(&environment, address, None);
    let connection = outcome.text();
    assert_eq!(outcome.ok().status_message, "F\u{fc}n".as_bytes());
    let outcome = fetch(
        &environment,
        address,
        Some(Body::new(vec![b'x'; 1_000_000])),
    );
    assert_eq!(outcome.sent, 1_000_000);
    let same = connection.replace(" 0", " 1000000");
    assert_eq!(outcome.text(), same, "the connection is kept");
}

#[test]
fn a_tls_body_cut_short_is_named() {
    let address = server(|_, mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfour");
        let _ = stream.flush();
    });
    let outcome = fetch(&environment(true), address, None);
    assert_eq!(outcome.text(), "four");
    assert!(
        matches!(
            outcome.body_error,
            Some(NetworkError::TruncatedBody { received: 4, .. })
        ),
        "{:?}",
        outcome.body_error
    );
}

#[test]
fn an_authority_of_ones_own_is_trusted_and_a_certificate_shown_to_who_asks() {
    let address = serve_with(mutual(), |_, mut stream| {
        while read_request(&mut stream).is_some() {
            let shown = stream.conn.peer_certificates().map_or(0, <[_]>::len);
            let text = format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{shown}");
            if stream.write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    let text = |client_identity: Option<ClientIdentity>| {
        let transport = UreqTransport::new(TransportOptions {
            extra_roots: Some(CA.to_vec()),
            client_identity,
            ..TransportOptions::default()
        });
        let environment = FetchEnvironment::new(Arc::new(transport.expect("good options")));
        fetch(&environment, address, None).text()
    };
    assert_eq!(text(None), "0");
    let identity = ClientIdentity {
        certificates: include_bytes!("tls/client.cert.pem").to_vec(),
        key: include_bytes!("tls/client.key.pem").to_vec(),
    };
    assert_eq!(text(Some(identity)), "1");
    let outcome = fetch(&environment(false), address, None);
    assert!(
        matches!(outcome.error(), NetworkError::Tls { .. }),
        "{:?}",
        outcome.error()
    );
}

#[test]
fn certificates_and_keys_that_cannot_be_used_are_named() {
    let certificate = include_bytes!("tls/client.cert.pem").to_vec();
    let try_with = |extra_roots: Option<&[u8]>, key: Option<&[u8]>| {
        UreqTransport::new(TransportOptions {
            extra_roots: extra_roots.map(<[u8]>::to_vec),
            client_identity: key.map(|key| ClientIdentity {
                certificates: certificate.clone(),
                key: key.to_vec(),
            }),
            ..TransportOptions::default()
        })
        .err()
    };
    for error in [
        try_with(Some(b"not PEM"), None),
        try_with(None, Some(b"not PEM")),
        try_with(None, Some(include_bytes!("tls/server.key.pem"))),
    ] {
        assert!(
            matches!(error, Some(NetworkError::TlsSettings(_))),
            "{error:?}"
        );
    }
}
