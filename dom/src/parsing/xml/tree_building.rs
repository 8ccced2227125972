//! From tokens to nodes: the prolog, the root element with its content, the epilog, and the checks that need more than
//! one token. Stops where a script stands, and goes on from there.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-well-formed> and, for the nodes,
//! <https://html.spec.whatwg.org/#parsing-xhtml-documents>

use std::rc::Rc;

use super::XmlLimits;
use super::content::{Reader, Stop};
use super::entities::{Dtd, ExpansionBudget};
use super::fault::Fault;
use super::name_table::{NameId, NameTable};
use super::namespaces::{ScopeMark, Scopes};
use super::prolog::{build_prolog, misc};
use super::tokens::{Token, Tokens};
use crate::arena::{NodeId, Tree};

/// An element whose end tag is still to come.
#[derive(Debug)]
pub(super) struct OpenElement {
    pub(super) element: NodeId,
    /// Where its children go: itself, or the contents of a template.
    pub(super) parent: NodeId,
    pub(super) name: NameId,
    pub(super) scope: ScopeMark,
}

/// An entity whose replacement text is being read.
#[derive(Debug)]
pub(super) struct OpenEntity {
    pub(super) name: Box<str>,
    pub(super) text: Rc<str>,
    /// How much of it has been read.
    pub(super) position: usize,
    /// How many elements were open at the reference.
    pub(super) depth: usize,
    /// Where in the document the outermost reference stands.
    pub(super) reference: usize,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Stage {
    Prolog,
    Content,
    Epilog,
}

/// A document in the making.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) document: NodeId,
    /// The whole text.
    pub(super) source: Rc<str>,
    /// How much of it has been read.
    pub(super) position: usize,
    pub(super) limits: XmlLimits,
    /// Whether to stop at scripts.
    pub(super) scripting: bool,
    stage: Stage,
    /// The root's start tag has been read.
    pub(super) has_root: bool,
    dtd: Rc<Dtd>,
    pub(super) budget: ExpansionBudget,
    pub(super) names: NameTable,
    pub(super) scopes: Scopes,
    pub(super) open: Vec<OpenElement>,
    pub(super) entities: Vec<OpenEntity>,
    /// Text that may still grow before it becomes a node.
    pub(super) text: String,
}

impl Builder {
    pub(super) fn new(
        document: NodeId,
        source: Rc<str>,
        limits: XmlLimits,
        scripting: bool,
    ) -> Self {
        Self {
            document,
            budget: ExpansionBudget::new(&limits, &source),
            source,
            position: 0,
            limits,
            scripting,
            stage: Stage::Prolog,
            has_root: false,
            dtd: Rc::default(),
            names: NameTable::default(),
            scopes: Scopes::default(),
            open: Vec::new(),
            entities: Vec::new(),
            text: String::new(),
        }
    }

    /// Reads on, up to the end of the next script or of the document (`None`). After a fault the document holds what was
    /// read before it.
    pub(super) fn advance(&mut self, tree: &mut Tree) -> Result<Option<NodeId>, Fault> {
        let source = Rc::clone(&self.source);
        if self.stage == Stage::Prolog {
            self.read_prolog(tree, &source)?;
            self.stage = Stage::Content;
        }
        if self.stage == Stage::Content {
            if let Some(script) = self.read_content(tree)? {
                return Ok(Some(script));
            }
            self.stage = Stage::Epilog;
        }
        let mut tokens = Tokens::new(&source, self.position);
        loop {
            match tokens.next()? {
                Token::End => return Ok(None),
                token => misc(tree, self.document, token)?,
            }
            self.position = tokens.position();
        }
    }

    fn read_prolog(&mut self, tree: &mut Tree, source: &str) -> Result<(), Fault> {
        let mut tokens = Tokens::new(source, 0);
        let mut dtd = Dtd::default();
        build_prolog(
            tree,
            self.document,
            &mut tokens,
            &mut dtd,
            &mut self.budget,
            &self.limits,
        )?;
        self.dtd = Rc::new(dtd);
        // Back to the root's start tag, of which one byte was read.
        self.position = tokens.position() - 1;
        Ok(())
    }

    /// The root element, text by text: the document's, and inside it those of entities. Gives the script it stopped at.
    fn read_content(&mut self, tree: &mut Tree) -> Result<Option<NodeId>, Fault> {
        let dtd = Rc::clone(&self.dtd);
        loop {
            let (text, position) = match self.entities.last() {
                Some(entity) => (Rc::clone(&entity.text), entity.position),
                None => (Rc::clone(&self.source), self.position),
            };
            let mut reader = Reader::new(self, tree, &dtd, Tokens::new(&text, position));
            let result = reader.read();
            let position = reader.position();
            match result {
                Ok(stop) => {
                    match self.entities.last_mut() {
                        Some(entity) => entity.position = position,
                        None => self.position = position,
                    }
                    match stop {
                        Stop::Entity(entity) => self.entities.push(entity),
                        Stop::EndOfEntity => {
                            self.entities.pop();
                        }
                        Stop::Script(script) => return Ok(Some(script)),
                        Stop::EndOfRoot => return Ok(None),
                    }
                }
                Err(fault) => {
                    return Err(match self.entities.last() {
                        Some(entity) => {
                            let reference = self.source.get(entity.reference..).unwrap_or_default();
                            fault.in_entity(&entity.name, reference, &self.source)
                        }
                        None => fault,
                    });
                }
            }
        }
    }
}
