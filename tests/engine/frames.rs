//! Frames: windows inside of a page, their documents, and what parent and child do to each other.

use std::time::Duration;

use readystate::{Limit, Limits, Page};

use crate::support::page::{page, page_with, settled};
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::frames":
    a_frame_has_its_blank_document_as_soon_as_it_is_inserted,
    a_page_calls_into_its_frame_and_back,
    the_parent_loads_after_its_frames,
    a_frame_keeps_its_window_object_when_it_navigates,
    a_document_is_written_into_a_frame,
    srcdoc_has_the_base_and_origin_of_its_parent,
    a_removed_frame_ends_with_its_timers_and_requests,
    nodes_move_between_frames_and_keep_their_wrappers,
    messages_name_their_source_and_origin,
    frames_are_found_by_number_and_name,
    a_form_is_sent_into_a_hidden_frame,
    links_and_scripts_send_frames_elsewhere,
    what_is_of_another_origin_stays_out_of_reach,
    a_sandboxed_frame_runs_no_scripts,
    a_page_inside_of_itself_is_not_loaded,
    the_domain_of_a_document_is_checked_and_changes_nothing,
    a_document_that_goes_is_not_opened_by_its_frames,
    objects_and_embeds_show_documents,
    servers_are_told_what_a_document_is_for,
    documents_know_when_they_were_modified,
    ten_thousand_frames_hit_the_limit,
    frames_come_and_go_without_end,
);

/// A site of small pages.
fn site(request: &Request, connection: &mut Connection) {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let body = match path {
        "/child" => format!(
            "<!doctype html><title>child {query}</title><p id=text>{query}</p>\
             <script>var own = 'of the child'; if (parent.hello) parent.hello(document.title);\
             function add(a, b) {{ return a + b; }}</script>"
        ),
        "/self" => "<!doctype html><p>me</p><iframe src='/self#again'></iframe>".to_owned(),
        "/form" => "<!doctype html><form action=/child><input name=q value=1></form>".to_owned(),
        "/blank" => "<!doctype html><body>".to_owned(),
        _ => return connection.respond("404 Not Found", &[], "no such page"),
    };
    connection.answer("text/html", body);
}

/// A page of `html` at a server of [`site`].
fn load(html: &str) -> (Server, Page) {
    let html = html.to_owned();
    let server = Server::start(move |request, connection| {
        if request.path == "/" {
            connection.answer("text/html", format!("<!doctype html><body>{html}"));
        } else {
            site(request, connection);
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

fn a_document_that_goes_is_not_opened_by_its_frames() {
    let (_server, page) = load("<iframe id=outer src=/blank></iframe>");
    let seen = value(
        &page,
        "new Promise((resolve) => {
             const outer = document.getElementById('outer'), around = outer.contentDocument, seen = [];
             const inner = around.body.appendChild(around.createElement('iframe'));
             inner.onload = () => {
                 for (const type of ['beforeunload', 'pagehide', 'unload'])
                     inner.contentWindow.addEventListener(type, () => {
                         around.open();
                         seen.push(type + around.childNodes.length);
                     });
                 outer.onload = () => resolve(seen.join());
                 outer.src = '/child?next';
             };
             inner.src = '/child';
         })",
    );
    assert_eq!(seen, "beforeunload2,pagehide2,unload2");
}

fn the_domain_of_a_document_is_checked_and_changes_nothing() {
    let (_server, page) = load(
        "<iframe src=/blank></iframe><iframe srcdoc=x></iframe><iframe sandbox=allow-scripts srcdoc=\"<script>
           let name; try { document.domain = '127.0.0.1' } catch (error) { name = error.name }
           parent.postMessage([document.domain, name].join(), '*')</script>\"></iframe>
         <script>var told; onmessage = (event) => { told = event.data }</script>",
    );
    let seen = value(
        &page,
        "const attempt = (document, value) => {
             try { document.domain = value; return document.domain } catch (error) { return error.name }
         };
         [document.domain, frames[1].document.domain, new Document().domain, attempt(document, '127.0.0.1'),
          attempt(document, '0.0.1'), attempt(document, 'example.com'), attempt(new Document(), '127.0.0.1'),
          frames[0].document.body !== null, originAgentCluster, told].join()",
    );
    assert_eq!(
        seen,
        "127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,SecurityError,SecurityError,SecurityError,true,true,,SecurityError"
    );
}

fn documents_know_when_they_were_modified() {
    let server = Server::start(|request, connection| {
        let date = match request.path.as_str() {
            "/" => "Wed, 21 Oct 2015 07:28:09 GMT",
            "/frame" => "Sun, 06 Nov 1994 08:49:37 GMT",
            _ => "sometime",
        };
        let headers = [("Content-Type", "text/html"), ("Last-Modified", date)];
        let html = "<!doctype html><iframe src=/frame></iframe><iframe src=/other></iframe>";
        let html = if request.path == "/" { html } else { "<p>" };
        connection.respond("200 OK", &headers, html);
    });
    let page = settled(&server.url("/"));
    // It is the local time, to the second.
    let told = "((told) => [told, frames[0].document.lastModified, frames[1].document.lastModified] \
         .map((text) => [/^\\d\\d\\/\\d\\d\\/\\d{4} \\d\\d:\\d\\d:\\d\\d$/.test(text), new Date(text).getTime()]) \
         .map(([matches, time]) => [matches, Math.abs(time - Date.now()) < 1e7 ? 'now' : time]).join())(document.lastModified)";
    assert_eq!(
        value(&page, told),
        "true,1445412489000,true,784111777000,true,now"
    );
}

#[track_caller]
fn value(page: &Page, source: &str) -> String {
    match page.evaluate_to_text(source, Duration::from_secs(20)) {
        Ok(text) => text,
        Err(error) => panic!("{source}: {error}"),
    }
}

fn a_frame_has_its_blank_document_as_soon_as_it_is_inserted() {
    let page = page();
    page.set_content("<!doctype html><body>", Some("https://example.com/dir/"))
        .expect("it loads");
    let seen = value(
        &page,
        "const log = []; const frame = document.createElement('iframe');
         log.push(frame.contentWindow === null);
         frame.onload = () => log.push('load');
         document.body.append(frame);
         const inside = frame.contentDocument;
         log.push(inside.URL, inside.readyState, inside.baseURI, inside.compatMode);
         log.push(inside.defaultView === frame.contentWindow, frame.contentWindow.parent === window);
         log.push(frame.contentWindow.frameElement === frame, frame.contentWindow.top === window);
         log.push(inside.body instanceof HTMLElement, inside.body instanceof frame.contentWindow.HTMLElement);
         log.push(frame.contentWindow.origin); log.join()",
    );
    assert_eq!(
        seen,
        "true,load,about:blank,complete,https://example.com/dir/,BackCompat,true,true,true,true,false,true,https://example.com"
    );
}

fn a_page_calls_into_its_frame_and_back() {
    let (_server, page) = load(
        "<script>const heard = []; function hello(title) { heard.push(title); }</script>\
         <iframe id=f src='/child?one'></iframe>",
    );
    assert_eq!(value(&page, "heard.join()"), "child one");
    assert_eq!(value(&page, "f.contentWindow.add(2, 3)"), "5");
    assert_eq!(value(&page, "f.contentWindow.own"), "of the child");
    assert_eq!(
        value(
            &page,
            "f.contentDocument.querySelector('#text').textContent"
        ),
        "one"
    );
    assert_eq!(
        value(&page, "f.contentDocument.referrer === location.href"),
        "true"
    );
}

fn the_parent_loads_after_its_frames() {
    let (_server, page) = load(
        "<script>const log = []; function hello() { log.push('script of the frame'); }
         onload = () => log.push('load of the page');
         document.addEventListener('DOMContentLoaded', () => log.push('content'));</script>
         <iframe src='/child' onload=\"log.push('load of the frame')\"></iframe>
         <iframe src='/missing' onload=\"log.push('load of the error page')\"></iframe>",
    );
    let log = value(&page, "log.join()");
    assert!(log.ends_with("load of the page"), "{log}");
    for part in [
        "content",
        "script of the frame,",
        "load of the frame",
        "load of the error page",
    ] {
        assert!(log.contains(part), "{part}: {log}");
    }
}

fn a_frame_keeps_its_window_object_when_it_navigates() {
    let (_server, page) = load("<iframe id=f src='/child?1'></iframe>");
    let seen = value(
        &page,
        "new Promise((resolve) => {
             const before = f.contentWindow; before.mark = 1; const log = [before.document.title];
             f.onload = () => {
                 log.push(f.contentWindow === before, before.document.title, before.mark, before.closed);
                 resolve(log.join());
             };
             f.src = '/child?2';
         })",
    );
    if readystate_js::ENGINE == "v8" {
        assert_eq!(seen, "child 1,true,child 2,,false");
    } else {
        // NOTE: QuickJS has no global proxy: each document of a frame has a window object of its own.
        assert!(seen.starts_with("child 1,false"), "{seen}");
    }
    // Variables set before the first document came are seen by it: it shares the window of the blank one.
    let shared = value(
        &page,
        "new Promise((resolve) => {
             const g = document.createElement('iframe'); g.src = '/child?3'; document.body.append(g);
             g.contentWindow.early = 'kept'; const blank = g.contentDocument;
             g.onload = () => resolve(g.contentWindow.early + (blank !== g.contentDocument) + (blank.defaultView === null));
         })",
    );
    assert_eq!(shared, "kepttruetrue");
}

fn a_document_is_written_into_a_frame() {
    let (_server, page) = load("<iframe id=f></iframe>");
    let seen = value(
        &page,
        "const log = []; f.onload = () => log.push('load');
         const inside = f.contentDocument; inside.open();
         inside.write('<p id=a>1</p><script>parent.ran = document.getElementById(\"a\").textContent; var x = 5;<\\/script>');
         log.push(ran, f.contentWindow.x); inside.write('<b>2</b>'); inside.close();
         log.push(inside.body.innerHTML.length, inside === f.contentDocument, inside.readyState); log.join()",
    );
    assert!(seen.starts_with("1,5,"), "{seen}");
    assert!(seen.contains(",true,"), "{seen}");
    page.wait_until_settled().expect("settled");
    assert_eq!(
        value(&page, "log.at(-1) + f.contentDocument.readyState"),
        "loadcomplete"
    );
    // One that is never closed keeps nobody waiting.
    value(&page, "f.contentDocument.write('<p>open'); 0");
    page.wait_until_settled().expect("settled");
}

fn srcdoc_has_the_base_and_origin_of_its_parent() {
    let (_server, page) = load(
        "<iframe id=f srcdoc=\"<script src='/child'></script><a href=x>l</a><script>parent.seen = [location.href, document.baseURI === parent.document.baseURI, origin === parent.origin, document.querySelector('a').href].join()</script>\"></iframe>",
    );
    let seen = value(&page, "seen");
    assert!(seen.starts_with("about:srcdoc,true,true,http://"), "{seen}");
    let again = value(
        &page,
        "new Promise((resolve) => { f.onload = () => resolve(f.contentDocument.body.textContent); f.srcdoc = 'new'; })",
    );
    assert_eq!(again, "new");
}

fn a_removed_frame_ends_with_its_timers_and_requests() {
    let server = Server::start(|request, connection| match request.path.as_str() {
        "/" => connection.answer("text/html", "<!doctype html><body><iframe id=f></iframe>"),
        _ => connection.hang(),
    });
    let page = page();
    page.goto(&server.url("/")).expect("it loads");
    let seen = value(
        &page,
        "window.ran = 0; const frame = document.getElementById('f'); const inside = frame.contentWindow;
         const doc = frame.contentDocument; const x = new inside.XMLHttpRequest(); x.open('GET', '/hang'); x.send();
         inside.setTimeout(() => { window.ran++; }, 10); inside.addEventListener('unload', () => window.ran++);
         frame.remove();
         [frame.contentWindow, frame.contentDocument, inside.closed, inside.parent, inside.frameElement,
          doc.defaultView, doc.body !== null, window.length].join()",
    );
    assert_eq!(seen, ",,true,,,,true,0");
    page.wait_until_settled().expect("nothing is pending");
    assert_eq!(value(&page, "ran"), "0");
}

fn nodes_move_between_frames_and_keep_their_wrappers() {
    let (_server, page) = load("<iframe id=f></iframe>");
    let seen = value(
        &page,
        "const p = document.createElement('p'); p.extra = 1; const inside = f.contentDocument;
         inside.body.append(p);
         const script = document.createElement('script'); script.textContent = 'var here = location.href; parent.there = this === parent.f.contentWindow';
         inside.body.append(script);
         [p === inside.body.firstChild, p.extra, p.ownerDocument === inside, p instanceof HTMLElement,
          f.contentWindow.here, window.there].join()",
    );
    assert_eq!(seen, "true,1,true,true,about:blank,true");
}

fn messages_name_their_source_and_origin() {
    let (server, page) = load(
        "<script>const heard = []; onmessage = (event) => { heard.push(event.data.n, event.origin, event.source === frames[0]);
             if (event.data.n === 1) event.source.postMessage('back', location.origin); };</script>
         <iframe srcdoc=\"<script>onmessage = (event) => parent.postMessage({ n: event.data, same: event.source === parent }, '*');
             parent.postMessage({ n: 1 }, '*'); parent.postMessage({ n: 'lost' }, 'https://elsewhere.example');</script>\"></iframe>",
    );
    let origin = server.url("/");
    let origin = origin.trim_end_matches('/');
    assert_eq!(
        value(&page, "heard.join()"),
        format!("1,{origin},true,back,{origin},true")
    );
}

fn frames_are_found_by_number_and_name() {
    let (_server, page) = load(
        "<iframe name=first></iframe><div><iframe name=second srcdoc='<iframe name=deep></iframe>'></iframe></div>",
    );
    assert_eq!(
        value(
            &page,
            "[length, frames[0] === document.querySelector('iframe').contentWindow, frames[1].name, frames[1].frames[0].name,
              frames[1][0].top === window, frames[2] === undefined].join()"
        ),
        "2,true,second,deep,true,true"
    );
    if readystate_js::ENGINE == "v8" {
        assert_eq!(
            value(
                &page,
                "first === frames[0] && window.second.deep.parent === second"
            ),
            "true"
        );
    }
    value(
        &page,
        "document.querySelector('iframe').remove(); frames[0].name = 'renamed'; 0",
    );
    assert_eq!(
        value(
            &page,
            "[length, frames[0].name, frames[1] === undefined].join()"
        ),
        "1,renamed,true"
    );
}

fn a_form_is_sent_into_a_hidden_frame() {
    let (_server, page) = load(
        "<iframe name=sink style=display:none></iframe>\
         <form id=form action=/child target=sink><input name=q value='a b'></form>",
    );
    let seen = value(
        &page,
        "new Promise((resolve) => { document.querySelector('iframe').onload = (event) => resolve(event.target.contentDocument.title);
             form.submit(); })",
    );
    assert_eq!(seen, "child q=a+b");
}

fn links_and_scripts_send_frames_elsewhere() {
    let (_server, page) = load(
        "<iframe name=shown src='/child?1'></iframe><a id=link href='/child?2' target=shown>go</a>",
    );
    let after = |action: &str| {
        value(
            &page,
            &format!(
                "new Promise((resolve) => {{ const frame = document.querySelector('iframe');
                     frame.onload = () => resolve(frame.contentDocument.title + frame.contentWindow.location.search); {action}; }})"
            ),
        )
    };
    assert_eq!(after("link.click()"), "child 2?2");
    assert_eq!(after("frames[0].location = 'child?3'"), "child 3?3");
    assert_eq!(after("frames[0].location.replace('/child?4')"), "child 4?4");
    assert_eq!(after("frames[0].location.reload()"), "child 4?4");
    assert_eq!(
        after("frame.contentDocument.location.href = '/child?5'"),
        "child 5?5"
    );
    assert_eq!(after("open('/child?6', 'shown')"), "child 6?6");
    assert_eq!(
        after("frame.src = 'javascript:\"<title>made</title>\"'"),
        "made?6"
    );
}

fn what_is_of_another_origin_stays_out_of_reach() {
    let other = Server::start(|_, connection| {
        connection.answer(
            "text/html",
            "<!doctype html><script>parent.touched = 1</script>",
        );
    });
    let (_server, page) = load(&format!(
        "<script>var loads = 0</script><iframe onload='loads++' src='{}'></iframe>\
         <iframe onload='loads++' src='data:text/html,hi'></iframe>",
        other.url("/")
    ));
    let seen = value(
        &page,
        "const window0 = frames[0]; let thrown; try { window0.document } catch (error) { thrown = error.name }
         [loads, document.querySelector('iframe').contentDocument, window0 === document.querySelector('iframe').contentWindow,
          thrown, window0.parent === window, window.touched, window0.closed, length].join()",
    );
    assert_eq!(seen, "2,,true,SecurityError,true,,false,2");
}

fn a_sandboxed_frame_runs_no_scripts() {
    let (_server, page) = load(
        "<script>var ran = 0</script>\
         <iframe sandbox srcdoc='<script>parent.ran++</script>'></iframe>\
         <iframe sandbox=allow-same-origin srcdoc='<script>parent.ran++</script><noscript><i></i></noscript>'></iframe>\
         <iframe sandbox='allow-same-origin allow-scripts' srcdoc='<script>parent.ran += 10</script>'></iframe>",
    );
    assert_eq!(
        value(
            &page,
            "const [a, b] = document.querySelectorAll('iframe');
             [ran, a.contentDocument, b.contentDocument.querySelector('i') !== null].join()"
        ),
        "10,,true"
    );
}

fn a_page_inside_of_itself_is_not_loaded() {
    let server = Server::start(site);
    let page = settled(&server.url("/self"));
    assert_eq!(
        value(
            &page,
            "[length, frames[0].document.URL, frames[0].length].join()"
        ),
        "1,about:blank,0"
    );
    assert_eq!(server.requests().len(), 1);
}

fn objects_and_embeds_show_documents() {
    let (_server, page) = load(
        "<script>var log = []; onload = () => log.push('load' + frames.length);</script>
         <object id=o name=shown data='/child?1' onload='log.push(id)'>fallback</object>
         <object id=p data='/missing' onload='log.push(id)' onerror='log.push(event.type)'><embed id=e src='/child?2' onload='log.push(id)'></object>
         <object id=q data='/child?3' type='image/png' onload='log.push(id)'></object>",
    );
    let seen = value(
        &page,
        "[log.sort(), o.contentDocument.title, o.contentWindow.parent === window, p.contentDocument, q.contentWindow,
          shown === o.contentWindow, frames[1].document.title, frames[1].frameElement === e].join()",
    );
    assert_eq!(seen, "e,error,load2,o,child 1,true,,,true,child 2,true");
    assert_eq!(
        after_settling(&page, "o.data = '/child?4'", "o.contentDocument.title"),
        "child 4"
    );
    assert_eq!(
        after_settling(
            &page,
            "o.removeAttribute('data')",
            "[o.contentWindow, frames.length].join()"
        ),
        ",1"
    );
}

fn servers_are_told_what_a_document_is_for() {
    let (server, page) = load(
        "<iframe src='/child?iframe'></iframe><embed src='/child?embed'><object data='/child?object'></object>",
    );
    for index in 0..3 {
        let go = format!("frames[{index}].location.search += '+again'; 0");
        after_settling(&page, &go, "0");
    }
    let mut seen: Vec<String> = server
        .requests()
        .iter()
        .filter_map(|request| {
            let destination = request.header("sec-fetch-dest")?;
            Some(format!("{} {destination}", request.path))
        })
        .collect();
    seen.sort();
    let wanted = [
        "/ document",
        "/child?embed embed",
        "/child?embed+again embed",
        "/child?iframe iframe",
        "/child?iframe+again iframe",
        "/child?object object",
        "/child?object+again object",
    ];
    assert_eq!(seen, wanted);
}

#[track_caller]
fn after_settling(page: &Page, change: &str, seen: &str) -> String {
    value(page, change);
    page.wait_until_settled().expect("settled");
    value(page, seen)
}

fn ten_thousand_frames_hit_the_limit() {
    let mut limits = Limits::default();
    limits.frames = 20;
    limits.script_time = Duration::from_secs(60);
    let page = page_with(limits, Duration::from_secs(60));
    page.set_content("<!doctype html><body>", Some("https://example.com/"))
        .expect("it loads");
    let made = value(
        &page,
        "let windows = 0;
         for (let i = 0; i < 10000; i++) {
             const frame = document.body.appendChild(document.createElement('iframe'));
             if (frame.contentWindow !== null) windows++;
         }
         [windows, length, document.querySelectorAll('iframe').length].join()",
    );
    assert_eq!(made, "20,20,10000");
    let hit = page.limits_hit();
    assert_eq!(
        hit.iter()
            .filter(|(limit, _)| *limit == Limit::Frames)
            .count(),
        1,
        "{hit:?}"
    );
    // Room again.
    assert_eq!(
        value(
            &page,
            "document.querySelector('iframe').remove();
             document.body.appendChild(document.createElement('iframe')).contentWindow !== null"
        ),
        "true"
    );
}

fn frames_come_and_go_without_end() {
    let mut limits = Limits::default();
    limits.script_time = Duration::from_secs(60);
    let page = page_with(limits, Duration::from_secs(60));
    page.set_content("<!doctype html><body>", Some("https://example.com/"))
        .expect("it loads");
    // A realm costs far more on QuickJS.
    let rounds = if readystate_js::ENGINE == "v8" { 5 } else { 1 };
    for _ in 0..rounds {
        value(
            &page,
            "for (let i = 0; i < 10; i++) {
                 const frame = document.body.appendChild(document.createElement('iframe'));
                 frame.contentDocument.body.innerHTML = '<p>x</p>';
                 frame.contentWindow.setInterval(() => {}, 5);
                 frame.remove();
             } 0",
        );
        page.wait_until_settled().expect("settled");
    }
    assert_eq!(value(&page, "length"), "0");
}
