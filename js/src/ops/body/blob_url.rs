//! Ops of `blob:` URLs. The store is the host's.
//!
//! Standard: <https://w3c.github.io/FileAPI/#creating-revoking>

use deno_core::{OpDecl, op2};
use readystate_xhr::Origin;

use super::with_table;
use crate::host::WindowId;
use crate::state;

/// The ops of this area.
pub(super) fn ops() -> Vec<OpDecl> {
    vec![op_blob_url_create(), op_blob_url_revoke()]
}

/// A URL for a blob, for script of `window`.
#[op2]
#[string]
fn op_blob_url_create(window: u32, blob: u32) -> String {
    let blob = with_table(|table| table.blobs.get(blob).cloned().unwrap_or_default());
    state::host().map_or_else(String::new, |host| {
        host.create_blob_url(WindowId(window), blob)
    })
}

/// Ends a `blob:` URL for script of `window`; anything else is ignored, and so are URLs of other origins.
///
/// Standard: <https://w3c.github.io/FileAPI/#dfn-revokeObjectURL>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_blob_url_revoke(window: u32, #[string] url: &str) {
    // 1. – 2. Only blob: URLs.
    let url = url::Url::parse(url)
        .ok()
        .filter(|url| url.scheme() == "blob");
    // 3. – 5. Only those of the own origin. NOTE: opaque ones cannot be told apart in a URL.
    let own = state::with_window(WindowId(window), |window| window.origin.clone());
    let url = url.filter(|url| {
        let origin = Origin::of(url);
        own.is_some_and(|own| own.same_origin(&origin) || (own.is_opaque() && origin.is_opaque()))
    });
    // 6. The entry goes.
    if let (Some(url), Some(host)) = (url, state::host()) {
        host.revoke_blob_url(&url);
    }
}
