//! When the wrappers of detached trees become weak, and when freed trees are noticed: at the end of tasks.

use deno_core::v8;

use crate::agent::Agent;
use crate::{script, state};

/// What a node is taken to cost besides its wrapper, in bytes, with its text and attributes.
const BYTES_PER_NODE: i64 = 192;

/// What a weak tree is taken to cost besides, in bytes. More than it does: what has been promoted to the old generation is found in
/// a full collection only, which is to come before much of it has piled up.
const BYTES_PER_WEAK_TREE: i64 = 768;

/// A change of what the network's objects hold that the collector is told of, in bytes.
const REPORTED_CHANGE: i64 = 256 << 10;

/// So many closed windows are worth a sweep.
const CLOSED_WINDOWS: u32 = 8;

impl Agent {
    /// Lets go of the detached trees that script has lost, if there may be enough of them.
    pub(crate) fn sweep_detached(&mut self) {
        // A closed window is small for the tree and large for the collector.
        let has_closed = state::with(|state| state.closed_windows.get() >= CLOSED_WINDOWS);
        if has_closed || state::with_tree(|tree| tree.wants_sweep()) {
            state::with(|state| state.closed_windows.set(0));
            self.sweep(has_closed);
        }
    }

    /// Frees everything that script cannot reach: a full collection, then the detached trees that it took. For tests and for
    /// hosts that are short of memory.
    pub fn collect_garbage(&mut self) {
        // NOTE: weak references keep what they lead to until the next checkpoint.
        for _ in 0..2 {
            self.sweep(true);
            self.runtime.v8_isolate().perform_microtask_checkpoint();
            self.runtime.v8_isolate().low_memory_notification();
            self.sweep(true);
            self.runtime.v8_isolate().perform_microtask_checkpoint();
            self.free_lost_objects();
        }
    }

    /// Tells the collector what the network's objects hold in Rust, once that has changed enough to matter.
    pub(crate) fn report_held_memory(&mut self) {
        let held = state::with(|state| state.xhr.borrow().held_bytes());
        let bytes = i64::try_from(held).unwrap_or(i64::MAX);
        let change = bytes - self.bytes_of_requests;
        if change.abs() >= REPORTED_CHANGE {
            self.bytes_of_requests = bytes;
            self.runtime
                .v8_isolate()
                .adjust_amount_of_external_allocated_memory(change);
        }
    }

    fn sweep(&mut self, force: bool) {
        let Some(main) = state::with(|state| state.main.borrow().clone()) else {
            return;
        };
        let (context, entry) = (main.context, main.entry);
        {
            v8::scope_with_context!(let scope, self.runtime.v8_isolate(), &context);
            v8::tc_scope!(let tc, scope);
            let entry = v8::Local::new(tc, &entry);
            let force = v8::Boolean::new(tc, force).into();
            script::call_entry(tc, entry, "sweep", &[force]);
        }
        // The collector does not see the nodes behind its wrappers: it is told.
        let weak = state::with(|state| state.weak_trees.borrow().len());
        let bytes = i64::from(state::with_tree(|tree| tree.node_count())) * BYTES_PER_NODE
            + i64::try_from(weak).unwrap_or(0) * BYTES_PER_WEAK_TREE;
        let change = bytes - std::mem::replace(&mut self.bytes_of_nodes, bytes);
        self.runtime
            .v8_isolate()
            .adjust_amount_of_external_allocated_memory(change);
    }
}
