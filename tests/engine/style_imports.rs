//! `@import`: what is loaded, what the cascade makes of it, who waits for it.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::style_imports":
    imported_rules_come_before_those_of_the_sheet,
    media_conditions_and_layers_are_heeded,
    rules_say_what_they_import_under,
    load_waits_for_all_and_error_tells_of_one,
    style_elements_tell_of_their_load_without_imports_too,
    scripts_wait_for_imports,
    sheets_that_import_each_other_come_to_an_end,
    imported_sheets_have_objects,
    other_text_imports_anew,
);

fn site(request: &Request, connection: &mut Connection) {
    let css = |connection: &mut Connection, text: &str| connection.answer("text/css", text);
    match request.path.as_str() {
        "/css/outer.css" => css(
            connection,
            "@import 'inner.css'; @IMPORT url(../other.css); p { top: 1px }",
        ),
        "/css/inner.css" => css(connection, "p { top: 2px; left: 2px }"),
        "/other.css" => css(connection, "p { left: 3px; right: 3px }"),
        "/broken.css" => css(
            connection,
            "@import 'missing.css'; @import 'other.css'; p { top: 4px }",
        ),
        "/one.css" => css(connection, "@import 'two.css'; p { top: 5px }"),
        "/two.css" => css(connection, "@import 'one.css'; p { left: 5px }"),
        path if path.starts_with("/deep") => {
            let depth: u32 = path[5..].parse().unwrap_or(0);
            css(
                connection,
                &format!("@import '/deep{}'; p {{ z-index: {depth} }}", depth + 1),
            );
        }
        _ => connection.respond("404 Not Found", &[], "p { top: 9px }"),
    }
}

fn load(html: &str) -> (Server, Page) {
    let html = html.to_owned();
    let server = Server::start(move |request, connection| {
        if request.path == "/" {
            let head = "<!doctype html><script>log = []; \
                see = (...names) => names.map((name) => getComputedStyle(document.querySelector('p'))[name]).join()</script>";
            connection.answer("text/html", format!("{head}{html}"));
        } else {
            site(request, connection);
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

#[track_caller]
fn value(page: &Page, source: &str) -> String {
    match page.evaluate_to_text(source, Duration::from_secs(20)) {
        Ok(text) => text,
        Err(error) => panic!("{source}: {error}"),
    }
}

#[track_caller]
fn check(html: &str, source: &str, expected: &str) {
    let (_server, page) = load(html);
    assert_eq!(value(&page, source), expected, "{html}");
}

fn imported_rules_come_before_those_of_the_sheet() {
    let seen = "see('top', 'left', 'right')";
    check(
        "<link rel=stylesheet href=css/outer.css><p>",
        seen,
        "1px,3px,3px",
    );
    check(
        "<style>@import 'css/outer.css'; p { right: 0px }</style><p>",
        seen,
        "1px,3px,0px",
    );
    // An import after a rule is none.
    check(
        "<style>p { top: 7px } @import 'css/outer.css';</style><p>",
        seen,
        "7px,auto,auto",
    );
    // By script, later.
    check(
        "<p><script>onload = () => { const style = document.createElement('style'); style.textContent = '@import \"css/inner.css\"'; \
         style.onload = () => log.push(see('top')); document.head.append(style) }</script>",
        "log.join()",
        "2px",
    );
}

fn rules_say_what_they_import_under() {
    let told = "[...document.styleSheets[0].cssRules].map((rule) => `${rule.layerName};${rule.supportsText};${rule.media.mediaText}`).join('|')";
    check(
        "<style>@import 'css/inner.css'; @import 'css/inner.css' layer print; \
         @import 'css/inner.css' layer( a.b ) supports( not (display: flex) ) screen;</style><p>",
        told,
        "null;null;|;null;print|a.b;not (display: flex);screen",
    );
}

fn media_conditions_and_layers_are_heeded() {
    let seen = "see('top', 'left')";
    let inner =
        |what: &str| format!("<style>@import 'css/inner.css' {what}; p {{ left: 0px }}</style><p>");
    check(&inner("print"), seen, "auto,0px");
    check(&inner("screen and (min-width: 10px)"), seen, "2px,0px");
    check(&inner("supports(display: flex)"), seen, "2px,0px");
    check(&inner("supports(no-such: thing)"), seen, "auto,0px");
    check(
        "<style>@import 'css/inner.css' layer(late); @layer early; p { left: 0px } @layer late { p { top: 8px } }</style><p>",
        seen,
        "8px,0px",
    );
    check(
        "<style>@layer late, early; @import 'css/inner.css' layer(late); @layer early { p { top: 8px } }</style><p>",
        seen,
        "8px,2px",
    );
}

fn style_elements_tell_of_their_load_without_imports_too() {
    check(
        "<style onload='log.push(see(`top`))'>p { top: 3px }</style><style type=text/other onload='log.push(`other`)'></style><p>
         <script>onload = () => {
           log.push('window');
           const style = document.createElement('style');
           style.onload = () => log.push(see('left'));
           document.head.append(style);
           style.append('p { left: 1px }', 'p { left: 4px }');
         }</script>",
        "[...log, see('left')].join()",
        "3px,window,4px,4px",
    );
}

fn load_waits_for_all_and_error_tells_of_one() {
    check(
        "<link rel=stylesheet href=css/outer.css onload='log.push(see(`left`))' onerror='log.push(`error`)'><p>\
         <script>onload = () => log.push('window')</script>",
        "log.join()",
        "3px,window",
    );
    check(
        "<link rel=stylesheet href=broken.css onload='log.push(`load`)' onerror='log.push(see(`top`, `left`))'><p>\
         <script>onload = () => log.push('window')</script>",
        "log.join()",
        "4px,3px,window",
    );
}

fn scripts_wait_for_imports() {
    check(
        "<p><style>@import 'css/outer.css';</style><script>log.push(see('left'))</script>",
        "log.join()",
        "3px",
    );
    check(
        "<p><link rel=stylesheet href=css/outer.css><script>log.push(see('left'))</script>",
        "log.join()",
        "3px",
    );
}

fn sheets_that_import_each_other_come_to_an_end() {
    check(
        "<link rel=stylesheet href=one.css onload='log.push(see(`top`, `left`))'><p>",
        "log.join()",
        "5px,5px",
    );
    let (_server, page) = load("<link rel=stylesheet href=deep0 onload='log.push(`load`)'><p>");
    assert_eq!(value(&page, "[...log, see('zIndex')].join()"), "load,0");
    assert!(page.requests().len() < 30, "{}", page.requests().len());
}

fn imported_sheets_have_objects() {
    check(
        "<link rel=stylesheet href=css/outer.css><p>",
        "((rule) => [rule.cssText, rule.href, rule.styleSheet.href === new URL('/css/inner.css', location).href, \
         rule.styleSheet.cssRules[0].cssText, rule.styleSheet === rule.styleSheet, rule.styleSheet.ownerRule === rule, \
         rule.styleSheet.parentStyleSheet === document.styleSheets[0], rule.styleSheet.ownerNode, document.styleSheets.length, \
         (rule.styleSheet.cssRules[0].style.top = '6px', rule.parentStyleSheet.deleteRule(2), see('top'))].join(' '))(document.styleSheets[0].cssRules[0])",
        "@import url(\"inner.css\"); inner.css true p { top: 2px; left: 2px; } true true true  1 6px",
    );
}

fn other_text_imports_anew() {
    let (_server, page) = load("<style>@import 'css/inner.css';</style><p>");
    assert_eq!(value(&page, "see('top')"), "2px");
    let other = "new Promise((done) => { const style = document.querySelector('style'); style.onload = () => done(see('top', 'left')); \
         style.textContent = '@import \"other.css\"' })";
    assert_eq!(value(&page, other), "auto,3px");
    // Nothing is left of one that goes.
    assert_eq!(
        value(
            &page,
            "document.querySelector('style').remove(), see('left')"
        ),
        "auto"
    );
}
