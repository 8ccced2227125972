//! The Console Standard's printer, as one op.

use deno_core::{OpDecl, op2, v8};

use crate::exception;
use crate::host::{ConsoleLevel, WindowId};
use crate::state;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![op_console()]
}

/// Prints one line. `level`: 0 debug, 1 log, 2 info, 3 warn, 4 error.
#[op2]
fn op_console(scope: &v8::PinScope<'_, '_>, window: u32, level: u32, #[string] text: &str) {
    let level = match level {
        0 => ConsoleLevel::Debug,
        2 => ConsoleLevel::Info,
        3 => ConsoleLevel::Warn,
        4 => ConsoleLevel::Error,
        _ => ConsoleLevel::Log,
    };
    let location = exception::caller(scope);
    if let Some(host) = state::host() {
        host.console(WindowId(window), level, text, &location);
    }
}
