// Safe passing of structured data: values are serialized in the realm that gives them and deserialized in the one that gets them, so that
// no object of one reaches the other. <https://html.spec.whatwg.org/multipage/structured-data.html>
(realm) => {
  "use strict";
  const { Object, Array, Map, Set, Reflect, ArrayBuffer, Date, Number, TypeError, DataView } = realm.primordials;
  const { ops, shared, global, webidl } = realm;
  const { RegExp, Boolean, String, Symbol, BigInt } = global;

  const { Function } = global;
  const uncurry = (f) => Function.prototype.call.bind(f);
  const getter = (object, name) => uncurry(Reflect.getOwnPropertyDescriptor(object, name).get);
  const thisDate = uncurry(Date.prototype.getTime);
  const thisBoolean = uncurry(Boolean.prototype.valueOf);
  const thisNumber = uncurry(Number.prototype.valueOf);
  const thisString = uncurry(String.prototype.valueOf);
  const thisBigInt = uncurry(BigInt.prototype.valueOf);
  const sourceOf = getter(RegExp.prototype, "source");
  const flagsOf = getter(RegExp.prototype, "flags");
  const forEachOfMap = uncurry(Map.prototype.forEach);
  const forEachOfSet = uncurry(Set.prototype.forEach);
  const addToMap = uncurry(Map.prototype.set);
  const addToSet = uncurry(Set.prototype.add);
  const TypedArray = Reflect.getPrototypeOf(global.Uint8Array);
  const nameOfArray = getter(TypedArray.prototype, Symbol.toStringTag);
  const partsOf = (prototype) => ({
    buffer: getter(prototype, "buffer"),
    byteOffset: getter(prototype, "byteOffset"),
    length: getter(prototype, prototype === DataView.prototype ? "byteLength" : "length"),
  });
  const arrayParts = partsOf(TypedArray.prototype);
  const viewParts = partsOf(DataView.prototype);
  const sliceBuffer = uncurry(ArrayBuffer.prototype.slice);
  const transferBuffer = uncurry(ArrayBuffer.prototype.transfer);
  const byteLengthOf = getter(ArrayBuffer.prototype, "byteLength");
  const isResizable = ArrayBuffer.prototype.resize === undefined ? () => false : getter(ArrayBuffer.prototype, "resizable");
  const maxByteLengthOf = ArrayBuffer.prototype.resize === undefined ? byteLengthOf : getter(ArrayBuffer.prototype, "maxByteLength");
  const isDetached = ArrayBuffer.prototype.resize === undefined ? () => false : getter(ArrayBuffer.prototype, "detached");
  const Uint8Array = global.Uint8Array;
  const setBytes = uncurry(TypedArray.prototype.set);

  // As op_value_kind names them.
  const [PLAIN, BOOLEAN, NUMBER, STRING, BIGINT, DATE, REGEXP, BUFFER, VIEW, TYPED, MAP, SET, ERROR, ARRAY, FUNCTION, REFUSED] = Array.from(Array(16).keys());
  const errorNames = ["Error", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"];
  const refuse = (what) => {
    throw new realm.DOMException(`${what} could not be cloned`, "DataCloneError");
  };

  // Platform objects that can be serialized, by name: { test(value), serialize(value, sub), deserialize(data, sub) }, and those that can be
  // transferred: { test(value), isDetached(value), transfer(value), receive(data) }. Their files add to them, alike in each realm. What
  // `serialize` and `transfer` give belongs to no realm.
  realm.serializables = { __proto__: null };
  realm.transferables = { __proto__: null };
  const nameIn = (table, value) => {
    for (const name in table) if (table[name].test(value)) return name;
    return undefined;
  };
  const isDOMException = (value) => shared.realms.some((other) => other !== undefined && other.isDOMException(value));
  realm.serializables.DOMException = {
    test: isDOMException,
    serialize: ({ name, message, stack }) => ({ __proto__: null, name, message, stack }),
    deserialize: ({ name, message, stack }) => {
      const made = new realm.DOMException(message, name);
      if (typeof stack === "string") Object.defineProperty(made, "stack", { value: stack, writable: true, enumerable: false, configurable: true });
      return made;
    },
  };

  // <https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal>: a primitive as it is, an object as a record
  // { kind, ... } that no script sees. `memory` leads from objects to records.
  const serialize = (value, memory) => {
    // 4., 5. Primitives; not symbols.
    switch (typeof value) {
      case "symbol":
        return refuse("A symbol");
      case "object":
      case "function":
        break;
      default:
        return value;
    }
    if (value === null) return value;
    // 2. Seen before.
    const known = memory.get(value);
    if (known !== undefined) return known;
    const keep = (record) => {
      memory.set(value, record);
      return record;
    };
    const sub = (item) => serialize(item, memory);
    const isOfPlatform = realm.isStamped(value) || realm.isCrossOriginWindow(value);
    const platform = nameIn(realm.serializables, value);
    // 21. A platform object.
    if (platform !== undefined) {
      const record = keep({ __proto__: null, kind: "platform", name: platform, data: null });
      record.data = realm.serializables[platform].serialize(value, sub);
      return record;
    }
    if (isOfPlatform) return refuse(`${nameOfPlatform(value)} object`);
    const kind = ops.op_value_kind(value);
    switch (kind) {
      // 7. to 10. Primitives in objects.
      case BOOLEAN:
        return keep({ __proto__: null, kind, value: thisBoolean(value) });
      case NUMBER:
        return keep({ __proto__: null, kind, value: thisNumber(value) });
      case BIGINT:
        return keep({ __proto__: null, kind, value: thisBigInt(value) });
      case STRING:
        return keep({ __proto__: null, kind, value: thisString(value) });
      // 11. Dates.
      case DATE:
        return keep({ __proto__: null, kind, value: thisDate(value) });
      // 12. Regular expressions, without lastIndex.
      case REGEXP:
        return keep({ __proto__: null, kind, source: sourceOf(value), flags: flagsOf(value) });
      // 13. Buffers are copied.
      case BUFFER: {
        if (isDetached(value)) return refuse("A detached ArrayBuffer");
        return keep({ __proto__: null, kind, bytes: sliceBuffer(value, 0), length: byteLengthOf(value), max: isResizable(value) ? maxByteLengthOf(value) : -1 });
      }
      // 14. Views: their buffer, and where they look.
      case VIEW:
      case TYPED: {
        const parts = kind === VIEW ? viewParts : arrayParts;
        const buffer = parts.buffer(value);
        if (!webidl.isArrayBuffer(buffer)) return refuse("A view of shared memory");
        if (isDetached(buffer)) return refuse("A view of a detached ArrayBuffer");
        const record = { __proto__: null, kind, name: kind === VIEW ? "DataView" : nameOfArray(value), buffer: sub(buffer), byteOffset: parts.byteOffset(value), length: parts.length(value) };
        return keep(record);
      }
      // 15., 26.1. Maps: all entries are taken before any is looked at.
      case MAP: {
        const record = keep({ __proto__: null, kind, entries: [] });
        const entries = [];
        forEachOfMap(value, (item, key) => entries.push(key, item));
        for (const item of entries) record.entries.push(sub(item));
        return record;
      }
      // 16., 26.2. Sets.
      case SET: {
        const record = keep({ __proto__: null, kind, entries: [] });
        const entries = [];
        forEachOfSet(value, (item) => entries.push(item));
        for (const item of entries) record.entries.push(sub(item));
        return record;
      }
      // 17. Errors: name, message, stack; and, as in Chromium, their cause.
      case ERROR: {
        const { name } = value;
        const text = name === undefined ? "Error" : webidl.DOMString(name);
        const message = Reflect.getOwnPropertyDescriptor(value, "message");
        const record = {
          __proto__: null,
          kind,
          name: errorNames.includes(text) ? text : "Error",
          hasMessage: message !== undefined && "value" in message,
          message: message !== undefined && "value" in message ? webidl.DOMString(message.value) : "",
          stack: typeof value.stack === "string" ? value.stack : undefined,
          hasCause: false,
          cause: undefined,
        };
        keep(record);
        if (Object.hasOwn(value, "cause")) {
          record.hasCause = true;
          record.cause = sub(value.cause);
        }
        return record;
      }
      // 20. What has internal slots of another kind.
      case REFUSED:
        return refuse(`A ${Reflect.apply(Object.prototype.toString, value, []).slice(8, -1)} object`);
      case FUNCTION:
        return refuse(`The function ${typeof value.name === "string" ? value.name : ""}`);
      // 18., 24., 26.4. Arrays and objects: their own enumerable members.
      default: {
        if (isOfInterface(value)) return refuse(`${nameOfPlatform(value)} object`);
        const record = keep({ __proto__: null, kind, length: kind === ARRAY ? value.length : 0, entries: [] });
        for (const key of Object.keys(value)) {
          if (Object.hasOwn(value, key)) record.entries.push(key, sub(value[key]));
        }
        return record;
      }
    }
  };
  // Whether it is a platform object that is told by its prototypes only.
  const isOfInterface = (value) => {
    let prototype = Reflect.getPrototypeOf(value);
    while (prototype !== null && prototype !== Object.prototype && prototype !== Array.prototype) {
      const own = prototype;
      const tag = Reflect.getOwnPropertyDescriptor(own, Symbol.toStringTag)?.value;
      if (typeof tag === "string" && shared.realms.some((other) => other?.interfaces[tag]?.prototype === own)) return true;
      prototype = Reflect.getPrototypeOf(own);
    }
    return false;
  };
  const nameOfPlatform = (value) => {
    if (realm.isCrossOriginWindow(value)) return "A Window";
    const tag = value[Symbol.toStringTag];
    return typeof tag === "string" ? tag : "A platform";
  };

  // <https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserialize>. `memory` leads from records to objects.
  const deserialize = (record, memory) => {
    if (typeof record !== "object" || record === null) return record;
    const known = memory.get(record);
    if (known !== undefined) return known;
    const keep = (made) => {
      memory.set(record, made);
      return made;
    };
    const sub = (item) => deserialize(item, memory);
    const { kind } = record;
    switch (kind) {
      case "platform": {
        const interfaceOf = realm.serializables[record.name];
        if (interfaceOf === undefined) return refuse(`${record.name} object`);
        return keep(interfaceOf.deserialize(record.data, sub));
      }
      case BOOLEAN:
      case NUMBER:
      case BIGINT:
      case STRING:
        return keep(Object(record.value));
      case DATE:
        return keep(new Date(record.value));
      case REGEXP:
        return keep(new RegExp(record.source, record.flags));
      case BUFFER: {
        const { bytes, length, max } = record;
        // OPTIMIZATION: what stays in this realm moves on; nothing else asks for it.
        if (record.realm === realm && max < 0) return keep(transferBuffer(bytes));
        const made = keep(max < 0 ? new ArrayBuffer(length) : new ArrayBuffer(length, { maxByteLength: max }));
        setBytes(new Uint8Array(made), new Uint8Array(bytes));
        return made;
      }
      case VIEW:
      case TYPED:
        return keep(new global[record.name](sub(record.buffer), record.byteOffset, record.length));
      case MAP: {
        const made = keep(new Map());
        for (let i = 0; i < record.entries.length; i += 2) addToMap(made, sub(record.entries[i]), sub(record.entries[i + 1]));
        return made;
      }
      case SET: {
        const made = keep(new Set());
        for (let i = 0; i < record.entries.length; i++) addToSet(made, sub(record.entries[i]));
        return made;
      }
      case ERROR: {
        const made = keep(record.hasMessage ? new global[record.name](record.message) : new global[record.name]());
        const define = (name, value) => Object.defineProperty(made, name, { value, writable: true, enumerable: false, configurable: true });
        if (record.stack !== undefined) define("stack", record.stack);
        if (record.hasCause) define("cause", sub(record.cause));
        return made;
      }
      default: {
        const made = keep(kind === ARRAY ? new Array(record.length) : {});
        for (let i = 0; i < record.entries.length; i += 2) {
          Object.defineProperty(made, record.entries[i], { value: sub(record.entries[i + 1]), writable: true, enumerable: true, configurable: true });
        }
        return made;
      }
    }
  };
  // StructuredSerializeWithTransfer: { root, transferred }.
  // <https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer>
  realm.serialize = (value, transfer = []) => {
    const memory = new Map();
    const transferred = [];
    // 2. What can be transferred, each once.
    for (const item of transfer) {
      const name = webidl.isObject(item) ? nameIn(realm.transferables, item) : undefined;
      const isBuffer = name === undefined && webidl.isObject(item) && ops.op_value_kind(item) === BUFFER;
      if (name === undefined && !isBuffer) refuse("A value of the transfer list");
      if (memory.has(item)) refuse("A value that is twice in the transfer list");
      const record = isBuffer ? { __proto__: null, kind: BUFFER, bytes: null, length: 0, max: -1, realm } : { __proto__: null, kind: "transfer", name, data: null };
      memory.set(item, record);
      transferred.push([item, record]);
    }
    // 3. The value.
    const root = serialize(value, memory);
    // 5. Then they are taken from where they are: all can be, or none is.
    for (const [item, record] of transferred) {
      if (record.kind === BUFFER ? isDetached(item) : realm.transferables[record.name].isDetached(item)) refuse("A detached object of the transfer list");
    }
    for (const [item, record] of transferred) {
      if (record.kind === BUFFER) {
        record.length = byteLengthOf(item);
        record.max = isResizable(item) ? maxByteLengthOf(item) : -1;
        try {
          record.bytes = transferBuffer(item);
        } catch {
          refuse("A buffer that cannot be detached");
        }
      } else {
        record.data = realm.transferables[record.name].transfer(item);
      }
    }
    return { __proto__: null, root, transferred: transferred.map(([, record]) => record) };
  };
  // StructuredDeserializeWithTransfer: { value, transferred }. <https://html.spec.whatwg.org/multipage/structured-data.html#structureddeserializewithtransfer>
  realm.deserialize = ({ root, transferred }) => {
    const memory = new Map();
    // 2., 3. What was transferred arrives first.
    const objects = [];
    for (let i = 0; i < transferred.length; i++) {
      const record = transferred[i];
      if (record.kind === BUFFER) {
        objects[i] = deserialize(record, memory);
      } else {
        objects[i] = realm.transferables[record.name].receive(record.data);
        memory.set(record, objects[i]);
      }
    }
    // 4. The value.
    return { value: deserialize(root, memory), transferred: objects };
  };
  realm.structuredClone = (value, transfer = []) => realm.deserialize(realm.serialize(value, transfer)).value;
  // The `transfer` of StructuredSerializeOptions, or of one that is given in place of it.
  realm.transferList = (value, context) => (value === undefined ? [] : webidl.sequence(value, (item) => item, context));

  Object.defineProperty(global, "structuredClone", {
    value: function structuredClone(value, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'structuredClone' on 'Window'");
      const { transfer } = webidl.dictionary(options, "structuredClone");
      if (transfer !== undefined && !webidl.isObject(transfer)) throw new TypeError("structuredClone: 'transfer' is not a sequence");
      return realm.structuredClone(value, realm.transferList(transfer, "structuredClone"));
    },
    writable: true,
    enumerable: true,
    configurable: true,
  });
  realm.arity(global, { structuredClone: 1 });
}
