//! Collections over trees: ids, lists of elements by name, token lists.
//!
//! Standard: <https://dom.spec.whatwg.org/#old-style-collections> and <https://dom.spec.whatwg.org/#sets>, text of
//! November 2026.

pub mod html_collection;
pub mod id_index;
pub mod token_list;
pub mod window_names;
