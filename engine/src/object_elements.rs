//! `object` and `embed`: documents shown in frames of their own, fallback content for anything else.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/iframe-embed-object.html#the-object-element>, as of 2026-01.

use std::collections::VecDeque;

use readystate_dom::{Effect, NodeHandle, NodeId};
use readystate_js::host::{FetchId, HostStep, WindowId};
use readystate_js::{FireTarget, with_tree};
use readystate_xhr::environment::BlobUrlStore;
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, RedirectMode, Referrer, Response,
};
use readystate_xhr::mime::{MimeType, extract_mime_type};
use url::Url;

use crate::document_type::{DocumentType, document_type};
use crate::event_loop::Task;
use crate::frames::is_named;
use crate::network::FetchOwner;
use crate::page_thread::PageThread;
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

impl WindowHost {
    /// What an effect of a mutation means to an `object` or `embed` element.
    pub(crate) fn act_on_object(&self, effect: &Effect) -> VecDeque<HostStep> {
        let mut steps = VecDeque::new();
        let element = effect.element();
        match effect {
            Effect::Connected(_) => self.load_object(element, &mut steps),
            Effect::Disconnected(_) => self.forget_object(element, &mut steps),
            Effect::AttributeChanged {
                local_name,
                namespace,
                ..
            } if namespace.is_empty()
                && matches!(&**local_name, "data" | "src" | "type")
                && with_tree(|tree| tree.is_connected(element)) =>
            {
                self.load_object(element, &mut steps);
            }
            _ => {}
        }
        steps
    }

    /// Asks for what the element names.
    fn load_object(&self, element: NodeId, steps: &mut VecDeque<HostStep>) {
        self.abort_object(element);
        let Some((window, document)) = with_tree(|tree| tree.node_document(element))
            .and_then(|document| Some((self.window_of(document)?, document)))
        else {
            return;
        };
        let is_object = with_tree(|tree| is_named(tree, element, "object"));
        let address = self.attribute(element, if is_object { "data" } else { "src" });
        // A type that is no document's: nothing that could be shown.
        let named = self.attribute(element, "type").unwrap_or_default();
        let is_shown = named.is_empty()
            || document_type(MimeType::parse(&named).as_ref())
                .is_some_and(|kind| kind != DocumentType::Media);
        let url = address
            .filter(|address| !address.is_empty() && is_shown)
            .and_then(|address| self.encoding_parse(document, &address))
            .filter(|url| !self.is_recursive(window, url));
        let Some(url) = url.filter(|_| !self.is_inside_of_object(element)) else {
            self.forget_object(element, steps);
            return;
        };
        let Some(handle) = with_tree(|tree| tree.handle(element)) else {
            return;
        };
        // The document that every frame starts with is there at once.
        if url.scheme() == "about" && url.path() == "blank" {
            let known = self.navigables.borrow().of_element(element);
            if known.is_none() && self.open_frame(element, window, steps).is_some() {
                steps.push_back(HostStep::Fire {
                    window,
                    target: FireTarget::Node(element),
                    name: "load",
                });
            }
            return;
        }
        let mut request = self.new_request(window, url.clone());
        request.destination = destination_of(element);
        request.initiator_type = Some(InitiatorType::Other);
        request.mode = Mode::Navigate;
        request.credentials_mode = CredentialsMode::Include;
        request.use_url_credentials = true;
        request.redirect_mode = RedirectMode::Follow;
        request.referrer = self
            .referrer_url(window)
            .map_or(Referrer::NoReferrer, Referrer::Url);
        request.blob_url_entry = self.network.blob_urls().resolve(&url);
        let owner = FetchOwner::Object {
            window,
            element: handle,
        };
        self.network.start(owner, request);
        // It delays the load event of the document.
        self.with_document(window, |state| state.objects.insert(handle));
    }

    /// Nothing but its fallback content is left of the element.
    fn forget_object(&self, element: NodeId, steps: &mut VecDeque<HostStep>) {
        self.abort_object(element);
        let frame = self.navigables.borrow().of_element(element);
        if let Some(frame) = frame {
            self.destroy_frame(frame, false, steps);
        }
    }

    fn abort_object(&self, element: NodeId) {
        let Some(handle) = with_tree(|tree| tree.handle(element)) else {
            return;
        };
        let mut documents = self.documents.borrow_mut();
        let waiting = documents
            .iter_mut()
            .find_map(|(window, state)| state.objects.remove(&handle).then_some(*window));
        drop(documents);
        if let Some(window) = waiting {
            self.network.abort_owner(FetchOwner::Object {
                window,
                element: handle,
            });
            self.queue(TaskSource::DomManipulation, Task::Parse { window });
        }
    }

    /// Whether an element is the fallback content of an object that shows something, or of a media element.
    fn is_inside_of_object(&self, element: NodeId) -> bool {
        let navigables = self.navigables.borrow();
        with_tree(|tree| {
            tree.ancestors(element).any(|ancestor| {
                is_named(tree, ancestor, "audio")
                    || is_named(tree, ancestor, "video")
                    || (is_named(tree, ancestor, "object")
                        && navigables.of_element(ancestor).is_some())
            })
        })
    }
}

/// What a document that the element shows is asked for as.
pub(crate) fn destination_of(element: NodeId) -> Destination {
    with_tree(|tree| {
        if is_named(tree, element, "object") {
            Destination::Object
        } else if is_named(tree, element, "embed") {
            Destination::Embed
        } else {
            Destination::Iframe
        }
    })
}

impl PageThread {
    /// An event of the fetch of an `object` or `embed` element: its response.
    pub(crate) fn on_object_event(
        &mut self,
        window: WindowId,
        handle: NodeHandle,
        fetch: FetchId,
        event: FetchEvent,
    ) {
        let FetchEvent::Response(response) = event else {
            return;
        };
        self.host
            .with_document(window, |state| state.objects.remove(&handle));
        let element = with_tree(|tree| tree.resolve(handle));
        let shown = element.and_then(|element| self.object_frame(element, window, &response));
        match (shown, element) {
            (Some(navigable), _) => {
                let id = {
                    let mut navigables = self.host.navigables.borrow_mut();
                    let id = navigables.next_navigation();
                    if let Some(navigable) = navigables.get_mut(navigable) {
                        self.host.abort_ongoing(navigable);
                        navigable.ongoing = Some(id);
                        navigable.is_loading = true;
                        navigable.ongoing_origin = Some(self.host.origin_of(window));
                        navigable.ongoing_referrer = self.host.referrer_url(window);
                    }
                    id
                };
                self.network
                    .set_owner(fetch, FetchOwner::Frame { navigable, id });
                self.on_frame_navigation_event(
                    navigable,
                    id,
                    fetch,
                    FetchEvent::Response(response),
                );
            }
            (None, Some(element)) => {
                self.network.abort(fetch);
                let mut steps = VecDeque::new();
                self.host.forget_object(element, &mut steps);
                self.take_steps(steps);
                if let Some(name) = self.object_event(element, &response) {
                    self.fire_at_element(window, handle, name);
                }
            }
            (None, None) => self.network.abort(fetch),
        }
        self.advance_document(window);
    }

    /// The frame in which a response is shown, if it is a document.
    fn object_frame(
        &mut self,
        element: NodeId,
        window: WindowId,
        response: &Response,
    ) -> Option<u32> {
        let mime_type = extract_mime_type(&response.header_list);
        let kind = document_type(mime_type.as_ref())?;
        let is_object = with_tree(|tree| is_named(tree, element, "object"));
        if response.is_network_error()
            || kind == DocumentType::Media
            || (is_object && !is_ok(response))
        {
            return None;
        }
        let known = self.host.navigables.borrow().of_element(element);
        if known.is_some() {
            return known;
        }
        let mut steps = VecDeque::new();
        let frame = self.host.open_frame(element, window, &mut steps);
        self.take_steps(steps);
        frame
    }

    /// What the element is told of a response that is not shown.
    fn object_event(&self, element: NodeId, response: &Response) -> Option<&'static str> {
        let is_object = with_tree(|tree| is_named(tree, element, "object"));
        if response.is_network_error() || (is_object && !is_ok(response)) {
            return is_object.then_some("error");
        }
        let mime_type = extract_mime_type(&response.header_list);
        let is_media = document_type(mime_type.as_ref()) == Some(DocumentType::Media);
        is_media.then_some("load")
    }
}

fn is_ok(response: &Response) -> bool {
    matches!(response.status, 200..=299) || response.url().is_some_and(has_no_status)
}

/// Responses of these schemes have no status of their own.
fn has_no_status(url: &Url) -> bool {
    !matches!(url.scheme(), "http" | "https")
}
