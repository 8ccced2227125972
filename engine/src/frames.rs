//! Frame elements: making and destroying their navigables, and what their attributes ask for.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element>, as of 2026-01.

use std::collections::VecDeque;

use readystate_dom::{DocumentInit, Effect, NodeId, Tree};
use readystate_js::frame_table::Frame;
use readystate_js::host::{HostStep, SourceLocation, WindowId};
use readystate_js::{
    FireTarget, ReadyState, Sandbox, WindowInit, allot_navigable, allot_window, forget_navigable,
    with_frames, with_tree,
};
use readystate_xhr::environment::BlobUrlStore;
use url::Url;

use crate::base_url::about_blank;
use crate::document_state::{DocumentState, LoadPhase};
use crate::error::Limit;
use crate::event_loop::Task;
use crate::frame_navigation::FrameTarget;
use crate::navigable::{Navigable, PAGE};
use crate::navigation_resource::NavigationResource;
use crate::network::FetchOwner;
use crate::session_history::{EntryDocument, HistoryHandling};
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

/// Frames nested deeper than this are not loaded.
const MAX_DEPTH: usize = 50;

impl WindowHost {
    /// What an effect of a mutation means to a frame.
    pub(crate) fn act_on_frame(&self, effect: &Effect) -> VecDeque<HostStep> {
        let mut steps = VecDeque::new();
        match effect {
            Effect::Connected(element) => self.frame_inserted(*element, &mut steps),
            Effect::Disconnected(element) => {
                let frame = self.navigables.borrow().of_element(*element);
                if let Some(frame) = frame {
                    self.destroy_frame(frame, false, &mut steps);
                }
            }
            Effect::AttributeChanged {
                element,
                local_name,
                namespace,
                ..
            } if namespace.is_empty() => {
                self.frame_attribute_changed(*element, local_name, &mut steps);
            }
            _ => {}
        }
        steps
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-iframe-element:html-element-post-connection-steps>
    fn frame_inserted(&self, element: NodeId, steps: &mut VecDeque<HostStep>) {
        if self.navigables.borrow().of_element(element).is_some()
            || !with_tree(|tree| tree.is_connected(element))
        {
            return;
        }
        // 1. A new child navigable.
        let Some(parent) = with_tree(|tree| tree.node_document(element))
            .and_then(|document| self.window_of(document))
        else {
            return;
        };
        let Some(frame) = self.make_frame(element, parent, steps) else {
            return;
        };
        // Of a document that was shown before, the frame shows what it showed then.
        if let Some(target) = self.restored_frame(frame, element, parent) {
            self.start_navigation(frame, target, HistoryHandling::Reload);
            return;
        }
        // 2. Sandboxing — when it navigates. 3. The attributes.
        self.process_frame_attributes(frame, element, true, steps);
    }

    /// Creates a child navigable for a document that is there already.
    pub(crate) fn open_frame(
        &self,
        element: NodeId,
        parent: WindowId,
        steps: &mut VecDeque<HostStep>,
    ) -> Option<u32> {
        let frame = self.make_frame(element, parent, steps)?;
        // Nothing is restored, for the document was asked for by its element.
        drop(self.restored_frame(frame, element, parent));
        Some(frame)
    }

    /// Enters a new frame into the session history, and gives what it has to go back to.
    fn restored_frame(&self, frame: u32, element: NodeId, parent: WindowId) -> Option<FrameTarget> {
        let src = if self.has_srcdoc(element) {
            about_srcdoc()
        } else {
            self.frame_src(element)
        };
        let order = self.with_document(parent, |state| {
            state.frames_made += 1;
            state.frames_made
        })?;
        let (top, parent_number) = {
            let navigables = self.navigables.borrow();
            (navigables.top_of(frame), navigables.number_of(parent))
        };
        let restored = self.histories.borrow_mut().get_mut(&top)?.add_child(
            frame,
            parent_number,
            order,
            &src,
            &about_blank(),
        );
        let (url, document) = restored?;
        Some(self.target_of(url, document, parent))
    }

    /// Where an entry of a session history leads.
    pub(crate) fn target_of(
        &self,
        url: Url,
        document: EntryDocument,
        initiator: WindowId,
    ) -> FrameTarget {
        if let Some(html) = document.srcdoc {
            return FrameTarget::Srcdoc(html);
        }
        FrameTarget::Url {
            url,
            referrer: document.referrer,
            resource: Box::new(document.resource),
            origin: document
                .initiator
                .unwrap_or_else(|| self.origin_of(initiator)),
            initiator,
        }
    }

    /// Creates a child navigable with its `about:blank` document; `None` if there is no room for it.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#create-a-new-child-navigable>
    fn make_frame(
        &self,
        element: NodeId,
        parent: WindowId,
        steps: &mut VecDeque<HostStep>,
    ) -> Option<u32> {
        let (depth, top, is_full) = {
            let navigables = self.navigables.borrow();
            let above = navigables.of_window(parent);
            (
                above.map_or(1, |above| above.depth + 1),
                above.map_or(PAGE, |above| above.top),
                navigables.frames() >= self.max_frames,
            )
        };
        if depth > MAX_DEPTH || is_full {
            self.refuse_frame(parent, is_full);
            return None;
        }
        // <https://html.spec.whatwg.org/multipage/document-sequences.html#creating-a-new-browsing-context>
        let url = about_blank();
        let document = with_tree(|tree| {
            let document = tree
                .create_document(DocumentInit::html(url.as_str()))
                .ok()?;
            fill_blank(tree, document)?;
            Some(document)
        })?;
        let window = allot_window();
        let mut state = self.with_document(parent, |parent| {
            DocumentState::inheriting(document, url.clone(), parent)
        })?;
        let sandbox = self.sandbox_of(element, parent);
        if sandbox.takes(Sandbox::ORIGIN) {
            state.origin = self.network.opaque_origin();
        }
        state.sandbox = sandbox;
        state.sync_xhr = self.policy_of_frame(element, parent, &state.origin);
        let number = allot_navigable();
        let mut init = WindowInit::new(document, url.clone());
        init.origin = state.origin.clone();
        init.navigable = number;
        init.sandbox = sandbox;
        init.base_url.clone_from(&state.base_url);
        init.referrer = state.address.to_string();
        init.parent = Some(parent);
        init.container = Some(element);
        init.viewport = FRAME_VIEWPORT;
        init.ready_state = ReadyState::Complete;
        self.network.set_public(window, state.is_public);
        self.documents.borrow_mut().insert(window, state);
        let name = self.attribute(element, "name").unwrap_or_default();
        with_frames(|frames| {
            let frame = Frame {
                parent,
                window: Some(window),
                navigable: number,
                name,
            };
            frames.insert(element, frame);
        });
        self.navigables.borrow_mut().insert(
            Some(element),
            Navigable {
                parent: Some(parent),
                top,
                depth,
                viewport: FRAME_VIEWPORT,
                ..Navigable::new(number, window, url)
            },
        );
        steps.push_back(HostStep::Open {
            window,
            init: Box::new(init),
        });
        Some(number)
    }

    /// What is taken away from a document that a frame shows: by its attribute, and by what its parent lacks itself.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#determining-the-creation-sandboxing-flags>
    pub(crate) fn sandbox_of(&self, element: NodeId, parent: WindowId) -> Sandbox {
        let own = if with_tree(|tree| is_named(tree, element, "iframe")) {
            self.attribute(element, "sandbox")
        } else {
            None
        };
        let inherited = self.with_document(parent, |state| state.sandbox);
        own.map_or_else(Sandbox::default, |value| Sandbox::parse(&value))
            .and(inherited.unwrap_or_default())
    }

    fn refuse_frame(&self, parent: WindowId, is_full: bool) {
        let url = self.document_url(parent);
        if std::mem::replace(&mut self.navigables.borrow_mut().is_full, true) {
            return;
        }
        let message = if is_full {
            format!("{url} has more than {} frames", self.max_frames)
        } else {
            format!("{url} nests frames more than {MAX_DEPTH} deep")
        };
        self.events.limit(Limit::Frames, message);
    }

    /// Destroys the navigable of an element that has left its document, or whose document goes (`is_kept`: it may come back), or a
    /// window, and those inside.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#destroy-a-child-navigable>
    pub(crate) fn destroy_frame(&self, frame: u32, is_kept: bool, steps: &mut VecDeque<HostStep>) {
        let removed = {
            let mut navigables = self.navigables.borrow_mut();
            let element = navigables.element_of(frame);
            navigables
                .remove(frame)
                .map(|navigable| (navigable, element))
        };
        let Some((navigable, element)) = removed else {
            return;
        };
        self.abort_ongoing(&navigable);
        if let Some(element) = element {
            with_frames(|frames| frames.remove(element));
        }
        match (navigable.window, navigable.parent) {
            (Some(window), _) => self.destroy_window(window, is_kept, steps),
            (None, parent) => {
                forget_navigable(frame);
                if let Some(window) = parent {
                    steps.push_back(HostStep::FramesChanged { window });
                }
            }
        }
        let mut histories = self.histories.borrow_mut();
        if navigable.top == frame {
            histories.remove(&frame);
            self.session_storages.borrow_mut().remove(&frame);
        } else if let Some(history) = histories.get_mut(&navigable.top) {
            history.remove_child(frame, is_kept);
        }
        drop(histories);
        // Whatever the parent waited for there will not come.
        if let Some(window) = navigable.parent {
            self.queue(TaskSource::DomManipulation, Task::Parse { window });
        }
    }

    /// Ends a window: its frames, requests, timers and tasks.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#destroy-a-document-and-its-descendants>
    pub(crate) fn destroy_window(
        &self,
        window: WindowId,
        is_kept: bool,
        steps: &mut VecDeque<HostStep>,
    ) {
        self.destroy_children(window, is_kept, steps);
        self.network.abort_window(window);
        self.network.blob_urls().forget(u64::from(window.0));
        self.network.set_public(window, false);
        self.event_loop.borrow_mut().forget_window(window);
        let document = self.documents.borrow_mut().remove(&window);
        if let Some(mut document) = document {
            with_tree(|tree| document.abort_parser(tree));
        }
        steps.push_back(HostStep::Close { window });
    }

    /// Destroys the frames of a window. Their number and depth are limited.
    pub(crate) fn destroy_children(
        &self,
        window: WindowId,
        is_kept: bool,
        steps: &mut VecDeque<HostStep>,
    ) {
        let children = self.navigables.borrow().children(window);
        for child in children {
            self.destroy_frame(child, is_kept, steps);
        }
    }

    fn frame_attribute_changed(&self, element: NodeId, name: &str, steps: &mut VecDeque<HostStep>) {
        let Some(frame) = self.navigables.borrow().of_element(element) else {
            return;
        };
        match name {
            "srcdoc" => self.process_frame_attributes(frame, element, false, steps),
            "src" if !self.has_srcdoc(element) => {
                self.process_frame_attributes(frame, element, false, steps);
            }
            _ => {}
        }
    }

    fn has_srcdoc(&self, element: NodeId) -> bool {
        with_tree(|tree| {
            is_named(tree, element, "iframe") && tree.attribute(element, "srcdoc").is_some()
        })
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#process-the-iframe-attributes>
    fn process_frame_attributes(
        &self,
        frame: u32,
        element: NodeId,
        is_initial: bool,
        steps: &mut VecDeque<HostStep>,
    ) {
        // 1. srcdoc.
        if self.has_srcdoc(element) {
            let html = self.attribute(element, "srcdoc").unwrap_or_default();
            let target = FrameTarget::Srcdoc(html.into());
            self.start_navigation(frame, target, self.handling_of_attributes(frame));
            return;
        }
        let Some(parent) = self
            .navigables
            .borrow()
            .get(frame)
            .and_then(|navigable| navigable.parent)
        else {
            return;
        };
        // 2.1 The address.
        let url = self.frame_src(element);
        // 2.2 A page inside of itself is not loaded.
        if self.is_recursive(parent, &url) {
            self.events.warn(
                format!("the frame {url} is not loaded: a window above it shows the same page"),
                SourceLocation {
                    url: self.document_url(parent),
                    ..SourceLocation::default()
                },
            );
            return;
        }
        // 2.3 about:blank is there already.
        if is_initial && url.scheme() == "about" && url.path() == "blank" {
            steps.push_back(HostStep::Fire {
                window: parent,
                target: FireTarget::Node(element),
                name: "load",
            });
            return;
        }
        // 3. – 5. Navigate.
        let referrer = self.referrer_url(parent);
        let resource = Box::new(NavigationResource {
            blob: self.network.blob_urls().resolve(&url),
            ..NavigationResource::default()
        });
        let target = FrameTarget::Url {
            url,
            referrer,
            resource,
            initiator: parent,
            origin: self.origin_of(parent),
        };
        self.start_navigation(frame, target, self.handling_of_attributes(frame));
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#navigate-an-iframe-or-frame>
    fn handling_of_attributes(&self, frame: u32) -> HistoryHandling {
        let window = {
            let navigables = self.navigables.borrow();
            navigables.get(frame).and_then(|frame| frame.window)
        };
        // 2. In the place of a document that is not loaded yet.
        let is_loaded = window
            .and_then(|window| self.with_document(window, |state| state.phase))
            .is_none_or(|phase| phase == LoadPhase::Complete);
        if is_loaded {
            HistoryHandling::Push
        } else {
            HistoryHandling::Replace
        }
    }

    /// The address of a frame element; without one, or with a bad one, about:blank.
    fn frame_src(&self, element: NodeId) -> Url {
        with_tree(|tree| tree.node_document(element))
            .and_then(|document| {
                let src = self.attribute(element, "src")?;
                self.encoding_parse(document, &src)
                    .filter(|_| !src.is_empty())
            })
            .unwrap_or_else(about_blank)
    }

    /// What is taken away from a document that a navigable is to show now.
    pub(crate) fn sandbox_in(&self, navigable: u32) -> Sandbox {
        let (element, parent, own) = {
            let navigables = self.navigables.borrow();
            let own = navigables
                .get(navigable)
                .map(|navigable| (navigable.parent, navigable.sandbox));
            let (parent, own) = own.unwrap_or_default();
            (navigables.element_of(navigable), parent, own)
        };
        match (element, parent) {
            (Some(element), Some(parent)) => self.sandbox_of(element, parent),
            _ => own,
        }
    }

    /// Whether `window` or one above it shows `url`.
    pub(crate) fn is_recursive(&self, window: WindowId, url: &Url) -> bool {
        if matches!(url.scheme(), "about" | "javascript") {
            return false;
        }
        let navigables = self.navigables.borrow();
        let mut current = Some(window);
        while let Some(window) = current {
            if same_but_fragment(&self.document_url_parsed(window), url) {
                return true;
            }
            current = navigables
                .of_window(window)
                .and_then(|navigable| navigable.parent);
        }
        false
    }

    /// Starts a navigation of a frame or window; it goes on in a task.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate>
    pub(crate) fn start_navigation(
        &self,
        navigable: u32,
        target: FrameTarget,
        handling: HistoryHandling,
    ) {
        let handling = self.handling_of(navigable, &target, handling);
        // The target snapshot params.
        let sandbox = self.sandbox_in(navigable);
        let mut navigables = self.navigables.borrow_mut();
        let id = navigables.next_navigation();
        let Some(going) = navigables.get_mut(navigable) else {
            return;
        };
        self.abort_ongoing(going);
        going.ongoing = Some(id);
        going.ongoing_handling = handling;
        going.ongoing_sandbox = Some(sandbox);
        if going.parent.is_none() && !matches!(handling, HistoryHandling::Traverse(_)) {
            self.forget_destination(navigable);
        }
        going.is_loading = true;
        drop(navigables);
        self.queue(
            TaskSource::NavigationAndTraversal,
            Task::NavigateFrame {
                navigable,
                id,
                target: Box::new(target),
            },
        );
    }

    /// The steps of "navigate" that make a new entry take the place of the present one.
    fn handling_of(
        &self,
        navigable: u32,
        target: &FrameTarget,
        handling: HistoryHandling,
    ) -> HistoryHandling {
        if handling != HistoryHandling::Push {
            return handling;
        }
        let shown = self.navigables.borrow().get(navigable).map(|navigable| {
            (
                navigable.window,
                navigable.url.clone(),
                navigable.is_initial,
            )
        });
        let Some((window, url, is_initial)) = shown else {
            return handling;
        };
        // 12. "The navigation must be a replace": the initial about:blank, and javascript: URLs.
        let is_same = match target {
            // 13. So is the same URL, asked for by a document of the same origin.
            FrameTarget::Url {
                url: next, origin, ..
            } => {
                next.scheme() == "javascript"
                    || (*next == url
                        && window.is_none_or(|window| self.origin_of(window).same_origin(origin)))
            }
            FrameTarget::Srcdoc(_) => false,
        };
        if is_initial || is_same {
            HistoryHandling::Replace
        } else {
            handling
        }
    }

    /// Gives up the request of a navigation under way.
    pub(crate) fn abort_ongoing(&self, navigable: &Navigable) {
        if let Some(id) = navigable.ongoing {
            self.network.abort_owner(FetchOwner::Frame {
                navigable: navigable.number,
                id,
            });
        }
    }

    /// `document.open()` in a frame: a navigation under way is given up, `load` comes after `document.close()`.
    pub(crate) fn frame_opened(&self, window: WindowId) {
        let mut navigables = self.navigables.borrow_mut();
        let number = navigables.number_of(window);
        if number == PAGE {
            // Behind navigations that were asked for before.
            self.queue(TaskSource::NavigationAndTraversal, Task::StopPage);
        }
        let Some(navigable) = navigables.get_mut(number) else {
            return;
        };
        self.abort_ongoing(navigable);
        navigable.ongoing = None;
        navigable.is_loading = true;
        navigable.is_initial = false;
        let parent = navigable.parent;
        drop(navigables);
        if let Some(window) = parent {
            self.queue(TaskSource::DomManipulation, Task::Parse { window });
        }
    }

    /// Step 12 of the document open steps: the document takes the URL of the one whose script opens it.
    pub(crate) fn inherit_url(&self, window: WindowId, source: WindowId) {
        let Some((mut url, address, base_url)) = self.with_document(source, |state| {
            (
                state.url.clone(),
                state.address.clone(),
                state.base_url.clone(),
            )
        }) else {
            return;
        };
        url.set_fragment(None);
        self.navigables.borrow_mut().url_changed(window, &url);
        self.replace_entry_url(window, &url);
        let document = self.with_document(window, |state| {
            state.url.clone_from(&url);
            state.address = address;
            state.base_url = base_url;
            state.document
        });
        if let Some(document) = document {
            with_tree(|tree| tree.set_url(document, url.as_str()));
        }
    }

    /// Whether a frame delays the `load` event of a window. One whose parser waits for script may do so for ever.
    pub(crate) fn has_loading_frames(&self, window: WindowId) -> bool {
        let documents = self.documents.borrow();
        self.navigables
            .borrow()
            .loading_children(window)
            .any(|window| {
                window
                    .and_then(|window| documents.get(&window))
                    .is_none_or(|state| !state.waits_for_script())
            })
    }
}

/// The size of a frame in CSS pixels: what `iframe` has without a style.
pub(crate) const FRAME_VIEWPORT: (u32, u32) = (300, 150);

/// The elements of `about:blank`.
pub(crate) fn fill_blank(tree: &mut Tree, document: NodeId) -> Option<()> {
    let html = tree.create_html_element(document, "html").ok()?;
    tree.append(html, document).ok()?;
    for name in ["head", "body"] {
        let element = tree.create_html_element(document, name).ok()?;
        tree.append(element, html).ok()?;
    }
    tree.set_mode(document, readystate_dom::DocumentMode::Quirks);
    Some(())
}

/// Whether `element` is an HTML element of this name.
pub(crate) fn is_named(tree: &Tree, element: NodeId, name: &str) -> bool {
    &**tree.local_name(element) == name
        && &**tree.namespace(element) == "http://www.w3.org/1999/xhtml"
}

/// Whether two URLs are the same apart from their fragments.
pub(crate) fn same_but_fragment(a: &Url, b: &Url) -> bool {
    a[..url::Position::AfterQuery] == b[..url::Position::AfterQuery]
}

/// `about:srcdoc`.
pub(crate) fn about_srcdoc() -> Url {
    Url::parse("about:srcdoc").unwrap_or_else(|_| about_blank())
}
