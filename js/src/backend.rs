//! All that differs between V8 and QuickJS, and all hand-written `unsafe`.

use std::cell::Cell;
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use deno_core::v8;

#[cfg(feature = "v8")]
use crate::exception;
use crate::host::WindowId;
use crate::state::{self, Rejection};
use crate::{module, module_import};

#[cfg(feature = "v8")]
mod list_maker;
#[cfg(feature = "v8")]
pub(crate) use list_maker::{keep_items, list_maker};

/// QuickJS has no such objects: the glue makes proxies.
#[cfg(not(feature = "v8"))]
pub(crate) fn list_maker<'s>(
    _: &v8::PinScope<'s, '_>,
    _: v8::Local<'s, v8::Array>,
    _: bool,
) -> Option<v8::Local<'s, v8::Function>> {
    None
}

/// See [`list_maker`].
#[cfg(not(feature = "v8"))]
pub(crate) fn keep_items(
    _: v8::Local<'_, v8::Object>,
    _: v8::Local<'_, v8::Value>,
    _: v8::Local<'_, v8::Value>,
) {
}

/// Name and version of the engine compiled in.
#[must_use]
pub fn engine_name() -> String {
    if cfg!(feature = "v8") {
        format!("V8 {}", v8::V8::get_version())
    } else {
        format!("QuickJS-ng (as {})", v8::V8::get_version())
    }
}

/// Which engine, in one word: `v8` or `quickjs`.
pub const ENGINE: &str = if cfg!(feature = "v8") {
    "v8"
} else {
    "quickjs"
};

/// Whether windows keep their named properties as accessors that follow the tree, see `WindowProperties.js`.
///
/// With a proxy or an interceptor behind the global, QuickJS reads an undeclared name as undefined instead of throwing a
/// ReferenceError.
pub(crate) const LISTS_WINDOW_NAMES: bool = cfg!(not(feature = "v8"));

/// Initialises the JavaScript platform.
///
/// Call it once on the main thread before any other thread makes an [`crate::Agent`]; later calls do nothing.
pub fn init_platform() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        #[cfg(feature = "v8")]
        // NOTE: unrolled by Turboshaft, some endless loops of V8 15.0 lose the check that an interrupt waits for.
        // OPTIMIZATION: every interface of elements has a hidden class of its own, and reading the id of a wrapper costs five
        // times as much once its inline cache gives up, which it does at four classes by default. Wrappers live on, so that
        // the many small collections of a small young generation would copy them more than they free.
        v8::V8::set_flags_from_string(
            "--stack-size=8192 --no-freeze-flags-after-init --no-turboshaft-loop-unrolling \
             --max-valid-polymorphic-map-count=24 --min-semi-space-size=4 --max-semi-space-size=16",
        );
        #[cfg(not(feature = "v8"))]
        {
            v8::V8::set_flags_from_string("--stack-size=8192");
            // SAFETY: called once, before any other thread of this process makes an agent (as the documentation of this
            // function asks), so nobody reads the environment at the same time. Without it the backend writes bytecode of
            // page scripts under the user's cache folder.
            unsafe { std::env::set_var("V82JSC_NO_BC_CACHE", "1") };
        }
        deno_core::JsRuntime::init_platform(None);
        let outer = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                outer(info);
            }
        }));
    });
}

thread_local! {
    /// Whether a panic of this thread is about to be caught, and needs no message.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
}

/// Runs what may panic in code that is not ours; `None` if it did.
pub(crate) fn catch_panic<T>(f: impl FnOnce() -> T) -> Option<T> {
    let outer = CATCHING.replace(true);
    let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(f));
    CATCHING.set(outer);
    result.ok()
}

/// Makes a further context in the isolate, ready for deno_core's callbacks. It takes over the global proxy of `replaced`.
///
/// deno_core reads its state from embedder slots of the current context, unchecked, in promise and module callbacks; a plain
/// context would be undefined behaviour there.
pub(crate) fn new_context<'s>(
    scope: &v8::PinScope<'s, '_, ()>,
    main: &v8::Global<v8::Context>,
    replaced: Option<&v8::Global<v8::Context>>,
) -> v8::Local<'s, v8::Context> {
    let main = v8::Local::new(scope, main);
    let mut options = v8::ContextOptions::default();
    // The WindowProxy of a frame is V8's global proxy, which one window of the frame hands on to the next. QuickJS has none.
    if HAS_WINDOW_PROXIES {
        options.global_object =
            replaced.map(|context| v8::Local::new(scope, context).global(scope).into());
    }
    let context = v8::Context::new(scope, options);
    for slot in [
        deno_core::CONTEXT_STATE_SLOT_INDEX,
        deno_core::MODULE_MAP_SLOT_INDEX,
    ] {
        let pointer = main.get_aligned_pointer_from_embedder_data(slot);
        // SAFETY: the pointer is the one deno_core stored for the same slot of the main context. What it points to lives until
        // the runtime is dropped, and every context of the isolate goes with it; deno_core releases it through the main context only.
        unsafe { context.set_aligned_pointer_in_embedder_data(slot, pointer) };
    }
    // NOTE: setting them made the binding's annex of the context, with a weak handle that dangles if the context is collected
    // no earlier than by the end of the isolate. Nothing is kept there.
    context.clear_all_slots();
    // Same token, whatever the origins: private fields of the glue's shared classes are on every window's global object, and their
    // code is the main context's. Nothing else holds another origin's objects, see `CrossOriginWindow.js`.
    let token = main.get_security_token(scope);
    context.set_security_token(token);
    context
}

/// Whether a window's global object is a proxy that can be handed on to the next window: V8's global proxy. QuickJS has none.
pub(crate) const HAS_WINDOW_PROXIES: bool = cfg!(feature = "v8");

/// A bare context that takes over the global proxy of `old`. Whatever is looked for there is found at `members`, its prototype.
pub(crate) fn stand_in_context(
    scope: &mut v8::PinScope<'_, '_>,
    old: &v8::Global<v8::Context>,
    members: &v8::Global<v8::Value>,
) -> Option<v8::Global<v8::Context>> {
    let context = new_context(scope, old, Some(old));
    let context = v8::Global::new(scope, context);
    v8::scope_with_context!(let scope, scope, &context);
    let global = scope.get_current_context().global(scope);
    let names = global.get_own_property_names(
        scope,
        v8::GetPropertyNamesArgsBuilder::new()
            .property_filter(v8::PropertyFilter::ALL_PROPERTIES)
            .build(),
    )?;
    for index in 0..names.length() {
        if let Some(name) = names.get_index(scope, index) {
            global.delete(scope, name);
        }
    }
    let members = v8::Local::new(scope, members);
    global.set_prototype(scope, members)?;
    // It stays so.
    global.set_integrity_level(scope, v8::IntegrityLevel::Sealed);
    Some(context.clone())
}

/// Has `error.stack` written by [`exception::stack_text`] where the engine asks; QuickJS writes it itself.
#[cfg_attr(
    not(feature = "v8"),
    expect(clippy::needless_pass_by_ref_mut, reason = "V8 changes it")
)]
pub(crate) fn write_stacks(isolate: &mut v8::Isolate) {
    #[cfg(feature = "v8")]
    isolate.set_prepare_stack_trace_callback(exception::stack_text);
    #[cfg(not(feature = "v8"))]
    let _ = isolate;
}

/// Has modules resolved, and `import()` and `import.meta` answered, by this crate in every context, in place of deno_core's loader.
pub(crate) fn set_module_callbacks(isolate: &mut v8::Isolate) {
    isolate.set_host_import_module_dynamically_callback(module_import::import_dynamically);
    // V8 prefers this one, whatever the phase.
    isolate.set_host_import_module_with_phase_dynamically_callback(module_import::import_phase);
    isolate.set_host_initialize_import_meta_object_callback(initialize_import_meta);
}

extern "C" fn initialize_import_meta(
    context: v8::Local<'_, v8::Context>,
    module: v8::Local<'_, v8::Module>,
    meta: v8::Local<'_, v8::Object>,
) {
    // SAFETY: the engine calls this on the isolate's thread, with a context of the isolate.
    v8::callback_scope!(unsafe scope, context);
    module::initialize_import_meta(scope, module, meta);
}

/// Links a module and its descendants; an exception is left with the scope.
pub(crate) fn instantiate_module(
    scope: &v8::PinScope<'_, '_>,
    module: v8::Local<'_, v8::Module>,
) -> bool {
    fn resolve<'s>(
        context: v8::Local<'s, v8::Context>,
        specifier: v8::Local<'s, v8::String>,
        attributes: v8::Local<'s, v8::FixedArray>,
        referrer: v8::Local<'s, v8::Module>,
    ) -> Option<v8::Local<'s, v8::Module>> {
        // SAFETY: the engine calls this on the isolate's thread, with a context of the isolate.
        v8::callback_scope!(unsafe scope, context);
        module::resolve_imported(scope, specifier, attributes, referrer)
    }
    module.instantiate_module(scope, resolve).unwrap_or(false)
}

/// A module without source text, whose one export is `default`.
pub(crate) fn synthetic_module<'s>(
    scope: &v8::PinScope<'s, '_>,
    name: v8::Local<'s, v8::String>,
) -> Option<v8::Local<'s, v8::Module>> {
    fn evaluate<'s>(
        context: v8::Local<'s, v8::Context>,
        module: v8::Local<'s, v8::Module>,
    ) -> Option<v8::Local<'s, v8::Value>> {
        // SAFETY: the engine calls this on the isolate's thread, with a context of the isolate.
        v8::callback_scope!(unsafe scope, context);
        module::evaluate_synthetic(scope, module)
    }
    let export = v8::String::new(scope, "default")?;
    Some(v8::Module::create_synthetic_module(
        scope,
        name,
        &[export],
        evaluate,
    ))
}

/// What script's origin says of its imports, read in a callback.
pub(crate) fn host_defined_options<'s>(
    data: v8::Local<'s, v8::Data>,
) -> v8::Local<'s, v8::PrimitiveArray> {
    // SAFETY: both engines hand a primitive array to the callback, an empty one for a script that was compiled without.
    unsafe {
        std::mem::transmute::<v8::Local<'s, v8::Data>, v8::Local<'s, v8::PrimitiveArray>>(data)
    }
}

/// Numbers of the tree as an `Int32Array` over the tree's own memory. For the glue only, which reads it. The numbers must not lie in
/// the owner itself, which is moved, but behind it.
#[cfg(feature = "v8")]
pub(crate) fn shared_numbers<'s, T: Send + 'static>(
    scope: &v8::PinScope<'s, '_>,
    owner: T,
    words: fn(&T) -> &[AtomicU32],
) -> v8::Local<'s, v8::Value> {
    unsafe extern "C" fn let_go<T>(_: *mut c_void, _: usize, owner: *mut c_void) {
        // SAFETY: the pointer comes from `Box::into_raw` below, and the backing store gives it back once. Any thread may drop
        // an owner: it is `Send`.
        drop(unsafe { Box::from_raw(owner.cast::<T>()) });
    }
    let owner = Box::new(owner);
    let words = words(&owner);
    let (data, count) = (words.as_ptr(), words.len());
    let owner = Box::into_raw(owner);
    // SAFETY: the memory lives and stays where it is as long as `owner`, which `let_go` drops when the last user of the store
    // is gone; taking the owner out of its box does not move its numbers. All of it is initialised, and of a type that may be read through
    // other pointers at any time; script of this thread reads it while no op runs.
    let store = unsafe {
        v8::ArrayBuffer::new_backing_store_from_ptr(
            data.cast_mut().cast(),
            count * size_of::<u32>(),
            let_go::<T>,
            owner.cast(),
        )
    };
    let buffer = v8::ArrayBuffer::with_backing_store(scope, &store.make_shared());
    match v8::Int32Array::new(scope, buffer, 0, count) {
        Some(table) => table.into(),
        None => v8::null(scope).into(),
    }
}

/// None: QuickJS's script makes calls instead.
#[cfg(not(feature = "v8"))]
pub(crate) fn shared_numbers<'s, T>(
    scope: &v8::PinScope<'s, '_>,
    _owner: T,
    _words: fn(&T) -> &[AtomicU32],
) -> v8::Local<'s, v8::Value> {
    v8::null(scope).into()
}

/// The text of a module as it is compiled for a window.
///
/// QuickJS's binding keeps modules by address and text, for all contexts together: there, text tells windows apart.
pub(crate) fn module_text(text: &str, window: WindowId) -> std::borrow::Cow<'_, str> {
    if cfg!(feature = "v8") || window.0 == 0 {
        text.into()
    } else {
        format!("{text}\n//{}", window.0).into()
    }
}

/// Whether a promise that was rejected has a handler.
pub(crate) fn has_handler(
    scope: &v8::PinScope<'_, '_>,
    promise: v8::Local<'_, v8::Promise>,
) -> bool {
    #[cfg(feature = "v8")]
    {
        let _ = scope;
        promise.has_handler()
    }
    #[cfg(not(feature = "v8"))]
    {
        let promise = v8::Global::new(scope, promise);
        state::with(|state| !state.unhandled.borrow().contains(&promise))
    }
}

/// Forgets what [`has_handler`] needs.
pub(crate) fn forget_rejection(scope: &v8::PinScope<'_, '_>, promise: v8::Local<'_, v8::Promise>) {
    if cfg!(not(feature = "v8")) {
        let promise = v8::Global::new(scope, promise);
        state::with(|state| {
            state
                .unhandled
                .borrow_mut()
                .retain(|other| *other != promise)
        });
    }
}

/// Keeps rejected promises for the end of the task, in place of deno_core's own bookkeeping (which knows one context).
pub(crate) extern "C" fn promise_reject(message: v8::PromiseRejectMessage<'_>) {
    // SAFETY: V8 calls this on the isolate's thread with a message that is valid for the length of the call.
    v8::callback_scope!(unsafe scope, &message);
    let promise = message.get_promise();
    match message.get_event() {
        v8::PromiseRejectEvent::PromiseRejectWithNoHandler => {
            let reason = message
                .get_value()
                .unwrap_or_else(|| v8::undefined(scope).into());
            // 3. A script that lets the page know nothing of its errors.
            if state::with(|state| state.has_muted_scripts.get())
                && (v8::Exception::create_message(scope, reason).is_opaque()
                    || cfg!(not(feature = "v8"))
                        && state::with(|state| state.in_muted_script.get()))
            {
                return;
            }
            // The promise's own realm: in a microtask the current context may be another one.
            let context = promise
                .get_creation_context(scope)
                .unwrap_or_else(|| scope.get_current_context());
            let rejection = Rejection {
                promise: v8::Global::new(scope, promise),
                reason: v8::Global::new(scope, reason),
                context: v8::Global::new(scope, context),
            };
            state::with(|state| state.rejections.borrow_mut().push(rejection));
        }
        v8::PromiseRejectEvent::PromiseHandlerAddedAfterReject => {
            let context = promise
                .get_creation_context(scope)
                .unwrap_or_else(|| scope.get_current_context());
            let promise = v8::Global::new(scope, promise);
            let context = v8::Global::new(scope, context);
            state::with(|state| state.rejection_handled(promise, context));
        }
        v8::PromiseRejectEvent::PromiseRejectAfterResolved
        | v8::PromiseRejectEvent::PromiseResolveAfterResolved => {}
    }
}

/// Source text and line offset (from 0) with which a script starting at `line` (from 1) is compiled.
///
/// QuickJS ignores the offset of a script origin: there, empty lines stand before the source.
pub(crate) fn position_source(source: &str, line: u32) -> (std::borrow::Cow<'_, str>, i32) {
    let offset = line.saturating_sub(1);
    if cfg!(feature = "v8") || offset == 0 {
        (source.into(), i32::try_from(offset).unwrap_or(0))
    } else {
        let mut padded = "\n".repeat(offset.min(1_000_000) as usize);
        padded.push_str(source);
        (padded.into(), 0)
    }
}

/// Gives a global a data property, not enumerable, whose value is what `make` returns when it is first read. `false` if the engine
/// has no such properties.
pub(crate) fn set_lazy_global<'s>(
    scope: &v8::PinScope<'s, '_>,
    global: v8::Local<'s, v8::Object>,
    name: v8::Local<'s, v8::Name>,
    make: v8::Local<'s, v8::Function>,
) -> bool {
    if cfg!(not(feature = "v8")) {
        return false;
    }
    let key = lazy_globals(scope);
    let makers = global
        .get_private(scope, key)
        .and_then(|makers| v8::Local::<v8::Object>::try_from(makers).ok())
        .unwrap_or_else(|| {
            let makers = v8::Object::new(scope);
            global.set_private(scope, key, makers.into());
            makers
        });
    makers.set(scope, name.into(), make.into());
    // NOTE: `make` cannot be the property's own data, which V8 counts among what all contexts of a snapshot share.
    global
        .set_lazy_data_property_with_data(
            scope,
            name,
            lazy_global,
            v8::undefined(scope).into(),
            v8::PropertyAttribute::DONT_ENUM,
            v8::SideEffectType::HasSideEffect,
            v8::SideEffectType::HasSideEffect,
        )
        .unwrap_or(false)
}

/// Where a global keeps the functions that make its lazy properties.
fn lazy_globals<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Private> {
    let name = v8::String::new(scope, "readystate lazy globals");
    v8::Private::for_api(scope, name)
}

/// The value of a property set by [`set_lazy_global`].
fn lazy_global<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    property: v8::PropertyCallbackArguments<'s>,
    mut value: v8::ReturnValue<'_, v8::Value>,
) {
    let key = lazy_globals(scope);
    let this = v8::undefined(scope).into();
    let made = property
        .holder()
        .get_creation_context(scope)
        .and_then(|context| context.global(scope).get_private(scope, key))
        .and_then(|makers| v8::Local::<v8::Object>::try_from(makers).ok())
        .and_then(|makers| makers.get(scope, name.into()))
        .and_then(|make| v8::Local::<v8::Function>::try_from(make).ok())
        .and_then(|make| make.call(scope, this, &[]));
    if let Some(made) = made {
        value.set(made);
    }
}

/// A text of the binary that scripts are compiled from in place.
pub(crate) type StaticText = v8::OneByteConst;

/// The static text of these bytes. It does not compile if they are not ASCII.
#[cfg(not(any(debug_assertions, feature = "glue-from-disk")))]
pub(crate) const fn static_text(bytes: &'static [u8]) -> StaticText {
    v8::String::create_external_onebyte_const(bytes)
}

/// The text of a glue file.
#[derive(Clone, Copy)]
pub(crate) enum GlueText {
    /// It lies in the binary.
    #[cfg_attr(
        any(debug_assertions, feature = "glue-from-disk"),
        expect(dead_code, reason = "such builds read the files")
    )]
    Static(&'static StaticText),
    /// It was read from its file.
    #[cfg_attr(
        not(any(debug_assertions, feature = "glue-from-disk")),
        expect(dead_code, reason = "such builds hold the texts")
    )]
    Read(&'static str),
}

impl GlueText {
    fn as_str(self) -> &'static str {
        match self {
            Self::Static(text) => text.as_str(),
            Self::Read(text) => text,
        }
    }
}

/// What a snapshot refers to outside of itself, beside the ops: the getter of lazy globals and the static texts of the glue. The
/// same for every agent of a build.
pub(crate) fn external_references() -> Vec<v8::ExternalReference> {
    if cfg!(not(feature = "v8")) {
        return Vec::new();
    }
    let getter: v8::AccessorNameGetterCallback = v8::MapFnTo::map_fn_to(lazy_global);
    let texts = crate::glue::static_texts().map(|text| v8::ExternalReference {
        pointer: std::ptr::from_ref(text).cast_mut().cast(),
    });
    std::iter::once(v8::ExternalReference {
        pointer: getter as *mut c_void,
    })
    .chain(texts)
    .collect()
}

/// Evaluates a glue file on V8.
fn run_glue<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: GlueText,
    name: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    // OPTIMIZATION: what nearly every page calls is compiled with its file, and comes with the snapshot; everything else when it is
    // called first.
    let options = if crate::glue::is_hot(name) {
        v8::script_compiler::CompileOptions::EagerCompile
    } else {
        v8::script_compiler::CompileOptions::NoCompileOptions
    };
    let text = match text {
        GlueText::Static(text) => v8::String::new_from_onebyte_const(scope, text)?,
        GlueText::Read(text) => v8::String::new(scope, text)?,
    };
    let name = v8::String::new(scope, name)?.into();
    let origin =
        v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None);
    let mut source = v8::script_compiler::Source::new(text, Some(&origin));
    let reason = v8::script_compiler::NoCacheReason::NoReason;
    v8::script_compiler::compile(scope, &mut source, options, reason)?.run(scope)
}

/// The function that a glue file holds.
///
/// After each script, QuickJS's binding measures the whole heap for the callback near its limit. A hundred files of glue would
/// make every further realm wait for that, and longer the more there are; functions are spared.
pub(crate) fn glue_function<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: GlueText,
    name: &str,
) -> Option<v8::Local<'s, v8::Value>> {
    if cfg!(feature = "v8") {
        return run_glue(scope, text, name);
    }
    let body = v8::String::new(scope, &format!("return ({}\n)", text.as_str()))?;
    let name = v8::String::new(scope, name)?.into();
    let origin =
        v8::ScriptOrigin::new(scope, name, 0, 0, false, 0, None, false, false, false, None);
    let mut source = v8::script_compiler::Source::new(body, Some(&origin));
    let function = v8::script_compiler::compile_function(
        scope,
        &mut source,
        &[],
        &[],
        v8::script_compiler::CompileOptions::NoCompileOptions,
        v8::script_compiler::NoCacheReason::NoReason,
    )?;
    let undefined = v8::undefined(scope).into();
    function.call(scope, undefined, &[])
}

/// Watches over an object without keeping it.
pub(crate) struct WeakWrapper(v8::Weak<v8::Object>);

impl WeakWrapper {
    /// `None` on QuickJS, whose own finalizers do as well.
    pub(crate) fn new(
        isolate: &mut v8::Isolate,
        object: v8::Local<'_, v8::Object>,
    ) -> Option<Self> {
        cfg!(feature = "v8").then(|| Self(v8::Weak::new(isolate, object)))
    }

    /// Whether the collector has taken it.
    pub(crate) fn is_gone(&self) -> bool {
        self.0.is_empty()
    }

    /// The object, unless the collector has taken it.
    pub(crate) fn object<'s>(
        &self,
        scope: &v8::PinScope<'s, '_>,
    ) -> Option<v8::Local<'s, v8::Object>> {
        self.0.to_local(scope)
    }
}

/// Has collections counted.
pub(crate) fn count_collections(isolate: &mut v8::Isolate) {
    unsafe extern "C" fn count(
        _: v8::UnsafeRawIsolatePtr,
        _: v8::GCType,
        _: v8::GCCallbackFlags,
        _: *mut c_void,
    ) {
        state::with(|state| {
            let collections = state.collections.get();
            state.collections.set(collections.wrapping_add(1));
        });
    }
    if cfg!(feature = "v8") {
        isolate.add_gc_epilogue_callback(count, std::ptr::null_mut(), v8::GCType::kGCTypeAll);
    }
}

/// Bytes of array buffers in use and their limit.
pub(crate) struct BufferQuota {
    used: AtomicUsize,
    limit: usize,
}

impl BufferQuota {
    fn reserve(&self, length: usize) -> bool {
        self.used
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |used| {
                used.checked_add(length)
                    .filter(|total| *total <= self.limit)
            })
            .is_ok()
    }

    fn release(&self, length: usize) {
        self.used.fetch_sub(length, Ordering::Relaxed);
    }
}

/// Isolate parameters: the heap limit, and array buffers within a quota of the same size.
pub(crate) fn create_params(heap_limit: usize) -> v8::CreateParams {
    let params = v8::CreateParams::default().heap_limits(0, heap_limit);
    if cfg!(feature = "v8") {
        params.array_buffer_allocator(quota_allocator(heap_limit))
    } else {
        params
    }
}

/// The heap limit while an agent that has reached `current` unwinds, in bytes.
///
/// On V8 the allocation that came here must succeed, or the process ends. On QuickJS it may fail (script sees an exception, the
/// interrupt is reported all the same), but QuickJS itself is not sure-footed then: where it has no memory to write down an error's
/// stack it may read what is not there. So it gets some room, once, for the time until the next look at the interrupt.
pub(crate) fn raised_heap_limit(current: usize, initial: usize) -> usize {
    /// In bytes: what a loop of small allocations takes between two looks.
    const ROOM: usize = 64 << 20;
    if cfg!(feature = "v8") {
        current.saturating_add(initial.max(1 << 30))
    } else if current <= initial {
        current.saturating_add(ROOM)
    } else {
        current
    }
}

fn quota_allocator(limit: usize) -> v8::UniqueRef<v8::Allocator> {
    unsafe extern "C" fn allocate(quota: &BufferQuota, length: usize) -> *mut c_void {
        if !quota.reserve(length) {
            return std::ptr::null_mut();
        }
        // SAFETY: calloc with any size is sound; null is passed on as a failed allocation.
        let pointer = unsafe { libc_calloc(length.max(1), 1) };
        if pointer.is_null() {
            quota.release(length);
        }
        pointer
    }
    unsafe extern "C" fn free(quota: &BufferQuota, data: *mut c_void, length: usize) {
        // SAFETY: `data` comes from `allocate` above, which used calloc.
        unsafe { libc_free(data) };
        quota.release(length);
    }
    unsafe extern "C" fn drop_quota(quota: *const BufferQuota) {
        // SAFETY: the pointer comes from `Arc::into_raw` below and V8 gives it back once.
        drop(unsafe { Arc::from_raw(quota) });
    }
    static VTABLE: v8::RustAllocatorVtable<BufferQuota> = v8::RustAllocatorVtable {
        allocate,
        allocate_uninitialized: allocate,
        free,
        drop: drop_quota,
    };
    let quota = Arc::new(BufferQuota {
        used: AtomicUsize::new(0),
        limit,
    });
    // SAFETY: the handle is a valid pointer of the vtable's type and lives until `drop_quota`.
    unsafe { v8::new_rust_allocator(Arc::into_raw(quota), &VTABLE) }
}

unsafe extern "C" {
    #[link_name = "calloc"]
    fn libc_calloc(count: usize, size: usize) -> *mut c_void;
    #[link_name = "free"]
    fn libc_free(pointer: *mut c_void);
}
