//! The module map, and the graphs that are being loaded.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#module-map> and
//! <https://tc39.es/ecma262/#sec-LoadRequestedModules>.

use std::collections::{HashMap, HashSet, VecDeque};

use readystate_dom::NodeHandle;
use readystate_js::host::{
    HostStep, ImportCall, ImportOutcome, ModuleId, ModuleRequest, ModuleSource, ScriptFetchOptions,
    WindowId,
};
use url::Url;

use super::fetching::ModuleFetch;
use super::import_map::{ImportMap, ResolvedModules};
use crate::window_host::{Continuation, WindowHost};

/// The modules of one document.
#[derive(Default)]
pub(crate) struct Modules {
    pub(crate) import_map: ImportMap,
    pub(crate) resolved: ResolvedModules,
    map: HashMap<ModuleRequest, Entry>,
    /// The modules that each one names; `None` for one that cannot be parsed.
    scripts: HashMap<ModuleId, Script>,
    compiling: HashMap<ModuleId, Compiling>,
    loads: HashMap<u32, Load>,
    pub(super) fetches: HashMap<u32, ModuleFetch>,
    next: u32,
}

/// An entry of the module map.
enum Entry {
    /// Fetched or compiled; these graphs wait for it.
    Fetching(Vec<u32>),
    /// There.
    Ready(ModuleId),
    /// It could not be had.
    Failed,
}

struct Script {
    requests: Option<Vec<ModuleRequest>>,
    base_url: Url,
    options: ScriptFetchOptions,
}

/// A module between its source and its record.
struct Compiling {
    base_url: Url,
    options: ScriptFetchOptions,
    /// Where it goes in the module map; `None` for an inline one, whose graph is then this.
    request: Option<ModuleRequest>,
    load: Option<u32>,
}

/// A graph on its way.
struct Load {
    client: LoadClient,
    visited: HashSet<ModuleRequest>,
    /// How many of its modules are not there yet.
    pending: usize,
    /// Whether one of them cannot be parsed.
    is_broken: bool,
    root: Option<ModuleId>,
}

/// Who waits for a graph.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoadClient {
    /// A script element.
    Script(NodeHandle),
    /// A call of `import()`.
    Import(u32),
    /// A link element, which wants the first module only.
    Preload(NodeHandle),
}

/// What a graph came to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LoadResult {
    /// All of it is there.
    Loaded(ModuleId),
    /// This module of it cannot be parsed; the first is the root.
    Broken(ModuleId, ModuleId),
    /// Something could not be had.
    Failed,
}

/// How a module is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    pub(crate) request: ModuleRequest,
    pub(crate) options: ScriptFetchOptions,
    /// The base URL of the script that names it; `None` for the document itself.
    pub(crate) referrer: Option<Url>,
    pub(crate) integrity: String,
}

impl Modules {
    pub(super) fn allot(&mut self) -> u32 {
        self.next = self.next.wrapping_add(1);
        self.next
    }

    fn start_load(&mut self, client: LoadClient) -> u32 {
        let id = self.allot();
        self.loads.insert(
            id,
            Load {
                client,
                visited: HashSet::new(),
                pending: 0,
                is_broken: false,
                root: None,
            },
        );
        id
    }

    /// A module of a load is to be had: from the map, or by a fetch that is handed back.
    fn want(
        &mut self,
        load: u32,
        wanted: Wanted,
        arrived: &mut VecDeque<Arrival>,
    ) -> Option<Wanted> {
        let state = self.loads.get_mut(&load)?;
        if !state.visited.insert(wanted.request.clone()) {
            return None;
        }
        state.pending += 1;
        match self.map.get_mut(&wanted.request) {
            Some(Entry::Fetching(waiting)) => waiting.push(load),
            Some(Entry::Ready(module)) => arrived.push_back((load, Some(*module))),
            Some(Entry::Failed) => arrived.push_back((load, None)),
            None => {
                let entry = Entry::Fetching(vec![load]);
                self.map.insert(wanted.request.clone(), entry);
                return Some(wanted);
            }
        }
        None
    }

    /// Whatever waits for a module of the map is told; gives the graphs that do.
    fn settle(&mut self, request: &ModuleRequest, module: Option<ModuleId>) -> Vec<u32> {
        let entry = module.map_or(Entry::Failed, Entry::Ready);
        match self.map.insert(request.clone(), entry) {
            Some(Entry::Fetching(waiting)) => waiting,
            _ => Vec::new(),
        }
    }
}

/// A module of a graph is there, or never will be.
type Arrival = (u32, Option<ModuleId>);

impl WindowHost {
    /// Starts a graph from its first module.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#fetch-a-module-script-tree>
    pub(crate) fn load_module(&self, window: WindowId, wanted: Wanted, client: LoadClient) {
        let load = self.with_document(window, |state| state.modules.start_load(client));
        if let Some(load) = load {
            let mut arrived = VecDeque::new();
            self.want_module(window, load, wanted, &mut arrived);
            self.go_through(window, arrived);
        }
    }

    /// Starts the graph of an inline module: the step that makes it.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#fetch-an-inline-module-script-graph>
    pub(crate) fn load_inline_module(
        &self,
        window: WindowId,
        source: ModuleSource,
        element: NodeHandle,
    ) -> Option<HostStep> {
        let load = self.with_document(window, |state| {
            state.modules.start_load(LoadClient::Script(element))
        })?;
        Some(self.compile_step(window, source, None, Some(load)))
    }

    /// The step that makes a module of the map, or an inline one of this graph.
    pub(super) fn compile_step(
        &self,
        window: WindowId,
        source: ModuleSource,
        request: Option<ModuleRequest>,
        load: Option<u32>,
    ) -> HostStep {
        let module = readystate_js::allot_module();
        let compiling = Compiling {
            base_url: source.base_url.clone(),
            options: source.options,
            request,
            load,
        };
        self.with_document(window, |state| {
            state.modules.compiling.insert(module, compiling);
        });
        HostStep::CompileModule {
            window,
            module,
            source: Box::new(source),
        }
    }

    /// A module was made.
    pub(crate) fn on_module_compiled(
        &self,
        window: WindowId,
        module: ModuleId,
        requests: Option<Vec<ModuleRequest>>,
    ) {
        let arrived = self.with_document(window, |state| {
            let modules = &mut state.modules;
            let compiling = modules.compiling.remove(&module)?;
            let script = Script {
                requests,
                base_url: compiling.base_url,
                options: compiling.options,
            };
            modules.scripts.insert(module, script);
            let mut waiting = match &compiling.request {
                Some(request) => modules.settle(request, Some(module)),
                None => Vec::new(),
            };
            if let Some(load) = compiling.load {
                if let Some(load) = modules.loads.get_mut(&load) {
                    load.pending += 1;
                }
                waiting.push(load);
            }
            Some(
                waiting
                    .into_iter()
                    .map(|load| (load, Some(module)))
                    .collect(),
            )
        });
        if let Some(arrived) = arrived.flatten() {
            self.go_through(window, arrived);
        }
    }

    /// A module of the map could not be had.
    pub(super) fn module_failed(&self, window: WindowId, request: &ModuleRequest) {
        let arrived = self.with_document(window, |state| {
            let waiting = state.modules.settle(request, None);
            waiting.into_iter().map(|load| (load, None)).collect()
        });
        if let Some(arrived) = arrived {
            self.go_through(window, arrived);
        }
    }

    /// The module map's answer.
    pub(crate) fn mapped_module(
        &self,
        window: WindowId,
        request: &ModuleRequest,
    ) -> Option<ModuleId> {
        self.with_document(window, |state| match state.modules.map.get(request) {
            Some(Entry::Ready(module)) => Some(*module),
            _ => None,
        })
        .flatten()
    }

    /// Starts the graph of an `import()`.
    pub(crate) fn start_import(&self, window: WindowId, call: ImportCall) -> HostStep {
        self.push_continuation(Continuation::Base);
        let integrity = self.module_integrity(window, &call.request.url);
        let wanted = Wanted {
            request: call.request,
            options: call.options,
            referrer: Some(call.referrer),
            integrity,
        };
        self.load_module(window, wanted, LoadClient::Import(call.id));
        self.go_on()
    }

    /// Integrity metadata that the import map has for a module.
    pub(crate) fn module_integrity(&self, window: WindowId, url: &Url) -> String {
        self.with_document(window, |state| {
            let metadata = state.modules.import_map.integrity_of(url);
            metadata.unwrap_or_default().to_owned()
        })
        .unwrap_or_default()
    }

    fn want_module(
        &self,
        window: WindowId,
        load: u32,
        wanted: Wanted,
        arrived: &mut VecDeque<Arrival>,
    ) {
        let to_fetch = self
            .with_document(window, |state| state.modules.want(load, wanted, arrived))
            .flatten();
        if let Some(wanted) = to_fetch {
            self.fetch_module(window, wanted);
        }
    }

    /// Goes on with the graphs that modules have arrived for.
    ///
    /// Standard: <https://tc39.es/ecma262/#sec-ContinueModuleLoading>
    fn go_through(&self, window: WindowId, mut arrived: VecDeque<Arrival>) {
        let mut steps = VecDeque::new();
        while let Some((id, module)) = arrived.pop_front() {
            let next = self.with_document(window, |state| state.modules.advance(id, module));
            match next.flatten() {
                None => {}
                Some(Advance::Ended(client, result)) => {
                    steps.extend(self.load_ended(window, client, result));
                }
                Some(Advance::Names(wanted)) => {
                    for wanted in wanted {
                        self.want_module(window, id, wanted, &mut arrived);
                    }
                }
            }
        }
        if !steps.is_empty() {
            self.push_continuation(Continuation::Steps(steps));
        }
    }

    /// Tells who waits for a graph what it came to; the step that script's own call leads to is handed back.
    fn load_ended(
        &self,
        window: WindowId,
        client: LoadClient,
        result: LoadResult,
    ) -> Option<HostStep> {
        match client {
            LoadClient::Script(element) => {
                self.module_script_ready(window, element, result);
                None
            }
            LoadClient::Preload(element) => {
                let is_loaded = !matches!(result, LoadResult::Failed);
                self.preload_ended(window, element, is_loaded);
                None
            }
            LoadClient::Import(import) => {
                let outcome = match result {
                    LoadResult::Loaded(module) => ImportOutcome::Loaded(module),
                    LoadResult::Broken(_, module) => ImportOutcome::Broken(module),
                    LoadResult::Failed => {
                        ImportOutcome::Failed("A module could not be fetched".to_owned())
                    }
                };
                Some(HostStep::FinishImport {
                    window,
                    import,
                    outcome,
                })
            }
        }
    }
}

/// How a graph goes on.
enum Advance {
    /// It is whole, or will not become so.
    Ended(LoadClient, LoadResult),
    /// These modules belong to it.
    Names(Vec<Wanted>),
}

impl Modules {
    /// One module of a graph has arrived. `None` if the graph waits for others, or has ended before.
    ///
    /// NOTE: the standard ends a graph at its first failure, in an order that the network decides. As browsers do, a module that
    /// cannot be had goes before one that cannot be parsed, and of these the first in the graph counts.
    fn advance(&mut self, id: u32, module: Option<ModuleId>) -> Option<Advance> {
        let load = self.loads.get_mut(&id)?;
        load.pending = load.pending.saturating_sub(1);
        let script = module.and_then(|module| Some((module, self.scripts.get(&module)?)));
        let Some((module, script)) = script else {
            return self.end(id, LoadResult::Failed);
        };
        let root = *load.root.get_or_insert(module);
        if matches!(load.client, LoadClient::Preload(_)) {
            return self.end(id, LoadResult::Loaded(root));
        }
        load.is_broken |= script.requests.is_none();
        let requests = script.requests.as_deref().unwrap_or_default();
        let wanted: Vec<Wanted> = requests
            .iter()
            .filter(|request| !load.visited.contains(request))
            .map(|request| Wanted {
                request: request.clone(),
                options: script.options,
                referrer: Some(script.base_url.clone()),
                integrity: self
                    .import_map
                    .integrity_of(&request.url)
                    .unwrap_or_default()
                    .to_owned(),
            })
            .collect();
        if !wanted.is_empty() {
            return Some(Advance::Names(wanted));
        }
        if load.pending > 0 {
            return None;
        }
        let result = match load.is_broken.then(|| self.first_broken(root)).flatten() {
            Some(broken) => LoadResult::Broken(root, broken),
            None => LoadResult::Loaded(root),
        };
        self.end(id, result)
    }

    /// The first module of a graph, a parent before its children, that cannot be parsed.
    fn first_broken(&self, root: ModuleId) -> Option<ModuleId> {
        let mut seen = HashSet::from([root]);
        let mut next = vec![root];
        while let Some(module) = next.pop() {
            let Some(requests) = &self.scripts.get(&module)?.requests else {
                return Some(module);
            };
            let children =
                requests
                    .iter()
                    .rev()
                    .filter_map(|request| match self.map.get(request) {
                        Some(Entry::Ready(child)) => Some(*child),
                        _ => None,
                    });
            next.extend(children.filter(|child| seen.insert(*child)));
        }
        None
    }

    fn end(&mut self, id: u32, result: LoadResult) -> Option<Advance> {
        let load = self.loads.remove(&id)?;
        Some(Advance::Ended(load.client, result))
    }
}
