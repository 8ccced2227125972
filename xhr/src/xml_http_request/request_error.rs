//! Handling errors, and the request error steps.

use super::{Action, EventTarget, ReadyState, XhrEvent, XmlHttpRequest};
use crate::error::{NetworkError, XhrError};

impl XmlHttpRequest {
    /// Adds the steps of "handle errors" to the algorithm under way.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#handle-errors>
    pub(super) fn handle_errors(&mut self) {
        // 1. Nothing is under way.
        if !self.send_invoked {
            return;
        }
        let error = self.response.as_ref().and_then(|response| response.error());
        if self.timed_out {
            // 2. The time is over.
            self.request_error_steps("timeout", Some(XhrError::Timeout));
        } else if error.is_some_and(NetworkError::is_abort) {
            // 3. Something other than abort() has aborted it.
            self.request_error_steps("abort", Some(XhrError::Abort));
        } else if self.response_is_network_error() {
            // 4. The network failed.
            let error = error.cloned().unwrap_or(NetworkError::Aborted);
            self.request_error_steps("error", Some(XhrError::Network(error)));
        }
    }

    /// Adds the request error steps to the algorithm under way.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#request-error-steps>
    pub(super) fn request_error_steps(&mut self, event: &'static str, exception: Option<XhrError>) {
        // 1. – 3. Done, with nothing to show.
        self.state = ReadyState::Done;
        self.send_invoked = false;
        self.response = None;
        // 4. Synchronous: throw.
        if let Some(exception) = exception.filter(|_| self.synchronous) {
            self.next([Action::Throw(exception)]);
            return;
        }
        self.next([
            // 5.
            Action::Fire(XhrEvent::ready_state_change()),
            // 6. The upload, as it is after that event.
            Action::UploadError(event),
            // 7. – 8.
            Action::Fire(XhrEvent::progress(EventTarget::Xhr, event, 0, 0)),
            Action::Fire(XhrEvent::progress(EventTarget::Xhr, "loadend", 0, 0)),
        ]);
    }

    /// Step 6 of the request error steps.
    pub(super) fn upload_error(&mut self, event: &'static str) {
        if self.upload_complete {
            return;
        }
        // 6.1.
        self.upload_complete = true;
        // 6.2. Tell the upload's listeners.
        if self.upload_listener {
            self.next([
                Action::Fire(XhrEvent::progress(EventTarget::Upload, event, 0, 0)),
                Action::Fire(XhrEvent::progress(EventTarget::Upload, "loadend", 0, 0)),
            ]);
        }
    }

    /// Whether the response is a network error, as it is before there is another.
    pub(super) fn response_is_network_error(&self) -> bool {
        self.response
            .as_ref()
            .is_none_or(|response| response.is_network_error())
    }
}
