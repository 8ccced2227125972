// The realm: what all glue files share. Runs first in every window's context.
//
// `realm` arrives from Rust with `global`, `ops`, `shared` and `windowId`. `shared` is one object for all realms of an origin: it holds
// the class that stamps private state on wrappers and the identity cache, so that a node has one wrapper and passes every realm's brand
// checks. Everything else (classes, errors, constructors) is the realm's own.
(realm) => {
  "use strict";
  const { global, shared } = realm;
  const { Object, Reflect, Symbol, Array, Error, TypeError, Map, String } = global;

  Object.setPrototypeOf(realm, null);
  // An array that no trap on `Array.prototype` sees.
  const bare = (array) => Object.setPrototypeOf(array, null);

  // Built-ins are captured before page script can replace them.
  const uncurry = (f) => Function.prototype.call.bind(f);
  const getter = (object, key) => Object.getOwnPropertyDescriptor(object, key).get;
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
    bufferDetached: uncurry(getter(global.ArrayBuffer.prototype, "detached")),
    bufferTransfer: uncurry(global.ArrayBuffer.prototype.transfer),
    uint8ArraySet: uncurry(global.Uint8Array.prototype.set),
  };

  // Ops are functions of the first realm, and so are the arrays that they make. A further realm copies them: of another realm's array,
  // everything of that realm can be had.
  if (shared.agent !== undefined) {
    const first = realm.ops;
    const copy = (value) => {
      if (typeof value !== "object" || value === null) return value;
      const { length } = value;
      const own = [];
      for (let i = 0; i < length; i++) own[i] = copy(value[i]);
      return own;
    };
    const own = Object.create(first);
    // One a line; a test of frames of other origins looks for what is missing here.
    const giveArrays = [
      "op_computed_names",
      "op_control_radio_group",
      "op_css_media",
      "op_css_style_elements",
      "op_custom_take_construction",
      "op_custom_take_reactions",
      "op_element_attribute_names",
      "op_element_handler_attributes",
      "op_elements_by_class_name",
      "op_elements_by_name",
      "op_elements_by_tag_name",
      "op_elements_by_tag_name_ns",
      "op_elements_named_in_window",
      "op_elements_of_kind",
      "op_elements_with_id",
      "op_exception_info",
      "op_fetch_body_form_data",
      "op_headers_entries",
      "op_headers_get_set_cookie",
      "op_interface_names",
      "op_lifetime_documents",
      "op_lifetime_strengthened",
      "op_lifetime_sweep",
      "op_node_children",
      "op_observer_take_records",
      "op_observers_pending",
      "op_search_params_parse",
      "op_search_params_serialize",
      "op_select_selected",
      "op_slot_assigned_nodes",
      "op_slots_signalled",
      "op_storage_keys",
      "op_style_names",
      "op_tokens",
      "op_window_frames",
      "op_window_names",
      "op_window_names_changed",
      "op_xpath_evaluate",
      "op_xpath_prefixes",
    ];
    for (const name of giveArrays) {
      Object.defineProperty(own, name, { value: (...args) => copy(first[name](...args)) });
    }
    realm.ops = own;
  }

  // One for all realms of all origins. Its objects and those in it inherit from nothing, for a page may have put traps on what its own
  // inherit from; no page ever gets hold of one.
  if (shared.agent === undefined) {
    const none = () => ({ __proto__: null });
    shared.agent = {
      __proto__: null,
      // Realms by the number of their window, and by the id of the document that it shows.
      realms: none(),
      documentRealms: none(),
      // Navigables by their number, see html/CrossOriginWindow.js.
      navigables: none(),
      // The `shared` of each origin, by origin key.
      groups: none(),
      // Messages under way between realms, by number.
      messages: none(),
      messageCount: 0,
      // Mutation observers by number.
      observers: none(),
      nextObserver: 1,
      observersQueued: false,
      // How many definitions of custom elements there are.
      definitionCount: 1,
      attributeValues: bare([]),
    };
  }
  const { agent } = shared;
  realm.agent = agent;
  realm.bareArray = () => bare([]);
  // A map that no change of `Map.prototype` reaches.
  const { get, set, clear } = Map.prototype;
  const mapPrototype = Object.defineProperty({ __proto__: null, get, set, clear }, "size", {
    get: getter(Map.prototype, "size"),
  });
  realm.bareMap = () => Object.setPrototypeOf(new Map(), mapPrototype);

  // Objects by small numbers, which are used again. OPTIMIZATION: not a Map: whenever that has been filled, it goes on in another table
  // that the old one leads to, so that one old table keeps alive all that was ever in the later ones until a full collection.
  realm.NumberTable = class NumberTable {
    #values = bare([undefined]);
    #free = bare([]);
    get(number) {
      return this.#values[number];
    }
    set(number, value) {
      const values = this.#values;
      while (values.length < number) values[values.length] = undefined;
      values[number] = value;
    }
    // Under a number of the table's choice, from 1; for tables that are filled by nothing else.
    add(value) {
      const free = this.#free;
      let number = this.#values.length;
      if (free.length > 0) {
        number = free[free.length - 1];
        free.length--;
      }
      this.#values[number] = value;
      return number;
    }
    delete(number) {
      if (this.#values[number] === undefined) return false;
      this.#values[number] = undefined;
      return true;
    }
    // Takes out what add() has put in.
    take(number) {
      const value = this.#values[number];
      if (this.delete(number)) this.#free[this.#free.length] = number;
      return value;
    }
    numbers() {
      const numbers = [];
      for (let number = 1; number < this.#values.length; number++) if (this.#values[number] !== undefined) numbers[numbers.length] = number;
      return numbers;
    }
    // Its numbers are not used again.
    clear() {
      for (const number of this.numbers()) this.delete(number);
    }
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
      // The node type, 0 for any value that is no node. OPTIMIZATION: one look instead of two.
      static nodeType(value) {
        try {
          return value.#id & 15;
        } catch {
          return 0;
        }
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
  // A global whose value `make` returns when it is first asked for; at once where the engine cannot wait.
  realm.exposeLazily = (name, make) => {
    if (realm.ops.op_interface_expose_lazily(global, name, make)) return;
    Object.defineProperty(global, name, { value: make(), writable: true, enumerable: false, configurable: true });
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

  // Runs a glue file that is not part of the start, see js/src/glue.rs.
  realm.loadGlue = (path) => realm.check(realm.ops.op_glue_load(realm.windowId ?? 0, realm, path))(realm);

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
