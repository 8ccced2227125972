//! Declaration blocks: what a `style` attribute says.
//!
//! Standard: <https://drafts.csswg.org/cssom/#css-declaration-blocks>, text of November 2026.

use cssparser::{
    AtRuleParser, CowRcStr, DeclarationParser, ParseError, Parser, ParserState,
    QualifiedRuleParser, RuleBodyItemParser, RuleBodyParser, Token, parse_important,
};

use super::property::{Supported, longhand, resolve_alias, shorthand, shorthands_of, supported};
use super::shorthand;
use super::value::{has_variable, parse_value, serialize_tokens, wide_keyword};

/// One declaration of a longhand, or of a shorthand that is kept whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The property's name, in lower case unless it is a custom one.
    pub name: Box<str>,
    /// The value as it is serialized.
    pub value: Box<str>,
    /// `!important`.
    pub important: bool,
}

/// The declarations of a block, in order; none names what another does. `Default` is the empty block.
///
/// ```
/// use readystate_dom::css::DeclarationBlock;
///
/// let mut block = DeclarationBlock::parse("margin: 1px 2px; COLOR: #f00; no-such: 1");
/// assert_eq!(block.value("margin-left"), "2px");
/// block.set("margin-top", "3px", false);
/// assert_eq!(block.to_string(), "margin: 3px 2px 1px; color: rgb(255, 0, 0);");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DeclarationBlock {
    declarations: Vec<Declaration>,
}

impl DeclarationBlock {
    /// Parses the text of a `style` attribute. What is no declaration of a known property, or has no value that the
    /// property can have, is left out.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#parse-a-css-declaration-block>
    pub fn parse(text: &str) -> Self {
        let mut block = Self::default();
        let mut parser = Parser::new(text);
        let mut items = Items;
        for (name, value, important) in RuleBodyParser::new(&mut parser, &mut items).flatten() {
            block.declare(&name, &value, important);
        }
        block
    }

    /// Parses descriptors, as in `@font-face`: any names, with values that are not looked at.
    pub(super) fn parse_descriptors(text: &str) -> Self {
        let mut block = Self::default();
        let mut parser = Parser::new(text);
        let mut items = Items;
        for (name, value, _) in RuleBodyParser::new(&mut parser, &mut items).flatten() {
            let name = name.to_ascii_lowercase();
            if let Some(value) = serialize_tokens(&mut Parser::new(&value)) {
                block.declarations.retain(|known| *known.name != *name);
                block.declarations.push(Declaration {
                    name: name.into(),
                    value: value.trim().into(),
                    important: false,
                });
            }
        }
        block
    }

    /// A later declaration takes the place of an earlier one, unless that one is important and it is not.
    pub(super) fn declare(&mut self, name: &str, value: &str, important: bool) {
        let expanded = expand(name, value);
        self.make_room(name, &expanded, important);
        for (name, value) in expanded {
            let found = self
                .declarations
                .iter()
                .position(|known| *known.name == *name);
            if let Some(index) = found {
                if self.declarations[index].important && !important {
                    continue;
                }
                self.declarations.remove(index);
            }
            self.declarations.push(Declaration {
                name: name.into(),
                value: value.into(),
                important,
            });
        }
    }

    /// A shorthand that is kept whole and its longhands do not stand beside each other. Tells whether any went.
    fn make_room(&mut self, name: &str, expanded: &[(String, String)], important: bool) -> bool {
        let name = normalize(name);
        let (Some(shorthand), Some((first, _))) = (shorthand(&name), expanded.first()) else {
            return false;
        };
        let is_whole = *first == name;
        let before = self.declarations.len();
        self.declarations.retain(|known| {
            let goes = if is_whole {
                shorthand.longhands.contains(&&*known.name)
            } else {
                *known.name == *name
            };
            !goes || (known.important && !important)
        });
        self.declarations.len() != before
    }

    /// The declarations.
    pub fn declarations(&self) -> &[Declaration] {
        &self.declarations
    }

    fn declaration(&self, name: &str) -> Option<&Declaration> {
        self.declarations.iter().find(|known| *known.name == *name)
    }

    /// The value of a property, serialized; that of a shorthand is made of its longhands. Empty if there is none.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-getpropertyvalue>
    pub fn value(&self, name: &str) -> String {
        let name = normalize(name);
        if let Some(declaration) = self.declaration(&name) {
            return declaration.value.to_string();
        }
        // 2. A shorthand: all of its longhands, alike in importance.
        let Some(shorthand) = shorthand(&name) else {
            return String::new();
        };
        let mut values = Vec::with_capacity(shorthand.longhands.len());
        let mut important = None;
        for longhand in shorthand.longhands {
            let Some(declaration) = self.declaration(longhand) else {
                return String::new();
            };
            if *important.get_or_insert(declaration.important) != declaration.important {
                return String::new();
            }
            values.push(&*declaration.value);
        }
        shorthand::serialize(shorthand, &values).unwrap_or_default()
    }

    /// Whether the property is declared important; a shorthand is if all of its longhands are.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-getpropertypriority>
    pub fn is_important(&self, name: &str) -> bool {
        let name = normalize(name);
        if let Some(declaration) = self.declaration(&name) {
            return declaration.important;
        }
        shorthand(&name).is_some_and(|shorthand| {
            shorthand
                .longhands
                .iter()
                .all(|name| self.declaration(name).is_some_and(|known| known.important))
        })
    }

    /// Sets a property. An empty value removes it; one that the property cannot have does nothing. Tells whether the
    /// block has changed.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-setproperty>
    pub fn set(&mut self, name: &str, value: &str, important: bool) -> bool {
        let name = normalize(name);
        // 2. Known properties only.
        if supported(&name) == Supported::No {
            return false;
        }
        // 3. Nothing to say.
        if value
            .trim_matches([' ', '\t', '\n', '\r', '\u{c}'])
            .is_empty()
            && !name.starts_with("--")
            || value.is_empty()
        {
            return self.remove(&name);
        }
        // 5, 6. A value of the property, by itself.
        if !is_one_value(value) {
            return false;
        }
        // 8, 9. Each longhand in its place, or at the end.
        let expanded = expand(&name, value);
        let mut changed = self.make_room(&name, &expanded, true);
        for (name, value) in expanded {
            match self
                .declarations
                .iter_mut()
                .find(|known| *known.name == *name)
            {
                Some(known) => {
                    changed |= *known.value != *value || known.important != important;
                    known.value = value.into();
                    known.important = important;
                }
                None => {
                    changed = true;
                    self.declarations.push(Declaration {
                        name: name.into(),
                        value: value.into(),
                        important,
                    });
                }
            }
        }
        changed
    }

    /// Removes a property, a shorthand with its longhands. Tells whether there was one.
    ///
    /// Standard: <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-removeproperty>
    pub fn remove(&mut self, name: &str) -> bool {
        let name = normalize(name);
        let before = self.declarations.len();
        let longhands = shorthand(&name).map_or(&[][..], |shorthand| shorthand.longhands);
        self.declarations
            .retain(|known| *known.name != *name && !longhands.contains(&&*known.name));
        self.declarations.len() != before
    }
}

/// Serialize a CSS declaration block.
///
/// Standard: <https://drafts.csswg.org/cssom/#serialize-a-css-declaration-block>
impl std::fmt::Display for DeclarationBlock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut done: Vec<&str> = Vec::new();
        let mut separator = "";
        for declaration in &self.declarations {
            // 3.1. Said already by a shorthand.
            if done.contains(&&*declaration.name) {
                continue;
            }
            // 3.3. By the largest shorthand that can.
            let mut whole = None;
            for shorthand in shorthands_of(&declaration.name) {
                let value = self.value(shorthand.name);
                let fits = !value.is_empty()
                    && shorthand.longhands.iter().all(|name| !done.contains(name));
                if fits {
                    whole = Some((shorthand, value));
                    break;
                }
            }
            let (name, value) = match &whole {
                Some((shorthand, value)) => {
                    done.extend(shorthand.longhands);
                    (shorthand.name, &**value)
                }
                None => (&*declaration.name, &*declaration.value),
            };
            let important = if declaration.important {
                " !important"
            } else {
                ""
            };
            write!(out, "{separator}{name}: {value}{important};")?;
            separator = " ";
        }
        Ok(())
    }
}

/// Names of properties have no case, but for custom ones; some have two names.
fn normalize(name: &str) -> String {
    if name.starts_with("--") {
        return name.to_owned();
    }
    resolve_alias(&name.to_ascii_lowercase()).to_owned()
}

/// The longhands that a declaration stands for, with their values; none if it is invalid.
pub(super) fn expand(name: &str, value: &str) -> Vec<(String, String)> {
    let name = normalize(name);
    if name.starts_with("--") {
        // A custom property takes any tokens, as they are written.
        return vec![(name, value.trim().to_owned())];
    }
    if let Some(syntax) = longhand(&name) {
        return parse_value(syntax, value)
            .map(|value| (name, value))
            .into_iter()
            .collect();
    }
    let Some(shorthand) = shorthand(&name) else {
        return Vec::new();
    };
    let all = |value: &str| -> Vec<(String, String)> {
        let names = shorthand.longhands.iter();
        names
            .map(|name| ((*name).to_owned(), value.to_owned()))
            .collect()
    };
    if let Some(wide) = wide_keyword(value.trim()) {
        return all(wide);
    }
    if has_variable(value) {
        // NOTE: what its longhands are is not known; it is kept as it is.
        return parse_value(super::property::Syntax::Any, value)
            .map(|value| (name, value))
            .into_iter()
            .collect();
    }
    let mut parser = Parser::new(value);
    match shorthand::parse(shorthand, &mut parser) {
        Some(values) if parser.is_exhausted() => shorthand
            .longhands
            .iter()
            .map(|name| (*name).to_owned())
            .zip(values)
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a text is the value of one declaration: nothing in it ends the declaration or makes it important.
fn is_one_value(value: &str) -> bool {
    let mut parser = Parser::new(value);
    serialize_tokens(&mut parser).is_some() && parser.is_exhausted()
}

/// Parses the items of a block; only declarations are wanted.
pub(super) struct Items;

impl<'i> DeclarationParser<'i> for Items {
    type Declaration = (String, String, bool);
    type Error = ();

    fn parse_value(
        &mut self,
        name: CowRcStr<'i>,
        input: &mut Parser<'i>,
        _start: &ParserState,
    ) -> Result<Self::Declaration, ParseError<()>> {
        let start = input.position();
        let mut end = start;
        let mut important = false;
        loop {
            // `!important` ends the value.
            let before = input.position();
            if input.try_parse(parse_important).is_ok() {
                important = true;
                end = before;
                break;
            }
            let Ok(token) = input.next_including_whitespace_and_comments() else {
                break;
            };
            match token {
                Token::BadString(_) | Token::BadUrl(_) => {
                    return Err(ParseError::custom(()));
                }
                Token::Function(_)
                | Token::ParenthesisBlock
                | Token::SquareBracketBlock
                | Token::CurlyBracketBlock => {
                    input.parse_nested_block(|inner| {
                        while inner.next().is_ok() {}
                        Ok::<_, ParseError<()>>(())
                    })?;
                }
                _ => {}
            }
            end = input.position();
        }
        input.expect_exhausted()?;
        let value = input.slice(start..end).trim().to_owned();
        if value.is_empty() && !name.starts_with("--") {
            return Err(ParseError::custom(()));
        }
        Ok((name.to_string(), value, important))
    }
}

impl<'i> AtRuleParser<'i> for Items {
    type Prelude = ();
    type AtRule = (String, String, bool);
    type Error = ();
}

impl<'i> QualifiedRuleParser<'i> for Items {
    type Prelude = ();
    type QualifiedRule = (String, String, bool);
    type Error = ();
}

impl<'i> RuleBodyItemParser<'i, (String, String, bool), ()> for Items {
    fn parse_declarations(&self) -> bool {
        true
    }

    fn parse_qualified(&self) -> bool {
        false
    }
}
