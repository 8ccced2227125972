//! The reason phrase of a status line, which HTTP libraries drop and `statusText` needs.
