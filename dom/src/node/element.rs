//! Elements and their attribute lists (reading; changes are in [`mutation`](crate::mutation)).
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-element>, text of November 2026.

use std::borrow::Cow;
use std::cell::Cell;

use html5ever::{LocalName, Namespace, Prefix, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::names::{self, NameContext};
use crate::node::attribute_list::AttributeList;
use crate::node::{NodeData, NodeFlags, NodeKind};
use crate::selectors::class_filter::ClassFilter;

#[derive(Debug)]
pub(crate) struct ElementData {
    pub(crate) local_name: LocalName,
    pub(crate) namespace: Namespace,
    pub(crate) prefix: Option<Prefix>,
    pub(crate) attributes: AttributeList,
    pub(crate) template_contents: Option<NodeId>,
    /// A bit for each class; see [`ClassFilter`].
    pub(crate) classes: ClassFilter,
}

/// The value of an attribute. OPTIMIZATION: up to 24 bytes lie in place.
pub(crate) type AttributeValue = compact_str::CompactString;

/// One entry of an element's attribute list.
#[derive(Debug, Clone)]
pub struct Attribute {
    pub(crate) local_name: LocalName,
    pub(crate) namespace: Namespace,
    pub(crate) prefix: Option<Prefix>,
    pub(crate) value: AttributeValue,
    /// The attribute's own node, once script has asked for it.
    pub(crate) node: Option<NodeId>,
    /// Where the embedder keeps a string of the value; see [`Tree::attribute_value_slot`].
    pub(crate) value_slot: Cell<u32>,
}

impl Attribute {
    /// The local name.
    #[inline]
    pub fn local_name(&self) -> &LocalName {
        &self.local_name
    }

    /// The namespace; the empty atom is null.
    #[inline]
    pub fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    /// The namespace prefix.
    #[inline]
    pub fn prefix(&self) -> Option<&Prefix> {
        self.prefix.as_ref()
    }

    /// The value.
    #[inline]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The prefix, a colon and the local name; without a prefix the local name.
    pub fn qualified_name(&self) -> Cow<'_, str> {
        match &self.prefix {
            None => Cow::Borrowed(&self.local_name),
            Some(_) => Cow::Owned(qualified_name(self.prefix.as_ref(), &self.local_name)),
        }
    }

    /// Whether the qualified name is `name`, compared as it stands.
    #[inline]
    pub fn is_qualified(&self, name: &str) -> bool {
        is_qualified(self.prefix.as_ref(), &self.local_name, name)
    }
}

/// The state of a script element that outlives its tree position.
///
/// Standard: <https://html.spec.whatwg.org/#script-processing-model>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub struct ScriptFlags {
    /// "Already started": it was prepared, or must never be.
    pub already_started: bool,
    /// Its parser document is not null.
    pub parser_inserted: bool,
    /// "Force async": made by script, and `async` was not removed since.
    pub force_async: bool,
}

pub(crate) fn qualified_name(prefix: Option<&Prefix>, local_name: &LocalName) -> String {
    match prefix {
        None => local_name.to_string(),
        Some(prefix) => {
            let mut name = String::with_capacity(prefix.len() + 1 + local_name.len());
            name.push_str(prefix);
            name.push(':');
            name.push_str(local_name);
            name
        }
    }
}

#[inline]
pub(crate) fn is_qualified(prefix: Option<&Prefix>, local_name: &LocalName, name: &str) -> bool {
    match prefix {
        None => **local_name == *name,
        Some(prefix) => name
            .strip_prefix(&**prefix)
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|rest| rest == &**local_name),
    }
}

/// The flags that follow from a new element's name.
fn initial_flags(namespace: &Namespace, local_name: &LocalName) -> u16 {
    let mut flags = crate::custom_elements::initial_flag(namespace, local_name);
    if is_effectful(namespace, local_name) {
        flags |= NodeFlags::EFFECTFUL;
        if *local_name == local_name!("script") {
            flags |= NodeFlags::FORCE_ASYNC;
        }
    }
    flags
}

/// Whether the embedder wants to hear of this element: what loads, runs, or changes how the page loads and runs.
fn is_effectful(namespace: &Namespace, local: &LocalName) -> bool {
    match *namespace {
        ns!(html) => matches!(
            *local,
            local_name!("script")
                | local_name!("iframe")
                | local_name!("frame")
                | local_name!("object")
                | local_name!("embed")
                | local_name!("link")
                | local_name!("style")
                | local_name!("img")
                | local_name!("base")
                | local_name!("title")
                | local_name!("meta")
                | local_name!("option")
                | local_name!("optgroup")
                | local_name!("select")
                | local_name!("textarea")
                | local_name!("input")
        ),
        ns!(svg) => *local == local_name!("script") || *local == local_name!("title"),
        _ => false,
    }
}

static NO_NAME: LocalName = local_name!("");
static NO_NAMESPACE: Namespace = ns!();

impl Tree {
    /// Makes an element. Its names are not validated: see [`names`].
    ///
    /// A script element starts with "force async" set; a template element gets its contents at once.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-create-element>
    #[inline]
    pub fn create_element(
        &mut self,
        document: NodeId,
        local_name: LocalName,
        namespace: Namespace,
        prefix: Option<Prefix>,
    ) -> Result<NodeId, DomError> {
        self.create_element_with_attributes(document, local_name, namespace, prefix, Vec::new())
    }

    pub(crate) fn create_element_with_attributes(
        &mut self,
        document: NodeId,
        local_name: LocalName,
        namespace: Namespace,
        prefix: Option<Prefix>,
        attributes: Vec<Attribute>,
    ) -> Result<NodeId, DomError> {
        let classes = ClassFilter::of_attributes(&attributes);
        let data = ElementData {
            local_name,
            namespace,
            prefix,
            attributes: attributes.into(),
            template_contents: None,
            classes,
        };
        self.create_element_of(document, data)
    }

    pub(crate) fn create_element_of(
        &mut self,
        document: NodeId,
        data: ElementData,
    ) -> Result<NodeId, DomError> {
        let (local_name, namespace) = (&data.local_name, &data.namespace);
        let mut flags = initial_flags(namespace, local_name);
        if data.attributes.iter().any(is_id) {
            flags |= NodeFlags::HAS_ID;
        }
        let is_template = *namespace == ns!(html) && *local_name == local_name!("template");
        let data = NodeData::Element(data);
        let element = self.allocate(NodeKind::Element, Some(document), flags, data)?;
        if is_template && let Err(error) = self.attach_template_contents(element) {
            self.release(element);
            return Err(error);
        }
        Ok(element)
    }

    /// Makes the element that `document.createElement(name)` makes: lower-cased in an HTML document, and in the HTML
    /// namespace there and in XHTML.
    ///
    /// # Errors
    /// [`DomError::InvalidCharacter`] if `name` is no valid element name; [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-document-createelement>
    pub fn create_html_element(
        &mut self,
        document: NodeId,
        name: &str,
    ) -> Result<NodeId, DomError> {
        let is_html = self.is_html_document(document);
        // OPTIMIZATION: what follows from a name is remembered.
        if is_html && let Some((local_name, flags)) = self.names.element(name) {
            let data = NodeData::Element(ElementData {
                local_name,
                namespace: ns!(html),
                prefix: None,
                attributes: AttributeList::default(),
                template_contents: None,
                classes: ClassFilter::NONE,
            });
            return self.allocate(NodeKind::Element, Some(document), flags, data);
        }
        // 1. The name is valid.
        if !names::is_valid_element_local_name(name) {
            return Err(DomError::InvalidCharacter(
                "the element name is empty or holds a character that names must not hold",
            ));
        }
        // 2. HTML documents know lower-case names only.
        let local_name = if is_html {
            self.names.atom(&ascii_lowercase(name))
        } else {
            self.names.atom(name)
        };
        // 4. The namespace follows the document.
        let namespace = if is_html || self.content_type(document) == Some("application/xhtml+xml") {
            ns!(html)
        } else {
            ns!()
        };
        if is_html && *local_name == *name && local_name != local_name!("template") {
            let flags = initial_flags(&namespace, &local_name);
            self.names.note_element(local_name.clone(), flags);
        }
        self.create_element(document, local_name, namespace, None)
    }

    /// Makes the element that `document.createElementNS(namespace, qualified_name)` makes.
    ///
    /// # Errors
    /// [`DomError::InvalidCharacter`] and [`DomError::Namespace`] as in [`names::validate_and_extract`];
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#internal-createelementns-steps>
    pub fn create_element_ns(
        &mut self,
        document: NodeId,
        namespace: Option<&str>,
        qualified_name: &str,
    ) -> Result<NodeId, DomError> {
        let name = names::validate_and_extract(namespace, qualified_name, NameContext::Element)?;
        self.create_element(document, name.local_name, name.namespace, name.prefix)
    }

    /// The local name of an element or attribute; empty for other nodes.
    #[inline]
    pub fn local_name(&self, id: NodeId) -> &LocalName {
        match &self.node(id).data {
            NodeData::Element(element) => &element.local_name,
            NodeData::Attr(attr) => &attr.local_name,
            _ => &NO_NAME,
        }
    }

    /// The namespace of an element or attribute; the empty atom is null.
    #[inline]
    pub fn namespace(&self, id: NodeId) -> &Namespace {
        match &self.node(id).data {
            NodeData::Element(element) => &element.namespace,
            NodeData::Attr(attr) => &attr.namespace,
            _ => &NO_NAMESPACE,
        }
    }

    /// The namespace prefix of an element or attribute.
    #[inline]
    pub fn prefix(&self, id: NodeId) -> Option<&Prefix> {
        match &self.node(id).data {
            NodeData::Element(element) => element.prefix.as_ref(),
            NodeData::Attr(attr) => attr.prefix.as_ref(),
            _ => None,
        }
    }

    /// The qualified name of an element: prefix, colon, local name. Empty for other nodes.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-qualified-name>
    pub fn qualified_name(&self, id: NodeId) -> String {
        self.node(id)
            .as_element()
            .map(|element| qualified_name(element.prefix.as_ref(), &element.local_name))
            .unwrap_or_default()
    }

    /// `Element.tagName`: the qualified name, upper-cased for an HTML element in an HTML document.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#element-html-uppercased-qualified-name>
    pub fn tag_name(&self, id: NodeId) -> String {
        let mut name = self.qualified_name(id);
        if self.is_html_element_in_html_document(id) {
            name.make_ascii_uppercase();
        }
        name
    }

    /// Whether `id` is an element in the HTML namespace whose node document is an HTML document.
    #[inline]
    pub fn is_html_element_in_html_document(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.as_element()
            .is_some_and(|element| element.namespace == ns!(html))
            && self
                .node_document(id)
                .is_some_and(|document| self.is_html_document(document))
    }

    /// The attribute list; empty if `id` is no element.
    #[inline]
    pub fn attributes(&self, id: NodeId) -> &[Attribute] {
        self.node(id)
            .as_element()
            .map_or(&[], |element| &element.attributes)
    }

    #[inline]
    pub(crate) fn attribute_list_mut(&mut self, id: NodeId) -> &mut [Attribute] {
        match &mut self.node_mut(id).data {
            NodeData::Element(element) => element.attributes.to_mut(),
            _ => &mut [],
        }
    }

    /// The place in the list of the attribute with the qualified name `name`, which is lower-cased for an HTML element
    /// in an HTML document.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-get-by-name>
    #[inline]
    pub fn attribute_index(&self, id: NodeId, name: &str) -> Option<usize> {
        // 1. HTML documents know lower-case names only.
        let name = self.attribute_name_for(id, name);
        // 2. The first with that qualified name.
        self.qualified_attribute_place(id, &name)
    }

    /// `name` as this element's attributes spell it.
    #[inline]
    pub(crate) fn attribute_name_for<'a>(&self, id: NodeId, name: &'a str) -> Cow<'a, str> {
        if name.bytes().any(|byte| byte.is_ascii_uppercase())
            && self.is_html_element_in_html_document(id)
        {
            Cow::Owned(name.to_ascii_lowercase())
        } else {
            Cow::Borrowed(name)
        }
    }

    /// The place in the list of the attribute with this namespace (empty is null) and local name.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-attributes-get-by-namespace>
    pub fn attribute_index_ns(
        &self,
        id: NodeId,
        namespace: Option<&str>,
        local_name: &str,
    ) -> Option<usize> {
        let namespace = namespace.unwrap_or_default();
        self.attribute_place(id, &LocalName::from(local_name), |attribute| {
            *attribute.namespace == *namespace
        })
    }

    /// The value of the attribute with the qualified name `name`, as `getAttribute()` gives it.
    #[inline]
    pub fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        let index = self.attribute_index(id, name)?;
        self.attributes(id).get(index).map(Attribute::value)
    }

    /// The value of the attribute with this namespace (empty is null) and local name, as `getAttributeNS()` gives it.
    pub fn attribute_ns(
        &self,
        id: NodeId,
        namespace: Option<&str>,
        local_name: &str,
    ) -> Option<&str> {
        let index = self.attribute_index_ns(id, namespace, local_name)?;
        self.attributes(id).get(index).map(Attribute::value)
    }

    /// The value of the attribute without a namespace and with the local name `name`: one comparison of atoms for
    /// each attribute, and no lower-casing.
    #[inline]
    pub fn attribute_atom(&self, id: NodeId, name: &LocalName) -> Option<&str> {
        let index = self.attribute_place(id, name, |attribute| attribute.namespace == ns!())?;
        self.attributes(id).get(index).map(Attribute::value)
    }

    /// The element's `id`; `None` if it has none or an empty one.
    #[inline]
    pub fn id_attribute(&self, id: NodeId) -> Option<&str> {
        if !self.has_flag(id, NodeFlags::HAS_ID) {
            return None;
        }
        self.attribute_atom(id, &local_name!("id"))
    }

    /// The contents of a template element: a fragment in an inert document.
    ///
    /// Standard: <https://html.spec.whatwg.org/#template-contents>
    #[inline]
    pub fn template_contents(&self, id: NodeId) -> Option<NodeId> {
        self.node(id)
            .as_element()
            .and_then(|element| element.template_contents)
    }

    /// The contents of a template, unless they are a shadow root that the parser fills by way of it.
    pub(crate) fn own_template_contents(&self, id: NodeId) -> Option<NodeId> {
        self.template_contents(id)
            .filter(|&contents| self.host(contents) == Some(id))
    }

    fn attach_template_contents(&mut self, template: NodeId) -> Result<(), DomError> {
        let document = self
            .node_document(template)
            .ok_or(DomError::NotFound("the template has no document"))?;
        // Template contents live in an inert document, so that their scripts do not run.
        let owner = self.template_contents_owner(document)?;
        let contents = self.create_document_fragment(owner)?;
        if let NodeData::DocumentFragment { host } = &mut self.node_mut(contents).data {
            *host = Some(template);
        }
        if let NodeData::Element(element) = &mut self.node_mut(template).data {
            element.template_contents = Some(contents);
        }
        Ok(())
    }

    /// The state of a script element; all false for other nodes.
    pub fn script_flags(&self, id: NodeId) -> ScriptFlags {
        let links = self.links(id);
        ScriptFlags {
            already_started: links.has_flag(NodeFlags::ALREADY_STARTED),
            parser_inserted: links.has_flag(NodeFlags::PARSER_INSERTED),
            force_async: links.has_flag(NodeFlags::FORCE_ASYNC),
        }
    }

    /// Stores the state of a script element.
    pub fn set_script_flags(&mut self, id: NodeId, flags: ScriptFlags) {
        self.set_flag(id, NodeFlags::ALREADY_STARTED, flags.already_started);
        self.set_flag(id, NodeFlags::PARSER_INSERTED, flags.parser_inserted);
        self.set_flag(id, NodeFlags::FORCE_ASYNC, flags.force_async);
    }
}

pub(crate) fn is_id(attribute: &Attribute) -> bool {
    attribute.local_name == local_name!("id")
        && attribute.namespace == ns!()
        && !attribute.value.is_empty()
}

/// `name` with its ASCII letters in lower case, without a copy if they are already.
#[inline]
pub(crate) fn ascii_lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}
