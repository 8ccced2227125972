//! Routes: the embedder sees every request and decides.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use readystate::{
    AbortReason, Browser, BrowserOptions, Changes, Error, Fulfillment, Page, PageOptions, Route,
    RoutePattern,
};

use crate::support::page::page;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::interception":
    a_page_that_no_server_has_is_answered_whole,
    a_synchronous_request_is_answered,
    what_is_answered_touches_no_network,
    the_latest_route_is_asked_first_and_may_fall_back,
    every_kind_of_request_is_seen,
    requests_are_changed_and_the_page_does_not_see_it,
    requests_fail_by_name,
    a_route_that_panics_fails_its_request_only,
    a_route_may_decide_later,
    a_route_that_waits_does_not_keep_an_abort,
    a_route_that_waits_does_not_keep_the_page_from_closing,
    answers_to_other_origins_are_allowed,
    answers_after_redirects_are_allowed,
    globs_match_no_preflights_and_functions_do,
    routes_are_taken_away,
    bad_patterns_and_bad_answers_say_so,
    blocked_patterns_fail,
    hosts_are_mapped,
);

const GET: &str = "const get = (url, method) => new Promise((resolve) => { const r = new XMLHttpRequest(); r.open(method || 'GET', url);
    r.onloadend = () => resolve(r.status + ' ' + r.responseText); r.send(); });";

/// What an async function in the page returns.
#[track_caller]
fn run(page: &Page, script: &str) -> String {
    page.evaluate(&format!("(async () => {{ {GET} {script} }})()"))
        .expect("the script returns")
}

/// A page at an address that does not exist, with this markup.
#[track_caller]
fn at_nowhere(markup: &'static str) -> Page {
    let page = page();
    page.route("http://nowhere.test/", move |route| {
        route.fulfill(Fulfillment::html(markup));
    })
    .expect("a pattern");
    page.goto("http://nowhere.test/")
        .expect("the route answers");
    page
}

fn a_page_that_no_server_has_is_answered_whole() {
    let page = page();
    page.route("**/*", |route| match route.request().url() {
        "http://nowhere.test/" => route.fulfill(Fulfillment::html(
            "<!DOCTYPE html><script src=app.js></script><iframe src=frame.html></iframe><p id=p>",
        )),
        "http://nowhere.test/app.js" => route.fulfill(
            Fulfillment::new()
                .content_type("text/javascript")
                .body("onload = async () => { const r = await fetch('/names'); p.textContent = r.status + r.statusText + (await r.json()); }"),
        ),
        "http://nowhere.test/frame.html" => {
            assert!(route.request().is_navigation());
            route.fulfill(Fulfillment::html("<b>framed</b>"));
        }
        "http://nowhere.test/names" => {
            route.fulfill(Fulfillment::json(&["Ada", "Eve"]).status(201).reason("Made"));
        }
        _ => route.abort(AbortReason::Failed),
    })
    .expect("a pattern");
    page.goto("http://nowhere.test/").expect("it loads");
    page.wait_until_settled().expect("it settles");
    assert_eq!(
        run(
            &page,
            "return p.textContent + frames[0].document.body.textContent"
        ),
        "201MadeAda,Eveframed"
    );
    let statuses: Vec<u16> = page
        .requests()
        .iter()
        .map(|request| request.status)
        .collect();
    assert_eq!(statuses, [200, 200, 200, 201]);
}

fn a_synchronous_request_is_answered() {
    let page = at_nowhere("<!DOCTYPE html>");
    page.route("**/sync", |route| {
        let answer = format!(
            "{} {:?}",
            route.request().method(),
            route.request().body_text()
        );
        route.fulfill(Fulfillment::text(answer).after(Duration::from_millis(30)));
    })
    .expect("a pattern");
    let text: String = page
        .evaluate("const r = new XMLHttpRequest(); r.open('POST', '/sync', false); r.send('body'); r.responseText")
        .expect("it is answered");
    assert_eq!(text, "POST Some(\"body\")");
}

fn what_is_answered_touches_no_network() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "from the network");
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    page.route("**/mocked", |route| {
        route.fulfill(Fulfillment::text("mocked"))
    })
    .expect("a pattern");
    assert_eq!(
        run(
            &page,
            "return [await get('/mocked'), await get('/real')].join()"
        ),
        "200 mocked,200 from the network"
    );
    let paths: Vec<_> = server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(paths, ["/", "/real"]);
}

fn the_latest_route_is_asked_first_and_may_fall_back() {
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    browser
        .route("**", |route| route.fulfill(Fulfillment::html("<p>browser")))
        .expect("a pattern");
    let page = browser.new_page_with(PageOptions::new()).expect("a page");
    page.goto("http://nowhere.test/")
        .expect("the browser answers");
    let log = Arc::new(Mutex::new(Vec::new()));
    for name in ["first", "second"] {
        let log = Arc::clone(&log);
        page.route("**/*", move |route| {
            log.lock().expect("no panic").push(name);
            match (name, route.request().url().ends_with("/own")) {
                ("first", true) => route.fulfill(Fulfillment::text("first")),
                // Dropping it is falling back.
                ("first", false) => drop(route),
                _ => route.fallback(),
            }
        })
        .expect("a pattern");
    }
    assert_eq!(
        run(
            &page,
            "return [await get('/own'), await get('/else')].join()"
        ),
        "200 first,200 <p>browser"
    );
    assert_eq!(
        *log.lock().expect("no panic"),
        ["second", "first", "second", "first"]
    );
}

fn every_kind_of_request_is_seen() {
    let markup = "<!DOCTYPE html><script src=/s.js></script><iframe src=/frame></iframe><script>
        const r = new XMLHttpRequest(); r.open('GET', '/sync', false); r.send();
        const a = new XMLHttpRequest(); a.open('GET', '/async'); a.send(); fetch('/from');</script>";
    let server = Server::with_page(markup, |request, connection| match request.path.as_str() {
        "/from" => connection.respond("302 Found", &[("Location", "/to")], ""),
        path => connection.answer("text/html", path),
    });
    let seen = Arc::new(Mutex::new(Vec::new()));
    let page = page();
    let list = Arc::clone(&seen);
    page.route("**", move |route| {
        let request = route.request();
        let path = request.url().splitn(4, '/').nth(3).unwrap_or_default();
        let line = format!(
            "/{path} {:?} {}",
            request.destination(),
            request.redirect_count()
        );
        list.lock().expect("no panic").push(line);
        route.continue_();
    })
    .expect("a pattern");
    page.goto(&server.url("/")).expect("it loads");
    page.wait_until_settled().expect("it settles");
    let mut seen = seen.lock().expect("no panic").clone();
    seen.sort();
    assert_eq!(
        seen,
        [
            "/ Document 0",
            "/async Empty 0",
            "/frame Iframe 0",
            "/from Empty 0",
            "/s.js Script 0",
            "/sync Empty 0",
            "/to Empty 1"
        ]
    );
}

fn requests_are_changed_and_the_page_does_not_see_it() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        let own = request.header("x-own").unwrap_or("none");
        let agent = request.header("user-agent").unwrap_or("none");
        let body = String::from_utf8_lossy(&request.body);
        let text = format!("{} {} {own} {agent} {body}", request.method, request.path);
        connection.answer("text/plain", text);
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    let other = server.url("/other");
    page.route("**/asked", move |route| {
        route.continue_with(
            Changes::new()
                .url(&other)
                .method("PUT")
                .header("X-Own", "set")
                .without_header("user-agent")
                .body("new body")
                .after(Duration::from_millis(5)),
        );
    })
    .expect("a pattern");
    assert_eq!(
        run(
            &page,
            "const r = await fetch('/asked'); return [await r.text(), new URL(r.url).pathname, r.redirected].join()"
        ),
        "PUT /other set none new body,/asked,false"
    );
}

fn requests_fail_by_name() {
    let page = at_nowhere("<!DOCTYPE html>");
    page.route("**/gone", |route| route.abort(AbortReason::ConnectionReset))
        .expect("a pattern");
    assert_eq!(
        run(
            &page,
            "return [await get('/gone'), await fetch('/gone').catch((e) => e.name)].join()"
        ),
        "0 ,TypeError"
    );
    let record = page.requests().pop().expect("a request");
    assert_eq!(
        record.error.as_deref(),
        Some("blocked by interception: connectionreset")
    );
}

fn a_route_that_panics_fails_its_request_only() {
    let page = at_nowhere("<!DOCTYPE html>");
    page.route("**/bad", |_| panic!("on purpose"))
        .expect("a pattern");
    page.route("**/worse", |route| {
        let thread = std::thread::spawn(move || {
            let _route = route;
            panic!("on purpose too");
        });
        drop(thread.join());
    })
    .expect("a pattern");
    page.route("**/good", |route| route.fulfill(Fulfillment::text("good")))
        .expect("a pattern");
    assert_eq!(
        run(
            &page,
            "return [await get('/bad'), await get('/worse'), await get('/good')].join()"
        ),
        "0 ,0 ,200 good"
    );
}

fn a_route_may_decide_later() {
    let page = at_nowhere("<!DOCTYPE html>");
    let (sender, kept) = channel::<Route>();
    let sender = Mutex::new(sender);
    page.route("**/late", move |route| {
        sender
            .lock()
            .expect("no panic")
            .send(route)
            .expect("the test listens");
    })
    .expect("a pattern");
    page.evaluate::<()>(&format!("{GET} window.late = get('/late'); null"))
        .expect("the script returns");
    let route = kept.recv().expect("the route is asked");
    assert!(
        page.evaluate::<bool>("window.late instanceof Promise")
            .expect("the page is free")
    );
    route.fulfill(Fulfillment::text("late"));
    assert_eq!(
        page.evaluate::<String>("window.late")
            .expect("it is answered"),
        "200 late"
    );
}

fn a_route_that_waits_does_not_keep_an_abort() {
    let page = at_nowhere("<!DOCTYPE html>");
    let (sender, kept) = channel::<Route>();
    let sender = Mutex::new(sender);
    page.route("**/kept", move |route| {
        sender
            .lock()
            .expect("no panic")
            .send(route)
            .expect("the test listens");
    })
    .expect("a pattern");
    page.route("**/held", |route| {
        route.fulfill(Fulfillment::text("").after(Duration::from_secs(3600)));
    })
    .expect("a pattern");
    let answer = run(
        &page,
        "const ended = (url) => new Promise((resolve) => { const r = new XMLHttpRequest(); r.open('GET', url); r.onloadend = () => resolve(r.status);
           r.onabort = () => resolve('abort'); r.send(); setTimeout(() => r.abort(), 20); });
         return [await ended('/kept'), await ended('/held')].join()",
    );
    assert_eq!(answer, "abort,abort");
    kept.recv()
        .expect("the route was asked")
        .fulfill(Fulfillment::text("too late"));
    page.wait_until_settled().expect("nothing is under way");
}

fn a_route_that_waits_does_not_keep_the_page_from_closing() {
    let page = at_nowhere("<!DOCTYPE html>");
    page.route("**/held", |route| {
        route.fulfill(Fulfillment::text("").after(Duration::from_secs(3600)));
    })
    .expect("a pattern");
    page.evaluate::<()>("fetch('/held').catch(() => {}); null")
        .expect("the script returns");
    page.close();
}

fn answers_to_other_origins_are_allowed() {
    let page = at_nowhere("<!DOCTYPE html>");
    page.route("http://other.test/**", |route| {
        route.fulfill(Fulfillment::text("mocked"))
    })
    .expect("a pattern");
    page.route("http://closed.test/**", |route| {
        route.fulfill(
            Fulfillment::text("closed").header("Access-Control-Allow-Origin", "http://third.test"),
        );
    })
    .expect("a pattern");
    let answer = run(
        &page,
        "const text = (url, init) => fetch(url, init).then((r) => r.text(), (e) => e.name);
         return [await text('http://other.test/', { method: 'DELETE', headers: { 'X-Own': '1' }, credentials: 'include' }), await text('http://closed.test/')].join()",
    );
    assert_eq!(answer, "mocked,TypeError");
}

fn answers_after_redirects_are_allowed() {
    let page = at_nowhere("<!DOCTYPE html>");
    for (from, to) in [
        ("http://a.test/far", "http://b.test/end"),
        ("http://a.test/home", "http://nowhere.test/end"),
    ] {
        page.route(from, move |route| {
            route.fulfill(Fulfillment::new().status(302).header("Location", to));
        })
        .expect("a pattern");
        page.route(to, |route| route.fulfill(Fulfillment::text("there")))
            .expect("a pattern");
    }
    // From one foreign origin to another the origin is shown as null; back home CORS applies all the same.
    assert_eq!(
        run(
            &page,
            "return [await get('http://a.test/far'), await get('http://a.test/home')].join()"
        ),
        "200 there,200 there"
    );
}

fn globs_match_no_preflights_and_functions_do() {
    let other = Server::start(|request, connection| {
        let allow = ("Access-Control-Allow-Origin", "*");
        let headers = ("Access-Control-Allow-Headers", "x-own");
        connection.respond("200 OK", &[allow, headers], &request.method);
    });
    let server = Server::with_page("<!DOCTYPE html>", |_, _| {});
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (by_glob, by_function) = (Arc::clone(&seen), Arc::clone(&seen));
    page.route("**", move |route| {
        by_glob
            .lock()
            .expect("no panic")
            .push(format!("glob {}", route.request().method()));
        route.fallback();
    })
    .expect("a pattern");
    page.route(
        RoutePattern::matching(|request| request.is_preflight()),
        move |route| {
            by_function
                .lock()
                .expect("no panic")
                .push(format!("function {}", route.request().method()));
            route.fallback();
        },
    )
    .expect("a pattern");
    let script = format!(
        "return (await fetch({:?}, {{ headers: {{ 'X-Own': '1' }} }})).text()",
        other.url("/")
    );
    assert_eq!(run(&page, &script), "GET");
    assert_eq!(
        *seen.lock().expect("no panic"),
        ["glob GET", "function OPTIONS"]
    );
}

fn routes_are_taken_away() {
    let page = at_nowhere("<!DOCTYPE html>");
    let route = page
        .route("**/x", |route| route.fulfill(Fulfillment::text("second")))
        .expect("a pattern");
    assert_eq!(run(&page, "return get('/x')"), "200 second");
    assert!(page.unroute(route));
    assert!(!page.unroute(route));
    page.route("**/x", |route| route.abort(AbortReason::NameNotResolved))
        .expect("a pattern");
    assert_eq!(run(&page, "return get('/x')"), "0 ");
    page.unroute_all();
    assert_eq!(
        run(&page, "return get('/x')"),
        "0 ",
        "the name does not exist"
    );
}

fn bad_patterns_and_bad_answers_say_so() {
    let page = at_nowhere("<!DOCTYPE html>");
    for pattern in ["", "{", "a}", "{a,{b}}", "a\\"] {
        let result = page.route(pattern, drop);
        assert!(
            matches!(result, Err(Error::InvalidPattern(_))),
            "{pattern:?}"
        );
    }
    page.route("**/status", |route| {
        route.fulfill(Fulfillment::new().status(99))
    })
    .expect("a pattern");
    page.route("**/url", |route| {
        route.continue_with(Changes::new().url("file:///x"))
    })
    .expect("a pattern");
    page.route("**/header", |route| {
        route.continue_with(Changes::new().header("a b", "c"))
    })
    .expect("a pattern");
    assert_eq!(
        run(
            &page,
            "return [await get('/status'), await get('/url'), await get('/header')].join()"
        ),
        "0 ,0 ,0 "
    );
}

fn blocked_patterns_fail() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        connection.answer("text/plain", &request.path);
    });
    let mut options = BrowserOptions::new();
    options.block = vec!["**/ads/**".to_owned(), "**/*.{png,gif}".to_owned()];
    let browser = Browser::new(options).expect("a browser");
    let page = browser.new_page().expect("a page");
    page.goto(&server.url("/")).expect("it loads");
    assert_eq!(
        run(
            &page,
            "return [await get('/ads/x/y'), await get('/a/b.gif'), await get('/a.gift')].join()"
        ),
        "0 ,0 ,200 /a.gift"
    );
    assert_eq!(server.requests().len(), 2);
    let mut options = BrowserOptions::new();
    options.block = vec!["{".to_owned()];
    assert!(matches!(
        Browser::new(options),
        Err(Error::InvalidPattern(_))
    ));
}

fn hosts_are_mapped() {
    let server = Server::start(|request, connection| {
        let host = request.header("host").unwrap_or_default();
        connection.answer("text/html", format!("<p>{host}"));
    });
    let address = server.url("");
    let address = address.trim_start_matches("http://");
    let mut options = BrowserOptions::new();
    options.map_hosts = vec![
        format!("shop.test={address}"),
        format!("*.cdn.test:80={address}"),
    ];
    let browser = Browser::new(options).expect("a browser");
    let page = browser.new_page().expect("a page");
    page.goto("http://shop.test/")
        .expect("it is connected to the server");
    assert_eq!(page.text().expect("a text"), "shop.test");
    assert_eq!(
        run(
            &page,
            "return [await get('/x'), await fetch('http://a.cdn.test/', { mode: 'no-cors' }).then((r) => r.type)].join()"
        ),
        "200 <p>shop.test,opaque"
    );
    let mut options = BrowserOptions::new();
    options.map_hosts = vec!["shop.test".to_owned()];
    assert!(matches!(
        Browser::new(options),
        Err(Error::InvalidTarget { .. })
    ));
}
