//! Module scripts: graphs, order, `import()`, import maps, and what goes wrong with them.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::{Connection, Request, Server};
use crate::support::trials;

trials!("engine::modules":
    a_graph_is_evaluated_once_and_depth_first,
    modules_are_deferred,
    an_inserted_module_runs_in_a_later_task,
    a_network_error_goes_before_a_parse_error,
    nomodule_scripts_stay_out,
    import_calls_start_from_their_own_script,
    import_meta_knows_its_address,
    top_level_await_holds_back_who_imports,
    json_and_css_are_modules_if_asked_for_so,
    a_wrong_type_is_no_module,
    a_missing_import_fires_error_and_runs_nothing,
    errors_of_modules_are_reported_at_their_line,
    import_maps_name_modules_and_their_hashes,
    a_broken_import_map_is_reported,
    each_frame_has_a_module_map_of_its_own,
    blob_and_data_urls_are_modules,
    a_preloaded_module_is_fetched_once,
    modules_of_other_origins_need_cors,
    an_import_that_fails_fails_again,
);

/// A site of small modules.
fn site(request: &Request, connection: &mut Connection) {
    const SCRIPT: &str = "text/javascript";
    let log = |name: &str| format!("globalThis.log.push('{name}');");
    match request.path.as_str() {
        "/a.mjs" => connection.answer(SCRIPT, format!("import './b.mjs'; import './c.mjs'; {}", log("a"))),
        "/b.mjs" => connection.answer(SCRIPT, format!("import './c.mjs'; import './a.mjs'; {}", log("b"))),
        "/c.mjs" => connection.answer(SCRIPT, format!("export default 'C'; {}", log("c"))),
        "/classic.js" => connection.answer(SCRIPT, log("classic")),
        "/dir/loader.js" => connection.answer(
            SCRIPT,
            "import('./near.mjs').then((m) => log.push(m.default));
             setTimeout(\"import('./near.mjs').then((m) => log.push('timer ' + m.default))\", 0);",
        ),
        "/dir/near.mjs" => connection.answer(SCRIPT, "export default 'near ' + import.meta.url.slice(-13)"),
        "/await.mjs" => connection.answer(
            SCRIPT,
            "log.push('before'); await new Promise((done) => setTimeout(done, 5)); log.push('after');",
        ),
        "/data.json" => connection.answer("application/json", r#"{"a": [1, 2]}"#),
        "/sheet.css" => connection.answer("text/css", "a { color: red } b { }"),
        "/text.mjs" => connection.answer("text/plain", log("text")),
        "/throws.mjs" => connection.answer(SCRIPT, "log.push('t');\n\n  throw new TypeError('third line');"),
        "/broken.mjs" => connection.answer(SCRIPT, "\nlet let = 1;"),
        "/frame" => connection.answer(
            "text/html",
            "<script>log = []</script><script type=module src=c.mjs></script>",
        ),
        _ => connection.respond("404 Not Found", &[], "no such file"),
    }
}

/// A page of `html` at a server of [`site`], settled.
fn load(html: &str) -> (Server, Page) {
    let html = html.to_owned();
    let server = Server::start(move |request, connection| {
        if request.path == "/" {
            connection.answer(
                "text/html",
                format!(
                    "<!doctype html><script>log = []; onerror = (...a) => {{
                       log.push(`${{a[4].name}} @${{a[1].split('/').pop()}}:${{a[2]}}`); return true }}</script>\n{html}"
                ),
            );
        } else {
            site(request, connection);
        }
    });
    let page = settled(&server.url("/"));
    (server, page)
}

#[track_caller]
fn check(html: &str, expected: &str) {
    let (_server, page) = load(html);
    let log = page.evaluate_to_text("log.join('; ')", Duration::from_secs(20));
    match log {
        Ok(log) => assert_eq!(log, expected, "{html}"),
        Err(error) => panic!("{html}: {error}"),
    }
}

fn a_graph_is_evaluated_once_and_depth_first() {
    check(
        "<script type=module src=a.mjs onload=\"log.push('load')\"></script>
         <script type=module>import c from './c.mjs'; import './a.mjs'; log.push('inline ' + c)</script>",
        "c; b; a; load; inline C",
    );
}

fn modules_are_deferred() {
    check(
        "<script type=module>log.push('module ' + document.readyState + document.currentScript)</script>
         <script defer src=classic.js></script>
         <script>log.push('inline');
           document.addEventListener('DOMContentLoaded', () => log.push('DOMContentLoaded'));
           onload = () => log.push('load')</script>",
        "inline; module interactivenull; classic; DOMContentLoaded; load",
    );
}

fn an_inserted_module_runs_in_a_later_task() {
    check(
        "<script>onload = () => {
           const script = document.createElement('script'); script.type = 'module'; script.textContent = 'log.push(1)';
           document.head.append(script); log.push('appended'); Promise.resolve().then(() => log.push('microtask')) }</script>",
        "appended; microtask; 1",
    );
}

fn nomodule_scripts_stay_out() {
    check(
        "<script nomodule>log.push('old')</script><script nomodule src=classic.js></script>
         <script>log.push(['module', 'importmap', 'classic', 'x'].map(HTMLScriptElement.supports).join())</script>",
        "true,true,true,false",
    );
}

fn import_calls_start_from_their_own_script() {
    let (_server, page) = load("<script src=dir/loader.js></script>");
    // Which of the two comes first is the engine's affair.
    let log = page.evaluate::<String>("log.sort().join('; ')");
    assert_eq!(
        log.expect("a text"),
        "near /dir/near.mjs; timer near /dir/near.mjs"
    );
}

fn import_meta_knows_its_address() {
    check(
        "<base href=/dir/><script type=module>
           const path = (url) => new URL(url).pathname;
           log.push(path(import.meta.url), path(import.meta.resolve('./x')), Object.keys(import.meta).join());
           try { import.meta.resolve('bare') } catch (error) { log.push(error.constructor.name) }</script>",
        "/dir/; /dir/x; url,resolve; TypeError",
    );
}

fn top_level_await_holds_back_who_imports() {
    check(
        "<script type=module>import './await.mjs'; log.push('importer')</script>
         <script type=module>log.push('next')</script>",
        "before; next; after; importer",
    );
}

fn json_and_css_are_modules_if_asked_for_so() {
    check(
        "<script type=module>
           import data from './data.json' with { type: 'json' };
           import sheet from './sheet.css' with { type: 'css' };
           log.push(data.a.join(), sheet instanceof CSSStyleSheet, sheet.cssRules.length);
           const again = await import('./data.json', { with: { type: 'json' } });
           log.push(again.default === data);
           for (const options of [{}, { with: { type: 'css' } }, { with: { type: 'x' } }, { with: { color: 'red' } }]) {
             await import('./data.json', options).catch((error) => log.push(error.constructor.name));
           }</script>",
        "1,2; true; 2; true; TypeError; TypeError; TypeError; TypeError",
    );
}

fn a_wrong_type_is_no_module() {
    check(
        "<script type=module src=text.mjs onload=\"log.push('load')\" onerror=\"log.push('error')\"></script>
         <script src=text.mjs></script>",
        "text; error",
    );
}

fn a_missing_import_fires_error_and_runs_nothing() {
    check(
        "<script type=module onerror=\"log.push('error')\">import './missing.mjs'; log.push('ran')</script>",
        "error",
    );
}

fn a_network_error_goes_before_a_parse_error() {
    check(
        "<script type=module src=broken.mjs onload=\"log.push('load')\"></script>
         <script type=module onerror=\"log.push('error')\">import './broken.mjs'; import './missing.mjs'</script>",
        "SyntaxError @broken.mjs:2; load; error",
    );
}

fn errors_of_modules_are_reported_at_their_line() {
    check(
        "<script type=module src=throws.mjs onload=\"log.push('load')\"></script>
         <script type=module src=broken.mjs onload=\"log.push('load')\"></script>
         <script type=module>\n\n  null.x</script>",
        "t; TypeError @throws.mjs:3; load; SyntaxError @broken.mjs:2; load; TypeError @:7",
    );
    check(
        "<script type=module>import { none } from './c.mjs'; log.push('ran')</script>
         <script type=module>import 'bare'; log.push('ran')</script>
         <script type=module>log = log.map((line) => line.split(' ')[0])</script>",
        "SyntaxError; TypeError",
    );
}

fn import_maps_name_modules_and_their_hashes() {
    check(
        r#"<script type=importmap>{"imports": {"c": "./c.mjs", "d/": "/dir/"}, "integrity": {"/b.mjs": "sha256-AAAA"}}</script>
           <script type=importmap>{"imports": {"c": "./a.mjs", "late": "/dir/near.mjs"}}</script>
           <script type=module>
             import c from 'c'; import near from 'd/near.mjs'; import late from 'late';
             log.push(c, near === late, import.meta.resolve('d/x').slice(-6));
             await import('./b.mjs').catch((error) => log.push(error.constructor.name));</script>"#,
        "c; C; true; /dir/x; TypeError",
    );
}

fn a_broken_import_map_is_reported() {
    check(
        "<script type=importmap>{</script><script type=importmap>[]</script>
         <script type=importmap src=map.json onerror=\"log.push('error')\"></script>
         <script>log = log.map((line) => line.split(' ')[0])</script>",
        "SyntaxError; TypeError; error",
    );
}

fn each_frame_has_a_module_map_of_its_own() {
    check(
        "<script type=module src=c.mjs></script><iframe src=frame></iframe>
         <script>onload = () => {
           log.push(frames[0].log.join());
           const { document } = frames[0];
           document.open();
           document.write(`<script>log = []; ok = import('./c.mjs').then((m) => { log.push(m.default) })<\\/script>`);
           document.close();
           frames[0].ok.then(() => log.push(frames[0].log.join())) }</script>",
        "c; c; C",
    );
}

fn blob_and_data_urls_are_modules() {
    check(
        "<script type=module>
           const { default: one } = await import('data:text/javascript,export default 1');
           const url = URL.createObjectURL(new Blob(['export default 2'], { type: 'text/javascript' }));
           const { default: two } = await import(url);
           URL.revokeObjectURL(url);
           const again = await import(url);
           log.push(one, two, again.default)</script>",
        "1; 2; 2",
    );
}

fn a_preloaded_module_is_fetched_once() {
    let (server, page) = load(
        "<link rel=modulepreload href=c.mjs onload=\"log.push('preloaded')\">
         <link rel=modulepreload href=missing.mjs onerror=\"log.push('missing')\">
         <script type=module>import './c.mjs'</script>",
    );
    let log = page.evaluate_to_text("log.sort().join()", Duration::from_secs(20));
    assert_eq!(log.expect("a log"), "c,missing,preloaded");
    let asked = server.requests();
    let fetched = asked
        .iter()
        .filter(|request| request.path == "/c.mjs")
        .count();
    assert_eq!(fetched, 1, "{asked:?}");
}

fn modules_of_other_origins_need_cors() {
    let other = Server::start(|request, connection| {
        let allowed = [
            ("Content-Type", "text/javascript"),
            ("Access-Control-Allow-Origin", "*"),
        ];
        let headers = if request.path == "/open.mjs" {
            &allowed[..]
        } else {
            &allowed[..1]
        };
        connection.respond("200 OK", headers, "log.push('other')");
    });
    let (open, closed) = (other.url("/open.mjs"), other.url("/closed.mjs"));
    check(
        &format!(
            "<script type=module src={open}></script>
             <script type=module src={closed} onerror=\"log.push('error')\"></script>"
        ),
        "other; error",
    );
}

fn an_import_that_fails_fails_again() {
    check(
        "<script type=module>
           const failures = [];
           for (let i = 0; i < 2; i++) await import('./throws.mjs').catch((error) => failures.push(error));
           log.push(failures[0] === failures[1]);
           for (let i = 0; i < 2; i++) await import('./broken.mjs').catch((error) => failures.push(error));
           log.push(failures[2] === failures[3]);
           import('./throws.mjs');
           onunhandledrejection = (event) => { log.push(event.reason === failures[0]); event.preventDefault() }</script>",
        "t; true; true; true",
    );
}
