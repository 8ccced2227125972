//! From tokens to nodes: the root element, its content, and the checks that need more than one token.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-well-formed> and, for the nodes,
//! <https://html.spec.whatwg.org/#parsing-xhtml-documents>

use std::collections::HashSet;

use html5ever::{LocalName, Namespace, Prefix, ns};

use super::XmlLimits;
use super::attributes::{FEW, RawAttribute, parse_start_tag};
use super::cursor::is_space;
use super::entities::{Dtd, ExpansionBudget, MAX_ENTITY_DEPTH, ReferenceContext, Referent};
use super::fault::Fault;
use super::names::split_qualified_name;
use super::namespaces::{ScopeMark, Scopes, declared_prefix};
use super::prolog::{build_prolog, check_comment, misc, split_processing_instruction};
use super::tokens::{Token, Tokens};
use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::element::Attribute;

/// Parses `text` and appends what it holds to `document`. After a fault the document holds what was read before it.
pub(super) fn build(
    tree: &mut Tree,
    document: NodeId,
    text: &str,
    limits: XmlLimits,
) -> Result<(), Fault> {
    let mut budget = ExpansionBudget::new(&limits, text);
    let mut tokens = Tokens::new(text);
    let mut dtd = Dtd::default();
    let root = build_prolog(tree, document, &mut tokens, &mut dtd, &mut budget, &limits)?;
    let mut builder = Builder {
        tree,
        document,
        source: text,
        dtd: &dtd,
        limits,
        budget,
        scopes: Scopes::default(),
        open: Vec::new(),
        text: String::new(),
        attributes: Vec::new(),
        entities: Vec::new(),
    };
    builder.start_tag(root.inner, root.is_empty)?;
    builder.build_content(&mut tokens)?;
    builder.build_epilog(&mut tokens)
}

/// An element whose end tag is still to come.
struct OpenElement<'a> {
    /// Where its children go: itself, or the contents of a template.
    parent: NodeId,
    name: &'a str,
    scope: ScopeMark,
}

/// An entity whose replacement text is being read.
struct OpenEntity<'a> {
    name: &'a str,
    tokens: Tokens<'a>,
    /// How many elements were open at the reference.
    depth: usize,
    /// The outermost reference, in the document.
    reference: &'a str,
}

struct Builder<'a, 't> {
    tree: &'t mut Tree,
    document: NodeId,
    source: &'a str,
    dtd: &'a Dtd,
    limits: XmlLimits,
    budget: ExpansionBudget,
    scopes: Scopes<'a>,
    open: Vec<OpenElement<'a>>,
    /// Text that may still grow before it becomes a node.
    text: String,
    attributes: Vec<RawAttribute<'a>>,
    entities: Vec<OpenEntity<'a>>,
}

impl<'a> Builder<'a, '_> {
    /// What the root element holds, and its end tag.
    ///
    /// Standard: <https://www.w3.org/TR/xml/#NT-content>
    fn build_content(&mut self, tokens: &mut Tokens<'a>) -> Result<(), Fault> {
        while !self.open.is_empty() {
            let current = match self.entities.last_mut() {
                Some(entity) => &mut entity.tokens,
                None => &mut *tokens,
            };
            let result = match current.next() {
                Ok(Token::End) => {
                    let rest = current.unread();
                    self.end_of_text(rest)
                }
                Ok(token) => self.content_token(token),
                Err(fault) => Err(fault),
            };
            if let Err(fault) = result {
                return Err(match self.entities.last() {
                    Some(entity) => fault.in_entity(entity.name, entity.reference, self.source),
                    None => fault,
                });
            }
        }
        Ok(())
    }

    /// Comments, processing instructions and white space after the root element.
    fn build_epilog(&mut self, tokens: &mut Tokens<'a>) -> Result<(), Fault> {
        loop {
            match tokens.next()? {
                Token::End => return Ok(()),
                token => misc(self.tree, self.document, token)?,
            }
        }
    }

    fn content_token(&mut self, token: Token<'a>) -> Result<(), Fault> {
        match token {
            Token::Text(text) => {
                if let Some(index) = text.find("]]>") {
                    return Err(Fault::syntax(
                        text.get(index..).unwrap_or(text),
                        "\"]]>\" must not stand in text",
                    ));
                }
                self.text.push_str(text);
                Ok(())
            }
            Token::Reference(reference) => self.reference(reference),
            Token::StartTag { inner, is_empty } => {
                self.flush_text(inner)?;
                self.start_tag(inner, is_empty)
            }
            Token::EndTag(inner) => {
                self.flush_text(inner)?;
                self.end_tag(inner)
            }
            Token::Comment(comment) => {
                check_comment(comment)?;
                self.flush_text(comment)?;
                let node = self.tree.create_comment(self.document, comment);
                self.append(node, comment)
            }
            Token::ProcessingInstruction(instruction) => {
                let (target, data) = split_processing_instruction(instruction)?;
                self.flush_text(instruction)?;
                let node = self
                    .tree
                    .create_processing_instruction(self.document, target, data);
                self.append(node, instruction)
            }
            Token::CdataSection(section) => {
                self.flush_text(section)?;
                let node = self.tree.create_cdata_section(self.document, section);
                self.append(node, section)
            }
            Token::Doctype(inner) => Err(Fault::syntax(
                inner,
                "a doctype must stand before the root element",
            )),
            Token::End => Ok(()),
        }
    }

    /// The document or an entity's replacement text has ended.
    fn end_of_text(&mut self, rest: &'a str) -> Result<(), Fault> {
        let Some(entity) = self.entities.last() else {
            let name = self.open.last().map_or("", |element| element.name);
            return Err(Fault::syntax(
                rest,
                format!("the document ends before the end tag of \"{name}\""),
            ));
        };
        if self.open.len() != entity.depth {
            return Err(Fault::syntax(
                rest,
                "an element must end in the entity that it begins in",
            ));
        }
        self.entities.pop();
        Ok(())
    }

    fn reference(&mut self, reference: &'a str) -> Result<(), Fault> {
        match self.dtd.resolve(reference, ReferenceContext::Content)? {
            Referent::Char(c) => self.text.push(c),
            Referent::Data(data) => self.text.push_str(&data),
            Referent::Skipped => {}
            Referent::Internal(text) => {
                if self.entities.iter().any(|open| open.name == reference) {
                    return Err(Fault::syntax(
                        reference,
                        format!("the entity \"{reference}\" refers to itself"),
                    ));
                }
                if self.entities.len() >= MAX_ENTITY_DEPTH {
                    return Err(Fault::limit(
                        reference,
                        "entities refer too deep to entities",
                    ));
                }
                self.budget.charge(text.len(), reference)?;
                self.entities.push(OpenEntity {
                    name: reference,
                    tokens: Tokens::new(text),
                    depth: self.open.len(),
                    reference: self
                        .entities
                        .first()
                        .map_or(reference, |outermost| outermost.reference),
                });
            }
        }
        Ok(())
    }

    fn start_tag(&mut self, inner: &'a str, is_empty: bool) -> Result<(), Fault> {
        if self.open.len() >= self.limits.max_depth {
            return Err(Fault::limit(
                inner,
                "elements nest deeper than the limit allows",
            ));
        }
        let mut raw = std::mem::take(&mut self.attributes);
        let name = parse_start_tag(
            inner,
            self.dtd,
            &mut self.budget,
            self.limits.max_attributes,
            &mut raw,
        )?;
        let scope = self.scopes.mark();
        for attribute in &raw {
            if let Some(prefix) = declared_prefix(attribute.name) {
                self.scopes.declare(prefix, &attribute.value)?;
            }
        }
        let (prefix, local) = split_qualified_name(name)?;
        let namespace = match prefix {
            None => self.scopes.default_namespace(),
            Some(prefix) => self.scopes.resolve(prefix)?,
        };
        let attributes = self.attribute_list(&raw)?;
        self.attributes = raw;
        let node = self.tree.create_element_with_attributes(
            self.document,
            LocalName::from(local),
            namespace,
            prefix.map(Prefix::from),
            attributes,
        );
        let element = *node.as_ref().map_err(|error| Fault::tree(inner, error))?;
        self.append(node, inner)?;
        if is_empty {
            self.scopes.restore(scope);
        } else {
            self.open.push(OpenElement {
                parent: self.tree.template_contents(element).unwrap_or(element),
                name,
                scope,
            });
        }
        Ok(())
    }

    /// Gives the attributes their namespaces; no two may then have the same name.
    ///
    /// Standard: <https://www.w3.org/TR/xml-names/#uniqAttrs>
    fn attribute_list(&self, raw: &[RawAttribute<'a>]) -> Result<Vec<Attribute>, Fault> {
        let mut attributes = Vec::with_capacity(raw.len());
        let mut has_prefixes = false;
        for attribute in raw {
            let (prefix, local) = split_qualified_name(attribute.name)?;
            let namespace = match prefix {
                None if local == "xmlns" => ns!(xmlns),
                None => ns!(),
                Some("xmlns") => ns!(xmlns),
                Some(prefix) => {
                    has_prefixes = true;
                    self.scopes.resolve(prefix)?
                }
            };
            attributes.push(Attribute {
                local_name: LocalName::from(local),
                namespace,
                prefix: prefix.map(Prefix::from),
                value: Box::from(&*attribute.value),
                node: None,
                value_slot: 0,
            });
        }
        if has_prefixes && let Some(index) = repeated_expanded_name(&attributes) {
            let name = raw.get(index).map_or("", |attribute| attribute.name);
            return Err(Fault::namespace(
                name,
                format!("the attribute \"{name}\" has the name of another, by its namespace"),
            ));
        }
        Ok(attributes)
    }

    fn end_tag(&mut self, inner: &'a str) -> Result<(), Fault> {
        let depth = self.entities.last().map_or(0, |entity| entity.depth);
        let Some(element) = self.open.last().filter(|_| self.open.len() > depth) else {
            return Err(Fault::syntax(
                inner,
                "an element must end in the entity that it begins in",
            ));
        };
        let matches = inner
            .strip_prefix(element.name)
            .is_some_and(|rest| rest.bytes().all(is_space));
        if !matches {
            return Err(Fault::syntax(
                inner,
                format!("the end tag of \"{}\" must come first", element.name),
            ));
        }
        self.scopes.restore(element.scope);
        self.open.pop();
        Ok(())
    }

    /// Makes a node of the text read so far.
    fn flush_text(&mut self, place: &str) -> Result<(), Fault> {
        if self.text.is_empty() {
            return Ok(());
        }
        let node = self.tree.create_text(self.document, self.text.as_str());
        self.text.clear();
        self.append(node, place)
    }

    fn append(&mut self, node: Result<NodeId, DomError>, place: &str) -> Result<(), Fault> {
        let parent = self
            .open
            .last()
            .map_or(self.document, |element| element.parent);
        let node = node.map_err(|error| Fault::tree(place, &error))?;
        // OPTIMIZATION: the parser makes valid trees only, so the insertion needs no checks.
        self.tree.insert(node, parent, None, Observers::Notify);
        Ok(())
    }
}

/// The index of the first attribute whose namespace and local name an earlier one has.
fn repeated_expanded_name(attributes: &[Attribute]) -> Option<usize> {
    if attributes.len() > FEW {
        let mut seen: HashSet<(&Namespace, &LocalName)> = HashSet::with_capacity(attributes.len());
        return attributes
            .iter()
            .position(|attribute| !seen.insert((&attribute.namespace, &attribute.local_name)));
    }
    attributes
        .iter()
        .enumerate()
        .position(|(index, attribute)| {
            attributes.iter().take(index).any(|earlier| {
                earlier.local_name == attribute.local_name
                    && earlier.namespace == attribute.namespace
            })
        })
}
