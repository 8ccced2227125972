//! What is special about `<script type=module>` and `<script type=importmap>`.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element>

use readystate_dom::{NodeHandle, NodeId};
use readystate_js::host::{
    ErrorClass, HostStep, ModuleRequest, ModuleSource, ModuleType, SourceLocation, WindowId,
};
use readystate_js::with_tree;
use url::Url;

use super::graph::{LoadClient, LoadResult, Wanted};
use super::import_map::{ImportMap, ImportMapError};
use crate::event_loop::Task;
use crate::script_loading::ReadyScript;
use crate::task_source::TaskSource;
use crate::window_host::WindowHost;

impl WindowHost {
    /// Step 33 of preparing, for a module with an address: its graph is fetched.
    pub(crate) fn fetch_module_script(
        &self,
        window: WindowId,
        element: NodeId,
        handle: NodeHandle,
        url: Url,
    ) {
        self.load_module_of(element, window, url, LoadClient::Script(handle));
    }

    /// Step 34 of preparing, for a module in the document.
    pub(crate) fn inline_module_script(
        &self,
        window: WindowId,
        element: NodeId,
        handle: NodeHandle,
        text: String,
        line: u32,
    ) -> Option<HostStep> {
        let document = with_tree(|tree| tree.node_document(element))?;
        let source = ModuleSource {
            module_type: ModuleType::JavaScript,
            text,
            url: self.document_url(window),
            line,
            base_url: self.base_url(document),
            options: self.module_options(element),
        };
        self.load_inline_module(window, source, handle)
    }

    /// The graph of a script element is there, or will not be.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/scripting.html#mark-as-ready>
    pub(super) fn module_script_ready(
        &self,
        window: WindowId,
        element: NodeHandle,
        result: LoadResult,
    ) {
        let ready = match result {
            LoadResult::Loaded(module) => Some(ReadyScript::Module(module, None)),
            LoadResult::Broken(root, broken) => Some(ReadyScript::Module(root, Some(broken))),
            LoadResult::Failed => None,
        };
        self.with_document(window, |state| state.scripts.mark_as_ready(element, ready));
        self.queue(TaskSource::Networking, Task::Parse { window });
    }

    /// Step 34 of preparing, for an import map: it is registered at once. The step reports its error.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#register-an-import-map>
    pub(crate) fn register_import_map(
        &self,
        window: WindowId,
        document: NodeId,
        text: &str,
        line: u32,
    ) -> Option<HostStep> {
        let base = self.base_url(document);
        match ImportMap::parse(text, &base) {
            Ok((map, warnings)) => {
                for warning in warnings {
                    self.events.warn(
                        warning,
                        SourceLocation {
                            url: self.document_url(window),
                            line,
                            column: 0,
                        },
                    );
                }
                self.with_document(window, |state| {
                    let modules = &mut state.modules;
                    modules.import_map.merge(map, &modules.resolved);
                });
                None
            }
            Err(error) => Some(HostStep::ReportError {
                window,
                class: match error {
                    ImportMapError::Syntax(_) => ErrorClass::Syntax,
                    ImportMapError::Type(_) => ErrorClass::Type,
                },
                message: error.to_string(),
            }),
        }
    }

    /// What a specifier means to a script of a window.
    pub(crate) fn resolve_specifier(
        &self,
        window: WindowId,
        specifier: &str,
        base_url: &Url,
    ) -> Result<Url, String> {
        self.with_document(window, |state| {
            let modules = &mut state.modules;
            modules
                .import_map
                .resolve(specifier, base_url, &mut modules.resolved)
                .map_err(|error| error.to_string())
        })
        .unwrap_or_else(|| Err("the window is closed".to_owned()))
    }

    /// `<link rel=modulepreload>`: the module is fetched, for whoever will want it.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload>
    pub(crate) fn preload_module(&self, element: NodeId) {
        let is_preload = self.attribute(element, "rel").is_some_and(|rel| {
            rel.split_ascii_whitespace()
                .any(|token| token.eq_ignore_ascii_case("modulepreload"))
        });
        let href = self.attribute(element, "href");
        let document = with_tree(|tree| tree.node_document(element));
        let (Some(href), Some(document)) = (href, document) else {
            return;
        };
        let window = self.window_of(document);
        let handle = with_tree(|tree| tree.handle(element));
        let (Some(window), Some(handle)) = (window, handle) else {
            return;
        };
        if !is_preload || href.is_empty() {
            return;
        }
        // 2. – 3. Only what modules can be.
        let is_script = self
            .attribute(element, "as")
            .is_none_or(|destination| is_script_like(&destination));
        if !is_script {
            self.preload_ended(window, handle, false);
            return;
        }
        // 4. – 5. The address.
        let Ok(url) = self.base_url(document).join(&href) else {
            return;
        };
        // 6. – 12.
        self.load_module_of(element, window, url, LoadClient::Preload(handle));
    }

    /// Loads the module at `url` with what the attributes of `element`, a script or a link, say of fetching it.
    fn load_module_of(&self, element: NodeId, window: WindowId, url: Url, client: LoadClient) {
        let integrity = self
            .attribute(element, "integrity")
            .unwrap_or_else(|| self.module_integrity(window, &url));
        let wanted = Wanted {
            request: ModuleRequest {
                url,
                module_type: ModuleType::JavaScript,
            },
            options: self.module_options(element),
            referrer: None,
            integrity,
        };
        self.load_module(window, wanted, client);
    }

    pub(super) fn preload_ended(&self, window: WindowId, element: NodeHandle, is_loaded: bool) {
        self.queue(
            TaskSource::DomManipulation,
            Task::FireAtElement {
                window,
                element,
                name: if is_loaded { "load" } else { "error" },
            },
        );
    }
}

/// Whether "as" names a destination that modules are fetched with.
fn is_script_like(destination: &str) -> bool {
    let destination = destination.to_ascii_lowercase();
    matches!(
        destination.as_str(),
        "" | "script"
            | "audioworklet"
            | "paintworklet"
            | "serviceworker"
            | "sharedworker"
            | "worker"
    )
}
