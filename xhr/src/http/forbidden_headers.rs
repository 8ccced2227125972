//! Which headers script may set or read.
//!
//! Standard: <https://fetch.spec.whatwg.org/#forbidden-request-header>
