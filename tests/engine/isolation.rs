//! Pages side by side: what they share, and what a page may not reach.

use crate::support::page::{page, settled};
use crate::support::server::Server;
use crate::support::trials;
use readystate::{Browser, BrowserOptions};

trials!("engine::isolation":
    two_pages_of_one_process_share_no_script,
    pages_of_one_browser_share_cookies_and_others_do_not,
    many_pages_run_at_the_same_time,
    a_page_from_a_public_address_cannot_reach_loopback,
    a_redirect_to_loopback_is_refused_too,
    page_script_has_no_files_and_no_process,
);

fn two_pages_of_one_process_share_no_script() {
    let (one, two) = (page(), page());
    for (page, name) in [(&one, "one"), (&two, "two")] {
        let html = format!(
            "<!DOCTYPE html><title>{name}</title><script>var mine = '{name}'; Array.prototype.{name} = 1</script>"
        );
        page.set_content(&html, Some("https://example.com/"))
            .expect("it loads");
    }
    let look = "[mine, document.title, 'one' in [], 'two' in []].join()";
    assert_eq!(
        one.evaluate::<String>(look).expect("a string"),
        "one,one,true,false"
    );
    assert_eq!(
        two.evaluate::<String>(look).expect("a string"),
        "two,two,false,true"
    );
}

fn pages_of_one_browser_share_cookies_and_others_do_not() {
    let server = Server::start(|_, connection| connection.answer("text/html", "<p>x"));
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let (one, two) = (
        browser.new_page().expect("a page"),
        browser.new_page().expect("a page"),
    );
    for page in [&one, &two] {
        page.goto(&server.url("/")).expect("it loads");
    }
    one.evaluate::<String>("document.cookie = 'seen=1'")
        .expect("a string");
    assert_eq!(
        two.evaluate::<String>("document.cookie").expect("a string"),
        "seen=1"
    );
    let other = settled(&server.url("/"));
    assert_eq!(
        other
            .evaluate::<String>("document.cookie")
            .expect("a string"),
        ""
    );
}

fn many_pages_run_at_the_same_time() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>const r = new XMLHttpRequest(); r.open('GET', '/x'); \
         r.onload = () => { document.title = r.responseText }; r.send()</script>",
        |_, connection| connection.answer("text/plain", "done"),
    );
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let pages: Vec<_> = (0..8)
        .map(|_| browser.new_page().expect("a page"))
        .collect();
    std::thread::scope(|scope| {
        for page in &pages {
            scope.spawn(|| {
                page.goto(&server.url("/")).expect("it loads");
                page.wait_until_settled().expect("it settles");
                assert_eq!(page.title().expect("a title"), "done");
            });
        }
    });
}

fn a_page_from_a_public_address_cannot_reach_loopback() {
    let server = Server::start(|_, connection| {
        connection.respond("200 OK", &[("Access-Control-Allow-Origin", "*")], "secret");
    });
    let page = page();
    page.set_content("<!DOCTYPE html>", Some("http://93.184.216.34/"))
        .expect("it loads");
    let port = server
        .url("")
        .rsplit(':')
        .next()
        .expect("a port")
        .to_owned();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "0.0.0.0"] {
        let script = format!(
            "new Promise((resolve) => {{ const r = new XMLHttpRequest(); r.open('GET', 'http://{host}:{port}/'); \
             r.onloadend = () => resolve(r.status + r.responseText); r.send() }})"
        );
        assert_eq!(
            page.evaluate::<String>(&script).expect("a string"),
            "0",
            "{host}"
        );
    }
    assert_eq!(server.requests().len(), 0);
}

fn a_redirect_to_loopback_is_refused_too() {
    // Synchronous requests, scripts and images go the same way.
    let server =
        Server::start(|_, connection| connection.answer("text/javascript", "window.ran = true"));
    let page = page();
    let html = format!(
        "<!DOCTYPE html><script src='{}'></script>",
        server.url("/x.js")
    );
    page.set_content(&html, Some("http://93.184.216.34/"))
        .expect("it loads");
    assert!(!page.evaluate::<bool>("'ran' in window").expect("a boolean"));
    let sync = format!(
        "try {{ const r = new XMLHttpRequest(); r.open('GET', '{}', false); r.send(); r.status }} catch (e) {{ e.name }}",
        server.url("/")
    );
    assert_eq!(
        page.evaluate::<String>(&sync).expect("a name"),
        "NetworkError"
    );
    assert_eq!(server.requests().len(), 0);
}

fn page_script_has_no_files_and_no_process() {
    let page = page();
    page.set_content("<!DOCTYPE html>", Some("https://example.com/"))
        .expect("it loads");
    let look = "['Deno', 'process', 'require', 'module', 'global', 'Buffer', '__bootstrap', 'gc'].filter((name) => name in globalThis).join()";
    assert_eq!(page.evaluate::<String>(look).expect("a string"), "");
    let file = "try { const r = new XMLHttpRequest(); r.open('GET', 'file:///etc/hostname', false); r.send(); r.responseText } catch (e) { e.name }";
    assert_eq!(
        page.evaluate::<String>(file).expect("a name"),
        "NetworkError"
    );
}
