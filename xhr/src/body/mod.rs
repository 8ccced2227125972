//! Bodies that script makes: [`Blob`], [`FormData`], [`UrlSearchParams`], and what becomes of them in a request.

mod blob;
mod extract;
mod form_data;
mod multipart;
mod url_search_params;

pub use blob::{Blob, BlobPart, Endings};
pub use extract::{BodyInit, BodyWithType, extract};
pub use form_data::{File, FormData, FormDataEntry, FormDataEntryValue};
pub use multipart::encode_multipart_form_data;
pub use url_search_params::UrlSearchParams;
