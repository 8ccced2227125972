//! Selectors: `querySelector()`, `querySelectorAll()`, `matches()`, `closest()`.
//!
//! The `selectors` crate parses and matches; ours are the names, the pseudo-classes of HTML, the limits that keep its
//! recursion in bounds, and the short ways for the selectors that pages use most.
//!
//! Standard: <https://drafts.csswg.org/selectors-4/>, with <https://html.spec.whatwg.org/#selectors> and
//! <https://dom.spec.whatwg.org/#selectors>, texts of November 2026.

mod cache;
mod chain;
pub(crate) mod class_filter;
pub(crate) mod element_state;
pub(crate) mod form_state;
mod in_cascade;
mod in_sheet;
mod language;
mod limits;
mod matching;
mod parser;
mod pseudo_class;
mod query;
mod selector_impl;
mod serialize;

pub(crate) use cache::SelectorCache;
pub use element_state::ElementState;
pub(crate) use element_state::flat_parent;
pub(crate) use in_cascade::{SelectorBuckets, pseudo_element_name};
pub(crate) use in_sheet::{SheetNamespaces, parse_in_sheet};
pub(crate) use parser::ParsedSelector;
pub use serialize::serialize_selectors;
