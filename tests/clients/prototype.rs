//! Prototype 1.7: `Ajax.Request`, `Ajax.Updater`, `Ajax.PeriodicalUpdater`, and a language that it changes under us.
//!
//! It was never published on npm; Debian has the last release unchanged.

use super::site::Site;
use crate::support::packages::debian;
use crate::support::trials;

trials!("clients::prototype":
    json_comes_parsed,
    xml_comes_as_a_document,
    forms_are_sent,
    errors_have_their_callbacks,
    a_request_can_be_given_up,
    an_updater_fills_an_element,
    a_periodical_updater_comes_again,
    responders_hear_of_every_request,
    what_script_is_answered_runs,
    synchronous_requests_are_done_when_they_return,
);

/// `call(url, options)` gives the name of the callback that came, with the response.
const CALL: &str = "const call = (url, options) => new Promise((resolve) => { const o = Object.extend({}, options || {});
    for (const name of ['onSuccess', 'onFailure', 'onException']) o[name] = (r, e) => { if (name == 'onException') resolve([name, e]); else resolve([name, r]); };
    new Ajax.Request(url, o); });";

#[track_caller]
fn check(script: &str, expected: &str) {
    let Some(packages) = debian("libjs-prototype") else {
        return;
    };
    let prototype = "usr/share/javascript/prototype/prototype.js";
    let form = "<form id=f action=/echo method=post><input name=n value='1 2'><input type=checkbox name=c checked></form>";
    let site = Site::start(packages, form, &[prototype]);
    assert_eq!(site.run(&format!("{CALL} {script}")), expected);
}

fn json_comes_parsed() {
    check(
        "const [, r] = await call('/json', { method: 'get' });
         return [r.responseJSON.name, r.responseJSON.list.size(), r.status, r.statusText, r.readyState, r.getHeader('content-type'),
                 r.responseText.evalJSON().name, Object.toJSON({ a: [1] })]",
        "Ada|2|200|OK|4|application/json|Ada|{\"a\":[1]}",
    );
}

fn xml_comes_as_a_document() {
    check(
        "const [, r] = await call('/xml', { method: 'get' });
         return [r.responseXML.documentElement.tagName, $A(r.responseXML.getElementsByTagName('i')).pluck('textContent').join()]",
        "l|eins,zwei",
    );
}

fn forms_are_sent() {
    check(
        "const sent = async (options) => (await call('/echo', options))[1].responseJSON;
         const a = await sent({ parameters: { a: 'b c', list: [1, 2] } });
         const g = await sent({ method: 'get', parameters: { a: 'b c' } });
         const j = await sent({ postBody: Object.toJSON({ a: 1 }), contentType: 'application/json' });
         const p = await sent({ method: 'put', parameters: { a: 1 } });
         const f = await new Promise((resolve) => $('f').request({ onSuccess: (r) => resolve(r.responseJSON) }));
         return [a.method, a.type, a.body, g.query, j.type, j.body, p.method, p.query, f.body, $('f').serialize(), a.with]",
        "POST|application/x-www-form-urlencoded|a=b+c&list=1&list=2|a=b+c|application/json|{\"a\":1}|POST||n=1+2&c=on|n=1+2&c=on|XMLHttpRequest",
    );
}

fn errors_have_their_callbacks() {
    check(
        "const [a, ra] = await call('/error'), [b, rb] = await call('/missing', { method: 'get' });
         const [c, rc] = await call('/json', { method: 'get', onComplete: null });
         const on404 = await new Promise((resolve) => new Ajax.Request('/missing', { method: 'get', on404: (r) => resolve(r.status) }));
         const cut = await new Promise((resolve) => new Ajax.Request('/cut', { method: 'get', onComplete: (r) => resolve(r.status + r.responseText) }));
         return [a, ra.status, ra.responseJSON.why, b, rb.status, c, on404, cut]",
        "onFailure|500|broken|onFailure|404|onSuccess|404|0",
    );
}

fn a_request_can_be_given_up() {
    // Prototype has no time-out and no abort of its own: pages reach for the transport.
    check(
        "const log = [], done = new Promise((resolve) => {
           const request = new Ajax.Request('/hang', { method: 'get', onComplete: (r) => { log.push('complete', r.status); resolve(); } });
           setTimeout(() => { request.transport.abort(); }, 20);
         });
         await done; return [log, Ajax.activeRequestCount]",
        "complete,0|0",
    );
}

fn an_updater_fills_an_element() {
    check(
        "await new Promise((resolve) => new Ajax.Updater('p', '/html', { method: 'get', onComplete: resolve }));
         await new Promise((resolve) => new Ajax.Updater({ success: 'p', failure: 'q' }, '/html', { method: 'get', insertion: 'top', onComplete: resolve }));
         return $('p').innerHTML",
        "<b id=\"x\">bold</b><i>thin</i><b id=\"x\">bold</b><i>thin</i>",
    );
}

fn a_periodical_updater_comes_again() {
    check(
        "let count = 0, updater; await new Promise((resolve) => {
           updater = new Ajax.PeriodicalUpdater('p', '/text', { method: 'get', frequency: 0.02, onSuccess: () => { if (++count == 3) resolve(); } }); });
         updater.stop(); return [count, $('p').innerHTML]",
        "3|plain é",
    );
}

fn responders_hear_of_every_request() {
    check(
        "const log = []; Ajax.Responders.register({ onCreate: () => log.push('create'), onComplete: () => log.push('complete'), onException: () => log.push('exception') });
         await call('/json', { method: 'get' }); await new Promise((resolve) => setTimeout(resolve));
         const states = []; await new Promise((resolve) => new Ajax.Request('/json', { method: 'get', onUninitialized: () => states.push(0),
             onLoaded: () => states.push(2), onInteractive: () => states.push(3), onComplete: () => { states.push(4); resolve(); } }));
         return [log, states]",
        "create,complete,create,complete|2,3,4",
    );
}

fn what_script_is_answered_runs() {
    check(
        "await call('/script', { method: 'get' }); await new Promise((resolve) => setTimeout(resolve)); return [window.ran]",
        "1",
    );
}

fn synchronous_requests_are_done_when_they_return() {
    check(
        "const order = []; const r = new Ajax.Request('/json', { method: 'get', asynchronous: false, onSuccess: () => order.push('success') });
         order.push('returned'); return [order, r.transport.responseText.length, r.success()]",
        "success,returned|27|true",
    );
}
