//! Queries over a page of 20,000 elements.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use readystate_dom::parsing::html::parse_document;
use readystate_dom::{DocumentInit, NodeId, Tree};

fn page() -> (Tree, NodeId) {
    let mut markup = String::from("<!DOCTYPE html><body>");
    for index in 0..5_000 {
        markup.push_str(&format!(
            "<div class='row r{}' id=d{index}><ul><li class=item>a<li data-k={index}>b</ul></div>",
            index % 7
        ));
    }
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .expect("room for a document");
    parse_document(&mut tree, document, &markup);
    (tree, document)
}

fn queries(criterion: &mut Criterion) {
    let (tree, document) = page();
    let last = tree
        .get_element_by_id(document, "d4999")
        .expect("the page has it");
    let item = tree.last_child(last).expect("a list");
    for selector in [
        "#d4999",
        ".item",
        "li",
        "div.r3 > ul li:first-child",
        "[data-k='4321']",
        "li:nth-child(2)",
        "div:has(> ul > [data-k='17'])",
        "body div ul li.item",
    ] {
        criterion.bench_function(&format!("query_selector_all {selector}"), |bencher| {
            bencher.iter(|| tree.query_selector_all(document, black_box(selector)));
        });
    }
    criterion.bench_function("query_selector #d4999", |bencher| {
        bencher.iter(|| tree.query_selector(document, black_box("#d4999")));
    });
    criterion.bench_function("matches div > ul", |bencher| {
        bencher.iter(|| tree.matches(item, black_box("div > ul")));
    });
    criterion.bench_function("closest .row", |bencher| {
        bencher.iter(|| tree.closest(item, black_box(".row")));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = queries
}
criterion_main!(benches);
