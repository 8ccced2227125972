// The realm: what all glue files share. Runs first in every window's context.
//
// `realm` arrives from Rust with `global`, `ops`, `shared` and `windowId`. `shared` is one object for all realms of the agent: it holds
// the class that stamps private state on wrappers and the identity cache, so that a node has one wrapper and passes every realm's brand
// checks. Everything else (classes, errors, constructors) is the realm's own.
(realm) => {
  "use strict";
  const { global, shared } = realm;
  const { Object, Reflect, Symbol, Array, Error, TypeError, Map, String } = global;

  // Built-ins are captured before page script can replace them.
  const uncurry = (f) => Function.prototype.call.bind(f);
  realm.primordials = {
    Object,
    Reflect,
    Symbol,
    Array,
    Error,
    TypeError,
    RangeError: global.RangeError,
    Map,
    Set: global.Set,
    WeakMap: global.WeakMap,
    Promise: global.Promise,
    Proxy: global.Proxy,
    Number: global.Number,
    BigInt: global.BigInt,
    Math: global.Math,
    JSON: global.JSON,
    Date: global.Date,
    Uint8Array: global.Uint8Array,
    Uint32Array: global.Uint32Array,
    ArrayBuffer: global.ArrayBuffer,
    DataView: global.DataView,
    isView: global.ArrayBuffer.isView,
    hasOwn: Object.hasOwn,
    defineProperty: Object.defineProperty,
    toStringTag: Symbol.toStringTag,
    promiseThen: uncurry(global.Promise.prototype.then),
    functionToString: uncurry(Function.prototype.toString),
    stringSlice: uncurry(String.prototype.slice),
  };

  if (shared.Stamp === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    shared.Override = Override;
    // Private fields on any object: the brand of a platform object. `id` is the arena id of a node, 0 for other objects; `type` is its
    // node type.
    shared.Stamp = class Stamp extends Override {
      #id;
      #state;
      #token;
      constructor(object, id, type) {
        super(object);
        // OPTIMIZATION: both in one number, which stays a small integer: an agent's nodes are fewer than 2^27.
        this.#id = (id << 4) | type;
        this.#state = null;
        this.#token = null;
      }
      static has(value) {
        return value !== null && (typeof value === "object" || typeof value === "function") && #id in value;
      }
      static id(object) {
        return object.#id >>> 4;
      }
      // The node type, 0 for what is no node; throws for what is not stamped.
      static type(object) {
        return object.#id & 15;
      }
      // The id, 0 for any value that is not stamped. OPTIMIZATION: one look instead of two.
      static node(value) {
        try {
          return value.#id >>> 4;
        } catch {
          return 0;
        }
      }
      // What keeps the wrappers of a detached tree together, see dom/node_lifetime.js.
      static setToken(object, token) {
        object.#token = token;
      }
      // Event listeners, see events/EventTarget.js.
      static state(object) {
        return object.#state;
      }
      static setState(object, state) {
        object.#state = state;
      }
    };
    // Wrappers by id; "none" is 0.
    shared.wrappers = [null];
    shared.realms = [];
    shared.documentRealms = new Map();
    shared.nextHandle = 1;
    // True while the host, not script, is the caller: then a microtask checkpoint follows every listener and callback.
    shared.hostCalls = false;
  }
  const { Stamp } = shared;

  // The arena id of a node wrapper; throws this realm's TypeError for anything else.
  realm.idOf = (object) => {
    const id = Stamp.node(object);
    if (id === 0 && !Stamp.has(object)) throw new TypeError("Illegal invocation");
    return id;
  };
  realm.isStamped = Stamp.has;

  realm.illegalConstructor = (name) => new TypeError(`${name === undefined ? "I" : `Failed to construct '${name}': I`}llegal constructor`);

  // Failures of ops: a negative result means that the agent holds an error; this builds and throws it in this realm.
  realm.throwLastError = () => {
    throw realm.lastError();
  };
  realm.lastError = () => {
    const text = realm.ops.op_take_error();
    const cut = text.indexOf("\0");
    const name = text.slice(0, cut);
    const message = text.slice(cut + 1);
    if (name === "TypeError") return new TypeError(message);
    if (name === "RangeError") return new realm.primordials.RangeError(message);
    return new realm.DOMException(message, name);
  };
  // Passes a result through, or throws if it is a failure.
  realm.check = (result) => (result < 0 ? realm.throwLastError() : result);

  // Web IDL's shape of interfaces: members enumerable, @@toStringTag, the interface object a non-enumerable property of the global.
  // <https://webidl.spec.whatwg.org/#js-interfaces>
  realm.interfaces = { __proto__: null };
  const shape = (object, skip) => {
    for (const key of Reflect.ownKeys(object)) {
      if (typeof key === "symbol" || skip.has(key)) continue;
      const descriptor = Object.getOwnPropertyDescriptor(object, key);
      if (!descriptor.configurable) continue;
      descriptor.enumerable = true;
      Object.defineProperty(object, key, descriptor);
    }
  };
  const skipOnPrototype = new global.Set(["constructor"]);
  const skipOnClass = new global.Set(["prototype", "name", "length"]);
  realm.expose = (classes, { global: exposed = true } = {}) => {
    for (const name of Object.keys(classes)) {
      const Class = classes[name];
      shape(Class.prototype, skipOnPrototype);
      shape(Class, skipOnClass);
      Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: name, configurable: true });
      if (Class.name !== name) Object.defineProperty(Class, "name", { value: name, configurable: true });
      realm.interfaces[name] = Class;
      realm[name] = Class;
      if (exposed) Object.defineProperty(global, name, { value: Class, writable: true, enumerable: false, configurable: true });
    }
  };
  realm.constants = (Class, values) => {
    for (const name of Object.keys(values)) {
      const descriptor = { value: values[name], enumerable: true };
      Object.defineProperty(Class, name, descriptor);
      Object.defineProperty(Class.prototype, name, descriptor);
    }
  };
  // Sets `length` of methods whose optional arguments have no default in their signature.
  realm.arity = (target, lengths) => {
    for (const name of Object.keys(lengths)) {
      const descriptor = Object.getOwnPropertyDescriptor(target, name);
      const f = descriptor.value ?? descriptor.set;
      Object.defineProperty(f, "length", { value: lengths[name], configurable: true });
    }
  };
  realm.unscopables = (Class, names) => {
    const list = Object.create(null);
    for (const name of names) list[name] = true;
    Object.defineProperty(Class.prototype, Symbol.unscopables, { value: list, configurable: true });
  };

  // What Rust calls; see js/src/agent.rs.
  realm.entry = { __proto__: null };
  // Lets script run from the host: sets the flag that a checkpoint follows each callback.
  realm.fromHost = (f) => (...args) => {
    shared.hostCalls = true;
    try {
      return f(...args);
    } finally {
      shared.hostCalls = false;
    }
  };
  // Calls a page function with errors reported, not thrown.
  // <https://webidl.spec.whatwg.org/#invoke-a-callback-function>
  realm.invoke = (callback, thisArg, args) => {
    const fromHost = shared.hostCalls;
    shared.hostCalls = false;
    try {
      return Reflect.apply(callback, thisArg, args);
    } catch (error) {
      realm.reportException(error);
    } finally {
      if (fromHost) realm.ops.op_checkpoint();
      shared.hostCalls = fromHost;
    }
    return undefined;
  };
}
