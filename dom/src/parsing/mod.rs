//! Parsers: bytes to text, text to trees.
//!
//! Standard: <https://html.spec.whatwg.org/#parsing>, text of November 2026.

mod attribute_cap;
mod character_references;
mod depth_cap;
pub mod encoding;
pub mod form_owner;
pub mod html;
pub mod html_fragment;
mod plain_tokens;
mod selectedcontent;
mod simple_fragment;
mod tree_sink;
pub mod xml;
pub mod xml_fragment;
