//! Other people's packages, unchanged from their registries: what pages of the real world are made of.
//!
//! Fetched once, by the registry's ordinary client, into the git-ignored folder `vendor-tests/`. Where they cannot be had
//! (no network, no client) the test says so on standard error and passes.

use std::collections::HashMap;
use std::panic::Location;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::page::repository;
use super::server::Connection;

/// An unpacked set of packages.
#[derive(Clone, Debug)]
pub(crate) struct Packages {
    folder: PathBuf,
}

/// npm packages (`name@version`) with what they depend on; files are found by `name/path`. Install scripts do not run.
///
/// `None` if they cannot be had; the reason was printed.
#[track_caller]
pub(crate) fn npm(names: &[&str]) -> Option<Packages> {
    let install = |folder: &Path| {
        let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
        let mut command = Command::new(npm);
        command
            .args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .args(["--no-package-lock", "--no-save", "--loglevel=error"])
            .args(["--prefer-offline", "--fetch-retries=1"])
            .arg("--prefix")
            .arg(folder)
            .args(names);
        run(command)
    };
    find("npm", &names.join("+"), "node_modules", install)
}

/// A repository of git's at a tag, as it is checked out.
///
/// For suites that no package holds. `None` if it cannot be had; the reason was printed.
#[track_caller]
pub(crate) fn git(address: &str, tag: &str) -> Option<Packages> {
    let name = address.rsplit('/').next().unwrap_or(address);
    let name = format!("{}@{tag}", name.trim_end_matches(".git"));
    let install = |folder: &Path| {
        let mut command = Command::new("git");
        command
            .env("GIT_TERMINAL_PROMPT", "0")
            // A network that swallows packets.
            .args([
                "-c",
                "http.lowSpeedLimit=1000",
                "-c",
                "http.lowSpeedTime=10",
            ])
            .args(["clone", "--quiet", "--depth=1", "--branch", tag, address])
            .arg(folder.join("checkout"));
        run(command)
    };
    find("git", &name, "checkout", install)
}

/// A Debian package without what it depends on; files are found by their path on a Debian system, without the first slash.
///
/// For what was never published on npm. `None` if it cannot be had; the reason was printed.
#[track_caller]
pub(crate) fn debian(name: &str) -> Option<Packages> {
    let install = |folder: &Path| {
        let mut download = Command::new("apt-get");
        download
            .args(["download", "--quiet", name])
            .current_dir(folder);
        run(download)?;
        let archive = std::fs::read_dir(folder)
            .map_err(|error| error.to_string())?
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|kind| kind == "deb"))
            .ok_or("apt-get downloaded nothing")?;
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("-x").arg(archive).arg(folder.join("root"));
        run(unpack)
    };
    find("debian", name, "root", install)
}

impl Packages {
    /// Answers a request for `path` with the file of that name, or with 404.
    pub(crate) fn serve(&self, path: &str, connection: &mut Connection) {
        let path = path.split('?').next().unwrap_or_default();
        match self.read(path) {
            Some(bytes) => connection.answer(content_type(path), bytes),
            None => connection.respond("404 Not Found", &[("Content-Type", "text/plain")], path),
        }
    }

    /// The folder, as an argument for other programs.
    pub(crate) fn place(&self) -> String {
        self.folder.to_string_lossy().into_owned()
    }

    /// The bytes of a file.
    pub(crate) fn read(&self, path: &str) -> Option<Vec<u8>> {
        let path = Path::new(path);
        let stays_inside = path
            .components()
            .all(|component| matches!(component, Component::Normal(_)));
        stays_inside.then(|| std::fs::read(self.folder.join(path)).ok())?
    }
}

/// What was found missing in this process, so that each set is asked for once.
static MISSING: Mutex<Option<HashMap<String, String>>> = Mutex::new(None);

#[track_caller]
fn find(
    registry: &str,
    name: &str,
    inside: &str,
    install: impl Fn(&Path) -> Result<(), String>,
) -> Option<Packages> {
    // Held while the client works: two tests that want one package wait for one download.
    let mut missing = MISSING.lock().unwrap_or_else(PoisonError::into_inner);
    let missing = missing.get_or_insert_default();
    let key = format!("{registry}:{name}");
    let place = repository()
        .join("vendor-tests")
        .join(registry)
        .join(name.replace('/', "%"));
    let folder = place.join(inside);
    if folder.is_dir() {
        return Some(Packages { folder });
    }
    if !missing.contains_key(&key) {
        match fetch(&place, install) {
            Ok(()) if folder.is_dir() => return Some(Packages { folder }),
            Ok(()) => drop(missing.insert(key.clone(), "nothing was unpacked".to_owned())),
            Err(why) => drop(missing.insert(key.clone(), why)),
        }
    }
    let why = missing.get(&key).map_or("", String::as_str);
    skip(&format!("{key} cannot be had: {why}"));
    None
}

/// Unpacks beside the place and moves it there, for another process may do the same.
fn fetch(place: &Path, install: impl Fn(&Path) -> Result<(), String>) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", place.display());
    let unfinished = place.with_extension(format!("unfinished-{}", std::process::id()));
    std::fs::create_dir_all(&unfinished).map_err(words)?;
    let result = install(&unfinished).and_then(|()| match std::fs::rename(&unfinished, place) {
        Err(error) if !place.is_dir() => Err(words(error)),
        _ => Ok(()),
    });
    drop(std::fs::remove_dir_all(&unfinished));
    result
}

fn run(mut command: Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let line = complaint.lines().find(|line| !line.trim().is_empty());
    Err(format!("{program}: {}", line.unwrap_or("failed").trim()))
}

#[track_caller]
#[allow(
    clippy::print_stderr,
    reason = "a test that does not run must say so, and the harness has no word for it"
)]
pub(crate) fn skip(why: &str) {
    let test = Location::caller();
    eprintln!("skipped: {}:{}: {why}", test.file(), test.line());
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js" | "mjs" | "cjs") => "text/javascript; charset=utf-8",
        Some("json" | "map") => "application/json",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("xml" | "svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
