//! An app that Vite has built: hashed names, a lazy part with its preload, a linked style sheet.
//!
//! The sources are in `vite_app/`; Vite comes from npm and runs on node. Where it cannot be had or run, the test says that it is
//! skipped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::api;
use super::documents::Site;
use crate::support::packages::{npm, skip};
use crate::support::page::repository;
use crate::support::trials;

trials!("frameworks::vite":
    a_built_app_runs,
);

const SOURCES: &[&str] = &[
    "index.html",
    "main.jsx",
    "save.js",
    "words.json",
    "style.css",
    "vite.config.js",
];

/// Builds the app beside the packages, where it finds what it imports; gives the folder of what came of it.
fn build(packages: &Path) -> Result<PathBuf, String> {
    let words = |error: std::io::Error| error.to_string();
    let place = packages.parent().ok_or("the packages have no folder")?;
    let app = place.join(format!("app-{}", std::process::id()));
    std::fs::create_dir_all(&app).map_err(words)?;
    for source in SOURCES {
        let from = repository().join("tests/frameworks/vite_app").join(source);
        std::fs::copy(from, app.join(source)).map_err(words)?;
    }
    let output = Command::new("node")
        .arg(packages.join("vite/bin/vite.js"))
        .args(["build", "--outDir", "dist"])
        .current_dir(&app)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("node: {error}"))?;
    if output.status.success() {
        Ok(app)
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Its user, behind what Vite has made.
const PLAY: &str = "<script src=/driver.js></script><script>result = drive().then((log) => {
  const plain = document.body.appendChild(document.createElement('p'));
  const done = document.body.appendChild(Object.assign(document.createElement('p'), { className: 'done' }));
  return [...log, mode, getComputedStyle(plain).display, getComputedStyle(done).display];
})</script>";

fn a_built_app_runs() {
    let Some(packages) = npm(&["vite@5.4.19", "preact@10.26.4"]) else {
        return;
    };
    let app = match build(Path::new(&packages.place())) {
        Ok(app) => app,
        Err(why) => {
            skip(&format!("Vite does not run: {why}"));
            return;
        }
    };
    let dist = app.join("dist");
    let driver = repository().join("tests/frameworks/pages/driver.js");
    let site = Site::start(move |path, request, connection| {
        let (file, content_type) = match path {
            "/" => {
                let html = std::fs::read_to_string(dist.join("index.html")).unwrap_or_default();
                let html = html.replace("</body>", &format!("{PLAY}</body>"));
                return connection.answer("text/html; charset=utf-8", html);
            }
            "/driver.js" => (driver.clone(), "text/javascript"),
            _ if api(path, request, connection) => return,
            _ if path.ends_with(".js") => (dist.join(&path[1..]), "text/javascript"),
            _ => (dist.join(&path[1..]), "text/css"),
        };
        match std::fs::read(file) {
            Ok(bytes) => connection.answer(content_type, bytes),
            Err(_) => connection.respond("404 Not Found", &[], ""),
        }
    });
    site.check_result("/", &format!("{}|production|block|flex", super::LIST));
    site.compare_documents("/", "vite");
    drop(std::fs::remove_dir_all(app));
}
