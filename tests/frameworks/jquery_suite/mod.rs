//! jQuery's own QUnit suite, from a checkout of its repository, served by its own mock server.
//!
//! npm has no package with the suite in it: git fetches the tag once into `vendor-tests/`, npm what the suite needs. Without either,
//! or without node for the mock server, the tests say that they are skipped.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use readystate::Limits;

use crate::support::packages::{git, npm, skip};
use crate::support::page::{page_with, repository};
use crate::support::trials;

trials!("frameworks::jquery_suite":
    core,
    ajax,
    event,
    attributes,
    traversing,
    manipulation,
    deferred,
    data,
    selector,
);

/// The tests that cannot pass, by module: the name, and why.
const FAILING: &[(&str, &str, &str)] = &[
    (
        "manipulation",
        "table manipulation",
        "asks for the height of a row: there is no layout",
    ),
    (
        "manipulation",
        "Make sure col element is appended correctly",
        "asks for the width of a column: there is no layout",
    ),
];

/// The tests that are not run, as they would wait for their time-out.
const LEFT_OUT: &[(&str, &str)] = &[
    // The script of its frame is transpiled by jQuery's build, which the checkout does not hold.
    ("core", "Iterability of jQuery objects with Symbol polyfill"),
];

const PACKAGES: &[&str] = &[
    "qunit@2.24.2",
    "sinon@9.2.4",
    "requirejs@2.3.7",
    "native-promise-only@0.8.1",
    "raw-body@3.0.1",
    "multiparty@4.2.3",
];

/// How the run of a module ends: how many passed and failed, and the names of those that failed.
const COLLECT: &str = "new Promise((resolve) => {
  const failed = [];
  QUnit.on('testEnd', (test) => {
    if (test.status === 'failed') failed.push([test.name, test.errors[0]?.message ?? ''].join(': '));
  });
  QUnit.on('runEnd', ({ testCounts }) => resolve([`${testCounts.passed} ${testCounts.failed}`, ...failed]));
})";

/// The mock server, ended with its standard input.
struct MockServer {
    process: Child,
    port: String,
}

impl MockServer {
    fn start(checkout: &str, packages: &str) -> Result<Self, String> {
        let mut process = Command::new("node")
            .arg(repository().join("tests/frameworks/jquery_suite/server.cjs"))
            .args([checkout, packages])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("node: {error}"))?;
        let mut port = String::new();
        let stdout = process.stdout.take().ok_or("node has no output")?;
        BufReader::new(stdout)
            .read_line(&mut port)
            .map_err(|error| error.to_string())?;
        let port = port.trim().to_owned();
        if port.is_empty() {
            return Err("node serves nothing".to_owned());
        }
        Ok(Self { process, port })
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        drop(self.process.wait());
    }
}

/// Runs a module of the suite: at least `expected` tests pass, and only the listed ones fail.
#[track_caller]
fn check(module: &str, expected: usize) {
    if readystate_js::ENGINE == "quickjs" {
        skip("jQuery's own suite takes an interpreter minutes");
        return;
    }
    let (Some(checkout), Some(packages)) = (
        git("https://github.com/jquery/jquery.git", "4.0.0"),
        npm(PACKAGES),
    ) else {
        return;
    };
    let server = match MockServer::start(&checkout.place(), &packages.place()) {
        Ok(server) => server,
        Err(why) => {
            skip(&format!("the mock server does not run: {why}"));
            return;
        }
    };
    let mut limits = Limits::default();
    limits.script_time = Duration::from_secs(60);
    let page = page_with(limits, Duration::from_secs(240));
    let left_out: Vec<&str> = LEFT_OUT
        .iter()
        .filter(|(of, _)| *of == module)
        .map(|(_, name)| *name)
        .collect();
    let filter = if left_out.is_empty() {
        String::new()
    } else {
        format!("!/{}/", left_out.join("|"))
    };
    let url = url::Url::parse_with_params(
        &format!("http://127.0.0.1:{}/test/index.html", server.port),
        [("dev", "true"), ("module", module), ("filter", &filter)],
    )
    .expect("a URL");
    page.goto(url.as_str()).expect("the suite loads");
    let results: Vec<String> = page.evaluate(COLLECT).expect("the suite ends");
    let passed = results
        .first()
        .and_then(|counts| counts.split(' ').next()?.parse::<usize>().ok());
    let listed: Vec<_> = FAILING.iter().filter(|(of, ..)| *of == module).collect();
    let unexpected: Vec<&String> = results[1..]
        .iter()
        .filter(|failed| !listed.iter().any(|(_, name, _)| failed.starts_with(name)))
        .collect();
    assert!(unexpected.is_empty(), "{module}: {unexpected:#?}");
    assert_eq!(results.len() - 1, listed.len(), "one that is listed passes");
    assert_eq!(passed, Some(expected), "{results:?}");
}

fn core() {
    check("core", 62);
}

fn ajax() {
    check("ajax", 166);
}

fn event() {
    check("event", 117);
}

fn attributes() {
    check("attributes", 66);
}

fn traversing() {
    check("traversing", 65);
}

fn manipulation() {
    check("manipulation", 147);
}

fn deferred() {
    check("deferred", 28);
}

fn data() {
    check("data", 41);
}

fn selector() {
    check("selector", 61);
}
