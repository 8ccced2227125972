//! The built-in server: what it serves, and above all what it does not.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use readystate::folder_server::{FolderServer, Resolved, content_type, resolve};

use crate::support::trials;

trials!("engine::folder_server":
    a_folder_gives_its_index_and_a_file_its_type,
    nothing_outside_of_the_root_is_served,
    a_head_request_has_the_length_but_no_body,
    a_folder_without_its_slash_is_a_redirect,
    echo_answers_what_was_sent,
    a_chunked_body_is_echoed_whole,
    a_delayed_answer_does_not_hold_up_others,
    a_foreign_host_name_is_refused,
    a_connection_serves_several_requests,
);

/// A folder that goes away with its test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("readystate-{}-{number}", std::process::id()));
        fs::create_dir_all(path.join("root/sub")).expect("the temporary folder can be written");
        let folder = Self(path.canonicalize().expect("it was just made"));
        folder.write("secret.txt", "secret");
        folder.write("root/index.html", "<p>index");
        folder.write("root/sub/index.html", "<p>sub");
        folder.write("root/a b.json", "{}");
        folder.write("root/.hidden", "hidden");
        folder
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("the temporary folder can be written");
    }

    fn root(&self) -> PathBuf {
        self.0.join("root")
    }

    fn serve(&self) -> FolderServer {
        FolderServer::start(&self.root()).expect("loopback is there")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder left behind harms nobody.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Sends bytes as they are, with `HOST` replaced, and reads to the end of the connection.
fn exchange(server: &FolderServer, request: &str) -> String {
    let request = request.replace("HOST", &server.address().to_string());
    let mut stream = TcpStream::connect(server.address()).expect("it listens");
    stream.write_all(request.as_bytes()).expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .expect("it answers and closes");
    answer
}

fn get(server: &FolderServer, path: &str) -> String {
    exchange(
        server,
        &format!("GET {path} HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n"),
    )
}

#[track_caller]
fn has(answer: &str, part: &str) {
    assert!(answer.contains(part), "no {part:?} in {answer:?}");
}

fn a_folder_gives_its_index_and_a_file_its_type() {
    let folder = Folder::new();
    let server = folder.serve();
    has(&get(&server, "/"), "<p>index");
    has(&get(&server, "/sub/"), "<p>sub");
    let json = get(&server, "/a%20b.json?x=1");
    has(&json, "Content-Type: application/json\r\n");
    has(&json, "\r\n\r\n{}");
    assert_eq!(
        content_type("x.JS".as_ref()),
        "text/javascript; charset=utf-8"
    );
    has(&get(&server, "/missing"), "HTTP/1.1 404 Not Found\r\n");
}

fn nothing_outside_of_the_root_is_served() {
    let folder = Folder::new();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(folder.0.join("secret.txt"), folder.root().join("link.txt"))
            .expect("links can be made");
        std::os::unix::fs::symlink(&folder.0, folder.root().join("up")).expect("links can be made");
    }
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/sub/../../secret.txt",
        "/link.txt",
        "/up/secret.txt",
        "/.hidden",
        "/%00",
        "/..\\secret.txt",
        "//etc/passwd",
    ] {
        assert_eq!(resolve(&folder.root(), path), Resolved::NotFound, "{path}");
    }
    let server = folder.serve();
    has(&get(&server, "/../secret.txt"), "HTTP/1.1 404 ");
}

fn a_head_request_has_the_length_but_no_body() {
    let folder = Folder::new();
    let answer = exchange(
        &folder.serve(),
        "HEAD / HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
    );
    has(&answer, "Content-Length: 8\r\n");
    assert!(answer.ends_with("\r\n\r\n"), "{answer:?}");
}

fn a_folder_without_its_slash_is_a_redirect() {
    let folder = Folder::new();
    let answer = get(&folder.serve(), "/sub?x");
    has(&answer, "HTTP/1.1 301 ");
    has(&answer, "Location: /sub/?x\r\n");
}

fn echo_answers_what_was_sent() {
    let folder = Folder::new();
    let answer = exchange(
        &folder.serve(),
        "PUT /__echo HTTP/1.1\r\nHost: HOST\r\nContent-Type: text/plain\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc",
    );
    let body = answer.split("\r\n\r\n").nth(1).unwrap_or_default();
    let json: serde_json::Value = serde_json::from_str(body).expect("it is JSON");
    assert_eq!(json["method"], "PUT");
    assert_eq!(json["contentType"], "text/plain");
    assert_eq!(json["length"], 3);
    assert_eq!(json["headers"]["x-a"], "1, 2");
    assert_eq!(json["body"], "abc");
}

fn a_chunked_body_is_echoed_whole() {
    let folder = Folder::new();
    let answer = exchange(
        &folder.serve(),
        "POST /__echo HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n",
    );
    has(&answer, "\"body\":\"abcde\"");
}

fn a_delayed_answer_does_not_hold_up_others() {
    let folder = Folder::new();
    let server = folder.serve();
    let start = Instant::now();
    std::thread::scope(|scope| {
        let late = scope.spawn(|| get(&server, "/__delay?ms=300"));
        has(&get(&server, "/"), "<p>index");
        assert!(!late.is_finished(), "the late answer came first");
        has(&late.join().expect("it answers"), "HTTP/1.1 200 ");
    });
    assert!(start.elapsed() >= Duration::from_millis(300));
}

fn a_foreign_host_name_is_refused() {
    let folder = Folder::new();
    let answer = exchange(
        &folder.serve(),
        "GET / HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n",
    );
    has(&answer, "HTTP/1.1 421 ");
}

fn a_connection_serves_several_requests() {
    let folder = Folder::new();
    let answer = exchange(
        &folder.serve(),
        "GET / HTTP/1.1\r\nHost: HOST\r\n\r\nGET /sub/ HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
    );
    has(&answer, "<p>index");
    has(&answer, "<p>sub");
}
