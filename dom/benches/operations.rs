//! Reading and writing one thing at a time, and the queries that are not selectors.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use readystate_dom::parsing::html::parse_document;
use readystate_dom::serializing::html::inner_html;
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::xpath::XPathExpression;
use readystate_dom::{DocumentInit, NodeId, Tree, local_name};

const ROWS: usize = 5_000;

/// A table of 5,000 rows with three cells each: 20,000 elements, 15,000 texts.
fn markup() -> String {
    let mut markup = String::from("<table><tbody id=rows>");
    for row in 0..ROWS {
        markup += &format!(
            "<tr id=r{row} class='row odd' data-row={row}><td>{row}</td><td class=name>Name {row}</td><td>x</td></tr>"
        );
    }
    markup
}

fn page() -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .expect("an empty tree has room");
    parse_document(&mut tree, document, &markup());
    (tree, document)
}

fn operations(c: &mut Criterion) {
    let (tree, document) = page();
    let rows: Vec<NodeId> = tree
        .query_selector_all(document, "tr")
        .expect("the selector is valid");
    let body = tree
        .get_element_by_id(document, "rows")
        .expect("it is there");
    let mut group = c.benchmark_group("operations");
    group.sample_size(20);
    group.bench_function("get_attribute 5k", |b| {
        b.iter(|| {
            rows.iter()
                .filter(|&&row| black_box(tree.attribute(row, "data-row")).is_some())
                .count()
        });
    });
    let ids: Vec<String> = (0..ROWS).map(|row| format!("r{row}")).collect();
    group.bench_function("get_element_by_id 5k", |b| {
        b.iter(|| {
            ids.iter()
                .filter(|id| black_box(tree.get_element_by_id(document, id)).is_some())
                .count()
        });
    });
    group.bench_function("get_elements_by_class_name over 20k", |b| {
        b.iter(|| black_box(tree.get_elements_by_class_name(document, "name")).len());
    });
    group.bench_function("inner_html get 5k rows", |b| {
        b.iter(|| black_box(inner_html(&tree, body)).len());
    });
    let rows_markup = inner_html(&tree, body);
    group.bench_function("inner_html set 5k rows", |b| {
        b.iter_batched(
            page,
            |(mut tree, document)| {
                let body = tree
                    .get_element_by_id(document, "rows")
                    .expect("it is there");
                tree.set_inner_html(body, &rows_markup)
                    .expect("there is room");
                tree
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("text_content of 5k rows", |b| {
        b.iter(|| black_box(tree.text_content(body)));
    });
    group.bench_function("serialize_xml 5k rows", |b| {
        b.iter(|| black_box(serialize_xml(&tree, document, false)).map(|text| text.len()));
    });
    group.bench_function("token list toggle 5k", |b| {
        b.iter_batched(
            page,
            |(mut tree, _)| {
                for &row in &rows {
                    tree.token_list_toggle(row, &local_name!("class"), "on", None)
                        .expect("it is a token");
                }
                tree
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("insert_before 5k", |b| {
        b.iter_batched(
            page,
            |(mut tree, _)| {
                for pair in rows.windows(2) {
                    if let &[one, two] = pair {
                        tree.insert_before(two, body, Some(one))
                            .expect("they are siblings");
                    }
                }
                tree
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("remove 5k", |b| {
        b.iter_batched(
            page,
            |(mut tree, _)| {
                for &row in &rows {
                    tree.remove(row).expect("it has a parent");
                }
                tree
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn xpath(c: &mut Criterion) {
    let (tree, document) = page();
    let mut group = c.benchmark_group("xpath");
    group.sample_size(20);
    for text in [
        "//td",
        "//tr[@data-row = '4999']/td[2]",
        "//td[contains(., '999')]/..",
        "count(//tr[position() mod 2 = 0])",
        "//td/following::tr[1]",
        "id('r17')/following-sibling::tr[1]/td[last()]",
    ] {
        let expression = XPathExpression::parse(text).expect("the expression is valid");
        group.bench_function(text, |b| {
            b.iter(|| black_box(expression.evaluate(&tree, document)));
        });
    }
    group.bench_function("parse an expression", |b| {
        b.iter(|| XPathExpression::parse(black_box("//tr[@data-row = '4999']/td[position() > 1]")));
    });
    group.finish();
}

criterion_group!(benches, operations, xpath);
criterion_main!(benches);
