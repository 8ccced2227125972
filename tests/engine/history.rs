//! The session history: states, fragments, going back to documents, histories of frames, and the events around them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use readystate::{Browser, BrowserOptions, Error, Limit, LoadFailure, Page, PageOptions};

use crate::support::page::{page, settled, value};
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::history":
    states_survive_going_through_the_history,
    a_fragment_fires_popstate_and_hashchange,
    going_back_loads_the_document_again,
    states_survive_their_document,
    a_document_that_came_by_post_is_sent_again,
    navigations_before_load_replace_the_entry,
    frames_take_part_in_the_history,
    frames_of_an_earlier_document_show_what_they_showed,
    the_handle_goes_back_and_forward,
    documents_are_told_that_they_go,
    a_page_may_ask_to_be_kept,
    a_flood_of_entries_is_ended,
    a_meta_refresh_is_followed,
    a_refresh_header_is_followed,
    refreshes_without_end_are_ended,
    a_refresh_far_away_keeps_nobody_waiting,
    stop_gives_up_a_navigation,
    the_name_of_a_window_stays_with_its_origin,
);

/// Pages that name themselves, and answer a form.
fn site(request: &Request, connection: &mut Connection) {
    let (path, _) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let body = format!(
        "<!doctype html><title>{} {path}</title><body>{}",
        request.method,
        String::from_utf8_lossy(&request.body),
    );
    connection.answer("text/html", body);
}

/// Evaluates `source`, lets the page settle, and gives its title and URL's path and query.
#[track_caller]
fn after(page: &Page, source: &str) -> String {
    value(page, source);
    page.wait_until_settled().expect("settled");
    value(
        page,
        "document.title + ' ' + location.search + location.hash",
    )
}

fn states_survive_going_through_the_history() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "new Promise((resolve) => {
            const log = [];
            history.replaceState({ first: [1, new Date(0)] }, '');
            const before = history.length;
            history.pushState(new Map([['key', { deep: NaN }]]), '', '?second');
            history.pushState(undefined, '', '#third');
            log.push(history.length - before, history.state === undefined, location.search + location.hash);
            let step = 0;
            onpopstate = (event) => {
                const same = event.state === history.state;
                if (step++ === 0) {
                    log.push(same, history.state.get('key').deep, location.search, event.hasUAVisualTransition);
                    history.back();
                } else {
                    log.push(same, history.state.first[1].getTime(), location.search, history.length - before);
                    resolve(log.join());
                }
            };
            history.back();
        })",
    );
    assert_eq!(
        seen,
        "2,true,?second#third,true,NaN,?second,false,true,0,,2"
    );
}

fn a_fragment_fires_popstate_and_hashchange() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "new Promise((resolve) => {
            const log = [history.length];
            onpopstate = (event) => log.push('pop ' + event.state + location.hash);
            onhashchange = (event) => {
                log.push('hash ' + new URL(event.oldURL).hash + new URL(event.newURL).hash);
                if (location.hash === '#x') history.back();
                else resolve(log.concat(history.length).join());
            };
            location.hash = 'x';
            log.push('set');
        })",
    );
    assert_eq!(seen, "1,pop null#x,set,hash #x,pop null,hash #x,2");
}

fn going_back_loads_the_document_again() {
    let server = Server::start(site);
    let page = settled(&server.url("/a?1"));
    assert_eq!(after(&page, "location.href = '/b?2'"), "GET /b ?2");
    assert_eq!(after(&page, "location.href = '/c?3'"), "GET /c ?3");
    assert_eq!(value(&page, "history.length"), "3");
    assert_eq!(after(&page, "history.go(-2)"), "GET /a ?1");
    assert_eq!(value(&page, "history.length"), "3");
    assert_eq!(after(&page, "history.forward()"), "GET /b ?2");
    // One way at a time.
    assert_eq!(
        after(&page, "history.forward(); history.go(-1)"),
        "GET /c ?3"
    );
    assert_eq!(after(&page, "history.back()"), "GET /b ?2");
    // Nowhere to go.
    assert_eq!(after(&page, "history.go(7)"), "GET /b ?2");
    // What lay ahead is forgotten.
    assert_eq!(after(&page, "location.href = '/d'"), "GET /d ");
    assert_eq!(value(&page, "history.length"), "3");
    let loads = |path: &str| {
        server
            .requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    };
    assert_eq!((loads("/a?1"), loads("/b?2"), loads("/c?3")), (2, 3, 2));
}

fn states_survive_their_document() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(
        &page,
        "history.replaceState({ list: [new Set([1n, -0, undefined]), /x/gi, new Uint8Array([1, 255])] }, '', '?kept');
         history.scrollRestoration = 'manual'",
    );
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(value(&page, "history.state === null"), "true");
    assert_eq!(after(&page, "history.back()"), "GET /a ?kept");
    let seen = value(
        &page,
        "const [set, expression, bytes] = history.state.list;
         [[...set].map(String), Object.is([...set][1], 0), String(expression), [...bytes], history.scrollRestoration].join()",
    );
    assert_eq!(seen, "1,0,undefined,true,/x/gi,1,255,manual");
}

fn a_document_that_came_by_post_is_sent_again() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(
        &page,
        "document.body.innerHTML = '<form method=post action=/post><input name=q value=1></form>'; 0",
    );
    assert_eq!(after(&page, "document.forms[0].submit()"), "POST /post ");
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(after(&page, "history.back()"), "POST /post ");
    assert_eq!(value(&page, "document.body.textContent"), "q=1");
}

fn navigations_before_load_replace_the_entry() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/a" => connection.answer("text/html", "<script>location.href = '/b'</script>"),
        _ => site(request, connection),
    });
    let page = settled(&server.url("/start"));
    assert_eq!(after(&page, "location.href = '/a'"), "GET /b ");
    assert_eq!(value(&page, "history.length"), "2");
    // Nor does the same address again make one, or replace().
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(after(&page, "location.replace('/c')"), "GET /c ");
    assert_eq!(value(&page, "history.length"), "2");
    assert_eq!(after(&page, "history.back()"), "GET /start ");
}

fn frames_take_part_in_the_history() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "(async () => {
            const log = [];
            const frame = document.createElement('iframe');
            const loaded = () => new Promise((resolve) => { frame.onload = resolve; });
            frame.src = '/one';
            document.body.append(frame);
            await loaded();
            log.push(history.length);
            frame.contentWindow.location.href = '/two';
            await loaded();
            log.push(history.length, frame.contentWindow.history.length);
            history.back();
            await loaded();
            log.push(frame.contentWindow.location.pathname, location.pathname, history.length);
            frame.contentWindow.history.forward();
            await loaded();
            log.push(frame.contentWindow.location.pathname);
            frame.remove();
            log.push(history.length);
            return log.join();
        })()",
    );
    assert_eq!(seen, "1,2,2,/one,/a,2,/two,1");
}

fn frames_of_an_earlier_document_show_what_they_showed() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/top" => connection.answer(
            "text/html",
            "<title>top</title><iframe src='/one'></iframe>",
        ),
        _ => site(request, connection),
    });
    let page = settled(&server.url("/top"));
    value(&page, "frames[0].location.href = '/two'; 0");
    page.wait_until_settled().expect("settled");
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(value(&page, "history.length"), "3");
    assert_eq!(after(&page, "history.back()"), "top ");
    assert_eq!(value(&page, "frames[0].location.pathname"), "/two");
    assert_eq!(after(&page, "history.back()"), "top ");
    assert_eq!(value(&page, "frames[0].location.pathname"), "/one");
    assert_eq!(value(&page, "history.length"), "3");
}

fn the_handle_goes_back_and_forward() {
    let server = Server::start(site);
    let page = page();
    page.goto(&server.url("/a")).expect("it loads");
    assert!(!page.go_back().expect("an answer"), "nowhere to go");
    page.goto(&server.url("/b")).expect("it loads");
    assert!(page.go_back().expect("an answer"));
    assert_eq!(page.title().expect("a title"), "GET /a");
    assert!(page.go_forward().expect("an answer"));
    assert_eq!(page.title().expect("a title"), "GET /b");
    value(&page, "document.title = 'changed'");
    page.reload().expect("it loads");
    assert_eq!(page.title().expect("a title"), "GET /b");
    assert_eq!(value(&page, "history.length"), "2");
}

fn documents_are_told_that_they_go() {
    let server = Server::start(|request, connection| {
        match request.path.as_str() {
        "/frame" => connection.answer(
            "text/html",
            "<script>for (const type of ['beforeunload', 'pagehide', 'unload'])
                addEventListener(type, (event) => parent.note('frame ' + type + event.persisted));</script>",
        ),
        "/a" => connection.answer(
            "text/html",
            "<script>var log = []; var note = (text) => { log.push(text); localStorage.log = log; };
                for (const type of ['pageshow', 'beforeunload', 'pagehide', 'unload'])
                    addEventListener(type, (event) => note(type + event.persisted + document.visibilityState));
                document.addEventListener('visibilitychange', () => note('change'));
            </script><iframe src=/frame></iframe>",
        ),
        _ => site(request, connection),
    }
    });
    let page = settled(&server.url("/a"));
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(
        value(&page, "localStorage.log"),
        "pageshowfalsevisible,beforeunloadundefinedvisible,frame beforeunloadundefined,frame pagehidefalse,\
         frame unloadundefined,pagehidefalsevisible,change,unloadundefinedhidden"
    );
}

fn a_page_may_ask_to_be_kept() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/keep" => connection.answer(
            "text/html",
            "<title>kept</title><script>onbeforeunload = () => 'stay'</script>",
        ),
        _ => site(request, connection),
    });
    let asked = Arc::new(AtomicUsize::new(0));
    let mut options = PageOptions::new();
    options.on_before_unload = Some(Arc::new({
        let asked = Arc::clone(&asked);
        move |url| url.ends_with("/keep") && asked.fetch_add(1, Ordering::SeqCst) > 1
    }));
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let page = browser.new_page_with(options).expect("a page");
    page.goto(&server.url("/keep")).expect("it loads");
    assert_eq!(after(&page, "location.href = '/b'"), "kept ");
    match page.goto(&server.url("/c")) {
        Err(Error::Load {
            source: LoadFailure::Kept,
            ..
        }) => {}
        other => panic!("{other:?}"),
    }
    page.goto(&server.url("/c")).expect("it is left");
    assert_eq!(asked.load(Ordering::SeqCst), 3);
    // Without the hook pages are left.
    let page = settled(&server.url("/keep"));
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
}

fn a_flood_of_entries_is_ended() {
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    let seen = value(
        &page,
        "let made = 0; let name = '';
         try { for (;;) { history.pushState(made, '', '?' + made); made++; } } catch (error) { name = error.name; }
         for (let i = 0; i < 1e5; i++) history.back();
         [made, name, history.length].join()",
    );
    assert_eq!(seen, "1000,SecurityError,50");
    let hit = page.limits_hit();
    assert_eq!(hit.len(), 1, "{hit:?}");
    assert_eq!(hit[0].0, Limit::History);
    assert!(hit[0].1.contains("/a"), "{hit:?}");
    // The page goes on.
    page.wait_until_settled().expect("settled");
    assert_eq!(value(&page, "history.state"), "999");
}

fn a_meta_refresh_is_followed() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/a" => connection.answer(
            "text/html",
            "<meta http-equiv=Refresh content=' 0.5; URL = \"b?x\" y'>",
        ),
        _ => site(request, connection),
    });
    let page = settled(&server.url("/start"));
    assert_eq!(after(&page, "location.href = '/a'"), "GET /b ?x");
    // It took the place of the document.
    assert_eq!(value(&page, "history.length"), "2");
    // Made by script, and in a frame.
    let seen = value(
        &page,
        "new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.onload = () => { if (frame.contentDocument.title) resolve(frame.contentDocument.title); };
            document.body.append(frame);
            const meta = frame.contentDocument.createElement('meta');
            meta.httpEquiv = 'refresh';
            meta.content = '0,/framed';
            frame.contentDocument.head.append(meta);
        })",
    );
    assert_eq!(seen, "GET /framed");
    // Not where scripts may not run, nor to a script.
    let seen = value(
        &page,
        "new Promise((resolve) => {
            const frame = document.createElement('iframe');
            frame.sandbox = 'allow-same-origin';
            frame.srcdoc = '<meta http-equiv=refresh content=\"0;/never\"><title>stays</title>';
            const other = document.createElement('iframe');
            other.srcdoc = '<meta http-equiv=refresh content=\"0;javascript:parent.bad = 1\"><title>stays</title>';
            document.body.append(frame, other);
            setTimeout(() => resolve(frame.contentDocument.title + typeof bad), 100);
        })",
    );
    assert_eq!(seen, "staysundefined");
}

fn a_refresh_header_is_followed() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/a" => connection.respond(
            "200 OK",
            &[("Content-Type", "text/html"), ("Refresh", "0;url=/b")],
            "<title>a</title>",
        ),
        _ => site(request, connection),
    });
    let page = settled(&server.url("/a"));
    assert_eq!(page.title().expect("a title"), "GET /b");
}

fn refreshes_without_end_are_ended() {
    let server = Server::start(|_, connection| {
        connection.answer("text/html", "<meta http-equiv=refresh content=0>");
    });
    let page = settled(&server.url("/a"));
    let hit = page.limits_hit();
    assert_eq!(hit.len(), 1, "{hit:?}");
    assert_eq!(hit[0].0, Limit::Navigations);
    assert_eq!(server.requests().len(), 21);
}

fn a_refresh_far_away_keeps_nobody_waiting() {
    let server = Server::start(|_, connection| {
        connection.answer(
            "text/html",
            "<title>a</title><meta http-equiv=refresh content='600;url=/b'>",
        );
    });
    let page = settled(&server.url("/a"));
    assert_eq!(page.title().expect("a title"), "a");
}

fn stop_gives_up_a_navigation() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/slow" => connection.hang(),
        _ => site(request, connection),
    });
    let page = settled(&server.url("/a"));
    assert_eq!(
        after(&page, "location.href = '/slow'; setTimeout(stop, 20)"),
        "GET /a "
    );
    let framed = "const frame = document.createElement('iframe');
        frame.src = '/slow';
        document.body.append(frame);
        setTimeout(() => frame.contentWindow.stop(), 20)";
    assert_eq!(after(&page, framed), "GET /a ");
}

fn the_name_of_a_window_stays_with_its_origin() {
    let other = Server::start(site);
    let server = Server::start(site);
    let page = settled(&server.url("/a"));
    value(&page, "name = 'mine'");
    assert_eq!(after(&page, "location.href = '/b'"), "GET /b ");
    assert_eq!(value(&page, "name"), "mine");
    let away = format!("location.href = '{}'", other.url("/away"));
    assert_eq!(after(&page, &away), "GET /away ");
    assert_eq!(value(&page, "name"), "");
    assert_eq!(after(&page, "history.back()"), "GET /b ");
    assert_eq!(value(&page, "name"), "mine");
}
