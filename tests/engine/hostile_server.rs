//! Servers that hang, lie, and send without end: each load ends in time with a message that names what happened.

use std::io::Write;
use std::time::Duration;

use crate::support::command::{Outcome, readystate};
use crate::support::server::{Connection, Server};
use crate::support::trials;

trials!("engine::hostile_server":
    a_server_that_never_answers_is_a_time_out,
    nobody_listening_is_named,
    half_a_header_then_the_end_is_named,
    half_a_header_then_nothing_is_a_time_out,
    a_body_shorter_than_promised_is_named,
    a_body_longer_than_promised_is_cut,
    a_body_that_stops_coming_is_a_time_out,
    a_body_of_ten_gigabytes_hits_the_limit,
    a_body_without_end_hits_the_limit,
    headers_without_end_hit_the_limit,
    a_header_line_without_end_hits_the_limit,
    redirects_without_end_hit_the_limit,
    something_that_is_not_http_is_named,
    a_decompression_bomb_hits_the_limit,
    a_broken_content_coding_is_named,
    a_broken_chunk_is_named,
    a_request_in_a_page_fails_alone,
);

/// The longest that any of these may take.
const IN_TIME: Duration = Duration::from_secs(60);

fn load(timeout: &str, handler: impl Fn(&mut Connection) + Send + Sync + 'static) -> Outcome {
    let server = Server::start(move |_, connection| handler(connection));
    let arguments = [
        "run",
        &server.url("/"),
        "--timeout",
        timeout,
        "--max-body",
        "16",
    ];
    readystate(&arguments).ends_within(IN_TIME)
}

const PATIENT: &str = "30000";
const IMPATIENT: &str = "1000";

fn a_server_that_never_answers_is_a_time_out() {
    load(IMPATIENT, Connection::hang)
        .exits_with(3)
        .complains_of(&["timed out after", "http://127.0.0.1"]);
}

fn nobody_listening_is_named() {
    let server = Server::start(|_, _| {});
    let url = server.url("/");
    drop(server);
    readystate(&["run", &url])
        .exits_with(1)
        .complains_of(&["could not load", "refused"])
        .ends_within(IN_TIME);
}

fn half_a_header_then_the_end_is_named() {
    load(PATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Ty");
    })
    .exits_with(1)
    .complains_of(&["could not load"]);
}

fn half_a_header_then_nothing_is_a_time_out() {
    load(IMPATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Ty");
        connection.hang();
    })
    .exits_with(3)
    .complains_of(&["timed out"]);
}

fn a_body_shorter_than_promised_is_named() {
    load(PATIENT, |connection| {
        connection.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>short",
        );
    })
    .exits_with(1)
    .complains_of(&["could not load"]);
}

fn a_body_longer_than_promised_is_cut() {
    let outcome = load(PATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 8\r\n\r\n<p>eight<script>document.title = 'no'</script>");
    });
    let outcome = outcome.exits_with(0);
    assert!(outcome.stdout.contains("<p>eight</p>"), "{outcome:#?}");
}

fn a_body_that_stops_coming_is_a_time_out() {
    load(IMPATIENT, |connection| {
        connection.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n<p>short",
        );
        connection.hang();
    })
    .exits_with(3)
    .complains_of(&["timed out"]);
}

fn a_body_of_ten_gigabytes_hits_the_limit() {
    load(PATIENT, |connection| {
        connection.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 10000000000\r\n\r\n",
        );
        send_for_ever(connection, &[b'x'; 65536]);
    })
    .exits_with(3)
    .complains_of(&["body"]);
}

fn a_body_without_end_hits_the_limit() {
    load(PATIENT, |connection| {
        connection.raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
        );
        let mut chunk = b"10000\r\n".to_vec();
        chunk.extend([b' '; 65536]);
        chunk.extend(b"\r\n");
        send_for_ever(connection, &chunk);
    })
    .exits_with(3)
    .complains_of(&["body"]);
}

fn send_for_ever(connection: &mut Connection, bytes: &[u8]) {
    while !connection.is_over() && connection.raw(bytes) {}
}

fn headers_without_end_hit_the_limit() {
    let outcome = load(PATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\n");
        let mut number = 0;
        while !connection.is_over()
            && connection.raw(format!("X-{number}: {}\r\n", "y".repeat(1000)))
        {
            number += 1;
        }
    });
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome:#?}");
    outcome.complains_of(&["header"]);
}

fn a_header_line_without_end_hits_the_limit() {
    let outcome = load(PATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\nX: ");
        send_for_ever(connection, &[b'y'; 4096]);
    });
    assert!(matches!(outcome.code, Some(1 | 3)), "{outcome:#?}");
    outcome.complains_of(&["header"]);
}

fn redirects_without_end_hit_the_limit() {
    load(PATIENT, |connection| {
        connection.respond("302 Found", &[("Location", "/again")], "");
    })
    .exits_with(3)
    .complains_of(&["redirect"]);
}

fn something_that_is_not_http_is_named() {
    for bytes in [
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\0\0\0\0",
        "HTTP/9.9 abc\r\n\r\n",
        "\r\n\r\n\r\n",
    ] {
        let outcome = load(PATIENT, move |connection| {
            connection.raw(bytes);
        });
        outcome.exits_with(1).complains_of(&["could not load"]);
    }
}

fn a_decompression_bomb_hits_the_limit() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..64 {
        encoder
            .write_all(&[b' '; 1 << 20])
            .expect("memory takes all");
    }
    let bomb = encoder.finish().expect("memory takes all");
    load(PATIENT, move |connection| {
        connection.respond(
            "200 OK",
            &[("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
            &bomb,
        );
    })
    .exits_with(3)
    .complains_of(&["limit"]);
}

fn a_broken_content_coding_is_named() {
    load(PATIENT, |connection| {
        connection.respond(
            "200 OK",
            &[("Content-Type", "text/html"), ("Content-Encoding", "gzip")],
            "not gzip",
        );
    })
    .exits_with(1)
    .complains_of(&["could not load"]);
}

fn a_broken_chunk_is_named() {
    load(PATIENT, |connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n");
    })
    .exits_with(1)
    .complains_of(&["could not load"]);
}

fn a_request_in_a_page_fails_alone() {
    let page = "<!DOCTYPE html><ul></ul><script>
        for (const path of ['/half', '/short', '/large', '/garbage', '/good']) {
            const r = new XMLHttpRequest();
            r.open('GET', path);
            r.onloadend = (event) => {
                const item = document.createElement('li');
                item.id = path.slice(1);
                item.textContent = r.status + ' ' + (r.status ? r.responseText.length : r.response.length);
                document.querySelector('ul').append(item);
            };
            r.send();
        }</script>";
    let server = Server::with_page(page, |request, connection| match request.path.as_str() {
        "/half" => {
            connection.raw("HTTP/1.1 200 O");
        }
        "/short" => {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nx");
        }
        "/large" => {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
            send_for_ever(connection, &[b'x'; 65536]);
        }
        "/garbage" => {
            connection.raw("???");
        }
        _ => connection.answer("text/plain", "good"),
    });
    let read = "['half', 'short', 'large', 'garbage', 'good'].map((id) => document.getElementById(id).textContent).join()";
    let outcome = readystate(&["run", &server.url("/"), "--max-body", "16", "--eval", read])
        .ends_within(IN_TIME);
    outcome.exits_with(3).prints("0 0,0 0,0 0,0 0,200 4");
}
