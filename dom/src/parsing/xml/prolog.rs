//! What stands outside the root element: the declaration, the doctype, comments, processing instructions.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-prolog-dtd>

use super::XmlLimits;
use super::cursor::{Cursor, is_space};
use super::declaration::{is_xml_declaration, parse_xml_declaration};
use super::doctype::parse_doctype;
use super::entities::{Dtd, ExpansionBudget};
use super::fault::Fault;
use super::names::require_no_colon;
use super::tokens::{Token, Tokens};
use crate::arena::{NodeId, Tree};

/// Checks the inside of `<!--…-->`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-Comment>
pub(super) fn check_comment(comment: &str) -> Result<(), Fault> {
    if let Some(hyphens) = comment.find("--") {
        return Err(Fault::syntax(
            comment.get(hyphens..).unwrap_or(comment),
            "\"--\" must not stand in a comment",
        ));
    }
    if comment.ends_with('-') {
        return Err(Fault::syntax(
            comment,
            "a comment must not end with \"--->\"",
        ));
    }
    Ok(())
}

/// Checks the inside of `<?…?>` and splits it into target and data.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-PI>
pub(super) fn split_processing_instruction(instruction: &str) -> Result<(&str, &str), Fault> {
    let mut cursor = Cursor::new(instruction);
    let target = cursor.name("the target of a processing instruction must follow \"<?\"")?;
    if target.eq_ignore_ascii_case("xml") {
        return Err(Fault::syntax(
            target,
            "\"xml\" is no target: an XML declaration stands at the very start, in small letters",
        ));
    }
    require_no_colon(target)?;
    if !cursor.skip_space() && !cursor.is_at_end() {
        return Err(cursor.fault("white space must follow the target"));
    }
    Ok((target, cursor.rest))
}

/// Everything up to the root element's start tag, behind whose `<` the tokens then stand.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-prolog>
pub(super) fn build_prolog(
    tree: &mut Tree,
    document: NodeId,
    tokens: &mut Tokens<'_>,
    dtd: &mut Dtd,
    budget: &mut ExpansionBudget,
    limits: &XmlLimits,
) -> Result<(), Fault> {
    let mut is_start = true;
    let mut has_doctype = false;
    loop {
        match tokens.next()? {
            Token::ProcessingInstruction(inner) if is_start && is_xml_declaration(inner) => {
                dtd.is_standalone = parse_xml_declaration(inner)?.standalone;
            }
            Token::Doctype(inner) => {
                if has_doctype {
                    return Err(Fault::syntax(inner, "there must be one doctype only"));
                }
                has_doctype = true;
                let doctype = parse_doctype(inner, dtd, budget, limits.max_attributes)?;
                tree.create_document_type(
                    document,
                    doctype.name,
                    doctype.external_id.public.unwrap_or_default(),
                    doctype.external_id.system.unwrap_or_default(),
                )
                .and_then(|node| tree.append(node, document).map(|_| ()))
                .map_err(|error| Fault::tree(inner, &error))?;
            }
            Token::StartTag(_) => return Ok(()),
            Token::End => {
                return Err(Fault::syntax(tokens.unread(), "there is no root element"));
            }
            token => misc(tree, document, token)?,
        }
        is_start = false;
    }
}

/// A comment, a processing instruction or white space, outside the root element.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-Misc>
pub(super) fn misc(tree: &mut Tree, document: NodeId, token: Token<'_>) -> Result<(), Fault> {
    let (place, node) = match token {
        Token::Comment(comment) => {
            check_comment(comment)?;
            (comment, tree.create_comment(document, comment))
        }
        Token::ProcessingInstruction(instruction) => {
            let (target, data) = split_processing_instruction(instruction)?;
            let node = tree.create_processing_instruction(document, target, data);
            (instruction, node)
        }
        Token::Text(text) => {
            return match text.bytes().position(|byte| !is_space(byte)) {
                None => Ok(()),
                Some(index) => Err(Fault::syntax(
                    text.get(index..).unwrap_or(text),
                    "text must not stand outside the root element",
                )),
            };
        }
        Token::Doctype(inner) => {
            return Err(Fault::syntax(
                inner,
                "a doctype must stand before the root element",
            ));
        }
        Token::StartTag(inner) => {
            return Err(Fault::syntax(inner, "there must be one root element only"));
        }
        Token::EndTag(inner) => {
            return Err(Fault::syntax(inner, "an end tag without its start tag"));
        }
        Token::CdataSection(inner) => {
            return Err(Fault::syntax(
                inner,
                "a CDATA section must not stand outside the root element",
            ));
        }
        Token::Reference(inner) => {
            return Err(Fault::syntax(
                inner,
                "a reference must not stand outside the root element",
            ));
        }
        Token::End => return Ok(()),
    };
    node.and_then(|node| tree.append(node, document).map(|_| ()))
        .map_err(|error| Fault::tree(place, &error))
}
