//! Parsing XML: bytes of input a second, for a feed-like document and one that is mostly markup.
#![allow(missing_docs, reason = "criterion's macros make public items")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, NodeId, Tree};

fn feed() -> String {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:m=\"urn:m\">\n",
    );
    for index in 0..5_000 {
        text.push_str(&format!(
            "  <entry xml:lang=\"en\">\n    <id>urn:uuid:{index}</id>\n    <title type=\"text\">Entry number {index} &amp; more</title>\n    \
             <link rel=\"alternate\" href=\"https://example.org/entries/{index}\"/>\n    <m:rating m:scale=\"5\">{}</m:rating>\n    \
             <summary>A longer paragraph of text that says nothing in particular, so that text is about half of the bytes.</summary>\n  </entry>\n",
            index % 5
        ));
    }
    text.push_str("</feed>\n");
    text
}

fn markup() -> String {
    let rows = "<r><c n=\"1\">x</c><c n=\"2\"/></r>".repeat(50_000);
    format!("<t>{rows}</t>")
}

fn parse(text: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, text, XmlLimits::default()).expect("well-formed");
    (tree, document)
}

fn parse_documents(criterion: &mut Criterion) {
    for (name, text) in [("feed", feed()), ("markup", markup())] {
        let mut group = criterion.benchmark_group("parse_xml");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| parse(black_box(&text))));
        group.finish();
        let (tree, document) = parse(&text);
        let mut group = criterion.benchmark_group("serialize_xml");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| {
            bencher
                .iter(|| serialize_xml(black_box(&tree), document, false).expect("serializable"));
        });
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = parse_documents
}
criterion_main!(benches);
