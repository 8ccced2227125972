//! A place in a text, from which productions are read one after another.

use memchr::memchr;

use super::fault::Fault;
use super::names::{name_length, nmtoken_length};

/// What is still to be read.
#[derive(Debug, Copy, Clone)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    #[inline]
    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.as_bytes().first().copied()
    }

    /// Steps over `length` bytes, which end at a character's end, and gives them.
    #[inline]
    pub(super) fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// Steps over `literal` if it is next.
    #[inline]
    pub(super) fn eat(&mut self, literal: &str) -> bool {
        match self.rest.strip_prefix(literal) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over white space; whether there was any.
    ///
    /// Standard: <https://www.w3.org/TR/xml/#NT-S>
    #[inline]
    pub(super) fn skip_space(&mut self) -> bool {
        let length = self
            .rest
            .bytes()
            .position(|byte| !is_space(byte))
            .unwrap_or(self.rest.len());
        self.take(length);
        length > 0
    }

    pub(super) fn require(&mut self, literal: &str, message: &'static str) -> Result<(), Fault> {
        if self.eat(literal) {
            Ok(())
        } else {
            Err(self.fault(message))
        }
    }

    pub(super) fn require_space(&mut self, message: &'static str) -> Result<(), Fault> {
        if self.skip_space() {
            Ok(())
        } else {
            Err(self.fault(message))
        }
    }

    #[inline]
    pub(super) fn name(&mut self, message: &'static str) -> Result<&'a str, Fault> {
        match name_length(self.rest) {
            0 => Err(self.fault(message)),
            length => Ok(self.take(length)),
        }
    }

    pub(super) fn nmtoken(&mut self, message: &'static str) -> Result<&'a str, Fault> {
        match nmtoken_length(self.rest) {
            0 => Err(self.fault(message)),
            length => Ok(self.take(length)),
        }
    }

    /// A literal in either kind of quotes, without them.
    #[inline]
    pub(super) fn quoted(&mut self, message: &'static str) -> Result<&'a str, Fault> {
        let Some(quote @ (b'"' | b'\'')) = self.peek() else {
            return Err(self.fault(message));
        };
        let start = *self;
        self.take(1);
        match memchr(quote, self.rest.as_bytes()) {
            Some(end) => {
                let literal = self.take(end);
                self.take(1);
                Ok(literal)
            }
            None => Err(Fault::unfinished(
                start.rest,
                "a literal without its closing quote",
            )),
        }
    }

    /// What precedes `end`, which is stepped over.
    pub(super) fn until(&mut self, end: &str, message: &'static str) -> Result<&'a str, Fault> {
        match self.rest.find(end) {
            Some(length) => {
                let before = self.take(length);
                self.take(end.len());
                Ok(before)
            }
            None => Err(Fault::unfinished(self.rest, message)),
        }
    }

    pub(super) fn fault(&self, message: &'static str) -> Fault {
        Fault::syntax(self.rest, message)
    }
}

/// Whether `byte` is white space of XML.
#[inline]
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
