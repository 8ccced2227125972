//! Script elements: which run, when, and from where.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model>, as of 2026-01.

use std::collections::{HashMap, VecDeque};

use encoding_rs::{Encoding, UTF_8};
use readystate_dom::parsing::encoding::decode;
use readystate_dom::{NodeHandle, NodeId, ScriptFlags, Tree};
use readystate_js::host::{ClassicScript, SourceLocation, WindowId};
use readystate_js::with_tree;
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, Referrer, Request,
};
use readystate_xhr::mime::{MimeType, extract_mime_type};

use crate::base_url::document_base_url;
use crate::event_loop::Task;
use crate::network::FetchOwner;
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

/// The scripts a document waits for.
#[derive(Default)]
pub(crate) struct PendingScripts {
    entries: HashMap<NodeHandle, PendingScript>,
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#pending-parsing-blocking-script>
    parsing_blocking: Option<NodeHandle>,
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-when-the-document-has-finished-parsing>
    deferred: VecDeque<NodeHandle>,
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#list-of-scripts-that-will-execute-in-order-as-soon-as-possible>
    in_order: VecDeque<NodeHandle>,
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#set-of-scripts-that-will-execute-as-soon-as-possible>
    as_soon_as_possible: Vec<NodeHandle>,
}

impl PendingScripts {
    pub(crate) fn blocks_parser(&self) -> bool {
        self.parsing_blocking.is_some()
    }

    /// Whether no deferred script is left.
    pub(crate) fn deferred_done(&self) -> bool {
        self.deferred.is_empty()
    }

    /// Whether no script delays the load event.
    pub(crate) fn all_done(&self) -> bool {
        self.parsing_blocking.is_none()
            && self.deferred.is_empty()
            && self.in_order.is_empty()
            && self.as_soon_as_possible.is_empty()
    }

    fn is_ready(&self, element: NodeHandle) -> bool {
        self.entries
            .get(&element)
            .is_none_or(|script| !matches!(script.result, ScriptResult::Fetching))
    }
}

/// An external script between its fetch and its execution.
struct PendingScript {
    /// The preparation-time document.
    document: NodeId,
    url: String,
    encoding: &'static Encoding,
    bytes: Vec<u8>,
    result: ScriptResult,
}

enum ScriptResult {
    Fetching,
    Ready(String),
    Failed,
}

/// A script whose turn has come.
pub(crate) enum DueScript {
    /// Run it, then fire `load` at its element.
    Run(NodeHandle, ClassicScript),
    /// Its source could not be had: fire `error`.
    Fail(NodeHandle),
    /// Its element moved to another document meanwhile: nothing happens.
    Skip,
}

/// Whether scripts run that only wait for the document to be parsed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptType {
    Classic,
    Module,
    ImportMap,
}

impl WindowHost {
    /// Prepares a script element; an inline script is handed back to be run at once.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element>
    pub(crate) fn prepare_script(&self, element: NodeId, line: u32) -> Option<ClassicScript> {
        let document = with_tree(|tree| tree.node_document(element))?;
        // 1. Once only.
        let flags = with_tree(|tree| tree.script_flags(element));
        if flags.already_started {
            return None;
        }
        // 2. and 3. Whether the parser inserted it; forgotten until step 14.
        let parser_inserted = flags.parser_inserted;
        let is_async = self.has_attribute(element, "async");
        let mut flags = ScriptFlags {
            parser_inserted: false,
            // 4. A parser-inserted one without "async" may be run by script later, asynchronously.
            force_async: flags.force_async || (parser_inserted && !is_async),
            ..flags
        };
        with_tree(|tree| tree.set_script_flags(element, flags));
        // 5. Source text.
        let source = with_tree(|tree| {
            tree.child_text_content(element)
                .to_string_lossy()
                .into_owned()
        });
        let src = self.attribute(element, "src");
        // 6. Nothing to run.
        if src.is_none() && source.is_empty() {
            return None;
        }
        // 7. Not connected.
        if !with_tree(|tree| tree.is_connected(element)) {
            return None;
        }
        // 8. – 13. The type.
        let script_type = self.script_type(element)?;
        // 14. – 15.
        if parser_inserted {
            flags.parser_inserted = true;
            flags.force_async = false;
        }
        flags.already_started = true;
        with_tree(|tree| tree.set_script_flags(element, flags));
        // 16. – 17. The preparation-time document is the node document; FIXME 17. a parser's element that moved to
        // another document is not told apart.
        // 18. Scripting is disabled without a window.
        let window = self.window_of(document)?;
        if self.with_document(window, |state| state.scripting) != Some(true) {
            return None;
        }
        // 19. FIXME "nomodule" is not looked at: while module scripts are missing, their classic fallback is what runs.
        // 20. Content Security Policy: FIXME.
        // 21. Old "event" and "for".
        if script_type == ScriptType::Classic && !self.event_and_for_allow(element) {
            return None;
        }
        if script_type == ScriptType::Module {
            self.refuse_module(window, element, src.as_deref(), line);
            return None;
        }
        if script_type == ScriptType::ImportMap {
            // 31.2 An import map is used by modules only.
            return None;
        }
        // 22. Character encoding.
        let encoding = self
            .attribute(element, "charset")
            .and_then(|label| Encoding::for_label(label.as_bytes()))
            .or_else(|| self.document_encoding(document))
            .unwrap_or(UTF_8);
        // 23. – 30. FIXME nonce, integrity, fetch priority.
        let Some(src) = src else {
            // 32. and 35. Inline and classic: at once. NOTE: no style sheet ever blocks it.
            return Some(ClassicScript {
                source,
                url: self.document_url(window),
                line,
                element: Some(element),
            });
        };
        // 31. External.
        self.fetch_script(window, document, element, &src, encoding, flags, is_async);
        None
    }

    /// Step 31 and 33 of preparing: starts the fetch and enters the element into the right list.
    #[allow(
        clippy::too_many_arguments,
        reason = "the parts of one algorithm, used here only"
    )]
    fn fetch_script(
        &self,
        window: WindowId,
        document: NodeId,
        element: NodeId,
        src: &str,
        encoding: &'static Encoding,
        flags: ScriptFlags,
        is_async: bool,
    ) {
        let Some(handle) = with_tree(|tree| tree.handle(element)) else {
            return;
        };
        // 31.3 – 31.6 No address, or none that parses: error.
        let base = self.base_url(document);
        let url = match base.join(src) {
            Ok(url) if !src.is_empty() => url,
            _ => {
                self.queue(
                    TaskSource::DomManipulation,
                    Task::FireAtElement {
                        window,
                        element: handle,
                        name: "error",
                    },
                );
                return;
            }
        };
        // 31.11 Fetch a classic script.
        let request = self.script_request(window, element, url.clone());
        let defer = self.has_attribute(element, "defer");
        let list = {
            let mut documents = self.documents.borrow_mut();
            let Some(state) = documents.get_mut(&window) else {
                return;
            };
            let scripts = &mut state.scripts;
            scripts.entries.insert(
                handle,
                PendingScript {
                    document,
                    url: url.into(),
                    encoding,
                    bytes: Vec::new(),
                    result: ScriptResult::Fetching,
                },
            );
            // 33. The list it waits in.
            if is_async || flags.force_async {
                scripts.as_soon_as_possible.push(handle);
            } else if !flags.parser_inserted {
                scripts.in_order.push_back(handle);
            } else if defer {
                scripts.deferred.push_back(handle);
            } else {
                scripts.parsing_blocking = Some(handle);
            }
            FetchOwner::ScriptElement {
                window,
                element: handle,
            }
        };
        self.network.start(list, request);
    }

    /// The request of "fetch a classic script".
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-classic-script>
    fn script_request(&self, window: WindowId, element: NodeId, url: url::Url) -> Request {
        // 1. A potential-CORS request for a script.
        let mut request = Request::new(url, self.origin_of(window));
        request.destination = Destination::Script;
        request.initiator_type = Some(InitiatorType::Script);
        request.use_url_credentials = true;
        match self.attribute(element, "crossorigin") {
            None => {
                request.mode = Mode::NoCors;
                request.credentials_mode = CredentialsMode::Include;
            }
            Some(value) => {
                request.mode = Mode::Cors;
                request.credentials_mode = if value.eq_ignore_ascii_case("use-credentials") {
                    CredentialsMode::Include
                } else {
                    CredentialsMode::SameOrigin
                };
            }
        }
        if let Some(referrer) = self.referrer_url(window) {
            request.referrer = Referrer::Url(referrer);
        }
        request
    }

    /// An event of a script element's fetch. Returns whether the script is ready now (or never will be).
    pub(crate) fn on_script_fetch_event(
        &self,
        window: WindowId,
        element: NodeHandle,
        event: FetchEvent,
    ) -> bool {
        let failure = {
            let mut documents = self.documents.borrow_mut();
            let Some(script) = documents
                .get_mut(&window)
                .and_then(|state| state.scripts.entries.get_mut(&element))
            else {
                return false;
            };
            match event {
                FetchEvent::Response(response) => match response.error() {
                    Some(error) => Some(error.to_string()),
                    // 5.1 No success: no script.
                    None if !matches!(response.status, 200..=299)
                        && !response_is_opaque(&response) =>
                    {
                        Some(format!("status {}", response.status))
                    }
                    None => {
                        // 5.3 The charset parameter of a JavaScript type overrides.
                        if let Some(encoding) = extract_mime_type(&response.header_list)
                            .as_ref()
                            .and_then(charset_of)
                        {
                            script.encoding = encoding;
                        }
                        None
                    }
                },
                FetchEvent::BodyChunk(bytes) => {
                    if matches!(script.result, ScriptResult::Fetching) {
                        script.bytes.extend_from_slice(&bytes);
                    }
                    return false;
                }
                FetchEvent::EndOfBody => {
                    if !matches!(script.result, ScriptResult::Fetching) {
                        return false;
                    }
                    // 5.4 Decode.
                    let bytes = std::mem::take(&mut script.bytes);
                    let text = decode(&bytes, script.encoding).into_owned();
                    script.result = ScriptResult::Ready(text);
                    return true;
                }
                FetchEvent::BodyError(error) => Some(error.to_string()),
                _ => return false,
            }
            .map(|reason| {
                script.result = ScriptResult::Failed;
                (reason, script.url.clone())
            })
        };
        let Some((reason, url)) = failure else {
            return false;
        };
        self.events.warn(
            format!("script {url} was not loaded: {reason}"),
            SourceLocation {
                url: self.document_url(window),
                ..SourceLocation::default()
            },
        );
        true
    }

    /// The parser's blocking script, if it is ready. `None` also while there is none.
    pub(crate) fn take_parsing_blocking(&self, window: WindowId) -> Option<DueScript> {
        self.take_due(window, |scripts| {
            let element = scripts.parsing_blocking?;
            scripts.is_ready(element).then(|| {
                scripts.parsing_blocking = None;
                element
            })
        })
    }

    /// The next script that runs as soon as possible, in order or not, if one is ready.
    pub(crate) fn take_as_soon_as_possible(&self, window: WindowId) -> Option<DueScript> {
        self.take_due(window, |scripts| {
            if let Some(&element) = scripts.in_order.front()
                && scripts.is_ready(element)
            {
                return scripts.in_order.pop_front();
            }
            let index = scripts
                .as_soon_as_possible
                .iter()
                .position(|element| scripts.is_ready(*element))?;
            Some(scripts.as_soon_as_possible.remove(index))
        })
    }

    /// The next deferred script, if it is ready.
    pub(crate) fn take_deferred(&self, window: WindowId) -> Option<DueScript> {
        self.take_due(window, |scripts| {
            let element = *scripts.deferred.front()?;
            scripts.is_ready(element).then(|| {
                scripts.deferred.pop_front();
                element
            })
        })
    }

    /// Steps 1 to 4 of executing a script element.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#execute-the-script-element>
    fn take_due(
        &self,
        window: WindowId,
        choose: impl FnOnce(&mut PendingScripts) -> Option<NodeHandle>,
    ) -> Option<DueScript> {
        let (element, script) = {
            let mut documents = self.documents.borrow_mut();
            let scripts = &mut documents.get_mut(&window)?.scripts;
            let element = choose(scripts)?;
            (element, scripts.entries.remove(&element))
        };
        let Some(script) = script else {
            return Some(DueScript::Skip);
        };
        // 1. – 2. Moved to another document, or gone: nothing.
        let Some(node) = with_tree(|tree| {
            let node = tree.resolve(element)?;
            (tree.node_document(node) == Some(script.document)).then_some(node)
        }) else {
            return Some(DueScript::Skip);
        };
        Some(match script.result {
            ScriptResult::Ready(source) => DueScript::Run(
                element,
                ClassicScript {
                    source,
                    url: script.url,
                    line: 1,
                    element: Some(node),
                },
            ),
            // 4. No result: error.
            _ => DueScript::Fail(element),
        })
    }

    /// Steps 8 to 13 of preparing: the script's type, `None` for a data block.
    fn script_type(&self, element: NodeId) -> Option<ScriptType> {
        // 8. From "type", else from "language".
        let type_attribute = self.attribute(element, "type");
        let language = self.attribute(element, "language");
        let type_string = match (type_attribute.as_deref(), language.as_deref()) {
            (Some(""), _) | (None, None | Some("")) => "text/javascript".to_owned(),
            (Some(value), _) => value
                .trim_matches(|c: char| c.is_ascii_whitespace())
                .to_owned(),
            (None, Some(language)) => format!("text/{language}"),
        };
        // 9. – 13.
        if is_javascript_essence(&type_string) {
            Some(ScriptType::Classic)
        } else if type_string.eq_ignore_ascii_case("module") {
            Some(ScriptType::Module)
        } else if type_string.eq_ignore_ascii_case("importmap") {
            Some(ScriptType::ImportMap)
        } else {
            None
        }
    }

    /// Step 21 of preparing.
    fn event_and_for_allow(&self, element: NodeId) -> bool {
        let (Some(event), Some(for_)) = (
            self.attribute(element, "event"),
            self.attribute(element, "for"),
        ) else {
            return true;
        };
        let strip = |text: String| {
            text.trim_matches(|c: char| c.is_ascii_whitespace())
                .to_ascii_lowercase()
        };
        strip(for_) == "window" && matches!(strip(event).as_str(), "onload" | "onload()")
    }

    /// FIXME module scripts. Not silently: the page's console names it and the element gets `error`.
    fn refuse_module(&self, window: WindowId, element: NodeId, src: Option<&str>, line: u32) {
        let what = src.map_or_else(|| "an inline one".to_owned(), str::to_owned);
        self.events.warn(
            format!("module scripts are not supported yet: {what} was not run"),
            SourceLocation {
                url: self.document_url(window),
                line,
                column: 0,
            },
        );
        if let Some(element) = with_tree(|tree| tree.handle(element)) {
            self.queue(
                TaskSource::DomManipulation,
                Task::FireAtElement {
                    window,
                    element,
                    name: "error",
                },
            );
        }
    }

    pub(crate) fn attribute(&self, element: NodeId, name: &str) -> Option<String> {
        with_tree(|tree| tree.attribute(element, name).map(str::to_owned))
    }

    fn has_attribute(&self, element: NodeId, name: &str) -> bool {
        with_tree(|tree| tree.attribute(element, name).is_some())
    }

    fn document_encoding(&self, document: NodeId) -> Option<&'static Encoding> {
        with_tree(|tree| Encoding::for_label(tree.encoding(document)?.as_bytes()))
    }

    /// The document base URL.
    pub(crate) fn base_url(&self, document: NodeId) -> url::Url {
        let fallback = self.window_of(document).and_then(|window| {
            self.with_document(window, |state| {
                state.base_url.clone().unwrap_or_else(|| state.url.clone())
            })
        });
        with_tree(|tree: &mut Tree| document_base_url(tree, document, fallback.as_ref()))
    }
}

/// Whether `type_string` is the essence of a JavaScript MIME type, nothing around it.
///
/// Standard: <https://mimesniff.spec.whatwg.org/#javascript-mime-type-essence-match>
fn is_javascript_essence(type_string: &str) -> bool {
    MimeType::parse(type_string).is_some_and(|mime_type| {
        mime_type.is_javascript() && mime_type.essence().eq_ignore_ascii_case(type_string)
    })
}

fn charset_of(mime_type: &MimeType) -> Option<&'static Encoding> {
    if !mime_type.is_javascript() {
        return None;
    }
    Encoding::for_label(mime_type.parameter("charset")?.as_bytes())
}

fn response_is_opaque(response: &readystate_xhr::fetch::Response) -> bool {
    matches!(response.kind, readystate_xhr::fetch::ResponseKind::Opaque)
}
