//! The door between html5ever's tree builder and the arena.
//!
//! The tree is lent to the sink for the time of one call of the parser; between calls the sink holds an empty one.
//!
//! Standard: <https://html.spec.whatwg.org/#tree-construction>, text of November 2026.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::Tag;
use html5ever::{LocalName, Namespace, QualName, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::custom_elements::ElementConstruction;
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::character_data::CharacterData;
use crate::node::document::DocumentMode;
use crate::node::element::{Attribute, ElementData, ScriptFlags};
use crate::node::{NodeData, NodeFlags, NodeKind};
use crate::parsing::html::{DeclarativeShadowRoots, ParseError};
use crate::shadow::{ShadowRootInit, ShadowRootMode, SlotAssignmentMode};

/// How many options after the first `selectedcontent` are looked at for it: each look walks their `select`.
const MAX_SELECTEDCONTENT_LOOKS: u32 = 1_000;

/// The most parse errors that are kept.
const MAX_ERRORS: usize = 10_000;

/// Whether the sink builds a document or the children of some context.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum SinkTarget {
    Document,
    Fragment,
}

#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) tree: RefCell<Tree>,
    /// The node that stands for the document: the document itself, or a fragment.
    root: NodeId,
    /// The node document of what is made.
    document: NodeId,
    target: SinkTarget,
    keeps_errors: bool,
    declarative_shadow_roots: DeclarativeShadowRoots,
    /// The templates that stood for shadow roots; they are in no tree.
    templates: RefCell<Vec<NodeId>>,
    pub(crate) errors: RefCell<Vec<ParseError>>,
    pub(crate) line: Cell<u64>,
    /// How many elements were made.
    pub(crate) created: Cell<u32>,
    /// The tree is full: nothing more goes in.
    pub(crate) is_full: Cell<bool>,
    /// An element that script has constructed, for the token that comes next.
    pub(crate) provided: Cell<Option<NodeId>>,
    /// The name `is`.
    is: LocalName,
    /// The name `selectedcontent`.
    selectedcontent: LocalName,
    /// Such an element was made.
    has_selectedcontent: Cell<bool>,
    /// How many options may still be looked at for it.
    selectedcontent_looks: Cell<u32>,
}

/// An element's names, borrowed from the tree.
#[derive(Debug)]
pub(crate) struct BorrowedName<'a>(Option<Ref<'a, ElementData>>);

impl ElemName for BorrowedName<'_> {
    #[inline]
    fn ns(&self) -> &Namespace {
        self.0
            .as_ref()
            .map_or(&NO_NAMESPACE, |element| &element.namespace)
    }

    #[inline]
    fn local_name(&self) -> &LocalName {
        self.0
            .as_ref()
            .map_or(&NO_NAME, |element| &element.local_name)
    }
}

static NO_NAME: LocalName = local_name!("");
static NO_NAMESPACE: Namespace = ns!();

impl Sink {
    pub(crate) fn new(
        root: NodeId,
        document: NodeId,
        target: SinkTarget,
        keeps_errors: bool,
        declarative_shadow_roots: DeclarativeShadowRoots,
    ) -> Self {
        Self {
            tree: RefCell::default(),
            root,
            document,
            target,
            keeps_errors,
            declarative_shadow_roots,
            templates: RefCell::default(),
            errors: RefCell::default(),
            line: Cell::new(1),
            created: Cell::new(0),
            is_full: Cell::new(false),
            provided: Cell::new(None),
            is: LocalName::from("is"),
            selectedcontent: LocalName::from("selectedcontent"),
            has_selectedcontent: Cell::new(false),
            selectedcontent_looks: Cell::new(MAX_SELECTEDCONTENT_LOOKS),
        }
    }

    /// Whether parse errors are wanted.
    pub(crate) fn keeps_errors(&self) -> bool {
        self.keeps_errors
    }

    /// Frees the templates that stood for shadow roots, once the parser is done with them.
    pub(crate) fn release_templates(&self, tree: &mut Tree) {
        for template in self.templates.take() {
            tree.release_tree(template);
        }
    }

    /// Whether custom elements are constructed and told of things while this sink is filled.
    pub(crate) fn runs_custom_elements(&self) -> bool {
        self.target == SinkTarget::Document && self.tree.borrow().has_custom_element_definitions()
    }

    /// The value of the attribute `is`.
    pub(crate) fn is_attribute<'a>(
        &self,
        attributes: &'a [html5ever::Attribute],
    ) -> Option<&'a str> {
        attributes
            .iter()
            .find(|attribute| attribute.name.local == self.is && attribute.name.ns == ns!())
            .map(|attribute| &*attribute.value)
    }

    /// The element to construct before a start tag is seen, if it has a definition.
    pub(crate) fn construction_for(
        &self,
        tag: &Tag,
        is: Option<&str>,
    ) -> Option<ElementConstruction> {
        let is = is.map(LocalName::from);
        self.tree
            .borrow()
            .look_up_custom_element_definition(self.document, &ns!(html), &tag.name, is.as_ref())
            .map(|definition| ElementConstruction {
                document: self.document,
                definition,
                local_name: tag.name.clone(),
                attributes: convert(tag.attrs.clone()),
            })
    }

    fn take_provided(&self, name: &QualName) -> Option<NodeId> {
        let element = self.provided.get()?;
        let fits = name.ns == ns!(html) && *self.tree.borrow().local_name(element) == name.local;
        if fits { self.provided.take() } else { None }
    }

    /// The new node, or, in a full tree, one that is there: nothing happens to it any more.
    fn made(&self, result: Result<NodeId, DomError>) -> NodeId {
        result.unwrap_or_else(|_| {
            self.is_full.set(true);
            self.root
        })
    }

    fn insert(&self, parent: NodeId, child: NodeOrText<NodeId>, reference: Option<NodeId>) {
        if self.is_full.get() {
            return;
        }
        let mut tree = self.tree.borrow_mut();
        match child {
            NodeOrText::AppendNode(node) => {
                // NOTE: script may have moved things so that the node no longer fits; then it stays out.
                let _ = tree.pre_insert(node, parent, reference);
            }
            NodeOrText::AppendText(text) => {
                if tree.kind(parent) == Some(NodeKind::Document) {
                    return;
                }
                let previous = match reference {
                    Some(reference) => tree.previous_sibling(reference),
                    None => tree.last_child(parent),
                };
                if let Some(previous) = previous
                    && tree.kind(previous) == Some(NodeKind::Text)
                {
                    if let Some(data) = tree.character_data_mut(previous) {
                        data.push_str(&text);
                    }
                    tree.data_version = tree.data_version.wrapping_add(1);
                    tree.children_changed(parent);
                    return;
                }
                let node = tree.create_text(self.document, CharacterData::from(&*text));
                match node {
                    Ok(node) if reference.is_none() => tree.append_new_leaf(node, parent),
                    Ok(node) => tree.insert(node, parent, reference, Observers::Notify),
                    Err(_) => self.is_full.set(true),
                }
            }
        }
    }
}

/// What a template's attributes ask of its shadow root; its mode is known to be one of the two.
///
/// Standard: <https://html.spec.whatwg.org/#attr-template-shadowrootmode>
fn shadow_root_init(attributes: &[html5ever::Attribute]) -> ShadowRootInit {
    let value = |name: &str| {
        attributes
            .iter()
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    };
    let is =
        |name, keyword: &str| value(name).is_some_and(|value| value.eq_ignore_ascii_case(keyword));
    ShadowRootInit {
        mode: if is("shadowrootmode", "closed") {
            ShadowRootMode::Closed
        } else {
            ShadowRootMode::Open
        },
        delegates_focus: value("shadowrootdelegatesfocus").is_some(),
        slot_assignment: if is("shadowrootslotassignment", "manual") {
            SlotAssignmentMode::Manual
        } else {
            SlotAssignmentMode::Named
        },
        clonable: value("shadowrootclonable").is_some(),
        serializable: value("shadowrootserializable").is_some(),
    }
}

fn convert(attributes: Vec<html5ever::Attribute>) -> Vec<Attribute> {
    attributes
        .into_iter()
        .map(|attribute| Attribute {
            local_name: attribute.name.local,
            namespace: attribute.name.ns,
            prefix: attribute.name.prefix,
            value: (&*attribute.value).into(),
            node: None,
            value_slot: Default::default(),
        })
        .collect()
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = ();
    type ElemName<'a> = BorrowedName<'a>;

    fn finish(self) {}

    fn parse_error(&self, message: Cow<'static, str>) {
        if self.keeps_errors {
            let mut errors = self.errors.borrow_mut();
            if errors.len() < MAX_ERRORS {
                errors.push(ParseError {
                    line: self.line.get(),
                    message,
                });
            }
        }
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }

    fn get_document(&self) -> NodeId {
        self.root
    }

    #[inline]
    fn elem_name<'a>(&'a self, target: &'a NodeId) -> BorrowedName<'a> {
        let tree = self.tree.borrow();
        BorrowedName(Ref::filter_map(tree, |tree| tree.node(*target).as_element()).ok())
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<html5ever::Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        if self.is_full.get() {
            return self.root;
        }
        let provided = self.take_provided(&name);
        let mut tree = self.tree.borrow_mut();
        if let Some(element) = provided {
            // Constructed, with its attributes.
            self.created.set(self.created.get().saturating_add(1));
            return element;
        }
        let is_value = self.is_attribute(&attributes).map(LocalName::from);
        let is_script = name.local == local_name!("script");
        if name.local == self.selectedcontent {
            self.has_selectedcontent.set(true);
        }
        let element = tree.create_element_with_attributes(
            self.document,
            name.local,
            name.ns,
            name.prefix,
            convert(attributes),
        );
        let Ok(element) = element else {
            drop(tree);
            return self.made(element);
        };
        if let Some(is_value) = is_value {
            tree.set_is_value(element, is_value);
        }
        if is_script && tree.is_effectful(element) {
            // Create an element for a token, and `script` in "in head": the parser's own script.
            tree.set_script_flags(
                element,
                ScriptFlags {
                    already_started: false,
                    parser_inserted: true,
                    force_async: false,
                },
            );
        }
        if flags.mathml_annotation_xml_integration_point {
            tree.set_flag(element, NodeFlags::INTEGRATION_POINT, true);
        }
        self.created.set(self.created.get().saturating_add(1));
        element
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        let node = self.tree.borrow_mut().create_comment(self.document, &*text);
        self.made(node)
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        let node =
            self.tree
                .borrow_mut()
                .create_processing_instruction(self.document, &target, &*data);
        self.made(node)
    }

    #[inline]
    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.insert(*parent, child, None);
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let parent = self.tree.borrow().parent(*sibling);
        if let Some(parent) = parent {
            self.insert(parent, child, Some(*sibling));
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous_element: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let parent = self.tree.borrow().parent(*element);
        match parent {
            Some(parent) => self.insert(parent, child, Some(*element)),
            None => self.insert(*previous_element, child, None),
        }
    }

    fn append_doctype_to_document(
        &self,
        name: StrTendril,
        public_id: StrTendril,
        system_id: StrTendril,
    ) {
        if self.target == SinkTarget::Fragment {
            return;
        }
        let doctype = self.tree.borrow_mut().create_document_type(
            self.document,
            &name,
            &public_id,
            &system_id,
        );
        let doctype = self.made(doctype);
        self.insert(self.root, NodeOrText::AppendNode(doctype), None);
    }

    fn mark_script_already_started(&self, node: &NodeId) {
        self.tree
            .borrow_mut()
            .set_flag(*node, NodeFlags::ALREADY_STARTED, true);
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        self.tree
            .borrow()
            .template_contents(*target)
            .unwrap_or(*target)
    }

    #[inline]
    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, mode: QuirksMode) {
        if self.target == SinkTarget::Document {
            let mode = match mode {
                QuirksMode::Quirks => DocumentMode::Quirks,
                QuirksMode::LimitedQuirks => DocumentMode::LimitedQuirks,
                QuirksMode::NoQuirks => DocumentMode::NoQuirks,
            };
            self.tree.borrow_mut().set_mode(self.document, mode);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<html5ever::Attribute>) {
        let mut tree = self.tree.borrow_mut();
        for attribute in convert(attributes) {
            let is_there = tree.attributes(*target).iter().any(|other| {
                other.local_name == attribute.local_name && other.namespace == attribute.namespace
            });
            if !is_there {
                tree.append_attribute(*target, attribute);
            }
        }
    }

    fn associate_with_form(
        &self,
        target: &NodeId,
        form: &NodeId,
        nodes: (&NodeId, Option<&NodeId>),
    ) {
        let mut tree = self.tree.borrow_mut();
        // Only where the intended parent and the form share a tree.
        let root = tree.root(*form);
        let is_near = |node: &NodeId| tree.root(*node) == root;
        if is_near(nodes.0) || nodes.1.is_some_and(is_near) {
            tree.set_parser_form_owner(*target, *form);
        }
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree
            .borrow_mut()
            .remove_node(*target, Observers::Notify);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.first_child(*node) {
            if tree
                .ensure_pre_insert_validity(child, *new_parent, None, &[])
                .is_err()
            {
                return;
            }
            tree.insert(child, *new_parent, None, Observers::Notify);
        }
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &NodeId) -> bool {
        let tree = self.tree.borrow();
        if tree.has_flag(*node, NodeFlags::INTEGRATION_POINT) {
            return true;
        }
        // A context element was not made by this parser.
        matches!(&tree.node(*node).data, NodeData::Element(element)
            if element.namespace == ns!(mathml)
                && element.local_name == local_name!("annotation-xml"))
            && tree.attribute(*node, "encoding").is_some_and(|encoding| {
                encoding.eq_ignore_ascii_case("text/html")
                    || encoding.eq_ignore_ascii_case("application/xhtml+xml")
            })
    }

    fn pop(&self, node: &NodeId) {
        if self.has_selectedcontent.get() {
            self.maybe_clone_an_option_into_selectedcontent(node);
        }
    }

    fn maybe_clone_an_option_into_selectedcontent(&self, option: &NodeId) {
        let mut tree = self.tree.borrow_mut();
        let looks = self.selectedcontent_looks.get();
        if looks == 0
            || !self.has_selectedcontent.get()
            || !tree.is_html_element_named(*option, &local_name!("option"))
        {
            return;
        }
        self.selectedcontent_looks.set(looks - 1);
        if tree
            .maybe_clone_option_into_selectedcontent(*option)
            .is_err()
        {
            self.is_full.set(true);
        }
    }

    fn allow_declarative_shadow_roots(&self, _intended_parent: &NodeId) -> bool {
        self.declarative_shadow_roots == DeclarativeShadowRoots::Attach && !self.is_full.get()
    }

    fn attach_declarative_shadow(
        &self,
        host: &NodeId,
        template: &NodeId,
        attributes: &[html5ever::Attribute],
    ) -> bool {
        let mut tree = self.tree.borrow_mut();
        let Ok(root) = tree.attach_declarative_shadow(*host, shadow_root_init(attributes)) else {
            tree.release_tree(*template);
            return false;
        };
        // The template's contents are the shadow root from now on.
        let old = match &mut tree.node_mut(*template).data {
            NodeData::Element(element) => element.template_contents.replace(root),
            _ => None,
        };
        if let Some(old) = old {
            tree.release_tree(old);
        }
        self.templates.borrow_mut().push(*template);
        true
    }
}
