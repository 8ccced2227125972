//! The transport over real sockets on loopback.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use readystate_xhr::driver::Pool;
use readystate_xhr::environment::{AddressPolicy, FetchEnvironment};
use readystate_xhr::fetch::{Body, FetchController, FetchEvent, Response};
use readystate_xhr::transport::ureq::{TransportOptions, UreqTransport};
use readystate_xhr::{NetworkError, Url};

use crate::fetch_fixture::{Outcome, run, xhr};

/// A server that gives each connection, with its number, to `serve` on a thread of its own.
fn server(serve: impl Fn(usize, TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for (at, stream) in listener.incoming().flatten().enumerate() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(at, stream));
        }
    });
    address
}

/// Reads a request's head and the body that its length announces; `None` at the connection's end.
fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        bytes.extend_from_slice(&byte);
    }
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length = crate::fetch_fixture::header(&head, "content-length");
    let mut body = vec![0; length.and_then(|length| length.parse().ok()).unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8_lossy(&body))
}

fn answer(stream: &mut TcpStream, body: &str) {
    let text = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream
        .write_all(text.as_bytes())
        .expect("the client listens");
}

fn environment(options: TransportOptions) -> FetchEnvironment {
    FetchEnvironment::new(Arc::new(UreqTransport::new(options).expect("good options")))
}

fn get(environment: &FetchEnvironment, url: &str) -> Outcome {
    run(xhr(url, "GET", url), environment, &FetchController::new())
}

#[test]
fn connections_are_kept_and_the_address_is_told() {
    let address = server(|at, mut stream| {
        let mut count = 0;
        while let Some(request) = read_request(&mut stream) {
            count += 1;
            answer(
                &mut stream,
                &format!(
                    "{at} {count} {}",
                    request.lines().next().unwrap_or_default()
                ),
            );
        }
    });
    let environment = environment(TransportOptions::default());
    let url = format!("http://{address}/x");
    let outcome = get(&environment, &url);
    assert_eq!(outcome.text(), "0 1 GET /x HTTP/1.1");
    assert_eq!(
        outcome
            .response
            .and_then(|response| response.remote_address),
        Some(address)
    );
    assert_eq!(get(&environment, &url).text(), "0 2 GET /x HTTP/1.1");
    let localhost = format!("http://x.localhost:{}/y", address.port());
    assert_eq!(get(&environment, &localhost).text(), "1 1 GET /y HTTP/1.1");
}

#[test]
fn a_connection_closed_while_idle_is_replaced() {
    let (closed, wait) = mpsc::channel();
    let address = server(move |at, mut stream| {
        while read_request(&mut stream).is_some() {
            answer(&mut stream, &at.to_string());
            if at == 0 {
                drop(stream);
                let _ = closed.send(());
                return;
            }
        }
    });
    let environment = environment(TransportOptions::default());
    let url = format!("http://{address}/");
    assert_eq!(get(&environment, &url).text(), "0");
    wait.recv().expect("the server closes");
    assert_eq!(get(&environment, &url).text(), "1");
}

#[test]
fn a_misdirected_request_is_sent_once_more_on_a_new_connection() {
    let address = server(|at, mut stream| {
        let mut count = 0;
        while let Some(request) = read_request(&mut stream) {
            count += 1;
            let body = format!(
                "{at} {count} {}",
                request.lines().last().unwrap_or_default()
            );
            let status = if request.contains("/never") || at == 0 && count == 2 {
                "421 Misdirected Request"
            } else {
                "200 OK"
            };
            let length = body.len();
            let text = format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
            stream
                .write_all(text.as_bytes())
                .expect("the client listens");
        }
    });
    let environment = environment(TransportOptions::default());
    let url = format!("http://{address}/x");
    assert_eq!(get(&environment, &url).text(), "0 1 ");
    let mut post = xhr(&url, "POST", &url);
    post.body = Some(Body::from(b"again".to_vec()));
    let outcome = run(post, &environment, &FetchController::new());
    assert_eq!(outcome.text(), "1 1 again");
    // One that stays misdirected is the answer.
    let url = format!("http://{address}/never");
    let outcome = get(&environment, &url);
    assert_eq!(outcome.status(), 421);
    assert!(outcome.text().starts_with("2 1"), "{}", outcome.text());
}

#[test]
fn abort_during_the_body_frees_the_thread_at_once() {
    let (hold, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let address = server(move |_, mut stream| {
        read_request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
        let _ = held.lock().map(|held| held.recv());
    });
    let environment = environment(TransportOptions::default());
    let controller = FetchController::new();
    let url = format!("http://{address}/");
    let mut outcome = Outcome::default();
    let started = Instant::now();
    readystate_xhr::fetch::fetch(
        xhr(&url, "GET", &url),
        &environment,
        &controller,
        &mut |event| {
            if matches!(event, FetchEvent::BodyChunk(_)) {
                let controller = controller.clone();
                thread::spawn(move || controller.abort());
            }
            outcome.take(event);
        },
    );
    assert_eq!(outcome.body_error, Some(NetworkError::Aborted));
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "long before the time-out"
    );
    drop(hold);
}

#[test]
fn an_early_answer_during_an_upload_is_read() {
    // The server answers and reads no further, without closing: the client's writes get stuck.
    let (hold, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let address = server(move |_, mut stream| {
        let mut some = [0; 1000];
        let _ = stream.read(&mut some);
        let _ = stream.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        let _ = held.lock().map(|held| held.recv());
    });
    let environment = environment(TransportOptions::default());
    let url = format!("http://{address}/");
    let mut request = xhr(&url, "POST", &url);
    request.body = Some(Body::new(vec![b'x'; 64 << 20]));
    let outcome = run(request, &environment, &FetchController::new());
    assert_eq!(
        (outcome.status(), outcome.text().as_str()),
        (413, "no"),
        "{:?}",
        outcome.response
    );
    assert!(!outcome.order.contains(&"sent all"));
    drop(hold);
}

#[test]
fn a_server_that_never_answers_ends_in_a_named_error() {
    let (hold, held) = mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let address = server(move |_, stream| {
        let _ = held.lock().map(|held| held.recv());
        drop(stream);
    });
    let mut environment = environment(TransportOptions::default());
    environment.limits.response_head_timeout = Some(Duration::from_millis(50));
    let outcome = get(&environment, &format!("http://{address}/"));
    let text = outcome.error().to_string();
    assert!(text.contains("response head timed out"), "{text}");
    drop(hold);
}

#[test]
fn loopback_is_refused_by_policy_at_connect_time() {
    let address = server(|_, mut stream| answer(&mut stream, "never"));
    let mut environment = environment(TransportOptions::default());
    environment.address_policy = AddressPolicy::DenyPrivate;
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433"] {
        let outcome = get(&environment, &format!("http://{host}:{}/", address.port()));
        assert!(
            matches!(outcome.error(), NetworkError::AddressRefused { .. }),
            "{host}: {:?}",
            outcome.error()
        );
    }
}

#[test]
fn nobody_listening_and_no_tls_are_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let environment = environment(TransportOptions::default());
    let outcome = get(&environment, &format!("http://{address}/"));
    assert!(
        matches!(outcome.error(), NetworkError::Connect { .. }),
        "{:?}",
        outcome.error()
    );
    let plain = server(|_, mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Speak plain\r\n\r\n");
        let _ = stream.shutdown(Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let outcome = get(&environment, &format!("https://{plain}/"));
    assert!(
        matches!(outcome.error(), NetworkError::Tls { .. }),
        "{:?}",
        outcome.error()
    );
}

#[test]
fn six_requests_to_a_host_at_once_and_a_reserved_one_past_them() {
    let active = Arc::new(AtomicUsize::new(0));
    let peak = Arc::new(AtomicUsize::new(0));
    let full = Arc::new(Barrier::new(7));
    let release = Arc::new(Barrier::new(7));
    let address = {
        let (active, peak) = (Arc::clone(&active), Arc::clone(&peak));
        let (full, release) = (Arc::clone(&full), Arc::clone(&release));
        server(move |_, mut stream| {
            while let Some(request) = read_request(&mut stream) {
                if request.starts_with("GET /slow") {
                    let now = active.fetch_add(1, Ordering::SeqCst) + 1;
                    peak.fetch_max(now, Ordering::SeqCst);
                    full.wait();
                    release.wait();
                    active.fetch_sub(1, Ordering::SeqCst);
                }
                answer(&mut stream, "done");
            }
        })
    };
    let environment = Arc::new(environment(TransportOptions::default()));
    let pool = Pool::new(16);
    let (sender, receiver) = mpsc::channel::<Response>();
    let spawn = |path: &str, is_reserved: bool| {
        let url = format!("http://{address}/{path}");
        let request = xhr(&url, "GET", &url);
        let sender = sender.clone();
        let sink = Box::new(move |event| {
            if let FetchEvent::Response(response) = event {
                let _ = sender.send(response);
            }
        });
        let (environment, controller) = (Arc::clone(&environment), FetchController::new());
        if is_reserved {
            pool.spawn_reserved(request, environment, controller, sink);
        } else {
            pool.spawn(request, environment, controller, sink);
        }
    };
    for _ in 0..12 {
        spawn("slow", false);
    }
    // Six are in the server, six wait for a slot; the reserved one gets through.
    full.wait();
    spawn("sync", true);
    let first = receiver.recv().expect("an answer");
    assert_eq!(first.url().map(Url::path), Some("/sync"));
    release.wait();
    full.wait();
    release.wait();
    for _ in 0..12 {
        assert_eq!(receiver.recv().expect("an answer").status, 200);
    }
    assert_eq!(peak.load(Ordering::SeqCst), 6);
    assert!(pool.threads() <= 16);
}

#[test]
fn an_http_proxy_gets_absolute_urls_and_tunnels() {
    let address = server(|_, mut stream| {
        while let Some(request) = read_request(&mut stream) {
            let line = request.lines().next().unwrap_or_default().to_owned();
            let user = crate::fetch_fixture::header(&request, "proxy-authorization");
            let user = user.unwrap_or_default();
            if line.starts_with("CONNECT") {
                let head = format!("HTTP/1.1 403 Not {user}\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.write_all(head.as_bytes());
                return;
            }
            answer(&mut stream, &format!("{line} {user}"));
        }
    });
    let mut environment = environment(TransportOptions {
        proxy: Some(format!("http://u:p@{address}")),
        no_proxy: vec!["direct.localhost".to_owned()],
        ..TransportOptions::default()
    });
    let outcome = get(&environment, "http://far.test/x?y");
    assert_eq!(
        outcome.text(),
        "GET http://far.test/x?y HTTP/1.1 Basic dTpw"
    );
    let outcome = get(&environment, "https://far.test/");
    assert_eq!(
        outcome.error(),
        &NetworkError::Proxy("403 Not Basic dTpw".to_owned())
    );
    let outcome = get(
        &environment,
        &format!("http://direct.localhost:{}/z", address.port()),
    );
    assert_eq!(outcome.text(), "GET /z HTTP/1.1 ");
    environment.address_policy = AddressPolicy::DenyPrivate;
    let outcome = get(&environment, "http://10.0.0.1/");
    assert!(matches!(
        outcome.error(),
        NetworkError::AddressRefused { .. }
    ));
}

#[test]
fn a_socks_proxy_connects_by_name() {
    let address = server(|_, mut stream| {
        let mut greeting = [0; 3];
        stream.read_exact(&mut greeting).expect("a greeting");
        assert_eq!(greeting, [5, 1, 0]);
        stream.write_all(&[5, 0]).expect("the client listens");
        let mut request = [0; 4 + 1 + 8 + 2];
        stream.read_exact(&mut request).expect("a request");
        assert_eq!(&request[..5], &[5, 1, 0, 3, 8]);
        assert_eq!(&request[5..13], b"far.test");
        stream
            .write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            .expect("the client listens");
        read_request(&mut stream);
        answer(&mut stream, "through");
    });
    let environment = environment(TransportOptions {
        proxy: Some(format!("socks5://{address}")),
        ..TransportOptions::default()
    });
    assert_eq!(get(&environment, "http://far.test/").text(), "through");
}

#[test]
fn many_requests_share_the_pool_and_six_connections() {
    let connections = Arc::new(AtomicUsize::new(0));
    let address = {
        let connections = Arc::clone(&connections);
        server(move |_, mut stream| {
            connections.fetch_add(1, Ordering::SeqCst);
            while read_request(&mut stream).is_some() {
                answer(&mut stream, "done");
            }
        })
    };
    let environment = Arc::new(environment(TransportOptions::default()));
    let pool = Pool::new(32);
    let (sender, receiver) = mpsc::channel::<FetchEvent>();
    for at in 0..500 {
        let url = format!("http://{address}/{at}");
        let sender = sender.clone();
        pool.spawn(
            xhr(&url, "GET", &url),
            Arc::clone(&environment),
            FetchController::new(),
            Box::new(move |event| {
                if matches!(event, FetchEvent::EndOfBody) {
                    let _ = sender.send(event);
                }
            }),
        );
    }
    drop(sender);
    assert_eq!(receiver.iter().count(), 500);
    assert!(pool.threads() <= 32);
    assert!(connections.load(Ordering::SeqCst) <= 6, "{connections:?}");
}

#[test]
fn a_kept_connection_is_not_lent_to_a_page_that_may_not_have_it() {
    let address = server(|_, mut stream| {
        while read_request(&mut stream).is_some() {
            answer(&mut stream, "private");
        }
    });
    let mut environment = environment(TransportOptions::default());
    let url = format!("http://{address}/");
    assert_eq!(get(&environment, &url).text(), "private");
    environment.address_policy = AddressPolicy::DenyPrivate;
    let outcome = get(&environment, &url);
    assert!(matches!(
        outcome.error(),
        NetworkError::AddressRefused { .. }
    ));
}
