// Wrappers of detached trees are held weakly between tasks, all wrappers of a tree as one, so that the collector can take a tree
// that script has lost. Which trees those are is decided in Rust: dom/src/mutation/lifetime.rs.
(realm) => {
  "use strict";
  const { WeakRef } = realm.global;
  const { ops, shared } = realm;
  const { Stamp, wrappers, agent } = shared;
  const deref = realm.global.Function.prototype.call.bind(WeakRef.prototype.deref);

  // What holds the wrappers of a tree is a token, an object that they all hold; of a tree with one wrapper, and of a document with a
  // window, the wrapper itself. Either is held weakly by the root of the tree: in Rust (js/src/weak_trees.rs), or by a WeakRef.
  const inRust = realm.engine === "v8";
  // { root, ref }, and the same by root. When the tree is strong again, `ref` is null.
  shared.weakTrees ??= realm.bareArray();
  shared.holders ??= { __proto__: null };
  shared.nextLook ??= 1024;
  // Roots of trees that became strong, as script of another origin has learnt first.
  shared.strengthened ??= realm.bareArray();

  const keep = inRust
    ? (group, root, object) => ops.op_weak_keep(root, group.key, object)
    : (group, root, object) => {
        const holder = { __proto__: null, root, ref: new WeakRef(object) };
        group.holders[root] = holder;
        group.weakTrees[group.weakTrees.length] = holder;
      };
  // The group that has a weak tree, or undefined.
  const groupOf = inRust
    ? (root) => agent.groups[ops.op_weak_group(root)]
    : (root) => {
        for (const key in agent.groups) if (agent.groups[key].holders[root] !== undefined) return agent.groups[key];
        return undefined;
      };
  // What is held for the root, which is held no more; undefined if the collector has it.
  const take = inRust
    ? (root) => ops.op_weak_take(root)
    : (root) => {
        const holder = shared.holders[root];
        if (holder === undefined) return undefined;
        shared.holders[root] = undefined;
        const kept = deref(holder.ref);
        holder.ref = null;
        return kept;
      };
  const hasTrees = inRust ? (key, group) => ops.op_weak_has(key) : (key, group) => group.weakTrees.length > 0;

  const weaken = (report, start) => {
    const root = report[start];
    const count = report[start + 2];
    // OPTIMIZATION: most are nodes by themselves.
    if (count === 1 && report[start + 1] === 0) {
      const id = report[start + 3];
      const wrapper = wrappers[id];
      if (wrapper !== undefined) {
        wrappers[id] = undefined;
        keep(shared, root, wrapper);
        return start + 4;
      }
    }
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
    if (held.length === 1 && document === null) {
      keep(group, root, held[0]);
    } else {
      const token = { __proto__: null, wrappers: held, document };
      for (let i = 0; i < held.length; i++) group.Stamp.setToken(held[i], token);
      keep(group, root, token);
    }
    return start + 3 + count;
  };

  // Trees became strong: their wrappers are found by id again.
  realm.restoreWrappers = () => {
    const roots = ops.op_lifetime_strengthened();
    for (let i = 0; i < roots.length; i++) {
      const group = groupOf(roots[i]);
      if (group === shared) restore(roots[i]);
      // Another origin's wrappers are its own code's to see to.
      else if (group !== undefined) group.strengthened[group.strengthened.length] = roots[i];
    }
    while (shared.strengthened.length > 0) {
      const root = shared.strengthened[shared.strengthened.length - 1];
      shared.strengthened.length--;
      restore(root);
    }
  };
  const restore = (root) => {
    const kept = take(root);
    if (kept === undefined) return;
    if (Stamp.has(kept)) {
      wrappers[Stamp.id(kept)] = kept;
      return;
    }
    for (let k = 0; k < kept.wrappers.length; k++) {
      const wrapper = kept.wrappers[k];
      wrappers[Stamp.id(wrapper)] = wrapper;
      Stamp.setToken(wrapper, null);
    }
  };

  // Frees the trees that the collector has taken.
  const lookAt = (group) => {
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
    return alive.length;
  };
  // OPTIMIZATION: a look costs as much as there are weak trees, so it waits until they are twice as many.
  const look = inRust
    ? (force) => ops.op_weak_look(force)
    : (force) => {
        for (const key in agent.groups) {
          const group = agent.groups[key];
          const count = group.weakTrees.length;
          if (force || count >= group.nextLook || count <= 64) group.nextLook = lookAt(group) * 2 + 1024;
        }
      };

  // At the end of a task.
  realm.entry.sweep = (force) => {
    realm.restoreWrappers();
    // A node keeps its document, which therefore needs a wrapper.
    const documents = ops.op_lifetime_documents();
    for (let i = 0; i < documents.length; i++) realm.wrapNode(documents[i]);
    const report = ops.op_lifetime_sweep();
    for (let at = 0; at < report.length; ) at = weaken(report, at);
    look(force);
    // An origin without windows, and without a tree that script could still reach, has ended.
    for (const key in agent.groups) {
      const group = agent.groups[key];
      if (group === shared || group.windows !== 0 || hasTrees(+key, group)) continue;
      delete agent.groups[key];
      ops.op_origin_forget(+key);
    }
  };
}
