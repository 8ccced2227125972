//! Memory under attack, measured in a process of its own.

use std::process::Command;
use std::sync::Arc;

use readystate_xhr::environment::FetchEnvironment;
use readystate_xhr::fetch::{FetchController, FetchEvent, fetch};
use readystate_xhr::transport::scripted::{Answer, ScriptedTransport};

use super::codings::{BROTLI_BOMB, gzip, zstd_bomb};
use super::{PAGE, limits};
use crate::fetch_fixture::xhr;

const VARIABLE: &str = "READYSTATE_HOSTILE_CHILD";
const NAME: &str = "hostile::memory::no_answer_takes_more_memory_than_its_limits";

/// What the process may take, the answers themselves (35 MiB at most) and the test harness included.
const MAX_KIB: u64 = 160 << 10;

#[test]
fn no_answer_takes_more_memory_than_its_limits() {
    if std::env::var_os(VARIABLE).is_some() {
        return attack();
    }
    // Where the system does not tell, the limits are tested by their errors alone.
    if peak_kib().is_none() {
        return;
    }
    let executable = std::env::current_exe().expect("a running test has a file");
    let output = Command::new(executable)
        .args(["--exact", NAME, "--nocapture"])
        .env(VARIABLE, "1")
        .output()
        .expect("the test binary can start itself");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The most memory that this process has had, in KiB.
fn peak_kib() -> Option<u64> {
    let status = String::from_utf8(read_file("/proc/self/status")?).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test may look at its own process"
)]
fn read_file(path: &str) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}

fn attack() {
    let coded = |coding: &str, body: &[u8]| {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        Answer::bytes([head.as_bytes(), body].concat()).then_close()
    };
    let once = gzip(&vec![0; 32 << 20]);
    let answers = [
        coded("gzip", &once),
        coded("gzip, gzip", &gzip(&once)),
        coded("br", BROTLI_BOMB),
        coded("zstd", &zstd_bomb(1000)),
        Answer::bytes("1xx ".repeat(10)).then_close(),
        Answer::bytes("HTTP/1.1 100 Continue\r\n\r\n".repeat(400_000)).then_close(),
        Answer::bytes(["HTTP/1.1 200 OK\r\nX: ", &"y".repeat(10 << 20)].concat()).then_close(),
        Answer::bytes(["HTTP/1.1 200 OK\r\n\r\n", &"z".repeat(20 << 20)].concat()).then_close(),
    ];
    drop(once);
    for answer in answers {
        let transport = ScriptedTransport::new([answer]);
        let mut environment = FetchEnvironment::new(Arc::new(transport));
        environment.limits = limits();
        let request = xhr(PAGE, "GET", PAGE);
        let mut delivered = 0;
        fetch(
            request,
            &environment,
            &FetchController::new(),
            &mut |event| {
                if let FetchEvent::BodyChunk(bytes) = event {
                    assert!(bytes.len() <= 64 << 10, "a chunk of {} bytes", bytes.len());
                    delivered += bytes.len();
                }
            },
        );
        assert!(delivered <= 16 << 20, "{delivered} bytes were delivered");
    }
    let peak = peak_kib().expect("asked before");
    assert!(peak <= MAX_KIB, "the process took {peak} KiB");
}
