//! `cargo xtask test`: everything that can fail, the quick things first.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Failure;
use crate::cargo_command::{Workspace, status};

/// Runs all tests; `filter` is handed to each test binary. Later parts run even when an earlier one fails.
///
/// # Errors
/// If cargo cannot be started or the machine is not ready.
pub(crate) fn test(root: &Path, filter: &[String]) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let mut failed = Vec::new();
    for (part, mut command) in parts(&workspace) {
        if !filter.is_empty() {
            command.arg("--").args(filter);
        }
        eprintln!("xtask: {part}");
        if !status(&mut command)?.success() {
            failed.push(part);
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("xtask: failed: {}", failed.join("; "));
    Ok(ExitCode::FAILURE)
}

fn parts(workspace: &Workspace) -> Vec<(&'static str, Command)> {
    let engine_free = |packages: &[&str]| {
        let mut command = workspace.cargo("test");
        for package in packages {
            command.args(["--package", package]);
        }
        command
    };
    let mut integration = workspace.cargo_with_engine("test", &[]);
    integration.args(["--package", "readystate-tests"]);
    let mut doctests = workspace.cargo_with_engine("test", &[]);
    doctests.args([
        "--doc",
        "--package",
        "readystate",
        "--package",
        "readystate-js",
    ]);
    vec![
        ("tidy tests and the tasks' own", engine_free(&["xtask"])),
        (
            "dom and xhr, without an engine",
            engine_free(&["readystate-dom", "readystate-xhr"]),
        ),
        ("integration tests and examples", integration),
        ("documentation examples of js and engine", doctests),
    ]
}
