//! The transport: one request, one response, no Fetch.
