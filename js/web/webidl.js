// Web IDL conversions, once, for all interfaces. <https://webidl.spec.whatwg.org/#js-type-mapping>
(realm) => {
  "use strict";
  const { TypeError, Number, Math, Symbol, Object, Array, ArrayBuffer, isView, Reflect } = realm.primordials;
  const String = realm.global.String;

  // Throws if fewer arguments than required came.
  const requireArguments = (given, required, name) => {
    if (given < required) {
      throw new TypeError(
        `Failed to execute ${name}: ${required} argument${required === 1 ? "" : "s"} required, but only ${given} present.`,
      );
    }
  };

  const DOMString = (value) => {
    if (typeof value === "string") return value;
    if (typeof value === "symbol") throw new TypeError("Cannot convert a Symbol value to a string");
    return String(value);
  };
  const nullableDOMString = (value) => (value === null || value === undefined ? null : DOMString(value));
  // [LegacyNullToEmptyString]
  const DOMStringOrEmpty = (value) => (value === null ? "" : DOMString(value));
  // Lone surrogates become U+FFFD.
  const USVString = (value) => DOMString(value).toWellFormed();
  const nullableUSVString = (value) => (value === null || value === undefined ? null : USVString(value));
  const ByteString = (value) => {
    const string = DOMString(value);
    for (let i = 0; i < string.length; i++) {
      if (string.charCodeAt(i) > 255) throw new TypeError("Cannot convert to a ByteString: a character has a code greater than 255");
    }
    return string;
  };

  // <https://webidl.spec.whatwg.org/#abstract-opdef-converttoint>
  const toInt = (value, bits, signed, { enforceRange = false, clamp = false } = {}) => {
    const upper = bits === 64 ? 2 ** 53 - 1 : signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    const lower = bits === 64 ? (signed ? -(2 ** 53) + 1 : 0) : signed ? -(2 ** (bits - 1)) : 0;
    let x = Number(typeof value === "bigint" ? throwBigInt() : value);
    if (x === 0) x = 0;
    if (enforceRange) {
      if (!Number.isFinite(x)) throw new TypeError("Value is not a finite number");
      x = Math.trunc(x);
      if (x < lower || x > upper) throw new TypeError("Value is outside the range of the type");
      return x + 0;
    }
    if (clamp && !Number.isNaN(x)) {
      x = Math.min(Math.max(x, lower), upper);
      const floor = Math.floor(x);
      const rest = x - floor;
      if (rest < 0.5) return floor + 0;
      if (rest > 0.5) return floor + 1;
      return (floor % 2 === 0 ? floor : floor + 1) + 0;
    }
    if (!Number.isFinite(x)) return 0;
    x = Math.trunc(x);
    if (bits === 32) return signed ? x | 0 : x >>> 0;
    const modulus = 2 ** bits;
    x %= modulus;
    if (x < 0) x += modulus;
    if (signed && x >= modulus / 2) x -= modulus;
    return x + 0;
  };
  const throwBigInt = () => {
    throw new TypeError("Cannot convert a BigInt value to a number");
  };
  const long = (value) => (typeof value === "number" ? value | 0 : toInt(value, 32, true));
  const unsignedLong = (value) => (typeof value === "number" ? value >>> 0 : toInt(value, 32, false));
  const double = (value) => {
    const x = Number(value);
    if (!Number.isFinite(x)) throw new TypeError("The provided double value is non-finite");
    return x;
  };
  const boolean = (value) => !!value;

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";

  const dictionary = (value, context) => {
    if (value === undefined || value === null) return {};
    if (!isObject(value)) throw new TypeError(`${context}: the provided value is not of type 'object'`);
    return value;
  };
  const callbackFunction = (value, context) => {
    if (typeof value !== "function") throw new TypeError(`${context}: the callback provided is not a function`);
    return value;
  };
  // A callback interface: any object. `null` and `undefined` give null.
  const nullableCallbackInterface = (value, context) => {
    if (value === null || value === undefined) return null;
    if (!isObject(value)) throw new TypeError(`${context}: the callback provided is not an object`);
    return value;
  };
  const sequence = (value, convert, context) => {
    if (!isObject(value)) throw new TypeError(`${context}: the value is not a sequence`);
    const method = value[Symbol.iterator];
    if (method === undefined || method === null) throw new TypeError(`${context}: the value is not iterable`);
    const iterator = Reflect.apply(method, value, []);
    const next = iterator.next;
    const result = [];
    for (;;) {
      const step = Reflect.apply(next, iterator, []);
      if (step.done) return result;
      result.push(convert(step.value));
    }
  };
  const record = (value, convertKey, convertValue, context) => {
    if (!isObject(value)) throw new TypeError(`${context}: the value is not an object`);
    const result = [];
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      const typedKey = convertKey(key);
      result.push([typedKey, convertValue(value[key])]);
    }
    return result;
  };
  const enumeration = (values, context) => (value) => {
    const string = DOMString(value);
    if (!values.includes(string)) throw new TypeError(`${context}: '${string}' is not a valid value`);
    return string;
  };

  const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;
  const isArrayBuffer = (value) => {
    try {
      Reflect.apply(byteLength, value, []);
      return true;
    } catch {
      return false;
    }
  };
  const isSharedArrayBuffer = (value) => {
    if (!isObject(value) || isArrayBuffer(value)) return false;
    // The global may be absent while memory of WebAssembly is shared; a DataView takes buffers of both kinds only.
    try {
      return new realm.primordials.DataView(value) !== undefined;
    } catch {
      return false;
    }
  };
  const isBufferSource = (value) => isObject(value) && (isView(value) || isArrayBuffer(value));
  const typedArray = Object.getPrototypeOf(realm.primordials.Uint8Array.prototype);
  const getterOf = (prototype, key) => {
    const { get } = Object.getOwnPropertyDescriptor(prototype, key);
    return (object) => Reflect.apply(get, object, []);
  };
  const tagOf = getterOf(typedArray, Symbol.toStringTag);
  const viewConstructors = { __proto__: null };
  for (const name of Reflect.ownKeys(realm.global)) {
    if (typeof name === "string" && name.endsWith("Array") && Object.getPrototypeOf(realm.global[name]) === typedArray.constructor) {
      viewConstructors[name] = realm.global[name];
    }
  }
  const accessors = (prototype) => ({
    buffer: getterOf(prototype, "buffer"),
    byteOffset: getterOf(prototype, "byteOffset"),
    byteLength: getterOf(prototype, "byteLength"),
  });
  const ofTypedArray = accessors(typedArray);
  const lengthOfTypedArray = getterOf(typedArray, "length");
  const ofDataView = accessors(realm.primordials.DataView.prototype);
  const bufferByteLength = getterOf(ArrayBuffer.prototype, "byteLength");
  const isResizable = getterOf(ArrayBuffer.prototype, "resizable");
  // What a view is: buffer, byte offset and length, elements. One of a detached buffer has no length.
  const viewOf = (view) => {
    const tag = tagOf(view);
    const of = tag === undefined ? ofDataView : ofTypedArray;
    const buffer = of.buffer(view);
    const isGone = isArrayBuffer(buffer) && realm.primordials.bufferDetached(buffer);
    const byteLength = isGone ? 0 : of.byteLength(view);
    const viewConstructor = tag === undefined ? realm.primordials.DataView : viewConstructors[tag];
    return {
      buffer,
      byteOffset: isGone ? 0 : of.byteOffset(view),
      byteLength,
      length: tag === undefined ? byteLength : lengthOfTypedArray(view),
      elementSize: tag === undefined ? 1 : viewConstructor.BYTES_PER_ELEMENT,
      viewConstructor,
    };
  };
  const isUint8Array = (value) => isView(value) && tagOf(value) === "Uint8Array";
  // An ArrayBufferView: neither shared nor resizable.
  const arrayBufferView = (value, context) => {
    if (!isView(value)) throw new TypeError(`${context}: the value is not a view of a buffer`);
    const { buffer } = viewOf(value);
    if (!isArrayBuffer(buffer)) throw new TypeError(`${context}: the buffer is shared`);
    if (isResizable(buffer)) throw new TypeError(`${context}: the buffer is resizable`);
    return value;
  };
  // unrestricted double
  const unrestrictedDouble = (value) => +value;
  // A copy of the bytes held by a buffer source.
  const bytesOf = (value) => {
    const buffer = isView(value) ? value.buffer : value;
    // A buffer that was transferred holds nothing.
    if (!isSharedArrayBuffer(buffer) && realm.primordials.bufferDetached(buffer)) return new realm.primordials.Uint8Array(0);
    if (isView(value)) {
      return new realm.primordials.Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
    }
    return new realm.primordials.Uint8Array(value).slice();
  };

  realm.webidl = {
    requireArguments,
    DOMString,
    nullableDOMString,
    DOMStringOrEmpty,
    USVString,
    nullableUSVString,
    ByteString,
    toInt,
    long,
    unsignedLong,
    double,
    boolean,
    isObject,
    dictionary,
    callbackFunction,
    nullableCallbackInterface,
    sequence,
    record,
    enumeration,
    isArrayBuffer,
    isBufferSource,
    isSharedArrayBuffer,
    viewOf,
    isUint8Array,
    bufferByteLength,
    arrayBufferView,
    unrestrictedDouble,
    bytesOf,
    isArray: Array.isArray,
  };
}
