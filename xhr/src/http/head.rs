//! The head of an HTTP/1.1 message, as bytes.
