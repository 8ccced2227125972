//! The CORS check, and the check of `Cross-Origin-Resource-Policy`.
//!
//! Standard: <https://fetch.spec.whatwg.org/#cors-check>

use url::Host;

use super::origin_header::serialize_request_origin;
use super::{CorsError, CredentialsMode, Request};
use crate::http::{HeaderList, is_token, isomorphic_decode};
use crate::origin::{Origin, registrable_domain};

/// Whether the response may be shared with the request's origin. The one place that decides this.
///
/// Standard: <https://fetch.spec.whatwg.org/#concept-cors-check>
pub(super) fn cors_check(request: &Request, headers: &HeaderList) -> Result<(), CorsError> {
    // 1. and 2. The header; missing is a failure.
    let Some(origin) = headers.get("access-control-allow-origin") else {
        return Err(CorsError::MissingAllowOrigin);
    };
    let includes_credentials = request.credentials_mode == CredentialsMode::Include;
    // 3. A wildcard will do without credentials.
    if origin == b"*" {
        return if includes_credentials {
            Err(CorsError::WildcardWithCredentials)
        } else {
            Ok(())
        };
    }
    // 4. The origin itself, byte for byte.
    let expected = serialize_request_origin(request);
    if expected.as_bytes() != origin {
        return Err(CorsError::AllowOriginMismatch {
            found: isomorphic_decode(&origin),
            expected,
        });
    }
    // 5. Without credentials that is enough.
    if !includes_credentials {
        return Ok(());
    }
    // 6. to 8. Credentials must be allowed.
    if headers.get("access-control-allow-credentials").as_deref() == Some(b"true") {
        return Ok(());
    }
    Err(CorsError::CredentialsNotAllowed)
}

/// The tokens of a CORS list header in the case they came; `None` if there is no such header or it does not parse.
///
/// Standard: <https://fetch.spec.whatwg.org/#extract-header-list-values>
pub(super) fn extract_header_names(headers: &HeaderList, name: &str) -> Option<Vec<Vec<u8>>> {
    extract_tokens(headers, name).ok().flatten()
}

/// The same, with a header that does not parse as an error.
pub(super) fn extract_tokens(headers: &HeaderList, name: &str) -> Result<Option<Vec<Vec<u8>>>, ()> {
    let mut tokens = Vec::new();
    if !headers.contains(name) {
        return Ok(None);
    }
    for value in headers.get_all(name) {
        for part in value.split(|&byte| byte == b',') {
            let token = crate::http::trim_http_tab_or_space(part);
            // Empty elements of a list are allowed and mean nothing.
            if token.is_empty() {
                continue;
            }
            if !is_token(token) {
                return Err(());
            }
            tokens.push(token.to_vec());
        }
    }
    Ok(Some(tokens))
}

/// Whether `Cross-Origin-Resource-Policy` keeps the response from the request's origin.
///
/// Standard: <https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check>
pub(super) fn is_blocked_by_resource_policy(request: &Request, headers: &HeaderList) -> bool {
    // FIXME 1. and 4. Embedder policies are not supported, so none is in force.
    let url_origin = Origin::of(request.current_url());
    // 2., 3. and 5. By policy:
    match headers.get("cross-origin-resource-policy").as_deref() {
        Some(b"same-origin") => !request.origin.same_origin(&url_origin),
        Some(b"same-site") => {
            let is_secure = |origin: &Origin| matches!(origin, Origin::Tuple { scheme, .. } if scheme == "https");
            !(is_schemelessly_same_site(&request.origin, &url_origin)
                && (is_secure(&request.origin) || !is_secure(&url_origin)))
        }
        _ => false,
    }
}

fn is_schemelessly_same_site(a: &Origin, b: &Origin) -> bool {
    match (a, b) {
        (Origin::Tuple { host: a, .. }, Origin::Tuple { host: b, .. }) => match (a, b) {
            (Host::Domain(a), Host::Domain(b)) if a != b => {
                registrable_domain(a).is_some_and(|site| Some(site) == registrable_domain(b))
            }
            _ => a == b,
        },
        _ => a.same_origin(b),
    }
}
