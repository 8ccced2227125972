//! CSS declarations, as the `style` attribute holds them.
//!
//! Parsing, the expansion of shorthands and serialization; no cascade and no computed values.
//!
//! Standard: <https://drafts.csswg.org/cssom/#css-declaration-blocks>, text of November 2026.

mod color;
pub mod declaration_block;
mod longhand_table;
mod property;
mod shorthand;
mod value;

pub use declaration_block::{Declaration, DeclarationBlock};
pub use property::{Supported, supported, supported_names};
