//! The doctype and its internal subset.
//!
//! Standard: <https://www.w3.org/TR/xml/#NT-doctypedecl>

use std::rc::Rc;

use super::cursor::Cursor;
use super::entities::{Dtd, ExpansionBudget, MAX_ENTITY_DEPTH};
use super::external_id::{ExternalId, SystemLiteral, parse_external_id};
use super::fault::Fault;
use super::markup_declarations::parse_markup_declaration;
use super::names::split_qualified_name;
use super::xhtml_entities::declares_html_entities;

/// What a doctype says besides its declarations.
#[derive(Debug, Copy, Clone)]
pub(super) struct Doctype<'a> {
    pub(super) name: &'a str,
    pub(super) external_id: ExternalId<'a>,
}

/// Parses the inside of `<!…>` as a doctype; its declarations go to `dtd`.
pub(super) fn parse_doctype<'a>(
    inner: &'a str,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
) -> Result<Doctype<'a>, Fault> {
    let mut cursor = Cursor::new(inner);
    cursor.require("DOCTYPE", "\"DOCTYPE\", in capitals, must follow \"<!\"")?;
    cursor.require_space("white space must follow \"DOCTYPE\"")?;
    let name = cursor.name("the doctype's name must follow")?;
    split_qualified_name(name)?;
    let space = cursor.skip_space();
    let external_id = if space {
        parse_external_id(&mut cursor, SystemLiteral::Required)?
    } else {
        None
    };
    if let Some(external_id) = external_id {
        dtd.may_be_incomplete = true;
        dtd.has_html_entities = external_id.public.is_some_and(declares_html_entities);
        cursor.skip_space();
    }
    if cursor.eat("[") {
        parse_internal_subset(&mut cursor, dtd, budget, max_attributes)?;
        cursor.require("]", "the internal subset must end with \"]\"")?;
        cursor.skip_space();
    }
    if !cursor.is_at_end() {
        return Err(cursor.fault("the doctype must end here"));
    }
    Ok(Doctype {
        name,
        external_id: external_id.unwrap_or_default(),
    })
}

/// A parameter entity that is being read: how much of its text is left, and where reading goes on after it.
struct OpenEntity {
    name: Box<str>,
    text: Rc<str>,
    read: usize,
}

/// Parses declarations up to `]`, those of parameter entities included.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-intSubset>
fn parse_internal_subset(
    cursor: &mut Cursor<'_>,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
) -> Result<(), Fault> {
    loop {
        cursor.skip_space();
        match cursor.peek() {
            Some(b']') | None => return Ok(()),
            Some(b'%') => {
                let reference = *cursor;
                if let Some(entity) = open_parameter_entity(cursor, dtd, budget, &[])? {
                    let name = entity.name.clone();
                    parse_parameter_entity(entity, dtd, budget, max_attributes)
                        .map_err(|fault| fault.in_entity(&name, reference.rest, reference.rest))?;
                }
            }
            Some(_) => parse_markup_declaration(cursor, dtd, budget, max_attributes)?,
        }
    }
}

/// Parses the replacement text of a parameter entity, and of those it refers to, as declarations.
///
/// Standard: <https://www.w3.org/TR/xml/#PE-between-Decls>
fn parse_parameter_entity(
    entity: OpenEntity,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
) -> Result<(), Fault> {
    let mut open = vec![entity];
    while let Some(current) = open.last_mut() {
        let text = Rc::clone(&current.text);
        let mut cursor = Cursor::new(text.get(current.read..).unwrap_or_default());
        cursor.skip_space();
        let mut inner = None;
        match cursor.peek() {
            None => {
                open.pop();
                continue;
            }
            Some(b'%') => inner = open_parameter_entity(&mut cursor, dtd, budget, &open)?,
            Some(_) => parse_markup_declaration(&mut cursor, dtd, budget, max_attributes)?,
        }
        if let Some(current) = open.last_mut() {
            current.read = text.len() - cursor.rest.len();
        }
        open.extend(inner);
    }
    Ok(())
}

/// Steps over `%name;` and gives the entity if its text is known.
fn open_parameter_entity(
    cursor: &mut Cursor<'_>,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    open: &[OpenEntity],
) -> Result<Option<OpenEntity>, Fault> {
    let start = *cursor;
    cursor.take(1);
    let name = cursor.name("the name of a parameter entity must follow \"%\"")?;
    cursor.require(";", "a reference must end with a semicolon")?;
    dtd.may_be_incomplete = true;
    match dtd.parameter.get(name) {
        Some(Some(text)) => {
            if open.iter().any(|entity| *entity.name == *name) {
                return Err(Fault::syntax(
                    start.rest,
                    format!("the parameter entity \"{name}\" refers to itself"),
                ));
            }
            if open.len() >= MAX_ENTITY_DEPTH {
                return Err(Fault::limit(
                    start.rest,
                    "entities refer too deep to entities",
                ));
            }
            budget.charge(text.len(), start.rest)?;
            Ok(Some(OpenEntity {
                name: name.into(),
                text: Rc::clone(text),
                read: 0,
            }))
        }
        // What was not read may have declared anything: later declarations do not count, unless nothing outside does.
        Some(None) | None => {
            dtd.ignores_declarations |= !dtd.is_standalone;
            Ok(None)
        }
    }
}
