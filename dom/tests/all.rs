//! The one integration binary of the crate; each module covers one concept.
