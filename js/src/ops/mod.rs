//! The ops: one file an area, each with the list of its own.
//!
//! Ops are leaf calls: they borrow the agent's state for their own length and never call script, but for the few marked
//! `reentrant` (running a connected script, a microtask checkpoint), which hold no borrow while they do.

pub(crate) mod base64;
pub(crate) mod body;
pub(crate) mod compression;
pub(crate) mod computed_style;
pub(crate) mod console;
pub(crate) mod control;
pub(crate) mod core;
pub(crate) mod crypto;
pub(crate) mod css;
pub(crate) mod custom_element;
pub(crate) mod document;
pub(crate) mod element;
pub(crate) mod element_state;
pub(crate) mod encoding;
pub(crate) mod event_source;
pub(crate) mod fetch;
pub(crate) mod frame;
pub(crate) mod glue;
pub(crate) mod history;
pub(crate) mod hyperlink;
pub(crate) mod interface;
pub(crate) mod module;
pub(crate) mod mutation_observer;
pub(crate) mod namespace;
pub(crate) mod node;
pub(crate) mod node_lifetime;
pub(crate) mod parsing;
pub(crate) mod range;
pub(crate) mod selectors;
pub(crate) mod shadow;
pub(crate) mod storage;
pub(crate) mod style;
pub(crate) mod token_list;
pub(crate) mod url;
pub(crate) mod web_socket;
pub(crate) mod window_names;
pub(crate) mod xml_http_request;
pub(crate) mod xpath;

/// All ops of the extension.
pub(crate) fn all() -> Vec<deno_core::OpDecl> {
    [
        core::ops(),
        base64::ops(),
        console::ops(),
        control::ops(),
        body::ops(),
        compression::ops(),
        computed_style::ops(),
        crypto::ops(),
        css::ops(),
        custom_element::ops(),
        document::ops(),
        element::ops(),
        element_state::ops(),
        encoding::ops(),
        event_source::ops(),
        fetch::ops(),
        frame::ops(),
        glue::ops(),
        history::ops(),
        hyperlink::ops(),
        interface::ops(),
        module::ops(),
        mutation_observer::ops(),
        namespace::ops(),
        node::ops(),
        node_lifetime::ops(),
        parsing::ops(),
        range::ops(),
        selectors::ops(),
        shadow::ops(),
        storage::ops(),
        style::ops(),
        token_list::ops(),
        url::ops(),
        web_socket::ops(),
        window_names::ops(),
        xml_http_request::ops(),
        xpath::ops(),
    ]
    .concat()
}
