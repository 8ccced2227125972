//! What goes between the input and the tokenizer: the short way past it, and a cap on the attributes of one tag.
//!
//! html5ever compares the name of each attribute with all earlier ones of its tag, so a tag with a million of them would
//! take minutes. The text therefore goes to it in pieces that begin where a tag may begin and end where one may end; while
//! no token comes out, the text since the last such beginning is one unfinished tag, comment or doctype. If it is a tag
//! with more than [`MAX_ATTRIBUTES`] attributes, the rest of it is left out, up to its `>`.
//!
//! Only a `>` ends a tag. When a piece with no other `>` than the one at its end makes a tag come out, the tokenizer is
//! known to be in the data state with nothing pending, and what follows can be read without it while it is plain.

use html5ever::TokenizerResult;
use html5ever::tokenizer::{BufferQueue, TokenSinkResult, Tokenizer};
use memchr::{memchr, memchr2};

use crate::arena::NodeId;
use crate::parsing::depth_cap::DepthCap;
use crate::parsing::plain_tokens::{PlainTokens, part};

/// How many attributes of a tag are kept; those behind them are dropped.
pub(crate) const MAX_ATTRIBUTES: usize = 1_024;

/// Gives text to the tokenizer. See the module's page.
pub(crate) struct AttributeCap {
    /// The piece that the tokenizer reads.
    work: BufferQueue,
    place: Place,
    /// The tokenizer is in the data state, and nothing is pending.
    is_at_rest: bool,
    plain: PlainTokens,
}

#[derive(Debug, Default)]
enum Place {
    /// The tokenizer keeps up.
    #[default]
    Elsewhere,
    /// In a tag, comment or doctype that the tokenizer has not finished.
    Unfinished(TagScan),
    /// In a tag whose rest is left out.
    Skipping(TagScan),
}

impl AttributeCap {
    /// For a new tokenizer; whether it begins in the data state.
    pub(crate) fn new(is_at_rest: bool) -> Self {
        Self {
            work: BufferQueue::default(),
            place: Place::default(),
            is_at_rest,
            plain: PlainTokens::default(),
        }
    }

    /// Feeds all of `queue`, or what precedes a pause; the rest then stays in it.
    pub(crate) fn feed(
        &mut self,
        tokenizer: &Tokenizer<DepthCap>,
        queue: &BufferQueue,
    ) -> TokenizerResult<NodeId> {
        while let Some(chunk) = queue.pop_front() {
            let mut at = 0;
            while let Some(rest) = chunk.get(at..).filter(|rest| !rest.is_empty()) {
                let result = if self.is_at_rest
                    && let Some(read) = self.plain.read(&chunk, at)
                {
                    at = read.end;
                    match tokenizer.sink.process_plain_token(read.token, read.lines) {
                        TokenSinkResult::Script(node) => TokenizerResult::Script(node),
                        TokenSinkResult::EncodingIndicator(label) => {
                            TokenizerResult::EncodingIndicator(label)
                        }
                        // NOTE: plain tokens change no state.
                        _ => continue,
                    }
                } else {
                    let length = match &mut self.place {
                        Place::Skipping(scan) => {
                            let end = scan.read(rest.as_bytes());
                            if end.is_some() {
                                self.place = Place::Elsewhere;
                            }
                            at += end.unwrap_or(rest.len());
                            continue;
                        }
                        Place::Unfinished(scan) => piece_length(rest)
                            .min(scan.excess_length(rest.as_bytes()).unwrap_or(rest.len())),
                        Place::Elsewhere => piece_length(rest),
                    };
                    let piece = rest.get(..length).unwrap_or(rest);
                    let start = at;
                    at += piece.len();
                    let before = tokenizer.sink.tokens();
                    self.work.push_back(part(&chunk, start, at));
                    let result = tokenizer.feed(&self.work);
                    let is_silent = tokenizer.sink.tokens() == before;
                    self.is_at_rest = !is_silent
                        && self.work.is_empty()
                        && piece.ends_with('>')
                        && tokenizer.sink.has_ended_tag();
                    self.note(piece, is_silent);
                    result
                };
                if !matches!(result, TokenizerResult::Done) {
                    if at < chunk.len() {
                        queue.push_front(part(&chunk, at, chunk.len()));
                    }
                    while let Some(rest) = self.work.pop_front() {
                        queue.push_front(rest);
                    }
                    self.place = Place::Elsewhere;
                    return result;
                }
            }
        }
        TokenizerResult::Done
    }

    /// The tokenizer has read `piece`; whether no token came out.
    fn note(&mut self, piece: &str, is_silent: bool) {
        if !is_silent {
            self.place = Place::Elsewhere;
            return;
        }
        let mut scan = match std::mem::take(&mut self.place) {
            Place::Unfinished(scan) | Place::Skipping(scan) => scan,
            Place::Elsewhere if piece.starts_with('<') => TagScan::default(),
            Place::Elsewhere => return,
        };
        let end = scan.read(piece.as_bytes());
        // Where a `>` ends the tag, the rest can be left out.
        let is_quoted = matches!(scan.state, State::Quoted(_));
        self.place = if end.is_none() && scan.attributes > MAX_ATTRIBUTES && !is_quoted {
            Place::Skipping(scan)
        } else {
            Place::Unfinished(scan)
        };
    }
}

/// How much of `text` goes to the tokenizer at once: to where a tag, comment or doctype may begin or end, and not too much.
fn piece_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let most = bytes.len().min(LARGEST_PIECE);
    if bytes.first() == Some(&b'>') {
        return 1;
    }
    let mut from = 1;
    while let Some(index) = memchr2(b'<', b'>', bytes.get(from..most).unwrap_or_default()) {
        let start = from + index;
        if bytes.get(start) == Some(&b'>') {
            return start + 1;
        }
        match bytes.get(start + 1) {
            Some(next) if next.is_ascii_alphabetic() => return start,
            Some(b'/' | b'!' | b'?') | None => return start,
            Some(_) => from = start + 1,
        }
    }
    (0..=most)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(most)
}

/// Short enough that comparing all attributes in a piece with each other is cheap; in bytes.
const LARGEST_PIECE: usize = 2_048;

/// Where in a tag the text stands.
///
/// Standard: <https://html.spec.whatwg.org/#tag-open-state> and the states after it
#[derive(Debug, Default, Copy, Clone, PartialEq, Eq)]
enum State {
    #[default]
    Start,
    Open,
    /// No tag.
    Other,
    TagName,
    BeforeName,
    Name,
    AfterName,
    BeforeValue,
    Quoted(u8),
    Unquoted,
}

/// Counts the attributes of a tag.
#[derive(Debug, Default)]
struct TagScan {
    state: State,
    attributes: usize,
}

impl TagScan {
    /// How much of `bytes` belongs to a quoted value, its quote included, if there are too many attributes already.
    fn excess_length(&self, bytes: &[u8]) -> Option<usize> {
        match self.state {
            State::Quoted(quote) if self.attributes > MAX_ATTRIBUTES => {
                memchr(quote, bytes).map(|end| end + 1)
            }
            _ => None,
        }
    }

    /// Reads on; the index of the `>` that ends the tag.
    fn read(&mut self, bytes: &[u8]) -> Option<usize> {
        for (index, &byte) in bytes.iter().enumerate() {
            let is_space = matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | b' ');
            self.state = match self.state {
                State::Other => return None,
                State::Quoted(quote) if byte == quote => State::BeforeName,
                State::Quoted(quote) => State::Quoted(quote),
                State::Start => State::Open,
                State::Open if matches!(byte, b'!' | b'?') => State::Other,
                State::Open => State::TagName,
                _ if byte == b'>' => return Some(index),
                State::BeforeValue if is_space => State::BeforeValue,
                State::BeforeValue if matches!(byte, b'"' | b'\'') => State::Quoted(byte),
                State::BeforeValue => State::Unquoted,
                State::Unquoted if is_space => State::BeforeName,
                State::Unquoted => State::Unquoted,
                State::TagName if is_space || byte == b'/' => State::BeforeName,
                State::TagName => State::TagName,
                State::Name if is_space => State::AfterName,
                State::Name | State::AfterName if byte == b'=' => State::BeforeValue,
                State::BeforeName | State::AfterName if is_space => self.state,
                _ if byte == b'/' => State::BeforeName,
                State::Name => State::Name,
                State::BeforeName | State::AfterName => {
                    self.attributes += 1;
                    State::Name
                }
            };
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(tag: &str, attributes: usize, end: Option<usize>) {
        let mut scan = TagScan::default();
        assert_eq!(scan.read(tag.as_bytes()), end, "{tag}");
        assert_eq!(scan.attributes, attributes, "{tag}");
        // Wherever it is cut.
        for cut in 0..tag.len() {
            let mut scan = TagScan::default();
            let (before, after) = tag.as_bytes().split_at(cut);
            let found = scan
                .read(before)
                .or_else(|| scan.read(after).map(|index| index + cut));
            assert_eq!(
                (found, scan.attributes),
                (end, attributes),
                "{tag} at {cut}"
            );
        }
    }

    #[test]
    fn a_piece_ends_where_a_tag_may_begin_or_end() {
        for (text, length) in [
            ("<p>a<b>b</b>", 3),
            ("a > b", 3),
            (">a", 1),
            ("a < c <i x=y>d</i>", 6),
            ("<p title='>'>a</p>", 11),
            ("<p><a <b>", 3),
            ("a<b", 1),
            ("a</b", 1),
            ("a<!---->", 1),
            ("a<?b>", 1),
            ("a<", 1),
            ("<a", 2),
        ] {
            assert_eq!(piece_length(text), length, "{text}");
        }
        let long = format!("{}é<p>", "a".repeat(LARGEST_PIECE - 1));
        assert_eq!(piece_length(&long), LARGEST_PIECE - 1);
        let late = format!("{}<b>", "a".repeat(LARGEST_PIECE - 2));
        assert_eq!(piece_length(&late), LARGEST_PIECE - 2);
    }

    #[test]
    fn attributes_are_counted_outside_of_quotes() {
        check("<a>", 0, Some(2));
        check("<a b c=d e = f g>", 4, Some(16));
        check("<a b=\"x > y z\" c='>'d>", 3, Some(21));
        check("<a/b/c=/d e", 3, None);
        check("</a b c", 2, None);
        check("<!-- a b c >", 0, None);
        check("<a =b= c=\"", 1, None);
    }
}
