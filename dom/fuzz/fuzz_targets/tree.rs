//! The tree: each byte is an operation; the links stay whole whatever happens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::{DocumentInit, NodeId, Tree};

fuzz_target!(|bytes: &[u8]| {
    let mut tree = Tree::default();
    let mut nodes: Vec<NodeId> = Vec::new();
    for _ in 0..2 {
        nodes.extend(tree.create_document(DocumentInit::html("about:blank")));
    }
    let documents = nodes.clone();
    for step in bytes.chunks_exact(4) {
        let &[operation, one, two, three] = step else {
            return;
        };
        let pick = |byte: u8| nodes.get(usize::from(byte) % nodes.len()).copied();
        let (Some(one), Some(two), Some(three)) = (pick(one), pick(two), pick(three)) else {
            return;
        };
        if ![one, two, three].iter().all(|&node| tree.exists(node)) {
            continue;
        }
        let document = tree.node_document(one).unwrap_or(one);
        match operation % 12 {
            0 | 1 => nodes.extend(tree.create_html_element(document, "div")),
            2 => nodes.extend(tree.create_text(document, "text")),
            3 => nodes.extend(tree.create_document_fragment(document)),
            4 => drop(tree.append(one, two)),
            5 => drop(tree.insert_before(one, two, Some(three))),
            6 => drop(tree.remove(one)),
            7 => drop(tree.replace_child(one, three, two)),
            8 => drop(tree.set_attribute(one, "id", "a")),
            9 => drop(tree.adopt(one, documents[0])),
            10 => nodes.extend(tree.clone_node(one, CloneDepth::Subtree)),
            _ => {
                // Nobody keeps what is freed.
                if tree.parent(one).is_none() && !documents.contains(&one) {
                    drop(tree.free_subtree(one));
                }
            }
        }
    }
    for &node in nodes.iter().filter(|&&node| tree.exists(node)) {
        let children: Vec<_> = tree.children(node).collect();
        assert_eq!(tree.first_child(node), children.first().copied());
        assert_eq!(tree.last_child(node), children.last().copied());
        for &child in &children {
            assert_eq!(tree.parent(child), Some(node));
        }
        for pair in children.windows(2) {
            assert_eq!(tree.previous_sibling(pair[1]), Some(pair[0]));
        }
        // The clone of a document is one too.
        let root_is_document = tree.node_type(tree.root(node)) == 9;
        assert_eq!(tree.is_connected(node), root_is_document);
    }
    for &document in &documents {
        let first = tree
            .descendants(document)
            .find(|&node| tree.attribute(node, "id") == Some("a"));
        assert_eq!(tree.get_element_by_id(document, "a"), first);
    }
});
