//! What happens in a page, as data: console lines, exceptions, requests, limits.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use readystate_js::host::{ConsoleLevel, ExceptionReport, SourceLocation};

use crate::config::EventCallback;
use crate::error::Limit;

/// One happening in a page; see [`PageOptions::on_event`](crate::PageOptions::on_event).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum PageEvent {
    /// Script wrote to its console.
    Console(ConsoleLine),
    /// An exception or rejection that the page did not handle.
    Exception(ExceptionReport),
    /// The engine has something to say about the page: an unsupported feature it uses, a broken document.
    Warning(ConsoleLine),
    /// A request was sent.
    RequestStarted {
        /// Its method.
        method: String,
        /// Its URL.
        url: String,
    },
    /// A request is over.
    RequestFinished(RequestRecord),
    /// A fetch failed by a decision of the Fetch Standard: CORS, a blocked port, a MIME type, a bad redirect. What was sent for it
    /// was reported as finished.
    RequestRefused {
        /// The URL asked for.
        url: String,
        /// Why.
        reason: String,
    },
    /// A limit ended something.
    Limit {
        /// Which limit.
        limit: Limit,
        /// What ran into it.
        message: String,
    },
    /// A new document took the window.
    Navigated {
        /// Its URL.
        url: String,
    },
    /// Script has opened a window; see [`Page::popups`](crate::Page::popups).
    Popup {
        /// Its number, as in [`Popup::number`](crate::Popup::number).
        number: u32,
        /// The URL that it is sent to first.
        url: String,
    },
    /// The document is parsed and its deferred scripts have run (`DOMContentLoaded`).
    DomContentLoaded,
    /// Everything that delays it has been loaded (`load`).
    Loaded,
}

/// A line of the console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleLine {
    /// Its severity.
    pub level: ConsoleLevel,
    /// The text, formatted as the Console Standard says. May have several lines.
    pub text: String,
    /// The calling script's place.
    pub location: SourceLocation,
}

/// A request that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestRecord {
    /// Its method.
    pub method: String,
    /// The URL asked for.
    pub url: String,
    /// The response's status, 0 if there was none.
    pub status: u16,
    /// Bytes of the body received, after content decoding.
    pub bytes: u64,
    /// From the start to the last byte.
    pub duration: Duration,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// Whether the HTTP cache answered, and nothing was sent.
    pub from_cache: bool,
}

/// Collects the events of a page and hands them to its callback. Shared by the page's thread, its requests' threads and
/// its handle.
pub(crate) struct EventSink {
    callback: Option<EventCallback>,
    max_entries: usize,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    console: VecDeque<ConsoleLine>,
    requests: VecDeque<RequestRecord>,
    exceptions: VecDeque<ExceptionReport>,
    limits: VecDeque<(Limit, String)>,
}

impl EventSink {
    pub(crate) fn new(callback: Option<EventCallback>, max_entries: usize) -> Self {
        Self {
            callback,
            max_entries,
            log: Mutex::default(),
        }
    }

    /// Records `event` and calls the callback.
    pub(crate) fn emit(&self, event: &PageEvent) {
        {
            let mut log = self.lock();
            let max = self.max_entries;
            match event {
                PageEvent::Console(line) | PageEvent::Warning(line) => {
                    push(&mut log.console, line, max);
                }
                PageEvent::Exception(report) => push(&mut log.exceptions, report, max),
                PageEvent::RequestFinished(record) => push(&mut log.requests, record, max),
                PageEvent::Limit { limit, message } => {
                    push(&mut log.limits, &(*limit, message.clone()), max);
                }
                _ => {}
            }
        }
        if let Some(callback) = &self.callback {
            callback(event);
        }
    }

    /// A message of the engine itself.
    pub(crate) fn warn(&self, text: String, location: SourceLocation) {
        self.emit(&PageEvent::Warning(ConsoleLine {
            level: ConsoleLevel::Warn,
            text,
            location,
        }));
    }

    pub(crate) fn limit(&self, limit: Limit, message: impl Into<String>) {
        self.emit(&PageEvent::Limit {
            limit,
            message: message.into(),
        });
    }

    pub(crate) fn console(&self) -> Vec<ConsoleLine> {
        self.lock().console.iter().cloned().collect()
    }

    pub(crate) fn requests(&self) -> Vec<RequestRecord> {
        self.lock().requests.iter().cloned().collect()
    }

    pub(crate) fn exceptions(&self) -> Vec<ExceptionReport> {
        self.lock().exceptions.iter().cloned().collect()
    }

    pub(crate) fn limits(&self) -> Vec<(Limit, String)> {
        self.lock().limits.iter().cloned().collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for EventSink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventSink").finish_non_exhaustive()
    }
}

fn push<T: Clone>(list: &mut VecDeque<T>, entry: &T, max: usize) {
    if max == 0 {
        return;
    }
    while list.len() >= max {
        list.pop_front();
    }
    list.push_back(entry.clone());
}
