// NodeList, HTMLCollection and RadioNodeList: lists of nodes, live or not. <https://dom.spec.whatwg.org/#old-style-collections>
(realm) => {
  "use strict";
  const { Object, Reflect, Proxy, Symbol, Array, TypeError, String } = { ...realm.primordials, String: realm.global.String };
  const { ops, shared, webidl, versions } = realm;

  if (shared.List === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // What a list holds: a function that gives the ids, or an array of nodes. A proxy that script sees has it, and its target.
    shared.List = class List extends Override {
      #ids;
      constructor(object, ids) {
        super(object);
        this.#ids = ids;
      }
      static has(object) {
        return typeof object === "object" && object !== null && #ids in object;
      }
      static ids(object) {
        const ids = object.#ids;
        if (typeof ids === "function") return ids();
        const numbers = [];
        for (let i = 0; i < ids.length; i++) numbers[i] = shared.Stamp.id(ids[i]);
        return numbers;
      }
      static length(object) {
        const ids = object.#ids;
        return typeof ids === "function" ? ids().length : ids.length;
      }
      // The node at an index, by the realm's `wrapNode`, or undefined.
      static at(object, index, wrapNode) {
        const ids = object.#ids;
        if (typeof ids !== "function") return ids[index];
        const id = ids()[index];
        return id === undefined ? undefined : wrapNode(id);
      }
    };
  }
  const { List, wrappers } = shared;
  const keepsItems = realm.engine === "v8";
  const checked = (object) => {
    if (!List.has(object)) throw new TypeError("Illegal invocation");
    return object;
  };
  const idsOf = (object) => List.ids(checked(object));
  realm.listIds = idsOf;
  const nodeAt = (list, index) => List.at(list, index, realm.wrapNode);

  // An array index as a property name, or -1. <https://webidl.spec.whatwg.org/#is-an-array-index>
  const charCodeAt = realm.global.Function.prototype.call.bind(String.prototype.charCodeAt);
  const indexOf = (key) => {
    // OPTIMIZATION: digit by digit; through a number and back would make a string.
    const { length } = key;
    let index = charCodeAt(key, 0) - 48;
    if (!(index >= 0 && index <= 9) || length > 10 || (index === 0 && length > 1)) return -1;
    for (let i = 1; i < length; i++) {
      const digit = charCodeAt(key, i) - 48;
      if (!(digit >= 0 && digit <= 9)) return -1;
      index = index * 10 + digit;
    }
    return index < 0xffffffff ? index : -1;
  };
  realm.arrayIndex = indexOf;

  // The names that the class does not have. <https://webidl.spec.whatwg.org/#dfn-named-property-visibility>
  const visibleNames = (named, list) => {
    const above = Object.getPrototypeOf(list);
    const names = named.names(list);
    const visible = [];
    for (let i = 0; i < names.length; i++) if (!Reflect.has(above, names[i])) visible[visible.length] = names[i];
    return visible;
  };
  // <https://webidl.spec.whatwg.org/#js-legacy-platform-objects>
  const handler = (named) => ({
    get(target, key, receiver) {
      if (typeof key === "string") {
        const index = indexOf(key);
        if (index >= 0) return nodeAt(target, index);
        // OPTIMIZATION: what the class has is no named property.
        if (named !== null && key !== "length" && !Reflect.has(target, key)) return named.get(target, key) ?? undefined;
      }
      return Reflect.get(target, key, receiver);
    },
    has(target, key) {
      if (typeof key === "string") {
        const index = indexOf(key);
        if (index >= 0) return index < List.length(target);
        if (named !== null && !Reflect.has(target, key)) return named.get(target, key) !== null;
      }
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === "string") {
        const index = indexOf(key);
        if (index >= 0) {
          const value = nodeAt(target, index);
          return value === undefined ? undefined : { value, writable: false, enumerable: true, configurable: true };
        }
        if (named !== null && !Reflect.has(target, key)) {
          const value = named.get(target, key);
          if (value !== null) return { value, writable: false, enumerable: false, configurable: true };
        }
      }
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      const keys = [];
      const length = List.length(target);
      for (let i = 0; i < length; i++) keys[i] = String(i);
      if (named !== null) for (const name of visibleNames(named, target)) if (!keys.includes(name)) keys.push(name);
      for (const key of Reflect.ownKeys(target)) if (!keys.includes(key)) keys.push(key);
      return keys;
    },
    defineProperty(target, key, descriptor) {
      if (typeof key === "string") {
        if (indexOf(key) >= 0) return false;
        if (named !== null && !Reflect.has(target, key) && named.get(target, key) !== null) return false;
      }
      return Reflect.defineProperty(target, key, descriptor);
    },
    set(target, key, value, receiver) {
      if (typeof key === "string") {
        if (indexOf(key) >= 0) return false;
        // An object that has the list as its prototype may have properties of these names.
        if (named !== null && List.has(receiver) && !Reflect.has(target, key) && named.get(target, key) !== null) return false;
      }
      return Reflect.set(target, key, value, receiver);
    },
    deleteProperty(target, key) {
      if (typeof key === "string") {
        const index = indexOf(key);
        if (index >= 0) return index >= List.length(target);
        if (named !== null && !Reflect.has(target, key) && named.get(target, key) !== null) return false;
      }
      return Reflect.deleteProperty(target, key);
    },
    preventExtensions() {
      return false;
    },
  });
  const plain = handler(null);
  const handlers = new realm.primordials.Map();
  const proxiedList = (Class, ids) => {
    const target = Object.create(Class.prototype);
    new List(target, ids);
    const list = new Proxy(target, handlers.get(Class) ?? plain);
    new List(list, ids);
    return list;
  };

  // Where the engine has objects with items, lists are such; see js/src/backend/list_maker.rs. What makes those of a class is made when
  // it is first needed.
  const makers = new realm.primordials.Map();
  const namedOf = new realm.primordials.Map();
  // `at` gives the item at an index, or undefined. `named`, if it is not null: see below.
  realm.listMaker = (Class, at, length, named) => {
    const functions = [at, length, named === null ? null : named.get, named === null ? null : (list) => visibleNames(named, list)];
    const maker = ops.op_list_maker(functions, named !== null);
    if (maker !== null) maker.prototype = Class.prototype;
    return maker;
  };
  const makerOf = (Class) => {
    const maker = realm.listMaker(Class, nodeAt, List.length, namedOf.get(Class) ?? null);
    makers.set(Class, maker);
    return maker;
  };
  // `Class.named`, an internal table by class: { get(target, name) -> value or null, names(target) }.
  const makeList = (Class, ids) => {
    if (realm.engine !== "v8") return proxiedList(Class, ids);
    const maker = makers.get(Class) ?? makerOf(Class);
    const list = new maker(typeof ids === "function" ? undefined : ids, wrappers);
    new List(list, ids);
    return list;
  };
  realm.namedProperties = (Class, named) => {
    handlers.set(Class, handler(named));
    namedOf.set(Class, named);
  };

  // A live list: `compute` is called again when what it depends on ("structure", or "all" with attributes) has changed.
  realm.liveList = (Class, compute, depends) => {
    let version = -1;
    let ids = [];
    const structure = depends === "structure";
    const list = makeList(Class, () => {
      const now = structure ? versions.structure() : versions.all();
      if (now !== version) {
        ids = compute();
        version = now;
        // OPTIMIZATION: the next look at an index needs no call of script.
        if (keepsItems) ops.op_list_keep(list, ids, structure ? now : -1 - now);
      }
      return ids;
    });
    return list;
  };
  realm.freshList = makeList;
  // Of `count` ids. The list keeps its nodes, wherever they go.
  realm.staticList = (ids, count) => {
    // OPTIMIZATION: a long list does not grow step by step.
    const nodes = count > 64 ? new Array(count) : [];
    for (let i = 0; i < count; i++) nodes[i] = realm.wrapNode(ids[i]);
    return makeList(NodeList, nodes);
  };

  class NodeList {
    constructor() {
      throw realm.illegalConstructor("NodeList");
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'NodeList'");
      return nodeAt(checked(this), webidl.unsignedLong(index)) ?? null;
    }
    get length() {
      return List.length(checked(this));
    }
  }
  realm.expose({ NodeList });
  // iterable<Node>: the methods of arrays. <https://webidl.spec.whatwg.org/#js-iterable>
  const borrow = (Class, names) => {
    for (const name of names) {
      Object.defineProperty(Class.prototype, name, { value: Array.prototype[name], writable: true, enumerable: true, configurable: true });
    }
    Object.defineProperty(Class.prototype, Symbol.iterator, {
      value: Array.prototype.values,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  };
  realm.borrowIterable = borrow;
  borrow(NodeList, ["entries", "keys", "values", "forEach"]);

  // The element of a list with this id or name. <https://dom.spec.whatwg.org/#dom-htmlcollection-nameditem-key>
  const namedItem = (ids, name) => {
    if (name === "") return null;
    for (let i = 0; i < ids.length; i++) if (ops.op_named_element(ids[i], name)) return realm.wrapNode(ids[i]);
    return null;
  };
  // <https://dom.spec.whatwg.org/#ref-for-dfn-supported-property-names>
  const names = (ids) => {
    const result = [];
    const add = (name) => {
      if (name !== null && name !== "" && !result.includes(name)) result.push(name);
    };
    for (const id of ids) {
      add(ops.op_element_get_attribute(id, "id"));
      if (ops.op_element_namespace(id) === "http://www.w3.org/1999/xhtml") add(ops.op_element_get_attribute(id, "name"));
    }
    return result;
  };
  realm.listNames = names;

  class HTMLCollection {
    constructor() {
      throw realm.illegalConstructor("HTMLCollection");
    }
    get length() {
      return List.length(checked(this));
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'HTMLCollection'");
      return nodeAt(checked(this), webidl.unsignedLong(index)) ?? null;
    }
    namedItem(name) {
      webidl.requireArguments(arguments.length, 1, "'namedItem' on 'HTMLCollection'");
      return namedItem(idsOf(this), webidl.DOMString(name));
    }
  }
  realm.expose({ HTMLCollection });
  borrow(HTMLCollection, []);
  realm.namedProperties(HTMLCollection, {
    get: (target, name) => namedItem(List.ids(target), name),
    names: (target) => names(List.ids(target)),
  });
  // One of HTML's collections under a node, by the name that js/src/ops/selectors.rs knows.
  realm.collectionOf = (id, kind, Class = HTMLCollection) =>
    realm.liveList(Class, () => ops.op_elements_of_kind(id, kind), kind === "children" ? "structure" : "all");

  // <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#radionodelist>
  class RadioNodeList extends NodeList {
    get value() {
      for (const id of idsOf(this)) {
        const node = realm.wrapNode(id);
        if (node.type === "radio" && node.checked) return ops.op_element_get_attribute(id, "value") ?? "on";
      }
      return "";
    }
    set value(value) {
      const text = webidl.DOMString(value);
      for (const id of idsOf(this)) {
        const node = realm.wrapNode(id);
        if (node.type === "radio" && (ops.op_element_get_attribute(id, "value") ?? "on") === text) {
          node.checked = true;
          return;
        }
      }
    }
  }
  realm.expose({ RadioNodeList });
}
