//! The `readystate` command as a child process.
//!
//! The test binary starts itself again with a variable set and then behaves as the command: V8 is linked only once.

use std::io::{Read, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

/// Set in a child that has to behave as the command.
const VARIABLE: &str = "READYSTATE_TESTS_AS_COMMAND";

/// Runs the command if this process is such a child.
pub(crate) fn run_if_asked() -> Option<ExitCode> {
    std::env::var_os(VARIABLE)?;
    Some(readystate::cli::main())
}

/// What a run of the command gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The exit code; `None` for a signal, or if the test lost patience.
    pub(crate) code: Option<i32>,
    /// What it printed.
    pub(crate) stdout: String,
    /// What it complained about.
    pub(crate) stderr: String,
    /// How long it took.
    pub(crate) duration: Duration,
}

impl Outcome {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// Asserts that stderr has each of these words, in any case.
    #[track_caller]
    pub(crate) fn complains_of(self, words: &[&str]) -> Self {
        let stderr = self.stderr.to_lowercase();
        for word in words {
            assert!(
                stderr.contains(&word.to_lowercase()),
                "no {word:?} in {self:#?}"
            );
        }
        self
    }

    /// Asserts what is on stdout, but for the last newline.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert_eq!(self.stdout.trim_end_matches('\n'), text, "{}", self.stderr);
        self
    }

    /// Asserts that it ended within `limit`.
    #[track_caller]
    pub(crate) fn ends_within(self, limit: Duration) -> Self {
        assert!(self.duration <= limit, "{self:#?}");
        self
    }
}

/// Runs `readystate` with these arguments; patience ends after two minutes.
pub(crate) fn readystate(arguments: &[&str]) -> Outcome {
    readystate_with_input(arguments, "")
}

/// Runs `readystate` with these arguments and these environment variables; those that name proxies are its only ones.
pub(crate) fn readystate_with_variables(arguments: &[&str], variables: &[(&str, &str)]) -> Outcome {
    start(arguments, variables, "")
}

/// Runs `readystate` with these arguments and this text on stdin.
pub(crate) fn readystate_with_input(arguments: &[&str], input: &str) -> Outcome {
    start(arguments, &[], input)
}

fn start(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Outcome {
    let executable = std::env::current_exe().expect("a running test has a file");
    let started = Instant::now();
    let mut command = Command::new(executable);
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
        command.env_remove(name).env_remove(name.to_uppercase());
    }
    let mut child = command
        .args(arguments)
        .envs(variables.iter().copied())
        .env(VARIABLE, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the test binary can start itself");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    // A command that does not read its input closes the pipe; that is no fault.
    drop(stdin.write_all(input.as_bytes()));
    drop(stdin);
    let mut outcome = collect(child);
    outcome.duration = started.elapsed();
    outcome
}

fn collect(mut child: Child) -> Outcome {
    let (sender, ended) = mpsc::channel();
    let stdout = read_all(
        child.stdout.take().expect("stdout is piped"),
        sender.clone(),
    );
    let stderr = read_all(child.stderr.take().expect("stderr is piped"), sender);
    // Both pipes close when the child ends, and with them the channel.
    let patience = Duration::from_secs(120);
    let ended = ended.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Disconnected);
    if !ended {
        drop(child.kill());
    }
    let status = child.wait().expect("the child was started");
    let text = |thread: std::thread::JoinHandle<Vec<u8>>| {
        let bytes = thread.join().expect("reading does not panic");
        String::from_utf8(bytes).expect("the command prints UTF-8")
    };
    Outcome {
        code: status.code().filter(|_| ended),
        stdout: text(stdout),
        stderr: text(stderr),
        duration: Duration::ZERO,
    }
}

fn read_all(
    mut pipe: impl Read + Send + 'static,
    sender: mpsc::Sender<()>,
) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).expect("a pipe can be read");
        drop(sender);
        bytes
    })
}
