//! Which prefix is bound to which namespace, where.
//!
//! Standard: <https://www.w3.org/TR/xml-names/>

use html5ever::{Namespace, ns};

use super::fault::Fault;
use super::name_table::{Declares, NameTable, PrefixId};

/// The bindings in scope.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    bindings: Vec<Binding>,
    /// By the prefix's number, the innermost binding.
    innermost: Vec<Option<usize>>,
    /// The innermost binding of no prefix.
    default: Option<usize>,
}

#[derive(Debug)]
struct Binding {
    /// `None` for the default namespace.
    prefix: Option<PrefixId>,
    namespace: Namespace,
    /// The binding that this one hides.
    hidden: Option<usize>,
}

/// Where the bindings of an element begin.
#[derive(Debug, Copy, Clone)]
pub(super) struct ScopeMark(usize);

impl Scopes {
    #[inline]
    pub(super) fn mark(&self) -> ScopeMark {
        ScopeMark(self.bindings.len())
    }

    /// Binds what the attribute `name` declares to `uri` until [`Self::restore`]; checks the constraints on
    /// declarations.
    ///
    /// Standard: <https://www.w3.org/TR/xml-names/#xmlReserved>
    pub(super) fn declare(
        &mut self,
        declares: Declares,
        names: &NameTable,
        uri: &str,
        place: &str,
    ) -> Result<(), Fault> {
        let prefix = match declares {
            Declares::Nothing => return Ok(()),
            Declares::DefaultNamespace => None,
            Declares::Prefix(prefix) => Some(prefix),
        };
        let namespace = Namespace::from(uri);
        if prefix == Some(PrefixId::XMLNS) {
            return Err(Fault::namespace(
                place,
                "the prefix \"xmlns\" must not be declared",
            ));
        }
        if (prefix == Some(PrefixId::XML)) != (namespace == ns!(xml)) {
            return Err(Fault::namespace(
                place,
                "the prefix \"xml\" and the XML namespace belong to each other alone",
            ));
        }
        if namespace == ns!(xmlns) {
            return Err(Fault::namespace(
                place,
                "the XMLNS namespace must not be declared",
            ));
        }
        if let Some(prefix) = prefix
            && uri.is_empty()
        {
            return Err(Fault::namespace(
                place,
                format!(
                    "the prefix \"{}\" must not be bound to nothing",
                    names.prefix_text(prefix)
                ),
            ));
        }
        let index = self.bindings.len();
        let hidden = self.innermost_mut(prefix).replace(index);
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
            *self.innermost_mut(binding.prefix) = binding.hidden;
        }
    }

    /// The namespace of names without a prefix.
    #[inline]
    pub(super) fn default_namespace(&self) -> Namespace {
        self.default
            .and_then(|index| self.bindings.get(index))
            .map_or(ns!(), |binding| binding.namespace.clone())
    }

    /// The namespace that `prefix` is bound to; faults are placed at `place`.
    pub(super) fn resolve(
        &self,
        prefix: PrefixId,
        names: &NameTable,
        place: &str,
    ) -> Result<Namespace, Fault> {
        let binding = self
            .innermost
            .get(prefix.index())
            .and_then(|&index| self.bindings.get(index?));
        match (binding, prefix) {
            (Some(binding), _) => Ok(binding.namespace.clone()),
            (None, PrefixId::XML) => Ok(ns!(xml)),
            (None, PrefixId::XMLNS) => Err(Fault::namespace(
                place,
                "the prefix \"xmlns\" is for declarations only",
            )),
            (None, _) => Err(Fault::namespace(
                place,
                format!(
                    "the prefix \"{}\" is not declared",
                    names.prefix_text(prefix)
                ),
            )),
        }
    }

    fn innermost_mut(&mut self, prefix: Option<PrefixId>) -> &mut Option<usize> {
        let Some(prefix) = prefix else {
            return &mut self.default;
        };
        let index = prefix.index();
        if index >= self.innermost.len() {
            self.innermost.resize(index + 1, None);
        }
        match self.innermost.get_mut(index) {
            Some(innermost) => innermost,
            None => &mut self.default,
        }
    }
}
