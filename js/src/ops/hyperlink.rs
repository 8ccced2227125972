//! Ops of the URL that an `a` or `area` element points to.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/links.html#htmlhyperlinkelementutils>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::{NodeId, Tree};
use url::Url;

use super::document::encoding_parse;
use super::node::{mutate, read, str_to};
use super::url::{component, set_component};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_hyperlink_get(), op_hyperlink_set()]
}

fn hyperlink_url(tree: &Tree, id: NodeId) -> Option<Url> {
    let href = tree.attribute_ns(id, None, "href")?;
    encoding_parse(tree, tree.node_document(id)?, href)
}

/// A part of the URL of an `a` or `area` element.
#[op2]
fn op_hyperlink_get<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] part: &str,
) -> v8::Local<'s, v8::Value> {
    let text = read(id, |tree, id| match hyperlink_url(tree, id) {
        Some(url) => component(&url, part).into_owned(),
        // Not a URL: as it stands; and the protocol of nothing is a colon.
        None if part == "href" => tree.attribute(id, "href").unwrap_or_default().to_owned(),
        None if part == "protocol" => ":".to_owned(),
        None => String::new(),
    });
    str_to(scope, &text)
}

/// Changes a part of the URL of an `a` or `area` element, and with it the `href` attribute.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_hyperlink_set(id: u32, #[string] part: &str, #[string] value: &str) -> i32 {
    mutate(id, |tree, id| {
        let Some(mut url) = hyperlink_url(tree, id) else {
            return Ok(());
        };
        set_component(&mut url, part, value);
        tree.set_attribute(id, "href", url.as_str())
    })
}
