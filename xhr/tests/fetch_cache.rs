//! The HTTP cache through fetch: modes, revalidation, partitions, invalidation.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use readystate_xhr::Origin;
use readystate_xhr::driver::SystemClock;
use readystate_xhr::environment::{Clock, FetchObserver, RequestInfo, RequestOutcome};
use readystate_xhr::fetch::{CacheMode, CredentialsMode, Destination, Mode, Request};
use readystate_xhr::http_cache::{CacheStorage, HttpCache};
use readystate_xhr::transport::scripted::Answer;

use crate::fetch_fixture::{Fixture, Outcome, ok, redirect_with, url, xhr};

const PAGE: &str = "http://a.test/";
const FRESH: &str = "Cache-Control: max-age=60\r\nETag: \"e\"\r\n";

/// A clock whose calendar time is set by the test.
#[derive(Default)]
struct TestClock(Mutex<Duration>);

impl TestClock {
    fn advance(&self, seconds: u64) {
        *self.0.lock().expect("no panic") += Duration::from_secs(seconds);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        SystemClock.now()
    }

    fn system_time(&self) -> SystemTime {
        let since = *self.0.lock().expect("no panic");
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + since
    }
}

fn fixture(answers: impl IntoIterator<Item = Answer>) -> (Fixture, Arc<TestClock>) {
    let mut fixture = Fixture::new(answers);
    let clock = Arc::new(TestClock::default());
    fixture.environment.clock = Arc::<TestClock>::clone(&clock);
    (fixture, clock)
}

fn with_mode(cache_mode: CacheMode) -> Request {
    let mut request = xhr(PAGE, "GET", PAGE);
    request.cache_mode = cache_mode;
    request
}

fn requests(fixture: &Fixture) -> usize {
    fixture.transport.requests().len()
}

fn not_modified(headers: &str) -> Answer {
    Answer::bytes(format!("HTTP/1.1 304 Not Modified\r\n{headers}\r\n"))
}

#[test]
fn a_fresh_response_is_used_again_and_a_stale_one_asked_about() {
    let (fixture, clock) = fixture([
        ok(&format!("{FRESH}X: old\r\nX: two\r\n"), "body"),
        not_modified("X: new\r\nCache-Control: max-age=100\r\n"),
        ok("", "another"),
    ]);
    let get = || fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert_eq!(get().text(), "body");
    clock.advance(59);
    let again = get();
    assert_eq!((again.status(), again.text().as_str()), (200, "body"));
    let names = again.ok().header_list.get("x");
    assert_eq!(
        names.as_deref(),
        Some(&b"old, two"[..]),
        "all of a name's headers"
    );
    assert_eq!(requests(&fixture), 1);
    clock.advance(2);
    let validated = get();
    assert_eq!(
        (validated.status(), validated.text().as_str()),
        (200, "body")
    );
    assert_eq!(
        validated.ok().header_list.get("x").as_deref(),
        Some(&b"new"[..])
    );
    assert_eq!(
        fixture.sent_header(1, "if-none-match").as_deref(),
        Some("\"e\"")
    );
    clock.advance(99);
    assert_eq!(get().text(), "body");
    assert_eq!(requests(&fixture), 2, "the 304 made it fresh");
    clock.advance(2);
    assert_eq!(get().text(), "another");
    // The new one may not be used again, and the old one is gone.
    assert!(
        get()
            .response
            .is_some_and(|response| response.is_network_error())
    );
}

#[test]
fn each_cache_mode_does_what_it_says() {
    let run = |mode: CacheMode, is_stale: bool| {
        let (fixture, clock) = fixture([ok(FRESH, "old"), ok(FRESH, "new")]);
        fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
        if is_stale {
            clock.advance(61);
        }
        let text = fixture.fetch(with_mode(mode)).text();
        let condition = (requests(&fixture) > 1).then(|| {
            let header = |name: &str| fixture.sent_header(1, name).unwrap_or_default();
            format!("{} {}", header("if-none-match"), header("cache-control"))
        });
        let after = fixture.fetch(xhr(PAGE, "GET", PAGE)).text();
        (text, condition, after)
    };
    let fetched = |text: &str, condition: &str, after: &str| {
        (
            text.to_owned(),
            Some(condition.to_owned()),
            after.to_owned(),
        )
    };
    let kept = || ("old".to_owned(), None, "old".to_owned());
    assert_eq!(run(CacheMode::Default, false), kept());
    assert_eq!(
        run(CacheMode::Default, true),
        fetched("new", "\"e\" ", "new")
    );
    assert_eq!(
        run(CacheMode::NoStore, false),
        fetched("new", " no-cache", "old")
    );
    assert_eq!(
        run(CacheMode::Reload, false),
        fetched("new", " no-cache", "new")
    );
    assert_eq!(
        run(CacheMode::NoCache, false),
        fetched("new", "\"e\" max-age=0", "new")
    );
    assert_eq!(run(CacheMode::ForceCache, false), kept());
    assert_eq!(run(CacheMode::OnlyIfCached, false), kept());
    let (text, condition, _) = run(CacheMode::ForceCache, true);
    assert_eq!((text.as_str(), condition), ("old", None));
    let (text, condition, _) = run(CacheMode::OnlyIfCached, true);
    assert_eq!((text.as_str(), condition), ("old", None));
}

#[test]
fn only_if_cached_without_a_stored_response_is_a_network_error() {
    let (fixture, _) = fixture([ok("", "never")]);
    fixture.fetch(with_mode(CacheMode::OnlyIfCached)).error();
    assert_eq!(requests(&fixture), 0);
}

#[test]
fn conditional_and_range_requests_of_the_author_go_past_the_cache() {
    let (fixture, _) = fixture([
        ok(FRESH, "body"),
        not_modified(""),
        Answer::bytes(
            "HTTP/1.1 206 Partial\r\nCache-Control: max-age=60\r\nContent-Range: bytes 0-0/4\r\nContent-Length: 1\r\n\r\nb",
        ),
        ok(FRESH, "unseen"),
    ]);
    fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    let mut conditional = xhr(PAGE, "GET", PAGE);
    conditional.header_list.append("If-None-Match", "\"e\"");
    assert_eq!(fixture.fetch(conditional).status(), 304, "as it came");
    let mut range = xhr(PAGE, "GET", PAGE);
    range.header_list.append("Range", "bytes=0-0");
    assert_eq!(fixture.fetch(range).status(), 206);
    let mut no_store = xhr(PAGE, "GET", PAGE);
    no_store.header_list.append("Cache-Control", "no-store");
    assert_eq!(fixture.fetch(no_store).text(), "unseen");
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "body");
    assert_eq!(requests(&fixture), 4);
}

#[test]
fn vary_and_methods_select() {
    let vary = "Cache-Control: max-age=60\r\nVary: X-Lang\r\n";
    let (fixture, _) = fixture([ok(vary, "de"), ok(vary, "fr"), ok("", ""), ok("", "none")]);
    let get = |language: &str| {
        let mut request = xhr(PAGE, "GET", PAGE);
        request.header_list.append("X-Lang", language);
        fixture.fetch(request).text()
    };
    let texts = [get("de"), get("fr"), get("de"), get("fr")];
    assert_eq!(texts, ["de", "fr", "de", "fr"]);
    fixture.fetch(xhr(PAGE, "HEAD", PAGE)).ok();
    assert_eq!(fixture.fetch(xhr(PAGE, "GET", PAGE)).text(), "none");
    assert_eq!(requests(&fixture), 4);
}

#[test]
fn unsafe_methods_invalidate_what_they_may_have_changed() {
    let (fixture, _) = fixture([
        ok(FRESH, "1"),
        ok(FRESH, "other 1"),
        Answer::bytes("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"),
        ok("Content-Location: /other\r\n", ""),
        ok(FRESH, "2"),
        ok(FRESH, "other 2"),
    ]);
    let get = |path: &str| {
        fixture
            .fetch(xhr(PAGE, "GET", &format!("{PAGE}{path}")))
            .text()
    };
    assert_eq!([get(""), get("other")], ["1", "other 1"]);
    fixture.fetch(xhr(PAGE, "POST", PAGE)).ok();
    assert_eq!(get(""), "1", "an error changes nothing");
    fixture.fetch(xhr(PAGE, "PUT", PAGE)).ok();
    assert_eq!([get(""), get("other")], ["2", "other 2"]);
}

#[test]
fn another_top_level_site_or_no_credentials_is_another_partition() {
    let cors = "Access-Control-Allow-Origin: *\r\nCache-Control: max-age=60\r\n";
    let (fixture, _) = fixture((0..9).map(|at| ok(cors, &at.to_string())));
    let get = |page: &str, top: Option<&str>| {
        let mut request = xhr(page, "GET", "http://cdn.test/");
        request.credentials_mode = CredentialsMode::Omit;
        request.top_level_origin = top.map(|top| Origin::of(&url(top)));
        fixture.fetch(request).text()
    };
    assert_eq!(get("http://a.test/", None), "0");
    assert_eq!(get("http://www.a.test/", None), "0", "the same site");
    assert_eq!(get("http://b.test/", None), "1");
    assert_eq!(get("http://b.test/", Some("http://a.test/")), "0");
    let mut included = xhr("http://cdn.test/", "GET", "http://cdn.test/");
    included.top_level_origin = Some(Origin::of(&url("http://a.test/")));
    assert_eq!(fixture.fetch(included).text(), "2");
    let mut opaque = xhr("http://a.test/", "GET", "http://cdn.test/");
    opaque.origin = Origin::Opaque(7);
    assert_eq!(fixture.fetch(opaque.clone()).text(), "3");
    assert_eq!(fixture.fetch(opaque).text(), "4");
}

#[test]
fn a_document_has_the_partition_of_its_own_site() {
    let (fixture, _) = fixture([ok(FRESH, "page"), ok(FRESH, "again")]);
    let navigate = |from: &str, mode| {
        let mut request = xhr(from, "GET", PAGE);
        request.mode = Mode::Navigate;
        request.destination = Destination::Document;
        request.credentials_mode = CredentialsMode::Include;
        request.cache_mode = mode;
        fixture.fetch(request).text()
    };
    assert_eq!(navigate("http://b.test/", CacheMode::Default), "page");
    assert_eq!(navigate("http://c.test/", CacheMode::Default), "page");
    assert_eq!(navigate(PAGE, CacheMode::NoCache), "again", "a reload");
}

#[test]
fn redirects_and_coded_bodies_are_cached_as_they_came() {
    let gzip = [
        &b"HTTP/1.1 200 OK\r\nCache-Control: max-age=9\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"[..],
        b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\0\0\0",
    ]
    .concat();
    let (fixture, _) = fixture([
        redirect_with(301, "/next", "Cache-Control: max-age=9\r\n"),
        Answer::bytes(gzip),
    ]);
    let get = || fixture.fetch(xhr(PAGE, "GET", PAGE));
    for _ in 0..2 {
        let outcome = get();
        assert_eq!(outcome.text(), "hello", "{outcome:?}");
        let url = outcome.ok().url().map(ToString::to_string);
        assert_eq!(url.as_deref(), Some("http://a.test/next"));
    }
    assert_eq!(requests(&fixture), 2);
}

#[test]
fn a_body_cut_short_or_too_large_is_not_stored() {
    let (mut fixture, _) = fixture([
        Answer::bytes(
            "HTTP/1.1 200 OK\r\nCache-Control: max-age=9\r\nContent-Length: 9\r\n\r\ncut",
        )
        .then_close(),
        ok(FRESH, &"x".repeat(5000)),
        ok(FRESH, "small"),
    ]);
    fixture.environment.http_cache = Some(Arc::new(HttpCache::new(32_000)));
    let get = || fixture.fetch(xhr(PAGE, "GET", PAGE));
    assert!(get().body_error.is_some());
    assert_eq!(get().body.len(), 5000);
    assert_eq!(get().text(), "small");
    assert_eq!(get().text(), "small");
    assert_eq!(requests(&fixture), 3);
}

#[test]
fn the_observer_is_told_of_responses_from_the_cache() {
    #[derive(Default)]
    struct Log(Mutex<Vec<(Option<u16>, u64, bool)>>);
    impl FetchObserver for Log {
        fn request_started(&self, _: &RequestInfo<'_>) {}
        fn request_finished(&self, _: &RequestInfo<'_>, outcome: &RequestOutcome<'_>) {
            let line = (outcome.status, outcome.received_bytes, outcome.from_cache);
            self.0.lock().expect("no panic").push(line);
        }
    }
    let (mut fixture, _) = fixture([ok(FRESH, "body")]);
    let log = Arc::new(Log::default());
    fixture.environment.observer = Some(Arc::<Log>::clone(&log));
    for _ in 0..2 {
        fixture.fetch(xhr(PAGE, "GET", PAGE)).ok();
    }
    let expected = [(Some(200), 4, false), (Some(200), 4, true)];
    assert_eq!(*log.0.lock().expect("no panic"), expected);
}

#[derive(Default)]
struct MemoryStorage(Mutex<HashMap<String, Vec<u8>>>);

impl CacheStorage for MemoryStorage {
    fn read(&self, key: &str) -> Option<Vec<u8>> {
        self.0.lock().expect("no panic").get(key).cloned()
    }

    fn write(&self, key: &str, bytes: &[u8]) {
        let mut map = self.0.lock().expect("no panic");
        map.insert(key.to_owned(), bytes.to_vec());
    }

    fn remove(&self, key: &str) {
        self.0.lock().expect("no panic").remove(key);
    }

    fn clear(&self) {
        self.0.lock().expect("no panic").clear();
    }
}

#[test]
fn a_storage_outlives_the_cache_and_damage_in_it_is_no_harm() {
    let storage = Arc::new(MemoryStorage::default());
    let with_storage = |answers: Vec<Answer>| {
        let (mut fixture, clock) = fixture(answers);
        let cache = HttpCache::with_storage(1 << 20, Arc::<MemoryStorage>::clone(&storage) as _);
        fixture.environment.http_cache = Some(Arc::new(cache));
        (fixture, clock)
    };
    let text = |fixture: &Fixture| -> Outcome { fixture.fetch(xhr(PAGE, "GET", PAGE)) };
    let (first, _) = with_storage(vec![ok(FRESH, "kept")]);
    assert_eq!(text(&first).text(), "kept");
    let (second, _) = with_storage(vec![]);
    assert_eq!(text(&second).text(), "kept", "by another process");
    let (third, _) = with_storage(vec![ok("", "")]);
    third.fetch(xhr(PAGE, "DELETE", PAGE)).ok();
    let (fourth, _) = with_storage(vec![ok(FRESH, "new")]);
    assert_eq!(text(&fourth).text(), "new");
    for bytes in storage.0.lock().expect("no panic").values_mut() {
        bytes.truncate(bytes.len() - 1);
    }
    let (fifth, _) = with_storage(vec![ok("", "fetched")]);
    assert_eq!(text(&fifth).text(), "fetched");
}

#[test]
fn the_hook_stands_before_the_cache_and_changed_headers_go_past_it() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use readystate_xhr::fetch::FetchController;
    use readystate_xhr::interception::{InterceptedRequest, Interception, Interceptor, Overrides};
    #[derive(Default)]
    struct Watch(AtomicUsize);
    impl Interceptor for Watch {
        fn intercept(&self, _: &InterceptedRequest<'_>, _: &FetchController) -> Interception {
            let mut overrides = Overrides::default();
            if self.0.fetch_add(1, Ordering::SeqCst) == 2 {
                let header = ("X-User".to_owned(), Some(b"other".to_vec()));
                overrides.headers.push(header);
            }
            Interception::Continue(overrides)
        }
    }
    let (mut fixture, _) = fixture([ok(FRESH, "1"), ok(FRESH, "2")]);
    let watch = Arc::new(Watch::default());
    fixture.environment.interceptor = Some(Arc::<Watch>::clone(&watch));
    let get = || fixture.fetch(xhr(PAGE, "GET", PAGE)).text();
    assert_eq!([get(), get(), get(), get()], ["1", "1", "2", "1"]);
    assert_eq!(watch.0.load(Ordering::SeqCst), 4);
}
