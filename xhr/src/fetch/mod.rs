//! The Fetch standard: The one blocking function and the data it takes and gives.
//!
//! Written from the Fetch standard, <https://fetch.spec.whatwg.org/>, in its text of June 2026.

mod controller;
mod event;
mod request;
mod response;

pub use controller::{AttachGuard, FetchController, Interrupt};
pub use event::FetchEvent;
pub use request::{
    Body, CacheMode, CredentialsMode, Destination, InitiatorType, Mode, RedirectMode, Referrer,
    ReferrerPolicy, Request, ResponseTainting,
};
pub use response::{CorsError, Response, ResponseKind};
