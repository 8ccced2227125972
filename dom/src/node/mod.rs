//! Nodes: their kinds, their data, and the links between them.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-node>, text of November 2026.

pub mod attr;
pub(crate) mod attribute_list;
pub mod character_data;
pub mod document;
pub mod document_fragment;
pub mod document_type;
pub mod element;
pub(crate) mod free_slots;
pub mod links;
pub mod namespace;
pub mod processing_instruction;
pub(crate) mod slab;
pub mod value_slot;
pub(crate) mod wide_element;

use html5ever::{LocalName, ns};

use crate::arena::{NodeId, Tree};
use attr::AttrData;
use character_data::CharacterData;
use document::DocumentData;
use document_type::DocumentTypeData;
use element::ElementData;
use processing_instruction::ProcessingInstructionData;

/// The interface a node implements.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum NodeKind {
    /// An element.
    Element = 1,
    /// An attribute that has a node of its own.
    Attr = 2,
    /// A text node that is not a CDATA section.
    Text = 3,
    /// A CDATA section; a text node as well.
    CdataSection = 4,
    /// A processing instruction.
    ProcessingInstruction = 7,
    /// A comment.
    Comment = 8,
    /// A document.
    Document = 9,
    /// A doctype.
    DocumentType = 10,
    /// A document fragment, also the contents of a template.
    DocumentFragment = 11,
}

impl NodeKind {
    #[inline]
    pub(crate) const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Element,
            2 => Self::Attr,
            3 => Self::Text,
            4 => Self::CdataSection,
            7 => Self::ProcessingInstruction,
            8 => Self::Comment,
            9 => Self::Document,
            10 => Self::DocumentType,
            11 => Self::DocumentFragment,
            _ => return None,
        })
    }
}

/// Facts about a node that hot paths must find without looking elsewhere.
#[derive(Debug, Copy, Clone, Default)]
pub(crate) struct NodeFlags(pub(crate) u16);

impl NodeFlags {
    /// The shadow-including root is a document.
    pub(crate) const CONNECTED: u16 = 1;
    /// Script holds a wrapper.
    pub(crate) const WRAPPED: u16 = 1 << 1;
    /// A paused parser will come back to the node.
    pub(crate) const HELD_BY_PARSER: u16 = 1 << 2;
    /// A mutation record that was not taken yet names the node.
    pub(crate) const HELD_BY_RECORD: u16 = 1 << 3;
    /// The registered observer list is not empty.
    pub(crate) const OBSERVED: u16 = 1 << 4;
    /// The embedder is told of what happens to this element.
    pub(crate) const EFFECTFUL: u16 = 1 << 5;
    /// The element has a non-empty `id`.
    pub(crate) const HAS_ID: u16 = 1 << 6;
    /// A side table of the tree names the node.
    pub(crate) const IN_SIDE_TABLE: u16 = 1 << 7;
    /// The script element's "already started".
    pub(crate) const ALREADY_STARTED: u16 = 1 << 8;
    /// The script element's parser document is not null.
    pub(crate) const PARSER_INSERTED: u16 = 1 << 9;
    /// The script element's "force async".
    pub(crate) const FORCE_ASYNC: u16 = 1 << 10;
    /// A MathML `annotation-xml` that the parser treats as HTML.
    pub(crate) const INTEGRATION_POINT: u16 = 1 << 11;
    /// A live range starts or ends here, or a node iterator stands here; or did once.
    pub(crate) const RANGE_BOUNDARY: u16 = 1 << 12;
    /// The element is custom, or can become so: it has a name of a custom element, or an is value.
    pub(crate) const CUSTOM: u16 = 1 << 13;
    /// The tree's wrappers are held weakly; see [`lifetime`](crate::mutation::lifetime).
    pub(crate) const WEAK: u16 = 1 << 14;
    /// The root is a shadow root.
    pub(crate) const IN_SHADOW_TREE: u16 = 1 << 15;
}

/// Marks of the lifetime's book-keeping.
#[derive(Debug)]
pub(crate) struct NodeMarks;

impl NodeMarks {
    /// The next sweep looks at the node's tree.
    pub(crate) const CANDIDATE: u8 = 1;
    /// The sweep under way has come by.
    pub(crate) const SEEN: u8 = 1 << 1;
}

/// One slot of the arena, but for what is in the table of [`links`].
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) data: NodeData,
}

/// What each kind of node holds besides its links.
#[derive(Debug)]
pub(crate) enum NodeData {
    /// The slot waits for another node.
    Free,
    Element(ElementData),
    Attr(Box<AttrData>),
    /// Text, CDATA section, comment.
    Character(CharacterData),
    ProcessingInstruction(Box<ProcessingInstructionData>),
    Document(Box<DocumentData>),
    DocumentType(Box<DocumentTypeData>),
    /// `host`: the template element whose contents this is, or the element whose shadow root it is.
    DocumentFragment {
        host: Option<NodeId>,
    },
}

const _: () = assert!(
    size_of::<Node>() <= 64,
    "a node is to stay within 64 bytes and 32 of links; millions of them may live"
);

impl Node {
    pub(crate) const FREE: Self = Self {
        data: NodeData::Free,
    };

    #[inline]
    pub(crate) fn as_element(&self) -> Option<&ElementData> {
        match &self.data {
            NodeData::Element(element) => Some(element),
            _ => None,
        }
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::FREE
    }
}

impl Tree {
    /// What kind of node `id` is; `None` if it names no living node.
    #[inline]
    pub fn kind(&self, id: NodeId) -> Option<NodeKind> {
        self.links(id).kind()
    }

    /// `Node.nodeType`: 1 element, 2 attribute, 3 text, … 11 fragment; 0 if `id` names no living node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-nodetype>
    #[inline]
    pub fn node_type(&self, id: NodeId) -> u16 {
        self.links(id).node_type()
    }

    /// Whether `id` is an element.
    #[inline]
    pub fn is_element(&self, id: NodeId) -> bool {
        self.kind(id) == Some(NodeKind::Element)
    }

    /// Whether `id` is a text node, CDATA sections included.
    #[inline]
    pub fn is_text(&self, id: NodeId) -> bool {
        matches!(self.kind(id), Some(NodeKind::Text | NodeKind::CdataSection))
    }

    /// The node document; a document is its own. (`ownerDocument` is null for documents, which callers see to.)
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-node-document>
    #[inline]
    pub fn node_document(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).document()
    }

    /// The parent.
    #[inline]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).parent()
    }

    /// The parent if it is an element.
    #[inline]
    pub fn parent_element(&self, id: NodeId) -> Option<NodeId> {
        self.parent(id).filter(|&parent| self.is_element(parent))
    }

    /// The first child.
    #[inline]
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).first_child()
    }

    /// The last child.
    #[inline]
    pub fn last_child(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).last_child()
    }

    /// The previous sibling.
    #[inline]
    pub fn previous_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).previous_sibling()
    }

    /// The next sibling.
    #[inline]
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.links(id).next_sibling()
    }

    /// Whether there are children.
    #[inline]
    pub fn has_child_nodes(&self, id: NodeId) -> bool {
        self.first_child(id).is_some()
    }

    /// Whether the shadow-including root is a document. Costs no walk.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#connected>
    #[inline]
    pub fn is_connected(&self, id: NodeId) -> bool {
        self.has_flag(id, NodeFlags::CONNECTED)
    }

    /// The root of the tree that `id` is in; itself if it has no parent.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-tree-root>
    pub fn root(&self, id: NodeId) -> NodeId {
        let links = self.links(id);
        // OPTIMIZATION: outside shadow trees, the root of a connected node is its document.
        let in_a_tree = NodeFlags::CONNECTED | NodeFlags::IN_SHADOW_TREE;
        if links.flags() & in_a_tree == NodeFlags::CONNECTED
            && let Some(document) = links.document()
        {
            return document;
        }
        let mut root = id;
        while let Some(parent) = self.parent(root) {
            root = parent;
        }
        root
    }

    /// `Node.nodeName`; empty if `id` names no living node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-nodename>
    pub fn node_name(&self, id: NodeId) -> String {
        let node = self.node(id);
        match &node.data {
            NodeData::Free => String::new(),
            NodeData::Element(_) => self.tag_name(id),
            NodeData::Attr(attr) => attr.qualified_name(),
            NodeData::Character(_) => match self.kind(id) {
                Some(NodeKind::Text) => "#text",
                Some(NodeKind::CdataSection) => "#cdata-section",
                _ => "#comment",
            }
            .to_owned(),
            NodeData::ProcessingInstruction(instruction) => instruction.target.to_string(),
            NodeData::Document(_) => "#document".to_owned(),
            NodeData::DocumentType(doctype) => doctype.name.to_string(),
            NodeData::DocumentFragment { .. } => "#document-fragment".to_owned(),
        }
    }

    /// Whether `id` is an element in the HTML namespace with the local name `name`.
    #[inline]
    pub fn is_html_element_named(&self, id: NodeId, name: &LocalName) -> bool {
        self.node(id)
            .as_element()
            .is_some_and(|element| element.local_name == *name && element.namespace == ns!(html))
    }
}
