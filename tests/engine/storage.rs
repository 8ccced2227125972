//! `localStorage` and `sessionStorage`: what windows, pages and browsers share of them.

use readystate::{Browser, BrowserOptions, Page};

use crate::support::page::page;
use crate::support::trials;

trials!("engine::storage":
    items_are_properties,
    members_are_not_hidden_by_items,
    what_exceeds_the_quota_is_refused,
    documents_without_an_origin_have_no_storage,
    pages_share_local_storage_only,
    session_storage_outlives_navigations,
    other_windows_of_the_origin_are_told,
    local_storage_is_kept_in_a_file,
);

const HERE: &str = "http://a.test/page";

#[track_caller]
fn check(page: &Page, script: &str, expected: &str) {
    let value: String = page
        .evaluate(&format!("JSON.stringify({script})"))
        .expect("the script runs");
    assert_eq!(value, expected, "{script}");
}

fn blank_at(url: &str) -> Page {
    let page = page();
    page.set_content("<!doctype html>", Some(url))
        .expect("the page loads");
    page
}

fn items_are_properties() {
    let page = blank_at(HERE);
    check(
        &page,
        "(localStorage.b = 1, localStorage.setItem('a', 'x'), localStorage['c d'] = null, Object.entries(localStorage))",
        r#"[["b","1"],["a","x"],["c d","null"]]"#,
    );
    check(
        &page,
        "['a' in localStorage, delete localStorage.a, 'a' in localStorage, localStorage.a === undefined, localStorage.getItem('a')]",
        "[true,true,false,true,null]",
    );
    check(
        &page,
        "[localStorage.length, localStorage.key(0), localStorage.key(2), sessionStorage.length]",
        r#"[2,"b",null,0]"#,
    );
    check(
        &page,
        "(localStorage.b = 2, localStorage.clear(), localStorage.length)",
        "0",
    );
}

fn members_are_not_hidden_by_items() {
    let page = blank_at(HERE);
    check(
        &page,
        "(localStorage.setItem('clear', 'x'), localStorage.length = 5, [typeof localStorage.clear, localStorage.getItem('length'), \
         localStorage.length, Object.keys(localStorage)])",
        r#"["function","5",2,[]]"#,
    );
}

fn what_exceeds_the_quota_is_refused() {
    let page = blank_at(HERE);
    check(
        &page,
        "(() => { const half = 'x'.repeat(5 << 19); localStorage.a = half; \
         try { localStorage.b = half } catch (error) { return [error.name, error.code, localStorage.length, localStorage.a.length] } })()",
        r#"["QuotaExceededError",22,1,2621440]"#,
    );
    // What is replaced or removed makes room.
    check(
        &page,
        "(localStorage.a = 'x'.repeat(5 << 20 - 1), localStorage.removeItem('a'), localStorage.b = 'y', localStorage.length)",
        "1",
    );
}

fn documents_without_an_origin_have_no_storage() {
    let page = page();
    page.set_content("<!doctype html>", None)
        .expect("the page loads");
    check(
        &page,
        "['localStorage', 'sessionStorage'].map((name) => { try { return self[name] } catch (error) { return error.name } })",
        r#"["SecurityError","SecurityError"]"#,
    );
}

fn pages_share_local_storage_only() {
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    let open = |url| {
        let page = browser.new_page().expect("a page");
        page.set_content("<!doctype html>", Some(url))
            .expect("the page loads");
        page
    };
    let [one, two, elsewhere] = [HERE, "http://a.test/other", "https://a.test/page"].map(open);
    check(&one, "[localStorage.x = 1, sessionStorage.x = 2]", "[1,2]");
    check(
        &two,
        "[localStorage.x, sessionStorage.length]",
        r#"["1",0]"#,
    );
    check(&elsewhere, "localStorage.length", "0");
}

fn session_storage_outlives_navigations() {
    let page = blank_at(HERE);
    check(&page, "sessionStorage.kept = 'yes'", r#""yes""#);
    page.set_content("<!doctype html>", Some("http://b.test/"))
        .expect("the page loads");
    check(&page, "sessionStorage.length", "0");
    page.set_content("<!doctype html>", Some(HERE))
        .expect("the page loads");
    check(&page, "sessionStorage.kept", r#""yes""#);
}

fn other_windows_of_the_origin_are_told() {
    let page = page();
    let html = "<!doctype html><iframe srcdoc='<!doctype html>'></iframe><script>\
        const told = []; \
        addEventListener('storage', () => told.push('self')); \
        onload = () => { \
          frames[0].addEventListener('storage', (e) => told.push([e.key, e.oldValue, e.newValue, e.url, \
            e.storageArea === frames[0].localStorage, e.isTrusted])); \
          localStorage.a = 1; localStorage.a = 1; localStorage.a = 2; delete localStorage.a; localStorage.removeItem('a'); \
          localStorage.setItem('b', ''); localStorage.clear(); localStorage.clear(); \
        }</script>";
    page.set_content(html, Some(HERE)).expect("the page loads");
    page.wait_until_settled().expect("the page settles");
    let url = HERE;
    check(
        &page,
        "told",
        &format!(
            r#"[["a",null,"1","{url}",true,true],["a","1","2","{url}",true,true],["a","2",null,"{url}",true,true],["b",null,"","{url}",true,true],[null,null,null,"{url}",true,true]]"#
        ),
    );
}

fn local_storage_is_kept_in_a_file() {
    let path = std::env::temp_dir().join(format!("readystate-storage-{}.json", std::process::id()));
    let mut options = BrowserOptions::new();
    options.local_storage_file = Some(path.clone());
    {
        let browser = Browser::new(options.clone()).expect("a browser without a file yet");
        let page = browser.new_page().expect("a page");
        page.set_content("<!doctype html>", Some(HERE))
            .expect("the page loads");
        check(&page, "[localStorage.é = 'a\\n☃']", r#"["a\n☃"]"#);
        browser.save_local_storage().expect("the file is written");
    }
    let text = std::fs::read_to_string(&path).expect("the file");
    let browser = Browser::new(options.clone()).expect("a browser that reads the file");
    std::fs::write(&path, "[").expect("the file is spoilt");
    let spoilt = Browser::new(options);
    drop(std::fs::remove_file(&path));
    assert!(text.contains(r#""origin": "http://a.test""#), "{text}");
    let page = browser.new_page().expect("a page");
    page.set_content("<!doctype html>", Some(HERE))
        .expect("the page loads");
    check(&page, "Object.entries(localStorage)", r#"[["é","a\n☃"]]"#);
    assert!(spoilt.is_err(), "what is no JSON is refused");
}
