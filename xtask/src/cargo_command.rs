//! One way to call cargo, so that two tasks never differ in a flag and rebuild each other's work.
//!
//! No linker flag is set: rustc links with LLD by itself on x86-64 Linux since 1.90.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus};

use crate::engine_choice::{self, Engine};
use crate::{Failure, setup};

/// A workspace made ready for one engine.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The repository's root.
    pub(crate) root: PathBuf,
    /// The engine all commands build with.
    pub(crate) engine: Engine,
    /// The engine's own build folder.
    pub(crate) target_dir: PathBuf,
    variables: Vec<(&'static str, PathBuf)>,
}

impl Workspace {
    /// Chooses the engine and prepares the machine for it.
    ///
    /// # Errors
    /// As [`engine_choice::choose`] and [`setup::prepare`].
    pub(crate) fn prepare(root: &Path) -> Result<Self, Failure> {
        let engine = engine_choice::choose(root)?.engine;
        let base = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        let target_dir = engine_target_dir(&base, engine);
        let variables = setup::prepare(engine, &target_dir)?;
        Ok(Self {
            root: root.to_path_buf(),
            engine,
            target_dir,
            variables,
        })
    }

    /// A cargo command for packages that know no engine.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target_dir)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .arg(subcommand);
        command
    }

    /// A cargo command for packages with an engine, with `features` beside the engine's own.
    pub(crate) fn cargo_with_engine(&self, subcommand: &str, features: &[&str]) -> Command {
        let mut command = self.cargo(subcommand);
        let mut all = vec![self.engine.name()];
        all.extend(features);
        command
            .arg("--no-default-features")
            .args(["--features", &all.join(",")]);
        command
    }

    /// Builds the release binary `readystate`, its glue in a snapshot, with the programs of the `tests` package in
    /// `bins`, and returns the folder they are in.
    ///
    /// # Errors
    /// If the build fails.
    pub(crate) fn build_release(&self, bins: &[&str]) -> Result<PathBuf, Failure> {
        let mut command = self.cargo_with_engine("build", &["snapshot"]);
        command.args(["--release", "--package", "readystate"]);
        if !bins.is_empty() {
            command.args(["--package", "readystate-tests"]);
        }
        for bin in ["readystate"].iter().chain(bins) {
            command.args(["--bin", bin]);
        }
        must_succeed(&mut command, "the release build")?;
        Ok(self.target_dir.join("release"))
    }
}

/// The build folder of one engine under `base`, or `base` itself if it is already named for the engine.
fn engine_target_dir(base: &Path, engine: Engine) -> PathBuf {
    if base.file_name() == Some(OsStr::new(engine.name())) {
        base.to_path_buf()
    } else {
        base.join(engine.name())
    }
}

/// Runs a command to its end.
///
/// # Errors
/// If the program cannot be started.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus, Failure> {
    command.status().map_err(|error| {
        let program = command.get_program().to_string_lossy();
        format!("cannot run {program}: {error}")
    })
}

/// Runs a command that has to succeed; `what` names it in the message.
///
/// # Errors
/// If it cannot be started or fails.
pub(crate) fn must_succeed(command: &mut Command, what: &str) -> Result<(), Failure> {
    let status = status(command)?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{what} failed ({status})"))
    }
}

/// The exit code of a child as this process's own.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_engine_has_its_own_build_folder() {
        let of = |base: &str, engine| engine_target_dir(Path::new(base), engine);
        assert_eq!(of("/t", Engine::V8), Path::new("/t/v8"));
        assert_eq!(of("/t/v8", Engine::V8), Path::new("/t/v8"));
        assert_eq!(of("/t/v8", Engine::QuickJs), Path::new("/t/v8/quickjs"));
    }
}
