//! The pseudo-classes that depend on more than an element's place in the tree.
//!
//! Those that ask for a user, a clock or a screen have the answer that holds where there is none: nothing is hovered, no
//! media plays. Unknown ones are a syntax error: a selector never pretends.
//!
//! Standard: <https://html.spec.whatwg.org/#pseudo-classes>, text of November 2026.

use std::fmt;

use ::selectors::SelectorList;
use ::selectors::parser::NonTSPseudoClass;
use cssparser::{ToCss, serialize_identifier};

use super::selector_impl::Selectors;

/// A pseudo-class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PseudoClass {
    /// What holds for no element here: there is no pointer (`:hover`), no visit is told of (`:visited`), nothing fills
    /// in forms (`:autofill`), nothing plays (`:playing`).
    Never(&'static str),
    Link,
    /// The same as `:link` where nothing was visited.
    AnyLink,
    Focus,
    /// The same as `:focus`: without a pointer, focus comes from the keyboard or from script.
    FocusVisible,
    FocusWithin,
    Target,
    TargetWithin,
    Open,
    Modal,
    PopoverOpen,
    Muted,
    Paused,
    /// `:state()` with its name.
    State(Box<str>),
    /// `:host-context()` with its compound selector.
    HostContext(Box<SelectorList<Selectors>>),
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
        matches!(self, Self::Never("active" | "hover"))
    }

    fn is_user_action_state(&self) -> bool {
        matches!(
            self,
            Self::Never("active" | "hover") | Self::Focus | Self::FocusVisible | Self::FocusWithin
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
            Self::State(name) => {
                dest.write_str(":state(")?;
                serialize_identifier(name, dest)?;
                dest.write_str(")")
            }
            Self::HostContext(selectors) => {
                dest.write_str(":host-context(")?;
                selectors.to_css(dest)?;
                dest.write_str(")")
            }
            Self::Never(name) => write!(dest, ":{name}"),
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

const NAMED: [(&str, PseudoClass); 43] = [
    ("any-link", PseudoClass::AnyLink),
    ("-webkit-any-link", PseudoClass::AnyLink),
    ("link", PseudoClass::Link),
    ("focus", PseudoClass::Focus),
    ("focus-visible", PseudoClass::FocusVisible),
    ("focus-within", PseudoClass::FocusWithin),
    ("target", PseudoClass::Target),
    ("target-within", PseudoClass::TargetWithin),
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
    ("open", PseudoClass::Open),
    ("modal", PseudoClass::Modal),
    ("popover-open", PseudoClass::PopoverOpen),
    ("muted", PseudoClass::Muted),
    ("paused", PseudoClass::Paused),
    ("visited", PseudoClass::Never("visited")),
    ("hover", PseudoClass::Never("hover")),
    ("active", PseudoClass::Never("active")),
    ("autofill", PseudoClass::Never("autofill")),
    ("-webkit-autofill", PseudoClass::Never("-webkit-autofill")),
    ("fullscreen", PseudoClass::Never("fullscreen")),
    (
        "-webkit-full-screen",
        PseudoClass::Never("-webkit-full-screen"),
    ),
    (
        "picture-in-picture",
        PseudoClass::Never("picture-in-picture"),
    ),
    ("playing", PseudoClass::Never("playing")),
    ("seeking", PseudoClass::Never("seeking")),
    ("buffering", PseudoClass::Never("buffering")),
    ("stalled", PseudoClass::Never("stalled")),
    ("volume-locked", PseudoClass::Never("volume-locked")),
];
