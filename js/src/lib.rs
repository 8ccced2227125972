//! JavaScript for readystate: the agent, its windows, the interfaces of the web platform.
//!
//! This is the only crate that names deno_core and V8, and the only one where the tree (`readystate-dom`) and the network
//! (`readystate-xhr`) meet. [`Agent`] runs script; what script asks of its surroundings goes through [`host::Host`].
//!
//! State lives in the agent's one `thread_local` or in wrappers; nothing else stands at module level but constants. Only
//! listener calls and callbacks run page script, and every state is read again after one.
//!
//! Exactly one of the features `v8` and `quickjs` must be on.
#![deny(missing_docs)]

#[cfg(all(feature = "v8", feature = "quickjs"))]
compile_error!(
    "features `v8` and `quickjs` exclude each other: build with `--no-default-features --features quickjs` for QuickJS"
);
#[cfg(not(any(feature = "v8", feature = "quickjs")))]
compile_error!("one of the features `v8` and `quickjs` is needed");

mod agent;
mod backend;
mod checkpoint;
mod entry;
mod error;
mod evaluation;
mod exception;
pub mod frame_table;
mod glue;
pub mod host;
mod interrupt;
mod module;
mod module_import;
mod node_lifetime;
mod object_lifetime;
mod ops;
mod realm;
mod sandbox;
mod script;
mod state;
pub mod storage;
mod weak_trees;
mod window;

pub use agent::{Agent, AgentOptions, HeapStatistics, ScriptError};
pub use backend::{ENGINE, engine_name, init_platform};
pub use entry::{EventInit, FireTarget, ReadyState};
pub use evaluation::Evaluation;
pub use host::{ExceptionReport, Host, WindowId};
pub use interrupt::{InterruptReason, Interrupter};
pub use realm::create_snapshot;
pub use sandbox::Sandbox;
pub use script::Completion;
pub use state::{allot_module, allot_navigable, allot_window, with_frames, with_tree};
pub use window::{WindowInit, forget_navigable};

/// The extension: the whole surface between glue and Rust.
fn extension() -> deno_core::Extension {
    deno_core::Extension {
        name: "readystate",
        ops: ops::all().into(),
        lazy_loaded_js_files: vec![deno_core::ExtensionFileSource::new(
            realm::FIRST_SCRIPT,
            deno_core::ascii_str!("undefined"),
        )]
        .into(),
        external_references: backend::external_references().into(),
        ..Default::default()
    }
}
