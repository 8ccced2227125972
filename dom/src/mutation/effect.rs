//! Effects: what an embedder must hear of, for the elements that load, run or name something.
//!
//! They stand for the insertion, removing, children changed and attribute change steps that HTML defines; the embedder
//! takes them after each call that may have made some, and acts on them in order.
//!
//! Standard: <https://dom.spec.whatwg.org/#concept-node-insert-ext>, text of November 2026.

use html5ever::{LocalName, Namespace};

use crate::arena::{NodeId, Tree};
use crate::node::NodeFlags;

/// Something that happened to an element of interest: `script`, `iframe`, `frame`, `object`, `embed`, `link`, `style`,
/// `img`, `base`, `title`, `meta` in HTML, `script` and `title` in SVG. What happens to form controls is seen to by
/// `crate::controls`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It became part of a document's tree.
    Connected(NodeId),
    /// It left a document's tree.
    Disconnected(NodeId),
    /// One of its attributes was added, changed or removed.
    AttributeChanged {
        /// The element.
        element: NodeId,
        /// The attribute's local name.
        local_name: LocalName,
        /// The attribute's namespace; the empty atom is null.
        namespace: Namespace,
        /// The value before; `None` if the attribute is new.
        old_value: Option<Box<str>>,
    },
    /// Its children changed, or the data of one.
    ChildrenChanged(NodeId),
}

impl Effect {
    /// The element it happened to.
    pub fn element(&self) -> NodeId {
        match *self {
            Self::Connected(element)
            | Self::Disconnected(element)
            | Self::AttributeChanged { element, .. }
            | Self::ChildrenChanged(element) => element,
        }
    }
}

/// An effect with the version of the slot it names, for the element may be freed before it is taken.
#[derive(Debug)]
pub(crate) struct PendingEffect {
    effect: Effect,
    version: u32,
}

impl PendingEffect {
    pub(crate) fn element(&self) -> NodeId {
        self.effect.element()
    }
}

impl Tree {
    /// Whether [`Self::take_effects`] would give any.
    #[inline]
    pub fn has_effects(&self) -> bool {
        !self.effects.is_empty()
    }

    /// The effects since the last call, in the order they came about; those of freed elements are left out.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        self.retry_deferred_reclaim();
        let pending = std::mem::take(&mut self.effects);
        pending
            .into_iter()
            .filter(|pending| {
                let links = self.links(pending.effect.element());
                !links.is_free() && links.version() == pending.version
            })
            .map(|pending| pending.effect)
            .collect()
    }

    #[inline]
    pub(crate) fn is_effectful(&self, node: NodeId) -> bool {
        self.has_flag(node, NodeFlags::EFFECTFUL)
    }

    pub(crate) fn push_effect(&mut self, effect: Effect) {
        // Form controls see to themselves.
        if self.control_changed(&effect) {
            return;
        }
        let version = self.links(effect.element()).version();
        self.effects.push(PendingEffect { effect, version });
    }

    /// The children changed steps.
    #[inline]
    pub(crate) fn children_changed(&mut self, parent: NodeId) {
        if self.is_effectful(parent) {
            let is_repeated = self
                .effects
                .last()
                .is_some_and(|last| last.effect == Effect::ChildrenChanged(parent));
            if !is_repeated {
                self.push_effect(Effect::ChildrenChanged(parent));
            }
        }
    }
}
