//! Pages for the tests.

use std::path::PathBuf;
use std::time::Duration;

use readystate::{Browser, BrowserOptions, Limits, Page, PageOptions};

/// How long a call on a page may take in a test; a test that needs it has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page of a browser of its own.
pub(crate) fn page() -> Page {
    page_with(Limits::default(), PATIENCE)
}

/// A page with these limits, whose calls time out after `timeout`.
pub(crate) fn page_with(limits: Limits, timeout: Duration) -> Page {
    let mut options = PageOptions::new();
    options.limits = Some(limits);
    options.timeout = timeout;
    let browser = Browser::new(BrowserOptions::new()).expect("a browser");
    browser.new_page_with(options).expect("a page")
}

/// A page that has loaded `url` and is settled.
#[track_caller]
pub(crate) fn settled(url: &str) -> Page {
    let page = page();
    page.goto(url).expect("the page loads");
    page.wait_until_settled().expect("the page settles");
    page
}

/// The repository's root, asked at run time: two checkouts may share a build folder.
pub(crate) fn repository() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent()
        .expect("tests is a folder of the repository")
        .to_path_buf()
}

/// What `source` evaluates to, as text.
#[track_caller]
pub(crate) fn value(page: &Page, source: &str) -> String {
    match page.evaluate_to_text(source, Duration::from_secs(40)) {
        Ok(text) => text,
        Err(error) => panic!("{source}: {error}"),
    }
}
