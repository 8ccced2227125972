//! `<link rel=stylesheet>` and `@import`: fetching style sheets, and the scripts that wait for them.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet>, as of 2026-01.

use std::collections::{HashMap, HashSet};

use encoding_rs::{Encoding, UTF_8};
use readystate_dom::css::{CssId, Media, MediaList, WantedImport};
use readystate_dom::parsing::encoding::decode;
use readystate_dom::{DocumentMode, NodeHandle, NodeId};
use readystate_js::host::{SourceLocation, WindowId};
use readystate_js::with_tree;
use readystate_xhr::fetch::{Destination, FetchEvent, InitiatorType, Referrer, ResponseKind};
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
    entries: HashMap<SheetKey, PendingSheet>,
    /// The elements of whose imports one has failed.
    failed: HashSet<NodeHandle>,
    /// Style elements without imports that are to be told of their `load`, once each.
    to_tell: HashSet<NodeHandle>,
}

/// The element whose sheet it is, and the rule that imports it there.
pub(crate) type SheetKey = (NodeHandle, Option<CssId>);

impl PendingSheets {
    /// Whether none delays the load event.
    pub(crate) fn all_done(&self) -> bool {
        self.entries.is_empty() && self.to_tell.is_empty()
    }

    /// An element is being told of its `load`.
    pub(crate) fn told(&mut self, element: NodeHandle) {
        self.to_tell.remove(&element);
    }

    /// What is under way of an element's sheet.
    fn of(&self, element: NodeHandle) -> impl Iterator<Item = SheetKey> {
        self.entries
            .keys()
            .copied()
            .filter(move |(of, _)| *of == element)
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
            state.sheets.entries.insert((handle, None), sheet);
        });
        let owner = FetchOwner::StyleSheet {
            window,
            element: handle,
            import: None,
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

    /// Requests for a sheet that is not wanted any more, and for its imports, are given up.
    fn forget_sheet(&self, window: WindowId, element: NodeHandle) {
        let pending = self.with_document(window, |state| {
            state.sheets.failed.remove(&element);
            state.sheets.of(element).collect()
        });
        let pending: Vec<SheetKey> = pending.unwrap_or_default();
        self.give_up(window, &pending);
    }

    fn give_up(&self, window: WindowId, pending: &[SheetKey]) {
        for &(element, import) in pending {
            self.with_document(window, |state| {
                state.sheets.entries.remove(&(element, import))
            });
            self.network.abort_owner(FetchOwner::StyleSheet {
                window,
                element,
                import,
            });
        }
        if !pending.is_empty() {
            self.queue(TaskSource::Networking, Task::Parse { window });
        }
    }

    /// A style element came or went, or has other text: it may import something.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/semantics.html#update-a-style-block>
    pub(crate) fn style_changed(&self, element: NodeId, by_parser: bool) {
        let handle = with_tree(|tree| tree.handle(element));
        let document = with_tree(|tree| tree.node_document(element));
        let window = document.and_then(|document| self.window_of(document));
        let (Some(handle), Some(window)) = (handle, window) else {
            return;
        };
        // What another text imported is not wanted any more.
        let pending = self.with_document(window, |state| state.sheets.of(handle).collect());
        let mut pending: Vec<SheetKey> = pending.unwrap_or_default();
        if !pending.is_empty() {
            with_tree(|tree| {
                tree.style_sheet_of(element);
                pending.retain(|(_, rule)| rule.is_none_or(|rule| !tree.is_import_known(rule)));
            });
            self.give_up(window, &pending);
        }
        let blocks_scripts = by_parser && self.matches_media(element, window);
        if self.start_imports(window, handle, blocks_scripts) {
            self.end_if_done(window, handle);
        } else if self.is_style_sheet(element) && !with_tree(|tree| tree.may_import(element)) {
            // 6. load, in a task; several changes before it have one.
            let is_news = self.with_document(window, |state| state.sheets.to_tell.insert(handle));
            if is_news == Some(true) {
                self.sheet_ended(window, handle, true);
            }
        }
    }

    /// Steps 3 and 4 of updating a style block: whether a style element has a sheet.
    fn is_style_sheet(&self, element: NodeId) -> bool {
        with_tree(|tree| tree.is_connected(element))
            && self
                .attribute(element, "type")
                .is_none_or(|name| name.is_empty() || name.eq_ignore_ascii_case("text/css"))
    }

    /// Fetches what an element's sheet imports and nobody has asked for. Whether there was anything.
    ///
    /// Standard: <https://drafts.csswg.org/css-cascade-5/#fetch-an-import>
    fn start_imports(&self, window: WindowId, handle: NodeHandle, blocks_scripts: bool) -> bool {
        let element = with_tree(|tree| {
            let element = tree.resolve(handle)?;
            let may_import = tree.is_connected(element) && tree.may_import(element);
            Some((element, tree.node_document(element)?)).filter(|_| may_import)
        });
        let Some((element, document)) = element else {
            return false;
        };
        let wanted = with_tree(|tree| tree.take_wanted_imports(element));
        let is_any = !wanted.is_empty();
        for import in wanted {
            // 2. Relative to the sheet.
            let WantedImport {
                rule,
                href,
                addresses,
            } = import;
            let base = addresses
                .first()
                .and_then(|address| Url::parse(address).ok());
            let base = base.unwrap_or_else(|| self.base_url(document));
            let Ok(url) = base.join(&href) else {
                self.with_document(window, |state| state.sheets.failed.insert(handle));
                continue;
            };
            // One that imports itself is there already.
            if addresses.iter().any(|address| *address == *url.as_str()) {
                continue;
            }
            let sheet = PendingSheet {
                address: url.clone(),
                encoding: self.document_encoding(document).unwrap_or(UTF_8),
                bytes: Vec::new(),
                is_origin_clean: true,
                blocks_scripts,
            };
            self.with_document(window, |state| {
                state.sheets.entries.insert((handle, Some(rule)), sheet);
            });
            let owner = FetchOwner::StyleSheet {
                window,
                element: handle,
                import: Some(rule),
            };
            let mut request = self.potential_cors_request(
                window,
                element,
                url,
                Destination::Style,
                InitiatorType::Other,
            );
            request.integrity_metadata = String::new();
            if let Some(address) = addresses
                .first()
                .and_then(|address| Url::parse(address).ok())
            {
                request.referrer = Referrer::Url(address);
            }
            self.network.start(owner, request);
        }
        is_any
    }

    /// `load` or `error`, once nothing that an element's sheet imports is under way; nothing for one that imports nothing.
    fn end_if_done(&self, window: WindowId, element: NodeHandle) {
        let is_pending =
            self.with_document(window, |state| state.sheets.of(element).next().is_some());
        let has_sheet = with_tree(|tree| {
            let node = tree.resolve(element)?;
            Some(tree.is_connected(node) && tree.may_import(node))
        });
        if is_pending == Some(false) && has_sheet == Some(true) {
            let has_failed =
                self.with_document(window, |state| state.sheets.failed.remove(&element));
            self.sheet_ended(window, element, has_failed != Some(true));
        }
    }

    /// An event of a style sheet's fetch.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/links.html#link-type-stylesheet>, process this type of linked resource
    pub(crate) fn on_sheet_event(&self, window: WindowId, key: SheetKey, event: FetchEvent) {
        let (element, import) = key;
        let failure = match event {
            FetchEvent::Response(response) => {
                let failure = self.refuse_sheet(window, &response);
                if failure.is_none() {
                    self.with_document(window, |state| {
                        let sheet = state.sheets.entries.get_mut(&key)?;
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
                    let sheet = state.sheets.entries.get_mut(&key)?;
                    sheet.bytes.extend_from_slice(&bytes);
                    Some(())
                });
                None
            }
            FetchEvent::EndOfBody => {
                let sheet = self.with_document(window, |state| state.sheets.entries.remove(&key));
                if let Some(sheet) = sheet.flatten() {
                    let blocks_scripts = sheet.blocks_scripts;
                    if self.apply_sheet(key, sheet) {
                        self.start_imports(window, element, blocks_scripts);
                        self.end_if_done(window, element);
                    } else {
                        self.sheet_ended(window, element, true);
                    }
                }
                None
            }
            FetchEvent::BodyError(error) => Some(error.to_string()),
            _ => None,
        };
        let Some(failure) = failure else { return };
        let sheet = self.with_document(window, |state| state.sheets.entries.remove(&key));
        if let Some(sheet) = sheet.flatten() {
            self.network.abort_owner(FetchOwner::StyleSheet {
                window,
                element,
                import,
            });
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
            if import.is_some() {
                self.with_document(window, |state| state.sheets.failed.insert(element));
                self.end_if_done(window, element);
            } else {
                self.sheet_ended(window, element, false);
            }
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

    /// Steps 5 to 6: the sheet takes effect. Whether there may be imports.
    fn apply_sheet(&self, (element, import): SheetKey, sheet: PendingSheet) -> bool {
        let text = decode(&sheet.bytes, sheet.encoding).into_owned();
        with_tree(|tree| {
            let address = sheet.address.to_string();
            let Some(element) = tree.resolve(element) else {
                return false;
            };
            match import {
                Some(rule) => {
                    tree.set_imported_style_sheet(rule, &text, address, sheet.is_origin_clean);
                }
                None => tree.set_link_style_sheet(element, text, address, sheet.is_origin_clean),
            }
            tree.may_import(element)
        })
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
