//! A page that overdoes it is stopped alone, and told why; the page beside it, in the same process, goes on.

use std::time::Duration;

use readystate::{Browser, BrowserOptions, Error, Limit, Limits, Page, PageOptions};

use crate::support::server::Server;
use crate::support::trials;

trials!("engine::hostile_neighbour":
    a_loop_ends_its_own_page_only,
    recursion_ends_its_own_script_only,
    a_flood_of_timers_is_its_own_affair,
    a_flood_of_messages_is_its_own_affair,
    messages_without_end_are_their_own_affair,
    a_flood_of_history_is_its_own_affair,
    a_flood_of_promises_is_its_own_affair,
    a_document_that_writes_itself_is_its_own_affair,
    a_flood_of_frames_is_its_own_affair,
    a_full_heap_is_its_own_affair,
);

const PATIENCE: Duration = Duration::from_secs(60);

/// What has to be said of a hostile page.
enum Verdict {
    /// One of these limits was hit.
    Limit(&'static [Limit]),
    /// A script error, and no limit.
    Exception,
    /// Nothing but the end of the time, when this was pending.
    NeverSettled(&'static str),
    /// A limit, an error (of a full stack), or that it is never settled, with what it is busy with.
    Any,
}

/// Runs a page with this script beside another one.
#[track_caller]
fn check(script: &str, verdict: &Verdict) {
    let server = Server::with_page(
        "<!DOCTYPE html><script>let ticks = 0; setInterval(() => ticks++, 5)</script>",
        |_, connection| connection.answer("text/plain", "answer"),
    );
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let open = |limits: Limits| {
        let mut options = PageOptions::new();
        options.limits = Some(limits);
        options.timeout = PATIENCE;
        browser.new_page_with(options).expect("a page")
    };
    let neighbour = open(Limits::default());
    neighbour.goto(&server.url("/")).expect("it loads");
    let mut limits = Limits::default();
    limits.script_time = Duration::from_secs(3);
    limits.heap_bytes = 64 << 20;
    limits.timers = 2_000;
    limits.queued_tasks = 2_000;
    limits.frames = 4;
    limits.dom_nodes = 20_000;
    let hostile = open(limits);
    let html = format!("<!DOCTYPE html><body><script>{script}</script>");
    let patience = match verdict {
        Verdict::NeverSettled(_) => Duration::from_secs(2),
        _ => Duration::from_secs(10),
    };
    std::thread::scope(|scope| {
        let run = scope.spawn(|| -> Result<(), Error> {
            hostile.set_content(&html, Some(&server.url("/hostile")))?;
            hostile.wait_until_settled_within(Duration::from_millis(100), patience)
        });
        // Meanwhile.
        is_alive(&neighbour);
        let outcome = run.join().expect("the page's thread lives");
        let hit: Vec<Limit> = hostile
            .limits_hit()
            .iter()
            .map(|(limit, _)| *limit)
            .collect();
        match verdict {
            Verdict::Limit(expected) => {
                assert!(
                    expected.iter().any(|limit| hit.contains(limit)),
                    "{outcome:?} {hit:?}"
                );
            }
            Verdict::Exception => {
                assert!(!hostile.exceptions().is_empty(), "{outcome:?} {hit:?}");
                assert_eq!(hit, []);
            }
            Verdict::NeverSettled(reason) => match &outcome {
                // The end may have come in the middle of a task, which then leaves nothing behind.
                Err(Error::Timeout { pending, .. }) => assert!(
                    pending.to_string().contains(reason) || hit == [Limit::Timeout],
                    "{pending} {hit:?}"
                ),
                _ => panic!("{outcome:?} {hit:?}"),
            },
            Verdict::Any => match &outcome {
                Err(Error::Timeout { pending, .. }) => assert!(!pending.is_settled(), "{pending}"),
                _ => assert!(
                    !hit.is_empty() || !hostile.exceptions().is_empty(),
                    "{outcome:?}"
                ),
            },
        }
    });
    is_alive(&neighbour);
    drop(hostile);
    is_alive(&neighbour);
}

/// Its timers run, its requests are answered.
#[track_caller]
fn is_alive(page: &Page) {
    let look = "(async () => {
        const before = ticks;
        const answer = await (await fetch('/x')).text();
        while (ticks <= before) await new Promise((done) => setTimeout(done, 5));
        return answer;
    })()";
    assert_eq!(page.evaluate::<String>(look).expect("it goes on"), "answer");
    assert_eq!(page.limits_hit(), []);
}

fn a_loop_ends_its_own_page_only() {
    check("for (;;);", &Verdict::Limit(&[Limit::ScriptTime]));
}

fn recursion_ends_its_own_script_only() {
    check("(function f() { f(); f() })()", &Verdict::Exception);
}

fn a_flood_of_timers_is_its_own_affair() {
    check(
        "(function f() { for (let i = 0; i < 10; i++) setTimeout(f) })()",
        &Verdict::Limit(&[Limit::Timers]),
    );
}

fn a_flood_of_messages_is_its_own_affair() {
    for flood in [
        "for (let i = 0; i < 1_000_000; i++) postMessage(i)",
        "onmessage = () => { for (let i = 0; i < 10; i++) postMessage(new Array(100).fill('x')) }; postMessage(0)",
        "const { port1, port2 } = new MessageChannel();
         port1.onmessage = port2.onmessage = ({ target }) => { for (let i = 0; i < 10; i++) target.postMessage('x'.repeat(1000)) };
         port1.postMessage(0)",
        // All are told of as the port starts.
        "const { port1, port2 } = new MessageChannel(); for (let i = 0; i < 100_000; i++) port1.postMessage(i); port2.start()",
        "const one = new BroadcastChannel('x'); const two = new BroadcastChannel('x');
         one.onmessage = two.onmessage = ({ target }) => { for (let i = 0; i < 10; i++) target.postMessage(i) }; one.postMessage(0)",
    ] {
        check(flood, &Verdict::Limit(&[Limit::QueuedTasks]));
    }
}

fn messages_without_end_are_their_own_affair() {
    for game in [
        "onmessage = () => postMessage(0); postMessage(0)",
        "const { port1, port2 } = new MessageChannel();
         port1.onmessage = port2.onmessage = ({ target }) => target.postMessage(0); port1.postMessage(0)",
        "const one = new BroadcastChannel('x'); const two = new BroadcastChannel('x');
         one.onmessage = two.onmessage = ({ target }) => target.postMessage(0); one.postMessage(0)",
    ] {
        check(game, &Verdict::NeverSettled("1 queued task"));
    }
}

fn a_flood_of_history_is_its_own_affair() {
    check(
        "for (let i = 0; ; i++) history.pushState(i, '', '?' + i)",
        &Verdict::Limit(&[Limit::History]),
    );
}

fn a_flood_of_promises_is_its_own_affair() {
    check(
        "(function f() { Promise.resolve().then(f) })()",
        &Verdict::Limit(&[Limit::ScriptTime]),
    );
    check(
        "(function f() { Promise.reject(new Error('x')); setTimeout(f) })()",
        &Verdict::Exception,
    );
}

fn a_document_that_writes_itself_is_its_own_affair() {
    check(
        "function w() { document.write('<p>w<script>w()<' + '/script>') } w()",
        &Verdict::Any,
    );
    check(
        "for (;;) document.write('<p>again')",
        &Verdict::Limit(&[Limit::ScriptTime, Limit::DomNodes]),
    );
}

fn a_flood_of_frames_is_its_own_affair() {
    check(
        "for (let i = 0; i < 10_000; i++) document.body.append(document.createElement('iframe'))",
        &Verdict::Limit(&[Limit::Frames]),
    );
}

fn a_full_heap_is_its_own_affair() {
    check(
        "const all = []; for (;;) all.push(new Array(1000).fill(all.length))",
        &Verdict::Limit(&[Limit::Heap]),
    );
}
