//! How script spells the enumerations of requests.
//!
//! Standard: <https://fetch.spec.whatwg.org/#request-class>

use crate::fetch::{CacheMode, CredentialsMode, Mode, RedirectMode, ReferrerPolicy};

macro_rules! names {
    ($($type:ident { $($variant:ident = $name:literal),* $(,)? } $(+ { $($own:ident = $own_name:literal),* })?)*) => {$(
        impl $type {
            /// The value as script spells it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    $($(Self::$own => $own_name),*)?
                }
            }

            /// The value that script spells so; `None` if there is no such value.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    )*};
}

names! {
    Mode {
        SameOrigin = "same-origin",
        Cors = "cors",
        NoCors = "no-cors",
        Navigate = "navigate",
    } + { WebSocket = "websocket" }
    CredentialsMode {
        Omit = "omit",
        SameOrigin = "same-origin",
        Include = "include",
    }
    RedirectMode {
        Follow = "follow",
        Error = "error",
        Manual = "manual",
    }
    CacheMode {
        Default = "default",
        NoStore = "no-store",
        Reload = "reload",
        NoCache = "no-cache",
        ForceCache = "force-cache",
        OnlyIfCached = "only-if-cached",
    }
    ReferrerPolicy {
        NoReferrer = "no-referrer",
        NoReferrerWhenDowngrade = "no-referrer-when-downgrade",
        SameOrigin = "same-origin",
        Origin = "origin",
        StrictOrigin = "strict-origin",
        OriginWhenCrossOrigin = "origin-when-cross-origin",
        StrictOriginWhenCrossOrigin = "strict-origin-when-cross-origin",
        UnsafeUrl = "unsafe-url",
    }
}
