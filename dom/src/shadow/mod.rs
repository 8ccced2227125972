//! Shadow trees: roots, hosts, slots.
//!
//! A shadow root is a [`NodeKind::DocumentFragment`] that has a host element. What a root and its slots hold stands in
//! one table of the tree; while it is empty (no shadow root was ever attached), no operation looks further.
//!
//! Standard: <https://dom.spec.whatwg.org/#shadow-trees>, text of November 2026.

pub mod attach;
pub mod shadow_including;
pub mod slot_assignment;
pub mod slots;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

use html5ever::local_name;

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::{NodeFlags, NodeKind};

/// Whether script outside reaches a shadow root by its host.
///
/// Standard: <https://dom.spec.whatwg.org/#shadowroot-mode>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub enum ShadowRootMode {
    /// It does.
    #[default]
    Open,
    /// It does not.
    Closed,
}

/// How slots get their nodes.
///
/// Standard: <https://dom.spec.whatwg.org/#shadowroot-slot-assignment>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub enum SlotAssignmentMode {
    /// By the `slot` attribute of the host's children.
    #[default]
    Named,
    /// By [`Tree::assign_to_slot`] alone.
    Manual,
}

/// What a shadow root is made with. `Default` is an open root with named slots, and everything else off.
///
/// Standard: <https://dom.spec.whatwg.org/#dictdef-shadowrootinit>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub struct ShadowRootInit {
    /// Whether it can be reached by its host. Defaults to open.
    pub mode: ShadowRootMode,
    /// Whether focus of the host goes to the first focusable element within. Defaults to false.
    pub delegates_focus: bool,
    /// How slots get their nodes. Defaults to named.
    pub slot_assignment: SlotAssignmentMode,
    /// Whether cloning the host clones the root as well. Defaults to false.
    pub clonable: bool,
    /// Whether [`html_with_shadow_roots`](crate::serializing::html::html_with_shadow_roots) may write it without being
    /// told of it by name. Defaults to false.
    pub serializable: bool,
}

/// What the tables know of shadow trees.
#[derive(Debug, Default)]
pub(crate) struct Shadows {
    roots: HashMap<NodeId, ShadowRootData>,
    /// The root of each host.
    hosts: HashMap<NodeId, NodeId>,
    /// Slots that have, or had, something assigned.
    slots: HashMap<NodeId, SlotData>,
    /// The slot of each assigned node: the inverse of [`SlotData::assigned`].
    assigned: HashMap<NodeId, NodeId>,
    /// The slot that each node was given to by hand: the inverse of [`SlotData::manual`].
    manual: HashMap<NodeId, NodeId>,
    /// Slots whose change is to be told.
    signals: Vec<NodeHandle>,
    /// The same, to ask for membership.
    signalled: HashSet<NodeHandle>,
}

#[derive(Debug)]
struct ShadowRootData {
    init: ShadowRootInit,
    /// Made by the parser, and not attached again since.
    declarative: bool,
    available_to_element_internals: bool,
    /// How many slots the tree holds.
    slot_count: u32,
    /// The first slot of each name in tree order; made by the first look-up, dropped when slots come, go or change.
    first_slots: RefCell<Option<HashMap<Box<str>, NodeId>>>,
}

#[derive(Debug, Default)]
struct SlotData {
    assigned: Vec<NodeId>,
    manual: Vec<NodeHandle>,
}

impl Tree {
    /// Whether there is any shadow root. The test that spares everybody else the rest.
    #[inline]
    pub fn has_shadow_trees(&self) -> bool {
        !self.shadows.roots.is_empty()
    }

    /// The shadow root that `host` carries, open or closed.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-element-shadow-root>
    #[inline]
    pub fn shadow_root(&self, host: NodeId) -> Option<NodeId> {
        if !self.has_flag(host, NodeFlags::IN_SIDE_TABLE) {
            return None;
        }
        self.shadows.hosts.get(&host).copied()
    }

    /// The shadow root of `host` if it is open: `Element.shadowRoot`.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-element-shadowroot>
    pub fn open_shadow_root(&self, host: NodeId) -> Option<NodeId> {
        self.shadow_root(host)
            .filter(|&root| !self.is_closed_shadow_root(root))
    }

    /// Whether `id` is a shadow root.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-shadow-root>
    #[inline]
    pub fn is_shadow_root(&self, id: NodeId) -> bool {
        self.is_in_shadow_tree(id) && self.kind(id) == Some(NodeKind::DocumentFragment)
    }

    /// Whether `id` is a shadow root in closed mode.
    pub fn is_closed_shadow_root(&self, id: NodeId) -> bool {
        self.is_shadow_root(id)
            && self
                .shadow_root_init(id)
                .is_some_and(|init| init.mode == ShadowRootMode::Closed)
    }

    /// Whether the root of `id` is a shadow root. Costs no walk.
    #[inline]
    pub fn is_in_shadow_tree(&self, id: NodeId) -> bool {
        self.has_flag(id, NodeFlags::IN_SHADOW_TREE)
    }

    /// The element that carries a shadow root; `None` if `root` is none.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-documentfragment-host>
    #[inline]
    pub fn shadow_host(&self, root: NodeId) -> Option<NodeId> {
        if self.is_in_shadow_tree(root) {
            self.host(root)
        } else {
            None
        }
    }

    /// The shadow root that `id` is in, or is; `None` outside shadow trees.
    pub fn containing_shadow_root(&self, id: NodeId) -> Option<NodeId> {
        self.is_in_shadow_tree(id).then(|| self.root(id))
    }

    /// What a shadow root was made with; `None` if `root` is none.
    pub fn shadow_root_init(&self, root: NodeId) -> Option<ShadowRootInit> {
        self.shadows.roots.get(&root).map(|data| data.init)
    }

    /// Whether a parser made the shadow root, and nobody attached one since.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#shadowroot-declarative>
    pub fn is_declarative_shadow_root(&self, root: NodeId) -> bool {
        self.shadows
            .roots
            .get(&root)
            .is_some_and(|data| data.declarative)
    }

    /// Whether `ElementInternals.shadowRoot` gives the root.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#shadowroot-available-to-element-internals>
    pub fn is_available_to_element_internals(&self, root: NodeId) -> bool {
        self.shadows
            .roots
            .get(&root)
            .is_some_and(|data| data.available_to_element_internals)
    }

    /// Changes [`Self::is_available_to_element_internals`].
    pub fn set_available_to_element_internals(&mut self, root: NodeId, available: bool) {
        if let Some(data) = self.shadows.roots.get_mut(&root) {
            data.available_to_element_internals = available;
        }
    }

    /// Whether `id` is a `slot` element of HTML, in whatever tree.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-slot>
    #[inline]
    pub fn is_slot(&self, id: NodeId) -> bool {
        self.is_html_element_named(id, &local_name!("slot"))
    }

    /// Whether `id` is an element or a text node, which slots can show.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#concept-slotable>
    #[inline]
    pub(crate) fn is_slottable(&self, id: NodeId) -> bool {
        matches!(
            self.kind(id),
            Some(NodeKind::Element | NodeKind::Text | NodeKind::CdataSection)
        )
    }

    /// Drops what the tables know of a node that is about to be freed.
    pub(crate) fn forget_shadow(&mut self, id: NodeId) {
        if !self.has_shadow_trees() && self.shadows.slots.is_empty() {
            return;
        }
        self.shadows.roots.remove(&id);
        self.shadows.hosts.remove(&id);
        // NOTE: the slot of an assigned node goes with it, for both hang from the host; lists of nodes assigned by hand
        // hold handles.
        self.shadows.assigned.remove(&id);
        self.shadows.manual.remove(&id);
        if let Some(data) = self.shadows.slots.remove(&id) {
            for node in data.assigned {
                if self.shadows.assigned.get(&node) == Some(&id) {
                    self.shadows.assigned.remove(&node);
                }
            }
            for node in data.manual {
                if self.shadows.manual.get(&node.id()) == Some(&id) {
                    self.shadows.manual.remove(&node.id());
                }
            }
        }
    }
}
