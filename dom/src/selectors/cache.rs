//! The selectors parsed last, by their text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::rc::Rc;

use super::parser::{ParsedSelector, parse};
use crate::arena::{NodeHandle, NodeId};
use crate::collections::id_index::IdHasher;
use crate::error::DomError;

/// A bounded cache of parsed selectors. Pages repeat few selectors many times.
#[derive(Debug, Default)]
pub(crate) struct SelectorCache {
    entries: RefCell<HashMap<Box<str>, Rc<ParsedSelector>, BuildHasherDefault<IdHasher>>>,
    results: RefCell<Vec<QueryResult>>,
}

/// What a query has found, for when it is asked again and nothing has changed.
#[derive(Debug)]
struct QueryResult {
    selector: Rc<ParsedSelector>,
    scope: NodeHandle,
    version: u64,
    found: Rc<[NodeId]>,
}

impl SelectorCache {
    /// The parsed form of `text`.
    pub(crate) fn parse(&self, text: &str) -> Result<Rc<ParsedSelector>, DomError> {
        if let Some(known) = self.entries.borrow().get(text) {
            return Ok(Rc::clone(known));
        }
        let parsed = Rc::new(parse(text)?);
        if text.len() <= MAX_CACHED_LENGTH {
            let mut entries = self.entries.borrow_mut();
            // NOTE: emptying a full cache keeps it simple; refilling costs a few microseconds an entry.
            if entries.len() >= CAPACITY {
                entries.clear();
            }
            entries.insert(text.into(), Rc::clone(&parsed));
        }
        Ok(parsed)
    }

    /// What `selector` found below `scope` when the tree was of this version.
    pub(super) fn result(
        &self,
        selector: &Rc<ParsedSelector>,
        scope: NodeHandle,
        version: u64,
    ) -> Option<Rc<[NodeId]>> {
        let results = self.results.borrow();
        let known = results.iter().find(|known| {
            known.version == version
                && known.scope == scope
                && Rc::ptr_eq(&known.selector, selector)
        })?;
        Some(Rc::clone(&known.found))
    }

    /// Keeps what a query has found, if it is not too much.
    pub(super) fn keep_result(
        &self,
        selector: Rc<ParsedSelector>,
        scope: NodeHandle,
        version: u64,
        found: Rc<[NodeId]>,
    ) {
        if found.len() > MAX_KEPT_RESULT {
            return;
        }
        let mut results = self.results.borrow_mut();
        results.retain(|known| known.version == version);
        if results.len() >= KEPT_RESULTS {
            results.remove(0);
        }
        results.push(QueryResult {
            selector,
            scope,
            version,
            found,
        });
    }
}

const KEPT_RESULTS: usize = 8;

/// Longer results are not kept.
const MAX_KEPT_RESULT: usize = 65_536;

const CAPACITY: usize = 256;

/// Longer selectors, in bytes, are parsed anew each time.
const MAX_CACHED_LENGTH: usize = 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cache_stays_bounded_and_gives_the_same_selector_again() {
        let cache = SelectorCache::default();
        let first = cache.parse("a > b").expect("valid");
        assert!(Rc::ptr_eq(&first, &cache.parse("a > b").expect("valid")));
        for index in 0..1000 {
            cache.parse(&format!(".c{index}")).expect("valid");
            assert!(cache.entries.borrow().len() <= CAPACITY);
        }
        assert!(cache.parse("a >").is_err());
    }
}
