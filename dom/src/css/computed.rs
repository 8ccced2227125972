//! Computed values, as `getComputedStyle()` shows them.
//!
//! There are no boxes: what would depend on layout is the computed value (`width: auto`, `top: 50%`), not a used one.
//! Logical properties do not stand for physical ones.
//!
//! Standard: <https://drafts.csswg.org/css-cascade-5/#computed> and
//! <https://drafts.csswg.org/cssom/#resolved-values>, texts of November 2026.

use std::cell::Cell;
use std::rc::Rc;

use cssparser::color::parse_named_color;
use cssparser::{ParseError, Parser, ToCss, Token};

use super::cascade::{PENDING, Styled};
use super::declaration_block::{DeclarationBlock, expand};
use super::initial_values::{initial_value, is_inherited, user_agent_value};
use super::longhand_table::LONGHANDS;
use super::media_query::Media;
use super::property::{Syntax, longhand, resolve_alias, shorthand};
use super::substitution::substitute;
use super::value::{number, wide_keyword};
use crate::arena::{NodeId, Tree};
use crate::selectors::pseudo_element_name;

/// What a cascaded value comes to.
#[derive(Debug, PartialEq)]
enum Specified {
    Value(String),
    Inherit,
    Initial,
}

impl Tree {
    /// The resolved value of a property of an element or pseudo-element; empty if there is no such property, if the element
    /// is not connected or if the pseudo-element is unknown.
    ///
    /// `pseudo` is empty for the element itself. Lengths are in pixels, and nothing depends on layout.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-window-getcomputedstyle>
    pub fn computed_value(
        &mut self,
        element: NodeId,
        pseudo: &str,
        name: &str,
        media: Media,
    ) -> String {
        let name = if name.starts_with("--") {
            name.to_owned()
        } else {
            resolve_alias(&name.to_ascii_lowercase()).to_owned()
        };
        let Some(styled) = self.styled_of(element, pseudo, media) else {
            return String::new();
        };
        if name.starts_with("--") {
            return self
                .custom_property(&styled, &name, &Cell::new(MAX_VARIABLES), 0)
                .unwrap_or_default();
        }
        if let Some(shorthand) = shorthand(&name) {
            // A shorthand, from its longhands.
            let mut block = DeclarationBlock::default();
            for longhand in shorthand.longhands {
                block.declare(longhand, &self.longhand_value(&styled, longhand), false);
            }
            return block.value(&name);
        }
        if longhand(&name).is_none() || name == "all" {
            return String::new();
        }
        self.longhand_value(&styled, &name)
    }

    /// The names of the properties that a computed style lists; none if [`Self::computed_value`] has no values.
    pub fn computed_names(&self, element: NodeId, pseudo: &str) -> Vec<&'static str> {
        if !self.has_computed_style(element, pseudo) {
            return Vec::new();
        }
        let names = LONGHANDS.iter().map(|(name, _)| *name);
        names.filter(|name| *name != "all").collect()
    }

    /// Whether [`Self::computed_value`] has values for an element or pseudo-element.
    pub fn has_computed_style(&self, element: NodeId, pseudo: &str) -> bool {
        self.is_connected(element) && (pseudo.is_empty() || pseudo_element_name(pseudo).is_some())
    }

    fn styled_of(&mut self, element: NodeId, pseudo: &str, media: Media) -> Option<Rc<Styled>> {
        if !self.has_computed_style(element, pseudo) {
            return None;
        }
        let pseudo = pseudo_element_name(pseudo);
        Some(self.styled(element, pseudo.as_deref(), media))
    }

    /// The font size and weight, which others depend on.
    pub(super) fn compute_font(&self, styled: &mut Styled) {
        let inherited = styled
            .parent
            .as_ref()
            .map_or(16.0, |parent| parent.font_size);
        styled.font_size = match self.specified(styled, "font-size") {
            Specified::Value(text) => font_size(&text, inherited, styled).unwrap_or(inherited),
            Specified::Inherit => inherited,
            Specified::Initial => 16.0,
        };
        if styled.parent.is_none() {
            styled.root_font_size = styled.font_size;
        }
        let inherited = styled
            .parent
            .as_ref()
            .map_or(400.0, |parent| parent.font_weight);
        styled.font_weight = match self.specified(styled, "font-weight") {
            Specified::Value(text) => match &*text {
                "normal" => 400.0,
                "bold" => 700.0,
                "bolder" if inherited < 350.0 => 400.0,
                "bolder" if inherited < 550.0 => 700.0,
                "bolder" => inherited.max(900.0),
                "lighter" if inherited < 100.0 => inherited,
                "lighter" if inherited < 550.0 => 100.0,
                "lighter" if inherited < 750.0 => 400.0,
                "lighter" => 700.0,
                text => text.parse().unwrap_or(inherited),
            },
            Specified::Inherit => inherited,
            Specified::Initial => 400.0,
        };
    }

    /// What the cascade gives for a longhand, with variables substituted and CSS-wide keywords followed.
    ///
    /// Standard: <https://drafts.csswg.org/css-cascade-5/#specified>
    fn specified(&self, styled: &Styled, name: &str) -> Specified {
        let mut cascaded = styled.declared.get(name);
        // `all` stands for it if it comes later.
        if let Some(all) = styled.declared.get("all")
            && !matches!(name, "direction" | "unicode-bidi")
            && cascaded.is_none_or(|(known, _)| *known < all.0)
        {
            cascaded = Some(all);
        }
        let value = cascaded.map(|(_, value)| self.substituted(styled, name, value));
        let agent = || {
            (!styled.is_pseudo)
                .then(|| user_agent_value(self, styled.element, name))
                .flatten()
                .map(|value| Specified::Value(value.to_owned()))
        };
        let unset = || {
            if is_inherited(name) {
                Specified::Inherit
            } else {
                Specified::Initial
            }
        };
        match value {
            None => agent().unwrap_or_else(unset),
            // Invalid at computed-value time.
            Some(None) => unset(),
            Some(Some(text)) => match wide_keyword(&text) {
                None => Specified::Value(text),
                Some("inherit") => Specified::Inherit,
                Some("initial") => Specified::Initial,
                Some("unset") => unset(),
                Some(_) => agent().unwrap_or_else(unset),
            },
        }
    }

    /// A cascaded value with its variables in place; `None` if it is then invalid.
    fn substituted(&self, styled: &Styled, name: &str, value: &str) -> Option<String> {
        let (property, text) = match value.strip_prefix(PENDING) {
            Some(pending) => pending.split_once(':')?,
            None if super::value::has_variable(value) => (name, value),
            None => return Some(value.to_owned()),
        };
        let budget = Cell::new(MAX_VARIABLES);
        let text = substitute(text, &mut |variable| {
            self.custom_property(styled, variable, &budget, 0)
        })?;
        let expanded = expand(property, text.trim());
        expanded
            .into_iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The value of a custom property; `None` for the guaranteed-invalid value.
    ///
    /// Standard: <https://drafts.csswg.org/css-variables-1/#cycles>
    fn custom_property(
        &self,
        styled: &Styled,
        name: &str,
        budget: &Cell<u32>,
        depth: u32,
    ) -> Option<String> {
        // NOTE: a cycle is found by its length; what doubles at each step, by how much there is to do.
        if depth > MAX_CHAIN || budget.get() == 0 {
            return None;
        }
        budget.set(budget.get() - 1);
        let mut next = Some(styled);
        while let Some(styled) = next {
            if let Some((_, value)) = styled.declared.get(name) {
                match wide_keyword(value) {
                    Some("initial") => return None,
                    Some(_) => {}
                    None if super::value::has_variable(value) => {
                        return substitute(value, &mut |variable| {
                            self.custom_property(styled, variable, budget, depth + 1)
                        });
                    }
                    None => return Some(value.to_string()),
                }
            }
            next = styled.parent.as_deref();
        }
        None
    }

    pub(super) fn longhand_value(&self, styled: &Styled, name: &str) -> String {
        match name {
            "font-size" => return px(styled.font_size),
            "font-weight" => return number_text(styled.font_weight),
            _ => {}
        }
        let mut at = styled;
        let text = loop {
            match self.specified(at, name) {
                Specified::Value(text) => break text,
                Specified::Initial => break initial_value(name).to_owned(),
                Specified::Inherit => match at.parent.as_deref() {
                    Some(parent) => at = parent,
                    None => break initial_value(name).to_owned(),
                },
            }
        };
        self.computed_longhand(at, styled, name, &text)
    }

    /// The computed value of a specified one. `at` is where it was specified; `styled` is asked for.
    fn computed_longhand(&self, at: &Styled, styled: &Styled, name: &str, text: &str) -> String {
        let keyword_of = |property: &str| self.longhand_value(at, property);
        match (name, longhand(name)) {
            ("display", _) => return self.computed_display(styled, text),
            ("color", _) => return color(text, "rgb(0, 0, 0)"),
            (_, Some(Syntax::Color | Syntax::ColorOr(_))) if text == "currentcolor" => {
                return self.longhand_value(styled, "color");
            }
            (_, Some(Syntax::Color | Syntax::ColorOr(_))) => return color(text, text),
            ("float", _) => {
                let position = keyword_of("position");
                if matches!(&*position, "absolute" | "fixed") {
                    return "none".to_owned();
                }
            }
            ("content", _) if text == "normal" && styled.is_pseudo => return "none".to_owned(),
            ("line-height", _) => {
                if let Some(percent) = text
                    .strip_suffix('%')
                    .and_then(|text| text.parse::<f64>().ok())
                {
                    return px(percent / 100.0 * at.font_size);
                }
            }
            (
                "opacity" | "fill-opacity" | "stroke-opacity" | "flood-opacity" | "stop-opacity",
                _,
            ) => {
                if let Ok(value) = text.parse::<f64>() {
                    return number_text(value.clamp(0.0, 1.0));
                }
            }
            ("letter-spacing", _) if text == "0px" => return "normal".to_owned(),
            ("text-align", _) if text == "match-parent" => return "start".to_owned(),
            ("overflow-x" | "overflow-y", _) if matches!(text, "visible" | "clip") => {
                let other = if name == "overflow-x" {
                    "overflow-y"
                } else {
                    "overflow-x"
                };
                if let Specified::Value(other) = self.specified(at, other)
                    && !matches!(&*other, "visible" | "clip")
                {
                    return if text == "visible" { "auto" } else { "hidden" }.to_owned();
                }
            }
            _ => {}
        }
        if let Some(edge) = name.strip_suffix("-width")
            && (edge.starts_with("border-") || matches!(edge, "outline" | "column-rule"))
        {
            // No line, no width.
            let style = format!("{edge}-style");
            if matches!(&*keyword_of(&style), "none" | "hidden") {
                return "0px".to_owned();
            }
            match text {
                "thin" => return "1px".to_owned(),
                "medium" => return "3px".to_owned(),
                "thick" => return "5px".to_owned(),
                _ => {}
            }
        }
        if KEPT.contains(&name) {
            return text.to_owned();
        }
        absolutize(text, at).unwrap_or_else(|| text.to_owned())
    }

    /// Standard: <https://drafts.csswg.org/css-display-3/#transformations>
    fn computed_display(&self, styled: &Styled, text: &str) -> String {
        let is_root = styled.parent.is_none() && !styled.is_pseudo;
        let is_out = || {
            matches!(
                &*self.longhand_value(styled, "position"),
                "absolute" | "fixed"
            ) || self.longhand_value(styled, "float") != "none"
        };
        let is_in_flex = || {
            styled.parent.as_ref().is_some_and(|parent| {
                let specified = self.specified(parent, "display");
                matches!(&specified, Specified::Value(text)
                    if matches!(&**text, "flex" | "inline-flex" | "grid" | "inline-grid"))
            })
        };
        let blockified = match text {
            "inline" | "inline-block" | "table-cell" | "table-row" | "table-row-group"
            | "table-header-group" | "table-footer-group" | "table-column"
            | "table-column-group" | "table-caption" | "run-in" => "block",
            "inline-flex" => "flex",
            "inline-grid" => "grid",
            "inline-table" => "table",
            _ => return text.to_owned(),
        };
        if is_root || is_out() || is_in_flex() {
            blockified.to_owned()
        } else {
            text.to_owned()
        }
    }
}

/// How long a chain of variables may be.
const MAX_CHAIN: u32 = 32;
/// How many variables one value may need.
const MAX_VARIABLES: u32 = 2_000;

/// Properties whose values hold no lengths, but may look so.
const KEPT: [&str; 8] = [
    "font-family",
    "content",
    "quotes",
    "grid-template-areas",
    "will-change",
    "counter-reset",
    "counter-increment",
    "animation-name",
];

/// Standard: <https://drafts.csswg.org/css-fonts-4/#font-size-prop>
fn font_size(text: &str, inherited: f64, styled: &Styled) -> Option<f64> {
    Some(match text {
        "xx-small" => 9.0,
        "x-small" => 10.0,
        "small" => 13.0,
        "medium" => 16.0,
        "large" => 18.0,
        "x-large" => 24.0,
        "xx-large" => 32.0,
        "xxx-large" => 48.0,
        "smaller" => inherited / 1.2,
        "larger" => inherited * 1.2,
        _ => {
            if let Some(percent) = text.strip_suffix('%') {
                return percent
                    .parse::<f64>()
                    .ok()
                    .map(|value| value / 100.0 * inherited);
            }
            let mut input = Parser::new(text);
            match input.next().ok()? {
                Token::Dimension { value, unit, .. } => {
                    let root = match styled.parent {
                        Some(_) => styled.root_font_size,
                        None => 16.0,
                    };
                    pixels(f64::from(*value), unit, inherited, root, styled.media)?
                }
                _ => return None,
            }
        }
    })
}

/// A length in pixels; `None` for what is no length.
///
/// Standard: <https://drafts.csswg.org/css-values-4/#lengths>
fn pixels(value: f64, unit: &str, font_size: f64, root: f64, media: Media) -> Option<f64> {
    let (width, height) = (f64::from(media.width), f64::from(media.height));
    let unit = unit.to_ascii_lowercase();
    Some(
        value
            * match unit.as_str() {
                "px" => 1.0,
                "em" | "ic" => font_size,
                "rem" | "ric" => root,
                // NOTE: without fonts, half an em is what the standard says.
                "ex" | "ch" => font_size / 2.0,
                "rex" | "rch" => root / 2.0,
                "in" => 96.0,
                "cm" => 96.0 / 2.54,
                "mm" => 96.0 / 25.4,
                "q" => 96.0 / 101.6,
                "pt" => 96.0 / 72.0,
                "pc" => 16.0,
                "vw" | "svw" | "lvw" | "dvw" | "vi" | "svi" | "lvi" | "dvi" => width / 100.0,
                "vh" | "svh" | "lvh" | "dvh" | "vb" => height / 100.0,
                "vmin" => width.min(height) / 100.0,
                "vmax" => width.max(height) / 100.0,
                _ => return None,
            },
    )
}

fn number_text(value: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "CSS numbers have this precision"
    )]
    number(value as f32)
}

fn px(value: f64) -> String {
    format!("{}px", number_text(value))
}

/// A color as `rgb()`; `other` for what is none that is known.
fn color(text: &str, other: &str) -> String {
    if text == "transparent" {
        return "rgba(0, 0, 0, 0)".to_owned();
    }
    if let Ok((red, green, blue)) = parse_named_color(text) {
        return format!("rgb({red}, {green}, {blue})");
    }
    match text {
        "canvas" | "field" | "selecteditemtext" => "rgb(255, 255, 255)".to_owned(),
        "canvastext" | "fieldtext" | "buttontext" => "rgb(0, 0, 0)".to_owned(),
        "linktext" => "rgb(0, 0, 238)".to_owned(),
        "visitedtext" => "rgb(85, 26, 139)".to_owned(),
        _ if text.starts_with("rgb") => text.to_owned(),
        "currentcolor" => other.to_owned(),
        _ => text.to_owned(),
    }
}

/// A value with all its lengths in pixels; `None` if there is none in it.
fn absolutize(text: &str, styled: &Styled) -> Option<String> {
    // OPTIMIZATION: a keyword has no digits.
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut out = String::new();
    absolutize_into(&mut Parser::new(text), styled, &mut out, 0)?;
    Some(out)
}

fn absolutize_into(
    input: &mut Parser<'_>,
    styled: &Styled,
    out: &mut String,
    depth: u32,
) -> Option<()> {
    if depth > 32 {
        return None;
    }
    while let Ok(token) = input.next_including_whitespace().cloned() {
        let close = match &token {
            Token::Function(_) | Token::ParenthesisBlock => Some(')'),
            Token::SquareBracketBlock => Some(']'),
            Token::CurlyBracketBlock => Some('}'),
            _ => None,
        };
        match &token {
            Token::Dimension { value, unit, .. } => {
                let found = pixels(
                    f64::from(*value),
                    unit,
                    styled.font_size,
                    styled.root_font_size,
                    styled.media,
                );
                match found {
                    Some(found) => out.push_str(&px(found)),
                    None => token.to_css(out).ok()?,
                }
            }
            token => token.to_css(out).ok()?,
        }
        if let Some(close) = close {
            input
                .parse_nested_block(|input| {
                    absolutize_into(input, styled, out, depth + 1)
                        .ok_or_else(|| ParseError::<()>::custom(()))
                })
                .ok()?;
            out.push(close);
        }
    }
    Some(())
}
