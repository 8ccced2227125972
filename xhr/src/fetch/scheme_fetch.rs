//! Scheme fetch: about:, blob:, data:, HTTP(S).
//!
//! Standard: <https://fetch.spec.whatwg.org/#scheme-fetch>

use super::http_fetch::{MakeCorsPreflight, http_fetch};
use super::internal_response::InternalResponse;
use super::request::Mode;
use super::{FetchParams, FetchResult};
use crate::error::NetworkError;
use crate::http::HeaderList;
use crate::http::cors_safelist::{AllowWhitespace, parse_single_range};
use crate::origin::Origin;

/// Standard: <https://fetch.spec.whatwg.org/#concept-scheme-fetch>
pub(super) fn scheme_fetch(params: &mut FetchParams<'_>) -> FetchResult {
    // 1. Cancelled.
    params.controller.check()?;
    // 2. and 3. By scheme:
    let url = params.request.current_url();
    match url.scheme() {
        "about" if url.path() == "blank" => {
            let headers = [("Content-Type", "text/html;charset=utf-8")];
            Ok(InternalResponse::ok(
                headers.into_iter().collect(),
                Vec::new(),
            ))
        }
        "blob" => blob_fetch(params),
        "data" => data_fetch(params),
        "http" | "https" => http_fetch(params, MakeCorsPreflight::No),
        // 4. Any other, file: included.
        scheme => Err(NetworkError::UnsupportedScheme(scheme.to_owned())),
    }
}

fn data_fetch(params: &FetchParams<'_>) -> FetchResult {
    // 1. and 2. The data: URL processor, which ignores the fragment itself.
    let url = params.request.current_url();
    let invalid = || NetworkError::InvalidUrl("invalid data: URL".to_owned());
    let data = data_url::DataUrl::process(url.as_str()).map_err(|_| invalid())?;
    let (body, _) = data.decode_to_vec().map_err(|_| invalid())?;
    // 3. and 4. Its type and body.
    let content_type = data.mime_type().to_string();
    let headers = [("Content-Type", content_type)];
    Ok(InternalResponse::ok(headers.into_iter().collect(), body))
}

fn blob_fetch(params: &FetchParams<'_>) -> FetchResult {
    let request = &params.request;
    let refused = |detail: &str| NetworkError::InvalidUrl(format!("blob: URL: {detail}"));
    // 1. and 2. Only GET, only what is in the store.
    if request.method.as_str() != "GET" {
        return Err(refused("the method is not GET"));
    }
    // 3. – 5. Only of the request's origin, but for navigations. NOTE: opaque origins are not in their URLs, so that they cannot be told
    // apart here.
    let origin = Origin::of(request.current_url());
    let is_own =
        request.origin.same_origin(&origin) || (origin.is_opaque() && request.origin.is_opaque());
    if request.mode != Mode::Navigate && !is_own {
        return Err(refused("it is of another origin"));
    }
    let store = params.environment.blob_urls.as_ref();
    let blob = request
        .blob_url_entry
        .clone()
        .or_else(|| store?.resolve(request.current_url()))
        .ok_or_else(|| refused("there is no such blob"))?;
    // 9. to 12. Length and type.
    let full_length = blob.size() as u64;
    let mut headers = HeaderList::new();
    let Some(range) = request.header_list.get("range") else {
        // 13. Whole.
        headers.append("Content-Length", full_length.to_string());
        headers.append("Content-Type", blob.type_());
        return Ok(InternalResponse::ok(headers, blob.bytes().to_vec()));
    };
    // 14. One range of it.
    let range =
        parse_single_range(&range, AllowWhitespace::Yes).ok_or_else(|| refused("bad range"))?;
    let last = full_length.saturating_sub(1);
    let (start, end) = match range {
        (Some(start), _) if start >= full_length => return Err(refused("range outside the blob")),
        (Some(start), end) => (start, end.unwrap_or(last).min(last)),
        (None, Some(length)) => (full_length.saturating_sub(length), last),
        (None, None) => return Err(refused("bad range")),
    };
    let bytes = usize::try_from(start)
        .ok()
        .zip(usize::try_from(end).ok())
        .and_then(|(start, end)| blob.bytes().get(start..=end))
        .unwrap_or_default();
    headers.append("Content-Length", bytes.len().to_string());
    headers.append("Content-Type", blob.type_());
    headers.append(
        "Content-Range",
        format!("bytes {start}-{end}/{full_length}"),
    );
    let mut response = InternalResponse::ok(headers, bytes.to_vec());
    response.status = 206;
    response.status_message = b"Partial Content".to_vec();
    response.range_requested = true;
    Ok(response)
}
