//! Tokens: where one piece of markup ends and the next begins.
//!
//! quick-xml finds the ends; each token is the slice of the input between two of its positions, so that the tokens put
//! together are the input, and no byte goes unchecked.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::fault::Fault;

/// One token, as it stands in the text but for its delimiters. Nothing in it has been checked.
#[derive(Debug, Copy, Clone)]
pub(super) enum Token<'a> {
    Text(&'a str),
    /// `&…;`
    Reference(&'a str),
    /// `<…>` or `<…/>`
    StartTag {
        inner: &'a str,
        is_empty: bool,
    },
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
pub(super) struct Tokens<'a> {
    text: &'a str,
    /// Byte order marks at the start, which quick-xml would drop.
    marks: &'a str,
    reader: Reader<&'a [u8]>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let body = text.trim_start_matches('\u{FEFF}');
        let marks = text.strip_suffix(body).unwrap_or_default();
        let mut reader = Reader::from_str(body);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Self {
            text: body,
            marks,
            reader,
        }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        if !self.marks.is_empty() {
            return Ok(Token::Text(std::mem::take(&mut self.marks)));
        }
        let start = self.position();
        let event = match self.reader.read_event() {
            Ok(event) => event,
            Err(error) => {
                let at = usize::try_from(self.reader.error_position()).unwrap_or(start);
                return Err(Fault::syntax(self.rest(at), describe(&error)));
            }
        };
        let raw = self.text.get(start..self.position()).unwrap_or_default();
        let token = match event {
            Event::Text(_) => Some(Token::Text(raw)),
            Event::GeneralRef(_) => strip(raw, "&", ";").map(Token::Reference),
            Event::Start(_) => strip(raw, "<", ">").map(|inner| Token::StartTag {
                inner,
                is_empty: false,
            }),
            Event::Empty(_) => strip(raw, "<", "/>").map(|inner| Token::StartTag {
                inner,
                is_empty: true,
            }),
            Event::End(_) => strip(raw, "</", ">").map(Token::EndTag),
            Event::Comment(_) => strip(raw, "<!--", "-->").map(Token::Comment),
            Event::PI(_) | Event::Decl(_) => {
                strip(raw, "<?", "?>").map(Token::ProcessingInstruction)
            }
            Event::CData(_) => strip(raw, "<![CDATA[", "]]>").map(Token::CdataSection),
            Event::DocType(_) => strip(raw, "<!", ">").map(Token::Doctype),
            Event::Eof => raw.is_empty().then_some(Token::End),
        };
        token.ok_or_else(|| Fault::syntax(self.rest(start), "markup that is none of XML's"))
    }

    /// What has not been read yet.
    pub(super) fn unread(&self) -> &'a str {
        self.rest(self.position())
    }

    fn position(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn rest(&self, position: usize) -> &'a str {
        self.text.get(position..).unwrap_or_default()
    }
}

fn strip<'a>(raw: &'a str, start: &str, end: &str) -> Option<&'a str> {
    raw.strip_prefix(start)?.strip_suffix(end)
}

fn describe(error: &quick_xml::Error) -> String {
    match error {
        quick_xml::Error::IllFormed(quick_xml::errors::IllFormedError::UnclosedReference) => {
            "an ampersand must begin a reference, which ends with a semicolon".to_owned()
        }
        quick_xml::Error::Syntax(error) => error.to_string(),
        quick_xml::Error::IllFormed(error) => error.to_string(),
        error => error.to_string(),
    }
}
