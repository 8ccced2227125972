//! One test is one child process; this file starts them, ends them, and reads what they found.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::manifest::TestFile;

/// The harness's own time-out is 10 s, or 60 s for a long test; the page gets a little more.
const NORMAL_LIMIT: Duration = Duration::from_secs(13);
const LONG_LIMIT: Duration = Duration::from_secs(63);
/// How much longer than its own time-out a process may live before it is killed.
const KILL_AFTER: Duration = Duration::from_secs(5);

/// The harness writes its results into an element of this id.
const WAIT_FOR: &str = "#__testharness__results__";
const READ_RESULTS: &str = "document.getElementById('__testharness__results__').textContent";

/// The program that runs a page, and the server the pages come from.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The `readystate` binary.
    pub(crate) binary: PathBuf,
    /// The server's address, without a slash at its end.
    pub(crate) base: String,
    /// The authority that the server's certificate is from, as a PEM file.
    pub(crate) authority: Option<PathBuf>,
}

/// How a test file ended as a whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum FileStatus {
    /// The harness completed.
    Ok,
    /// The harness reports an error, or the page could not be loaded.
    Error,
    /// The harness or the process ran out of time.
    Timeout,
    /// The process ended by a signal or a panic.
    Crash,
    /// The harness found a precondition unmet.
    PreconditionFailed,
}

impl FileStatus {
    /// The status as expectation files write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Error => "ERROR",
            Self::Timeout => "TIMEOUT",
            Self::Crash => "CRASH",
            Self::PreconditionFailed => "PRECONDITION_FAILED",
        }
    }
}

/// One subtest of a file.
#[derive(Clone, Debug)]
pub(crate) struct Subtest {
    /// Its name; a name that occurs twice gets a number.
    pub(crate) name: String,
    /// PASS, FAIL, TIMEOUT, NOTRUN or PRECONDITION_FAILED.
    pub(crate) status: &'static str,
    /// Why it did not pass.
    pub(crate) message: String,
}

/// What one file gave.
#[derive(Clone, Debug)]
pub(crate) struct FileResult {
    /// The test.
    pub(crate) test: TestFile,
    /// How it ended.
    pub(crate) status: FileStatus,
    /// Why it did not end well: the harness's message, or the last lines of stderr.
    pub(crate) message: String,
    /// Its subtests, in the order the harness reported them.
    pub(crate) subtests: Vec<Subtest>,
    /// From start to end of the process.
    pub(crate) duration: Duration,
}

impl FileResult {
    /// How many subtests passed.
    pub(crate) fn passes(&self) -> usize {
        self.subtests
            .iter()
            .filter(|subtest| subtest.status == "PASS")
            .count()
    }

    /// Whether the harness completed and every subtest passed.
    pub(crate) fn is_all_pass(&self) -> bool {
        self.status == FileStatus::Ok && self.passes() == self.subtests.len()
    }

    /// Whether the file or a subtest ran out of time.
    pub(crate) fn ran_out_of_time(&self) -> bool {
        self.status == FileStatus::Timeout
            || self
                .subtests
                .iter()
                .any(|subtest| subtest.status == "TIMEOUT")
    }
}

/// Runs all tests on `jobs` threads and returns the results by path.
pub(crate) fn run_all(
    browser: &Browser,
    tests: &[TestFile],
    jobs: usize,
) -> BTreeMap<String, FileResult> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let shows_progress = std::io::stderr().is_terminal();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(tests.len()) {
            scope.spawn(|| {
                while let Some(test) = tests.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let result = run_one(browser, test);
                    if let Ok(mut results) = results.lock() {
                        results.insert(test.path.clone(), result);
                        if shows_progress {
                            eprint!(
                                "\r\x1b[Kwpt: {}/{} {}",
                                results.len(),
                                tests.len(),
                                test.path
                            );
                        }
                    }
                }
            });
        }
    });
    if shows_progress {
        eprint!("\r\x1b[K");
    }
    results.into_inner().unwrap_or_default()
}

/// Runs one test in a process of its own.
pub(crate) fn run_one(browser: &Browser, test: &TestFile) -> FileResult {
    let limit = if test.is_long {
        LONG_LIMIT
    } else {
        NORMAL_LIMIT
    };
    let started = Instant::now();
    let mut command = Command::new(&browser.binary);
    if let Some(authority) = &browser.authority {
        command.arg("run").arg("--cacert").arg(authority);
    } else {
        command.arg("run");
    }
    let spawned = command
        .arg(format!("{}{}", browser.base, test.path))
        .args(["--wait-for", WAIT_FOR, "--eval", READ_RESULTS])
        .args(["--timeout", &limit.as_millis().to_string()])
        .args(["--quiet", "--allow-private"])
        // A hosts file has no names with a dot at their end; the suite's own runs map them too.
        .args(["--map", "*.test.=127.0.0.1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut result = FileResult {
        test: test.clone(),
        status: FileStatus::Error,
        message: String::new(),
        subtests: Vec::new(),
        duration: Duration::ZERO,
    };
    match spawned {
        Ok(child) => {
            let ended = wait(child, limit + KILL_AFTER);
            read_results(&ended, &mut result);
        }
        Err(error) => {
            result.message = format!("cannot run {}: {error}", browser.binary.display());
        }
    }
    result.duration = started.elapsed();
    result
}

struct Ended {
    /// `None` if it had to be killed.
    status: Option<ExitStatus>,
    stdout: Vec<u8>,
    stderr: Vec<u8>,
}

fn wait(mut child: Child, limit: Duration) -> Ended {
    let (sender, ended) = mpsc::channel();
    let read = |pipe: Option<Box<dyn Read + Send>>, sender: mpsc::Sender<()>| {
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            if let Some(mut pipe) = pipe {
                // What was read before an error is kept: the process is then at its end.
                let _ = pipe.read_to_end(&mut bytes);
            }
            drop(sender);
            bytes
        })
    };
    let stdout = read(
        child.stdout.take().map(|p| Box::new(p) as _),
        sender.clone(),
    );
    let stderr = read(child.stderr.take().map(|p| Box::new(p) as _), sender);
    // Both pipes close when the process ends: the channel is then without senders.
    let in_time = matches!(
        ended.recv_timeout(limit),
        Err(mpsc::RecvTimeoutError::Disconnected)
    );
    if !in_time {
        let _ = child.kill();
    }
    let status = child.wait().ok().filter(|_| in_time);
    Ended {
        status,
        stdout: stdout.join().unwrap_or_default(),
        stderr: stderr.join().unwrap_or_default(),
    }
}

fn read_results(ended: &Ended, result: &mut FileResult) {
    let stdout = String::from_utf8_lossy(&ended.stdout);
    if let Ok(report) = serde_json::from_str::<Value>(stdout.trim())
        && let Some(tests) = report["tests"].as_array()
    {
        result.status = match report["status"].as_u64() {
            Some(0) => FileStatus::Ok,
            Some(2) => FileStatus::Timeout,
            Some(3) => FileStatus::PreconditionFailed,
            _ => FileStatus::Error,
        };
        result.message = report["message"].as_str().unwrap_or_default().to_owned();
        result.subtests = subtests(tests);
        return;
    }
    let code = ended.status.and_then(|status| status.code());
    result.status = match (ended.status, code) {
        (None, _) | (_, Some(3)) => FileStatus::Timeout,
        // 101 is a Rust panic; no code at all is a signal.
        (Some(_), None | Some(101)) => FileStatus::Crash,
        _ => FileStatus::Error,
    };
    let how = match ended.status {
        None => "killed".to_owned(),
        Some(status) => status.to_string(),
    };
    result.message = format!("{how}: {}", last_lines(&ended.stderr));
}

fn subtests(tests: &[Value]) -> Vec<Subtest> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::with_capacity(tests.len());
    for test in tests {
        let mut name = test["name"].as_str().unwrap_or_default().to_owned();
        let times = seen.entry(name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            name = format!("{name} ({times})");
        }
        found.push(Subtest {
            name,
            status: match test["status"].as_u64() {
                Some(0) => "PASS",
                Some(2) => "TIMEOUT",
                Some(3) => "NOTRUN",
                Some(4) => "PRECONDITION_FAILED",
                _ => "FAIL",
            },
            message: test["message"].as_str().unwrap_or_default().to_owned(),
        });
    }
    found
}

fn last_lines(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<_> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(4)..)
        .unwrap_or_default()
        .join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_occur_twice_get_a_number() {
        let tests = [
            serde_json::json!({"name": "a", "status": 0}),
            serde_json::json!({"name": "a", "status": 1, "message": "no"}),
        ];
        let found: Vec<_> = subtests(&tests)
            .into_iter()
            .map(|t| (t.name, t.status))
            .collect();
        assert_eq!(
            found,
            [("a".to_owned(), "PASS"), ("a (2)".to_owned(), "FAIL")]
        );
    }

    #[test]
    fn only_the_end_of_stderr_is_kept() {
        assert_eq!(last_lines(b"1\n2\n3\n4\n5\n"), "2 | 3 | 4 | 5");
        assert_eq!(last_lines(b""), "");
    }
}
