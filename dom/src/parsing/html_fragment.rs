//! HTML fragments: `innerHTML` and its kin.
//!
//! Standard: <https://html.spec.whatwg.org/#html-fragment-parsing-algorithm>, text of November 2026.

use html5ever::local_name;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::NodeKind;
use crate::parsing::html::{DeclarativeShadowRoots, HtmlParser};
use crate::parsing::simple_fragment;

/// Where `insertAdjacentHTML()` puts its markup.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum AdjacentPosition {
    /// Before the element.
    BeforeBegin,
    /// Before the element's first child.
    AfterBegin,
    /// After the element's last child.
    BeforeEnd,
    /// After the element.
    AfterEnd,
}

/// Parses markup as it reads inside the element `context`. Gives a fragment that holds the nodes; their node document
/// is the context's. Scripts among them will never run.
///
/// # Errors
/// [`DomError::InvalidNodeType`] if `context` is no element; [`DomError::NodeLimit`] if the tree is full, and then
/// nothing is left of the fragment.
///
/// Standard: <https://html.spec.whatwg.org/#html-fragment-parsing-algorithm>
pub fn parse_fragment(tree: &mut Tree, context: NodeId, markup: &str) -> Result<NodeId, DomError> {
    parse_fragment_with(tree, context, markup, DeclarativeShadowRoots::Ignore)
}

/// As [`parse_fragment`], with a choice of what becomes of `<template shadowrootmode>`.
///
/// # Errors
/// As [`parse_fragment`].
pub fn parse_fragment_with(
    tree: &mut Tree,
    context: NodeId,
    markup: &str,
    declarative_shadow_roots: DeclarativeShadowRoots,
) -> Result<NodeId, DomError> {
    if !tree.is_element(context) {
        return Err(DomError::InvalidNodeType("the context is no element"));
    }
    let document = tree
        .node_document(context)
        .ok_or(DomError::NotFound("the context is gone"))?;
    // NOTE: a fragment stands for the standard's inert document; the nodes get their final document at once.
    let fragment = tree.create_document_fragment(document)?;
    // 12. The nearest form around the context.
    let form = tree
        .inclusive_ancestors(context)
        .find(|&node| tree.is_html_element_named(node, &local_name!("form")));
    if simple_fragment::parse_simple(tree, context, fragment, form.is_some(), markup) {
        return Ok(fragment);
    }
    // What the short way has made before it gave up.
    while let Some(child) = tree.first_child(fragment) {
        tree.unlink(child);
        tree.release_tree(child);
    }
    let mut parser =
        HtmlParser::for_fragment(tree, context, fragment, form, declarative_shadow_roots);
    parser.feed(tree, markup);
    parser.end(tree);
    if parser.is_full() {
        tree.release_tree(fragment);
        return Err(DomError::NodeLimit);
    }
    // 14. The root's children, in a fragment.
    let root = tree.first_child(fragment);
    if let Some(root) = root {
        tree.unlink(root);
        let mut next = tree.first_child(root);
        while let Some(child) = next {
            next = tree.next_sibling(child);
            tree.unlink(child);
            tree.link(child, fragment, None);
        }
        tree.release_tree(root);
    }
    // Create an element for the token, step 9: here custom elements are upgraded, not constructed. What goes into a
    // template is inert.
    if tree.has_custom_element_definitions() && tree.template_contents(context).is_none() {
        tree.upgrade_subtree(fragment);
    }
    Ok(fragment)
}

impl Tree {
    /// Sets `innerHTML` of an element or a shadow root by the HTML parser; a template's contents are replaced.
    ///
    /// # Errors
    /// As [`parse_fragment`].
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-element-innerhtml>
    pub fn set_inner_html(&mut self, element: NodeId, markup: &str) -> Result<(), DomError> {
        self.set_inner_html_with(element, markup, DeclarativeShadowRoots::Ignore)
    }

    /// `setHTMLUnsafe(markup)` of an element or a shadow root: as [`Self::set_inner_html`], but with declarative shadow
    /// roots.
    ///
    /// # Errors
    /// As [`parse_fragment`].
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-element-sethtmlunsafe>
    pub fn set_html_unsafe(&mut self, element: NodeId, markup: &str) -> Result<(), DomError> {
        self.set_inner_html_with(element, markup, DeclarativeShadowRoots::Attach)
    }

    fn set_inner_html_with(
        &mut self,
        element: NodeId,
        markup: &str,
        declarative_shadow_roots: DeclarativeShadowRoots,
    ) -> Result<(), DomError> {
        let target = self.template_contents(element).unwrap_or(element);
        // Below `html` even nothing brings a head and a body.
        if markup.is_empty() && !self.is_html_element_named(element, &local_name!("html")) {
            self.replace_all(None, target);
            return Ok(());
        }
        let context = self.shadow_host(element).unwrap_or(element);
        let fragment = parse_fragment_with(self, context, markup, declarative_shadow_roots)?;
        self.replace_all(Some(fragment), target);
        self.reclaim_unwrapped(fragment);
        Ok(())
    }

    /// Sets `outerHTML` of an element by the HTML parser: the element is replaced. Nothing happens without a parent.
    ///
    /// # Errors
    /// [`DomError::NoModificationAllowed`] if the parent is a document; otherwise as [`parse_fragment`].
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-element-outerhtml>
    pub fn set_outer_html(&mut self, element: NodeId, markup: &str) -> Result<(), DomError> {
        let Some(parent) = self.parent(element) else {
            return Ok(());
        };
        // 5. NOTE: unlike for `insertAdjacentHTML()`, an html element is its own context: a body is replaced by a body.
        let (context, spare) = if self.is_element(parent) {
            (parent, None)
        } else {
            self.context_for_children_of(parent, element)?
        };
        let fragment = parse_fragment(self, context, markup);
        if let Some(spare) = spare {
            self.release_tree(spare);
        }
        let fragment = fragment?;
        self.replace_child(fragment, parent, element)?;
        self.reclaim_unwrapped(fragment);
        Ok(())
    }

    /// `insertAdjacentHTML(position, markup)`.
    ///
    /// # Errors
    /// [`DomError::NoModificationAllowed`] if the nodes would go next to an element without a parent, or to a document's;
    /// otherwise as [`parse_fragment`].
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-element-insertadjacenthtml>
    pub fn insert_adjacent_html(
        &mut self,
        element: NodeId,
        position: AdjacentPosition,
        markup: &str,
    ) -> Result<(), DomError> {
        let (parent, reference) = match position {
            AdjacentPosition::BeforeBegin => (self.parent(element), Some(element)),
            AdjacentPosition::AfterEnd => (self.parent(element), self.next_sibling(element)),
            AdjacentPosition::AfterBegin => (Some(element), self.first_child(element)),
            AdjacentPosition::BeforeEnd => (Some(element), None),
        };
        let parent = parent.ok_or(DomError::NoModificationAllowed(
            "the element has no parent that markup could stand in",
        ))?;
        let (context, spare) = self.context_for_children_of(parent, element)?;
        let fragment = parse_fragment(self, context, markup);
        if let Some(spare) = spare {
            self.release_tree(spare);
        }
        let fragment = fragment?;
        self.pre_insert(fragment, parent, reference)?;
        self.reclaim_unwrapped(fragment);
        Ok(())
    }

    /// The context in which markup for a child of `parent` is parsed, and whether it was made for that.
    ///
    /// # Errors
    /// [`DomError::NoModificationAllowed`] if `parent` is a document; [`DomError::NodeLimit`] if the tree is full.
    fn context_for_children_of(
        &mut self,
        parent: NodeId,
        element: NodeId,
    ) -> Result<(NodeId, Option<NodeId>), DomError> {
        match self.kind(parent) {
            Some(NodeKind::Element)
                if !self.is_html_element_in_html_document(parent)
                    || *self.local_name(parent) != local_name!("html") =>
            {
                Ok((parent, None))
            }
            Some(NodeKind::Element | NodeKind::DocumentFragment) => {
                let document = self
                    .node_document(element)
                    .ok_or(DomError::NotFound("the element is gone"))?;
                let body =
                    self.create_element(document, local_name!("body"), html5ever::ns!(html), None)?;
                Ok((body, Some(body)))
            }
            _ => Err(DomError::NoModificationAllowed(
                "markup cannot replace the child of a document",
            )),
        }
    }
}
