//! Selects and the selectedness of their options.
//!
//! Selectedness is worked out when it is asked for: from what script set, from `selected` attributes, and, in a
//! drop-down, from the option that was first when nothing was selected.
//!
//! Standard: <https://html.spec.whatwg.org/#the-select-element>, text of November 2026.

use html5ever::local_name;

use super::SelectedOptions;
use crate::arena::{NodeId, Tree};

impl Tree {
    /// The list of options of a `select`: its `option` children and those of its `optgroup` children.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-select-option-list>
    pub fn list_of_options(&self, select: NodeId) -> Vec<NodeId> {
        self.options(select).collect()
    }

    fn options(&self, select: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        self.children(select)
            .flat_map(|child| {
                let is_group = self.is_html_element_named(child, &local_name!("optgroup"));
                let in_group = is_group.then(|| self.children(child)).into_iter().flatten();
                (!is_group).then_some(child).into_iter().chain(in_group)
            })
            .filter(|&child| self.is_html_element_named(child, &local_name!("option")))
    }

    /// The `select` whose list an `option` is in.
    pub fn select_of_option(&self, option: NodeId) -> Option<NodeId> {
        let mut parent = self.parent(option)?;
        if self.is_html_element_named(parent, &local_name!("optgroup")) {
            parent = self.parent(parent)?;
        }
        self.is_html_element_named(parent, &local_name!("select"))
            .then_some(parent)
    }

    /// Standard: <https://html.spec.whatwg.org/#concept-select-size>
    fn display_size(&self, select: NodeId) -> u32 {
        let size = self
            .attribute_atom(select, &local_name!("size"))
            .and_then(|size| {
                let size = size.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
                let digits = size.bytes().take_while(u8::is_ascii_digit).count();
                size[..digits].parse().ok()
            });
        match size {
            Some(size) => size,
            None if self.is_multiple(select) => 4,
            None => 1,
        }
    }

    fn is_multiple(&self, select: NodeId) -> bool {
        self.attribute_atom(select, &local_name!("multiple"))
            .is_some()
    }

    /// The selectedness that an option claims for itself.
    fn claims_selectedness(&self, option: NodeId) -> bool {
        self.control(option)
            .and_then(|state| state.checkedness)
            .unwrap_or_else(|| {
                self.attribute_atom(option, &local_name!("selected"))
                    .is_some()
            })
    }

    /// The options of a `select` whose selectedness is true, in tree order.
    ///
    /// Standard: <https://html.spec.whatwg.org/#selectedness-setting-algorithm>
    pub fn selected_options(&self, select: NodeId) -> Vec<NodeId> {
        let versions = (
            self.structure_version(),
            self.attribute_version(),
            self.controls.version,
        );
        // OPTIMIZATION: a loop over the options asks for each of them.
        if let Some(known) = &*self.controls.selected.borrow()
            && Some(known.select) == self.handle(select)
            && known.versions == versions
        {
            return known.options.clone();
        }
        let options = self.compute_selected_options(select);
        *self.controls.selected.borrow_mut() = self.handle(select).map(|select| SelectedOptions {
            select,
            versions,
            options: options.clone(),
        });
        options
    }

    fn compute_selected_options(&self, select: NodeId) -> Vec<NodeId> {
        let mut claiming: Vec<_> = self
            .options(select)
            .filter(|&option| self.claims_selectedness(option))
            .collect();
        if self.is_multiple(select) {
            return claiming;
        }
        // Of several the last.
        if let Some(last) = claiming.pop() {
            return vec![last];
        }
        let state = self.control(select);
        if state.is_some_and(|state| state.cleared) || self.display_size(select) != 1 {
            return Vec::new();
        }
        // A drop-down shows one always: the one it chose, or the first that is not disabled.
        let automatic = state
            .and_then(|state| state.automatic)
            .and_then(|handle| self.resolve(handle))
            .filter(|&option| self.select_of_option(option) == Some(select));
        automatic
            .or_else(|| self.first_enabled_option(select))
            .into_iter()
            .collect()
    }

    fn first_enabled_option(&self, select: NodeId) -> Option<NodeId> {
        self.options(select)
            .find(|&option| !self.is_disabled_control(option))
    }

    /// The selectedness of an `option`.
    pub fn is_selected_option(&self, option: NodeId) -> bool {
        match self.select_of_option(option) {
            None => self.claims_selectedness(option),
            Some(select) if self.is_multiple(select) => self.claims_selectedness(option),
            Some(select) => self.is_selected_in(select, option),
        }
    }

    fn is_selected_in(&self, select: NodeId, option: NodeId) -> bool {
        // OPTIMIZATION: fills the cache without copying it.
        let versions = (
            self.structure_version(),
            self.attribute_version(),
            self.controls.version,
        );
        if let Some(known) = &*self.controls.selected.borrow()
            && Some(known.select) == self.handle(select)
            && known.versions == versions
        {
            return known.options.contains(&option);
        }
        self.selected_options(select).contains(&option)
    }

    /// Sets `selected` of an `option`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-option-selected>
    pub fn set_selected_option(&mut self, option: NodeId, selected: bool) {
        if !self.is_html_element_named(option, &local_name!("option")) {
            return;
        }
        let select = self.select_of_option(option);
        if let Some(select) = select.filter(|&select| !self.is_multiple(select)) {
            if selected {
                self.deselect_all(select);
            } else if self.is_selected_option(option) {
                self.deselect_all(select);
                // It asks for a reset: a drop-down goes to its first option.
                let first = self.first_enabled_option(select);
                let automatic = first.and_then(|first| self.handle(first));
                self.control_mut(select).automatic = automatic;
            }
            self.control_mut(select).cleared = false;
        }
        let state = self.control_mut(option);
        state.checkedness = Some(selected);
        state.dirty_checkedness = true;
    }

    /// Selects one option of a `select` and no other, or none: what its `value` and `selectedIndex` set.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-select-selectedindex>
    pub fn select_only(&mut self, select: NodeId, chosen: Option<NodeId>) {
        self.deselect_all(select);
        self.control_mut(select).cleared = chosen.is_none();
        if let Some(option) = chosen {
            let state = self.control_mut(option);
            state.checkedness = Some(true);
            state.dirty_checkedness = true;
        }
    }

    fn deselect_all(&mut self, select: NodeId) {
        for option in self.list_of_options(select) {
            if self.claims_selectedness(option) {
                self.control_mut(option).checkedness = Some(false);
            }
        }
    }

    /// The reset algorithm of a `select`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-select-element:concept-form-reset-control>
    pub(super) fn reset_select(&mut self, select: NodeId) {
        for option in self.list_of_options(select) {
            if self.control(option).is_some() {
                let state = self.control_mut(option);
                state.checkedness = None;
                state.dirty_checkedness = false;
            }
        }
        if self.control(select).is_some() {
            let state = self.control_mut(select);
            state.cleared = false;
            state.automatic = None;
        }
    }

    /// An option came to its select: if it is selected, the others are not any more.
    pub(super) fn option_inserted(&mut self, option: NodeId) {
        if !self.claims_selectedness(option) {
            return;
        }
        let Some(select) = self.select_of_option(option) else {
            return;
        };
        // OPTIMIZATION: the last wins by itself.
        let is_last = |node| self.next_sibling(node).is_none();
        let parent = self.parent(option);
        let stands_last =
            is_last(option) && (parent == Some(select) || parent.is_some_and(is_last));
        if !stands_last {
            self.keep_only(select, option);
        }
    }

    /// A group, or a whole select, came with its options: the last of the selected ones stays so.
    pub(super) fn options_inserted(&mut self, id: NodeId) {
        let is_group = self.is_html_element_named(id, &local_name!("optgroup"));
        let select = if is_group { self.parent(id) } else { Some(id) };
        let Some(select) =
            select.filter(|&select| self.is_html_element_named(select, &local_name!("select")))
        else {
            return;
        };
        let last = if is_group {
            self.children(id)
                .filter(|&option| {
                    self.is_html_element_named(option, &local_name!("option"))
                        && self.claims_selectedness(option)
                })
                .last()
        } else {
            self.options(id)
                .filter(|&option| self.claims_selectedness(option))
                .last()
        };
        if let Some(last) = last {
            self.keep_only(select, last);
        }
    }

    /// Sets the selectedness of an `option` without making it dirty, as its constructor does.
    pub fn set_initial_selectedness(&mut self, option: NodeId, selected: bool) {
        self.control_mut(option).checkedness = Some(selected);
    }

    /// `selected` was added to an option that is not dirty, or removed from it.
    pub(super) fn option_attribute_changed(&mut self, option: NodeId, present: bool) {
        if let Some(select) = self.select_of_option(option)
            && present
        {
            self.keep_only(select, option);
        }
    }

    fn keep_only(&mut self, select: NodeId, kept: NodeId) {
        if self.is_multiple(select) {
            return;
        }
        for option in self.list_of_options(select) {
            if option != kept && self.claims_selectedness(option) {
                self.control_mut(option).checkedness = Some(false);
            }
        }
    }

    /// Options came or went: a drop-down without a selected one takes its first.
    pub(super) fn options_changed(&mut self, id: NodeId) {
        let select = if self.is_html_element_named(id, &local_name!("select")) {
            id
        } else {
            match self.parent(id) {
                Some(parent) if self.is_html_element_named(parent, &local_name!("select")) => {
                    parent
                }
                _ => return,
            }
        };
        if self.control(select).is_some_and(|state| state.cleared) {
            self.control_mut(select).cleared = false;
        }
        if self.is_multiple(select) || self.display_size(select) != 1 {
            return;
        }
        let is_there = self
            .control(select)
            .and_then(|state| state.automatic)
            .and_then(|handle| self.resolve(handle))
            .is_some_and(|option| self.select_of_option(option) == Some(select));
        if !is_there && let Some(first) = self.first_enabled_option(select) {
            self.control_mut(select).automatic = self.handle(first);
        }
    }

    /// Without `multiple` the last of the selected options stays selected.
    pub(super) fn select_multiple_changed(&mut self, select: NodeId) {
        if self.is_multiple(select) {
            return;
        }
        let last = self
            .options(select)
            .filter(|&option| self.claims_selectedness(option))
            .last();
        if let Some(last) = last {
            self.keep_only(select, last);
        }
    }

    /// The value of an `option`: its `value`, or its text.
    ///
    /// Standard: <https://html.spec.whatwg.org/#concept-option-value>
    pub fn option_value(&self, option: NodeId) -> String {
        match self.attribute_atom(option, &local_name!("value")) {
            Some(value) => value.to_owned(),
            None => self.option_text(option),
        }
    }

    /// The text of an `option`, without that of scripts, white space collapsed.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-option-text>
    pub fn option_text(&self, option: NodeId) -> String {
        let mut text = String::new();
        let mut next = self.following_in(option, option);
        while let Some(node) = next {
            let is_script = self.is_element(node)
                && *self.local_name(node) == local_name!("script")
                && matches!(
                    *self.namespace(node),
                    html5ever::ns!(html) | html5ever::ns!(svg)
                );
            if self.is_text(node)
                && let Some(data) = self.character_data(node)
            {
                data.push_onto(&mut text);
            }
            next = if is_script {
                self.following_outside(option, node)
            } else {
                self.following_in(option, node)
            };
        }
        let words: Vec<_> = text
            .split(['\t', '\n', '\u{c}', '\r', ' '])
            .filter(|word| !word.is_empty())
            .collect();
        words.join(" ")
    }
}
