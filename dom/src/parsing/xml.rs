//! The XML parser: strict, as browsers are; a document or an error value.
//!
//! Each token is checked in full against its production, and since the tokens together are the whole input, what is
//! accepted is well-formed; quick-xml finds the ends of comments, CDATA sections, processing instructions and doctypes.
//! Nothing is loaded: external entities and the external subset stay unread, as in browsers, and what refers to them is
//! skipped. No function recurses, whatever the input nests.
//!
//! Standard: <https://www.w3.org/TR/xml/> (fifth edition) and <https://www.w3.org/TR/xml-names/> (third edition), with
//! <https://html.spec.whatwg.org/#parsing-xhtml-documents>, text of November 2026.

mod attributes;
mod content;
mod cursor;
mod declaration;
mod doctype;
mod entities;
mod external_id;
mod fault;
mod markup_declarations;
mod name_table;
mod names;
mod namespaces;
mod prolog;
mod tokens;
mod tree_building;
mod xhtml_entities;

use std::borrow::Cow;
use std::rc::Rc;

use thiserror::Error;

use crate::arena::{NodeHandle, NodeId, Tree};
use crate::node::NodeFlags;
use crate::parsing::html::Step;
use fault::Fault;
use tree_building::Builder;

pub(crate) use names::{is_name, is_xml_char};

/// What a document may ask of the parser. All are settable.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct XmlLimits {
    /// How deep elements may nest. Defaults to 10,000.
    pub max_depth: usize,
    /// The most attributes of one element, and the most that a doctype may declare for one. Defaults to 4,096.
    pub max_attributes: usize,
    /// The most bytes that entities and default attributes may add to the document. Defaults to 10,000,000.
    pub max_expansion_bytes: usize,
    /// How many times its own length a document may grow by them; the first MiB is free. Defaults to 5, as in libxml2.
    pub max_expansion_ratio: usize,
}

impl Default for XmlLimits {
    fn default() -> Self {
        Self {
            max_depth: 10_000,
            max_attributes: 4_096,
            max_expansion_bytes: 10_000_000,
            max_expansion_ratio: 5,
        }
    }
}

/// Which rule a document breaks.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum XmlErrorKind {
    /// It is not well-formed.
    Syntax,
    /// It is well-formed, but not namespace-well-formed.
    Namespace,
    /// It reaches one of the [`XmlLimits`] or the tree's own limits.
    Limit,
}

/// Why a document was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {message}")]
#[non_exhaustive]
pub struct XmlError {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters. Faults in an entity are placed at its reference in the document.
    pub column: u32,
    /// Which rule is broken.
    pub kind: XmlErrorKind,
    /// What is wrong, for people.
    pub message: String,
}

/// Parses `text` into the empty document `document`.
///
/// A byte order mark at the start is dropped. The encoding declaration is checked for its form only: decoding is the
/// caller's (see [`encoding`](super::encoding)).
///
/// # Errors
/// [`XmlError`] if the text is not namespace-well-formed XML or reaches a limit; the document is then left without
/// children.
///
/// Standard: <https://html.spec.whatwg.org/#parsing-xhtml-documents>
///
/// ```
/// use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
/// use readystate_dom::{DocumentInit, Tree};
/// let mut tree = Tree::default();
/// let document = tree.create_document(DocumentInit::xml("about:blank"))?;
/// parse_xml(&mut tree, document, "<p>&lt;</p>", XmlLimits::default()).expect("well-formed");
/// let error = parse_xml(&mut tree, document, "<p>\n</q>", XmlLimits::default()).unwrap_err();
/// assert_eq!((error.line, error.column), (2, 3));
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
pub fn parse_xml(
    tree: &mut Tree,
    document: NodeId,
    text: &str,
    limits: XmlLimits,
) -> Result<(), XmlError> {
    let options = XmlParserOptions {
        limits,
        scripting: false,
    };
    let result = XmlParser::new(document, text, options).advance(tree);
    if result.is_err() {
        remove_children(tree, document);
    }
    result.map(|_| ())
}

/// How a document is parsed.
#[derive(Debug, Copy, Clone, Default)]
pub struct XmlParserOptions {
    /// What the document may ask for.
    pub limits: XmlLimits,
    /// Whether script runs in the document: the parser then stops behind each script element, whose flags it has set.
    /// Defaults to false.
    pub scripting: bool,
}

/// An XML parser at work on a document: it stops where script runs, and borrows nothing meanwhile.
///
/// The text is there as a whole, so it never waits for input.
///
/// Standard: <https://html.spec.whatwg.org/#parsing-xhtml-documents>
///
/// ```
/// use readystate_dom::parsing::html::Step;
/// use readystate_dom::parsing::xml::{XmlParser, XmlParserOptions};
/// use readystate_dom::{DocumentInit, Tree};
/// let mut tree = Tree::default();
/// let document = tree.create_document(DocumentInit::xml("about:blank"))?;
/// let text = "<html xmlns='http://www.w3.org/1999/xhtml'><script/><p/></html>";
/// let options = XmlParserOptions { scripting: true, ..XmlParserOptions::default() };
/// let mut parser = XmlParser::new(document, text, options);
/// let Ok(Step::Script(script)) = parser.advance(&mut tree) else { panic!("a script stands there") };
/// assert_eq!(tree.next_sibling(script), None);
/// assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
/// assert!(tree.next_sibling(script).is_some());
/// # Ok::<(), readystate_dom::DomError>(())
/// ```
#[derive(Debug)]
pub struct XmlParser {
    builder: Builder,
    /// The text was cut before a character that documents must not hold.
    is_cut: bool,
    is_done: bool,
    held: Vec<NodeHandle>,
}

impl XmlParser {
    /// A parser that will fill the empty document `document` from `text`. See [`parse_xml`] on the text.
    pub fn new(document: NodeId, text: &str, options: XmlParserOptions) -> Self {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let text = normalize_line_ends(text);
        let forbidden = names::first_forbidden_char(&text);
        let length = text.len() - forbidden.map_or(0, str::len);
        let source: Rc<str> = Rc::from(text.get(..length).unwrap_or(&text));
        Self {
            builder: Builder::new(document, source, options.limits, options.scripting),
            is_cut: forbidden.is_some(),
            is_done: false,
            held: Vec::new(),
        }
    }

    /// Parses up to the end of the next script, which is to be prepared and run before the next call, or to the end.
    ///
    /// # Errors
    /// [`XmlError`] if the text is not namespace-well-formed XML or reaches a limit. The document then holds what was
    /// read before, and the parser is done.
    pub fn advance(&mut self, tree: &mut Tree) -> Result<Step, XmlError> {
        if self.is_done {
            return Ok(Step::Done);
        }
        self.let_go(tree);
        match self.builder.advance(tree) {
            Ok(Some(script)) => {
                self.hold(tree, script);
                Ok(Step::Script(script))
            }
            Ok(None) if !self.is_cut => {
                self.is_done = true;
                Ok(Step::Done)
            }
            Ok(None) => {
                self.is_done = true;
                Err(self.forbidden_char())
            }
            Err(fault) => {
                self.is_done = true;
                // What the text lacks behind the cut is no fault of its own.
                if self.is_cut && fault.is_at_end(&self.builder.source) {
                    return Err(self.forbidden_char());
                }
                Err(fault.locate(&self.builder.source))
            }
        }
    }

    /// Whether the document is complete, wrong, or the parser was aborted.
    pub fn is_done(&self) -> bool {
        self.is_done
    }

    /// The line that the parser stands in, from 1. Counts the lines so far: not for each token.
    pub fn line(&self) -> u32 {
        let read = self.builder.position.min(self.builder.source.len());
        let lines = self.builder.source.as_bytes().iter().take(read);
        u32::try_from(lines.filter(|&&byte| byte == b'\n').count() + 1).unwrap_or(u32::MAX)
    }

    /// Stops for good; the tree forgets that the parser held nodes of it.
    ///
    /// Standard: <https://html.spec.whatwg.org/#abort-a-parser>
    pub fn abort(&mut self, tree: &mut Tree) {
        self.is_done = true;
        self.let_go(tree);
    }

    fn forbidden_char(&self) -> XmlError {
        let source = &self.builder.source;
        Fault::syntax(
            source.get(source.len()..).unwrap_or_default(),
            "a character that XML documents must not hold",
        )
        .locate(source)
    }

    /// Keeps the nodes that the parser knows from being freed while script runs.
    fn hold(&mut self, tree: &mut Tree, script: NodeId) {
        let open = &self.builder.open;
        let nodes = open.iter().flat_map(|open| [open.element, open.parent]);
        for node in nodes.chain([script, self.builder.document]) {
            if let Some(handle) = tree.handle(node) {
                tree.set_flag(node, NodeFlags::HELD_BY_PARSER, true);
                self.held.push(handle);
            }
        }
    }

    fn let_go(&mut self, tree: &mut Tree) {
        for handle in self.held.drain(..) {
            if let Some(node) = tree.resolve(handle) {
                tree.set_flag(node, NodeFlags::HELD_BY_PARSER, false);
            }
        }
    }
}

/// Every line end becomes one line feed before anything else is looked at.
///
/// Standard: <https://www.w3.org/TR/xml/#sec-line-ends>
fn normalize_line_ends(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    let mut normalized = String::with_capacity(text.len());
    let mut pieces = text.split('\r');
    normalized.extend(pieces.next());
    for piece in pieces {
        normalized.push('\n');
        normalized.push_str(piece.strip_prefix('\n').unwrap_or(piece));
    }
    Cow::Owned(normalized)
}

fn remove_children(tree: &mut Tree, document: NodeId) {
    while let Some(child) = tree.last_child(document) {
        if tree.remove(child).is_err() || tree.free_subtree(child).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::normalize_line_ends;

    #[test]
    fn every_line_end_becomes_a_line_feed() {
        assert_eq!(
            normalize_line_ends("a\r\nb\rc\nd\r\r\n\r"),
            "a\nb\nc\nd\n\n\n"
        );
        assert_eq!(normalize_line_ends("\r"), "\n");
        assert_eq!(normalize_line_ends(""), "");
    }
}
