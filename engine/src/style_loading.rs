//! `<link rel=stylesheet>`: fetching style sheets, and the scripts that wait for them.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet>, as of 2026-01.

use std::collections::HashMap;

use encoding_rs::{Encoding, UTF_8};
use readystate_dom::css::{Media, MediaList};
use readystate_dom::parsing::encoding::decode;
use readystate_dom::{DocumentMode, NodeHandle, NodeId};
use readystate_js::host::{SourceLocation, WindowId};
use readystate_js::with_tree;
use readystate_xhr::fetch::{Destination, FetchEvent, InitiatorType, ResponseKind};
use readystate_xhr::mime::extract_mime_type;
use url::Url;

use crate::event_loop::Task;
use crate::frames::FRAME_VIEWPORT;
use crate::network::FetchOwner;
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

/// The style sheets that a document waits for.
#[derive(Default)]
pub(crate) struct PendingSheets {
    entries: HashMap<NodeHandle, PendingSheet>,
}

impl PendingSheets {
    /// Whether none delays the load event.
    pub(crate) fn all_done(&self) -> bool {
        self.entries.is_empty()
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/semantics.html#has-a-style-sheet-that-is-blocking-scripts>
    pub(crate) fn blocks_scripts(&self) -> bool {
        self.entries.values().any(|sheet| sheet.blocks_scripts)
    }
}

/// A style sheet between its request and its end.
struct PendingSheet {
    address: Url,
    encoding: &'static Encoding,
    bytes: Vec<u8>,
    is_origin_clean: bool,
    blocks_scripts: bool,
}

impl WindowHost {
    /// A link became a style sheet's, or another one's, or none's.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet>
    pub(crate) fn link_changed(&self, element: NodeId, by_parser: bool) {
        let handle = with_tree(|tree| tree.handle(element));
        let document = with_tree(|tree| tree.node_document(element));
        let window = document.and_then(|document| self.window_of(document));
        let (Some(handle), Some(document), Some(window)) = (handle, document, window) else {
            return;
        };
        self.forget_sheet(window, handle);
        with_tree(|tree| tree.remove_link_style_sheet(element));
        if !self.is_sheet_link(element) {
            return;
        }
        // <https://html.spec.whatwg.org/multipage/semantics.html#default-fetch-and-process-the-linked-resource>
        let href = self.attribute(element, "href").unwrap_or_default();
        if href.is_empty() {
            return;
        }
        let Ok(url) = self.base_url(document).join(&href) else {
            self.sheet_ended(window, handle, false);
            return;
        };
        let encoding = self
            .attribute(element, "charset")
            .and_then(|label| Encoding::for_label(label.as_bytes()))
            .or_else(|| self.document_encoding(document))
            .unwrap_or(UTF_8);
        let sheet = PendingSheet {
            address: url.clone(),
            encoding,
            bytes: Vec::new(),
            is_origin_clean: true,
            blocks_scripts: by_parser && self.matches_media(element, window),
        };
        self.with_document(window, |state| {
            state.sheets.entries.insert(handle, sheet);
        });
        let owner = FetchOwner::StyleSheet {
            window,
            element: handle,
        };
        let request = self.potential_cors_request(
            window,
            element,
            url,
            Destination::Style,
            InitiatorType::Other,
        );
        self.network.start(owner, request);
    }

    /// Whether a link asks for a style sheet that is in use. FIXME alternative ones, which nobody can choose, are not fetched.
    fn is_sheet_link(&self, element: NodeId) -> bool {
        let rel = self.attribute(element, "rel").unwrap_or_default();
        let has = |name: &str| {
            rel.split_ascii_whitespace()
                .any(|token| token.eq_ignore_ascii_case(name))
        };
        let kind = self.attribute(element, "type").unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        with_tree(|tree| tree.is_connected(element))
            && has("stylesheet")
            && !has("alternate")
            && (essence.is_empty() || essence.eq_ignore_ascii_case("text/css"))
            && self.attribute(element, "disabled").is_none()
    }

    fn matches_media(&self, element: NodeId, window: WindowId) -> bool {
        let media = self.attribute(element, "media").unwrap_or_default();
        let is_frame = self.navigables.borrow().of_window(window).is_some();
        let viewport = if is_frame {
            let (width, height) = FRAME_VIEWPORT;
            Media { width, height }
        } else {
            Media::default()
        };
        MediaList::parse(&media).matches(viewport)
    }

    /// A request for a sheet that is not wanted any more is given up.
    fn forget_sheet(&self, window: WindowId, element: NodeHandle) {
        let was_pending = self.with_document(window, |state| {
            state.sheets.entries.remove(&element).is_some()
        });
        if was_pending == Some(true) {
            self.network
                .abort_owner(FetchOwner::StyleSheet { window, element });
            self.queue(TaskSource::Networking, Task::Parse { window });
        }
    }

    /// An event of a style sheet's fetch.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet>, process this type of linked resource
    pub(crate) fn on_sheet_event(&self, window: WindowId, element: NodeHandle, event: FetchEvent) {
        let failure = match event {
            FetchEvent::Response(response) => {
                let failure = self.refuse_sheet(window, &response);
                if failure.is_none() {
                    self.with_document(window, |state| {
                        let sheet = state.sheets.entries.get_mut(&element)?;
                        sheet.is_origin_clean = response.kind != ResponseKind::Opaque;
                        let seen = response.unsafe_response();
                        if let Some(url) = seen.url() {
                            sheet.address = url.clone();
                        }
                        let mime_type = extract_mime_type(&seen.header_list)?;
                        let label = mime_type.parameter("charset")?;
                        sheet.encoding = Encoding::for_label(label.as_bytes())?;
                        Some(())
                    });
                }
                failure
            }
            FetchEvent::BodyChunk(bytes) => {
                self.with_document(window, |state| {
                    let sheet = state.sheets.entries.get_mut(&element)?;
                    sheet.bytes.extend_from_slice(&bytes);
                    Some(())
                });
                None
            }
            FetchEvent::EndOfBody => {
                let sheet =
                    self.with_document(window, |state| state.sheets.entries.remove(&element));
                if let Some(sheet) = sheet.flatten() {
                    self.apply_sheet(element, sheet);
                    self.sheet_ended(window, element, true);
                }
                None
            }
            FetchEvent::BodyError(error) => Some(error.to_string()),
            _ => None,
        };
        let Some(failure) = failure else { return };
        let sheet = self.with_document(window, |state| state.sheets.entries.remove(&element));
        if let Some(sheet) = sheet.flatten() {
            self.network
                .abort_owner(FetchOwner::StyleSheet { window, element });
            self.events.warn(
                format!(
                    "the style sheet {} was not loaded: {failure}",
                    sheet.address
                ),
                SourceLocation {
                    url: self.document_url(window),
                    ..SourceLocation::default()
                },
            );
            self.sheet_ended(window, element, false);
        }
    }

    /// Steps 1 to 3: why a response gives no style sheet.
    fn refuse_sheet(
        &self,
        window: WindowId,
        response: &readystate_xhr::fetch::Response,
    ) -> Option<String> {
        if let Some(error) = response.error() {
            return Some(error.to_string());
        }
        let seen = response.unsafe_response();
        if !matches!(seen.status, 200..=299) {
            return Some(format!("status {}", seen.status));
        }
        let mime_type = extract_mime_type(&seen.header_list);
        let essence = mime_type.as_ref().map(|mime_type| mime_type.essence());
        // 1. – 2. Old pages may name another type, at home.
        let is_quirky = self
            .with_document(window, |state| state.document)
            .is_some_and(|document| {
                with_tree(|tree| tree.mode(document)) == Some(DocumentMode::Quirks)
            });
        let is_forgiven = is_quirky && response.kind == ResponseKind::Basic;
        match essence {
            None | Some("text/css") => None,
            Some(_) if is_forgiven => None,
            Some(essence) => Some(format!("its type is {essence}, not text/css")),
        }
    }

    /// Steps 5 to 6: the sheet takes effect.
    fn apply_sheet(&self, element: NodeHandle, sheet: PendingSheet) {
        let text = decode(&sheet.bytes, sheet.encoding).into_owned();
        with_tree(|tree| {
            if let Some(link) = tree.resolve(element) {
                let address = sheet.address.to_string();
                tree.set_link_style_sheet(link, text, address, sheet.is_origin_clean);
            }
        });
    }

    /// Steps 4 and 7: `load` or `error`; whoever waited goes on.
    fn sheet_ended(&self, window: WindowId, element: NodeHandle, is_loaded: bool) {
        self.queue(
            TaskSource::DomManipulation,
            Task::FireAtElement {
                window,
                element,
                name: if is_loaded { "load" } else { "error" },
            },
        );
        self.queue(TaskSource::DomManipulation, Task::Parse { window });
    }
}
