//! The checkout's own test server, started for the run and stopped after it.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::manifest::Scheme;

const HOST: &str = "web-platform.test";
const PORT: u16 = 8000;
/// The harness's hook for those who run it: where results go, and what tests of other interfaces need.
const REPORT: &str = include_str!("harness/testharnessreport.js");
/// How long the Python servers may take to listen.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long they may take to leave after an interrupt.
const STOP_LIMIT: Duration = Duration::from_secs(15);

/// The address of the pages, which the manifest's addresses are relative to.
pub(crate) fn address(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Http => "http://web-platform.test:8000",
        Scheme::Https => "https://web-platform.test:8443",
    }
}

/// A running `wpt serve`; dropping it stops it.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    authority: Option<PathBuf>,
}

impl Server {
    /// Starts `wpt serve` in `root` on the ports the tests expect, and waits until it answers.
    pub(crate) fn start(root: &Path, cache: &Path) -> Result<Self, Failure> {
        check_hosts_file()?;
        if answers() {
            return Err(format!(
                "something already answers at {HOST}:{PORT}; use it with --server http://{HOST}:{PORT}"
            ));
        }
        let cannot = |what: &str| {
            let what = what.to_owned();
            move |error: std::io::Error| format!("cannot {what}: {error}")
        };
        std::fs::create_dir_all(cache).map_err(cannot("make the cache folder"))?;
        let cache = std::path::absolute(cache).map_err(cannot("name the cache folder"))?;
        let harness = cache.join("harness");
        std::fs::create_dir_all(&harness).map_err(cannot("make the harness folder"))?;
        std::fs::write(harness.join("testharnessreport.js"), REPORT)
            .map_err(cannot("write testharnessreport.js"))?;
        let config = cache.join("serve.json");
        // NOTE: tests of WebSocket want to know the port of HTTP/2 in any case; where Python cannot serve it, nothing listens there.
        let mut settings = serde_json::json!({
            "browser_host": HOST,
            "check_subdomains": false,
            "aliases": [{"url-path": "/resources/testharnessreport.js", "local-dir": harness}],
            "ports": {
                "http": [PORT, 8001], "https": [8443, 8444], "ws": [8888], "wss": [8889], "h2": [9000],
            },
        });
        // The checkout's own certificates have expired; `wpt serve` makes an authority and a certificate with openssl.
        let certificates = cache.join("certificates");
        let authority = has_openssl().then(|| certificates.join("cacert.pem"));
        if authority.is_some() {
            settings["ssl"] = serde_json::json!({
                "type": "openssl",
                "openssl": {"base_path": certificates},
            });
        } else {
            eprintln!("wpt: there is no openssl: tests over https and wss will fail");
        }
        std::fs::write(&config, settings.to_string()).map_err(cannot("write serve.json"))?;
        let log_path = cache.join("serve.log");
        let log = File::create(&log_path).map_err(cannot("write serve.log"))?;
        let log_too = log.try_clone().map_err(cannot("write serve.log"))?;
        let child = Command::new("python3")
            .current_dir(root)
            .args(["wpt", "serve", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(log_too)
            .spawn()
            .map_err(cannot("run python3"))?;
        let mut server = Self { child, authority };
        let started = Instant::now();
        while !answers() {
            if let Ok(Some(status)) = server.child.try_wait() {
                return Err(format!(
                    "`wpt serve` ended ({status}); see {}",
                    log_path.display()
                ));
            }
            if started.elapsed() > START_LIMIT {
                return Err(format!(
                    "`wpt serve` does not answer; see {}",
                    log_path.display()
                ));
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(server)
    }
}

impl Server {
    /// The authority made for the run, as a PEM file; `None` if the checkout's own certificates are used.
    pub(crate) fn authority(&self) -> Option<PathBuf> {
        self.authority.clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Its own children end only when the parent is interrupted, as by Ctrl-C.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-INT", &pid]).status();
        let asked = Instant::now();
        while asked.elapsed() < STOP_LIMIT {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn has_openssl() -> bool {
    Command::new("openssl")
        .arg("version")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn check_hosts_file() -> Result<(), Failure> {
    match (HOST, PORT).to_socket_addrs() {
        Ok(_) => Ok(()),
        Err(error) => Err(format!(
            "{HOST}: {error}; in the checkout: python3 wpt make-hosts-file | sudo tee -a /etc/hosts"
        )),
    }
}

/// Whether the server hands out the harness.
fn answers() -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect((HOST, PORT))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET /resources/testharness.js HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nConnection: close\r\n\r\n"
        )?;
        let mut head = [0; 12];
        stream.read_exact(&mut head)?;
        Ok(head.ends_with(b"200"))
    };
    ask().unwrap_or(false)
}
