//! Frames of other origins: they run, and neither side gets hold of anything of the other's but messages.

use readystate::Page;

use crate::support::page::{settled, value};
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::cross_origin_frames":
    a_frame_of_another_origin_runs_its_scripts,
    messages_cross_origins_with_their_origin_and_source,
    only_the_members_for_every_origin_are_seen,
    a_window_that_goes_to_another_origin_keeps_its_identity,
    a_sandboxed_frame_has_an_origin_of_its_own,
    a_sandbox_takes_away_forms_scripts_and_navigation,
    javascript_urls_of_another_origin_do_not_run,
    requests_of_an_opaque_origin_say_so,
    no_object_of_one_origin_is_found_from_the_other,
    frames_that_refuse_to_be_framed_stay_empty,
    cookies_of_the_same_site_are_kept_from_frames_of_another,
);

/// A page of `html` whose `OTHER` is the address of a server of another origin, which shows `child` at every path.
fn load(html: &str, child: &str) -> (Server, Server, Page) {
    let child = format!("<!doctype html><title>child</title><body>{child}");
    let other = Server::start(move |request, connection| {
        if request.path == "/refuses" {
            connection.respond(
                "200 OK",
                &[
                    ("X-Frame-Options", "SAMEORIGIN"),
                    ("Content-Type", "text/html"),
                ],
                &child,
            );
        } else {
            connection.answer("text/html", child.clone());
        }
    });
    let html = format!("<!doctype html><body>{html}")
        .replace("OTHER", other.url("").trim_end_matches('/'));
    let server = Server::start(move |request, connection| {
        if request.path == "/origin" {
            let origin = request.header("origin").unwrap_or("none").to_owned();
            connection.respond("200 OK", &[("Access-Control-Allow-Origin", "*")], &origin);
        } else {
            connection.answer("text/html", html.clone());
        }
    });
    let page = settled(&server.url("/"));
    (server, other, page)
}

const HEAR: &str = "<script>var heard = []; onmessage = (event) => heard.push(event)</script>";

fn a_frame_of_another_origin_runs_its_scripts() {
    let (_server, other, page) = load(
        &format!("{HEAR}<iframe src='OTHER/'></iframe>"),
        "<script>document.body.append('made'); setTimeout(() => parent.postMessage([document.body.textContent.trim().slice(-4), location.href,
         document.referrer, parent === top, self === window, frameElement, length], '*'))</script>",
    );
    let seen = value(&page, "heard[0].data.join()");
    let page_url = value(&page, "location.href");
    assert_eq!(
        seen,
        format!("made,{},{page_url},true,true,,0", other.url("/"))
    );
}

fn messages_cross_origins_with_their_origin_and_source() {
    let (_server, other, page) = load(
        &format!("{HEAR}<iframe src='OTHER/'></iframe>"),
        "<script>onmessage = (event) => { const [map, date, bytes] = event.data;
           event.source.postMessage([event.origin, map instanceof Map, map.get('a'), date instanceof Date, bytes instanceof Uint8Array,
             event.data.constructor === Array, bytes.length], event.origin);
           event.source.postMessage('not for you', 'http://example.com'); }</script>",
    );
    let seen = value(
        &page,
        "new Promise((resolve) => { onmessage = (event) => resolve([event.data, event.origin, event.source === frames[0]].join());
           frames[0].postMessage([new Map([['a', 1]]), new Date(0), new Uint8Array(3)], '*'); })",
    );
    let origin = value(&page, "origin");
    let others = other.url("").trim_end_matches('/').to_owned();
    assert_eq!(
        seen,
        format!("{origin},true,1,true,true,true,3,{others},true")
    );
    page.wait_until_settled().expect("settled");
    assert_eq!(value(&page, "heard.length"), "0");
}

fn only_the_members_for_every_origin_are_seen() {
    let (_server, _other, page) = load(
        "<iframe src='OTHER/'></iframe><iframe name=own></iframe>",
        "<iframe></iframe>",
    );
    let seen = value(
        &page,
        "const other = document.querySelector('iframe').contentWindow;
         const tried = (f) => { try { return String(f()) } catch (error) { return error.constructor === DOMException ? error.name : `${error}` } };
         [() => other.document, () => other.foo, () => { other.foo = 1 }, () => other.location.href, () => delete other.name, () => other.location.reload,
          () => Object.defineProperty(other, 'x', { value: 1 }), () => 'document' in other, () => other.Function, () => other.constructor,
          () => Reflect.setPrototypeOf(other, null), () => other.then, () => other[Symbol.toStringTag], () => other.length, () => other.closed,
          () => other.top === window, () => other.parent === window, () => other.frames === other, () => other.self === other, () => other.opener,
          () => typeof other[0].postMessage, () => other[1], () => Object.getPrototypeOf(other.location),
          () => document.querySelector('iframe').contentDocument, () => other.postMessage.constructor === Function].map(tried).join()",
    );
    let refused = ["SecurityError"; 10].join(",");
    assert_eq!(
        seen,
        format!(
            "{refused},true,undefined,undefined,1,false,true,true,true,true,null,function,SecurityError,null,null,true"
        )
    );
}

fn a_window_that_goes_to_another_origin_keeps_its_identity() {
    // QuickJS has no WindowProxy: there the window is another one.
    let is_kept = readystate_js::ENGINE == "v8";
    let (_server, _other, page) = load(
        "<iframe></iframe><script>var first = frames[0]</script>",
        "",
    );
    let seen = value(
        &page,
        "new Promise((resolve) => { const frame = document.querySelector('iframe'); const seen = [typeof first.document];
           frame.onload = () => { let thrown; try { frame.contentWindow.document } catch (error) { thrown = error.name }
             seen.push(first === frame.contentWindow, thrown);
             frame.onload = () => { seen.push(first === frame.contentWindow, typeof frame.contentWindow.document); resolve(seen.join()) };
             frame.contentWindow.location = 'about:blank'; };
           frame.src = 'data:text/html,hello'; })",
    );
    assert_eq!(
        seen,
        format!("object,{is_kept},SecurityError,{is_kept},object")
    );
}

fn a_sandboxed_frame_has_an_origin_of_its_own() {
    let (_server, _other, page) = load(
        &format!(
            "{HEAR}<iframe sandbox=allow-scripts srcdoc='<script>let thrown; try {{ document.cookie }} catch (error) {{ thrown = error.name }}
             parent.postMessage([origin, thrown, baseless()], \"*\"); function baseless() {{ return document.baseURI }}</script>'></iframe>"
        ),
        "",
    );
    let url = value(&page, "location.href");
    assert_eq!(
        value(&page, "heard[0].data.join()"),
        format!("null,SecurityError,{url}")
    );
    assert_eq!(value(&page, "heard[0].origin"), "null");
    assert_eq!(
        value(&page, "document.querySelector('iframe').contentDocument"),
        "null"
    );
}

fn a_sandbox_takes_away_forms_scripts_and_navigation() {
    let (server, _other, page) = load(
        &format!(
            "{HEAR}<iframe sandbox srcdoc='<body onload=\"parent.postMessage(1, `*`)\"><script>parent.postMessage(2, `*`)</script>'></iframe>
             <iframe sandbox='allow-scripts' srcdoc='<form action=/sent><input name=a></form><script>document.forms[0].submit();
             let thrown; try {{ top.location = `/away` }} catch (error) {{ thrown = error.name }} parent.postMessage([thrown, confirm(1)], `*`)</script>'></iframe>"
        ),
        "",
    );
    assert_eq!(
        value(&page, "JSON.stringify(heard.map((event) => event.data))"),
        "[[\"SecurityError\",false]]"
    );
    let paths: Vec<String> = server
        .requests()
        .into_iter()
        .map(|request| request.path)
        .collect();
    assert_eq!(paths, ["/"]);
}

fn javascript_urls_of_another_origin_do_not_run() {
    let (_server, _other, page) = load(
        &format!("{HEAR}<iframe src='OTHER/' name=f></iframe>"),
        "<script>var secret = 1; onmessage = () => { parent.location = 'javascript:document.title=\"taken\"'; parent.postMessage('tried', '*') }</script>",
    );
    value(
        &page,
        "frames[0].location = 'javascript:parent.postMessage(secret, \"*\")'; open('javascript:parent.postMessage(secret, \"*\")', 'f'); frames[0].postMessage(1, '*'); 0",
    );
    page.wait_until_settled().expect("settled");
    assert_eq!(
        value(
            &page,
            "heard.map((event) => event.data).join() + document.title"
        ),
        "tried"
    );
}

fn requests_of_an_opaque_origin_say_so() {
    let (_server, _other, page) = load(
        &format!(
            "{HEAR}<iframe sandbox=allow-scripts srcdoc='<script>const xhr = new XMLHttpRequest(); xhr.open(`GET`, `/origin`);
             xhr.onload = () => parent.postMessage(xhr.responseText, `*`); xhr.send()</script>'></iframe>"
        ),
        "",
    );
    assert_eq!(
        value(&page, "heard.map((event) => event.data).join()"),
        "null"
    );
}

fn frames_that_refuse_to_be_framed_stay_empty() {
    let (_server, _other, page) = load(
        &format!(
            "{HEAR}<script>var loads = 0</script><iframe src='OTHER/refuses' onload='loads++'></iframe>"
        ),
        "<script>parent.postMessage(1, '*')</script>",
    );
    assert_eq!(
        value(&page, "[loads, heard.length, frames[0].closed].join()"),
        "1,0,false"
    );
}

/// What looks, from all that script of a frame can get hold of, for functions of another realm: of one, everything of the other page
/// could be had. The frame's own frame is of its own origin.
const LOOK: &str = r#"<div id=x a=b class="c d"><template><p>t</p></template></div><iframe></iframe><script>
var records;
function look(roots) {
  const ours = [Object.prototype, frames[0].Object.prototype];
  const seen = new Set(), found = [], queue = roots.map((root, i) => [root, `${i}`]);
  const add = (value, path) => {
    if ((typeof value === "object" && value !== null || typeof value === "function") && !seen.has(value)) { seen.add(value); queue.push([value, path]); }
  };
  for (let n = 0; n < queue.length && n < 2500; n++) {
    const [object, path] = queue[n];
    let prototype = null, keys = [];
    try { prototype = Object.getPrototypeOf(object); keys = Reflect.ownKeys(object); } catch (error) { add(error, `${path}!`); }
    let last = prototype;
    for (let up = prototype; up !== null && up !== undefined; up = Object.getPrototypeOf(up)) last = up;
    if (last !== null && !ours.includes(last) && object !== Object.prototype && path !== "2") found.push(path);
    add(prototype, `${path}.__proto__`);
    for (const key of keys) {
      try {
        const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
        add(descriptor.value, `${path}.${String(key)}`);
        add(descriptor.get, `${path}.get ${String(key)}`);
        add(object[key], `${path}.${String(key)}`);
      } catch (error) { add(error, `${path}.${String(key)}!`); }
    }
    for (let up = prototype, depth = 0; up !== null && up !== Object.prototype && depth < 5; up = Object.getPrototypeOf(up), depth++) {
      for (const key of Reflect.ownKeys(up)) {
        const { get } = Reflect.getOwnPropertyDescriptor(up, key) ?? {};
        if (get !== undefined) try { add(Reflect.apply(get, object, []), `${path}.${String(key)}`); } catch (error) { add(error, `${path}.${String(key)}!`); }
      }
    }
  }
  return found;
}
const thrown = [() => parent.document, () => { parent.x = 1 }, () => parent.location.href, () => parent.postMessage(Symbol()), () => { parent.location = "http://[" },
  () => delete parent.x, () => parent.postMessage(1, "@@"), () => parent.postMessage(), () => parent.location.replace()].map((f) => { try { return f() } catch (error) { return error } });
const parsed = new DOMParser().parseFromString("<p>1", "text/html");
new MutationObserver((list) => { records = list }).observe(document, { childList: true, subtree: true });
document.body.append("x");
const { content } = document.querySelector("template");
content.firstChild.append("y");
onmessage = (event) => setTimeout(() => event.source.postMessage(look([event, event.data, parent, top, event.source, event.ports, thrown, records, parsed, parsed.body.firstChild,
  content, content.ownerDocument, parent[0], parent[1], parent.location, parent.postMessage, document.querySelectorAll("*"), x.getAttributeNames(), x.classList,
  document.evaluate("//p", document), new URLSearchParams("a=b"), getComputedStyle(x), getSelection(), history, frames[0], document]), "*"), 20);
</script>"#;

fn no_object_of_one_origin_is_found_from_the_other() {
    let (_server, _other, page) = load("<iframe src='OTHER/'></iframe><iframe></iframe>", LOOK);
    let seen = value(
        &page,
        "new Promise((resolve) => { onmessage = (event) => resolve(JSON.stringify(event.data));
           frames[0].postMessage([{ a: [new Map([[1, new Date(0)]]), /x/, new TypeError('e'), new Uint8Array(2), new Blob(['x']), new DOMException('a', 'b')] }], '*'); })",
    );
    assert_eq!(seen, "[]");
}

fn cookies_of_the_same_site_are_kept_from_frames_of_another() {
    const ASK: &str = "<script>
        const xhr = new XMLHttpRequest();
        xhr.open('GET', '/asked', false);
        xhr.send();
        document.title = xhr.responseText;
      </script>";
    let shop = Server::start(|request, connection| {
        let cookie = request.header("cookie").unwrap_or("none").to_owned();
        match request.path.as_str() {
            "/asked" => connection.respond("200 OK", &[], &cookie),
            "/frame" => connection.respond(
                "200 OK",
                &[("Content-Type", "text/html")],
                format!("<!DOCTYPE html><body data-cookie='{cookie}'>{ASK}<script>parent.postMessage([document.body.dataset.cookie, document.title, document.cookie || 'none'], '*')</script>"),
            ),
            _ => connection.respond(
                "200 OK",
                &[
                    ("Content-Type", "text/html"),
                    ("Set-Cookie", "a=1; SameSite=Lax"),
                    ("Set-Cookie", "b=2; SameSite=Strict"),
                ],
                "<!DOCTYPE html><script>
                   onmessage = (event) => document.title = event.data.join();
                   document.write(`<iframe src=${location.search.slice(1) || '/frame'}></iframe>`)
                 </script>",
            ),
        }
    });
    let frame = shop.url("/frame");
    let other = Server::start(move |_, connection| {
        connection.answer(
            "text/html",
            format!(
                "<!DOCTYPE html><script>
                   onmessage = (event) => {{
                     document.title = event.data.join();
                     if (parent !== self) parent.postMessage(event.data, '*');
                   }};
                 </script><iframe src='{frame}'></iframe>"
            ),
        );
    });
    let page = settled(&shop.url("/"));
    assert_eq!(value(&page, "document.title"), "a=1; b=2,a=1; b=2,a=1; b=2");
    // Another host is another site; another port is none.
    page.goto(&other.url("/").replace("127.0.0.1", "localhost"))
        .expect("the page loads");
    page.wait_until_settled().expect("the page settles");
    assert_eq!(value(&page, "document.title"), "none,none,none");
    page.goto(&other.url("/")).expect("the page loads");
    page.wait_until_settled().expect("the page settles");
    assert_eq!(value(&page, "document.title"), "a=1; b=2,a=1; b=2,a=1; b=2");
    // A frame of the shop within a frame of another site within the shop.
    let around = other.url("/").replace("127.0.0.1", "localhost");
    page.goto(&shop.url(&format!("/?{around}")))
        .expect("the page loads");
    page.wait_until_settled().expect("the page settles");
    assert_eq!(value(&page, "document.title"), "none,none,none");
}
