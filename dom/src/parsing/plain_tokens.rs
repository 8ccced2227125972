//! A short way past the tokenizer for plain text and plain tags.
//!
//! OPTIMIZATION: nearly all of a page can be read in the data state with one look at each piece, without a state for each
//! character. What could be an error, or is not complete yet, is left to html5ever's tokenizer, and so are tags whose
//! contents are not markup; the tree builder gets the same tokens either way.
//!
//! Standard: <https://html.spec.whatwg.org/#data-state> and the states of tags after it, text of November 2026.

use std::borrow::Cow;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{CharacterTokens, EndTag, StartTag, Tag, TagToken, Token};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use memchr::{memchr, memchr_iter, memchr2, memchr3, memrchr2};

use crate::names::NameCache;
use crate::parsing::character_references::{TextPlace, decoded};

/// Tags with more attributes are left to the tokenizer: each name is compared with all others.
const MAX_ATTRIBUTES: usize = 32;

/// A token that was read without the tokenizer.
#[derive(Debug)]
pub(super) struct PlainToken {
    pub(super) token: Token,
    /// The index of what is behind it.
    pub(super) end: usize,
    /// How many lines it ends.
    pub(super) lines: u64,
}

/// What a byte may stand in, as bits.
const CLASSES: [u8; 256] = classes();
const SPACE: u8 = 1;
const TAG_NAME: u8 = 2;
const ATTRIBUTE_NAME: u8 = 4;
const UNQUOTED: u8 = 8;
const UPPER: u8 = 16;

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut index = 0;
    while index < 256 {
        let byte = index as u8;
        let mut class = 0;
        if matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | b' ') {
            class |= SPACE;
        }
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.') {
            class |= TAG_NAME;
        }
        let is_error = matches!(byte, 0 | b'"' | b'\'' | b'<' | b'=');
        if class & SPACE == 0 && !is_error && byte != b'>' {
            if byte != b'/' {
                class |= ATTRIBUTE_NAME;
            }
            if !matches!(byte, b'`' | b'&') {
                class |= UNQUOTED;
            }
        }
        if byte.is_ascii_uppercase() {
            class |= UPPER;
        }
        classes[index] = class;
        index += 1;
    }
    classes
}

/// Reads plain tokens. See the module's page.
#[derive(Debug, Default)]
pub(super) struct PlainTokens {
    names: NameCache,
}

impl PlainTokens {
    /// The token that begins at `at`, where the tokenizer is in the data state. `None` if it is not plain, or if it may go
    /// on behind `chunk`.
    #[inline]
    pub(super) fn read(&mut self, chunk: &StrTendril, at: usize) -> Option<PlainToken> {
        if chunk.as_bytes().get(at) == Some(&b'<') {
            TagReader {
                names: &mut self.names,
                chunk,
                at: at + 1,
                lines: 0,
            }
            .read()
        } else {
            read_text(chunk, at)
        }
    }
}

fn read_text(chunk: &StrTendril, at: usize) -> Option<PlainToken> {
    let rest = chunk.get(at..)?;
    let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
    let text = rest.get(..length)?;
    let (text, token) = match memchr3(b'&', b'\r', 0, text.as_bytes()) {
        None => (text, part(chunk, at, at + length)),
        Some(special) if special > 0 && length > LONG_TEXT => {
            (text.get(..special)?, part(chunk, at, at + special))
        }
        Some(_) => {
            let text = text.get(..decoded_length(text))?;
            (text, StrTendril::from(decoded(text, TextPlace::Data)?))
        }
    };
    Some(PlainToken {
        token: CharacterTokens(token),
        end: at + text.len(),
        lines: count_lines(text),
    })
}

/// So much text is copied at once, in bytes, to read its character references.
const LONG_TEXT: usize = 1 << 16;

/// How much of a text that begins with something special is read at once: of a long one up to something special again.
fn decoded_length(text: &str) -> usize {
    if text.len() <= LONG_TEXT {
        return text.len();
    }
    let most = text.floor_char_boundary(LONG_TEXT);
    let start = text.as_bytes().get(..most).unwrap_or_default();
    memrchr2(b'&', b'\r', start)
        .filter(|&at| at > 0)
        .unwrap_or(most)
}

struct TagReader<'a> {
    names: &'a mut NameCache,
    chunk: &'a StrTendril,
    at: usize,
    lines: u64,
}

impl<'a> TagReader<'a> {
    #[inline]
    fn byte(&self) -> Option<u8> {
        self.chunk.as_bytes().get(self.at).copied()
    }

    /// Passes over bytes of one class; what they are, and the classes they are of besides.
    #[inline]
    fn run(&mut self, class: u8) -> Option<(&'a str, u8)> {
        let start = self.at;
        let mut found = 0;
        for byte in self.chunk.as_bytes().get(start..)? {
            let classes = CLASSES[usize::from(*byte)];
            if classes & class == 0 {
                break;
            }
            found |= classes;
            self.at += 1;
        }
        Some((self.chunk.get(start..self.at)?, found))
    }

    #[inline]
    fn name(&mut self, class: u8) -> Option<LocalName> {
        let (name, found) = self.run(class)?;
        let name = if found & UPPER == 0 {
            Cow::Borrowed(name)
        } else {
            Cow::Owned(name.to_ascii_lowercase())
        };
        (!name.is_empty()).then(|| self.names.atom(&name))
    }

    #[inline]
    fn skip_space(&mut self) -> Option<bool> {
        if self.byte()? == b'>' {
            return Some(false);
        }
        let (space, _) = self.run(SPACE)?;
        if space != " " && !space.is_empty() {
            // Whether a line feed follows is not known yet.
            self.byte()?;
            self.lines += count_lines(space);
        }
        Some(!space.is_empty())
    }

    /// From behind the `<`.
    fn read(mut self) -> Option<PlainToken> {
        let kind = if self.byte()? == b'/' {
            self.at += 1;
            EndTag
        } else {
            StartTag
        };
        if !self.byte()?.is_ascii_alphabetic() {
            return None;
        }
        let name = self.name(TAG_NAME)?;
        let mut attrs: Vec<Attribute> = Vec::new();
        let mut self_closing = false;
        loop {
            let has_space = self.skip_space()?;
            match self.byte()? {
                b'>' => {
                    self.at += 1;
                    break;
                }
                b'/' => {
                    self_closing = true;
                    self.at += 1;
                    if self.byte()? != b'>' {
                        return None;
                    }
                }
                _ if !has_space || kind == EndTag || attrs.len() == MAX_ATTRIBUTES => return None,
                _ => {
                    let name = self.name(ATTRIBUTE_NAME)?;
                    if attrs.iter().any(|other| other.name.local == name) {
                        return None;
                    }
                    let value = self.value()?;
                    attrs.push(Attribute {
                        name: QualName::new(None, ns!(), name),
                        value,
                    });
                }
            }
        }
        if kind == EndTag && self_closing || kind == StartTag && changes_state(&name) {
            return None;
        }
        let tag = Tag {
            kind,
            name,
            self_closing,
            attrs,
            had_duplicate_attributes: false,
        };
        Some(PlainToken {
            token: TagToken(tag),
            end: self.at,
            lines: self.lines,
        })
    }

    /// The value of the attribute whose name has just been read.
    #[inline]
    fn value(&mut self) -> Option<StrTendril> {
        match self.byte()? {
            b'=' => self.at += 1,
            b'>' | b'/' => return Some(StrTendril::new()),
            byte if CLASSES[usize::from(byte)] & SPACE != 0 => {
                // An equals sign may yet come.
                let before = self.at;
                self.run(SPACE)?;
                let is_over = self.byte()? != b'=';
                self.at = before;
                return is_over.then(StrTendril::new);
            }
            _ => return None,
        }
        let quote = self.byte()?;
        if !matches!(quote, b'"' | b'\'') {
            let start = self.at;
            let (value, _) = self.run(UNQUOTED)?;
            let is_over = self.byte()? == b'>' || CLASSES[usize::from(self.byte()?)] & SPACE != 0;
            return (is_over && !value.is_empty()).then(|| part(self.chunk, start, self.at));
        }
        let start = self.at + 1;
        let rest = self.chunk.get(start..)?;
        let length = memchr2(quote, 0, rest.as_bytes())?;
        let value = rest.get(..length)?;
        self.at = start + length;
        if self.byte()? != quote {
            return None;
        }
        self.at += 1;
        // What follows must not be another name.
        let after = self.byte()?;
        if !matches!(after, b'>' | b'/') && CLASSES[usize::from(after)] & SPACE == 0 {
            return None;
        }
        if memchr3(b'&', b'\r', b'\n', value.as_bytes()).is_none() {
            return Some(part(self.chunk, start, start + length));
        }
        self.lines += count_lines(value);
        decoded(value, TextPlace::Attribute).map(StrTendril::from)
    }
}

/// Whether the contents of such an element are not markup, so that the tokenizer has to know of it.
///
/// Standard: the elements for which <https://html.spec.whatwg.org/#tree-construction> switches the tokenizer's state
pub(super) fn changes_state(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("iframe")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("noscript")
            | local_name!("plaintext")
            | local_name!("script")
            | local_name!("style")
            | local_name!("textarea")
            | local_name!("title")
            | local_name!("xmp")
    )
}

/// How many line ends `text` has: line feeds, carriage returns, or one after the other.
fn count_lines(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone_returns = memchr_iter(b'\r', bytes)
        .filter(|at| bytes.get(at + 1) != Some(&b'\n'))
        .count();
    (feeds + lone_returns) as u64
}

/// A part of `text`, which shares its bytes; empty if there is no such part.
pub(super) fn part(text: &StrTendril, start: usize, end: usize) -> StrTendril {
    let offset = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    text.try_subtendril(offset(start), offset(end.saturating_sub(start)))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read from the start of `text`: the token in words, its end, its lines.
    fn read(text: &str) -> Option<(String, usize, u64)> {
        let found = PlainTokens::default().read(&StrTendril::from(text), 0)?;
        let token = match found.token {
            CharacterTokens(text) => text.to_string(),
            TagToken(tag) => {
                let mut words = format!("{:?} {}", tag.kind, tag.name);
                for attribute in &tag.attrs {
                    words += &format!(" {}={}", attribute.name.local, attribute.value);
                }
                words + if tag.self_closing { " /" } else { "" }
            }
            other => format!("{other:?}"),
        };
        Some((token, found.end, found.lines))
    }

    #[test]
    fn plain_tokens_are_read() {
        for (text, token, end, lines) in [
            ("a b\n c<p>", "a b\n c", 6, 1),
            ("a", "a", 1, 0),
            ("a\r\nb&amp;<", "a\nb&", 9, 1),
            ("<p>a", "StartTag p", 3, 0),
            ("<DIV\n ID = x", "StartTag div", 0, 0),
            ("</p >", "EndTag p", 5, 0),
            ("<br/>", "StartTag br /", 5, 0),
            (
                "<a b c='d' e=\"f&g=h\" i=j/>",
                "StartTag a b= c=d e=f&g=h i=j/",
                26,
                0,
            ),
            (
                "<svg\r\nviewBox='0\n0' é=ü />",
                "StartTag svg viewbox=0\n0 é=ü /",
                28,
                2,
            ),
        ] {
            let expected = (end > 0).then(|| (token.to_owned(), end, lines));
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_text_is_read_in_parts() {
        let line = "é &lt;b&gt;\r\n& ";
        let text = StrTendril::from(format!("start{}<p>", line.repeat(30_000)));
        let mut tokens = PlainTokens::default();
        let (mut at, mut lines, mut parts, mut whole) = (0, 0, 0, String::new());
        while !text[at..].starts_with('<') {
            let read = tokens.read(&text, at).expect("plain");
            assert!(read.end > at && read.end - at <= LONG_TEXT);
            if let CharacterTokens(text) = read.token {
                whole.push_str(&text);
            }
            (at, lines, parts) = (read.end, lines + read.lines, parts + 1);
        }
        assert_eq!(whole, format!("start{}", "é <b>\n& ".repeat(30_000)));
        assert_eq!((lines, parts), (30_000, 9));
        let plain = StrTendril::from("x".repeat(200_000));
        assert_eq!(tokens.read(&plain, 0).map(|read| read.end), Some(200_000));
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_tokenizer() {
        for text in [
            "a&copy<",
            "a\r",
            "a&",
            "<",
            "< ",
            "<!---->",
            "</>",
            "<p",
            "<p ",
            "<p a",
            "<p a=",
            "<p a=b",
            "<p a='b",
            "<p a='b'",
            "<p a='b'c>",
            "<p a=b=c>",
            "<p a=b\"c>",
            "<p a a>",
            "<p a A>",
            "<p =a>",
            "<p / a>",
            "<p/a>",
            "<p a=>",
            "<p \"a>",
            "<p a='&copy'>",
            "<p<b>",
            "a\0",
            "a&amp;\0",
            "<p a='\0'>",
            "<p a\0>",
            "<p\0>",
            "<p a=\0>",
            "</p a>",
            "</p/>",
            "<script>",
            "<TITLE>",
            "<plaintext a=b>",
            "<p a\r",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
        let many: String = (0..=MAX_ATTRIBUTES).map(|n| format!(" a{n}")).collect();
        assert_eq!(read(&format!("<p{many}>")), None);
    }
}
