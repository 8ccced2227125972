//! Changes to trees. Every algorithm ends with the tree whole; what happened is told as data.
//!
//! Standard: <https://dom.spec.whatwg.org/#mutation-algorithms>, text of November 2026.

pub mod adopt;
pub mod attributes;
pub mod character_data;
pub mod clone;
pub mod effect;
pub mod free;
pub mod insert;
pub mod lifetime;
pub mod mutation_record;
pub mod normalize;
pub mod pre_insertion_validity;
pub mod remove;
pub mod replace;
