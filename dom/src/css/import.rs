//! Imported style sheets: their text comes from the embedder, which fetches it.
//!
//! Standard: <https://drafts.csswg.org/css-cascade-5/#at-import>, text of November 2026.

use std::collections::HashMap;

use cssparser::{ParseError, Parser, Token};

use super::rule::RuleData;
use super::style_sheet::{CssId, StyleSheets};
use super::supports::supports;
use crate::arena::{NodeId, Tree};

/// How deep imports may nest.
const MAX_DEPTH: usize = 16;
/// How many sheets one element may import, one through the other.
const MAX_IMPORTS: usize = 256;

/// What import rules have loaded, by rule.
#[derive(Debug, Default)]
pub(super) struct Imports(HashMap<CssId, Import>);

/// An import rule that was asked for.
#[derive(Debug, Default)]
struct Import {
    /// Its sheet; `None` if it has not come, or was refused.
    sheet: Option<CssId>,
    address: String,
    is_origin_clean: bool,
}

/// An import to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedImport {
    /// Its rule.
    pub rule: CssId,
    /// The URL as written, which is relative to the first of `addresses`.
    pub href: String,
    /// The addresses of the sheets around it, the innermost first; those of style elements have none.
    pub addresses: Vec<String>,
}

impl Imports {
    /// The sheet of a rule.
    pub(super) fn sheet(&self, rule: CssId) -> Option<CssId> {
        self.0.get(&rule)?.sheet
    }

    /// Whether a sheet was imported.
    pub(super) fn has_sheet(&self, sheet: CssId) -> bool {
        self.of_sheet(sheet).is_some()
    }

    fn of_sheet(&self, sheet: CssId) -> Option<&Import> {
        self.0.values().find(|import| import.sheet == Some(sheet))
    }
}

/// What follows the URL of an import, taken apart: the layer it names (empty: one without a name), and the text of its condition.
pub(super) fn layer_and_supports(rest: &str) -> (Option<String>, Option<String>) {
    let mut input = Parser::new(rest);
    let mut layer = None;
    let mut condition = None;
    while let Ok(token) = input.next() {
        match token {
            Token::Ident(_) => layer = Some(String::new()),
            Token::Function(name) => {
                let is_layer = name.eq_ignore_ascii_case("layer");
                let inside = input.parse_nested_block(|input| {
                    let start = input.position();
                    while input.next().is_ok() {}
                    Ok::<_, ParseError<()>>(input.slice_from(start).trim().to_owned())
                });
                let part = if is_layer { &mut layer } else { &mut condition };
                *part = Some(inside.unwrap_or_default());
            }
            _ => {}
        }
    }
    (layer, condition)
}

/// The layer as [`layer_and_supports`] has it, and whether the condition holds.
pub(super) fn layer_and_condition(rest: &str) -> (Option<String>, bool) {
    let (layer, condition) = layer_and_supports(rest);
    (
        layer,
        condition.is_none_or(|condition| supports(&condition)),
    )
}

impl Tree {
    /// Whether a style element or a link's sheet may import something, without parsing it.
    pub fn may_import(&self, element: NodeId) -> bool {
        let mentions = |text: &str| {
            text.match_indices('@').any(|(at, _)| {
                let name = text.as_bytes().get(at + 1..at + 7);
                name.is_some_and(|name| name.eq_ignore_ascii_case(b"import"))
            })
        };
        match self.link_sheet_text(element) {
            Some(text) => mentions(text),
            None => mentions(&self.child_text_content(element).to_string_lossy()),
        }
    }

    /// Whether a rule that was asked for is still there.
    pub fn is_import_known(&self, rule: CssId) -> bool {
        self.style_sheets.imports.0.contains_key(&rule)
    }

    /// The imports of an element's sheet, and of those imported there, that nobody has asked for yet; they count as asked for then.
    ///
    /// Standard: <https://drafts.csswg.org/css-cascade-5/#fetch-an-import>
    pub fn take_wanted_imports(&mut self, element: NodeId) -> Vec<WantedImport> {
        let Some(sheet) = self.style_sheet_of(element) else {
            return Vec::new();
        };
        let own: Vec<String> = self.style_sheet_address(sheet).into_iter().collect();
        let mut wanted = Vec::new();
        let mut seen = 0;
        let mut work = vec![(sheet, own, 0)];
        while let Some((sheet, addresses, depth)) = work.pop() {
            for rule in self.css_rules(sheet) {
                let sheets = &self.style_sheets;
                let Some(RuleData::Import { href, rest, .. }) =
                    sheets.rule(*rule).map(|rule| &rule.data)
                else {
                    continue;
                };
                seen += 1;
                match sheets.imports.0.get(rule) {
                    Some(import) => {
                        if let Some(sheet) = import.sheet {
                            let mut inner = vec![import.address.clone()];
                            inner.extend_from_slice(&addresses);
                            work.push((sheet, inner, depth + 1));
                        }
                    }
                    None if depth < MAX_DEPTH
                        && seen <= MAX_IMPORTS
                        && layer_and_condition(rest).1 =>
                    {
                        wanted.push(WantedImport {
                            rule: *rule,
                            href: href.to_string(),
                            addresses: addresses.clone(),
                        });
                    }
                    None => {}
                }
            }
        }
        for import in &wanted {
            self.style_sheets
                .imports
                .0
                .insert(import.rule, Import::default());
        }
        wanted
    }

    /// Gives an import rule that was asked for the sheet it has loaded from `address`; nothing if the rule has gone. Script may read its
    /// rules if `is_origin_clean`.
    pub fn set_imported_style_sheet(
        &mut self,
        rule: CssId,
        text: &str,
        address: String,
        is_origin_clean: bool,
    ) {
        if !self.style_sheets.imports.0.contains_key(&rule) {
            return;
        }
        let sheet = self.style_sheets.add_sheet(text, "", None);
        let import = Import {
            sheet: Some(sheet),
            address,
            is_origin_clean,
        };
        self.style_sheets.imports.0.insert(rule, import);
    }

    /// The sheet of an import rule.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssimportrule-stylesheet>
    pub fn imported_style_sheet(&self, rule: CssId) -> Option<CssId> {
        self.style_sheets.imports.sheet(rule)
    }
}

impl StyleSheets {
    /// A rule goes, and with it what it has imported.
    pub(super) fn free_import(&mut self, rule: CssId) {
        let import = self.imports.0.remove(&rule);
        if let Some(sheet) = import.and_then(|import| import.sheet) {
            self.let_go(sheet);
        }
    }

    /// Frees the imports of rules that have gone.
    pub(super) fn free_lost_imports(&mut self) {
        let rules = self.imports.0.keys().copied();
        let gone: Vec<CssId> = rules.filter(|&id| self.rule(id).is_none()).collect();
        for rule in gone {
            self.free_import(rule);
        }
    }

    /// The address of an imported sheet, and whether script may read its rules.
    pub(super) fn import_source(&self, sheet: CssId) -> Option<(&str, bool)> {
        let import = self.imports.of_sheet(sheet)?;
        Some((&import.address, import.is_origin_clean))
    }
}

#[cfg(test)]
mod tests {
    use super::layer_and_condition;

    #[track_caller]
    fn check(rest: &str, layer: Option<&str>, holds: bool) {
        let expected = (layer.map(ToOwned::to_owned), holds);
        assert_eq!(layer_and_condition(rest), expected, "{rest}");
    }

    #[test]
    fn layers_and_conditions_are_told_apart() {
        check("", None, true);
        check("layer", Some(""), true);
        check("layer( a.b )", Some("a.b"), true);
        check("supports(display: flex)", None, true);
        check("layer(x) supports(not (display: flex))", Some("x"), false);
        check("supports(selector(p > b))", None, true);
    }
}
