//! The namespace prefix map: which prefixes are bound to a namespace where we are.
//!
//! Standard: <https://w3c.github.io/DOM-Parsing/#the-namespace-prefix-map>

use std::collections::HashMap;

use html5ever::{Namespace, Prefix, ns};

use crate::node::element::Attribute;

/// The map, with the means to forget what a subtree has added; the standard copies it instead for each element.
#[derive(Debug)]
pub(super) struct PrefixMap {
    /// The candidates list of each namespace, the nearest last.
    candidates: HashMap<Namespace, Vec<Prefix>>,
    /// The namespaces that were added to, in order.
    added: Vec<Namespace>,
    /// The prefix index, which is never reset.
    next_index: u64,
}

/// The map as it was at some time.
#[derive(Debug, Copy, Clone)]
pub(super) struct PrefixMark(usize);

/// What an element's attributes declare.
#[derive(Debug, Default)]
pub(super) struct Declarations {
    /// The local default namespace; `Some` of the empty namespace for `xmlns=""`.
    pub(super) default: Option<Namespace>,
    /// The local prefixes map.
    prefixes: HashMap<Prefix, Namespace>,
}

impl Declarations {
    /// Whether the element declares `prefix`, for whatever namespace.
    pub(super) fn declares(&self, prefix: &Prefix) -> bool {
        self.prefixes.contains_key(prefix)
    }

    /// Whether the element declares `prefix` for `namespace` and that was news.
    pub(super) fn binds(&self, prefix: &Prefix, namespace: &Namespace) -> bool {
        self.prefixes.get(prefix) == Some(namespace)
    }
}

impl Default for PrefixMap {
    fn default() -> Self {
        Self {
            candidates: HashMap::from([(ns!(xml), vec![Prefix::from("xml")])]),
            added: Vec::new(),
            next_index: 1,
        }
    }
}

impl PrefixMap {
    pub(super) fn mark(&self) -> PrefixMark {
        PrefixMark(self.added.len())
    }

    pub(super) fn restore(&mut self, mark: PrefixMark) {
        while self.added.len() > mark.0 {
            let Some(namespace) = self.added.pop() else {
                return;
            };
            if let Some(candidates) = self.candidates.get_mut(&namespace) {
                candidates.pop();
            }
        }
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-add>
    pub(super) fn add(&mut self, prefix: Prefix, namespace: &Namespace) {
        self.candidates
            .entry(namespace.clone())
            .or_default()
            .push(prefix);
        self.added.push(namespace.clone());
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-found>
    pub(super) fn is_found(&self, prefix: &Prefix, namespace: &Namespace) -> bool {
        self.candidates
            .get(namespace)
            .is_some_and(|candidates| candidates.contains(prefix))
    }

    /// Whether the prefix is bound to any namespace here.
    pub(super) fn is_bound(&self, prefix: &Prefix) -> bool {
        self.candidates
            .values()
            .any(|candidates| candidates.contains(prefix))
    }

    /// Retrieves a preferred prefix string: `prefix` if it is bound to the namespace, else the nearest that is.
    ///
    /// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-retrieving-a-preferred-prefix-string>
    pub(super) fn preferred(
        &self,
        prefix: Option<&Prefix>,
        namespace: &Namespace,
    ) -> Option<Prefix> {
        let candidates = self.candidates.get(namespace)?;
        if let Some(prefix) = prefix
            && candidates.contains(prefix)
        {
            return Some(prefix.clone());
        }
        candidates.last().cloned()
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#generating-namespace-prefixes>
    pub(super) fn generate(&mut self, namespace: &Namespace) -> Prefix {
        let prefix = Prefix::from(format!("ns{}", self.next_index));
        self.next_index += 1;
        self.add(prefix.clone(), namespace);
        prefix
    }

    /// Records the namespace information of an element's attributes.
    ///
    /// Standard: <https://w3c.github.io/DOM-Parsing/#recording-the-namespace>
    pub(super) fn record_namespace_information(
        &mut self,
        attributes: &[Attribute],
    ) -> Declarations {
        let mut declarations = Declarations::default();
        // 2. Each namespace declaration.
        for attribute in attributes
            .iter()
            .filter(|attribute| *attribute.namespace() == ns!(xmlns))
        {
            let namespace = Namespace::from(attribute.value());
            // 2.3. `xmlns`.
            if attribute.prefix().is_none() {
                declarations.default = Some(namespace);
                continue;
            }
            // 2.4. `xmlns:…`; the XML namespace and what is known already are passed over.
            let prefix = Prefix::from(&**attribute.local_name());
            if namespace == ns!(xml) || self.is_found(&prefix, &namespace) {
                continue;
            }
            self.add(prefix.clone(), &namespace);
            declarations.prefixes.insert(prefix, namespace);
        }
        declarations
    }
}
