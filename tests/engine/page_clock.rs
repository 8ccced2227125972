//! The page's clock, standing, moved and flowing.

use std::time::{Duration, Instant, SystemTime};

use readystate::{Browser, BrowserOptions, Page, PageOptions};

use crate::support::command::readystate;
use crate::support::page::page;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::page_clock":
    a_standing_clock_moves_by_hand_only,
    everything_on_the_way_runs_at_its_time,
    each_way_to_ask_for_the_time_gives_the_same,
    a_date_given_explicitly_is_not_touched,
    frames_opened_later_and_later_documents_have_the_clock_too,
    a_fixed_time_lets_timers_go_on,
    a_resumed_clock_flows_on_from_where_it_stood,
    running_until_settled_waits_for_requests_and_jumps_over_timers,
    running_until_settled_does_not_follow_an_interval_for_ever,
    a_standing_clock_holds_no_request_up,
    while_it_stands_timers_are_not_waited_for,
    a_time_out_of_a_request_goes_by_the_real_time,
    virtual_time_makes_waiting_free,
    virtual_time_ends_a_loop_that_waits_for_time_to_pass,
    the_command_has_virtual_time,
    the_command_starts_at_a_time,
);

const DAY: Duration = Duration::from_secs(86_400);

fn second(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

fn blank() -> Page {
    let page = page();
    page.set_content("<!DOCTYPE html>", None).expect("it loads");
    page
}

fn virtual_page() -> Page {
    let mut options = PageOptions::new();
    options.virtual_time = true;
    options.settle_horizon = DAY;
    options.timeout = Duration::from_secs(60);
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    browser.new_page_with(options).expect("a page")
}

#[track_caller]
fn check(page: &Page, script: &str, expected: &str) {
    assert_eq!(
        page.evaluate::<String>(script).expect(script),
        expected,
        "{script}"
    );
}

fn a_standing_clock_moves_by_hand_only() {
    let page = blank();
    page.clock().install_at(second(1000)).expect("installed");
    page.evaluate::<u32>("setTimeout(() => window.fired = Date.now(), 60_000)")
        .expect("armed");
    check(&page, "String(window.fired ?? Date.now())", "1000000");
    page.clock()
        .advance(Duration::from_millis(59_999))
        .expect("advanced");
    check(&page, "String(window.fired ?? Date.now())", "1059999");
    page.clock()
        .advance(Duration::from_millis(1))
        .expect("advanced");
    check(&page, "String(window.fired)", "1060000");
}

fn everything_on_the_way_runs_at_its_time() {
    let page = blank();
    page.clock().install_at(second(0)).expect("installed");
    page.evaluate::<()>(
        "window.log = []; const note = name => log.push(name + Date.now());
         setTimeout(() => { note('b'); setTimeout(note, 30, 'd') }, 20);
         setTimeout(note, 10, 'a');
         const interval = setInterval(() => { note('i'); if (log.length > 4) clearInterval(interval) }, 25);
         Promise.resolve().then(() => note('m')); undefined",
    )
    .expect("armed");
    page.clock()
        .advance(Duration::from_secs(1))
        .expect("advanced");
    check(&page, "log.join()", "m0,a10,b20,i25,d50,i50");
    check(&page, "String(Date.now())", "1000");
}

fn each_way_to_ask_for_the_time_gives_the_same() {
    let page = blank();
    page.clock().install_at(second(86_400)).expect("installed");
    check(
        &page,
        "String([Date.now(), +new Date(), Date.parse(Date()), Math.round(performance.timeOrigin + performance.now()),
          Math.round(performance.timeOrigin + new Event('x').timeStamp)].every(time => time === 86400000))",
        "true",
    );
    check(
        &page,
        "new Date().toISOString()",
        "1970-01-02T00:00:00.000Z",
    );
    // QuickJS has stand-ins for these, which cannot tell the time at all.
    if readystate_js::ENGINE == "v8" {
        check(
            &page,
            "new Intl.DateTimeFormat('en-US', { timeZone: 'UTC' }).format()",
            "1/2/1970",
        );
        check(
            &page,
            "Temporal.Now.instant().toString()",
            "1970-01-02T00:00:00Z",
        );
    }
    check(&page, "document.lastModified.slice(6, 10)", "1970");
}

fn a_date_given_explicitly_is_not_touched() {
    let page = blank();
    page.clock().install_at(second(0)).expect("installed");
    check(
        &page,
        "class Later extends Date {}; const later = new Later(5);
         String([new Date(2020, 0, 1).getFullYear(), new Date(7).getTime(), Date.UTC(1970, 0, 1), Date.length, Date.name,
           new Date() instanceof Date, later instanceof Later && later.getTime(), new Later().getTime(),
           Date.prototype.constructor === Date, typeof Date(), /native code/.test(Date)])",
        "2020,7,0,7,Date,true,5,0,true,string,true",
    );
}

fn frames_opened_later_and_later_documents_have_the_clock_too() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer(
            "text/html",
            "<script>document.title = Date.now()</script><iframe srcdoc='<script>top.inner = Date.now()</script>'></iframe>",
        );
    });
    let page = blank();
    page.clock().install_at(second(5)).expect("installed");
    page.goto(&server.url("/later")).expect("it loads");
    check(&page, "document.title + ' ' + window.inner", "5000 5000");
    check(
        &page,
        "const frame = document.body.appendChild(document.createElement('iframe')); String(frame.contentWindow.Date.now())",
        "5000",
    );
}

fn a_fixed_time_lets_timers_go_on() {
    let page = blank();
    page.clock().set_fixed_time(second(7)).expect("set");
    check(
        &page,
        "new Promise(done => setTimeout(() => done(Date.now() + ' ' + (performance.now() >= 20)), 20))",
        "7000 true",
    );
}

fn a_resumed_clock_flows_on_from_where_it_stood() {
    let page = blank();
    page.clock().install_at(second(100)).expect("installed");
    page.clock().resume().expect("resumed");
    check(
        &page,
        "new Promise(done => setTimeout(() => done(String(Date.now() >= 100_020 && Date.now() < 200_000)), 20))",
        "true",
    );
}

fn running_until_settled_waits_for_requests_and_jumps_over_timers() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>
           setTimeout(async () => {
             const response = await fetch('/data');
             const text = await response.text();
             setTimeout(() => document.title = text + ' ' + Date.now(), 4_000);
           }, 5_000);
         </script>",
        |_, connection| connection.answer("text/plain", "done"),
    );
    let page = page();
    page.clock().install_at(second(0)).expect("installed");
    page.goto(&server.url("/")).expect("it loads");
    page.clock().run_until_settled().expect("settled");
    check(&page, "document.title", "done 9000");
}

fn running_until_settled_does_not_follow_an_interval_for_ever() {
    let page = blank();
    page.clock().install_at(second(0)).expect("installed");
    page.evaluate::<()>("setInterval(() => window.ticks = (window.ticks ?? 0) + 1, 1000); setTimeout(() => {}, 3_600_000); undefined")
        .expect("armed");
    page.clock().run_until_settled().expect("settled");
    check(&page, "String(ticks >= 5 && Date.now() < 60_000)", "true");
}

fn a_standing_clock_holds_no_request_up() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| {
        connection.answer("text/plain", "here")
    });
    let page = page();
    page.clock().install().expect("installed");
    page.goto(&server.url("/")).expect("it loads");
    check(
        &page,
        "fetch('/x').then(response => response.text())",
        "here",
    );
}

fn while_it_stands_timers_are_not_waited_for() {
    let page = blank();
    page.clock().install().expect("installed");
    page.evaluate::<u32>("setTimeout(() => {}, 1)")
        .expect("armed");
    page.wait_until_settled().expect("it is settled");
}

fn a_time_out_of_a_request_goes_by_the_real_time() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| connection.hang());
    let page = page();
    page.clock().install_at(second(0)).expect("installed");
    page.goto(&server.url("/")).expect("it loads");
    check(
        &page,
        "new Promise(done => { const xhr = new XMLHttpRequest(); xhr.open('GET', '/never'); xhr.timeout = 20;
           xhr.ontimeout = () => done('timeout ' + Date.now()); xhr.send() })",
        "timeout 0",
    );
}

fn virtual_time_makes_waiting_free() {
    let server = Server::with_page(
        "<!DOCTYPE html><p></p><script>
           const begun = performance.now();
           setTimeout(() => { document.querySelector('p').className = 'there' }, 3_600_000);
           addEventListener('load', () => setTimeout(() => { document.title = Math.round(performance.now() - begun) }, 7_200_000));
         </script>",
        |_, connection| connection.hang(),
    );
    let page = virtual_page();
    let start = Instant::now();
    page.goto(&server.url("/")).expect("it loads");
    page.wait_for_selector(".there").expect("an hour");
    page.wait_until_settled().expect("two hours");
    check(&page, "document.title", "7200000");
    check(
        &page,
        "new Promise(done => setTimeout(done, 86_400_000, 'a day'))",
        "a day",
    );
    assert!(start.elapsed() < Duration::from_secs(3600));
}

fn virtual_time_ends_a_loop_that_waits_for_time_to_pass() {
    let page = virtual_page();
    page.set_content("<!DOCTYPE html>", None).expect("it loads");
    check(
        &page,
        "const start = Date.now(); while (Date.now() - start < 200) {} String(performance.now() >= 200)",
        "true",
    );
}

fn the_command_has_virtual_time() {
    let server = Server::with_page(
        "<!DOCTYPE html><script>setTimeout(() => document.title = 'late', 9_000)</script>",
        |_, connection| connection.hang(),
    );
    let url = server.url("/");
    readystate(&["run", &url, "--virtual-time", "--eval", "document.title"])
        .exits_with(0)
        .prints("late");
    readystate(&[
        "run",
        &url,
        "--virtual-time",
        "--settle-ms",
        "100",
        "--eval",
        "document.title",
    ])
    .exits_with(0)
    .prints("");
}

fn the_command_starts_at_a_time() {
    let server = Server::with_page("<!DOCTYPE html>", |_, connection| connection.hang());
    let url = server.url("/");
    for (now, expected) in [
        ("2026-01-31", "2026-01-31T00:00:00.000Z"),
        ("2026-01-31T12:30:00+01:00", "2026-01-31T11:30:00.000Z"),
        ("86400.5", "1970-01-02T00:00:00.500Z"),
    ] {
        readystate(&[
            "run",
            &url,
            "--virtual-time",
            "--now",
            now,
            "--eval",
            "new Date().toISOString()",
        ])
        .exits_with(0)
        .prints(expected);
    }
    readystate(&["run", &url, "--now", "tomorrow"])
        .exits_with(2)
        .complains_of(&["--now", "tomorrow"]);
}
