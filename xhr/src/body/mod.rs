//! Request bodies: extraction, FormData, Blob, multipart.
