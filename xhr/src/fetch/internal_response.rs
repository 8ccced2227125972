//! A response before it is filtered.
//!
//! Standard: <https://fetch.spec.whatwg.org/#concept-internal-response>

use std::io::Read;
use std::net::SocketAddr;

use url::Url;

use super::{Request, Response, ResponseKind, ResponseTainting};
use crate::http::HeaderList;
use crate::http::cors_safelist::is_cors_safelisted_response_header_name;
use crate::http::forbidden_headers::is_forbidden_response_header_name;
use crate::http::isomorphic_decode;

/// A response with all that was received.
pub(super) struct InternalResponse {
    pub(super) url_list: Vec<Url>,
    pub(super) status: u16,
    pub(super) status_message: Vec<u8>,
    pub(super) header_list: HeaderList,
    pub(super) body: ResponseBody,
    pub(super) remote_address: Option<SocketAddr>,
    pub(super) cors_exposed_header_names: Vec<Vec<u8>>,
    pub(super) is_opaque_redirect: bool,
    pub(super) range_requested: bool,
}

/// A response's body.
pub(super) enum ResponseBody {
    /// Null.
    None,
    /// Known at once.
    Bytes(Vec<u8>),
    /// As it comes; errors carry a `NetworkError`.
    Stream(Box<dyn Read + Send>),
}

impl InternalResponse {
    /// A response with status 200 and "OK".
    pub(super) fn ok(header_list: HeaderList, body: Vec<u8>) -> Self {
        Self {
            url_list: Vec::new(),
            status: 200,
            status_message: b"OK".to_vec(),
            header_list,
            body: ResponseBody::Bytes(body),
            remote_address: None,
            cors_exposed_header_names: Vec::new(),
            is_opaque_redirect: false,
            range_requested: false,
        }
    }

    /// Whether the status is one of a redirect.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#redirect-status>
    pub(super) const fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }

    /// Where the redirect leads: `None` without `Location`, an error if that is not a URL.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-response-location-url>
    pub(super) fn location_url(&self, request: &Request) -> Option<Result<Url, String>> {
        // 1. Not a redirect: null.
        if !self.is_redirect() {
            return None;
        }
        // 2. The header; two different ones are a failure.
        let mut values = self.header_list.get_all("location");
        let location = values.next()?;
        if values.any(|other| other != location) {
            return Some(Err("several different Location headers".to_owned()));
        }
        // 3. Parsed against the response's URL. Bytes that are UTF-8 are taken as such, as browsers do.
        let text = match std::str::from_utf8(location) {
            Ok(text) => text.to_owned(),
            Err(_) => isomorphic_decode(location),
        };
        let base = self
            .url_list
            .last()
            .unwrap_or_else(|| request.current_url());
        let mut url = match base.join(&text) {
            Ok(url) => url,
            Err(error) => return Some(Err(format!("Location {text:?}: {error}"))),
        };
        // 4. Without a fragment of its own it takes the request's.
        if url.fragment().is_none() {
            url.set_fragment(request.current_url().fragment());
        }
        // 5. Return it.
        Some(Ok(url))
    }

    /// The response as its reader may see it, and its body.
    ///
    /// Standard: <https://fetch.spec.whatwg.org/#concept-filtered-response>
    pub(super) fn filter(
        self,
        tainting: ResponseTainting,
        request_had_body: bool,
    ) -> (Response, ResponseBody) {
        let Self {
            url_list,
            status,
            status_message,
            mut header_list,
            body,
            remote_address,
            cors_exposed_header_names,
            is_opaque_redirect,
            range_requested: _,
        } = self;
        let kind = match tainting {
            _ if is_opaque_redirect => ResponseKind::OpaqueRedirect,
            ResponseTainting::Basic => ResponseKind::Basic,
            ResponseTainting::Cors => ResponseKind::Cors,
            ResponseTainting::Opaque => ResponseKind::Opaque,
        };
        match kind {
            ResponseKind::Opaque | ResponseKind::OpaqueRedirect => {
                let shown = if is_opaque_redirect {
                    url_list.clone()
                } else {
                    Vec::new()
                };
                let internal = Response {
                    kind: ResponseKind::Default,
                    url_list,
                    status,
                    status_message,
                    header_list,
                    request_had_body,
                    cors_exposed_header_names: Vec::new(),
                    remote_address,
                    internal_response: None,
                };
                let response = Response {
                    kind,
                    url_list: shown,
                    status: 0,
                    status_message: Vec::new(),
                    header_list: HeaderList::new(),
                    request_had_body,
                    cors_exposed_header_names: Vec::new(),
                    remote_address,
                    internal_response: Some(Box::new(internal)),
                };
                // NOTE: the body of an opaque response stays, for classic scripts and images are made from it; their
                // loader, not the page, reads it. `Response::kind` says that script must not.
                let body = if is_opaque_redirect {
                    ResponseBody::None
                } else {
                    body
                };
                return (response, body);
            }
            ResponseKind::Cors => header_list.retain(|name, _| {
                is_cors_safelisted_response_header_name(name, &cors_exposed_header_names)
            }),
            _ => header_list.retain(|name, _| !is_forbidden_response_header_name(name)),
        }
        let response = Response {
            kind,
            url_list,
            status,
            status_message,
            header_list,
            request_had_body,
            cors_exposed_header_names,
            remote_address,
            internal_response: None,
        };
        (response, body)
    }
}
