//! The document tree of readystate.
//!
//! [`Tree`] is an arena that holds every document of an agent. Nodes are named by [`NodeId`], a 32-bit slot; a Rust
//! user who keeps a node across calls that may free it takes a [`NodeHandle`], which knows when its slot was reused.
//! All operations are methods of [`Tree`], named as the DOM Standard names them.
//!
//! Invariants: a tree is a function of its input bytes and calls; HTML parsing never fails; the id of a freed node
//! resolves to nothing; mutations yield records and effects as data and call nobody back; every walk is iterative, so
//! that depth costs no stack.
//!
//! Standard: <https://dom.spec.whatwg.org/>, text of November 2026.
//!
//! ```
//! use readystate_dom::{DocumentInit, Tree, parsing::html, serializing::html::outer_html};
//!
//! let mut tree = Tree::default();
//! let document = tree.create_document(DocumentInit::html("https://example.org/"))?;
//! html::parse_document(&mut tree, document, "<title>Hi</title><p id=greeting>Hello");
//! let greeting = tree.get_element_by_id(document, "greeting").expect("the page has one");
//! tree.set_text_content(greeting, "Good day")?;
//! assert_eq!(outer_html(&tree, greeting), "<p id=\"greeting\">Good day</p>");
//! # Ok::<(), readystate_dom::DomError>(())
//! ```
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod arena;
pub mod collections;
pub mod controls;
pub mod css;
pub mod custom_elements;
mod error;
pub mod event_path;
pub mod mutation;
pub mod names;
pub mod node;
pub mod parsing;
pub mod selectors;
pub mod serializing;
pub mod shadow;
pub mod traversal;
pub mod xpath;

pub use arena::{NodeHandle, NodeId, Tree, TreeLimits};
pub use error::DomError;
pub use html5ever::{LocalName, Namespace, Prefix, local_name, ns};
pub use mutation::effect::Effect;
pub use mutation::mutation_record::{MutationRecord, ObserverId, ObserverOptions, RecordKind};
pub use node::NodeKind;
pub use node::character_data::CharacterData;
pub use node::document::{DocumentInit, DocumentKind, DocumentMode};
pub use node::element::{Attribute, ScriptFlags};
