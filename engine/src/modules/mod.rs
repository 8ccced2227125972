//! Module scripts as the engine sees them: the module map of each document, graphs on their way, import maps.
//!
//! Making, linking and evaluating modules is `readystate-js`'s; what a specifier means, what has to be fetched, and when a graph
//! is whole, is decided here. A graph is walked with a list of its own, so that its depth costs no stack.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/webappapis.html#fetching-scripts>, as of 2026-01.

mod fetching;
mod graph;
pub mod import_map;
mod script_element;

pub(crate) use graph::Modules;
