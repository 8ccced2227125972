//! The properties that declarations may name.
//!
//! Each longhand has the syntax of its values; where that is more than a few keywords and numbers, any tokens will do.
//! Shorthands have their longhands; a few are kept whole.
//!
//! Standard: <https://www.w3.org/TR/CSS/#properties>, text of November 2026.

use super::longhand_table::LONGHANDS;

/// What a longhand's values look like. Keyword lists are in one string, by spaces.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Syntax {
    /// Tokens that are not looked at.
    Any,
    Keywords(&'static str),
    Color,
    ColorOr(&'static str),
    Number,
    NumberOr(&'static str),
    Integer(&'static str),
    /// A length or percentage, or a keyword.
    Length(&'static str),
    /// A length or percentage that is not negative, or a keyword.
    Size(&'static str),
    /// A number, or a percentage that becomes one.
    Alpha,
}

/// How a shorthand's value makes those of its longhands.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// One to four values, clockwise from the top.
    Sides,
    /// One or two values.
    Pair,
    /// Values of different syntax in any order, those left out initial.
    AnyOrder,
    /// All sides of a border alike.
    Border,
    Radius,
    Flex,
    ListStyle,
    /// Two values with a slash between them.
    Slash,
    Position,
    Background,
    Font,
    TextDecoration,
}

/// A shorthand property.
#[derive(Debug)]
pub(super) struct Shorthand {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) longhands: &'static [&'static str],
}

/// Whether a property is known.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum Supported {
    /// No such property.
    No,
    /// A property, or a custom one.
    Yes,
}

/// Whether declarations may name the property `name`, which is in lower case unless custom.
pub fn supported(name: &str) -> Supported {
    let is_known = (name.starts_with("--") && name.len() > 2)
        || longhand(resolve_alias(name)).is_some()
        || shorthand(name).is_some();
    if is_known {
        Supported::Yes
    } else {
        Supported::No
    }
}

/// The names of all properties, custom ones aside, sorted within their kinds.
pub fn supported_names() -> impl Iterator<Item = &'static str> {
    let longhands = LONGHANDS.iter().map(|(name, _)| *name);
    let aliases = ALIASES.iter().map(|(name, _)| *name);
    longhands
        .chain(SHORTHANDS.iter().map(|shorthand| shorthand.name))
        .chain(aliases)
}

/// The name that a legacy name stands for.
pub(super) fn resolve_alias(name: &str) -> &str {
    ALIASES
        .iter()
        .find(|(alias, _)| *alias == name)
        .map_or(name, |(_, target)| target)
}

/// The syntax of a longhand.
pub(super) fn longhand(name: &str) -> Option<Syntax> {
    LONGHANDS
        .binary_search_by(|(known, _)| known.cmp(&name))
        .ok()
        .map(|index| LONGHANDS[index].1)
}

/// The shorthand of this name.
pub(super) fn shorthand(name: &str) -> Option<&'static Shorthand> {
    SHORTHANDS.iter().find(|shorthand| shorthand.name == name)
}

/// The shorthands of a longhand, in the order in which they are tried in serializing: those of most longhands first.
pub(super) fn shorthands_of(name: &str) -> impl Iterator<Item = &'static Shorthand> {
    SHORTHANDS.iter().filter(move |shorthand| {
        shorthand.name != "grid-gap" && shorthand.longhands.contains(&name)
    })
}

const ALIASES: [(&str, &str); 3] = [
    ("word-wrap", "overflow-wrap"),
    ("grid-row-gap", "row-gap"),
    ("grid-column-gap", "column-gap"),
];

/// Those of most longhands first.
static SHORTHANDS: [Shorthand; 53] = [
    Shorthand {
        name: "border",
        kind: Kind::Border,
        longhands: &[
            "border-top-width",
            "border-right-width",
            "border-bottom-width",
            "border-left-width",
            "border-top-style",
            "border-right-style",
            "border-bottom-style",
            "border-left-style",
            "border-top-color",
            "border-right-color",
            "border-bottom-color",
            "border-left-color",
        ],
    },
    Shorthand {
        name: "background",
        kind: Kind::Background,
        longhands: &[
            "background-image",
            "background-position-x",
            "background-position-y",
            "background-size",
            "background-repeat",
            "background-attachment",
            "background-origin",
            "background-clip",
            "background-color",
        ],
    },
    Shorthand {
        name: "font",
        kind: Kind::Font,
        longhands: &[
            "font-style",
            "font-variant-caps",
            "font-weight",
            "font-stretch",
            "font-size",
            "line-height",
            "font-family",
        ],
    },
    Shorthand {
        name: "border-color",
        kind: Kind::Sides,
        longhands: &[
            "border-top-color",
            "border-right-color",
            "border-bottom-color",
            "border-left-color",
        ],
    },
    Shorthand {
        name: "border-radius",
        kind: Kind::Radius,
        longhands: &[
            "border-top-left-radius",
            "border-top-right-radius",
            "border-bottom-right-radius",
            "border-bottom-left-radius",
        ],
    },
    Shorthand {
        name: "border-style",
        kind: Kind::Sides,
        longhands: &[
            "border-top-style",
            "border-right-style",
            "border-bottom-style",
            "border-left-style",
        ],
    },
    Shorthand {
        name: "border-width",
        kind: Kind::Sides,
        longhands: &[
            "border-top-width",
            "border-right-width",
            "border-bottom-width",
            "border-left-width",
        ],
    },
    Shorthand {
        name: "inset",
        kind: Kind::Sides,
        longhands: &["top", "right", "bottom", "left"],
    },
    Shorthand {
        name: "margin",
        kind: Kind::Sides,
        longhands: &["margin-top", "margin-right", "margin-bottom", "margin-left"],
    },
    Shorthand {
        name: "padding",
        kind: Kind::Sides,
        longhands: &[
            "padding-top",
            "padding-right",
            "padding-bottom",
            "padding-left",
        ],
    },
    Shorthand {
        name: "scroll-margin",
        kind: Kind::Sides,
        longhands: &[
            "scroll-margin-top",
            "scroll-margin-right",
            "scroll-margin-bottom",
            "scroll-margin-left",
        ],
    },
    Shorthand {
        name: "scroll-padding",
        kind: Kind::Sides,
        longhands: &[
            "scroll-padding-top",
            "scroll-padding-right",
            "scroll-padding-bottom",
            "scroll-padding-left",
        ],
    },
    Shorthand {
        name: "text-decoration",
        kind: Kind::TextDecoration,
        longhands: &[
            "text-decoration-line",
            "text-decoration-thickness",
            "text-decoration-style",
            "text-decoration-color",
        ],
    },
    Shorthand {
        name: "border-block-end",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-block-end-width",
            "border-block-end-style",
            "border-block-end-color",
        ],
    },
    Shorthand {
        name: "border-block-start",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-block-start-width",
            "border-block-start-style",
            "border-block-start-color",
        ],
    },
    Shorthand {
        name: "border-bottom",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-bottom-width",
            "border-bottom-style",
            "border-bottom-color",
        ],
    },
    Shorthand {
        name: "border-inline-end",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-inline-end-width",
            "border-inline-end-style",
            "border-inline-end-color",
        ],
    },
    Shorthand {
        name: "border-inline-start",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-inline-start-width",
            "border-inline-start-style",
            "border-inline-start-color",
        ],
    },
    Shorthand {
        name: "border-left",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-left-width",
            "border-left-style",
            "border-left-color",
        ],
    },
    Shorthand {
        name: "border-right",
        kind: Kind::AnyOrder,
        longhands: &[
            "border-right-width",
            "border-right-style",
            "border-right-color",
        ],
    },
    Shorthand {
        name: "border-top",
        kind: Kind::AnyOrder,
        longhands: &["border-top-width", "border-top-style", "border-top-color"],
    },
    Shorthand {
        name: "column-rule",
        kind: Kind::AnyOrder,
        longhands: &[
            "column-rule-width",
            "column-rule-style",
            "column-rule-color",
        ],
    },
    Shorthand {
        name: "flex",
        kind: Kind::Flex,
        longhands: &["flex-grow", "flex-shrink", "flex-basis"],
    },
    Shorthand {
        name: "list-style",
        kind: Kind::ListStyle,
        longhands: &["list-style-position", "list-style-image", "list-style-type"],
    },
    Shorthand {
        name: "outline",
        kind: Kind::AnyOrder,
        longhands: &["outline-color", "outline-style", "outline-width"],
    },
    Shorthand {
        name: "background-position",
        kind: Kind::Position,
        longhands: &["background-position-x", "background-position-y"],
    },
    Shorthand {
        name: "border-block-color",
        kind: Kind::Pair,
        longhands: &["border-block-start-color", "border-block-end-color"],
    },
    Shorthand {
        name: "border-block-style",
        kind: Kind::Pair,
        longhands: &["border-block-start-style", "border-block-end-style"],
    },
    Shorthand {
        name: "border-block-width",
        kind: Kind::Pair,
        longhands: &["border-block-start-width", "border-block-end-width"],
    },
    Shorthand {
        name: "border-inline-color",
        kind: Kind::Pair,
        longhands: &["border-inline-start-color", "border-inline-end-color"],
    },
    Shorthand {
        name: "border-inline-style",
        kind: Kind::Pair,
        longhands: &["border-inline-start-style", "border-inline-end-style"],
    },
    Shorthand {
        name: "border-inline-width",
        kind: Kind::Pair,
        longhands: &["border-inline-start-width", "border-inline-end-width"],
    },
    Shorthand {
        name: "columns",
        kind: Kind::AnyOrder,
        longhands: &["column-width", "column-count"],
    },
    Shorthand {
        name: "flex-flow",
        kind: Kind::AnyOrder,
        longhands: &["flex-direction", "flex-wrap"],
    },
    Shorthand {
        name: "gap",
        kind: Kind::Pair,
        longhands: &["row-gap", "column-gap"],
    },
    Shorthand {
        name: "grid-column",
        kind: Kind::Slash,
        longhands: &["grid-column-start", "grid-column-end"],
    },
    Shorthand {
        name: "grid-gap",
        kind: Kind::Pair,
        longhands: &["row-gap", "column-gap"],
    },
    Shorthand {
        name: "grid-row",
        kind: Kind::Slash,
        longhands: &["grid-row-start", "grid-row-end"],
    },
    Shorthand {
        name: "inset-block",
        kind: Kind::Pair,
        longhands: &["inset-block-start", "inset-block-end"],
    },
    Shorthand {
        name: "inset-inline",
        kind: Kind::Pair,
        longhands: &["inset-inline-start", "inset-inline-end"],
    },
    Shorthand {
        name: "margin-block",
        kind: Kind::Pair,
        longhands: &["margin-block-start", "margin-block-end"],
    },
    Shorthand {
        name: "margin-inline",
        kind: Kind::Pair,
        longhands: &["margin-inline-start", "margin-inline-end"],
    },
    Shorthand {
        name: "overflow",
        kind: Kind::Pair,
        longhands: &["overflow-x", "overflow-y"],
    },
    Shorthand {
        name: "overscroll-behavior",
        kind: Kind::Pair,
        longhands: &["overscroll-behavior-x", "overscroll-behavior-y"],
    },
    Shorthand {
        name: "padding-block",
        kind: Kind::Pair,
        longhands: &["padding-block-start", "padding-block-end"],
    },
    Shorthand {
        name: "padding-inline",
        kind: Kind::Pair,
        longhands: &["padding-inline-start", "padding-inline-end"],
    },
    Shorthand {
        name: "place-content",
        kind: Kind::Pair,
        longhands: &["align-content", "justify-content"],
    },
    Shorthand {
        name: "place-items",
        kind: Kind::Pair,
        longhands: &["align-items", "justify-items"],
    },
    Shorthand {
        name: "place-self",
        kind: Kind::Pair,
        longhands: &["align-self", "justify-self"],
    },
    Shorthand {
        name: "scroll-margin-block",
        kind: Kind::Pair,
        longhands: &["scroll-margin-block-start", "scroll-margin-block-end"],
    },
    Shorthand {
        name: "scroll-margin-inline",
        kind: Kind::Pair,
        longhands: &["scroll-margin-inline-start", "scroll-margin-inline-end"],
    },
    Shorthand {
        name: "scroll-padding-block",
        kind: Kind::Pair,
        longhands: &["scroll-padding-block-start", "scroll-padding-block-end"],
    },
    Shorthand {
        name: "scroll-padding-inline",
        kind: Kind::Pair,
        longhands: &["scroll-padding-inline-start", "scroll-padding-inline-end"],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_shorthands_name_longhands() {
        assert!(LONGHANDS.is_sorted_by(|a, b| a.0 < b.0));
        for shorthand in &SHORTHANDS {
            assert!(longhand(shorthand.name).is_none(), "{}", shorthand.name);
            for name in shorthand.longhands {
                assert!(longhand(name).is_some(), "{name}");
            }
        }
    }
}
