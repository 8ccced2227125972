//! The XML declaration.
//!
//! Standard: <https://www.w3.org/TR/xml/#sec-prolog-dtd>

use super::cursor::Cursor;
use super::fault::Fault;

/// What a declaration says that matters to parsing.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub(super) struct XmlDeclaration {
    pub(super) standalone: bool,
}

/// Whether a processing instruction is the XML declaration.
pub(super) fn is_xml_declaration(instruction: &str) -> bool {
    instruction
        .strip_prefix("xml")
        .is_some_and(|rest| rest.bytes().next().is_none_or(super::cursor::is_space))
}

/// Parses the inside of `<?xml …?>`.
///
/// Standard: <https://www.w3.org/TR/xml/#NT-XMLDecl>
pub(super) fn parse_xml_declaration(inner: &str) -> Result<XmlDeclaration, Fault> {
    let mut cursor = Cursor::new(inner);
    cursor.require("xml", "an XML declaration")?;
    // The version is not optional.
    cursor.require_space("white space and \"version\" must follow")?;
    let version = pseudo_attribute(&mut cursor, "version")?
        .ok_or_else(|| cursor.fault("an XML declaration begins with its version"))?;
    let minor = version.strip_prefix("1.").unwrap_or_default();
    if minor.is_empty() || !minor.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::syntax(version, "the version must be \"1.0\""));
    }
    let mut declaration = XmlDeclaration::default();
    let mut space = cursor.skip_space();
    if space && let Some(encoding) = pseudo_attribute(&mut cursor, "encoding")? {
        if !is_encoding_name(encoding) {
            return Err(Fault::syntax(encoding, "this is no name of an encoding"));
        }
        space = cursor.skip_space();
    }
    if space && let Some(standalone) = pseudo_attribute(&mut cursor, "standalone")? {
        declaration.standalone = match standalone {
            "yes" => true,
            "no" => false,
            _ => return Err(Fault::syntax(standalone, "standalone is \"yes\" or \"no\"")),
        };
        cursor.skip_space();
    }
    if cursor.is_at_end() {
        Ok(declaration)
    } else {
        Err(cursor
            .fault("an XML declaration holds version, encoding and standalone, in this order"))
    }
}

/// `name = "value"`, if `name` is next.
fn pseudo_attribute<'a>(cursor: &mut Cursor<'a>, name: &str) -> Result<Option<&'a str>, Fault> {
    if !cursor.eat(name) {
        return Ok(None);
    }
    cursor.skip_space();
    cursor.require("=", "\"=\" must follow")?;
    cursor.skip_space();
    cursor.quoted("a quoted value must follow").map(Some)
}

/// Standard: <https://www.w3.org/TR/xml/#NT-EncName>
fn is_encoding_name(name: &str) -> bool {
    name.bytes()
        .next()
        .is_some_and(|byte| byte.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
}
