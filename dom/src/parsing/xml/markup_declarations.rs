//! The declarations of a doctype: elements, attribute lists, entities, notations; and the comments and processing
//! instructions between them.
//!
//! Standard: <https://www.w3.org/TR/xml/#NT-markupdecl>

use std::borrow::Cow;

use super::attributes::{collapse_spaces, normalize_value};
use super::cursor::Cursor;
use super::entities::{
    AttributeDefinition, Dtd, Entity, ExpansionBudget, predefined, replacement_text,
};
use super::external_id::{SystemLiteral, parse_external_id};
use super::fault::Fault;
use super::names::{require_no_colon, split_qualified_name};
use super::prolog::{check_comment, split_processing_instruction};

/// Parses one declaration, which must end in the same text that it begins in.
pub(super) fn parse_markup_declaration(
    cursor: &mut Cursor<'_>,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
) -> Result<(), Fault> {
    if cursor.eat("<!--") {
        // The first `--` must be the end.
        let comment = cursor.until("-->", "a comment must end with \"-->\"")?;
        check_comment(comment)
    } else if cursor.eat("<?") {
        let instruction = cursor.until("?>", "a processing instruction must end with \"?>\"")?;
        split_processing_instruction(instruction).map(|_| ())
    } else if cursor.eat("<!ELEMENT") {
        parse_element_declaration(cursor)
    } else if cursor.eat("<!ATTLIST") {
        parse_attribute_list(cursor, dtd, budget, max_attributes)
    } else if cursor.eat("<!ENTITY") {
        parse_entity_declaration(cursor, dtd)
    } else if cursor.eat("<!NOTATION") {
        parse_notation_declaration(cursor)
    } else {
        Err(cursor.fault("a declaration or the end of the internal subset must follow"))
    }
}

fn require_end(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.skip_space();
    cursor.require(">", "the declaration must end with \">\"")
}

/// Standard: <https://www.w3.org/TR/xml/#NT-elementdecl>
fn parse_element_declaration(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.require_space("white space must follow \"<!ELEMENT\"")?;
    let name = cursor.name("the name of an element must follow")?;
    split_qualified_name(name)?;
    cursor.require_space("white space must follow the name")?;
    if !cursor.eat("EMPTY") && !cursor.eat("ANY") {
        cursor.require("(", "EMPTY, ANY or \"(\" must follow")?;
        cursor.skip_space();
        if cursor.eat("#PCDATA") {
            parse_mixed_content(cursor)?;
        } else {
            parse_children(cursor)?;
        }
    }
    require_end(cursor)
}

/// What follows `(#PCDATA`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-Mixed>
fn parse_mixed_content(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    let mut has_names = false;
    loop {
        cursor.skip_space();
        if cursor.eat(")") {
            break;
        }
        cursor.require("|", "\"|\" or \")\" must follow")?;
        cursor.skip_space();
        split_qualified_name(cursor.name("the name of an element must follow")?)?;
        has_names = true;
    }
    if !cursor.eat("*") && has_names {
        return Err(cursor.fault("mixed content with elements must end with \")*\""));
    }
    Ok(())
}

/// What follows the first `(` of an element content model.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-children>
fn parse_children(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    // For each open group the separator it has used.
    let mut groups: Vec<Option<u8>> = vec![None];
    loop {
        // A content particle: a group or a name.
        cursor.skip_space();
        if cursor.eat("(") {
            groups.push(None);
            continue;
        }
        split_qualified_name(cursor.name("the name of an element or \"(\" must follow")?)?;
        skip_occurrence(cursor);
        // What closes groups, then what separates particles.
        loop {
            cursor.skip_space();
            if cursor.eat(")") {
                groups.pop();
                skip_occurrence(cursor);
                if groups.is_empty() {
                    return Ok(());
                }
                continue;
            }
            match (cursor.peek(), groups.last_mut()) {
                (Some(separator @ (b'|' | b',')), Some(used))
                    if used.is_none_or(|used| used == separator) =>
                {
                    *used = Some(separator);
                    cursor.take(1);
                    break;
                }
                (Some(b'|' | b','), _) => {
                    return Err(cursor.fault("a group must not mix \"|\" and \",\""));
                }
                _ => return Err(cursor.fault("\"|\", \",\" or \")\" must follow")),
            }
        }
    }
}

fn skip_occurrence(cursor: &mut Cursor<'_>) {
    if matches!(cursor.peek(), Some(b'?' | b'*' | b'+')) {
        cursor.take(1);
    }
}

/// Standard: <https://www.w3.org/TR/xml/#NT-AttlistDecl>
fn parse_attribute_list(
    cursor: &mut Cursor<'_>,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    max_attributes: usize,
) -> Result<(), Fault> {
    cursor.require_space("white space must follow \"<!ATTLIST\"")?;
    let element = cursor.name("the name of an element must follow")?;
    split_qualified_name(element)?;
    loop {
        let space = cursor.skip_space();
        if cursor.eat(">") {
            return Ok(());
        }
        if !space {
            return Err(cursor.fault("white space or \">\" must follow"));
        }
        let definition = parse_attribute_definition(cursor, dtd, budget)?;
        if dtd.ignores_declarations {
            continue;
        }
        let definitions = dtd.attributes.entry(element.into()).or_default();
        // The first declaration binds.
        if definitions
            .iter()
            .any(|earlier| earlier.name == definition.name)
        {
            continue;
        }
        if definitions.len() >= max_attributes {
            return Err(Fault::limit(
                cursor.rest,
                "the doctype declares more attributes for an element than the limit allows",
            ));
        }
        definitions.push(definition);
    }
}

/// Standard: <https://www.w3.org/TR/xml/#NT-AttDef>
fn parse_attribute_definition(
    cursor: &mut Cursor<'_>,
    dtd: &Dtd,
    budget: &mut ExpansionBudget,
) -> Result<AttributeDefinition, Fault> {
    let name = cursor.name("the name of an attribute must follow")?;
    split_qualified_name(name)?;
    cursor.require_space("white space and the attribute's type must follow")?;
    let is_tokenized = parse_attribute_type(cursor)?;
    cursor.require_space("white space and the attribute's default must follow")?;
    let has_default = if cursor.eat("#REQUIRED") || cursor.eat("#IMPLIED") {
        false
    } else {
        if cursor.eat("#FIXED") {
            cursor.require_space("white space must follow \"#FIXED\"")?;
        }
        true
    };
    let default = if has_default {
        let literal = cursor.quoted("#REQUIRED, #IMPLIED, #FIXED or a quoted value must follow")?;
        let mut value = normalize_value(literal, dtd, budget)?;
        if is_tokenized {
            value = collapse_spaces(value);
        }
        Some(Cow::into_owned(value).into_boxed_str())
    } else {
        None
    };
    Ok(AttributeDefinition {
        name: name.into(),
        is_tokenized,
        default,
    })
}

/// Parses an attribute's type; whether it is another than CDATA.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-AttType>
fn parse_attribute_type(cursor: &mut Cursor<'_>) -> Result<bool, Fault> {
    if cursor.eat("CDATA") {
        return Ok(false);
    }
    if cursor.eat("NOTATION") {
        cursor.require_space("white space must follow \"NOTATION\"")?;
        cursor.require("(", "\"(\" must follow")?;
        return parse_enumeration(cursor, |cursor| {
            cursor
                .name("the name of a notation must follow")
                .and_then(require_no_colon)
        });
    }
    if cursor.eat("(") {
        return parse_enumeration(cursor, |cursor| {
            cursor.nmtoken("a name token must follow").map(|_| ())
        });
    }
    // The longer of two types with the same start comes first.
    let known = [
        "IDREFS", "IDREF", "ID", "ENTITIES", "ENTITY", "NMTOKENS", "NMTOKEN",
    ];
    if known.iter().any(|keyword| cursor.eat(keyword)) {
        Ok(true)
    } else {
        Err(cursor.fault("an attribute's type must follow"))
    }
}

/// What follows the `(` of an enumerated type.
fn parse_enumeration<'a>(
    cursor: &mut Cursor<'a>,
    item: impl Fn(&mut Cursor<'a>) -> Result<(), Fault>,
) -> Result<bool, Fault> {
    loop {
        cursor.skip_space();
        item(cursor)?;
        cursor.skip_space();
        if cursor.eat(")") {
            return Ok(true);
        }
        cursor.require("|", "\"|\" or \")\" must follow")?;
    }
}

/// Standard: <https://www.w3.org/TR/xml/#NT-EntityDecl>
fn parse_entity_declaration(cursor: &mut Cursor<'_>, dtd: &mut Dtd) -> Result<(), Fault> {
    cursor.require_space("white space must follow \"<!ENTITY\"")?;
    let is_parameter = cursor.eat("%");
    if is_parameter {
        cursor.require_space("white space must follow \"%\"")?;
    }
    let name = cursor.name("the name of an entity must follow")?;
    require_no_colon(name)?;
    cursor.require_space("white space must follow the name")?;
    let entity = match parse_external_id(cursor, SystemLiteral::Required)? {
        Some(_) => parse_notation_of_entity(cursor, is_parameter)?,
        None => {
            let literal = cursor.quoted("SYSTEM, PUBLIC or a quoted text must follow")?;
            Entity::Internal(replacement_text(literal)?)
        }
    };
    require_end(cursor)?;
    if dtd.ignores_declarations || (!is_parameter && predefined(name).is_some()) {
        return Ok(());
    }
    // The first declaration binds.
    if is_parameter {
        let text = match entity {
            Entity::Internal(text) => Some(text),
            _ => None,
        };
        dtd.parameter.entry(name.into()).or_insert(text);
    } else {
        dtd.general.entry(name.into()).or_insert(entity);
    }
    Ok(())
}

/// What follows the external identifier of an entity.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-NDataDecl>
fn parse_notation_of_entity(cursor: &mut Cursor<'_>, is_parameter: bool) -> Result<Entity, Fault> {
    let before = *cursor;
    let space = cursor.skip_space();
    if !cursor.eat("NDATA") {
        return Ok(Entity::External);
    }
    if !space {
        return Err(before.fault("white space must stand before \"NDATA\""));
    }
    if is_parameter {
        return Err(before.fault("a parameter entity must not be unparsed"));
    }
    cursor.require_space("white space must follow \"NDATA\"")?;
    let notation = cursor.name("the name of a notation must follow")?;
    require_no_colon(notation)?;
    Ok(Entity::Unparsed)
}

/// Standard: <https://www.w3.org/TR/xml/#NT-NotationDecl>
fn parse_notation_declaration(cursor: &mut Cursor<'_>) -> Result<(), Fault> {
    cursor.require_space("white space must follow \"<!NOTATION\"")?;
    let name = cursor.name("the name of a notation must follow")?;
    require_no_colon(name)?;
    cursor.require_space("white space must follow the name")?;
    if parse_external_id(cursor, SystemLiteral::Optional)?.is_none() {
        return Err(cursor.fault("SYSTEM or PUBLIC must follow"));
    }
    require_end(cursor)
}
