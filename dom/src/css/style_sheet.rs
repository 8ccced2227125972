//! Style sheets: those of style elements, and those that script makes.
//!
//! A style element's sheet is made when it is first asked for, and again once the element has other text; a page that asks
//! for none pays nothing. Sheets and rules have ids of one sequence, far above those of nodes.
//!
//! Standard: <https://drafts.csswg.org/cssom/#css-style-sheets> and
//! <https://html.spec.whatwg.org/#update-a-style-block>, texts of November 2026.

use std::collections::HashMap;

use html5ever::{local_name, ns};

use super::declaration_block::DeclarationBlock;
use super::import::Imports;
use super::link_sheet::LinkSheet;
use super::media_query::MediaList;
use super::rule::{Rule, RuleData, serialize_rule};
use super::rule_parser::{
    Context, ParsedRule, keyframe_keys, namespaces_of, parse_nested_declarations, parse_rule,
    parse_sheet,
};
use crate::arena::{NodeHandle, NodeId, Tree};
use crate::error::DomError;
use crate::selectors::{SheetNamespaces, parse_in_sheet};

/// The id of a style sheet or a rule.
pub type CssId = u32;

/// Ids from here on are of sheets and rules, below are nodes.
pub const FIRST_CSS_ID: u32 = 0x4000_0000;

/// A style sheet.
#[derive(Debug)]
pub struct Sheet {
    pub(super) rules: Vec<CssId>,
    pub(super) media: MediaList,
    pub(super) disabled: bool,
    pub(super) namespaces: SheetNamespaces,
    /// Whose sheet it is, until it has another.
    owner: Option<NodeHandle>,
    is_wrapped: bool,
}

/// What a style element's sheet was made from.
#[derive(Debug, PartialEq, Eq)]
struct Source {
    parent: Option<NodeHandle>,
    children: Vec<NodeHandle>,
    text: String,
    media: String,
}

#[derive(Debug)]
struct Owner {
    element: NodeHandle,
    sheet: CssId,
    source: Source,
    /// [`Tree::mutation_version`] when it was looked at last.
    version: u64,
}

/// The style sheets of an arena.
#[derive(Debug, Default)]
pub struct StyleSheets {
    sheets: HashMap<CssId, Sheet>,
    rules: HashMap<CssId, Rule>,
    made: u32,
    owners: HashMap<NodeId, Owner>,
    /// What link elements have loaded.
    pub(super) links: HashMap<NodeId, LinkSheet>,
    pub(super) imports: Imports,
    /// By document or shadow root.
    adopted: HashMap<NodeId, (NodeHandle, Vec<CssId>)>,
    /// Counts all changes.
    pub(super) version: u64,
    /// Counts the changes of elements' states.
    pub(super) states_version: u64,
    /// The style elements of a root, with [`Tree::structure_version`].
    listed: HashMap<NodeId, (NodeHandle, u64, Vec<NodeId>)>,
    /// How many owners there were after the last sweep.
    swept: usize,
}

impl StyleSheets {
    /// The rule with this id.
    pub fn rule(&self, id: CssId) -> Option<&Rule> {
        self.rules.get(&id)
    }

    /// An element is in another state, which selectors may ask for.
    pub(crate) fn note_state_change(&mut self) {
        self.states_version += 1;
    }

    /// The sheet with this id.
    pub fn sheet(&self, id: CssId) -> Option<&Sheet> {
        self.sheets.get(&id)
    }

    fn allot(&mut self) -> CssId {
        self.made = self.made.wrapping_add(1) & (FIRST_CSS_ID - 1);
        FIRST_CSS_ID | self.made
    }

    pub(super) fn add_sheet(
        &mut self,
        text: &str,
        media: &str,
        owner: Option<NodeHandle>,
    ) -> CssId {
        let id = self.allot();
        self.sheets.insert(
            id,
            Sheet {
                rules: Vec::new(),
                media: MediaList::parse(media),
                disabled: false,
                namespaces: SheetNamespaces::default(),
                owner,
                is_wrapped: false,
            },
        );
        self.fill(id, text);
        id
    }

    /// Gives a sheet the rules of `text` instead of its own.
    fn fill(&mut self, id: CssId, text: &str) {
        self.version += 1;
        let mut namespaces = SheetNamespaces::default();
        let parsed = parse_sheet(text, &mut namespaces);
        let rules: Vec<CssId> = parsed
            .into_iter()
            .map(|rule| self.add_rule(id, None, rule))
            .collect();
        let old = match self.sheets.get_mut(&id) {
            Some(sheet) => {
                sheet.namespaces = namespaces;
                std::mem::replace(&mut sheet.rules, rules)
            }
            None => rules,
        };
        for rule in old {
            self.detach(rule);
        }
    }

    fn add_rule(&mut self, sheet: CssId, parent: Option<CssId>, parsed: ParsedRule) -> CssId {
        let id = self.allot();
        let children = parsed
            .children
            .into_iter()
            .map(|child| self.add_rule(sheet, Some(id), child))
            .collect();
        self.rules.insert(
            id,
            Rule {
                sheet,
                parent,
                is_attached: true,
                is_wrapped: false,
                data: parsed.data,
                children,
            },
        );
        id
    }

    /// Takes a rule out. What script has an object for stays, to be read.
    fn detach(&mut self, id: CssId) {
        if !self.free_unless_wrapped(id)
            && let Some(rule) = self.rules.get_mut(&id)
        {
            rule.is_attached = false;
            rule.parent = None;
        }
    }

    /// Whether the rule is gone, with all in it.
    fn free_unless_wrapped(&mut self, id: CssId) -> bool {
        let is_wrapped = self.has_wrapped(id);
        if !is_wrapped {
            self.free_rule(id);
        }
        !is_wrapped
    }

    fn has_wrapped(&self, id: CssId) -> bool {
        self.rules.get(&id).is_some_and(|rule| {
            rule.is_wrapped || rule.children.iter().any(|&child| self.has_wrapped(child))
        })
    }

    fn free_rule(&mut self, id: CssId) {
        if let Some(rule) = self.rules.remove(&id) {
            for child in rule.children {
                self.free_rule(child);
            }
            self.free_import(id);
        }
    }

    fn free_sheet(&mut self, id: CssId) {
        self.version += 1;
        self.sheets.remove(&id);
        self.rules.retain(|_, rule| rule.sheet != id);
        self.free_lost_imports();
    }

    /// A sheet is no longer its element's.
    pub(super) fn let_go(&mut self, id: CssId) {
        self.version += 1;
        match self.sheets.get_mut(&id) {
            Some(sheet) if sheet.is_wrapped => sheet.owner = None,
            _ => self.free_sheet(id),
        }
    }

    /// The rules of a sheet or of a rule.
    fn list(&self, container: CssId) -> &[CssId] {
        if let Some(sheet) = self.sheets.get(&container) {
            return &sheet.rules;
        }
        self.rules
            .get(&container)
            .map_or(&[], |rule| &rule.children)
    }

    fn list_mut(&mut self, container: CssId) -> Option<&mut Vec<CssId>> {
        if let Some(sheet) = self.sheets.get_mut(&container) {
            return Some(&mut sheet.rules);
        }
        self.rules
            .get_mut(&container)
            .map(|rule| &mut rule.children)
    }

    /// The selectors around the rules of a container, and whether it is `@keyframes`.
    fn surroundings(
        &self,
        container: CssId,
    ) -> (Option<std::rc::Rc<crate::selectors::ParsedSelector>>, bool) {
        let mut next = Some(container);
        let mut in_keyframes = false;
        while let Some(rule) = next.and_then(|id| self.rules.get(&id)) {
            match &rule.data {
                RuleData::Style { parsed, .. } => return (Some(parsed.clone()), false),
                RuleData::Keyframes(_) => in_keyframes = true,
                _ => {}
            }
            next = rule.parent;
        }
        (None, in_keyframes)
    }

    fn sheet_of(&self, container: CssId) -> Option<CssId> {
        if self.sheets.contains_key(&container) {
            return Some(container);
        }
        self.rules.get(&container).map(|rule| rule.sheet)
    }

    /// Makes the prefixes anew after `@namespace` rules have come or gone.
    fn renew_namespaces(&mut self, sheet: CssId) {
        let namespaces = namespaces_of(
            self.list(sheet)
                .iter()
                .filter_map(|id| self.rules.get(id))
                .map(|rule| &rule.data),
        );
        if let Some(sheet) = self.sheets.get_mut(&sheet) {
            sheet.namespaces = namespaces;
        }
    }

    fn insert(&mut self, container: CssId, text: &str, index: usize) -> Result<(), DomError> {
        let sheet = self
            .sheet_of(container)
            .ok_or(DomError::NotFound("the style sheet is gone"))?;
        // 1, 2. Within the list.
        if index > self.list(container).len() {
            return Err(DomError::IndexSize(
                "the index is beyond the end of the rules",
            ));
        }
        // 3, 4. One rule.
        let (parent, in_keyframes) = self.surroundings(container);
        let empty = SheetNamespaces::default();
        let namespaces = self
            .sheets
            .get(&sheet)
            .map_or(&empty, |sheet| &sheet.namespaces);
        let context = Context {
            namespaces,
            parent: parent.as_ref(),
            in_keyframes,
            depth: 0,
        };
        let parsed = parse_rule(text, context)
            .or_else(|| parent.is_some().then(|| parse_nested_declarations(text))?)
            .ok_or_else(|| DomError::Syntax("The text is not one valid rule.".to_owned()))?;
        // 5, 6. Where it may stand.
        let is_import = matches!(parsed.data, RuleData::Import { .. });
        let is_namespace = matches!(parsed.data, RuleData::Namespace { .. });
        let is_statement = matches!(parsed.data, RuleData::LayerStatement(_));
        let kinds = |id: &CssId| self.rules.get(id).map(|rule| &rule.data);
        let (before, after) = self.list(container).split_at(index);
        let is_misplaced = if container != sheet {
            is_import || is_namespace
        } else if is_import {
            before
                .iter()
                .filter_map(kinds)
                .any(|data| !matches!(data, RuleData::Import { .. } | RuleData::LayerStatement(_)))
        } else if is_namespace {
            after
                .iter()
                .filter_map(kinds)
                .any(|data| matches!(data, RuleData::Import { .. }))
        } else {
            after.iter().filter_map(kinds).any(|data| match data {
                RuleData::Import { .. } => !is_statement,
                RuleData::Namespace { .. } => true,
                _ => false,
            })
        };
        if is_misplaced {
            return Err(DomError::HierarchyRequest("the rule may not stand there"));
        }
        if is_namespace
            && self.list(container).iter().filter_map(kinds).any(|data| {
                !matches!(
                    data,
                    RuleData::Import { .. }
                        | RuleData::Namespace { .. }
                        | RuleData::LayerStatement(_)
                )
            })
        {
            return Err(DomError::InvalidState(
                "namespaces are declared before there are other rules",
            ));
        }
        let parent_rule = (container != sheet).then_some(container);
        let id = self.add_rule(sheet, parent_rule, parsed);
        if let Some(list) = self.list_mut(container) {
            list.insert(index, id);
        }
        self.version += 1;
        if is_namespace {
            self.renew_namespaces(sheet);
        }
        Ok(())
    }

    fn delete(&mut self, container: CssId, index: usize) -> Result<(), DomError> {
        // 1, 2. Within the list.
        let Some(&id) = self.list(container).get(index) else {
            return Err(DomError::IndexSize("there is no rule with this index"));
        };
        // 4. Namespaces that others may use stay.
        let is_namespace = matches!(
            self.rules.get(&id).map(|rule| &rule.data),
            Some(RuleData::Namespace { .. })
        );
        let others = self
            .list(container)
            .iter()
            .filter_map(|id| self.rules.get(id));
        if is_namespace
            && others
                .map(|rule| &rule.data)
                .any(|data| !matches!(data, RuleData::Import { .. } | RuleData::Namespace { .. }))
        {
            return Err(DomError::InvalidState("other rules may use the namespace"));
        }
        // 5, 6. Gone.
        if let Some(list) = self.list_mut(container) {
            list.remove(index);
        }
        self.detach(id);
        self.version += 1;
        if is_namespace {
            self.renew_namespaces(container);
        }
        Ok(())
    }
}

impl Sheet {
    /// Whether it applies to this medium, as far as it alone says.
    pub(super) fn applies(&self, media: super::Media) -> bool {
        !self.disabled && self.media.matches(media)
    }
}

impl Tree {
    /// The style sheets, to be read.
    pub fn style_sheets(&self) -> &StyleSheets {
        &self.style_sheets
    }

    /// Whether an element is a style element of HTML or SVG.
    fn is_style_element(&self, id: NodeId) -> bool {
        *self.local_name(id) == local_name!("style")
            && matches!(*self.namespace(id), ns!(html) | ns!(svg))
    }

    /// The sheet of a style element, made if it has none that fits; `None` if it is not connected or its type is another.
    ///
    /// Standard: <https://html.spec.whatwg.org/#update-a-style-block>
    pub fn style_sheet_of(&mut self, element: NodeId) -> Option<CssId> {
        let version = self.mutation_version(element);
        let handle = self.handle(element)?;
        if let Some(owner) = self.style_sheets.owners.get(&element)
            && owner.element == handle
            && owner.version == version
        {
            return Some(owner.sheet);
        }
        let kind = self
            .attribute_atom(element, &local_name!("type"))
            .unwrap_or_default();
        let is_css = kind.is_empty() || kind.eq_ignore_ascii_case("text/css");
        // 3, 4. Connected, and CSS.
        let is_link = self.has_link_sheet(element);
        let is_owner = is_link || (is_css && self.is_style_element(element));
        if !is_owner || !self.is_connected(element) {
            if let Some(owner) = self.style_sheets.owners.remove(&element) {
                self.style_sheets.let_go(owner.sheet);
            }
            return None;
        }
        let source = Source {
            parent: self.parent(element).and_then(|parent| self.handle(parent)),
            children: self
                .children(element)
                .filter_map(|child| self.handle(child))
                .collect(),
            text: match self.style_sheets.links.get(&element) {
                Some(link) if is_link => link.text.clone(),
                _ => self
                    .child_text_content(element)
                    .to_string_lossy()
                    .into_owned(),
            },
            media: self
                .attribute_atom(element, &local_name!("media"))
                .unwrap_or_default()
                .to_owned(),
        };
        let sheets = &mut self.style_sheets;
        if let Some(owner) = sheets.owners.get_mut(&element)
            && owner.element == handle
        {
            owner.version = version;
            if owner.source == source {
                return Some(owner.sheet);
            }
            // Another medium is the same sheet.
            let same_text = owner.source.parent == source.parent
                && owner.source.children == source.children
                && owner.source.text == source.text;
            if same_text {
                if let Some(sheet) = sheets.sheets.get_mut(&owner.sheet) {
                    sheet.media = MediaList::parse(&source.media);
                }
                owner.source = source;
                sheets.version += 1;
                return Some(owner.sheet);
            }
        }
        // 1, 2. The old one goes; 6. a new one.
        if let Some(owner) = sheets.owners.remove(&element) {
            sheets.let_go(owner.sheet);
        }
        let sheet = sheets.add_sheet(&source.text, &source.media, Some(handle));
        sheets.owners.insert(
            element,
            Owner {
                element: handle,
                sheet,
                source,
                version,
            },
        );
        self.sweep_style_sheets();
        Some(sheet)
    }

    /// A link element's sheet came, or goes: it is made anew when it is asked for.
    pub(super) fn link_sheet_changed(&mut self, link: NodeId) {
        self.style_sheets.version += 1;
        if let Some(owner) = self.style_sheets.owners.remove(&link) {
            self.style_sheets.let_go(owner.sheet);
        }
    }

    /// Frees the sheets of elements that are gone, once there are twice as many as after the last time.
    fn sweep_style_sheets(&mut self) {
        if self.style_sheets.owners.len() < self.style_sheets.swept * 2 + 64 {
            return;
        }
        let mut sheets = std::mem::take(&mut self.style_sheets);
        let gone: Vec<NodeId> = sheets
            .owners
            .iter()
            .filter(|(_, owner)| self.resolve(owner.element).is_none())
            .map(|(&id, _)| id)
            .collect();
        sheets
            .links
            .retain(|_, link| self.resolve(link.element).is_some());
        for id in gone {
            if let Some(owner) = sheets.owners.remove(&id) {
                sheets.let_go(owner.sheet);
            }
        }
        sheets
            .adopted
            .retain(|_, (root, _)| self.resolve(*root).is_some());
        sheets
            .listed
            .retain(|_, (root, ..)| self.resolve(*root).is_some());
        sheets.swept = sheets.owners.len();
        self.style_sheets = sheets;
    }

    /// The elements below a document or shadow root that have a style sheet, in tree order.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#documentorshadowroot-document-or-shadow-root-css-style-sheets>
    pub fn style_elements(&mut self, root: NodeId) -> Vec<NodeId> {
        let version = self.structure_version();
        let Some(handle) = self.handle(root) else {
            return Vec::new();
        };
        let all = match self.style_sheets.listed.get(&root) {
            Some((known, at, list)) if *known == handle && *at == version => list.clone(),
            _ => {
                let list: Vec<NodeId> = self
                    .descendants(root)
                    .filter(|&id| {
                        self.is_style_element(id)
                            || (*self.local_name(id) == local_name!("link")
                                && *self.namespace(id) == ns!(html))
                    })
                    .collect();
                self.style_sheets
                    .listed
                    .insert(root, (handle, version, list.clone()));
                list
            }
        };
        all.into_iter()
            .filter(|&id| self.style_sheet_of(id).is_some())
            .collect()
    }

    /// The style sheets of a document or shadow root in order: those of its elements, then those it has adopted.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#documentorshadowroot-final-css-style-sheets>
    pub(super) fn final_style_sheets(&mut self, root: NodeId) -> Vec<CssId> {
        let mut sheets: Vec<CssId> = self
            .style_elements(root)
            .into_iter()
            .filter_map(|id| self.style_sheet_of(id))
            .collect();
        if let Some((handle, adopted)) = self.style_sheets.adopted.get(&root)
            && self.resolve(*handle).is_some()
        {
            sheets.extend(adopted);
        }
        sheets
    }

    /// Makes a sheet that belongs to no element.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#create-a-constructed-cssstylesheet>
    pub fn create_style_sheet(&mut self, text: &str, media: &str) -> CssId {
        let id = self.style_sheets.add_sheet(text, media, None);
        self.mark_css_wrapped(id);
        id
    }

    /// Gives a sheet other rules.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstylesheet-replacesync>
    pub fn replace_style_sheet(&mut self, id: CssId, text: &str) {
        self.style_sheets.fill(id, text);
    }

    /// Sets what a document or shadow root has adopted.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-documentorshadowroot-adoptedstylesheets>
    pub fn set_adopted_style_sheets(&mut self, root: NodeId, sheets: Vec<CssId>) {
        self.style_sheets.version += 1;
        if let Some(handle) = self.handle(root) {
            self.style_sheets.adopted.insert(root, (handle, sheets));
        }
    }

    /// Notes that script has an object for a sheet or rule, which is then kept.
    pub fn mark_css_wrapped(&mut self, id: CssId) {
        if let Some(sheet) = self.style_sheets.sheets.get_mut(&id) {
            sheet.is_wrapped = true;
        } else if let Some(rule) = self.style_sheets.rules.get_mut(&id) {
            rule.is_wrapped = true;
        }
    }

    /// Script has lost its object for a sheet and all its rules.
    pub fn release_style_sheet(&mut self, id: CssId) {
        let is_adopted = self
            .style_sheets
            .adopted
            .values()
            .any(|(_, list)| list.contains(&id));
        let Some(sheet) = self.style_sheets.sheets.get_mut(&id) else {
            return;
        };
        sheet.is_wrapped = false;
        if sheet.owner.is_none() && !is_adopted && !self.style_sheets.imports.has_sheet(id) {
            self.style_sheets.free_sheet(id);
            return;
        }
        for rule in self.style_sheets.rules.values_mut() {
            if rule.sheet == id {
                rule.is_wrapped = false;
            }
        }
    }

    /// The element whose sheet this is now.
    pub fn style_sheet_owner(&mut self, id: CssId) -> Option<NodeId> {
        let owner = self.style_sheets.sheets.get(&id)?.owner?;
        let element = self.resolve(owner)?;
        (self.style_sheet_of(element) == Some(id)).then_some(element)
    }

    /// Whether a sheet is turned off.
    pub fn is_style_sheet_disabled(&self, id: CssId) -> bool {
        self.style_sheets
            .sheets
            .get(&id)
            .is_some_and(|sheet| sheet.disabled)
    }

    /// Turns a sheet off or on.
    pub fn set_style_sheet_disabled(&mut self, id: CssId, disabled: bool) {
        self.style_sheets.version += 1;
        if let Some(sheet) = self.style_sheets.sheets.get_mut(&id) {
            sheet.disabled = disabled;
        }
    }

    /// The media list of a sheet, a media rule or an import rule.
    pub fn css_media(&self, id: CssId) -> MediaList {
        if let Some(sheet) = self.style_sheets.sheets.get(&id) {
            return sheet.media.clone();
        }
        match self.style_sheets.rules.get(&id).map(|rule| &rule.data) {
            Some(RuleData::Media(media) | RuleData::Import { media, .. }) => media.clone(),
            _ => MediaList::default(),
        }
    }

    /// Sets the media list of a sheet, a media rule or an import rule.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-medialist-mediatext>
    pub fn set_css_media(&mut self, id: CssId, text: &str) {
        self.style_sheets.version += 1;
        let list = MediaList::parse(text);
        if let Some(sheet) = self.style_sheets.sheets.get_mut(&id) {
            sheet.media = list;
        } else if let Some(RuleData::Media(media) | RuleData::Import { media, .. }) = self
            .style_sheets
            .rules
            .get_mut(&id)
            .map(|rule| &mut rule.data)
        {
            *media = list;
        }
    }

    /// The rules of a sheet or of a rule.
    pub fn css_rules(&self, container: CssId) -> &[CssId] {
        self.style_sheets.list(container)
    }

    /// Inserts a rule into a sheet or a rule.
    ///
    /// # Errors
    /// [`DomError::IndexSize`] beyond the end; [`DomError::Syntax`] if `text` is not one valid rule;
    /// [`DomError::HierarchyRequest`] if it may not stand there; [`DomError::InvalidState`] for a namespace after rules.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#insert-a-css-rule>
    pub fn insert_css_rule(
        &mut self,
        container: CssId,
        text: &str,
        index: usize,
    ) -> Result<(), DomError> {
        self.style_sheets.insert(container, text, index)
    }

    /// Removes a rule from a sheet or a rule.
    ///
    /// # Errors
    /// [`DomError::IndexSize`] if there is none; [`DomError::InvalidState`] for a namespace that others may use.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#remove-a-css-rule>
    pub fn delete_css_rule(&mut self, container: CssId, index: usize) -> Result<(), DomError> {
        self.style_sheets.delete(container, index)
    }

    /// The text of a rule.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#serialize-a-css-rule>
    pub fn css_rule_text(&self, id: CssId) -> String {
        serialize_rule(&self.style_sheets, id)
    }

    /// The sheet of a rule; `None` once the rule was deleted.
    pub fn css_rule_sheet(&self, id: CssId) -> Option<CssId> {
        let mut next = id;
        loop {
            let rule = self.style_sheets.rules.get(&next)?;
            match rule.parent {
                Some(parent) => next = parent,
                None => return rule.is_attached.then_some(rule.sheet),
            }
        }
    }

    /// The declarations of a rule.
    pub fn css_rule_block(&self, id: CssId) -> Option<&DeclarationBlock> {
        self.style_sheets.rules.get(&id)?.data.block()
    }

    /// Sets the declarations of a rule that has some.
    pub fn set_css_rule_block(&mut self, id: CssId, block: DeclarationBlock) {
        self.style_sheets.version += 1;
        let rule = self.style_sheets.rules.get_mut(&id);
        if let Some(known) = rule.and_then(|rule| rule.data.block_mut()) {
            *known = block;
        }
    }

    /// Sets the selectors of a style rule, the keys of a keyframe rule or a rule's name. Invalid ones do nothing, but for
    /// keys.
    ///
    /// # Errors
    /// [`DomError::Syntax`] for invalid keys.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstylerule-selectortext>
    pub fn set_css_rule_part(&mut self, id: CssId, name: &str, text: &str) -> Result<(), DomError> {
        let sheets = &mut self.style_sheets;
        sheets.version += 1;
        let Some(rule) = sheets.rules.get(&id) else {
            return Ok(());
        };
        let parent = rule.parent.and_then(|parent| sheets.surroundings(parent).0);
        let empty = SheetNamespaces::default();
        let namespaces = sheets
            .sheets
            .get(&rule.sheet)
            .map_or(&empty, |sheet| &sheet.namespaces);
        let made = parse_in_sheet(text, namespaces, parent.as_ref()).ok();
        let Some(rule) = sheets.rules.get_mut(&id) else {
            return Ok(());
        };
        match (name, &mut rule.data) {
            (
                "selectorText",
                RuleData::Style {
                    selector, parsed, ..
                },
            ) => {
                // FIXME: nested rules keep the selectors that they were made with.
                if let Some((own, made)) = made {
                    *selector = own.into();
                    *parsed = made;
                }
            }
            ("selectorText", RuleData::Page(selector, _)) => *selector = text.trim().into(),
            ("name", RuleData::Keyframes(known)) => *known = text.into(),
            ("keyText", RuleData::Keyframe(keys, _)) => {
                *keys = keyframe_keys(text)
                    .ok_or_else(|| DomError::Syntax("The keys are not valid.".to_owned()))?
                    .into();
            }
            _ => {}
        }
        Ok(())
    }
}
