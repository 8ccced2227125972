//! Frameworks, libraries and test runners, unchanged from npm, each in a page that does what it is made for.
//!
//! The pages are in `pages/`. Most hold the same list of things to do, which comes by `fetch()` and is saved by XMLHttpRequest,
//! and `driver.js` plays its user; so that what is to be seen in the end is the same for all.

pub(crate) mod angular;
mod documents;
pub(crate) mod jquery_suite;
pub(crate) mod vite;

use self::documents::Site;
use crate::support::packages::{Packages, npm};
use crate::support::page::repository;
use crate::support::server::{Connection, Request};
use crate::support::trials;

trials!("frameworks":
    react_18_renders_and_hydrates,
    react_19_renders_and_hydrates,
    react_18_suspends_catches_and_hydrates_streams,
    react_19_suspends_catches_and_hydrates_streams,
    vue_3_renders_templates,
    svelte_compiles_and_runs,
    preact_renders,
    lit_renders_custom_elements,
    alpine_binds_markup,
    htmx_swaps_fragments,
    backbone_syncs_models,
    knockout_binds_observables,
    d3_redux_lodash_and_dayjs_do_their_work,
    jquery_ui_plays_its_widgets,
    mocha_and_chai_report_truly,
    jasmine_reports_truly,
    qunit_reports_truly,
    testing_library_finds_what_users_see,
);

/// What the driver sees of every list.
const LIST: &str =
    "first[ ] second[x]|first[ ] second[x] third[ ]|input ''|first[ ] third[x]|1 left|saved 2";

/// Loads a page of `pages/` with these packages, and compares what it resolves `result` with, and the document in the end.
#[track_caller]
fn check(name: &str, packages: &[&str], expected: &str) {
    if let Some(packages) = npm(packages) {
        let site = Site::start(move |path, request, connection| {
            serve(&packages, path, request, connection);
        });
        site.check_result(&format!("/{name}.html"), expected);
        site.compare_documents(&format!("/{name}.html"), name);
    }
}

/// The same without the document, for those who show how long they took.
#[track_caller]
fn check_result(name: &str, packages: &[&str], expected: &str) {
    if let Some(packages) = npm(packages) {
        let site = Site::start(move |path, request, connection| {
            serve(&packages, path, request, connection);
        });
        site.check_result(&format!("/{name}.html"), expected);
    }
}

fn serve(packages: &Packages, path: &str, request: &Request, connection: &mut Connection) {
    if let Some(path) = path.strip_prefix("/packages/") {
        packages.serve(path, connection);
    } else if !api(path, request, connection) {
        serve_page(path, connection);
    }
}

fn serve_page(path: &str, connection: &mut Connection) {
    let name = path.trim_start_matches('/');
    let file = repository().join("tests/frameworks/pages").join(name);
    let content_type = if name.ends_with(".js") {
        "text/javascript; charset=utf-8"
    } else {
        "text/html; charset=utf-8"
    };
    match std::fs::read(file) {
        Ok(bytes) if !name.contains('/') => connection.answer(content_type, bytes),
        _ => connection.respond("404 Not Found", &[("Content-Type", "text/plain")], path),
    }
}

/// The server of the lists: as JSON, and as fragments of HTML. `false` for any other path.
fn api(path: &str, request: &Request, connection: &mut Connection) -> bool {
    let item = |title: &str, done: bool| {
        let (class, checked) = if done { ("done", "checked") } else { ("", "") };
        format!(
            "<li class=\"{class}\"><input type=checkbox class=toggle name=done value={title} {checked}>\
             <input type=hidden name=all value={title}><span>{title}</span>\
             <button class=remove onclick=\"this.parentNode.remove()\">×</button></li>"
        )
    };
    let body = String::from_utf8_lossy(&request.body);
    let count = |form: &str, name: &str| {
        form.split(['&', '?'])
            .filter(|pair| pair.starts_with(name))
            .count()
    };
    let html = "text/html; charset=utf-8";
    match path {
        "/api/todos" => connection.answer(
            "application/json",
            r#"[{"id":1,"title":"first","done":false},{"id":2,"title":"second","done":true}]"#,
        ),
        "/api/save" => {
            let count = body.matches("\"title\"").count();
            connection.answer("application/json", format!("{{\"count\":{count}}}"));
        }
        "/html/list" => connection.answer(html, item("first", false) + &item("second", true)),
        "/html/add" => {
            let title = body.split('&').find_map(|pair| pair.strip_prefix("title="));
            connection.answer(html, item(title.unwrap_or("nothing"), false));
        }
        "/html/left" => {
            let left = count(&request.path, "all=") - count(&request.path, "done=");
            connection.answer(html, format!("{left} left"));
        }
        "/html/save" => connection.answer(html, format!("saved {}", count(&body, "all="))),
        _ => return false,
    }
    true
}

/// What React's pages show besides.
const HYDRATED: &str = "<button id>clicked <!-- -->0</button>|true|clicked 1|2 in all";

/// What both show of effects, stores, Suspense, errors, transitions and hydration.
const FLOWS: &str = "insertion 1,layout 1,parent sees 1,effect 1,insertion 2,-layout 1,layout 2,parent sees 2,-effect 1,effect 2,-layout 2,\
     -effect 2|0|5 2 1|2|0|caught 404 true|failed: 404|<h3>lazy code</h3><ul><li>first</li><li>second</li></ul>|one: 2|typed|\
     tabtwo: 2typed|true|false|true|count 0|true|first,second|0|true|";

fn react_18_renders_and_hydrates() {
    check(
        "react18",
        &["react@18.3.1", "react-dom@18.3.1"],
        &format!("{LIST}|{HYDRATED}"),
    );
}

fn react_19_renders_and_hydrates() {
    check(
        "react19",
        &["react@19.1.0", "react-dom@19.1.0"],
        &format!("{LIST}|{HYDRATED}"),
    );
}

fn react_18_suspends_catches_and_hydrates_streams() {
    check(
        "react18_flows",
        &["react@18.3.1", "react-dom@18.3.1"],
        FLOWS,
    );
}

fn react_19_suspends_catches_and_hydrates_streams() {
    check(
        "react19_flows",
        &["react@19.1.0", "react-dom@19.1.0"],
        &format!("{FLOWS}|savenone+saved 1|From a component|none,none (new),none+saved 1"),
    );
}

fn vue_3_renders_templates() {
    check(
        "vue",
        &["vue@3.5.13"],
        &format!("{LIST}|0>2,2>3,3>2|2 in all"),
    );
}

fn svelte_compiles_and_runs() {
    check("svelte", &["svelte@5.28.2"], LIST);
}

fn preact_renders() {
    check("preact", &["preact@10.26.4"], LIST);
}

fn lit_renders_custom_elements() {
    check("lit", &["lit@3.3.0"], &format!("{LIST}|1 left|1"));
}

fn alpine_binds_markup() {
    check("alpine", &["alpinejs@3.14.9"], LIST);
}

fn htmx_swaps_fragments() {
    check(
        "htmx",
        &["htmx.org@2.0.4"],
        &format!("{LIST}|afterSettle,beforeSwap,configRequest,load"),
    );
}

fn backbone_syncs_models() {
    check(
        "backbone",
        &["backbone@1.6.1", "underscore@1.13.7", "jquery@3.7.1"],
        &format!("{LIST}|all|#show/all"),
    );
}

fn knockout_binds_observables() {
    check("knockout", &["knockout@3.5.1"], LIST);
}

fn d3_redux_lodash_and_dayjs_do_their_work() {
    check(
        "libraries",
        &["d3@7.9.0", "redux@5.0.1", "lodash@4.17.21", "dayjs@1.11.13"],
        "clicked first|1|100|0,2,4,6|2|1|debounced|\
         {\"false\":[{\"id\":1,\"title\":\"first\",\"done\":false}],\"true\":[{\"id\":2,\"title\":\"second\",\"done\":true}]}|\
         &lt;b&gt;|true|true|2026-02-28 Sat|2 days ago",
    );
}

fn jquery_ui_plays_its_widgets() {
    check(
        "jquery_ui",
        &["jquery@3.7.1", "jquery-ui@1.14.1"],
        "2026-02-14|picked second|second|2|1|true|Sure?|yes|false|0|B|37|6|M2",
    );
}

fn mocha_and_chai_report_truly() {
    check_result(
        "mocha",
        &["mocha@11.1.0", "chai@5.2.0"],
        "10 tests, 4 passes, 4 failures, 2 pending|fails: expected [ 1 ] to deeply equal [ 2 ]|fails later: later|\
         fails outside: outside|is too slow: Timeout of 30ms exceeded. For async tests and hooks, ensure \"done()\" is called; \
         if returning a Promise, ensure it resolves.|4",
    );
}

fn jasmine_reports_truly() {
    check_result(
        "jasmine",
        &["jasmine-core@5.6.0"],
        "failed|passes: passed|waits for fetch: passed|spies: passed|mocks the clock: passed|\
         fails: failed (Expected $.a = 1 to equal 2.)|fails later: failed (Error: later)|\
         fails outside: failed (TypeError: outside) (Error: Timeout - Async function did not complete within 200ms \
         (set by jasmine.DEFAULT_TIMEOUT_INTERVAL))|is pending: pending",
    );
}

fn qunit_reports_truly() {
    check_result(
        "qunit",
        &["qunit@2.24.1"],
        "failed|{\"passed\":4,\"failed\":3,\"skipped\":1,\"todo\":1,\"total\":9}|passes: passed|has a clean fixture: passed|\
         waits for fetch: passed|steps: passed|fails: failed|throws: failed|fails outside: failed|is skipped: skipped|is to do: todo|3",
    );
}

fn testing_library_finds_what_users_see() {
    check(
        "testing_library",
        &["@testing-library/dom@10.4.0"],
        "name|password|BUTTON|1|2|Title|IMG|Hello, world||1|form,textbox,button,generic|name|I|\
         TestingLibraryElementError|true|true|never|<h2> Title </h2>",
    );
}
