//! Navigations: from a URL to a document in the page's window.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html>, as of 2026-01.

use percent_encoding::percent_decode_str;
use readystate_dom::{DocumentInit, NodeId, Tree};
use readystate_js::host::{ClassicScript, FetchId, NavigationKind, SourceLocation, WindowId};
use readystate_js::{WindowInit, with_tree};
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, RedirectMode, Referrer, Request,
    Response, ResponseKind,
};
use readystate_xhr::mime::{MimeType, extract_mime_type};
use readystate_xhr::{NetworkError, Origin};
use url::Url;

use crate::command::{Deadline, Reply};
use crate::document_state::{Decoding, DocumentState, LoadPhase, Source};
use crate::document_type::{DocumentType, content_type, document_type};
use crate::error::{Error, Limit, LoadFailure};
use crate::events::PageEvent;
use crate::frames::same_but_fragment;
use crate::navigable::PAGE;
use crate::navigation_resource::{AskedNavigation, NavigationResource};
use crate::network::FetchOwner;
use crate::page_thread::PageThread;
use crate::session_history::{EntryDocument, HistoryHandling, SessionHistory};
use crate::waiting::{Waiter, WaitingFor};

/// A navigation that has no document yet.
pub(crate) struct Navigation {
    id: u32,
    pub(crate) url: Url,
    /// Asked for through the page's handle, not by the page.
    pub(crate) by_user: bool,
    /// The origin of the document that asked; `None` for the handle.
    origin: Option<Origin>,
    referrer: Option<Url>,
    resource: NavigationResource,
    /// The user named a private host by a name that had to be resolved: redirects are looked at one by one.
    pub(crate) is_private_name: bool,
    redirects: u32,
    handling: HistoryHandling,
    /// Whoever asked waits for it.
    is_awaited: bool,
}

impl PageThread {
    /// Loads `url` because the handle asked for it.
    pub(crate) fn goto(&mut self, url: Url, deadline: Deadline, reply: Reply<()>) {
        self.own_navigations = 0;
        self.await_load(&url, deadline, reply);
        let handling = self.handling_of_page(&url);
        self.navigate(Navigation {
            id: self.browser.next_number(),
            url,
            by_user: true,
            origin: None,
            referrer: None,
            resource: NavigationResource::default(),
            is_private_name: false,
            redirects: 0,
            handling,
            is_awaited: true,
        });
    }

    /// Has the handle wait for the load of `url`; whoever waited for another load waits no more.
    fn await_load(&mut self, url: &Url, deadline: Deadline, reply: Reply<()>) {
        self.fail_load_waiters(|| Error::Load {
            url: url.to_string(),
            source: LoadFailure::Superseded,
        });
        self.waiters.push(Waiter {
            condition: WaitingFor::Loaded,
            deadline,
            reply: reply.into(),
        });
    }

    /// Loads the present document again because the handle asked for it.
    pub(crate) fn reload(&mut self, deadline: Deadline, reply: Reply<()>) {
        self.own_navigations = 0;
        let Some(window) = self.ensure_window() else {
            drop(reply.send(Err(Error::Closed)));
            return;
        };
        let url = self.host.document_url_parsed(window);
        self.await_load(&url, deadline, reply);
        let document = self.entry_document_of_page();
        self.navigate_page_to_entry(
            url,
            EntryDocument {
                resource: document.resource.reloaded(),
                ..document
            },
            HistoryHandling::Reload,
            true,
        );
    }

    /// What the page's present document was made from.
    fn entry_document_of_page(&self) -> EntryDocument {
        let histories = self.host.histories.borrow();
        histories
            .get(&PAGE)
            .and_then(|history| history.current_document(PAGE).cloned())
            .unwrap_or_default()
    }

    /// Loads the document of another entry of the page's session history. `false` if the page has done so too often.
    pub(crate) fn traverse_page(&mut self, url: Url, document: EntryDocument, step: u32) -> bool {
        let is_awaited = self
            .waiters
            .iter()
            .any(|waiter| matches!(waiter.condition, WaitingFor::Loaded));
        if self.is_navigating_too_often() {
            return false;
        }
        let handling = HistoryHandling::Traverse(step);
        self.navigate_page_to_entry(url, document, handling, is_awaited);
        true
    }

    fn navigate_page_to_entry(
        &mut self,
        url: Url,
        document: EntryDocument,
        handling: HistoryHandling,
        is_awaited: bool,
    ) {
        let navigation = Navigation {
            id: self.browser.next_number(),
            // A file, or a page's text, was given by the handle.
            by_user: document.initiator.is_none(),
            url,
            origin: document.initiator,
            referrer: document.referrer,
            resource: document.resource,
            is_private_name: false,
            redirects: 0,
            handling,
            is_awaited,
        };
        self.navigate(navigation);
    }

    /// Whether a navigation of the page makes a new entry in its session history.
    fn handling_of_page(&self, url: &Url) -> HistoryHandling {
        let is_same = self
            .window()
            .is_some_and(|window| self.host.document_url_parsed(window) == *url);
        if is_same || self.is_initial {
            HistoryHandling::Replace
        } else {
            HistoryHandling::Push
        }
    }

    /// Counts a navigation that the page starts by itself, and reports one too many.
    fn is_navigating_too_often(&mut self) -> bool {
        if self.own_navigations < self.limits.navigations {
            self.own_navigations += 1;
            return false;
        }
        let url = self
            .window()
            .map(|window| self.host.document_url(window))
            .unwrap_or_default();
        self.events.limit(
            Limit::Navigations,
            format!(
                "{url} navigated itself more than {} times",
                self.limits.navigations
            ),
        );
        true
    }

    /// Loads a document from a string.
    pub(crate) fn set_content(
        &mut self,
        html: &str,
        base_url: Option<Url>,
        deadline: Deadline,
        reply: Reply<()>,
    ) {
        let url = base_url.unwrap_or_else(crate::base_url::about_blank);
        self.abandon_navigation();
        self.fail_load_waiters(|| Error::Load {
            url: url.to_string(),
            source: LoadFailure::Superseded,
        });
        // What the caller hands over is trusted no more than a page of that address.
        self.set_address_policy(&url, None);
        self.network.abort_all(None);
        let document = NewDocument {
            url,
            content_type: "text/html".to_owned(),
            charset: None,
            document_type: DocumentType::Html,
            referrer: None,
            handling: HistoryHandling::Replace,
            entry: EntryDocument::default(),
        };
        match self.make_document(document) {
            Ok(window) => {
                self.host.start_html_parser(window, Decoding::Text);
                self.host.document_text(window, html);
                self.waiters.push(Waiter {
                    condition: WaitingFor::Loaded,
                    deadline,
                    reply: reply.into(),
                });
                self.advance_document(window);
            }
            // The asker may have gone.
            Err(error) => drop(reply.send(Err(error))),
        }
    }

    /// A navigation that script asked for.
    pub(crate) fn navigate_by_script(&mut self, window: WindowId, asked: AskedNavigation) {
        if self.window() != Some(window) {
            let navigable = self.host.navigables.borrow().number_of(window);
            if navigable != PAGE {
                self.navigate_frame_by_script(navigable, asked);
            }
            return;
        }
        let current = self.host.document_url_parsed(window);
        if asked.url.scheme() == "javascript" {
            // Script runs for its own origin only.
            if !self.host.origin_of(window).same_origin(&asked.origin) {
                return;
            }
            self.run_javascript_url(window, &asked.url, current.into());
            return;
        }
        let is_reload = asked.kind == NavigationKind::Reload;
        // A fragment of the present document, asked for by script of another origin.
        if !is_reload
            && asked.resource.post.is_none()
            && asked.url.fragment().is_some()
            && same_but_fragment(&current, &asked.url)
        {
            let replaces = asked.kind == NavigationKind::Replace;
            let url = asked.url;
            self.call(|agent| agent.navigate_to_fragment(window, &url, replaces));
            return;
        }
        if self.is_navigating_too_often() {
            return;
        }
        let (url, resource) = if is_reload {
            let resource = self.entry_document_of_page().resource.reloaded();
            (current.clone(), resource)
        } else {
            (asked.url, asked.resource)
        };
        if matches!(url.scheme(), "data" | "file") {
            // Top-level documents of these schemes are the user's alone.
            self.events.warn(
                format!("the page may not navigate to a {}: URL", url.scheme()),
                SourceLocation {
                    url: current.into(),
                    ..SourceLocation::default()
                },
            );
            return;
        }
        let handling = match asked.kind {
            NavigationKind::Reload => HistoryHandling::Reload,
            NavigationKind::Replace => HistoryHandling::Replace,
            NavigationKind::Push => self.handling_of_page(&url),
        };
        self.navigate(Navigation {
            id: self.browser.next_number(),
            url,
            by_user: false,
            origin: Some(asked.origin),
            referrer: asked.referrer,
            resource,
            is_private_name: false,
            redirects: 0,
            handling,
            is_awaited: false,
        });
    }

    /// Runs the script of a javascript: URL; a string that it gives becomes the document.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#evaluate-a-javascript:-url>
    fn run_javascript_url(&mut self, window: WindowId, url: &Url, document_url: String) {
        // 1. – 4. What follows the scheme, percent-decoded.
        let encoded = url.as_str().strip_prefix("javascript:").unwrap_or_default();
        let source = percent_decode_str(encoded).decode_utf8_lossy().into_owned();
        // 5. – 8. As a classic script.
        let script = ClassicScript::new(source, document_url);
        let result = self
            .call(|agent| agent.run_for_string(window, &script))
            .flatten();
        // 9. – 17. Nothing else is shown.
        let Some(html) = result else { return };
        if self.window() != Some(window) || !self.may_unload(PAGE) {
            return;
        }
        let entry = self.entry_document_of_page();
        let document = NewDocument {
            url: self.host.document_url_parsed(window),
            content_type: "text/html".to_owned(),
            charset: None,
            document_type: DocumentType::Html,
            referrer: entry.referrer.clone(),
            handling: HistoryHandling::Replace,
            entry,
        };
        self.network.abort_all(None);
        if let Ok(window) = self.make_document(document) {
            self.host.start_html_parser(window, Decoding::Text);
            self.host.document_text(window, &html);
            self.advance_document(window);
        }
    }

    fn navigate(&mut self, navigation: Navigation) {
        self.abandon_navigation();
        if !matches!(navigation.handling, HistoryHandling::Traverse(_)) {
            self.host.forget_destination(PAGE);
        }
        // 23. beforeunload. Before a traversal it was fired already.
        if !matches!(navigation.handling, HistoryHandling::Traverse(_)) && !self.may_unload(PAGE) {
            let failure = LoadFailure::Kept;
            self.fail_navigation(&navigation, failure);
            return;
        }
        match navigation.url.scheme() {
            "about" => self.commit_about(navigation),
            "file" if navigation.by_user => self.commit_file(navigation),
            _ => self.fetch_navigation(navigation),
        }
    }

    /// Gives up the page's navigation that has no document yet.
    pub(crate) fn abandon_navigation(&mut self) {
        if let Some(navigation) = self.navigation.take() {
            self.network
                .abort_owner(FetchOwner::Navigation(navigation.id));
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching>
    fn fetch_navigation(&mut self, navigation: Navigation) {
        if navigation.by_user {
            self.open_for_user(&navigation);
        }
        let origin = match &navigation.origin {
            Some(origin) => origin.clone(),
            None => Origin::of(&navigation.url),
        };
        let mut request = Request::new(navigation.url.clone(), origin);
        request.destination = Destination::Document;
        request.initiator_type = Some(InitiatorType::Navigation);
        request.mode = Mode::Navigate;
        request.credentials_mode = CredentialsMode::Include;
        request.use_url_credentials = true;
        request.redirect_mode = if navigation.is_private_name {
            RedirectMode::Manual
        } else {
            RedirectMode::Follow
        };
        request.user_initiated = navigation.by_user;
        request.referrer = match &navigation.referrer {
            Some(url) => Referrer::Url(url.clone()),
            None => Referrer::NoReferrer,
        };
        navigation.resource.apply_to(&mut request);
        self.network
            .start(FetchOwner::Navigation(navigation.id), request);
        self.navigation = Some(navigation);
    }

    /// An event of the fetch of a navigation: its response, for everything after it belongs to the document.
    pub(crate) fn on_navigation_event(&mut self, id: u32, fetch: FetchId, event: FetchEvent) {
        let FetchEvent::Response(response) = event else {
            return;
        };
        if self
            .navigation
            .as_ref()
            .is_none_or(|current| current.id != id)
        {
            return;
        }
        let Some(mut navigation) = self.navigation.take() else {
            return;
        };
        if let Some(error) = response.error() {
            if self.may_be_private_name(&navigation, error) {
                navigation.is_private_name = true;
                self.fetch_navigation(navigation);
                return;
            }
            let error = error.clone();
            self.fail_navigation(&navigation, LoadFailure::Network(error));
            return;
        }
        if navigation.is_private_name && is_redirect(&response) {
            self.network.abort(fetch);
            self.follow(navigation, &response);
            return;
        }
        if matches!(response.status, 204 | 205) {
            self.network.abort(fetch);
            self.fail_navigation(&navigation, LoadFailure::NoContent(response.status));
            return;
        }
        let mut url = response.url().cloned().unwrap_or(navigation.url.clone());
        if url.fragment().is_none() {
            url.set_fragment(navigation.url.fragment());
        }
        let mime_type = extract_mime_type(&response.header_list);
        let Some(document_type) = document_type(mime_type.as_ref()) else {
            self.network.abort(fetch);
            let name =
                mime_type.map_or_else(String::new, |mime_type| mime_type.essence().to_owned());
            self.fail_navigation(&navigation, LoadFailure::NotADocument(name));
            return;
        };
        self.network.abort_all(Some(fetch));
        // What a blob: URL gives is a page of who made it, and reaches no further.
        if url.scheme() != "blob" {
            self.set_address_policy(&url, response.remote_address);
        }
        let document = NewDocument {
            url: url.clone(),
            content_type: content_type(document_type, mime_type.as_ref()),
            charset: mime_type
                .as_ref()
                .and_then(|mime_type| mime_type.parameter("charset"))
                .map(str::to_owned),
            document_type,
            referrer: navigation.referrer.clone(),
            handling: navigation.handling,
            entry: EntryDocument::new(
                navigation.resource.after(&response),
                navigation.referrer,
                navigation.origin,
            ),
        };
        match self.make_document(document) {
            Ok(window) => {
                self.host.heed_last_modified(window, &response);
                self.host.heed_referrer_policy(window, &response);
                self.host.heed_permissions_policy(window, &response);
                self.heed_refresh_header(window, &response);
                if document_type == DocumentType::Media {
                    self.network.abort(fetch);
                    self.show_media(window, &url, mime_type.as_ref());
                } else {
                    self.network.set_owner(fetch, FetchOwner::Document(window));
                }
            }
            Err(error) => {
                self.network.abort(fetch);
                let message = error.to_string();
                self.fail_load_waiters(|| Error::Engine(message.clone()));
            }
        }
    }

    /// Follows a redirect of a private host by starting over, so that the address rules look at it anew.
    fn follow(&mut self, navigation: Navigation, response: &Response) {
        let location = response
            .header_list
            .get_first("location")
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|value| navigation.url.join(value).ok());
        match location {
            Some(url) if matches!(url.scheme(), "http" | "https") => {
                if navigation.redirects >= self.limits.redirects {
                    let error = NetworkError::TooManyRedirects(self.limits.redirects);
                    self.fail_navigation(&navigation, LoadFailure::Network(error));
                    return;
                }
                self.fetch_navigation(Navigation {
                    url,
                    is_private_name: false,
                    redirects: navigation.redirects + 1,
                    ..navigation
                });
            }
            _ => {
                let error = NetworkError::Redirect("no address to go to".to_owned());
                self.fail_navigation(&navigation, LoadFailure::Network(error));
            }
        }
    }

    fn fail_navigation(&mut self, navigation: &Navigation, failure: LoadFailure) {
        self.host.forget_destination(PAGE);
        let url = navigation.url.to_string();
        if navigation.is_awaited {
            self.fail_load_waiters(|| Error::Load {
                url: url.clone(),
                source: failure.clone(),
            });
        } else {
            self.events.warn(
                format!("could not navigate to {url}: {failure}"),
                SourceLocation::default(),
            );
        }
    }

    fn commit_about(&mut self, navigation: Navigation) {
        self.network.abort_all(None);
        self.set_address_policy(&navigation.url, None);
        self.unload_document();
        let entry = EntryDocument::new(
            NavigationResource::default(),
            navigation.referrer,
            navigation.origin,
        );
        if let Err(error) = self.renew_agent().and_then(|()| {
            self.commit_entry(navigation.handling, &navigation.url, entry);
            self.is_initial = false;
            self.open_empty_document(navigation.url)
        }) {
            let message = error.to_string();
            self.fail_load_waiters(|| Error::Engine(message.clone()));
        }
    }

    /// A file named by the user. Its origin is opaque: it can reach nothing by its address.
    fn commit_file(&mut self, navigation: Navigation) {
        let url = navigation.url.clone();
        let read = url
            .to_file_path()
            .map_err(|()| "not a path of this machine".to_owned())
            .and_then(|path| {
                let content_type = crate::folder_server::content_type(&path);
                let bytes = std::fs::read(&path).map_err(|error| error.to_string())?;
                Ok((bytes, content_type))
            });
        let (bytes, content_type_text) = match read {
            Ok(read) => read,
            Err(reason) => {
                let failure = LoadFailure::Network(NetworkError::Io(reason));
                self.fail_navigation(&navigation, failure);
                return;
            }
        };
        let mime_type = MimeType::parse(content_type_text);
        let Some(document_type) =
            document_type(mime_type.as_ref()).filter(|kind| *kind != DocumentType::Media)
        else {
            let failure = LoadFailure::NotADocument(content_type_text.to_owned());
            self.fail_navigation(&navigation, failure);
            return;
        };
        self.network.abort_all(None);
        self.set_address_policy(&url, None);
        let document = NewDocument {
            url,
            content_type: content_type(document_type, mime_type.as_ref()),
            charset: None,
            document_type,
            referrer: None,
            handling: navigation.handling,
            entry: EntryDocument::default(),
        };
        match self.make_document(document) {
            Ok(window) => {
                self.host.document_bytes(window, &bytes);
                self.host.document_end(window);
                self.advance_document(window);
            }
            Err(error) => {
                let message = error.to_string();
                self.fail_load_waiters(|| Error::Engine(message.clone()));
            }
        }
    }

    /// A window on an empty, complete HTML document.
    pub(crate) fn open_empty_document(&mut self, url: Url) -> Result<(), Error> {
        let init = DocumentInit::html(url.as_str());
        let document = with_tree(|tree| {
            let document = tree.create_document(init)?;
            readystate_dom::parsing::html::parse_document(tree, document, "");
            tree.take_effects();
            Ok(document)
        })
        .map_err(node_limit)?;
        let mut state = DocumentState::new(document, url.clone());
        state.origin = self.network.origin_of_url(&url);
        let mut init = self.window_init(document, url.clone(), None);
        init.origin = state.origin.clone();
        let window = self.open_window(init, state)?;
        self.call(|agent| agent.set_ready_state(window, readystate_js::ReadyState::Complete));
        self.events.emit(&PageEvent::Navigated { url: url.into() });
        Ok(())
    }

    /// Creates and initialises a document in a fresh window, ready to be fed.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object>
    fn make_document(&mut self, new: NewDocument) -> Result<WindowId, Error> {
        self.unload_document();
        let next = self.network.origin_of_url(&new.url);
        let is_same = self
            .window()
            .is_none_or(|window| self.host.origin_of(window).same_origin(&next));
        if !is_same && let Some(history) = self.host.histories.borrow_mut().get_mut(&PAGE) {
            history.leave_origin(PAGE, new.handling);
        }
        self.renew_agent()?;
        self.is_initial = false;
        self.commit_entry(new.handling, &new.url, new.entry.clone());
        let init = DocumentInit {
            kind: new.document_type.kind(),
            content_type: new.content_type,
            ..DocumentInit::html(new.url.as_str())
        };
        let document =
            with_tree(|tree: &mut Tree| tree.create_document(init)).map_err(node_limit)?;
        let mut state = DocumentState::new(document, new.url.clone());
        state.origin = self.network.origin_of_url(&new.url);
        state.phase = LoadPhase::Parsing;
        state.resource = new.entry.resource;
        state.source = match new.document_type {
            DocumentType::Html | DocumentType::Media => Source::None,
            DocumentType::Xml => Source::Xml {
                bytes: Vec::new(),
                charset: new.charset.clone(),
            },
            DocumentType::Text => Source::Text {
                bytes: Vec::new(),
                charset: new.charset.clone(),
            },
        };
        let mut init = self.window_init(document, new.url.clone(), new.referrer.as_ref());
        init.origin = state.origin.clone();
        let window = self.open_window(init, state)?;
        if new.document_type == DocumentType::Html {
            self.host.start_html_parser(
                window,
                Decoding::Sniffing {
                    bytes: Vec::new(),
                    charset: new.charset,
                },
            );
        }
        self.events.emit(&PageEvent::Navigated {
            url: new.url.into(),
        });
        Ok(window)
    }

    /// Another document of the page enters its session history.
    fn commit_entry(&self, handling: HistoryHandling, url: &Url, entry: EntryDocument) {
        let mut histories = self.host.histories.borrow_mut();
        let history = histories
            .entry(PAGE)
            .or_insert_with(|| SessionHistory::new(PAGE, url.clone()));
        history.leave_frames();
        history.commit(PAGE, handling, url.clone(), entry);
    }

    /// Tells the page's document, and those of the windows that it has opened, that they go.
    fn unload_document(&mut self) {
        let Some(window) = self.window() else { return };
        self.unload_with_frames(window);
        // NOTE: another document of the page has another agent, where these windows cannot be.
        let others = self.host.navigables.borrow().auxiliary();
        for navigable in others {
            self.close_window(navigable);
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-media>
    pub(crate) fn show_media(&mut self, window: WindowId, url: &Url, mime_type: Option<&MimeType>) {
        let tag = match mime_type.map(MimeType::type_) {
            Some("audio") => "audio",
            Some("video") => "video",
            _ => "img",
        };
        let document = self.host.with_document(window, |state| state.document);
        if let Some(document) = document {
            with_tree(|tree| {
                let html = format!("<!doctype html><body><{tag}>");
                readystate_dom::parsing::html::parse_document(tree, document, &html);
                if let Some(doctype) = tree.doctype(document) {
                    // It is there, so it can be removed.
                    drop(tree.remove(doctype));
                }
                let media = tree.body(document).and_then(|body| tree.first_child(body));
                if let Some(media) = media {
                    // Only a full tree refuses; then the document says less.
                    drop(tree.set_attribute(media, "src", url.as_str()));
                }
                tree.take_effects();
            });
        }
        self.advance_document(window);
    }

    fn window_init(&self, document: NodeId, url: Url, referrer: Option<&Url>) -> WindowInit {
        let mut init = WindowInit::new(document, url);
        init.referrer = referrer.map(Url::to_string).unwrap_or_default();
        init.viewport = self.options.viewport;
        init
    }
}

struct NewDocument {
    url: Url,
    content_type: String,
    charset: Option<String>,
    document_type: DocumentType,
    referrer: Option<Url>,
    handling: HistoryHandling,
    entry: EntryDocument,
}

fn is_redirect(response: &Response) -> bool {
    matches!(response.kind, ResponseKind::OpaqueRedirect)
        || (matches!(response.status, 301 | 302 | 303 | 307 | 308)
            && response.header_list.contains("location"))
}

fn node_limit(error: readystate_dom::DomError) -> Error {
    Error::Limit {
        limit: Limit::DomNodes,
        message: error.to_string(),
    }
}
