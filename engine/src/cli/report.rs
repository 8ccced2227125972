//! What the command prints: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::events::{ConsoleLine, PageEvent, RequestRecord};
use readystate_js::host::{ConsoleLevel, ExceptionReport, SourceLocation};

use super::EXIT_DONE;

/// Standard output.
pub(super) struct Output;

impl Output {
    /// Prints `text`. Who reads it may stop reading: that is no error.
    pub(super) fn print(text: &str) -> u8 {
        let mut stdout = io::stdout().lock();
        drop(
            stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush()),
        );
        EXIT_DONE
    }

    /// Prints `text` and a line end, unless it has one.
    pub(super) fn print_line(text: &str) {
        if text.ends_with('\n') {
            Self::print(text);
        } else {
            Self::print(&format!("{text}\n"));
        }
    }

    /// A message about the command itself.
    pub(super) fn complain(text: &str) {
        // Without standard error there is nobody to tell.
        drop(writeln!(io::stderr().lock(), "readystate: {text}"));
    }
}

/// Standard error, shared by page threads and the progress line.
#[derive(Clone)]
pub(super) struct Messages {
    progress_shown: Arc<Mutex<bool>>,
    exception_seen: Arc<AtomicBool>,
    quiet: bool,
    log_requests: bool,
}

impl Messages {
    pub(super) fn new(quiet: bool, log_requests: bool) -> Self {
        Self {
            progress_shown: Arc::default(),
            exception_seen: Arc::default(),
            quiet,
            log_requests,
        }
    }

    /// Whether a progress line makes sense.
    pub(super) fn wants_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Whether the page had an uncaught script error.
    pub(super) fn exception_seen(&self) -> bool {
        self.exception_seen.load(Ordering::SeqCst)
    }

    /// Prints what an event has to say, if it is wanted.
    pub(super) fn on_event(&self, event: &PageEvent) {
        match event {
            PageEvent::Console(line) | PageEvent::Warning(line) if !self.quiet => {
                self.line(&console_line(line));
            }
            PageEvent::Exception(report) => {
                self.exception_seen.store(true, Ordering::SeqCst);
                if !self.quiet {
                    self.line(&exception_text(report));
                }
            }
            PageEvent::RequestFinished(record) if self.log_requests => {
                self.line(&request_line(record));
            }
            PageEvent::RequestRefused { url, reason } if self.log_requests => {
                self.line(&format!("{url} refused: {reason}"));
            }
            PageEvent::Limit { limit, message } => {
                self.line(&format!("limit hit: {limit}: {message}"));
            }
            _ => {}
        }
    }

    /// Prints a line, above the progress line if there is one.
    pub(super) fn line(&self, text: &str) {
        let mut shown = self.lock();
        let clear = if std::mem::take(&mut *shown) {
            "\r\x1b[K"
        } else {
            ""
        };
        // Without standard error there is nobody to tell.
        drop(writeln!(io::stderr().lock(), "{clear}{text}"));
    }

    /// Shows `text` as the progress line; an empty one takes it away.
    pub(super) fn progress(&self, text: &str) {
        let mut shown = self.lock();
        if text.is_empty() && !*shown {
            return;
        }
        *shown = !text.is_empty();
        let mut stderr = io::stderr().lock();
        drop(write!(stderr, "\r\x1b[K{text}").and_then(|()| stderr.flush()));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, bool> {
        self.progress_shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// `url:line:column: level: text`.
fn console_line(line: &ConsoleLine) -> String {
    let level = match line.level {
        ConsoleLevel::Debug => "debug",
        ConsoleLevel::Log => "log",
        ConsoleLevel::Info => "info",
        ConsoleLevel::Warn => "warning",
        ConsoleLevel::Error => "error",
    };
    format!("{}{level}: {}", place(&line.location), line.text)
}

/// The message with its place, and the stack below it.
pub(super) fn exception_text(report: &ExceptionReport) -> String {
    let mut text = format!("{}error: {}", place(&report.location), report.message);
    let frames = report
        .stack
        .iter()
        .flat_map(|stack| stack.lines())
        .map(str::trim)
        .filter(|line| line.starts_with("at "));
    for frame in frames {
        text.push_str("\n    ");
        text.push_str(frame);
    }
    text
}

fn place(location: &SourceLocation) -> String {
    match (location.url.as_str(), location.line, location.column) {
        ("", ..) => String::new(),
        (url, 0, _) => format!("{url}: "),
        (url, line, 0) => format!("{url}:{line}: "),
        (url, line, column) => format!("{url}:{line}:{column}: "),
    }
}

/// `GET http://… 200 1234 bytes 5.2 ms`.
fn request_line(record: &RequestRecord) -> String {
    let RequestRecord {
        method,
        url,
        status,
        bytes,
        duration,
        error,
        from_cache,
    } = record;
    let milliseconds = format!("{:.1}", duration.as_secs_f64() * 1e3);
    let status = if *status == 0 {
        "failed".to_owned()
    } else {
        status.to_string()
    };
    match error {
        Some(error) => format!("{method} {url} {status} {bytes} bytes {milliseconds} ms: {error}"),
        None if *from_cache => format!("{method} {url} {status} {bytes} bytes from the cache"),
        None => format!("{method} {url} {status} {bytes} bytes {milliseconds} ms"),
    }
}
