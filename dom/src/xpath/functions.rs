//! The core function library. Characters are Unicode's, not UTF-16 code units, as the standard says.
//!
//! Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#corelib>

use std::borrow::Cow;
use std::collections::HashMap;

use html5ever::{local_name, ns};

use super::ast::{Expr, Function};
use super::conversions::{number_of, round};
use super::evaluation::{Context, Evaluation, Run, count};
use super::lexer::is_space;
use super::node::XPathNode;
use crate::error::DomError;
use crate::node::NodeKind;

impl<'a> Evaluation<'a> {
    /// Calls a function whose result is a node-set.
    pub(super) fn call_nodes(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        context: Context,
    ) -> Run<Vec<XPathNode>> {
        match (function, arguments) {
            (Function::Id, [wanted]) => self.id(wanted, context),
            _ => Ok(Vec::new()),
        }
    }

    /// Calls a function whose result is a boolean.
    pub(super) fn call_boolean(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        context: Context,
    ) -> Run<bool> {
        match (function, arguments) {
            (Function::True, _) => Ok(true),
            (Function::Boolean, [operand]) => self.boolean(operand, context),
            (Function::Not, [operand]) => Ok(!self.boolean(operand, context)?),
            (Function::Lang, [wanted]) => {
                let wanted = self.string(wanted, context)?;
                self.lang(&wanted, context.node)
            }
            (Function::StartsWith, [text, start]) => {
                let text = self.string(text, context)?;
                let start = self.string(start, context)?;
                Ok(text.starts_with(&*start))
            }
            (Function::Contains, [text, part]) => {
                let text = self.string(text, context)?;
                let part = self.string(part, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                Ok(text.contains(&*part))
            }
            _ => Ok(false),
        }
    }

    /// Calls a function whose result is a number.
    pub(super) fn call_number(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        context: Context,
    ) -> Run<f64> {
        match (function, arguments) {
            (Function::Last, _) => Ok(count(context.size)),
            (Function::Position, _) => Ok(count(context.position)),
            (Function::Count, [nodes]) => Ok(count(self.node_set(nodes, context)?.len())),
            (Function::Sum, [nodes]) => {
                let nodes = self.node_set(nodes, context)?;
                let mut sum = 0.0;
                for node in nodes {
                    sum += number_of(&self.string_value(node)?);
                }
                Ok(sum)
            }
            (Function::Number, []) => Ok(number_of(&self.string_value(context.node)?)),
            (Function::Number, [operand]) => self.number(operand, context),
            (Function::Floor, [operand]) => Ok(self.number(operand, context)?.floor()),
            (Function::Ceiling, [operand]) => Ok(self.number(operand, context)?.ceil()),
            (Function::Round, [operand]) => Ok(round(self.number(operand, context)?)),
            (Function::StringLength, _) => {
                let text = self.text_argument(arguments, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                Ok(count(text.chars().count()))
            }
            _ => Ok(f64::NAN),
        }
    }

    /// Calls a function whose result is a string.
    pub(super) fn call_string(
        &mut self,
        function: Function,
        arguments: &'a [Expr],
        context: Context,
    ) -> Run<Cow<'a, str>> {
        match (function, arguments) {
            (Function::String, _) => self.text_argument(arguments, context),
            (Function::LocalName | Function::Name | Function::NamespaceUri, _) => {
                let node = match arguments {
                    [nodes] => self.node_set(nodes, context)?.first().copied(),
                    _ => Some(context.node),
                };
                Ok(node.map_or(Cow::Borrowed(""), |node| self.part_of_name(function, node)))
            }
            (Function::Concat, parts) => {
                let mut text = String::new();
                for part in parts {
                    let part = self.string(part, context)?;
                    self.spend(part.len() / BYTES_A_VISIT)?;
                    if text.len() + part.len() > MAX_STRING {
                        return Err(DomError::WorkLimit);
                    }
                    text.push_str(&part);
                }
                Ok(Cow::Owned(text))
            }
            (Function::SubstringBefore, [text, part]) => {
                let text = self.string(text, context)?;
                let part = self.string(part, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                let end = text.find(&*part).unwrap_or(0);
                Ok(cut(text, 0, end))
            }
            (Function::SubstringAfter, [text, part]) => {
                let text = self.string(text, context)?;
                let part = self.string(part, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                let end = text.len();
                let start = text.find(&*part).map_or(end, |start| start + part.len());
                Ok(cut(text, start, end))
            }
            (Function::Substring, [text, start, length @ ..]) => {
                let text = self.string(text, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                let start = round(self.number(start, context)?);
                let end = match length.first() {
                    Some(length) => start + round(self.number(length, context)?),
                    None => f64::INFINITY,
                };
                Ok(substring(text, start, end))
            }
            (Function::NormalizeSpace, _) => {
                let text = self.text_argument(arguments, context)?;
                self.spend(text.len() / BYTES_A_VISIT)?;
                let mut normalized = String::with_capacity(text.len());
                for word in text.split(is_space).filter(|word| !word.is_empty()) {
                    if !normalized.is_empty() {
                        normalized.push(' ');
                    }
                    normalized.push_str(word);
                }
                Ok(Cow::Owned(normalized))
            }
            (Function::Translate, [text, from, to]) => {
                let text = self.string(text, context)?;
                let from = self.string(from, context)?;
                let to = self.string(to, context)?;
                self.spend((text.len() + from.len()) / BYTES_A_VISIT)?;
                Ok(Cow::Owned(translate(&text, &from, &to)))
            }
            _ => Ok(Cow::Borrowed("")),
        }
    }

    /// The only argument as a string, or that of the context node.
    fn text_argument(&mut self, arguments: &'a [Expr], context: Context) -> Run<Cow<'a, str>> {
        match arguments.first() {
            Some(argument) => self.string(argument, context),
            None => self.string_value(context.node),
        }
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-id>
    fn id(&mut self, wanted: &'a Expr, context: Context) -> Run<Vec<XPathNode>> {
        let texts = if wanted.is_node_set() {
            let nodes = self.node_set(wanted, context)?;
            self.strings(&nodes)?
        } else {
            vec![self.string(wanted, context)?]
        };
        let mut nodes = Vec::new();
        for text in &texts {
            for id in text.split(is_space).filter(|id| !id.is_empty()) {
                self.spend(1)?;
                // NOTE: an id is an `id` attribute, as everywhere in the DOM; a DTD makes none.
                let found = self.tree.get_element_by_id(self.root, id);
                nodes.extend(found.map(XPathNode::Node));
            }
        }
        self.sort(&mut nodes)?;
        Ok(nodes)
    }

    /// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-lang>
    fn lang(&mut self, wanted: &str, node: XPathNode) -> Run<bool> {
        let tree = self.tree;
        for ancestor in tree.inclusive_ancestors(node.anchor()) {
            self.spend(1)?;
            let own = tree.attributes(ancestor).iter().find(|attribute| {
                attribute.local_name == local_name!("lang") && attribute.namespace == ns!(xml)
            });
            if let Some(own) = own {
                // The language itself, or a suffix more; without regard to case.
                let own = own.value().to_lowercase();
                let wanted = wanted.to_lowercase();
                return Ok(own
                    .strip_prefix(&wanted)
                    .is_some_and(|suffix| suffix.is_empty() || suffix.starts_with('-')));
            }
        }
        Ok(false)
    }

    /// What `local-name()`, `name()` or `namespace-uri()` gives.
    fn part_of_name(&self, function: Function, node: XPathNode) -> Cow<'a, str> {
        let tree = self.tree;
        match node {
            XPathNode::Attribute { element, index } => match tree.attributes(element).get(index) {
                None => Cow::Borrowed(""),
                Some(attribute) => match function {
                    Function::LocalName => Cow::Borrowed(attribute.local_name()),
                    Function::Name => attribute.qualified_name(),
                    _ => Cow::Borrowed(attribute.namespace()),
                },
            },
            XPathNode::Node(id) => match (tree.kind(id), function) {
                (Some(NodeKind::ProcessingInstruction), Function::NamespaceUri) => {
                    Cow::Borrowed("")
                }
                (Some(NodeKind::ProcessingInstruction), _) => {
                    Cow::Borrowed(tree.processing_instruction_target(id).unwrap_or_default())
                }
                (Some(NodeKind::Element | NodeKind::Attr), Function::LocalName) => {
                    Cow::Borrowed(tree.local_name(id))
                }
                (Some(NodeKind::Element), Function::Name) => Cow::Owned(tree.qualified_name(id)),
                (Some(NodeKind::Attr), Function::Name) => {
                    Cow::Owned(tree.attr_name(id).unwrap_or_default())
                }
                (Some(NodeKind::Element | NodeKind::Attr), _) => Cow::Borrowed(tree.namespace(id)),
                _ => Cow::Borrowed(""),
            },
        }
    }
}

/// The part of `text` between two bytes.
fn cut(text: Cow<'_, str>, start: usize, end: usize) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end).unwrap_or_default()),
        Cow::Owned(text) => Cow::Owned(text.get(start..end).unwrap_or_default().to_owned()),
    }
}

/// The characters of `text` from the place `start` to that before `end`, counted from 1; neither may be a number at all.
///
/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-substring>
fn substring(text: Cow<'_, str>, start: f64, end: f64) -> Cow<'_, str> {
    let mut bounds = None;
    let mut place = 1.0;
    for (byte, c) in text.char_indices() {
        if place >= end {
            break;
        }
        if place >= start && place < end {
            let (first, _) = bounds.unwrap_or((byte, byte));
            bounds = Some((first, byte + c.len_utf8()));
        }
        place += 1.0;
    }
    match bounds {
        Some((first, after)) => cut(text, first, after),
        None => Cow::Borrowed(""),
    }
}

/// Standard: <https://www.w3.org/TR/1999/REC-xpath-19991116/#function-translate>
fn translate(text: &str, from: &str, to: &str) -> String {
    let mut to = to.chars();
    let mut table = HashMap::new();
    for c in from.chars() {
        let replacement = to.next();
        // The first of its kind counts.
        table.entry(c).or_insert(replacement);
    }
    text.chars()
        .filter_map(|c| table.get(&c).copied().unwrap_or(Some(c)))
        .collect()
}

/// How much text costs as much as a visit.
const BYTES_A_VISIT: usize = 64;

/// No string is made that is longer, in bytes.
const MAX_STRING: usize = 256 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn substrings_count_characters_and_take_odd_bounds() {
        for (start, end, expected) in [
            (2.0, 5.0, "234"),
            (2.0, f64::INFINITY, "2345"),
            (0.0, 3.0, "12"),
            (-42.0, f64::INFINITY, "12345"),
            (f64::NAN, 3.0, ""),
            (1.0, f64::NAN, ""),
            (f64::NEG_INFINITY, f64::NAN, ""),
            (6.0, 9.0, ""),
        ] {
            assert_eq!(substring(Cow::Borrowed("12345"), start, end), expected);
        }
        assert_eq!(substring(Cow::Borrowed("a😀é"), 2.0, 3.0), "😀");
    }

    #[test]
    fn characters_are_translated_by_their_first_place() {
        assert_eq!(translate("bar", "abc", "ABC"), "BAr");
        assert_eq!(translate("--aaa--", "abc-", "ABC"), "AAA");
        assert_eq!(translate("aa", "aa", "xy"), "xx");
        assert_eq!(translate("é😀", "😀é", "é"), "é");
    }
}
