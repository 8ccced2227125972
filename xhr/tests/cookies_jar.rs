//! The cookie jar by itself.

use std::time::{Duration, SystemTime};

use readystate_xhr::cookies::{CookieJar, SameSiteMode};

use crate::fetch_fixture::url;

const NOW: SystemTime = SystemTime::UNIX_EPOCH;

/// Sets `header` from `from`, and gives what a request to `to` then carries.
#[track_caller]
fn check(from: &str, header: &str, to: &str, expected: Option<&str>) {
    let mut jar = CookieJar::new();
    jar.set_from_header(&url(from), header.as_bytes(), true, NOW);
    let value = jar.header_for(&url(to), SameSiteMode::SameSite, NOW);
    let value = value.map(|value| String::from_utf8_lossy(&value).into_owned());
    assert_eq!(value.as_deref(), expected, "{header} from {from} to {to}");
}

#[test]
fn domain_decides_which_hosts_get_it() {
    let host = "http://www.example.com/";
    check(host, "a=b", host, Some("a=b"));
    check(host, "a=b", "http://sub.www.example.com/", None);
    check(
        host,
        "a=b; Domain=example.com",
        "http://other.example.com/",
        Some("a=b"),
    );
    check(
        host,
        "a=b; Domain=.EXAMPLE.com",
        "http://example.com/",
        Some("a=b"),
    );
    check(
        host,
        "a=b; Domain=example.com",
        "http://badexample.com/",
        None,
    );
    check(host, "a=b; Domain=other.com", "http://other.com/", None);
    check(
        host,
        "a=b; Domain=sub.www.example.com",
        "http://sub.www.example.com/",
        None,
    );
    check(host, "a=b; Domain=com", host, None);
    check(
        "http://x.co.uk/",
        "a=b; Domain=co.uk",
        "http://x.co.uk/",
        None,
    );
    check(
        "http://x.github.io/",
        "a=b; Domain=github.io",
        "http://x.github.io/",
        None,
    );
    check(
        "http://127.0.0.1/",
        "a=b; Domain=127.0.0.1",
        "http://127.0.0.1:8080/",
        Some("a=b"),
    );
    check(
        "http://127.0.0.1/",
        "a=b; Domain=0.0.1",
        "http://127.0.0.1/",
        None,
    );
    check(
        "http://localhost/",
        "a=b; Domain=localhost",
        "http://localhost/",
        Some("a=b"),
    );
    check("http://[::1]/", "a=b", "http://[::1]:9/", Some("a=b"));
}

#[test]
fn path_decides_which_urls_get_it() {
    let dir = "http://a.test/dir/page";
    check(dir, "a=b", "http://a.test/dir/other", Some("a=b"));
    check(dir, "a=b", "http://a.test/dir", Some("a=b"));
    check(dir, "a=b", "http://a.test/directory", None);
    check(dir, "a=b", "http://a.test/", None);
    check(dir, "a=b; Path=/", "http://a.test/x", Some("a=b"));
    check(dir, "a=b; Path=/x", "http://a.test/x/y", Some("a=b"));
    check(dir, "a=b; Path=x", "http://a.test/dir/z", Some("a=b"));
}

#[test]
fn secure_cookies_and_prefixes_need_what_they_promise() {
    let (http, https) = ("http://a.test/", "https://a.test/");
    check(http, "a=b; Secure", https, None);
    check(https, "a=b; Secure", http, None);
    check(https, "a=b; Secure", https, Some("a=b"));
    check(
        "http://localhost/",
        "a=b; Secure",
        "http://localhost/",
        Some("a=b"),
    );
    check(https, "__Secure-a=b", https, None);
    check(https, "__secure-a=b; Secure", https, Some("__secure-a=b"));
    check(https, "__Host-a=b; Secure", https, None);
    check(
        https,
        "__Host-a=b; Secure; Path=/",
        https,
        Some("__Host-a=b"),
    );
    check(
        https,
        "__Host-a=b; Secure; Path=/; Domain=a.test",
        https,
        None,
    );
    check(https, "=__Host-a=b; Secure; Path=/", https, None);
    check(https, "__Http-a=b; Secure", https, None);
    check(
        https,
        "__Http-a=b; Secure; HttpOnly",
        https,
        Some("__Http-a=b"),
    );
    check(https, "a=b; SameSite=None", https, None);
}

#[test]
fn an_insecure_connection_cannot_replace_or_cover_a_secure_cookie() {
    let mut jar = CookieJar::new();
    let (http, https) = (url("http://a.test/x"), url("https://a.test/x"));
    assert!(jar.set_from_header(&https, b"a=1; Secure; Path=/", true, NOW));
    assert!(!jar.set_from_header(&http, b"a=2; Path=/", true, NOW));
    assert!(!jar.set_from_header(&http, b"a=2; Path=/x", true, NOW));
    assert!(jar.set_from_header(&http, b"b=2", true, NOW));
}

#[test]
fn cookies_end_at_their_time() {
    let mut jar = CookieJar::new();
    let page = url("http://a.test/");
    jar.set_from_header(&page, b"a=1; Max-Age=10", true, NOW);
    jar.set_from_header(
        &page,
        b"b=2; Expires=Thu, 01 Jan 1970 00:00:20 GMT",
        true,
        NOW,
    );
    jar.set_from_header(&page, b"c=3", true, NOW);
    let mut at = |seconds| {
        let now = NOW + Duration::from_secs(seconds);
        String::from_utf8(
            jar.header_for(&page, SameSiteMode::SameSite, now)
                .unwrap_or_default(),
        )
    };
    assert_eq!(at(9).as_deref(), Ok("a=1; b=2; c=3"));
    assert_eq!(at(10).as_deref(), Ok("b=2; c=3"));
    assert_eq!(at(1_000_000).as_deref(), Ok("c=3"));
}

#[test]
fn longer_paths_come_first_and_replacement_keeps_the_place() {
    let mut jar = CookieJar::new();
    let page = url("http://a.test/x/y");
    for header in [
        "first=1; Path=/",
        "second=2; Path=/",
        "long=3; Path=/x",
        "first=9; Path=/",
    ] {
        jar.set_from_header(&page, header.as_bytes(), true, NOW);
    }
    let value = jar.header_for(&page, SameSiteMode::SameSite, NOW);
    assert_eq!(value.as_deref(), Some(&b"long=3; first=9; second=2"[..]));
}

#[test]
fn a_document_within_another_site_has_only_cookies_for_that() {
    let mut jar = CookieJar::new();
    let page = url("https://a.test/");
    for cookie in [
        "plain=1",
        "lax=1; SameSite=Lax",
        "strict=1; SameSite=Strict",
        "none=1; Secure; SameSite=None",
    ] {
        assert!(jar.set_document_cookie(&page, cookie, true, NOW));
    }
    assert_eq!(
        jar.document_cookie(&page, true, NOW),
        "plain=1; lax=1; strict=1; none=1"
    );
    assert_eq!(jar.document_cookie(&page, false, NOW), "none=1");
    assert!(!jar.set_document_cookie(&page, "plain=2", false, NOW));
    assert!(!jar.set_document_cookie(&page, "lax=2; SameSite=Lax", false, NOW));
    assert!(jar.set_document_cookie(&page, "none=2; Secure; SameSite=None", false, NOW));
    assert_eq!(jar.document_cookie(&page, false, NOW), "none=2");
}

#[test]
fn document_cookie_neither_sees_nor_touches_http_only() {
    let mut jar = CookieJar::new();
    let page = url("http://a.test/");
    jar.set_from_header(&page, b"secret=1; HttpOnly", true, NOW);
    assert!(jar.set_document_cookie(&page, "a=\u{e9}; path=/", true, NOW));
    assert!(!jar.set_document_cookie(&page, "b=1; HttpOnly", true, NOW));
    assert!(!jar.set_document_cookie(&page, "secret=2", true, NOW));
    assert_eq!(jar.document_cookie(&page, true, NOW), "a=\u{e9}");
    assert!(!jar.set_document_cookie(&url("data:text/html,x"), "a=1", true, NOW));
}

#[test]
fn the_jar_stays_within_its_bounds() {
    let mut jar = CookieJar::new();
    let page = url("https://a.test/");
    jar.set_from_header(&page, b"kept=1; Secure", true, NOW);
    for at in 0..300 {
        jar.set_from_header(&page, format!("c{at}=1").as_bytes(), true, NOW);
    }
    assert_eq!(jar.iter().count(), 180);
    assert!(
        jar.iter().any(|cookie| cookie.name == b"kept"),
        "insecure ones go first"
    );
    assert!(
        jar.iter().any(|cookie| cookie.name == b"c299"),
        "the newest stays"
    );
    for at in 0..4000 {
        let host = url(&format!("http://h{at}.test/"));
        jar.set_from_header(&host, b"a=1", true, NOW);
    }
    assert_eq!(jar.iter().count(), 3300);
}

#[test]
fn netscape_files_are_written_and_read_back() {
    let mut jar = CookieJar::new();
    let page = url("https://www.a.test/x/");
    jar.set_from_header(&page, b"s=1; HttpOnly; Secure", true, NOW);
    jar.set_from_header(&page, b"d=2; Domain=a.test; Path=/; Max-Age=50", true, NOW);
    let text = jar.save_netscape(NOW);
    assert!(
        text.contains("#HttpOnly_www.a.test\tFALSE\t/x\tTRUE\t0\ts\t1\n"),
        "{text}"
    );
    assert!(
        text.contains(".a.test\tTRUE\t/\tFALSE\t50\td\t2\n"),
        "{text}"
    );
    let mut read = CookieJar::new();
    read.load_netscape(&text, NOW).expect("its own output");
    let value = read.header_for(&page, SameSiteMode::SameSite, NOW);
    assert_eq!(value.as_deref(), Some(&b"s=1; d=2"[..]));
    let late = NOW + Duration::from_secs(60);
    let mut read = CookieJar::new();
    read.load_netscape(
        "# comment\r\n\r\n.a.test\tTRUE\t/\tFALSE\t50\td\t2\r\n",
        late,
    )
    .expect("a file");
    assert_eq!(read.iter().count(), 0);
    let error = read
        .load_netscape("\nnot a cookie", NOW)
        .expect_err("one field");
    assert_eq!(error.line, 2);
}

#[test]
fn json_keeps_everything_and_reads_what_playwright_writes() {
    let mut jar = CookieJar::new();
    let page = url("https://www.a.test/x/");
    for cookie in [
        "session=1; HttpOnly; SameSite=Strict",
        "all=\"2\"; Domain=a.test; Path=/; Max-Age=60; Secure; SameSite=None",
        "nameless",
    ] {
        assert!(
            jar.set_from_header(&page, cookie.as_bytes(), true, NOW),
            "{cookie}"
        );
    }
    let text = jar.save_json(NOW);
    let mut read = CookieJar::new();
    read.load_json(&text, NOW).expect("its own output");
    let plain = |jar: &CookieJar| -> Vec<String> {
        jar.iter()
            .map(|cookie| {
                let name = String::from_utf8_lossy(&cookie.name).into_owned();
                let value = String::from_utf8_lossy(&cookie.value).into_owned();
                let flags = (cookie.host_only, cookie.secure, cookie.http_only);
                format!(
                    "{name}={value} {} {} {:?} {flags:?} {:?}",
                    cookie.domain, cookie.path, cookie.expires, cookie.same_site
                )
            })
            .collect()
    };
    assert_eq!(plain(&read), plain(&jar));
    let state = r#"{"cookies": [{"name": "a", "value": "b", "domain": ".b.test", "path": "/", "expires": -1,
        "httpOnly": false, "secure": false, "sameSite": "Lax"}], "origins": []}"#;
    read.load_json(state, NOW).expect("storage state");
    let header = read.header_for(&url("http://x.b.test/"), SameSiteMode::SameSite, NOW);
    assert_eq!(header.as_deref(), Some(&b"a=b"[..]));
    for bad in [
        "",
        "{}",
        "[{}]",
        "[{\"name\": \"x\", \"value\": 1, \"domain\": \"a\"}]",
    ] {
        assert!(read.load_json(bad, NOW).is_err(), "{bad}");
    }
}
