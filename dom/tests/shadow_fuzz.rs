//! Random changes of trees with shadow roots and slots, against a model that works everything out anew.

use readystate_dom::shadow::{ShadowRootInit, SlotAssignmentMode};
use readystate_dom::{NodeId, NodeKind};

use crate::page::Page;
use crate::random::Random;

const NAMES: [&str; 3] = ["", "a", "b"];

#[test]
fn slots_and_flags_are_what_a_look_at_the_whole_tree_gives() {
    let mut seen = 0;
    for seed in 1..=60 {
        seen += run(seed);
    }
    // Enough of it is about slots that have something.
    assert!(seen > 2_000, "{seen}");
}

/// Gives how often a slot with something assigned was looked at.
fn run(seed: u64) -> usize {
    let mut seen = 0;
    let mut numbers = Random::new(seed);
    let mut page = Page::new("<body></body>");
    let body = page.body();
    let host = page.element("div");
    page.tree.append(host, body).unwrap();
    let root = page
        .tree
        .attach_shadow(host, ShadowRootInit::default())
        .unwrap();
    let mut nodes = vec![body, host, root];
    let mut roots = vec![root];
    for (name, parent) in [
        ("slot", root),
        ("slot", root),
        ("b", host),
        ("i", host),
        ("u", host),
    ] {
        let node = page.element(name);
        page.tree.append(node, parent).unwrap();
        nodes.push(node);
    }
    for step in 0..300 {
        // The first nodes are changed most.
        let node = pick(&mut numbers, &nodes);
        let other = pick(&mut numbers, &nodes);
        match numbers.below(14) {
            0 | 1 => nodes.push(page.element("div")),
            2 => {
                let slot = page.element("slot");
                let name = NAMES[numbers.below(3)];
                page.tree.set_attribute(slot, "name", name).unwrap();
                nodes.push(slot);
            }
            3 => nodes.push(page.text("x")),
            4 => {
                let init = ShadowRootInit {
                    slot_assignment: if numbers.below(4) == 0 {
                        SlotAssignmentMode::Manual
                    } else {
                        SlotAssignmentMode::Named
                    },
                    ..ShadowRootInit::default()
                };
                if let Ok(root) = page.tree.attach_shadow(node, init) {
                    nodes.push(root);
                    roots.push(root);
                }
            }
            5 => {
                let _ = page
                    .tree
                    .set_attribute(node, "slot", NAMES[numbers.below(3)]);
            }
            6 => {
                let _ = page
                    .tree
                    .set_attribute(node, "name", NAMES[numbers.below(3)]);
            }
            7 if node != body => page.tree.remove(node).unwrap(),
            8 => {
                let _ = page.tree.assign_to_slot(node, &[other]);
            }
            9..=13 if node != body => {
                let before = page
                    .tree
                    .first_child(other)
                    .filter(|_| numbers.below(2) == 0);
                let _ = page.tree.insert_before(node, other, before);
            }
            _ => {}
        }
        seen += check(&page, &nodes, &roots, &format!("seed {seed}, step {step}"));
    }
    seen
}

fn pick(numbers: &mut Random, nodes: &[NodeId]) -> NodeId {
    let reach = if numbers.below(2) == 0 {
        nodes.len()
    } else {
        nodes.len().min(8)
    };
    nodes[numbers.below(reach)]
}

fn check(page: &Page, nodes: &[NodeId], roots: &[NodeId], when: &str) -> usize {
    let mut seen = 0;
    let tree = &page.tree;
    for &node in nodes {
        let top = tree.inclusive_ancestors(node).last().unwrap();
        assert_eq!(
            tree.is_in_shadow_tree(node),
            roots.contains(&top),
            "{when}: scope"
        );
        let outermost = outermost_root(page, node);
        assert_eq!(
            tree.is_connected(node),
            outermost == page.document,
            "{when}: connected"
        );
        assert_eq!(tree.shadow_including_root(node), outermost, "{when}: root");
        if !tree.is_slot(node) {
            continue;
        }
        let assigned = tree.assigned_nodes(node);
        seen += usize::from(!assigned.is_empty());
        let is_manual = tree
            .shadow_root_init(top)
            .is_some_and(|init| init.slot_assignment == SlotAssignmentMode::Manual);
        if is_manual {
            for &given in assigned {
                assert_eq!(tree.parent(given), tree.shadow_host(top), "{when}: by hand");
            }
        } else {
            assert_eq!(assigned, expected(page, node, top), "{when}: slot {node:?}");
        }
        for &given in assigned {
            assert_eq!(tree.assigned_slot(given), Some(node), "{when}: inverse");
        }
    }
    for &node in nodes {
        if let Some(slot) = tree.assigned_slot(node) {
            assert!(tree.assigned_nodes(slot).contains(&node), "{when}: stale");
        }
    }
    seen
}

fn outermost_root(page: &Page, node: NodeId) -> NodeId {
    let mut root = page.tree.inclusive_ancestors(node).last().unwrap();
    while let Some(host) = page.tree.shadow_host(root) {
        root = page.tree.inclusive_ancestors(host).last().unwrap();
    }
    root
}

/// The children of the host that ask for the slot's name, if the slot is the first of that name.
fn expected(page: &Page, slot: NodeId, root: NodeId) -> Vec<NodeId> {
    let tree = &page.tree;
    let Some(host) = tree.shadow_host(root) else {
        return Vec::new();
    };
    let name = |node, attribute: &str| {
        tree.attribute(node, attribute)
            .unwrap_or_default()
            .to_owned()
    };
    let own = name(slot, "name");
    let first = tree
        .descendants(root)
        .find(|&other| tree.is_slot(other) && name(other, "name") == own);
    if first != Some(slot) {
        return Vec::new();
    }
    tree.children(host)
        .filter(|&child| matches!(tree.kind(child), Some(NodeKind::Element | NodeKind::Text)))
        .filter(|&child| name(child, "slot") == own)
        .collect()
}
