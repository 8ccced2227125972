//! Selectors of names, ids, classes and places among children, joined by child and descendant combinators.
//!
//! OPTIMIZATION: most selectors of most pages are of this kind. They are matched here with fewer looks at memory than by
//! the `selectors` crate, which matches all others and gives the same answers.
//!
//! Standard: <https://drafts.csswg.org/selectors-4/#match-a-complex-selector-against-an-element>, text of November 2026.

use std::collections::HashMap;

use ::selectors::SelectorList;
use ::selectors::attr::CaseSensitivity;
use ::selectors::parser::{AnPlusB, Combinator, Component, NthType, Selector};
use html5ever::{LocalName, local_name};

use super::class_filter::ClassFilter;
use super::matching::has_class;
use super::selector_impl::Selectors;
use crate::arena::{NodeId, Tree};

/// A selector list of such selectors.
#[derive(Debug)]
pub(crate) struct Chains(Vec<Chain>);

/// A complex selector, from right to left.
#[derive(Debug)]
struct Chain {
    subject: Compound,
    /// What joins it to the compound selector left of it, and that.
    rest: Vec<(Join, Compound)>,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Join {
    Child,
    Descendant,
}

#[derive(Debug, Default)]
struct Compound {
    /// As written, and in lower case.
    name: Option<(LocalName, LocalName)>,
    id: Option<LocalName>,
    filter: ClassFilter,
    classes: Vec<LocalName>,
    /// Classes that it must not have.
    without: Vec<(ClassFilter, LocalName)>,
    places: Vec<AnPlusB>,
}

/// Why the rest of a chain does not match.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Outcome {
    Matches,
    /// It may match from another ancestor.
    NotHere,
    /// No ancestor is left.
    Never,
}

impl Chains {
    /// `None` if one of the selectors is of another kind.
    pub(super) fn of(list: &SelectorList<Selectors>) -> Option<Self> {
        list.slice()
            .iter()
            .map(Chain::of)
            .collect::<Option<Vec<_>>>()
            .map(Self)
    }

    /// Whether one of the selectors matches. For documents without quirks, where case matters.
    pub(super) fn match_element(&self, tree: &Tree, places: &mut Places, element: NodeId) -> bool {
        self.0.iter().any(|chain| {
            chain.subject.matches(tree, places, element)
                && matches_rest(tree, places, element, &chain.rest) == Outcome::Matches
        })
    }
}

impl Chain {
    fn of(selector: &Selector<Selectors>) -> Option<Self> {
        let mut subject = None;
        let mut rest: Vec<(Join, Compound)> = Vec::new();
        let mut current = Compound::default();
        let mut join = None;
        let mut finish = |compound: Compound, join: Option<Join>| match join {
            None => subject = Some(compound),
            Some(join) => rest.push((join, compound)),
        };
        for component in selector.iter_raw_match_order() {
            if let Component::Combinator(combinator) = component {
                finish(std::mem::take(&mut current), join);
                join = Some(match combinator {
                    Combinator::Child => Join::Child,
                    Combinator::Descendant => Join::Descendant,
                    _ => return None,
                });
            } else {
                current.add(component)?;
            }
        }
        finish(current, join);
        Some(Self {
            subject: subject?,
            rest,
        })
    }
}

/// Whether the ancestors of `element` match what is left of a chain.
fn matches_rest(
    tree: &Tree,
    places: &mut Places,
    element: NodeId,
    rest: &[(Join, Compound)],
) -> Outcome {
    let Some(((join, compound), rest)) = rest.split_first() else {
        return Outcome::Matches;
    };
    let mut ancestor = tree.parent_element(element);
    while let Some(element) = ancestor {
        if compound.matches(tree, places, element) {
            let outcome = matches_rest(tree, places, element, rest);
            // From further up, less is to be found than from here.
            if *join == Join::Child || outcome != Outcome::NotHere {
                return outcome;
            }
        } else if *join == Join::Child {
            return Outcome::NotHere;
        }
        ancestor = tree.parent_element(element);
    }
    Outcome::Never
}

impl Compound {
    fn add(&mut self, component: &Component<Selectors>) -> Option<()> {
        match component {
            Component::LocalName(name) => {
                self.name = Some((name.name.0.clone(), name.lower_name.0.clone()));
            }
            Component::ExplicitUniversalType => {}
            Component::ID(id) if self.id.is_none() => self.id = Some(id.0.clone()),
            Component::Class(class) => {
                self.filter = self.filter | ClassFilter::of_class(&class.0);
                self.classes.push(class.0.clone());
            }
            Component::Nth(nth) if nth.ty == NthType::Child => self.places.push(nth.an_plus_b),
            Component::Negation(list) => {
                for selector in list.slice() {
                    let mut components = selector.iter_raw_match_order();
                    let (Some(Component::Class(class)), None) =
                        (components.next(), components.next())
                    else {
                        return None;
                    };
                    self.without
                        .push((ClassFilter::of_class(&class.0), class.0.clone()));
                }
            }
            _ => return None,
        }
        Some(())
    }

    #[inline]
    fn matches(&self, tree: &Tree, places: &mut Places, id: NodeId) -> bool {
        let Some(element) = tree.node(id).as_element() else {
            return false;
        };
        if let Some((name, lower)) = &self.name {
            let wanted = if name == lower || !tree.is_html_element_in_html_document(id) {
                name
            } else {
                lower
            };
            if element.local_name != *wanted {
                return false;
            }
        }
        if !element.classes.may_have(self.filter) {
            return false;
        }
        if let Some(wanted) = &self.id
            && tree.id_attribute(id) != Some(&**wanted)
        {
            return false;
        }
        let may_be_without =
            |(filter, _): &(ClassFilter, LocalName)| !element.classes.may_have(*filter);
        if !self.classes.is_empty() || !self.without.iter().all(may_be_without) {
            let value = tree
                .attribute_atom(id, &local_name!("class"))
                .unwrap_or_default();
            let has = |class: &LocalName| has_class(value, class, CaseSensitivity::CaseSensitive);
            if !self.classes.iter().all(has) || self.without.iter().any(|(_, class)| has(class)) {
                return false;
            }
        }
        if self.places.is_empty() {
            return true;
        }
        let place = places.of(tree, id);
        self.places.iter().all(|wanted| wanted.matches_index(place))
    }
}

/// The places of elements among their siblings, counted on from the one that was asked for last under the same parent.
#[derive(Debug, Default)]
pub(super) struct Places {
    parent: Option<NodeId>,
    last: Option<(NodeId, i32)>,
    /// The same by other parents.
    others: HashMap<Option<NodeId>, (NodeId, i32)>,
}

impl Places {
    fn of(&mut self, tree: &Tree, element: NodeId) -> i32 {
        let parent = tree.parent(element);
        if parent != self.parent {
            if let Some(last) = self.last {
                self.others.insert(self.parent, last);
            }
            self.parent = parent;
            self.last = self.others.get(&parent).copied();
        }
        let mut place = 0;
        let mut sibling = Some(element);
        while let Some(node) = sibling {
            if let Some((last, known)) = self.last
                && last == node
            {
                place += known;
                break;
            }
            if tree.is_element(node) {
                place += 1;
            }
            sibling = tree.previous_sibling(node);
        }
        self.last = Some((element, place));
        place
    }
}
