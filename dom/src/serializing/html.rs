//! HTML serialization.
//!
//! Standard: <https://html.spec.whatwg.org/#html-fragment-serialisation-algorithm>, text of November 2026, which escapes
//! `<` and `>` in attribute values.

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::names;
use crate::node::element::{Attribute, ElementData};
use crate::node::{NodeData, NodeKind};
use crate::shadow::{ShadowRootMode, SlotAssignmentMode};

/// The markup of a node and what is in it; of a document or fragment, of its children.
pub fn outer_html(tree: &Tree, node: NodeId) -> String {
    let mut out = String::new();
    match tree.kind(node) {
        Some(NodeKind::Document | NodeKind::DocumentFragment) => {
            write_children(tree, node, ShadowRoots::None, &mut out);
        }
        _ => write_subtree(tree, node, ShadowRoots::None, &mut out),
    }
    out
}

/// The markup of the children of a node; of a template, of its contents.
///
/// Standard: <https://html.spec.whatwg.org/#html-fragment-serialisation-algorithm>
pub fn inner_html(tree: &Tree, node: NodeId) -> String {
    html_with_shadow_roots(tree, node, ShadowRoots::None)
}

/// Which shadow roots are written, each as a `<template shadowrootmode>` at the start of its host.
#[derive(Debug, Copy, Clone)]
pub enum ShadowRoots<'a> {
    /// None of them.
    None,
    /// Those in the list, and, if `serializable` is set, those that were made serializable.
    Some {
        /// Whether roots that were made serializable are written.
        serializable: bool,
        /// Roots that are written however they were made.
        listed: &'a [NodeId],
    },
}

impl ShadowRoots<'_> {
    /// The shadow root to be written with `host`.
    #[inline]
    fn of(&self, tree: &Tree, host: NodeId) -> Option<NodeId> {
        match self {
            Self::None => None,
            Self::Some {
                serializable,
                listed,
            } => tree.shadow_root(host).filter(|root| {
                listed.contains(root)
                    || (*serializable
                        && tree
                            .shadow_root_init(*root)
                            .is_some_and(|init| init.serializable))
            }),
        }
    }
}

/// The markup of the children of a node with the shadow roots asked for, its own among them: `getHTML()`.
///
/// Standard: <https://html.spec.whatwg.org/#html-fragment-serialisation-algorithm>
pub fn html_with_shadow_roots(tree: &Tree, node: NodeId, roots: ShadowRoots<'_>) -> String {
    let mut out = String::new();
    let is_void = tree.node(node).as_element().is_some_and(|element| {
        element.namespace == ns!(html) && names::is_void(&element.local_name)
    });
    if !is_void {
        write_children(tree, node, roots, &mut out);
    }
    out
}

fn write_children(tree: &Tree, node: NodeId, roots: ShadowRoots<'_>, out: &mut String) {
    // 4. The shadow root comes first.
    if let Some(shadow) = roots.of(tree, node) {
        open_shadow_root(tree, shadow, out);
        write_children(tree, shadow, roots, out);
        out.push_str("</template>");
    }
    // 3. A template stands for its contents.
    let node = tree.template_contents(node).unwrap_or(node);
    // 5. Each child.
    for child in tree.children(node) {
        write_subtree(tree, child, roots, out);
    }
}

/// Writes the start tag of the template that stands for a shadow root.
fn open_shadow_root(tree: &Tree, root: NodeId, out: &mut String) {
    let init = tree.shadow_root_init(root).unwrap_or_default();
    out.push_str("<template shadowrootmode=\"");
    out.push_str(match init.mode {
        ShadowRootMode::Open => "open",
        ShadowRootMode::Closed => "closed",
    });
    out.push('"');
    for (attribute, is_set) in [
        ("shadowrootdelegatesfocus", init.delegates_focus),
        ("shadowrootserializable", init.serializable),
        ("shadowrootclonable", init.clonable),
    ] {
        if is_set {
            out.push(' ');
            out.push_str(attribute);
            out.push_str("=\"\"");
        }
    }
    if init.slot_assignment == SlotAssignmentMode::Manual {
        out.push_str(" shadowrootslotassignment=\"manual\"");
    }
    out.push('>');
}

/// Writes a node, going through what is in it without recursion.
fn write_subtree(tree: &Tree, root: NodeId, roots: ShadowRoots<'_>, out: &mut String) {
    let mut node = root;
    loop {
        if let Some(child) = open(tree, node, roots, out) {
            node = child;
            continue;
        }
        close(tree, node, out);
        while node != root {
            if let Some(sibling) = tree.next_sibling(node) {
                node = sibling;
                break;
            }
            let Some(parent) = tree.parent(node) else {
                return;
            };
            if let Some(host) = tree.shadow_host(parent) {
                // A shadow root ends: the host's children come next.
                out.push_str("</template>");
                node = host;
                if let Some(child) = tree.first_child(host) {
                    node = child;
                    break;
                }
            } else {
                node = tree.host(parent).unwrap_or(parent);
            }
            close(tree, node, out);
        }
        if node == root {
            return;
        }
    }
}

/// Writes what comes before the children of a node, and gives the first of these.
fn open(tree: &Tree, id: NodeId, roots: ShadowRoots<'_>, out: &mut String) -> Option<NodeId> {
    let node = tree.node(id);
    match &node.data {
        NodeData::Element(element) => {
            out.push('<');
            push_tag_name(element, out);
            // An is value that no attribute shows.
            if let Some(is) = tree.is_value(id)
                && tree.attribute(id, "is").is_none()
            {
                out.push_str(" is=\"");
                escape_attribute(is, out);
                out.push('"');
            }
            for attribute in element.attributes.iter() {
                out.push(' ');
                push_attribute_name(attribute, out);
                out.push_str("=\"");
                escape_attribute(&attribute.value, out);
                out.push('"');
            }
            out.push('>');
            if is_void(element) {
                return None;
            }
            if let Some(shadow) = roots.of(tree, id) {
                open_shadow_root(tree, shadow, out);
                if let Some(child) = tree.first_child(shadow) {
                    return Some(child);
                }
                out.push_str("</template>");
            }
            tree.first_child(element.template_contents.unwrap_or(id))
        }
        NodeData::Character(data) => {
            match tree.kind(id) {
                Some(NodeKind::Comment) => {
                    out.push_str("<!--");
                    data.push_onto(out);
                    out.push_str("-->");
                }
                _ if is_raw_text(tree, id) => data.push_onto(out),
                _ => escape_text(&data.to_string_lossy(), out),
            }
            None
        }
        NodeData::ProcessingInstruction(instruction) => {
            out.push_str("<?");
            out.push_str(&instruction.target);
            out.push(' ');
            instruction.data.push_onto(out);
            out.push('>');
            None
        }
        NodeData::DocumentType(doctype) => {
            out.push_str("<!DOCTYPE ");
            out.push_str(&doctype.name);
            out.push('>');
            None
        }
        _ => None,
    }
}

fn close(tree: &Tree, id: NodeId, out: &mut String) {
    if let Some(element) = tree.node(id).as_element()
        && !is_void(element)
    {
        out.push_str("</");
        push_tag_name(element, out);
        out.push('>');
    }
}

fn is_void(element: &ElementData) -> bool {
    element.namespace == ns!(html) && names::is_void(&element.local_name)
}

/// Whether the text stands in an element whose text has no escapes.
fn is_raw_text(tree: &Tree, text: NodeId) -> bool {
    let Some(parent) = tree.parent(text) else {
        return false;
    };
    let Some(element) = tree.node(parent).as_element() else {
        return false;
    };
    if element.namespace != ns!(html) {
        return false;
    }
    match element.local_name {
        local_name!("style")
        | local_name!("script")
        | local_name!("xmp")
        | local_name!("iframe")
        | local_name!("noembed")
        | local_name!("noframes")
        | local_name!("plaintext") => true,
        local_name!("noscript") => tree
            .node_document(parent)
            .is_some_and(|document| tree.is_scripting(document)),
        _ => false,
    }
}

/// The local name in the namespaces that HTML knows, the qualified name in others.
fn push_tag_name(element: &ElementData, out: &mut String) {
    if !matches!(element.namespace, ns!(html) | ns!(mathml) | ns!(svg))
        && let Some(prefix) = &element.prefix
    {
        out.push_str(prefix);
        out.push(':');
    }
    out.push_str(&element.local_name);
}

/// The attribute's serialized name.
fn push_attribute_name(attribute: &Attribute, out: &mut String) {
    match attribute.namespace {
        ns!() => {}
        ns!(xml) => out.push_str("xml:"),
        ns!(xmlns) if &*attribute.local_name == "xmlns" => {}
        ns!(xmlns) => out.push_str("xmlns:"),
        ns!(xlink) => out.push_str("xlink:"),
        _ => {
            if let Some(prefix) = &attribute.prefix {
                out.push_str(prefix);
                out.push(':');
            }
        }
    }
    out.push_str(&attribute.local_name);
}

/// Escapes a string for text.
///
/// Standard: <https://html.spec.whatwg.org/#escapingString>
fn escape_text(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        _ => None,
    });
}

/// Escapes a string in the attribute mode.
fn escape_attribute(text: &str, out: &mut String) {
    escape(text, out, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        _ => None,
    });
}

#[inline]
fn escape(text: &str, out: &mut String, replacement: impl Fn(u8) -> Option<&'static str>) {
    let bytes = text.as_bytes();
    let mut written = 0;
    for (place, &byte) in bytes.iter().enumerate() {
        let (replacement, length) = match replacement(byte) {
            Some(replacement) => (replacement, 1),
            // A no-break space is two bytes.
            None if byte == 0xC2 && bytes.get(place + 1) == Some(&0xA0) => ("&nbsp;", 2),
            None => continue,
        };
        out.push_str(text.get(written..place).unwrap_or_default());
        out.push_str(replacement);
        written = place + length;
    }
    out.push_str(text.get(written..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_those_of_today() {
        let mut out = String::new();
        escape_text("a<b>&\u{A0}\"é", &mut out);
        assert_eq!(out, "a&lt;b&gt;&amp;&nbsp;\"é");
        out.clear();
        escape_attribute("a<b>&\u{A0}\"Â", &mut out);
        assert_eq!(out, "a&lt;b&gt;&amp;&nbsp;&quot;Â");
    }
}
