//! Content codings: gzip, deflate, br, zstd, undone while streaming.
