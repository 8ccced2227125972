//! Navigations of frames: from the element's URL to a document in its window.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html>, as of 2026-01.

use std::collections::VecDeque;

use percent_encoding::percent_decode_str;
use readystate_dom::{DocumentInit, NodeHandle, NodeId};
use readystate_js::host::{ClassicScript, FetchId, NavigationKind, SourceLocation, WindowId};
use readystate_js::{
    EventInit, FireTarget, Sandbox, WindowInit, allot_window, with_frames, with_tree,
};
use readystate_xhr::Origin;
use readystate_xhr::environment::is_public;
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, RedirectMode, Referrer, Request,
    Response,
};
use readystate_xhr::mime::extract_mime_type;
use url::Url;

use crate::config::PrivateAddresses;
use crate::document_state::{Decoding, DocumentState, LoadPhase, Source};
use crate::document_type::{DocumentType, content_type, document_type};
use crate::error::Limit;
use crate::event_loop::Task;
use crate::frames::{FRAME_VIEWPORT, fill_blank, same_but_fragment};
use crate::navigation_resource::{AskedNavigation, NavigationResource};
use crate::network::FetchOwner;
use crate::page_thread::PageThread;
use crate::task_source::TaskSource;

/// Navigations that the frames of a page may be sent on by script.
const MAX_NAVIGATIONS: u32 = 10_000;

/// Where a frame goes.
#[allow(clippy::large_enum_variant, reason = "it is boxed where it is kept")]
pub(crate) enum FrameTarget {
    /// The markup of a `srcdoc` attribute.
    Srcdoc(String),
    /// An address.
    Url {
        url: Url,
        referrer: Option<Url>,
        resource: Box<NavigationResource>,
        /// The window that asks, and the origin of its document then.
        initiator: WindowId,
        origin: Origin,
    },
}

/// A document about to be shown in a frame.
struct FrameDocument {
    url: Url,
    origin: Origin,
    /// The window whose document it takes over the address and base of, if its URL is an `about:` one.
    creator: WindowId,
    sandbox: Sandbox,
    is_public: bool,
    content_type: String,
    charset: Option<String>,
    document_type: DocumentType,
    referrer: String,
    resource: NavigationResource,
}

impl PageThread {
    /// A navigation that script asked for of a frame's window.
    pub(crate) fn navigate_frame_by_script(&self, element: NodeId, asked: AskedNavigation) {
        let count = {
            let mut navigables = self.host.navigables.borrow_mut();
            navigables.navigations += 1;
            navigables.navigations
        };
        if count > MAX_NAVIGATIONS {
            if count == MAX_NAVIGATIONS + 1 {
                self.events.limit(
                    Limit::Navigations,
                    format!(
                        "{}: frames were navigated more than {MAX_NAVIGATIONS} times",
                        asked.url
                    ),
                );
            }
            return;
        }
        let Some((current, window)) = self
            .host
            .navigables
            .borrow()
            .get(element)
            .map(|navigable| (navigable.url.clone(), navigable.window))
        else {
            return;
        };
        let srcdoc = self.host.attribute(element, "srcdoc");
        let target = match (asked.kind, srcdoc) {
            (NavigationKind::Reload, Some(html)) if current.path() == "srcdoc" => {
                FrameTarget::Srcdoc(html)
            }
            (NavigationKind::Reload, _) => FrameTarget::Url {
                initiator: asked.source,
                origin: asked.origin,
                url: current,
                referrer: asked.referrer,
                resource: window
                    .and_then(|window| {
                        self.host
                            .with_document(window, |state| state.resource.clone())
                    })
                    .map(|resource| Box::new(resource.reloaded()))
                    .unwrap_or_default(),
            },
            _ => FrameTarget::Url {
                initiator: asked.source,
                origin: asked.origin,
                url: asked.url,
                referrer: asked.referrer,
                resource: Box::new(asked.resource),
            },
        };
        self.host.start_frame_navigation(element, target);
    }

    /// The task of a frame's navigation.
    pub(crate) fn navigate_frame(&mut self, container: NodeHandle, id: u32, target: FrameTarget) {
        let Some((element, parent)) = self.frame_navigating(container, id) else {
            return;
        };
        match target {
            FrameTarget::Srcdoc(html) => {
                // <https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-from-a-srcdoc-resource>
                let mut document = self.document_of_creator(element, parent, about("about:srcdoc"));
                document.referrer = self.host.address(parent).into();
                if let Some(window) = self.commit_frame(element, document) {
                    self.host.start_html_parser(window, Decoding::Text);
                    self.host.document_text(window, &html);
                    self.advance_document(window);
                }
            }
            FrameTarget::Url { url, origin, .. } if url.scheme() == "javascript" => {
                self.frame_javascript_url(element, parent, &url, &origin);
            }
            FrameTarget::Url {
                url,
                referrer,
                initiator,
                ..
            } if url.scheme() == "about" => {
                self.commit_blank(element, parent, url, referrer, initiator);
            }
            FrameTarget::Url {
                url,
                referrer,
                resource,
                initiator,
                origin,
            } => {
                if resource.post.is_none() && self.navigated_to_fragment(element, &url) {
                    return;
                }
                let mut request = Request::new(url, origin.clone());
                request.destination = Destination::Iframe;
                request.initiator_type = Some(InitiatorType::Navigation);
                request.mode = Mode::Navigate;
                request.credentials_mode = CredentialsMode::Include;
                request.use_url_credentials = true;
                request.redirect_mode = RedirectMode::Follow;
                request.referrer = referrer.map_or(Referrer::NoReferrer, Referrer::Url);
                resource.apply_to(&mut request);
                if let Some(navigable) = self.host.navigables.borrow_mut().get_mut(element) {
                    navigable.ongoing_resource = *resource;
                    navigable.ongoing_origin = Some(origin);
                }
                let is_public = self.network.is_public(initiator) || self.network.is_public(parent);
                self.network
                    .start_as(FetchOwner::Frame { container, id }, request, is_public);
            }
        }
    }

    /// An HTML document without an address of its own: it has the origin of `creator`'s document, unless a sandbox takes that.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#determining-the-origin>
    fn document_of_creator(&self, element: NodeId, creator: WindowId, url: Url) -> FrameDocument {
        let parent = self
            .host
            .navigables
            .borrow()
            .get(element)
            .map_or(creator, |navigable| navigable.parent);
        let sandbox = self.host.sandbox_of(element, parent);
        FrameDocument {
            url,
            origin: if sandbox.takes(Sandbox::ORIGIN) {
                self.network.opaque_origin()
            } else {
                self.host.origin_of(creator)
            },
            creator,
            sandbox,
            is_public: self.network.is_public(creator) || self.network.is_public(parent),
            content_type: "text/html".to_owned(),
            charset: None,
            document_type: DocumentType::Html,
            referrer: String::new(),
            resource: NavigationResource::default(),
        }
    }

    /// The frame's element and its parent, if this navigation is still the frame's own.
    fn frame_navigating(&self, container: NodeHandle, id: u32) -> Option<(NodeId, WindowId)> {
        let element = with_tree(|tree| tree.resolve(container))?;
        let navigables = self.host.navigables.borrow();
        let navigable = navigables.get(element)?;
        (navigable.ongoing == Some(id)).then_some((element, navigable.parent))
    }

    /// A URL that differs from the document's in its fragment only. Returns whether it was one.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid>
    fn navigated_to_fragment(&mut self, element: NodeId, url: &Url) -> bool {
        let window = {
            let mut navigables = self.host.navigables.borrow_mut();
            let Some(navigable) = navigables.get_mut(element) else {
                return true;
            };
            let Some(window) = navigable.window.filter(|_| {
                url.fragment().is_some()
                    && !navigable.is_initial
                    && same_but_fragment(&navigable.url, url)
            }) else {
                return false;
            };
            navigable.ongoing = None;
            navigable.is_loading = false;
            window
        };
        self.call(|agent| agent.navigate_to_fragment(window, url));
        self.advance_parent(element);
        true
    }

    /// Runs the script of a `javascript:` URL in a frame; a string that it gives becomes the document.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url>
    fn frame_javascript_url(
        &mut self,
        element: NodeId,
        parent: WindowId,
        url: &Url,
        origin: &Origin,
    ) {
        let active = self
            .host
            .navigables
            .borrow()
            .get(element)
            .and_then(|navigable| Some((navigable.window?, navigable.container)));
        let Some((window, container)) = active else {
            return;
        };
        // 1.3 Script runs for its own origin only, and not where a sandbox keeps it from running.
        let may_run = self.host.origin_of(window).same_origin(origin)
            && self
                .host
                .with_document(window, |state| state.scripting())
                .unwrap_or(false);
        if !may_run {
            self.end_frame_navigation(element);
            self.advance_parent(element);
            return;
        }
        let encoded = url.as_str().strip_prefix("javascript:").unwrap_or_default();
        let source = percent_decode_str(encoded).decode_utf8_lossy().into_owned();
        let script = ClassicScript::new(source, self.host.document_url(window));
        let result = self
            .call(|agent| agent.run_for_string(window, &script))
            .flatten();
        // The script may have sent it elsewhere, or removed it.
        if self
            .host
            .navigables
            .borrow()
            .get(element)
            .is_none_or(|navigable| navigable.window != Some(window))
        {
            return;
        }
        let Some(html) = result else {
            self.end_frame_navigation(element);
            self.frame_loaded(container);
            return;
        };
        let url = self.host.document_url_parsed(window);
        let mut document = self.document_of_creator(element, window, url);
        document.origin = self.host.origin_of(window);
        document.referrer = self.host.address(parent).into();
        if let Some(window) = self.commit_frame(element, document) {
            self.host.start_html_parser(window, Decoding::Text);
            self.host.document_text(window, &html);
            self.advance_document(window);
        }
    }

    fn commit_blank(
        &mut self,
        element: NodeId,
        parent: WindowId,
        url: Url,
        referrer: Option<Url>,
        initiator: WindowId,
    ) {
        let is_there = self.host.with_document(initiator, |_| ()).is_some();
        let creator = if is_there { initiator } else { parent };
        let mut document = self.document_of_creator(element, creator, url);
        document.referrer = referrer.map(String::from).unwrap_or_default();
        let Some(window) = self.commit_frame(element, document) else {
            return;
        };
        if let Some(document) = self.host.with_document(window, |state| state.document) {
            with_tree(|tree| fill_blank(tree, document));
        }
        // Parsed to its end.
        self.host
            .with_document(window, |state| state.source = Source::None);
        self.advance_document(window);
    }

    /// An event of the fetch of a frame's navigation: its response.
    pub(crate) fn on_frame_navigation_event(
        &mut self,
        container: NodeHandle,
        id: u32,
        fetch: FetchId,
        event: FetchEvent,
    ) {
        let FetchEvent::Response(response) = event else {
            return;
        };
        let Some((element, parent)) = self.frame_navigating(container, id) else {
            self.network.abort(fetch);
            return;
        };
        let Some(url) = response.url().cloned() else {
            let url = self.requested_url(element);
            if let Some(error) = response.error() {
                self.warn_of_frame(parent, &format!("the frame {url} was not loaded: {error}"));
            }
            self.commit_error_page(element, url);
            return;
        };
        let mime_type = extract_mime_type(&response.header_list);
        let kind = document_type(mime_type.as_ref());
        let (Some(kind), false) = (kind, is_no_document(&response)) else {
            // Nothing to show: what is there stays.
            self.network.abort(fetch);
            self.end_frame_navigation(element);
            self.advance_parent(element);
            return;
        };
        let sandbox = self.host.sandbox_of(element, parent);
        let own_origin = if url.scheme() == "blob" && Origin::of(&url).is_opaque() {
            // Made by a document of an opaque origin: that of who asked is the best guess, and the only one that can know it.
            self.ongoing_origin(element, parent)
        } else {
            self.network.origin_of_url(&url)
        };
        if self.denies_framing(parent, &own_origin, &response) {
            self.network.abort(fetch);
            self.warn_of_frame(
                parent,
                &format!("the frame {url} refuses to be shown in another page"),
            );
            self.commit_error_page(element, url);
            return;
        }
        let is_public = match response.remote_address {
            Some(address) => {
                self.browser.options.private_addresses != PrivateAddresses::Allow
                    && is_public(address.ip())
            }
            None => self.network.is_public(parent),
        };
        let document = FrameDocument {
            url,
            origin: if sandbox.takes(Sandbox::ORIGIN) {
                self.network.opaque_origin()
            } else {
                own_origin
            },
            creator: parent,
            sandbox,
            is_public,
            content_type: content_type(kind, mime_type.as_ref()),
            charset: mime_type
                .as_ref()
                .and_then(|mime_type| mime_type.parameter("charset"))
                .map(str::to_owned),
            document_type: kind,
            referrer: self
                .host
                .referrer_url(parent)
                .map(String::from)
                .unwrap_or_default(),
            resource: self.take_ongoing_resource(element).after(&response),
        };
        let charset = document.charset.clone();
        match self.commit_frame(element, document) {
            Some(window) if kind == DocumentType::Media => {
                self.network.abort(fetch);
                let url = self.host.document_url_parsed(window);
                self.show_media(window, &url, mime_type.as_ref());
            }
            Some(window) => {
                self.host.heed_referrer_policy(window, &response);
                self.host.heed_permissions_policy(window, &response);
                if kind == DocumentType::Html {
                    let decoding = Decoding::Sniffing {
                        bytes: Vec::new(),
                        charset,
                    };
                    self.host.start_html_parser(window, decoding);
                }
                self.network.set_owner(fetch, FetchOwner::Document(window));
            }
            None => self.network.abort(fetch),
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#check-a-navigation-response's-adherence-to-x-frame-options>
    fn denies_framing(&self, parent: WindowId, origin: &Origin, response: &Response) -> bool {
        let Some(value) = response.header_list.get_first("x-frame-options") else {
            return false;
        };
        let value = value.trim_ascii();
        if value.eq_ignore_ascii_case(b"deny") {
            return true;
        }
        if !value.eq_ignore_ascii_case(b"sameorigin") {
            return false;
        }
        // Every window above must be of its origin.
        let navigables = self.host.navigables.borrow();
        let mut current = Some(parent);
        while let Some(window) = current {
            if !self.host.origin_of(window).same_origin(origin) {
                return true;
            }
            current = navigables.of_window(window).map(|above| above.parent);
        }
        false
    }

    /// The origin of who sent the frame where it is going; its parent's if that is not known any more.
    fn ongoing_origin(&self, element: NodeId, parent: WindowId) -> Origin {
        self.host
            .navigables
            .borrow()
            .get(element)
            .and_then(|navigable| navigable.ongoing_origin.clone())
            .unwrap_or_else(|| self.host.origin_of(parent))
    }

    /// What the navigation under way brings along.
    fn take_ongoing_resource(&self, element: NodeId) -> NavigationResource {
        self.host
            .navigables
            .borrow_mut()
            .get_mut(element)
            .map(|navigable| std::mem::take(&mut navigable.ongoing_resource))
            .unwrap_or_default()
    }

    fn requested_url(&self, element: NodeId) -> Url {
        with_tree(|tree| tree.node_document(element))
            .map(|document| self.host.base_url(document))
            .and_then(|base| base.join(&self.host.attribute(element, "src")?).ok())
            .unwrap_or_else(crate::base_url::about_blank)
    }

    /// Gives a frame a new document: in the window it has if that still shows the initial `about:blank`, else in a new
    /// one behind the same `WindowProxy`.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object>
    fn commit_frame(&mut self, element: NodeId, new: FrameDocument) -> Option<WindowId> {
        let (old, parent, is_initial, number) = {
            let navigables = self.host.navigables.borrow();
            let navigable = navigables.get(element)?;
            (
                navigable.window,
                navigable.parent,
                navigable.is_initial,
                navigable.number,
            )
        };
        if !is_initial && let Some(old) = old {
            self.unload_frame(old);
            // A listener may have removed the frame.
            self.host.navigables.borrow().get(element)?;
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
        state.sync_xhr = self.host.policy_of_frame(element, parent, &state.origin);
        state.is_public = new.is_public;
        state.resource = new.resource;
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
                self.host.destroy_children(window, &mut steps);
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
                init.parent = Some(parent);
                init.container = Some(element);
                init.replaces = old;
                init.navigable = number;
                init.sandbox = new.sandbox;
                init.viewport = FRAME_VIEWPORT;
                let opened = self.call(|agent| agent.open_allotted(window, init));
                if let Some(old) = old {
                    self.destroy_window(old);
                }
                if opened.is_none() {
                    self.host.documents.borrow_mut().remove(&window);
                    return None;
                }
                window
            }
        };
        let mut navigables = self.host.navigables.borrow_mut();
        let navigable = navigables.get_mut(element)?;
        navigable.window = Some(window);
        navigable.url = new.url;
        navigable.is_initial = false;
        navigable.ongoing = None;
        navigable.is_loading = true;
        Some(window)
    }

    /// Shows that a document could not be loaded. NOTE: the error page has no window of its own, for nothing in it runs; to script it
    /// is a window of another origin.
    fn commit_error_page(&mut self, element: NodeId, url: Url) {
        let old = {
            let navigables = self.host.navigables.borrow();
            navigables
                .get(element)
                .map(|navigable| (navigable.window, navigable.is_initial, navigable.parent))
        };
        let Some((old, is_initial, parent)) = old else {
            return;
        };
        if let Some(old) = old {
            if !is_initial {
                self.unload_frame(old);
            }
            with_frames(|frames| {
                if let Some(frame) = frames.get_mut(element) {
                    frame.window = None;
                }
            });
            self.destroy_window(old);
        }
        let container = {
            let mut navigables = self.host.navigables.borrow_mut();
            let Some(navigable) = navigables.get_mut(element) else {
                return;
            };
            navigable.window = None;
            navigable.url = url;
            navigable.is_initial = false;
            navigable.ongoing = None;
            navigable.is_loading = true;
            navigable.container
        };
        self.call(|agent| agent.frames_changed(parent));
        self.host
            .queue(TaskSource::DomManipulation, Task::FrameLoaded { container });
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#unload-a-document-and-its-descendants>
    fn unload_frame(&mut self, window: WindowId) {
        let init = EventInit {
            bubbles: true,
            cancelable: true,
            interface: "PageTransitionEvent",
        };
        self.fire(window, FireTarget::Window, "pagehide", init);
        self.fire(window, FireTarget::Window, "unload", EventInit::default());
    }

    fn destroy_window(&mut self, window: WindowId) {
        let mut steps = VecDeque::new();
        self.host.destroy_window(window, &mut steps);
        self.take_steps(steps);
    }

    /// The navigation came to nothing.
    fn end_frame_navigation(&self, element: NodeId) {
        if let Some(navigable) = self.host.navigables.borrow_mut().get_mut(element) {
            navigable.ongoing = None;
            navigable.is_loading = false;
        }
    }

    fn advance_parent(&mut self, element: NodeId) {
        let parent = self
            .host
            .navigables
            .borrow()
            .get(element)
            .map(|navigable| navigable.parent);
        if let Some(parent) = parent {
            self.advance_document(parent);
        }
    }

    /// A window's document is complete: if it is a frame's, its element is told in a task.
    pub(crate) fn queue_frame_loaded(&self, window: WindowId) {
        let container = self
            .host
            .navigables
            .borrow()
            .of_window(window)
            .map(|navigable| navigable.container);
        if let Some(container) = container {
            self.host
                .queue(TaskSource::DomManipulation, Task::FrameLoaded { container });
        }
    }

    /// The iframe load event steps.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps>
    pub(crate) fn frame_loaded(&mut self, container: NodeHandle) {
        let Some(element) = with_tree(|tree| tree.resolve(container)) else {
            return;
        };
        let parent = {
            let mut navigables = self.host.navigables.borrow_mut();
            let Some(navigable) = navigables.get_mut(element) else {
                return;
            };
            // A navigation that has begun meanwhile goes on delaying the parent.
            navigable.is_loading = navigable.ongoing.is_some();
            navigable.parent
        };
        // 6. load.
        self.fire(
            parent,
            FireTarget::Node(element),
            "load",
            EventInit::default(),
        );
        self.advance_document(parent);
    }

    fn warn_of_frame(&self, parent: WindowId, message: &str) {
        self.events.warn(
            message.to_owned(),
            SourceLocation {
                url: self.host.document_url(parent),
                ..SourceLocation::default()
            },
        );
    }
}

/// Whether a response leaves the frame as it is: no content, or a file to be saved.
fn is_no_document(response: &Response) -> bool {
    matches!(response.status, 204 | 205)
        || response
            .header_list
            .get_first("content-disposition")
            .is_some_and(|value| value.to_ascii_lowercase().starts_with(b"attachment"))
}

fn about(text: &str) -> Url {
    Url::parse(text).unwrap_or_else(|_| crate::base_url::about_blank())
}
