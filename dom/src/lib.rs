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
//! # A tour
//!
//! Parsing never fails for HTML; [`query_selector`](Tree::query_selector) and its kin take selectors of level 4:
//!
//! ```
//! use readystate_dom::{DocumentInit, Tree, parsing::html, serializing::html::outer_html};
//!
//! let mut tree = Tree::default();
//! let document = tree.create_document(DocumentInit::html("https://example.org/"))?;
//! html::parse_document(&mut tree, document, "<title>Hi</title><ul><li class=new>One<li>Two</ul>");
//! assert_eq!(tree.title(document), "Hi");
//! let item = tree.query_selector(document, "ul > li.new:first-child")?.expect("the page has one");
//! assert_eq!(tree.text_content(item).as_deref(), Some("One"));
//! let list = tree.closest(item, "ul:has(> .new)")?.expect("it is in a list");
//!
//! // Editing is by the methods of the standard; every one that can fail says why.
//! let link = tree.create_html_element(document, "a")?;
//! tree.set_attribute(link, "href", "/more")?;
//! tree.set_text_content(link, "More")?;
//! tree.append(link, item)?;
//! tree.set_inner_html(list, "<li>Zero</li>")?;
//! tree.append(item, list)?;
//! assert_eq!(
//!     outer_html(&tree, list),
//!     "<ul><li>Zero</li><li class=\"new\">One<a href=\"/more\">More</a></li></ul>"
//! );
//! assert!(tree.append(list, item).is_err(), "a node cannot hold itself");
//! # Ok::<(), readystate_dom::DomError>(())
//! ```
//!
//! What selectors cannot say, [XPath](xpath) can:
//!
//! ```
//! # use readystate_dom::{DocumentInit, Tree, parsing::html, xpath::XPathValue};
//! # let mut tree = Tree::default();
//! # let document = tree.create_document(DocumentInit::html("about:blank"))?;
//! html::parse_document(&mut tree, document, "<table><tr><td>3<td>4<tr><td>5</table>");
//! assert_eq!(tree.evaluate_xpath(document, "sum(//tr[td[2]]/td)")?, XPathValue::Number(7.0));
//! # Ok::<(), readystate_dom::DomError>(())
//! ```
//!
//! XML is strict: a document, or an error with its place.
//!
//! ```
//! use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
//! use readystate_dom::serializing::xml::serialize_xml;
//! # use readystate_dom::{DocumentInit, Tree};
//! # let mut tree = Tree::default();
//! let document = tree.create_document(DocumentInit::xml("about:blank"))?;
//! parse_xml(&mut tree, document, "<a xmlns='urn:x'><b/></a>", XmlLimits::default()).expect("well-formed");
//! assert_eq!(serialize_xml(&tree, document, true)?, "<a xmlns=\"urn:x\"><b/></a>");
//! let other = tree.create_document(DocumentInit::xml("about:blank"))?;
//! let error = parse_xml(&mut tree, other, "<a>\n  <b></a>", XmlLimits::default()).unwrap_err();
//! assert_eq!((error.line, error.column), (2, 8));
//! # Ok::<(), readystate_dom::DomError>(())
//! ```
//!
//! Nodes that are not in a document live on until they are freed, and a handle knows when that has happened:
//!
//! ```
//! # use readystate_dom::{DocumentInit, Tree, parsing::html};
//! # let mut tree = Tree::default();
//! # let document = tree.create_document(DocumentInit::html("about:blank"))?;
//! html::parse_document(&mut tree, document, "<p id=p>text");
//! let paragraph = tree.get_element_by_id(document, "p").expect("there is one");
//! let handle = tree.handle(paragraph).expect("it lives");
//! tree.remove(paragraph)?;
//! assert_eq!(tree.resolve(handle), Some(paragraph));
//! tree.free_subtree(paragraph)?;
//! assert_eq!(tree.resolve(handle), None);
//! # Ok::<(), readystate_dom::DomError>(())
//! ```
//!
//! The example `outline` (`cargo run -p readystate-dom --example outline -- page.html`) reads a page, prints its
//! headings and links, and writes it back changed. Each operation has a bench: `cargo bench -p readystate-dom`.
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
mod versions;
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
pub use versions::VersionTable;
