//! Random selectors on random trees, compared with a matcher that is too simple to be wrong.

use readystate_dom::{NodeId, Tree};

use crate::page::Page;
use crate::random::Random;

/// A selector as the matcher of this test knows it.
enum Simple {
    Tag(&'static str),
    Any,
    Class(&'static str),
    Id(usize),
    Attribute(&'static str, &'static str, &'static str),
    FirstChild,
    LastChild,
    OnlyOfType,
    Empty,
    Root,
    /// `:nth-child(An+B)`; the flag counts from the end.
    Nth(i32, i32, bool),
    NthOfType(i32, i32),
    NthOf(i32, i32, Box<Self>),
    Not(Vec<Complex>),
    Is(Vec<Complex>),
    /// The combinator and what it leads to.
    Has(char, Box<Complex>),
}

/// Compounds from left to right, each with the combinator before it.
type Complex = Vec<(char, Vec<Simple>)>;

const TAGS: [&str; 3] = ["b", "i", "u"];
const CLASSES: [&str; 3] = ["x", "y", "z"];

fn simple(random: &mut Random, depth: usize) -> Simple {
    let class = |random: &mut Random| CLASSES[random.below(3)];
    match random.below(if depth > 0 { 18 } else { 13 }) {
        0 | 1 => Simple::Tag(TAGS[random.below(3)]),
        2 => Simple::Any,
        3 | 4 => Simple::Class(class(random)),
        5 => Simple::Id(random.below(12)),
        6 => Simple::Attribute(
            "class",
            ["=", "~=", "^=", "$=", "*="][random.below(5)],
            class(random),
        ),
        7 => Simple::FirstChild,
        8 => Simple::LastChild,
        9 => Simple::OnlyOfType,
        10 => Simple::Empty,
        11 => Simple::Nth(random.signed(4), random.signed(5), random.below(2) == 0),
        12 => [
            Simple::Root,
            Simple::NthOfType(random.signed(4), random.signed(4)),
        ]
        .into_iter()
        .nth(random.below(2))
        .expect("two"),
        13 => Simple::NthOf(
            random.signed(3),
            random.signed(3),
            Box::new(Simple::Class(class(random))),
        ),
        14 | 15 => Simple::Not(list(random, depth - 1)),
        16 => Simple::Is(list(random, depth - 1)),
        _ => {
            // `:has()` holds no other.
            let combinator = [' ', '>', '+', '~'][random.below(4)];
            Simple::Has(combinator, Box::new(complex(random, 0)))
        }
    }
}

fn list(random: &mut Random, depth: usize) -> Vec<Complex> {
    (0..=random.below(2))
        .map(|_| complex(random, depth))
        .collect()
}

fn complex(random: &mut Random, depth: usize) -> Complex {
    (0..=random.below(3))
        .map(|_| {
            let combinator = [' ', ' ', '>', '+', '~'][random.below(5)];
            (
                combinator,
                (0..=random.below(2))
                    .map(|_| simple(random, depth))
                    .collect(),
            )
        })
        .collect()
}

fn write_list(list: &[Complex]) -> String {
    let parts: Vec<_> = list.iter().map(write).collect();
    parts.join(", ")
}

fn write(complex: &Complex) -> String {
    let mut text = String::new();
    for (place, (combinator, compound)) in complex.iter().enumerate() {
        if place > 0 {
            text.push(' ');
            text.push(*combinator);
            text.push(' ');
        }
        // A name goes first.
        let names: Vec<_> = compound.iter().filter(|s| is_name(s)).collect();
        if let [name, ..] = names[..] {
            text += &write_simple(name);
        }
        for other in compound.iter().filter(|s| !is_name(s)) {
            text += &write_simple(other);
        }
        for further in names.iter().skip(1) {
            text += &format!(":is({})", write_simple(further));
        }
    }
    text
}

fn is_name(simple: &Simple) -> bool {
    matches!(simple, Simple::Tag(_) | Simple::Any)
}

fn write_simple(simple: &Simple) -> String {
    let nth = |a: &i32, b: &i32| format!("{a}n{b:+}");
    match simple {
        Simple::Tag(tag) => (*tag).to_owned(),
        Simple::Any => "*".to_owned(),
        Simple::Class(class) => format!(".{class}"),
        Simple::Id(id) => format!("#n{id}"),
        Simple::Attribute(name, operator, value) => format!("[{name}{operator}'{value}']"),
        Simple::FirstChild => ":first-child".to_owned(),
        Simple::LastChild => ":last-child".to_owned(),
        Simple::OnlyOfType => ":only-of-type".to_owned(),
        Simple::Empty => ":empty".to_owned(),
        Simple::Root => ":root".to_owned(),
        Simple::Nth(a, b, false) => format!(":nth-child({})", nth(a, b)),
        Simple::Nth(a, b, true) => format!(":nth-last-child({})", nth(a, b)),
        Simple::NthOfType(a, b) => format!(":nth-of-type({})", nth(a, b)),
        Simple::NthOf(a, b, of) => format!(":nth-child({} of {})", nth(a, b), write_simple(of)),
        Simple::Not(list) => format!(":not({})", write_list(list)),
        Simple::Is(list) => format!(":is({})", write_list(list)),
        Simple::Has(combinator, complex) => format!(":has({combinator} {})", write(complex)),
    }
}

/// The naive matcher.
struct Naive<'a> {
    tree: &'a Tree,
    all: Vec<NodeId>,
}

impl Naive<'_> {
    fn siblings(&self, node: NodeId) -> Vec<NodeId> {
        let Some(parent) = self.tree.parent(node) else {
            return vec![node];
        };
        self.tree
            .children(parent)
            .filter(|&child| self.tree.is_element(child))
            .collect()
    }

    fn index(nodes: &[NodeId], node: NodeId) -> usize {
        nodes
            .iter()
            .position(|&other| other == node)
            .expect("it is among them")
    }

    fn matches_list(&self, list: &[Complex], node: NodeId) -> bool {
        list.iter().any(|complex| self.matches(complex, node, None))
    }

    /// Whether a selector matches; one that is relative to an anchor begins there with its first combinator.
    fn matches(
        &self,
        complex: &[(char, Vec<Simple>)],
        node: NodeId,
        anchor: Option<(char, NodeId)>,
    ) -> bool {
        let Some(((combinator, last), rest)) = complex.split_last() else {
            unreachable!("no selector is empty");
        };
        if !last.iter().all(|simple| self.matches_simple(simple, node)) {
            return false;
        }
        if rest.is_empty() {
            return match anchor {
                None => true,
                Some((combinator, anchor)) => self.related(combinator, node).contains(&anchor),
            };
        }
        self.related(*combinator, node)
            .into_iter()
            .any(|other| self.matches(rest, other, anchor))
    }

    /// The elements that a combinator leads back to.
    fn related(&self, combinator: char, node: NodeId) -> Vec<NodeId> {
        let siblings = self.siblings(node);
        let index = Self::index(&siblings, node);
        match combinator {
            ' ' => self
                .tree
                .ancestors(node)
                .filter(|&a| self.tree.is_element(a))
                .collect(),
            '>' => self.tree.parent_element(node).into_iter().collect(),
            '+' => index
                .checked_sub(1)
                .map(|before| siblings[before])
                .into_iter()
                .collect(),
            _ => siblings[..index].to_vec(),
        }
    }

    fn matches_simple(&self, simple: &Simple, node: NodeId) -> bool {
        let tree = self.tree;
        let siblings = self.siblings(node);
        let index = Self::index(&siblings, node);
        let class = tree.attribute(node, "class");
        let of_type: Vec<_> = siblings
            .iter()
            .copied()
            .filter(|&other| tree.local_name(other) == tree.local_name(node))
            .collect();
        match simple {
            Simple::Tag(tag) => **tree.local_name(node) == **tag,
            Simple::Any => true,
            Simple::Class(wanted) => {
                class.is_some_and(|class| class.split(' ').any(|word| word == *wanted))
            }
            Simple::Id(id) => tree.attribute(node, "id") == Some(&format!("n{id}")),
            Simple::Attribute(_, operator, value) => class.is_some_and(|class| match *operator {
                "=" => class == *value,
                "~=" => class.split(' ').any(|word| word == *value),
                "^=" => class.starts_with(value),
                "$=" => class.ends_with(value),
                _ => class.contains(value),
            }),
            Simple::FirstChild => index == 0,
            Simple::LastChild => index + 1 == siblings.len(),
            Simple::OnlyOfType => of_type.len() == 1,
            Simple::Empty => tree.first_child(node).is_none(),
            Simple::Root => tree
                .parent(node)
                .is_some_and(|parent| !tree.is_element(parent)),
            Simple::Nth(a, b, false) => is_nth(*a, *b, index),
            Simple::Nth(a, b, true) => is_nth(*a, *b, siblings.len() - 1 - index),
            Simple::NthOfType(a, b) => is_nth(*a, *b, Self::index(&of_type, node)),
            Simple::NthOf(a, b, of) => {
                let among: Vec<_> = siblings
                    .iter()
                    .copied()
                    .filter(|&other| self.matches_simple(of, other))
                    .collect();
                among.contains(&node) && is_nth(*a, *b, Self::index(&among, node))
            }
            Simple::Not(list) => !self.matches_list(list, node),
            Simple::Is(list) => self.matches_list(list, node),
            Simple::Has(combinator, complex) => self.all.iter().any(|&other| {
                self.matches(complex, other, Some((*combinator, node)))
                    && (tree.contains(node, other)
                        || self.siblings(node)[index..]
                            .iter()
                            .any(|&s| tree.contains(s, other)))
            }),
        }
    }
}

/// Whether the place after `index` others is some `a`n + `b`.
fn is_nth(a: i32, b: i32, index: usize) -> bool {
    let place = i32::try_from(index).expect("small") + 1;
    if a == 0 {
        return place == b;
    }
    (place - b) % a == 0 && (place - b) / a >= 0
}

#[test]
fn selectors_match_what_a_naive_matcher_matches() {
    let mut random = Random::new(7);
    let (mut some, mut none) = (0, 0);
    for round in 0..150 {
        let mut page = Page::new("<body>");
        let mut all = vec![page.body()];
        for number in 0..random.below(30) {
            let node = page.element(TAGS[random.below(3)]);
            if random.below(3) > 0 {
                let classes: Vec<_> = (0..=random.below(2))
                    .map(|_| CLASSES[random.below(3)])
                    .collect();
                page.tree
                    .set_attribute(node, "class", &classes.join(" "))
                    .unwrap();
            }
            if random.below(4) == 0 {
                page.tree
                    .set_attribute(node, "id", &format!("n{}", number % 12))
                    .unwrap();
            }
            let parent = all[random.below(all.len())];
            page.tree.append(node, parent).unwrap();
            all.push(node);
        }
        let everything = page.tree.query_selector_all(page.document, "*").unwrap();
        for _ in 0..20 {
            let selectors = list(&mut random, 2);
            let text = write_list(&selectors);
            let naive = Naive {
                tree: &page.tree,
                all: everything.clone(),
            };
            let expected: Vec<_> = everything
                .iter()
                .copied()
                .filter(|&node| naive.matches_list(&selectors, node))
                .collect();
            *(if expected.is_empty() {
                &mut none
            } else {
                &mut some
            }) += 1;
            let found = page.tree.query_selector_all(page.document, &text).unwrap();
            assert_eq!(
                found,
                expected,
                "round {round}: {text} in {}",
                page.body_html()
            );
            let first = page.tree.query_selector(page.document, &text).unwrap();
            assert_eq!(first, expected.first().copied(), "{text}");
            let node = everything[random.below(everything.len())];
            assert_eq!(
                page.tree.matches(node, &text).unwrap(),
                expected.contains(&node),
                "{text}"
            );
        }
    }
    // Neither answer is the rule.
    assert!(
        some > 500 && none > 500,
        "{some} matched something, {none} nothing"
    );
}

#[test]
fn random_text_never_panics_as_a_selector() {
    const PIECES: [&str; 34] = [
        "a",
        "b",
        "*",
        "|",
        ".",
        "#",
        "[",
        "]",
        "(",
        ")",
        ":",
        "::",
        "not",
        "is",
        "has",
        "nth-child",
        "2n+1",
        " of ",
        ",",
        " ",
        ">",
        "+",
        "~",
        "=",
        "'",
        "\"",
        "\\",
        "\\61 ",
        "i",
        "/*",
        "*/",
        "\0",
        "é",
        "lang",
    ];
    let page = Page::new("<p class=a><b></b></p>");
    let mut random = Random::new(11);
    for _ in 0..20_000 {
        let text: String = (0..random.below(12))
            .map(|_| PIECES[random.below(PIECES.len())])
            .collect();
        // Valid or not, both queries say the same.
        let all = page.tree.query_selector_all(page.document, &text);
        let first = page.tree.query_selector(page.document, &text);
        assert_eq!(all.is_ok(), first.is_ok(), "{text:?}");
    }
}
