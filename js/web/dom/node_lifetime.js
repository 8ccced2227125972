// Wrappers of detached trees are held weakly between tasks, all wrappers of a tree as one, so that the collector can take a tree
// that script has lost. Which trees those are is decided in Rust: dom/src/mutation/lifetime.rs.
(realm) => {
  "use strict";
  const { WeakRef } = realm.global;
  const { ops, shared } = realm;
  const { Stamp, wrappers, agent } = shared;
  const deref = realm.global.Function.prototype.call.bind(WeakRef.prototype.deref);

  // Weak trees: { root, ref, id }. `ref` leads to the token of the tree, an object that holds all its wrappers and that each of them
  // holds; of a tree with one wrapper (`id`) and a document with a window, to the wrapper itself. Strong again, `ref` is null.
  shared.weakTrees ??= realm.bareArray();
  // The same by root.
  const holders = (shared.holders ??= { __proto__: null });
  // Roots of trees that became strong, as script of another origin has learnt first.
  shared.strengthened ??= realm.bareArray();
  shared.nextLook ??= 1024;

  const weaken = (report, start) => {
    const root = report[start];
    const count = report[start + 2];
    const held = realm.bareArray();
    // All of one origin's.
    let group = shared;
    for (let i = 0; i < count; i++) {
      const id = report[start + 3 + i];
      let wrapper = group.wrappers[id];
      if (wrapper === undefined && held.length === 0) {
        for (const key in agent.groups) if (agent.groups[key].wrappers[id] !== undefined) group = agent.groups[key];
        wrapper = group.wrappers[id];
      }
      if (wrapper === undefined) continue;
      held[held.length] = wrapper;
      group.wrappers[id] = undefined;
    }
    const document = report[start + 1] === 0 ? null : group === shared ? realm.wrapNode(report[start + 1]) : (group.wrappers[report[start + 1]] ?? null);
    let holder;
    if (held.length === 1 && document === null) {
      holder = { __proto__: null, root, ref: new WeakRef(held[0]), id: group.Stamp.id(held[0]) };
    } else {
      const token = { __proto__: null, wrappers: held, document };
      for (let i = 0; i < held.length; i++) group.Stamp.setToken(held[i], token);
      holder = { __proto__: null, root, ref: new WeakRef(token), id: 0 };
    }
    group.holders[root] = holder;
    group.weakTrees[group.weakTrees.length] = holder;
    return start + 3 + count;
  };

  // Trees became strong: their wrappers are found by id again.
  realm.restoreWrappers = () => {
    const roots = ops.op_lifetime_strengthened();
    for (let i = 0; i < roots.length; i++) {
      if (holders[roots[i]] !== undefined) {
        restore(roots[i]);
        continue;
      }
      // Another origin's wrappers are its own code's to see to.
      for (const key in agent.groups) {
        const other = agent.groups[key];
        if (other.holders[roots[i]] !== undefined) other.strengthened[other.strengthened.length] = roots[i];
      }
    }
    while (shared.strengthened.length > 0) {
      const root = shared.strengthened[shared.strengthened.length - 1];
      shared.strengthened.length--;
      restore(root);
    }
  };
  const restore = (root) => {
    const holder = holders[root];
    if (holder === undefined) return;
    holders[root] = undefined;
    const kept = deref(holder.ref);
    holder.ref = null;
    if (kept === undefined) return;
    if (holder.id !== 0) {
      wrappers[holder.id] = kept;
      return;
    }
    for (let k = 0; k < kept.wrappers.length; k++) {
      const wrapper = kept.wrappers[k];
      wrappers[Stamp.id(wrapper)] = wrapper;
      Stamp.setToken(wrapper, null);
    }
  };

  // Frees the trees that the collector has taken.
  const look = (group) => {
    const all = group.weakTrees;
    const alive = realm.bareArray();
    for (let i = 0; i < all.length; i++) {
      const holder = all[i];
      if (holder.ref === null) continue;
      if (deref(holder.ref) !== undefined) {
        alive[alive.length] = holder;
      } else {
        group.holders[holder.root] = undefined;
        ops.op_lifetime_free(holder.root);
      }
    }
    group.weakTrees = alive;
    // OPTIMIZATION: a look costs as much as there are weak trees, so it waits until they are twice as many.
    group.nextLook = alive.length * 2 + 1024;
  };

  // At the end of a task.
  realm.entry.sweep = (force) => {
    // A node keeps its document, which therefore needs a wrapper.
    const documents = ops.op_lifetime_documents();
    for (let i = 0; i < documents.length; i++) realm.wrapNode(documents[i]);
    const report = ops.op_lifetime_sweep();
    for (let at = 0; at < report.length; ) at = weaken(report, at);
    for (const key in agent.groups) {
      const group = agent.groups[key];
      if (force || group.weakTrees.length >= group.nextLook || group.weakTrees.length <= 64) look(group);
      // An origin without windows, and without a tree that script could still reach, has ended.
      if (group !== shared && group.windows === 0 && group.weakTrees.length === 0) {
        delete agent.groups[key];
        ops.op_origin_forget(+key);
      }
    }
  };
}
