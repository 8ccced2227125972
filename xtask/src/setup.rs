//! What the machine needs before an engine can be built: nothing for V8, CMake and the SIMDE headers for QuickJS.
//!
//! QuickJS comes with a WebAssembly interpreter whose CMake script would fetch the SIMDE headers from a source
//! repository. A toolchain file points it at the installed ones instead, so the build needs the crate registry only.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;
use crate::engine_choice::Engine;

/// An executable or a header folder that the QuickJS build looks for, and the Debian package that has it.
struct Requirement {
    what: &'static str,
    package: &'static str,
    is_met: fn() -> bool,
}

const QUICKJS_REQUIREMENTS: [Requirement; 3] = [
    Requirement {
        what: "a C compiler (cc)",
        package: "gcc",
        is_met: || is_command("cc"),
    },
    Requirement {
        what: "cmake",
        package: "cmake",
        is_met: || is_command("cmake"),
    },
    Requirement {
        what: "the SIMDE headers (simde/simde-common.h)",
        package: "libsimde-dev",
        is_met: || simde_include_folder().is_some() || toolchain_file_of_the_user().is_some(),
    },
];

/// Makes the machine ready to build `engine` and returns the environment variables its build needs.
///
/// As root with `apt-get`, missing packages are installed; otherwise they are named.
///
/// # Errors
/// If something is missing and was not installed, or the toolchain file cannot be written.
pub(crate) fn prepare(
    engine: Engine,
    target_dir: &Path,
) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    if engine == Engine::V8 {
        return Ok(Vec::new());
    }
    if let Some(missing) = missing_packages() {
        install(&missing)?;
    }
    if let Some(missing) = missing_packages() {
        return Err(how_to_install(&missing));
    }
    let toolchain_file = match toolchain_file_of_the_user() {
        Some(path) => path,
        None => write_toolchain_file(target_dir)?,
    };
    Ok(vec![("CMAKE_TOOLCHAIN_FILE", toolchain_file)])
}

fn missing_packages() -> Option<Vec<&'static Requirement>> {
    let missing: Vec<_> = QUICKJS_REQUIREMENTS
        .iter()
        .filter(|requirement| !(requirement.is_met)())
        .collect();
    (!missing.is_empty()).then_some(missing)
}

fn how_to_install(missing: &[&Requirement]) -> Failure {
    let whats: Vec<_> = missing.iter().map(|r| r.what).collect();
    let packages: Vec<_> = missing.iter().map(|r| r.package).collect();
    format!(
        "building QuickJS needs {}.\n       Debian and Ubuntu: sudo apt-get install {}",
        whats.join(", "),
        packages.join(" ")
    )
}

/// Installs the packages if this process is root and the system has `apt-get`; otherwise explains.
fn install(missing: &[&Requirement]) -> Result<(), Failure> {
    if !is_root() || !is_command("apt-get") {
        return Err(how_to_install(missing));
    }
    let packages: Vec<_> = missing.iter().map(|r| r.package).collect();
    eprintln!("xtask: installing {}", packages.join(" "));
    let apt = |arguments: &[&str]| {
        Command::new("apt-get")
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    };
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    // The package lists of a fresh container are empty: one update, then once more.
    if apt(&install) || (apt(&["update"]) && apt(&install)) {
        Ok(())
    } else {
        Err(format!(
            "apt-get could not install them.\n       {}",
            how_to_install(missing)
        ))
    }
}

fn write_toolchain_file(target_dir: &Path) -> Result<PathBuf, Failure> {
    let include = simde_include_folder().ok_or("the SIMDE headers have gone")?;
    let path = target_dir.join("simde.cmake");
    let text = format!(
        "set(FETCHCONTENT_SOURCE_DIR_SIMDE \"{}\" CACHE PATH \"\" FORCE)\n",
        include.display()
    );
    if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(path);
    }
    std::fs::create_dir_all(target_dir)
        .and_then(|()| std::fs::write(&path, text))
        .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    Ok(path)
}

fn simde_include_folder() -> Option<PathBuf> {
    [
        "/usr/include",
        "/usr/local/include",
        "/opt/homebrew/include",
    ]
    .iter()
    .map(PathBuf::from)
    .find(|folder| folder.join("simde/simde-common.h").is_file())
}

fn toolchain_file_of_the_user() -> Option<PathBuf> {
    std::env::var_os("CMAKE_TOOLCHAIN_FILE").map(PathBuf::from)
}

fn is_command(name: &str) -> bool {
    let Some(path) = std::env::var_os("PATH") else {
        return false;
    };
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&path).any(|folder| folder.join(&file).is_file())
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn v8_needs_no_preparation() {
        let variables = prepare(Engine::V8, Path::new("/nonexistent")).expect("nothing to do");
        assert!(variables.is_empty());
    }

    #[test]
    fn a_missing_package_is_named_with_the_command_that_installs_it() {
        let message = how_to_install(&[&QUICKJS_REQUIREMENTS[1], &QUICKJS_REQUIREMENTS[2]]);
        assert!(message.contains("apt-get install cmake libsimde-dev"));
    }
}
