//! Navigables of frames: what each frame element shows, and where it is going.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/document-sequences.html#navigables>, as of 2026-01.

use std::collections::BTreeMap;

use readystate_dom::{NodeHandle, NodeId};
use readystate_js::host::WindowId;
use readystate_xhr::Origin;
use url::Url;

use crate::navigation_resource::NavigationResource;

/// A frame's navigable.
pub(crate) struct Navigable {
    /// The frame element, for tasks that may come after its end.
    pub(crate) container: NodeHandle,
    /// Its number in the agent.
    pub(crate) number: u32,
    /// The window of the element's document.
    pub(crate) parent: WindowId,
    /// Its active window; `None` while it shows an error page.
    pub(crate) window: Option<WindowId>,
    /// The URL of its active document.
    pub(crate) url: Url,
    /// Whether the active document is the one that it was made with.
    pub(crate) is_initial: bool,
    /// The navigation under way.
    pub(crate) ongoing: Option<u32>,
    /// What that one brings along.
    pub(crate) ongoing_resource: NavigationResource,
    /// The origin of who asked for it.
    pub(crate) ongoing_origin: Option<Origin>,
    /// From the start of a navigation to the `load` event at the element: meanwhile the parent's `load` waits.
    pub(crate) is_loading: bool,
    /// How many windows are above it.
    pub(crate) depth: usize,
}

/// The navigables of a page's frames, by their element.
#[derive(Default)]
pub(crate) struct Navigables {
    by_element: BTreeMap<NodeId, Navigable>,
    next_navigation: u32,
    /// The limit of frames was hit, and that has been reported.
    pub(crate) is_full: bool,
    /// Navigations that script has asked for.
    pub(crate) navigations: u32,
}

impl Navigables {
    pub(crate) fn get(&self, element: NodeId) -> Option<&Navigable> {
        self.by_element.get(&element)
    }

    pub(crate) fn get_mut(&mut self, element: NodeId) -> Option<&mut Navigable> {
        self.by_element.get_mut(&element)
    }

    pub(crate) fn insert(&mut self, element: NodeId, navigable: Navigable) {
        self.by_element.insert(element, navigable);
    }

    pub(crate) fn remove(&mut self, element: NodeId) -> Option<Navigable> {
        self.by_element.remove(&element)
    }

    pub(crate) fn len(&self) -> usize {
        self.by_element.len()
    }

    /// The element that shows a window.
    pub(crate) fn container_of(&self, window: WindowId) -> Option<NodeId> {
        self.by_element
            .iter()
            .find(|(_, navigable)| navigable.window == Some(window))
            .map(|(element, _)| *element)
    }

    /// The navigable of a window.
    pub(crate) fn of_window(&self, window: WindowId) -> Option<&Navigable> {
        self.by_element
            .values()
            .find(|navigable| navigable.window == Some(window))
    }

    /// The active document of a window has got another URL.
    pub(crate) fn url_changed(&mut self, window: WindowId, url: &Url) {
        let navigable = self
            .by_element
            .values_mut()
            .find(|navigable| navigable.window == Some(window));
        if let Some(navigable) = navigable {
            navigable.url.clone_from(url);
        }
    }

    /// The elements of a window's frames.
    pub(crate) fn children(&self, parent: WindowId) -> Vec<NodeId> {
        self.by_element
            .iter()
            .filter(|(_, navigable)| navigable.parent == parent)
            .map(|(element, _)| *element)
            .collect()
    }

    /// Windows of a window's frames whose `load` the parent waits for; `None` for a window out of reach.
    pub(crate) fn loading_children(
        &self,
        parent: WindowId,
    ) -> impl Iterator<Item = Option<WindowId>> + '_ {
        self.by_element
            .values()
            .filter(move |navigable| navigable.parent == parent && navigable.is_loading)
            .map(|navigable| navigable.window)
    }

    /// A number for a navigation.
    pub(crate) fn next_navigation(&mut self) -> u32 {
        self.next_navigation += 1;
        self.next_navigation
    }
}
