//! MIME types that a destination must not get.
//!
//! Standard: <https://fetch.spec.whatwg.org/#x-content-type-options-header>

use super::{Destination, Request};
use crate::error::NetworkError;
use crate::http::HeaderList;
use crate::mime::{MimeType, extract_mime_type};

/// Whether the headers say `X-Content-Type-Options: nosniff`.
///
/// Standard: <https://fetch.spec.whatwg.org/#determine-nosniff>
#[must_use]
pub fn determine_nosniff(headers: &HeaderList) -> bool {
    headers
        .get_decode_split("x-content-type-options")
        .and_then(|values| values.into_iter().next())
        .is_some_and(|value| value.eq_ignore_ascii_case("nosniff"))
}

/// Refuses responses whose MIME type does not fit the destination.
///
/// Standard: <https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-mime-type?>,
/// <https://fetch.spec.whatwg.org/#should-response-to-request-be-blocked-due-to-nosniff?>
pub(super) fn check_mime_type(request: &Request, headers: &HeaderList) -> Result<(), NetworkError> {
    let is_script_like = matches!(
        request.destination,
        Destination::Script | Destination::Worker
    );
    if !is_script_like && request.destination != Destination::Style {
        return Ok(());
    }
    let mime_type = extract_mime_type(headers);
    let essence = mime_type
        .as_ref()
        .map(MimeType::essence)
        .unwrap_or_default();
    // By MIME type: media and CSV are no scripts.
    let is_media = ["audio/", "image/", "video/"]
        .iter()
        .any(|prefix| essence.starts_with(prefix));
    if is_script_like && (is_media || essence == "text/csv") {
        return Err(NetworkError::MimeTypeBlocked(format!(
            "{essence} is no script"
        )));
    }
    // By nosniff: scripts and style sheets must say what they are.
    if determine_nosniff(headers) {
        let fits = if is_script_like {
            mime_type.as_ref().is_some_and(MimeType::is_javascript)
        } else {
            essence == "text/css"
        };
        if !fits {
            return Err(NetworkError::Nosniff(format!("type {essence:?}")));
        }
    }
    Ok(())
}
