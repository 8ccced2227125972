//! The end of documents: asking them whether they may go, and telling them that they do.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/document-lifecycle.html#unloading-documents>, as of 2026-01.

use readystate_js::host::WindowId;
use readystate_js::{EventInit, FireTarget};

use crate::navigable::PAGE;
use crate::page_thread::PageThread;
use crate::window_host::WindowHost;

/// An event that tells of a page's coming or going.
pub(crate) const PAGE_TRANSITION: EventInit = EventInit {
    bubbles: true,
    cancelable: true,
    interface: "PageTransitionEvent",
};

impl WindowHost {
    /// A window and those of its frames, at any depth: each behind the one around it.
    fn windows_within(&self, window: WindowId) -> Vec<WindowId> {
        let navigables = self.navigables.borrow();
        let mut windows = vec![window];
        let mut next = 0;
        while let Some(around) = windows.get(next).copied() {
            for child in navigables.children(around) {
                windows.extend(navigables.get(child).and_then(|child| child.window));
            }
            next += 1;
        }
        windows
    }
}

impl PageThread {
    /// Asks the document of a navigable, and those inside, whether they may go. A listener of `beforeunload` that says no has the embedder
    /// asked, who says yes by default.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-user-canceled>
    pub(crate) fn may_unload(&mut self, navigable: u32) -> bool {
        let window = if navigable == PAGE {
            self.window()
        } else {
            // NOTE: as in browsers, the initial about:blank goes without a word, unless its window does.
            let navigables = self.host.navigables.borrow();
            navigables
                .get(navigable)
                .filter(|navigable| !navigable.is_initial || navigable.is_closing)
                .and_then(|navigable| navigable.window)
        };
        let Some(window) = window else { return true };
        let windows = self.host.windows_within(window);
        self.count_unloads(&windows, 1);
        let may_go = windows.iter().all(|&window| {
            let asks = self.call(|agent| agent.fire_before_unload(window));
            asks != Some(true)
                || self
                    .options
                    .on_before_unload
                    .clone()
                    .is_none_or(|may_leave| may_leave(&self.host.document_url(window)))
        });
        self.count_unloads(&windows, -1);
        may_go
    }

    /// Unloads the document of a window, after those of its frames.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document-and-its-descendants>
    pub(crate) fn unload_with_frames(&mut self, window: WindowId) {
        let windows = self.host.windows_within(window);
        // NOTE: as in browsers, no listener of a frame that goes can open a document around it that goes too.
        self.count_unloads(&windows, 1);
        for &window in windows.iter().rev() {
            self.unload(window);
        }
        self.count_unloads(&windows, -1);
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document>
    fn unload(&mut self, window: WindowId) {
        // 2. Neither document.open() nor another navigation takes place meanwhile: the caller has counted.
        let was_showing = self.host.with_document(window, |state| {
            std::mem::replace(&mut state.is_page_showing, false)
        });
        // 5. pagehide, and the document is hidden.
        if was_showing == Some(true) {
            self.fire(window, FireTarget::Window, "pagehide", PAGE_TRANSITION);
            self.call(|agent| agent.hide(window));
        }
        // 11. unload.
        self.fire(window, FireTarget::Window, "unload", EventInit::default());
        // What its listeners have started goes with it.
        self.network.abort_window(window);
    }

    fn count_unloads(&self, windows: &[WindowId], change: i32) {
        for &window in windows {
            self.host.with_document(window, |state| {
                state.unload_counter = state.unload_counter.saturating_add_signed(change);
            });
        }
    }
}
