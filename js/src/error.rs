//! The one place where an error of the lower crates becomes an exception of the page.
//!
//! Ops do not throw: they leave a [`Failure`] with the agent and return a negative number; the glue takes it with
//! `op_take_error` and builds the DOMException or TypeError of its own realm.

use readystate_dom::DomError;
use readystate_xhr::XhrError;
use readystate_xhr::fetch_api::FetchApiError;

use crate::state;

/// An exception to be made: `name` is a DOMException name, or `TypeError` or `RangeError`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) name: &'static str,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(name: &'static str, message: impl Into<String>) -> Self {
        Self {
            name,
            message: message.into(),
        }
    }

    /// A wrong receiver or argument: Web IDL's brand check failed in Rust.
    pub(crate) fn illegal() -> Self {
        Self::new("TypeError", "Illegal invocation")
    }
}

impl From<DomError> for Failure {
    fn from(error: DomError) -> Self {
        Self::new(dom_error_name(&error), error.to_string())
    }
}

impl From<FetchApiError> for Failure {
    fn from(error: FetchApiError) -> Self {
        let name = match error {
            FetchApiError::Range(_) => "RangeError",
            _ => "TypeError",
        };
        Self::new(name, error.to_string())
    }
}

impl From<XhrError> for Failure {
    fn from(error: XhrError) -> Self {
        Self::new(xhr_error_name(&error), error.to_string())
    }
}

/// Leaves `error` with the agent; the negative result tells the glue to throw it.
pub(crate) fn fail(error: impl Into<Failure>) -> i32 {
    state::set_last_error(error.into());
    -1
}

fn dom_error_name(error: &DomError) -> &'static str {
    match error {
        DomError::HierarchyRequest(_) => "HierarchyRequestError",
        DomError::NotFound(_) => "NotFoundError",
        DomError::InvalidCharacter(_) => "InvalidCharacterError",
        DomError::Namespace(_) => "NamespaceError",
        DomError::NotSupported(_) => "NotSupportedError",
        DomError::InUseAttribute(_) => "InUseAttributeError",
        DomError::Syntax(_) => "SyntaxError",
        DomError::InvalidState(_) => "InvalidStateError",
        DomError::IndexSize(_) => "IndexSizeError",
        DomError::WrongDocument(_) => "WrongDocumentError",
        DomError::InvalidNodeType(_) => "InvalidNodeTypeError",
        DomError::NoModificationAllowed(_) => "NoModificationAllowedError",
        DomError::NodeLimit | DomError::WorkLimit => "QuotaExceededError",
        // A variant of a later version of dom: still an exception, never a panic.
        _ => "OperationError",
    }
}

fn xhr_error_name(error: &XhrError) -> &'static str {
    match error {
        XhrError::InvalidState(_) => "InvalidStateError",
        XhrError::InvalidAccess(_) => "InvalidAccessError",
        XhrError::Syntax(_) => "SyntaxError",
        XhrError::Security(_) => "SecurityError",
        XhrError::Network(_) => "NetworkError",
        XhrError::Timeout => "TimeoutError",
        XhrError::Abort => "AbortError",
        XhrError::QuotaExceeded(_) => "QuotaExceededError",
        _ => "OperationError",
    }
}
