//! An app that Angular's own command has built, with zone.js and without: lazy routes, a deferred part, forms, HttpClient by
//! XMLHttpRequest and by `fetch()`.
//!
//! The sources are in `angular_app/`; the packages come from npm and run on node. What they make is kept beside them until a source
//! changes. Where they cannot be had or run, the tests say that they are skipped.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use super::documents::Site;
use super::{LIST, api};
use crate::support::packages::{npm, skip};
use crate::support::page::repository;
use crate::support::trials;

trials!("frameworks::angular":
    an_app_with_zones_runs,
    an_app_without_zones_runs,
);

/// They bring `@angular/core`, `common`, `compiler`, `platform-browser` of their own version, TypeScript and RxJS.
const PACKAGES: &[&str] = &[
    "@angular/cli@20.3.10",
    "@angular/build@20.3.10",
    "@angular/compiler-cli@20.3.12",
    "@angular/forms@20.3.12",
    "@angular/router@20.3.12",
    "zone.js@0.15.1",
];

const SOURCES: &[&str] = &[
    "angular.json",
    "package.json",
    "tsconfig.json",
    "index.html",
    "style.css",
    "zone.ts",
    "zoneless.ts",
    "start.ts",
    "todos.ts",
    "list.ts",
    "left.ts",
    "about.ts",
];

/// Held while one test builds for both.
static BUILDING: Mutex<()> = Mutex::new(());

/// Builds the app beside the packages, where it finds what it imports, unless that was done; gives the folder.
fn build(packages: &Path) -> Result<PathBuf, String> {
    let words = |error: std::io::Error| error.to_string();
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    let place = packages.parent().ok_or("the packages have no folder")?;
    let folder = repository().join("tests/frameworks/angular_app");
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        std::fs::read(folder.join(source))
            .map_err(words)?
            .hash(&mut hasher);
    }
    let built = place.join(format!("list-{:016x}", hasher.finish()));
    if built.is_dir() {
        return Ok(built);
    }
    let app = place.join(format!("list-{}", std::process::id()));
    std::fs::create_dir_all(&app).map_err(words)?;
    for source in SOURCES {
        std::fs::copy(folder.join(source), app.join(source)).map_err(words)?;
    }
    for configuration in ["zone", "zoneless"] {
        let output = Command::new("node")
            .arg(packages.join("@angular/cli/bin/ng.js"))
            .args(["build", "--configuration", configuration])
            .env("NG_CLI_ANALYTICS", "false")
            .env("CI", "true")
            .current_dir(&app)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("node: {error}"))?;
        if !output.status.success() {
            drop(std::fs::remove_dir_all(&app));
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
    }
    match std::fs::rename(&app, &built) {
        // Another process was first.
        Err(_) if built.is_dir() => drop(std::fs::remove_dir_all(&app)),
        renamed => renamed.map_err(words)?,
    }
    Ok(built)
}

/// What the user of an app does after the list: another route and back, by the history too.
const ROUTES: &str = "(async () => {
    const log = await drive();
    find('a:last-of-type').click();
    await until('the other route', () => find('h2')?.textContent === 'About us');
    log.push(document.title, location.pathname, find('.here').textContent);
    type(find('.mail'), 'nobody');
    await until('the form', () => /INVALID/i.test(find('i').textContent));
    type(find('.mail'), 'ada@example.com');
    await until('the form', () => /^VALID/.test(find('i').textContent));
    log.push(find('i').textContent, find('.mail').className);
    history.back();
    await until('the list', () => findAll('li').length === 2 && find('.left').textContent);
    log.push(location.pathname, document.title, ...requests, document.querySelector('output')?.textContent, ...errors);
    return log;
})()";

/// What it leaves behind.
const VISITED: &str = "About|/about/us|About|VALID {\"mail\":\"ada@example.com\"}|mail ng-untouched ng-dirty ng-valid|/|A list|\
     GET /api/todos|POST /api/save|destroyed|GET /api/todos|";

#[track_caller]
fn check(configuration: &'static str, expected: &str) {
    let Some(packages) = npm(PACKAGES) else {
        return;
    };
    let app = match build(Path::new(&packages.place())) {
        Ok(app) => app.join("dist").join(configuration),
        Err(why) => {
            skip(&format!("Angular does not build: {why}"));
            return;
        }
    };
    let driver = repository().join("tests/frameworks/pages/driver.js");
    let site = Site::start(move |path, request, connection| {
        let (file, content_type) = match path {
            "/driver.js" => (driver.clone(), "text/javascript; charset=utf-8"),
            _ if api(path, request, connection) => return,
            _ if path.ends_with(".js") => (app.join(&path[1..]), "text/javascript; charset=utf-8"),
            _ if path.ends_with(".css") => (app.join(&path[1..]), "text/css"),
            // Every other address is the app's.
            _ => {
                let html = std::fs::read_to_string(app.join("index.html")).unwrap_or_default();
                let play = format!(
                    "<script src=/driver.js></script><script>result = {ROUTES}</script></body>"
                );
                let html = html.replace("</body>", &play);
                return connection.answer("text/html; charset=utf-8", html);
            }
        };
        match std::fs::read(file) {
            Ok(bytes) => connection.answer(content_type, bytes),
            Err(_) => connection.respond("404 Not Found", &[], ""),
        }
    });
    site.check_result("/", &format!("{LIST}|{expected}"));
    site.compare_documents("/", &format!("angular_{configuration}"));
}

fn an_app_with_zones_runs() {
    // Each tick is one that only the zone can have told of.
    check("zone", &format!("{VISITED}3"));
}

fn an_app_without_zones_runs() {
    check("zoneless", VISITED);
}
