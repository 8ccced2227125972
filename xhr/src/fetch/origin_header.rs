//! The `Origin` header and the origin a request shows.
//!
//! Standard: <https://fetch.spec.whatwg.org/#origin-header>

use super::{Mode, ReferrerPolicy, Request, ResponseTainting};
use crate::http::HeaderList;
use crate::origin::Origin;

/// How far redirects led away from the request's origin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum RedirectTaint {
    SameOrigin,
    SameSite,
    CrossSite,
}

/// Standard: <https://fetch.spec.whatwg.org/#concept-request-tainted-origin>
pub(super) fn redirect_taint(request: &Request) -> RedirectTaint {
    // 2. and 3. The URL before, and the taint so far.
    let mut last: Option<Origin> = None;
    let mut taint = RedirectTaint::SameOrigin;
    // 4. For each URL: a step from a foreign origin to yet another one taints.
    for url in request.url_list() {
        let origin = Origin::of(url);
        if let Some(last) = &last {
            if !origin.same_site(last) && !request.origin.same_site(last) {
                return RedirectTaint::CrossSite;
            }
            if !origin.same_origin(last) && !request.origin.same_origin(last) {
                taint = RedirectTaint::SameSite;
            }
        }
        last = Some(origin);
    }
    // 5. Return it.
    taint
}

/// The request's origin as it is shown: `null` after a tainting redirect.
///
/// Standard: <https://fetch.spec.whatwg.org/#serializing-a-request-origin>
pub(super) fn serialize_request_origin(request: &Request) -> String {
    if redirect_taint(request) == RedirectTaint::SameOrigin {
        request.origin.serialize()
    } else {
        "null".to_owned()
    }
}

/// Standard: <https://fetch.spec.whatwg.org/#append-a-request-origin-header>
pub(super) fn append_request_origin_header(request: &Request, headers: &mut HeaderList) {
    // 2. What it is.
    let mut serialized_origin = serialize_request_origin(request);
    // 3. CORS and WebSockets always have it.
    if request.response_tainting == ResponseTainting::Cors || request.mode == Mode::WebSocket {
        headers.append("Origin", serialized_origin);
        return;
    }
    // 4. Else only methods that change something, and the referrer policy may hide it.
    if matches!(request.method.as_str(), "GET" | "HEAD") {
        return;
    }
    if request.mode != Mode::Cors {
        let current = Origin::of(request.current_url());
        let is_hidden = match request.referrer_policy {
            ReferrerPolicy::NoReferrer => true,
            ReferrerPolicy::NoReferrerWhenDowngrade
            | ReferrerPolicy::StrictOrigin
            | ReferrerPolicy::StrictOriginWhenCrossOrigin => {
                let is_https =
                    matches!(&request.origin, Origin::Tuple { scheme, .. } if scheme == "https");
                is_https && request.current_url().scheme() != "https"
            }
            ReferrerPolicy::SameOrigin => !request.origin.same_origin(&current),
            ReferrerPolicy::Origin
            | ReferrerPolicy::OriginWhenCrossOrigin
            | ReferrerPolicy::UnsafeUrl => false,
        };
        if is_hidden {
            serialized_origin = "null".to_owned();
        }
    }
    headers.append("Origin", serialized_origin);
}
