//! The arena: every node of an agent in one growing slab, named by 32-bit slots.
//!
//! The arena is ours, not the standard's. Links between nodes are slots, so a walk touches no reference counts, and a
//! tree is freed without recursion. A slot that is freed gets a new version before it is used again.

use std::num::NonZeroU32;
use std::sync::atomic::AtomicU32;

use crate::collections::window_names::WindowNames;
use crate::controls::Controls;
use crate::css::{CascadeCache, StyleSheets};
use crate::custom_elements::CustomElements;
use crate::error::DomError;
use crate::mutation::effect::PendingEffect;
use crate::mutation::free::DeferredReclaim;
use crate::mutation::lifetime::Lifetime;
use crate::mutation::mutation_record::Observers;
use crate::names::NameCache;
use crate::node::links::{LinkBlock, Links, LinksMut};
use crate::node::slab::Slab;
use crate::node::value_slot::ValueSlots;
use crate::node::wide_element::WideElements;
use crate::node::{Node, NodeData, NodeFlags, NodeKind};
use crate::parsing::form_owner::FormOwners;
use crate::selectors::SelectorCache;
use crate::selectors::element_state::ElementStates;
use crate::shadow::Shadows;
use crate::traversal::node_iterator::NodeIterators;
use crate::traversal::range::LiveRanges;
use crate::versions::Versions;

/// The name of a node: its slot in the [`Tree`].
///
/// Copying it costs nothing and keeps nothing alive. The id of a freed node resolves to nothing until the slot is used
/// for another node; a [`NodeHandle`] tells the two apart.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash, PartialOrd, Ord)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The id with the number `raw`; `None` for 0. Whether such a node exists is found out when it is used.
    #[inline]
    pub const fn from_raw(raw: u32) -> Option<Self> {
        match NonZeroU32::new(raw) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The id's number, never 0; small and dense, fit to index an array.
    #[inline]
    pub const fn raw(self) -> u32 {
        self.0.get()
    }

    #[inline]
    pub(crate) const fn index(self) -> usize {
        self.0.get() as usize
    }
}

/// A [`NodeId`] with the version of its slot, to be kept across calls that may free nodes.
#[derive(Debug, Copy, Clone, Eq, PartialEq, Hash)]
pub struct NodeHandle {
    id: NodeId,
    version: u32,
}

impl NodeHandle {
    /// The slot, whether or not its node still lives.
    pub fn id(self) -> NodeId {
        self.id
    }
}

/// What a tree may grow to. All are settable; a page that reaches one gets an error, not the process.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TreeLimits {
    /// The most nodes that may live at once, over all documents. Defaults to 4,000,000.
    pub max_nodes: u32,
    /// How deep the HTML parser nests elements; deeper ones become siblings, as in Blink. Defaults to 512.
    pub max_depth: u32,
}

impl Default for TreeLimits {
    fn default() -> Self {
        Self {
            max_nodes: 4_000_000,
            max_depth: 512,
        }
    }
}

/// The arena of all documents of an agent. See the crate's page.
///
/// `Default` is an empty tree with the default [`TreeLimits`]; it allocates nothing.
#[derive(Debug, Default)]
pub struct Tree {
    pub(crate) nodes: Slab,
    /// What an id that names no slot reads as.
    no_node: Node,
    /// Takes the writes to ids that name no slot, so that no caller has to check twice.
    scrap: Node,
    /// The same of links.
    no_links: [AtomicU32; LinkBlock::WORDS_PER_NODE],
    scrap_links: [AtomicU32; LinkBlock::WORDS_PER_NODE],
    live: u32,
    limits: TreeLimits,
    pub(crate) versions: Versions,
    pub(crate) data_version: u64,
    /// See [`Tree::set_reclaims_removed`].
    pub(crate) reclaims_removed: bool,
    pub(crate) deferred: DeferredReclaim,
    pub(crate) lifetime: Lifetime,
    pub(crate) effects: Vec<PendingEffect>,
    pub(crate) observers: Observers,
    pub(crate) names: NameCache,
    pub(crate) ranges: LiveRanges,
    pub(crate) node_iterators: NodeIterators,
    pub(crate) form_owners: FormOwners,
    pub(crate) controls: Controls,
    pub(crate) custom: CustomElements,
    pub(crate) shadows: Shadows,
    pub(crate) selector_cache: SelectorCache,
    pub(crate) element_states: ElementStates,
    pub(crate) value_slots: ValueSlots,
    pub(crate) wide_elements: WideElements,
    pub(crate) style_sheets: StyleSheets,
    pub(crate) cascade: CascadeCache,
    pub(crate) window_names: WindowNames,
}

impl Tree {
    /// An empty tree that may grow to `limits`.
    pub fn new(limits: TreeLimits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }

    /// The limits this tree was made with.
    pub fn limits(&self) -> TreeLimits {
        self.limits
    }

    /// How many nodes live, over all documents; attributes count once they have a node of their own.
    pub fn node_count(&self) -> u32 {
        self.live
    }

    /// A handle to `id` that resolves to nothing once the node is freed; `None` if `id` names no node.
    pub fn handle(&self, id: NodeId) -> Option<NodeHandle> {
        let links = self.links(id);
        (!links.is_free()).then_some(NodeHandle {
            id,
            version: links.version(),
        })
    }

    /// The node of `handle` if it still lives.
    pub fn resolve(&self, handle: NodeHandle) -> Option<NodeId> {
        let links = self.links(handle.id);
        (!links.is_free() && links.version() == handle.version).then_some(handle.id)
    }

    /// Whether `id` names a living node.
    pub fn exists(&self, id: NodeId) -> bool {
        !self.links(id).is_free()
    }

    #[inline]
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        self.nodes.get(id).unwrap_or(&self.no_node)
    }

    #[inline]
    pub(crate) fn node_mut(&mut self, id: NodeId) -> &mut Node {
        match self.nodes.get_mut(id) {
            Some(node) => node,
            None => &mut self.scrap,
        }
    }

    #[inline]
    pub(crate) fn links(&self, id: NodeId) -> Links<'_> {
        self.nodes
            .links(id)
            .unwrap_or(Links::of_none(&self.no_links))
    }

    #[expect(
        clippy::needless_pass_by_ref_mut,
        reason = "who writes links holds the tree for writing, though atomics could do without"
    )]
    #[inline]
    pub(crate) fn links_mut(&mut self, id: NodeId) -> LinksMut<'_> {
        let links = self.nodes.links(id);
        LinksMut(links.unwrap_or(Links::of_none(&self.scrap_links)))
    }

    #[inline]
    pub(crate) fn has_flag(&self, id: NodeId, flag: u16) -> bool {
        self.links(id).has_flag(flag)
    }

    #[inline]
    pub(crate) fn set_flag(&mut self, id: NodeId, flag: u16, on: bool) {
        self.links_mut(id).set_flag(flag, on);
    }

    /// Gives a slot to a new node. A document names itself as its node document (`document` is `None`).
    #[inline]
    pub(crate) fn allocate(
        &mut self,
        kind: NodeKind,
        document: Option<NodeId>,
        flags: u16,
        data: NodeData,
    ) -> Result<NodeId, DomError> {
        if self.live >= self.limits.max_nodes {
            return Err(DomError::NodeLimit);
        }
        if let Some(document) = document {
            self.strengthen(document);
        }
        let id = self.nodes.insert(data).ok_or(DomError::NodeLimit)?;
        let document = document.unwrap_or(id);
        self.links_mut(id).begin(kind, document, NodeFlags(flags));
        self.live += 1;
        Ok(id)
    }

    /// Gives back one slot. The caller has taken the node out of every list that names it.
    pub(crate) fn release(&mut self, id: NodeId) {
        if self.links(id).is_free() {
            return;
        }
        self.links_mut(id).end();
        self.nodes.remove(id);
        self.live -= 1;
    }

    /// Notes whether script holds a wrapper of `id`; [`Self::reclaim_unwrapped`] keeps trees that have one.
    pub fn set_wrapped(&mut self, id: NodeId, wrapped: bool) {
        self.set_flag(id, NodeFlags::WRAPPED, wrapped);
        if wrapped {
            self.note_candidate(id);
        }
    }

    /// What [`Self::set_wrapped`] noted last; false at first.
    #[inline]
    pub fn is_wrapped(&self, id: NodeId) -> bool {
        self.has_flag(id, NodeFlags::WRAPPED)
    }
}
