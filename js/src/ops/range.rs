//! Ops.

use deno_core::OpDecl;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    Vec::new()
}
