//! Errors on their way to becoming an [`XmlError`]: what is wrong, and at which rest of the input.

use std::borrow::Cow;

use super::{XmlError, XmlErrorKind};
use crate::error::DomError;

/// An error that still names its place by what follows it.
///
/// Functions that look at a slice need not know where it lies: `rest` is found again in the document by its address,
/// which is compared and never followed.
#[derive(Debug)]
pub(super) struct Fault {
    address: usize,
    kind: XmlErrorKind,
    message: Cow<'static, str>,
    /// The text ended before what began at `rest` did.
    is_unfinished: bool,
}

impl Fault {
    pub(super) fn syntax(rest: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(rest, XmlErrorKind::Syntax, message)
    }

    /// What begins at `rest` does not end within the text.
    pub(super) fn unfinished(rest: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            is_unfinished: true,
            ..Self::syntax(rest, message)
        }
    }

    pub(super) fn namespace(rest: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(rest, XmlErrorKind::Namespace, message)
    }

    pub(super) fn limit(rest: &str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(rest, XmlErrorKind::Limit, message)
    }

    /// A refusal of the tree: the parser only makes valid trees, so it is a limit.
    pub(super) fn tree(rest: &str, error: &DomError) -> Self {
        Self::limit(rest, error.to_string())
    }

    fn new(rest: &str, kind: XmlErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            address: rest.as_ptr() as usize,
            kind,
            message: message.into(),
            is_unfinished: false,
        }
    }

    /// Whether the fault is that `document` ends where it does.
    pub(super) fn is_at_end(&self, document: &str) -> bool {
        self.is_unfinished || self.offset_in(document) == Some(document.len())
    }

    /// Moves a fault in the replacement text of an entity to its reference, which stands at `reference` in `document`.
    pub(super) fn in_entity(self, name: &str, reference: &str, document: &str) -> Self {
        if self.offset_in(document).is_some() {
            return self;
        }
        let message = format!("in entity \"{name}\": {}", self.message);
        Self {
            is_unfinished: self.is_unfinished,
            ..Self::new(reference, self.kind, message)
        }
    }

    pub(super) fn locate(self, document: &str) -> XmlError {
        let offset = self.offset_in(document).unwrap_or(document.len());
        let before = document.get(..offset).unwrap_or(document);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        XmlError {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            kind: self.kind,
            message: self.message.into_owned(),
        }
    }

    fn offset_in(&self, document: &str) -> Option<usize> {
        let offset = self.address.checked_sub(document.as_ptr() as usize)?;
        (offset <= document.len()).then_some(offset)
    }
}
