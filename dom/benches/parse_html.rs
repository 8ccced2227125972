//! Parsing and serializing HTML, beside html5ever without a tree.

mod null_sink;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use readystate_dom::parsing::html::parse_document;
use readystate_dom::serializing::html::outer_html;
use readystate_dom::{DocumentInit, NodeId, Tree};

/// A page of about `bytes` that looks like a shop's listing.
fn listing(bytes: usize) -> String {
    let mut page =
        String::from("<!DOCTYPE html><html><head><title>Shop</title></head><body><main>");
    let mut number = 0;
    while page.len() < bytes {
        number += 1;
        page.push_str(&format!(
            "<article class=\"card item-{number}\" id=\"item-{number}\" data-price=\"{number}.99\">\
             <h2><a href=\"/items/{number}?a=1&amp;b=2\">Item number {number}</a></h2>\
             <p>Some <b>bold</b> text, &eacute;t&eacute; &ndash; and <em>more</em> of it.</p>\
             <ul><li>One<li>Two<li>Three</ul><img src=\"/i/{number}.png\" alt=\"\"></article>\n"
        ));
    }
    page
}

fn parsed(markup: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .expect("an empty tree has room");
    parse_document(&mut tree, document, markup);
    (tree, document)
}

fn parse_html(c: &mut Criterion) {
    let page = listing(5_000_000);
    let deep = "<div>".repeat(20_000);
    let mut group = c.benchmark_group("parse_html");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(page.len() as u64));
    // Into the tree: freeing it again is not part of that.
    group.bench_function("parse 5 MB", |b| {
        b.iter_batched(|| (), |()| parsed(&page), BatchSize::PerIteration);
    });
    group.bench_function("parse 5 MB without a tree", |b| {
        b.iter_batched(|| (), |()| null_sink::parse(&page), BatchSize::PerIteration);
    });
    let (tree, document) = parsed(&page);
    group.bench_function("serialize 5 MB", |b| {
        b.iter(|| black_box(outer_html(&tree, document)));
    });
    group.throughput(Throughput::Bytes(deep.len() as u64));
    group.bench_function("parse 20k nested", |b| b.iter(|| black_box(parsed(&deep))));
    group.finish();

    let markup = listing(20_000);
    c.bench_function("innerHTML of 20 kB", |b| {
        b.iter_batched(
            || {
                let (mut tree, document) = parsed("");
                tree.set_reclaims_removed(true);
                let body = tree.body(document).expect("the parser makes one");
                (tree, body)
            },
            |(mut tree, body)| {
                tree.set_inner_html(body, &markup).expect("there is room");
                tree
            },
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, parse_html);
criterion_main!(benches);
