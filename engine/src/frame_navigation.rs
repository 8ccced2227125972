//! Navigations of frames and auxiliary windows: from a URL to a document in their window.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html>, as of 2026-01.

use std::rc::Rc;

use percent_encoding::percent_decode_str;
use readystate_js::host::{ClassicScript, FetchId, NavigationKind, SourceLocation, WindowId};
use readystate_js::{EventInit, FireTarget, Sandbox, with_tree};
use readystate_xhr::Origin;
use readystate_xhr::environment::is_public;
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, RedirectMode, Referrer, Request,
    Response,
};
use readystate_xhr::mime::extract_mime_type;
use url::Url;

use crate::config::PrivateAddresses;
use crate::document_state::Decoding;
use crate::document_type::{DocumentType, content_type, document_type};
use crate::error::Limit;
use crate::event_loop::Task;
use crate::frame_documents::FrameDocument;
use crate::frames::{about_srcdoc, same_but_fragment};
use crate::navigation_resource::{AskedNavigation, NavigationResource};
use crate::network::FetchOwner;
use crate::object_elements::destination_of;
use crate::page_thread::PageThread;
use crate::session_history::{EntryDocument, HistoryHandling};
use crate::task_source::TaskSource;

/// Navigations that the frames of a page may be sent on by script.
const MAX_NAVIGATIONS: u32 = 10_000;

/// Where a frame goes.
#[allow(clippy::large_enum_variant, reason = "it is boxed where it is kept")]
pub(crate) enum FrameTarget {
    /// The markup of a `srcdoc` attribute.
    Srcdoc(Rc<str>),
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

impl PageThread {
    /// A navigation that script asked for of a frame or an auxiliary window.
    pub(crate) fn navigate_frame_by_script(&self, navigable: u32, asked: AskedNavigation) {
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
        if asked.kind == NavigationKind::Reload {
            self.reload_frame(navigable, asked);
            return;
        }
        let handling = match asked.kind {
            NavigationKind::Replace => HistoryHandling::Replace,
            _ => HistoryHandling::Push,
        };
        let target = FrameTarget::Url {
            initiator: asked.source,
            origin: asked.origin,
            url: asked.url,
            referrer: asked.referrer,
            resource: Box::new(asked.resource),
        };
        self.host.start_navigation(navigable, target, handling);
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#reload>
    fn reload_frame(&self, navigable: u32, asked: AskedNavigation) {
        let current = {
            let navigables = self.host.navigables.borrow();
            navigables
                .get(navigable)
                .map(|navigable| (navigable.url.clone(), navigable.top))
        };
        let Some((url, top)) = current else { return };
        let document = {
            let histories = self.host.histories.borrow();
            histories
                .get(&top)
                .and_then(|history| history.current_document(navigable).cloned())
        };
        let mut document = document.unwrap_or_default();
        document.resource = document.resource.reloaded();
        document.initiator = Some(asked.origin);
        document.referrer = asked.referrer;
        let target = self.host.target_of(url, document, asked.source);
        self.host
            .start_navigation(navigable, target, HistoryHandling::Reload);
    }

    /// The task of a frame's or window's navigation.
    pub(crate) fn navigate_frame(&mut self, navigable: u32, id: u32, target: FrameTarget) {
        let Some((creator, handling)) = self.frame_navigating(navigable, id) else {
            return;
        };
        let is_script =
            matches!(&target, FrameTarget::Url { url, .. } if url.scheme() == "javascript");
        // 23. beforeunload, unless it is but another fragment or a script.
        if !is_script && !self.is_to_fragment(navigable, &target, handling) {
            if !self.may_unload(navigable) {
                self.end_frame_navigation(navigable);
                self.advance_parent(navigable);
                return;
            }
            if self.frame_navigating(navigable, id).is_none() {
                return;
            }
        }
        let parent = self.parent_of(navigable).unwrap_or(creator);
        match target {
            FrameTarget::Srcdoc(html) => {
                // <https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-from-a-srcdoc-resource>
                let mut document = self.document_of_creator(navigable, parent, about_srcdoc());
                document.referrer = self.host.address(parent).into();
                document.entry.srcdoc = Some(Rc::clone(&html));
                if let Some(window) = self.commit_frame(navigable, document) {
                    self.host.start_html_parser(window, Decoding::Text);
                    self.host.document_text(window, &html);
                    self.advance_document(window);
                }
            }
            FrameTarget::Url { url, .. }
                if url.scheme() == "data" && self.parent_of(navigable).is_none() =>
            {
                // Top-level documents of this scheme are the user's alone.
                self.warn_of_frame(creator, "a window may not navigate to a data: URL");
                self.end_frame_navigation(navigable);
            }
            FrameTarget::Url { url, origin, .. } if is_script => {
                self.frame_javascript_url(navigable, parent, &url, &origin);
            }
            FrameTarget::Url {
                url,
                referrer,
                initiator,
                ..
            } if url.scheme() == "about" && url.path() == "srcdoc" => {
                // Only a frame's own attribute leads there.
                drop((referrer, initiator));
                self.commit_error_page(navigable, url);
            }
            FrameTarget::Url {
                url,
                referrer,
                initiator,
                ..
            } if url.scheme() == "about" => {
                self.commit_blank(navigable, parent, url, referrer, initiator);
            }
            FrameTarget::Url {
                url,
                referrer,
                resource,
                initiator,
                origin,
            } => {
                if resource.post.is_none() && self.navigated_to_fragment(navigable, &url, handling)
                {
                    return;
                }
                let mut request = Request::new(url, origin.clone());
                request.destination = match self.parent_of(navigable) {
                    None => Destination::Document,
                    Some(parent) => {
                        self.host.fill_site(parent, &mut request);
                        let element = self.host.navigables.borrow().element_of(navigable);
                        element.map_or(Destination::Iframe, destination_of)
                    }
                };
                request.initiator_type = Some(InitiatorType::Navigation);
                request.mode = Mode::Navigate;
                request.credentials_mode = CredentialsMode::Include;
                request.use_url_credentials = true;
                request.redirect_mode = RedirectMode::Follow;
                request.referrer = referrer.clone().map_or(Referrer::NoReferrer, Referrer::Url);
                resource.apply_to(&mut request);
                if let Some(navigable) = self.host.navigables.borrow_mut().get_mut(navigable) {
                    navigable.ongoing_resource = *resource;
                    navigable.ongoing_origin = Some(origin);
                    navigable.ongoing_referrer = referrer;
                }
                let is_public = self.network.is_public(initiator) || self.network.is_public(parent);
                self.network
                    .start_as(FetchOwner::Frame { navigable, id }, request, is_public);
            }
        }
    }

    /// An HTML document without an address of its own: it has the origin of `creator`'s document, unless a sandbox takes that.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#determining-the-origin>
    pub(crate) fn document_of_creator(
        &self,
        navigable: u32,
        creator: WindowId,
        url: Url,
    ) -> FrameDocument {
        let parent = self.parent_of(navigable);
        let sandbox = self.sandbox_in(navigable);
        FrameDocument {
            url,
            origin: if sandbox.takes(Sandbox::ORIGIN) {
                self.network.opaque_origin()
            } else {
                self.host.origin_of(creator)
            },
            creator,
            sandbox,
            is_public: self.network.is_public(creator)
                || parent.is_some_and(|parent| self.network.is_public(parent)),
            content_type: "text/html".to_owned(),
            charset: None,
            document_type: DocumentType::Html,
            referrer: String::new(),
            entry: EntryDocument {
                initiator: Some(self.host.origin_of(creator)),
                ..EntryDocument::default()
            },
        }
    }

    /// What is taken away from the document to come.
    fn sandbox_in(&self, navigable: u32) -> Sandbox {
        let ongoing = {
            let navigables = self.host.navigables.borrow();
            navigables
                .get(navigable)
                .and_then(|navigable| navigable.ongoing_sandbox)
        };
        ongoing.unwrap_or_else(|| self.host.sandbox_in(navigable))
    }

    fn parent_of(&self, navigable: u32) -> Option<WindowId> {
        self.host.navigables.borrow().get(navigable)?.parent
    }

    /// If this navigation is still the navigable's own: the window whose document it has an address and base from, and what becomes
    /// of the session history.
    fn frame_navigating(&self, navigable: u32, id: u32) -> Option<(WindowId, HistoryHandling)> {
        let navigables = self.host.navigables.borrow();
        let navigable = navigables.get(navigable)?;
        let creator = navigable.parent.or(navigable.window).or(self.window())?;
        (navigable.ongoing == Some(id)).then_some((creator, navigable.ongoing_handling))
    }

    /// Whether a navigation leads to another fragment of the document that is shown.
    fn is_to_fragment(
        &self,
        navigable: u32,
        target: &FrameTarget,
        handling: HistoryHandling,
    ) -> bool {
        let FrameTarget::Url { url, resource, .. } = target else {
            return false;
        };
        let navigables = self.host.navigables.borrow();
        navigables.get(navigable).is_some_and(|navigable| {
            matches!(handling, HistoryHandling::Push | HistoryHandling::Replace)
                && resource.post.is_none()
                && url.fragment().is_some()
                && !navigable.is_initial
                && navigable.window.is_some()
                && same_but_fragment(&navigable.url, url)
        })
    }

    /// A URL that differs from the document's in its fragment only. Returns whether it was one.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-fragid>
    fn navigated_to_fragment(
        &mut self,
        navigable: u32,
        url: &Url,
        handling: HistoryHandling,
    ) -> bool {
        let window = {
            let mut navigables = self.host.navigables.borrow_mut();
            let Some(navigable) = navigables.get_mut(navigable) else {
                return true;
            };
            let Some(window) = navigable.window.filter(|_| {
                matches!(handling, HistoryHandling::Push | HistoryHandling::Replace)
                    && url.fragment().is_some()
                    && !navigable.is_initial
                    && same_but_fragment(&navigable.url, url)
            }) else {
                return false;
            };
            navigable.ongoing = None;
            navigable.is_loading = false;
            window
        };
        let replaces = handling == HistoryHandling::Replace;
        self.call(|agent| agent.navigate_to_fragment(window, url, replaces));
        self.advance_parent(navigable);
        true
    }

    /// Runs the script of a `javascript:` URL in a frame; a string that it gives becomes the document.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#navigate-to-a-javascript:-url>
    fn frame_javascript_url(
        &mut self,
        navigable: u32,
        parent: WindowId,
        url: &Url,
        origin: &Origin,
    ) {
        let active = self
            .host
            .navigables
            .borrow()
            .get(navigable)
            .and_then(|navigable| navigable.window);
        let Some(window) = active else {
            return;
        };
        // 1.3 Script runs for its own origin only, and not where a sandbox keeps it from running.
        let may_run = self.host.origin_of(window).same_origin(origin)
            && self
                .host
                .with_document(window, |state| state.scripting())
                .unwrap_or(false);
        if !may_run {
            self.end_frame_navigation(navigable);
            self.advance_parent(navigable);
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
            .get(navigable)
            .is_none_or(|navigable| navigable.window != Some(window))
        {
            return;
        }
        let Some(html) = result else {
            self.end_frame_navigation(navigable);
            self.frame_loaded(navigable);
            return;
        };
        if !self.may_unload(navigable) {
            self.end_frame_navigation(navigable);
            self.advance_parent(navigable);
            return;
        }
        let url = self.host.document_url_parsed(window);
        let mut document = self.document_of_creator(navigable, window, url);
        document.origin = self.host.origin_of(window);
        document.referrer = self.host.address(parent).into();
        if let Some(window) = self.commit_frame(navigable, document) {
            self.host.start_html_parser(window, Decoding::Text);
            self.host.document_text(window, &html);
            self.advance_document(window);
        }
    }

    fn commit_blank(
        &mut self,
        navigable: u32,
        parent: WindowId,
        url: Url,
        referrer: Option<Url>,
        initiator: WindowId,
    ) {
        let is_there = self.host.with_document(initiator, |_| ()).is_some();
        let creator = if is_there { initiator } else { parent };
        let mut document = self.document_of_creator(navigable, creator, url);
        document.referrer = referrer.map(String::from).unwrap_or_default();
        let Some(window) = self.commit_frame(navigable, document) else {
            return;
        };
        self.fill_and_finish(window);
    }

    /// An event of the fetch of a frame's navigation: its response.
    pub(crate) fn on_frame_navigation_event(
        &mut self,
        navigable: u32,
        id: u32,
        fetch: FetchId,
        event: FetchEvent,
    ) {
        let FetchEvent::Response(response) = event else {
            return;
        };
        let Some((creator, _)) = self.frame_navigating(navigable, id) else {
            self.network.abort(fetch);
            return;
        };
        let (above, parent) = (self.parent_of(navigable), creator);
        let Some(url) = response.url().cloned() else {
            let url = self.requested_url(navigable);
            if let Some(error) = response.error() {
                let what = if above.is_some() { "frame" } else { "window" };
                self.warn_of_frame(parent, &format!("the {what} {url} was not loaded: {error}"));
            }
            self.commit_error_page(navigable, url);
            return;
        };
        let mime_type = extract_mime_type(&response.header_list);
        let kind = document_type(mime_type.as_ref());
        let (Some(kind), false) = (kind, is_no_document(&response)) else {
            // Nothing to show: what is there stays.
            self.network.abort(fetch);
            self.end_frame_navigation(navigable);
            self.advance_parent(navigable);
            return;
        };
        let sandbox = self.sandbox_in(navigable);
        let own_origin = if url.scheme() == "blob" && Origin::of(&url).is_opaque() {
            // Made by a document of an opaque origin: that of who asked is the best guess, and the only one that can know it.
            self.ongoing_origin(navigable, parent)
        } else {
            self.network.origin_of_url(&url)
        };
        if above.is_some_and(|above| self.denies_framing(above, &own_origin, &response)) {
            self.network.abort(fetch);
            self.warn_of_frame(
                parent,
                &format!("the frame {url} refuses to be shown in another page"),
            );
            self.commit_error_page(navigable, url);
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
            referrer: String::new(),
            entry: EntryDocument::default(),
        };
        let document = self.with_ongoing(navigable, document, &response);
        let charset = document.charset.clone();
        match self.commit_frame(navigable, document) {
            Some(window) if kind == DocumentType::Media => {
                self.network.abort(fetch);
                let url = self.host.document_url_parsed(window);
                self.show_media(window, &url, mime_type.as_ref());
            }
            Some(window) => {
                self.host.heed_last_modified(window, &response);
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
                self.heed_refresh_header(window, &response);
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
            current = navigables.of_window(window).and_then(|above| above.parent);
        }
        false
    }

    /// The origin of who sent the frame where it is going; its parent's if that is not known any more.
    fn ongoing_origin(&self, navigable: u32, parent: WindowId) -> Origin {
        self.host
            .navigables
            .borrow()
            .get(navigable)
            .and_then(|navigable| navigable.ongoing_origin.clone())
            .unwrap_or_else(|| self.host.origin_of(parent))
    }

    /// Adds what is known of the navigation under way.
    fn with_ongoing(
        &self,
        navigable: u32,
        mut document: FrameDocument,
        response: &Response,
    ) -> FrameDocument {
        let mut navigables = self.host.navigables.borrow_mut();
        if let Some(navigable) = navigables.get_mut(navigable) {
            let resource = std::mem::take(&mut navigable.ongoing_resource);
            document.entry.resource = resource.after(response);
            document
                .entry
                .initiator
                .clone_from(&navigable.ongoing_origin);
            document.entry.referrer = navigable.ongoing_referrer.take();
        }
        if let Some(referrer) = &document.entry.referrer {
            document.referrer = referrer.to_string();
        }
        document
    }

    fn requested_url(&self, navigable: u32) -> Url {
        let element = self.host.navigables.borrow().element_of(navigable);
        element
            .and_then(|element| {
                let document = with_tree(|tree| tree.node_document(element))?;
                let src = self.host.attribute(element, "src")?;
                self.host.base_url(document).join(&src).ok()
            })
            .unwrap_or_else(crate::base_url::about_blank)
    }

    /// The navigation came to nothing.
    fn end_frame_navigation(&self, navigable: u32) {
        let mut navigables = self.host.navigables.borrow_mut();
        let Some(navigable) = navigables.get_mut(navigable) else {
            return;
        };
        navigable.ongoing = None;
        navigable.is_loading = false;
        // The document that stays may fire load now.
        if let Some(window) = navigable.window {
            self.host
                .queue(TaskSource::DomManipulation, Task::Parse { window });
        }
    }

    fn advance_parent(&mut self, navigable: u32) {
        if let Some(parent) = self.parent_of(navigable) {
            self.advance_document(parent);
        }
    }

    /// A window's document is complete: if it is a frame's, its element is told in a task.
    pub(crate) fn queue_frame_loaded(&self, window: WindowId) {
        let navigable = self
            .host
            .navigables
            .borrow()
            .of_window(window)
            .map(|navigable| navigable.number);
        if let Some(navigable) = navigable {
            self.host
                .queue(TaskSource::DomManipulation, Task::FrameLoaded { navigable });
        }
    }

    /// The iframe load event steps.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#iframe-load-event-steps>
    pub(crate) fn frame_loaded(&mut self, navigable: u32) {
        let (parent, element) = {
            let mut navigables = self.host.navigables.borrow_mut();
            let element = navigables.element_of(navigable);
            let Some(navigable) = navigables.get_mut(navigable) else {
                return;
            };
            // A navigation that has begun meanwhile goes on delaying the parent.
            navigable.is_loading = navigable.ongoing.is_some();
            // A window has no element to be told.
            let (Some(parent), Some(element)) = (navigable.parent, element) else {
                return;
            };
            (parent, element)
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
