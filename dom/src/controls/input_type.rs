//! The types of `input` elements and what each of them has.
//!
//! Standard: <https://html.spec.whatwg.org/#attr-input-type>, text of November 2026.

use html5ever::local_name;

use crate::arena::{NodeId, Tree};

/// The state of an input's `type` attribute.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is the keyword of its name")]
pub enum InputType {
    Hidden,
    Text,
    Search,
    Telephone,
    Url,
    Email,
    Password,
    Date,
    Month,
    Week,
    Time,
    LocalDateTime,
    Number,
    Range,
    Color,
    Checkbox,
    Radio,
    File,
    Submit,
    Image,
    Reset,
    Button,
}

/// What an input's `value` gives and sets.
///
/// Standard: <https://html.spec.whatwg.org/#dom-input-value>
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum ValueMode {
    /// The control's value.
    Value,
    /// The `value` attribute.
    Default,
    /// The `value` attribute, `on` without one.
    DefaultOn,
    /// The name of the first selected file.
    Filename,
}

const KEYWORDS: [(&str, InputType); 22] = [
    ("hidden", InputType::Hidden),
    ("text", InputType::Text),
    ("search", InputType::Search),
    ("tel", InputType::Telephone),
    ("url", InputType::Url),
    ("email", InputType::Email),
    ("password", InputType::Password),
    ("date", InputType::Date),
    ("month", InputType::Month),
    ("week", InputType::Week),
    ("time", InputType::Time),
    ("datetime-local", InputType::LocalDateTime),
    ("number", InputType::Number),
    ("range", InputType::Range),
    ("color", InputType::Color),
    ("checkbox", InputType::Checkbox),
    ("radio", InputType::Radio),
    ("file", InputType::File),
    ("submit", InputType::Submit),
    ("image", InputType::Image),
    ("reset", InputType::Reset),
    ("button", InputType::Button),
];

impl InputType {
    /// The type that a `type` attribute of this value stands for; `None` is a missing attribute.
    pub fn from_attribute(value: Option<&str>) -> Self {
        let Some(value) = value else {
            return Self::Text;
        };
        KEYWORDS
            .iter()
            .find(|(keyword, _)| keyword.eq_ignore_ascii_case(value))
            .map_or(Self::Text, |&(_, kind)| kind)
    }

    /// What `value` gives and sets.
    pub fn value_mode(self) -> ValueMode {
        match self {
            Self::Hidden | Self::Submit | Self::Image | Self::Reset | Self::Button => {
                ValueMode::Default
            }
            Self::Checkbox | Self::Radio => ValueMode::DefaultOn,
            Self::File => ValueMode::Filename,
            _ => ValueMode::Value,
        }
    }

    /// Whether `selectionStart` and its kin apply.
    ///
    /// Standard: <https://html.spec.whatwg.org/#do-not-apply>
    pub fn has_selection(self) -> bool {
        matches!(
            self,
            Self::Text | Self::Search | Self::Url | Self::Telephone | Self::Password
        )
    }

    /// Whether it is a line of text with `maxlength`, `minlength`, `pattern`.
    pub fn is_text_line(self) -> bool {
        self.has_selection() || self == Self::Email
    }

    /// Whether its value is a date or a time.
    pub fn is_date_or_time(self) -> bool {
        matches!(
            self,
            Self::Date | Self::Month | Self::Week | Self::Time | Self::LocalDateTime
        )
    }

    /// Whether its value has a number behind it: `min`, `max` and `step` apply.
    pub fn is_numeric(self) -> bool {
        self.is_date_or_time() || matches!(self, Self::Number | Self::Range)
    }

    /// Whether it is a button of any kind.
    pub fn is_button(self) -> bool {
        matches!(
            self,
            Self::Submit | Self::Image | Self::Reset | Self::Button
        )
    }

    /// Whether `required` applies.
    pub fn can_be_required(self) -> bool {
        !self.is_button() && !matches!(self, Self::Hidden | Self::Range | Self::Color)
    }

    /// Whether `readonly` applies.
    pub fn can_be_read_only(self) -> bool {
        self.is_text_line() || self.is_date_or_time() || self == Self::Number
    }

    /// Whether `placeholder` applies.
    pub fn has_placeholder(self) -> bool {
        self.is_text_line() || self == Self::Number
    }
}

impl Tree {
    /// The type of an `input` element of HTML; `None` for anything else.
    pub fn input_type(&self, id: NodeId) -> Option<InputType> {
        self.is_html_element_named(id, &local_name!("input"))
            .then(|| InputType::from_attribute(self.attribute_atom(id, &local_name!("type"))))
    }
}
