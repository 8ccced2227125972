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
#[derive(Debug, Copy, Clone, Default)]
pub(crate) struct NodeMarks(pub(crate) u8);

impl NodeMarks {
    /// The next sweep looks at the node's tree.
    pub(crate) const CANDIDATE: u8 = 1;
    /// The sweep under way has come by.
    pub(crate) const SEEN: u8 = 1 << 1;
}

/// One slot of the arena.
///
/// OPTIMIZATION: what a walk reads lies in one half of a cache line.
#[derive(Debug)]
#[repr(C, align(32))]
pub(crate) struct Node {
    pub(crate) parent: Option<NodeId>,
    pub(crate) first_child: Option<NodeId>,
    pub(crate) last_child: Option<NodeId>,
    pub(crate) previous_sibling: Option<NodeId>,
    pub(crate) next_sibling: Option<NodeId>,
    /// The node document; a document names itself.
    pub(crate) document: Option<NodeId>,
    pub(crate) version: u32,
    pub(crate) kind: NodeKind,
    pub(crate) flags: NodeFlags,
    pub(crate) marks: NodeMarks,
    pub(crate) data: NodeData,
}

/// What each kind of node holds besides its links.
#[derive(Debug)]
pub(crate) enum NodeData {
    Free {
        next: Option<NodeId>,
    },
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
    size_of::<Node>() <= 96,
    "a node is to stay within 96 bytes; millions of them may live"
);

impl Node {
    pub(crate) const FREE: Self = Self {
        parent: None,
        first_child: None,
        last_child: None,
        previous_sibling: None,
        next_sibling: None,
        document: None,
        version: 0,
        kind: NodeKind::Comment,
        flags: NodeFlags(0),
        marks: NodeMarks(0),
        data: NodeData::Free { next: None },
    };

    #[inline]
    pub(crate) fn new(kind: NodeKind, document: NodeId, flags: u16, data: NodeData) -> Self {
        Self {
            document: Some(document),
            kind,
            flags: NodeFlags(flags),
            data,
            ..Self::FREE
        }
    }

    #[inline]
    pub(crate) fn is_free(&self) -> bool {
        // Every node has a node document.
        self.document.is_none()
    }

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
        let node = self.node(id);
        (!node.is_free()).then_some(node.kind)
    }

    /// `Node.nodeType`: 1 element, 2 attribute, 3 text, … 11 fragment; 0 if `id` names no living node.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-node-nodetype>
    #[inline]
    pub fn node_type(&self, id: NodeId) -> u16 {
        let node = self.node(id);
        if node.is_free() { 0 } else { node.kind as u16 }
    }

    /// Whether `id` is an element.
    #[inline]
    pub fn is_element(&self, id: NodeId) -> bool {
        matches!(self.node(id).data, NodeData::Element(_))
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
        self.node(id).document
    }

    /// The parent.
    #[inline]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).parent
    }

    /// The parent if it is an element.
    #[inline]
    pub fn parent_element(&self, id: NodeId) -> Option<NodeId> {
        self.parent(id).filter(|&parent| self.is_element(parent))
    }

    /// The first child.
    #[inline]
    pub fn first_child(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).first_child
    }

    /// The last child.
    #[inline]
    pub fn last_child(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).last_child
    }

    /// The previous sibling.
    #[inline]
    pub fn previous_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).previous_sibling
    }

    /// The next sibling.
    #[inline]
    pub fn next_sibling(&self, id: NodeId) -> Option<NodeId> {
        self.node(id).next_sibling
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
        let node = self.node(id);
        // OPTIMIZATION: outside shadow trees, the root of a connected node is its document.
        if node.flags.0 & (NodeFlags::CONNECTED | NodeFlags::IN_SHADOW_TREE) == NodeFlags::CONNECTED
            && let Some(document) = node.document
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
            NodeData::Free { .. } => String::new(),
            NodeData::Element(_) => self.tag_name(id),
            NodeData::Attr(attr) => attr.qualified_name(),
            NodeData::Character(_) => match node.kind {
                NodeKind::Text => "#text",
                NodeKind::CdataSection => "#cdata-section",
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
