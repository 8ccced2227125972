//! What the state machine asks of its caller.

use std::time::Duration;

use crate::error::XhrError;
use crate::fetch::Request;

/// One step of an algorithm that the caller performs.
#[derive(Debug)]
pub enum Step {
    /// Fire this event, then pull again.
    Fire(XhrEvent),
    /// Start this fetch and deliver its events to [`on_fetch_event`](super::XmlHttpRequest::on_fetch_event) with the
    /// generation, then pull again. If [`deadline`](super::XmlHttpRequest::deadline) gives a moment, call
    /// [`on_timeout`](super::XmlHttpRequest::on_timeout) at that moment.
    StartFetch {
        /// What to fetch.
        request: Box<Request>,
        /// Marks its events.
        generation: u32,
        /// Whether the caller waits for it: then [`Step::Wait`] follows.
        synchronous: bool,
    },
    /// Abort the fetch of that generation, then pull again.
    AbortFetch {
        /// Which fetch.
        generation: u32,
    },
    /// A synchronous fetch is under way: block for its next event, deliver it, pull again. At the deadline, if there is
    /// one, call [`on_timeout`](super::XmlHttpRequest::on_timeout) instead.
    Wait {
        /// When to stop waiting.
        deadline: Option<Duration>,
    },
    /// The call that began this algorithm throws. [`Step::Idle`] follows.
    Throw(XhrError),
    /// The algorithm is at its end.
    Idle,
}

/// An event to fire. It neither bubbles nor can be cancelled.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct XhrEvent {
    /// Where.
    pub target: EventTarget,
    /// Its type.
    pub name: &'static str,
    /// Its numbers if it is a `ProgressEvent`; `None` for `readystatechange`, a plain `Event`.
    pub progress: Option<(u64, u64)>,
}

impl XhrEvent {
    pub(super) const fn ready_state_change() -> Self {
        Self {
            target: EventTarget::Xhr,
            name: "readystatechange",
            progress: None,
        }
    }

    pub(super) const fn progress(
        target: EventTarget,
        name: &'static str,
        transmitted: u64,
        length: u64,
    ) -> Self {
        Self {
            target,
            name,
            progress: Some((transmitted, length)),
        }
    }

    /// `loaded`: bytes transmitted.
    #[must_use]
    pub fn loaded(&self) -> u64 {
        self.progress.map_or(0, |(loaded, _)| loaded)
    }

    /// `total`: bytes in all, 0 if unknown.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.progress.map_or(0, |(_, total)| total)
    }

    /// `lengthComputable`.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#concept-event-fire-progress>
    #[must_use]
    pub fn length_computable(&self) -> bool {
        self.total() != 0
    }
}

/// The object an event is fired at.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EventTarget {
    /// The `XMLHttpRequest`.
    Xhr,
    /// Its `XMLHttpRequestUpload`.
    Upload,
}
