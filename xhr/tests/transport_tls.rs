//! The transport over TLS, against a server of rustls on loopback with a certificate that nobody signed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use readystate_xhr::NetworkError;
use readystate_xhr::environment::FetchEnvironment;
use readystate_xhr::fetch::{Body, FetchController};
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::fetch_fixture::{Outcome, header, run, xhr};

type TlsStream = StreamOwned<ServerConnection, TcpStream>;

fn server(serve: impl Fn(usize, TlsStream) + Send + Sync + 'static) -> SocketAddr {
    let certificate = CertificateDer::from(&include_bytes!("tls/localhost.cert.der")[..]);
    let key = PrivatePkcs8KeyDer::from(&include_bytes!("tls/localhost.key.der")[..]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .expect("the pair fits");
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
