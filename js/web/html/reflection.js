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

  // Each kind gives { get(id), set(id, value) } for an attribute and its parameters.
  const kinds = {
    __proto__: null,
    string: (name) => ({ get: (id) => get(id, name) ?? "", set: (id, value) => set(id, name, DOMString(value)) }),
    nullToEmpty: (name) => ({ get: (id) => get(id, name) ?? "", set: (id, value) => set(id, name, webidl.DOMStringOrEmpty(value)) }),
    url: (name) => ({
      get(id) {
        const value = get(id, name);
        return value === null ? "" : (ops.op_document_resolve(id, value) ?? value);
      },
      set: (id, value) => set(id, name, USVString(value)),
    }),
    bool: (name) => ({
      get: (id) => ops.op_element_has_attribute(id, name),
      set(id, value) {
        if (value) set(id, name, "");
        else realm.removeAttribute(id, name);
      },
    }),
    long: (name, fallback) => ({
      get(id) {
        const number = parseInteger(get(id, name));
        return number === null || number < -max - 1 || number > max ? +fallback : number;
      },
      set: (id, value) => set(id, name, `${long(value)}`),
    }),
    nonnegative: (name) => ({
      get: (id) => parseNonNegative(get(id, name)) ?? -1,
      set(id, value) {
        const number = long(value);
        if (number < 0) throw indexSize();
        set(id, name, `${number}`);
      },
    }),
    ulong: (name, fallback) => ({
      get: (id) => parseNonNegative(get(id, name)) ?? +fallback,
      set(id, value) {
        const number = unsignedLong(value);
        set(id, name, `${number > max ? +fallback : number}`);
      },
    }),
    positive: (name, fallback) => ({
      get: (id) => parseNonNegative(get(id, name)) || +fallback,
      set(id, value) {
        const number = unsignedLong(value);
        if (number === 0) throw indexSize();
        set(id, name, `${number > max ? +fallback : number}`);
      },
    }),
    fallback: (name, fallback) => ({
      get: (id) => parseNonNegative(get(id, name)) || +fallback,
      set(id, value) {
        const number = unsignedLong(value);
        set(id, name, `${number === 0 || number > max ? +fallback : number}`);
      },
    }),
    clamp: (name, parameters) => {
      const [lowest, highest, fallback] = parameters.split(",").map((text) => +text);
      return {
        get(id) {
          const number = parseInteger(get(id, name));
          return number === null || number < 0 ? fallback : number < lowest ? lowest : number > highest ? highest : number;
        },
        set(id, value) {
          const number = unsignedLong(value);
          set(id, name, `${number > max ? fallback : number}`);
        },
      };
    },
    enum: (name, parameters) => {
      const [list, missing, invalid] = parameters.split(";");
      const values = list.split("|");
      return {
        get(id) {
          const value = get(id, name);
          if (value === null) return missing;
          const lower = asciiLower(value);
          return values.includes(lower) ? lower : invalid;
        },
        set: (id, value) => set(id, name, DOMString(value)),
      };
    },
    nullable: (name, parameters) => {
      const [list, invalid] = parameters.split(";");
      const values = list.split("|");
      return {
        get(id) {
          const value = get(id, name);
          if (value === null) return null;
          const lower = asciiLower(value);
          return values.includes(lower) ? lower : invalid;
        },
        set(id, value) {
          if (value === null || value === undefined) realm.removeAttribute(id, name);
          else set(id, name, DOMString(value));
        },
      };
    },
  };

  const reflect = (prototype, property, attribute, kind, parameters) => {
    const made = kinds[kind](attribute, parameters);
    const accessors = {
      __proto__: null,
      get [property]() {
        return made.get(nodeId(this));
      },
      set [property](value) {
        made.set(nodeId(this), value);
      },
    };
    const descriptor = Object.getOwnPropertyDescriptor(accessors, property);
    Object.defineProperty(prototype, property, descriptor);
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
