// Wrappers of detached trees are held weakly between tasks, all wrappers of a tree as one, so that the collector can take a tree
// that script has lost. Which trees those are is decided in Rust: dom/src/mutation/lifetime.rs.
(realm) => {
  "use strict";
  const { WeakRef } = realm.global;
  const { ops, shared } = realm;
  const { Stamp, wrappers } = shared;
  const deref = realm.global.Function.prototype.call.bind(WeakRef.prototype.deref);

  // Weak trees: { root, ref, id }. `ref` leads to the token of the tree, an object that holds all its wrappers and that each of them
  // holds; of a tree with one wrapper (`id`) and a document with a window, to the wrapper itself. Strong again, `ref` is null.
  shared.weakTrees ??= [];
  // The same by root.
  const holders = (shared.holders ??= []);
  shared.nextLook ??= 1024;

  const weaken = (report, start) => {
    const root = report[start];
    const document = report[start + 1] === 0 ? null : realm.wrapNode(report[start + 1]);
    const count = report[start + 2];
    const held = [];
    for (let i = 0; i < count; i++) {
      const id = report[start + 3 + i];
      const wrapper = wrappers[id];
      if (wrapper === undefined) continue;
      held[held.length] = wrapper;
      wrappers[id] = undefined;
    }
    let holder;
    if (held.length === 1 && document === null) {
      holder = { root, ref: new WeakRef(held[0]), id: Stamp.id(held[0]) };
    } else {
      const token = { wrappers: held, document };
      for (let i = 0; i < held.length; i++) Stamp.setToken(held[i], token);
      holder = { root, ref: new WeakRef(token), id: 0 };
    }
    while (holders.length <= root) holders[holders.length] = undefined;
    holders[root] = holder;
    shared.weakTrees[shared.weakTrees.length] = holder;
    return start + 3 + count;
  };

  // Trees became strong: their wrappers are found by id again.
  realm.restoreWrappers = () => {
    const roots = ops.op_lifetime_strengthened();
    for (let i = 0; i < roots.length; i++) {
      const holder = holders[roots[i]];
      if (holder === undefined) continue;
      holders[roots[i]] = undefined;
      const kept = deref(holder.ref);
      holder.ref = null;
      if (kept === undefined) continue;
      if (holder.id !== 0) {
        wrappers[holder.id] = kept;
      } else {
        for (let k = 0; k < kept.wrappers.length; k++) {
          const wrapper = kept.wrappers[k];
          wrappers[Stamp.id(wrapper)] = wrapper;
          Stamp.setToken(wrapper, null);
        }
      }
    }
  };

  // Frees the trees that the collector has taken.
  const look = () => {
    const all = shared.weakTrees;
    const alive = [];
    for (let i = 0; i < all.length; i++) {
      const holder = all[i];
      if (holder.ref === null) continue;
      if (deref(holder.ref) !== undefined) {
        alive[alive.length] = holder;
      } else {
        holders[holder.root] = undefined;
        ops.op_lifetime_free(holder.root);
      }
    }
    shared.weakTrees = alive;
    // OPTIMIZATION: a look costs as much as there are weak trees, so it waits until they are twice as many.
    shared.nextLook = alive.length * 2 + 1024;
  };

  // At the end of a task.
  realm.entry.sweep = (force) => {
    // A node keeps its document, which therefore needs a wrapper.
    const documents = ops.op_lifetime_documents();
    for (let i = 0; i < documents.length; i++) realm.wrapNode(documents[i]);
    const report = ops.op_lifetime_sweep();
    for (let at = 0; at < report.length; ) at = weaken(report, at);
    if (force || shared.weakTrees.length >= shared.nextLook || shared.weakTrees.length <= 64) look();
  };
}
