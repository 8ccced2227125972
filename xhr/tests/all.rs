//! The integration tests of `readystate-xhr`, one binary.

mod cookies_jar;
mod fetch_cache;
mod fetch_cors;
mod fetch_credentials;
mod fetch_fixture;
mod fetch_interception;
mod fetch_observer;
mod fetch_random_bytes;
mod fetch_redirect;
mod fetch_response;
mod fetch_upload;
mod hostile;
mod random_formats;
mod transport_loopback;
mod transport_tls;
mod web_socket;
mod xhr_abort;
mod xhr_driver;
mod xhr_events;
mod xhr_matrix;
mod xhr_over_fetch;
mod xhr_request;
mod xhr_response;
mod xhr_timeout;
