//! Pages driven from Rust.

use std::time::Duration;

use readystate::{ConsoleLevel, Error, Limits};

use crate::support::page::{page, page_with, settled};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::automation":
    a_form_is_filled_and_clicked,
    evaluate_gives_typed_values,
    evaluate_reports_what_was_thrown,
    waiting_says_what_is_pending,
    the_tree_itself_can_be_read_and_changed,
    scripts_run_where_they_stand,
    navigation_by_script_is_followed,
    console_requests_and_exceptions_are_recorded,
    an_uncaught_error_reaches_window_onerror,
);

fn a_form_is_filled_and_clicked() {
    let page = page();
    let html = "<!DOCTYPE html><input id=query><button id=go>Go</button><p id=out></p><script>
        const query = document.getElementById('query');
        query.addEventListener('input', () => { document.getElementById('out').textContent = query.value.length; });
        document.getElementById('go').onclick = (event) => {
            document.getElementById('out').textContent = event.isTrusted + ' ' + query.value; };</script>";
    page.set_content(html, Some("https://example.com/"))
        .expect("it loads");
    page.fill("#query", "lamp").expect("filled");
    assert_eq!(
        page.evaluate::<String>("document.getElementById('out').textContent")
            .expect("text"),
        "4"
    );
    page.type_text("#query", "s!").expect("typed");
    page.click("#go").expect("clicked");
    let out: String = page
        .evaluate("document.getElementById('out').textContent")
        .expect("text");
    assert!(out.ends_with(" lamps!"), "{out}");
    assert!(matches!(page.click("#missing"), Err(Error::NoElement(_))));
    assert!(matches!(
        page.click("::nonsense::"),
        Err(Error::InvalidSelector(_))
    ));
}

fn evaluate_gives_typed_values() {
    let page = page();
    page.set_content("<title>T</title>", None)
        .expect("it loads");
    assert_eq!(page.evaluate::<i64>("6 * 7").expect("a number"), 42);
    assert_eq!(
        page.evaluate::<Vec<String>>("['a', 'é😀']")
            .expect("strings"),
        ["a", "é😀"]
    );
    assert_eq!(
        page.evaluate::<Option<i32>>("undefined").expect("nothing"),
        None
    );
    let thenable = page.evaluate::<i64>("({ then(done) { setTimeout(done, 1, 7) } })");
    assert_eq!(thenable.expect("what it is resolved with"), 7);
    let refusing = page.evaluate::<i64>("({ then(_, fail) { fail(new TypeError('never')) } })");
    assert!(matches!(refusing, Err(Error::Script(_))), "{refusing:?}");
    assert_eq!(page.exceptions(), []);
    let awaited = page.evaluate::<bool>("Promise.resolve(true)");
    assert!(awaited.expect("a boolean"));
    assert!(matches!(
        page.evaluate::<i64>("'text'"),
        Err(Error::Value(_))
    ));
}

fn evaluate_reports_what_was_thrown() {
    let page = page();
    page.set_content("", None).expect("it loads");
    match page.evaluate::<i32>("throw new TypeError('no')") {
        Err(Error::Script(report)) => {
            assert!(report.message.contains("TypeError: no"), "{report:?}")
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(
        page.evaluate::<i32>("syntax error here"),
        Err(Error::Script(_))
    ));
    assert_eq!(page.exceptions(), [], "the caller was told, not the page");
}

fn waiting_says_what_is_pending() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>const r = new XMLHttpRequest(); r.open('GET', '/slow'); r.send(); \
         setTimeout(() => {}, 900)</script>",
        |_, connection| connection.hang(),
    );
    let page = page_with(Limits::default(), Duration::from_millis(300));
    page.goto_within(&server.url("/"), Duration::from_secs(30))
        .expect("it loads");
    let horizon = Duration::from_secs(5);
    match page.wait_until_settled_within(horizon, Duration::from_millis(200)) {
        Err(error @ Error::Timeout { .. }) => {
            assert!(error.to_string().contains("/slow"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    match page.wait_for_selector("#never") {
        Err(error @ Error::Timeout { .. }) => {
            assert!(error.to_string().contains("#never"), "{error}")
        }
        other => panic!("{other:?}"),
    }
}

fn the_tree_itself_can_be_read_and_changed() {
    let page = page();
    page.set_content("<ul><li>a<li>b</ul>", None)
        .expect("it loads");
    let count = page.with_document(|tree, document| {
        let items = tree
            .query_selector_all(document, "li")
            .expect("a valid selector");
        tree.set_attribute(items[0], "class", "first")
            .expect("a valid name");
        items.len()
    });
    assert_eq!(count.expect("a visit"), 2);
    assert_eq!(
        page.evaluate::<String>("document.querySelector('.first').textContent")
            .expect("text"),
        "a"
    );
}

fn scripts_run_where_they_stand() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>var order = []; order.push('inline ' + document.readyState + ' ' + (document.body === null))</script>
        <script src=deferred.js defer></script><body><p id=a></p>
        <script src=blocking.js></script><script>order.push('after blocking')</script>
        <script>document.write('<script src=written.js><' + '/script><p id=w>')</script><script>order.push('after written')</script>
        <script>const made = document.createElement('script'); made.textContent = \"order.push('made')\"; document.body.append(made); order.push('after made')</script>
        <script type=text/template>order.push('never')</script>
        <script>document.addEventListener('DOMContentLoaded', () => order.push('parsed ' + document.readyState)); addEventListener('load', () => order.push('load ' + document.readyState))</script><p id=z></p>",
        |request, connection| {
            let name = request.path.trim_start_matches('/').trim_end_matches(".js");
            connection.answer("text/javascript", format!("order.push('{name} ' + !!document.getElementById('a') + !!document.getElementById('z'))"));
        },
    );
    let page = settled(&server.url("/"));
    let order: Vec<String> = page.evaluate("order").expect("the order of things");
    assert_eq!(
        order,
        [
            "inline loading true",
            "blocking truefalse",
            "after blocking",
            "written truefalse",
            "after written",
            "made",
            "after made",
            "deferred truetrue",
            "parsed interactive",
            "load complete",
        ]
    );
}

fn navigation_by_script_is_followed() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/" => connection.answer(
            "text/html",
            "<script>location.href = '/next?from=' + document.title.length</script>",
        ),
        _ => connection.answer(
            "text/html",
            "<title>next</title><script>document.title += history.length > 0</script>",
        ),
    });
    let page = settled(&server.url("/"));
    assert_eq!(page.title().expect("a title"), "nexttrue");
    assert_eq!(page.url().expect("a URL"), server.url("/next?from=0"));
}

fn console_requests_and_exceptions_are_recorded() {
    let server = Server::with_page(
        "<!DOCTYPE html>\n<script>console.error('bad %d', 7); const r = new XMLHttpRequest(); r.open('POST', '/x'); r.send('abc');\nmissing()</script>",
        |request, connection| connection.answer("text/plain", &request.body),
    );
    let page = settled(&server.url("/"));
    let console = page.console();
    assert_eq!(console.len(), 1, "{console:?}");
    assert_eq!(
        (console[0].level, console[0].text.as_str()),
        (ConsoleLevel::Error, "bad 7")
    );
    assert_eq!(console[0].location.line, 2);
    let requests = page.requests();
    let posted = requests
        .iter()
        .find(|record| record.method == "POST")
        .expect("the POST");
    assert_eq!((posted.status, posted.bytes), (200, 3));
    let exceptions = page.exceptions();
    assert_eq!(exceptions.len(), 1, "{exceptions:?}");
    assert_eq!(exceptions[0].location.line, 3);
    assert!(exceptions[0].message.contains("missing"));
}

fn an_uncaught_error_reaches_window_onerror() {
    let page = page();
    let html = "<!DOCTYPE html>\n<script>\nonerror = (...args) => { window.seen = [args[0], args[2], args[4] instanceof TypeError].join('|'); return true };\nnull.x;\n</script>";
    page.set_content(html, Some("https://example.com/"))
        .expect("it loads");
    let seen: String = page.evaluate("seen").expect("a string");
    assert!(
        seen.contains("TypeError") && seen.ends_with("|4|true"),
        "{seen}"
    );
    assert_eq!(page.exceptions(), []);
}
