//! Windows that script opens: their openers, names and ends, and what the page's handle sees of them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use readystate::{Browser, BrowserOptions, Error, Limit, Limits, Page, PageEvent, PageOptions};

use crate::support::page::{page_with, settled, value};
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::popups":
    a_window_is_opened_at_once,
    opener_and_window_post_messages,
    windows_are_found_by_their_names,
    a_window_is_closed_by_its_opener_and_by_itself,
    links_and_forms_open_windows,
    a_window_without_an_opener_knows_nobody,
    a_window_of_another_origin_is_out_of_reach,
    a_window_that_goes_to_another_origin_is_still_the_one_its_opener_holds,
    a_window_has_a_history_of_its_own,
    session_storage_is_copied_once,
    a_sandbox_may_forbid_windows,
    windows_without_end_hit_the_limit,
    the_handle_drives_windows,
    a_sign_in_window_answers_its_opener,
);

fn site(request: &Request, connection: &mut Connection) {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let referrer = request.header("referer").unwrap_or("nobody").to_owned();
    let body = format!(
        "<!doctype html><title>{path} {query}</title><body data-referrer='{referrer}'>
         <script>if (opener && location.search === '?tell') opener.postMessage(document.title, '*')</script>"
    );
    connection.answer("text/html", body);
}

/// Evaluates `source` and gives the titles of all windows once the page is settled.
#[track_caller]
fn titles_after(page: &Page, source: &str) -> Vec<String> {
    value(page, source);
    page.wait_until_settled().expect("settled");
    let popups = page.popups().expect("windows");
    popups
        .iter()
        .map(|popup| popup.title().expect("a title"))
        .collect()
}

fn a_window_is_opened_at_once() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "var made = open('', '', 'width=400,height=300');
         made.document.body.append('written');
         [made.opener === window, made.parent === made, made.top === made, made.frameElement, made.location.href,
          made.document.referrer === location.href, made.innerWidth, made.closed, made.document.baseURI === document.baseURI,
          made.Array !== Array, made.document.body.textContent, made.menubar.visible, menubar.visible].join()",
    );
    assert_eq!(
        seen,
        "true,true,true,,about:blank,true,400,false,true,true,written,false,true"
    );
    assert_eq!(value(&page, "frames.length"), "0");
    let error = value(
        &page,
        "try { open('http://[') } catch (error) { error.name }",
    );
    assert_eq!(error, "SyntaxError");
}

fn opener_and_window_post_messages() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "new Promise((resolve) => {
            open('/b?tell', 'teller');
            onmessage = (event) => {
                const made = open('', 'teller');
                made.onmessage = (answer) => resolve(
                    [event.data, event.origin === origin, event.source === made, answer.data, answer.source === window].join());
                event.source.postMessage('back', origin);
            };
        })",
    );
    assert_eq!(seen, "/b tell,true,true,back,true");
}

fn windows_are_found_by_their_names() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    assert_eq!(titles_after(&page, "open('/b?1', 'named'); 0"), ["/b 1"]);
    assert_eq!(titles_after(&page, "open('/b?2', 'named'); 0"), ["/b 2"]);
    assert_eq!(value(&page, "open('', 'named').name"), "named");
    // A frame inside of it is found too, and the opener from there.
    assert_eq!(
        titles_after(
            &page,
            "const inside = open('', 'named').document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'deep' }));
             window.name = 'main'; 0"
        ),
        ["/b 2"]
    );
    assert_eq!(
        value(&page, "open('', 'deep').parent === open('', 'named')"),
        "true"
    );
    let popups = page.popups().expect("windows");
    let same: bool = popups[0]
        .evaluate("open('', 'main') === opener")
        .expect("a flag");
    assert!(same);
    assert_eq!(popups.len(), 1);
}

fn a_window_is_closed_by_its_opener_and_by_itself() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "new Promise((resolve) => {
            const log = [];
            window.note = (text) => log.push(text);
            const made = open();
            made.onbeforeunload = () => note('before');
            made.onunload = () => note('unload');
            made.close();
            log.push(made.closed);
            const other = open('javascript:close()');
            const poll = () => {
                if (!other.closed || log.length < 3) return setTimeout(poll, 5);
                resolve(log.concat(made.closed, made.opener, made.document === null).join());
            };
            poll();
        })",
    );
    assert_eq!(seen, "true,before,unload,true,,false");
    assert_eq!(page.popups().expect("windows").len(), 0);
    // The page's own window is not script's to close.
    assert_eq!(value(&page, "close(); closed"), "false");
}

fn links_and_forms_open_windows() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(
        &page,
        "document.body.innerHTML = `<a id=blank target=_blank href=/blank>x</a>
            <a id=named target=one href=/named>x</a> <a id=private target=_blank rel=noreferrer href=/private>x</a>
            <form target=two action=/sent method=post><input name=q value=1></form>`; 0",
    );
    let titles = titles_after(
        &page,
        "for (const id of ['blank', 'named', 'private']) document.getElementById(id).click();
         document.forms[0].submit()",
    );
    assert_eq!(titles.len(), 4, "{titles:?}");
    let by_path = |path: &str| {
        let popups = page.popups().expect("windows");
        let found = popups
            .into_iter()
            .find(|popup| popup.title().is_ok_and(|title| title.starts_with(path)));
        found.unwrap_or_else(|| panic!("no window shows {path}"))
    };
    let facts = "[opener !== null, document.referrer !== '', document.body.dataset.referrer !== 'nobody', window.name].join()";
    let seen = |path: &str| by_path(path).evaluate::<String>(facts).expect("a text");
    assert_eq!(seen("/blank"), "false,true,true,");
    assert_eq!(seen("/named"), "true,true,true,one");
    assert_eq!(seen("/private"), "false,false,false,");
    assert_eq!(seen("/sent"), "true,true,true,two");
    let posted = server.requests();
    let posted = posted.iter().find(|request| request.path == "/sent");
    assert_eq!(
        posted.map(|request| request.body.as_slice()),
        Some(&b"q=1"[..])
    );
}

fn a_window_without_an_opener_knows_nobody() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    assert_eq!(
        titles_after(&page, "window.got = open('/b', 'hidden', 'noopener'); 0"),
        ["/b"]
    );
    assert_eq!(value(&page, "got"), "null");
    // Its name is its own group's.
    assert_eq!(titles_after(&page, "open('/c', 'hidden'); 0"), ["/b", "/c"]);
    let popups = page.popups().expect("windows");
    let opener: bool = popups[0].evaluate("opener === null").expect("a flag");
    assert!(opener);
    // One that gives its opener up.
    popups[1]
        .evaluate::<()>("void (opener = null)")
        .expect("set");
    let opener: bool = popups[1].evaluate("opener === null").expect("a flag");
    assert!(opener);
}

fn a_window_of_another_origin_is_out_of_reach() {
    let other = Server::start(site);
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        &format!(
            "new Promise((resolve) => {{
                open('{}', 'other');
                onmessage = (event) => {{
                    const made = event.source;
                    let name;
                    try {{ made.document; }} catch (error) {{ name = error.name; }}
                    const before = made.closed;
                    made.close();
                    resolve([name, event.origin !== origin, before, made.closed].join());
                }};
            }})",
            other.url("/b?tell")
        ),
    );
    assert_eq!(seen, "SecurityError,true,false,true");
    page.wait_until_settled().expect("settled");
    assert_eq!(page.popups().expect("windows").len(), 0);
}

fn a_window_that_goes_to_another_origin_is_still_the_one_its_opener_holds() {
    let other = Server::start(site);
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        &format!(
            "new Promise((resolve) => {{
                const made = open('{}', 'other');
                onmessage = (event) => resolve([event.source === open('', 'other'), event.source === made].join());
            }})",
            other.url("/b?tell")
        ),
    );
    // QuickJS has no WindowProxy: what was opened stays the window of the initial about:blank.
    assert_eq!(seen, format!("true,{}", cfg!(feature = "v8")));
}

fn a_window_has_a_history_of_its_own() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    assert_eq!(titles_after(&page, "open('/b', 'w'); 0"), ["/b"]);
    assert_eq!(
        titles_after(&page, "open('', 'w').location.href = '/c'; 0"),
        ["/c"]
    );
    assert_eq!(
        value(
            &page,
            "[history.length, open('', 'w').history.length].join()"
        ),
        "1,2"
    );
    assert_eq!(
        titles_after(&page, "open('', 'w').history.back(); 0"),
        ["/b"]
    );
}

fn session_storage_is_copied_once() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(
        &page,
        "sessionStorage.kept = 'before'; window.made = open('/b', 'w'); sessionStorage.kept = 'after'; 0",
    );
    page.wait_until_settled().expect("settled");
    assert_eq!(
        value(
            &page,
            "[open('', 'w').sessionStorage.kept, sessionStorage.kept].join()"
        ),
        "before,after"
    );
}

fn a_sandbox_may_forbid_windows() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(
        &page,
        "document.body.innerHTML = `<iframe sandbox='allow-scripts allow-same-origin' srcdoc='<script>parent.first = open()</script>'></iframe>
            <iframe sandbox='allow-scripts allow-same-origin allow-popups' srcdoc='<script>parent.second = open()</script>'></iframe>`; 0",
    );
    page.wait_until_settled().expect("settled");
    assert_eq!(
        value(&page, "[first === null, second !== null].join()"),
        "true,true"
    );
    assert_eq!(page.popups().expect("windows").len(), 1);
}

fn windows_without_end_hit_the_limit() {
    let server = Server::start(site);
    let mut limits = Limits::default();
    limits.windows = 10;
    let page = page_with(limits, Duration::from_secs(40));
    page.goto(&server.url("/a")).expect("the page loads");
    assert_eq!(
        value(
            &page,
            "let made = 0; for (let i = 0; i < 20; i++) if (open() !== null) made++; made"
        ),
        "10"
    );
    let hit = page.limits_hit();
    assert_eq!(hit.len(), 1, "{hit:?}");
    assert_eq!(hit[0].0, Limit::Windows);
}

fn the_handle_drives_windows() {
    let server = Server::start(site);
    let opened = Arc::new(Mutex::new(Vec::new()));
    let mut options = PageOptions::new();
    options.on_event = Some(Arc::new({
        let opened = Arc::clone(&opened);
        move |event| {
            if let PageEvent::Popup { number, url } = event {
                opened
                    .lock()
                    .expect("the list")
                    .push((*number, url.clone()));
            }
        }
    }));
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let page = browser.new_page_with(options).expect("a page");
    page.goto(&server.url("/a")).expect("it loads");
    assert_eq!(titles_after(&page, "open('/b?x'); 0"), ["/b x"]);
    let popup = page.popups().expect("windows").remove(0);
    assert_eq!(
        *opened.lock().expect("the list"),
        [(popup.number(), server.url("/b?x"))]
    );
    assert_eq!(popup.url().expect("a URL"), server.url("/b?x"));
    let click =
        "document.body.innerHTML = '<button onclick=\"this.textContent = 1\">0</button>'; null";
    popup.evaluate::<()>(click).expect("changed");
    popup.click("button").expect("clicked");
    assert_eq!(popup.text().expect("a text"), "1");
    let number = popup.number();
    popup.close().expect("closed");
    assert!(page.popups().expect("windows").is_empty());
    assert_eq!(opened.lock().expect("the list")[0].0, number);
    // Another document of the page ends its windows.
    assert_eq!(titles_after(&page, "open('/b'); 0"), ["/b"]);
    let popup = page.popups().expect("windows").remove(0);
    page.goto(&server.url("/c")).expect("it loads");
    assert!(page.popups().expect("windows").is_empty());
    assert!(matches!(popup.title(), Err(Error::Closed)));
}

fn a_sign_in_window_answers_its_opener() {
    let server = Server::start(|request, connection| {
        let body = match request.path.as_str() {
            "/sign-in" => "<form action=/welcome method=post><input id=user name=user><button>Go</button></form>",
            "/welcome" => "<script>opener.postMessage('signed in', location.origin); close()</script>",
            _ => "<button id=go onclick=\"open('/sign-in', 'auth', 'width=300,height=300')\">x</button><p id=out></p>
                  <script>onmessage = (event) => { out.textContent = event.data; }</script>",
        };
        connection.answer("text/html", format!("<!doctype html>{body}"));
    });
    let page = settled(&server.url("/"));
    page.click("#go").expect("clicked");
    page.wait_until_settled().expect("settled");
    let popup = page.popups().expect("windows").remove(0);
    popup.fill("#user", "ada").expect("filled");
    popup.click("button").expect("clicked");
    page.wait_until_settled().expect("settled");
    assert_eq!(value(&page, "out.textContent"), "signed in");
    assert!(page.popups().expect("windows").is_empty());
}
