//! Parsing a selector list.
//!
//! Standard: <https://drafts.csswg.org/selectors-4/#parse-a-selector>, text of November 2026.

use ::selectors::SelectorList;
use ::selectors::parser::{Component, ParseRelative, Parser, Selector, SelectorParseErrorKind};
use cssparser::{ParseError, Parser as CssParser};
use html5ever::Namespace;

use super::chain::Chains;
use super::in_sheet::SheetNamespaces;
use super::limits::{MAX_NESTING, exceeds_limits};
use super::pseudo_class::{Direction, PseudoClass};
use super::selector_impl::{Name, PseudoElement, Selectors};
use crate::error::DomError;

/// A selector list that was parsed, and the short way to match it if there is one.
#[derive(Debug)]
pub(crate) struct ParsedSelector {
    pub(crate) list: SelectorList<Selectors>,
    pub(crate) shortcut: Option<Shortcut>,
    /// The same in a form that is matched quickly, if there is one; not for rules of style sheets.
    pub(crate) chains: Option<Chains>,
}

/// A selector list that is one simple selector.
#[derive(Debug, Clone)]
pub(crate) enum Shortcut {
    Id(Name),
    Class(Name),
    /// The name as written, and in lower case.
    Type(Name, Name),
    Universal,
}

/// Parses `text`.
///
/// # Errors
/// [`DomError::Syntax`] if it is no selector list, or nests or chains deeper than the limits.
pub(crate) fn parse(text: &str) -> Result<ParsedSelector, DomError> {
    let mut parsed = parse_with(text, None, false)?;
    if parsed.shortcut.is_none() {
        parsed.chains = Chains::of(&parsed.list);
    }
    Ok(parsed)
}

/// Parses the selectors of a style rule: `namespaces` are those of its sheet (then `&` is valid), `is_nested` for a rule
/// within another style rule.
///
/// # Errors
/// As [`parse`].
pub(super) fn parse_with(
    text: &str,
    namespaces: Option<&SheetNamespaces>,
    is_nested: bool,
) -> Result<ParsedSelector, DomError> {
    let relative = if is_nested {
        ParseRelative::ForNesting
    } else {
        ParseRelative::No
    };
    if exceeds_limits(text) {
        return Err(not_valid(text));
    }
    let mut input = CssParser::new(text);
    input.set_nested_block_limit(MAX_NESTING);
    let list = input
        .parse_entirely(|input| {
            SelectorList::parse(&SelectorParser { namespaces }, input, relative)
        })
        .map_err(|_| not_valid(text))?;
    let shortcut = match list.slice() {
        [selector] => shortcut(selector),
        _ => None,
    };
    Ok(ParsedSelector {
        list,
        shortcut,
        chains: None,
    })
}

fn not_valid(text: &str) -> DomError {
    let shown: String = text.chars().take(SHOWN).collect();
    let dots = if shown.len() < text.len() { "…" } else { "" };
    DomError::Syntax(format!("'{shown}{dots}' is not a valid selector."))
}

/// How many characters of a selector a message shows.
const SHOWN: usize = 200;

fn shortcut(selector: &Selector<Selectors>) -> Option<Shortcut> {
    let mut components = selector.iter_raw_match_order();
    let shortcut = match components.next()? {
        Component::ID(id) => Shortcut::Id(id.clone()),
        Component::Class(class) => Shortcut::Class(class.clone()),
        Component::LocalName(name) => Shortcut::Type(name.name.clone(), name.lower_name.clone()),
        Component::ExplicitUniversalType => Shortcut::Universal,
        _ => return None,
    };
    components.next().is_none().then_some(shortcut)
}

struct SelectorParser<'n> {
    namespaces: Option<&'n SheetNamespaces>,
}

impl<'i> Parser<'i> for SelectorParser<'_> {
    type Impl = Selectors;
    type Error = SelectorParseErrorKind;

    fn parse_slotted(&self) -> bool {
        true
    }

    fn parse_parent_selector(&self) -> bool {
        self.namespaces.is_some()
    }

    fn default_namespace(&self) -> Option<Namespace> {
        self.namespaces?.default.clone()
    }

    fn namespace_for_prefix(&self, prefix: &Name) -> Option<Namespace> {
        self.namespaces?.of_prefix(&prefix.0)
    }

    fn parse_part(&self) -> bool {
        true
    }

    fn parse_nth_child_of(&self) -> bool {
        true
    }

    fn parse_is_and_where(&self) -> bool {
        true
    }

    fn is_is_alias(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("-webkit-any")
    }

    fn parse_has(&self) -> bool {
        true
    }

    fn parse_host(&self) -> bool {
        true
    }

    fn parse_non_ts_pseudo_class(
        &self,
        name: &str,
    ) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        PseudoClass::named(name).ok_or_else(unknown)
    }

    fn parse_non_ts_functional_pseudo_class(
        &self,
        name: &str,
        input: &mut CssParser<'i>,
        _after_part: bool,
    ) -> Result<PseudoClass, ParseError<SelectorParseErrorKind>> {
        if name.eq_ignore_ascii_case("lang") {
            let ranges = input.parse_comma_separated(|input| {
                Ok::<_, ParseError<SelectorParseErrorKind>>(Box::from(
                    input.expect_ident_or_string()?.as_ref(),
                ))
            })?;
            return Ok(PseudoClass::Lang(ranges.into_boxed_slice()));
        }
        if name.eq_ignore_ascii_case("dir") {
            let direction = input.expect_ident()?;
            return Ok(PseudoClass::Dir(if direction.eq_ignore_ascii_case("ltr") {
                Direction::LeftToRight
            } else if direction.eq_ignore_ascii_case("rtl") {
                Direction::RightToLeft
            } else {
                Direction::Other
            }));
        }
        if name.eq_ignore_ascii_case("state") {
            return Ok(PseudoClass::State(input.expect_ident()?.as_ref().into()));
        }
        if name.eq_ignore_ascii_case("host-context") {
            let selectors = SelectorList::parse_disallow_pseudo(self, input, ParseRelative::No)?;
            // One compound selector, and no more.
            let is_compound = matches!(selectors.slice(), [selector]
                if !selector.iter_raw_match_order().any(Component::is_combinator));
            return if is_compound {
                Ok(PseudoClass::HostContext(Box::new(selectors)))
            } else {
                Err(unknown())
            };
        }
        Err(unknown())
    }

    fn parse_functional_pseudo_element(
        &self,
        name: &str,
        arguments: &mut CssParser<'i>,
    ) -> Result<PseudoElement, ParseError<SelectorParseErrorKind>> {
        PseudoElement::functional(name, arguments).ok_or_else(unknown)
    }

    fn parse_pseudo_element(
        &self,
        name: &str,
    ) -> Result<PseudoElement, ParseError<SelectorParseErrorKind>> {
        PseudoElement::named(name).ok_or_else(unknown)
    }
}

fn unknown() -> ParseError<SelectorParseErrorKind> {
    ParseError::custom(SelectorParseErrorKind::UnsupportedPseudoClassOrElement)
}
