//! A log of names that may have come to name something in a document, or ceased to: for an embedder whose windows keep their
//! named properties as data, because its engine cannot ask when one is read.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object>, text of
//! November 2026.

use std::cell::RefCell;
use std::collections::HashSet;

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};

/// A name of which a document may know more or less than before.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WindowName {
    /// The document. It may be gone by now.
    pub document: NodeId,
    /// The name, never empty.
    pub name: Box<str>,
    /// Whether it was the value of a `name` attribute; otherwise it was an id.
    pub is_name_attribute: bool,
}

/// The log, if it is kept.
#[derive(Debug, Default)]
pub(crate) struct WindowNames {
    log: Option<RefCell<HashSet<WindowName>>>,
}

impl WindowNames {
    #[inline]
    pub(crate) fn is_logging(&self) -> bool {
        self.log.is_some()
    }
}

impl Tree {
    /// Has the log kept from now on, or not any more. Defaults to not.
    pub fn set_logs_window_names(&mut self, logs: bool) {
        self.window_names.log = logs.then(RefCell::default);
    }

    /// Whether [`Self::take_window_names`] would give any.
    #[inline]
    pub fn has_window_names(&self) -> bool {
        self.window_names
            .log
            .as_ref()
            .is_some_and(|log| !log.borrow().is_empty())
    }

    /// The names since the last call, each once, in no order.
    pub fn take_window_names(&mut self) -> Vec<WindowName> {
        match &mut self.window_names.log {
            Some(log) => log.get_mut().drain().collect(),
            None => Vec::new(),
        }
    }

    /// All names of a document at this time, each once for each way it comes about, in no order.
    pub fn window_names(&self, document: NodeId) -> Vec<WindowName> {
        let mut names = HashSet::new();
        for node in self.descendants(document) {
            self.each_window_name(document, node, |name| {
                names.insert(name);
            });
        }
        names.into_iter().collect()
    }

    /// Logs the names of an element that enters or leaves a document's tree, or is about to change its id.
    #[inline]
    pub(crate) fn log_window_names(&self, document: NodeId, element: NodeId) {
        if let Some(log) = &self.window_names.log {
            self.each_window_name(document, element, |name| {
                log.borrow_mut().insert(name);
            });
        }
    }

    /// Logs a change of a connected element's `name` attribute.
    pub(crate) fn log_window_name_change(&self, element: NodeId, old_value: Option<&str>) {
        let Some(log) = &self.window_names.log else {
            return;
        };
        if let (true, Some(document), Some(old)) = (
            self.is_connected(element) && self.is_named_in_window(element),
            self.node_document(element),
            old_value.filter(|old| !old.is_empty()),
        ) {
            log.borrow_mut().insert(WindowName {
                document,
                name: old.into(),
                is_name_attribute: true,
            });
        }
        if self.is_connected(element)
            && let Some(document) = self.node_document(element)
        {
            self.log_window_names(document, element);
        }
    }

    fn each_window_name(
        &self,
        document: NodeId,
        element: NodeId,
        mut found: impl FnMut(WindowName),
    ) {
        let mut give = |name: &str, is_name_attribute| {
            if !name.is_empty() {
                found(WindowName {
                    document,
                    name: name.into(),
                    is_name_attribute,
                });
            }
        };
        if let Some(id) = self.id_attribute(element) {
            give(id, false);
        }
        if self.is_named_in_window(element)
            && let Some(name) = self.attribute_atom(element, &local_name!("name"))
        {
            give(name, true);
        }
    }

    /// Whether the window knows an element, or the frame it shows, by its name as well.
    fn is_named_in_window(&self, element: NodeId) -> bool {
        self.node(element).as_element().is_some_and(|data| {
            data.namespace == ns!(html)
                && matches!(
                    data.local_name,
                    local_name!("embed")
                        | local_name!("form")
                        | local_name!("frame")
                        | local_name!("iframe")
                        | local_name!("img")
                        | local_name!("object")
                )
        })
    }
}
