//! Random sequences of operations, compared with a model: a list of children for each node, and nothing clever.

use std::collections::HashMap;

use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::traversal::range::{BoundaryPoint, RangeId};
use readystate_dom::{DocumentInit, LocalName, NodeHandle, NodeId, NodeKind, Tree, ns};

use crate::random::Random;

#[derive(Clone, Default)]
struct Model {
    children: Vec<usize>,
    parent: Option<usize>,
    id: Option<String>,
    document: usize,
}

#[derive(Copy, Clone, PartialEq, Debug)]
struct Point {
    node: usize,
    offset: usize,
}

struct Pair {
    tree: Tree,
    ids: Vec<NodeId>,
    handles: Vec<NodeHandle>,
    /// By number; freed ones are gone from `living`.
    model: Vec<Model>,
    living: Vec<usize>,
    ranges: Vec<(RangeId, Point, Point)>,
    /// Handles of nodes that were freed.
    dead: Vec<NodeHandle>,
}

const IDS: [&str; 4] = ["a", "b", "c", "d"];

impl Pair {
    fn new() -> Self {
        let mut pair = Self {
            tree: Tree::default(),
            ids: Vec::new(),
            handles: Vec::new(),
            model: Vec::new(),
            living: Vec::new(),
            ranges: Vec::new(),
            dead: Vec::new(),
        };
        for _ in 0..2 {
            let document = pair
                .tree
                .create_document(DocumentInit::xml("about:blank"))
                .unwrap();
            let number = pair.add(document, pair.model.len());
            let root = pair.element(number);
            pair.insert(root, number, None);
        }
        pair
    }

    fn add(&mut self, id: NodeId, document: usize) -> usize {
        self.ids.push(id);
        self.handles
            .push(self.tree.handle(id).expect("it was just made"));
        self.model.push(Model {
            document,
            ..Model::default()
        });
        self.living.push(self.model.len() - 1);
        self.model.len() - 1
    }

    fn element(&mut self, document: usize) -> usize {
        let id = self
            .tree
            .create_element(self.ids[document], LocalName::from("e"), ns!(), None)
            .unwrap();
        self.add(id, document)
    }

    fn is_document(&self, node: usize) -> bool {
        self.model[node].document == node
    }

    fn contains(&self, node: usize, other: usize) -> bool {
        let mut next = Some(other);
        while let Some(ancestor) = next {
            if ancestor == node {
                return true;
            }
            next = self.model[ancestor].parent;
        }
        false
    }

    fn subtree(&self, node: usize) -> Vec<usize> {
        let mut all = vec![node];
        for &child in &self.model[node].children {
            all.extend(self.subtree(child));
        }
        all
    }

    fn root(&self, node: usize) -> usize {
        self.model[node]
            .parent
            .map_or(node, |parent| self.root(parent))
    }

    fn index(&self, node: usize) -> usize {
        let parent = self.model[node].parent.expect("it has one");
        self.model[parent]
            .children
            .iter()
            .position(|&child| child == node)
            .expect("a child")
    }

    /// Takes a node out of the model; ranges move as the standard says.
    fn unlink(&mut self, node: usize) {
        let Some(parent) = self.model[node].parent else {
            return;
        };
        let index = self.index(node);
        let inside: Vec<_> = self.subtree(node);
        for (_, start, end) in &mut self.ranges {
            for point in [start, end] {
                if inside.contains(&point.node) {
                    *point = Point {
                        node: parent,
                        offset: index,
                    };
                } else if point.node == parent && point.offset > index {
                    point.offset -= 1;
                }
            }
        }
        self.model[parent].children.remove(index);
        self.model[node].parent = None;
    }

    /// Inserts in tree and model; both must agree whether that is allowed.
    fn insert(&mut self, node: usize, parent: usize, before: Option<usize>) {
        // A document that has its element takes no other, and not the same one again.
        let one_root = self.is_document(parent) && !self.model[parent].children.is_empty();
        let is_text = |node: usize| self.tree.kind(self.ids[node]) == Some(NodeKind::Text);
        let refused = self.is_document(node)
            || self.contains(node, parent)
            || before.is_some_and(|before| self.model[before].parent != Some(parent))
            || one_root
            || is_text(parent)
            || (self.is_document(parent) && is_text(node));
        let result = self.tree.insert_before(
            self.ids[node],
            self.ids[parent],
            before.map(|before| self.ids[before]),
        );
        assert_eq!(result.is_err(), refused, "{result:?}");
        if refused {
            return;
        }
        // Before itself is before what follows it.
        let before = match before {
            Some(before) if before == node => {
                let next = self.index(node) + 1;
                self.model[parent].children.get(next).copied()
            }
            other => other,
        };
        // Ranges move for insertions before a child only, and before the node leaves its old place.
        if let Some(before) = before {
            let index = self.index(before);
            for (_, start, end) in &mut self.ranges {
                for point in [start, end] {
                    if point.node == parent && point.offset > index {
                        point.offset += 1;
                    }
                }
            }
        }
        self.unlink(node);
        let index = before.map_or(self.model[parent].children.len(), |before| {
            self.index(before)
        });
        self.model[parent].children.insert(index, node);
        self.model[node].parent = Some(parent);
        let document = self.model[parent].document;
        for inside in self.subtree(node) {
            self.model[inside].document = document;
        }
    }

    fn step(&mut self, random: &mut Random) {
        let pick = |random: &mut Random, pair: &Self| pair.living[random.below(pair.living.len())];
        let node = pick(random, self);
        let other = pick(random, self);
        match random.below(16) {
            0 | 1 => {
                let document = self.model[other].document;
                let new = if random.below(3) == 0 {
                    let id = self.tree.create_text(self.ids[document], "t").unwrap();
                    self.add(id, document)
                } else {
                    self.element(document)
                };
                self.insert(new, other, None);
            }
            2..=4 => self.insert(node, other, None),
            5..=7 => {
                let before = pick(random, self);
                let parent = self.model[before].parent.unwrap_or(other);
                self.insert(node, parent, Some(before));
            }
            8 | 9 => {
                self.tree.remove(self.ids[node]).unwrap();
                self.unlink(node);
            }
            10 | 11 if self.tree.is_element(self.ids[node]) => {
                let id = IDS[random.below(IDS.len())];
                if random.below(3) == 0 {
                    self.tree.remove_attribute(self.ids[node], "id");
                    self.model[node].id = None;
                } else {
                    self.tree.set_attribute(self.ids[node], "id", id).unwrap();
                    self.model[node].id = Some(id.to_owned());
                }
            }
            12 if !self.is_document(node) => {
                let document = self.model[other].document;
                self.tree.adopt(self.ids[node], self.ids[document]).unwrap();
                self.unlink(node);
                for inside in self.subtree(node) {
                    self.model[inside].document = document;
                }
            }
            13 if !self.is_document(node) => {
                let copy = self
                    .tree
                    .clone_node(self.ids[node], CloneDepth::Subtree)
                    .unwrap();
                self.add_copy(copy, node);
            }
            14 => {
                let point = |random: &mut Random, pair: &Self, node: usize| Point {
                    node,
                    offset: random.below(pair.model[node].children.len() + 1),
                };
                let start = point(random, self, node);
                let range = self
                    .tree
                    .create_range(self.boundary(start), self.boundary(start))
                    .unwrap();
                self.ranges.push((range, start, start));
                if self.ranges.len() > 6 {
                    let (range, ..) = self.ranges.remove(0);
                    self.tree.free_range(range);
                }
            }
            15 if self.model[node].parent.is_none() && !self.is_document(node) => {
                let all = self.subtree(node);
                // A range keeps its nodes.
                if self
                    .ranges
                    .iter()
                    .any(|(_, start, end)| all.contains(&start.node) || all.contains(&end.node))
                {
                    return;
                }
                self.tree.free_subtree(self.ids[node]).unwrap();
                self.living.retain(|other| !all.contains(other));
                for freed in all {
                    self.dead.push(self.handles[freed]);
                }
            }
            _ => {}
        }
    }

    fn boundary(&self, point: Point) -> BoundaryPoint {
        BoundaryPoint {
            node: self.ids[point.node],
            offset: u32::try_from(point.offset).unwrap(),
        }
    }

    fn add_copy(&mut self, copy: NodeId, original: usize) -> usize {
        let number = self.add(copy, self.model[original].document);
        self.model[number].id = self.model[original].id.clone();
        let copies: Vec<_> = self.tree.children(copy).collect();
        let originals = self.model[original].children.clone();
        assert_eq!(copies.len(), originals.len());
        for (copy, original) in copies.into_iter().zip(originals) {
            let child = self.add_copy(copy, original);
            self.model[child].parent = Some(number);
            self.model[number].children.push(child);
        }
        number
    }

    fn check(&self) {
        let tree = &self.tree;
        let mut first_with_id: HashMap<(usize, &str), usize> = HashMap::new();
        for &node in &self.living {
            let (id, model) = (self.ids[node], &self.model[node]);
            assert_eq!(tree.resolve(self.handles[node]), Some(id));
            assert_eq!(tree.parent(id), model.parent.map(|parent| self.ids[parent]));
            let children: Vec<_> = model
                .children
                .iter()
                .map(|&child| self.ids[child])
                .collect();
            assert!(tree.children(id).eq(children.iter().copied()));
            assert_eq!(tree.first_child(id), children.first().copied());
            assert_eq!(tree.last_child(id), children.last().copied());
            for pair in children.windows(2) {
                assert_eq!(tree.next_sibling(pair[0]), Some(pair[1]));
                assert_eq!(tree.previous_sibling(pair[1]), Some(pair[0]));
            }
            if let (Some(&first), Some(&last)) = (children.first(), children.last()) {
                assert_eq!(tree.previous_sibling(first), None);
                assert_eq!(tree.next_sibling(last), None);
            }
            let root = self.root(node);
            assert_eq!(tree.root(id), self.ids[root]);
            assert_eq!(tree.is_connected(id), self.is_document(root));
            assert_eq!(tree.node_document(id), Some(self.ids[model.document]));
        }
        for document in 0..self.model.len() {
            if !self.is_document(document) {
                continue;
            }
            let all = self.subtree(document);
            assert!(
                tree.inclusive_descendants(self.ids[document])
                    .eq(all.iter().map(|&node| self.ids[node]))
            );
            for &node in all.iter().rev() {
                if let Some(id) = &self.model[node].id {
                    first_with_id.insert((document, id), node);
                }
            }
            for id in IDS {
                let expected = first_with_id
                    .get(&(document, id))
                    .map(|&node| self.ids[node]);
                assert_eq!(
                    tree.get_element_by_id(self.ids[document], id),
                    expected,
                    "#{id}"
                );
            }
        }
        for &(range, start, end) in &self.ranges {
            assert_eq!(
                tree.range(range),
                Some((self.boundary(start), self.boundary(end)))
            );
        }
        for &dead in &self.dead {
            assert_eq!(tree.resolve(dead), None, "it was freed");
        }
        let count = usize::try_from(tree.node_count()).unwrap();
        assert_eq!(count, self.living.len());
    }
}

#[test]
fn random_operations_leave_the_tree_as_the_model_says() {
    for seed in 1..=30 {
        let mut random = Random::new(seed);
        let mut pair = Pair::new();
        for _ in 0..400 {
            pair.step(&mut random);
            if pair.living.len() > 120 {
                break;
            }
            pair.check();
        }
    }
}

#[test]
fn a_cycle_is_refused_however_it_is_asked_for() {
    let mut random = Random::new(3);
    let mut pair = Pair::new();
    let mut parent = 1;
    for _ in 0..50 {
        let child = pair.element(0);
        pair.insert(child, parent, None);
        parent = child;
    }
    for _ in 0..500 {
        let node = pair.living[random.below(pair.living.len())];
        let other = pair.living[random.below(pair.living.len())];
        // The model refuses what would contain itself, and so must the tree.
        pair.insert(node, other, None);
    }
    pair.check();
}
