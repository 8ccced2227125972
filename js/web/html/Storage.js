// Storage: localStorage and sessionStorage. <https://html.spec.whatwg.org/multipage/webstorage.html>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, hasOwn } = realm.primordials;
  const { ops, webidl, global, shared } = realm;

  const KIND = "Storage";
  const [LOCAL, SESSION] = [0, 1];
  const kindOf = (value) => realm.requireState(value, KIND).kind;

  // <https://html.spec.whatwg.org/multipage/webstorage.html#concept-storage-broadcast>: to the other windows of the agent.
  const broadcast = (kind, key, oldValue, newValue) => {
    const origin = ops.op_window_origin(realm.windowId);
    const url = ops.op_window_url(realm.windowId);
    for (const other of shared.realms) {
      if (other === undefined || other === realm || other.closed || ops.op_window_origin(other.windowId) !== origin) continue;
      // Each top-level window has a session of its own.
      if (kind === 1 && realm.topOf(other) !== realm.topOf(realm)) continue;
      other.queueTask(() => {
        if (other.closed) return;
        const init = { key, oldValue, newValue, url, storageArea: other.storage(kind) };
        other.fire(other.global, "storage", { interface: "StorageEvent", init });
      });
    }
  };
  const get = (kind, key) => ops.op_storage_get(realm.windowId, kind, key);
  // <https://html.spec.whatwg.org/multipage/webstorage.html#dom-storage-setitem>
  const set = (kind, key, value) => {
    const before = ops.op_storage_set(realm.windowId, kind, key, value);
    if (before === false) throw new realm.DOMException(`The storage has no room for '${key.slice(0, 100)}'`, "QuotaExceededError");
    if (before !== value) broadcast(kind, key, before, value);
  };
  const remove = (kind, key) => {
    const before = ops.op_storage_remove(realm.windowId, kind, key);
    if (before !== null) broadcast(kind, key, before, null);
  };

  class Storage {
    constructor() {
      throw realm.illegalConstructor("Storage");
    }
    get length() {
      return ops.op_storage_length(realm.windowId, kindOf(this));
    }
    key(index) {
      const kind = kindOf(this);
      webidl.requireArguments(arguments.length, 1, "'key' on 'Storage'");
      return ops.op_storage_key(realm.windowId, kind, webidl.unsignedLong(index));
    }
    getItem(key) {
      const kind = kindOf(this);
      webidl.requireArguments(arguments.length, 1, "'getItem' on 'Storage'");
      return get(kind, webidl.DOMString(key));
    }
    setItem(key, value) {
      const kind = kindOf(this);
      webidl.requireArguments(arguments.length, 2, "'setItem' on 'Storage'");
      set(kind, webidl.DOMString(key), webidl.DOMString(value));
    }
    removeItem(key) {
      const kind = kindOf(this);
      webidl.requireArguments(arguments.length, 1, "'removeItem' on 'Storage'");
      remove(kind, webidl.DOMString(key));
    }
    clear() {
      const kind = kindOf(this);
      if (ops.op_storage_clear(realm.windowId, kind)) broadcast(kind, null, null, null);
    }
  }
  realm.expose({ Storage });

  // A legacy platform object whose properties are the items. <https://webidl.spec.whatwg.org/#es-legacy-platform-objects>
  const make = (kind) => {
    // The item that shows as a property: none where the object or a prototype has one of the name.
    const visible = (target, key) => (typeof key !== "string" || key in target ? null : get(kind, key));
    const storage = new Proxy(Object.create(Storage.prototype), {
      get(target, key, receiver) {
        const item = visible(target, key);
        return item === null ? Reflect.get(target, key, receiver) : item;
      },
      has: (target, key) => key in target || visible(target, key) !== null,
      set(target, key, value, receiver) {
        if (typeof key !== "string" || receiver !== storage) return Reflect.set(target, key, value, receiver);
        set(kind, key, webidl.DOMString(value));
        return true;
      },
      defineProperty(target, key, descriptor) {
        if (typeof key !== "string" || hasOwn(target, key)) return Reflect.defineProperty(target, key, descriptor);
        if (descriptor.get !== undefined || descriptor.set !== undefined) return false;
        set(kind, key, webidl.DOMString(descriptor.value));
        return true;
      },
      deleteProperty(target, key) {
        if (visible(target, key) === null) return Reflect.deleteProperty(target, key);
        remove(kind, key);
        return true;
      },
      getOwnPropertyDescriptor(target, key) {
        const value = visible(target, key);
        if (value === null) return Reflect.getOwnPropertyDescriptor(target, key);
        return { value, writable: true, enumerable: true, configurable: true };
      },
      ownKeys(target) {
        const items = ops.op_storage_keys(realm.windowId, kind).filter((key) => !(key in target));
        return [...items, ...Reflect.ownKeys(target)];
      },
      preventExtensions: () => false,
    });
    return realm.setObjectState(storage, KIND, { kind, storage }).storage;
  };
  const made = [null, null];
  realm.storage = (kind) => {
    made[kind] ??= make(kind);
    return made[kind];
  };
  const attribute = (name, kind) => {
    const accessors = {
      get [name]() {
        if (this !== undefined && this !== null && this !== global) throw new TypeError("Illegal invocation");
        if (!ops.op_storage_is_there(realm.windowId, kind)) {
          throw new realm.DOMException(`${name} is not available to documents without an origin`, "SecurityError");
        }
        return realm.storage(kind);
      },
    };
    Object.defineProperty(global, name, Object.getOwnPropertyDescriptor(accessors, name));
  };
  attribute("localStorage", LOCAL);
  attribute("sessionStorage", SESSION);
}
