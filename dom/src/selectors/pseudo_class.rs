//! The pseudo-classes that depend on more than an element's place in the tree.
//!
//! Those that need layout, time or a user (`:playing`, `:fullscreen`, …) are unknown, and unknown ones
//! are a syntax error: a selector never pretends.
//!
//! Standard: <https://html.spec.whatwg.org/#pseudo-classes>, text of November 2026.

use std::fmt;

use ::selectors::parser::NonTSPseudoClass;
use cssparser::{ToCss, serialize_identifier};

/// A pseudo-class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PseudoClass {
    /// `:link` and `:any-link`, which are the same where nothing was visited.
    AnyLink,
    /// `:visited`: browsers tell pages of no visits.
    Visited,
    /// `:hover`: there is no pointer.
    Hover,
    /// `:active`: there is no pointer.
    Active,
    /// `:focus`, `:focus-visible`.
    Focus,
    /// `:focus-within`.
    FocusWithin,
    Target,
    Checked,
    Enabled,
    Disabled,
    Required,
    Optional,
    ReadOnly,
    ReadWrite,
    Default,
    Indeterminate,
    Defined,
    PlaceholderShown,
    Valid,
    Invalid,
    UserValid,
    UserInvalid,
    InRange,
    OutOfRange,
    /// `:lang()` with its ranges.
    Lang(Box<[Box<str>]>),
    /// `:dir()`.
    Dir(Direction),
}

/// The argument of `:dir()`.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(crate) enum Direction {
    LeftToRight,
    RightToLeft,
    /// An identifier that is valid and matches nothing.
    Other,
}

impl PseudoClass {
    /// The pseudo-class of this name without arguments.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMED
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, class)| class.clone())
    }
}

impl NonTSPseudoClass for PseudoClass {
    fn is_active_or_hover(&self) -> bool {
        matches!(self, Self::Active | Self::Hover)
    }

    fn is_user_action_state(&self) -> bool {
        matches!(
            self,
            Self::Active | Self::Hover | Self::Focus | Self::FocusWithin
        )
    }
}

impl ToCss for PseudoClass {
    fn to_css<W: fmt::Write>(&self, dest: &mut W) -> fmt::Result {
        match self {
            Self::Lang(ranges) => {
                dest.write_str(":lang(")?;
                for (index, range) in ranges.iter().enumerate() {
                    if index > 0 {
                        dest.write_str(", ")?;
                    }
                    serialize_identifier(range, dest)?;
                }
                dest.write_str(")")
            }
            Self::Dir(Direction::RightToLeft) => dest.write_str(":dir(rtl)"),
            Self::Dir(_) => dest.write_str(":dir(ltr)"),
            class => {
                let name = NAMED
                    .iter()
                    .find(|(_, named)| named == class)
                    .map_or("", |(name, _)| name);
                write!(dest, ":{name}")
            }
        }
    }
}

const NAMED: [(&str, PseudoClass); 26] = [
    ("any-link", PseudoClass::AnyLink),
    ("link", PseudoClass::AnyLink),
    ("visited", PseudoClass::Visited),
    ("hover", PseudoClass::Hover),
    ("active", PseudoClass::Active),
    ("focus", PseudoClass::Focus),
    ("focus-visible", PseudoClass::Focus),
    ("focus-within", PseudoClass::FocusWithin),
    ("target", PseudoClass::Target),
    ("checked", PseudoClass::Checked),
    ("enabled", PseudoClass::Enabled),
    ("disabled", PseudoClass::Disabled),
    ("required", PseudoClass::Required),
    ("optional", PseudoClass::Optional),
    ("read-only", PseudoClass::ReadOnly),
    ("read-write", PseudoClass::ReadWrite),
    ("default", PseudoClass::Default),
    ("indeterminate", PseudoClass::Indeterminate),
    ("defined", PseudoClass::Defined),
    ("placeholder-shown", PseudoClass::PlaceholderShown),
    ("valid", PseudoClass::Valid),
    ("invalid", PseudoClass::Invalid),
    ("user-valid", PseudoClass::UserValid),
    ("user-invalid", PseudoClass::UserInvalid),
    ("in-range", PseudoClass::InRange),
    ("out-of-range", PseudoClass::OutOfRange),
];
