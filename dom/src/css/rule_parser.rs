//! Parsing style sheets into rules.
//!
//! Rules are first cut out as text with the tokens of their prelude and block, then made by what they are.
//!
//! Standard: <https://drafts.csswg.org/css-syntax-3/#parsing> and <https://drafts.csswg.org/cssom/#parse-a-css-rule>, text of
//! November 2026.

use std::rc::Rc;

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState,
    QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser, StyleSheetParser, Token,
    parse_one_rule,
};

use super::declaration_block::{DeclarationBlock, Items};
use super::media_query::MediaList;
use super::rule::RuleData;
use super::supports::supports_condition;
use super::value::serialize_tokens;
use crate::selectors::{ParsedSelector, SheetNamespaces, parse_in_sheet};

/// A rule with those in it, before it has a place in a sheet.
#[derive(Debug)]
pub(super) struct ParsedRule {
    pub(super) data: RuleData,
    pub(super) children: Vec<Self>,
}

/// What a rule's text is read in.
#[derive(Debug, Copy, Clone)]
pub(super) struct Context<'a> {
    pub(super) namespaces: &'a SheetNamespaces,
    /// The selectors of the style rule around.
    pub(super) parent: Option<&'a Rc<ParsedSelector>>,
    /// Whether it is in `@keyframes`.
    pub(super) in_keyframes: bool,
    pub(super) depth: u32,
}

/// How deep rules nest; deeper ones are dropped.
const MAX_DEPTH: u32 = 48;

/// Parse a stylesheet. Invalid rules are left out.
///
/// Standard: <https://drafts.csswg.org/css-syntax-3/#parse-a-stylesheet>
pub(super) fn parse_sheet(text: &str, namespaces: &mut SheetNamespaces) -> Vec<ParsedRule> {
    let mut input = Parser::new(text);
    let mut cut = Cut {
        declarations: false,
    };
    let raw: Vec<Raw<'_>> = StyleSheetParser::new(&mut input, &mut cut)
        .flatten()
        .filter_map(Item::rule)
        .collect();
    let mut rules: Vec<ParsedRule> = Vec::with_capacity(raw.len());
    let mut stage = Stage::Imports;
    for raw in raw {
        let context = Context {
            namespaces,
            parent: None,
            in_keyframes: false,
            depth: 0,
        };
        let Some(rule) = build(&raw, context) else {
            // An invalid rule moves no border, but for a qualified rule.
            continue;
        };
        match &rule.data {
            RuleData::Import { .. } if stage > Stage::Imports => continue,
            RuleData::Import { .. } | RuleData::LayerStatement(_) => {}
            RuleData::Namespace { .. } if stage > Stage::Namespaces => continue,
            RuleData::Namespace { prefix, uri } => {
                stage = Stage::Namespaces;
                namespaces.declare(prefix, uri);
            }
            _ => stage = Stage::Body,
        }
        rules.push(rule);
    }
    rules
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Imports,
    Namespaces,
    Body,
}

/// Parse a CSS rule: exactly one.
///
/// Standard: <https://drafts.csswg.org/cssom/#parse-a-css-rule>
pub(super) fn parse_rule(text: &str, context: Context<'_>) -> Option<ParsedRule> {
    let mut input = Parser::new(text);
    let mut cut = Cut {
        declarations: false,
    };
    let raw = parse_one_rule(&mut input, &mut cut).ok()?.rule()?;
    build(&raw, context)
}

/// The declarations of a rule's text, by themselves; for `insertRule()` into a style rule.
pub(super) fn parse_nested_declarations(text: &str) -> Option<ParsedRule> {
    let block = DeclarationBlock::parse(text);
    (!block.declarations().is_empty()).then(|| leaf(RuleData::NestedDeclarations(block)))
}

/// A rule as it is cut out.
#[derive(Debug)]
struct Raw<'i> {
    at: Option<String>,
    prelude: &'i str,
    block: Option<&'i str>,
}

#[derive(Debug)]
enum Item<'i> {
    Rule(Raw<'i>),
    Declaration(String, String, bool),
}

impl<'i> Item<'i> {
    fn rule(self) -> Option<Raw<'i>> {
        match self {
            Self::Rule(raw) => Some(raw),
            Self::Declaration(..) => None,
        }
    }
}

fn leaf(data: RuleData) -> ParsedRule {
    ParsedRule {
        data,
        children: Vec::new(),
    }
}

fn build(raw: &Raw<'_>, context: Context<'_>) -> Option<ParsedRule> {
    if context.depth > MAX_DEPTH {
        return None;
    }
    match &raw.at {
        Some(name) => build_at_rule(name, raw, context),
        None if context.in_keyframes => {
            let keys = keyframe_keys(raw.prelude)?;
            let block = DeclarationBlock::parse(raw.block?);
            Some(leaf(RuleData::Keyframe(keys.into(), block)))
        }
        None => build_style_rule(raw, context),
    }
}

fn build_style_rule(raw: &Raw<'_>, context: Context<'_>) -> Option<ParsedRule> {
    let (own, parsed) = parse_in_sheet(raw.prelude, context.namespaces, context.parent).ok()?;
    let (block, children) = body(
        raw.block?,
        Context {
            parent: Some(&parsed),
            depth: context.depth + 1,
            ..context
        },
    );
    Some(ParsedRule {
        data: RuleData::Style {
            selector: own.into(),
            parsed,
            block,
        },
        children,
    })
}

/// What is in a style rule, or in a grouping rule within one: the declarations that come first, and the rest as rules.
fn body(text: &str, context: Context<'_>) -> (DeclarationBlock, Vec<ParsedRule>) {
    let mut first = DeclarationBlock::default();
    let mut rules = Vec::new();
    let mut later: Option<DeclarationBlock> = None;
    let mut input = Parser::new(text);
    let mut cut = Cut { declarations: true };
    let items: Vec<Item<'_>> = RuleBodyParser::new(&mut input, &mut cut)
        .flatten()
        .collect();
    for item in items {
        match item {
            Item::Declaration(name, value, important) => {
                let block = if rules.is_empty() {
                    &mut first
                } else {
                    later.get_or_insert_default()
                };
                block.declare(&name, &value, important);
            }
            Item::Rule(raw) => {
                let Some(rule) = build(&raw, context) else {
                    continue;
                };
                push_declarations(&mut rules, later.take());
                rules.push(rule);
            }
        }
    }
    push_declarations(&mut rules, later);
    (first, rules)
}

fn push_declarations(rules: &mut Vec<ParsedRule>, block: Option<DeclarationBlock>) {
    if let Some(block) = block.filter(|block| !block.declarations().is_empty()) {
        rules.push(leaf(RuleData::NestedDeclarations(block)));
    }
}

/// The rules of a grouping rule.
fn grouped(text: &str, context: Context<'_>) -> Vec<ParsedRule> {
    let context = Context {
        depth: context.depth + 1,
        ..context
    };
    if context.parent.is_some() {
        let (block, mut rules) = body(text, context);
        if !block.declarations().is_empty() {
            rules.insert(0, leaf(RuleData::NestedDeclarations(block)));
        }
        return rules;
    }
    let mut input = Parser::new(text);
    let mut cut = Cut {
        declarations: false,
    };
    let raw: Vec<Raw<'_>> = RuleBodyParser::new(&mut input, &mut cut)
        .flatten()
        .filter_map(Item::rule)
        .collect();
    raw.iter()
        .filter_map(|raw| build(raw, context))
        .filter(|rule| {
            !matches!(
                rule.data,
                RuleData::Import { .. } | RuleData::Namespace { .. }
            )
        })
        .collect()
}

fn build_at_rule(name: &str, raw: &Raw<'_>, context: Context<'_>) -> Option<ParsedRule> {
    let prelude = raw.prelude.trim();
    let text = || serialize_tokens(&mut Parser::new(prelude)).map(|text| text.trim().to_owned());
    let group = |data: RuleData| {
        Some(ParsedRule {
            data,
            children: grouped(raw.block?, context),
        })
    };
    match name {
        "media" => group(RuleData::Media(MediaList::parse(prelude))),
        "supports" => {
            let holds = supports_condition(prelude, context.namespaces)?;
            group(RuleData::Supports(text()?.into(), holds))
        }
        "layer" => {
            let names = layer_names(prelude)?;
            match (raw.block, names.as_slice()) {
                (Some(_), []) => group(RuleData::LayerBlock("".into())),
                (Some(_), [name]) => group(RuleData::LayerBlock(name.clone())),
                (None, [_, ..]) => Some(leaf(RuleData::LayerStatement(names.into()))),
                _ => None,
            }
        }
        "container" | "scope" | "starting-style" => {
            group(RuleData::Conditional(name.into(), text()?.into()))
        }
        "import" if raw.block.is_none() => import(prelude),
        "namespace" if raw.block.is_none() => namespace(prelude),
        "font-face" if prelude.is_empty() => {
            let block = DeclarationBlock::parse_descriptors(raw.block?);
            Some(leaf(RuleData::FontFace(block)))
        }
        "page" => {
            let block = DeclarationBlock::parse(raw.block?);
            Some(leaf(RuleData::Page(text()?.into(), block)))
        }
        "keyframes" | "-webkit-keyframes" => {
            let name = keyframes_name(prelude)?;
            let context = Context {
                in_keyframes: true,
                parent: None,
                ..context
            };
            Some(ParsedRule {
                data: RuleData::Keyframes(name.into()),
                children: grouped(raw.block?, context),
            })
        }
        "property"
        | "counter-style"
        | "font-feature-values"
        | "font-palette-values"
        | "view-transition"
        | "position-try"
        | "color-profile" => {
            let inner = serialize_descriptors(raw.block?);
            let prelude = text()?;
            let space = if prelude.is_empty() { "" } else { " " };
            let all = format!("@{name}{space}{prelude} {{ {inner} }}");
            Some(leaf(RuleData::Other(name.into(), all.into())))
        }
        _ => None,
    }
}

fn serialize_descriptors(text: &str) -> String {
    let block = DeclarationBlock::parse_descriptors(text);
    let parts: Vec<String> = block
        .declarations()
        .iter()
        .map(|known| format!("{}: {};", known.name, known.value))
        .collect();
    parts.join(" ")
}

fn layer_names(prelude: &str) -> Option<Vec<Box<str>>> {
    if prelude.is_empty() {
        return Some(Vec::new());
    }
    let mut names = Vec::new();
    for name in prelude.split(',') {
        let name = name.trim();
        let is_name = !name.is_empty() && name.split('.').all(is_ident);
        if !is_name {
            return None;
        }
        names.push(name.into());
    }
    Some(names)
}

fn is_ident(text: &str) -> bool {
    let mut input = Parser::new(text);
    input.expect_ident().is_ok() && input.is_exhausted()
}

/// Standard: <https://drafts.csswg.org/css-cascade-5/#at-import>
fn import(prelude: &str) -> Option<ParsedRule> {
    let mut input = Parser::new(prelude);
    let href = input.expect_url_or_string().ok()?.to_string();
    let start = input.position();
    let mut end = start;
    loop {
        let before = input.state();
        match input.next() {
            Ok(Token::Ident(name)) if name.eq_ignore_ascii_case("layer") => {
                end = input.position();
            }
            Ok(Token::Function(name))
                if name.eq_ignore_ascii_case("layer") || name.eq_ignore_ascii_case("supports") =>
            {
                input
                    .parse_nested_block(|input| {
                        while input.next().is_ok() {}
                        Ok::<_, ParseError<()>>(())
                    })
                    .ok()?;
                end = input.position();
            }
            _ => {
                input.reset(&before);
                break;
            }
        }
    }
    let rest = input.slice(start..end).trim().to_owned();
    let from = input.position();
    while input.next().is_ok() {}
    let media = MediaList::parse(input.slice_from(from));
    Some(leaf(RuleData::Import {
        href: href.into(),
        rest: rest.into(),
        media,
    }))
}

/// Standard: <https://drafts.csswg.org/css-namespaces-3/#declaration>
fn namespace(prelude: &str) -> Option<ParsedRule> {
    let mut input = Parser::new(prelude);
    let prefix = input
        .try_parse(Parser::expect_ident_cloned)
        .map(|prefix| prefix.to_string())
        .unwrap_or_default();
    let uri = input.expect_url_or_string().ok()?.to_string();
    input.expect_exhausted().ok()?;
    Some(leaf(RuleData::Namespace {
        prefix: prefix.into(),
        uri: uri.into(),
    }))
}

fn keyframes_name(prelude: &str) -> Option<String> {
    let mut input = Parser::new(prelude);
    let name = input.expect_ident_or_string().ok()?.to_string();
    input.expect_exhausted().ok()?;
    let is_reserved =
        name.eq_ignore_ascii_case("none") || super::value::wide_keyword(&name).is_some();
    (!is_reserved).then_some(name)
}

/// The keys of a rule of `@keyframes`, as percentages.
///
/// Standard: <https://drafts.csswg.org/css-animations-1/#typedef-keyframe-selector>
pub(super) fn keyframe_keys(prelude: &str) -> Option<String> {
    let mut input = Parser::new(prelude);
    let keys = input
        .parse_comma_separated(|input| {
            Ok::<_, ParseError<()>>(match input.next()?.clone() {
                Token::Ident(name) if name.eq_ignore_ascii_case("from") => "0%".to_owned(),
                Token::Ident(name) if name.eq_ignore_ascii_case("to") => "100%".to_owned(),
                Token::Percentage { unit_value, .. } if (0.0..=1.0).contains(&unit_value) => {
                    format!("{}%", super::value::number(unit_value * 100.0))
                }
                _ => return Err(ParseError::custom(())),
            })
        })
        .ok()?;
    input.expect_exhausted().ok()?;
    Some(keys.join(", "))
}

/// Cuts out rules, and declarations if wanted.
struct Cut {
    declarations: bool,
}

/// All that is left of the input.
fn rest<'i>(input: &mut Parser<'i>) -> &'i str {
    let start = input.position();
    while input.next_including_whitespace_and_comments().is_ok() {}
    input.slice_from(start)
}

impl<'i> AtRuleParser<'i> for Cut {
    type Prelude = (String, &'i str);
    type AtRule = Item<'i>;
    type Error = ();

    fn parse_prelude(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
    ) -> Result<Self::Prelude, ParseError<()>> {
        Ok((name.to_ascii_lowercase(), rest(input)))
    }

    fn rule_without_block(
        &mut self,
        (at, prelude): Self::Prelude,
        _start: &ParserState,
    ) -> Result<Item<'i>, ()> {
        Ok(Item::Rule(Raw {
            at: Some(at),
            prelude,
            block: None,
        }))
    }

    fn parse_block(
        &mut self,
        (at, prelude): Self::Prelude,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<Item<'i>, ParseError<()>> {
        Ok(Item::Rule(Raw {
            at: Some(at),
            prelude,
            block: Some(rest(input)),
        }))
    }
}

impl<'i> QualifiedRuleParser<'i> for Cut {
    type Prelude = &'i str;
    type QualifiedRule = Item<'i>;
    type Error = ();

    fn parse_prelude(&mut self, input: &mut Parser<'i>) -> Result<&'i str, ParseError<()>> {
        Ok(rest(input))
    }

    fn parse_block(
        &mut self,
        prelude: &'i str,
        _start: &ParserState,
        input: &mut Parser<'i>,
    ) -> Result<Item<'i>, ParseError<()>> {
        Ok(Item::Rule(Raw {
            at: None,
            prelude,
            block: Some(rest(input)),
        }))
    }
}

impl<'i> DeclarationParser<'i> for Cut {
    type Declaration = Item<'i>;
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        start: &ParserState,
    ) -> Result<Item<'i>, ParseError<()>> {
        let (name, value, important) = Items.parse_value(name, input, start)?;
        // What has a block in it is a rule, as in `a:hover {}`.
        if !name.starts_with("--") && value.contains('{') {
            return Err(ParseError::custom(()));
        }
        Ok(Item::Declaration(name, value, important))
    }
}

impl<'i> RuleBodyItemParser<'i, Item<'i>, ()> for Cut {
    fn parse_declarations(&self) -> bool {
        self.declarations
    }

    fn parse_qualified(&self) -> bool {
        true
    }
}

/// The namespaces that a sheet's rules declare, from its `@namespace` rules.
pub(super) fn namespaces_of<'a>(rules: impl Iterator<Item = &'a RuleData>) -> SheetNamespaces {
    let mut namespaces = SheetNamespaces::default();
    for data in rules {
        if let RuleData::Namespace { prefix, uri } = data {
            namespaces.declare(prefix, uri);
        }
    }
    namespaces
}
