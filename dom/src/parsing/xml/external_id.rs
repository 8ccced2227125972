//! External identifiers: what names a resource outside the document. None is ever loaded.
//!
//! Standard: <https://www.w3.org/TR/xml/#NT-ExternalID>

use super::cursor::Cursor;
use super::fault::Fault;

/// The identifiers of an external resource.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub(super) struct ExternalId<'a> {
    pub(super) public: Option<&'a str>,
    pub(super) system: Option<&'a str>,
}

/// Whether a public identifier may stand alone, as in notations.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum SystemLiteral {
    Required,
    Optional,
}

/// Parses an external identifier; `None` if none begins here.
pub(super) fn parse_external_id<'a>(
    cursor: &mut Cursor<'a>,
    system_literal: SystemLiteral,
) -> Result<Option<ExternalId<'a>>, Fault> {
    if cursor.eat("SYSTEM") {
        cursor.require_space("white space must follow \"SYSTEM\"")?;
        let system = cursor.quoted("a quoted system identifier must follow")?;
        return Ok(Some(ExternalId {
            public: None,
            system: Some(system),
        }));
    }
    if !cursor.eat("PUBLIC") {
        return Ok(None);
    }
    cursor.require_space("white space must follow \"PUBLIC\"")?;
    let public = cursor.quoted("a quoted public identifier must follow")?;
    if let Some(bad) = public.find(|c| !is_public_id_char(c)) {
        return Err(Fault::syntax(
            public.get(bad..).unwrap_or(public),
            "public identifiers must not hold this character",
        ));
    }
    let before = *cursor;
    let space = cursor.skip_space();
    let has_literal = matches!(cursor.peek(), Some(b'"' | b'\''));
    if !has_literal && system_literal == SystemLiteral::Optional {
        *cursor = before;
        return Ok(Some(ExternalId {
            public: Some(public),
            system: None,
        }));
    }
    if !space {
        return Err(cursor.fault("white space and a system identifier must follow"));
    }
    let system = cursor.quoted("a quoted system identifier must follow")?;
    Ok(Some(ExternalId {
        public: Some(public),
        system: Some(system),
    }))
}

/// Standard: <https://www.w3.org/TR/xml/#NT-PubidChar>
fn is_public_id_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || " \n\r-'()+,./:=?;!*#@$_%".contains(c)
}
