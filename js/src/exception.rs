//! Exceptions as data: message, place and stack, without the glue's own frames.

use deno_core::error::{JsError, prepare_stack_trace_callback_with_original_callsites};
use deno_core::v8;

use crate::backend;
use crate::host::{ExceptionReport, SourceLocation};

/// Prefix of the names of glue scripts and deno_core's own.
const INTERNAL: &str = "ext:";

/// Describes an exception for people and for `ErrorEvent`.
///
/// Never fails: where even a description cannot be made (the stack or the heap is full, the error's own members throw), it
/// says so.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#extract-error>
pub(crate) fn describe<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> ExceptionReport {
    // deno_core and its QuickJS backend take for granted that an Error can be made and read, and panic where it cannot.
    let described = backend::catch_panic(|| describe_or_panic(scope, error));
    described.unwrap_or_else(|| ExceptionReport {
        message: backend::catch_panic(|| plain_message(scope, error))
            .flatten()
            .unwrap_or_else(|| "Uncaught exception that cannot be described".to_owned()),
        location: SourceLocation::default(),
        stack: None,
        in_promise: false,
        muted: false,
    })
}

fn describe_or_panic<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> ExceptionReport {
    let js_error = JsError::from_v8_exception(scope, error);
    let frame = js_error.frames.iter().find(|frame| {
        frame.line_number.is_some()
            && frame
                .file_name
                .as_deref()
                .is_some_and(|name| !name.starts_with(INTERNAL))
    });
    let location = match frame {
        Some(frame) => SourceLocation {
            url: frame.file_name.clone().unwrap_or_default(),
            line: position(frame.line_number),
            column: position(frame.column_number),
        },
        None => message_location(scope, error),
    };
    let message =
        dom_exception_message(scope, error).unwrap_or_else(|| js_error.exception_message.clone());
    let message = if message.starts_with("Uncaught ") {
        message
    } else {
        format!("Uncaught {message}")
    };
    let stack = js_error
        .stack
        .as_deref()
        .map(page_stack)
        .filter(|stack| !stack.is_empty());
    ExceptionReport {
        message,
        location,
        stack,
        in_promise: false,
        muted: v8::Exception::create_message(scope, error).is_opaque(),
    }
}

/// `Name: message` of an error of the engine's own making, for whose whole description there is no room: its members are
/// plain values, which are read without a call.
fn plain_message<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> Option<String> {
    let object = v8::Local::<v8::Object>::try_from(error).ok()?;
    if !object.is_native_error() {
        return None;
    }
    v8::tc_scope!(let scope, scope);
    let member = |name: &str| -> Option<String> {
        let key = v8::String::new(scope, name)?;
        let value = object.get(scope, key.into())?;
        value.is_string().then(|| value.to_rust_string_lossy(scope))
    };
    Some(format!(
        "Uncaught {}: {}",
        member("name")?,
        member("message")?
    ))
}

/// `Name: message` of a DOMException, which deno_core's message would call `[object DOMException]` on some engines.
fn dom_exception_message<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> Option<String> {
    let object = v8::Local::<v8::Object>::try_from(error).ok()?;
    if object.is_native_error() || object.is_proxy() {
        return None;
    }
    v8::tc_scope!(let scope, scope);
    let class = object.get_constructor_name().to_rust_string_lossy(scope);
    if class != "DOMException" {
        return None;
    }
    let member = |name: &str| -> Option<String> {
        let key = v8::String::new(scope, name)?;
        Some(object.get(scope, key.into())?.to_rust_string_lossy(scope))
    };
    Some(format!("{}: {}", member("name")?, member("message")?))
}

fn position(number: Option<i64>) -> u32 {
    number
        .and_then(|number| u32::try_from(number).ok())
        .unwrap_or(0)
}

/// Where a syntax error stands, which has no frame of its own.
fn message_location<'s>(
    scope: &v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
) -> SourceLocation {
    place(scope, v8::Exception::create_message(scope, error)).0
}

/// Where a message points, and whether the script there has muted errors.
pub(crate) fn place<'s>(
    scope: &v8::PinScope<'s, '_>,
    message: v8::Local<'s, v8::Message>,
) -> (SourceLocation, bool) {
    let url = message
        .get_script_resource_name(scope)
        .filter(|name| name.is_string())
        .map(|name| name.to_rust_string_lossy(scope))
        .unwrap_or_default();
    if url.starts_with(INTERNAL) {
        return (SourceLocation::default(), false);
    }
    let location = SourceLocation {
        url,
        line: message
            .get_line_number(scope)
            .and_then(|line| u32::try_from(line).ok())
            .unwrap_or(0),
        column: u32::try_from(message.get_start_column())
            .map_or(0, |column| column.saturating_add(1)),
    };
    (location, message.is_opaque())
}

/// A stack without the lines of the glue.
fn page_stack(stack: &str) -> String {
    stack
        .lines()
        .filter(|line| !line.contains(INTERNAL))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What `error.stack` is: the error as text, then a line for each frame of the page's own script.
///
/// deno_core's own text asks some twenty questions of each frame; here V8 writes the line. The frames stay with the error
/// as deno_core keeps them, for [`describe`]. A page's `Error.prepareStackTrace` is called as V8 does.
#[cfg_attr(
    not(feature = "v8"),
    allow(dead_code, reason = "QuickJS writes stacks itself")
)]
pub(crate) fn stack_text<'s>(
    scope: &mut v8::PinScope<'s, '_>,
    error: v8::Local<'s, v8::Value>,
    frames: v8::Local<'s, v8::Array>,
) -> v8::Local<'s, v8::Value> {
    // Frames are functions of whoever is running: not for script where there is more than one origin.
    if !crate::state::has_origins() && formats_itself(scope).unwrap_or(false) {
        return prepare_stack_trace_callback_with_original_callsites(scope, error, frames);
    }
    v8::tc_scope!(let scope, scope);
    if let (Ok(object), Some(key)) = (
        v8::Local::<v8::Object>::try_from(error),
        v8::String::new(scope, "deno_core::call_site_evals"),
    ) {
        let key = v8::Private::for_api(scope, Some(key));
        object.set_private(scope, key, frames.into());
    }
    let mut text = error
        .to_string(scope)
        .map_or_else(String::new, |text| text.to_rust_string_lossy(scope));
    for index in 0..frames.length() {
        let Some(frame) = frames
            .get_index(scope, index)
            .and_then(|frame| frame.to_string(scope))
        else {
            break;
        };
        let line = frame.to_rust_string_lossy(scope);
        if !line.contains(INTERNAL) {
            text.push_str("\n    at ");
            text.push_str(&line);
        }
    }
    scope.reset();
    v8::String::new(scope, &text).map_or_else(|| v8::String::empty(scope).into(), Into::into)
}

/// Whether the page has set `Error.prepareStackTrace`.
#[cfg_attr(
    not(feature = "v8"),
    allow(dead_code, reason = "QuickJS writes stacks itself")
)]
fn formats_itself(scope: &v8::PinScope<'_, '_>) -> Option<bool> {
    let global = scope.get_current_context().global(scope);
    let key = v8::String::new(scope, "Error")?;
    let error = v8::Local::<v8::Object>::try_from(global.get(scope, key.into())?).ok()?;
    let key = v8::String::new(scope, "prepareStackTrace")?;
    Some(error.get(scope, key.into())?.is_function())
}

/// The page's innermost frame, for console lines.
pub(crate) fn caller(scope: &v8::PinScope<'_, '_>) -> SourceLocation {
    let Some(trace) = v8::StackTrace::current_stack_trace(scope, 12) else {
        return SourceLocation::default();
    };
    for index in 0..trace.get_frame_count() {
        let Some(frame) = trace.get_frame(scope, index) else {
            continue;
        };
        let Some(name) = frame.get_script_name(scope) else {
            continue;
        };
        let url = name.to_rust_string_lossy(scope);
        if !url.starts_with(INTERNAL) {
            return SourceLocation {
                url,
                line: u32::try_from(frame.get_line_number()).unwrap_or(0),
                column: u32::try_from(frame.get_column()).unwrap_or(0),
            };
        }
    }
    SourceLocation::default()
}
