//! Bodies that script makes: [`Blob`], [`FormData`], [`UrlSearchParams`], and what becomes of them in a request.

mod blob;
mod blob_urls;
mod extract;
mod form_data;
mod form_encoding;
mod multipart;
mod url_search_params;

pub use blob::{Blob, BlobPart, Endings};
pub use blob_urls::BlobUrls;
pub use extract::{BodyInit, BodyWithType, extract};
pub use form_data::{File, FormData, FormDataEntry, FormDataEntryValue};
pub use form_encoding::{
    FormEncodingType, encode_form_data, encode_form_query, pick_form_encoding,
};
pub use multipart::encode_multipart_form_data;
pub use url_search_params::UrlSearchParams;
