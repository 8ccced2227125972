//! The content of elements: tags, text, references, and what else stands between them.
//!
//! Standard: <https://www.w3.org/TR/xml/#NT-content>

use std::collections::HashSet;

use html5ever::{LocalName, Namespace, local_name, ns};
use memchr::memchr;

use super::attributes::{FEW, RawAttribute, parse_start_tag};
use super::cursor::{Cursor, is_space};
use super::entities::{Dtd, MAX_ENTITY_DEPTH, ReferenceContext, Referent};
use super::fault::Fault;
use super::name_table::{Declares, Name};
use super::prolog::{check_comment, split_processing_instruction};
use super::tokens::{Token, Tokens};
use super::tree_building::{Builder, OpenElement, OpenEntity};
use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::mutation::insert::Observers;
use crate::node::element::{Attribute, ScriptFlags};

/// Why reading a text has stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// Another entity's text comes first.
    Entity(OpenEntity),
    EndOfEntity,
    /// A script has ended.
    Script(NodeId),
    EndOfRoot,
}

/// Reads one text: the document's, or an entity's.
pub(super) struct Reader<'a, 't> {
    builder: &'t mut Builder,
    tree: &'t mut Tree,
    dtd: &'a Dtd,
    tokens: Tokens<'a>,
    attributes: Vec<RawAttribute<'a>>,
}

impl<'a, 't> Reader<'a, 't> {
    pub(super) fn new(
        builder: &'t mut Builder,
        tree: &'t mut Tree,
        dtd: &'a Dtd,
        tokens: Tokens<'a>,
    ) -> Self {
        Self {
            builder,
            tree,
            dtd,
            tokens,
            attributes: Vec::new(),
        }
    }

    pub(super) fn position(&self) -> usize {
        self.tokens.position()
    }

    pub(super) fn read(&mut self) -> Result<Stop, Fault> {
        loop {
            if self.builder.open.is_empty() && self.builder.has_root {
                return Ok(Stop::EndOfRoot);
            }
            let before = self.tokens.unread();
            let stop = match self.tokens.next()? {
                Token::Text(text) => {
                    self.text(text)?;
                    None
                }
                Token::Reference(reference) => self.reference(reference, before)?,
                Token::StartTag(inner) => self.start_tag(inner)?,
                Token::EndTag(inner) => self.end_tag(inner)?,
                Token::End => Some(self.end_of_text(before)?),
                token => {
                    self.other_node(token)?;
                    None
                }
            };
            if let Some(stop) = stop {
                return Ok(stop);
            }
        }
    }

    fn text(&mut self, text: &'a str) -> Result<(), Fault> {
        if memchr(b']', text.as_bytes()).is_some()
            && let Some(index) = text.find("]]>")
        {
            return Err(Fault::syntax(
                text.get(index..).unwrap_or(text),
                "\"]]>\" must not stand in text",
            ));
        }
        // OPTIMIZATION: what is followed by a tag is complete.
        if self.builder.text.is_empty() && self.tokens.unread().starts_with('<') {
            let node = self.tree.create_text(self.builder.document, text);
            return self.append(node, text);
        }
        self.builder.text.push_str(text);
        Ok(())
    }

    fn other_node(&mut self, token: Token<'a>) -> Result<(), Fault> {
        let document = self.builder.document;
        match token {
            Token::Comment(comment) => {
                check_comment(comment)?;
                self.flush_text(comment)?;
                let node = self.tree.create_comment(document, comment);
                self.append(node, comment)
            }
            Token::ProcessingInstruction(instruction) => {
                let (target, data) = split_processing_instruction(instruction)?;
                self.flush_text(instruction)?;
                let node = self
                    .tree
                    .create_processing_instruction(document, target, data);
                self.append(node, instruction)
            }
            Token::CdataSection(section) => {
                self.flush_text(section)?;
                let node = self.tree.create_cdata_section(document, section);
                self.append(node, section)
            }
            Token::Doctype(inner) => Err(Fault::syntax(
                inner,
                "a doctype must stand before the root element",
            )),
            // The others are read where they are met.
            _ => Ok(()),
        }
    }

    /// The document or an entity's replacement text has ended.
    fn end_of_text(&self, rest: &'a str) -> Result<Stop, Fault> {
        let Some(entity) = self.builder.entities.last() else {
            let name = self
                .builder
                .open
                .last()
                .map_or("", |element| &*self.builder.names.name(element.name).raw);
            return Err(Fault::syntax(
                rest,
                format!("the document ends before the end tag of \"{name}\""),
            ));
        };
        if self.builder.open.len() != entity.depth {
            return Err(Fault::syntax(
                rest,
                "an element must end in the entity that it begins in",
            ));
        }
        Ok(Stop::EndOfEntity)
    }

    /// A reference, which begins at `place`.
    fn reference(&mut self, reference: &'a str, place: &'a str) -> Result<Option<Stop>, Fault> {
        match self.dtd.resolve(reference, ReferenceContext::Content)? {
            Referent::Char(c) => self.builder.text.push(c),
            Referent::Data(data) => self.builder.text.push_str(&data),
            Referent::Skipped => {}
            Referent::Internal(text) => {
                let entities = &self.builder.entities;
                if entities.iter().any(|open| *open.name == *reference) {
                    return Err(Fault::syntax(
                        reference,
                        format!("the entity \"{reference}\" refers to itself"),
                    ));
                }
                if entities.len() >= MAX_ENTITY_DEPTH {
                    return Err(Fault::limit(
                        reference,
                        "entities refer too deep to entities",
                    ));
                }
                let outermost = entities.first().map_or_else(
                    // Behind the ampersand.
                    || self.builder.source.len() - place.len() + 1,
                    |entity| entity.reference,
                );
                self.builder.budget.charge(text.len(), reference)?;
                return Ok(Some(Stop::Entity(OpenEntity {
                    name: reference.into(),
                    text: text.clone(),
                    position: 0,
                    depth: self.builder.open.len(),
                    reference: outermost,
                })));
            }
        }
        Ok(None)
    }

    fn start_tag(&mut self, inner: &'a str) -> Result<Option<Stop>, Fault> {
        self.flush_text(inner)?;
        let builder = &mut *self.builder;
        if builder.open.len() >= builder.limits.max_depth {
            return Err(Fault::limit(
                inner,
                "elements nest deeper than the limit allows",
            ));
        }
        let mut cursor = Cursor::new(inner);
        let tag = parse_start_tag(
            &mut cursor,
            self.dtd,
            &mut builder.names,
            &mut builder.budget,
            builder.limits.max_attributes,
            &mut self.attributes,
        )?;
        self.tokens.go_to(cursor.rest);
        let scope = builder.scopes.mark();
        for attribute in &self.attributes {
            let declares = builder.names.name(attribute.name).declares;
            if declares != Declares::Nothing {
                builder.scopes.declare(
                    declares,
                    &builder.names,
                    &attribute.value,
                    attribute.place,
                )?;
            }
        }
        let name = builder.names.name(tag.name);
        let namespace = match name.prefix {
            None => builder.scopes.default_namespace(),
            Some(prefix) => builder.scopes.resolve(prefix, &builder.names, inner)?,
        };
        let is_script = name.local == local_name!("script")
            && (namespace == ns!(html) || namespace == ns!(svg));
        let (local, prefix) = (name.local.clone(), name.prefix_atom.clone());
        let attributes = self.attribute_list()?;
        let is_value = attributes
            .iter()
            .find(|attribute| &*attribute.local_name == "is" && attribute.namespace == ns!())
            .map(|attribute| LocalName::from(&*attribute.value));
        let document = self.builder.document;
        let node = self
            .tree
            .create_element_with_attributes(document, local, namespace, prefix, attributes);
        let element = *node.as_ref().map_err(|error| Fault::tree(inner, error))?;
        if let Some(is_value) = is_value {
            self.tree.set_is_value(element, is_value);
        }
        let is_script = is_script && self.builder.scripting;
        if is_script {
            self.tree.set_script_flags(
                element,
                ScriptFlags {
                    already_started: false,
                    parser_inserted: true,
                    force_async: false,
                },
            );
        }
        self.append(node, inner)?;
        self.builder.has_root = true;
        if tag.is_empty {
            self.builder.scopes.restore(scope);
            return Ok(is_script.then_some(Stop::Script(element)));
        }
        self.builder.open.push(OpenElement {
            element,
            parent: self.tree.template_contents(element).unwrap_or(element),
            name: tag.name,
            scope,
        });
        Ok(None)
    }

    /// Gives the attributes their namespaces; no two may then have the same name.
    ///
    /// Standard: <https://www.w3.org/TR/xml-names/#uniqAttrs>
    fn attribute_list(&self) -> Result<Vec<Attribute>, Fault> {
        let mut attributes = Vec::with_capacity(self.attributes.len());
        let mut has_prefixes = false;
        for attribute in &self.attributes {
            let name = self.builder.names.name(attribute.name);
            let namespace = self.attribute_namespace(name, attribute.place)?;
            has_prefixes |= name.prefix.is_some();
            attributes.push(Attribute {
                local_name: name.local.clone(),
                namespace,
                prefix: name.prefix_atom.clone(),
                value: (&*attribute.value).into(),
                node: None,
                value_slot: Default::default(),
            });
        }
        if has_prefixes && let Some(index) = repeated_expanded_name(&attributes) {
            let attribute = self.attributes.get(index);
            let name = attribute.map_or("", |attribute| {
                &*self.builder.names.name(attribute.name).raw
            });
            return Err(Fault::namespace(
                attribute.map_or("", |attribute| attribute.place),
                format!("the attribute \"{name}\" has the name of another, by its namespace"),
            ));
        }
        Ok(attributes)
    }

    #[inline]
    fn attribute_namespace(&self, name: &Name, place: &str) -> Result<Namespace, Fault> {
        match (name.prefix, name.declares) {
            (_, Declares::DefaultNamespace | Declares::Prefix(_)) => Ok(ns!(xmlns)),
            (None, _) => Ok(ns!()),
            (Some(prefix), _) => self
                .builder
                .scopes
                .resolve(prefix, &self.builder.names, place),
        }
    }

    fn end_tag(&mut self, inner: &'a str) -> Result<Option<Stop>, Fault> {
        self.flush_text(inner)?;
        let builder = &mut *self.builder;
        let depth = builder.entities.last().map_or(0, |entity| entity.depth);
        let Some(open) = builder.open.last().filter(|_| builder.open.len() > depth) else {
            return Err(Fault::syntax(
                inner,
                "an element must end in the entity that it begins in",
            ));
        };
        let name = &builder.names.name(open.name).raw;
        let matches = inner
            .strip_prefix(&**name)
            .is_some_and(|rest| rest.bytes().all(is_space));
        if !matches {
            return Err(Fault::syntax(
                inner,
                format!("the end tag of \"{name}\" must come first"),
            ));
        }
        builder.scopes.restore(open.scope);
        let element = open.element;
        builder.open.pop();
        let is_script = builder.scripting && is_script(self.tree, element);
        Ok(is_script.then_some(Stop::Script(element)))
    }

    /// Makes a node of the text read so far.
    #[inline]
    fn flush_text(&mut self, place: &str) -> Result<(), Fault> {
        if self.builder.text.is_empty() {
            return Ok(());
        }
        let node = self
            .tree
            .create_text(self.builder.document, self.builder.text.as_str());
        self.builder.text.clear();
        self.append(node, place)
    }

    #[inline]
    fn append(&mut self, node: Result<NodeId, DomError>, place: &str) -> Result<(), Fault> {
        let parent = self
            .builder
            .open
            .last()
            .map_or(self.builder.document, |element| element.parent);
        let node = node.map_err(|error| Fault::tree(place, &error))?;
        // OPTIMIZATION: the parser makes valid trees only, so the insertion needs no checks.
        self.tree.insert(node, parent, None, Observers::Notify);
        Ok(())
    }
}

fn is_script(tree: &Tree, element: NodeId) -> bool {
    *tree.local_name(element) == local_name!("script")
        && matches!(*tree.namespace(element), ns!(html) | ns!(svg))
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
