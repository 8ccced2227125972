//! The sites of `examples/`, compared as whole documents with what Chromium made of them.

use crate::support::command::readystate;
use crate::support::page::{page, repository};
use crate::support::trials;

trials!("engine::examples":
    the_shop_lists_products_and_stock,
    the_feed_shows_xml_and_a_fragment,
    the_legacy_page_writes_what_it_fetched,
    the_upload_reports_progress_abort_and_timeout,
    the_command_prints_the_shop_its_requests_and_its_console,
);

#[track_caller]
fn check(name: &str) {
    let page = page();
    page.open_folder(repository().join("examples").join(name))
        .expect("the example loads");
    page.wait_until_settled().expect("the example settles");
    let document = page.content().expect("a document");
    assert_eq!(
        document,
        expected(name),
        "\nconsole: {:#?}\nexceptions: {:#?}\nrequests: {:#?}",
        page.console(),
        page.exceptions(),
        page.requests()
    );
    assert_eq!(page.exceptions(), []);
}

fn expected(name: &str) -> String {
    let path = repository().join(format!("tests/examples/{name}.html"));
    let text = std::fs::read_to_string(path).expect("the document an example ends as");
    text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
}

fn the_shop_lists_products_and_stock() {
    check("shop");
}

fn the_feed_shows_xml_and_a_fragment() {
    check("feed");
}

fn the_legacy_page_writes_what_it_fetched() {
    check("legacy");
}

fn the_upload_reports_progress_abort_and_timeout() {
    check("upload");
}

fn the_command_prints_the_shop_its_requests_and_its_console() {
    let folder = repository().join("examples/shop");
    let folder = folder.to_str().expect("a path in UTF-8");
    readystate(&["run", folder, "--log-requests"])
        .exits_with(0)
        .prints(&expected("shop"))
        .complains_of(&[
            "/products.json 200",
            "/stock/oolong.json 200",
            "3 products",
            "shop.js:",
        ]);
}
