//! jQuery 3: `$.ajax` in all its forms.

use super::site::Site;
use crate::support::packages::npm;
use crate::support::trials;

trials!("clients::jquery":
    json_comes_parsed,
    xml_comes_as_a_document,
    text_html_and_scripts_come_as_what_they_are,
    forms_are_sent_in_their_encodings,
    errors_say_what_went_wrong,
    a_time_out_is_one,
    an_abort_is_one,
    jsonp_goes_by_script_elements,
    synchronous_requests_are_done_when_they_return,
    global_events_come_in_order,
    shorthands_do_what_they_are_short_for,
    settings_reach_the_wire,
    other_origins_are_asked_by_cors,
);

fn site() -> Option<Site> {
    let packages = npm(&["jquery@3.7.1"])?;
    Some(Site::start(packages, "", &["jquery/dist/jquery.js"]))
}

/// Runs `script` in a page with jQuery and compares what it returns.
#[track_caller]
fn check(script: &str, expected: &str) {
    if let Some(site) = site() {
        assert_eq!(site.run(script), expected);
    }
}

/// How a request ended: `settle(jqXHR)` gives `done` or `fail` with its arguments.
const SETTLE: &str = "const settle = (x) => new Promise((resolve) => x.then(
    (data, status, xhr) => resolve(['done', status, xhr.status, xhr.readyState].join()),
    (xhr, status, error) => resolve(['fail', status, xhr.status, xhr.statusText, error && error.name ? error.name : error].join())));";

fn json_comes_parsed() {
    check(
        "const a = await $.ajax('/json'), b = await $.ajax({ url: '/json', dataType: 'text' });
         const c = await $.ajax({ url: '/json', dataType: 'json', dataFilter: (s) => s.replace('Ada', 'Eve') });
         const r = await $.ajax('/redirect');
         return [a.name, a.list.length, typeof b, c.name, r.name]",
        "Ada|2|string|Eve|Ada",
    );
}

fn xml_comes_as_a_document() {
    check(
        "const xml = await $.ajax('/xml');
         return [xml.nodeType, xml.documentElement.tagName, $(xml).find('i').length, $(xml).find('[id=1]').text(),
                 $('i', $.parseXML('<a><i>n</i></a>')).text()]",
        "9|l|2|eins|n",
    );
}

fn text_html_and_scripts_come_as_what_they_are() {
    check(
        "const t = await $.ajax('/text'), h = await $.ajax({ url: '/html', dataType: 'html' });
         const s = await $.ajax({ url: '/script', dataType: 'script' }); await $.getScript('/script');
         const e = await $.ajax('/empty');
         await new Promise((resolve) => $('#p').load('/html #x', resolve));
         return [t, $('<div>').html(h).children().length, s.startsWith('window'), window.ran, e, $('#p').html()]",
        "plain é|2|true|2||<b id=\"x\">bold</b>",
    );
}

fn forms_are_sent_in_their_encodings() {
    check(
        "const post = (settings) => $.ajax({ url: '/echo', method: 'POST', ...settings });
         const object = await post({ data: { a: 'b c', list: [1, 2], deep: { x: 'é' } } });
         const flat = await post({ data: { list: [1, 2] }, traditional: true });
         const form = $('<form><input name=n value=\"1 2\"><input name=c type=checkbox checked><select name=s><option>o</select></form>');
         const serialized = await post({ data: form.serialize() });
         const data = new FormData(form[0]);
         const multipart = await post({ data, processData: false, contentType: false });
         const json = await post({ data: JSON.stringify({ a: 1 }), contentType: 'application/json' });
         const get = await $.ajax({ url: '/echo?x=1', data: { a: 'b c' } });
         const put = await post({ method: 'PUT', data: 'raw', contentType: 'text/plain' });
         return [object.body, flat.body, serialized.type, serialized.body, multipart.type,
                 (multipart.body.match(/name=\"(.)\"/g) || []).join(), json.type, json.body, get.method, get.query, put.method + put.body]",
        "a=b+c&list%5B%5D=1&list%5B%5D=2&deep%5Bx%5D=%C3%A9|list=1&list=2|application/x-www-form-urlencoded|n=1+2&c=on&s=o|\
         multipart/form-data|name=\"n\",name=\"c\",name=\"s\"|application/json|{\"a\":1}|GET|x=1&a=b%20c|PUTraw",
    );
}

fn errors_say_what_went_wrong() {
    let script = format!(
        "{SETTLE} const e = $.ajax('/error'); const codes = [];
         const ended = [await settle(e), await settle($.ajax('/missing')), await settle($.ajax({{ url: '/bad-json', dataType: 'json' }})),
                 await settle($.ajax({{ url: '/bad-xml', dataType: 'xml' }})), await settle($.ajax('/cut')),
                 await settle($.ajax({{ url: '/json', dataType: 'no-such-type' }}))];
         await settle($.ajax({{ url: '/missing', statusCode: {{ 404: () => codes.push(404), 500: () => codes.push(500) }} }}));
         return [...ended, e.responseJSON.why, codes]"
    );
    check(
        &script,
        "fail,error,500,Broken On Purpose,Broken On Purpose|fail,error,404,Not Found,Not Found|fail,parsererror,200,OK,SyntaxError|\
         fail,parsererror,200,OK,Error|fail,error,0,error,|fail,parsererror,200,OK,No conversion from text to no-such-type|\
         broken|404",
    );
}

fn a_time_out_is_one() {
    let script = format!(
        "{SETTLE} return [await settle($.ajax({{ url: '/hang', timeout: 60 }})), await settle($.ajax({{ url: '/hang-in-body', timeout: 200 }}))]"
    );
    check(
        &script,
        "fail,timeout,0,timeout,timeout|fail,timeout,0,timeout,timeout",
    );
}

fn an_abort_is_one() {
    let script = format!(
        "{SETTLE} const a = $.ajax('/hang'), b = $.ajax('/hang'), c = $.ajax({{ url: '/json', beforeSend: () => false }});
         const called = []; b.always((x, status) => called.push(status)); b.abort('enough');
         setTimeout(() => a.abort(), 20);
         const done = $.ajax('/json'); await done; done.abort();
         return [await settle(a), called, await settle(c), done.statusText, done.readyState]"
    );
    check(
        &script,
        "fail,abort,0,abort,abort|enough|fail,canceled,0,canceled,canceled|OK|4",
    );
}

fn jsonp_goes_by_script_elements() {
    let script = format!(
        "{SETTLE} const other = location.origin.replace('127.0.0.1', 'localhost');
         const same = await $.ajax({{ url: '/jsonp', dataType: 'jsonp' }});
         const cross = await $.ajax({{ url: other + '/jsonp', dataType: 'jsonp', jsonpCallback: 'mine' }});
         const placed = await $.getJSON(other + '/jsonp?callback=?');
         const late = await settle($.ajax({{ url: other + '/hang', dataType: 'jsonp', timeout: 60 }}));
         return [same.padded, cross.padded, placed.padded, typeof window.mine, $('head script[src*=jsonp]').length, late]"
    );
    check(
        &script,
        "true|true|true|undefined|0|fail,timeout,0,timeout,timeout",
    );
}

fn synchronous_requests_are_done_when_they_return() {
    check(
        "const order = []; const x = $.ajax({ url: '/json', async: false, success: () => order.push('success'), complete: () => order.push('complete') });
         order.push('returned');
         const broken = $.ajax({ url: '/error', async: false }), cut = $.ajax({ url: '/cut', async: false });
         return [order, x.responseJSON.name, broken.status, broken.state(), cut.state(), cut.status]",
        "success,complete,returned|Ada|500|rejected|rejected|0",
    );
}

fn global_events_come_in_order() {
    check(
        "const log = []; for (const name of ['ajaxStart', 'ajaxSend', 'ajaxSuccess', 'ajaxError', 'ajaxComplete', 'ajaxStop'])
           $(document).on(name, () => log.push(name.slice(4)));
         await $.ajax('/json'); await new Promise((resolve) => $.ajax('/error').always(() => setTimeout(resolve)));
         await $.ajax({ url: '/json', global: false });
         return [log, $.active]",
        "Start,Send,Success,Complete,Stop,Start,Send,Error,Complete,Stop|0",
    );
}

fn shorthands_do_what_they_are_short_for() {
    check(
        "const g = await $.get('/json'), j = await $.getJSON('/json', { a: 1 }), p = await $.post('/echo', { a: 1 }), x = await $.post('/echo', 'raw', null, 'text');
         const [w] = await new Promise((resolve) => $.when($.get('/json'), $.get('/text')).then((a, b) => resolve([a[0].name + b[0]])));
         const s = $.param({ a: [1, 2], b: { c: 3 } });
         return [g.name, j.name, p.method, p.body, JSON.parse(x).body, w, decodeURIComponent(s)]",
        "Ada|Ada|POST|a=1|raw|Adaplain é|a[]=1&a[]=2&b[c]=3",
    );
}

fn settings_reach_the_wire() {
    check(
        "$.ajaxSetup({ headers: { 'X-Own': 'setup' } });
         const plain = await $.ajax({ url: '/echo', dataType: 'json' });
         const more = await $.ajax({ url: '/echo', cache: false, username: 'u', password: 'p', headers: { 'X-Own': 'mine' }, beforeSend: (x) => { x.setRequestHeader('X-Requested-With', 'else'); } });
         const prefiltered = new Promise((resolve) => $.ajaxPrefilter((options) => { resolve(options.url); }));
         const made = $.ajax('/headers'); await made;
         return [plain.with, plain.own, plain.accept, more.own, /^_=\\d+$/.test(more.query), more.with, await prefiltered,
                 made.status, made.getResponseHeader('X-Two'), /x-one: 1/.test(made.getAllResponseHeaders())]",
        "XMLHttpRequest|setup|application/json, text/javascript, */*; q=0.01|mine|true|else|/headers|201|a, b|true",
    );
}

fn other_origins_are_asked_by_cors() {
    let script = format!(
        "{SETTLE} const other = location.origin.replace('127.0.0.1', 'localhost');
         return [await settle($.ajax(other + '/json')), $.support.cors]"
    );
    if let Some(site) = site() {
        assert_eq!(site.run(&script), "fail,error,0,error,|true");
        let request = site.requests("/json").pop().expect("a simple request");
        assert!(request.header("origin").is_some());
        assert_eq!(request.header("x-requested-with"), None);
    }
}
