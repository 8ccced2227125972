//! Walks over trees: order, position, equality, text, and what follows mutations (live ranges, node
//! iterators).
//!
//! Standard: <https://dom.spec.whatwg.org/#trees>, text of November 2026.

pub mod boundary_point;
pub mod equality;
pub mod inner_text;
pub mod node_iterator;
pub mod range;
pub mod range_contents;
pub mod range_text;
pub mod text_content;
pub mod tree_order;
