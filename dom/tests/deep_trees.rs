//! Trees of a hundred thousand levels, on a small stack.

use readystate_dom::mutation::clone::CloneDepth;

use crate::page::Page;

const DEPTH: usize = 100_000;

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(test)
        .unwrap()
        .join()
        .unwrap();
}

#[test]
fn every_walk_of_a_deep_tree_is_iterative() {
    on_a_small_stack(|| {
        let mut page = Page::new("");
        let body = page.body();
        let top = page.element("div");
        let mut parent = top;
        for _ in 0..DEPTH {
            let child = page.element("i");
            page.tree.append(child, parent).unwrap();
            parent = child;
        }
        let text = page.text("x");
        page.tree.append(text, parent).unwrap();
        page.tree.append(top, body).unwrap();
        assert!(page.tree.is_connected(text));
        let copy = page.tree.clone_node(top, CloneDepth::Subtree).unwrap();
        assert!(page.tree.is_equal_node(top, copy));
        assert_eq!(page.tree.text_content(copy).unwrap(), "x");
        assert_eq!(
            page.outer(copy).len(),
            "<div></div>x".len() + DEPTH * "<i></i>".len()
        );
        assert_eq!(page.tree.compare_document_position(top, text), 20);
        page.tree.normalize(top).unwrap();
        page.tree.remove(top).unwrap();
        assert!(!page.tree.is_connected(text));
        page.tree.append(top, body).unwrap();
        page.tree.set_text_content(body, "").unwrap();
        let before = page.tree.node_count();
        page.tree.free_subtree(top).unwrap();
        assert_eq!(
            usize::try_from(before - page.tree.node_count()).unwrap(),
            DEPTH + 2
        );
    });
}

#[test]
fn nested_templates_cost_no_stack() {
    on_a_small_stack(|| {
        let mut page = Page::new("");
        let body = page.body();
        let top = page.element("template");
        let mut parent = page.tree.template_contents(top).unwrap();
        for _ in 0..20_000 {
            let child = page.element("template");
            page.tree.append(child, parent).unwrap();
            parent = page.tree.template_contents(child).unwrap();
        }
        page.tree.append(top, body).unwrap();
        let copy = page.tree.clone_node(top, CloneDepth::Subtree).unwrap();
        assert_eq!(page.outer(copy), page.outer(top));
        page.tree.remove(top).unwrap();
        assert!(page.tree.reclaim_unwrapped(top));
        page.tree.free_subtree(copy).unwrap();
    });
}

#[test]
fn the_parser_turns_what_is_too_deep_into_siblings() {
    on_a_small_stack(|| {
        let count = 5_000;
        let page = Page::new(&"<div>".repeat(count));
        let depth = page
            .tree
            .descendants(page.document)
            .map(|node| page.tree.children(node).count())
            .filter(|&count| count > 0)
            .count();
        assert!((500..=514).contains(&depth), "{depth}");
        let divs = page.tree.get_elements_by_tag_name(page.document, "div");
        assert_eq!(divs.len(), count, "no element is lost");
    });
}

#[test]
fn a_page_within_the_cap_is_parsed_as_it_stands() {
    let mut markup = "<p><br><img>".repeat(2_000);
    markup.push_str(&"<div>".repeat(400));
    markup.push_str("<b>x</b>");
    markup.push_str(&"</div>".repeat(400));
    markup.push_str("<i>y</i>");
    let page = Page::new(&markup);
    let b = page.tree.get_elements_by_tag_name(page.document, "b")[0];
    assert_eq!(page.tree.ancestors(b).count(), 403);
    let i = page.tree.get_elements_by_tag_name(page.document, "i")[0];
    assert_eq!(page.tree.parent(i), Some(page.body()));
}

#[test]
fn hostile_formatting_and_tables_stay_within_the_cap() {
    on_a_small_stack(|| {
        let mut markup = String::new();
        for number in 0..5_000 {
            markup.push_str(&format!(
                "<font size={number}><a><table><td><select><svg><b>"
            ));
        }
        let page = Page::new(&markup);
        let deepest = page
            .tree
            .descendants(page.document)
            .filter(|&node| page.tree.first_child(node).is_none())
            .map(|node| page.tree.ancestors(node).count())
            .max()
            .unwrap();
        assert!(deepest <= 1_100, "{deepest}");
    });
}
