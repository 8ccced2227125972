//! The document base URL.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url>, as of 2026-01.

use readystate_dom::{NodeId, Tree, local_name, ns};
use url::Url;

/// Against what a document's relative URLs are parsed.
///
/// `fallback` is what to start from for a document that has no address of its own (`about:blank`, `srcdoc`).
#[must_use]
pub fn document_base_url(tree: &Tree, document: NodeId, fallback: Option<&Url>) -> Url {
    let fallback = match tree.url(document).and_then(|url| Url::parse(url).ok()) {
        Some(url) if url.scheme() != "about" => url,
        own => fallback.cloned().or(own).unwrap_or_else(about_blank),
    };
    // 1. – 2. The first base element with a href.
    let href = tree
        .descendants(document)
        .filter(|&node| {
            *tree.local_name(node) == local_name!("base") && *tree.namespace(node) == ns!(html)
        })
        .find_map(|node| tree.attribute(node, "href"));
    // "Set the frozen base URL": data: and javascript: are refused.
    match href.map(|href| fallback.join(href)) {
        Some(Ok(base)) if !matches!(base.scheme(), "data" | "javascript") => base,
        _ => fallback,
    }
}

/// `about:blank`.
///
/// # Panics
/// Never: the text is a valid URL.
#[must_use]
pub fn about_blank() -> Url {
    Url::parse("about:blank").expect("about:blank is a valid URL")
}
