//! The `Sec-Fetch-*` headers.
//!
//! Standard: <https://w3c.github.io/webappsec-fetch-metadata/>

use super::{Destination, Mode, Request};
use crate::http::HeaderList;
use crate::origin::Origin;

/// Appends `Sec-Fetch-Dest`, `-Mode`, `-Site` and `-User`, if the URL is potentially trustworthy.
///
/// Standard: <https://w3c.github.io/webappsec-fetch-metadata/#abstract-opdef-append-the-fetch-metadata-headers-for-a-request>
pub(super) fn append_fetch_metadata_headers(request: &Request, headers: &mut HeaderList) {
    // 1. Only for trustworthy URLs.
    if !Origin::of(request.current_url()).is_potentially_trustworthy() {
        return;
    }
    // 2. The destination.
    let destination = match request.destination {
        Destination::Empty => "empty",
        Destination::Document => "document",
        Destination::Iframe => "iframe",
        Destination::Object => "object",
        Destination::Embed => "embed",
        Destination::Script => "script",
        Destination::Worker => "worker",
        Destination::Style => "style",
        Destination::Image => "image",
        Destination::Json => "json",
    };
    headers.set("Sec-Fetch-Dest", destination);
    // 3. The mode.
    let mode = match request.mode {
        Mode::SameOrigin => "same-origin",
        Mode::Cors => "cors",
        Mode::NoCors => "no-cors",
        Mode::Navigate => "navigate",
        Mode::WebSocket => "websocket",
    };
    headers.set("Sec-Fetch-Mode", mode);
    // 4. How far the URLs are from who asks.
    headers.set("Sec-Fetch-Site", site(request));
    // 5. Navigations by the user.
    if request.mode == Mode::Navigate && request.user_initiated {
        headers.set("Sec-Fetch-User", "?1");
    }
}

fn site(request: &Request) -> &'static str {
    if request.user_initiated && request.mode == Mode::Navigate {
        return "none";
    }
    let mut site = "same-origin";
    for url in request.url_list() {
        let origin = Origin::of(url);
        if origin.same_origin(&request.origin) {
            continue;
        }
        if !origin.same_site(&request.origin) {
            return "cross-site";
        }
        site = "same-site";
    }
    site
}
