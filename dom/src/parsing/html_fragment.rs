//! HTML fragment parsing.
