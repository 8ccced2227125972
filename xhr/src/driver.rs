//! A thread pool for [`fetch`](crate::fetch).
