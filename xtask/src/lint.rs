//! `cargo xtask lint`: the format, and clippy with warnings denied, on the chosen engine.

use std::path::Path;
use std::process::ExitCode;

use crate::Failure;
use crate::cargo_command::{Workspace, status};

/// Checks format and lints; clippy runs even when the format is off.
///
/// # Errors
/// If cargo cannot be started or the machine is not ready.
pub(crate) fn lint(root: &Path) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let mut format = workspace.cargo("fmt");
    format.args(["--all", "--check"]);
    let formatted = status(&mut format)?.success();
    let mut clippy = workspace.cargo_with_engine("clippy", &[]);
    clippy.args(["--workspace", "--all-targets", "--", "-D", "warnings"]);
    let clean = status(&mut clippy)?.success();
    Ok(if formatted && clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
