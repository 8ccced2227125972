//! CSS rules as data, and how they are written.
//!
//! Standard: <https://drafts.csswg.org/cssom/#css-rules>, text of November 2026.

use std::rc::Rc;

use super::declaration_block::DeclarationBlock;
use super::import::layer_and_supports;
use super::media_query::MediaList;
use super::style_sheet::{CssId, StyleSheets};
use crate::selectors::ParsedSelector;

/// A rule of a style sheet. What it holds besides is in `RuleData`.
#[derive(Debug)]
pub struct Rule {
    pub(super) sheet: CssId,
    pub(super) parent: Option<CssId>,
    /// False once it was deleted.
    pub(super) is_attached: bool,
    /// Whether script has an object for it.
    pub(super) is_wrapped: bool,
    pub(super) data: RuleData,
    pub(super) children: Vec<CssId>,
}

impl Rule {
    /// The name of the interface of its objects.
    pub fn interface(&self) -> &'static str {
        self.data.interface()
    }

    /// A part of the rule by the name of the attribute that shows it; empty if it has none.
    pub fn part(&self, name: &str) -> String {
        self.data.part(name)
    }

    /// The rule around it; `None` at the top of a sheet, and once it was deleted.
    pub fn parent(&self) -> Option<CssId> {
        self.parent
    }
}

/// What kind of rule it is, with what that kind says.
#[derive(Debug)]
pub(crate) enum RuleData {
    /// A style rule.
    Style {
        /// The selectors, serialized.
        selector: Box<str>,
        /// The same to match with: parent selectors are replaced.
        parsed: Rc<ParsedSelector>,
        /// The declarations before any nested rule.
        block: DeclarationBlock,
    },
    /// Declarations that follow a nested rule.
    NestedDeclarations(DeclarationBlock),
    /// `@media`.
    Media(MediaList),
    /// `@supports`: the condition as written, and whether it holds.
    Supports(Box<str>, bool),
    /// `@layer` with a block.
    LayerBlock(Box<str>),
    /// `@layer` without one.
    LayerStatement(Box<[Box<str>]>),
    /// `@container`, `@scope` and `@starting-style`, whose rules are kept and never apply: the name and what follows it.
    Conditional(Box<str>, Box<str>),
    /// `@import`.
    Import {
        /// The URL as written.
        href: Box<str>,
        /// `layer`, `layer(…)`, `supports(…)`, if there.
        rest: Box<str>,
        /// The media list.
        media: MediaList,
    },
    /// `@namespace`; the empty prefix is the default.
    Namespace {
        /// The prefix.
        prefix: Box<str>,
        /// The namespace.
        uri: Box<str>,
    },
    /// `@font-face`.
    FontFace(DeclarationBlock),
    /// `@page`: its selectors and declarations.
    Page(Box<str>, DeclarationBlock),
    /// `@keyframes`.
    Keyframes(Box<str>),
    /// A rule of `@keyframes`: its keys and declarations.
    Keyframe(Box<str>, DeclarationBlock),
    /// A rule that is kept as text: its name, and all of it.
    Other(Box<str>, Box<str>),
}

impl RuleData {
    /// The declarations, if the rule has some.
    pub(super) fn block(&self) -> Option<&DeclarationBlock> {
        match self {
            Self::Style { block, .. }
            | Self::NestedDeclarations(block)
            | Self::FontFace(block)
            | Self::Page(_, block)
            | Self::Keyframe(_, block) => Some(block),
            _ => None,
        }
    }

    pub(super) fn block_mut(&mut self) -> Option<&mut DeclarationBlock> {
        match self {
            Self::Style { block, .. }
            | Self::NestedDeclarations(block)
            | Self::FontFace(block)
            | Self::Page(_, block)
            | Self::Keyframe(_, block) => Some(block),
            _ => None,
        }
    }

    /// The name of the interface of its objects.
    pub(crate) fn interface(&self) -> &'static str {
        match self {
            Self::Style { .. } => "CSSStyleRule",
            Self::NestedDeclarations(_) => "CSSNestedDeclarations",
            Self::Media(_) => "CSSMediaRule",
            Self::Supports(..) => "CSSSupportsRule",
            Self::LayerBlock(_) => "CSSLayerBlockRule",
            Self::LayerStatement(_) => "CSSLayerStatementRule",
            Self::Conditional(name, _) => match &**name {
                "container" => "CSSContainerRule",
                "scope" => "CSSScopeRule",
                _ => "CSSStartingStyleRule",
            },
            Self::Import { .. } => "CSSImportRule",
            Self::Namespace { .. } => "CSSNamespaceRule",
            Self::FontFace(_) => "CSSFontFaceRule",
            Self::Page(..) => "CSSPageRule",
            Self::Keyframes(_) => "CSSKeyframesRule",
            Self::Keyframe(..) => "CSSKeyframeRule",
            Self::Other(name, _) => match &**name {
                "property" => "CSSPropertyRule",
                "counter-style" => "CSSCounterStyleRule",
                _ => "CSSRule",
            },
        }
    }

    /// A part of the rule by the name of the attribute that shows it; empty if it has none.
    pub(crate) fn part(&self, name: &str) -> String {
        match (name, self) {
            ("selectorText", Self::Style { selector, .. }) => selector.to_string(),
            ("selectorText", Self::Page(selector, _)) => selector.to_string(),
            ("mediaText", Self::Media(media) | Self::Import { media, .. }) => media.to_string(),
            ("conditionText", Self::Media(media)) => media.to_string(),
            ("conditionText", Self::Supports(text, _)) => text.to_string(),
            ("conditionText", Self::Conditional(_, text)) => text.to_string(),
            ("matches", Self::Supports(_, holds)) => holds.to_string(),
            ("href", Self::Import { href, .. }) => href.to_string(),
            // NOTE: "=" and the text, for that may be empty.
            ("layerName", Self::Import { rest, .. }) => layer_and_supports(rest)
                .0
                .map_or_else(String::new, |name| format!("={name}")),
            ("supportsText", Self::Import { rest, .. }) => layer_and_supports(rest)
                .1
                .map_or_else(String::new, |text| format!("={text}")),
            ("namespaceURI", Self::Namespace { uri, .. }) => uri.to_string(),
            ("prefix", Self::Namespace { prefix, .. }) => prefix.to_string(),
            ("name", Self::Keyframes(name) | Self::LayerBlock(name)) => name.to_string(),
            ("nameList", Self::LayerStatement(names)) => names.join(","),
            ("keyText", Self::Keyframe(keys, _)) => keys.to_string(),
            _ => String::new(),
        }
    }
}

/// Serialize a CSS rule.
///
/// Standard: <https://drafts.csswg.org/cssom/#serialize-a-css-rule>
pub(super) fn serialize_rule(sheets: &StyleSheets, id: CssId) -> String {
    let Some(rule) = sheets.rule(id) else {
        return String::new();
    };
    let head = match &rule.data {
        RuleData::Style { selector, .. } => selector.to_string(),
        RuleData::NestedDeclarations(block) => return block.to_string(),
        RuleData::Media(media) => spaced("@media", &media.to_string()),
        RuleData::Supports(text, _) => spaced("@supports", text),
        RuleData::LayerBlock(name) => spaced("@layer", name),
        RuleData::LayerStatement(names) => return format!("@layer {};", names.join(", ")),
        RuleData::Conditional(name, text) => spaced(&format!("@{name}"), text),
        RuleData::Import { href, rest, media } => {
            let mut text = format!("@import url({})", quoted(href));
            for part in [rest.to_string(), media.to_string()] {
                if !part.is_empty() {
                    text.push(' ');
                    text.push_str(&part);
                }
            }
            text.push(';');
            return text;
        }
        RuleData::Namespace { prefix, uri } => {
            let prefix = if prefix.is_empty() {
                String::new()
            } else {
                format!("{prefix} ")
            };
            return format!("@namespace {prefix}url({});", quoted(uri));
        }
        RuleData::FontFace(_) => "@font-face".to_owned(),
        RuleData::Page(selector, _) => spaced("@page", selector),
        RuleData::Keyframes(name) => {
            let inner: Vec<String> = children_text(sheets, rule);
            return format!("@keyframes {name} {{ \n{}\n}}", inner.join("\n"));
        }
        RuleData::Keyframe(keys, _) => keys.to_string(),
        RuleData::Other(_, text) => return text.to_string(),
    };
    let declarations = rule
        .data
        .block()
        .map(ToString::to_string)
        .unwrap_or_default();
    let is_style = matches!(rule.data, RuleData::Style { .. });
    if rule.data.block().is_some() && (!is_style || rule.children.is_empty()) {
        // 4, 5. Declarations only.
        if declarations.is_empty() {
            return format!("{head} {{ }}");
        }
        return format!("{head} {{ {declarations} }}");
    }
    // 6. Rules, a line each.
    let mut text = format!("{head} {{");
    let own = (!declarations.is_empty()).then_some(declarations);
    for line in own.into_iter().chain(children_text(sheets, rule)) {
        text.push_str("\n  ");
        text.push_str(&line);
    }
    text.push_str("\n}");
    text
}

fn children_text(sheets: &StyleSheets, rule: &Rule) -> Vec<String> {
    let children = rule.children.iter();
    children.map(|&id| serialize_rule(sheets, id)).collect()
}

fn spaced(name: &str, rest: &str) -> String {
    if rest.is_empty() {
        name.to_owned()
    } else {
        format!("{name} {rest}")
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = cssparser::serialize_string(text, &mut out);
    out
}
