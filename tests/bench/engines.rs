//! The programs that load the pages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Failure;

/// A program that loads a page given as its last argument.
#[derive(Debug)]
pub(crate) struct Engine {
    /// The column's title.
    pub(crate) name: String,
    /// The executable.
    pub(crate) program: PathBuf,
    /// What comes before the page's address.
    pub(crate) arguments: Vec<String>,
    /// Whether it ends when the page is done; a browser does not.
    pub(crate) ends_by_itself: bool,
    /// Which measurement it is spared: the one whose name holds this.
    pub(crate) without: Option<&'static str>,
}

impl Engine {
    /// This engine.
    pub(crate) fn ours(binary: &Path, engine: &str) -> Self {
        let arguments = ["run", "--quiet", "--dump", "none", "--timeout", "120000"];
        Self {
            name: format!("readystate, {engine}"),
            program: binary.to_path_buf(),
            arguments: arguments.map(str::to_owned).to_vec(),
            ends_by_itself: true,
            without: None,
        }
    }
}

/// jsdom, installed by npm into the cache folder.
///
/// # Errors
/// If Node.js is not there or npm fails.
pub(crate) fn jsdom(pages_from: &Path, cache: &Path) -> Result<Engine, Failure> {
    let folder = cache.join("jsdom");
    let cannot = |error: std::io::Error| format!("jsdom: {}: {error}", folder.display());
    std::fs::create_dir_all(&folder).map_err(cannot)?;
    for file in ["package.json", "run.js"] {
        std::fs::copy(pages_from.join("jsdom").join(file), folder.join(file)).map_err(cannot)?;
    }
    if !folder.join("node_modules/jsdom").is_dir() && !npm_install(&folder, &[]) {
        return Err("jsdom left out: `npm install` failed".to_owned());
    }
    Ok(Engine {
        name: format!("jsdom {}", jsdom_version(&folder).unwrap_or_default()),
        program: program("node").ok_or("jsdom left out: there is no node")?,
        arguments: vec![folder.join("run.js").to_string_lossy().into_owned()],
        ends_by_itself: true,
        // It takes three minutes for one run over a collection.
        without: Some("by index"),
    })
}

/// React for the page that renders with it, installed by npm into the cache folder: what is to be served as `/__packages/`.
///
/// # Errors
/// If npm fails or is not there.
pub(crate) fn react(cache: &Path) -> Result<PathBuf, Failure> {
    let folder = cache.join("react");
    let modules = folder.join("node_modules");
    std::fs::create_dir_all(&folder).map_err(|error| format!("React left out: {error}"))?;
    let wanted = ["--no-save", "react@18.3.1", "react-dom@18.3.1"];
    if !modules.join("react-dom/umd").is_dir() && !npm_install(&folder, &wanted) {
        return Err("React left out: `npm install` failed".to_owned());
    }
    Ok(modules)
}

/// Whether `npm install` with these arguments went well in `folder`.
fn npm_install(folder: &Path, arguments: &[&str]) -> bool {
    Command::new("npm")
        .current_dir(folder)
        .args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"])
        .arg(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn jsdom_version(folder: &Path) -> Option<String> {
    let manifest = std::fs::read(folder.join("node_modules/jsdom/package.json")).ok()?;
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).ok()?;
    Some(manifest["version"].as_str()?.to_owned())
}

/// Chromium without a window, if it is installed.
///
/// # Errors
/// If it is not.
pub(crate) fn chromium(cache: &Path) -> Result<Engine, Failure> {
    let program = ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| program(name))
        .ok_or("Chromium left out: it is not installed")?;
    let profile = format!("--user-data-dir={}", cache.join("chromium").display());
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--remote-debugging-port=0",
        &profile,
    ];
    Ok(Engine {
        name: "Chromium".to_owned(),
        program,
        arguments: arguments.map(str::to_owned).to_vec(),
        ends_by_itself: false,
        without: None,
    })
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
