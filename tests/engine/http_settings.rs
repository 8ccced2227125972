//! The HTTP cache, authentication and proxies, as the command and a browser's options set them.

use readystate::xhr::fetch::Credentials;
use readystate::{Browser, BrowserOptions, OnAuthenticate};

use crate::support::command::{readystate, readystate_with_variables};
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::http_settings":
    a_page_gets_fresh_responses_from_the_cache_and_a_reload_asks,
    a_cache_folder_serves_the_next_process,
    a_browser_without_cache_asks_each_time,
    the_user_of_the_command_line_is_for_the_pages_server_alone,
    a_browser_asks_its_hook_for_passwords,
    proxies_of_the_environment_are_used_but_not_for_loopback,
    settings_that_cannot_be_used_are_named,
    cookies_are_kept_as_json_too,
);

const FRESH: [(&str, &str); 2] = [
    ("Content-Type", "text/html"),
    ("Cache-Control", "max-age=60"),
];

fn count(server: &Server, path: &str) -> usize {
    let requests = server.requests();
    requests.iter().filter(|one| one.path == path).count()
}

fn cached_page() -> Server {
    Server::start(|request, connection| match request.path.as_str() {
        "/" => connection.respond("200 OK", &FRESH, "<!DOCTYPE html><title>t</title>"),
        _ => connection.respond("200 OK", &FRESH, "body"),
    })
}

fn a_page_gets_fresh_responses_from_the_cache_and_a_reload_asks() {
    let server = cached_page();
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let page = browser.new_page().expect("a page");
    page.goto(&server.url("/")).expect("the page loads");
    let script = "(async () => {
        const x = new XMLHttpRequest(); x.open('GET', '/a', false); x.send();
        const f = await (await fetch('/a')).text();
        return x.responseText + f;
    })()";
    let text: String = page.evaluate(script).expect("the script returns");
    assert_eq!((text.as_str(), count(&server, "/a")), ("bodybody", 1));
    let from_cache: Vec<bool> = page.requests().iter().map(|one| one.from_cache).collect();
    assert_eq!(from_cache, [false, false, true]);
    let other = browser.new_page().expect("a page");
    other.goto(&server.url("/")).expect("the page loads");
    assert_eq!(count(&server, "/"), 1, "tabs share the cache");
    let (): () = page
        .evaluate("void setTimeout(() => location.reload())")
        .unwrap_or_default();
    page.wait_until_settled().expect("the page settles");
    assert_eq!(count(&server, "/"), 2, "a reload asks");
}

fn a_cache_folder_serves_the_next_process() {
    let server = cached_page();
    let folder = std::env::temp_dir().join(format!("readystate-cache-{}", std::process::id()));
    let folder_text = folder.to_str().expect("a path in UTF-8");
    for _ in 0..2 {
        readystate(&[
            "run",
            &server.url("/"),
            "--cache-dir",
            folder_text,
            "--eval",
            "document.title",
        ])
        .exits_with(0)
        .prints("t");
    }
    assert_eq!(count(&server, "/"), 1);
    std::fs::remove_dir_all(folder).expect("the command made it");
}

fn a_browser_without_cache_asks_each_time() {
    let server = cached_page();
    let mut options = BrowserOptions::new();
    options.http_cache_bytes = Some(0);
    let browser = Browser::new(options).expect("a browser");
    let page = browser.new_page().expect("a page");
    for _ in 0..2 {
        page.goto(&server.url("/")).expect("the page loads");
    }
    assert_eq!(count(&server, "/"), 2);
}

fn guarded(request: &Request, connection: &mut Connection, body: &str) {
    if request.header("authorization") == Some("Basic YWRhOnA6dw==") {
        connection.answer("text/html", body);
    } else {
        let challenge = [("WWW-Authenticate", "Basic realm=\"r\"")];
        connection.respond("401 Who", &challenge, "who are you");
    }
}

fn the_user_of_the_command_line_is_for_the_pages_server_alone() {
    let other = Server::start(|request, connection| guarded(request, connection, "never"));
    let script = format!(
        "<!DOCTYPE html><title>in</title><script src='{}'></script>",
        other.url("/x")
    );
    let server = Server::start(move |request, connection| guarded(request, connection, &script));
    readystate(&[
        "run",
        &server.url("/"),
        "-u",
        "ada:p:w",
        "--eval",
        "document.title",
    ])
    .exits_with(0)
    .prints("in");
    assert_eq!(count(&server, "/"), 2);
    assert_eq!(count(&other, "/x"), 1, "it asked, and was not answered");
    readystate(&["run", &server.url("/"), "-u", "ada:wrong", "--dump", "text"])
        .exits_with(0)
        .prints("who are you");
}

fn a_browser_asks_its_hook_for_passwords() {
    let server =
        Server::start(|request, connection| guarded(request, connection, "<title>in</title>"));
    let mut options = BrowserOptions::new();
    options.on_authenticate = Some(OnAuthenticate::new(|challenge| {
        // The first answer is wrong.
        let password = if challenge.refused == 0 { "x" } else { "p:w" };
        (challenge.realm == "r").then(|| Credentials {
            username: "ada".to_owned(),
            password: password.to_owned(),
        })
    }));
    let page = Browser::new(options)
        .and_then(|browser| browser.new_page())
        .expect("a page");
    page.goto(&server.url("/")).expect("the page loads");
    assert_eq!(page.title().expect("a title"), "in");
    assert_eq!(count(&server, "/"), 3);
}

fn proxies_of_the_environment_are_used_but_not_for_loopback() {
    let proxy = Server::start(|request, connection| {
        let user = request.header("proxy-authorization").unwrap_or_default();
        let html = format!("<title>{} by {user}</title>", request.path);
        connection.answer("text/html", html);
    });
    let address = proxy.url("").replace("http://", "http://u:p@");
    let direct =
        Server::start(|_, connection| connection.answer("text/html", "<title>direct</title>"));
    let title = |url: &str, variables: &[(&str, &str)]| {
        let arguments = ["run", url, "--eval", "document.title"];
        readystate_with_variables(&arguments, variables)
            .exits_with(0)
            .stdout
    };
    let through = "http://far.test/ by Basic dTpw\n";
    assert_eq!(
        title("http://far.test/", &[("http_proxy", &address)]),
        through
    );
    assert_eq!(
        title("http://far.test/", &[("ALL_PROXY", &address)]),
        through
    );
    assert_eq!(
        title(&direct.url("/"), &[("all_proxy", &address)]),
        "direct\n"
    );
    let bypassed = [
        ("http_proxy", address.as_str()),
        ("NO_PROXY", "other.test,.far.localhost"),
    ];
    let url = direct.url("/").replace("127.0.0.1", "x.far.localhost");
    assert_eq!(title(&url, &bypassed), "direct\n");
}

fn settings_that_cannot_be_used_are_named() {
    let url = "http://127.0.0.1:9/";
    readystate(&["run", url, "--cacert", "no/such/file"])
        .exits_with(2)
        .complains_of(&["no/such/file"]);
    readystate(&[
        "run",
        url,
        "--cacert",
        concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
    ])
    .exits_with(2)
    .complains_of(&["certificate"]);
    readystate_with_variables(&["run", url], &[("https_proxy", "ftp://x")])
        .exits_with(2)
        .complains_of(&["ftp://x"]);
}

fn cookies_are_kept_as_json_too() {
    let server = Server::start(|request, connection| {
        let cookies = request.header("cookie").unwrap_or("none").to_owned();
        let headers = [
            ("Content-Type", "text/plain"),
            ("Set-Cookie", "login=1; HttpOnly; SameSite=Strict"),
        ];
        connection.respond("200 OK", &headers, cookies);
    });
    let file = std::env::temp_dir().join(format!("readystate-{}.json", std::process::id()));
    let path = file.to_str().expect("a path in UTF-8");
    for expected in ["none", "login=1"] {
        readystate(&["run", &server.url("/"), "-b", path, "--dump", "text"])
            .exits_with(0)
            .prints(expected);
    }
    let text = std::fs::read_to_string(&file).expect("the command wrote it");
    assert!(text.contains("\"sameSite\": \"Strict\""), "{text}");
    std::fs::write(&file, "{}").expect("a temporary file");
    readystate(&["run", &server.url("/"), "-b", path])
        .exits_with(2)
        .complains_of(&["not a list of cookies"]);
    std::fs::remove_file(file).expect("it was written");
}
