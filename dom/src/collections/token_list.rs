//! Token lists.
