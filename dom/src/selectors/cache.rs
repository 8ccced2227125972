//! The selectors parsed last, by their text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::parser::{ParsedSelector, parse};
use crate::error::DomError;

/// A bounded cache of parsed selectors. Pages repeat few selectors many times.
#[derive(Debug, Default)]
pub(crate) struct SelectorCache {
    entries: RefCell<HashMap<Box<str>, Rc<ParsedSelector>>>,
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
}

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
