//! When a page is settled, and what keeps it from being so.
//!
//! A page is settled when its documents have fired `load`, no task waits, no request is in flight, no navigation is under
//! way and no timer is due within the horizon. A timer armed by a chain of more than five timers (an interval, a poll, an
//! animation) is not waited for: such a page would never settle.

use std::fmt;
use std::time::Duration;

use readystate_js::host::SourceLocation;

/// What a page is still busy with. Displays as a sentence; [`Self::lines`] has all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pending {
    /// The URL being navigated to.
    pub navigation: Option<String>,
    /// Requests in flight, oldest first.
    pub requests: Vec<PendingRequest>,
    /// Documents that have not fired `load`, those of frames too.
    pub documents: Vec<PendingDocument>,
    /// Timers due within the horizon that count, earliest first.
    pub timers: Vec<PendingTimer>,
    /// Tasks queued.
    pub tasks: usize,
    /// Timers that nobody waits for: later ones, intervals, animations that go on and on.
    pub other_timers: Vec<PendingTimer>,
    /// Connections that may last for ever, and that nobody waits for.
    pub connections: Vec<OpenConnection>,
    /// Whether the page no longer runs script, so that nothing of this will ever end.
    pub stopped: bool,
}

/// A request in flight.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingRequest {
    /// Its method.
    pub method: String,
    /// The URL asked for.
    pub url: String,
    /// Whose it is.
    pub purpose: RequestPurpose,
    /// How far it is.
    pub phase: RequestPhase,
    /// How long ago it was started.
    pub age: Duration,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPurpose {
    /// XHR, `fetch()`, `EventSource`.
    Script,
    /// The source of a script element.
    ScriptElement,
    /// A style sheet.
    StyleSheet,
    /// A module.
    Module,
    /// The page's document.
    Document,
    /// The document of a frame.
    Frame,
    /// The handshake of a WebSocket.
    WebSocket,
}

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestPhase {
    /// It waits for others to end.
    Queued,
    /// No response yet.
    AwaitingResponse,
    /// The response's body arrives: so many bytes so far.
    ReceivingBody(u64),
}

/// A document that has not fired `load`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingDocument {
    /// Its URL.
    pub url: String,
    /// Whether it is a frame's.
    pub in_frame: bool,
    /// What it waits for.
    pub waits_for: &'static str,
}

/// A timer, animation frame or idle callback.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingTimer {
    /// What was called.
    pub kind: PendingTimerKind,
    /// How long until it is due.
    pub due_in: Duration,
    /// Where script armed it; `None` where that was not noted.
    pub place: Option<SourceLocation>,
    /// Whether it was armed by a chain of so many timers that it is taken for endless.
    pub is_chain: bool,
}

/// What a timer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingTimerKind {
    /// `setTimeout` or `setInterval`.
    Timer,
    /// `requestAnimationFrame`.
    AnimationFrame,
    /// `requestIdleCallback`.
    Idle,
    /// `<meta http-equiv=refresh>` or the `Refresh` header.
    Refresh,
}

/// A connection of a `WebSocket` or `EventSource`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OpenConnection {
    /// Where to.
    pub url: String,
    /// `WebSocket` or `EventSource`.
    pub interface: &'static str,
    /// How long it has been there.
    pub age: Duration,
}

impl Pending {
    /// Whether there is nothing left to wait for: the page is settled.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.stopped
            || (self.requests.is_empty()
                && self.timers.is_empty()
                && self.tasks == 0
                && self.documents.is_empty()
                && self.navigation.is_none())
    }

    /// Everything one by one, a line each: first what is waited for, then what is not.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(url) = &self.navigation {
            lines.push(format!("navigation to {url}"));
        }
        lines.extend(self.requests.iter().map(ToString::to_string));
        for document in &self.documents {
            lines.push(document.to_string());
        }
        lines.extend(self.timers.iter().map(ToString::to_string));
        if self.tasks > 0 {
            lines.push(queued(self.tasks));
        }
        let others = self.other_timers.iter();
        lines.extend(others.map(|timer| format!("not waited for: {timer}")));
        for connection in &self.connections {
            lines.push(format!("not waited for: {connection}"));
        }
        lines
    }
}

/// Things of one kind named one by one in a sentence; the others are counted.
const NAMED: usize = 3;

impl fmt::Display for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(url) = &self.navigation {
            parts.push(format!("a navigation to {url}"));
        }
        let requests = self.requests.iter().take(NAMED);
        parts.extend(requests.map(ToString::to_string));
        if self.requests.len() > NAMED {
            parts.push(format!("{} more requests", self.requests.len() - NAMED));
        }
        parts.extend(self.timers.iter().take(NAMED).map(ToString::to_string));
        if self.timers.len() > NAMED {
            parts.push(format!("{} more timers", self.timers.len() - NAMED));
        }
        if self.tasks > 0 {
            parts.push(queued(self.tasks));
        }
        if parts.is_empty() {
            let documents = self.documents.iter().take(NAMED);
            parts.extend(documents.map(ToString::to_string));
        }
        if parts.is_empty() {
            f.write_str("nothing is pending")
        } else {
            write!(f, "still pending: {}", parts.join(", "))
        }
    }
}

fn queued(tasks: usize) -> String {
    format!(
        "{tasks} queued {}",
        if tasks == 1 { "task" } else { "tasks" }
    )
}

impl fmt::Display for PendingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, url, .. } = self;
        let age = self.age.as_millis();
        write!(f, "{method} {url} ({}for {age} ms, ", self.purpose)?;
        match self.phase {
            RequestPhase::Queued => f.write_str("queued behind others)"),
            RequestPhase::AwaitingResponse => f.write_str("no response yet)"),
            RequestPhase::ReceivingBody(bytes) => write!(f, "{bytes} bytes of its body so far)"),
        }
    }
}

impl fmt::Display for RequestPurpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Script => "",
            Self::ScriptElement => "a script, ",
            Self::StyleSheet => "a style sheet, ",
            Self::Module => "a module, ",
            Self::Document => "the document, ",
            Self::Frame => "a frame, ",
            Self::WebSocket => "the handshake of a WebSocket, ",
        })
    }
}

impl fmt::Display for PendingDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = if self.in_frame { "frame" } else { "document" };
        write!(f, "{whose} {}: {}", self.url, self.waits_for)
    }
}

impl fmt::Display for PendingTimer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.kind, self.is_chain) {
            (PendingTimerKind::Timer, false) => "timer",
            (PendingTimerKind::Timer, true) => "repeated timer",
            (PendingTimerKind::AnimationFrame, false) => "animation frame",
            (PendingTimerKind::AnimationFrame, true) => "animation loop",
            (PendingTimerKind::Idle, _) => "idle callback",
            (PendingTimerKind::Refresh, _) => "refresh of the document",
        })?;
        if let Some(SourceLocation { url, line, column }) = &self.place {
            write!(f, " of {url}:{line}:{column}")?;
        }
        write!(f, " (due in {} ms)", self.due_in.as_millis())
    }
}

impl fmt::Display for OpenConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let age = self.age.as_millis();
        write!(f, "{} {} (open for {age} ms)", self.interface, self.url)
    }
}
