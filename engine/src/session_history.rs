//! Joint session histories: of each top-level window one, with the entries of its frames.
//!
//! Nothing of a document is kept but what makes it anew: going back to one loads it again.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history>, as of 2026-01.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use readystate_xhr::Origin;
use url::Url;

use crate::navigation_resource::NavigationResource;

/// Steps that are kept; the oldest are forgotten, as in Chromium.
const MAX_STEPS: usize = 50;

/// What becomes of the session history when a document is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum HistoryHandling {
    /// A new entry behind the present one; what came after that is forgotten.
    #[default]
    Push,
    /// The present entry becomes the document's.
    Replace,
    /// The present entry's document is loaded again.
    Reload,
    /// The entry of this step is shown.
    Traverse(u32),
}

/// What a document is made from, for all entries that show it.
///
/// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#document-state-2>
#[derive(Clone, Debug, Default)]
pub(crate) struct EntryDocument {
    /// The markup of a `srcdoc` document.
    pub(crate) srcdoc: Option<Rc<str>>,
    /// What is requested along with its URL.
    pub(crate) resource: NavigationResource,
    /// The URL named as referrer.
    pub(crate) referrer: Option<Url>,
    /// The origin of who asked for it; `None` for the page's handle.
    pub(crate) initiator: Option<Origin>,
    /// The name that the top-level window had when a document of another origin took its place.
    pub(crate) name: String,
}

impl EntryDocument {
    /// A document got by a request with this along.
    pub(crate) fn new(
        resource: NavigationResource,
        referrer: Option<Url>,
        initiator: Option<Origin>,
    ) -> Self {
        Self {
            srcdoc: None,
            resource,
            referrer,
            initiator,
            name: String::new(),
        }
    }
}

/// A session history entry.
///
/// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#session-history-entry>
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    step: u32,
    pub(crate) url: Url,
    /// The number of its document.
    document: u32,
    /// `history.state`, serialized; `None` for null.
    pub(crate) state: Option<Rc<str>>,
    /// Whether the scroll restoration mode is "manual".
    pub(crate) manual_scrolling: bool,
}

/// What a traversal means to one navigable.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) navigable: u32,
    pub(crate) url: Url,
    /// Whether the navigable shows the document already; if not, it is made from this.
    pub(crate) document: Option<EntryDocument>,
}

/// The entries of one navigable, ordered by step.
#[derive(Debug)]
struct List {
    entries: Vec<Entry>,
    /// The document with the frame element, and the how-manieth of its frames it is; `None` for the top-level window.
    parent: Option<(u32, u32)>,
}

impl List {
    /// The place of the entry that is shown at a step.
    fn at(&self, step: u32) -> Option<usize> {
        self.entries.iter().rposition(|entry| entry.step <= step)
    }
}

/// The session history of a top-level window.
#[derive(Debug)]
pub(crate) struct SessionHistory {
    step: u32,
    /// The target name of the top-level window.
    pub(crate) name: String,
    /// The step to which the top-level window is on its way.
    destination: Option<u32>,
    /// Those of navigables that exist, by their number.
    lists: BTreeMap<u32, List>,
    /// Those of frames whose document is not shown now.
    dormant: Vec<List>,
    documents: BTreeMap<u32, EntryDocument>,
    next_document: u32,
}

impl SessionHistory {
    /// The history of a new top-level window, which shows its initial `about:blank`.
    pub(crate) fn new(navigable: u32, url: Url) -> Self {
        let mut history = Self {
            step: 0,
            name: String::new(),
            destination: None,
            lists: BTreeMap::new(),
            dormant: Vec::new(),
            documents: BTreeMap::new(),
            next_document: 0,
        };
        let document = history.add_document(EntryDocument::default());
        let entry = Entry::new(0, url, document);
        history.lists.insert(
            navigable,
            List {
                entries: vec![entry],
                parent: None,
            },
        );
        history
    }

    /// How many steps there are.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#getting-all-used-history-steps>
    pub(crate) fn len(&self) -> usize {
        self.used_steps().len()
    }

    /// The entry that a navigable shows.
    pub(crate) fn current(&self, navigable: u32) -> Option<&Entry> {
        let list = self.lists.get(&navigable)?;
        list.entries.get(list.at(self.step)?)
    }

    /// As [`Self::current`], to change it.
    pub(crate) fn current_mut(&mut self, navigable: u32) -> Option<&mut Entry> {
        let list = self.lists.get_mut(&navigable)?;
        let place = list.at(self.step)?;
        list.entries.get_mut(place)
    }

    /// What the document that a navigable shows was made from.
    pub(crate) fn current_document(&self, navigable: u32) -> Option<&EntryDocument> {
        self.documents.get(&self.current(navigable)?.document)
    }

    /// A navigable shows another document.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#finalize-a-cross-document-navigation>
    pub(crate) fn commit(
        &mut self,
        navigable: u32,
        handling: HistoryHandling,
        url: Url,
        document: EntryDocument,
    ) {
        if self
            .lists
            .get(&navigable)
            .is_some_and(|list| list.parent.is_none())
        {
            self.destination = None;
        }
        match handling {
            HistoryHandling::Push => {
                let document = self.add_document(document);
                self.push(navigable, Entry::new(0, url, document));
            }
            HistoryHandling::Replace => {
                let document = self.add_document(document);
                if let Some(entry) = self.current_mut(navigable) {
                    *entry = Entry::new(entry.step, url, document);
                }
                self.forget_unused();
            }
            HistoryHandling::Reload | HistoryHandling::Traverse(_) => {
                if let HistoryHandling::Traverse(step) = handling
                    && self
                        .lists
                        .get(&navigable)
                        .is_some_and(|list| list.parent.is_none())
                {
                    self.step = step;
                }
                let Some(entry) = self.current_mut(navigable) else {
                    return;
                };
                // A redirect may have led elsewhere.
                entry.url = url;
                let number = entry.document;
                if let Some(known) = self.documents.get_mut(&number) {
                    let name = std::mem::take(&mut known.name);
                    *known = EntryDocument { name, ..document };
                }
            }
        }
    }

    /// The top-level window leaves for a document of another origin: its name stays with the document that it shows.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#resetBCName>
    pub(crate) fn leave_origin(&mut self, navigable: u32, handling: HistoryHandling) {
        let name = std::mem::take(&mut self.name);
        let shown = self.current(navigable).map(|entry| entry.document);
        if let Some(document) = shown.and_then(|number| self.documents.get_mut(&number)) {
            document.name = name;
        }
        // What an entry that is gone back to was called.
        if let HistoryHandling::Traverse(step) = handling
            && let Some(list) = self.lists.get(&navigable)
            && let Some(entry) = list.at(step).and_then(|place| list.entries.get(place))
            && let Some(document) = self.documents.get(&entry.document)
        {
            self.name.clone_from(&document.name);
        }
    }

    /// The document of a navigable has got another URL or state without being loaded.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#url-and-history-update-steps>
    pub(crate) fn update(&mut self, navigable: u32, url: Url, state: Option<Rc<str>>, push: bool) {
        let Some(entry) = self.current_mut(navigable) else {
            return;
        };
        if push {
            let mut next = entry.clone();
            next.url = url;
            next.state = state;
            self.push(navigable, next);
        } else {
            entry.url = url;
            entry.state = state;
        }
    }

    /// The step that lies so many steps from the present one. NOTE: as in browsers, and unlike in the standard, there is none while the
    /// top-level window is on its way to another.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#traverse-the-history-by-a-delta>
    pub(crate) fn step_at(&self, delta: i64) -> Option<u32> {
        let steps: Vec<u32> = self.used_steps().into_iter().collect();
        let from = self.destination.is_none().then_some(self.step)?;
        let current = steps.iter().rposition(|step| *step <= from)?;
        let wanted = i64::try_from(current).ok()?.checked_add(delta)?;
        steps.get(usize::try_from(wanted).ok()?).copied()
    }

    /// What going to a step changes: the top-level window first.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsing-the-web.html#apply-the-history-step>
    pub(crate) fn changes(&self, step: u32) -> Vec<Change> {
        let mut changes: Vec<(bool, Change)> = self
            .lists
            .iter()
            .filter_map(|(navigable, list)| {
                let (from, to) = (list.at(self.step)?, list.at(step)?);
                let (from, to) = (list.entries.get(from)?, list.entries.get(to)?);
                if from.step == to.step {
                    return None;
                }
                let document = (from.document != to.document)
                    .then(|| self.documents.get(&to.document).cloned())
                    .flatten();
                let change = Change {
                    navigable: *navigable,
                    url: to.url.clone(),
                    document,
                };
                Some((list.parent.is_some(), change))
            })
            .collect();
        changes.sort_by_key(|(is_nested, change)| (*is_nested, change.navigable));
        changes.into_iter().map(|(_, change)| change).collect()
    }

    /// Goes to a step, for navigables that keep their documents.
    pub(crate) fn set_step(&mut self, step: u32) {
        self.step = step;
        self.destination = None;
    }

    /// The top-level window goes to a step, or (`None`) somewhere else.
    pub(crate) fn set_destination(&mut self, step: Option<u32>) {
        self.destination = step;
    }

    /// A frame has come to be: the `order`-th of the document that `parent` shows. If that document had such a frame when it was shown
    /// before, and it started from the same `src`, its entries are taken up.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-sequences.html#create-a-new-child-navigable>
    pub(crate) fn add_child(
        &mut self,
        navigable: u32,
        parent: u32,
        order: u32,
        src: &Url,
        blank: &Url,
    ) -> Option<(Url, EntryDocument)> {
        let document = self.current(parent)?.document;
        let place = Some((document, order));
        let known = self.dormant.iter().position(|list| list.parent == place);
        if let Some(known) = known {
            let list = self.dormant.swap_remove(known);
            let is_same = list.entries.len() > 1
                && list.entries.first().is_some_and(|entry| entry.url == *src);
            if !is_same {
                self.forget_unused();
            } else {
                let shown = list.at(self.step).and_then(|at| list.entries.get(at));
                let shown = shown.map(|entry| (entry.url.clone(), entry.document));
                self.lists.insert(navigable, list);
                let (url, document) = shown?;
                return Some((url, self.documents.get(&document)?.clone()));
            }
        }
        // The step of the first entry that shows the parent's document.
        let step = self
            .lists
            .get(&parent)?
            .entries
            .iter()
            .find(|entry| entry.document == document)?
            .step;
        let document = self.add_document(EntryDocument::default());
        let entry = Entry::new(step, blank.clone(), document);
        self.lists.insert(
            navigable,
            List {
                entries: vec![entry],
                parent: place,
            },
        );
        None
    }

    /// A frame is gone: with its element, or (`is_kept`) with its document, which may be shown again.
    pub(crate) fn remove_child(&mut self, navigable: u32, is_kept: bool) {
        let Some(list) = self.lists.remove(&navigable) else {
            return;
        };
        if is_kept {
            self.dormant.push(list);
            return;
        }
        // OPTIMIZATION: the documents were this frame's alone.
        for entry in &list.entries {
            self.documents.remove(&entry.document);
        }
        if !self.dormant.is_empty() {
            self.forget_unused();
        }
    }

    /// The top-level window gets a new agent: no frame exists any more.
    pub(crate) fn leave_frames(&mut self) {
        let (nested, top): (BTreeMap<u32, List>, BTreeMap<u32, List>) =
            std::mem::take(&mut self.lists)
                .into_iter()
                .partition(|(_, list)| list.parent.is_some());
        self.lists = top;
        self.dormant.extend(nested.into_values());
    }

    fn add_document(&mut self, document: EntryDocument) -> u32 {
        let number = self.next_document;
        self.next_document = number.wrapping_add(1);
        self.documents.insert(number, document);
        number
    }

    fn push(&mut self, navigable: u32, mut entry: Entry) {
        // Clear the forward session history.
        let step = self.step;
        for list in self.all_lists() {
            list.entries.retain(|entry| entry.step <= step);
        }
        entry.step = step + 1;
        if let Some(list) = self.lists.get_mut(&navigable) {
            list.entries.push(entry);
            self.step = step + 1;
        }
        self.forget_oldest();
        self.forget_unused();
    }

    /// Drops the first step if there are too many: what is shown there still is shown from the next one on.
    fn forget_oldest(&mut self) {
        let mut steps = self.used_steps();
        while steps.len() > MAX_STEPS {
            let Some(first) = steps.pop_first() else {
                return;
            };
            let Some(second) = steps.first().copied() else {
                return;
            };
            for list in self.all_lists() {
                let is_left = list.entries.iter().any(|entry| entry.step == second);
                if is_left {
                    list.entries.retain(|entry| entry.step != first);
                } else if let Some(entry) =
                    list.entries.iter_mut().find(|entry| entry.step == first)
                {
                    entry.step = second;
                }
            }
        }
    }

    /// Drops documents that no entry shows, and what was inside of them.
    fn forget_unused(&mut self) {
        loop {
            let used: BTreeSet<u32> = self
                .lists
                .values()
                .chain(&self.dormant)
                .flat_map(|list| list.entries.iter().map(|entry| entry.document))
                .collect();
            self.documents.retain(|number, _| used.contains(number));
            let before = self.dormant.len();
            self.dormant.retain(|list| {
                !list.entries.is_empty()
                    && list
                        .parent
                        .is_some_and(|(document, _)| used.contains(&document))
            });
            if self.dormant.len() == before {
                return;
            }
        }
    }

    fn all_lists(&mut self) -> impl Iterator<Item = &mut List> {
        self.lists.values_mut().chain(&mut self.dormant)
    }

    fn used_steps(&self) -> BTreeSet<u32> {
        self.lists
            .values()
            .chain(&self.dormant)
            .flat_map(|list| list.entries.iter().map(|entry| entry.step))
            .collect()
    }
}

impl Entry {
    fn new(step: u32, url: Url, document: u32) -> Self {
        Self {
            step,
            url,
            document,
            state: None,
            manual_scrolling: false,
        }
    }
}
