//! `cargo xtask bench`: criterion benches per operation, then whole pages, `--peers` in other engines too.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::Failure;
use crate::cargo_command::{Workspace, exit_code, must_succeed, status};

/// Runs the benches. `--pages` skips criterion's; all other arguments are the page runner's.
///
/// # Errors
/// If a build or a criterion bench fails, or the page runner cannot be started.
pub(crate) fn bench(root: &Path, arguments: &[String]) -> Result<ExitCode, Failure> {
    let workspace = Workspace::prepare(root)?;
    let (own, passed_on): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| argument.as_str() == "--pages");
    if own.is_empty() {
        let mut operations = workspace.cargo("bench");
        operations.args(["--package", "readystate-dom", "--package", "readystate-xhr"]);
        must_succeed(&mut operations, "a criterion bench")?;
        let mut crossings = workspace.cargo_with_engine("bench", &[]);
        crossings.args(["--package", "readystate-tests", "--bench", "operations"]);
        must_succeed(&mut crossings, "the bench of operations")?;
    }
    let folder = workspace.build_release(&["page-bench"])?;
    let mut pages = Command::new(folder.join("page-bench"));
    pages
        .arg("--binary")
        .arg(folder.join("readystate"))
        .args(["--engine", workspace.engine.name()])
        .arg("--pages-from")
        .arg(root.join("tests/bench"))
        .arg("--cache")
        .arg(workspace.target_dir.join("bench"))
        .args(passed_on);
    status(&mut pages).map(exit_code)
}
