//! Answering from an archive.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use readystate_xhr::NetworkError;
use readystate_xhr::Url;
use readystate_xhr::fetch::Body;
use readystate_xhr::http::HeaderList;
use readystate_xhr::interception::{FabricatedResponse, InterceptedRequest, Interception};
use serde::Deserialize;

/// An archive to answer from.
///
/// A request is answered by an entry with its method, its URL and its body. Several such entries answer one request after
/// the other, in their order; the last stays. A request without an entry fails.
pub(crate) struct HarReplay {
    entries: HashMap<(String, String), Mutex<Vec<Answers>>>,
}

/// The answers to requests with one method, URL and body.
struct Answers {
    body: Vec<u8>,
    given: usize,
    answers: Vec<Result<FabricatedResponse, String>>,
}

impl HarReplay {
    /// Reads an archive.
    ///
    /// # Errors
    /// What is wrong with it, with the number of the entry if it is one.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        let archive: Archive = serde_json::from_slice(bytes)
            .map_err(|error| format!("it is not an HTTP archive: {error}"))?;
        let mut entries = HashMap::<_, Mutex<Vec<Answers>>>::new();
        for (at, entry) in archive.log.entries.into_iter().enumerate() {
            let in_entry = |error: String| format!("entry {at}: {error}");
            let url = key_url(&entry.request.url).map_err(in_entry)?;
            let key = (entry.request.method.clone(), url);
            let body = entry.request.body().map_err(in_entry)?;
            let answer = entry.answer(path).map_err(in_entry)?;
            let same_url = entries.entry(key).or_default().get_mut();
            let same_url = same_url.unwrap_or_else(PoisonError::into_inner);
            match same_url.iter_mut().find(|other| other.body == body) {
                Some(same) => same.answers.push(answer),
                None => same_url.push(Answers {
                    body,
                    given: 0,
                    answers: vec![answer],
                }),
            }
        }
        Ok(Self { entries })
    }

    /// The recorded answer, or a failure that names the request.
    pub(crate) fn answer(&self, request: &InterceptedRequest<'_>) -> Interception {
        let method = request.info.method.as_str();
        let url = request.info.url;
        let fail = |detail: String| Interception::Fail(NetworkError::Intercepted(detail));
        let missing = |why: &str| fail(format!("{method} {url} is not in the recording{why}"));
        let key = (method.to_owned(), url.as_str().to_owned());
        let Some(same_url) = self.entries.get(&key) else {
            return missing("");
        };
        let content_type = request.headers.get_first("content-type");
        let bytes = request.body.map(Body::bytes).unwrap_or_default();
        let body = comparable_body(bytes, content_type.unwrap_or_default());
        let mut same_url = same_url.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(same) = same_url.iter_mut().find(|answers| answers.body == body) else {
            return missing(" with this body");
        };
        let answer = same.answers.get(same.given).or(same.answers.last());
        let answer = answer.cloned();
        same.given += 1;
        match answer {
            Some(Ok(mut response)) => {
                // What the recorder's cache had is not in ours.
                let is_conditional = request.headers.contains("if-none-match")
                    || request.headers.contains("if-modified-since");
                if response.status == 304 && !is_conditional && !response.body.is_empty() {
                    response.status = 200;
                    response.reason = b"OK".to_vec();
                }
                Interception::Respond(Box::new(response))
            }
            Some(Err(error)) => fail(format!(
                "{method} {url} failed when it was recorded: {error}"
            )),
            None => missing(""),
        }
    }
}

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    request: Request,
    response: Response,
    #[serde(rename = "_error")]
    error: Option<String>,
}

#[derive(Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(rename = "postData")]
    post_data: Option<PostData>,
}

#[derive(Deserialize)]
struct PostData {
    #[serde(rename = "mimeType", default)]
    mime_type: String,
    text: Option<String>,
    #[serde(rename = "_encoding", alias = "encoding")]
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct Response {
    status: i64,
    #[serde(rename = "statusText", default)]
    status_text: String,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
}

#[derive(Default, Deserialize)]
struct Content {
    text: Option<String>,
    encoding: Option<String>,
    #[serde(rename = "_file")]
    file: Option<String>,
}

impl Request {
    fn body(&self) -> Result<Vec<u8>, String> {
        let Some(data) = &self.post_data else {
            return Ok(Vec::new());
        };
        let bytes = match &data.text {
            Some(text) => decoded(text, data.encoding.as_deref())?,
            None => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for pair in &data.params {
                    form.append_pair(&pair.name, &pair.value);
                }
                form.finish().into_bytes()
            }
        };
        Ok(comparable_body(&bytes, data.mime_type.as_bytes()))
    }
}

impl Entry {
    /// The answer, or the error that was recorded.
    fn answer(self, archive: &Path) -> Result<Result<FabricatedResponse, String>, String> {
        let Ok(status @ 200..=999) = u16::try_from(self.response.status) else {
            return Ok(Err(self.error.unwrap_or_else(|| "no response".to_owned())));
        };
        let content = &self.response.content;
        let body = match (&content.text, &content.file) {
            (Some(text), _) => decoded(text, content.encoding.as_deref())?,
            (None, Some(file)) => sibling(archive, file)?,
            (None, None) => Vec::new(),
        };
        let mut headers = HeaderList::new();
        for pair in self.response.headers {
            // The body is there decoded and whole; names with a colon are HTTP/2's.
            let is_framing = ["content-encoding", "content-length", "transfer-encoding"]
                .iter()
                .any(|name| pair.name.eq_ignore_ascii_case(name));
            if !is_framing && !pair.name.starts_with(':') {
                // Several values of one name are written with line breaks between them by some.
                for value in pair.value.split('\n') {
                    headers.append(&pair.name, value.trim());
                }
            }
        }
        Ok(Ok(FabricatedResponse {
            status,
            reason: self.response.status_text.into_bytes(),
            headers,
            body,
        }))
    }
}

fn decoded(text: &str, encoding: Option<&str>) -> Result<Vec<u8>, String> {
    if encoding != Some("base64") {
        return Ok(text.as_bytes().to_vec());
    }
    BASE64_STANDARD
        .decode(text)
        .map_err(|error| format!("the body is not base64: {error}"))
}

/// A body that the archive keeps in a file beside it.
fn sibling(archive: &Path, file: &str) -> Result<Vec<u8>, String> {
    let is_name = !file.is_empty() && !file.contains(['/', '\\']) && !file.starts_with("..");
    if !is_name {
        return Err(format!(
            "its body is in {file:?}, which is not a file beside the archive"
        ));
    }
    let path = archive.with_file_name(file);
    std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
}

/// A URL as requests have it: parsed, and without its fragment.
fn key_url(url: &str) -> Result<String, String> {
    let mut url = Url::parse(url).map_err(|error| format!("{url:?}: {error}"))?;
    url.set_fragment(None);
    Ok(url.into())
}

/// A body as it is compared: each time a form is sent as multipart it has another boundary.
fn comparable_body(body: &[u8], content_type: &[u8]) -> Vec<u8> {
    let content_type = String::from_utf8_lossy(content_type);
    let boundary = content_type
        .split(';')
        .skip(1)
        .find_map(|parameter| parameter.trim().strip_prefix("boundary="))
        .map(|boundary| boundary.trim_matches('"'));
    match boundary {
        Some(boundary) if !boundary.is_empty() => replace(body, boundary.as_bytes(), b"boundary"),
        _ => body.to_vec(),
    }
}

fn replace(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        if let Some(tail) = rest.strip_prefix(from) {
            result.extend_from_slice(to);
            rest = tail;
        } else {
            result.push(first);
            rest = after;
        }
    }
    result
}
