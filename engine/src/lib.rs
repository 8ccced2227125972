//! A headless web page engine: load a page, let its scripts and requests run, read the document.
//!
//! A [`Browser`] holds what pages share; a [`Page`] loads a URL, a string or a folder, and answers questions about what
//! became of it. All calls block; a page lives on a thread of its own.
//!
//! ```no_run
//! use readystate::{Browser, BrowserOptions};
//!
//! let browser = Browser::new(BrowserOptions::new())?;
//! let page = browser.new_page()?;
//! page.goto("https://example.com/")?;
//! page.wait_until_settled()?;
//! println!("{}", page.content()?);
//! # Ok::<(), readystate::Error>(())
//! ```
//!
//! # What a page may do
//!
//! Page script has no file system, no process and no environment. A page from a public address cannot reach loopback,
//! private or link-local addresses; see [`PrivateAddresses`]. What it may use up is bounded by [`Limits`]. A hostile page
//! can fail, loop or be cut off; it cannot take the process down.
//!
//! # Inside
//!
//! The inputs of the event loop are one closed enumeration, each with its task source ([`task_source`]); timers are a heap
//! ([`timer_heap`]) over a clock that is a parameter; a [`watchdog`] thread ends scripts that run too long. This crate
//! alone starts threads, prints, and reads files.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod address_policy;
mod authenticate;
mod auxiliary_windows;
mod backlog;
pub mod base_url;
mod browser;
mod cache_directory;
pub mod cli;
mod clock;
mod command;
mod config;
mod declarative_refresh;
mod document_lifecycle;
mod document_parsing;
mod document_state;
mod document_type;
mod document_unloading;
mod dynamic_markup_insertion;
mod error;
mod event_loop;
mod events;
pub mod folder_server;
mod frame_documents;
mod frame_navigation;
mod frames;
mod har;
mod history_traversal;
mod interception;
mod local_storage_file;
mod memory_use;
pub mod modules;
mod mutation_effects;
mod navigable;
mod navigation;
mod navigation_resource;
mod network;
mod object_elements;
mod page;
mod page_clock;
mod page_thread;
mod permissions_policy;
mod popup;
mod proxy_environment;
mod script_budget;
mod script_loading;
mod session_history;
mod settled;
mod snapshot;
mod source_maps;
mod style_loading;
pub mod task_source;
mod text;
mod thread_time;
pub mod timer_heap;
mod waiting;
pub mod watchdog;
mod web_sockets;
mod whole_source;
mod window_host;

pub use authenticate::OnAuthenticate;
pub use browser::Browser;
pub use config::{
    BrowserOptions, EventCallback, Limits, OnBeforeUnload, OverrunPolicy, PageOptions,
    PrivateAddresses,
};
pub use error::{Error, Limit, LoadFailure};
pub use events::{ConsoleLine, PageEvent, RequestRecord};
pub use interception::{
    AbortReason, Changes, Fulfillment, InvalidPattern, Route, RouteId, RoutePattern, RouteRequest,
};
pub use memory_use::MemoryUse;
pub use page::Page;
pub use page_clock::PageClock;
pub use popup::Popup;
pub use readystate_dom as dom;
pub use readystate_js::host::{ConsoleLevel, ExceptionReport, SourceLocation};
pub use readystate_xhr as xhr;
pub use settled::{
    OpenConnection, Pending, PendingDocument, PendingRequest, PendingTimer, PendingTimerKind,
    RequestPhase, RequestPurpose,
};
