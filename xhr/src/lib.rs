//! XMLHttpRequest and Fetch as Rust state machines, without a DOM and without JavaScript.
//!
//! The crate has these parts:
//!
//! - [`fetch`]: the Fetch standard's algorithms behind one blocking function, `fetch::fetch`, over a narrow
//!   `Transport`. Cookies, CORS, redirects, credentials and content codings are steps of it.
//! - [`xml_http_request`]: the XMLHttpRequest standard as a pure state machine that asks for fetches and yields events.
//! - [`event_source`]: server-sent events, likewise.
//! - [`web_socket`]: the WebSockets standard, its handshake through Fetch.
//!
//! [`interception`] is the hook that sees every request before it is sent; [`recording`] what a recorder of traffic is given.
//!
//! Invariants: every byte in or out passes through `Transport`. The core starts no thread (the caller or
//! [`driver`] brings one), reads no clock (the [`environment::Clock`] comes in; sockets have their own time-outs) and keeps no static. The cookie jar, the
//! caches and the limits arrive in [`environment::FetchEnvironment`].
#![deny(missing_docs)]
#![forbid(unsafe_code)]

pub mod body;
pub mod compression;
pub mod cookies;
pub mod driver;
pub mod encoding_parsing;
pub mod environment;
pub mod error;
pub mod event_source;
pub mod fetch;
pub mod fetch_api;
pub mod http;
pub mod http_cache;
pub mod interception;
pub mod mime;
pub mod origin;
pub mod recording;
pub mod transport;
pub mod web_socket;
pub mod xml_http_request;

pub use encoding_parsing::encoding_parse_url;
pub use environment::FetchEnvironment;
pub use error::{NetworkError, XhrError};
pub use origin::{Origin, is_registrable_domain_suffix};
/// The URL type used throughout, re-exported so that users need no dependency of their own.
pub use url::Url;
