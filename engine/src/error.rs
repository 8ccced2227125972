//! What can go wrong for the caller of the Rust API.

use std::fmt;
use std::time::Duration;

use readystate_js::host::ExceptionReport;
use readystate_xhr::NetworkError;

use crate::interception::InvalidPattern;
use crate::settled::Pending;

/// A limit by its name; see [`Limits`](crate::Limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// A task ran longer than `script_time`.
    ScriptTime,
    /// The script heap reached `heap_bytes`.
    Heap,
    /// The documents reached `dom_nodes`.
    DomNodes,
    /// A response body reached `body_bytes`.
    BodyBytes,
    /// A response body reached `decompression_ratio`.
    DecompressionRatio,
    /// A header section reached `header_bytes`.
    HeaderBytes,
    /// A fetch was redirected more often than `redirects`.
    Redirects,
    /// The page armed more timers than `timers`.
    Timers,
    /// Script queued more tasks, messages above all, than `queued_tasks`.
    QueuedTasks,
    /// The page navigated itself more often than `navigations`.
    Navigations,
    /// The page made more frames than `frames`, or nested them too deep.
    Frames,
    /// The page opened more windows than `windows`.
    Windows,
    /// The page changed its session history, or went through it, more than 1,000 times in ten seconds.
    History,
    /// The page kept more than `open_connections` open.
    Connections,
    /// The caller's time-out passed.
    Timeout,
}

impl Limit {
    /// The limit's name as the command line and the messages spell it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ScriptTime => "script time",
            Self::Heap => "script heap",
            Self::DomNodes => "DOM nodes",
            Self::BodyBytes => "body bytes",
            Self::DecompressionRatio => "decompression ratio",
            Self::HeaderBytes => "header bytes",
            Self::Redirects => "redirects",
            Self::Timers => "timers",
            Self::QueuedTasks => "queued tasks",
            Self::Navigations => "navigations",
            Self::Frames => "frames",
            Self::Windows => "windows",
            Self::History => "session history",
            Self::Connections => "open connections",
            Self::Timeout => "timeout",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a call on a [`Browser`](crate::Browser) or a [`Page`](crate::Page) failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The target is no URL, file or folder that can be opened. Check its spelling.
    #[error("invalid target {target:?}: {reason}")]
    InvalidTarget {
        /// What was asked for.
        target: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A pattern for URLs is none.
    #[error(transparent)]
    InvalidPattern(#[from] InvalidPattern),
    /// The page could not be loaded: no connection, a refused address, a broken response, a type that is no document.
    ///
    /// An HTTP status such as 404 is no failure; the page it carries is loaded.
    #[error("could not load {url}: {source}")]
    Load {
        /// The URL, after redirects as far as known.
        url: String,
        /// What happened.
        source: LoadFailure,
    },
    /// A limit was hit before the call was done. The page can still be read.
    #[error("limit hit: {limit}: {message}")]
    Limit {
        /// Which one.
        limit: Limit,
        /// What ran into it.
        message: String,
    },
    /// The time-out passed; `pending` says what the page was still waiting for.
    #[error("timed out after {} ms: {waiting_for}{pending}", .after.as_millis())]
    Timeout {
        /// The time given.
        after: Duration,
        /// What was waited for.
        waiting_for: String,
        /// What was still under way.
        pending: Box<Pending>,
    },
    /// Script runs on although it was told to stop, or the page's thread is kept by one long operation. The page is lost
    /// until that ends.
    #[error("limit hit: {limit}: the page does not respond, its script could not be stopped")]
    Unresponsive {
        /// The limit for which it was to stop.
        limit: Limit,
    },
    /// The evaluated script threw.
    #[error("{}", .0.message)]
    Script(Box<ExceptionReport>),
    /// The value of an evaluation does not have the type that was asked for.
    #[error("the script's value is not of the expected type: {0}")]
    Value(#[from] serde_json::Error),
    /// No element matches the selector.
    #[error("no element matches {0:?}")]
    NoElement(String),
    /// The selector is not valid.
    #[error("invalid selector {0:?}")]
    InvalidSelector(String),
    /// The page was closed, or its thread ended.
    #[error("the page is closed")]
    Closed,
    /// The JavaScript engine failed.
    #[error("JavaScript engine: {0}")]
    Engine(String),
    /// A file, the cookie file or the built-in server's socket could not be used.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

/// Why a page could not be loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadFailure {
    /// The network did not give the page, or not whole.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The response says that there is nothing to show (204, 205).
    #[error("status {0}: there is no content")]
    NoContent(u16),
    /// The response is no document that can be shown; a browser would save it as a file.
    #[error("content type {0} is not a document")]
    NotADocument(String),
    /// Another navigation took its place before it was done.
    #[error("another navigation took its place")]
    Superseded,
    /// The page asked to be kept by `beforeunload`, and [`PageOptions::on_before_unload`](crate::PageOptions::on_before_unload)
    /// agreed.
    #[error("the page asked to be kept")]
    Kept,
}

impl Error {
    /// Whether a limit (a time-out is one) ended the call.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        matches!(
            self,
            Self::Limit { .. } | Self::Timeout { .. } | Self::Unresponsive { .. }
        )
    }
}

/// For calls that take a [`RoutePattern`](crate::RoutePattern), which cannot be invalid, or what becomes one.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}
