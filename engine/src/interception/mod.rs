//! Routes: functions of the embedder that see every request of a page before it is sent, and may answer, change, hold or
//! fail it. The names are Playwright's.
//!
//! Asked in this order: the patterns of [`BrowserOptions::block`](crate::BrowserOptions::block), the page's routes (the latest
//! first), the browser's routes (the latest first), the recording that is replayed. The first that decides is obeyed.

mod hook;
mod pattern;
mod route;
mod route_list;

pub(crate) use hook::{OwnServer, PageHook};
pub(crate) use pattern::Glob;
pub use pattern::{InvalidPattern, RoutePattern};
pub use route::{AbortReason, Changes, Fulfillment, Route, RouteRequest};
pub use route_list::RouteId;
pub(crate) use route_list::RouteList;
