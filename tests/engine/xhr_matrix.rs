//! XMLHttpRequest's events as a page sees them, over a real connection, in every combination of mode, method, body, response type and
//! fate. The rules are stated in the page once more; the larger matrix is in `xhr`.

use crate::support::page::settled;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::xhr_matrix":
    every_combination_fires_what_the_standard_says,
);

const PAGE: &str = "<!DOCTYPE html><script>
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'], bodies = [null, '', 'seven b'], types = ['', 'json', 'arraybuffer', 'blob', 'document'];
const fates = ['200', '204', '304', '401', 'redirect', 'none', 'cut', 'hang', 'abort2', 'abort3', 'abort4'];
const event = (name, loaded, total) => `${name}(${loaded},${total},${total !== 0})`;

function expected({ async, method, body, fate }) {
  const log = ['1'], upload = body !== null && method !== 'GET' && method !== 'HEAD' ? body.length : -1;
  const hasBody = method !== 'HEAD' && fate !== '204' && fate !== '304';
  const total = fate === '204' || fate === '304' ? 0 : fate === 'cut' ? 9 : 5, loaded = hasBody ? 5 : 0;
  const end = fate === 'none' || (fate === 'cut' && hasBody) ? 'error' : fate === 'hang' ? 'timeout'
    : fate === 'abort2' || (fate === 'abort3' && hasBody) ? 'abort' : 'load';
  const done = fate === 'abort4' ? [] : [event('load', loaded, total), event('loadend', loaded, total)];
  if (!async) return end === 'load' ? [...log, '4', ...done] : [...log, 'NetworkError'];
  log.push(event('loadstart', 0, 0));
  if (upload >= 0) log.push(event('upload.loadstart', 0, upload), ...['progress', 'load', 'loadend'].map((name) => event('upload.' + name, upload, upload)));
  if (fate !== 'none' && fate !== 'hang') {
    log.push('2');
    if (hasBody && fate !== 'abort2') {
      log.push('3');
      if (fate !== 'abort3') log.push(event('progress', 5, total));
    } else if (end === 'load') log.push(event('progress', 0, total));
  }
  return [...log, '4', ...(end === 'load' ? done : [event(end, 0, 0), event('loadend', 0, 0)])];
}

// How often bytes come is the network's affair: of several states 3 the first counts, of several progress events the last.
function tidied(log) {
  return log.filter((line, at) => {
    const name = line.split('(')[0];
    if (line === '3') return log.indexOf('3') === at;
    return !name.endsWith('progress') || !log.slice(at + 1).some((later) => later.split('(')[0] === name);
  });
}

function run({ async, method, body, type, fate }) {
  return new Promise((resolve) => {
    const r = new XMLHttpRequest(), log = [], finish = () => resolve(tidied(log));
    const names = ['loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];
    for (const [target, prefix] of [[r, ''], [r.upload, 'upload.']])
      for (const name of names) target.addEventListener(name, (e) => {
        log.push(`${prefix}${name}(${e.loaded},${e.total},${e.lengthComputable})`);
        if (name === 'loadend' && target === r && async) finish();
        // Requests wait for one another: the time runs from the end of the upload.
        if (name === 'loadend' && target !== r && fate === 'hang') r.timeout = 1;
      });
    r.onreadystatechange = () => {
      const state = r.readyState;
      log.push(String(state));
      if (fate === 'abort' + state) { r.abort(); if (state === 4 && async) setTimeout(finish); }
    };
    r.open(method, '/' + fate, async);
    if (async) { r.responseType = type; if (fate === 'hang' && (body === null || method === 'GET' || method === 'HEAD')) r.timeout = 80; }
    try { r.send(body); } catch (e) { log.push(e.name); }
    if (!async) finish();
  });
}

async function all() {
  const wrong = [], cases = [];
  for (const async of [true, false]) for (const method of methods) for (const body of bodies) for (const type of types) for (const fate of fates)
    if (async ? fate !== 'hang' || type === '' : type === '' && !['hang', 'abort2', 'abort3'].includes(fate)) cases.push({ async, method, body, type, fate });
  const check = async (one) => {
    const seen = (await run(one)).join(), right = expected(one).join();
    if (seen !== right) wrong.push(JSON.stringify(one) + ' expected ' + right + ' observed ' + seen);
  };
  await Promise.all(cases.filter((one) => one.async).map(check));
  for (const one of cases.filter((one) => !one.async)) await check(one);
  return cases.length + ' cases' + wrong.map((line) => '\\n' + line).slice(0, 10).join('');
}
</script>";

fn every_combination_fires_what_the_standard_says() {
    let server = Server::with_page(PAGE, |request, connection| match request.path.as_str() {
        "/204" => connection.raw_head("204 No Content", &[]),
        "/304" => connection.raw_head("304 Not Modified", &[]),
        "/401" => connection.respond("401 Unauthorized", &[], "hello"),
        "/redirect" => connection.respond("307 Moved", &[("Location", "/200")], ""),
        "/none" => {}
        "/cut" => {
            let head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
            let body = if request.method == "HEAD" {
                ""
            } else {
                "hello"
            };
            connection.raw(format!("{head}{body}"));
        }
        "/hang" => connection.hang(),
        _ if request.method == "HEAD" => connection.raw_head("200 OK", &[("Content-Length", "5")]),
        _ => connection.respond("200 OK", &[], "hello"),
    });
    let page = settled(&server.url("/"));
    let answer: String = page.evaluate("all()").expect("it ends");
    assert_eq!(answer, "885 cases");
}
