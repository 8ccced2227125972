//! Ops of `URL`, `URLSearchParams` and `Location`.
//!
//! Standard: <https://url.spec.whatwg.org/#api>

use std::borrow::Cow;

use deno_core::{OpDecl, op2, v8};
use readystate_xhr::body::UrlSearchParams;
use readystate_xhr::is_registrable_domain_suffix;
use url::{Url, quirks};

use super::node::{opt_str_to, str_to, strings_to};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_url_parse(),
        op_url_component(),
        op_url_set_component(),
        op_domain_is_suffix(),
        op_search_params_parse(),
        op_search_params_serialize(),
    ]
}

/// Parses `url` against `base` (empty: none) and serializes it; null if either does not parse.
///
/// Standard: <https://url.spec.whatwg.org/#api-url-parser>
#[op2]
fn op_url_parse<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] url: &str,
    #[string] base: &str,
) -> v8::Local<'s, v8::Value> {
    let parsed = if base.is_empty() {
        Url::parse(url)
    } else {
        Url::parse(base).and_then(|base| base.join(url))
    };
    opt_str_to(scope, parsed.as_ref().ok().map(Url::as_str))
}

/// Whether a domain is a registrable suffix of a host, or equal to it.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_domain_is_suffix(#[string] domain: &str, #[string] host: &str) -> bool {
    is_registrable_domain_suffix(domain, host)
}

/// A part of a URL, by the name of its attribute.
#[op2]
fn op_url_component<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] url: &str,
    #[string] name: &str,
) -> v8::Local<'s, v8::Value> {
    let Ok(url) = Url::parse(url) else {
        return str_to(scope, "");
    };
    str_to(scope, &component(&url, name))
}

/// A part of a URL, by the name of its attribute; empty for a name that is none.
pub(super) fn component<'u>(url: &'u Url, name: &str) -> Cow<'u, str> {
    let part = match name {
        "href" => quirks::href(url),
        "origin" => return quirks::origin(url).into(),
        "protocol" => quirks::protocol(url),
        "username" => quirks::username(url),
        "password" => quirks::password(url),
        "host" => quirks::host(url),
        "hostname" => quirks::hostname(url),
        "port" => quirks::port(url),
        "pathname" => quirks::pathname(url),
        "search" => quirks::search(url),
        "hash" => quirks::hash(url),
        _ => "",
    };
    part.into()
}

/// Changes a part of a URL, by the name of its attribute. A part that does not take the value stays as it is.
pub(super) fn set_component(url: &mut Url, name: &str, value: &str) {
    let _ = match name {
        "protocol" => quirks::set_protocol(url, value),
        "username" => quirks::set_username(url, value),
        "password" => quirks::set_password(url, value),
        "host" => quirks::set_host(url, value),
        "hostname" => quirks::set_hostname(url, value),
        "port" => quirks::set_port(url, value),
        "pathname" => {
            quirks::set_pathname(url, value);
            Ok(())
        }
        "search" => {
            quirks::set_search(url, value);
            Ok(())
        }
        "hash" => {
            quirks::set_hash(url, value);
            Ok(())
        }
        _ => Err(()),
    };
}

/// The URL with a part of it changed; null if `href` does not parse. Another part that cannot be set stays as it is.
#[op2]
fn op_url_set_component<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] url: &str,
    #[string] name: &str,
    #[string] value: &str,
) -> v8::Local<'s, v8::Value> {
    let Ok(mut url) = Url::parse(url) else {
        return v8::null(scope).into();
    };
    if name == "href" {
        let Ok(other) = Url::parse(value) else {
            return v8::null(scope).into();
        };
        url = other;
    } else {
        set_component(&mut url, name, value);
    }
    str_to(scope, url.as_str())
}

/// Names and values of a query, one after the other.
#[op2]
fn op_search_params_parse<'s>(
    scope: &v8::PinScope<'s, '_>,
    #[string] query: &str,
) -> v8::Local<'s, v8::Array> {
    let params = UrlSearchParams::parse(query);
    strings_to(scope, params.iter().flat_map(|(name, value)| [name, value]))
}

/// The query of a list of names and values, one after the other.
#[op2]
fn op_search_params_serialize<'s>(
    scope: &v8::PinScope<'s, '_>,
    list: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    let text = |index: u32| {
        list.get_index(scope, index)
            .map(|text| text.to_rust_string_lossy(scope))
            .unwrap_or_default()
    };
    let params: UrlSearchParams = (0..list.length() / 2)
        .map(|pair| (text(2 * pair), text(2 * pair + 1)))
        .collect();
    str_to(scope, &params.serialize())
}
