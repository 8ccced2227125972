//! Which prefix is bound to which namespace, where.
//!
//! Standard: <https://www.w3.org/TR/xml-names/>

use std::collections::HashMap;

use html5ever::{Namespace, ns};

use super::fault::Fault;

/// The bindings in scope. The empty prefix is the default namespace.
#[derive(Debug, Default)]
pub(super) struct Scopes<'a> {
    bindings: Vec<Binding<'a>>,
    /// The innermost binding of each prefix but the empty one.
    innermost: HashMap<&'a str, usize>,
    default: Option<usize>,
}

#[derive(Debug)]
struct Binding<'a> {
    prefix: &'a str,
    namespace: Namespace,
    /// The binding that this one hides.
    hidden: Option<usize>,
}

/// Where the bindings of an element begin.
#[derive(Debug, Copy, Clone)]
pub(super) struct ScopeMark(usize);

/// Which prefix an attribute declares; `None` if it is no namespace declaration. The empty string is the default.
#[inline]
pub(super) fn declared_prefix(name: &str) -> Option<&str> {
    let rest = name.strip_prefix("xmlns")?;
    if rest.is_empty() {
        return Some("");
    }
    rest.strip_prefix(':')
}

impl<'a> Scopes<'a> {
    #[inline]
    pub(super) fn mark(&self) -> ScopeMark {
        ScopeMark(self.bindings.len())
    }

    /// Binds `prefix` to `uri` until [`Self::restore`]; checks the constraints on declarations.
    ///
    /// Standard: <https://www.w3.org/TR/xml-names/#xmlReserved>
    pub(super) fn declare(&mut self, prefix: &'a str, uri: &str) -> Result<(), Fault> {
        let namespace = Namespace::from(uri);
        if prefix == "xmlns" {
            return Err(Fault::namespace(
                prefix,
                "the prefix \"xmlns\" must not be declared",
            ));
        }
        if (prefix == "xml") != (namespace == ns!(xml)) {
            return Err(Fault::namespace(
                prefix,
                "the prefix \"xml\" and the XML namespace belong to each other alone",
            ));
        }
        if namespace == ns!(xmlns) {
            return Err(Fault::namespace(
                prefix,
                "the XMLNS namespace must not be declared",
            ));
        }
        if uri.is_empty() && !prefix.is_empty() {
            return Err(Fault::namespace(
                prefix,
                format!("the prefix \"{prefix}\" must not be bound to nothing"),
            ));
        }
        let index = self.bindings.len();
        let hidden = if prefix.is_empty() {
            self.default.replace(index)
        } else {
            self.innermost.insert(prefix, index)
        };
        self.bindings.push(Binding {
            prefix,
            namespace,
            hidden,
        });
        Ok(())
    }

    /// Forgets the bindings made since `mark`.
    #[inline]
    pub(super) fn restore(&mut self, mark: ScopeMark) {
        while self.bindings.len() > mark.0 {
            let Some(binding) = self.bindings.pop() else {
                return;
            };
            if binding.prefix.is_empty() {
                self.default = binding.hidden;
            } else {
                match binding.hidden {
                    Some(hidden) => self.innermost.insert(binding.prefix, hidden),
                    None => self.innermost.remove(binding.prefix),
                };
            }
        }
    }

    /// The namespace of names without a prefix.
    #[inline]
    pub(super) fn default_namespace(&self) -> Namespace {
        self.default
            .and_then(|index| self.bindings.get(index))
            .map_or(ns!(), |binding| binding.namespace.clone())
    }

    /// The namespace that `prefix` is bound to.
    pub(super) fn resolve(&self, prefix: &str) -> Result<Namespace, Fault> {
        let binding = self
            .innermost
            .get(prefix)
            .and_then(|&index| self.bindings.get(index));
        match (binding, prefix) {
            (Some(binding), _) => Ok(binding.namespace.clone()),
            (None, "xml") => Ok(ns!(xml)),
            (None, "xmlns") => Err(Fault::namespace(
                prefix,
                "the prefix \"xmlns\" is for declarations only",
            )),
            (None, _) => Err(Fault::namespace(
                prefix,
                format!("the prefix \"{prefix}\" is not declared"),
            )),
        }
    }
}
