//! Character data: text, comments, CDATA sections, and the text of processing instructions.
//!
//! Text is Latin-1 or UTF-16, as a JavaScript engine stores its strings: offsets cost nothing and a lone surrogate
//! survives.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-characterdata>, text of November 2026.

use std::borrow::Cow;

use encoding_rs::mem;

use crate::arena::{NodeId, Tree};
use crate::error::DomError;
use crate::node::{NodeData, NodeKind};

/// A string of UTF-16 code units that takes one byte for each if all are below U+0100.
#[derive(Debug, Clone)]
pub enum CharacterData {
    /// As [`Self::Latin1`], of few units. OPTIMIZATION: the text lies in the node itself, as most texts of pages can.
    Short(ShortText),
    /// One byte a unit: U+0000 to U+00FF.
    Latin1(Vec<u8>),
    /// Two bytes a unit; lone surrogates are allowed.
    Utf16(Vec<u16>),
}

/// Up to 38 units, each in one byte.
#[derive(Clone, Copy)]
pub struct ShortText {
    length: u8,
    bytes: [u8; Self::CAPACITY],
}

impl ShortText {
    const CAPACITY: usize = 38;
    const EMPTY: Self = Self {
        length: 0,
        bytes: [0; Self::CAPACITY],
    };

    /// `None` if `units` are too many.
    #[inline]
    fn new(units: &[u8]) -> Option<Self> {
        let mut short = Self {
            length: u8::try_from(units.len()).ok()?,
            ..Self::EMPTY
        };
        short.bytes.get_mut(..units.len())?.copy_from_slice(units);
        Some(short)
    }

    /// The units, U+0000 to U+00FF.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&[])
    }
}

impl std::fmt::Debug for ShortText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_bytes().fmt(f)
    }
}

impl CharacterData {
    /// The length in UTF-16 code units.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::Short(units) => usize::from(units.length),
            Self::Latin1(units) => units.len(),
            Self::Utf16(units) => units.len(),
        }
    }

    /// Whether the length is 0.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Text whose units are the bytes of `units`: U+0000 to U+00FF, not UTF-8.
    #[inline]
    pub fn from_latin1<'a>(units: impl Into<Cow<'a, [u8]>>) -> Self {
        let units = units.into();
        match ShortText::new(&units) {
            Some(short) => Self::Short(short),
            None => Self::Latin1(units.into_owned()),
        }
    }

    /// The units as bytes, if the text is stored so.
    #[inline]
    pub fn as_latin1(&self) -> Option<&[u8]> {
        match self {
            Self::Short(units) => Some(units.as_bytes()),
            Self::Latin1(units) => Some(units),
            Self::Utf16(_) => None,
        }
    }

    /// The units, if the text is stored in two bytes each.
    pub fn as_utf16(&self) -> Option<&[u16]> {
        match self {
            Self::Short(_) | Self::Latin1(_) => None,
            Self::Utf16(units) => Some(units),
        }
    }

    /// The code unit at `index`.
    #[inline]
    pub fn unit(&self, index: usize) -> Option<u16> {
        match self {
            Self::Utf16(units) => units.get(index).copied(),
            _ => self.narrow().get(index).map(|&unit| u16::from(unit)),
        }
    }

    #[inline]
    fn narrow(&self) -> &[u8] {
        self.as_latin1().unwrap_or(&[])
    }

    /// The code units in order.
    pub fn units(&self) -> impl Iterator<Item = u16> + '_ {
        let wide = self.as_utf16().unwrap_or(&[]);
        self.narrow()
            .iter()
            .map(|&unit| u16::from(unit))
            .chain(wide.iter().copied())
    }

    /// The text in UTF-8, borrowed if it is ASCII; each lone surrogate becomes U+FFFD.
    pub fn to_string_lossy(&self) -> Cow<'_, str> {
        match self {
            Self::Utf16(units) => Cow::Owned(String::from_utf16_lossy(units)),
            _ => mem::decode_latin1(self.narrow()),
        }
    }

    /// Adds the text to the end of `out`, in UTF-8; each lone surrogate becomes U+FFFD.
    pub fn push_onto(&self, out: &mut String) {
        match self {
            Self::Utf16(units) => out.extend(
                char::decode_utf16(units.iter().copied())
                    .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)),
            ),
            _ => out.push_str(&mem::decode_latin1(self.narrow())),
        }
    }

    /// A copy of `count` units from `offset`; both are cut to what is there.
    pub fn substring(&self, offset: usize, count: usize) -> Self {
        let start = offset.min(self.len());
        let end = start.saturating_add(count).min(self.len());
        match self {
            Self::Utf16(units) => Self::Utf16(units.get(start..end).unwrap_or_default().to_vec()),
            _ => Self::from_latin1(self.narrow().get(start..end).unwrap_or_default()),
        }
    }

    /// Adds `other` to the end.
    pub fn push(&mut self, other: &Self) {
        self.splice(self.len(), 0, other);
    }

    /// All texts, one after the other.
    pub(crate) fn concat<'a>(texts: impl Iterator<Item = &'a Self>) -> Self {
        let mut narrow = Vec::new();
        let mut texts = texts;
        for text in texts.by_ref() {
            if let Some(units) = text.as_latin1() {
                narrow.extend_from_slice(units);
            } else {
                let mut whole = Self::Latin1(narrow);
                whole.push(text);
                texts.for_each(|text| whole.push(text));
                return whole;
            }
        }
        Self::from_latin1(narrow)
    }

    /// Adds UTF-8 text to the end.
    pub fn push_str(&mut self, text: &str) {
        self.lengthen();
        match self {
            Self::Latin1(units) if mem::is_str_latin1(text) => push_latin1(units, text),
            Self::Short(_) | Self::Latin1(_) => {
                self.widen();
                self.push_str(text);
            }
            Self::Utf16(units) => units.extend(text.encode_utf16()),
        }
    }

    /// Gives a short text room to grow.
    fn lengthen(&mut self) {
        if let Self::Short(units) = self {
            *self = Self::Latin1(units.as_bytes().to_vec());
        }
    }

    fn widen(&mut self) {
        if self.as_utf16().is_none() {
            let units = self.narrow().iter().map(|&unit| u16::from(unit)).collect();
            *self = Self::Utf16(units);
        }
    }

    /// Replaces `count` units from `offset` by `data`. The range lies within the text, or is cut to it.
    pub(crate) fn splice(&mut self, offset: usize, count: usize, data: &Self) {
        let start = offset.min(self.len());
        let end = start.saturating_add(count).min(self.len());
        self.lengthen();
        match (&mut *self, data.as_utf16()) {
            (Self::Utf16(units), Some(added)) => {
                units.splice(start..end, added.iter().copied());
            }
            (Self::Utf16(units), None) => {
                units.splice(
                    start..end,
                    data.narrow().iter().map(|&unit| u16::from(unit)),
                );
            }
            (Self::Latin1(units), None) => {
                if start == units.len() {
                    units.extend_from_slice(data.narrow());
                } else {
                    units.splice(start..end, data.narrow().iter().copied());
                }
            }
            (_, Some(_)) => {
                self.widen();
                self.splice(offset, count, data);
            }
            (Self::Short(_), None) => {}
        }
    }
}

fn push_latin1(units: &mut Vec<u8>, text: &str) {
    if text.is_ascii() {
        units.extend_from_slice(text.as_bytes());
        return;
    }
    let start = units.len();
    units.resize(start + text.len(), 0);
    let written = match units.get_mut(start..) {
        Some(space) => mem::convert_utf8_to_latin1_lossy(text.as_bytes(), space),
        None => 0,
    };
    units.truncate(start + written);
}

impl Default for CharacterData {
    fn default() -> Self {
        Self::Short(ShortText::EMPTY)
    }
}

/// Two texts are equal if their units are, however they are stored.
impl PartialEq for CharacterData {
    fn eq(&self, other: &Self) -> bool {
        match (self.as_utf16(), other.as_utf16()) {
            (None, None) => self.narrow() == other.narrow(),
            (Some(a), Some(b)) => a == b,
            _ => self.len() == other.len() && self.units().eq(other.units()),
        }
    }
}

impl Eq for CharacterData {}

impl PartialEq<str> for CharacterData {
    fn eq(&self, other: &str) -> bool {
        self.units().eq(other.encode_utf16())
    }
}

impl PartialEq<&str> for CharacterData {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl From<&str> for CharacterData {
    fn from(text: &str) -> Self {
        if text.is_ascii() {
            return Self::from_latin1(text.as_bytes());
        }
        if mem::is_str_latin1(text) {
            let mut units = Vec::new();
            push_latin1(&mut units, text);
            Self::from_latin1(units)
        } else {
            Self::Utf16(text.encode_utf16().collect())
        }
    }
}

impl From<String> for CharacterData {
    fn from(text: String) -> Self {
        if text.is_ascii() {
            Self::from_latin1(text.into_bytes())
        } else {
            Self::from(text.as_str())
        }
    }
}

/// Narrows to one byte a unit where that is possible.
impl From<Vec<u16>> for CharacterData {
    fn from(units: Vec<u16>) -> Self {
        if mem::is_utf16_latin1(&units) {
            let mut narrow = vec![0; units.len()];
            mem::convert_utf16_to_latin1_lossy(&units, &mut narrow);
            Self::from_latin1(narrow)
        } else {
            Self::Utf16(units)
        }
    }
}

impl Tree {
    /// Makes a text node.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    #[inline]
    pub fn create_text(
        &mut self,
        document: NodeId,
        data: impl Into<CharacterData>,
    ) -> Result<NodeId, DomError> {
        self.allocate(
            NodeKind::Text,
            Some(document),
            0,
            NodeData::Character(data.into()),
        )
    }

    /// Makes a comment.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_comment(
        &mut self,
        document: NodeId,
        data: impl Into<CharacterData>,
    ) -> Result<NodeId, DomError> {
        self.allocate(
            NodeKind::Comment,
            Some(document),
            0,
            NodeData::Character(data.into()),
        )
    }

    /// Makes a CDATA section. That HTML documents have none, and that `data` holds no `]]>`, is for the caller to see.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_cdata_section(
        &mut self,
        document: NodeId,
        data: impl Into<CharacterData>,
    ) -> Result<NodeId, DomError> {
        self.allocate(
            NodeKind::CdataSection,
            Some(document),
            0,
            NodeData::Character(data.into()),
        )
    }

    /// The data of a text node, CDATA section, comment or processing instruction.
    #[inline]
    pub fn character_data(&self, id: NodeId) -> Option<&CharacterData> {
        match &self.node(id).data {
            NodeData::Character(data) => Some(data),
            NodeData::ProcessingInstruction(instruction) => Some(&instruction.data),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn character_data_mut(&mut self, id: NodeId) -> Option<&mut CharacterData> {
        match &mut self.node_mut(id).data {
            NodeData::Character(data) => Some(data),
            NodeData::ProcessingInstruction(instruction) => Some(&mut instruction.data),
            _ => None,
        }
    }

    /// `Text.wholeText`: the data of the node and of the text nodes next to it.
    ///
    /// Standard: <https://dom.spec.whatwg.org/#dom-text-wholetext>
    pub fn whole_text(&self, id: NodeId) -> Option<CharacterData> {
        if !self.is_text(id) {
            return None;
        }
        let mut node = id;
        while let Some(previous) = self.previous_sibling(node).filter(|&n| self.is_text(n)) {
            node = previous;
        }
        let mut whole = self.character_data(node)?.clone();
        while let Some(next) = self.next_sibling(node).filter(|&n| self.is_text(n)) {
            whole.push(self.character_data(next)?);
            node = next;
        }
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_narrow_while_it_can_be() {
        assert!(CharacterData::from("grün").as_latin1().is_some());
        assert_eq!(CharacterData::from("grün").len(), 4);
        assert!(CharacterData::from("→").as_utf16().is_some());
        assert!(CharacterData::from(vec![0x41, 0xFF]).as_latin1().is_some());
        let mut text = CharacterData::from("a");
        text.push_str("é");
        assert!(text.as_latin1().is_some());
        text.push_str("→");
        assert_eq!(text, "aé→");
        assert_eq!(text.to_string_lossy(), "aé→");
    }

    #[test]
    fn short_text_grows_and_shrinks_as_long_text_does() {
        for length in [0, 1, 37, 38, 39, 100] {
            let mut text = CharacterData::from("é".repeat(length).as_str());
            assert_eq!(text.len(), length);
            assert_eq!(text, CharacterData::Latin1(vec![0xE9; length]));
            text.push_str("x");
            text.push(&CharacterData::from("y"));
            assert_eq!(text, format!("{}xy", "é".repeat(length)).as_str());
            assert_eq!(text.substring(length, 9), "xy");
            text.splice(0, length, &CharacterData::from("→"));
            assert_eq!(text, "→xy");
        }
    }

    #[test]
    fn offsets_are_utf16_units_and_lone_surrogates_survive() {
        let mut text = CharacterData::from("a😀b");
        assert_eq!(text.len(), 4);
        text.splice(2, 2, &CharacterData::default());
        assert_eq!(text.unit(1), Some(0xD83D));
        assert_eq!(text.to_string_lossy(), "a\u{FFFD}");
        assert_eq!(text.substring(1, 9).len(), 1);
    }

    #[test]
    fn equality_does_not_see_the_storage() {
        let wide = CharacterData::Utf16(vec![0x61]);
        assert_eq!(wide, CharacterData::from("a"));
        assert_ne!(wide, CharacterData::from("b"));
    }
}
