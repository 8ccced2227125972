//! Documents of frames and auxiliary windows: putting one in the place of another.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object>, as of 2026-01.

use std::collections::VecDeque;

use readystate_dom::DocumentInit;
use readystate_js::host::WindowId;
use readystate_js::{Sandbox, WindowInit, allot_window, with_frames, with_tree};
use readystate_xhr::Origin;
use url::Url;

use crate::document_state::{DocumentState, LoadPhase, Source};
use crate::document_type::DocumentType;
use crate::error::Limit;
use crate::event_loop::Task;
use crate::frames::fill_blank;
use crate::page_thread::PageThread;
use crate::session_history::EntryDocument;
use crate::task_source::TaskSource;

/// A document about to be shown in a frame.
pub(crate) struct FrameDocument {
    pub(crate) url: Url,
    pub(crate) origin: Origin,
    /// The window whose document it takes over the address and base of, if its URL is an `about:` one.
    pub(crate) creator: WindowId,
    pub(crate) sandbox: Sandbox,
    pub(crate) is_public: bool,
    pub(crate) content_type: String,
    pub(crate) charset: Option<String>,
    pub(crate) document_type: DocumentType,
    pub(crate) referrer: String,
    /// What its entry in the session history keeps.
    pub(crate) entry: EntryDocument,
}

impl PageThread {
    /// Gives a frame a new document: in the window it has if that still shows the initial `about:blank`, else in a new
    /// one behind the same `WindowProxy`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object>
    pub(crate) fn commit_frame(&mut self, number: u32, new: FrameDocument) -> Option<WindowId> {
        let (old, parent, is_initial, viewport, element) = {
            let navigables = self.host.navigables.borrow();
            let navigable = navigables.get(number)?;
            (
                navigable.window,
                navigable.parent,
                navigable.is_initial,
                navigable.viewport,
                navigables.element_of(number),
            )
        };
        if !is_initial && let Some(old) = old {
            self.unload_with_frames(old);
            // A listener may have removed the frame.
            self.host.navigables.borrow().get(number)?;
        }
        let init = DocumentInit {
            kind: new.document_type.kind(),
            content_type: new.content_type,
            ..DocumentInit::html(new.url.as_str())
        };
        let document = match with_tree(|tree| tree.create_document(init)) {
            Ok(document) => document,
            Err(error) => {
                self.events.limit(Limit::DomNodes, error.to_string());
                return None;
            }
        };
        let mut state = self
            .host
            .with_document(new.creator, |creator| {
                DocumentState::inheriting(document, new.url.clone(), creator)
            })
            .unwrap_or_else(|| DocumentState::new(document, new.url.clone()));
        state.origin = new.origin;
        state.phase = LoadPhase::Parsing;
        state.sandbox = new.sandbox;
        if let (Some(element), Some(parent)) = (element, parent) {
            state.sync_xhr = self.host.policy_of_frame(element, parent, &state.origin);
        }
        state.is_public = new.is_public;
        state.resource = new.entry.resource.clone();
        state.source = match new.document_type {
            DocumentType::Html | DocumentType::Media => Source::None,
            DocumentType::Xml => Source::Xml {
                bytes: Vec::new(),
                charset: new.charset,
            },
            DocumentType::Text => Source::Text {
                bytes: Vec::new(),
                charset: new.charset,
            },
        };
        let base_url = state.base_url.clone();
        let origin = state.origin.clone();
        // The window of the initial about:blank becomes the document's if they are of one origin.
        let is_reusable = is_initial
            && old
                .and_then(|old| {
                    self.host.with_document(old, |old| {
                        old.origin.same_origin(&origin) && old.sandbox == new.sandbox
                    })
                })
                .unwrap_or(false);
        let window = match old.filter(|_| is_reusable) {
            Some(window) => {
                let mut steps = VecDeque::new();
                self.host.destroy_children(window, true, &mut steps);
                self.take_steps(steps);
                self.network.set_public(window, state.is_public);
                self.host.documents.borrow_mut().insert(window, state);
                self.call(|agent| {
                    agent.set_document(window, document, &new.url, base_url, new.referrer)
                });
                window
            }
            None => {
                let window = allot_window();
                self.network.set_public(window, state.is_public);
                self.host.documents.borrow_mut().insert(window, state);
                let mut init = WindowInit::new(document, new.url.clone());
                init.origin = origin;
                init.base_url = base_url;
                init.referrer = new.referrer;
                init.parent = parent;
                init.container = element;
                init.replaces = old;
                init.navigable = number;
                init.sandbox = new.sandbox;
                init.viewport = viewport;
                let opened = self.call(|agent| agent.open_allotted(window, init));
                if let Some(old) = old {
                    self.destroy_window(old, true);
                }
                if opened.is_none() {
                    self.host.documents.borrow_mut().remove(&window);
                    return None;
                }
                window
            }
        };
        let mut navigables = self.host.navigables.borrow_mut();
        let navigable = navigables.get_mut(number)?;
        navigable.window = Some(window);
        navigable.url = new.url.clone();
        navigable.is_initial = false;
        navigable.ongoing = None;
        navigable.ongoing_sandbox = None;
        navigable.is_loading = true;
        let handling = std::mem::take(&mut navigable.ongoing_handling);
        let top = navigable.top;
        drop(navigables);
        if let Some(history) = self.host.histories.borrow_mut().get_mut(&top) {
            history.commit(number, handling, new.url, new.entry);
        }
        Some(window)
    }

    /// Shows that a document could not be loaded. NOTE: the error page of a frame has no window of its own, for nothing in it runs; to
    /// script it is a window of another origin. That of a window is an empty document of an opaque origin.
    pub(crate) fn commit_error_page(&mut self, number: u32, url: Url) {
        let old = {
            let navigables = self.host.navigables.borrow();
            navigables.get(number).map(|navigable| {
                (
                    navigable.window,
                    navigable.is_initial,
                    navigable.parent,
                    navigable.top,
                )
            })
        };
        let Some((old, is_initial, parent, top)) = old else {
            return;
        };
        let Some(parent) = parent else {
            let Some(creator) = old.or(self.window()) else {
                return;
            };
            let mut document = self.document_of_creator(number, creator, url);
            document.origin = self.network.opaque_origin();
            if let Some(window) = self.commit_frame(number, document) {
                self.fill_and_finish(window);
            }
            return;
        };
        if let Some(old) = old {
            if !is_initial {
                self.unload_with_frames(old);
            }
            let element = self.host.navigables.borrow().element_of(number);
            with_frames(|frames| {
                if let Some(frame) = element.and_then(|element| frames.get_mut(element)) {
                    frame.window = None;
                }
            });
            self.destroy_window(old, true);
        }
        {
            let mut navigables = self.host.navigables.borrow_mut();
            let Some(navigable) = navigables.get_mut(number) else {
                return;
            };
            navigable.window = None;
            navigable.url = url.clone();
            navigable.is_initial = false;
            navigable.ongoing = None;
            navigable.is_loading = true;
            let handling = std::mem::take(&mut navigable.ongoing_handling);
            let document = EntryDocument {
                initiator: navigable.ongoing_origin.clone(),
                ..EntryDocument::default()
            };
            if let Some(history) = self.host.histories.borrow_mut().get_mut(&top) {
                history.commit(number, handling, url, document);
            }
        }
        self.call(|agent| agent.frames_changed(parent));
        self.host.queue(
            TaskSource::DomManipulation,
            Task::FrameLoaded { navigable: number },
        );
    }

    /// Makes an empty document of a window's, complete.
    pub(crate) fn fill_and_finish(&mut self, window: WindowId) {
        if let Some(document) = self.host.with_document(window, |state| state.document) {
            with_tree(|tree| fill_blank(tree, document));
        }
        // Parsed to its end.
        self.host
            .with_document(window, |state| state.source = Source::None);
        self.advance_document(window);
    }

    fn destroy_window(&mut self, window: WindowId, is_kept: bool) {
        let mut steps = VecDeque::new();
        self.host.destroy_window(window, is_kept, &mut steps);
        self.take_steps(steps);
    }
}
