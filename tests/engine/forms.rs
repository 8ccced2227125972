//! Forms that are sent by POST, and `blob:` URLs.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::forms":
    a_form_is_posted_by_a_click_and_becomes_the_page,
    each_encoding_has_its_type_and_body,
    a_file_goes_into_a_hidden_frame,
    a_button_overrides_the_form,
    text_is_sent_in_the_encoding_that_the_form_names,
    directions_and_custom_elements_are_entries,
    a_redirect_after_a_post_is_a_get_unless_it_says_otherwise,
    a_reload_posts_again_until_a_redirect_has_made_it_a_get,
    only_the_last_plan_of_a_form_is_carried_out,
    a_sandboxed_frame_sends_no_form,
    blob_urls_are_read_until_they_are_revoked,
    a_blob_url_is_a_document_of_its_makers_origin,
    a_page_may_go_to_its_own_blob_url,
);

/// Shows what it was sent: method, path, type, origin, referrer, body.
fn echo(request: &Request, connection: &mut Connection) {
    let redirect = |connection: &mut Connection, status: &str| {
        connection.respond(status, &[("Location", "/after")], "");
    };
    match request.path.as_str() {
        "/303" => return redirect(connection, "303 See Other"),
        "/302" => return redirect(connection, "302 Found"),
        "/307" => return redirect(connection, "307 Temporary Redirect"),
        _ => {}
    }
    let header = |name| request.header(name).unwrap_or("none");
    let body = format!(
        "{} {} [{}] [{}] [{}]\n{}",
        request.method,
        request.path,
        header("content-type"),
        header("origin"),
        header("referer"),
        String::from_utf8_lossy(&request.body)
            .replace('&', "&amp;")
            .replace('<', "&lt;")
    );
    connection.answer(
        "text/html;charset=utf-8",
        format!("<!doctype html><pre>{body}</pre>"),
    );
}

/// A page of `html` at a server of [`echo`].
fn load(html: &str) -> (Server, Page) {
    let html = html.to_owned();
    let server = Server::start(move |request, connection| {
        if request.path == "/" {
            connection.answer(
                "text/html;charset=utf-8",
                format!("<!doctype html><body>{html}"),
            );
        } else {
            echo(request, connection);
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

#[track_caller]
fn value(page: &Page, source: &str) -> String {
    match page.evaluate_to_text(source, Duration::from_secs(20)) {
        Ok(text) => text,
        Err(error) => panic!("{source}: {error}"),
    }
}

/// What a frame shows after `action`, its boundary and line breaks made readable.
#[track_caller]
fn framed(page: &Page, action: &str) -> String {
    let shown = value(
        page,
        &format!(
            "new Promise((resolve) => {{
                 const frame = document.querySelector('iframe');
                 const form = document.querySelector('form');
                 frame.onload = () => resolve(frame.contentDocument.querySelector('pre')?.textContent ?? 'no document');
                 {action};
             }})"
        ),
    );
    let boundary = shown
        .split_once("boundary=")
        .and_then(|(_, rest)| rest.split_once(']'))
        .map(|(boundary, _)| boundary.to_owned());
    match boundary {
        Some(boundary) => shown.replace(&boundary, "B"),
        None => shown,
    }
}

#[track_caller]
fn shown_after(page: &Page, action: &str) -> String {
    value(page, &format!("{action}; 0"));
    page.wait_until_settled().expect("the page settles");
    value(page, "document.querySelector('pre').textContent")
}

fn a_form_is_posted_by_a_click_and_becomes_the_page() {
    let (server, page) = load(
        "<form action=/to?x=1 method=post><input name=a value='1 &amp; 2'><button name=b value=c>go</button></form>",
    );
    page.click("button").expect("there is a button");
    page.wait_until_settled().expect("the page settles");
    let origin = server.url("");
    assert_eq!(
        value(&page, "document.querySelector('pre').textContent"),
        format!(
            "POST /to?x=1 [application/x-www-form-urlencoded] [{origin}] [{origin}/]\na=1+%26+2&b=c"
        )
    );
    assert_eq!(
        value(&page, "location.pathname + location.search"),
        "/to?x=1"
    );
    assert_eq!(value(&page, "document.referrer"), format!("{origin}/"));
}

fn each_encoding_has_its_type_and_body() {
    let (server, page) = load(
        "<iframe name=sink></iframe><form action=/to method=post target=sink>\
         <textarea name='a&#10;b'>1\n2</textarea><input type=file name=f><input name=é value='\"é'></form>",
    );
    let origin = server.url("");
    let check = |enctype: &str, type_: &str, body: &str| {
        assert_eq!(
            framed(&page, &format!("form.enctype = '{enctype}'; form.submit()")),
            format!("POST /to [{type_}] [{origin}] [{origin}/]\n{body}")
        );
    };
    let url_encoded = "a%0D%0Ab=1%0D%0A2&f=&%C3%A9=%22%C3%A9";
    check("", "application/x-www-form-urlencoded", url_encoded);
    check("text/x", "application/x-www-form-urlencoded", url_encoded);
    // NOTE: the HTML parser has made each CR LF of the answer an LF.
    check("text/plain", "text/plain", "a\nb=1\n2\nf=\né=\"é\n");
    check(
        "multipart/form-data",
        "multipart/form-data; boundary=B",
        "--B\nContent-Disposition: form-data; name=\"a%0D%0Ab\"\n\n1\n2\n\
         --B\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\nContent-Type: application/octet-stream\n\n\n\
         --B\nContent-Disposition: form-data; name=\"é\"\n\n\"é\n--B--\n",
    );
}

fn a_file_goes_into_a_hidden_frame() {
    let (_server, page) = load(
        "<iframe name=sink hidden></iframe>\
         <form action=/upload method=post enctype=multipart/form-data target=sink><input type=file name=f></form>",
    );
    let shown = framed(
        &page,
        "const data = new DataTransfer(); data.items.add(new File(['con', 'tent'], 'a\"b.txt', { type: 'text/x' }));
         form.elements.f.files = data.files; form.requestSubmit()",
    );
    let (_, body) = shown.split_once('\n').expect("a body");
    assert_eq!(
        body,
        "--B\nContent-Disposition: form-data; name=\"f\"; filename=\"a%22b.txt\"\nContent-Type: text/x\n\ncontent\n--B--\n"
    );
}

fn a_button_overrides_the_form() {
    let (server, page) = load(
        "<base target=nowhere><iframe name=sink></iframe><form action=/form target=other>\
         <input type=submit name=b value=v formaction=/button formmethod=post formenctype=text/plain formtarget=sink></form>\
         <form id=based action=/based method=post></form>",
    );
    let origin = server.url("");
    let expected = format!("POST /button [text/plain] [{origin}] [{origin}/]\nb=v\n");
    assert_eq!(framed(&page, "form.elements.b.click()"), expected);
    assert_eq!(
        framed(&page, "form.requestSubmit(form.elements.b)"),
        expected
    );
    assert_eq!(
        framed(
            &page,
            "document.querySelector('base').target = 'sink'; document.getElementById('based').submit()"
        ),
        format!("POST /based [application/x-www-form-urlencoded] [{origin}] [{origin}/]\n")
    );
}

fn text_is_sent_in_the_encoding_that_the_form_names() {
    let (_server, page) = load(
        "<iframe name=sink></iframe><form action=/to method=post target=sink accept-charset='x-no windows-1252'>\
         <input name=a value=é☃><input type=hidden name=_charset_></form>",
    );
    let shown = framed(&page, "form.submit()");
    assert!(
        shown.ends_with("\na=%E9%26%239731%3B&_charset_=windows-1252"),
        "{shown}"
    );
    let shown = framed(&page, "form.method = 'get'; form.submit()");
    assert!(
        shown.starts_with("GET /to?a=%E9%26%239731%3B&_charset_=windows-1252 "),
        "{shown}"
    );
}

fn directions_and_custom_elements_are_entries() {
    let (_server, page) = load(
        "<iframe name=sink></iframe><form action=/to method=post target=sink>\
         <input name=a dirname=a.dir value=שלום dir=auto><textarea name=b dirname=b.dir>x</textarea>\
         <input type=checkbox name=c dirname=c.dir checked><x-field name=d></x-field></form>",
    );
    let shown = framed(
        &page,
        "customElements.define('x-field', class extends HTMLElement {
             static formAssociated = true;
             constructor() { super(); this.attachInternals().setFormValue('own'); }
         }); form.submit()",
    );
    assert!(
        shown.ends_with("\na=%D7%A9%D7%9C%D7%95%D7%9D&a.dir=rtl&b=x&b.dir=ltr&c=on&d=own"),
        "{shown}"
    );
}

fn a_redirect_after_a_post_is_a_get_unless_it_says_otherwise() {
    let (server, page) = load(
        "<iframe name=sink></iframe><form method=post target=sink><input name=a value=1></form>",
    );
    let origin = server.url("");
    let get = format!("GET /after [none] [none] [{origin}/]\n");
    assert_eq!(framed(&page, "form.action = '/303'; form.submit()"), get);
    assert_eq!(framed(&page, "form.action = '/302'; form.submit()"), get);
    assert_eq!(
        framed(&page, "form.action = '/307'; form.submit()"),
        format!("POST /after [application/x-www-form-urlencoded] [{origin}] [{origin}/]\na=1")
    );
}

fn a_reload_posts_again_until_a_redirect_has_made_it_a_get() {
    let form = "<iframe name=sink></iframe><form method=post><input name=a value=1></form>";
    let (server, page) = load(form);
    assert_eq!(
        framed(
            &page,
            "form.target = 'sink'; form.action = '/to'; form.submit()"
        ),
        framed(&page, "frames[0].location.reload()").replace(&server.url("/to"), &server.url("/")),
    );
    let posted = shown_after(
        &page,
        "document.querySelector('form').target = ''; document.querySelector('form').action = '/307'; document.querySelector('form').submit()",
    );
    assert!(posted.starts_with("POST /after "), "{posted}");
    let again = shown_after(&page, "location.reload()");
    assert!(
        again.starts_with("POST /after ") && again.ends_with("\na=1"),
        "{again}"
    );
    let (_server, page) = load(form);
    let got = shown_after(
        &page,
        "document.querySelector('form').action = '/303'; document.querySelector('form').submit()",
    );
    assert!(got.starts_with("GET /after "), "{got}");
    let again = shown_after(&page, "location.reload()");
    assert!(again.starts_with("GET /after "), "{again}");
}

fn only_the_last_plan_of_a_form_is_carried_out() {
    let (server, page) = load(
        "<iframe name=sink></iframe><form action=/to method=post target=sink><input name=a value=1></form>",
    );
    let shown = framed(
        &page,
        "form.submit(); form.elements.a.value = '2'; form.submit(); form.elements.a.value = '3'",
    );
    assert!(shown.ends_with("\na=2"), "{shown}");
    let posts = server
        .requests()
        .iter()
        .filter(|request| request.method == "POST")
        .count();
    assert_eq!(posts, 1);
    // A navigation by `location` takes its place.
    let shown = framed(&page, "form.submit(); frames[0].location = '/elsewhere'");
    assert!(shown.starts_with("GET /elsewhere "), "{shown}");
    // Plans for different frames do not meet, unless a click makes the second.
    let both = |second: &str| {
        value(
            &page,
            &format!(
                "new Promise((resolve) => {{
                     document.body.innerHTML = '<iframe name=a></iframe><iframe name=b></iframe><form action=/both><button>go</button></form>';
                     const form = document.forms[0];
                     const loaded = [];
                     for (const frame of document.querySelectorAll('iframe')) frame.onload = () => {{
                         loaded.push(frame.name);
                         if (frame.name === 'b') setTimeout(() => resolve(loaded.sort().join()), 200);
                     }};
                     form.target = 'a'; form.submit();
                     form.target = 'b'; {second};
                 }})"
            ),
        )
    };
    assert_eq!(both("form.submit()"), "a,b");
    assert_eq!(both("form.querySelector('button').click()"), "b");
}

fn a_sandboxed_frame_sends_no_form() {
    let (server, page) = load(
        "<iframe sandbox='allow-same-origin' srcdoc='<form action=/to method=post></form>'></iframe>",
    );
    value(
        &page,
        "document.querySelector('iframe').contentDocument.querySelector('form').submit(); 0",
    );
    page.wait_until_settled().expect("the page settles");
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.path != "/to")
    );
}

fn blob_urls_are_read_until_they_are_revoked() {
    let (server, page) = load("");
    let seen = value(
        &page,
        "const read = (url, method = 'GET') => { const xhr = new XMLHttpRequest(); xhr.open(method, url, false);
             try { xhr.send(); return [xhr.status, xhr.getResponseHeader('content-type'), xhr.getResponseHeader('content-length'),
                 xhr.responseText].join(); } catch (error) { return error.name; } };
         const blob = new Blob(['text é'], { type: 'text/x' });
         const url = URL.createObjectURL(blob);
         const early = new XMLHttpRequest();
         early.open('GET', url, false);
         const seen = [read(url), read(url + '#x'), read(url, 'POST'), url === URL.createObjectURL(blob),
             new URL(url).origin === location.origin, /^blob:http:[^ ]+\\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(url)];
         URL.revokeObjectURL(url + '#x');
         seen.push(read(url));
         URL.revokeObjectURL(url);
         early.send();
         seen.push(read(url), early.responseText);
         try { URL.createObjectURL({}); } catch (error) { seen.push(error.name); }
         seen.join(' | ')",
    );
    assert_eq!(
        seen,
        "200,text/x,7,text é | 200,text/x,7,text é | NetworkError | false | true | true | 200,text/x,7,text é | NetworkError | \
         text é | TypeError"
    );
    assert_eq!(
        server.requests().len(),
        1,
        "nothing of it is asked of the server"
    );
}

fn a_blob_url_is_a_document_of_its_makers_origin() {
    let (_server, page) = load("<iframe></iframe>");
    let seen = value(
        &page,
        "new Promise((resolve) => {
             const markup = '<title>of the blob</title><script>var seen = [location.protocol, document.cookie, parent.document.title];<\\/script>';
             const url = URL.createObjectURL(new Blob([markup], { type: 'text/html' }));
             document.title = 'of the page';
             document.cookie = 'a=b';
             const frame = document.querySelector('iframe');
             frame.onload = () => resolve([frame.contentDocument.title, frame.contentWindow.location.href === url,
                 frame.contentWindow.origin === origin, ...frame.contentWindow.seen].join());
             frame.src = url;
             URL.revokeObjectURL(url);
         })",
    );
    assert_eq!(seen, "of the blob,true,true,blob:,,of the page");
}

fn a_page_may_go_to_its_own_blob_url() {
    let (server, page) = load("");
    value(
        &page,
        "location = URL.createObjectURL(new Blob(['<pre>made</pre>'], { type: 'text/html' })); 0",
    );
    page.wait_until_settled().expect("the page settles");
    assert_eq!(
        value(
            &page,
            "document.querySelector('pre').textContent + ' ' + origin"
        ),
        format!("made {}", server.url(""))
    );
    // What the document was made from stays for its reload; the URL has ended with the page that made it.
    let shown = shown_after(&page, "location.reload()");
    assert_eq!(shown, "made");
    assert_eq!(
        value(
            &page,
            "const xhr = new XMLHttpRequest(); xhr.open('GET', location.href.split('#')[0], false);
             try { xhr.send(); xhr.responseText; } catch (error) { error.name; }"
        ),
        "NetworkError"
    );
}
