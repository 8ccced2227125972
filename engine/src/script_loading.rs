//! Script elements: which run, when, and from where.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model>, as of 2026-01.

use std::collections::{HashMap, VecDeque};

use encoding_rs::{Encoding, UTF_8};
use readystate_dom::parsing::encoding::decode;
use readystate_dom::{NodeHandle, NodeId, ScriptFlags, Tree};
use readystate_js::host::{
    ClassicScript, HostStep, ModuleId, ScriptFetchOptions, SourceLocation, WindowId,
};
use readystate_js::with_tree;
use readystate_xhr::encoding_parse_url;
use readystate_xhr::fetch::{
    CredentialsMode, Destination, FetchEvent, InitiatorType, Mode, Referrer, ReferrerPolicy,
    Request, ResponseKind,
};
use readystate_xhr::mime::{MimeType, extract_mime_type};

use crate::base_url::{about_blank, document_base_url};
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

    /// A module's graph is there, or as `None` will not be.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#mark-as-ready>
    pub(crate) fn mark_as_ready(&mut self, element: NodeHandle, ready: Option<ReadyScript>) {
        if let Some(script) = self.entries.get_mut(&element) {
            script.result = ready.map_or(ScriptResult::Failed, ScriptResult::Ready);
        }
    }

    fn is_ready(&self, element: NodeHandle) -> bool {
        self.entries
            .get(&element)
            .is_none_or(|script| !matches!(script.result, ScriptResult::Fetching))
    }
}

/// An external script or a module between its fetch and its execution.
struct PendingScript {
    /// The preparation-time document.
    document: NodeId,
    url: String,
    encoding: &'static Encoding,
    bytes: Vec<u8>,
    options: ScriptFetchOptions,
    /// Whether the page may know nothing of its errors.
    muted_errors: bool,
    is_external: bool,
    /// Where an inline script starts.
    line: u32,
    /// What an inline script's imports start from.
    base_url: Option<url::Url>,
    result: ScriptResult,
}

impl PendingScript {
    fn new(document: NodeId, url: String, encoding: &'static Encoding) -> Self {
        Self {
            document,
            url,
            encoding,
            bytes: Vec::new(),
            options: ScriptFetchOptions::default(),
            muted_errors: false,
            is_external: true,
            line: 1,
            base_url: None,
            result: ScriptResult::Fetching,
        }
    }
}

enum ScriptResult {
    Fetching,
    Ready(ReadyScript),
    Failed,
}

/// What a script element runs.
pub(crate) enum ReadyScript {
    /// The source text of a classic script.
    Classic(String),
    /// A module, and that module of its graph which cannot be parsed.
    Module(ModuleId, Option<ModuleId>),
}

/// What preparing a script element leads to at once.
pub(crate) enum Prepared {
    /// Nothing: it runs later, or never.
    Nothing,
    /// This script is to be run.
    Run(ClassicScript),
    /// This step is to be taken.
    Step(HostStep),
}

/// A script whose turn has come.
pub(crate) enum DueScript {
    /// Run it, then fire `load` at its element.
    Run(NodeHandle, ClassicScript),
    /// Run this one of the document, which a style sheet has held up.
    RunInline(ClassicScript),
    /// Run this module (or rethrow the error of that one), then fire `load` at its element if it is external.
    RunModule {
        element: NodeHandle,
        module: ModuleId,
        broken: Option<ModuleId>,
        is_external: bool,
    },
    /// Its source could not be had: fire `error`.
    Fail(NodeHandle),
    /// Its element moved to another document meanwhile: nothing happens.
    Skip,
}

/// What decides the list that a script waits in.
#[derive(Clone, Copy)]
struct ListKind {
    flags: ScriptFlags,
    is_async: bool,
    is_module: bool,
    defer: bool,
}

/// The type of a script element.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScriptType {
    Classic,
    Module,
    ImportMap,
}

impl WindowHost {
    /// Prepares a script element; an inline script is handed back to be run at once. `parser_of` is the window whose parser asks.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element>
    pub(crate) fn prepare_script(
        &self,
        element: NodeId,
        line: u32,
        parser_of: Option<WindowId>,
    ) -> Prepared {
        self.prepare(element, line, parser_of)
            .unwrap_or(Prepared::Nothing)
    }

    fn prepare(&self, element: NodeId, line: u32, parser_of: Option<WindowId>) -> Option<Prepared> {
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
        let src = self.script_address(element);
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
        // 16. The preparation-time document is the node document. 18. Scripting is disabled without a window.
        let window = self.window_of(document)?;
        // 17. Moved to another document before its parser has come to its end: never.
        if parser_of.is_some_and(|parser_of| parser_of != window) {
            return None;
        }
        if self.with_document(window, |state| state.scripting()) != Some(true) {
            return None;
        }
        // 19. For those without modules.
        if script_type == ScriptType::Classic && self.has_attribute(element, "nomodule") {
            return None;
        }
        // 20. Content Security Policy: FIXME.
        // 21. Old "event" and "for".
        if script_type == ScriptType::Classic && !self.event_and_for_allow(element) {
            return None;
        }
        // 22. Character encoding.
        let encoding = self
            .attribute(element, "charset")
            .and_then(|label| Encoding::for_label(label.as_bytes()))
            .or_else(|| self.document_encoding(document))
            .unwrap_or(UTF_8);
        // 23. – 32. NOTE: there is no Content Security Policy to want a nonce, and no queue for a priority.
        let handle = with_tree(|tree| tree.handle(element))?;
        let kind = ListKind {
            flags,
            is_async,
            is_module: script_type == ScriptType::Module,
            defer: self.has_attribute(element, "defer"),
        };
        if let Some(src) = src {
            // 33. External.
            let url = self.encoding_parse(document, &src);
            let url = url.filter(|_| !src.is_empty() && script_type != ScriptType::ImportMap);
            let Some(url) = url else {
                // 33.1, 33.3, 33.6 An import map, no address, or none that parses: error.
                self.queue(
                    TaskSource::DomManipulation,
                    Task::FireAtElement {
                        window,
                        element: handle,
                        name: "error",
                    },
                );
                return None;
            };
            let script = PendingScript::new(document, url.to_string(), encoding);
            self.enter_list(window, handle, script, kind);
            // 33.11 Fetch it.
            if kind.is_module {
                self.fetch_module_script(window, element, handle, url);
            } else {
                self.fetch_script(window, element, handle, url);
            }
            return None;
        }
        // 34. – 37. Inline.
        match script_type {
            // 36. A style sheet has to come first.
            ScriptType::Classic if parser_inserted && self.sheets_block(window) => {
                let script = PendingScript {
                    is_external: false,
                    line,
                    base_url: Some(self.base_url(document)),
                    options: self.module_options(element),
                    result: ScriptResult::Ready(ReadyScript::Classic(source)),
                    ..PendingScript::new(document, self.document_url(window), UTF_8)
                };
                let kind = ListKind {
                    is_async: false,
                    defer: false,
                    ..kind
                };
                self.enter_list(window, handle, script, kind);
                None
            }
            // 37. At once.
            ScriptType::Classic => Some(Prepared::Run(ClassicScript {
                line,
                element: Some(element),
                base_url: Some(self.base_url(document)),
                options: self.module_options(element),
                ..ClassicScript::new(source, self.document_url(window))
            })),
            ScriptType::Module => {
                let url = self.document_url(window);
                let script = PendingScript {
                    is_external: false,
                    ..PendingScript::new(document, url, UTF_8)
                };
                self.enter_list(window, handle, script, kind);
                self.inline_module_script(window, element, handle, source, line)
                    .map(Prepared::Step)
            }
            ScriptType::ImportMap => self
                .register_import_map(window, document, &source, line)
                .map(Prepared::Step),
        }
    }

    /// The address of an external script: "src", and "href" in SVG.
    fn script_address(&self, element: NodeId) -> Option<String> {
        with_tree(|tree| {
            let address = if &**tree.namespace(element) == "http://www.w3.org/2000/svg" {
                let xlink = Some("http://www.w3.org/1999/xlink");
                tree.attribute(element, "href")
                    .or_else(|| tree.attribute_ns(element, xlink, "href"))
            } else {
                tree.attribute(element, "src")
            };
            address.map(str::to_owned)
        })
    }

    /// Step 35 of preparing: enters the element into the list it waits in.
    fn enter_list(
        &self,
        window: WindowId,
        handle: NodeHandle,
        script: PendingScript,
        kind: ListKind,
    ) {
        self.with_document(window, |state| {
            let scripts = &mut state.scripts;
            scripts.entries.insert(handle, script);
            if kind.is_async || kind.flags.force_async {
                scripts.as_soon_as_possible.push(handle);
            } else if !kind.flags.parser_inserted {
                scripts.in_order.push_back(handle);
            } else if kind.defer || kind.is_module {
                scripts.deferred.push_back(handle);
            } else {
                scripts.parsing_blocking = Some(handle);
            }
        });
    }

    /// Fetches the source of a classic script.
    fn fetch_script(&self, window: WindowId, element: NodeId, handle: NodeHandle, url: url::Url) {
        let request = self.potential_cors_request(
            window,
            element,
            url,
            Destination::Script,
            InitiatorType::Script,
        );
        let options = self.module_options(element);
        self.with_document(window, |state| {
            if let Some(script) = state.scripts.entries.get_mut(&handle) {
                script.options = options;
            }
        });
        self.network.start(
            FetchOwner::ScriptElement {
                window,
                element: handle,
            },
            request,
        );
    }

    /// Script fetch options of an element: how a module, and what a script of either type imports, is fetched.
    pub(crate) fn module_options(&self, element: NodeId) -> ScriptFetchOptions {
        let credentials_mode = match self.attribute(element, "crossorigin") {
            Some(value) if value.eq_ignore_ascii_case("use-credentials") => {
                CredentialsMode::Include
            }
            _ => CredentialsMode::SameOrigin,
        };
        ScriptFetchOptions {
            credentials_mode,
            referrer_policy: self.referrer_policy_of(element),
        }
    }

    pub(crate) fn referrer_policy_of(&self, element: NodeId) -> ReferrerPolicy {
        self.attribute(element, "referrerpolicy")
            .and_then(|name| ReferrerPolicy::parse(&name))
            .unwrap_or_else(|| {
                with_tree(|tree| tree.node_document(element))
                    .and_then(|document| self.window_of(document))
                    .map_or_else(ReferrerPolicy::default, |window| {
                        self.referrer_policy(window)
                    })
            })
    }

    /// The request of "fetch a classic script".
    ///
    /// A request that an element's `crossorigin`, `integrity` and `referrerpolicy` shape.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#create-a-potential-cors-request>
    pub(crate) fn potential_cors_request(
        &self,
        window: WindowId,
        element: NodeId,
        url: url::Url,
        destination: Destination,
        initiator_type: InitiatorType,
    ) -> Request {
        let mut request = self.new_request(window, url);
        request.destination = destination;
        request.initiator_type = Some(initiator_type);
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
        request.referrer_policy = self.referrer_policy_of(element);
        request.integrity_metadata = self.attribute(element, "integrity").unwrap_or_default();
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
                FetchEvent::Response(response) => {
                    // 5. What is looked at is the response behind an opaque one.
                    let seen = response.unsafe_response();
                    match response.error() {
                        Some(error) => Some(error.to_string()),
                        // 5.1 No success: no script.
                        None if !matches!(seen.status, 200..=299) => {
                            Some(format!("status {}", seen.status))
                        }
                        None => {
                            // 5.3 The charset parameter of a JavaScript type overrides.
                            if let Some(encoding) = extract_mime_type(&seen.header_list)
                                .as_ref()
                                .and_then(charset_of)
                            {
                                script.encoding = encoding;
                            }
                            // 5.6 Muted errors; and its base URL is where it comes from in the end.
                            script.muted_errors = response.kind == ResponseKind::Opaque;
                            if let Some(url) = seen.url() {
                                script.url = url.to_string();
                            }
                            None
                        }
                    }
                }
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
                    self.note_source_map(&script.url, &text);
                    script.result = ScriptResult::Ready(ReadyScript::Classic(text));
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

    /// Whether a style sheet of the document holds up its scripts.
    fn sheets_block(&self, window: WindowId) -> bool {
        self.with_document(window, |state| state.sheets.blocks_scripts()) == Some(true)
    }

    /// The parser's blocking script, if it is ready. `None` also while there is none.
    pub(crate) fn take_parsing_blocking(&self, window: WindowId) -> Option<DueScript> {
        if self.sheets_block(window) {
            return None;
        }
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
        if self.sheets_block(window) {
            return None;
        }
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
            ScriptResult::Ready(ReadyScript::Module(module, broken)) => DueScript::RunModule {
                element,
                module,
                broken,
                is_external: script.is_external,
            },
            ScriptResult::Ready(ReadyScript::Classic(source)) if !script.is_external => {
                DueScript::RunInline(ClassicScript {
                    line: script.line,
                    element: Some(node),
                    base_url: script.base_url,
                    options: script.options,
                    ..ClassicScript::new(source, script.url)
                })
            }
            ScriptResult::Ready(ReadyScript::Classic(source)) => DueScript::Run(
                element,
                ClassicScript {
                    element: Some(node),
                    // Muted errors: nothing is relative to its address.
                    base_url: if script.muted_errors {
                        Some(about_blank())
                    } else {
                        url::Url::parse(&script.url).ok()
                    },
                    options: script.options,
                    muted_errors: script.muted_errors,
                    ..ClassicScript::new(source, script.url)
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

    pub(crate) fn attribute(&self, element: NodeId, name: &str) -> Option<String> {
        with_tree(|tree| tree.attribute(element, name).map(str::to_owned))
    }

    fn has_attribute(&self, element: NodeId, name: &str) -> bool {
        with_tree(|tree| tree.attribute(element, name).is_some())
    }

    pub(crate) fn document_encoding(&self, document: NodeId) -> Option<&'static Encoding> {
        with_tree(|tree| Encoding::for_label(tree.encoding(document)?.as_bytes()))
    }

    /// Parses a URL as the document writes it, `None` if it does not parse.
    pub(crate) fn encoding_parse(&self, document: NodeId, url: &str) -> Option<url::Url> {
        let base = self.base_url(document);
        let encoding = self.document_encoding(document).unwrap_or(UTF_8);
        encoding_parse_url(url, encoding, Some(&base))
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
