//! The names of a document's elements and attributes, each looked at once.
//!
//! Standard: <https://www.w3.org/TR/xml-names/#ns-qualnames>

use std::collections::HashMap;

use html5ever::{LocalName, Prefix};

use super::fault::Fault;
use super::names::split_qualified_name;

/// The number of a name in its table.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
pub(super) struct NameId(u32);

/// The number of a prefix in its table.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) struct PrefixId(u32);

impl PrefixId {
    pub(super) const XML: Self = Self(0);
    pub(super) const XMLNS: Self = Self(1);

    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an attribute of this name declares.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Declares {
    Nothing,
    DefaultNamespace,
    Prefix(PrefixId),
}

/// A qualified name, taken apart.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) raw: Box<str>,
    pub(super) prefix: Option<PrefixId>,
    pub(super) prefix_atom: Option<Prefix>,
    pub(super) local: LocalName,
    pub(super) declares: Declares,
}

/// All names met so far. Grows with the different names of the document, not with the document.
#[derive(Debug)]
pub(super) struct NameTable {
    names: Vec<Name>,
    by_text: HashMap<Box<str>, NameId>,
    /// By a cheap hash, the number of the name met last.
    ///
    /// OPTIMIZATION: most names are found here; who provokes collisions meets a map that does not mind.
    recent: Vec<Option<NameId>>,
    prefixes: Vec<Prefix>,
    prefixes_by_text: HashMap<Box<str>, PrefixId>,
}

impl Default for NameTable {
    fn default() -> Self {
        let mut table = Self {
            names: Vec::new(),
            by_text: HashMap::new(),
            recent: vec![None; RECENT],
            prefixes: Vec::new(),
            prefixes_by_text: HashMap::new(),
        };
        table.prefix("xml");
        table.prefix("xmlns");
        table
    }
}

impl NameTable {
    /// The number of a name. `raw` matches the `Name` production.
    ///
    /// # Errors
    /// A fault if it is no qualified name.
    #[inline]
    pub(super) fn intern(&mut self, raw: &str) -> Result<NameId, Fault> {
        let slot = slot(raw);
        if let Some(&Some(id)) = self.recent.get(slot)
            && *self.name(id).raw == *raw
        {
            return Ok(id);
        }
        let id = match self.by_text.get(raw) {
            Some(&id) => id,
            None => self.add(raw)?,
        };
        if let Some(recent) = self.recent.get_mut(slot) {
            *recent = Some(id);
        }
        Ok(id)
    }

    #[inline]
    pub(super) fn name(&self, id: NameId) -> &Name {
        self.names
            .get(id.0 as usize)
            .expect("numbers of names are made by the table that they are used with")
    }

    /// A prefix in letters.
    pub(super) fn prefix_text(&self, id: PrefixId) -> &str {
        self.prefixes.get(id.index()).map_or("", |prefix| &**prefix)
    }

    fn add(&mut self, raw: &str) -> Result<NameId, Fault> {
        let (prefix, local) = split_qualified_name(raw)?;
        let declares = match prefix {
            None if local == "xmlns" => Declares::DefaultNamespace,
            Some("xmlns") => Declares::Prefix(self.prefix(local)),
            _ => Declares::Nothing,
        };
        let id = NameId(u32::try_from(self.names.len()).map_err(|_| {
            Fault::limit(raw, "the document has more names than the parser can count")
        })?);
        let name = Name {
            raw: raw.into(),
            prefix: prefix.map(|prefix| self.prefix(prefix)),
            prefix_atom: prefix.map(Prefix::from),
            local: LocalName::from(local),
            declares,
        };
        self.names.push(name);
        self.by_text.insert(raw.into(), id);
        Ok(id)
    }

    fn prefix(&mut self, text: &str) -> PrefixId {
        if let Some(&id) = self.prefixes_by_text.get(text) {
            return id;
        }
        // NOTE: there are no more prefixes than names.
        let id = PrefixId(u32::try_from(self.prefixes.len()).unwrap_or(u32::MAX));
        self.prefixes.push(Prefix::from(text));
        self.prefixes_by_text.insert(text.into(), id);
        id
    }
}

const RECENT: usize = 512;

/// A place for `name` in the table of recent names.
#[inline]
fn slot(name: &str) -> usize {
    let mut hash = name.len() as u64;
    for chunk in name.as_bytes().chunks(8) {
        let word = chunk
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte));
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
    }
    (hash >> 55) as usize % RECENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_apart_and_found_again() {
        let mut table = NameTable::default();
        let names: Vec<String> = (0..5_000).map(|number| format!("name{number}")).collect();
        let ids: Vec<_> = names
            .iter()
            .map(|name| table.intern(name).expect("valid"))
            .collect();
        for (name, id) in names.iter().zip(ids) {
            assert_eq!(table.intern(name).expect("valid"), id);
            assert_eq!(&*table.name(id).local, name);
        }
    }

    #[test]
    fn names_that_declare_say_what() {
        let mut table = NameTable::default();
        let declares = |table: &mut NameTable, name| {
            let id = table.intern(name).expect("valid");
            table.name(id).declares
        };
        assert_eq!(declares(&mut table, "xmlns"), Declares::DefaultNamespace);
        assert_eq!(
            declares(&mut table, "xmlns:xml"),
            Declares::Prefix(PrefixId::XML)
        );
        assert_eq!(declares(&mut table, "a:xmlns"), Declares::Nothing);
        assert!(table.intern("a:b:c").is_err());
    }
}
