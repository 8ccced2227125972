//! The errors of tree operations, named after the DOMExceptions they become.
//!
//! Standard: <https://webidl.spec.whatwg.org/#idl-DOMException-error-names>

use thiserror::Error;

/// Why an operation on the tree was refused. Nothing has changed when one is returned, unless a method says otherwise.
///
/// Each variant carries a short explanation for people; its kind is what script sees as the DOMException's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DomError {
    /// The operation would make a tree that the node tree constraints forbid (`HierarchyRequestError`).
    #[error("{0}")]
    HierarchyRequest(&'static str),
    /// A node or attribute that was named is not where it was said to be (`NotFoundError`).
    #[error("{0}")]
    NotFound(&'static str),
    /// A name holds a character it must not hold, or is empty (`InvalidCharacterError`).
    #[error("{0}")]
    InvalidCharacter(&'static str),
    /// A qualified name and a namespace contradict each other (`NamespaceError`).
    #[error("{0}")]
    Namespace(&'static str),
    /// The operation is not defined for this kind of node or document (`NotSupportedError`).
    #[error("{0}")]
    NotSupported(&'static str),
    /// The attribute belongs to another element (`InUseAttributeError`).
    #[error("{0}")]
    InUseAttribute(&'static str),
    /// A selector or a token does not parse (`SyntaxError`).
    #[error("{0}")]
    Syntax(String),
    /// The object is in a state that does not allow the operation (`InvalidStateError`).
    #[error("{0}")]
    InvalidState(&'static str),
    /// An offset lies outside the data or the children (`IndexSizeError`).
    #[error("{0}")]
    IndexSize(&'static str),
    /// The nodes do not share a tree or a document (`WrongDocumentError`).
    #[error("{0}")]
    WrongDocument(&'static str),
    /// The node is of a kind that the operation cannot take (`InvalidNodeTypeError`).
    #[error("{0}")]
    InvalidNodeType(&'static str),
    /// The node cannot be changed in this way (`NoModificationAllowedError`).
    #[error("{0}")]
    NoModificationAllowed(&'static str),
    /// [`TreeLimits::max_nodes`](crate::TreeLimits::max_nodes) is reached, or the parser's depth or size limit
    /// (`QuotaExceededError`).
    #[error("the tree holds as many nodes as its limit allows")]
    NodeLimit,
    /// An XPath expression visits more nodes than allowed, makes a string that is too long, or was told to stop
    /// (`QuotaExceededError`).
    #[error("the expression takes more work than allowed")]
    WorkLimit,
}
