//! `cargo xtask test`: everything that can fail, the quick things first.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Failure;
use crate::cargo_command::{Workspace, status};

/// Runs all tests; other `arguments` than `--engine-only` are a filter that is handed to each test binary. Later parts run
/// even when an earlier one fails. With `--engine-only` what needs no engine is left out: it is the same for each of them.
///
/// # Errors
/// If cargo cannot be started or the machine is not ready.
pub(crate) fn test(root: &Path, arguments: &[String]) -> Result<ExitCode, Failure> {
    let (engine_only, filter) = match arguments.split_first() {
        Some((first, rest)) if first == "--engine-only" => (true, rest),
        _ => (false, arguments),
    };
    let workspace = Workspace::prepare(root)?;
    let mut failed = Vec::new();
    let parts = if engine_only {
        parts_with_engine(&workspace)
    } else {
        let mut all = parts_without_engine(&workspace);
        all.extend(parts_with_engine(&workspace));
        all
    };
    for (part, mut command) in parts {
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

fn parts_without_engine(workspace: &Workspace) -> Vec<(&'static str, Command)> {
    let test = |packages: &[&str]| {
        let mut command = workspace.cargo("test");
        for package in packages {
            command.args(["--package", package]);
        }
        command
    };
    vec![
        ("tidy tests and the tasks' own", test(&["xtask"])),
        (
            "dom and xhr, without an engine",
            test(&["readystate-dom", "readystate-xhr"]),
        ),
    ]
}

fn parts_with_engine(workspace: &Workspace) -> Vec<(&'static str, Command)> {
    let test = |arguments: &[&str]| {
        let mut command = workspace.cargo_with_engine("test", &[]);
        command.args(arguments);
        command
    };
    vec![
        (
            "integration tests and examples",
            test(&["--package", "readystate-tests"]),
        ),
        (
            "documentation examples of js and engine",
            test(&[
                "--doc",
                "--package",
                "readystate",
                "--package",
                "readystate-js",
            ]),
        ),
    ]
}
