//! Serializers: trees to markup.

pub mod html;
pub mod xml;
