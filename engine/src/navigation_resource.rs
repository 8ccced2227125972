//! What a navigation brings along besides its URL: a form's body, or what a `blob:` URL meant.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html#she-document-state>, as of 2026-01.

use readystate_js::host::{NavigationKind, WindowId};
use readystate_xhr::Origin;
use readystate_xhr::body::{Blob, BodyWithType};
use readystate_xhr::fetch::{CacheMode, Request, Response};
use readystate_xhr::http::Method;
use url::Url;

/// A navigation that script or a form asked for, with what is known of who asked.
pub(crate) struct AskedNavigation {
    pub(crate) url: Url,
    pub(crate) kind: NavigationKind,
    /// The window whose document asked.
    pub(crate) source: WindowId,
    /// That document's origin.
    pub(crate) origin: Origin,
    /// The URL that it names as the referrer.
    pub(crate) referrer: Option<Url>,
    pub(crate) resource: NavigationResource,
}

/// What is requested along with a URL. A document keeps it for its reload, which asks for the same again: the standard has
/// a form's body sent once more, and leaves it to the user agent to ask its user, whom there is none of here.
#[derive(Clone, Debug, Default)]
pub(crate) struct NavigationResource {
    /// A form's body, sent by POST; `None` for a GET.
    pub(crate) post: Option<BodyWithType>,
    /// What a `blob:` URL meant when the navigation was asked for.
    pub(crate) blob: Option<Blob>,
    /// Whether the server is asked if what is cached is good still: a reload asks.
    pub(crate) is_reload: bool,
}

impl NavigationResource {
    /// Makes the request ask for it.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#create-navigation-params-by-fetching>
    pub(crate) fn apply_to(&self, request: &mut Request) {
        request.blob_url_entry.clone_from(&self.blob);
        if self.is_reload {
            request.cache_mode = CacheMode::NoCache;
        }
        // 4. A POST resource: method, body, type.
        if let Some(post) = &self.post {
            request.method = Method::POST;
            request.body = Some(post.body.clone());
            if let Some(type_) = &post.type_ {
                request.header_list.set("Content-Type", type_);
            }
        }
    }

    /// The same, for a reload.
    pub(crate) const fn reloaded(mut self) -> Self {
        self.is_reload = true;
        self
    }

    /// What the document keeps for its reload: no body if a redirect has dropped it.
    pub(crate) fn after(mut self, response: &Response) -> Self {
        if !response.request_had_body {
            self.post = None;
        }
        self.is_reload = false;
        self
    }
}
