//! Dojo 1: its loader, `dojo/request` and the older `dojo.xhr`.

use super::site::Site;
use crate::support::packages::npm;
use crate::support::trials;

trials!("clients::dojo":
    every_handler_comes,
    forms_are_sent,
    errors_are_told,
    a_time_out_is_one,
    a_cancel_is_one,
    the_older_functions_work,
    script_and_iframe_transports_work,
);

#[track_caller]
fn check(script: &str, expected: &str) {
    let Some(packages) = npm(&["dojo@1.17.3"]) else {
        return;
    };
    let config = "<script>dojoConfig = { async: 1, baseUrl: '/packages/dojo', has: { 'dojo-firebug': 0 } };</script>";
    let site = Site::start(packages, config, &["dojo/dojo.js"]);
    let load = "const load = (...ids) => new Promise((resolve) => require(ids, (...m) => resolve(m)));
        const [request] = await load('dojo/request');
        const fate = (p) => new Promise((resolve) => p.then((r) => resolve('done'), (e) => resolve([e.name, e.dojoType, e.response && e.response.status].join())));";
    assert_eq!(site.run(&format!("{load} {script}")), expected);
}

fn every_handler_comes() {
    check(
        "const j = await request.get('/json', { handleAs: 'json' }), x = await request('/xml', { handleAs: 'xml' }), t = await request('/text');
         await request('/script', { handleAs: 'javascript' }); const r = await request.get('/redirect', { handleAs: 'json' });
         return [j.name, x.documentElement.tagName, t, window.ran, r.name]",
        "Ada|l|plain é|1|Ada",
    );
}

fn forms_are_sent() {
    check(
        "const sent = (method, options) => request[method]('/echo', { handleAs: 'json', ...options });
         const p = await sent('post', { data: { a: 'b c', l: [1, 2] } }), q = await sent('get', { query: { a: 'b c' } }), u = await sent('put', { data: 'raw', headers: { 'X-Own': '1' } });
         const data = new FormData(); data.append('n', 'v'); const m = await sent('post', { data }), d = await sent('del');
         return [p.type, p.body, q.query, u.method + u.body + u.own, /name=\"n\"/.test(m.body), d.method, p.with]",
        "application/x-www-form-urlencoded|a=b%20c&l=1&l=2|a=b%20c|PUTraw1|true|DELETE|XMLHttpRequest",
    );
}

fn errors_are_told() {
    check(
        "return [await fate(request('/error')), await fate(request('/missing')), await fate(request('/cut')), await fate(request('/bad-json', { handleAs: 'json' }))]",
        "RequestError,,500|RequestError,,404|RequestError,,0|SyntaxError,,200",
    );
}

fn a_time_out_is_one() {
    check(
        "return [await fate(request('/hang', { timeout: 60 }))]",
        "RequestTimeoutError,timeout,",
    );
}

fn a_cancel_is_one() {
    check(
        "const a = request('/hang'), b = request('/hang'), fa = fate(a); b.cancel('mine'); setTimeout(() => a.cancel(), 20);
         return [await fa, a.isCanceled(), await fate(b)]",
        "CancelError,cancel,|true|CancelError,cancel,",
    );
}

fn the_older_functions_work() {
    check(
        "const [xhr] = await load('dojo/_base/xhr'); const order = [];
         const g = await new Promise((load) => xhr.get({ url: '/json', handleAs: 'json', load }));
         xhr.get({ url: '/json', sync: true, handleAs: 'json', load: (d) => order.push(d.name) }); order.push('returned');
         const e = await new Promise((error) => xhr.get({ url: '/error', error: (e) => error(e.status), failOk: true }));
         const p = await new Promise((load) => xhr.post({ url: '/echo', content: { a: 1 }, handleAs: 'json', load }));
         return [g.name, order, e, p.body]",
        "Ada|Ada,returned|500|a=1",
    );
}

fn script_and_iframe_transports_work() {
    check(
        "const [script] = await load('dojo/request/script'); const r = await script.get('/jsonp', { jsonp: 'callback' }); return [r.padded]",
        "true",
    );
}
