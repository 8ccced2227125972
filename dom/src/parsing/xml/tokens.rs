//! Tokens: where one piece of markup ends and the next begins.
//!
//! Text, references and tags, which are nearly all of a document, are cut here; quick-xml finds the ends of the rest:
//! comments, CDATA sections, processing instructions and doctypes. The tokens put together are the input, so no byte
//! goes unchecked.

use memchr::{memchr, memchr2};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::cursor::Cursor;
use super::entities::take_reference;
use super::fault::Fault;

/// One token, as it stands in the text but for its delimiters. Nothing in it has been checked.
#[derive(Debug, Copy, Clone)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// `&…;`
    Reference(&'a str),
    /// `<`: what follows it. The rest of the tag is the caller's to read, who then calls [`Tokens::go_to`].
    StartTag(&'a str),
    /// `</…>`
    EndTag(&'a str),
    /// `<!--…-->`
    Comment(&'a str),
    /// `<?…?>`; an XML declaration is one too.
    ProcessingInstruction(&'a str),
    /// `<![CDATA[…]]>`
    CdataSection(&'a str),
    /// `<!…>`
    Doctype(&'a str),
    End,
}

/// The tokens of one text: a document or the replacement text of an entity.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Tokens<'a> {
    /// The tokens of `text` from the byte `position`, where one begins.
    pub(super) fn new(text: &'a str, position: usize) -> Self {
        Self { text, position }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        let rest = self.unread();
        let bytes = rest.as_bytes();
        match bytes.first() {
            None => Ok(Token::End),
            Some(b'<') => match bytes.get(1) {
                Some(b'/') => {
                    let end = memchr(b'>', bytes)
                        .ok_or_else(|| Fault::unfinished(rest, "an end tag without its \">\""))?;
                    self.position += end + 1;
                    Ok(Token::EndTag(rest.get(2..end).unwrap_or_default()))
                }
                Some(b'!' | b'?') => self.other_markup(rest),
                _ => {
                    self.position += 1;
                    Ok(Token::StartTag(rest.get(1..).unwrap_or_default()))
                }
            },
            Some(b'&') => {
                let mut cursor = Cursor::new(rest);
                let reference = take_reference(&mut cursor)?;
                self.go_to(cursor.rest);
                Ok(Token::Reference(reference))
            }
            Some(_) => {
                let end = memchr2(b'<', b'&', bytes).unwrap_or(bytes.len());
                self.position += end;
                Ok(Token::Text(rest.get(..end).unwrap_or_default()))
            }
        }
    }

    /// Goes on at `rest`, a suffix of the text.
    #[inline]
    pub(super) fn go_to(&mut self, rest: &str) {
        self.position = self.text.len() - rest.len();
    }

    /// What has not been read yet.
    #[inline]
    pub(super) fn unread(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    /// How many bytes have been read.
    pub(super) fn position(&self) -> usize {
        self.position
    }

    /// What begins with `<!` or `<?`.
    fn other_markup(&mut self, rest: &'a str) -> Result<Token<'a>, Fault> {
        let mut reader = Reader::from_str(rest);
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or(0);
            Fault::unfinished(rest.get(at..).unwrap_or(rest), describe(&error))
        })?;
        let length = usize::try_from(reader.buffer_position()).unwrap_or(rest.len());
        let raw = rest.get(..length).unwrap_or(rest);
        self.position += raw.len();
        let token = match event {
            Event::Comment(_) => strip(raw, "<!--", "-->").map(Token::Comment),
            Event::PI(_) | Event::Decl(_) => {
                strip(raw, "<?", "?>").map(Token::ProcessingInstruction)
            }
            Event::CData(_) => strip(raw, "<![CDATA[", "]]>").map(Token::CdataSection),
            Event::DocType(_) => strip(raw, "<!", ">").map(Token::Doctype),
            _ => None,
        };
        token.ok_or_else(|| Fault::syntax(rest, "markup that is none of XML's"))
    }
}

fn strip<'a>(raw: &'a str, start: &str, end: &str) -> Option<&'a str> {
    raw.strip_prefix(start)?.strip_suffix(end)
}

fn describe(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::Syntax(error) => error.to_string(),
        quick_xml::Error::IllFormed(error) => error.to_string(),
        error => error.to_string(),
    }
}
