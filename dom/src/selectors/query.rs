//! The queries: first, all, this one, the closest.
//!
//! Standard: <https://dom.spec.whatwg.org/#scope-match-a-selectors-string>, text of November 2026.

use std::rc::Rc;

use ::selectors::context::{
    MatchingForInvalidation, MatchingMode, NeedsSelectorFlags, QuirksMode, SelectorCaches,
};
use ::selectors::matching::{MatchingContext, matches_selector_list};
use html5ever::local_name;

use super::chain::Places;
use super::class_filter::ClassFilter;
use super::matching::{ElementRef, has_class, opaque};
use super::parser::{ParsedSelector, Shortcut};
use super::selector_impl::Selectors;
use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeKind;
use crate::node::document::DocumentMode;

impl Tree {
    /// The first descendant of `scope`, in tree order, that `selectors` match.
    ///
    /// # Errors
    /// [`DomError::Syntax`] if `selectors` is no selector list, or one with an unknown pseudo-class.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-parentnode-queryselector>
    ///
    /// ```
    /// # use readystate_dom::{DocumentInit, Tree, parsing::html};
    /// # let mut tree = Tree::default();
    /// # let document = tree.create_document(DocumentInit::html("about:blank"))?;
    /// html::parse_document(&mut tree, document, "<ul><li>1<li class=x>2</ul>");
    /// let item = tree.query_selector(document, "ul > li.x:nth-child(2)")?.expect("there is one");
    /// assert_eq!(tree.text_content(item).as_deref(), Some("2"));
    /// # Ok::<(), readystate_dom::DomError>(())
    /// ```
    pub fn query_selector(
        &self,
        scope: NodeId,
        selectors: &str,
    ) -> Result<Option<NodeId>, DomError> {
        let parsed = self.selector_cache.parse(selectors)?;
        let quirks_mode = self.quirks_mode(scope);
        // OPTIMIZATION: ids are indexed by document.
        if let Some(Shortcut::Id(id)) = &parsed.shortcut
            && quirks_mode != QuirksMode::Quirks
            && self.kind(scope) == Some(NodeKind::Document)
        {
            return Ok(self.get_element_by_id(scope, &id.0));
        }
        let mut found = None;
        self.scan(scope, &parsed, quirks_mode, |node| {
            found = Some(node);
            Scan::Stop
        });
        Ok(found)
    }

    /// All descendants of `scope` that `selectors` match, in tree order.
    ///
    /// # Errors
    /// As [`Self::query_selector`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-parentnode-queryselectorall>
    pub fn query_selector_all(
        &self,
        scope: NodeId,
        selectors: &str,
    ) -> Result<Vec<NodeId>, DomError> {
        Ok(self.query_selector_all_shared(scope, selectors)?.to_vec())
    }

    /// [`Self::query_selector_all`], without a copy where the same was asked before and nothing has changed since.
    ///
    /// # Errors
    /// As [`Self::query_selector`].
    pub fn query_selector_all_shared(
        &self,
        scope: NodeId,
        selectors: &str,
    ) -> Result<Rc<[NodeId]>, DomError> {
        let parsed = self.selector_cache.parse(selectors)?;
        // OPTIMIZATION: what these match depends on nothing but the tree's links and attributes.
        let is_plain = parsed.shortcut.is_some() || parsed.chains.is_some();
        let handle = self.handle(scope).filter(|_| is_plain);
        let version = self
            .structure_version()
            .wrapping_add(self.attribute_version());
        if let Some(handle) = handle
            && let Some(found) = self.selector_cache.result(&parsed, handle, version)
        {
            return Ok(found);
        }
        let mut found = Vec::new();
        self.scan(scope, &parsed, self.quirks_mode(scope), |node| {
            found.push(node);
            Scan::GoOn
        });
        let found: Rc<[NodeId]> = found.into();
        if let Some(handle) = handle {
            self.selector_cache
                .keep_result(parsed, handle, version, Rc::clone(&found));
        }
        Ok(found)
    }

    /// Whether `selectors` match `element`; `:scope` is the element.
    ///
    /// # Errors
    /// As [`Self::query_selector`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-matches>
    pub fn matches(&self, element: NodeId, selectors: &str) -> Result<bool, DomError> {
        let parsed = self.selector_cache.parse(selectors)?;
        if !self.is_element(element) {
            return Ok(false);
        }
        let quirks_mode = self.quirks_mode(element);
        let mut caches = SelectorCaches::default();
        let mut context = self.matching_context(element, quirks_mode, &mut caches);
        Ok(self.matches_parsed(element, &parsed, &mut context))
    }

    /// The nearest inclusive ancestor of `element` that `selectors` match; `:scope` is `element`.
    ///
    /// # Errors
    /// As [`Self::query_selector`].
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-closest>
    pub fn closest(&self, element: NodeId, selectors: &str) -> Result<Option<NodeId>, DomError> {
        let parsed = self.selector_cache.parse(selectors)?;
        let quirks_mode = self.quirks_mode(element);
        let mut caches = SelectorCaches::default();
        let mut context = self.matching_context(element, quirks_mode, &mut caches);
        Ok(self
            .inclusive_ancestors(element)
            .filter(|&ancestor| self.is_element(ancestor))
            .find(|&ancestor| self.matches_parsed(ancestor, &parsed, &mut context)))
    }

    /// Calls `visit` with each descendant of `scope` that matches, until it says stop.
    fn scan(
        &self,
        scope: NodeId,
        parsed: &ParsedSelector,
        quirks_mode: QuirksMode,
        mut visit: impl FnMut(NodeId) -> Scan,
    ) {
        let case_sensitivity = quirks_mode.classes_and_ids_case_sensitivity();
        // OPTIMIZATION: one simple selector needs no matching context.
        match &parsed.shortcut {
            Some(Shortcut::Universal) => self.visit_elements(scope, &mut visit, |_| true),
            Some(Shortcut::Id(id)) => self.visit_elements(scope, &mut visit, |node| {
                self.id_attribute(node)
                    .is_some_and(|own| case_sensitivity.eq(own.as_bytes(), id.0.as_bytes()))
            }),
            Some(Shortcut::Class(class)) => {
                let filter = ClassFilter::of_class(&class.0);
                self.visit_elements(scope, &mut visit, |node| {
                    self.may_have_classes(node, filter)
                        && self
                            .attribute_atom(node, &local_name!("class"))
                            .is_some_and(|classes| has_class(classes, &class.0, case_sensitivity))
                });
            }
            Some(Shortcut::Type(name, lower)) => self.visit_elements(scope, &mut visit, |node| {
                let wanted = if name == lower || !self.is_html_element_in_html_document(node) {
                    name
                } else {
                    lower
                };
                *self.local_name(node) == wanted.0
            }),
            None if quirks_mode != QuirksMode::Quirks
                && let Some(chains) = &parsed.chains =>
            {
                let mut places = Places::default();
                self.visit_elements(scope, &mut visit, |node| {
                    chains.match_element(self, &mut places, node)
                });
            }
            None => {
                let mut caches = SelectorCaches::default();
                let mut context = self.matching_context(scope, quirks_mode, &mut caches);
                self.visit_elements(scope, &mut visit, |node| {
                    matches_selector_list(&parsed.list, ElementRef::new(self, node), &mut context)
                });
            }
        }
    }

    /// Calls `visit` with each element below `scope` that `matches`, until it says stop.
    #[inline]
    fn visit_elements(
        &self,
        scope: NodeId,
        visit: &mut impl FnMut(NodeId) -> Scan,
        mut matches: impl FnMut(NodeId) -> bool,
    ) {
        for node in self.descendants(scope) {
            if self.is_element(node) && matches(node) && visit(node) == Scan::Stop {
                return;
            }
        }
    }

    fn matches_parsed(
        &self,
        element: NodeId,
        parsed: &ParsedSelector,
        context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        matches_selector_list(&parsed.list, ElementRef::new(self, element), context)
    }

    fn matching_context<'a>(
        &self,
        scope: NodeId,
        quirks_mode: QuirksMode,
        caches: &'a mut SelectorCaches,
    ) -> MatchingContext<'a, Selectors> {
        let mut context = MatchingContext::new(
            MatchingMode::Normal,
            None,
            caches,
            quirks_mode,
            NeedsSelectorFlags::No,
            MatchingForInvalidation::No,
        );
        // NOTE: a shadow root is matched against as its host, without features.
        context.scope_element = match self.kind(scope) {
            Some(NodeKind::Element) => Some(opaque(scope)),
            Some(NodeKind::DocumentFragment) => {
                Some(opaque(self.shadow_host(scope).unwrap_or(scope)))
            }
            _ => None,
        };
        context.current_host = self
            .containing_shadow_root(scope)
            .and_then(|root| self.shadow_host(root))
            .map(opaque);
        context
    }

    pub(super) fn quirks_mode(&self, node: NodeId) -> QuirksMode {
        match self
            .node_document(node)
            .and_then(|document| self.mode(document))
        {
            Some(DocumentMode::Quirks) => QuirksMode::Quirks,
            Some(DocumentMode::LimitedQuirks) => QuirksMode::LimitedQuirks,
            _ => QuirksMode::NoQuirks,
        }
    }
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Scan {
    GoOn,
    Stop,
}
