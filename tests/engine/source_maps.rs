//! Errors of scripts that were made from others are reported where the sources have them.

use readystate::{Browser, BrowserOptions, PageOptions};

use crate::support::server::Server;
use crate::support::trials;

trials!("engine::source_maps":
    errors_are_reported_in_the_sources,
    pages_see_what_runs,
    a_map_that_is_none_changes_nothing,
);

/// From line 1, column 1 on: line 5, column 3 of `src/app.ts`.
const MAP: &str = r#"{"version":3,"sources":["src/app.ts"],"names":[],"mappings":"AAIE"}"#;

/// Loads a page with `/app.js` that names a source map; gives where its error is reported and what the page saw.
fn load(map: &'static str, source_maps: bool) -> (Server, String, Option<String>, String) {
    let server = Server::start(move |request, connection| {
        match request.path.as_str() {
        "/" => connection.answer(
            "text/html",
            "<script>onerror = (message, url, line, column) => { seen = `${url}:${line}` }</script><script src=js/app.js></script>",
        ),
        "/js/app.js" => connection.answer(
            "text/javascript",
            "throw new Error('broken')\n//# sourceMappingURL=app.js.map\n",
        ),
        "/js/app.js.map" => connection.answer("application/json", map),
        _ => connection.respond("404 Not Found", &[], ""),
    }
    });
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let mut options = PageOptions::new();
    options.source_maps = source_maps;
    let page = browser.new_page_with(options).expect("a page");
    page.goto(&server.url("/")).expect("it loads");
    page.wait_until_settled().expect("it settles");
    let report = page.exceptions().pop().expect("an error");
    let seen = page.evaluate::<String>("seen").expect("the page saw it");
    let place = format!(
        "{}:{}:{}",
        report.location.url, report.location.line, report.location.column
    );
    (server, place, report.stack, seen)
}

fn errors_are_reported_in_the_sources() {
    let (server, place, stack, _) = load(MAP, true);
    let source = server.url("/js/src/app.ts:5:3");
    assert_eq!(place, source);
    let stack = stack.unwrap_or_default();
    assert!(stack.contains(&source), "{stack}");
}

fn pages_see_what_runs() {
    let (server, _, _, seen) = load(MAP, true);
    assert_eq!(seen, server.url("/js/app.js:1"));
}

fn a_map_that_is_none_changes_nothing() {
    for (map, source_maps) in [("nonsense", true), (MAP, false)] {
        let (server, place, ..) = load(map, source_maps);
        assert!(place.starts_with(&server.url("/js/app.js:1:")), "{place}");
        let asked = server
            .requests()
            .iter()
            .any(|request| request.path.ends_with(".map"));
        assert_eq!(asked, source_maps);
    }
}
