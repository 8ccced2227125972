//! What a sandbox takes away from a document.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/browsers.html#sandboxing>

/// A sandboxing flag set. Empty by default: nothing is taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sandbox(u32);

impl Sandbox {
    /// Everything is taken away.
    pub const ALL: Self = Self(0xff);
    /// Navigating other navigables than its own descendants and the top one.
    pub const NAVIGATION: Self = Self(1);
    /// Opening windows.
    pub const POPUPS: Self = Self(1 << 1);
    /// Navigating the top navigable.
    pub const TOP_NAVIGATION: Self = Self(1 << 2);
    /// The origin: it has an opaque one of its own.
    pub const ORIGIN: Self = Self(1 << 3);
    /// Sending forms.
    pub const FORMS: Self = Self(1 << 4);
    /// Running script.
    pub const SCRIPTS: Self = Self(1 << 5);
    /// Dialogs.
    pub const MODALS: Self = Self(1 << 6);
    /// What it opens is sandboxed as well.
    pub const PROPAGATES: Self = Self(1 << 7);

    /// The flags of a `sandbox` attribute.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/browsers.html#parse-a-sandboxing-directive>
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let taken = |keyword: &str, flag: Self| {
            let is_allowed = value
                .split_ascii_whitespace()
                .any(|token| token.eq_ignore_ascii_case(keyword));
            if is_allowed { Self(0) } else { flag }
        };
        Self::NAVIGATION
            .and(taken("allow-popups", Self::POPUPS))
            .and(taken("allow-top-navigation", Self::TOP_NAVIGATION))
            .and(taken("allow-same-origin", Self::ORIGIN))
            .and(taken("allow-forms", Self::FORMS))
            .and(taken("allow-scripts", Self::SCRIPTS))
            .and(taken("allow-modals", Self::MODALS))
            .and(taken("allow-popups-to-escape-sandbox", Self::PROPAGATES))
    }

    /// What both take away.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any of `flags` is taken away.
    #[must_use]
    pub const fn takes(self, flags: Self) -> bool {
        self.0 & flags.0 != 0
    }

    /// The flags as bits, in the order of the constants.
    pub(crate) const fn bits(self) -> u32 {
        self.0
    }
}
