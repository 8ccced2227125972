// structuredClone, for the values that need no platform object. <https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal>
(realm) => {
  "use strict";
  const { Object, Array, Map, Set, Reflect, Error, ArrayBuffer, isView, Date, Number, TypeError } = realm.primordials;
  const { global, webidl } = realm;
  const { RegExp, Boolean, String, BigInt, Symbol } = global;

  const errorNames = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];
  const refuse = (what) => {
    throw new realm.DOMException(`${what} could not be cloned`, "DataCloneError");
  };
  const clone = (value, memory) => {
    switch (typeof value) {
      case "symbol":
        return refuse("A symbol");
      case "function":
        return refuse(`Function ${value.name}`);
      case "object":
        break;
      default:
        return value;
    }
    if (value === null) return value;
    if (memory.has(value)) return memory.get(value);
    const keep = (copy) => {
      memory.set(value, copy);
      return copy;
    };
    if (realm.isDOMException(value)) return keep(new realm.DOMException(value.message, value.name));
    const platform = realm.cloneHooks.find(([test]) => test(value));
    if (platform !== undefined) return keep(platform[1](value));
    if (realm.isStamped(value)) return refuse(`${value[Symbol.toStringTag] ?? "A platform"} object`);
    const tag = Reflect.apply(Object.prototype.toString, value, []);
    if (value instanceof Date) return keep(new Date(value.getTime()));
    if (value instanceof RegExp) return keep(new RegExp(value.source, value.flags));
    if (value instanceof Boolean || value instanceof Number || value instanceof String || value instanceof BigInt) return keep(Object(value.valueOf()));
    if (webidl.isArrayBuffer(value)) return keep(value.slice(0));
    if (isView(value)) {
      const buffer = clone(value.buffer, memory);
      const Constructor = global[value[Symbol.toStringTag] ?? "DataView"];
      return keep(new Constructor(buffer, value.byteOffset, value.length ?? value.byteLength));
    }
    if (value instanceof Map) {
      const copy = keep(new Map());
      for (const [key, item] of [...value]) copy.set(clone(key, memory), clone(item, memory));
      return copy;
    }
    if (value instanceof Set) {
      const copy = keep(new Set());
      for (const item of [...value]) copy.add(clone(item, memory));
      return copy;
    }
    if (value instanceof Error) {
      const name = errorNames.includes(value.name) ? value.name : "Error";
      const made = keep(new global[name](value.message));
      if (typeof value.stack === "string") Object.defineProperty(made, "stack", { value: value.stack, writable: true, configurable: true });
      if (Object.hasOwn(value, "cause")) Object.defineProperty(made, "cause", { value: clone(value.cause, memory), writable: true, configurable: true });
      return made;
    }
    if (Array.isArray(value)) {
      const copy = keep(new Array(value.length));
      for (const key of Object.keys(value)) copy[key] = clone(value[key], memory);
      return copy;
    }
    if (tag === "[object Promise]" || value instanceof global.WeakMap || value instanceof global.WeakSet || value instanceof global.WeakRef || value instanceof Promise) {
      return refuse(`${tag.slice(8, -1)} object`);
    }
    const copy = keep({});
    for (const key of Object.keys(value)) copy[key] = clone(value[key], memory);
    return copy;
  };
  const { Promise } = global;

  // [test, copy] pairs of platform objects that can be cloned (Blob, File …), added by their files.
  realm.cloneHooks = [];
  realm.structuredClone = (value, transfer = []) => {
    const memory = new Map();
    for (const item of transfer) {
      if (!webidl.isArrayBuffer(item)) refuse("A value of the transfer list");
      if (memory.has(item)) refuse("A value that is twice in the transfer list");
      if (item.detached) refuse("A detached buffer");
      memory.set(item, null);
    }
    for (const item of transfer) memory.set(item, item.transfer());
    return clone(value, memory);
  };
  Object.defineProperty(global, "structuredClone", {
    value: function structuredClone(value, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'structuredClone' on 'Window'");
      const { transfer } = webidl.dictionary(options, "structuredClone");
      if (transfer !== undefined && !webidl.isObject(transfer)) throw new TypeError("structuredClone: 'transfer' is not a sequence");
      return realm.structuredClone(value, transfer === undefined ? [] : webidl.sequence(transfer, (item) => item, "structuredClone"));
    },
    writable: true,
    enumerable: true,
    configurable: true,
  });
  realm.arity(global, { structuredClone: 1 });
}
