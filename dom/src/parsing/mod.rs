//! Parsers: bytes to text, text to trees.
//!
//! Standard: <https://html.spec.whatwg.org/#parsing>, text of November 2026.

pub mod encoding;
pub mod html;
pub mod html_fragment;
pub mod xml;
