//! `<link rel=stylesheet>`: what is loaded, what it says to the cascade, who waits for it.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::linked_style_sheets":
    a_linked_sheet_takes_part_in_the_cascade,
    load_and_error_are_fired_and_delay_the_window,
    scripts_wait_for_the_sheets_before_them,
    a_disabled_or_removed_link_has_no_sheet,
    the_cascade_follows_href_and_media,
    sheets_of_other_origins_cannot_be_read,
    an_opaque_response_is_judged_by_what_it_hides,
    scripts_in_svg_run,
);

fn site(request: &Request, connection: &mut Connection) {
    match request.path.as_str() {
        "/red.css" => connection.answer("text/css", "p { color: rgb(255, 0, 0) }"),
        "/green.css" => connection.answer("text/css", "p { color: rgb(0, 128, 0); display: flex }"),
        "/latin1.css" => connection.answer(
            "text/css; charset=windows-1252",
            b"p::after { content: '\xe9' }".as_slice(),
        ),
        "/text.css" => connection.answer("text/plain", "p { color: blue }"),
        "/script.js" => connection.answer("text/javascript", "log.push('external')"),
        _ => connection.respond("404 Not Found", &[], "p { color: blue }"),
    }
}

fn load(html: &str) -> (Server, Page) {
    let html = html.to_owned();
    let server = Server::start(move |request, connection| {
        if request.path == "/" {
            let head = "<!doctype html><script>log = []; color = () => getComputedStyle(document.querySelector('p')).color</script>";
            connection.answer("text/html", format!("{head}{html}"));
        } else {
            site(request, connection);
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

#[track_caller]
fn check(html: &str, expected: &str) {
    let (_server, page) = load(html);
    match page.evaluate_to_text("log.join('; ')", Duration::from_secs(20)) {
        Ok(log) => assert_eq!(log, expected, "{html}"),
        Err(error) => panic!("{html}: {error}"),
    }
}

fn a_linked_sheet_takes_part_in_the_cascade() {
    check(
        "<link rel=stylesheet href=red.css><link rel='x STYLESHEET' href=green.css><link rel=stylesheet href=latin1.css><p>text</p>
         <script>const [red] = document.styleSheets;
           log.push(color(), document.styleSheets.length, red.href.slice(-8), red.ownerNode === document.querySelector('link'));
           log.push(red.ownerNode.sheet === red, red.cssRules[0].cssText, document.styleSheets[2].cssRules[0].style.content)</script>",
        "rgb(0, 128, 0); 3; /red.css; true; true; p { color: rgb(255, 0, 0); }; \"é\"",
    );
}

fn load_and_error_are_fired_and_delay_the_window() {
    check(
        "<p></p><script>onload = () => log.push('window ' + color())</script>
         <link rel=stylesheet href=red.css onload=\"log.push('load')\">
         <script>for (const href of ['missing.css', 'text.css']) {
           const link = document.createElement('link'); link.rel = 'stylesheet';
           link.onerror = () => log.push('error'); link.href = href; document.head.append(link) }</script>",
        "load; error; error; window rgb(255, 0, 0)",
    );
}

fn scripts_wait_for_the_sheets_before_them() {
    check(
        "<p></p><link rel=stylesheet href=red.css><script>log.push('inline ' + color())</script><script src=script.js></script>
         <script type=module>log.push('module ' + color())</script><link rel=stylesheet href=green.css>
         <link rel=stylesheet media=print href=missing.css>",
        "inline rgb(255, 0, 0); external; module rgb(0, 128, 0)",
    );
}

fn a_disabled_or_removed_link_has_no_sheet() {
    check(
        "<p></p><link rel=stylesheet href=red.css><link rel=stylesheet disabled href=green.css><link rel=alternate href=green.css>
         <script>onload = () => {
           const [red, green] = document.querySelectorAll('link');
           log.push(color(), green.sheet, document.styleSheets.length);
           red.sheet.disabled = true; log.push(color()); red.sheet.disabled = false;
           green.onload = () => {
             log.push(color()); green.disabled = true; log.push(color()); red.remove(); log.push(color(), red.sheet) };
           green.disabled = false }</script>",
        "rgb(255, 0, 0); ; 1; rgb(0, 0, 0); rgb(0, 128, 0); rgb(255, 0, 0); rgb(0, 0, 0); ",
    );
}

fn the_cascade_follows_href_and_media() {
    check(
        "<p></p><link rel=stylesheet href=red.css media=print>
         <script>onload = () => {
           const link = document.querySelector('link');
           log.push(color()); link.media = 'screen'; log.push(color());
           link.onload = () => log.push(color()); link.href = 'green.css' }</script>",
        "rgb(0, 0, 0); rgb(255, 0, 0); rgb(0, 128, 0)",
    );
}

fn sheets_of_other_origins_cannot_be_read() {
    let other = Server::start(site);
    check(
        &format!(
            "<link rel=stylesheet href={}><p></p><script>log.push(color());
               try {{ document.styleSheets[0].cssRules }} catch (error) {{ log.push(error.name) }}</script>",
            other.url("/red.css")
        ),
        "rgb(255, 0, 0); SecurityError",
    );
}

fn an_opaque_response_is_judged_by_what_it_hides() {
    let other = Server::start(|request, connection| match request.path.as_str() {
        "/gone.js" => connection.respond(
            "404 Not Found",
            &[("Content-Type", "text/javascript")],
            "log.push('ran')",
        ),
        "/latin1.js" => connection.answer(
            "text/javascript; charset=windows-1252",
            b"log.push('\xe9')".as_slice(),
        ),
        _ => site(request, connection),
    });
    check(
        &format!(
            "<base href={}><script src=gone.js onerror=\"log.push('no script')\" onload=\"log.push('load')\"></script>
             <script src=latin1.js></script><link rel=stylesheet href=gone.css onerror=\"log.push('no sheet'); log.sort()\">
             <link rel=stylesheet href=text.css onerror=\"log.push('not CSS'); log.sort()\"><p></p>",
            other.url("/")
        ),
        "no script; no sheet; not CSS; \u{e9}",
    );
}

fn scripts_in_svg_run() {
    check(
        "<svg><script>log.push('inline', document.currentScript.namespaceURI.slice(-3))</script>
           <script xlink:href=script.js></script><script href=script.js /></svg>
         <script>log.push('end')</script>",
        "inline; svg; external; external; end",
    );
}
