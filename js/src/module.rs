//! Module scripts: making, linking and evaluating them. What they import is found by the host, in the window's module map.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/webappapis.html#javascript-module-script>, as of 2026-01.

use std::collections::HashMap;

use deno_core::v8;
use url::Url;

use crate::agent::{Agent, ScriptError};
use crate::host::{
    ErrorClass, Host, HostStep, ModuleId, ModuleRequest, ModuleSource, ModuleType, WindowId,
};
use crate::{backend, module_import, script, state, window};

/// The module scripts of an agent.
#[derive(Default)]
pub(crate) struct ModuleTable {
    next_module: u32,
    next_import: u32,
    scripts: HashMap<ModuleId, ModuleScript>,
    /// By the engine's hash of the record, which need not be unique.
    by_hash: HashMap<i32, Vec<ModuleId>>,
    /// Calls of `import()` that wait.
    pub(crate) imports: HashMap<u32, (WindowId, v8::Global<v8::PromiseResolver>)>,
}

/// A module script.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#module-script>
struct ModuleScript {
    window: WindowId,
    base_url: Url,
    record: Record,
    /// What its specifiers mean.
    requests: HashMap<(String, ModuleType), ModuleRequest>,
    /// The value that a module without source text exports.
    default: Option<v8::Global<v8::Value>>,
}

#[derive(Clone)]
enum Record {
    Parsed(v8::Global<v8::Module>),
    /// The parse error.
    Broken(v8::Global<v8::Value>),
}

impl ModuleTable {
    pub(crate) fn allot(&mut self) -> ModuleId {
        self.next_module = self.next_module.saturating_add(1);
        ModuleId(self.next_module)
    }

    pub(crate) fn allot_import(&mut self) -> u32 {
        self.next_import = self.next_import.saturating_add(1);
        self.next_import
    }

    /// Drops what belongs to a window that is closed.
    pub(crate) fn forget_window(&mut self, window: WindowId) {
        self.scripts.retain(|_, script| script.window != window);
        self.imports.retain(|_, (owner, _)| *owner != window);
        let scripts = &self.scripts;
        self.by_hash.retain(|_, ids| {
            ids.retain(|id| scripts.contains_key(id));
            !ids.is_empty()
        });
    }

    fn insert(&mut self, id: ModuleId, hash: Option<i32>, script: ModuleScript) {
        if let Some(hash) = hash {
            self.by_hash.entry(hash).or_default().push(id);
        }
        self.scripts.insert(id, script);
    }
}

/// The record of a module script, or its parse error as `Err`; `None` if it has gone.
type FoundRecord = Option<Result<v8::Global<v8::Module>, v8::Global<v8::Value>>>;

/// A module script's record.
pub(crate) fn record_of(module: ModuleId) -> FoundRecord {
    state::with(|state| {
        let table = state.modules.borrow();
        Some(match table.scripts.get(&module)?.record.clone() {
            Record::Parsed(record) => Ok(record),
            Record::Broken(error) => Err(error),
        })
    })
}

/// Reads the module script of a record.
fn with_script_of<T>(
    scope: &v8::PinScope<'_, '_>,
    record: v8::Local<'_, v8::Module>,
    f: impl FnOnce(&ModuleScript) -> T,
) -> Option<T> {
    let hash = record.get_identity_hash().get();
    state::with(|state| {
        let table = state.modules.borrow();
        let script = table
            .by_hash
            .get(&hash)?
            .iter()
            .filter_map(|id| table.scripts.get(id))
            .find(|script| match &script.record {
                Record::Parsed(other) => v8::Local::new(scope, other) == record,
                Record::Broken(_) => false,
            })?;
        Some(f(script))
    })
}

/// Takes a step that has to do with modules, while script may be running.
pub(crate) fn take_step(scope: &mut v8::PinScope<'_, '_>, host: &dyn Host, step: HostStep) {
    match step {
        HostStep::CompileModule {
            window,
            module,
            source,
        } => {
            let requests = compile_in(scope, host, window, module, &source);
            host.module_compiled(window, module, requests);
        }
        HostStep::FinishImport {
            window,
            import,
            outcome,
        } => module_import::finish(scope, window, import, outcome),
        HostStep::ReportError {
            window,
            class,
            message,
        } => {
            let Some((context, _)) = state::realm_of(window) else {
                return;
            };
            v8::scope_with_context!(let scope, scope, &context);
            v8::tc_scope!(let tc, scope);
            if let Some(error) = error_of(tc, class, &message) {
                script::report(tc, window, error, None);
            }
        }
        _ => {}
    }
}

impl Agent {
    /// Takes a step that has to do with modules, then does a checkpoint.
    pub(crate) fn module_step(&mut self, step: HostStep) -> Result<(), ScriptError> {
        if let Some(host) = state::host() {
            let main = self.runtime.main_context();
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &main);
            // And those that it leads to.
            window::take_steps(scope, WindowId(0), &*host, step);
        }
        self.interrupted()?;
        self.checkpoint()
    }

    /// Runs a module script whose descendants are loaded, then a checkpoint. It may go on later, after an `await`. What it throws
    /// is reported to the page; with `broken`, that module's parse error is what it throws.
    ///
    /// # Errors
    /// As [`Self::run_script`].
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#run-a-module-script>
    pub fn run_module(
        &mut self,
        window: WindowId,
        module: ModuleId,
        broken: Option<ModuleId>,
    ) -> Result<(), ScriptError> {
        let context = self.context(window)?;
        {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            script::sync_window_names(scope, window);
            run(scope, window, module, broken);
        }
        self.interrupted()?;
        self.checkpoint()
    }
}

/// Runs a module in the scope's context, which is `window`'s.
fn run(
    scope: &mut v8::PinScope<'_, '_>,
    window: WindowId,
    module: ModuleId,
    broken: Option<ModuleId>,
) {
    let Some((_, entry)) = state::realm_of(window) else {
        return;
    };
    v8::tc_scope!(let tc, scope);
    let entry = v8::Local::new(tc, entry);
    // 5. – 6. The promise of the evaluation, or the error to rethrow; reported upon rejection.
    let (name, value) = match link_and_evaluate(tc, broken.unwrap_or(module)) {
        Some(Ok(promise)) => ("moduleEvaluated", promise),
        Some(Err(error)) => ("moduleFailed", error),
        None => return,
    };
    script::call_entry(tc, entry, name, &[value]);
}

/// Links and evaluates a module: the promise of its evaluation, or as `Err` what it is to be rejected with. `None` if it was
/// stopped, or has gone.
pub(crate) fn link_and_evaluate<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    module: ModuleId,
) -> Option<Result<v8::Local<'s, v8::Value>, v8::Local<'s, v8::Value>>> {
    let record = match record_of(module)? {
        Ok(record) => record,
        Err(error) => return Some(Err(v8::Local::new(scope, error))),
    };
    let record = v8::Local::new(scope, record);
    v8::tc_scope!(let tc, scope);
    if record.get_status() == v8::ModuleStatus::Uninstantiated
        && !backend::instantiate_module(tc, record)
    {
        return Some(Err(tc.exception()?));
    }
    match record.evaluate(tc) {
        Some(promise) => Some(Ok(promise)),
        None if tc.has_terminated() => None,
        None => Some(Err(tc.exception()?)),
    }
}

/// Creates a module script. Gives the modules that it names, `None` if it cannot be parsed.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-javascript-module-script>
fn compile_in(
    scope: &mut v8::PinScope<'_, '_>,
    host: &dyn Host,
    window: WindowId,
    module: ModuleId,
    source: &ModuleSource,
) -> Option<Vec<ModuleRequest>> {
    let (context, _) = state::realm_of(window)?;
    v8::scope_with_context!(let scope, scope, &context);
    v8::tc_scope!(let tc, scope);
    let made = match source.module_type {
        ModuleType::JavaScript => compile_javascript(tc, host, window, source),
        ModuleType::Json => compile_json(tc, source),
        ModuleType::Css => compile_css(tc, window, source),
    };
    let made = made.or_else(|| {
        // 8. The parse error, to be rethrown when it is run.
        let error = tc.exception()?;
        tc.reset();
        Some(Made::broken(tc, error))
    })?;
    let is_parsed = matches!(made.record, Record::Parsed(_));
    let named = made.named;
    let hash = match &made.record {
        Record::Parsed(record) => Some(v8::Local::new(tc, record).get_identity_hash().get()),
        Record::Broken(_) => None,
    };
    let script = ModuleScript {
        window,
        base_url: source.base_url.clone(),
        record: made.record,
        requests: made.requests,
        default: made.default,
    };
    state::with(|state| state.modules.borrow_mut().insert(module, hash, script));
    is_parsed.then_some(named)
}

/// The parts of a new module script.
struct Made {
    record: Record,
    /// In the order of the source.
    named: Vec<ModuleRequest>,
    requests: HashMap<(String, ModuleType), ModuleRequest>,
    default: Option<v8::Global<v8::Value>>,
}

impl Made {
    fn broken(scope: &v8::PinScope<'_, '_>, error: v8::Local<'_, v8::Value>) -> Self {
        Self {
            record: Record::Broken(v8::Global::new(scope, error)),
            named: Vec::new(),
            requests: HashMap::new(),
            default: None,
        }
    }

    fn of_class(scope: &v8::PinScope<'_, '_>, class: ErrorClass, message: &str) -> Option<Self> {
        Some(Self::broken(scope, error_of(scope, class, message)?))
    }
}

/// `None` leaves the exception with the scope.
fn compile_javascript(
    scope: &v8::PinScope<'_, '_>,
    host: &dyn Host,
    window: WindowId,
    source: &ModuleSource,
) -> Option<Made> {
    // 7. Parse.
    let (text, line_offset) = backend::position_source(&source.text, source.line);
    let text = v8::String::new(scope, &backend::module_text(&text, window))?;
    let name = v8::String::new(scope, &source.url)?;
    let options = script::origin_options(scope, Some(&source.base_url), source.options);
    let origin = v8::ScriptOrigin::new(
        scope,
        name.into(),
        line_offset,
        0,
        false,
        0,
        None,
        false,
        false,
        true,
        options,
    );
    let mut compiled = v8::script_compiler::Source::new(text, Some(&origin));
    let record = v8::script_compiler::compile_module(scope, &mut compiled)?;
    // 9. What it names: each specifier has to mean something.
    let mut requests = HashMap::new();
    let mut in_order = Vec::new();
    let named = record.get_module_requests();
    for index in 0..named.length() {
        let Some(request) = named
            .get(scope, index)
            .and_then(|request| v8::Local::<v8::ModuleRequest>::try_from(request).ok())
        else {
            continue;
        };
        let specifier = request.get_specifier().to_rust_string_lossy(scope);
        // 9.1 Attributes but "type" are not known.
        let attributes = request.get_import_attributes();
        let module_type = match module_type_of(scope, attributes, ATTRIBUTE_WITH_PLACE) {
            Ok(module_type) => module_type,
            Err((class, message)) => return Made::of_class(scope, class, &message),
        };
        match host.resolve_module(window, &specifier, &source.base_url) {
            Ok(url) => {
                let request = ModuleRequest { url, module_type };
                in_order.push(request.clone());
                requests.insert((specifier, module_type), request);
            }
            Err(message) => return Made::of_class(scope, ErrorClass::Type, &message),
        }
    }
    Some(Made {
        record: Record::Parsed(v8::Global::new(scope, record)),
        named: in_order,
        requests,
        default: None,
    })
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-json-module-script>
fn compile_json(scope: &v8::PinScope<'_, '_>, source: &ModuleSource) -> Option<Made> {
    let text = v8::String::new(scope, &source.text)?;
    let value = v8::json::parse(scope, text)?;
    synthetic(scope, &source.url, value)
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#creating-a-css-module-script>
fn compile_css(
    scope: &v8::PinScope<'_, '_>,
    window: WindowId,
    source: &ModuleSource,
) -> Option<Made> {
    let (_, entry) = state::realm_of(window)?;
    let entry = v8::Local::new(scope, entry);
    let text = v8::String::new(scope, &source.text)?.into();
    let base = v8::String::new(scope, source.base_url.as_str())?.into();
    let sheet = script::call_entry(scope, entry, "constructStyleSheet", &[text, base])?;
    synthetic(scope, &source.url, sheet)
}

fn synthetic(
    scope: &v8::PinScope<'_, '_>,
    url: &str,
    value: v8::Local<'_, v8::Value>,
) -> Option<Made> {
    let name = v8::String::new(scope, url)?;
    let record = backend::synthetic_module(scope, name)?;
    Some(Made {
        record: Record::Parsed(v8::Global::new(scope, record)),
        named: Vec::new(),
        requests: HashMap::new(),
        default: Some(v8::Global::new(scope, value)),
    })
}

/// Elements of the list of attributes for each of them in an `import` declaration: name, value, place.
const ATTRIBUTE_WITH_PLACE: usize = 3;
/// The same in a call of `import()`.
pub(crate) const ATTRIBUTE: usize = 2;

/// The type that a request's attributes ask for; as `Err` the error that they make.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#module-type-from-module-request>
pub(crate) fn module_type_of(
    scope: &v8::PinScope<'_, '_>,
    attributes: v8::Local<'_, v8::FixedArray>,
    stride: usize,
) -> Result<ModuleType, (ErrorClass, String)> {
    let text = |index: usize| {
        attributes
            .get(scope, index)
            .and_then(|item| v8::Local::<v8::Value>::try_from(item).ok())
            .map_or_else(String::new, |item| item.to_rust_string_lossy(scope))
    };
    let mut module_type = ModuleType::JavaScript;
    for index in (0..attributes.length()).step_by(stride) {
        let name = text(index);
        if name != "type" {
            let class = if stride == ATTRIBUTE {
                ErrorClass::Type
            } else {
                ErrorClass::Syntax
            };
            let message = format!("The import attribute \"{name}\" is not known");
            return Err((class, message));
        }
        let value = text(index + 1);
        module_type = match value.as_str() {
            "json" => ModuleType::Json,
            "css" => ModuleType::Css,
            _ => {
                let message = format!("\"{value}\" is no module type");
                return Err((ErrorClass::Type, message));
            }
        };
    }
    Ok(module_type)
}

/// The module that another one names.
pub(crate) fn resolve_imported<'s>(
    scope: &v8::PinScope<'s, '_>,
    specifier: v8::Local<'_, v8::String>,
    attributes: v8::Local<'_, v8::FixedArray>,
    referrer: v8::Local<'_, v8::Module>,
) -> Option<v8::Local<'s, v8::Module>> {
    let specifier = specifier.to_rust_string_lossy(scope);
    let found = module_type_of(scope, attributes, ATTRIBUTE_WITH_PLACE)
        .ok()
        .and_then(|module_type| {
            with_script_of(scope, referrer, |script| {
                let request = script
                    .requests
                    .get(&(specifier.clone(), module_type))?
                    .clone();
                Some((script.window, request))
            })?
        })
        .and_then(|(window, request)| state::host()?.module_at(window, &request))
        .and_then(|module| record_of(module)?.ok());
    match found {
        Some(record) => Some(v8::Local::new(scope, record)),
        None => {
            // The graph was loaded, or it would not be linked: its window has closed meanwhile.
            let message = format!("The module \"{specifier}\" is not there");
            if let Some(error) = error_of(scope, ErrorClass::Type, &message) {
                scope.throw_exception(error);
            }
            None
        }
    }
}

/// Evaluates a module without source text.
pub(crate) fn evaluate_synthetic<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    module: v8::Local<'s, v8::Module>,
) -> Option<v8::Local<'s, v8::Value>> {
    let value = with_script_of(scope, module, |script| script.default.clone())??;
    let value = v8::Local::new(scope, value);
    let name = v8::String::new(scope, "default")?;
    module.set_synthetic_module_export(scope, name, value)?;
    let resolver = v8::PromiseResolver::new(scope)?;
    let undefined = v8::undefined(scope);
    resolver.resolve(scope, undefined.into());
    Some(resolver.get_promise(scope).into())
}

/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#hostgetimportmetaproperties>
pub(crate) fn initialize_import_meta(
    scope: &v8::PinScope<'_, '_>,
    module: v8::Local<'_, v8::Module>,
    meta: v8::Local<'_, v8::Object>,
) {
    let Some((window, url)) = with_script_of(scope, module, |script| {
        (script.window, script.base_url.to_string())
    }) else {
        return;
    };
    let Some((_, entry)) = state::realm_of(window) else {
        return;
    };
    let entry = v8::Local::new(scope, entry);
    if let Some(url) = v8::String::new(scope, &url) {
        script::call_entry(
            scope,
            entry,
            "initializeImportMeta",
            &[meta.into(), url.into()],
        );
    }
}

/// An error of the scope's realm.
pub(crate) fn error_of<'s>(
    scope: &v8::PinScope<'s, '_>,
    class: ErrorClass,
    message: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    let message = v8::String::new(scope, message)?;
    Some(match class {
        ErrorClass::Syntax => v8::Exception::syntax_error(scope, message),
        ErrorClass::Type => v8::Exception::type_error(scope, message),
    })
}
