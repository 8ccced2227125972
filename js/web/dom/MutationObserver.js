// MutationObserver and MutationRecord. <https://dom.spec.whatwg.org/#interface-mutationobserver>
(realm) => {
  "use strict";
  const { Object, TypeError, Map } = realm.primordials;
  const { ops, shared, webidl, wrapNode } = realm;

  let construct;
  const observers = (shared.observers ??= new Map());
  shared.nextObserver ??= 1;

  const kinds = ["childList", "attributes", "characterData"];
  class MutationRecord {
    constructor() {
      throw realm.illegalConstructor("MutationRecord");
    }
    static {
      class Override {
        constructor(object) {
          return object;
        }
      }
      // The fields are put on an object of the prototype, past the constructor that throws.
      class Fields extends Override {
        #record;
        #lists = { added: null, removed: null };
        constructor(object, record) {
          super(object);
          this.#record = record;
        }
        static of(object) {
          if (typeof object !== "object" || object === null || !(#record in object)) throw new TypeError("Illegal invocation");
          return object.#record;
        }
        static list(object, name, ids) {
          return (object.#lists[name] ??= realm.staticList(ids));
        }
      }
      construct = (record) => new Fields(Object.create(MutationRecord.prototype), record);
      construct.of = Fields.of;
      construct.list = Fields.list;
    }
    get type() {
      return kinds[construct.of(this).kind];
    }
    get target() {
      return construct.of(this).target;
    }
    get addedNodes() {
      return construct.list(this, "added", construct.of(this).added);
    }
    get removedNodes() {
      return construct.list(this, "removed", construct.of(this).removed);
    }
    get previousSibling() {
      return construct.of(this).previous;
    }
    get nextSibling() {
      return construct.of(this).next;
    }
    get attributeName() {
      return construct.of(this).name;
    }
    get attributeNamespace() {
      return construct.of(this).namespace;
    }
    get oldValue() {
      return construct.of(this).oldValue;
    }
  }
  const records = (id, deliver) =>
    ops.op_observer_take_records(id, deliver).map(([kind, target, added, removed, previous, next, name, namespace, oldValue]) => {
      // Wrapped now, so that what a record names stays.
      realm.wrapNodes(added);
      realm.wrapNodes(removed);
      return construct({
        kind,
        target: wrapNode(target),
        added,
        removed,
        previous: wrapNode(previous),
        next: wrapNode(next),
        name,
        namespace,
        oldValue,
      });
    });

  class MutationObserver {
    #id;
    constructor(callback) {
      webidl.requireArguments(arguments.length, 1, "'MutationObserver' constructor");
      const called = webidl.callbackFunction(callback, "MutationObserver");
      this.#id = shared.nextObserver++;
      observers.set(this.#id, {
        deliver: () => {
          const taken = records(this.#id, true);
          if (taken.length > 0) realm.invoke(called, this, [taken, this]);
        },
      });
    }
    observe(target, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'observe' on 'MutationObserver'");
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
      // 3–6. What makes no sense.
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
      realm.check(ops.op_observer_observe(id, this.#id, flags, filter === undefined ? "" : filter.join("\0")));
    }
    disconnect() {
      ops.op_observer_disconnect(this.#id);
    }
    takeRecords() {
      return records(this.#id, false);
    }
  }
  realm.expose({ MutationObserver, MutationRecord });
  Object.defineProperty(realm.global, "WebKitMutationObserver", { value: MutationObserver, writable: true, enumerable: false, configurable: true });

  // <https://dom.spec.whatwg.org/#notify-mutation-observers>
  realm.notifyMutationObservers = () => {
    shared.observersQueued = false;
    const pending = ops.op_observers_pending();
    const slots = ops.op_slots_signalled();
    for (const id of pending) observers.get(id)?.deliver();
    if (slots.length > 0) realm.fireSlotChanges(slots);
  };
  // The host's own changes (the parser's) are delivered with the next checkpoint.
}
