//! Style sheets of link elements: their text comes from the embedder, which fetches it.
//!
//! Standard: <https://html.spec.whatwg.org/#link-type-stylesheet>, text of November 2026.

use html5ever::{local_name, ns};

use super::style_sheet::CssId;
use crate::arena::{NodeHandle, NodeId, Tree};

/// What a link element has loaded.
#[derive(Debug)]
pub(super) struct LinkSheet {
    pub(super) element: NodeHandle,
    pub(super) text: String,
    /// Where it comes from.
    address: String,
    /// Whether script may read its rules.
    is_origin_clean: bool,
}

impl Tree {
    /// Gives a link element the style sheet that it has loaded from `address`, in place of any other. Script may read its rules
    /// if `is_origin_clean`.
    pub fn set_link_style_sheet(
        &mut self,
        link: NodeId,
        text: String,
        address: String,
        is_origin_clean: bool,
    ) {
        let Some(element) = self.handle(link) else {
            return;
        };
        let sheet = LinkSheet {
            element,
            text,
            address,
            is_origin_clean,
        };
        self.style_sheets.links.insert(link, sheet);
        self.link_sheet_changed(link);
    }

    /// Takes the style sheet of a link element away, if it has one.
    pub fn remove_link_style_sheet(&mut self, link: NodeId) {
        if self.style_sheets.links.remove(&link).is_some() {
            self.link_sheet_changed(link);
        }
    }

    /// The text of a link element's sheet.
    pub(super) fn link_sheet_text(&self, id: NodeId) -> Option<&str> {
        self.has_link_sheet(id)
            .then(|| self.style_sheets.links.get(&id))?
            .map(|sheet| &*sheet.text)
    }

    /// Whether an element is a link whose sheet is there.
    pub(super) fn has_link_sheet(&self, id: NodeId) -> bool {
        *self.local_name(id) == local_name!("link")
            && *self.namespace(id) == ns!(html)
            && self.style_sheets.links.get(&id).is_some_and(|sheet| {
                self.handle(id)
                    .is_some_and(|handle| handle == sheet.element)
            })
    }

    /// The address of a link element's sheet; `None` for a sheet that comes from no address.
    pub fn style_sheet_address(&mut self, id: CssId) -> Option<String> {
        if let Some((address, _)) = self.style_sheets.import_source(id) {
            return Some(address.to_owned());
        }
        let owner = self.style_sheet_owner(id)?;
        let sheet = self.style_sheets.links.get(&owner)?;
        Some(sheet.address.clone())
    }

    /// Whether script may read a sheet's rules.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#concept-css-style-sheet-origin-clean-flag>
    pub fn is_style_sheet_origin_clean(&mut self, id: CssId) -> bool {
        if let Some((_, is_clean)) = self.style_sheets.import_source(id) {
            return is_clean;
        }
        self.style_sheet_owner(id)
            .and_then(|owner| self.style_sheets.links.get(&owner))
            .is_none_or(|sheet| sheet.is_origin_clean)
    }
}
