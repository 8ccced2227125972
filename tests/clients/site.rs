//! The server that the clients talk to, and a page with a client in it.

use crate::support::packages::Packages;
use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};

/// A page that loads `scripts` (`name/path` in `packages`) and a server that answers as [`answer`] says.
pub(crate) struct Site {
    server: Server,
}

impl Site {
    /// Starts it. `head` is markup in front of the scripts.
    pub(crate) fn start(packages: Packages, head: &str, scripts: &[&str]) -> Self {
        let scripts: String = scripts
            .iter()
            .map(|script| format!("<script src=\"/packages/{script}\"></script>"))
            .collect();
        let page = format!("<!DOCTYPE html><title>Client</title>{head}{scripts}<p id=p>old</p>");
        let server = Server::start(move |request, connection| {
            if request.path == "/" {
                connection.answer("text/html; charset=utf-8", &page);
            } else if let Some(path) = request.path.strip_prefix("/packages/") {
                packages.serve(path, connection);
            } else {
                answer(request, connection);
            }
        });
        Self { server }
    }

    /// What the body of an async function returns in a new page, its values joined by `|` if it is a list.
    #[track_caller]
    pub(crate) fn run(&self, script: &str) -> String {
        let page = settled(&self.server.url("/"));
        let script = format!(
            "(async () => {{ const result = await (async () => {{ {script} }})();
               return Array.isArray(result) ? result.join('|') : String(result); }})()"
        );
        let text = page.evaluate(&script).expect("the script returns");
        assert_eq!(page.exceptions(), [], "{text}");
        text
    }

    /// The requests for `path` so far, query left out.
    pub(crate) fn requests(&self, path: &str) -> Vec<Request> {
        let mut requests = self.server.requests();
        requests.retain(|request| request.path.split('?').next() == Some(path));
        requests
    }
}

fn answer(request: &Request, connection: &mut Connection) {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let text = "text/plain; charset=utf-8";
    let json = "application/json";
    match path {
        "/json" => connection.answer(json, r#"{"name":"Ada","list":[1,2]}"#),
        "/bad-json" => connection.answer(json, "{"),
        "/xml" => connection.answer("application/xml", "<l><i id=\"1\">eins</i><i>zwei</i></l>"),
        "/bad-xml" => connection.answer("application/xml", "<l><i></l>"),
        "/text" => connection.answer(text, "plain é"),
        "/html" => connection.answer("text/html", "<b id=x>bold</b><i>thin</i>"),
        "/script" => connection.answer("text/javascript", "window.ran = (window.ran || 0) + 1;"),
        "/jsonp" => {
            let name = query
                .split('&')
                .find_map(|pair| pair.strip_prefix("callback="))
                .unwrap_or("missing");
            let call = format!("{name}({{\"padded\":true}});");
            connection.answer("text/javascript", call);
        }
        "/error" => connection.respond(
            "500 Broken On Purpose",
            &[("Content-Type", json)],
            r#"{"why":"broken"}"#,
        ),
        "/missing" => connection.respond("404 Not Found", &[("Content-Type", text)], "nothing"),
        "/empty" => connection.raw_head("204 No Content", &[]),
        "/redirect" => connection.respond("302 Found", &[("Location", "/json")], ""),
        "/headers" => connection.respond(
            "201 Created",
            &[("Content-Type", text), ("X-One", "1"), ("X-Two", "a, b")],
            "made",
        ),
        "/cut" => {}
        "/hang" => connection.hang(),
        "/hang-in-body" => {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
            connection.hang();
        }
        "/echo" => {
            let said = |name| request.header(name).unwrap_or("-").to_owned();
            let echo = serde_json::json!({
                "method": request.method,
                "query": query,
                "type": said("content-type").split(';').next(),
                "accept": said("accept"),
                "with": said("x-requested-with"),
                "own": said("x-own"),
                "authorization": said("authorization"),
                "body": String::from_utf8_lossy(&request.body),
            });
            connection.answer(json, echo.to_string());
        }
        _ => connection.respond("404 Not Found", &[("Content-Type", text)], path),
    }
}
