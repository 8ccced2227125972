//! Fetching one module.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-single-module-script>

use encoding_rs::UTF_8;
use readystate_js::host::{
    HostStep, ModuleRequest, ModuleSource, ModuleType, ScriptFetchOptions, SourceLocation, WindowId,
};
use readystate_xhr::fetch::{
    Destination, FetchEvent, InitiatorType, Mode, Referrer, parse_referrer_policy,
};
use readystate_xhr::mime::{MimeType, extract_mime_type};
use url::Url;

use super::graph::Wanted;
use crate::network::FetchOwner;
use crate::window_host::WindowHost;

/// A module whose response is on its way.
pub(super) struct ModuleFetch {
    request: ModuleRequest,
    options: ScriptFetchOptions,
    /// The response's URL.
    base_url: Url,
    bytes: Vec<u8>,
}

impl WindowHost {
    /// Steps 5 to 12: starts the request.
    pub(super) fn fetch_module(&self, window: WindowId, wanted: Wanted) {
        let url = wanted.request.url.clone();
        let mut request = self.new_request(window, url.clone());
        request.mode = Mode::Cors;
        request.credentials_mode = wanted.options.credentials_mode;
        request.referrer_policy = wanted.options.referrer_policy;
        request.integrity_metadata = wanted.integrity;
        request.use_url_credentials = true;
        request.initiator_type = Some(InitiatorType::Script);
        request.destination = match wanted.request.module_type {
            ModuleType::JavaScript => Destination::Script,
            ModuleType::Json => Destination::Json,
            ModuleType::Css => Destination::Style,
        };
        let referrer = match wanted.referrer {
            Some(referrer) if matches!(referrer.scheme(), "http" | "https") => Some(referrer),
            _ => self.referrer_url(window),
        };
        if let Some(referrer) = referrer {
            request.referrer = Referrer::Url(referrer);
        }
        let fetch = self.with_document(window, |state| {
            let id = state.modules.allot();
            let fetch = ModuleFetch {
                request: wanted.request,
                options: wanted.options,
                base_url: url,
                bytes: Vec::new(),
            };
            state.modules.fetches.insert(id, fetch);
            id
        });
        if let Some(fetch) = fetch {
            self.network
                .start(FetchOwner::Module { window, fetch }, request);
        }
    }

    /// Step 13: an event of a module's fetch. The step that makes the module, if its source is there now.
    pub(crate) fn on_module_event(
        &self,
        window: WindowId,
        fetch: u32,
        event: FetchEvent,
    ) -> Option<HostStep> {
        let failure = match event {
            FetchEvent::Response(response) => {
                let module_type = self.with_document(window, |state| {
                    Some(state.modules.fetches.get(&fetch)?.request.module_type)
                });
                match refusal(&response, module_type.flatten()?) {
                    Some(reason) => reason,
                    None => {
                        self.with_document(window, |state| {
                            let fetch = state.modules.fetches.get_mut(&fetch)?;
                            // 13.5 A policy of its own for what it imports.
                            if let Some(policy) = parse_referrer_policy(&response.header_list) {
                                fetch.options.referrer_policy = policy;
                            }
                            if let Some(url) = response.url() {
                                fetch.base_url = url.clone();
                            }
                            Some(())
                        });
                        return None;
                    }
                }
            }
            FetchEvent::BodyChunk(bytes) => {
                self.with_document(window, |state| {
                    let fetch = state.modules.fetches.get_mut(&fetch)?;
                    fetch.bytes.extend_from_slice(&bytes);
                    Some(())
                });
                return None;
            }
            FetchEvent::EndOfBody => return self.module_arrived(window, fetch),
            FetchEvent::BodyError(error) => error.to_string(),
            _ => return None,
        };
        let fetch = self.with_document(window, |state| state.modules.fetches.remove(&fetch));
        if let Some(fetch) = fetch.flatten() {
            self.events.warn(
                format!("module {} was not loaded: {failure}", fetch.request.url),
                SourceLocation {
                    url: self.document_url(window),
                    ..SourceLocation::default()
                },
            );
            self.module_failed(window, &fetch.request);
        }
        None
    }

    /// Steps 13.2 to 13.8: the source text.
    fn module_arrived(&self, window: WindowId, fetch: u32) -> Option<HostStep> {
        let fetch = self
            .with_document(window, |state| state.modules.fetches.remove(&fetch))
            .flatten()?;
        let (text, _) = UTF_8.decode_with_bom_removal(&fetch.bytes);
        self.note_source_map(fetch.base_url.as_str(), &text);
        let source = ModuleSource {
            module_type: fetch.request.module_type,
            text: text.into_owned(),
            url: fetch.base_url.to_string(),
            line: 1,
            base_url: fetch.base_url,
            options: fetch.options,
        };
        Some(self.compile_step(window, source, Some(fetch.request), None))
    }
}

/// Why a response gives no module.
fn refusal(response: &readystate_xhr::fetch::Response, module_type: ModuleType) -> Option<String> {
    // 13.1 A network error, or no success.
    if let Some(error) = response.error() {
        return Some(error.to_string());
    }
    if !matches!(response.status, 200..=299) {
        return Some(format!("status {}", response.status));
    }
    // 13.3, 13.6 – 13.8 The type must be right.
    let mime_type = extract_mime_type(&response.header_list);
    let is_right = mime_type
        .as_ref()
        .is_some_and(|mime_type| match module_type {
            ModuleType::JavaScript => mime_type.is_javascript(),
            ModuleType::Json => mime_type.is_json(),
            ModuleType::Css => mime_type.essence() == "text/css",
        });
    if is_right {
        return None;
    }
    let has = mime_type.map_or_else(
        || "none".to_owned(),
        |mime_type: MimeType| mime_type.essence().to_owned(),
    );
    let wants = match module_type {
        ModuleType::JavaScript => "JavaScript",
        ModuleType::Json => "JSON",
        ModuleType::Css => "CSS",
    };
    Some(format!("its type is {has}, not {wants}"))
}
