//! The integration tests of `readystate-xhr`, one binary.
