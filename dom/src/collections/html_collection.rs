//! The elements that a collection holds: by tag name, by class, by name.
//!
//! Each method walks the tree once. A live collection keeps the result with [`Tree::structure_version`] (and, where
//! attributes decide, [`Tree::attribute_version`]) and asks again when they changed.
//!
//! Standard: <https://dom.spec.whatwg.org/#old-style-collections>, text of November 2026.

use std::borrow::Cow;

use html5ever::{LocalName, Namespace, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::collections::token_list;
use crate::node::document::DocumentMode;
use crate::node::element::{ascii_lowercase, is_qualified};
use crate::selectors::class_filter::ClassFilter;

impl Tree {
    /// The child elements, in order.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-parentnode-children>
    pub fn child_elements(&self, parent: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(parent)
            .filter(|&child| self.is_element(child))
    }

    /// The first child that is an element.
    pub fn first_element_child(&self, parent: NodeId) -> Option<NodeId> {
        self.child_elements(parent).next()
    }

    /// The last child that is an element.
    pub fn last_element_child(&self, parent: NodeId) -> Option<NodeId> {
        let mut child = self.last_child(parent);
        while let Some(node) = child {
            if self.is_element(node) {
                return child;
            }
            child = self.previous_sibling(node);
        }
        None
    }

    /// The next sibling that is an element.
    pub fn next_element_sibling(&self, id: NodeId) -> Option<NodeId> {
        let mut next = self.next_sibling(id);
        while let Some(node) = next {
            if self.is_element(node) {
                return next;
            }
            next = self.next_sibling(node);
        }
        None
    }

    /// The previous sibling that is an element.
    pub fn previous_element_sibling(&self, id: NodeId) -> Option<NodeId> {
        let mut previous = self.previous_sibling(id);
        while let Some(node) = previous {
            if self.is_element(node) {
                return previous;
            }
            previous = self.previous_sibling(node);
        }
        None
    }

    /// `getElementsByTagName(qualifiedName)` below `root`, in tree order. In HTML documents, HTML elements are matched
    /// by the name in lower case, others as it stands.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-getelementsbytagname>
    pub fn get_elements_by_tag_name(&self, root: NodeId, name: &str) -> Vec<NodeId> {
        // 1. Every element.
        if name == "*" {
            return self
                .descendants(root)
                .filter(|&node| self.is_element(node))
                .collect();
        }
        let is_html = self
            .node_document(root)
            .is_some_and(|document| self.is_html_document(document));
        // 2. In HTML documents the case depends on the element; elsewhere it does not.
        let html_name = if is_html {
            ascii_lowercase(name)
        } else {
            Cow::Borrowed(name)
        };
        // OPTIMIZATION: without a prefix one comparison of atoms decides.
        let (html_atom, other_atom) = (LocalName::from(&*html_name), LocalName::from(name));
        self.descendants(root)
            .filter(|&node| {
                self.node(node).as_element().is_some_and(|element| {
                    let in_html = element.namespace == ns!(html);
                    match &element.prefix {
                        None => {
                            element.local_name == *if in_html { &html_atom } else { &other_atom }
                        }
                        prefix => is_qualified(
                            prefix.as_ref(),
                            &element.local_name,
                            if in_html { &html_name } else { name },
                        ),
                    }
                })
            })
            .collect()
    }

    /// `getElementsByTagNameNS(namespace, localName)` below `root`, in tree order; `*` stands for any, and `None` or an
    /// empty namespace for null.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-getelementsbytagnamens>
    pub fn get_elements_by_tag_name_ns(
        &self,
        root: NodeId,
        namespace: Option<&str>,
        local_name: &str,
    ) -> Vec<NodeId> {
        let any_namespace = namespace == Some("*");
        let any_name = local_name == "*";
        let namespace = Namespace::from(namespace.unwrap_or_default());
        let local_name = LocalName::from(local_name);
        self.descendants(root)
            .filter(|&node| {
                self.node(node).as_element().is_some_and(|element| {
                    (any_namespace || element.namespace == namespace)
                        && (any_name || element.local_name == local_name)
                })
            })
            .collect()
    }

    /// `getElementsByClassName(classNames)` below `root`, in tree order: the elements that have all the classes. In
    /// quirks mode the case of ASCII letters does not matter.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-getelementsbyclassname>
    pub fn get_elements_by_class_name(&self, root: NodeId, class_names: &str) -> Vec<NodeId> {
        // 1, 2. No class, no element.
        let classes = token_list::parse(class_names);
        if classes.is_empty() {
            return Vec::new();
        }
        // 3. All of them.
        let is_quirky = self
            .node_document(root)
            .is_some_and(|document| self.mode(document) == Some(DocumentMode::Quirks));
        let filter = classes.iter().fold(ClassFilter::NONE, |filter, class| {
            filter | ClassFilter::of_class(class)
        });
        self.descendants(root)
            .filter(|&node| self.may_have_classes(node, filter))
            .filter(|&node| {
                self.attribute_atom(node, &local_name!("class"))
                    .is_some_and(|value| {
                        classes.iter().all(|class| {
                            token_list::tokens(value).any(|token| {
                                token == *class || (is_quirky && token.eq_ignore_ascii_case(class))
                            })
                        })
                    })
            })
            .collect()
    }

    /// `document.getElementsByName(name)`: the HTML elements with that `name`, in tree order.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-document-getelementsbyname>
    pub fn get_elements_by_name(&self, root: NodeId, name: &str) -> Vec<NodeId> {
        self.descendants(root)
            .filter(|&node| {
                *self.namespace(node) == ns!(html)
                    && self.attribute_atom(node, &local_name!("name")) == Some(name)
            })
            .collect()
    }

    /// The descendants of `root` that are HTML elements with one of the given names, in tree order: what
    /// `document.forms`, `images`, `links` and the like start from.
    pub fn html_elements_named(&self, root: NodeId, names: &[LocalName]) -> Vec<NodeId> {
        self.descendants(root)
            .filter(|&node| {
                self.node(node).as_element().is_some_and(|element| {
                    element.namespace == ns!(html) && names.contains(&element.local_name)
                })
            })
            .collect()
    }
}
