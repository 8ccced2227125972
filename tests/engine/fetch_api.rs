//! `fetch()` and its objects, against a server on loopback.

use std::sync::Mutex;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use crate::support::page::settled;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::fetch_api":
    a_response_comes_with_its_headers_and_its_body_can_be_read_once,
    the_promise_is_settled_before_the_body_is_there,
    every_kind_of_body_is_sent_with_its_type,
    form_data_is_read_from_both_encodings,
    the_page_settles_only_when_its_fetches_have,
    an_abort_rejects_with_the_reason_and_closes_the_connection,
    other_origins_show_what_cors_lets_through,
    redirects_are_followed_refused_or_shown_closed,
    what_cannot_be_requested_is_a_type_error,
    headers_are_combined_sorted_and_guarded,
    responses_made_by_script_follow_their_rules,
    a_body_that_is_cut_off_rejects_its_reader,
    a_removed_frame_ends_its_fetches,
    window_stop_ends_fetches,
    keepalive_lets_a_request_outlive_its_document,
    keepalive_has_a_quota,
    beacons_outlive_their_document,
    integrity_is_checked,
);

/// Loads a page from `server` and gives what `script`, the body of an async function, returns.
#[track_caller]
fn run(server: &Server, script: &str) -> String {
    let page = settled(&server.url("/"));
    let script = format!(
        "(async () => {{ const name = (f) => {{ try {{ f(); return 'none' }} catch (e) {{ return e.name }} }};
           const fate = (p) => p.then(() => 'fulfilled', (e) => e.name); {script} }})()"
    );
    page.evaluate(&script).expect("the script returns")
}

fn echo() -> Server {
    Server::with_page("<!DOCTYPE html>", |request, connection| {
        let body = String::from_utf8_lossy(&request.body);
        let type_ = request.header("content-type").unwrap_or("none");
        let text = format!("{}|{type_}|{body}", request.method);
        connection.respond(
            "201 Made Up",
            &[("Content-Type", "text/plain"), ("X-A", "1")],
            text,
        );
    })
}

fn a_response_comes_with_its_headers_and_its_body_can_be_read_once() {
    let answer = run(
        &echo(),
        "const r = await fetch('/a?b#c');
         const before = r.bodyUsed, copy = r.clone(), text = await r.text();
         return [r.status, r.statusText, r.ok, r.type, r.redirected, r.url.endsWith('/a?b'), r.headers.get('x-a'), before, text, r.bodyUsed,
                 await fate(r.text()), name(() => r.clone()), (await copy.blob()).type, copy.headers.get('X-A')].join()",
    );
    assert_eq!(
        answer,
        "201,Made Up,true,basic,false,true,1,false,GET|none|,true,TypeError,TypeError,text/plain,1"
    );
}

fn the_promise_is_settled_before_the_body_is_there() {
    let (go_on, may_go_on) = channel();
    let (go_on, may_go_on) = (Mutex::new(go_on), Mutex::new(may_go_on));
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        if request.path == "/go" {
            connection.answer("text/plain", "");
            let _ = go_on.lock().expect("nobody panics with it").send(());
        } else {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
            let may_go_on = may_go_on.lock().expect("nobody panics with it");
            may_go_on.recv().expect("the page has the response");
            connection.raw("cde");
        }
    });
    let answer = run(
        &server,
        "const r = await fetch('/slow'); const text = r.text(); await fetch('/go'); return await text",
    );
    assert_eq!(answer, "abcde");
}

fn every_kind_of_body_is_sent_with_its_type() {
    let answer = run(
        &echo(),
        "const send = async (body, more) => (await fetch('/echo', { method: 'put', body, ...more })).text();
         const sent = [await send('é'), await send(new Uint8Array([65, 66])), await send(new Blob(['c'], { type: 'x/y' })),
                       await send(new URLSearchParams('a=b c')), await send('{}', { headers: { 'content-type': 'application/json' } })];
         const data = new FormData(); data.append('n', 'v');
         sent.push((await send(data)).replace(/[^|]*Boundary[^|]*/g, 'multipart'));
         const request = new Request('/echo', { method: 'POST', body: 'once' });
         sent.push(await (await fetch(request)).text(), request.bodyUsed, await fate(fetch(request)));
         return sent.join(';')",
    );
    assert_eq!(
        answer,
        "PUT|text/plain;charset=UTF-8|é;PUT|none|AB;PUT|x/y|c;PUT|application/x-www-form-urlencoded;charset=UTF-8|a=b+c;\
         PUT|application/json|{};PUT|multipart|multipart;POST|text/plain;charset=UTF-8|once;true;TypeError"
    );
}

fn form_data_is_read_from_both_encodings() {
    let answer = run(
        &echo(),
        "const data = new FormData(); data.append('a', '1'); data.append('f', new File(['é'], 'n\"1.txt', { type: 'x/y' }));
         const read = await new Response(data).formData(), file = read.get('f');
         const query = await new Response(new URLSearchParams('?a=1+2')).formData();
         return [read.get('a'), file.name, file.type, await file.text(), [...query].join('='), await fate(new Response('x').formData())].join()",
    );
    assert_eq!(answer, "1,n\"1.txt,x/y,é,a,1 2,TypeError");
}

fn the_page_settles_only_when_its_fetches_have() {
    let page = "<!DOCTYPE html><p id=p></p><script>
        fetch('/slow').then((r) => r.json()).then((list) => { document.getElementById('p').textContent = list.join('+'); });
    </script>";
    let server = Server::with_page(page, |_, connection| {
        std::thread::sleep(Duration::from_millis(300));
        connection.answer("application/json", "\u{feff}[1, 2]");
    });
    let page = settled(&server.url("/"));
    let text: String = page
        .evaluate("document.getElementById('p').textContent")
        .expect("the paragraph");
    assert_eq!(text, "1+2");
}

fn an_abort_rejects_with_the_reason_and_closes_the_connection() {
    let (left, has_left) = channel();
    let left = Mutex::new(left);
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        if request.path == "/body" {
            connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
        }
        connection.hang();
        let _ = left
            .lock()
            .expect("nobody panics with it")
            .send(connection.is_over());
    });
    let answer = run(
        &server,
        "const c = new AbortController(), d = new AbortController(), e = new AbortController();
         const waiting = fetch('/hang', { signal: c.signal }); c.abort();
         const other = fetch(new Request('/hang', { signal: d.signal })); setTimeout(() => d.abort(new RangeError('mine')));
         const early = fetch('/never', { signal: AbortSignal.abort() });
         const text = (await fetch('/body', { signal: e.signal })).text(); e.abort();
         return [await fate(waiting), await fate(other), await fate(early), await fate(text)].join()",
    );
    assert_eq!(answer, "AbortError,RangeError,AbortError,AbortError");
    let over = has_left.recv_timeout(Duration::from_secs(10));
    assert_eq!(over, Ok(false), "the client leaves before the test ends");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.path != "/never")
    );
}

fn other_origins_show_what_cors_lets_through() {
    let other = Server::start(|request, connection| {
        let allow = ("Access-Control-Allow-Origin", "*");
        let headers = match request.path.as_str() {
            "/closed" => &[("X-B", "2")][..],
            "/all" => &[
                allow,
                ("Access-Control-Expose-Headers", "*"),
                ("X-B", "2"),
                ("Set-Cookie", "a=b"),
            ],
            _ => &[
                allow,
                ("X-B", "2"),
                ("Access-Control-Allow-Headers", "x-own"),
            ],
        };
        connection.respond("200 OK", headers, "text");
    });
    let script = format!(
        "const url = {:?};
         const open = await fetch(url + 'open', {{ headers: {{ 'X-Own': '1' }} }}), all = await fetch(url + 'all');
         const opaque = await fetch(url + 'closed', {{ mode: 'no-cors' }});
         return [open.type, open.headers.get('x-b'), await open.text(), all.headers.get('x-b'), all.headers.get('set-cookie'),
                 await fate(fetch(url + 'closed')), await fate(fetch(url + 'open', {{ mode: 'same-origin' }})),
                 await fate(fetch(url + 'all', {{ credentials: 'include' }})),
                 opaque.type, opaque.status, opaque.url, await opaque.text(), [...opaque.headers].length].join()",
        other.url("/")
    );
    assert_eq!(
        run(&echo(), &script),
        "cors,,text,2,,TypeError,TypeError,TypeError,opaque,0,,,0"
    );
    let methods: Vec<_> = other
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect();
    assert_eq!(
        methods[..2],
        ["OPTIONS", "GET"],
        "a header of one's own asks first"
    );
}

fn redirects_are_followed_refused_or_shown_closed() {
    let server = Server::with_page("<!DOCTYPE html>", |request, connection| {
        match request.path.as_str() {
            "/from" => connection.respond("303 See Other", &[("Location", "/to")], ""),
            _ => connection.answer("text/plain", &request.method),
        }
    });
    let answer = run(
        &server,
        "const r = await fetch('/from', { method: 'POST', body: 'x' }), m = await fetch('/from', { redirect: 'manual' });
         return [r.redirected, r.url.endsWith('/to'), await r.text(), await fate(fetch('/from', { redirect: 'error' })),
                 m.type, m.status, m.url.endsWith('/from'), m.headers.get('location')].join()",
    );
    assert_eq!(answer, "true,true,GET,TypeError,opaqueredirect,0,true,");
}

fn what_cannot_be_requested_is_a_type_error() {
    let answer = run(
        &echo(),
        "const made = (url, init) => name(() => new Request(url, init));
         return [made('http://['), made('https://u:p@a.test/'), made('/', { method: 'TRACE' }), made('/', { method: 'a b' }),
                 made('/', { mode: 'navigate' }), made('/', { mode: 'x' }), made('/', { body: 'x' }), made('/', { signal: {} }),
                 made('/', { mode: 'no-cors', method: 'PUT' }), made('/', { headers: [['a']] }), made('/', { referrer: 'http://[' }),
                 await fate(fetch()), await fate(fetch.call({}, '/')), await fate(fetch('/', { method: 'CONNECT' })), made('/', { method: 'post' }),
                 new Request('/', { method: 'post' }).method, new Request('/', { method: 'patch' }).method].join()",
    );
    let errors = "TypeError,".repeat(14);
    assert_eq!(answer, format!("{errors}none,POST,patch"));
}

fn keepalive_lets_a_request_outlive_its_document() {
    let (sender, receiver) = channel();
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        if request.path == "/frame" {
            connection.answer("text/html", "<!DOCTYPE html>");
        } else if request.path.starts_with("/hop") {
            // The frame is gone by the time of the answer, and the redirect is followed all the same.
            connection.respond("302 Found", &[("Location", "/kept")], "");
        } else {
            sender.send(request.path.clone()).expect("the test listens");
            connection.answer("text/plain", "");
        }
    });
    let page = settled(&server.url("/"));
    let said: String = page
        .evaluate(
            "(async () => {
               const frame = document.createElement('iframe'); frame.src = '/frame';
               await new Promise((done) => { frame.onload = done; document.body.append(frame) });
               frame.contentWindow.fetch('/hop', { keepalive: true }).catch(() => {});
               frame.remove(); return 'removed' })()",
        )
        .expect("the script returns");
    assert_eq!(said, "removed");
    let path = receiver.recv_timeout(Duration::from_secs(20));
    assert_eq!(path.as_deref(), Ok("/kept"));
}

fn beacons_outlive_their_document() {
    let (sender, receiver) = channel();
    let server = Server::with_page("<!DOCTYPE html>", move |request, connection| {
        let type_ = request.header("content-type").unwrap_or("none");
        let said = format!(
            "{} {} {} {type_} {}",
            request.method,
            request.path,
            request.header("sec-fetch-mode").unwrap_or_default(),
            String::from_utf8_lossy(&request.body)
        );
        sender.send(said).expect("the test listens");
        connection.answer("text/plain", "nobody reads it");
    });
    let page = settled(&server.url("/"));
    let said: String = page
        .evaluate(
            "(() => {
               const frame = document.body.appendChild(document.createElement('iframe')), { navigator } = frame.contentWindow;
               const error = (f) => { try { f() } catch (e) { return e.name } };
               const said = [navigator.sendBeacon('/none'), navigator.sendBeacon('/text', 'a'), navigator.sendBeacon('/form', new URLSearchParams('b=c')),
                 navigator.sendBeacon('/json', new Blob(['{}'], { type: 'application/json' })), navigator.sendBeacon('/much', 'x'.repeat(65537)),
                 error(() => navigator.sendBeacon('ftp://a.test/')), error(() => navigator.sendBeacon('/', new ReadableStream())), navigator.sendBeacon.length];
               frame.remove();
               return said.join() })()",
        )
        .expect("the script returns");
    assert_eq!(said, "true,true,true,true,false,TypeError,TypeError,1");
    let mut seen: Vec<String> = (0..4)
        .filter_map(|_| receiver.recv_timeout(Duration::from_secs(20)).ok())
        .collect();
    seen.sort();
    let wanted = [
        "POST /form no-cors application/x-www-form-urlencoded;charset=UTF-8 b=c",
        "POST /json cors application/json {}",
        "POST /none no-cors none ",
        "POST /text no-cors text/plain;charset=UTF-8 a",
    ];
    assert_eq!(seen, wanted);
}

fn keepalive_has_a_quota() {
    let answer = run(
        &echo(),
        "const post = (length, keepalive) => fate(fetch('/', { method: 'POST', body: 'x'.repeat(length), keepalive }).then((r) => r.text()));
         return [await post(65537, true), await post(65537, false), await post(65536, true),
                 await Promise.all([post(40000, true), post(40000, true), post(20000, true)])].join()",
    );
    assert_eq!(
        answer,
        "TypeError,fulfilled,fulfilled,fulfilled,TypeError,fulfilled"
    );
}

fn headers_are_combined_sorted_and_guarded() {
    let answer = run(
        &echo(),
        "const h = new Headers([['X-B', ' 2 '], ['a', '1'], ['x-b', '3'], ['Set-Cookie', 'c=1'], ['set-cookie', 'd=2']]);
         const guarded = new Request('/', { headers: { cookie: 'a=b', 'sec-x': '1', 'x-y': '2' } }).headers;
         const simple = new Request('/', { mode: 'no-cors', headers: { accept: 'x', range: 'bytes=0-', 'x-y': '2' } }).headers;
         const r = await fetch('/x');
         return [[...h].join(';'), h.getSetCookie().join('+'), h.get('X-b'), name(() => h.append('a b', '1')), name(() => h.get('')),
                 name(() => new Headers({ a: '\\u0100' })), [...guarded.keys()], [...simple.keys()], name(() => r.headers.set('a', 'b')),
                 Object.prototype.toString.call(h.entries())].join('|')",
    );
    assert_eq!(
        answer,
        "a,1;set-cookie,c=1;set-cookie,d=2;x-b,2, 3|c=1+d=2|2, 3|TypeError|TypeError|TypeError|x-y|accept|TypeError|[object Headers Iterator]"
    );
}

fn responses_made_by_script_follow_their_rules() {
    let answer = run(
        &echo(),
        "const j = Response.json({ a: [1] }, { status: 202 }), e = Response.error(), d = Response.redirect('/x', 308), empty = new Response();
         const bad = (...args) => name(() => new Response(...args));
         return [j.status, j.headers.get('content-type'), await j.text(), e.type, e.status, d.status, d.headers.get('location').endsWith('/x'),
                 empty.type, await empty.text(), empty.bodyUsed, bad('', { status: 199 }), bad('', { status: 204 }), bad(null, { status: 204 }),
                 bad('', { statusText: '\\n' }), name(() => Response.json(undefined)), name(() => Response.redirect('/', 200)),
                 await fate(new Response('{').json()), (await new Response('ab').bytes()).length].join()",
    );
    assert_eq!(
        answer,
        "202,application/json,{\"a\":[1]},error,0,308,true,default,,false,RangeError,TypeError,none,TypeError,TypeError,RangeError,SyntaxError,2"
    );
}

fn a_body_that_is_cut_off_rejects_its_reader() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab");
    });
    let answer = run(
        &server,
        "const r = await fetch('/x'); return [r.status, await fate(r.text())].join()",
    );
    assert_eq!(answer, "200,TypeError");
}

fn a_removed_frame_ends_its_fetches() {
    let server = Server::with_page("<!DOCTYPE html><iframe></iframe>", |_, connection| {
        connection.hang()
    });
    let page = settled(&server.url("/"));
    let started = Instant::now();
    let answer: String = page
        .evaluate(
            "const frame = document.querySelector('iframe'), signal = new AbortController().signal;
             frame.contentWindow.fetch('/hang', { signal }); frame.remove(); 'removed'",
        )
        .expect("the script returns");
    page.wait_until_settled()
        .expect("nothing is left to wait for");
    assert_eq!(answer, "removed");
    assert!(started.elapsed() < Duration::from_secs(20));
}

fn window_stop_ends_fetches() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| connection.hang());
    let answer = run(
        &server,
        "const hanging = fetch('/hang'); stop(); return await fate(hanging)",
    );
    assert_eq!(answer, "TypeError");
}

fn integrity_is_checked() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "hello")
    });
    let answer = run(
        &server,
        "const right = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=', wrong = right.replace('LP', 'PL');
         const check = (integrity) => fate(fetch('/x', { integrity }));
         return [await check(right), await check(wrong), await check(wrong + ' ' + right), await check('md5-x'), await check('')].join()",
    );
    assert_eq!(answer, "fulfilled,TypeError,fulfilled,fulfilled,fulfilled");
}
