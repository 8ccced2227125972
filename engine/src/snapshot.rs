//! The start-up snapshot, if one was built in.

/// The snapshot that `build.rs` made, or `None` in builds without the feature `snapshot`: then the glue is evaluated.
pub(crate) const fn snapshot() -> Option<&'static [u8]> {
    #[cfg(feature = "snapshot")]
    return Some(include_bytes!(concat!(env!("OUT_DIR"), "/glue.snapshot")));
    #[cfg(not(feature = "snapshot"))]
    None
}
