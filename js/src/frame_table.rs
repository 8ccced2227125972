//! The frames of an agent: which element shows which window.
//!
//! Standard: HTML, child navigables <https://html.spec.whatwg.org/multipage/document-sequences.html#child-navigable>.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};

use readystate_dom::{NodeId, Tree};

use crate::host::WindowId;

/// A frame: the content navigable of an element.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The window of the element's document.
    pub parent: WindowId,
    /// The window that it shows, of whatever origin; `None` while it shows something without one, such as an error page.
    pub window: Option<WindowId>,
    /// The number of its navigable, from [`crate::allot_navigable`].
    pub navigable: u32,
    /// The target name.
    pub name: String,
}

/// Frames by their element.
#[derive(Debug, Default)]
pub struct FrameTable {
    frames: BTreeMap<NodeId, Frame>,
}

impl FrameTable {
    /// The frame of an element, if it has one.
    #[must_use]
    pub fn get(&self, container: NodeId) -> Option<&Frame> {
        self.frames.get(&container)
    }

    /// As [`Self::get`], to change it.
    pub fn get_mut(&mut self, container: NodeId) -> Option<&mut Frame> {
        self.frames.get_mut(&container)
    }

    /// Enters a frame.
    pub fn insert(&mut self, container: NodeId, frame: Frame) {
        self.frames.insert(container, frame);
    }

    /// Forgets a frame.
    pub fn remove(&mut self, container: NodeId) -> Option<Frame> {
        self.frames.remove(&container)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// How many frames a window has.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-length>
    #[must_use]
    pub fn count(&self, tree: &Tree, parent: WindowId) -> usize {
        self.of_parent(tree, parent).count()
    }

    /// The elements of a window's frames, in tree order.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#document-tree-child-navigables>
    #[must_use]
    pub fn children(&self, tree: &Tree, parent: WindowId) -> Vec<NodeId> {
        let mut children: Vec<NodeId> = self.of_parent(tree, parent).collect();
        let Some(root) = children.first().map(|first| tree.root(*first)) else {
            return children;
        };
        // OPTIMIZATION: finding the order of two siblings is a walk, so that many are ordered by one walk.
        if children.len() > FEW {
            let unordered: HashSet<NodeId> = children.drain(..).collect();
            children.extend(
                tree.descendants(root)
                    .filter(|node| unordered.contains(node)),
            );
        } else {
            children.sort_by(|a, b| {
                if a == b {
                    Ordering::Equal
                } else if tree.precedes(*a, *b) {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            });
        }
        children
    }

    fn of_parent(&self, tree: &Tree, parent: WindowId) -> impl Iterator<Item = NodeId> {
        self.frames
            .iter()
            .filter(move |(_, frame)| frame.parent == parent)
            .map(|(container, _)| *container)
            // Those in shadow trees are nobody's to count.
            .filter(|container| tree.node_document(*container) == Some(tree.root(*container)))
    }
}

/// So many frames are ordered pair by pair.
const FEW: usize = 4;
