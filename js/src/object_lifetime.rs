//! When the Rust objects behind platform objects are freed: some time after the collector has taken the wrapper.
//!
//! On V8 each wrapper is watched by a weak handle, and looked at after a collection. That lets the collector count it as young,
//! and free it with the many that die young: what is in a `FinalizationRegistry` waits for a full collection, with all it holds.
//! QuickJS counts references; there the glue's registries do it.

use crate::agent::Agent;
use crate::backend::WeakWrapper;
use crate::ops::{body, compression, encoding, event_source, fetch, web_socket, xml_http_request};
use crate::state;

/// What an object is, in the order of `objectKinds` in `js/web/xhr/object_state.js`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ObjectKind {
    XmlHttpRequest,
    Blob,
    TextDecoder,
    Compression,
    Body,
    Headers,
    Request,
    Response,
    EventSource,
    WebSocket,
}

impl ObjectKind {
    const ALL: [Self; 10] = [
        Self::XmlHttpRequest,
        Self::Blob,
        Self::TextDecoder,
        Self::Compression,
        Self::Body,
        Self::Headers,
        Self::Request,
        Self::Response,
        Self::EventSource,
        Self::WebSocket,
    ];

    /// The kind of a number.
    pub(crate) fn from_number(number: u32) -> Option<Self> {
        Self::ALL.get(number as usize).copied()
    }

    /// Frees the object `id` of this kind, whose wrapper is gone.
    pub(crate) fn free(self, id: u32) {
        match self {
            Self::XmlHttpRequest => xml_http_request::free(id),
            Self::Blob => body::free(id),
            Self::TextDecoder => encoding::free(id),
            Self::Compression => compression::free(id),
            Self::Body => fetch::free_body(id),
            Self::Headers => fetch::free_headers(id),
            Self::Request => fetch::free_request(id),
            Self::Response => fetch::free_response(id),
            Self::EventSource => event_source::free(id),
            Self::WebSocket => web_socket::free(id),
        }
    }
}

/// The wrappers that are watched.
#[derive(Default)]
pub(crate) struct Wrappers(Vec<Watched>);

struct Watched {
    wrapper: WeakWrapper,
    kind: ObjectKind,
    id: u32,
}

impl Wrappers {
    pub(crate) fn watch(&mut self, wrapper: WeakWrapper, kind: ObjectKind, id: u32) {
        self.0.push(Watched { wrapper, kind, id });
    }

    /// Takes out what the collector has taken, of one kind or of all.
    fn take_lost(&mut self, kind: Option<ObjectKind>) -> Vec<(ObjectKind, u32)> {
        let lost = self
            .0
            .extract_if(.., |watched| {
                kind.is_none_or(|kind| kind == watched.kind) && watched.wrapper.is_gone()
            })
            .map(|watched| (watched.kind, watched.id))
            .collect();
        if self.0.capacity() > 4 * self.0.len() + 1024 {
            self.0.shrink_to(2 * self.0.len());
        }
        lost
    }
}

impl Agent {
    /// Frees the objects whose wrappers a collection has taken. For the end of a task, when no script is on the stack.
    pub fn free_lost_objects(&mut self) {
        free_lost(None);
        state::with(|state| state.xhr.borrow_mut().requests.reuse_retired());
    }

    /// How many objects of the network and of its bodies are kept for script (`XMLHttpRequest`, `Response`, `Blob`…), and how many
    /// requests and connections of theirs are under way.
    #[must_use]
    pub fn network_objects(&self) -> usize {
        state::with(|state| {
            state.xhr.borrow().len()
                + state.fetches.borrow().len()
                + state.web_sockets.borrow().len()
        })
    }
}

/// Frees the objects of one kind or all whose wrappers a collection has taken since the last look.
///
/// In the middle of a task only what is no longer used without its wrapper may be: a number that glue still has in its hands must
/// stay what it is.
pub(crate) fn free_lost(kind: Option<ObjectKind>) {
    let lost = state::with(|state| {
        let collections = state.collections.get();
        let seen = match kind {
            Some(_) => state.seen_in_task.replace(collections),
            None => {
                state.seen_in_task.set(collections);
                state.seen_collections.replace(collections)
            }
        };
        if seen == collections {
            return Vec::new();
        }
        state.wrappers.borrow_mut().take_lost(kind)
    });
    for (kind, id) in lost {
        kind.free(id);
    }
}
