//! XML documents as pages: scripts run where they stand, and what is not well-formed is shown as far as it goes.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::xml_documents":
    scripts_see_what_stands_before_them,
    external_scripts_block_the_parser_and_deferred_ones_wait_for_its_end,
    scripts_in_svg_run_too,
    a_document_that_is_not_well_formed_is_shown_up_to_the_error,
    a_document_without_a_root_shows_its_error,
    a_script_that_removes_what_is_open_does_not_stop_the_parser,
    a_frame_that_is_removed_by_its_own_script_is_parsed_no_further,
);

#[track_caller]
fn text(page: &Page, source: &str) -> String {
    match page.evaluate_to_text(source, Duration::from_secs(20)) {
        Ok(text) => text,
        Err(error) => panic!("{source}: {error}"),
    }
}

/// Serves `xml` as XHTML; "/x.js" notes in `seen` how many paragraphs it finds.
fn open(xml: &'static str) -> (Server, Page) {
    let server = Server::start(move |request: &Request, connection: &mut Connection| {
        match &*request.path {
            "/" => connection.answer("application/xhtml+xml", xml),
            "/frame" => connection.answer(
                "application/xhtml+xml",
                "<html xmlns='http://www.w3.org/1999/xhtml'><script>parent.frame = window; frameElement.remove()</script>\
                 <script>parent.after = true</script><p/></html>",
            ),
            _ => connection.answer(
                "text/javascript",
                "seen.push(document.currentScript.id + document.querySelectorAll('p').length)",
            ),
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

fn scripts_see_what_stands_before_them() {
    let (_server, page) = open(
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>var seen = [];
         const see = () => seen.push(`${document.querySelectorAll('p').length}${document.readyState[0]}`); see()</script>
         <body><p/><script>see(); Promise.resolve().then(() => seen.push('micro'))</script><p><script>see()</script></p><p/></body></html>",
    );
    assert_eq!(text(&page, "see(), seen.join()"), "0l,1l,micro,2l,3c");
}

fn external_scripts_block_the_parser_and_deferred_ones_wait_for_its_end() {
    let (_server, page) = open(
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>var seen = [];
         addEventListener('DOMContentLoaded', () => seen.push('dcl')); addEventListener('load', () => seen.push('load'))</script>
         <script id='d' src='/x.js' defer=''/><p/><script id='x' src='/x.js'/><p/><script>seen.push('inline')</script><p/></html>",
    );
    assert_eq!(text(&page, "seen.join()"), "x1,inline,d3,dcl,load");
}

fn scripts_in_svg_run_too() {
    let (_server, page) = open(
        "<svg xmlns='http://www.w3.org/2000/svg'><script>var seen = [document.documentElement.childNodes.length]</script><g/></svg>",
    );
    assert_eq!(
        text(
            &page,
            "seen.concat(document.documentElement.childNodes.length).join()"
        ),
        "1,2"
    );
}

fn a_document_that_is_not_well_formed_is_shown_up_to_the_error() {
    let (_server, page) = open(
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>var seen = []; addEventListener('load', () => seen.push('load'))</script>\
         <p>read</p><script>seen.push(document.querySelectorAll('p').length)</script>\n<b></p><script>seen.push('not this')</script></html>",
    );
    assert_eq!(
        text(
            &page,
            "const root = document.documentElement, shown = root.firstChild;
             [seen, shown.localName, shown.namespaceURI === root.namespaceURI, shown.textContent.includes('line 2, column 6'),
              document.querySelector('p').textContent, document.querySelectorAll('b').length].join()"
        ),
        "1,load,parsererror,true,true,read,1"
    );
}

fn a_document_without_a_root_shows_its_error() {
    let (_server, page) = open("<!-- nothing -->");
    assert_eq!(
        text(
            &page,
            "document.readyState + document.body.firstChild.localName + document.firstChild.data"
        ),
        "completeparsererror nothing "
    );
}

fn a_script_that_removes_what_is_open_does_not_stop_the_parser() {
    let (_server, page) = open(
        "<html xmlns='http://www.w3.org/1999/xhtml'><div><p/><script>var div = document.querySelector('div'); div.remove()</script><i/></div><b/></html>",
    );
    assert_eq!(
        text(
            &page,
            "document.documentElement.innerHTML.replace(/ xmlns=\"[^\"]*\"/g, '') + div.childElementCount"
        ),
        "<b></b>3"
    );
}

fn a_frame_that_is_removed_by_its_own_script_is_parsed_no_further() {
    let (_server, page) = open(
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><iframe src='/frame'/></body></html>",
    );
    assert_eq!(
        text(
            &page,
            "`${typeof frame} ${typeof after} ${document.querySelectorAll('iframe').length}`"
        ),
        "object undefined 0"
    );
}
