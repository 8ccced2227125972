//! The cascade: which declarations an element has, of all that match.
//!
//! Nothing is done until a computed value is asked for; then it is done for the element and its ancestors, and kept until
//! anything changes.
//!
//! Standard: <https://drafts.csswg.org/css-cascade-5/#cascading>, text of November 2026.

use std::collections::HashMap;
use std::rc::Rc;

use html5ever::local_name;

use super::declaration_block::{Declaration, DeclarationBlock};
use super::import::layer_and_condition;
use super::media_query::Media;
use super::rule::RuleData;
use super::style_sheet::{CssId, StyleSheets};
use crate::arena::{NodeHandle, NodeId, Tree};
use crate::selectors::{ParsedSelector, SelectorBuckets, flat_parent};

/// Where a declaration stands: the greater wins.
#[derive(Debug, Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Precedence {
    important: bool,
    /// Of the element's own tree, not of the shadow tree that it hosts.
    context: bool,
    is_inline: bool,
    layer: u32,
    specificity: u32,
    order: u32,
}

/// The cascaded values of an element or pseudo-element, and those of what it inherits from.
#[derive(Debug)]
pub(super) struct Styled {
    pub(super) element: NodeId,
    pub(super) is_pseudo: bool,
    pub(super) declared: HashMap<Box<str>, (Precedence, Rc<str>)>,
    pub(super) parent: Option<Rc<Self>>,
    /// In pixels.
    pub(super) font_size: f64,
    pub(super) root_font_size: f64,
    pub(super) font_weight: f64,
    pub(super) media: Media,
}

impl Drop for Styled {
    /// Without recursion, as trees may be deep.
    fn drop(&mut self) {
        let mut next = self.parent.take();
        while let Some(mut styled) = next.and_then(Rc::into_inner) {
            next = styled.parent.take();
        }
    }
}

/// Where a rule stands in its scope.
#[derive(Debug, Copy, Clone)]
struct Place {
    rule: CssId,
    layer: u32,
    order: u32,
}

/// The rules that apply in a document or shadow tree.
#[derive(Debug)]
struct Scope {
    root: NodeHandle,
    sheets: Vec<CssId>,
    version: u64,
    media: Media,
    buckets: Rc<SelectorBuckets<Place>>,
}

/// What was computed last.
#[derive(Debug, Default)]
pub(crate) struct CascadeCache {
    scopes: HashMap<NodeId, Scope>,
    key: Option<(u64, u64, u64, u64, Media)>,
    styled: HashMap<NodeId, Rc<Styled>>,
}

/// Layers are counted from 1; what is in none comes after them.
const UNLAYERED: u32 = u32::MAX;

impl Tree {
    /// The cascaded values of an element, or of a pseudo-element of it.
    pub(super) fn styled(
        &mut self,
        element: NodeId,
        pseudo: Option<&str>,
        media: Media,
    ) -> Rc<Styled> {
        // The elements to do, from the root down, as what is below inherits.
        let chain: Vec<NodeId> = std::iter::successors(Some(element), |&id| flat_parent(self, id))
            .filter(|&id| self.is_element(id))
            .collect();
        self.refresh_scopes(&chain, media);
        let key = (
            self.style_sheets.version,
            self.mutation_version(element),
            self.controls_version()
                .wrapping_add(self.style_sheets.states_version),
            self.target_key(element),
            media,
        );
        if self.cascade.key != Some(key) {
            self.cascade.styled.clear();
            self.cascade.key = Some(key);
        }
        let mut parent: Option<Rc<Styled>> = None;
        for &id in chain.iter().rev() {
            let styled = match self.cascade.styled.get(&id) {
                Some(known) => Rc::clone(known),
                None => {
                    let made = Rc::new(self.cascade_element(id, None, parent, media));
                    self.cascade.styled.insert(id, Rc::clone(&made));
                    made
                }
            };
            parent = Some(styled);
        }
        match (pseudo, parent) {
            (None, Some(styled)) => styled,
            (_, parent) => Rc::new(self.cascade_element(element, pseudo, parent, media)),
        }
    }

    /// What `:target` depends on.
    fn target_key(&self, element: NodeId) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let url = self
            .node_document(element)
            .and_then(|document| self.url(document));
        let mut hasher = DefaultHasher::new();
        url.and_then(|url| url.split_once('#')).hash(&mut hasher);
        hasher.finish()
    }

    /// Brings the rules of all trees that the elements are in, and of those that they host, up to date.
    fn refresh_scopes(&mut self, elements: &[NodeId], media: Media) {
        let mut roots: Vec<NodeId> = Vec::new();
        for &element in elements {
            let root = self.root(element);
            for root in [Some(root), self.shadow_root(element)]
                .into_iter()
                .flatten()
            {
                if !roots.contains(&root) {
                    roots.push(root);
                }
            }
            let mut slot = self.assigned_slot(element);
            while let Some(id) = slot {
                let root = self.root(id);
                if !roots.contains(&root) {
                    roots.push(root);
                }
                slot = self.assigned_slot(id);
            }
        }
        let lists: Vec<(NodeId, Vec<CssId>)> = roots
            .into_iter()
            .map(|root| (root, self.final_style_sheets(root)))
            .collect();
        let version = self.style_sheets.version;
        if self.cascade.scopes.len() > lists.len() + 256 {
            self.cascade.scopes.clear();
        }
        for (id, sheets) in lists {
            let Some(root) = self.handle(id) else {
                continue;
            };
            let is_current = self.cascade.scopes.get(&id).is_some_and(|scope| {
                scope.root == root
                    && scope.version == version
                    && scope.media == media
                    && scope.sheets == sheets
            });
            if is_current {
                continue;
            }
            let mut collector = Collector::new(&self.style_sheets, media);
            for &sheet in &sheets {
                collector.sheet(sheet);
            }
            let buckets = Rc::new(collector.finish());
            self.cascade.key = None;
            self.cascade.scopes.insert(
                id,
                Scope {
                    root,
                    sheets,
                    version,
                    media,
                    buckets,
                },
            );
        }
    }

    fn cascade_element(
        &self,
        element: NodeId,
        pseudo: Option<&str>,
        parent: Option<Rc<Styled>>,
        media: Media,
    ) -> Styled {
        let mut declared = HashMap::new();
        // Rules of the trees whose slots take it, of the tree that it hosts, then of its own.
        let mut slot = self.assigned_slot(element);
        while let Some(id) = slot {
            self.apply_scope(&mut declared, self.root(id), element, pseudo, false);
            slot = self.assigned_slot(id);
        }
        if let Some(shadow) = self.shadow_root(element) {
            self.apply_scope(&mut declared, shadow, element, pseudo, false);
        }
        self.apply_scope(&mut declared, self.root(element), element, pseudo, true);
        // The style attribute.
        if pseudo.is_none()
            && let Some(text) = self.attribute_atom(element, &local_name!("style"))
        {
            let block = DeclarationBlock::parse(text);
            for declaration in block.declarations() {
                let precedence = Precedence {
                    important: declaration.important,
                    context: !declaration.important,
                    is_inline: true,
                    layer: 0,
                    specificity: 0,
                    order: 0,
                };
                declare(&mut declared, precedence, declaration);
            }
        }
        let mut styled = Styled {
            element,
            is_pseudo: pseudo.is_some(),
            declared,
            font_size: 16.0,
            root_font_size: parent.as_ref().map_or(16.0, |parent| parent.root_font_size),
            font_weight: 400.0,
            parent,
            media,
        };
        self.compute_font(&mut styled);
        styled
    }

    fn apply_scope(
        &self,
        declared: &mut HashMap<Box<str>, (Precedence, Rc<str>)>,
        root: NodeId,
        element: NodeId,
        pseudo: Option<&str>,
        is_own: bool,
    ) {
        let Some(scope) = self.cascade.scopes.get(&root) else {
            return;
        };
        if !is_own && !scope.buckets.reaches_out {
            return;
        }
        let host = self.shadow_host(root);
        scope
            .buckets
            .matching(self, element, pseudo, host, |place: Place, specificity| {
                let block = self
                    .style_sheets
                    .rule(place.rule)
                    .and_then(|rule| rule.data.block());
                for declaration in block.map_or(&[][..], DeclarationBlock::declarations) {
                    let important = declaration.important;
                    let precedence = Precedence {
                        important,
                        context: is_own != important,
                        is_inline: false,
                        layer: if important {
                            UNLAYERED - place.layer
                        } else {
                            place.layer
                        },
                        specificity,
                        order: place.order,
                    };
                    declare(declared, precedence, declaration);
                }
            });
    }
}

fn declare(
    declared: &mut HashMap<Box<str>, (Precedence, Rc<str>)>,
    precedence: Precedence,
    declaration: &Declaration,
) {
    let mut put = |name: &str| match declared.get_mut(name) {
        Some((known, _)) if *known > precedence => {}
        Some(known) => *known = (precedence, Rc::from(&*declaration.value)),
        None => {
            declared.insert(name.into(), (precedence, Rc::from(&*declaration.value)));
        }
    };
    // A shorthand that waits for its variables stands for each of its longhands.
    match super::property::shorthand(&declaration.name) {
        Some(shorthand) => {
            let value = format!("{PENDING}{}:{}", shorthand.name, declaration.value);
            let waiting = Declaration {
                name: declaration.name.clone(),
                value: value.into(),
                important: declaration.important,
            };
            for name in shorthand.longhands {
                declare(
                    declared,
                    precedence,
                    &Declaration {
                        name: (*name).into(),
                        ..waiting.clone()
                    },
                );
            }
        }
        None => put(&declaration.name),
    }
}

/// Begins the value of a longhand whose shorthand has variables: the shorthand's name, a colon and its value follow.
pub(super) const PENDING: char = '\0';

/// Gathers the rules of sheets in order.
struct Collector<'a> {
    sheets: &'a StyleSheets,
    media: Media,
    /// In the order in which they were named first.
    layers: Vec<String>,
    rules: Vec<(Rc<ParsedSelector>, CssId, Option<String>)>,
}

impl<'a> Collector<'a> {
    fn new(sheets: &'a StyleSheets, media: Media) -> Self {
        Self {
            sheets,
            media,
            layers: Vec::new(),
            rules: Vec::new(),
        }
    }

    fn sheet(&mut self, id: CssId) {
        let Some(sheet) = self.sheets.sheet(id) else {
            return;
        };
        if sheet.applies(self.media) {
            self.list(&sheet.rules, None, None);
        }
    }

    fn list(&mut self, rules: &[CssId], layer: Option<&str>, around: Option<&Rc<ParsedSelector>>) {
        for &id in rules {
            let Some(rule) = self.sheets.rule(id) else {
                continue;
            };
            match &rule.data {
                RuleData::Style { parsed, .. } => {
                    self.rules
                        .push((Rc::clone(parsed), id, layer.map(ToOwned::to_owned)));
                    self.list(&rule.children, layer, Some(parsed));
                }
                RuleData::NestedDeclarations(_) => {
                    if let Some(around) = around {
                        self.rules
                            .push((Rc::clone(around), id, layer.map(ToOwned::to_owned)));
                    }
                }
                RuleData::Media(media) if media.matches(self.media) => {
                    self.list(&rule.children, layer, around);
                }
                RuleData::Supports(_, true) => self.list(&rule.children, layer, around),
                RuleData::LayerStatement(names) => {
                    for name in names {
                        self.name_layer(layer, name);
                    }
                }
                RuleData::LayerBlock(name) => {
                    let anonymous = format!("\0{id}");
                    let name = if name.is_empty() {
                        &*anonymous
                    } else {
                        &**name
                    };
                    let full = self.name_layer(layer, name);
                    self.list(&rule.children, Some(&full), around);
                }
                RuleData::Import { rest, media, .. } if media.matches(self.media) => {
                    let (name, _) = layer_and_condition(rest);
                    let imported = self.sheets.imports.sheet(id);
                    let layer = match name {
                        None => layer.map(ToOwned::to_owned),
                        Some(name) if name.is_empty() => {
                            Some(self.name_layer(layer, &format!("\0{id}")))
                        }
                        Some(name) => Some(self.name_layer(layer, &name)),
                    };
                    let sheet = imported.and_then(|sheet| self.sheets.sheet(sheet));
                    if let Some(sheet) = sheet.filter(|sheet| sheet.applies(self.media)) {
                        self.list(&sheet.rules, layer.as_deref(), None);
                    }
                }
                // FIXME: container queries and scopes need more than there is; their rules never apply.
                _ => {}
            }
        }
    }

    /// The full name of a layer, which is noted with those that it is in.
    fn name_layer(&mut self, outer: Option<&str>, name: &str) -> String {
        let mut full = outer.unwrap_or_default().to_owned();
        for part in name.split('.') {
            if !full.is_empty() {
                full.push('.');
            }
            full.push_str(part);
            if !self.layers.contains(&full) {
                self.layers.push(full.clone());
            }
        }
        full
    }

    fn finish(mut self) -> SelectorBuckets<Place> {
        // What is directly in a layer comes after the layers within it.
        let order_of = |layers: &[String], name: &str| -> Vec<usize> {
            let mut path = Vec::new();
            let mut at = 0;
            for (index, byte) in name.bytes().enumerate().chain([(name.len(), b'.')]) {
                if byte == b'.' && index > at {
                    let position = layers.iter().position(|known| *known == name[..index]);
                    path.push(position.unwrap_or(usize::MAX));
                    at = index;
                }
            }
            path.push(usize::MAX);
            path
        };
        let mut sorted = self.layers.clone();
        sorted.sort_by_key(|name| order_of(&self.layers, name));
        self.layers = sorted;
        let mut buckets = SelectorBuckets::default();
        for (order, (parsed, rule, layer)) in self.rules.iter().enumerate() {
            let layer = match layer {
                None => UNLAYERED,
                Some(name) => self
                    .layers
                    .iter()
                    .position(|known| known == name)
                    .and_then(|index| u32::try_from(index + 1).ok())
                    .unwrap_or(UNLAYERED),
            };
            let place = Place {
                rule: *rule,
                layer,
                order: u32::try_from(order).unwrap_or(u32::MAX),
            };
            buckets.add(parsed, place);
        }
        buckets
    }
}
