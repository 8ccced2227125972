//! What a page keeps in memory for its script.

use std::sync::mpsc::Sender;

use crate::command::{Command, Deadline};
use crate::error::Error;
use crate::page::Page;
use crate::page_thread::PageThread;

/// What is left of a page's memory after [`Page::collect_garbage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MemoryUse {
    /// Bytes of the script heap in use, without array buffers; 0 before the page has run its first document.
    pub script_heap: usize,
    /// Nodes in all trees that are kept.
    pub nodes: u32,
    /// Objects of the network and of bodies that are kept (requests, responses, headers, blobs, decoders, sockets), and what is under
    /// way for them.
    pub network_objects: usize,
}

impl Page {
    /// Frees what script can no longer reach, and says what is left.
    ///
    /// The collector works by itself; this is for tests, and for hosts that are short of memory. On QuickJS some lost objects stay
    /// until the page is closed.
    ///
    /// # Errors
    /// [`Error::Timeout`], [`Error::Closed`].
    pub fn collect_garbage(&self) -> Result<MemoryUse, Error> {
        let deadline = Deadline::after(self.timeout());
        self.ask(deadline, |reply: Sender<Result<MemoryUse, Error>>| {
            Command::CollectGarbage { reply }
        })
    }
}

impl PageThread {
    pub(crate) fn collect_garbage(&mut self) -> MemoryUse {
        let Some(agent) = self.agent_mut() else {
            return MemoryUse {
                script_heap: 0,
                nodes: readystate_js::with_tree(|tree| tree.node_count()),
                network_objects: 0,
            };
        };
        agent.collect_garbage();
        MemoryUse {
            script_heap: agent.heap().used,
            network_objects: agent.network_objects(),
            nodes: readystate_js::with_tree(|tree| tree.node_count()),
        }
    }
}
