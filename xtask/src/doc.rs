//! `cargo xtask doc`: the crates' manuals, warnings denied.

use std::path::Path;
use std::process::ExitCode;

use crate::Failure;
use crate::cargo_command::{Workspace, exit_code, status};

/// Builds the documentation of the workspace's own crates.
///
/// # Errors
/// If cargo cannot be started or the machine is not ready.
pub(crate) fn doc(root: &Path) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let mut command = workspace.cargo_with_engine("doc", &[]);
    command
        .args(["--workspace", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    status(&mut command).map(exit_code)
}
