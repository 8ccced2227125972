//! XML serialization: trees to well-formed, namespaced markup.
//!
//! Standard: <https://w3c.github.io/DOM-Parsing/#xml-serialization>, text of November 2026.

mod attributes;
mod escaping;
mod prefix_map;

use html5ever::{Namespace, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::names;
use crate::node::NodeKind;
use crate::parsing::xml::{is_name, is_xml_char};
use escaping::{push_attribute_value, push_text};
use prefix_map::{PrefixMap, PrefixMark};

/// Serializes `node` and its descendants as XML.
///
/// With `require_well_formed`, what no XML document could hold is an error; without, it is written as it is. A lone
/// surrogate becomes U+FFFD.
///
/// # Errors
/// [`DomError::InvalidState`] if `require_well_formed` is set and the markup would not be well-formed;
/// [`DomError::NotFound`] if `node` names no living node.
///
/// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-xml-serialization>
///
/// ```
/// use readystate_dom::serializing::xml::serialize_xml;
/// use readystate_dom::{DocumentInit, Tree};
/// let mut tree = Tree::default();
/// let document = tree.create_document(DocumentInit::xml("about:blank"))?;
/// let root = tree.create_element_ns(document, Some("urn:a"), "p:root")?;
/// assert_eq!(serialize_xml(&tree, root, true)?, r#"<p:root xmlns:p="urn:a"/>"#);
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
pub fn serialize_xml(
    tree: &Tree,
    node: NodeId,
    require_well_formed: bool,
) -> Result<String, DomError> {
    let mut serializer = Serializer::new(tree, require_well_formed);
    serializer.serialize(node)?;
    Ok(serializer.markup)
}

/// Serializes the children of `node` as XML, each as [`serialize_xml`] does; what `innerHTML` gives in XML documents.
///
/// # Errors
/// As [`serialize_xml`].
///
/// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-fragment-serializing-algorithm>
pub fn inner_xml(tree: &Tree, node: NodeId, require_well_formed: bool) -> Result<String, DomError> {
    let mut serializer = Serializer::new(tree, require_well_formed);
    let parent = tree.template_contents(node).unwrap_or(node);
    for child in tree.children(parent) {
        serializer.serialize(child)?;
    }
    Ok(serializer.markup)
}

/// A node whose children are being written.
struct OpenNode {
    next_child: Option<NodeId>,
    /// The namespace that children without one of their own inherit.
    namespace: Namespace,
    /// What ends the node; empty for documents and fragments.
    end_name: String,
    mark: PrefixMark,
}

struct Serializer<'t> {
    tree: &'t Tree,
    require_well_formed: bool,
    markup: String,
    prefixes: PrefixMap,
    open: Vec<OpenNode>,
}

impl<'t> Serializer<'t> {
    fn new(tree: &'t Tree, require_well_formed: bool) -> Self {
        Self {
            tree,
            require_well_formed,
            markup: String::new(),
            prefixes: PrefixMap::default(),
            open: Vec::new(),
        }
    }

    /// Writes a tree, without recursion: `open` holds the way from `node` to where we are.
    fn serialize(&mut self, node: NodeId) -> Result<(), DomError> {
        self.node(node, &ns!())?;
        while let Some(parent) = self.open.last_mut() {
            match parent.next_child {
                Some(child) => {
                    parent.next_child = self.tree.next_sibling(child);
                    let namespace = parent.namespace.clone();
                    self.node(child, &namespace)?;
                }
                None => {
                    if let Some(done) = self.open.pop() {
                        if !done.end_name.is_empty() {
                            self.markup.push_str("</");
                            self.markup.push_str(&done.end_name);
                            self.markup.push('>');
                        }
                        self.prefixes.restore(done.mark);
                    }
                }
            }
        }
        Ok(())
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#dfn-xml-serialization-algorithm>
    fn node(&mut self, node: NodeId, namespace: &Namespace) -> Result<(), DomError> {
        let kind = self
            .tree
            .kind(node)
            .ok_or(DomError::NotFound("the node is gone"))?;
        match kind {
            NodeKind::Element => return self.element(node, namespace),
            NodeKind::Document => {
                // A document without an element is none.
                if self.require_well_formed && self.tree.document_element(node).is_none() {
                    return Err(DomError::InvalidState("the document has no element"));
                }
                self.open_children(node, namespace.clone(), String::new());
            }
            NodeKind::DocumentFragment => {
                self.open_children(node, namespace.clone(), String::new());
            }
            NodeKind::Comment => self.comment(node)?,
            NodeKind::CdataSection => {
                self.markup.push_str("<![CDATA[");
                self.markup.push_str(&self.data(node));
                self.markup.push_str("]]>");
            }
            NodeKind::Text => {
                let text = self.data(node);
                self.require_chars(&text)?;
                push_text(&mut self.markup, &text);
            }
            NodeKind::ProcessingInstruction => self.processing_instruction(node)?,
            NodeKind::DocumentType => self.doctype(node)?,
            // An attribute serializes to nothing.
            NodeKind::Attr => {}
        }
        Ok(())
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#xml-serializing-an-element-node>
    fn element(&mut self, element: NodeId, inherited: &Namespace) -> Result<(), DomError> {
        let local_name = self.tree.local_name(element).clone();
        let own_prefix = self.tree.prefix(element).cloned();
        // 1. The name must be one.
        if self.require_well_formed && (local_name.contains(':') || !is_name(&local_name)) {
            return Err(DomError::InvalidState(
                "an element's name is no name of XML",
            ));
        }
        // 2–5, 10. What is known at first.
        self.markup.push('<');
        let mut inherited = inherited.clone();
        let namespace = self.tree.namespace(element).clone();
        let mut ignores_default_declaration = false;
        // 6–8. What the attributes declare.
        let mark = self.prefixes.mark();
        let declarations = self
            .prefixes
            .record_namespace_information(self.tree.attributes(element));
        let local_default = declarations.default.clone();
        let name;
        if inherited == namespace {
            // 11. The element is in its parent's namespace: no prefix is needed.
            ignores_default_declaration = local_default.is_some();
            name = if namespace == ns!(xml) {
                format!("xml:{local_name}")
            } else {
                local_name.to_string()
            };
            self.markup.push_str(&name);
        } else {
            // 12.1–12.3. A prefix that is bound to the namespace already; "xmlns" keeps its own.
            let candidate = if own_prefix.as_deref() == Some("xmlns") {
                if self.require_well_formed {
                    return Err(DomError::InvalidState(
                        "an element must not have the prefix \"xmlns\"",
                    ));
                }
                own_prefix.clone()
            } else {
                self.prefixes.preferred(own_prefix.as_ref(), &namespace)
            };
            if let Some(candidate) = candidate {
                // 12.4. It serves.
                name = format!("{candidate}:{local_name}");
                if let Some(default) = &local_default
                    && *default != ns!(xml)
                {
                    inherited = default.clone();
                }
                self.markup.push_str(&name);
            } else if let Some(own_prefix) = own_prefix {
                // 12.5. The element's own prefix is declared, or another if the element uses it for something else.
                let prefix = if declarations.declares(&own_prefix) {
                    self.prefixes.generate(&namespace)
                } else {
                    self.prefixes.add(own_prefix.clone(), &namespace);
                    own_prefix
                };
                name = format!("{prefix}:{local_name}");
                self.markup.push_str(&name);
                self.markup.push_str(" xmlns:");
                self.markup.push_str(&prefix);
                self.attribute_value(&namespace)?;
                if let Some(default) = &local_default {
                    inherited = default.clone();
                }
            } else {
                // 12.6, 12.7. The default namespace is declared, unless the element does so itself.
                name = local_name.to_string();
                self.markup.push_str(&name);
                inherited = namespace.clone();
                if local_default.as_ref() != Some(&namespace) {
                    ignores_default_declaration = true;
                    self.markup.push_str(" xmlns");
                    self.attribute_value(&namespace)?;
                } else if namespace == ns!() {
                    // NOTE: the declaration of the empty namespace is the element's own attribute.
                    ignores_default_declaration = false;
                }
            }
        }
        // 13. The attributes.
        self.attributes(element, &declarations, ignores_default_declaration)?;
        // 14–17. Without children there is no end tag, but for most elements of HTML.
        let has_children = self.tree.has_child_nodes(element);
        let contents = self.tree.template_contents(element);
        if !has_children && contents.is_none() {
            let is_html = namespace == ns!(html);
            if !is_html || names::is_void(&local_name) {
                self.markup.push_str(if is_html { " />" } else { "/>" });
                self.prefixes.restore(mark);
                return Ok(());
            }
        }
        self.markup.push('>');
        // 18–20. The contents of a template, or the children; then the end tag.
        self.open.push(OpenNode {
            next_child: self.tree.first_child(contents.unwrap_or(element)),
            namespace: inherited,
            end_name: name,
            mark,
        });
        Ok(())
    }

    fn open_children(&mut self, node: NodeId, namespace: Namespace, end_name: String) {
        self.open.push(OpenNode {
            next_child: self.tree.first_child(node),
            namespace,
            end_name,
            mark: self.prefixes.mark(),
        });
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#xml-serializing-a-comment-node>
    fn comment(&mut self, node: NodeId) -> Result<(), DomError> {
        let data = self.data(node);
        self.require_chars(&data)?;
        if self.require_well_formed && (data.contains("--") || data.ends_with('-')) {
            return Err(DomError::InvalidState("a comment must not hold \"--\""));
        }
        self.markup.push_str("<!--");
        self.markup.push_str(&data);
        self.markup.push_str("-->");
        Ok(())
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#xml-serializing-a-processinginstruction-node>
    fn processing_instruction(&mut self, node: NodeId) -> Result<(), DomError> {
        let target = self
            .tree
            .processing_instruction_target(node)
            .unwrap_or_default();
        let data = self.data(node);
        if self.require_well_formed
            && (target.contains(':') || target.eq_ignore_ascii_case("xml") || data.contains("?>"))
        {
            return Err(DomError::InvalidState(
                "a processing instruction has a target or data that XML does not allow",
            ));
        }
        self.require_chars(&data)?;
        self.markup.push_str("<?");
        self.markup.push_str(target);
        self.markup.push(' ');
        self.markup.push_str(&data);
        self.markup.push_str("?>");
        Ok(())
    }

    /// Standard: <https://w3c.github.io/DOM-Parsing/#xml-serializing-a-documenttype-node>
    fn doctype(&mut self, node: NodeId) -> Result<(), DomError> {
        let name = self.tree.doctype_name(node).unwrap_or_default();
        let public_id = self.tree.doctype_public_id(node).unwrap_or_default();
        let system_id = self.tree.doctype_system_id(node).unwrap_or_default();
        if self.require_well_formed {
            let is_public_id_char =
                |c: char| c.is_ascii_alphanumeric() || " \r\n-'()+,./:=?;!*#@$_%".contains(c);
            if !public_id.chars().all(is_public_id_char) {
                return Err(DomError::InvalidState(
                    "a public identifier holds a character that XML does not allow",
                ));
            }
            self.require_chars(system_id)?;
            if system_id.contains('"') && system_id.contains('\'') {
                return Err(DomError::InvalidState(
                    "a system identifier holds both kinds of quotes",
                ));
            }
        }
        self.markup.push_str("<!DOCTYPE ");
        self.markup.push_str(name);
        if !public_id.is_empty() {
            self.markup.push_str(" PUBLIC \"");
            self.markup.push_str(public_id);
            self.markup.push('"');
        } else if !system_id.is_empty() {
            self.markup.push_str(" SYSTEM");
        }
        if !system_id.is_empty() {
            self.markup.push_str(" \"");
            self.markup.push_str(system_id);
            self.markup.push('"');
        }
        self.markup.push('>');
        Ok(())
    }

    fn data(&self, node: NodeId) -> String {
        self.tree
            .character_data(node)
            .map(|data| data.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    /// Writes `="value"`.
    fn attribute_value(&mut self, value: &str) -> Result<(), DomError> {
        self.require_chars(value)?;
        self.markup.push_str("=\"");
        push_attribute_value(&mut self.markup, value);
        self.markup.push('"');
        Ok(())
    }

    fn require_chars(&self, text: &str) -> Result<(), DomError> {
        if self.require_well_formed && !text.chars().all(is_xml_char) {
            return Err(DomError::InvalidState(
                "a character that XML does not allow",
            ));
        }
        Ok(())
    }
}
