//! Objects whose indexed and named properties are the items of a list: interceptors, where the engine has them.
//!
//! OPTIMIZATION: V8 asks the handler of a proxy through its runtime, with each index made a string; an interceptor gets the number, and
//! finds the node of a list that has not changed without a call of script. Elsewhere the glue makes proxies, see
//! `js/web/dom/NodeList.js`.
//!
//! Standard: <https://webidl.spec.whatwg.org/#js-legacy-platform-objects>, text of November 2026. Nothing can be set, defined or deleted
//! at an index, nor at a supported name.

use deno_core::v8;

use crate::state::with_tree;

/// Internal fields: what is known of the items (an array of nodes, or of ids), for which version of the tree, and the wrappers by id.
const ITEMS: usize = 0;
const VERSION: usize = 1;
const WRAPPERS: usize = 2;
const FIELDS: usize = 3;

/// The functions of the glue, by their places in the handler: the item at an index or undefined, how many there are, the value of a
/// name or null, and the names.
const AT: u32 = 0;
const LENGTH: u32 = 1;
const NAMED: u32 = 2;
const NAMES: u32 = 3;

type Scope<'s, 'i> = v8::PinScope<'s, 'i>;
type Args<'s> = v8::PropertyCallbackArguments<'s>;

/// A constructor of such objects: `new maker(items, wrappers)`, with `items` an array of nodes if the list never changes.
pub(crate) fn list_maker<'s>(
    scope: &Scope<'s, '_>,
    handler: v8::Local<'s, v8::Array>,
    has_names: bool,
) -> Option<v8::Local<'s, v8::Function>> {
    let template = v8::FunctionTemplate::new(scope, construct);
    let instance = template.instance_template(scope);
    instance.set_internal_field_count(FIELDS);
    instance.set_indexed_property_handler(
        v8::IndexedPropertyHandlerConfiguration::new()
            .getter(item)
            .setter(set_item)
            .query(query_item)
            .deleter(delete_item)
            .enumerator(enumerate_items)
            .definer(define_item)
            .data(handler.into()),
    );
    if has_names {
        let flags = v8::PropertyHandlerFlags::NON_MASKING
            | v8::PropertyHandlerFlags::ONLY_INTERCEPT_STRINGS;
        instance.set_named_property_handler(
            v8::NamedPropertyHandlerConfiguration::new()
                .getter(named)
                .setter(set_named)
                .query(query_named)
                .deleter(delete_named)
                .enumerator(enumerate_names)
                .definer(define_named)
                .flags(flags)
                .data(handler.into()),
        );
    }
    template.get_function(scope)
}

/// Notes the ids that a list has as long as the tree has a version; `version` is the low half of that of the structure, or, counting
/// from -1 down, of the structure's and the attributes' together.
pub(crate) fn keep_items(
    list: v8::Local<'_, v8::Object>,
    ids: v8::Local<'_, v8::Value>,
    version: v8::Local<'_, v8::Value>,
) {
    if list.internal_field_count() == FIELDS {
        list.set_internal_field(ITEMS, ids.into());
        list.set_internal_field(VERSION, version.into());
    }
}

fn construct<'s>(
    _: &mut Scope<'s, '_>,
    args: v8::FunctionCallbackArguments<'s>,
    _: v8::ReturnValue<'s, v8::Value>,
) {
    let list = args.this();
    if list.internal_field_count() == FIELDS {
        list.set_internal_field(ITEMS, args.get(0).into());
        list.set_internal_field(WRAPPERS, args.get(1).into());
    }
}

fn field<'s>(
    scope: &Scope<'s, '_>,
    list: v8::Local<'s, v8::Object>,
    index: usize,
) -> Option<v8::Local<'s, v8::Value>> {
    list.get_internal_field(scope, index)?.try_into().ok()
}

/// The item at an index by what the list has noted; `None` if the glue has to be asked.
fn known_item<'s>(
    scope: &Scope<'s, '_>,
    list: v8::Local<'s, v8::Object>,
    index: u32,
) -> Option<v8::Local<'s, v8::Value>> {
    let items = field(scope, list, ITEMS)?;
    let (items, length): (v8::Local<'_, v8::Object>, usize) =
        if let Ok(items) = items.try_cast::<v8::Array>() {
            (items.into(), items.length() as usize)
        } else {
            let items = items.try_cast::<v8::Uint32Array>().ok()?;
            (items.into(), items.length())
        };
    let version = field(scope, list, VERSION)?;
    if index as usize >= length {
        return (version.is_undefined() || is_now(version)).then(|| v8::undefined(scope).into());
    }
    let item = items.get_index(scope, index)?;
    if version.is_undefined() {
        return Some(item);
    }
    if !is_now(version) {
        return None;
    }
    let id: v8::Local<'_, v8::Uint32> = item.try_into().ok()?;
    let wrappers: v8::Local<'_, v8::Array> = field(scope, list, WRAPPERS)?.try_into().ok()?;
    let wrapper = wrappers.get_index(scope, id.value())?;
    wrapper.is_object().then_some(wrapper)
}

/// Whether a noted version is that of the tree.
fn is_now(version: v8::Local<'_, v8::Value>) -> bool {
    let Ok(version) = version.try_cast::<v8::Number>() else {
        return false;
    };
    let version = version.value();
    with_tree(|tree| {
        let structure = tree.structure_version() as u32;
        if version < 0.0 {
            let all = structure.wrapping_add(tree.attribute_version() as u32);
            -1.0 - version == f64::from(all)
        } else {
            version == f64::from(structure)
        }
    })
}

/// Calls a function of the glue; `None` if it has thrown.
fn ask<'s>(
    scope: &Scope<'s, '_>,
    args: &Args<'s>,
    place: u32,
    key: Option<v8::Local<'s, v8::Value>>,
) -> Option<v8::Local<'s, v8::Value>> {
    let handler: v8::Local<'_, v8::Array> = args.data().try_into().ok()?;
    let function: v8::Local<'_, v8::Function> = handler.get_index(scope, place)?.try_into().ok()?;
    let undefined = v8::undefined(scope);
    let key = key.unwrap_or(undefined.into());
    function.call(scope, undefined.into(), &[args.holder().into(), key])
}

/// The item at an index, undefined if there is none; `None` if the glue has thrown.
fn item_at<'s>(
    scope: &Scope<'s, '_>,
    args: &Args<'s>,
    index: u32,
) -> Option<v8::Local<'s, v8::Value>> {
    known_item(scope, args.holder(), index).or_else(|| {
        let index = v8::Integer::new_from_unsigned(scope, index);
        ask(scope, args, AT, Some(index.into()))
    })
}

/// The value of a name, if it is supported.
fn value_of<'s>(
    scope: &Scope<'s, '_>,
    args: &Args<'s>,
    name: v8::Local<'s, v8::Name>,
) -> Option<v8::Local<'s, v8::Value>> {
    ask(scope, args, NAMED, Some(name.into())).filter(|value| !value.is_null_or_undefined())
}

/// What a refused change ends with: false, or an exception in strict code.
fn refuse<T>(
    scope: &Scope<'_, '_>,
    args: &Args<'_>,
    mut answer: impl FnMut(bool) -> T,
) -> v8::Intercepted {
    answer(false);
    if args.should_throw_on_error() {
        let message = v8::String::new(
            scope,
            "The items of a list cannot be set, defined or deleted",
        );
        let exception =
            v8::Exception::type_error(scope, message.unwrap_or(v8::String::empty(scope)));
        scope.throw_exception(exception);
    }
    v8::Intercepted::kYes
}

fn item<'s>(
    scope: &mut Scope<'s, '_>,
    index: u32,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Value>,
) -> v8::Intercepted {
    match item_at(scope, &args, index) {
        Some(item) if item.is_undefined() => v8::Intercepted::kNo,
        Some(item) => {
            result.set(item);
            v8::Intercepted::kYes
        }
        None => v8::Intercepted::kYes,
    }
}

fn query_item<'s>(
    scope: &mut Scope<'s, '_>,
    index: u32,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Integer>,
) -> v8::Intercepted {
    match item_at(scope, &args, index) {
        Some(item) if item.is_undefined() => v8::Intercepted::kNo,
        _ => {
            result.set_int32(READ_ONLY);
            v8::Intercepted::kYes
        }
    }
}

/// Of `v8::PropertyAttribute`, as a query answers.
const READ_ONLY: i32 = 1;
const DONT_ENUM: i32 = 2;

fn set_item<'s>(
    scope: &mut Scope<'s, '_>,
    _: u32,
    _: v8::Local<'s, v8::Value>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, ()>,
) -> v8::Intercepted {
    refuse(scope, &args, |answer| result.set_bool(answer))
}

fn define_item<'s>(
    scope: &mut Scope<'s, '_>,
    _: u32,
    _: &v8::PropertyDescriptor,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, ()>,
) -> v8::Intercepted {
    refuse(scope, &args, |answer| result.set_bool(answer))
}

fn delete_item<'s>(
    scope: &mut Scope<'s, '_>,
    index: u32,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Boolean>,
) -> v8::Intercepted {
    match item_at(scope, &args, index) {
        Some(item) if item.is_undefined() => v8::Intercepted::kNo,
        Some(_) => refuse(scope, &args, |answer| result.set_bool(answer)),
        None => v8::Intercepted::kYes,
    }
}

fn enumerate_items<'s>(
    scope: &mut Scope<'s, '_>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Array>,
) {
    let length = ask(scope, &args, LENGTH, None).and_then(|length| length.uint32_value(scope));
    let indices: Vec<v8::Local<'_, v8::Value>> = (0..length.unwrap_or(0))
        .map(|index| v8::Integer::new_from_unsigned(scope, index).into())
        .collect();
    result.set(v8::Array::new_with_elements(scope, &indices));
}

fn named<'s>(
    scope: &mut Scope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Value>,
) -> v8::Intercepted {
    match value_of(scope, &args, name) {
        Some(value) => {
            result.set(value);
            v8::Intercepted::kYes
        }
        None => v8::Intercepted::kNo,
    }
}

/// NOTE: read only, it can neither be set on an object that has the list as its prototype, as in Chromium. The standard would let it,
/// but the engine does not say whose property is to be set.
fn query_named<'s>(
    scope: &mut Scope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Integer>,
) -> v8::Intercepted {
    if value_of(scope, &args, name).is_none() {
        return v8::Intercepted::kNo;
    }
    result.set_int32(READ_ONLY | DONT_ENUM);
    v8::Intercepted::kYes
}

fn set_named<'s>(
    scope: &mut Scope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    _: v8::Local<'s, v8::Value>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, ()>,
) -> v8::Intercepted {
    if value_of(scope, &args, name).is_none() {
        return v8::Intercepted::kNo;
    }
    refuse(scope, &args, |answer| result.set_bool(answer))
}

fn define_named<'s>(
    scope: &mut Scope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    _: &v8::PropertyDescriptor,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, ()>,
) -> v8::Intercepted {
    if value_of(scope, &args, name).is_none() {
        return v8::Intercepted::kNo;
    }
    refuse(scope, &args, |answer| result.set_bool(answer))
}

fn delete_named<'s>(
    scope: &mut Scope<'s, '_>,
    name: v8::Local<'s, v8::Name>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Boolean>,
) -> v8::Intercepted {
    if value_of(scope, &args, name).is_none() {
        return v8::Intercepted::kNo;
    }
    refuse(scope, &args, |answer| result.set_bool(answer))
}

fn enumerate_names<'s>(
    scope: &mut Scope<'s, '_>,
    args: Args<'s>,
    mut result: v8::ReturnValue<'_, v8::Array>,
) {
    let names = ask(scope, &args, NAMES, None);
    if let Some(Ok(names)) = names.map(v8::Local::<'_, v8::Array>::try_from) {
        result.set(names);
    }
}
