// MutationObserver and MutationRecord. <https://dom.spec.whatwg.org/#interface-mutationobserver>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { ops, shared, webidl, wrapNode } = realm;

  const { agent } = shared;
  const { observers } = agent;
  // Shared by the realms, so that each one's members take another one's objects: the observers' numbers, and what records say.
  const numbers = (shared.observerNumbers ??= new WeakMap());
  const contents = (shared.mutationRecords ??= new WeakMap());
  const numberOf = (observer) => {
    const number = numbers.get(observer);
    if (number === undefined) throw new TypeError("Illegal invocation");
    return number;
  };
  const contentOf = (record) => {
    const content = contents.get(record);
    if (content === undefined) throw new TypeError("Illegal invocation");
    return content;
  };

  // The list of nodes under a name, made when it is asked for.
  const listOf = (record, name) => {
    const content = contentOf(record);
    return (content[`${name}List`] ??= realm.staticList(content[name], content[name].length));
  };
  const kinds = ["childList", "attributes", "characterData"];
  class MutationRecord {
    constructor() {
      throw realm.illegalConstructor("MutationRecord");
    }
    get type() {
      return kinds[contentOf(this).kind];
    }
    get target() {
      return contentOf(this).target;
    }
    get addedNodes() {
      return listOf(this, "added");
    }
    get removedNodes() {
      return listOf(this, "removed");
    }
    get previousSibling() {
      return contentOf(this).previous;
    }
    get nextSibling() {
      return contentOf(this).next;
    }
    get attributeName() {
      return contentOf(this).name;
    }
    get attributeNamespace() {
      return contentOf(this).namespace;
    }
    get oldValue() {
      return contentOf(this).oldValue;
    }
  }
  const records = (id, deliver) =>
    ops.op_observer_take_records(id, deliver).map(([kind, target, added, removed, previous, next, name, namespace, oldValue]) => {
      // Wrapped now, and kept by the record: what it names stays.
      const nodes = [realm.wrapNodes(added), realm.wrapNodes(removed)];
      const record = Object.create(MutationRecord.prototype);
      contents.set(record, {
        kind,
        nodes,
        target: wrapNode(target),
        added,
        removed,
        previous: wrapNode(previous),
        next: wrapNode(next),
        name,
        namespace,
        oldValue,
      });
      return record;
    });

  class MutationObserver {
    constructor(callback) {
      webidl.requireArguments(arguments.length, 1, "'MutationObserver' constructor");
      const called = webidl.callbackFunction(callback, "MutationObserver");
      const number = agent.nextObserver++;
      numbers.set(this, number);
      observers[number] = () => {
        const taken = records(number, true);
        if (taken.length > 0) realm.invoke(called, this, [taken, this]);
      };
    }
    observe(target, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'observe' on 'MutationObserver'");
      const number = numberOf(this);
      const id = realm.nodeArgument(target, "observe");
      const given = webidl.dictionary(options, "observe");
      // In the order of their names, as dictionaries are read.
      const filter = given.attributeFilter === undefined ? undefined : webidl.sequence(given.attributeFilter, webidl.DOMString, "attributeFilter");
      const flag = (name) => (given[name] === undefined ? undefined : !!given[name]);
      const attributeOldValue = flag("attributeOldValue");
      let attributes = flag("attributes");
      let characterData = flag("characterData");
      const characterDataOldValue = flag("characterDataOldValue");
      const childList = flag("childList") ?? false;
      const subtree = flag("subtree") ?? false;
      // 1, 2. What is implied.
      if ((attributeOldValue !== undefined || filter !== undefined) && attributes === undefined) attributes = true;
      if (characterDataOldValue !== undefined && characterData === undefined) characterData = true;
      // 3-6. What makes no sense.
      if (!childList && !attributes && !characterData) throw new TypeError("observe: nothing is to be observed");
      if (attributeOldValue && !attributes) throw new TypeError("observe: attributeOldValue without attributes");
      if (filter !== undefined && !attributes) throw new TypeError("observe: attributeFilter without attributes");
      if (characterDataOldValue && !characterData) throw new TypeError("observe: characterDataOldValue without characterData");
      const flags =
        (childList ? 1 : 0) |
        (attributes ? 2 : 0) |
        (characterData ? 4 : 0) |
        (subtree ? 8 : 0) |
        (attributeOldValue ? 16 : 0) |
        (characterDataOldValue ? 32 : 0) |
        (filter !== undefined ? 64 : 0);
      realm.check(ops.op_observer_observe(id, number, flags, filter === undefined ? "" : filter.join("\0")));
    }
    disconnect() {
      ops.op_observer_disconnect(numberOf(this));
    }
    takeRecords() {
      return records(numberOf(this), false);
    }
  }
  realm.expose({ MutationObserver, MutationRecord });
  Object.defineProperty(realm.global, "WebKitMutationObserver", { value: MutationObserver, writable: true, enumerable: false, configurable: true });

  // <https://dom.spec.whatwg.org/#notify-mutation-observers>
  realm.notifyMutationObservers = () => {
    agent.observersQueued = false;
    const pending = ops.op_observers_pending();
    const slots = ops.op_slots_signalled();
    for (let i = 0; i < pending.length; i++) observers[pending[i]]?.();
    for (let i = 0; i < slots.length; i++) (agent.documentRealms[ops.op_node_document(slots[i])] ?? realm).fireSlotChange(slots[i]);
  };
  // The host's own changes (the parser's) are delivered with the next checkpoint.
}
