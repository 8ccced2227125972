//! axios, the build for browsers.

use super::site::Site;
use crate::support::packages::npm;
use crate::support::trials;

trials!("clients::axios":
    json_comes_parsed,
    every_response_type_comes,
    forms_are_sent_in_their_encodings,
    errors_have_their_codes,
    a_time_out_is_one,
    an_abort_is_one,
    progress_is_told,
    interceptors_and_instances_work,
);

#[track_caller]
fn check(script: &str, expected: &str) {
    let Some(packages) = npm(&["axios@1.7.9"]) else {
        return;
    };
    let site = Site::start(packages, "", &["axios/dist/axios.js"]);
    let fate = "const fate = (p) => p.then((r) => 'done ' + r.status, (e) => [e.code, e.message, e.response && e.response.status].join());";
    assert_eq!(site.run(&format!("{fate} {script}")), expected);
}

fn json_comes_parsed() {
    check(
        "const r = await axios.get('/json'), s = await axios('/redirect'), t = await axios.get('/text');
         return [r.data.name, r.data.list.length, r.status, r.statusText, r.headers['content-type'], s.data.name, t.data, r.request instanceof XMLHttpRequest]",
        "Ada|2|200|OK|application/json|Ada|plain é|true",
    );
}

fn every_response_type_comes() {
    check(
        "const get = async (url, responseType) => (await axios.get(url, { responseType })).data;
         const xml = await get('/xml', 'document'), bytes = await get('/text', 'arraybuffer'), blob = await get('/text', 'blob'), text = await get('/json', 'text');
         return [xml.documentElement.tagName, xml.querySelectorAll('i').length, bytes.byteLength, blob.size, typeof text]",
        "l|2|8|8|string",
    );
}

fn forms_are_sent_in_their_encodings() {
    check(
        "const post = async (data, config) => (await axios.post('/echo', data, config)).data;
         const j = await post({ a: 1 }), u = await post(new URLSearchParams({ a: 'b c' })), data = new FormData(); data.append('n', 'v');
         const m = await post(data), f = await axios.postForm('/echo', { x: 1 }), l = await post({ a: [1, 2] }, { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
         const g = (await axios.get('/echo', { params: { a: 'b c', l: [1, 2] } })).data, p = (await axios.put('/echo', 'raw', { headers: { 'X-Own': '1' } })).data;
         const a = (await axios.get('/echo', { auth: { username: 'u', password: 'p' } })).data;
         return [j.type, j.body, u.type, u.body, m.type, /name=\"n\"/.test(m.body), f.data.type, l.body, g.query, p.method + p.body + p.own, a.authorization]",
        "application/json|{\"a\":1}|application/x-www-form-urlencoded|a=b+c|multipart/form-data|true|multipart/form-data|\
         a%5B%5D=1&a%5B%5D=2|a=b+c&l[]=1&l[]=2|PUTraw1|Basic dTpw",
    );
}

fn errors_have_their_codes() {
    check(
        "const e = await axios.get('/error').catch((e) => e);
         return [e.response.data.why, await fate(axios.get('/error')), await fate(axios.get('/missing')), await fate(axios.get('/cut')),
                 await fate(axios.get('/missing', { validateStatus: () => true }))]",
        "broken|ERR_BAD_RESPONSE,Request failed with status code 500,500|ERR_BAD_REQUEST,Request failed with status code 404,404|\
         ERR_NETWORK,Network Error,|done 404",
    );
}

fn a_time_out_is_one() {
    check(
        "return [await fate(axios.get('/hang', { timeout: 60 })), await fate(axios.get('/hang-in-body', { timeout: 200 }))]",
        "ECONNABORTED,timeout of 60ms exceeded,|ECONNABORTED,timeout of 200ms exceeded,",
    );
}

fn an_abort_is_one() {
    check(
        "const c = new AbortController(), s = axios.CancelToken.source();
         setTimeout(() => { c.abort(); s.cancel('enough'); }, 20);
         const a = fate(axios.get('/hang', { signal: c.signal })), b = axios.get('/hang', { cancelToken: s.token }).catch((e) => e);
         return [await a, axios.isCancel(await b), (await b).message]",
        "ERR_CANCELED,canceled,|true|enough",
    );
}

fn progress_is_told() {
    check(
        "let up, down; await axios.post('/echo', 'x'.repeat(100000), { onUploadProgress: (e) => { up = e; }, onDownloadProgress: (e) => { down = e; } });
         await new Promise((resolve) => setTimeout(resolve, 400));
         return [up.loaded, up.total, up.upload, down.loaded > 100000, down.download]",
        "100000|100000|true|true|true",
    );
}

fn interceptors_and_instances_work() {
    check(
        "const i = axios.create({ baseURL: '/', headers: { 'X-Own': 'mine' } });
         i.interceptors.request.use((c) => { c.params = { added: 1 }; return c; }); i.interceptors.response.use((r) => r.data);
         const r = await i.post('echo', 'b'); const [a, b] = await axios.all([axios.get('/json'), axios.get('/text')]);
         return [r.own, r.query, r.body, a.data.name + b.data]",
        "mine|added=1|b|Adaplain é",
    );
}
