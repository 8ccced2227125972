//! The `abort()` method.

use super::{Action, ReadyState, XmlHttpRequest};

impl XmlHttpRequest {
    /// Runs the `abort()` method steps up to the first event.
    ///
    /// Standard: <https://xhr.spec.whatwg.org/#dom-xmlhttprequest-abort>
    pub fn abort(&mut self) {
        // 1. Abort the fetch.
        let abort_fetch = self.terminate_fetch();
        self.begin(
            abort_fetch
                .into_iter()
                .chain([Action::FinishAbort])
                .collect::<Vec<_>>(),
        );
        // 2. If a request is under way, it ends in an `abort` event.
        let under_way = match self.state {
            ReadyState::Opened => self.send_invoked,
            ReadyState::HeadersReceived | ReadyState::Loading => true,
            ReadyState::Unsent | ReadyState::Done => false,
        };
        if under_way {
            self.request_error_steps("abort", None);
        }
        // 3. — in finish_abort, after the events.
    }

    /// Step 3 of `abort()`: back to unsent, unless a listener has opened the object anew.
    pub(super) fn finish_abort(&mut self) {
        if self.state == ReadyState::Done {
            self.state = ReadyState::Unsent;
            self.response = None;
        }
    }
}
