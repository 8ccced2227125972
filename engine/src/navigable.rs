//! Navigables of frames and auxiliary windows: what each shows, and where it is going.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/document-sequences.html#navigables>, as of 2026-01.

use std::collections::BTreeMap;

use readystate_dom::NodeId;
use readystate_js::Sandbox;
use readystate_js::host::WindowId;
use readystate_xhr::Origin;
use url::Url;

use crate::navigation_resource::NavigationResource;
use crate::session_history::HistoryHandling;

/// The number of the navigable of the page itself, which is not among [`Navigables`]: it is the first of each agent.
pub(crate) const PAGE: u32 = 1;

/// A navigable of a frame or of an auxiliary window.
pub(crate) struct Navigable {
    /// Its number in the agent.
    pub(crate) number: u32,
    /// The number of the top-level navigable around it, its own for a window.
    pub(crate) top: u32,
    /// The window of the element's document; `None` for a window.
    pub(crate) parent: Option<WindowId>,
    /// Its active window; `None` while it shows an error page.
    pub(crate) window: Option<WindowId>,
    /// The URL of its active document.
    pub(crate) url: Url,
    /// Whether the active document is the one that it was made with.
    pub(crate) is_initial: bool,
    /// The navigation under way.
    pub(crate) ongoing: Option<u32>,
    /// What that one means to the session history.
    pub(crate) ongoing_handling: HistoryHandling,
    /// What a sandbox takes away from the document to come, as it was when the navigation began.
    pub(crate) ongoing_sandbox: Option<Sandbox>,
    /// What that one brings along.
    pub(crate) ongoing_resource: NavigationResource,
    /// The origin of who asked for it.
    pub(crate) ongoing_origin: Option<Origin>,
    /// The URL named as the referrer of it.
    pub(crate) ongoing_referrer: Option<Url>,
    /// From the start of a navigation to the `load` event at the element: meanwhile the parent's `load` waits.
    pub(crate) is_loading: bool,
    /// How many windows are above it.
    pub(crate) depth: usize,
    /// What the sandbox of its opener takes away from a window.
    pub(crate) sandbox: Sandbox,
    /// Inner size of its windows in CSS pixels.
    pub(crate) viewport: (u32, u32),
    /// Script has closed it; it ends in a task.
    pub(crate) is_closing: bool,
}

impl Navigable {
    /// A top-level one that shows its initial document.
    pub(crate) fn new(number: u32, window: WindowId, url: Url) -> Self {
        Self {
            number,
            top: number,
            parent: None,
            window: Some(window),
            url,
            is_initial: true,
            ongoing: None,
            ongoing_handling: HistoryHandling::default(),
            ongoing_sandbox: None,
            ongoing_resource: NavigationResource::default(),
            ongoing_origin: None,
            ongoing_referrer: None,
            is_loading: false,
            depth: 0,
            sandbox: Sandbox::default(),
            viewport: (0, 0),
            is_closing: false,
        }
    }
}

/// The navigables of a page, by their number.
#[derive(Default)]
pub(crate) struct Navigables {
    by_number: BTreeMap<u32, Navigable>,
    by_element: BTreeMap<NodeId, u32>,
    next_navigation: u32,
    /// The limit of frames was hit, and that has been reported.
    pub(crate) is_full: bool,
    /// As [`Self::is_full`], for windows.
    pub(crate) has_too_many_windows: bool,
    /// Navigations that script has asked for.
    pub(crate) navigations: u32,
}

impl Navigables {
    pub(crate) fn get(&self, number: u32) -> Option<&Navigable> {
        self.by_number.get(&number)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Navigable> {
        self.by_number.get_mut(&number)
    }

    /// The number of an element's navigable.
    pub(crate) fn of_element(&self, element: NodeId) -> Option<u32> {
        self.by_element.get(&element).copied()
    }

    /// The element of a frame.
    pub(crate) fn element_of(&self, number: u32) -> Option<NodeId> {
        self.by_element
            .iter()
            .find(|(_, other)| **other == number)
            .map(|(element, _)| *element)
    }

    pub(crate) fn insert(&mut self, element: Option<NodeId>, navigable: Navigable) {
        if let Some(element) = element {
            self.by_element.insert(element, navigable.number);
        }
        self.by_number.insert(navigable.number, navigable);
    }

    pub(crate) fn remove(&mut self, number: u32) -> Option<Navigable> {
        self.by_element.retain(|_, other| *other != number);
        self.by_number.remove(&number)
    }

    /// How many frames there are.
    pub(crate) fn frames(&self) -> usize {
        self.by_element.len()
    }

    /// The numbers of windows beside the page's, oldest first.
    pub(crate) fn auxiliary(&self) -> Vec<u32> {
        self.by_number
            .values()
            .filter(|navigable| navigable.parent.is_none())
            .map(|navigable| navigable.number)
            .collect()
    }

    /// The navigable of a window.
    pub(crate) fn of_window(&self, window: WindowId) -> Option<&Navigable> {
        self.by_number
            .values()
            .find(|navigable| navigable.window == Some(window))
    }

    /// The number of the navigable of a window; the page's if it is none of these.
    pub(crate) fn number_of(&self, window: WindowId) -> u32 {
        self.of_window(window)
            .map_or(PAGE, |navigable| navigable.number)
    }

    /// The number of the top-level navigable around one.
    pub(crate) fn top_of(&self, number: u32) -> u32 {
        self.get(number).map_or(PAGE, |navigable| navigable.top)
    }

    /// The active document of a window has got another URL.
    pub(crate) fn url_changed(&mut self, window: WindowId, url: &Url) {
        let navigable = self
            .by_number
            .values_mut()
            .find(|navigable| navigable.window == Some(window));
        if let Some(navigable) = navigable {
            navigable.url.clone_from(url);
        }
    }

    /// The numbers of a window's frames.
    pub(crate) fn children(&self, parent: WindowId) -> Vec<u32> {
        self.by_number
            .values()
            .filter(|navigable| navigable.parent == Some(parent))
            .map(|navigable| navigable.number)
            .collect()
    }

    /// Windows of a window's frames whose `load` the parent waits for; `None` for a window out of reach.
    pub(crate) fn loading_children(
        &self,
        parent: WindowId,
    ) -> impl Iterator<Item = Option<WindowId>> + '_ {
        self.by_number
            .values()
            .filter(move |navigable| navigable.parent == Some(parent) && navigable.is_loading)
            .map(|navigable| navigable.window)
    }

    /// A number for a navigation.
    pub(crate) fn next_navigation(&mut self) -> u32 {
        self.next_navigation += 1;
        self.next_navigation
    }
}
