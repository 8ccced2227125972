//! Windows that script opens beside the page's own. They live in the page's agent, as frames do.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/nav-history-apis.html#window-open-steps>, as of 2026-01.

use std::collections::VecDeque;

use readystate_dom::DocumentInit;
use readystate_js::host::{HostStep, Opening, WindowId};
use readystate_js::storage::StorageShed;
use readystate_js::{ReadyState, Sandbox, WindowInit, allot_window, with_tree};
use readystate_xhr::environment::BlobUrlStore;

use crate::base_url::about_blank;
use crate::document_state::DocumentState;
use crate::error::Limit;
use crate::event_loop::Task;
use crate::events::PageEvent;
use crate::frame_navigation::FrameTarget;
use crate::frames::fill_blank;
use crate::navigable::{Navigable, PAGE};
use crate::navigation_resource::NavigationResource;
use crate::page_thread::PageThread;
use crate::session_history::{HistoryHandling, SessionHistory};
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

impl WindowHost {
    /// Opens a window with its `about:blank` document, for script of `source`. Nothing happens if there are too many already.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-top-level-traversable>
    pub(crate) fn open_auxiliary_window(&self, source: WindowId, opening: Opening) -> HostStep {
        if self.navigables.borrow().auxiliary().len() >= self.max_windows {
            self.refuse_window(source);
            return HostStep::Done;
        }
        let url = about_blank();
        let made = with_tree(|tree| {
            let document = tree
                .create_document(DocumentInit::html(url.as_str()))
                .ok()?;
            fill_blank(tree, document)?;
            Some(document)
        });
        let opener = self.with_document(source, |opener| {
            made.map(|document| {
                let state = DocumentState::inheriting(document, url.clone(), opener);
                (document, state, opener.sandbox)
            })
        });
        let Some((document, mut state, sandbox)) = opener.flatten() else {
            return HostStep::Done;
        };
        let sandbox = if sandbox.takes(Sandbox::PROPAGATES) {
            sandbox
        } else {
            Sandbox::default()
        };
        if !opening.has_opener || sandbox.takes(Sandbox::ORIGIN) {
            state.origin = self.network.opaque_origin();
        }
        state.sandbox = sandbox;
        let window = allot_window();
        let mut init = WindowInit::new(document, url.clone());
        init.origin = state.origin.clone();
        init.navigable = opening.navigable;
        init.sandbox = sandbox;
        init.base_url.clone_from(&state.base_url);
        if opening.has_referrer {
            init.referrer = state.address.to_string();
        }
        init.viewport = opening.viewport.unwrap_or(self.viewport);
        init.ready_state = ReadyState::Complete;
        let viewport = init.viewport;
        self.network.set_public(window, state.is_public);
        self.documents.borrow_mut().insert(window, state);
        let number = opening.navigable;
        self.navigables.borrow_mut().insert(
            None,
            Navigable {
                sandbox,
                viewport,
                ..Navigable::new(number, window, url.clone())
            },
        );
        if opening.has_opener {
            let session = self.session_storage(source).copied();
            self.session_storages.borrow_mut().insert(number, session);
        }
        let history = SessionHistory::new(number, url.clone());
        self.histories.borrow_mut().insert(number, history);
        let shown = opening.url.as_ref().unwrap_or(&url);
        self.events.emit(&PageEvent::Popup {
            number,
            url: shown.to_string(),
        });
        // Nothing is loaded for about:blank: it is there.
        if let Some(target) = opening.url
            && !(target.scheme() == "about" && target.path() == "blank")
        {
            let resource = NavigationResource {
                blob: self.network.blob_urls().resolve(&target),
                ..NavigationResource::default()
            };
            let target = FrameTarget::Url {
                url: target,
                referrer: self.referrer_url(source).filter(|_| opening.has_referrer),
                resource: Box::new(resource),
                initiator: source,
                origin: self.origin_of(source),
            };
            self.start_navigation(number, target, HistoryHandling::Replace);
        }
        let open = HostStep::Open {
            window,
            init: Box::new(init),
        };
        self.push_continuation(crate::window_host::Continuation::Base);
        self.push_continuation(crate::window_host::Continuation::Steps(VecDeque::from([
            open,
        ])));
        self.go_on()
    }

    /// What `sessionStorage` holds in a window, in the areas of all origins.
    pub(crate) fn session_storage(&self, window: WindowId) -> StorageShed {
        let top = {
            let navigables = self.navigables.borrow();
            navigables.top_of(navigables.number_of(window))
        };
        if top == PAGE {
            return self.storages.session.clone();
        }
        self.session_storages
            .borrow_mut()
            .entry(top)
            .or_default()
            .clone()
    }

    /// Whether script has closed the window, which ends in a task to come.
    pub(crate) fn is_closing(&self, window: WindowId) -> bool {
        self.navigables
            .borrow()
            .of_window(window)
            .is_some_and(|navigable| navigable.is_closing)
    }

    /// Whether a window of a frame, or one that script has opened, is on its way to another document. NOTE: as in browsers, the one that
    /// is shown fires no `load` meanwhile.
    pub(crate) fn is_leaving(&self, window: WindowId) -> bool {
        self.navigables
            .borrow()
            .of_window(window)
            .is_some_and(|navigable| navigable.ongoing.is_some())
    }

    fn refuse_window(&self, source: WindowId) {
        let mut navigables = self.navigables.borrow_mut();
        if !std::mem::replace(&mut navigables.has_too_many_windows, true) {
            let url = self.document_url(source);
            let message = format!("{url} has more than {} windows open", self.max_windows);
            self.events.limit(Limit::Windows, message);
        }
    }

    /// Script has closed a window.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-close>
    pub(crate) fn close_auxiliary_window(&self, navigable: u32) {
        if navigable == PAGE {
            self.events.warn(
                "the page's own window is closed by its handle only".to_owned(),
                readystate_js::host::SourceLocation::default(),
            );
            return;
        }
        let mut navigables = self.navigables.borrow_mut();
        let Some(closing) = navigables.get_mut(navigable) else {
            return;
        };
        if closing.parent.is_some() || std::mem::replace(&mut closing.is_closing, true) {
            return;
        }
        self.queue(TaskSource::DomManipulation, Task::CloseWindow { navigable });
    }
}

impl PageThread {
    /// The task of `window.close()`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#definitely-close-a-top-level-traversable>
    pub(crate) fn close_window(&mut self, navigable: u32) {
        // 2. beforeunload. 3. unload.
        if !self.may_unload(navigable) {
            let mut navigables = self.host.navigables.borrow_mut();
            if let Some(navigable) = navigables.get_mut(navigable) {
                navigable.is_closing = false;
            }
            return;
        }
        let window = {
            let navigables = self.host.navigables.borrow();
            navigables
                .get(navigable)
                .and_then(|navigable| navigable.window)
        };
        if let Some(window) = window {
            self.unload_with_frames(window);
        }
        // 4. Destroy.
        let mut steps = VecDeque::new();
        self.host.destroy_frame(navigable, false, &mut steps);
        self.take_steps(steps);
    }
}
