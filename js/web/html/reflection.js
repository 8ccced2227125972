// Reflecting content attributes in IDL attributes, and the element interfaces made from js/interfaces/html.js.
// <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, nodeId } = realm;
  const { DOMString, USVString, long, unsignedLong } = webidl;
  const max = 2147483647;

  // Content attributes are those without a namespace.
  const get = (id, name) => ops.op_element_get_attribute_ns(id, "", name);
  const set = (id, name, value) => realm.setAttribute(id, name, value);
  // <https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-integers>; null is an error.
  const parseInteger = (text) => {
    if (text === null) return null;
    const match = /^[\t\n\f\r ]*([+-]?[0-9]+)/.exec(text);
    return match === null ? null : realm.primordials.Number(match[1]) + 0;
  };
  realm.parseInteger = parseInteger;
  const parseNonNegative = (text) => {
    const number = parseInteger(text);
    return number === null || number < 0 || number > max ? null : number;
  };
  // Of letters beyond ASCII some become ASCII in lower case; keywords have none.
  const asciiLower = (text) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  realm.asciiLower = asciiLower;
  const indexSize = () => new realm.DOMException("The value is out of range", "IndexSizeError");

  const number = (text) => +text;
  const enumeration = (text) => {
    const [list, missing, invalid] = text.split(";");
    return { __proto__: null, values: list.split("|"), missing, invalid };
  };
  const keywordOf = (value, { values, invalid }) => {
    const lower = asciiLower(value);
    return values.includes(lower) ? lower : invalid;
  };
  const setNumber = (id, name, value, fallback) => set(id, name, `${value > max ? fallback : value}`);

  // Each kind is { get(id, name, parameters), set(id, name, value, parameters), parse(text) }; `parse` makes the parameters of
  // their text in the table, and is absent where there are none.
  const kinds = {
    __proto__: null,
    string: { get: (id, name) => get(id, name) ?? "", set: (id, name, value) => set(id, name, DOMString(value)) },
    nullToEmpty: { get: (id, name) => get(id, name) ?? "", set: (id, name, value) => set(id, name, webidl.DOMStringOrEmpty(value)) },
    url: {
      get(id, name) {
        const value = get(id, name);
        return value === null ? "" : (ops.op_document_resolve(id, value) ?? value);
      },
      set: (id, name, value) => set(id, name, USVString(value)),
    },
    bool: {
      get: (id, name) => ops.op_element_has_attribute(id, name),
      set(id, name, value) {
        if (value) set(id, name, "");
        else realm.removeAttribute(id, name);
      },
    },
    long: {
      parse: number,
      get(id, name, fallback) {
        const value = parseInteger(get(id, name));
        return value === null || value < -max - 1 || value > max ? fallback : value;
      },
      set: (id, name, value) => set(id, name, `${long(value)}`),
    },
    nonnegative: {
      get: (id, name) => parseNonNegative(get(id, name)) ?? -1,
      set(id, name, value) {
        const converted = long(value);
        if (converted < 0) throw indexSize();
        set(id, name, `${converted}`);
      },
    },
    ulong: {
      parse: number,
      get: (id, name, fallback) => parseNonNegative(get(id, name)) ?? fallback,
      set: (id, name, value, fallback) => setNumber(id, name, unsignedLong(value), fallback),
    },
    positive: {
      parse: number,
      get: (id, name, fallback) => parseNonNegative(get(id, name)) || fallback,
      set(id, name, value, fallback) {
        const converted = unsignedLong(value);
        if (converted === 0) throw indexSize();
        setNumber(id, name, converted, fallback);
      },
    },
    fallback: {
      parse: number,
      get: (id, name, fallback) => parseNonNegative(get(id, name)) || fallback,
      set: (id, name, value, fallback) => setNumber(id, name, unsignedLong(value) || fallback, fallback),
    },
    clamp: {
      parse(text) {
        const [lowest, highest, fallback] = text.split(",").map(number);
        return { __proto__: null, lowest, highest, fallback };
      },
      get(id, name, { lowest, highest, fallback }) {
        const value = parseInteger(get(id, name));
        return value === null || value < 0 ? fallback : value < lowest ? lowest : value > highest ? highest : value;
      },
      set: (id, name, value, { fallback }) => setNumber(id, name, unsignedLong(value), fallback),
    },
    enum: {
      parse: enumeration,
      get(id, name, parameters) {
        const value = get(id, name);
        return value === null ? parameters.missing : keywordOf(value, parameters);
      },
      set: (id, name, value) => set(id, name, DOMString(value)),
    },
    nullable: {
      parse: (text) => {
        const [list, invalid] = text.split(";");
        return { __proto__: null, values: list.split("|"), invalid };
      },
      get(id, name, parameters) {
        const value = get(id, name);
        return value === null ? null : keywordOf(value, parameters);
      },
      set(id, name, value) {
        if (value === null || value === undefined) realm.removeAttribute(id, name);
        else set(id, name, DOMString(value));
      },
    },
  };

  const reflect = (prototype, property, attribute, kind, text) => {
    const { get: read, set: write, parse } = kinds[kind];
    const parameters = parse?.(text);
    const accessors = {
      __proto__: null,
      get [property]() {
        return read(nodeId(this), attribute, parameters);
      },
      set [property](value) {
        write(nodeId(this), attribute, value, parameters);
      },
    };
    Object.defineProperty(prototype, property, Object.getOwnPropertyDescriptor(accessors, property));
  };
  // `declaration` as described in js/interfaces/html.js.
  const reflectAll = (Class, declaration) => {
    for (const item of declaration.split(" ")) {
      if (item === "") continue;
      const [, property, attribute, kind = "string", parameters = ""] = /^(\w+)(?:=([\w-]+))?(?::(\w+)(?:\((.*)\))?)?$/.exec(item);
      reflect(Class.prototype, property, attribute ?? property.toLowerCase(), kind, parameters);
    }
  };
  realm.reflectAll = reflectAll;

  realm.makeHtmlInterfaces = () => {
    for (const [name, parent, reflected] of realm.htmlInterfaces) {
      const Parent = realm.interfaces[parent === "" ? "HTMLElement" : parent];
      const isAbstract = name === "HTMLUnknownElement" || name === "HTMLMediaElement";
      const Class = {
        [name]: class extends Parent {
          constructor() {
            if (isAbstract) throw realm.illegalConstructor(name);
            return realm.constructElement(new.target, Class, name);
          }
        },
      }[name];
      reflectAll(Class, reflected);
      realm.expose({ [name]: Class });
    }
    for (const [name, property, attribute] of realm.nullToEmptyReflections) {
      reflect(realm.interfaces[name].prototype, property, attribute, "nullToEmpty", "");
    }
    for (const [name, property, attribute, supported] of realm.tokenListReflections) {
      const accessors = {
        __proto__: null,
        get [property]() {
          nodeId(this);
          return realm.tokenList(this, attribute, supported);
        },
        set [property](value) {
          nodeId(this);
          realm.tokenList(this, attribute, supported).value = value;
        },
      };
      Object.defineProperty(realm.interfaces[name].prototype, property, Object.getOwnPropertyDescriptor(accessors, property));
    }
  };
  // Adds hand-written members to an interface of the table.
  realm.extend = (name, members) => realm.include(members, [realm.interfaces[name]]);
}
