//! Criterion benches of what crosses between script and Rust, one operation each; one binary, for it links V8.
//!
//! `cargo xtask bench` runs it after those of `dom` and `xhr`. Each script runs its operation [`TIMES`] times.

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../js/agent_fixture.rs"]
mod agent_fixture;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../support/server.rs"]
mod server;

use criterion::{Criterion, Throughput};
use readystate::{Browser, BrowserOptions};
use server::Server;

/// Operations of one call of a bench's function.
const TIMES: u64 = 1000;

/// Name, what is prepared once, and the operation (`i` counts the times).
const SCRIPTS: [(&str, &str, &str); 12] = [
    (
        "nextSibling",
        "const ul = list(); let node = ul.firstChild;",
        "node = node.nextSibling ?? ul.firstChild",
    ),
    (
        "nodeType",
        "const node = document.body; let sum = 0;",
        "sum += node.nodeType",
    ),
    (
        "getAttribute",
        "const node = item();",
        "node.getAttribute('class')",
    ),
    (
        "setAttribute",
        "const node = item();",
        "node.setAttribute('class', i % 2 ? 'a' : 'b')",
    ),
    (
        "createElement and append",
        "const top = item();",
        "top.append(document.createElement('b')); if (top.childNodes.length > 5000) top.textContent = ''",
    ),
    (
        "textContent set",
        "const node = item();",
        "node.textContent = 'text ' + i",
    ),
    (
        "querySelector by id",
        "const ul = list();",
        "document.querySelector('#n' + i)",
    ),
    (
        "querySelector by class",
        "const ul = list();",
        "ul.querySelector('.last')",
    ),
    (
        "innerHTML set, ten elements",
        "const node = item(); const html = '<p class=x>a</p>'.repeat(10);",
        "node.innerHTML = html",
    ),
    (
        "innerHTML get, ten elements",
        "const node = item(); node.innerHTML = '<p class=x>a</p>'.repeat(10);",
        "node.innerHTML",
    ),
    (
        "dispatchEvent at depth ten",
        "let deep = item(); for (let d = 0; d < 10; d++) deep = deep.appendChild(document.createElement('b')); document.body.addEventListener('x', () => {});",
        "deep.dispatchEvent(new Event('x', { bubbles: true }))",
    ),
    (
        "classList.toggle",
        "const node = item();",
        "node.classList.toggle('on')",
    ),
];

const PREPARE: &str = "function item() { const made = document.createElement('div'); made.className = 'item'; document.body.append(made); return made; } \
     function list() { const ul = document.createElement('ul'); for (let i = 0; i < 1000; i++) { const li = document.createElement('li'); li.id = 'n' + i; ul.append(li); } \
     ul.lastChild.className = 'last'; document.body.append(ul); return ul; } 0";

fn main() {
    readystate_js::init_platform();
    agent_fixture::with_agent(|fixture| {
        let mut criterion = Criterion::default().configure_from_args();
        let window = fixture.open("https://bench.test/", None);
        fixture.value(window, PREPARE);
        let mut group = criterion.benchmark_group("script");
        group.throughput(Throughput::Elements(TIMES));
        for (name, prepare, operation) in SCRIPTS {
            let script = format!(
                "document.body.textContent = ''; var run = (() => {{ {prepare} \
                 return () => {{ for (let i = 0; i < {TIMES}; i++) {{ {operation} }} return 0 }} }})(); 0"
            );
            fixture.value(window, &script);
            group.bench_function(name, |bencher| {
                bencher.iter(|| fixture.value(window, "run()"))
            });
        }
        group.finish();
        criterion.final_summary();
    });
    round_trips();
}

/// XHRs to a server of this process, there and back.
fn round_trips() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "answer");
    });
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let page = browser.new_page().expect("a page");
    page.goto(&server.url("/")).expect("it loads");
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("xhr");
    let open = |is_async: bool| {
        format!("const r = new XMLHttpRequest(); r.open('GET', '/x', {is_async}); r.send();")
    };
    let synchronous = format!("(() => {{ {} return r.status }})()", open(false));
    group.bench_function("synchronous, a connection each", |bencher| {
        bencher.iter(|| page.evaluate::<u16>(&synchronous).expect("a status"));
    });
    let asynchronous = format!(
        "new Promise((resolve) => {{ {} r.onload = () => resolve(r.status) }})",
        open(true)
    );
    group.bench_function("asynchronous, a connection each", |bencher| {
        bencher.iter(|| page.evaluate::<u16>(&asynchronous).expect("a status"));
    });
    group.finish();
    criterion.final_summary();
}
