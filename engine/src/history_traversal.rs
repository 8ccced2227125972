//! Going through a session history, and what script may do to it.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta>, as of 2026-01.

use std::rc::Rc;
use std::time::Duration;

use readystate_js::host::WindowId;
use url::Url;

use crate::command::{Deadline, Reply};
use crate::error::{Error, Limit, LoadFailure};
use crate::event_loop::Task;
use crate::navigable::PAGE;
use crate::page_thread::PageThread;
use crate::session_history::{HistoryHandling, SessionHistory};
use crate::task_source::TaskSource;
use crate::waiting::{AnyReply, Waiter, WaitingFor};
use crate::window_host::WindowHost;

/// So many changes may script make to a page's session history within [`FLOOD_TIME`].
const FLOOD: u32 = 1_000;
/// See [`FLOOD`].
const FLOOD_TIME: Duration = Duration::from_secs(10);

/// Counts what script does to the session history.
#[derive(Debug, Default)]
pub(crate) struct HistoryFlood {
    since: Duration,
    count: u32,
    is_reported: bool,
}

impl WindowHost {
    /// Gives `f` the session history that a window takes part in, and the number of its navigable.
    pub(crate) fn with_history<T>(
        &self,
        window: WindowId,
        f: impl FnOnce(&mut SessionHistory, u32) -> T,
    ) -> Option<T> {
        let (number, top) = {
            let navigables = self.navigables.borrow();
            let number = navigables.number_of(window);
            (number, navigables.top_of(number))
        };
        let mut histories = self.histories.borrow_mut();
        histories.get_mut(&top).map(|history| f(history, number))
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-history-length>
    pub(crate) fn length_of_history(&self, window: WindowId) -> usize {
        self.with_history(window, |history, _| history.len())
            .unwrap_or(1)
    }

    /// `history.state` of the entry that a window shows, serialized.
    pub(crate) fn state_of_entry(&self, window: WindowId) -> Option<Rc<str>> {
        self.with_history(window, |history, number| {
            history
                .current(number)
                .and_then(|entry| entry.state.clone())
        })
        .flatten()
    }

    /// Whether the entry that a window shows leaves scrolling to the page; changes it first if it is told how.
    pub(crate) fn entry_scrolls_by_hand(&self, window: WindowId, change: Option<bool>) -> bool {
        self.with_history(window, |history, number| {
            let entry = history.current_mut(number)?;
            if let Some(manual) = change {
                entry.manual_scrolling = manual;
            }
            Some(entry.manual_scrolling)
        })
        .flatten()
        .unwrap_or(false)
    }

    /// The document of a window gets another URL or state, in an entry of its own if `push`. `false` if there were too many such changes.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps>
    pub(crate) fn update_entry(
        &self,
        window: WindowId,
        url: &Url,
        state: Option<&str>,
        push: bool,
    ) -> bool {
        if self.is_history_flooded(window) {
            return false;
        }
        // 5. The initial about:blank has one entry only.
        let is_initial = {
            let navigables = self.navigables.borrow();
            navigables
                .of_window(window)
                .is_some_and(|navigable| navigable.is_initial)
        };
        self.with_history(window, |history, number| {
            history.update(
                number,
                url.clone(),
                state.map(Rc::from),
                push && !is_initial,
            );
        });
        true
    }

    /// Whether a fragment navigation takes the place of the present entry: to the same URL.
    pub(crate) fn fragment_replaces(&self, window: WindowId, url: &Url) -> bool {
        self.with_document(window, |state| state.url == *url)
            .unwrap_or(true)
    }

    /// The entry that a window shows has another URL, because its document has.
    pub(crate) fn replace_entry_url(&self, window: WindowId, url: &Url) {
        self.with_history(window, |history, number| {
            if let Some(entry) = history.current_mut(number) {
                entry.url.clone_from(url);
            }
        });
    }

    /// `window.stop()`: navigations of a window and of its frames that have no document yet are given up.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#stop-loading>
    pub(crate) fn stop_navigations(&self, window: WindowId) {
        let mut navigables = self.navigables.borrow_mut();
        let mut stopped = navigables.children(window);
        let own = navigables.number_of(window);
        if own == PAGE {
            // Behind navigations that were asked for before.
            self.queue(TaskSource::NavigationAndTraversal, Task::StopPage);
        }
        stopped.push(own);
        for number in stopped {
            let Some(navigable) = navigables.get_mut(number) else {
                continue;
            };
            self.abort_ongoing(navigable);
            if navigable.ongoing.take().is_some() {
                navigable.is_loading = false;
                for window in [navigable.window, navigable.parent].into_iter().flatten() {
                    self.queue(TaskSource::DomManipulation, Task::Parse { window });
                }
            }
        }
    }

    /// The top-level window goes somewhere else than to an entry of its session history, or nowhere.
    pub(crate) fn forget_destination(&self, top: u32) {
        if let Some(history) = self.histories.borrow_mut().get_mut(&top) {
            history.set_destination(None);
        }
    }

    /// Script of a window goes through its session history; it happens in a task.
    pub(crate) fn queue_traversal(&self, window: WindowId, delta: i32) {
        if self.is_history_flooded(window) {
            return;
        }
        let top = {
            let navigables = self.navigables.borrow();
            navigables.top_of(navigables.number_of(window))
        };
        self.queue(
            TaskSource::NavigationAndTraversal,
            Task::Traverse { top, delta },
        );
    }

    /// Counts a change to the session history, and says whether it is one too many.
    fn is_history_flooded(&self, window: WindowId) -> bool {
        let now = self.clock.now();
        let mut flood = self.history_flood.borrow_mut();
        if now.saturating_sub(flood.since) > FLOOD_TIME {
            flood.since = now;
            flood.count = 0;
        }
        flood.count += 1;
        if flood.count <= FLOOD {
            return false;
        }
        if !std::mem::replace(&mut flood.is_reported, true) {
            let url = self.document_url(window);
            let seconds = FLOOD_TIME.as_secs();
            self.events.limit(
                Limit::History,
                format!("{url} changed its session history more than {FLOOD} times in {seconds} s"),
            );
        }
        true
    }
}

impl PageThread {
    /// Goes through the session history because the handle asked for it; answered after `load`, or with `false` if there is no such entry.
    pub(crate) fn go(&mut self, delta: i32, deadline: Deadline, reply: Reply<bool>) {
        self.own_navigations = 0;
        let url = self
            .window()
            .map(|window| self.host.document_url(window))
            .unwrap_or_default();
        self.fail_load_waiters(|| Error::Load {
            url: url.clone(),
            source: LoadFailure::Superseded,
        });
        if self.traverse(PAGE, delta) {
            self.waiters.push(Waiter {
                condition: WaitingFor::Loaded,
                deadline,
                reply: AnyReply::Flag(reply),
            });
        } else {
            // The asker may have gone.
            drop(reply.send(Ok(false)));
        }
    }

    /// Goes so many steps through the session history of a top-level window. `false` if there is nowhere to go, or a document
    /// has to stay.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step>
    pub(crate) fn traverse(&mut self, top: u32, delta: i32) -> bool {
        let found = {
            let histories = self.host.histories.borrow();
            histories.get(&top).and_then(|history| {
                let step = history.step_at(delta.into())?;
                Some((step, history.changes(step)))
            })
        };
        let Some((step, changes)) = found else {
            return false;
        };
        // 5. Documents that would go are asked.
        for change in &changes {
            if change.document.is_some() && !self.may_unload(change.navigable) {
                return false;
            }
        }
        // 12. The top-level window's own document changes: what is inside goes with it.
        if let Some(change) = changes.first()
            && change.navigable == top
            && let Some(document) = &change.document
        {
            let (url, document) = (change.url.clone(), document.clone());
            if let Some(history) = self.host.histories.borrow_mut().get_mut(&top) {
                history.set_destination(Some(step));
            }
            if top == PAGE {
                return self.traverse_page(url, document, step);
            }
            let window = {
                let navigables = self.host.navigables.borrow();
                navigables.get(top).and_then(|navigable| navigable.window)
            };
            if let Some(window) = window {
                let target = self.host.target_of(url, document, window);
                self.host
                    .start_navigation(top, target, HistoryHandling::Traverse(step));
            }
            return true;
        }
        if let Some(history) = self.host.histories.borrow_mut().get_mut(&top) {
            history.set_step(step);
        }
        for change in changes {
            let (window, parent) = {
                let navigables = self.host.navigables.borrow();
                match navigables.get(change.navigable) {
                    Some(navigable) => (navigable.window, navigable.parent),
                    // A listener has removed the frame.
                    None if change.navigable != PAGE => continue,
                    None => (self.window(), None),
                }
            };
            match (change.document, window, parent) {
                (None, Some(window), _) => {
                    self.call(|agent| agent.show_entry(window, &change.url));
                }
                (Some(document), _, Some(parent)) => {
                    let target = self.host.target_of(change.url, document, parent);
                    self.host.start_navigation(
                        change.navigable,
                        target,
                        HistoryHandling::Traverse(step),
                    );
                }
                _ => {}
            }
        }
        true
    }
}
