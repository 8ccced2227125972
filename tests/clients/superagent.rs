//! superagent, the build for browsers.

use super::site::Site;
use crate::support::packages::npm;
use crate::support::trials;

trials!("clients::superagent":
    json_xml_and_text_come,
    forms_are_sent_in_their_encodings,
    errors_say_what_went_wrong,
    a_time_out_is_one,
    an_abort_is_one,
    progress_and_headers,
);

#[track_caller]
fn check(script: &str, expected: &str) {
    let Some(packages) = npm(&["superagent@10.1.1"]) else {
        return;
    };
    let site = Site::start(packages, "", &["superagent/dist/superagent.js"]);
    let fate = "const fate = (p) => p.then((r) => 'done ' + r.status, (e) => [e.status, e.code, e.timeout].join());";
    assert_eq!(site.run(&format!("{fate} {script}")), expected);
}

fn json_xml_and_text_come() {
    check(
        "const j = await superagent.get('/json'), x = await superagent.get('/xml'), t = await superagent.get('/text'), r = await superagent.get('/redirect');
         const b = await superagent.get('/text').responseType('blob'), e = await superagent.get('/empty');
         return [j.body.name, j.type, j.ok, x.xhr.responseXML.documentElement.tagName, t.text, r.body.name, b.body.size, e.status]",
        "Ada|application/json|true|l|plain é|Ada|8|204",
    );
}

fn forms_are_sent_in_their_encodings() {
    check(
        "const j = await superagent.post('/echo').send({ a: 1 }).send({ b: 2 }), f = await superagent.post('/echo').type('form').send({ a: 'b c' });
         const m = await superagent.post('/echo').field('n', 'v').attach('f', new Blob(['x']), 'f.txt'), q = await superagent.get('/echo').query({ a: 'b c' }).query('z=1');
         const s = await superagent.put('/echo').set('X-Own', '1').auth('u', 'p').send('raw');
         return [j.body.type, j.body.body, f.body.type, f.body.body, m.body.type, /filename=\"f.txt\"/.test(m.body.body), q.body.query, s.body.method + s.body.own + s.body.body, s.body.authorization]",
        "application/json|{\"a\":1,\"b\":2}|application/x-www-form-urlencoded|a=b%20c|multipart/form-data|true|a=b%20c&z=1|PUT1raw|Basic dTpw",
    );
}

fn errors_say_what_went_wrong() {
    check(
        "const e = await superagent.get('/error').catch((e) => e), c = await superagent.get('/cut').catch((e) => e), p = await superagent.get('/bad-json').catch((e) => e);
         return [e.response.body.why, e.status, await fate(superagent.get('/missing')), await fate(superagent.get('/missing').ok(() => true)), c.crossDomain, p.parse]",
        "broken|500|404,,|done 404|true|true",
    );
}

fn a_time_out_is_one() {
    check(
        "return [await fate(superagent.get('/hang').timeout(60)), await fate(superagent.get('/hang').timeout({ response: 60 }))]",
        ",ECONNABORTED,60|,ECONNABORTED,60",
    );
}

fn an_abort_is_one() {
    check(
        "const r = superagent.get('/hang'), log = []; r.on('abort', () => log.push('abort')); r.then(() => {}, (e) => log.push(e.code));
         await new Promise((resolve) => setTimeout(() => { r.abort(); setTimeout(resolve, 20); }, 20)); return [log, r.xhr.readyState]",
        "abort,ABORTED|0",
    );
}

fn progress_and_headers() {
    check(
        "const log = new Set(); const r = await superagent.post('/echo').send('x'.repeat(1000)).on('progress', (e) => log.add(e.direction));
         const h = await superagent.get('/headers'); return [[...log].sort(), h.status, h.headers['x-two'], r.body.body.length]",
        "download,upload|201|a, b|1000",
    );
}
