//! Matching the rules of style sheets: by the rightmost compound first, so that most rules are never tried.
//!
//! Standard: <https://drafts.csswg.org/selectors-4/#match-a-selector-against-an-element>, text of November 2026.

use std::collections::HashMap;
use std::rc::Rc;

use ::selectors::context::{
    MatchingContext, MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, SelectorCaches,
};
use ::selectors::matching::matches_selector;
use ::selectors::parser::Component;
use html5ever::local_name;

use super::matching::{ElementRef, opaque};
use super::parser::ParsedSelector;
use crate::arena::{NodeId, Tree};

/// The selectors of all rules of a scope, in buckets. `T` is what a match gives.
#[derive(Debug)]
pub(crate) struct SelectorBuckets<T> {
    entries: Vec<Entry<T>>,
    by_id: HashMap<String, Vec<usize>>,
    by_class: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    others: Vec<usize>,
    /// Those that may match the host of a shadow tree, and what its slots are given.
    pub(crate) reaches_out: bool,
}

#[derive(Debug)]
struct Entry<T> {
    parsed: Rc<ParsedSelector>,
    index: usize,
    rule: T,
}

impl<T> Default for SelectorBuckets<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            by_id: HashMap::new(),
            by_class: HashMap::new(),
            by_name: HashMap::new(),
            others: Vec::new(),
            reaches_out: false,
        }
    }
}

impl<T: Copy> SelectorBuckets<T> {
    /// Adds each selector of a rule.
    pub(crate) fn add(&mut self, parsed: &Rc<ParsedSelector>, rule: T) {
        for (index, selector) in parsed.list.slice().iter().enumerate() {
            let entry = self.entries.len();
            let mut bucket = None;
            let mut is_host = false;
            for component in selector.iter() {
                match component {
                    Component::ID(name) => bucket = Some((0, name)),
                    Component::Class(name) if !matches!(bucket, Some((0, _))) => {
                        bucket = Some((1, name));
                    }
                    Component::LocalName(name) if bucket.is_none() => {
                        bucket = Some((2, &name.name));
                    }
                    Component::Host(_) => is_host = true,
                    _ => {}
                }
            }
            // NOTE: what is right of a pseudo-element's place says nothing of the element.
            if selector.has_pseudo_element() || selector.is_slotted() {
                bucket = None;
            }
            self.reaches_out |= is_host || selector.is_slotted();
            let list = match bucket {
                Some((kind, name)) => {
                    let map = match kind {
                        0 => &mut self.by_id,
                        1 => &mut self.by_class,
                        _ => &mut self.by_name,
                    };
                    map.entry(name.0.to_ascii_lowercase().to_string())
                        .or_default()
                }
                None => &mut self.others,
            };
            list.push(entry);
            self.entries.push(Entry {
                parsed: Rc::clone(parsed),
                index,
                rule,
            });
        }
    }

    /// Calls `found` with each rule that matches `element`, or its pseudo-element, and the specificity of the selector.
    /// `host` is the shadow host of the tree that the rules are of.
    pub(crate) fn matching(
        &self,
        tree: &Tree,
        element: NodeId,
        pseudo: Option<&str>,
        host: Option<NodeId>,
        mut found: impl FnMut(T, u32),
    ) {
        let mut caches = SelectorCaches::default();
        let mode = match pseudo {
            Some(_) => MatchingMode::ForStatelessPseudoElement,
            None => MatchingMode::Normal,
        };
        let mut context = MatchingContext::new(
            mode,
            None,
            &mut caches,
            tree.quirks_mode(element),
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        context.current_host = host.map(opaque);
        let mut check = |indexes: Option<&Vec<usize>>| {
            for entry in indexes
                .into_iter()
                .flatten()
                .filter_map(|&at| self.entries.get(at))
            {
                let Some(selector) = entry.parsed.list.slice().get(entry.index) else {
                    continue;
                };
                let fits = match (pseudo, selector.pseudo_element()) {
                    (None, None) => !selector.has_pseudo_element(),
                    (Some(wanted), Some(known)) => known.is_named(wanted),
                    _ => false,
                };
                if fits
                    && matches_selector(
                        selector,
                        0,
                        None,
                        ElementRef::new(tree, element),
                        &mut context,
                    )
                {
                    found(entry.rule, selector.specificity());
                }
            }
        };
        check(Some(&self.others));
        if let Some(id) = tree.id_attribute(element) {
            check(self.by_id.get(&id.to_ascii_lowercase()));
        }
        let classes = tree
            .attribute_atom(element, &local_name!("class"))
            .unwrap_or_default();
        let mut seen: Vec<String> = Vec::new();
        for class in classes.split_ascii_whitespace() {
            let class = class.to_ascii_lowercase();
            if !seen.contains(&class) {
                check(self.by_class.get(&class));
                seen.push(class);
            }
        }
        check(
            self.by_name
                .get(&*tree.local_name(element).to_ascii_lowercase()),
        );
    }
}

/// The name of a pseudo-element as `getComputedStyle()` takes it; `None` if there is no such.
pub(crate) fn pseudo_element_name(text: &str) -> Option<String> {
    let name = text.strip_prefix("::").or_else(|| {
        let name = text.strip_prefix(':')?;
        let is_old = ["before", "after", "first-line", "first-letter"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
        is_old.then_some(name)
    })?;
    super::selector_impl::PseudoElement::named(name).map(|_| name.to_ascii_lowercase())
}
