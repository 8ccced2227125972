//! Making, moving, walking and removing nodes.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::{DocumentInit, NodeId, Tree, local_name, ns};

const COUNT: usize = 20_000;

fn page() -> (Tree, NodeId, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .expect("an empty tree has room");
    let body = tree
        .create_element(document, local_name!("body"), ns!(html), None)
        .expect("there is room");
    tree.append(body, document).expect("the document is empty");
    (tree, document, body)
}

fn filled() -> (Tree, NodeId, NodeId) {
    let (mut tree, document, body) = page();
    fill(&mut tree, document, body);
    (tree, document, body)
}

/// 20,000 elements with two attributes and a text each.
fn fill(tree: &mut Tree, document: NodeId, body: NodeId) {
    for _ in 0..COUNT {
        let element = tree
            .create_html_element(document, "div")
            .expect("there is room");
        tree.set_attribute(element, "class", "item")
            .expect("the name is valid");
        tree.set_attribute(element, "id", "some-id")
            .expect("the name is valid");
        let text = tree.create_text(document, "text").expect("there is room");
        tree.append(text, element).expect("elements hold text");
        tree.append(element, body).expect("elements hold elements");
    }
}

fn tree_mutation(c: &mut Criterion) {
    let mut group = c.benchmark_group("tree_mutation");
    group.sample_size(20);
    group.bench_function("create and append 20k with attributes and text", |b| {
        b.iter_batched(
            page,
            |(mut tree, document, body)| {
                fill(&mut tree, document, body);
                tree
            },
            BatchSize::LargeInput,
        );
    });
    group.bench_function("create and append 20k", |b| {
        b.iter_batched(
            page,
            |(mut tree, document, body)| {
                for _ in 0..COUNT {
                    let element = tree
                        .create_element(document, local_name!("div"), ns!(html), None)
                        .expect("there is room");
                    tree.append(element, body).expect("elements hold elements");
                }
                tree
            },
            BatchSize::LargeInput,
        );
    });
    let (mut tree, document, body) = filled();
    group.bench_function("walk 40k by next sibling and type", |b| {
        b.iter(|| {
            let mut sum = 0;
            let mut next = tree.first_child(black_box(body));
            while let Some(node) = next {
                sum += u64::from(tree.node_type(node));
                sum += u64::from(
                    tree.first_child(node)
                        .map_or(0, |text| tree.node_type(text)),
                );
                next = tree.next_sibling(node);
            }
            sum
        });
    });
    group.bench_function("descendants of 40k", |b| {
        b.iter(|| tree.descendants(black_box(document)).count());
    });
    group.bench_function("clone 40k", |b| {
        b.iter(|| {
            let copy = tree
                .clone_node(body, CloneDepth::Subtree)
                .expect("there is room");
            tree.free_subtree(copy).expect("the copy is detached");
        });
    });
    group.bench_function("remove and insert 20k", |b| {
        b.iter(|| {
            for _ in 0..COUNT {
                if let Some(first) = tree.first_child(body) {
                    tree.append(first, body).expect("it was there before");
                }
            }
        });
    });
    group.bench_function("textContent of 40k", |b| {
        b.iter(|| black_box(tree.text_content(body)));
    });
    group.finish();
}

criterion_group!(benches, tree_mutation);
criterion_main!(benches);
