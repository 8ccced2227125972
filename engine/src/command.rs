//! What the handle of a page asks its thread to do.

use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use readystate_dom::{NodeId, Tree};
use readystate_js::Evaluation;
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::web_socket::WebSocketEvent;
use url::Url;

use readystate_js::host::{FetchId, WebSocketId};

use crate::error::Error;
use crate::memory_use::MemoryUse;
use crate::page_clock::ClockChange;
use crate::settled::Pending;

/// What reaches an agent's thread from other threads.
pub(crate) enum Input {
    /// An asynchronous fetch of this agent goes on.
    Fetch(FetchId, FetchEvent),
    /// A WebSocket connection of this agent goes on.
    WebSocket(WebSocketId, WebSocketEvent),
    /// The handle wants something.
    Command(Command),
}

/// Where the answer goes. The asker may have gone; then nobody minds.
pub(crate) type Reply<T> = Sender<Result<T, Error>>;

/// When the caller stops waiting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline {
    pub(crate) at: Instant,
    pub(crate) after: Duration,
}

impl Deadline {
    pub(crate) fn after(timeout: Duration) -> Self {
        let now = Instant::now();
        Self {
            // A time-out beyond the clock's range is as good as thirty years.
            at: now
                .checked_add(timeout)
                .unwrap_or_else(|| now + Duration::from_secs(1 << 30)),
            after: timeout,
        }
    }
}

/// A function that is given the tree and the page's document.
pub(crate) type DocumentVisit = Box<dyn FnOnce(&mut Tree, NodeId) + Send>;

/// A request of the page's handle.
pub(crate) enum Command {
    /// Load a URL; answered after `load`.
    Goto {
        url: Url,
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// Load this HTML as if it had come from `base_url`; answered after `load`.
    SetContent {
        html: String,
        base_url: Option<Url>,
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// Go through the session history; answered after `load`, or with `false` if there is nothing to go to.
    Go {
        delta: i32,
        deadline: Deadline,
        reply: Reply<bool>,
    },
    /// Load the document again; answered after `load`.
    Reload {
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// The numbers of the windows that the page has opened.
    Popups { reply: Reply<Vec<u32>> },
    /// Close such a window.
    ClosePopup { navigable: u32, reply: Reply<()> },
    /// Evaluate a script in the window of a navigable; a promise is awaited.
    Evaluate {
        navigable: u32,
        source: String,
        deadline: Deadline,
        reply: Reply<Evaluation>,
    },
    /// Answer when the page is settled.
    WaitUntilSettled {
        horizon: Duration,
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// Say what the page is busy with.
    Pending { reply: Reply<Pending> },
    /// Set or move the page's clock; answered when that is done.
    ChangeClock {
        change: ClockChange,
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// Free what script has lost; say what is left.
    CollectGarbage { reply: Reply<MemoryUse> },
    /// Answer when an element matches.
    WaitForSelector {
        selector: String,
        deadline: Deadline,
        reply: Reply<()>,
    },
    /// Give the tree to Rust code, and the document of a navigable.
    VisitDocument(u32, DocumentVisit),
    /// Give the window another inner size.
    SetViewport {
        viewport: (u32, u32),
        reply: Reply<()>,
    },
    /// End the page.
    Close,
}
