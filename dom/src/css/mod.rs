//! CSS: declarations, as the `style` attribute holds them, and style sheets.
//!
//! Parsing, the expansion of shorthands, serialization, and style sheets with their rules.
//!
//! Standard: <https://drafts.csswg.org/cssom/#css-declaration-blocks>, text of November 2026.

mod cascade;
mod color;
mod computed;
pub mod declaration_block;
mod import;
mod initial_values;
mod link_sheet;
mod longhand_table;
pub mod media_query;
mod property;
mod rendered;
pub mod rule;
mod rule_parser;
mod shorthand;
pub mod style_sheet;
mod substitution;
mod supports;
mod value;

pub(crate) use cascade::CascadeCache;
pub use declaration_block::{Declaration, DeclarationBlock};
pub use import::WantedImport;
pub use media_query::{Media, MediaList};
pub use property::{Supported, supported, supported_names};
pub use rendered::VisibilityChecks;
pub use rule::Rule;
pub use style_sheet::{CssId, FIRST_CSS_ID, StyleSheets};
pub use supports::{supports, supports_declaration};
