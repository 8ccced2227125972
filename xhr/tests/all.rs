//! The integration tests of `readystate-xhr`, one binary.

mod xhr_abort;
mod xhr_driver;
mod xhr_events;
mod xhr_request;
mod xhr_response;
mod xhr_timeout;
