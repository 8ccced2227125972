//! Parsing markup into a fragment, in a document of XML.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-fragments>

use std::collections::BTreeMap;

use html5ever::ns;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::document::DocumentInit;
use crate::parsing::xml::{XmlLimits, parse_xml};

/// Parses `markup` as the content of `context`: prefixes and the default namespace mean what they mean there.
///
/// The fragment belongs to the context's document. Its scripts will not run.
///
/// # Errors
/// [`DomError::Syntax`] if the markup is not well-formed there; [`DomError::NotFound`] if `context` is gone;
/// [`DomError::NodeLimit`] if the tree is full.
///
/// Standard: <https://html.spec.whatwg.org/multipage/xhtml.html#xml-fragment-parsing-algorithm>
pub fn parse_xml_fragment(
    tree: &mut Tree,
    context: NodeId,
    markup: &str,
) -> Result<NodeId, DomError> {
    let document = tree
        .node_document(context)
        .ok_or(DomError::NotFound("the element is gone"))?;
    // 1. A parser of its own.
    let scratch = tree.create_document(DocumentInit::xml("about:blank"))?;
    // 2–4. An element that declares what is declared around the context; the markup; the end.
    let text = format!("<root{}>{markup}</root>", declarations(tree, context));
    // 5. Not well-formed.
    let parsed = parse_xml(tree, scratch, &text, XmlLimits::default());
    if let Err(error) = parsed {
        tree.free_subtree(scratch)?;
        return Err(DomError::Syntax(error.to_string()));
    }
    // 6. What has become of the markup.
    let fragment = tree.create_document_fragment(document)?;
    if let Some(root) = tree.document_element(scratch) {
        while let Some(child) = tree.first_child(root) {
            tree.append(child, fragment)?;
        }
    }
    tree.free_subtree(scratch)?;
    prevent_scripts(tree, fragment);
    if tree.has_custom_element_definitions() && tree.template_contents(context).is_none() {
        tree.upgrade_subtree(fragment);
    }
    Ok(fragment)
}

/// Marks the scripts below a node as started already, as a parser without scripting does.
///
/// Standard: <https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-documents>
pub fn prevent_scripts(tree: &mut Tree, root: NodeId) {
    let scripts: Vec<NodeId> = tree
        .descendants(root)
        .filter(|&id| {
            &**tree.local_name(id) == "script"
                && matches!(*tree.namespace(id), ns!(html) | ns!(svg))
        })
        .collect();
    for script in scripts {
        let mut flags = tree.script_flags(script);
        flags.already_started = true;
        tree.set_script_flags(script, flags);
    }
}

/// The namespace declarations in scope at an element, as attributes in markup.
fn declarations(tree: &Tree, context: NodeId) -> String {
    // By prefix; what is nearest counts.
    let mut prefixes: BTreeMap<&str, &str> = BTreeMap::new();
    for element in tree.inclusive_ancestors(context) {
        if let Some(prefix) = tree.prefix(element) {
            prefixes.entry(prefix).or_insert(tree.namespace(element));
        }
        for attribute in tree.attributes(element) {
            if *attribute.namespace() == ns!(xmlns) && attribute.prefix().is_some() {
                prefixes
                    .entry(attribute.local_name())
                    .or_insert(attribute.value());
            }
        }
    }
    let mut text = String::new();
    if let Some(default) = tree.locate_namespace(context, None) {
        text.push_str(&format!(" xmlns=\"{}\"", escaped(default)));
    }
    for (prefix, namespace) in prefixes {
        // NOTE: these two are bound for good, and a prefix cannot be bound to nothing.
        if !matches!(prefix, "xml" | "xmlns") && !namespace.is_empty() {
            text.push_str(&format!(" xmlns:{prefix}=\"{}\"", escaped(namespace)));
        }
    }
    text
}

fn escaped(value: &str) -> String {
    value
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
